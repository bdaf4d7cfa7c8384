/**
 * When to send: on save, when the app opens or comes back, when the network comes back, every minute while open, and
 * after a silence when the backoff says so. What to send, and what an answer means, is `sync.ts`.
 */
import { backoffMs } from "./backoff";
import type { SendOutcome } from "./sync";

export type Trigger = "save" | "open" | "online" | "minute" | "backoff" | "asked";

const MINUTE_MS = 60_000;

export interface SenderParts {
  /** One attempt; called under the lock. */
  readonly send: (trigger: Trigger) => Promise<SendOutcome>;
  readonly onOutcome: (outcome: SendOutcome) => void;
  readonly random?: () => number;
}

export class Sender {
  private failures = 0;
  /** The server named a time (429, 503): nobody may come earlier, however eager. */
  private notBefore = 0;
  private running: Promise<void> | null = null;
  private again: Trigger | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private minute: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly parts: SenderParts) {}

  start(): void {
    this.minute ??= setInterval(() => void this.poke("minute"), MINUTE_MS);
  }

  stop(): void {
    if (this.minute !== null) clearInterval(this.minute);
    if (this.timer !== null) clearTimeout(this.timer);
    this.minute = null;
    this.timer = null;
  }

  /** Asks for a send. While one runs, a further one is remembered, so that what was just saved is not forgotten. */
  poke(trigger: Trigger): Promise<void> {
    if (trigger === "open" || trigger === "online") this.failures = 0;
    if (Date.now() < this.notBefore || (trigger === "minute" && this.timer !== null)) return Promise.resolve();
    if (this.running !== null) {
      this.again = trigger;
      return this.running;
    }
    this.running = this.run(trigger).finally(() => {
      this.running = null;
      const next = this.again;
      this.again = null;
      if (next !== null) void this.poke(next);
    });
    return this.running;
  }

  private async run(trigger: Trigger): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const outcome = await this.parts.send(trigger);
    this.schedule(outcome);
    this.parts.onOutcome(outcome);
  }

  private schedule(outcome: SendOutcome): void {
    if (outcome.kind !== "later") {
      this.failures = 0;
      return;
    }
    this.failures += 1;
    if (outcome.waitMs !== null) this.notBefore = Date.now() + outcome.waitMs;
    const delay = outcome.waitMs ?? backoffMs(this.failures, (this.parts.random ?? Math.random)());
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.poke("backoff");
    }, delay);
  }
}

/** Asks the browser to send later, even with the app closed; where there is no Background Sync nothing happens. */
export async function askBackgroundSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const manager = (
    registration as (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }) | undefined
  )?.sync;
  // Refused by a person's or a browser's setting: the app sends while it is open.
  await manager?.register("homestretch-send").catch(() => undefined);
}
