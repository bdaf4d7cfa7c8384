import { day, num, text } from "../parts/facts";
import { spoken } from "../spoken";
import { t, word } from "../t";
import type { Dose, Fact, SuggestedChange, Suggestion } from "../types";
import { onDay, percent } from "../words";

/** A suggestion in words. Pure, apart from the chosen language. */

/** "Bridge: back to 2 sets, and rest it one day", "Ready for phase 3: Build strength", "Keep the plan as it is". */
export function headline({ kind, change, exercise }: Pick<Suggestion, "kind" | "exercise" | "change">): string {
  if (kind === "next_phase" || change.what === "phase") return phaseHeadline(change);
  if (kind === "hold" || (change.what === "nothing" && change.rest_days === 0)) return t("suggestion.keep");
  const what = changeText(change, kind === "regress");
  const rest = restText(change, exercise !== null && what !== "");
  const both = what && rest ? t("suggestion.and", { what, rest }) : what || rest;
  return exercise ? t("suggestion.of", { name: spoken(exercise.name), what: both }) : capital(both);
}

function phaseHeadline({ phase, phase_name: name }: SuggestedChange): string {
  if (phase === null) return t("suggestion.finished");
  return name ? t("suggestion.phase_named", { n: phase, name: spoken(name) }) : t("suggestion.phase", { n: phase });
}

const capital = (sentence: string): string => sentence.charAt(0).toLocaleUpperCase() + sentence.slice(1);

/** A rest is of the whole plan unless it follows a change of one exercise. */
function restText(change: SuggestedChange, afterChange: boolean): string {
  if (change.rest_days > 0) return t(afterChange ? "suggestion.rest_it" : "suggestion.rest", { count: change.rest_days });
  return change.what === "rest" ? t("suggestion.rest_only") : "";
}

function changeText(change: SuggestedChange, back: boolean): string {
  const way = back ? "back" : "up";
  const to = change.to;
  switch (change.what) {
    case "sets":
      return to ? t(`suggestion.sets.${way}`, { count: to.sets }) : t(`suggestion.some.${way}`);
    case "reps":
      return to?.reps ? t(`suggestion.reps.${way}`, { count: to.reps }) : t(`suggestion.some.${way}`);
    case "load":
      return loadText(change, back);
    case "exercise":
      return change.exercise ? t("suggestion.swap", { name: spoken(change.exercise.name) }) : t(back ? "suggestion.easier" : "suggestion.harder");
    default:
      return "";
  }
}

/** Kilograms where there are any; from one kind of load to another by its name; the next band in words. */
function loadText({ from, to, band }: SuggestedChange, back: boolean): string {
  if (band) return t("suggestion.band");
  if (to?.load_kg) return t(back ? "suggestion.load.back" : "suggestion.load.up", { load: t("dose.kg", { n: to.load_kg }) });
  if (to && to.load !== from?.load) return t("suggestion.load.other", { load: word("load", to.load) });
  return t(back ? "suggestion.load.less" : "suggestion.load.more");
}

/** What holds after accepting, short: "2 sets", "12 repetitions", "phase 3". */
export function resultText(change: SuggestedChange): string {
  const { what, to } = change;
  if (what === "phase") return change.phase === null ? t("suggestion.done.finished") : t("suggestion.done.phase", { n: change.phase });
  if (what === "exercise" && change.exercise) return spoken(change.exercise.name);
  if (what === "rest") return t("suggestion.done.rest");
  return doseResult(what, to) ?? (change.band ? t("suggestion.band") : t("suggestion.done.changed"));
}

function doseResult(what: SuggestedChange["what"], to: Dose | null): string | null {
  if (!to) return null;
  if (what === "sets") return t("session.sets", { count: to.sets });
  if (what === "reps" && to.reps) return t("suggestion.done.reps", { count: to.reps });
  if (what === "load" && to.load_kg) return t("dose.kg", { n: to.load_kg });
  return null;
}

/** Why, where the headline does not say it: "Fewer than three sessions so far." */
export function reasonText(reason: string): string {
  return word("suggestion_reason", reason);
}

export interface EvidenceWords {
  /** the rows that decided, one sentence each */
  readonly main: string[];
  /** everything the rule looked at */
  readonly all: string[];
}

const MOMENTS: readonly unknown[] = ["during", "after", "morning", "leg"];

export function evidenceWords({ kind, reason, evidence }: Pick<Suggestion, "kind" | "reason" | "evidence">): EvidenceWords {
  const all = sentences(evidence);
  const of = (...kinds: string[]): readonly Fact[] => evidence.filter((fact) => kinds.includes(String(fact["kind"])));
  const coloured = (colour: string): readonly Fact[] => evidence.filter((fact) => MOMENTS.includes(fact["kind"]) && fact["colour"] === colour).reverse();
  if (kind === "next_phase") return { main: [...criteriaCount(of("criteria")), ...sentences(of("baseline", "adherence"))], all };
  if (kind === "progress") return { main: [...sessionCount(of("session")), ...sentences(of("adherence"))], all };
  if (kind === "regress") {
    const chosen = reason === "baseline_up" ? of("baseline") : reason === "three_ambers" ? worstOfEachDay(coloured("amber")) : coloured("red");
    return { main: sentences(chosen.length > 0 ? chosen : evidence).slice(0, 4), all };
  }
  const why = reason === "not_yet" ? whyNotMore(evidence) : [];
  return { main: why.length > 0 ? why : sentences(of("baseline", "adherence")), all };
}

/** What stands against more: a red of the week, a second amber, effort above what was asked, or too few sessions. */
function whyNotMore(evidence: readonly Fact[]): string[] {
  const sessions = evidence.filter((fact) => fact["kind"] === "session");
  const ambers = sessions.filter((fact) => fact["colour"] === "amber").length;
  const against = evidence.filter((fact) => MOMENTS.includes(fact["kind"]) && (fact["colour"] === "red" || (ambers > 1 && fact["colour"] === "amber")));
  const hard = sessions.filter((fact) => {
    const asked = num(fact, "target_effort");
    return asked !== null && (num(fact, "effort") ?? 0) > asked;
  });
  const few = evidence.filter((fact) => fact["kind"] === "adherence" && (num(fact, "value") ?? 1) < (num(fact, "least") ?? 0));
  return [...sentences(worstOfEachDay(against.reverse())).slice(0, 3), ...(hard.length > 0 ? effortLine(sessions) : []), ...sentences(few)];
}

/** Three days are the reason, and one sentence says each: the highest pain of its moments. */
function worstOfEachDay(moments: readonly Fact[]): Fact[] {
  const days = new Map<string, Fact>();
  for (const moment of moments) {
    const date = day(moment, "date") ?? "";
    const known = days.get(date);
    if (!known || (num(moment, "pain") ?? 0) > (num(known, "pain") ?? 0)) days.set(date, moment);
  }
  return [...days.values()];
}

function sentences(facts: readonly Fact[]): string[] {
  return [...new Set(facts.map((fact) => line(fact).trim()).filter((each) => each !== ""))];
}

/** "3 sessions, none above the rule; effort 4, 4, 5 where 5 was asked" */
function sessionCount(sessions: readonly Fact[]): string[] {
  if (sessions.length === 0) return [];
  const colours = sessions.map((fact) => text(fact, "colour"));
  const out = [t(colours.includes("amber") ? "suggestion.fact.one_amber" : "suggestion.fact.all_green", { count: sessions.length })];
  return [...out, ...effortLine(sessions)];
}

function effortLine(sessions: readonly Fact[]): string[] {
  const efforts = sessions.map((fact) => num(fact, "effort")).filter((each) => each !== null);
  const asked = num(sessions.at(-1) ?? {}, "target_effort");
  if (efforts.length === 0) return [];
  return [asked === null ? t("suggestion.fact.efforts", { list: efforts.join(", ") }) : t("suggestion.fact.efforts_asked", { list: efforts.join(", "), asked })];
}

function criteriaCount(criteria: readonly Fact[]): string[] {
  if (criteria.length === 0) return [];
  const met = criteria.filter((fact) => fact["met"] === true).length;
  return [t(met === criteria.length ? "suggestion.fact.criteria_all" : "suggestion.fact.criteria", { met, of: criteria.length })];
}

function line(fact: Fact): string {
  const said = plainLine(fact);
  return said !== "" && fact["withdrawn"] === true ? t("evidence.withdrawn", { said }) : said;
}

function plainLine(fact: Fact): string {
  const date = day(fact, "date");
  const when = date ? onDay(date) : "";
  switch (text(fact, "kind")) {
    case "during":
      return moment(fact, when, text(fact, "exercise") ? "suggestion.fact.pain_in" : "suggestion.fact.pain");
    case "after":
      return moment(fact, when, "suggestion.fact.after");
    case "morning":
      return moment(fact, when, "suggestion.fact.morning");
    case "leg":
      return t("suggestion.fact.leg", { when });
    case "session":
      return sessionLine(fact, when);
    case "baseline":
      return baselineLine(fact);
    case "adherence":
      return shareLine(fact);
    case "criteria":
      return [spoken(text(fact, "text") ?? ""), text(fact, "value")].filter(Boolean).join(": ");
    default:
      return "";
  }
}

type MomentKey = "suggestion.fact.pain_in" | "suggestion.fact.pain" | "suggestion.fact.after" | "suggestion.fact.morning";

/** The pain of one moment, against what it was held: the usual morning, or the pain before. */
function moment(fact: Fact, when: string, key: MomentKey): string {
  const pain = num(fact, "pain");
  if (pain === null) return "";
  const usual = num(fact, "reference");
  const limit = num(fact, "limit");
  const said = t(key, { pain, when, name: spoken(text(fact, "exercise") ?? "") }).trim();
  if (usual !== null) return t(key === "suggestion.fact.morning" ? "suggestion.fact.usual" : "suggestion.fact.before", { said, usual });
  return limit === null ? said : t("suggestion.fact.limit", { said, limit });
}

function sessionLine(fact: Fact, when: string): string {
  const colour = text(fact, "colour");
  const effort = num(fact, "effort");
  const said = t("suggestion.fact.session", { when, colour: word("suggestion_colour", colour ?? "none") });
  return effort === null ? said : t("suggestion.fact.session_effort", { said, effort });
}

function baselineLine(fact: Fact): string {
  const [now, before] = [num(fact, "now"), num(fact, "before")];
  if (now === null) return "";
  return before === null ? t("suggestion.fact.baseline_now", { now }) : t("suggestion.fact.baseline", { now, before });
}

function shareLine(fact: Fact): string {
  const value = num(fact, "value");
  return value === null ? "" : t("suggestion.fact.adherence", { share: percent(value) });
}
