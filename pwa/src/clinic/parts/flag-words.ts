import { mayLock } from "../../rules/red-flags";
import { dayNumber, today } from "../dates";
import { spoken } from "../spoken";
import { t, word } from "../t";
import type { CaseloadFlag, Fact, Flag } from "../types";
import { dayName, onDay, percent, shortDate, sinceDay } from "../words";
import { day, factsOf, num, text } from "./facts";

/**
 * Why a flag was raised, in words: `bold` is the reason in a few words, `rest` what belongs to it. A kind or a field this
 * version does not know is left out; the kind's own name always stands.
 */
export interface FlagWords {
  readonly bold: string;
  readonly rest: string;
  /** what stands between them: a comma goes on with the sentence */
  readonly joint: ":" | ",";
}

/** "Pain 6 in Bridge on Saturday," or "Wrote yesterday:": the first half as it stands before the second. */
export function boldPart({ bold, rest, joint }: FlagWords): string {
  return rest ? bold + joint : bold;
}

/** The newest evidence, for one row of the caseload. */
export function flagWords(flag: Pick<CaseloadFlag, "kind" | "evidence" | "raised_at">): FlagWords {
  const newest = factsOf(flag.evidence).at(-1);
  return (newest && words(flag.kind, newest, flag.raised_at)) ?? said(word("flag", flag.kind));
}

/** Every piece of evidence as one sentence, newest first, none twice. */
export function evidenceLines(flag: Pick<Flag, "kind" | "evidence" | "raised_at">): string[] {
  const lines = factsOf(flag.evidence).map((fact) => words(flag.kind, fact, flag.raised_at)).filter((each) => each !== null);
  return [...new Set(lines.map((each) => (each.rest ? `${boldPart(each)} ${each.rest}` : each.bold)).reverse())];
}

function words(kind: Flag["kind"], fact: Fact, raisedAt: string): FlagWords | null {
  const found = plainWords(kind, fact, raisedAt);
  return found && fact["withdrawn"] === true ? { ...found, bold: t("evidence.withdrawn", { said: found.bold }) } : found;
}

function plainWords(kind: Flag["kind"], fact: Fact, raisedAt: string): FlagWords | null {
  switch (kind) {
    case "red_flag":
      return redFlag(fact);
    case "pain_above_rule":
      return painAboveRule(fact);
    case "pain_trend":
      return trend(fact);
    case "leg_symptoms":
      return legSymptoms(fact);
    case "silent":
      return silent(fact);
    case "overdoing":
      return overdoing(fact);
    case "no_benefit":
      return noBenefit(fact);
    case "skips":
      return skips(fact);
    case "precaution":
      return precaution(fact);
    case "message_waiting":
      return messageWaiting(fact, raisedAt);
    case "phone_unreachable":
      return unreachable(fact);
    case "held_items":
      return counted("evidence.items", num(fact, "items"));
    case "join_attempts":
      return counted("evidence.wrong_dates", num(fact, "wrong_dates"));
    default:
      return null;
  }
}

const said = (bold: string, ...rest: (string | null | false)[]): FlagWords => ({ bold, rest: rest.filter(Boolean).join(". "), joint: ":" });
const goesOn = (words: FlagWords): FlagWords => ({ ...words, joint: "," });

function redFlag(fact: Fact): FlagWords | null {
  const answers = Array.isArray(fact["answers"]) ? fact["answers"].map((sign) => word("sign", String(sign))) : [];
  const date = day(fact, "date");
  const bold = date ? t("evidence.red_flag_on", { when: onDay(date) }) : t("evidence.red_flag");
  return answers.length || date ? said(bold, answers.join("; "), hasLock(fact) && t("evidence.locked")) : null;
}

/** The exercise that the evidence speaks of, in the reader's language. */
const exerciseOf = (fact: Fact): string | null => spoken(text(fact, "exercise") ?? "") || null;

const hasLock = (fact: Fact): boolean => Array.isArray(fact["answers"]) && fact["answers"].some(mayLock);

/** Whether a clinician's note has to unlock the exercises as well. */
export function locks(flag: Pick<Flag, "kind" | "evidence">): boolean {
  return flag.kind === "red_flag" && factsOf(flag.evidence).some(hasLock);
}

function painAboveRule(fact: Fact): FlagWords | null {
  const [pain, limit, usual] = [num(fact, "pain"), num(fact, "limit"), num(fact, "reference")];
  const date = day(fact, "date");
  if (pain === null) return null;
  const when = date ? onDay(date) : "";
  const name = exerciseOf(fact);
  const moment = text(fact, "moment");
  if (moment === "limit") return said(t("evidence.limit_needed"), limit !== null && t("evidence.usual_at_limit", { pain, limit }));
  if (moment === "stop") return said(t("evidence.stop", { pain, when }).trim());
  const key = moment === "morning" ? "evidence.pain_morning" : moment === "after" ? "evidence.pain_after" : name ? "evidence.pain_in" : "evidence.pain";
  const beside = usual !== null && moment === "morning" ? t("evidence.usual", { usual }) : usual !== null && moment === "after" ? t("evidence.before", { usual }) : null;
  const parts = [beside, limit !== null ? t("evidence.limit", { limit }) : null].filter(Boolean).join(", ");
  return goesOn(said(t(key, { pain, name: name ?? "", when }).trim(), parts));
}

function trend(fact: Fact): FlagWords | null {
  const [from, to] = [num(fact, "from"), num(fact, "to")];
  if (from === null || to === null) return null;
  const start = day(fact, "from_date");
  return said(t("evidence.trend"), start ? t("evidence.trend_since", { from, to, date: shortDate(start) }) : t("evidence.trend_from", { from, to }));
}

function legSymptoms(fact: Fact): FlagWords | null {
  const [from, to] = [num(fact, "from"), num(fact, "to")];
  const date = day(fact, "date");
  const lower = from !== null && to !== null && to > from;
  const facts = [
    lower && t("evidence.leg_lower", { from: word("reach", String(from)), to: word("reach", String(to)), when: date ? sinceDay(date) : "" }).trim(),
    lower && (fact["lasted"] === "yes" || fact["lasted"] === true) && t("evidence.leg_lasted"),
    fact["numb"] === true && t("evidence.leg_numb"),
    fact["weak"] === "yes" && t("evidence.leg_weak"),
    fact["weak"] === "not_sure" && t("evidence.leg_not_sure"),
    tingling(fact["tingle"]),
  ].filter((each): each is string => Boolean(each));
  return facts.length === 0 ? null : said(t(lower ? "evidence.leg" : "evidence.leg_more"), facts.join(", "));
}

function tingling(pair: unknown): string | null {
  if (!Array.isArray(pair)) return null;
  const [from, to] = pair as unknown[];
  return typeof to === "number" && to > (typeof from === "number" ? from : 0) ? word("evidence_tingle", String(to)) : null;
}

function silent(fact: Fact): FlagWords | null {
  const since = day(fact, "since");
  // Counted anew: the flag was raised once, and the silence goes on.
  const days = since ? dayNumber(today()) - dayNumber(since) : num(fact, "days");
  if (days === null) return null;
  const before = num(fact, "adherence_before");
  return goesOn(said(t("reason.silent", { count: days }), before !== null && t("evidence.was_at", { share: percent(before) })));
}

function overdoing(fact: Fact): FlagWords | null {
  const ratio = num(fact, "ratio");
  if (ratio === null) return null;
  const [done, asked] = [num(fact, "done"), num(fact, "asked")];
  return goesOn(said(t("evidence.overdoing", { share: percent(ratio) }), done !== null && asked !== null && t("evidence.overdoing_of", { done: sets(done), asked: sets(asked) })));
}

/** The server counts the dose in hundredths of a set. */
const sets = (hundredths: number): number => Math.round(hundredths / 10) / 10;

function noBenefit(fact: Fact): FlagWords | null {
  const week = num(fact, "week");
  if (week === null) return null;
  const pain = pair(fact, "pain_from", "pain_to", "evidence.pain_pair");
  const gain = num(fact, "psfs_gain");
  const psfs = pair(fact, "psfs_from", "psfs_to", "evidence.psfs_pair") ?? (gain === null ? null : t("evidence.psfs_gain", { gain }));
  return said(t("evidence.no_benefit", { week }), [pain, psfs].filter(Boolean).join(", "));
}

function pair(fact: Fact, first: string, second: string, key: "evidence.pain_pair" | "evidence.psfs_pair"): string | null {
  const [from, to] = [num(fact, first), num(fact, second)];
  return from === null || to === null ? null : t(key, { from, to });
}

function skips(fact: Fact): FlagWords | null {
  const reasons = Object.entries((fact["reasons"] ?? {}) as Record<string, unknown>).filter((each): each is [string, number] => typeof each[1] === "number");
  if (reasons.length === 0) return null;
  const list = reasons.sort((a, b) => b[1] - a[1]).map(([reason, times]) => t("evidence.skip", { reason: word("skip", reason), times }));
  const name = exerciseOf(fact);
  return said(name ? t("evidence.skips", { name }) : t("flag.skips"), list.join(", "));
}

function precaution(fact: Fact): FlagWords | null {
  const name = exerciseOf(fact);
  const sentence = text(fact, "sentence");
  if (!name && !sentence) return null;
  const action = text(fact, "action");
  return said(name ? t("evidence.precaution", { name, action: action ? word("action", action) : "" }).trim() : t("flag.precaution"), sentence && spoken(sentence));
}

function messageWaiting(fact: Fact, raisedAt: string): FlagWords | null {
  const body = text(fact, "text", "body");
  if (!body) return null;
  const at = text(fact, "at") ?? raisedAt;
  const date = today(new Date(at));
  const ago = dayNumber(today()) - dayNumber(date);
  const when = ago > 1 ? t("evidence.days_ago", { count: ago }) : t(ago === 1 ? "yesterday" : "today");
  return said(t("evidence.wrote", { when }), t("evidence.quote", { text: body }));
}

function unreachable(fact: Fact): FlagWords | null {
  const since = day(fact, "since");
  const channel = text(fact, "channel");
  return said(t("flag.phone_unreachable"), [channel && word("channel", channel), since && t("evidence.since", { date: dayName(since) })].filter(Boolean).join(", "));
}

function counted(key: "evidence.items" | "evidence.wrong_dates", count: number | null): FlagWords | null {
  return count === null ? null : said(t(key, { count }));
}
