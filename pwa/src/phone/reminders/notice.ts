/** What a notification says. It may be read on a locked screen, by anybody: no exercise, no body part, no pain. */
import type { LocalDate, Uuid } from "../../api/types";
import { language } from "../../i18n/core";
import { clockTime } from "../../i18n/format";
import { tn } from "./words";

/**
 * open, again   something is still to do; the second time
 * done, sent    nothing is; "sent": what waited has just gone out
 * waiting       done here, and the server does not know yet
 * neutral       nobody this phone knows, or somebody who is to do no exercises now
 * nudge, stuck  the clinic's, after silent days; the silence is an outbox that was not sent
 * weekly        a look back
 * noted, queued, putOff   "later today": agreed, waiting for a network, waiting for its hour
 * notAgain      there is no later today
 */
export type Say =
  | "open"
  | "again"
  | "done"
  | "sent"
  | "waiting"
  | "neutral"
  | "nudge"
  | "stuck"
  | "weekly"
  | "noted"
  | "queued"
  | "putOff"
  | "notAgain";

/** Stays with the notification on this phone, so that a tap need not look it up again. */
export interface NoticeData {
  readonly say: Say;
  readonly patient: Uuid | null;
  readonly occurrence: Uuid;
  readonly date: LocalDate | null;
}

export interface NoticeFacts extends NoticeData {
  /** Only where several people share the phone. */
  readonly name?: string | null;
  readonly at?: number | null;
  /** It appears without a sound: quiet hours, or an answer to a tap. */
  readonly silent?: boolean;
}

/** Not yet in the standard library's types. */
export interface NoticeOptions extends NotificationOptions {
  readonly renotify: boolean;
  readonly actions: readonly { action: "start" | "later"; title: string }[];
  readonly data: NoticeData;
}

export function noticeOf(facts: NoticeFacts): { title: string; options: NoticeOptions } {
  const { say, patient, occurrence, date, name = null, at = null, silent = false } = facts;
  const time = at === null ? "" : clockTime(new Date(at));
  const title = tn(`${say}.title`, { time });
  const asks = say === "open" || say === "again";
  return {
    title: name === null ? title : tn("named", { name, title }),
    options: {
      body: tn(`${say}.body`, { time }),
      // One notification an occurrence: whatever is said about it later takes its place.
      tag: occurrence,
      renotify: say === "again" && !silent,
      silent,
      lang: language.value,
      icon: "/icons/icon-192.png",
      actions: asks
        ? [
            { action: "start", title: tn("start") },
            { action: "later", title: tn("later") },
          ]
        : [],
      data: { say, patient, occurrence, date },
    },
  };
}
