import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { longDay } from "../../i18n/format";
import { brokenPath, dateAt, left, middle, painY, ticks, timeScale, type TimeScale } from "../chart/scale";
import { addDays, dayNumber, today } from "../dates";
import { t } from "../t";
import { shortDate } from "../words";
import type { Band, Change, DayFacts } from "./timeline";

const WIDTH = 862;
const X0 = 56;
const X1 = 850;
const PAIN = { top: 30, bottom: 186 };
const BARS = { top: 220, bottom: 260 };
const PHASES = { top: 274, height: 24, lane: 28 };
/** under the last lane of phases */
const TICKS = 44;
const CHARS_PER_UNIT = 0.145;

export interface TimeAxisProps {
  readonly facts: readonly DayFacts[];
  readonly bands: readonly Band[];
  readonly changes: readonly Change[];
  readonly limit: number | null;
  readonly exerciseName: (prescription: string) => string;
  readonly onDay: (date: string) => void;
}

/**
 * Pain, sessions and phases on one time axis, so that "did the load change cause the pain?" is answered by looking.
 * One tab stop; arrow keys walk through the days and each is read out, the pointer does the same by hovering.
 */
export function TimeAxis(props: TimeAxisProps): JSX.Element {
  const { facts, limit } = props;
  const first = facts[0]?.date ?? today();
  const last = facts.at(-1)?.date ?? first;
  const scale = useMemo(() => timeScale(first, last, X0, X1), [first, last]);
  const [date, setDate] = useState<string | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const byDate = useMemo(() => new Map(facts.map((each) => [each.date, each])), [facts]);
  const chosen = date === null ? undefined : byDate.get(date);
  const lanes = [...new Set(props.bands.map((band) => band.plan))];
  const ticksY = PHASES.top + Math.max(1, lanes.length) * PHASES.lane - PHASES.lane + TICKS;
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
        ref={svg} viewBox={`0 0 ${WIDTH} ${ticksY + 6}`} role="slider" tabIndex={0} aria-label={t("axis.label")}
        aria-valuemin={dayNumber(first)} aria-valuemax={dayNumber(last)} aria-valuenow={dayNumber(date ?? last)}
        aria-valuetext={chosen ? dayWords(chosen, props.exerciseName).join(". ") : t("axis.how")}
        onPointerMove={fromPointer} onPointerLeave={() => setDate(null)} onBlur={() => setDate(null)} onFocus={() => setDate(date ?? last)}
        onKeyDown={onKeyDown} onClick={() => date && props.onDay(date)}
      >
        <PainGrid limit={limit} />
        <Changes changes={props.changes} scale={scale} />
        <PainLine facts={facts} scale={scale} line={line} />
        <Worst facts={facts} scale={scale} limit={limit} />
        <Bars facts={facts} scale={scale} />
        <Bands bands={props.bands} lanes={lanes} scale={scale} />
        <Ticks scale={scale} y={ticksY} />
        {date && <line class="c-cursor" x1={middle(scale, date)} x2={middle(scale, date)} y1={20} y2={266} />}
      </svg>
      {chosen && <Tip facts={chosen} x={middle(scale, chosen.date) / WIDTH} lines={dayWords(chosen, props.exerciseName)} />}
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
      <span><i class="d" />{t("axis.rest")}</span>
      <span>{t("axis.gap")}</span>
    </p>
  );
}

function PainGrid({ limit }: { limit: number | null }): JSX.Element {
  const marks = [0, 5, 10].filter((score) => score !== limit);
  return (
    <>
      {marks.map((score) => <GridLine key={score} score={score} kind="c-grid" />)}
      {limit !== null && (
        <>
          <GridLine score={limit} kind="c-limit" />
          <text class="c-t f" x={X0 - 10} y={painY(limit, PAIN.top, PAIN.bottom) + 19} text-anchor="end">{t("axis.limit")}</text>
        </>
      )}
      <text class="c-t" x={X0 - 10} y={BARS.top + 24} text-anchor="end">{t("axis.done_short")}</text>
    </>
  );
}

function GridLine({ score, kind }: { score: number; kind: string }): JSX.Element {
  const y = painY(score, PAIN.top, PAIN.bottom);
  return (
    <>
      <line class={kind} x1={X0} x2={X1} y1={y} y2={y} />
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

function Worst({ facts, scale, limit }: Drawn & { limit: number | null }): JSX.Element {
  return (
    <>
      {facts.map((each) => {
        if (!each.worst) return null;
        const x = middle(scale, each.date);
        const y = painY(each.worst.score, PAIN.top, PAIN.bottom);
        const over = limit !== null && each.worst.score > limit;
        const r = over ? 7 : 4;
        return <path key={each.date} class={over ? "c-worst over" : "c-worst"} d={`M${x} ${y - r}l${r} ${r} ${-r} ${r} ${-r} ${-r}z`} />;
      })}
    </>
  );
}

/** A bar fills from the bottom by what was done; a rest day is a dot; what nobody knows yet is dashed. */
function Bars({ facts, scale }: Drawn): JSX.Element {
  const width = Math.max(2, scale.step - Math.min(6, scale.step * 0.32));
  const height = BARS.bottom - BARS.top;
  return (
    <>
      {facts.map((each) => {
        if (each.sessionsDue === null || each.date > today()) return null;
        const x = middle(scale, each.date) - width / 2;
        const rx = Math.min(3, width / 3);
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
        const text = `${band.n} ${band.name}`;
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

function Changes({ changes, scale }: { changes: readonly Change[]; scale: TimeScale }): JSX.Element {
  return (
    <>
      {changes.map((change) => {
        const x = left(scale, change.date);
        if (x < X0 || x > X1) return null;
        const toLeft = x > X1 - 160;
        return (
          <g key={`${change.date} ${change.text}`}>
            <line class="c-change" x1={x} x2={x} y1={20} y2={266} />
            <text class="c-t b" x={toLeft ? x - 6 : x + 6} y={24} text-anchor={toLeft ? "end" : "start"}>{change.text}</text>
          </g>
        );
      })}
    </>
  );
}

function Ticks({ scale, y }: { scale: TimeScale; y: number }): JSX.Element {
  const now = today();
  const nowX = left(scale, now);
  return (
    <>
      {ticks(scale, 100).filter((date) => Math.abs(left(scale, date) - nowX) > 60).map((date) => (
        <text key={date} class="c-t" x={left(scale, date) + 2} y={y}>{shortDate(date)}</text>
      ))}
      {now >= scale.first && now <= scale.last && (
        <text class="c-t b" x={Math.min(X1, Math.max(X0 + 90, nowX + scale.step))} y={y} text-anchor="end">{t("axis.today", { date: shortDate(now) })}</text>
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

/** The day in words, for the pointer and for a screen reader alike. The first line is the date. */
export function dayWords(facts: DayFacts, exerciseName: (prescription: string) => string): string[] {
  const lines = [longDay(facts.date)];
  if (facts.sessionsDue === null) lines.push(t("day.no_plan"));
  else if (facts.excused) lines.push(t("day.excused"));
  else if (facts.sessionsDue === 0 && facts.sessionsDone === 0) lines.push(t("day.rest"));
  else if (facts.sessionsDone === 0 && facts.unknown) lines.push(t("day.unknown"));
  else lines.push(t("day.sessions", { done: facts.sessionsDone, due: Math.max(facts.sessionsDue, facts.sessionsDone) }));
  if (facts.morning !== null) lines.push(t("day.morning", { score: facts.morning }));
  if (facts.worst) lines.push(t("day.worst", { name: exerciseName(facts.worst.prescription), score: facts.worst.score }));
  if (facts.after !== null) lines.push(t("day.after", { score: facts.after }));
  if (facts.late) lines.push(t("day.late"));
  return lines;
}
