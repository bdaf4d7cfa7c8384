import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { formatDate } from "../../i18n/format";
import { Button } from "../../ui";
import { weeksKnown, type World } from "./calendar";
import { chartOf, draw, summaryOf, type Chart, type Frame } from "./chart";
import { tp } from "./words";

const FEWEST_WEEKS = 2;
const SHORT_WEEKS = 5;
/** As long as the server remembers it for the phone. */
const MOST_WEEKS = 16;

/** Doing and feeling on one picture: pain as a line that breaks where there is no answer, sessions as bars under it. */
export function PainCard({ world }: { world: World }): JSX.Element {
  const known = weeksKnown(world, MOST_WEEKS);
  const [all, setAll] = useState(false);
  // A new plan is not drawn behind four weeks of nothing.
  const weeks = Math.max(FEWEST_WEEKS, all ? known : Math.min(known, SHORT_WEEKS));
  const chart = chartOf(world, weeks * 7);
  const limit = world.plan?.plans[0]?.pain_rule.limit ?? null;
  const title = tp(`chart.${chart.series}`);
  return (
    <section class="card pain-card">
      <h2 class="ct">
        {title}
        {limit !== null && (
          <small class="lim">
            <svg width="22" height="8" aria-hidden="true">
              <line class="c-limit" x1="0" x2="22" y1="4" y2="4" />
            </svg>
            {tp("chart.limit", { limit })}
          </small>
        )}
      </h2>
      <Picture chart={chart} limit={limit} title={title} />
      <p class="line lg">
        <i class="bb" aria-hidden="true" />
        <span>
          {tp("chart.legend")} · {summaryOf(chart.days) === null ? tp("chart.none") : tp("chart.gap")}
        </span>
      </p>
      {known > SHORT_WEEKS && (
        <Button kind="plain" onClick={() => setAll(!all)}>
          {all ? tp("chart.short") : tp("chart.long", { weeks: known })}
        </Button>
      )}
    </section>
  );
}

function Picture({ chart, limit, title }: { chart: Chart; limit: number | null; title: string }): JSX.Element {
  const { box, frame } = useFrame();
  const drawing = draw(chart.days, frame);
  const { left, y, bar } = drawing;
  const right = frame.width - 4;
  return (
    <div ref={box}>
      <svg
        class="chart"
        width={frame.width}
        height={drawing.height}
        viewBox={`0 0 ${frame.width} ${drawing.height}`}
        role="img"
        aria-label={sayChart(chart, title)}
      >
        {[0, 10].map((score) => (
          <line key={score} class="c-grid" x1={left} x2={right} y1={y(score)} y2={y(score)} />
        ))}
        {limit !== null && <line class="c-limit" x1={left} x2={right} y1={y(limit)} y2={y(limit)} />}
        {[0, limit ?? 5, 10].map((score) => (
          <text key={score} class="c-t" x={0} y={y(score) + 6 * frame.em}>
            {score}
          </text>
        ))}
        {drawing.runs.map((run) => (
          <path key={run} class="c-pain" d={`M${run}`} />
        ))}
        {drawing.dots.map(({ x, y: at, last }) => (
          <circle key={x} class={last ? "c-dot last" : "c-dot"} cx={x} cy={at} r={last ? 6 : 2.6} />
        ))}
        {drawing.bars.map(({ x, share }) => (
          <Bar key={x} x={x - bar.width / 2} share={share} {...bar} />
        ))}
        {drawing.labels.map(({ x, date }) => (
          <text key={date} class="c-t" x={x} y={drawing.height - 6 * frame.em}>
            {formatDate(date, { day: "numeric", month: "short" })}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** What was due as an outline, what was done filled from below. */
function Bar(props: { x: number; share: number; width: number; top: number; height: number }): JSX.Element {
  const { x, width, top, height } = props;
  const done = Math.max(0, Math.min(1, props.share)) * height;
  return (
    <>
      <rect class="c-due" x={x} y={top} width={width} height={height} rx={2} />
      {done > 0 && <rect class="c-bar" x={x} y={top + height - done} width={width} height={done} rx={2} />}
    </>
  );
}

/** The picture is drawn at its real width, so that its letters keep their size. */
function useFrame(): { box: { current: HTMLDivElement | null }; frame: Frame } {
  const box = useRef<HTMLDivElement>(null);
  const [frame, setFrame] = useState<Frame>({ width: 326, em: 1 });
  useLayoutEffect(() => {
    const measure = (): void => {
      const em = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
      setFrame({ width: Math.max(200, box.current?.clientWidth ?? 326), em });
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return { box, frame };
}

function sayChart({ days }: Chart, what: string): string {
  const summary = summaryOf(days);
  if (summary === null) return tp("chart.labelNone", { what });
  const { from, to, gaps } = summary;
  return gaps === 0 ? tp("chart.labelWhole", { what, from, to }) : tp("chart.label", { what, from, to, count: gaps });
}
