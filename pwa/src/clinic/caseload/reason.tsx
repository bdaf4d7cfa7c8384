import type { JSX } from "preact";
import { Icon } from "../../ui";
import { boldPart, flagWords } from "../parts/flag-words";
import { t } from "../t";
import type { CaseloadFlag } from "../types";
import type { Reason } from "./rows";

/** The reason in words, bold first. */
export function ReasonText({ reason, more = 0 }: { reason: Reason; more?: number }): JSX.Element {
  switch (reason.kind) {
    case "flag":
      return <FlagReason flag={reason.flag} more={more} />;
    case "rising":
      return <Line bold={t("reason.rising")} rest={t("reason.rising_from", { from: reason.from, to: reason.to })} />;
    case "silent":
      return <Line bold={t("reason.silent", { count: reason.days })} />;
    case "invited":
      return <span class="flag none">{t("reason.invited")}</span>;
    case "no_plan":
      return <Line bold={t("reason.no_plan")} />;
    case "nothing":
      return <span class="flag none">{t("reason.nothing")}</span>;
  }
}

function Line({ bold, rest, beside, alarm = false }: { bold: string; rest?: string | undefined; beside?: string; alarm?: boolean }): JSX.Element {
  return (
    <span class={alarm ? "flag alarm" : "flag"}>
      <Icon name={alarm ? "warn" : "flag"} small />
      <span>
        <b>{bold}</b> {rest} {beside && <small class="beside-flag">{beside}</small>}
      </span>
    </span>
  );
}

/** The strongest flag in words; that there are others, and that somebody has seen it, stands small beside. */
function FlagReason({ flag, more }: { flag: CaseloadFlag; more: number }): JSX.Element {
  const words = flagWords(flag);
  const beside = [more > 0 && t("caseload.more_flags", { count: more }), flag.acknowledged && t("caseload.seen")].filter(Boolean).join(", ");
  return <Line bold={boldPart(words)} rest={words.rest} beside={beside} alarm={flag.urgency === "emergency"} />;
}
