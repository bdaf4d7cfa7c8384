import { translator } from "../../i18n/core";
import english from "../../i18n/en/progress.json";

export const tp = translator(english, { es: () => import("../../i18n/es/progress.json") });
