import { translator } from "../../i18n/core";
import english from "../../i18n/en/reminders.json";

export const tr = translator(english, { es: () => import("../../i18n/es/reminders.json") });
