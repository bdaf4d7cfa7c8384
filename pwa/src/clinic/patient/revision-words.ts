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
  const out: string[] = [];
  for (const item of now.prescriptions) {
    const was = before.get(item.key);
    const name = nameOf(item.exercise);
    if (!was) out.push(t("axis.in", { name }));
    else if (was.exercise !== item.exercise) out.push(t("axis.swapped", { name }));
    else if (asked(was) !== asked(item)) out.push(t("suggestion.of", { name, what: doseChange(was, item) }));
    else if (frequencyText(was.frequency) !== frequencyText(item.frequency)) out.push(t("suggestion.of", { name, what: frequencyText(item.frequency) }));
  }
  for (const item of old.prescriptions) if (!after.has(item.key)) out.push(t("axis.out", { name: nameOf(item.exercise) }));
  return out;
}

/** The one number that changed, else the whole dose. */
function doseChange(was: Prescription, item: Prescription): string {
  const [a, b] = [was.dose, item.dose];
  if (a.sets !== b.sets && a.reps === b.reps && a.hold_s === b.hold_s) return t("session.sets", { count: b.sets });
  if (a.load_kg !== b.load_kg && b.load_kg && a.sets === b.sets && a.reps === b.reps) return t("dose.kg", { n: b.load_kg });
  return doseText(b, false);
}
