import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Difficulty, SkipReason } from "../../../api/types";
import { longDay } from "../../../i18n/format";
import { Button, Icon, PainScale, Seg } from "../../../ui";
import { painColour } from "../../plan/painRule";
import { isAnswered, type DraftItem } from "../../session/draft";
import { plan } from "../../state";
import { t } from "../../t";
import { tel } from "../../tel";
import { Clinical, Figure, SavedLine, Screen, TopBar, useHeadlineFocus } from "../parts";
import type { Current } from "../Session";
import { PainSays } from "./PainSays";

const DIFFICULTIES: readonly Difficulty[] = ["easy", "right", "hard"];
const REASONS: readonly SkipReason[] = ["pain", "time", "unwell", "unsure", "equipment", "other"];

export interface RateViewProps {
  readonly current: Current;
  readonly onChange: (change: Partial<DraftItem>) => Promise<void>;
  readonly onNext: () => Promise<void>;
  readonly onBack: () => Promise<void>;
  readonly onStop: () => Promise<void>;
}

/** How it felt, in one tap each; nothing is preselected, and every tap is on disk at once. */
export function RateView({ current, onChange, onNext, onBack, onStop }: RateViewProps): JSX.Element {
  const { draft, index, item, prescription, exercise, plan: owner, next } = current;
  const { dose } = prescription;
  const [asking, setAsking] = useState(item.setsDone === null);
  useHeadlineFocus(item.id);
  const colour = item.pain === null ? null : painColour(item.pain, owner.pain_rule);
  const nextText = next === null ? t("rate.finish") : t("rate.next", { name: next });

  return (
    <Screen>
      <TopBar
        title={draft.filledIn ? longDay(draft.date) : t("session.count", { n: index + 1, of: draft.items.length })}
        onBack={() => void onBack()}
      />
      <main class="rate">
        <div class="done">
          <div class="grow">
            <h1>
              <Clinical exercise={exercise}>{exercise.name}</Clinical>
            </h1>
            <p class="quiet">
              {saidDone(item, dose.sets, dose.reps)}
              {!asking && (
                <Button kind="plain" class="change" onClick={() => setAsking(true)}>
                  {t("rate.change")}
                </Button>
              )}
            </p>
          </div>
          <Figure exercise={exercise} side={dose.side} kind="thumb" />
        </div>
        {asking && item.skipped === null && (
          <SetsAsked
            sets={dose.sets}
            item={item}
            onChange={(change) => onChange(change).then(() => setAsking(false))}
          />
        )}
        <section>
          <h2 class="q">{t("rate.pain")}</h2>
          <PainScale label={t("rate.pain")} value={item.pain} onChange={(pain) => void onChange({ pain })} />
        </section>
        <section>
          <h2 class="q">{t("rate.difficulty")}</h2>
          <Seg
            label={t("rate.difficulty")}
            choices={DIFFICULTIES.map((value) => ({ value, text: t(`rate.${value}`) }))}
            value={item.difficulty}
            onChange={(difficulty) => void onChange({ difficulty })}
          />
        </section>
        {colour !== null && colour !== "green" ? (
          <PainSays score={item.pain!} rule={owner.pain_rule} exercise={exercise.name} />
        ) : (
          <Skip item={item} onChange={onChange} />
        )}
      </main>
      <footer class="foot last">
        <SavedLine text={t("rate.saved")} />
        {colour === "stop" ? (
          <StopButtons phone={plan.value?.payload.clinic.phone ?? ""} onStop={() => void onStop()} />
        ) : (
          <Button kind={isAnswered(item) ? "primary" : "else"} size="big" onClick={() => void onNext()}>
            {item.pain !== null || item.skipped !== null ? nextText : t("rate.without")}
          </Button>
        )}
      </footer>
    </Screen>
  );
}

function saidDone(item: DraftItem, sets: number, reps: number | null): string {
  const done = item.setsDone ?? 0;
  if (done < sets) return t("rate.setsSoFar", { done, of: sets });
  return reps !== null && reps > 1 ? t("rate.setsOfReps", { count: sets, reps }) : t("rate.sets", { count: sets });
}

/** For whoever exercises without the timer, or stopped early; folds into one line once it is answered. */
function SetsAsked({
  sets,
  item,
  onChange,
}: {
  sets: number;
  item: DraftItem;
  onChange: RateViewProps["onChange"];
}): JSX.Element {
  const choices = Array.from({ length: sets + 1 }, (_, value) => ({
    value,
    text: value === sets ? t("rate.all", { count: sets }) : String(value),
  }));
  return (
    <section>
      <h2 class="q">{t("rate.howMany")}</h2>
      <Seg
        label={t("rate.howMany")}
        choices={choices}
        value={item.setsDone}
        onChange={(setsDone) => void onChange({ setsDone })}
        layout={sets > 4 ? "grid" : "seg"}
      />
    </section>
  );
}

function Skip({ item, onChange }: { item: DraftItem; onChange: RateViewProps["onChange"] }): JSX.Element {
  return (
    <section>
      <h2 class="q">{t("rate.skip")}</h2>
      <div class="skips" role="group" aria-label={t("rate.skip")}>
        {REASONS.map((reason) => (
          <button
            key={reason}
            type="button"
            class="chip"
            aria-pressed={item.skipped === reason}
            onClick={() => void onChange({ skipped: item.skipped === reason ? null : reason })}
          >
            {t(`skip.${reason}` as "skip.pain")}
          </button>
        ))}
      </div>
    </section>
  );
}

/** Strong pain: the call comes first, and the day's exercises end. */
function StopButtons({ phone, onStop }: { phone: string; onStop: () => void }): JSX.Element {
  return (
    <>
      {phone && (
        <a class="btn wide" href={tel(phone)}>
          <Icon name="call" />
          {t("rate.call")}
        </a>
      )}
      <Button kind="primary" size="big" onClick={onStop}>
        {t("rate.stop")}
      </Button>
    </>
  );
}
