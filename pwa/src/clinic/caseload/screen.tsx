import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Empty, Icon, Skeleton } from "../../ui";
import { Select } from "../parts/select";
import { LoadError } from "../parts/problem";
import { abilities } from "../session";
import { t, type Key } from "../t";
import { CASELOAD_FILTERS, CASELOAD_ORDERS, readCaseload, writeCaseload, type CaseloadQuery } from "../url";
import { useTitle } from "../use";
import { group } from "./rows";
import { Table } from "./table";
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
  const [why, setWhy] = useState(false);

  return (
    <main class="wrap">
      <div class="hd">
        <h1>
          {needing === null ? t("nav.caseload") : plain ? t("caseload.need", { count: needing }) : t("caseload.found", { count: rows.length })}
          {data && plain && !data.more && rows.length > 0 && <em>{t("caseload.of", { count: rows.length })}</em>}
        </h1>
        {query.order === "attention" && (
          <button type="button" class="link small" aria-expanded={why} onClick={() => setWhy(!why)}>
            {t("caseload.order_short")}
          </button>
        )}
        {abilities.value.editPatient && (
          <a class="btn" href="/clinic/patients/new">
            <Icon name="plus" small />
            {t("patient.new")}
          </a>
        )}
      </div>
      {why && query.order === "attention" && <p class="small quiet order-why">{t("caseload.order_why")}</p>}
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
          <kbd>J</kbd> <kbd>K</kbd> <i>{t("keys.move_short")}</i> <kbd>Enter</kbd> <i>{t("keys.open_short")}</i> <kbd>?</kbd> <i>{t("keys.all_short")}</i>
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
