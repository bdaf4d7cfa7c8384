import { translator } from "../../i18n/core";
import english from "../../i18n/en/messages.json";

export const tm = translator(english, { es: () => import("../../i18n/es/messages.json") });
