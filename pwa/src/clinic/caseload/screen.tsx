import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Empty, Icon, Skeleton } from "../../ui";
import { Select } from "../parts/select";
import { LoadError } from "../parts/problem";
import { Share, Spark } from "../parts/spark";
import { abilities } from "../session";
import { t, type Key } from "../t";
import { CASELOAD_FILTERS, CASELOAD_ORDERS, readCaseload, writeCaseload, type CaseloadQuery } from "../url";
import { useKeys, useTitle } from "../use";
import { aboutPatient, lastSeen, percent } from "../words";
import { ReasonText } from "./reason";
import { group, reasonOf, urgencyOf, type Row } from "./rows";
import { useCaseload } from "./use-caseload";

/** Caseload: who needs me now, first. */
export function CaseloadScreen(): JSX.Element {
  const { url, route } = useLocation();
  const query = readCaseload(new URL(url, location.origin).search);
  const { data, error, more, reload } = useCaseload(query);
  const go = (change: Partial<CaseloadQuery>): void => route(`/clinic${writeCaseload({ ...query, ...change })}`, true);
  useTitle(t("title.page", { page: t("nav.caseload") }));

  const rows = data?.rows ?? [];
  const plain = query.search === "" && query.filter === null && !query.mine;
  const needing = data && group(rows).needing.length;

  return (
    <main class="wrap">
      <div class="hd">
        <h1>
          {needing === null ? t("nav.caseload") : plain ? t("caseload.need", { count: needing }) : t("caseload.found", { count: rows.length })}
          {data && plain && !data.more && rows.length > 0 && <em>{t("caseload.of", { count: rows.length })}</em>}
        </h1>
        {abilities.value.editPatient && (
          <a class="btn" href="/clinic/patients/new">
            <Icon name="plus" small />
            {t("patient.new")}
          </a>
        )}
      </div>
      <div class="tools" role="group" aria-label={t("caseload.filters")}>
        <button type="button" class="chip" aria-pressed={query.filter === null} onClick={() => go({ filter: null })}>
          {t("caseload.all")}
        </button>
        {CASELOAD_FILTERS.map((filter) => (
          <button key={filter} type="button" class="chip" aria-pressed={query.filter === filter} onClick={() => go({ filter: query.filter === filter ? null : filter })}>
            {t(`caseload.filter.${filter}` as Key)}
          </button>
        ))}
        <button type="button" class="chip" aria-pressed={query.mine} onClick={() => go({ mine: !query.mine })}>
          {t("caseload.mine")}
        </button>
        <span class="r small quiet keyhint" aria-hidden="true">
          <kbd>J</kbd> <kbd>K</kbd> {t("keys.move_short")} <kbd>Enter</kbd> {t("keys.open_short")} <kbd>?</kbd> {t("keys.all_short")}
        </span>
        <Select
          label={t("caseload.order")} hideLabel value={query.order} onChange={(order) => go({ order })}
          options={CASELOAD_ORDERS.map((value) => ({ value, text: t(`caseload.order.${value}` as Key) }))}
        />
      </div>
      {error && <LoadError error={error} onRetry={reload} />}
      {!data && !error && <Skeleton lines={8} />}
      {data && rows.length === 0 && (plain ? <Nobody /> : <Empty icon="search" title={t("caseload.nothing")}>{t("caseload.nothing_text")}</Empty>)}
      {rows.length > 0 && <Table rows={rows} grouped={query.order === "attention" && query.search === ""} onEnd={more} hasMore={data?.more ?? false} />}
    </main>
  );
}

function Nobody(): JSX.Element {
  return (
    <Empty icon="person" title={t("caseload.empty")}>
      {t("caseload.empty_text")}
      <br />
      {abilities.value.editPatient && (
        <a class="btn primary" href="/clinic/patients/new">
          {t("patient.new")}
        </a>
      )}
    </Empty>
  );
}

interface TableProps {
  readonly rows: Row[];
  readonly grouped: boolean;
  readonly onEnd: () => void;
  readonly hasMore: boolean;
}

/**
 * Rows are boxes with table roles, not a <table>: `content-visibility` then skips what is out of sight, so that a
 * thousand rows scroll as ten do. J and K move a real focus, so that screen readers and Enter follow by themselves.
 */
function Table({ rows, grouped, onEnd, hasMore }: TableProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<string | null>(null);
  const moveTo = (by: number): void => {
    const links = [...(box.current?.querySelectorAll<HTMLElement>("a.who-link") ?? [])];
    const current = links.indexOf(document.activeElement as HTMLElement);
    const index = current < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, current + by));
    links[index]?.focus();
    links[index]?.scrollIntoView({ block: "nearest" });
  };
  useKeys({
    j: () => moveTo(1), ArrowDown: () => moveTo(1),
    k: () => moveTo(-1), ArrowUp: () => moveTo(-1),
  });

  const { needing, others } = grouped ? group(rows) : { needing: [], others: rows };
  const draw = (row: Row): JSX.Element => <RowView key={row.id} row={row} focused={at === row.id} onFocus={setAt} />;
  return (
    <div class="card cl" role="table" aria-label={t("nav.caseload")} aria-rowcount={hasMore ? -1 : rows.length + 1} ref={box}>
      <div role="rowgroup">
        <div class="tr head" role="row">
          {(["patient", "why", "pain", "days7", "days28", "phase", "last"] as const).map((column) => (
            <span key={column} role="columnheader">
              {t(`caseload.column.${column}`)}
            </span>
          ))}
        </div>
      </div>
      {needing.length > 0 && <Group title={t("caseload.now", { count: needing.length })}>{needing.map(draw)}</Group>}
      {others.length > 0 && <Group title={grouped ? t(hasMore ? "caseload.others_more" : "caseload.others", { count: others.length }) : null}>{others.map(draw)}</Group>}
      {hasMore && <End onSeen={onEnd} />}
    </div>
  );
}

function Group({ title, children }: { title: string | null; children: JSX.Element[] }): JSX.Element {
  return (
    <div role="rowgroup" aria-label={title ?? undefined}>
      {title && <p class="grp">{title}</p>}
      {children}
    </div>
  );
}

const RowView = memo(function RowView({ row, focused, onFocus }: { row: Row; focused: boolean; onFocus: (id: string) => void }): JSX.Element {
  const reason = reasonOf(row);
  const about = aboutPatient({ birth_date: row.birthDate, affected_side: row.side, condition: row.condition }, true);
  return (
    <div class={["tr", urgencyOf(reason) === "alarm" && "alarm", focused && "foc"].filter(Boolean).join(" ")} role="row">
      <span role="cell" class="c-who">
        <a class="who-link" href={`/clinic/patients/${row.id}`} onFocus={() => onFocus(row.id)}>
          {row.name}
        </a>
        <small class="quiet">{about}</small>
      </span>
      <span role="cell" class="c-why">
        <ReasonText reason={reason} />
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
