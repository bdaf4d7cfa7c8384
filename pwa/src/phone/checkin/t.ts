/** The check-in's own words: questions and warning signs by id. They come with its chunk. */
import { translator } from "../../i18n/core";
import english from "../../i18n/en/checkin.json";

export type CheckinKey = keyof typeof english;
export const tc = translator(english, { es: () => import("../../i18n/es/checkin.json") });

export const ENGLISH: Readonly<Record<string, string>> = english;
