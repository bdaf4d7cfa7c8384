import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import * as calls from "../calls";
import { noticeExpiry, person } from "../session";
import type { CaseloadQuery } from "../url";
import type { CaseloadRow } from "../types";
import { readRow, type Row } from "./rows";

/** What the API calls the filters and orders. */
export function toParams({ search, filter, order, mine }: CaseloadQuery): Record<string, string> {
  const me = mine && person.value?.user.id;
  const only: Record<string, string> = filter === "surgery" ? { condition: "lt_resection" } : filter ? { attention: filter } : {};
  return { ...(search && { search }), ...only, ...(me && { responsible: me }), order };
}

export interface Caseload {
  rows: Row[];
  /** there are more than these */
  more: boolean;
}

/**
 * The caseload page by page: the first page at once, the next when the end of the list comes near. A changed query starts
 * over, and the old rows stay until the new ones are there.
 */
export function useCaseload(query: CaseloadQuery) {
  const [data, setData] = useState<Caseload | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  const next = useRef<string | null>(null);
  const loading = useRef<AbortController | null>(null);
  const key = JSON.stringify(toParams(query));

  const fetchPage = useCallback(async (load: (signal: AbortSignal) => ReturnType<typeof calls.caseload>, before: Row[]) => {
    const controller = new AbortController();
    loading.current = controller;
    try {
      const page = await load(controller.signal);
      if (controller.signal.aborted) return;
      next.current = page.next;
      setData({ rows: [...before, ...page.results.map((row) => readRow(row))], more: page.next !== null });
      setError(null);
    } catch (failure) {
      if (controller.signal.aborted) return;
      noticeExpiry(failure);
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      if (loading.current === controller) loading.current = null;
    }
  }, []);

  useEffect(() => {
    loading.current?.abort();
    void fetchPage((signal) => calls.caseload(JSON.parse(key) as Record<string, string>, signal), []);
    return () => loading.current?.abort();
  }, [key, round]);

  const more = useCallback(() => {
    const address = next.current;
    if (!address || loading.current || !data) return;
    void fetchPage((signal) => calls.nextPage<CaseloadRow>(calls.CASELOAD, address, signal), data.rows);
  }, [data]);

  return { data, error, more, reload: () => setRound((n) => n + 1) };
}
