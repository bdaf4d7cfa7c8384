import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Seg, Skeleton } from "../../ui";
import * as calls from "../calls";
import { today } from "../dates";
import { LoadError } from "../parts/problem";
import { t } from "../t";
import type { Checkin, PainLog, SessionLog } from "../types";
import { useResource } from "../use";
import { currentPlan, isRunning, planEnd, type Plans } from "./plans-data";
import { revisionLabel } from "./revision-words";
import type { Asked } from "./sessions-card";
import { TimeAxis } from "./time-axis";
import { axisRange, bands, changes, dayFacts, limitSteps, type RangeName } from "./timeline";

const RANGES: readonly RangeName[] = ["4weeks", "plan", "all"];

export interface ChartCardProps {
  readonly patientId: string;
  readonly plans: Plans | null;
  readonly logs: { readonly sessions: SessionLog[]; readonly pain: PainLog[]; readonly checkins: Checkin[] } | null;
  readonly asked: ReadonlyMap<string, Asked>;
  /** what it is drawn from could not be loaded, and that is said elsewhere */
  readonly failed: boolean;
}

/** "Did the load change cause the pain?", over four weeks, the plan, or everything. */
export function ChartCard({ patientId, plans, logs, asked, failed }: ChartCardProps): JSX.Element {
  const { url, path, query, route } = useLocation();
  const range = RANGES.find((each) => each === query["range"]) ?? "plan";
  const all = plans?.plans ?? [];
  const current = currentPlan(all);
  const firstLog = logs?.sessions.map((session) => session.local_date).sort()[0] ?? null;
  const runningSince = all.filter(isRunning).map((plan) => plan.starts_on).sort()[0];
  const axis = axisRange(range, today(), runningSince ?? current?.starts_on ?? null, firstLog);
  const ready = plans !== null && logs !== null;
  const days = useResource(ready ? `days ${patientId} ${axis.first} ${axis.last}` : null, () => calls.days(patientId, axis.first, axis.last));
  const facts = useMemo(
    () => (logs && days.data ? dayFacts({ ...logs, days: days.data.results }, axis.first, axis.last) : null),
    [logs, days.data, axis.first, axis.last],
  );
  const setRange = (next: RangeName | null): void => {
    if (!next) return;
    const params = new URLSearchParams(new URL(url, location.origin).search);
    params.set("range", next);
    route(`${path}?${params}`, true);
  };
  const named = plans && { programs: plans.programs, nameOf: (id: string) => plans.exercises.get(id)?.name ?? t("builder.unknown_exercise") };
  return (
    <section class="card ax" aria-labelledby="axis">
      <div class="t">
        <h2 id="axis">{t("axis.title")}</h2>
        <Seg label={t("axis.range")} value={range} choices={RANGES.map((value) => ({ value, text: t(`axis.range.${value}`) }))} onChange={setRange} />
      </div>
      {days.error && <LoadError error={days.error} onRetry={days.reload} />}
      {!facts && !failed && !days.error && <Skeleton lines={6} />}
      {facts && plans && named && (
        <TimeAxis
          facts={facts} limits={current ? limitSteps(current, axis.last) : []} onDay={showDay}
          bands={all.flatMap((plan) => bands(plan, plans.programs, planEnd(plan, axis.last)))}
          changes={all.flatMap((plan) => changes(plan, (revision, before) => revisionLabel(before, revision, named)))}
          exerciseName={(prescription) => asked.get(prescription)?.exercise?.name ?? t("builder.unknown_exercise")}
        />
      )}
    </section>
  );
}

/** From a day on the axis to its session in the list. */
function showDay(date: string): void {
  const row = document.getElementById(`day-${date}`);
  row?.querySelector("details")?.setAttribute("open", "");
  row?.scrollIntoView({ block: "center" });
  row?.focus({ preventScroll: true });
}
