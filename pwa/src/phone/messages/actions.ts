/** Writing to the clinic: the text is on disk while it is typed, and in the outbox once it is sent off. */
import { removeEntry, requireDb, sendSoon, written } from "../actions";
import { readDocument, writeDocument, type PatientDb } from "../store/db";
import { uuid7 } from "../store/ids";
import { newEntry, type Entry } from "../store/entry";
import { inOrder } from "../store/inOrder";
import { isoWithOffset } from "../store/time";
import { isEmptyDraft, type MessageDraft } from "./thread";

export function readMessageDraft(): Promise<MessageDraft | null> {
  return readDocument(requireDb(), "messageDraft");
}

const keeping = inOrder();

export function keepMessageDraft(draft: MessageDraft): Promise<void> {
  const db = requireDb();
  return keeping.after(() => writeDocument(db, "messageDraft", draft));
}

/**
 * The draft becomes an entry of the outbox in one transaction: a kill in between neither loses nor doubles it. It has its
 * turn among what is kept: a letter typed from now on belongs to the next message.
 */
export async function sendMessage(draft: MessageDraft): Promise<void> {
  if (isEmptyDraft(draft)) return;
  const db = requireDb();
  await keeping.after(() => draftToEntry(db, draft));
  await written();
  await sendSoon();
}

async function draftToEntry(db: PatientDb, draft: MessageDraft): Promise<void> {
  const now = new Date();
  const item = { type: "message", id: uuid7(), at: isoWithOffset(now), body: draft.body.trim(), about: draft.about };
  const tx = db.transaction(["entries", "documents"], "readwrite", { durability: "strict" });
  await tx.objectStore("entries").put(newEntry(item, now.getTime()));
  await tx.objectStore("documents").delete("messageDraft");
  await tx.done;
}

/** What the server could not take comes back to the line it was written on, without what it was about. */
export async function writeAgain(entry: Entry): Promise<void> {
  const begun = await readMessageDraft();
  const body = [begun?.body ?? "", String(entry.item["body"] ?? "")].filter((text) => text !== "").join("\n");
  await keepMessageDraft({ body, about: begun?.about ?? null });
  await removeEntry(entry.id);
}
