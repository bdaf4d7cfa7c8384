import type { JSX } from "preact";
import { Icon } from "../../ui";
import { boldPart, flagWords } from "../parts/flag-words";
import { t } from "../t";
import type { CaseloadFlag } from "../types";
import type { Reason } from "./rows";

/** The reason in words, bold first. */
export function ReasonText({ reason }: { reason: Reason }): JSX.Element {
  switch (reason.kind) {
    case "flag":
      return <FlagReason flag={reason.flag} />;
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

function Line({ bold, rest, alarm = false }: { bold: string; rest?: string | undefined; alarm?: boolean }): JSX.Element {
  return (
    <span class={alarm ? "flag alarm" : "flag"}>
      <Icon name={alarm ? "warn" : "flag"} small />
      <span>
        <b>{bold}</b> {rest}
      </span>
    </span>
  );
}

function FlagReason({ flag }: { flag: CaseloadFlag }): JSX.Element {
  const words = flagWords(flag);
  return <Line bold={boldPart(words)} rest={words.rest} alarm={flag.urgency === "emergency"} />;
}
