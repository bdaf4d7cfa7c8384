import type { JSX } from "preact";
import type { PlanExercise, Uuid } from "../../../api/types";
import { ts } from "../../../i18n/shared";
import { Button, Dialog } from "../../../ui";
import { t } from "../../t";
import { foreignTo } from "../parts";

/** How it is done, what goes wrong, when to take care: the library's own words. */
export function Steps(props: { exercise: PlanExercise; prescription: Uuid; onClose: () => void }): JSX.Element {
  const { exercise, prescription, onClose } = props;
  const lang = foreignTo(exercise.lang);
  return (
    <Dialog
      title={exercise.name}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={onClose}>
            {ts("close")}
          </Button>
          <a class="btn plain" href={`/messages?about=prescription:${prescription}`}>
            {t("ask.exercise")}
          </a>
        </>
      }
    >
      {lang === "en" && <p class="chip">{t("session.inEnglish")}</p>}
      <div lang={lang} class="steps" tabIndex={0} role="group" aria-label={t("session.steps")}>
        <ol>
          {exercise.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {exercise.mistake && <Note title={t("session.mistake")} text={exercise.mistake} />}
        {exercise.caution && <Note title={t("session.caution")} text={exercise.caution} />}
      </div>
    </Dialog>
  );
}

function Note({ title, text }: { title: string; text: string }): JSX.Element {
  return (
    <p>
      <b>{title}</b> {text}
    </p>
  );
}
