import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { longDay } from "../../i18n/format";
import { brokenPath, dateAt, left, middle, painY, ticks, timeScale, type TimeScale } from "../chart/scale";
import { addDays, dayNumber, today } from "../dates";
import { spoken } from "../spoken";
import { t, word } from "../t";
import { shortDate } from "../words";
import { limitOn, sinceTheChange, type Band, type Change, type DayFacts, type LimitStep } from "./timeline";

const WIDTH = 862;
const X0 = 56;
/** right of it stands the limit's own word */
const X1 = 800;
const PAIN = { top: 30, bottom: 186 };
const BARS = { top: 220, bottom: 260 };
const PHASES = { top: 274, height: 24, lane: 28 };
/** under the last lane of phases */
const TICKS = 44;
const CHARS_PER_UNIT = 0.145;
/** above the axis, for a second row of labels when changes stand close together */
const LABEL_ROW = 15;

export interface TimeAxisProps {
  readonly facts: readonly DayFacts[];
  readonly bands: readonly Band[];
  readonly changes: readonly Change[];
  readonly limits: readonly LimitStep[];
  readonly exerciseName: (prescription: string) => string;
  readonly onDay: (date: string) => void;
}

/**
 * Pain, sessions and phases on one time axis, so that "did the load change cause the pain?" is answered by looking.
 * One tab stop; arrow keys walk through the days and each is read out, the pointer does the same by hovering.
 */
export function TimeAxis(props: TimeAxisProps): JSX.Element {
  const { facts, limits } = props;
  const first = facts[0]?.date ?? today();
  const last = facts.at(-1)?.date ?? first;
  const scale = useMemo(() => timeScale(first, last, X0, X1), [first, last]);
  const [date, setDate] = useState<string | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const byDate = useMemo(() => new Map(facts.map((each) => [each.date, each])), [facts]);
  const chosen = date === null ? undefined : byDate.get(date);
  const lanes = [...new Set(props.bands.map((band) => band.plan))];
  const ticksY = PHASES.top + Math.max(1, lanes.length) * PHASES.lane - PHASES.lane + TICKS;
  const question = useMemo(() => sinceTheChange(facts, props.changes, limits), [facts, props.changes, limits]);
  const labels = useMemo(() => labelRows(props.changes, scale), [props.changes, scale]);
  const top = labels.some((each) => each.row > 0) ? LABEL_ROW : 0;
  const words = chosen ? dayWords(chosen, props.exerciseName, byDate.get(addDays(chosen.date, 1))?.morning ?? null) : null;
  const line = facts.some((each) => each.morning !== null) ? "morning" : "after";

  const fromPointer = (event: PointerEvent): void => {
    const box = svg.current?.getBoundingClientRect();
    if (box) setDate(dateAt(scale, ((event.clientX - box.left) / box.width) * WIDTH));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, string | null> = {
      ArrowLeft: addDays(date ?? last, -1), ArrowRight: addDays(date ?? last, 1), PageUp: addDays(date ?? last, -7),
      PageDown: addDays(date ?? last, 7), Home: first, End: last, Escape: null,
    };
    const next = moves[event.key];
    if (event.key === "Enter" && date) props.onDay(date);
    else if (next === undefined) return;
    else setDate(next === null ? null : next < first ? first : next > last ? last : next);
    event.preventDefault();
  };

  return (
    <div class="axis">
      <Legend line={line} />
      <svg
        ref={svg} viewBox={`0 ${-top} ${WIDTH} ${ticksY + 6 + top}`} role="slider" tabIndex={0} aria-label={t("axis.label")}
        aria-valuemin={dayNumber(first)} aria-valuemax={dayNumber(last)} aria-valuenow={dayNumber(date ?? last)}
        aria-valuetext={words ? words.join(". ") : t("axis.how")}
        onPointerMove={fromPointer} onPointerLeave={() => setDate(null)} onBlur={() => setDate(null)} onFocus={() => setDate(date ?? last)}
        onKeyDown={onKeyDown} onClick={() => date && props.onDay(date)}
      >
        <defs>
          <pattern id="excused" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line class="c-hatch" x1="0" x2="0" y1="0" y2="5" />
          </pattern>
        </defs>
        {question && <rect class="c-since" x={left(scale, question.from)} width={Math.max(scale.step, left(scale, addDays(question.to, 1)) - left(scale, question.from))} y={20} height={BARS.bottom - 20} />}
        <PainGrid limits={limits} scale={scale} />
        <Changes labels={labels} />
        <PainLine facts={facts} scale={scale} line={line} />
        <Worst facts={facts} scale={scale} limits={limits} />
        <Bars facts={facts} scale={scale} />
        <Bands bands={props.bands} lanes={lanes} scale={scale} />
        <Ticks scale={scale} y={ticksY} />
        {date && <line class="c-cursor" x1={middle(scale, date)} x2={middle(scale, date)} y1={20} y2={266} />}
      </svg>
      {chosen && words && <Tip facts={chosen} x={middle(scale, chosen.date) / WIDTH} lines={words} />}
    </div>
  );
}

function Legend({ line }: { line: "morning" | "after" }): JSX.Element {
  return (
    <p class="small quiet lgd">
      <span><i class="o" />{t(line === "morning" ? "axis.morning" : "axis.after")}</span>
      <span><i class="q" />{t("axis.worst")}</span>
      <span><i class="b" />{t("axis.done")}</span>
      <span><i class="u" />{t("axis.due")}</span>
      <span><i class="x" />{t("axis.excused")}</span>
      <span><i class="d" />{t("axis.rest")}</span>
      <span>{t("axis.gap")}</span>
    </p>
  );
}

function PainGrid({ limits, scale }: { limits: readonly LimitStep[]; scale: TimeScale }): JSX.Element {
  const steps = limits.map((step) => ({ ...step, x: Math.max(X0, left(scale, step.from)), end: Math.min(X1, left(scale, addDays(step.to, 1))) })).filter((step) => step.end > step.x);
  const marks = [0, 5, 10].filter((score) => !steps.some((step) => step.limit === score));
  const last = steps.at(-1);
  return (
    <>
      {marks.map((score) => <GridLine key={score} score={score} />)}
      {steps.map((step) => {
        const y = painY(step.limit, PAIN.top, PAIN.bottom);
        return (
          <g key={step.from}>
            <line class="c-limit" x1={step.x} x2={step.end} y1={y} y2={y} />
            <text class="c-t" x={X0 - 10} y={y + 4} text-anchor="end">{step.limit}</text>
          </g>
        );
      })}
      {last && <text class="c-t f" x={X1 + 7} y={painY(last.limit, PAIN.top, PAIN.bottom) + 4}>{t("axis.limit_n", { limit: last.limit })}</text>}
      <text class="c-t" x={X0 - 10} y={BARS.top + 24} text-anchor="end">{t("axis.done_short")}</text>
    </>
  );
}

function GridLine({ score }: { score: number }): JSX.Element {
  const y = painY(score, PAIN.top, PAIN.bottom);
  return (
    <>
      <line class="c-grid" x1={X0} x2={X1} y1={y} y2={y} />
      <text class="c-t" x={X0 - 10} y={y + 4} text-anchor="end">{score}</text>
    </>
  );
}

interface Drawn {
  readonly facts: readonly DayFacts[];
  readonly scale: TimeScale;
}

function PainLine({ facts, scale, line }: Drawn & { line: "morning" | "after" }): JSX.Element {
  const points = facts.map((each) => {
    const score = each[line];
    return score === null ? null : { x: middle(scale, each.date), y: painY(score, PAIN.top, PAIN.bottom) };
  });
  // On days without anything due there is no question to answer: after-session pain joins over a rest day.
  const joined = line === "after" ? points.filter((point, i) => point !== null || (facts[i]?.sessionsDue ?? 0) > 0) : points;
  return (
    <>
      <path class="c-pain" d={brokenPath(joined)} />
      {points.map((point) => point && <circle key={point.x} class="c-dot" cx={point.x} cy={point.y} r={3} />)}
    </>
  );
}

function Worst({ facts, scale, limits }: Drawn & { limits: readonly LimitStep[] }): JSX.Element {
  return (
    <>
      {facts.map((each) => {
        if (!each.worst) return null;
        const x = middle(scale, each.date);
        const y = painY(each.worst.score, PAIN.top, PAIN.bottom);
        const limit = limitOn(limits, each.date);
        const over = limit !== null && each.worst.score > limit;
        const r = over ? 7 : 4;
        return <path key={each.date} class={over ? "c-worst over" : "c-worst"} d={`M${x} ${y - r}l${r} ${r} ${-r} ${r} ${-r} ${-r}z`} />;
      })}
    </>
  );
}

/** A bar fills from the bottom by what was done; a rest day is a dot; excused is hatched; what nobody knows yet is dashed. */
function Bars({ facts, scale }: Drawn): JSX.Element {
  const width = Math.max(2, scale.step - Math.min(6, scale.step * 0.32));
  const height = BARS.bottom - BARS.top;
  return (
    <>
      {facts.map((each) => {
        if (each.sessionsDue === null || each.date > today()) return null;
        const x = middle(scale, each.date) - width / 2;
        const rx = Math.min(3, width / 3);
        if (each.excused && each.sessionsDone === 0) {
          return <rect key={each.date} class="c-excused" x={x} y={BARS.top} width={width} height={height} rx={rx} fill="url(#excused)" />;
        }
        if (each.sessionsDue === 0 && each.sessionsDone === 0) return <circle key={each.date} class="c-rest" cx={x + width / 2} cy={BARS.bottom - 3} r={2} />;
        const share = Math.min(1, each.share ?? (each.sessionsDone > 0 ? 1 : 0));
        return (
          <g key={each.date}>
            <rect class={each.unknown ? "c-due unknown" : "c-due"} x={x} y={BARS.top} width={width} height={height} rx={rx} />
            {share > 0 && <rect class="c-bar" x={x} y={BARS.bottom - height * share} width={width} height={height * share} rx={rx} />}
            {each.late && <circle class="c-late" cx={x + width / 2} cy={BARS.top - 6} r={3} />}
          </g>
        );
      })}
    </>
  );
}

/** Each plan has a lane of its own: several may run at once. */
function Bands({ bands, lanes, scale }: { bands: readonly Band[]; lanes: readonly string[]; scale: TimeScale }): JSX.Element {
  return (
    <>
      {bands.map((band, index) => {
        const x = Math.max(X0, left(scale, band.from));
        const end = Math.min(X1, left(scale, addDays(band.to, 1)));
        if (end <= X0 || x >= X1) return null;
        const room = Math.floor((end - x - 12) * CHARS_PER_UNIT);
        const text = `${band.n} ${spoken(band.name)}`;
        const top = PHASES.top + lanes.indexOf(band.plan) * PHASES.lane;
        return (
          <g key={`${band.plan} ${band.from}`}>
            <rect class={index % 2 ? "c-phase b" : "c-phase"} x={x} y={top} width={Math.max(2, end - x - 2)} height={PHASES.height} rx={5} />
            <text class="c-t b" x={x + 8} y={top + 16}>{text.length > room ? (room > 4 ? `${text.slice(0, room - 1)}…` : String(band.n)) : text}</text>
          </g>
        );
      })}
    </>
  );
}

interface Label extends Change {
  readonly x: number;
  /** 0 stands on the chart, 1 above it */
  readonly row: number;
  readonly toLeft: boolean;
}

const LABEL_UNITS_PER_CHAR = 7.2;

/** Where each label stands: near the right end it is written to the left, and one that would run into the one before goes a row up. */
function labelRows(changes: readonly Change[], scale: TimeScale): Label[] {
  let busyUntil = -Infinity;
  const out: Label[] = [];
  for (const change of [...changes].sort((a, b) => a.date.localeCompare(b.date))) {
    const x = left(scale, change.date);
    if (x < X0 || x > X1) continue;
    const width = change.text.length * LABEL_UNITS_PER_CHAR + 12;
    const toLeft = x + width > X1;
    const [start, end] = toLeft ? [x - width, x] : [x, x + width];
    const row = start < busyUntil && out.at(-1)?.row === 0 ? 1 : 0;
    out.push({ ...change, x, row, toLeft });
    busyUntil = Math.max(busyUntil, end);
  }
  return out;
}

function Changes({ labels }: { labels: readonly Label[] }): JSX.Element {
  return (
    <>
      {labels.map(({ date, text, x, row, toLeft }) => (
        <g key={`${date} ${text}`}>
          <line class="c-change" x1={x} x2={x} y1={20 - row * LABEL_ROW} y2={266} />
          <text class="c-t b c-halo" x={toLeft ? x - 6 : x + 6} y={24 - row * LABEL_ROW} text-anchor={toLeft ? "end" : "start"}>{text}</text>
        </g>
      ))}
    </>
  );
}

/** how wide a date under the axis is, and today's with its word */
const TICK_UNITS = 48;
const TODAY_UNITS = 104;

function Ticks({ scale, y }: { scale: TimeScale; y: number }): JSX.Element {
  const now = today();
  const shown = now >= scale.first && now <= scale.last;
  const nowX = Math.min(X1, Math.max(X0 + TODAY_UNITS, left(scale, now) + scale.step));
  return (
    <>
      {ticks(scale, 100).filter((date) => !shown || left(scale, date) > nowX || left(scale, date) + TICK_UNITS < nowX - TODAY_UNITS).map((date) => (
        <text key={date} class="c-t" x={left(scale, date) + 2} y={y}>{shortDate(date)}</text>
      ))}
      {shown && (
        <text class="c-t b" x={nowX} y={y} text-anchor="end">{t("axis.today", { date: shortDate(now) })}</text>
      )}
    </>
  );
}

function Tip({ facts, x, lines }: { facts: DayFacts; x: number; lines: string[] }): JSX.Element {
  const side = x > 0.6 ? { right: `${(1 - x) * 100 + 1.5}%` } : { left: `${x * 100 + 1.5}%` };
  return (
    <div class="tip" style={side} role="status">
      <b>{longDay(facts.date)}</b>
      {lines.slice(1).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

/** The day in words, for the pointer and for a screen reader alike. The first line is the date. `next`: pain of the next morning. */
export function dayWords(facts: DayFacts, exerciseName: (prescription: string) => string, next: number | null = null): string[] {
  const lines = [longDay(facts.date)];
  if (facts.morning !== null) lines.push(t("day.morning", { score: facts.morning }));
  if (facts.sessionsDue === null && facts.sessionsDone === 0) lines.push(t("day.no_plan"));
  else if (facts.excused && facts.sessionsDone === 0) lines.push(t("day.excused"));
  else if (facts.sessionsDue === 0 && facts.sessionsDone === 0) lines.push(t("day.rest"));
  else if (facts.sessionsDone === 0 && facts.unknown) lines.push(t("day.unknown"));
  else lines.push(t("day.sessions", { done: facts.sessionsDone, count: Math.max(facts.sessionsDue ?? 0, facts.sessionsDone) }));
  if (facts.worst) lines.push(t("day.worst", { name: exerciseName(facts.worst.prescription), score: facts.worst.score }) + how(facts.worst.difficulty));
  if (facts.others) lines.push(facts.others.low === facts.others.high ? t("day.others_one", { score: facts.others.low }) : t("day.others", facts.others));
  if (facts.after !== null) lines.push(t("day.after", { score: facts.after }));
  if (facts.worst && next !== null) lines.push(t("day.next_morning", { score: next }));
  if (facts.late) lines.push(t("day.late"));
  return lines;
}

const how = (difficulty: string | null): string => (difficulty ? `, ${word("difficulty", difficulty)}` : "");
