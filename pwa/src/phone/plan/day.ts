/** What is due on a day, and what was done: the server's days with this phone's own entries on top. */
import type {
  ExerciseLog,
  Instant,
  ItemState,
  LocalDate,
  PhonePlan,
  PlanExercise,
  PlansPayload,
  Prescription,
  SessionItem,
  Uuid,
} from "../../api/types";
import type { Entry } from "../store/entry";
import { dateShown } from "../store/time";

export interface DueItem {
  readonly plan: PhonePlan;
  readonly prescription: Prescription;
  readonly exercise: PlanExercise;
  readonly slot: number;
  readonly state: ItemState;
  /** The session on this phone that says so, when there is one. */
  readonly entry: Uuid | null;
  readonly doneAt: Instant | null;
}

/** One go: what one session covers. A session belongs to one plan; a slot is one time of the day. */
export interface DueGroup {
  readonly plan: PhonePlan;
  readonly slot: number;
  readonly items: readonly DueItem[];
}

export function isOpen(item: DueItem): boolean {
  return item.state === "due" || item.state === "partly";
}

export function itemsOn(payload: PlansPayload, entries: readonly Entry[], date: LocalDate): DueItem[] {
  const mine = loggedOn(entries, date);
  return payload.plans.flatMap((plan) => {
    const prescriptions = prescriptionsOf(plan);
    const day = plan.days.find((candidate) => candidate.date === date);
    return (day?.items ?? []).flatMap((due): DueItem[] => {
      const prescription = prescriptions.get(due.prescription);
      const exercise = prescription && payload.exercises[prescription.exercise];
      if (!prescription || !exercise) return [];
      const logged = mine.get(logKey(plan.id, due.prescription, due.slot));
      const state = logged ? stateOf(logged.log, prescription) : due.state;
      return [
        {
          plan,
          prescription,
          exercise,
          slot: due.slot,
          state,
          entry: logged?.entry ?? null,
          doneAt: logged?.at ?? null,
        },
      ];
    });
  });
}

export function groupsOf(items: readonly DueItem[]): DueGroup[] {
  const groups = new Map<string, { plan: PhonePlan; slot: number; items: DueItem[] }>();
  for (const item of items) {
    const key = `${item.slot} ${item.plan.id}`;
    const group = groups.get(key) ?? { plan: item.plan, slot: item.slot, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => a.slot - b.slot);
}

/** The next date after `date` on which something is due, within what the phone knows. */
export function nextDueDate(payload: PlansPayload, date: LocalDate): LocalDate | null {
  const dates = payload.plans.flatMap((plan) =>
    plan.days
      .filter((day) => day.date > date && day.items.some((item) => item.state !== "excused"))
      .map((day) => day.date),
  );
  return dates.sort()[0] ?? null;
}

export function prescriptionsOf(plan: PhonePlan): Map<Uuid, Prescription> {
  return new Map(plan.phases.flatMap((phase) => phase.prescriptions ?? []).map((item) => [item.id, item]));
}

export function isSession(entry: Entry): entry is Entry & { item: SessionItem & Entry["item"] } {
  return entry.item.type === "session";
}

interface Logged {
  readonly log: ExerciseLog;
  readonly entry: Uuid;
  readonly at: Instant;
}

/** The best log of each (plan, prescription, slot): a half-done item that was finished later is done. */
function loggedOn(entries: readonly Entry[], date: LocalDate): Map<string, Logged> {
  const found = new Map<string, Logged>();
  for (const entry of entries) {
    if (!isSession(entry) || entry.state === "voided" || entry.state === "superseded") continue;
    const session = entry.item;
    if (dateShown(session.performed_at) !== date) continue;
    for (const log of session.exercises) {
      const key = logKey(session.plan, log.prescription, log.slot);
      const known = found.get(key);
      if (!known || known.log.sets_done <= log.sets_done)
        found.set(key, { log, entry: entry.id, at: session.performed_at });
    }
  }
  return found;
}

function logKey(plan: Uuid, prescription: Uuid, slot: number): string {
  return `${plan} ${prescription} ${slot}`;
}

/** done = all asked sets; partly = some; skipped = none, with a reason (API.md, Days). */
function stateOf(log: Pick<ExerciseLog, "sets_done" | "skipped">, prescription: Prescription): ItemState {
  if (log.sets_done >= prescription.dose.sets) return "done";
  if (log.sets_done > 0) return "partly";
  return log.skipped === null ? "due" : "skipped";
}
