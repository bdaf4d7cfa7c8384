import { translator } from "../../i18n/core";
import english from "../../i18n/en/outcome.json";

export const to = translator(english, { es: () => import("../../i18n/es/outcome.json") });
