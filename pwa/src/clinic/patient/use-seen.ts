import { useCallback, useEffect, useRef } from "preact/hooks";
import * as calls from "../calls";
import { noticeExpiry } from "../session";

const ON_SCREEN_MS = 1_000;

/**
 * Marks log entries as seen when they have really been on screen for a second; the patient's phone then says "Seen by
 * Dana". A failed call is tried again with the next entries that come into view.
 */
export function useSeen(patientId: string, onSeen?: () => void): (id: string, seen: boolean) => (node: Element | null) => void {
  const latest = useRef(onSeen);
  latest.current = onSeen;
  const waiting = useRef(new Map<Element, string>());
  const due = useRef(new Set<string>());
  const sent = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const watcher = useRef<IntersectionObserver | null>(null);

  const send = useCallback(async () => {
    timer.current = null;
    const items = [...due.current];
    due.current.clear();
    if (items.length === 0) return;
    items.forEach((id) => sent.current.add(id));
    try {
      await calls.markSeen(patientId, items);
      latest.current?.();
    } catch (error) {
      items.forEach((id) => {
        sent.current.delete(id);
        due.current.add(id);
      });
      noticeExpiry(error);
      if (!(error instanceof calls.ApiError)) throw error;
    }
  }, [patientId]);

  useEffect(() => {
    watcher.current = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const id = waiting.current.get(entry.target);
        if (!id || sent.current.has(id)) continue;
        if (entry.isIntersecting) due.current.add(id);
        else due.current.delete(id);
      }
      if (due.current.size > 0) timer.current ??= setTimeout(() => void send(), ON_SCREEN_MS);
    });
    for (const node of waiting.current.keys()) watcher.current.observe(node);
    return () => {
      watcher.current?.disconnect();
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
    };
  }, [send]);

  return (id, seen) => (node) => {
    if (!node || seen || sent.current.has(id)) return;
    waiting.current.set(node, id);
    watcher.current?.observe(node);
  };
}
