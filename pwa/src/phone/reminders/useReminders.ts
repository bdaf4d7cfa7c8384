/** The reminders of the person who is shown: what the phone knows at once, then what the server says; and changing them. */
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import { database, person, reachable } from "../state";
import { readDocument, type PatientDb } from "../store/db";
import { mainRule, type RemindersPayload, type Rule } from "./document";
import { refreshReminders, saveRules, withMain } from "./store";
import { pushState, turnOn, type PushState } from "./permission";
import { turnOff } from "./subscribing";
import { tr } from "./settingsWords";

export interface Reminders {
  readonly payload: RemindersPayload | null;
  readonly push: PushState | null;
  /** No answer to the last question: what is shown is what the phone knows. */
  readonly unreached: boolean;
  readonly busy: boolean;
  readonly problem: string | null;
  /** Changes the main rule; whether the server has it. */
  readonly change: (part: Partial<Rule>, weekly?: boolean) => Promise<boolean>;
  /** After a tap: the browser's question, the subscription, and push before e-mail where it was left out. */
  readonly allow: () => Promise<PushState | null>;
  readonly forbid: () => Promise<void>;
  /** Other work with the server, its problem shown as the others are. */
  readonly attempt: (work: (db: PatientDb) => Promise<void>) => Promise<boolean>;
}

export function useReminders(): Reminders {
  const [payload, setPayload] = useState<RemindersPayload | null>(null);
  const [push, setPush] = useState<PushState | null>(null);
  const [unreached, setUnreached] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const db = database.value;
  const patient = person.value?.id;

  const readStored = async (open: PatientDb): Promise<void> => {
    const [known, state] = [await readDocument(open, "reminders"), await pushState(open)];
    setPayload(known?.payload ?? null);
    setPush(state);
  };
  const load = async (): Promise<void> => {
    if (db === null || patient === undefined) return;
    await readStored(db);
    try {
      await refreshReminders(db, patient);
      await readStored(db);
      setUnreached(false);
    } catch (error) {
      // Somebody else is shown by now, and this person's database is closed.
      if (database.value !== db) return;
      if (!(error instanceof ApiError)) throw error;
      setUnreached(true);
    }
  };
  useEffect(() => void load(), [patient, reachable.value]);

  const attempt = async (work: (db: PatientDb) => Promise<void>): Promise<boolean> => {
    if (db === null || busy) return false;
    setBusy(true);
    setProblem(null);
    try {
      await work(db);
      return true;
    } catch (error) {
      setProblem(problemOf(error));
      return false;
    } finally {
      // Whatever was asked or changed is on disk now.
      await readStored(db);
      setBusy(false);
    }
  };

  const change = (part: Partial<Rule>, weekly?: boolean): Promise<boolean> =>
    attempt(async (open) => {
      if (payload !== null) await saveRules(open, patient!, withMain(payload, part, weekly));
    });

  const allow = async (): Promise<PushState | null> => {
    let state: PushState | null = null;
    await attempt(async (open) => {
      state = await turnOn(open, patient!, payload!.vapid_public_key);
      if (state !== "on") return;
      const now = await refreshReminders(open, patient!);
      const main = mainRule(now);
      const lacks = main !== null && !main.channels.includes("push");
      if (lacks) await saveRules(open, patient!, withMain(now, { channels: ["push", ...main.channels] }));
    });
    return state;
  };

  const forbid = async (): Promise<void> => {
    await attempt(async (open) => {
      await turnOff(open, patient!);
      await refreshReminders(open, patient!);
    });
  };

  return { payload, push, unreached, busy, problem, change, allow, forbid, attempt };
}

function problemOf(error: unknown): string {
  if (error instanceof ApiError) return error.status === 0 ? tr("needsNetwork") : error.message;
  if (error instanceof DOMException) return tr("pushFailed");
  throw error;
}
