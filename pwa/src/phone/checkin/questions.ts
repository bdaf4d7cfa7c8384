/**
 * The check-in's questions (CLINICAL.md D.7), so that they can be asked without a network. The same ids, choices and
 * conditions as `patients/checkin.yaml`, which a test compares; the words are in the check-in's catalogue, by id. Pure.
 */

export type CheckinKind = "morning" | "weekly";

/** As API.md "Answers" writes them: absent = not asked, null = not answered; neither is zero. */
export type Answer = number | string | readonly string[] | null;
export type Answers = Readonly<Record<string, Answer>>;

export interface Question {
  readonly id: string;
  readonly when: CheckinKind | "intake";
  readonly kind: "score" | "score_or" | "choice" | "count" | "places" | "signs";
  readonly choices?: readonly (number | string)[];
  /** The answer beside the numbers. */
  readonly word?: string;
  /** Asked only when another answer says so; `rose`: it is higher than at the last check-in. */
  readonly if?:
    | { readonly question: string; readonly rose: true }
    | { readonly question: string; readonly answer: readonly string[] };
}

/** The version of the questions, sent with every answer. */
export const VERSION = 1;

const YES_NO = ["yes", "no"] as const;

export const QUESTIONS: readonly Question[] = [
  { id: "q_morning", when: "morning", kind: "score" },
  { id: "q_morning_vs", when: "morning", kind: "choice", choices: ["less", "same", "more"] },
  { id: "q_radiate", when: "morning", kind: "choice", choices: [0, 1, 2, 3, 4, 5] },
  {
    id: "q_leg_30min",
    when: "morning",
    kind: "choice",
    choices: YES_NO,
    if: { question: "q_radiate", rose: true },
  },
  { id: "q_tingle", when: "morning", kind: "choice", choices: [0, 1, 2, 3] },
  { id: "q_weak", when: "morning", kind: "choice", choices: ["no", "not_sure", "yes"] },
  { id: "q_numb_new", when: "morning", kind: "choice", choices: ["no", "yes"] },
  { id: "q_numb_where", when: "morning", kind: "places", if: { question: "q_numb_new", answer: ["yes"] } },
  { id: "q_redflag", when: "morning", kind: "signs" },
  { id: "q_pain_now", when: "weekly", kind: "score" },
  { id: "q_pain_avg", when: "weekly", kind: "score" },
  { id: "q_pain_worst", when: "weekly", kind: "score" },
  { id: "q_sit_pain", when: "weekly", kind: "score" },
  { id: "q_sit_time", when: "weekly", kind: "choice", choices: ["lt5", "5_15", "15_30", "30_60", "gt60"] },
  { id: "q_extend", when: "weekly", kind: "score_or", word: "not_tried" },
  { id: "q_cross", when: "weekly", kind: "score_or", word: "not_tried" },
  { id: "q_snap", when: "weekly", kind: "choice", choices: ["none", "painless", "painful"] },
  {
    id: "q_snap_times",
    when: "weekly",
    kind: "count",
    if: { question: "q_snap", answer: ["painless", "painful"] },
  },
  { id: "q_lbp", when: "weekly", kind: "score" },
  { id: "q_night", when: "weekly", kind: "choice", choices: ["no", "once", "more"] },
  {
    id: "q_night_settles",
    when: "weekly",
    kind: "choice",
    choices: YES_NO,
    if: { question: "q_night", answer: ["once", "more"] },
  },
  { id: "q_meds", when: "weekly", kind: "choice", choices: ["none", "usual", "more"] },
  { id: "q_follow", when: "weekly", kind: "score" },
  { id: "q_side", when: "intake", kind: "choice", choices: ["left", "right", "both"] },
];

/** What stands together on a screen, in the order of the questions. */
const PAGES: Readonly<Record<CheckinKind, readonly (readonly string[])[]>> = {
  morning: [
    ["q_morning", "q_morning_vs"],
    ["q_radiate", "q_leg_30min", "q_tingle"],
    ["q_weak", "q_numb_new", "q_numb_where", "q_redflag"],
  ],
  weekly: [
    ["q_pain_now", "q_pain_avg"],
    ["q_pain_worst", "q_sit_pain"],
    ["q_sit_time", "q_extend"],
    ["q_cross", "q_snap", "q_snap_times"],
    ["q_lbp", "q_night", "q_night_settles"],
    ["q_meds", "q_follow"],
  ],
};

/** The pages of a check-in; the side is asked first, where the clinic does not know it. */
export function pagesOf(kind: CheckinKind, askSide: boolean): readonly (readonly string[])[] {
  return askSide ? [["q_side"], ...PAGES[kind]] : PAGES[kind];
}

export function question(id: string): Question {
  const found = QUESTIONS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no question ${id}.`);
  return found;
}

/** Whether the question is asked, given the answers so far and how far down it went at the last check-in. */
export function isAsked({ if: condition }: Question, answers: Answers, lastReach: number | null): boolean {
  if (condition === undefined) return true;
  const answer = answers[condition.question] ?? null;
  if ("answer" in condition) return typeof answer === "string" && condition.answer.includes(answer);
  return typeof answer === "number" && lastReach !== null && answer > lastReach;
}

/** The body places of a new numb area (API.md "Place"): each on two sides, and two in the middle. */
export const SIDED_PLACES = [
  "buttock",
  "sit_bone",
  "groin",
  "outer_hip",
  "thigh",
  "knee",
  "lower_leg",
  "foot",
] as const;
export const MIDDLE_PLACES = ["low_back", "saddle"] as const;
