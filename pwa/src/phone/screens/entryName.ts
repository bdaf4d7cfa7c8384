import type { Entry } from "../store/entry";
import { t } from "../t";

/** What kind of entry it is, for its headline and for the list under Me. */
export function entryName({ item }: Entry): string {
  const known = ["message", "goal", "outcome", "checkin"] as const;
  const kind = known.find((one) => one === item.type);
  return kind ? t(`entry.${kind}`) : t("entry.other");
}
