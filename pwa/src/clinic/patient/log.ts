import type { ExerciseLog, KeptExercise, KeptSession, SessionLog } from "../types";

/**
 * Sessions come back in the shape in which a phone sent them, and a phone may leave out what it does not know. Here every
 * gap becomes null, so that no answer stays no answer everywhere on screen: never zero, never "undefined".
 */
export function readSession(kept: KeptSession): SessionLog {
  return {
    id: kept.id,
    plan: kept.plan,
    performed_at: kept.performed_at,
    logged_at: kept.logged_at ?? null,
    duration_s: kept.duration_s ?? null,
    pain_before: kept.pain_before ?? null,
    pain_after: kept.pain_after ?? null,
    effort: kept.effort ?? null,
    note: kept.note ?? "",
    exercises: kept.exercises.map(readExercise),
    local_date: kept.local_date,
    received_at: kept.received_at,
    late: kept.late,
    seen_at: kept.seen_at,
  };
}

function readExercise(kept: KeptExercise): ExerciseLog {
  return {
    id: kept.id,
    prescription: kept.prescription,
    slot: kept.slot ?? 1,
    side: kept.side ?? "both",
    variant: kept.variant ?? null,
    sets_done: kept.sets_done,
    reps: kept.reps ?? [],
    hold_s: kept.hold_s ?? null,
    load_kg: kept.load_kg ?? null,
    pain: kept.pain ?? null,
    difficulty: kept.difficulty ?? null,
    skipped: kept.skipped ?? null,
  };
}
