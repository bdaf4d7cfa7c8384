/** A check-in being answered. It is written to IndexedDB after every answer and before the screen moves. Pure. */
import type { Instant, LocalDate, Uuid } from "../../api/types";
import { isLocking } from "../../rules/red-flags";
import type { OutgoingItem } from "../store/entry";
import { uuid7 } from "../store/ids";
import { isoWithOffset, localDate } from "../store/time";
import { isAsked, pagesOf, question, VERSION, type Answer, type Answers, type CheckinKind } from "./questions";

export type Leg = "left" | "right";
/** How far down each leg, 0 none to 5 foot; null = not said. The answer to q_radiate is the lower of the two. */
export type Reach = Readonly<Record<Leg, number | null>>;

export interface CheckinDraft {
  readonly id: Uuid;
  readonly kind: CheckinKind;
  /** The local date on which it was begun: the morning it speaks of. */
  readonly date: LocalDate;
  readonly touchedAt: number;
  readonly page: number;
  /** The last page that was on the screen: what stands behind it was not asked. */
  readonly seen: number;
  readonly askSide: boolean;
  /** How far down it went at the last check-in, or null. */
  readonly lastReach: number | null;
  readonly reach: Reach;
  /** The question of RF2, asked on its own once the leg is said to be weaker (D.7). */
  readonly weaker: "yes" | "no" | null;
  readonly answers: Answers;
}

export interface CheckinItem extends OutgoingItem {
  readonly type: "checkin";
  readonly at: Instant;
  readonly kind: CheckinKind;
  readonly version: number;
  readonly answers: Answers;
}

export interface Begin {
  readonly kind: CheckinKind;
  readonly askSide: boolean;
  readonly lastReach: number | null;
}

export function newCheckin({ kind, askSide, lastReach }: Begin, now: number): CheckinDraft {
  return {
    id: uuid7(now),
    kind,
    date: localDate(new Date(now)),
    touchedAt: now,
    page: 0,
    seen: 0,
    askSide,
    lastReach,
    reach: { left: null, right: null },
    weaker: null,
    answers: {},
  };
}

export function pageCount({ kind, askSide }: CheckinDraft): number {
  return pagesOf(kind, askSide).length;
}

/** The questions on a page whose condition holds. */
export function askedOn(draft: CheckinDraft, page = draft.page): readonly string[] {
  const ids = pagesOf(draft.kind, draft.askSide)[page] ?? [];
  return ids.filter((id) => isAsked(question(id), draft.answers, draft.lastReach));
}

/** Nothing on this page was left out, so that "Next" need not say "without an answer". */
export function isPageAnswered(draft: CheckinDraft, page = draft.page): boolean {
  return askedOn(draft, page).every((id) => (draft.answers[id] ?? null) !== null);
}

/**
 * What nobody has answered of the questions that can stop exercises, on pages before too: it may be left out, but never
 * unseen. `weaker` is the question of RF2.
 */
export function leftOut(draft: CheckinDraft): readonly string[] {
  const before = Array.from({ length: draft.page }, (_, page) => askedOn(draft, page)).flat();
  const stopping = [...before.filter((id) => id === "q_leg_30min"), ...askedOn(draft).filter((id) => id !== "q_redflag")];
  const open = stopping.filter((id) => (draft.answers[id] ?? null) === null);
  return draft.answers["q_weak"] === "yes" && draft.weaker === null ? [...open, "weaker"] : open;
}

export function withAnswer(draft: CheckinDraft, id: string, answer: Answer): CheckinDraft {
  return { ...draft, answers: { ...draft.answers, [id]: answer } };
}

/** A tap on a leg of the picture; the same place again takes it back. */
export function withReach(draft: CheckinDraft, leg: Leg, level: number): CheckinDraft {
  const again = draft.reach[leg] === level;
  const reach = { ...draft.reach, [leg]: again ? null : level };
  return withAnswer({ ...draft, reach }, "q_radiate", lowest(reach));
}

/** "No pain or tingling": neither leg. Again: not answered. */
export function withoutReach(draft: CheckinDraft): CheckinDraft {
  const again = draft.answers["q_radiate"] === 0;
  const level = again ? null : 0;
  return withAnswer({ ...draft, reach: { left: level, right: level } }, "q_radiate", level);
}

function lowest({ left, right }: Reach): number | null {
  return left === null && right === null ? null : Math.max(left ?? 0, right ?? 0);
}

/** Ticks a sign, or takes it back. With nothing ticked the list is unanswered again: none is a tap of its own. */
export function withSign(draft: CheckinDraft, sign: string): CheckinDraft {
  const ticked = (draft.answers["q_redflag"] as readonly string[] | null | undefined) ?? [];
  const next = ticked.includes(sign) ? ticked.filter((one) => one !== sign) : [...ticked, sign];
  return withAnswer(draft, "q_redflag", next.length > 0 ? next : null);
}

/** Leg symptoms are below the buttock (R05: from the thigh on). */
const LEG_FROM = 2;

/**
 * The signs that other answers already say: pain down both legs and numbness at the saddle are signs of RF1; a leg that
 * gives way, asked once q_weak is yes, is RF2 (D.7, last paragraph).
 */
export function impliedSigns({ reach, weaker, answers }: CheckinDraft): readonly string[] {
  const both = (reach.left ?? 0) >= LEG_FROM && (reach.right ?? 0) >= LEG_FROM;
  const where = answers["q_numb_new"] === "yes" ? ((answers["q_numb_where"] as readonly string[] | null) ?? []) : [];
  return [
    ...(where.includes("saddle") ? ["RF1.saddle"] : []),
    ...(both ? ["RF1.legs"] : []),
    ...(answers["q_weak"] === "yes" && weaker === "yes" ? ["RF2"] : []),
  ];
}

/** Every sign that stands: ticked in the list, or said by another answer. */
export function signsOf(draft: CheckinDraft): readonly string[] {
  const ticked = (draft.answers["q_redflag"] as readonly string[] | null | undefined) ?? [];
  return [...new Set([...impliedSigns(draft), ...ticked])];
}

/** A sign that locks stands in it and was not gone through yet: it comes before any exercise. */
export function awaitsLock(draft: CheckinDraft | null): boolean {
  return draft !== null && signsOf(draft).some(isLocking);
}

export function forward(draft: CheckinDraft): CheckinDraft | null {
  const page = draft.page + 1;
  return page < pageCount(draft) ? { ...draft, page, seen: Math.max(draft.seen, page) } : null;
}

export function backward(draft: CheckinDraft): CheckinDraft | null {
  return draft.page > 0 ? { ...draft, page: draft.page - 1 } : null;
}

export function isStarted(draft: CheckinDraft): boolean {
  return Object.values(draft.answers).some((answer) => answer !== null);
}

/** The item as `POST /me/sync` takes it: what was on the screen, answered or null; what was not asked is not in it. */
export function toItem(draft: CheckinDraft): CheckinItem {
  const asked = Array.from({ length: draft.seen + 1 }, (_, page) => askedOn(draft, page)).flat();
  const answers: Record<string, Answer> = {};
  for (const id of asked) answers[id] = draft.answers[id] ?? null;
  const signs = signsOf(draft);
  if (signs.length > 0) answers["q_redflag"] = signs;
  return {
    type: "checkin",
    id: draft.id,
    at: isoWithOffset(new Date(draft.touchedAt)),
    kind: draft.kind,
    version: VERSION,
    answers,
  };
}
