/** What a person does with a check-in. Screens call these; each resolves once it is on disk. */
import type { Uuid } from "../../api/types";
import { finishAnswering, requireDb, sendSoon, written } from "../actions";
import { closeSession } from "../session/actions";
import * as state from "../state";
import { readDocument, writeDocument } from "../store/db";
import { inOrder } from "../store/inOrder";
import { closeDraft } from "./closing";
import { newCheckin, type CheckinDraft } from "./draft";
import { lastAnswer } from "./history";
import type { CheckinKind } from "./questions";
import { DRAFT_OF } from "./store";

/** Begins a check-in, or goes on with the one that was left half-way. */
export async function beginCheckin(kind: CheckinKind): Promise<void> {
  const db = requireDb();
  if ((await readDocument(db, DRAFT_OF[kind])) !== null) return;
  const past = state.checkins.value;
  const sideKnown =
    (state.plan.value?.payload.side ?? null) !== null || past.some((one) => (one.answers["q_side"] ?? null) !== null);
  const begin = { kind, askSide: kind === "weekly" && !sideKnown, lastReach: lastAnswer(past, "q_radiate") };
  await writeDocument(db, DRAFT_OF[kind], newCheckin(begin, Date.now()));
  await written();
}

const changing = inOrder();

/** One change after the other, each made to the result of the one before: two quick taps both stay. null: leave it. */
export function changeCheckin(kind: CheckinKind, change: (draft: CheckinDraft) => CheckinDraft | null): Promise<void> {
  return changing.after(async () => {
    const db = requireDb();
    const draft = state.care.value[kind];
    const changed = draft && change(draft);
    if (!changed) return;
    const kept = { ...changed, touchedAt: Date.now() };
    await writeDocument(db, DRAFT_OF[kind], kept);
    state.care.value = { ...state.care.value, [kind]: kept };
    await written();
  });
}

/** Ends it: into the outbox, on its way. Resolves with the entry, or null when nothing was said. */
export async function closeCheckin(kind: CheckinKind): Promise<Uuid | null> {
  await changing.idle();
  const draft = state.care.value[kind];
  if (draft === null) return null;
  const entry = await closeDraft(requireDb(), draft);
  state.adviceRead.value = false;
  await written();
  // Exercises in progress end with it: what was done so far goes to the therapist now.
  if (state.lock.value !== null && (await closeSession()) !== null) await finishAnswering();
  await sendSoon();
  return entry;
}

/** Not today: it is offered again tomorrow. What was answered already stays. */
export async function putOff(kind: CheckinKind): Promise<void> {
  const known = state.care.value.putOff;
  await writeDocument(requireDb(), "checkinPutOff", { ...known, [kind]: state.today.value });
  await written();
}
