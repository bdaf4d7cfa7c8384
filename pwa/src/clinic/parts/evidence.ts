import { longDay } from "../../i18n/format";
import { t, word } from "../t";
import type { CaseloadFlag, Flag } from "../types";

/** What the server knows about why a flag was raised. Each kind fills in what it has. */
interface Evidence {
  date?: string;
  /** ids of warning signs, CLINICAL.md D.8 */
  answers?: string[];
  /** entries that could not be taken over */
  items?: number;
  /** wrong birth dates */
  wrong_dates?: number;
  text?: string;
}

/** The newest evidence as one sentence, e.g. "Monday 23 November: trouble passing urine"; empty when there are no words for it. */
export function evidenceText(flag: CaseloadFlag): string {
  const list = (Array.isArray(flag.evidence) ? flag.evidence : [flag.evidence]) as (Evidence | undefined)[];
  return sentence(list.at(-1));
}

export function allEvidence(flag: Flag): string[] {
  const list = (Array.isArray(flag.evidence) ? flag.evidence : [flag.evidence]) as (Evidence | undefined)[];
  return list.map(sentence).filter(Boolean).reverse();
}

function sentence(evidence: Evidence | undefined): string {
  if (!evidence) return "";
  const facts: string[] = [];
  if (evidence.text) facts.push(evidence.text);
  if (evidence.answers?.length) facts.push(evidence.answers.map((sign) => word("sign", sign)).join("; "));
  if (evidence.items) facts.push(t("evidence.items", { count: evidence.items }));
  if (evidence.wrong_dates) facts.push(t("evidence.wrong_dates", { count: evidence.wrong_dates }));
  const what = facts.join(". ");
  const when = evidence.date ? longDay(evidence.date) : "";
  return when && what ? `${when}: ${what}` : when || what;
}
