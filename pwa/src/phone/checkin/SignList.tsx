import type { JSX } from "preact";
import { language } from "../../i18n/core";
import { ruleOf } from "../../rules/red-flags";
import { Icon } from "../../ui";
import { plan } from "../state";
import { impliedSigns, signsOf, withSign, type CheckinDraft } from "./draft";
import { wordsFor, type Sign } from "./signs";
import { ENGLISH, tc, type CheckinKey } from "./t";

/** A sign as the list asks it, and its advice, in the person's language. */
export function askOf(sign: Sign): { text: string; lang: string | undefined } {
  return inLanguage(wordsFor(sign.ask, `sign.${sign.id}.ask`, ENGLISH, (key) => tc(key as CheckinKey)));
}

export function textOf(sign: Sign): { text: string; lang: string | undefined } {
  return inLanguage(wordsFor(sign.text, `sign.${ruleOf(sign.id)}.text`, ENGLISH, (key) => tc(key as CheckinKey)));
}

function inLanguage({ text, foreign }: { text: string; foreign: boolean }): { text: string; lang: string | undefined } {
  return { text, lang: foreign && language.value !== "en" ? "en" : undefined };
}

export interface SignListProps {
  readonly draft: CheckinDraft;
  readonly onChange: (change: (draft: CheckinDraft) => CheckinDraft) => void;
}

/** The warning signs, ticked one by one; what another answer already says is ticked and stays. */
export function SignList({ draft, onChange }: SignListProps): JSX.Element {
  const implied = impliedSigns(draft);
  const ticked = signsOf(draft);
  return (
    <ul class="list reds">
      {(plan.value?.payload.red_flags ?? []).map((sign) => {
        const { text, lang } = askOf(sign);
        const fixed = implied.includes(sign.id);
        const on = ticked.includes(sign.id);
        return (
          <li key={sign.id}>
            <button
              type="button"
              class="row"
              role="checkbox"
              aria-checked={on}
              aria-disabled={fixed ? "true" : undefined}
              onClick={() => !fixed && onChange((now) => withSign(now, sign.id))}
            >
              <span class="grow" lang={lang}>
                {text}
                {fixed && <small>{tc("signs.implied")}</small>}
              </span>
              <span class="tick">{on && <Icon name="check" />}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
