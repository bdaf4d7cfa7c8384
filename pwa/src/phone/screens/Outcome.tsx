import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button, Empty } from "../../ui";
import { closeInstrument, dropOutcomeDraft, keepOutcomeDraft, openOutcomeDraft, putOff } from "../progress/actions";
import { dueNow } from "../progress/due";
import {
  answerTo,
  named,
  NAMES,
  nextQuestion,
  openInstruments,
  questionsOf,
  withNames,
  type Instrument,
  type OutcomeDraft,
} from "../progress/outcomes";
import { to } from "../progress/outcomeWords";
import "../progress/progress.css";
import { Question, Said } from "../progress/Question";
import { entries, therapist, today } from "../state";
import { addDays } from "../store/time";
import { SavedLine, Screen, TopBar, useHeadlineFocus } from "./parts";

/** Pain, activities, change since the start: one question open, what was said in view. Closing it loses nothing. */
export function Outcome(): JSX.Element | null {
  const { route } = useLocation();
  const [draft, setDraft] = useState<OutcomeDraft | "opening" | "none" | "thanks" | "nothing">("opening");
  /** With the changes that are on their way to the disk: the next one is made to this, not to what is still shown. */
  const newest = useRef<OutcomeDraft | null>(null);
  const show = (next: OutcomeDraft): void => {
    newest.current = next;
    setDraft(next);
  };
  useEffect(() => void openOutcomeDraft().then((opened) => (opened === null ? setDraft("none") : show(opened))), []);
  const leave = (): void => route("/progress", true);
  if (draft === "opening") return null;
  if (typeof draft === "string") return <End state={draft} onLeave={leave} />;

  const instrument = openInstruments(draft)[0]!;
  const change: Change = async (make) => {
    const next = make(newest.current!);
    newest.current = next;
    await keepOutcomeDraft(next);
    // A later change is shown once it is on disk too; drawn now, this one would take back what was typed meanwhile.
    if (newest.current === next) setDraft(next);
  };
  const close = async (): Promise<void> => {
    const closed = await closeInstrument(newest.current!, instrument);
    if (openInstruments(closed).length > 0) return show(closed);
    const answered = entries.value.some((entry) => Object.values(closed.ids).includes(entry.id));
    await dropOutcomeDraft();
    // What was left out is asked again, but not in the same breath.
    if (dueNow.value.length > 0) await putOff(addDays(today.value, 1));
    setDraft(answered ? "thanks" : "nothing");
  };
  return (
    <Part
      key={instrument}
      draft={draft}
      instrument={instrument}
      onChange={change}
      onClose={close}
      onLeave={leave}
    />
  );
}

type Change = (make: (draft: OutcomeDraft) => OutcomeDraft) => Promise<void>;

interface PartProps {
  readonly draft: OutcomeDraft;
  readonly instrument: Instrument;
  readonly onChange: Change;
  readonly onClose: () => Promise<void>;
  readonly onLeave: () => void;
}

const TITLE = { nprs: "pain.title", psfs: "do.title", groc: "since.title" } as const;

function Part({ draft, instrument, onChange, onClose, onLeave }: PartProps): JSX.Element {
  const [reopened, setReopened] = useState<string | null>(null);
  const questions = questionsOf(draft, instrument);
  const open = reopened ?? nextQuestion(draft, instrument);
  const busy = useRef(false);
  useHeadlineFocus(instrument);
  useQuestionFocus(open);
  const n = draft.instruments.indexOf(instrument) + 1;
  const of = draft.instruments.length;

  const answer: Change = async (make) => {
    await onChange(make);
    if (open !== NAMES) setReopened(null);
  };
  const goOn = async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setReopened(null);
    try {
      if (open === null) await onClose();
      else await onChange((now) => onward(now, open));
    } finally {
      busy.current = false;
    }
  };
  const said = open === null ? questions : questions.slice(0, questions.indexOf(open));
  const answered = open === null || answerTo(draft, open) !== null || (open === NAMES && named(draft).length > 0);
  return (
    <Screen class="outcome">
      <TopBar
        title={of > 1 ? to("step", { n, of }) : to("bar")}
        onBack={onLeave}
        back={{ icon: "close", label: to("later") }}
      />
      <main>
        <h1>{to(TITLE[instrument])}</h1>
        {said.map((question) => (
          <Said key={question} draft={draft} question={question} onReopen={() => setReopened(question)} />
        ))}
        {open !== null && (
          <Question key={open} draft={draft} question={open} onChange={(make) => void answer(make)} />
        )}
      </main>
      <footer class="foot last">
        <SavedLine text={to("saved")} />
        <Button kind={answered ? "primary" : "else"} size="big" onClick={() => void goOn()}>
          {answered ? to(open === null && n === of ? "finish" : "next") : to("without")}
        </Button>
      </footer>
    </Screen>
  );
}

/** A question that was answered just now, a blink before "Next", was not passed over. */
function onward(draft: OutcomeDraft, open: string): OutcomeDraft {
  if (open === NAMES && named(draft).length > 0) return withNames(draft);
  return answerTo(draft, open) === null ? { ...draft, passed: [...draft.passed, open] } : draft;
}

/** The control that was just used is gone: the focus goes on to the question that opened, or to the headline after the last. */
function useQuestionFocus(open: string | null): void {
  const before = useRef(open);
  useEffect(() => {
    if (before.current === open) return;
    before.current = open;
    const heading = document.querySelector<HTMLElement>(open === null ? "main h1" : "main section h2");
    if (heading === null) return;
    heading.tabIndex = -1;
    heading.focus();
  }, [open]);
}

function End({ state, onLeave }: { state: "none" | "thanks" | "nothing"; onLeave: () => void }): JSX.Element {
  const name = therapist.value;
  useHeadlineFocus(state);
  return (
    <Screen class="outcome">
      <main class="first">
        {state === "thanks" ? (
          <>
            <h1>{to("thanks")}</h1>
            <p>{name ? to("thanksMore", { name }) : to("thanksMoreClinic")}</p>
          </>
        ) : (
          <Empty icon="check" title={to(state === "none" ? "noneDue" : "nothing")} />
        )}
      </main>
      <footer class="foot last">
        <Button kind="primary" size="big" onClick={onLeave}>
          {to("toProgress")}
        </Button>
      </footer>
    </Screen>
  );
}
