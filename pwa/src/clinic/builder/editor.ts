import { computed, signal } from "@preact/signals";
import { ApiError, type ErrorItem } from "../../api/client";
import type { Program } from "../types";
import type { DraftStore } from "./drafts";
import * as history from "./history";
import { sameContent } from "./program";

/** How far the edits on screen have come. The words for each are in `save-state.tsx`. */
export type SaveState =
  | { readonly kind: "saved" | "unsaved" | "saving" | "offline" | "signed-out" | "sealed" | "forbidden" | "gone" }
  | { readonly kind: "conflict"; readonly theirs: Program }
  | { readonly kind: "rejected"; readonly errors: readonly ErrorItem[] };

export interface Ports {
  /** PUT with If-Match */
  put(program: Program, version: number): Promise<Program>;
  drafts: DraftStore;
  /** setTimeout; gives a function that cancels */
  later(ms: number, run: () => void): () => void;
  onSaved?: () => void;
  onExpired?: (error: ApiError) => void;
}

const QUIET_MS = 700;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * A program being edited: undo, autosave and what to do when saving fails.
 *
 * Every change is in the draft store before anything else happens, so that a closed laptop or a lost connection costs
 * nothing. One PUT runs at a time; what was typed meanwhile goes with the next one. A stale version (412) stops saving
 * until a person has chosen between the two documents: nothing is merged behind anyone's back.
 */
export class Editor {
  readonly history = signal<history.History<Program>>(history.start({} as Program));
  readonly state = signal<SaveState>({ kind: "saved" });
  /** true when edits from an earlier visit were brought back on opening */
  readonly restored = signal(false);
  readonly program = computed(() => this.history.value.present);
  readonly canUndo = computed(() => this.history.value.past.length > 0);
  readonly canRedo = computed(() => this.history.value.future.length > 0);

  private saved: Program;
  private version: number;
  private lastSent: Program | null = null;
  private running: Promise<void> | null = null;
  private cancelTimer: () => void = () => undefined;
  private retryMs = FIRST_RETRY_MS;
  private closed = false;

  constructor(server: Program, private readonly ports: Ports) {
    this.saved = server;
    this.version = server.version;
    this.history.value = history.start(server);
    if (server.sealed) this.state.value = { kind: "sealed" };
    else this.restore(server);
  }

  private restore(server: Program): void {
    const draft = this.ports.drafts.read();
    if (!draft) return;
    if (sameContent(draft.program, server)) {
      this.ports.drafts.clear();
      return;
    }
    this.restored.value = true;
    this.history.value = history.commit(this.history.value, { ...draft.program, version: server.version });
    if (draft.version === server.version) this.schedule(0);
    else this.state.value = { kind: "conflict", theirs: server };
  }

  edit(change: (program: Program) => Program, tag: string | null = null): void {
    this.move(history.commit(this.history.value, change(this.program.value), tag));
  }

  undo(): void {
    this.move(history.undo(this.history.value));
  }

  redo(): void {
    this.move(history.redo(this.history.value));
  }

  /** The end of typing in one field. */
  pause(): void {
    this.history.value = history.seal(this.history.value);
  }

  private move(next: history.History<Program>): void {
    if (this.state.value.kind === "sealed" || next.present === this.history.value.present) return;
    this.history.value = next;
    this.keep();
    if (this.state.value.kind === "conflict") return;
    this.state.value = { kind: "unsaved" };
    this.schedule(QUIET_MS);
  }

  private keep(): void {
    this.ports.drafts.write({ version: this.version, program: this.program.value });
  }

  private schedule(ms: number): void {
    this.cancelTimer();
    this.cancelTimer = this.ports.later(ms, () => void this.save());
  }

  /** Saves what is on screen now. True when the server has it. */
  async flush(): Promise<boolean> {
    this.cancelTimer();
    while (!this.closed && this.needsSaving() && this.state.value.kind !== "conflict") {
      const before = this.program.value;
      await this.save();
      if (this.needsSaving() && this.program.value === before) return false;
    }
    return !this.needsSaving() && this.state.value.kind !== "conflict";
  }

  private needsSaving(): boolean {
    return !sameContent(this.program.value, this.saved);
  }

  private async save(): Promise<void> {
    if (this.running) return this.running;
    this.running = this.saveOnce().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async saveOnce(): Promise<void> {
    const sent = this.program.value;
    if (sameContent(sent, this.saved)) return this.settle();
    this.state.value = { kind: "saving" };
    this.lastSent = sent;
    try {
      const answer = await this.ports.put(sent, this.version);
      this.version = answer.version;
      this.saved = sent;
      this.retryMs = FIRST_RETRY_MS;
      this.settle();
      this.ports.onSaved?.();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.fail(error);
    }
  }

  private settle(): void {
    if (this.needsSaving()) {
      this.keep();
      this.state.value = { kind: "unsaved" };
      if (!this.closed) this.schedule(0);
    } else {
      this.ports.drafts.clear();
      this.state.value = { kind: "saved" };
    }
  }

  private fail(error: ApiError): void {
    const { status } = error;
    if (status === 412) this.stale(currentDocument(error.body));
    else if (status === 401) {
      this.state.value = { kind: "signed-out" };
      this.ports.onExpired?.(error);
    } else if (status === 409) this.state.value = { kind: "sealed" };
    else if (status === 403) this.state.value = { kind: "forbidden" };
    else if (status === 404) this.state.value = { kind: "gone" };
    else if (status === 0 || status === 429 || status >= 500) this.retry(error);
    else this.state.value = { kind: "rejected", errors: error.errors };
  }

  /** Their document may be ours: a PUT that was stored while its answer got lost, and then sent again. */
  private stale(theirs: Program): void {
    if (this.lastSent && sameContent(theirs, this.lastSent)) {
      this.version = theirs.version;
      this.saved = theirs;
      this.settle();
    } else {
      this.state.value = { kind: "conflict", theirs };
    }
  }

  private retry(error: ApiError): void {
    this.state.value = { kind: "offline" };
    if (this.closed) return;
    this.schedule(error.retryAfter !== null ? error.retryAfter * 1000 : this.retryMs);
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
  }

  /** The network or the sign-in is back. */
  retryNow(): void {
    if (this.state.value.kind !== "offline" && this.state.value.kind !== "signed-out") return;
    this.retryMs = FIRST_RETRY_MS;
    this.schedule(0);
  }

  /** Mine goes over theirs, on top of their version. */
  keepMine(): void {
    if (this.state.value.kind !== "conflict") return;
    this.version = this.state.value.theirs.version;
    this.saved = this.state.value.theirs;
    this.keep();
    this.state.value = { kind: "unsaved" };
    this.schedule(0);
  }

  /** Theirs is shown; mine is one undo away. */
  takeTheirs(): void {
    if (this.state.value.kind !== "conflict") return;
    const { theirs } = this.state.value;
    this.version = theirs.version;
    this.saved = theirs;
    this.history.value = history.commit(this.history.value, theirs);
    this.settle();
    this.ports.onSaved?.();
  }

  /** Leaving the page: the last edits go out at once; if that fails they wait in the draft. */
  close(): void {
    this.closed = true;
    this.cancelTimer();
    const kind = this.state.value.kind;
    if (this.needsSaving() && kind !== "conflict" && kind !== "sealed") void this.save();
  }
}

/** The current document of a 412, whether the server sends it bare or beside the errors. */
function currentDocument(body: unknown): Program {
  const answer = body as Program & { current?: Program };
  return answer.current ?? answer;
}
