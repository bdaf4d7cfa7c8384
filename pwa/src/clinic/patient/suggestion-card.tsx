import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Banner, Button, Icon } from "../../ui";
import type { ApiError } from "../../api/client";
import * as calls from "../calls";
import { useKeptText } from "../parts/kept-text";
import { abilities } from "../session";
import { spoken } from "../spoken";
import { t } from "../t";
import type { Suggestion } from "../types";
import { useAction, useKeys } from "../use";
import { fromDay } from "../words";
import { evidenceWords, headline, reasonText, resultText } from "./suggestion-words";

export interface SuggestionsProps {
  readonly suggestions: readonly Suggestion[];
  /** "3 sets since 16 November", where the exercise was changed before */
  readonly sinceWhen: (suggestion: Suggestion) => string | null;
  /** An emergency is looked at first: the keys wait until somebody chooses the card. */
  readonly calm: boolean;
  readonly onDecided: () => void;
}

interface Said {
  readonly id: string;
  readonly text: string;
}

const KINDS = ["regress", "progress", "next_phase", "hold"] as const;

/** What the pain rule would do next. Nothing changes before a therapist accepts; A and D answer the card in focus, or the first when nothing has it. */
export function SuggestionCards(props: SuggestionsProps): JSX.Element {
  const [said, setSaid] = useState<Said | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const open = [...props.suggestions].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const first = open.find((one) => one.kind !== "hold")?.id ?? null;
  const decided = (text: string, id: string): void => {
    setSaid({ id, text });
    props.onDecided();
  };

  useEffect(() => {
    if (first === null || !props.calm || !wide() || document.activeElement !== document.body) return;
    box.current?.querySelector<HTMLElement>(`[data-suggestion="${first}"]`)?.focus({ preventScroll: true });
  }, [first]);

  const press = (button: "accept" | "dismiss"): void => {
    const within = document.activeElement?.closest("[data-suggestion]");
    const nowhere = document.activeElement === document.body && props.calm;
    const card = within ?? (nowhere && first ? box.current?.querySelector(`[data-suggestion="${first}"]`) : null);
    card?.querySelector<HTMLButtonElement>(`[data-do="${button}"]`)?.click();
  };
  useKeys({ a: () => press("accept"), d: () => press("dismiss") });

  return (
    <div class="sugs" ref={box}>
      <p class="vh" role="status">{said?.text}</p>
      {said && (
        <Banner icon="check" tone="do">
          <p>{said.text}</p>
        </Banner>
      )}
      {open.map((one) =>
        one.kind === "hold" ? <Quiet key={one.id} suggestion={one} /> : <Card key={one.id} suggestion={one} {...props} onDone={(text) => decided(text, one.id)} />,
      )}
    </div>
  );
}

/** On one column the card stands below the chart; taking the focus there would say nothing. */
function wide(): boolean {
  return matchMedia("(min-width: 1001px)").matches;
}

function Quiet({ suggestion }: { suggestion: Suggestion }): JSX.Element {
  return (
    <section class="card sug quiet-card" aria-labelledby={`sug-${suggestion.id}`}>
      <h2 id={`sug-${suggestion.id}`}>{headline(suggestion)}</h2>
      <p class="quiet small">{reasonText(suggestion.reason)}</p>
      <Evidence suggestion={suggestion} />
    </section>
  );
}

/** What decided, and behind it everything the rule looked at. */
function Evidence({ suggestion, since = null }: { suggestion: Suggestion; since?: string | null }): JSX.Element {
  const { main, all } = evidenceWords(suggestion);
  const rest = all.filter((each) => !main.includes(each));
  const why = suggestion.kind === "regress" || suggestion.kind === "next_phase" ? reasonText(suggestion.reason) : null;
  return (
    <>
      <ul class="ev">
        {main.map((each) => <li key={each}>{each}</li>)}
        {since && <li>{since}</li>}
      </ul>
      {(rest.length > 0 || why) && (
        <details class="small all-ev">
          <summary>{t("suggestion.all")}</summary>
          {why && <p>{why}</p>}
          <ul class="ev">
            {rest.map((each) => <li key={each}>{each}</li>)}
          </ul>
        </details>
      )}
    </>
  );
}

interface CardProps extends SuggestionsProps {
  readonly suggestion: Suggestion;
  readonly onDone: (said: string) => void;
}

function Card({ suggestion, sinceWhen, onDone, onDecided }: CardProps): JSX.Element {
  const [note, setNote, forget] = useKeptText(`suggestion ${suggestion.id}`);
  const title = headline(suggestion);
  const id = `sug-${suggestion.id}`;
  const accept = useAction(async () => {
    const answer = await calls.acceptSuggestion(suggestion.id, note.trim());
    forget();
    onDone(await whatHappens(answer, suggestion));
  });
  const dismiss = useAction(async () => {
    await calls.dismissSuggestion(suggestion.id, note.trim());
    forget();
    onDone(t("suggestion.dismissed", { what: title }));
  });
  const busy = accept.busy || dismiss.busy;
  const error = accept.error ?? dismiss.error;
  return (
    <section class="card sug" aria-labelledby={id} tabIndex={-1} data-suggestion={suggestion.id}>
      <p class="small quiet">{t(suggestion.kind === "next_phase" ? "suggestion.by_path" : "suggestion.by_rule")}</p>
      <h2 id={id}>{title}</h2>
      <Evidence suggestion={suggestion} since={sinceWhen(suggestion)} />
      {abilities.value.resolve && abilities.value.prescribe ? (
        <>
          <label class="vh" for={`${id}-note`}>{t("suggestion.note")}</label>
          <input
            id={`${id}-note`} class="input note" value={note} maxLength={1000} placeholder={t("suggestion.note")}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
          <div class="acts">
            <button type="button" class="btn primary" data-do="accept" aria-disabled={busy} onClick={() => !busy && void accept.run()}>
              {t("suggestion.accept")} <kbd>A</kbd>
            </button>
            <button type="button" class="btn" data-do="dismiss" aria-disabled={busy} onClick={() => !busy && void dismiss.run()}>
              {t("suggestion.dismiss")} <kbd>D</kbd>
            </button>
          </div>
          {error && <Refused error={error} onLookAgain={onDecided} />}
        </>
      ) : (
        <p class="small quiet">{t("suggestion.for_therapists")}</p>
      )}
    </section>
  );
}

/** Accepting cannot be taken back, so it is said what now holds, and from when. */
async function whatHappens(answer: Suggestion, suggestion: Suggestion): Promise<string> {
  const plan = answer.revision ? await calls.plan(answer.plan).catch(() => null) : null;
  const revision = plan?.revisions.find((each) => each.id === answer.revision);
  const what = resultText(suggestion.change);
  const named = suggestion.exercise ? t("suggestion.of", { name: spoken(suggestion.exercise.name), what }) : what;
  return revision ? t("suggestion.accepted_from", { from: fromDay(revision.effective_from), what: named }) : t("suggestion.accepted", { what: named });
}

/** The server's own sentence, and the one thing to do about it. */
function Refused({ error, onLookAgain }: { error: ApiError; onLookAgain: () => void }): JSX.Element {
  const again = error.has("suggestion_closed") || error.status === 404;
  return (
    <div class="banner feel" role="alert">
      <Icon name="warn" />
      <div>
        {error.errors.map((item) => <p key={item.detail}>{item.detail}</p>)}
        {error.has("precaution_conflict") && <p>{t("suggestion.conflict")}</p>}
        {again && <Button kind="plain" onClick={onLookAgain}>{t("suggestion.look_again")}</Button>}
      </div>
    </div>
  );
}
