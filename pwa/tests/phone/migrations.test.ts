/** A new version of the app never drops the outbox: from every earlier version of the database to the newest. */
import { describe, expect, test } from "vitest";
import { deletePatientDb, MIGRATIONS, openPatientDb, patientDbName } from "../../src/phone/store/db";
import { allEntries, unsent } from "../../src/phone/store/outbox";
import { sessionItem } from "./world";

/** An unsent entry as each version of the app wrote it. Add one here with every migration. */
const ENTRY_OF_VERSION: Readonly<Record<number, (id: string) => Record<string, unknown>>> = {
  1: (id) => ({
    id,
    item: sessionItem({ id }),
    state: "waiting",
    savedAt: 1,
    revision: 1,
    attempts: 1,
    errors: [],
    seenAt: null,
    seenBy: null,
  }),
  2: (id) => ({
    id,
    item: sessionItem({ id }),
    state: "waiting",
    savedAt: 1,
    revision: 1,
    attempts: 1,
    notBefore: 0,
    errors: [],
    seenAt: null,
    seenBy: null,
  }),
};

function openRaw(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function put(db: IDBDatabase, store: string, value: unknown, key?: IDBValidKey): Promise<void> {
  return new Promise((resolve, reject) => {
    const tx = db.transaction(store, "readwrite");
    tx.objectStore(store).put(value, key);
    tx.oncomplete = () => resolve();
    tx.onerror = () => reject(tx.error);
  });
}

test("every version has an example of what it wrote", () => {
  expect(Object.keys(ENTRY_OF_VERSION)).toHaveLength(MIGRATIONS.length);
});

describe.each(MIGRATIONS.map((_, index) => index + 1))("from version %i", (version) => {
  test("outbox, session in progress and plan arrive in the newest version, ready to send", async () => {
    const patient = `migrant-${version}`;
    (await openPatientDb(patient, { version })).close();
    const old = await openRaw(patientDbName(patient));
    expect(old.version).toBe(version);
    await put(old, "entries", ENTRY_OF_VERSION[version]!("kept"));
    await put(old, "drafts", { id: "begun", plan: "plan" });
    await put(old, "documents", { payload: { until: "2026-12-08" } }, "plan");
    old.close();

    const db = await openPatientDb(patient);
    expect(db.version).toBe(MIGRATIONS.length);
    expect((await allEntries(db)).map((entry) => entry.id)).toEqual(["kept"]);
    expect((await unsent(db, 2)).ready.map((entry) => entry.id)).toEqual(["kept"]);
    expect(await db.get("drafts", "begun")).toMatchObject({ plan: "plan" });
    expect(await db.get("documents", "plan")).toEqual({ payload: { until: "2026-12-08" } });
    db.close();
  });
});

test("two people on one phone have two databases", async () => {
  const [rosa, pedro] = [await openPatientDb("rosa"), await openPatientDb("pedro")];
  await rosa.put("entries", ENTRY_OF_VERSION[2]!("hers") as never);
  expect(await allEntries(pedro)).toEqual([]);
  rosa.close();
  await deletePatientDb("rosa");
  expect(await allEntries(pedro)).toEqual([]);
  pedro.close();
});

test("a page that holds the database open gives way to a newer app, and hears of it", async () => {
  let replaced = false;
  await openPatientDb("gives-way", { version: 1, onReplaced: () => (replaced = true) });
  const newer = await openPatientDb("gives-way");
  expect(replaced).toBe(true);
  expect(newer.version).toBe(MIGRATIONS.length);
  newer.close();
});
