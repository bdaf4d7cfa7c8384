import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import { Skeleton } from "../../ui";
import { Share, Spark } from "../parts/spark";
import { t } from "../t";
import { useKeys } from "../use";
import { aboutPatient, lastSeen, percent } from "../words";
import { ReasonText } from "./reason";
import { group, reasonOf, urgencyOf, type Row } from "./rows";

interface TableProps {
  readonly rows: Row[];
  readonly grouped: boolean;
  readonly onEnd: () => void;
  readonly hasMore: boolean;
}

/**
 * Rows are drawn in blocks, and only those near the screen are in the page, so that a thousand patients scroll as thirty
 * do. J and K move a real focus: Enter and screen readers follow by themselves.
 */
export function Table({ rows, grouped, onEnd, hasMore }: TableProps): JSX.Element {
  const { needing, others } = grouped ? group(rows) : { needing: [], others: rows };
  const order = [...needing, ...others];
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const moveBy = (by: number): void => {
    const current = order.findIndex((row) => row.id === at);
    const next = order[current < 0 ? 0 : Math.min(order.length - 1, Math.max(0, current + by))];
    wanted.current = next?.id ?? null;
    setAt(next?.id ?? null);
    if (next?.id === at) focusRow(box.current, at);
  };
  useKeys({ j: () => moveBy(1), ArrowDown: () => moveBy(1), k: () => moveBy(-1), ArrowUp: () => moveBy(-1) });
  useEffect(() => {
    if (wanted.current) focusRow(box.current, wanted.current);
    wanted.current = null;
  }, [at]);

  const draw = (row: Row): JSX.Element => <RowView key={row.id} row={row} index={order.indexOf(row) + 2} focused={at === row.id} onFocus={setAt} />;
  return (
    <div class="card cl" role="table" aria-label={t("nav.caseload")} aria-rowcount={hasMore ? -1 : rows.length + 1} ref={box}>
      <div role="rowgroup">
        <div class="tr head" role="row" aria-rowindex={1}>
          {(["patient", "why", "pain", "days7", "days28", "phase", "last"] as const).map((column) => (
            <span key={column} role="columnheader">
              {t(`caseload.column.${column}`)}
            </span>
          ))}
        </div>
      </div>
      {needing.length > 0 && <Group title={t("caseload.now", { count: needing.length })} rows={needing} at={at} draw={draw} />}
      {others.length > 0 && (
        <Group title={grouped ? t(hasMore ? "caseload.others_more" : "caseload.others", { count: others.length }) : null} rows={others} at={at} draw={draw} />
      )}
      {hasMore && <End onSeen={onEnd} />}
    </div>
  );
}

function focusRow(table: HTMLElement | null, id: string | null): void {
  const link = table?.querySelector<HTMLElement>(`[data-row="${id}"] a`);
  link?.focus({ preventScroll: true });
  link?.closest(".tr")?.scrollIntoView({ block: "nearest" });
}

interface GroupProps {
  readonly title: string | null;
  readonly rows: readonly Row[];
  readonly at: string | null;
  readonly draw: (row: Row) => JSX.Element;
}

const BLOCK = 20;

function Group({ title, rows, at, draw }: GroupProps): JSX.Element {
  const blocks = Array.from({ length: Math.ceil(rows.length / BLOCK) }, (_, i) => rows.slice(i * BLOCK, (i + 1) * BLOCK));
  return (
    <div role="rowgroup" aria-label={title ?? undefined}>
      {title && <p class="grp">{title}</p>}
      {blocks.map((block, i) => (
        <Block key={i} rows={block} pinned={block.some((row) => row.id === at)} first={i === 0} draw={draw} />
      ))}
    </div>
  );
}

/** Height of a row before it was ever drawn; afterwards a block keeps the height it really had. */
const ROW_PX = 57;

/** Some rows, drawn while they are near the screen or hold the focus; otherwise an empty box of the same height. */
function Block({ rows, pinned, first, draw }: { rows: readonly Row[]; pinned: boolean; first: boolean; draw: GroupProps["draw"] }): JSX.Element {
  const [near, setNear] = useState(first);
  const box = useRef<HTMLDivElement>(null);
  const height = useRef(rows.length * ROW_PX);
  const drawn = near || pinned;
  useEffect(() => {
    const node = box.current;
    if (!node) return undefined;
    const watcher = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        if (!entry.isIntersecting && node.firstChild) height.current = node.offsetHeight;
        setNear(entry.isIntersecting);
      },
      { rootMargin: "1200px" },
    );
    watcher.observe(node);
    return () => watcher.disconnect();
  }, []);
  return (
    <div ref={box} role="presentation" style={drawn ? undefined : { height: `${height.current}px` }}>
      {drawn && rows.map(draw)}
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  /** place in the table, counted from 1 with the heading */
  readonly index: number;
  readonly focused: boolean;
  readonly onFocus: (id: string) => void;
}

const RowView = memo(function RowView({ row, index, focused, onFocus }: RowProps): JSX.Element {
  const reason = reasonOf(row);
  const about = aboutPatient({ birth_date: row.birthDate, affected_side: row.side, condition: row.condition }, true);
  return (
    <div class={["tr", urgencyOf(reason) === "alarm" && "alarm", focused && "foc"].filter(Boolean).join(" ")} role="row" aria-rowindex={index} data-row={row.id}>
      <span role="cell" class="c-who">
        <a href={`/clinic/patients/${row.id}`} onFocus={() => onFocus(row.id)}>
          {row.name}
        </a>
        <small class="quiet">{about}</small>
      </span>
      <span role="cell" class="c-why">
        <ReasonText reason={reason} more={row.flags.length - 1} />
      </span>
      <span role="cell" class="sp" aria-label={row.lastPain === null ? t("caseload.no_pain") : t("caseload.last_pain", { score: row.lastPain })}>
        <Spark values={row.spark} />
        <b>{row.lastPain}</b>
      </span>
      <span role="cell">
        <Share value={row.adherence7} text={percent(row.adherence7)} />
      </span>
      <span role="cell">
        <Share value={row.adherence28} text={percent(row.adherence28)} />
      </span>
      <span role="cell">{row.phase ? `${row.phase.n} ${row.phase.name}` : "–"}</span>
      <span role="cell" class="r quiet">
        {lastSeen(row.lastActive)}
      </span>
    </div>
  );
});

/** Comes into view a screen before the end of the list and asks for the next page. */
function End({ onSeen }: { onSeen: () => void }): JSX.Element {
  const mark = useRef<HTMLDivElement>(null);
  const latest = useRef(onSeen);
  latest.current = onSeen;
  useEffect(() => {
    if (!mark.current) return undefined;
    const watcher = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && latest.current(), { rootMargin: "800px" });
    watcher.observe(mark.current);
    return () => watcher.disconnect();
  });
  return (
    <div ref={mark} class="end">
      <Skeleton lines={2} />
    </div>
  );
}
