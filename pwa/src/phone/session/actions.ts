/** What a person does with the session in progress. Screens call these; each resolves once it is on disk. */
import type { LocalDate, Uuid } from "../../api/types";
import { requireDb, written, wroteShown } from "../actions";
import type { DueGroup } from "../plan/day";
import * as state from "../state";
import { inOrder } from "../store/inOrder";
import { closeDraft } from "./closing";
import { newDraft, touch, type Draft } from "./draft";

/** `date` is given when an earlier day is filled in. */
export async function startSession(group: DueGroup, date?: LocalDate): Promise<void> {
  await requireDb().put("drafts", newDraft(group, Date.now(), date));
  await written();
  void navigator.storage?.persist?.().catch(() => false);
}

const changing = inOrder();

/**
 * Changes the session in progress, one change after the other, each made to the result of the one before: two quick
 * taps both stay. Resolves once it is on disk; the screen moves only then. `change` returns null to leave it as it is.
 */
export function changeDraft(change: (draft: Draft) => Draft | null): Promise<void> {
  return changing.after(async () => {
    const changed = state.draft.value && change(state.draft.value);
    if (!changed) return;
    const kept = touch(changed, Date.now());
    await requireDb().put("drafts", kept);
    wroteShown(() => (state.draft.value = kept));
  });
}

/** Turns the session in progress into an entry of the outbox; returns its id, or null when nothing was said in it. */
export async function closeSession(): Promise<Uuid | null> {
  await changing.idle();
  const draft = state.draft.value;
  if (draft === null) return null;
  const saved = await closeDraft(requireDb(), touch(draft, Date.now()), true);
  await written();
  return saved ? draft.id : null;
}
