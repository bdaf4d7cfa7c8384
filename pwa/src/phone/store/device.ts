/** What belongs to this phone rather than to one patient: its id, who has used it, the CSRF token, sound on or off. */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";
import { cookieCsrf, type CsrfStore } from "../../api/client";
import type { Me, Uuid } from "../../api/types";
import type { Language } from "../../i18n/core";
import { uuid7 } from "./ids";

export interface Account {
  readonly user: Uuid;
  readonly email: string | null;
  readonly patients: Me["patients"];
}

export interface DeviceValues {
  device: Uuid;
  csrf: string;
  /** Everybody who is known here; signing out removes the one who signs out. */
  accounts: readonly Account[];
  /** The patient whose plan is shown. */
  current: Uuid;
  /** Somebody signed out without a network: the server must still hear of it before anything else. */
  leaving: boolean;
  sound: boolean;
  /** Seconds a repetition takes, as the person chose it. */
  repSeconds: number;
  language: Language;
}

interface DeviceSchema extends DBSchema {
  values: { key: keyof DeviceValues; value: DeviceValues[keyof DeviceValues] };
}

const NAME = "homestretch-device";
let opened: Promise<IDBPDatabase<DeviceSchema>> | null = null;

function database(): Promise<IDBPDatabase<DeviceSchema>> {
  opened ??= openDB<DeviceSchema>(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("values");
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

export async function readDevice<K extends keyof DeviceValues>(key: K): Promise<DeviceValues[K] | null> {
  return ((await (await database()).get("values", key)) as DeviceValues[K] | undefined) ?? null;
}

export async function writeDevice<K extends keyof DeviceValues>(key: K, value: DeviceValues[K] | null): Promise<void> {
  const db = await database();
  if (value === null) await db.delete("values", key);
  else await db.put("values", value, key);
}

/** This device's id, made at first use. One transaction, so that page and service worker cannot make two. */
export async function deviceId(): Promise<Uuid> {
  const tx = (await database()).transaction("values", "readwrite");
  const known = (await tx.store.get("device")) as Uuid | undefined;
  const id = known ?? uuid7();
  if (known === undefined) await tx.store.put(id, "device");
  await tx.done;
  return id;
}

/** Records who the server says is signed in; the patients of other accounts on this phone stay theirs. */
export async function rememberAccount(me: Me): Promise<Account> {
  const account: Account = { user: me.user.id, email: me.user.email ?? null, patients: me.patients };
  const others = ((await readDevice("accounts")) ?? []).filter((known) => known.user !== account.user);
  await writeDevice("accounts", [...others, account]);
  await writeDevice("csrf", me.csrf_token);
  return account;
}

/** Everybody who is known on this phone, once each. */
export async function knownPatients(): Promise<Me["patients"]> {
  const accounts = (await readDevice("accounts")) ?? [];
  return [...new Map(accounts.flatMap((account) => account.patients).map((one) => [one.id, one])).values()];
}

/** The token both the page and the service worker use; the page prefers the cookie, which is always the newest. */
export const deviceCsrf: CsrfStore = {
  async read() {
    return (await cookieCsrf.read()) ?? readDevice("csrf");
  },
  write(token) {
    return writeDevice("csrf", token);
  },
};

/** For tests: forget the open connection and the data. */
export async function resetDevice(): Promise<void> {
  (await opened)?.close();
  opened = null;
  await deleteDB(NAME);
}
