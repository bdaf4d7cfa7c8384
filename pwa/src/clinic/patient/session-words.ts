import { dayNumber } from "../dates";
import { t, word } from "../t";
import type { ExerciseLog, SessionLog } from "../types";
import { dayInSentence } from "../words";

/** A session in a sentence or two: what was done, what hurt, what was left out and why. */

export interface SessionWords {
  /** bold: the exercise above the limit, or nothing */
  alarm: string | null;
  text: string;
  done: number;
  of: number;
}

/** A bad day can hurt everywhere; the worst say it, the table below has them all. */
const NAMED_AT_MOST = 2;

type NameOf = (log: ExerciseLog) => string;

export function sessionWords(session: SessionLog, limit: number | null, nameOf: NameOf): SessionWords {
  const logs = session.exercises;
  const over = limit === null ? [] : logs.filter((log) => log.pain !== null && log.pain > limit);
  const rest = logs.filter((log) => !over.includes(log) && !log.skipped);
  const parts = [painRange(rest, over.length > 0), skips(logs, nameOf)].filter(Boolean);
  return {
    alarm: over.length === 0 ? null : alarmOf(over, nameOf),
    text: parts.join(" "),
    done: logs.filter((log) => !log.skipped && log.sets_done > 0).length,
    of: logs.length,
  };
}

function alarmOf(over: readonly ExerciseLog[], nameOf: NameOf): string {
  const worst = [...over].sort((a, b) => (b.pain ?? 0) - (a.pain ?? 0)).slice(0, NAMED_AT_MOST);
  const said = worst.map((log) => t("session.pain", { name: nameOf(log), score: log.pain ?? 0 }) + difficulty(log)).join("; ");
  const more = over.length - worst.length;
  return more > 0 ? `${said}; ${t("session.more_above", { count: more })}` : said;
}

function difficulty(log: ExerciseLog): string {
  return log.difficulty ? `, ${word("difficulty", log.difficulty)}` : "";
}

function painRange(logs: readonly ExerciseLog[], others: boolean): string {
  const scores = logs.map((log) => log.pain).filter((score) => score !== null);
  if (scores.length === 0) return logs.length ? t("session.no_scores") : "";
  const low = Math.min(...scores);
  const high = Math.max(...scores);
  if (low === high) return t(others ? "session.others_one" : "session.all_one", { score: low });
  return t(others ? "session.others" : "session.all", { low, high });
}

/** "Skipped: Bridge (too painful); Short-step walking (no time)." */
function skips(logs: readonly ExerciseLog[], nameOf: NameOf): string {
  const skipped = logs.filter((log) => log.skipped);
  if (skipped.length === 0) return "";
  const list = skipped.map((log) => t("session.skip", { name: nameOf(log), reason: word("skip", log.skipped ?? "other") }));
  return t("session.skipped", { list: list.join("; ") });
}

/** "Filled in late, on Thursday 19 November" */
export function lateWords(session: SessionLog): string | null {
  if (!session.late) return null;
  const logged = (session.logged_at ?? session.received_at).slice(0, 10);
  return dayNumber(logged) > dayNumber(session.local_date) ? t("session.late_on", { date: dayInSentence(logged) }) : t("session.late");
}
