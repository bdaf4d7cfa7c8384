import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { awaitsLock } from "../checkin/draft";
import { startSession } from "../session/actions";
import { care, draft, lock, nextGroup } from "../state";
import { Starting } from "./Starting";

/** From a reminder straight into today's next session; where there is none to begin, Today says why. */
export function Start(): JSX.Element {
  const { route } = useLocation();
  useEffect(() => void begin().then((to) => route(to, true)), []);
  return <Starting />;
}

async function begin(): Promise<string> {
  if (lock.value !== null || awaitsLock(care.value.morning)) return "/";
  if (draft.value !== null) return "/session";
  if (nextGroup.value === null) return "/";
  await startSession(nextGroup.value);
  return "/session";
}
