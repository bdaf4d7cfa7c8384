import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button, Icon } from "../../ui";
import * as calls from "../calls";
import { useVocabularies } from "../library/use-library";
import { PatientHeading } from "../patient/heading";
import { abilities, expired, noticeExpiry } from "../session";
import { spoken } from "../spoken";
import { t } from "../t";
import type { Conflict, Exercise, FoundConflict, Patient, Plan, Prescription, Program, Weekday } from "../types";
import { useTitle } from "../use";
import { byWeekday, heaviest, spread } from "./burden";
import { BurdenCard } from "./burden-card";
import { ConflictBox, Reason } from "./conflict-box";
import { forget, keep, needsReason, ofPhase, ofPrescription, readCheck, reasonKey, unsettled } from "./conflicts";
import { useDrag, type DropTarget, type Payload } from "./drag";
import { draftStore, readReasons, writeReasons, type Reasons } from "./drafts";
import { Editor } from "./editor";
import { Item, type Part } from "./item";
import { LibraryPanel } from "./library-panel";
import { PhaseCard } from "./phase";
import { PhonePreview } from "./preview";
import { PrescribeDialog } from "./prescribe";
import * as edits from "./program";
import { SaveBanner, SaveLine } from "./save-line";

interface BuilderProps {
  readonly server: Program;
  readonly library: readonly Exercise[];
  readonly patient: Patient | null;
  /** the running plan that this program is going to change, else a new plan is prescribed */
  readonly plan: Plan | null;
}

export function Builder({ server, library, patient, plan }: BuilderProps): JSX.Element {
  const { path, route } = useLocation();
  const [checkRound, setCheckRound] = useState(0);
  const editor = useEditor(server, () => setCheckRound((n) => n + 1));
  const program = editor.program.value;
  const exercises = useMemo(() => new Map(library.map((exercise) => [exercise.id, exercise])), [library]);
  const { conflicts, setConflicts } = useConflicts(program.id, patient?.id ?? null, checkRound);
  const [reasons, setReasons] = useReasons(program.id, patient?.id ?? null);
  const [openId, setOpenId] = useState<string | null>(program.phases[0]?.id ?? null);
  const [expanded, setExpanded] = useState<{ id: string; part: Part } | null>(null);
  const [day, setDay] = useState<Weekday | null>(null);
  const [prescribing, setPrescribing] = useState(false);
  const [said, setSaid] = useState("");
  const words = useVocabularies();
  const [libraryShown, setLibraryShown] = useState(false);

  const state = editor.state.value.kind;
  const readOnly = !abilities.value.prescribe || state === "sealed" || state === "gone";
  const open = program.phases.find((phase) => phase.id === openId) ?? null;
  const nameOf = (item: Prescription | undefined): string => (item && exercises.get(item.exercise)?.name) ?? t("builder.unknown_exercise");
  const days = open ? byWeekday(open, exercises) : null;
  const shownDay = day ?? (days ? heaviest(days).day : 1);
  useTitle(t("title.page", { page: patient ? t("builder.for", { name: patient.name }) : program.name }));
  useUndoKeys(editor, readOnly);

  const addExercise = (exercise: Exercise, target?: DropTarget): void => {
    const phase = target?.phase ?? openId ?? program.phases[0]?.id;
    if (!phase || readOnly) return;
    editor.edit((now) => edits.add(now, phase, edits.prescribeDefaults(exercise), target?.index));
    setSaid(t("said.added", { name: exercise.name, phase: spoken(program.phases.find((each) => each.id === phase)?.name ?? "") }));
  };
  const drop = (payload: Payload, target: DropTarget): void => {
    const exercise = payload.kind === "exercise" && exercises.get(payload.id);
    if (exercise) addExercise(exercise, target);
    if (payload.kind === "item") editor.edit((now) => edits.move(now, payload.id, target.phase, target.index));
  };
  const drag = useDrag(drop);

  const stepItem = (item: Prescription, by: -1 | 1): void => {
    editor.edit((now) => edits.step(now, item.id, by));
    const found = edits.find(editor.program.value, item.id);
    if (!found) return;
    setOpenId(found.phase.id);
    setSaid(t("said.moved", { name: nameOf(item), n: found.index + 1, of: found.phase.prescriptions.length, phase: spoken(found.phase.name) }));
    focusGrip(item.id);
  };
  const removeItem = (item: Prescription): void => {
    const place = edits.find(program, item.id);
    editor.edit((now) => edits.remove(now, item.id));
    setSaid(t("said.removed", { name: nameOf(item) }));
    const next = place?.phase.prescriptions[place.index + 1] ?? place?.phase.prescriptions[place.index - 1];
    if (next) focusGrip(next.id);
  };
  const showConflict = (conflict: FoundConflict): void => {
    setPrescribing(false);
    setOpenId(program.phases.find((each) => each.n === conflict.phase)?.id ?? openId);
    requestAnimationFrame(() => document.querySelector(`[data-item="${conflict.prescription}"]`)?.scrollIntoView({ block: "center" }));
  };

  const renderItem = (item: Prescription, index: number, phaseId: string): JSX.Element => {
    const exercise = exercises.get(item.exercise);
    const mine = ofPrescription(conflicts ?? [], item.id);
    const reason = mine.filter(needsReason).map((each) => reasons[reasonKey(each.rule, item.key)])[0];
    return (
      <Item
        key={item.id} item={item} exercise={exercise} readOnly={readOnly} bad={unsettled(program, mine, reasons).length > 0}
        easier={exercises.get(exercise?.easier ?? "")} harder={exercises.get(exercise?.harder ?? "")}
        expanded={expanded?.id === item.id ? expanded.part : null}
        dropBefore={drag.target?.phase === phaseId && drag.target.index === index && drag.dragging !== null}
        actions={{
          change: (patch, tag) => editor.edit((now) => edits.update(now, item.id, patch), tag),
          pause: () => editor.pause(),
          step: (by) => stepItem(item, by),
          remove: () => removeItem(item),
          swap: (next) => editor.edit((now) => edits.swap(now, item.id, next)),
          expand: (part) => setExpanded(part && { id: item.id, part }),
          grab: (event) => drag.begin(event, { kind: "item", id: item.id }),
        }}
      >
        {mine.length > 0 && (
          <ConflictBox
            name={nameOf(item)} words={words} conflicts={mine} reason={reason} exercises={exercises} readOnly={readOnly}
            already={new Set(open?.prescriptions.map((each) => each.exercise))}
            onSwap={(next) => editor.edit((now) => edits.swap(now, item.id, next))}
            onKeep={(text) => setReasons(text ? keep(reasons, mine, item.key, text) : forget(reasons, item.key))}
            onRemove={() => removeItem(item)}
          />
        )}
      </Item>
    );
  };

  return (
    <main class={`b3${drag.dragging ? " dragging" : ""}`}>
      <div class={libraryShown ? "lib-wrap shown" : "lib-wrap"}>
        <LibraryPanel
          inPhase={new Set(open?.prescriptions.map((item) => item.exercise))} readOnly={readOnly} onAdd={(exercise) => addExercise(exercise)}
          onGrab={(event, exercise) => drag.begin(event, { kind: "exercise", id: exercise.id })}
        />
      </div>
      <section class="prog" aria-label={t("builder.program")}>
        <div class="pt">
          {patient ? <PatientHeading patient={patient} title={t("builder.for", { name: patient.name })} /> : <ProgramName editor={editor} readOnly={readOnly} />}
          <SaveLine editor={editor} />
          <Button class="lib-toggle" pressed={libraryShown} onClick={() => setLibraryShown(!libraryShown)}>
            {t("nav.library")}
          </Button>
          <a class="btn" href={`/clinic/handout?program=${program.id}`}>{t("handout")}</a>
          {!readOnly && (
            <>
              <button type="button" class="btn" aria-label={t("undo")} aria-disabled={!editor.canUndo.value} onClick={() => editor.undo()}>
                <Icon name="undo" small />
                <kbd>Ctrl Z</kbd>
              </button>
              <Button kind="primary" onClick={() => setPrescribing(true)}>
                {t(plan ? "revise" : "prescribe")}
              </Button>
            </>
          )}
        </div>
        <SaveBanner editor={editor} />
        {program.phases.map((phase) => (
          <PhaseCard
            key={phase.id} phase={phase} open={phase.id === openId} readOnly={readOnly} only={program.phases.length === 1}
            unsettled={countItems(unsettled(program, (conflicts ?? []).filter((each) => each.phase === phase.n), reasons))}
            dropAtEnd={drag.target?.phase === phase.id && (phase.id !== openId || drag.target.index >= phase.prescriptions.length)}
            actions={{
              toggle: () => setOpenId(phase.id === openId ? null : phase.id),
              change: (patch, tag) => editor.edit((now) => edits.updatePhase(now, phase.id, patch), tag),
              setWeeks: (weeks) => editor.edit((now) => edits.setWeeks(now, phase.id, weeks), `${phase.id} weeks`),
              pause: () => editor.pause(),
              copy: () => editor.edit((now) => edits.copyPhase(now, phase.id, t("phase.copy_of", { name: phase.name }).slice(0, 120))),
              remove: () => editor.edit((now) => edits.removePhase(now, phase.id)),
            }}
          >
            {ofPhase(conflicts ?? [], phase.n).map((conflict) => (
              <li key={conflict.rule} class="cf">
                <ul class="w">
                  <Reason conflict={conflict} words={words} />
                </ul>
              </li>
            ))}
            {phase.prescriptions.map((item, index) => renderItem(item, index, phase.id))}
          </PhaseCard>
        ))}
        {!readOnly && (
          <Button icon="plus" onClick={() => editor.edit((now) => edits.addPhase(now, t("phase.new")))}>
            {t("phase.add")}
          </Button>
        )}
      </section>
      <aside class="side" aria-label={t("builder.beside")}>
        {open && days && (
          <>
            <p class="small quiet pv-title">{patient ? t("preview.title", { name: patient.name.split(" ")[0] ?? "" }) : t("preview.title_anyone")}</p>
            <PhonePreview phase={open} day={shownDay} side={patient?.affected_side ?? null} exercises={exercises} />
            <BurdenCard days={days} day={shownDay} onDay={setDay} onSpread={readOnly ? null : () => editor.edit((now) => edits.updatePhase(now, open.id, spread(open, exercises)))} />
          </>
        )}
      </aside>
      <div class="vh" aria-live="polite">{said}</div>
      {prescribing && (
        <PrescribeDialog
          editor={editor} patient={patient} plan={plan} conflicts={patient ? conflicts : []} reasons={reasons} onConflicts={setConflicts} onShow={showConflict}
          nameOf={(id) => nameOf(edits.find(program, id)?.prescription)} onClose={() => setPrescribing(false)}
          onPatient={(chosen) => route(`${path}?patient=${chosen.id}`, true)}
        />
      )}
    </main>
  );
}

/** After the page was drawn anew: whoever works by keyboard goes on where the item is, or was. */
function focusGrip(id: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-item="${id}"] .grip`)?.focus());
}

function countItems(conflicts: readonly Conflict[]): number {
  return new Set(conflicts.map((conflict) => conflict.prescription)).size;
}

/** A program that is nobody's yet is called by its own name, which can be changed in place. */
function ProgramName({ editor, readOnly }: { editor: Editor; readOnly: boolean }): JSX.Element {
  const program = editor.program.value;
  if (readOnly) return <h1>{program.name}</h1>;
  return (
    <h1>
      <textarea
        class="name-input" rows={1} aria-label={t("builder.name")} value={program.name} maxLength={160} onBlur={() => editor.pause()}
        onInput={(event) => {
          const name = event.currentTarget.value.replaceAll("\n", " ");
          if (name.trim()) editor.edit((now) => ({ ...now, name }), "name");
        }}
      />
    </h1>
  );
}

function useEditor(server: Program, onSaved: () => void): Editor {
  const [editor] = useState(
    () =>
      new Editor(server, {
        put: calls.saveProgram,
        drafts: draftStore(server.id),
        later: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        onSaved,
        onExpired: noticeExpiry,
      }),
  );
  useEffect(() => {
    const retry = (): void => editor.retryNow();
    addEventListener("online", retry);
    const stop = expired.subscribe((isExpired) => !isExpired && retry());
    return () => {
      removeEventListener("online", retry);
      stop();
      editor.close();
    };
  }, []);
  return editor;
}

/** The check runs over what the server has, so it follows every save. Conflicts of taken-out items vanish by themselves. */
function useConflicts(programId: string, patientId: string | null, round: number) {
  const [conflicts, setConflicts] = useState<FoundConflict[] | null>(null);
  useEffect(() => setConflicts(null), [patientId]);
  useEffect(() => {
    if (!patientId) return undefined;
    let current = true;
    calls.check(patientId, programId).then(
      (answer) => current && setConflicts(readCheck(answer)),
      (error: unknown) => {
        noticeExpiry(error);
        if (!(error instanceof calls.ApiError)) throw error;
      },
    );
    return () => {
      current = false;
    };
  }, [programId, patientId, round]);
  return { conflicts, setConflicts };
}

function useReasons(programId: string, patientId: string | null) {
  const [reasons, setReasons] = useState<Reasons>({});
  useEffect(() => setReasons(patientId ? readReasons(programId, patientId) : {}), [programId, patientId]);
  const set = (next: Reasons): void => {
    setReasons(next);
    if (patientId) writeReasons(programId, patientId, next);
  };
  return [reasons, set] as const;
}

function useUndoKeys(editor: Editor, readOnly: boolean): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (readOnly || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault(); // also inside a field: its text is part of the program and undone with it
      if (event.shiftKey) editor.redo();
      else editor.undo();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [editor, readOnly]);
}
