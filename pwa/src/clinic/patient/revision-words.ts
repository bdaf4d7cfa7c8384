import { t } from "../t";
import type { Phase, Plan, Prescription, Program, Revision } from "../types";
import { doseText, frequencyText } from "../words";

/** What a revision changed, short enough for the chart: "Bridge: 3 sets", "Nerve slider out", "Phase 2". Pure. */

export interface Named {
  readonly programs: ReadonlyMap<string, Program>;
  readonly nameOf: (exercise: string) => string;
}

export function revisionLabel(before: Revision | undefined, after: Revision, named: Named): string {
  if (before && before.phase !== after.phase) return t("axis.changed", { n: after.phase });
  const [old, now] = [before && phaseOf(before, named), phaseOf(after, named)];
  const changed = old && now ? differences(old, now, named) : [];
  const [first] = changed;
  if (first) return changed.length > 1 ? t("axis.and_more", { what: first, count: changed.length - 1 }) : first;
  const limit = after.pain_rule.limit;
  if (before && limit !== undefined && before.pain_rule.limit !== limit) return t("axis.new_limit", { limit });
  return after.reason || t("axis.changed", { n: after.phase });
}

/** Since when an exercise has been asked for as it is now: the date of the last revision that changed it. Null: from the start. */
export function unchangedSince(plan: Plan, key: string, named: Named): string | null {
  let since: string | null = null;
  let last: string | null = null;
  for (const revision of plan.revisions) {
    const item = phaseOf(revision, named)?.prescriptions.find((each) => each.key === key);
    const said = item ? asked(item) : null;
    if (last !== null && said !== null && said !== last) since = revision.effective_from;
    last = said ?? last;
  }
  return since;
}

function phaseOf(revision: Revision, { programs }: Named): Phase | undefined {
  return programs.get(revision.program)?.phases.find((each) => each.n === revision.phase);
}

const asked = (item: Prescription): string => `${item.exercise} ${doseText(item.dose)}`;

function differences(old: Phase, now: Phase, { nameOf }: Named): string[] {
  const before = new Map(old.prescriptions.map((item) => [item.key, item]));
  const after = new Set(now.prescriptions.map((item) => item.key));
  const added = now.prescriptions.filter((item) => !before.has(item.key)).map((item) => nameOf(item.exercise));
  const gone = old.prescriptions.filter((item) => !after.has(item.key)).map((item) => nameOf(item.exercise));
  const changed = now.prescriptions.flatMap((item) => changeOf(before.get(item.key), item, nameOf));
  const [into] = added;
  const [out] = gone;
  // One out and one in is one for the other: an exercise that takes another's place gets a key of its own.
  if (into && out && added.length === 1 && gone.length === 1) return [t("axis.instead", { name: into, other: out }), ...changed];
  return [...added.map((name) => t("axis.in", { name })), ...gone.map((name) => t("axis.out", { name })), ...changed];
}

function changeOf(was: Prescription | undefined, item: Prescription, nameOf: Named["nameOf"]): string[] {
  if (!was) return [];
  const name = nameOf(item.exercise);
  if (was.exercise !== item.exercise) return [t("axis.swapped", { name })];
  if (asked(was) !== asked(item)) return [t("suggestion.of", { name, what: doseChange(was, item) })];
  const often = frequencyText(item.frequency);
  return frequencyText(was.frequency) === often ? [] : [t("suggestion.of", { name, what: often })];
}

/** The one number that changed, else the whole dose. */
function doseChange(was: Prescription, item: Prescription): string {
  const [a, b] = [was.dose, item.dose];
  if (a.sets !== b.sets && a.reps === b.reps && a.hold_s === b.hold_s) return t("session.sets", { count: b.sets });
  if (a.load_kg !== b.load_kg && b.load_kg && a.sets === b.sets && a.reps === b.reps) return t("dose.kg", { n: b.load_kg });
  return doseText(b, false);
}
