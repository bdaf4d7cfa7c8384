import { t, word } from "../t";
import type { Checkin } from "../types";

/**
 * A check-in in words. Absent means not asked, null not answered: neither is zero, and neither is said. Answers that are as
 * good as they can be (no tingling, no weakness) are left out, so that what is said is what matters.
 */
export interface CheckinWords {
  /** bold: warning signs, new weakness or numbness */
  alarm: string[];
  facts: string[];
}

const SCORES = ["q_pain_now", "q_pain_avg", "q_pain_worst", "q_sit_pain", "q_lbp", "q_follow"] as const;

export function checkinWords({ answers }: Checkin): CheckinWords {
  const alarm: string[] = [];
  const facts: string[] = [];
  const signs = answers["q_redflag"];
  if (Array.isArray(signs)) alarm.push(...signs.map((sign) => word("sign", String(sign))));
  if (answers["q_weak"] === "yes") alarm.push(t("checkin.weak"));
  if (answers["q_numb_new"] === "yes") alarm.push(t("checkin.numb"));
  const morning = answers["q_morning"];
  if (typeof morning === "number") {
    const usual = answers["q_morning_vs"];
    facts.push(t("checkin.morning", { score: morning }) + (typeof usual === "string" ? `, ${word("checkin_vs", usual)}` : ""));
  }
  const radiate = answers["q_radiate"];
  if (typeof radiate === "number") facts.push(word("checkin_radiate", String(radiate)));
  const tingle = answers["q_tingle"];
  if (typeof tingle === "number" && tingle > 0) facts.push(word("checkin_tingle", String(tingle)));
  if (answers["q_weak"] === "not_sure") facts.push(t("checkin.weak_not_sure"));
  for (const name of SCORES) {
    const score = answers[name];
    if (typeof score === "number") facts.push(t(`checkin.${name}`, { score }));
  }
  const sits = answers["q_sit_time"];
  if (typeof sits === "string") facts.push(word("checkin_sit", sits));
  return { alarm, facts };
}
