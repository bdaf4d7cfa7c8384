import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog } from "../../../ui";
import { NumberField } from "../../builder/dose-editor";
import * as calls from "../../calls";
import { addDays, today } from "../../dates";
import { Field } from "../../parts/field";
import { FormErrors } from "../../parts/problem";
import { t } from "../../t";
import type { Plan } from "../../types";
import { useAction } from "../../use";
import { shortDate } from "../../words";
import { NoteDialog } from "./note-dialog";

/** The pause in force or ahead, if there is one. */
export function openPause(plan: Plan): Plan["pauses"][number] | null {
  return plan.pauses.find((pause) => pause.to === null || pause.to >= today()) ?? null;
}

interface Props {
  readonly plan: Plan;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function PauseDialog({ plan, onClose, onDone }: Props): JSX.Element {
  const [from, setFrom] = useState(today());
  const [to, setTo] = useState("");
  return (
    <NoteDialog
      title={t("pause.title")} text={t("pause.text")} go={t("pause.go")} note={t("pause.reason")} noteNeeded keptAs={`pause ${plan.id}`}
      ready={from !== ""} onClose={onClose}
      run={async (reason) => {
        await calls.pausePlan(plan.id, { from, to: to || null, reason });
        onDone();
      }}
    >
      <div class="two-fields">
        <Field label={t("pause.from")} type="date" value={from} onInput={(event) => setFrom(event.currentTarget.value)} />
        <Field label={t("pause.to")} type="date" value={to} min={from} help={t("pause.to_help")} onInput={(event) => setTo(event.currentTarget.value)} />
      </div>
    </NoteDialog>
  );
}

export function ResumeDialog({ plan, onClose, onDone }: Props): JSX.Element {
  const [on, setOn] = useState(today());
  const resume = useAction(async () => {
    await calls.resumePlan(plan.id, on);
    onDone();
  });
  return (
    <Dialog
      title={t("resume.title")} onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={resume.busy || !on} onClick={() => void resume.run()}>{t("resume.go")}</Button>
          <Button kind="plain" onClick={onClose}>{t("cancel")}</Button>
        </>
      }
    >
      <div class="stack ask">
        <p>{t("resume.text")}</p>
        <Field label={t("resume.on")} type="date" value={on} onInput={(event) => setOn(event.currentTarget.value)} />
        <FormErrors error={resume.error} />
      </div>
    </Dialog>
  );
}

export function StopDialog({ plan, onClose, onDone }: Props): JSX.Element {
  return (
    <NoteDialog
      title={t("plans.stop_title")} text={t("plans.stop_text")} go={t("plans.stop_now")} danger note={t("plans.stop_reason")} noteNeeded keptAs={`stop ${plan.id}`} onClose={onClose}
      run={async (reason) => {
        await calls.stopPlan(plan.id, reason);
        onDone();
      }}
    />
  );
}

/** A rule that would be broken every morning says nothing: a therapist sets the limit for this patient. */
export function LimitDialog({ plan, onClose, onDone }: Props): JSX.Element {
  const [limit, setLimit] = useState<number | null>(plan.pain_rule.limit ?? null);
  return (
    <NoteDialog
      title={t("limit.title")} text={t("limit.text")} go={t("limit.go")} note={t("revise.reason")} noteNeeded keptAs={`limit ${plan.id}`}
      ready={limit !== null} onClose={onClose}
      run={async (reason) => {
        if (limit === null) return;
        await calls.revise(plan.id, { pain_rule: { limit }, reason });
        onDone();
      }}
    >
      <NumberField label={t("limit.n")} value={limit} min={0} max={10} onChange={setLimit} />
    </NoteDialog>
  );
}

/** "paused until 3 Dec: holiday" */
export function pauseText(plan: Plan): string | null {
  const pause = openPause(plan);
  if (!pause) return null;
  const from = pause.from > today() ? t("pause.will", { from: shortDate(pause.from) }) : t("pause.is");
  const until = pause.to ? t("pause.until", { to: shortDate(pause.to), on: shortDate(addDays(pause.to, 1)) }) : "";
  return [from, until].filter(Boolean).join(" ") + (pause.reason ? `: ${pause.reason}` : "");
}
