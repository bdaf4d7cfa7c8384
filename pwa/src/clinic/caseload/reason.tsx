import type { JSX } from "preact";
import { Icon } from "../../ui";
import { t, word } from "../t";
import type { Flag } from "../types";
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

function FlagReason({ flag }: { flag: Flag }): JSX.Element {
  return <Line bold={`${word("flag", flag.kind)}:`} rest={evidenceText(flag)} alarm={flag.urgency === "emergency"} />;
}

/** The newest evidence in its own words when the server gives words, else what to do next. */
export function evidenceText(flag: Flag): string {
  const list = Array.isArray(flag.evidence) ? flag.evidence : [flag.evidence];
  const newest: unknown = list.at(-1);
  if (typeof newest === "string") return newest;
  const text = (newest as { text?: unknown } | null | undefined)?.text;
  return typeof text === "string" ? text : (flag.next_step ?? "");
}
