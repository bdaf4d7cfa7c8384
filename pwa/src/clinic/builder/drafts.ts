import { person } from "../session";
import type { Program } from "../types";

/**
 * What has been edited and not yet reached the server, kept in this browser until it has. One entry a person and
 * program, so that two people on one computer never see each other's. Holds programs, never a patient's data.
 */

export interface Draft {
  /** the server's version that the edits were made on */
  version: number;
  program: Program;
}

export interface DraftStore {
  read(): Draft | null;
  write(draft: Draft): void;
  clear(): void;
}

const DRAFT = "homestretch.draft.";
const REASONS = "homestretch.reasons.";

function mine(prefix: string): string {
  return `${prefix}${person.value?.user.id ?? "nobody"}.`;
}

function parse<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null; // private mode without storage, or a broken entry: nothing to restore
  }
}

function put(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden. The edits are still on screen and on their way to the server.
  }
}

export function draftStore(programId: string): DraftStore {
  const key = mine(DRAFT) + programId;
  return {
    read: () => parse<Draft>(key),
    write: (draft) => put(key, draft),
    clear: () => localStorage.removeItem(key),
  };
}

/** Ids of the programs with edits that exist only here. */
export function unsavedDrafts(): string[] {
  const prefix = mine(DRAFT);
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** Typed reasons for keeping an exercise over a conflict, by `rule key`. They go to the server with the prescription. */
export type Reasons = Readonly<Record<string, string>>;

export function readReasons(programId: string, patientId: string): Reasons {
  return parse<Reasons>(`${mine(REASONS)}${programId}.${patientId}`) ?? {};
}

export function writeReasons(programId: string, patientId: string, reasons: Reasons): void {
  const key = `${mine(REASONS)}${programId}.${patientId}`;
  if (Object.keys(reasons).length === 0) localStorage.removeItem(key);
  else put(key, reasons);
}
