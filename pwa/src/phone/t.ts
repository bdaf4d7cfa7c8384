/** The phone app's own words. */
import { translator } from "../i18n/core";
import english from "../i18n/en/phone.json";

export const t = translator(english, { es: () => import("../i18n/es/phone.json") });
