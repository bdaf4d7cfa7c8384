import { useEffect, useMemo, useState } from "preact/hooks";
import { FLAGS_CHANGED, refreshAlerts } from "../alerts";
import type { ApiError } from "../../api/client";
import * as calls from "../calls";
import type { Patient } from "../types";
import { useResource, type Resource } from "../use";
import { askedBy, currentPlan, isRunning, loadPlans } from "./plans-data";

async function loadLogs(id: string) {
  const [sessions, pain, checkins] = await Promise.all([calls.sessions(id), calls.pain(id), calls.checkins(id)]);
  return { sessions, pain: pain.results, checkins: checkins.results };
}

export interface Failure {
  readonly error: ApiError;
  /** asks again for all that failed */
  readonly retry: () => void;
}

/** What could not be loaded must not read as nothing there. */
function failureOf(asked: readonly Pick<Resource<unknown>, "error" | "reload">[]): Failure | null {
  const failed = asked.filter((each) => each.error);
  const error = failed[0]?.error;
  return error ? { error, retry: () => failed.forEach((each) => each.reload()) } : null;
}

/** Everything the page shows of one patient, and what has to be asked again when something was done. */
export function useRecord(patient: Patient, reloadPatient: () => void) {
  const { id } = patient;
  const plans = useResource(`plans ${id}`, () => loadPlans(id));
  const logs = useResource(`logs ${id}`, () => loadLogs(id));
  const flags = useResource(`flags ${id}`, () => calls.flags(id));
  const suggested = useResource(`suggestions ${id}`, () => calls.suggestions(id));
  const messages = useResource(`messages ${id}`, () => calls.messages(id));
  const merges = useResource(`merges ${id}`, () => calls.merges(id));
  /** counts what was done, for cards that ask for themselves */
  const [round, setRound] = useState(0);
  const all = plans.data?.plans ?? [];
  const running = all.filter(isRunning);
  const asked = useMemo(() => askedBy(plans.data), [plans.data]);
  useEffect(() => {
    addEventListener(FLAGS_CHANGED, flags.reload);
    return () => removeEventListener(FLAGS_CHANGED, flags.reload);
  }, [flags.reload]);

  const planChanged = (): void => {
    plans.reload();
    suggested.reload();
    flags.reload();
    setRound((n) => n + 1);
  };
  return {
    plans, logs, flags, suggested, messages, merges, asked, running,
    current: currentPlan(all),
    // With several plans running, "the plan" would be a guess: each has its own button in the list of plans.
    only: running.length === 1 ? (running[0] ?? null) : null,
    failed: failureOf([plans, logs, flags, suggested, messages, merges]),
    /** what the chart is drawn from could not be loaded */
    chartFailed: plans.error !== null || logs.error !== null,
    planChanged,
    round,
    /** A settled flag may unlock the plan, and a lock holds back suggestions and the next phase. */
    flagsChanged: (): void => {
      planChanged();
      reloadPatient();
      void refreshAlerts();
    },
    messageSent: (): void => {
      messages.reload();
      flags.reload();
    },
    everythingChanged: (): void => {
      planChanged();
      logs.reload();
      merges.reload();
      reloadPatient();
    },
  };
}

export type LoadedRecord = ReturnType<typeof useRecord>;
