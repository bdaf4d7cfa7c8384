import type { JSX } from "preact";
import { Button, Rich } from "../../ui";
import type { CheckinDraft } from "./draft";
import { tc, type CheckinKey } from "./t";

/** The answers so far, in one line, with the way back to them. */
export function SaidSoFar({ draft, onChange }: { draft: CheckinDraft; onChange: () => void }): JSX.Element {
  return (
    <div class="list">
      <div class="row said">
        <span class="grow">
          <Rich text={sayAnswers(draft)} />
        </span>
        <Button kind="plain" onClick={onChange}>
          {tc("change")}
        </Button>
      </div>
    </div>
  );
}

/** "Pain 4, as usual" on the second page; on the last also how far down, and tingling. */
function sayAnswers({ answers, page }: CheckinDraft): string {
  const pain = answers["q_morning"];
  const parts = [typeof pain === "number" ? tc("sum.pain", { pain: `*${pain}*` }) : tc("sum.noPain")];
  const add = (key: string, answer: unknown): void => {
    if (answer !== null && answer !== undefined) parts.push(tc(`${key}.${String(answer)}` as CheckinKey));
  };
  if (page === 1) add("sum", answers["q_morning_vs"]);
  else {
    add("sum.reach", answers["q_radiate"]);
    add("sum.tingle", answers["q_tingle"]);
  }
  return parts.join(", ");
}
