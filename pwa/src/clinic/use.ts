/** Small hooks shared by the screens. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { expired, noticeExpiry } from "./session";

export interface Resource<T> {
  data: T | null;
  error: ApiError | null;
  reload: () => void;
  set: (data: T) => void;
}

/**
 * Loads something and keeps showing the last answer while the next one is on its way. `key` says what is asked for; when
 * it changes, the older request is aborted and its answer ignored. A null key asks for nothing. After a sign-in over the
 * page it asks again by itself.
 */
export function useResource<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const signedOut = expired.value;

  useEffect(() => {
    if (key === null || signedOut) return undefined;
    const controller = new AbortController();
    latest.current(controller.signal).then(
      (answer) => {
        if (controller.signal.aborted) return;
        setData(() => answer);
        setError(null);
      },
      (failure: unknown) => {
        if (controller.signal.aborted) return;
        noticeExpiry(failure);
        if (failure instanceof ApiError) setError(failure);
        else throw failure;
      },
    );
    return () => controller.abort();
  }, [key, round, signedOut]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const set = useCallback((next: T) => setData(() => next), []);
  return { data, error, reload, set };
}

/** A value that follows after `delay` ms of quiet, for search as you type. */
export function useSettled<T>(value: T, delay = 180): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}

/** Runs an action and keeps its failure; `busy` while it runs. A second call while one runs is ignored. */
export function useAction<A extends unknown[]>(action: (...args: A) => Promise<void>) {
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const run = async (...args: A): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(null);
    try {
      await action(...args);
    } catch (failure) {
      noticeExpiry(failure);
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, error, busy };
}

const TYPING = "input, textarea, select, [contenteditable]";

/** Single keys for the whole screen; silent while somebody types or a dialog is open. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.closest(TYPING) || document.querySelector("dialog[open]")) return;
      const handler = latest.current[event.key];
      if (!handler) return;
      event.preventDefault();
      handler(event);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
