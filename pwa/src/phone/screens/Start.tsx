import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { startSession } from "../actions";
import { isLocking } from "../checkin/danger";
import { signsOf } from "../checkin/draft";
import { care, draft, lock, nextGroup } from "../state";
import { Starting } from "./Starting";

/** From a reminder straight into today's next session; where there is none to begin, Today says why. */
export function Start(): JSX.Element {
  const { route } = useLocation();
  useEffect(() => void begin().then((to) => route(to, true)), []);
  return <Starting />;
}

async function begin(): Promise<string> {
  const { morning } = care.value;
  if (lock.value !== null || (morning !== null && signsOf(morning).some(isLocking))) return "/";
  if (draft.value !== null) return "/session";
  if (nextGroup.value === null) return "/";
  await startSession(nextGroup.value);
  return "/session";
}
