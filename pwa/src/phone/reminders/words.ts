/** `tn` is what a notification says, in the worker too; `tr` the words of the settings, which come with their chunk. */
import { translator } from "../../i18n/core";
import english from "../../i18n/en/notice.json";

export const tn = translator(english, { es: () => import("../../i18n/es/notice.json") });
