import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button, Dialog } from "../../ui";
import { NumberField } from "../builder/dose-editor";
import * as calls from "../calls";
import { today } from "../dates";
import { Field } from "../parts/field";
import { FormErrors } from "../parts/problem";
import { Select } from "../parts/select";
import { t } from "../t";
import { INSTRUMENTS, TIMEPOINTS, type Instrument, type Outcome, type Timepoint } from "../types";
import { useAction } from "../use";
import { answersOf, namedActivities, scoreText, type OutcomeDraft } from "./outcome-words";

interface FormProps {
  readonly patientId: string;
  readonly start: { readonly instrument: Instrument; readonly timepoint: Timepoint };
  readonly outcomes: readonly Outcome[];
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

const ACTIVITIES = 3;

/** From paper: nothing is preselected, and an empty box is no answer. */
export function OutcomeForm({ patientId, start, outcomes, onClose, onSaved }: FormProps): JSX.Element {
  const [instrument, setInstrument] = useState(start.instrument);
  const [timepoint, setTimepoint] = useState(start.timepoint);
  const [date, setDate] = useState(today());
  const [draft, setDraft] = useState<OutcomeDraft>(() => empty(namedActivities(outcomes)));
  const id = useRef(crypto.randomUUID());
  const answers = answersOf(instrument, draft);
  const save = useAction(async () => {
    if (!answers) return;
    const at = date === today() ? new Date().toISOString() : new Date(`${date}T12:00:00`).toISOString();
    await calls.enterOutcome(patientId, { id: id.current, at, instrument, timepoint, answers });
    onSaved();
  });
  const another = (): void => {
    id.current = crypto.randomUUID();
  };
  return (
    <Dialog
      title={t("outcome.enter")} onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={save.busy || !answers} onClick={() => void save.run()}>{t("save")}</Button>
          <Button kind="plain" onClick={onClose}>{t("cancel")}</Button>
        </>
      }
    >
      <div class="wide stack" onInput={another}>
        <div class="two-fields">
          <Select label={t("outcome.which")} value={instrument} options={INSTRUMENTS.map((value) => ({ value, text: t(`outcome.name.${value}`) }))} onChange={setInstrument} />
          <Select label={t("outcome.when")} value={timepoint} options={TIMEPOINTS.map((value) => ({ value, text: t(`outcome.timepoint_long.${value}`) }))} onChange={setTimepoint} />
          <Field label={t("outcome.date")} type="date" value={date} max={today()} onInput={(event) => setDate(event.currentTarget.value || today())} />
        </div>
        {instrument === "nprs" && <Nprs draft={draft} onChange={setDraft} />}
        {instrument === "psfs" && <Psfs draft={draft} onChange={setDraft} />}
        {instrument === "groc" && <Groc draft={draft} onChange={setDraft} />}
        <FormErrors error={save.error} />
      </div>
    </Dialog>
  );
}

function empty(activities: readonly string[]): OutcomeDraft {
  const named = activities.length ? activities : Array.from({ length: ACTIVITIES }, () => "");
  return { nprs: { now: null, average: null, worst: null }, psfs: named.map((text) => ({ text, score: null })), groc: null };
}

interface PartProps {
  readonly draft: OutcomeDraft;
  readonly onChange: (draft: OutcomeDraft) => void;
}

function Nprs({ draft, onChange }: PartProps): JSX.Element {
  return (
    <>
      <p class="quiet small">{t("outcome.nprs_how")}</p>
      <div class="two-fields">
        {(["now", "average", "worst"] as const).map((which) => (
          <NumberField key={which} label={t(`outcome.nprs.${which}`)} value={draft.nprs[which]} min={0} max={10} optional onChange={(score) => onChange({ ...draft, nprs: { ...draft.nprs, [which]: score } })} />
        ))}
      </div>
    </>
  );
}

function Psfs({ draft, onChange }: PartProps): JSX.Element {
  const set = (index: number, change: Partial<OutcomeDraft["psfs"][number]>): void =>
    onChange({ ...draft, psfs: draft.psfs.map((each, i) => (i === index ? { ...each, ...change } : each)) });
  return (
    <>
      <p class="quiet small">{t("outcome.psfs_how")}</p>
      {draft.psfs.map((each, index) => (
        <div class="psfs" key={index}>
          <Field label={t("outcome.activity", { n: index + 1 })} value={each.text} maxLength={120} onInput={(event) => set(index, { text: event.currentTarget.value })} />
          <NumberField label={t("outcome.score")} value={each.score} min={0} max={10} optional onChange={(score) => set(index, { score })} />
        </div>
      ))}
    </>
  );
}

const CHANGES = [5, 4, 3, 2, 1, 0, -1, -2, -3, -4, -5];

function Groc({ draft, onChange }: PartProps): JSX.Element {
  const options = [
    { value: "", text: t("outcome.not_answered") },
    ...CHANGES.map((n) => ({ value: String(n), text: [scoreText("groc", n), n === 5 || n === 0 || n === -5 ? t(`outcome.groc.${n}`) : ""].filter(Boolean).join("  ") })),
  ];
  return (
    <>
      <p class="quiet small">{t("outcome.groc_how")}</p>
      <Select label={t("outcome.name.groc")} value={draft.groc === null ? "" : String(draft.groc)} options={options} onChange={(value) => onChange({ ...draft, groc: value === "" ? null : Number(value) })} />
    </>
  );
}
