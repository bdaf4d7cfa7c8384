/** Keeps the screen on during a session. The browser drops the lock whenever the page is hidden, so it is asked for again. */
import { useEffect } from "preact/hooks";

export function useWakeLock(): void {
  useEffect(() => {
    let sentinel: WakeLockSentinel | null = null;
    let over = false;
    const ask = (): void => {
      if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
      navigator.wakeLock
        .request("screen")
        .then((got) => {
          if (over) void got.release();
          else sentinel = got;
        })
        // Refused on a low battery; the session works without.
        .catch(() => undefined);
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", ask);
      void sentinel?.release();
    };
  }, []);
}
