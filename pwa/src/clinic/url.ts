/** What a list shows lives in the URL, so that it can be reloaded, bookmarked and handed to a colleague. */

/** What to look at alone: kinds of open flags (API.md), and everybody after surgery. */
export const CASELOAD_FILTERS = ["silent", "pain_trend", "pain_above_rule", "surgery"] as const;
export type CaseloadFilter = (typeof CASELOAD_FILTERS)[number];
export const CASELOAD_ORDERS = ["attention", "name", "last_active"] as const;
export type CaseloadOrder = (typeof CASELOAD_ORDERS)[number];

export interface CaseloadQuery {
  search: string;
  filter: CaseloadFilter | null;
  order: CaseloadOrder;
  /** only the patients one is responsible for */
  mine: boolean;
}

function oneOf<T extends string>(allowed: readonly T[], value: string | null): T | null {
  return allowed.includes(value as T) ? (value as T) : null;
}

/** Unknown values, from an old bookmark perhaps, fall back to the default instead of failing. */
export function readCaseload(search: string): CaseloadQuery {
  const params = new URLSearchParams(search);
  return {
    search: params.get("search") ?? "",
    filter: oneOf(CASELOAD_FILTERS, params.get("show")),
    order: oneOf(CASELOAD_ORDERS, params.get("order")) ?? "attention",
    mine: params.get("mine") === "1",
  };
}

/** The query string without defaults: the plain caseload is plain `/clinic`. */
export function writeCaseload(query: CaseloadQuery): string {
  const params = new URLSearchParams();
  if (query.search.trim()) params.set("search", query.search.trim());
  if (query.filter) params.set("show", query.filter);
  if (query.mine) params.set("mine", "1");
  if (query.order !== "attention") params.set("order", query.order);
  return withMark(params);
}

export const FACETS = ["muscle", "kind", "position", "equipment", "level", "demand"] as const;
export type Facet = (typeof FACETS)[number];

export interface LibraryQuery {
  search: string;
  chosen: Partial<Record<Facet, string>>;
}

export function readLibrary(search: string): LibraryQuery {
  const params = new URLSearchParams(search);
  const chosen: LibraryQuery["chosen"] = {};
  for (const facet of FACETS) {
    const value = params.get(facet);
    if (value) chosen[facet] = value;
  }
  return { search: params.get("search") ?? "", chosen };
}

export function writeLibrary(query: LibraryQuery): string {
  const params = new URLSearchParams();
  if (query.search.trim()) params.set("search", query.search.trim());
  for (const facet of FACETS) {
    const value = query.chosen[facet];
    if (value) params.set(facet, value);
  }
  return withMark(params);
}

function withMark(params: URLSearchParams): string {
  const text = params.toString();
  return text && `?${text}`;
}
