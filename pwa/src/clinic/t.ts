/** The clinic app's own words. */
import { translator } from "../i18n/core";
import english from "../i18n/en/clinic.json";

export const t = translator(english, { es: () => import("../i18n/es/clinic.json") });
