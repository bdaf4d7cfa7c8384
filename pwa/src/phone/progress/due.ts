/** What is to be asked now, out of all the phone knows. */
import { computed } from "@preact/signals";
import { entries, plan, progress, today } from "../state";
import { localDate } from "../store/time";
import { dueOutcomes } from "./outcomes";

export const dueNow = computed(() => {
  const stored = progress.value;
  const outcomes = stored?.payload.outcomes;
  const starts = (plan.value?.payload.plans ?? []).map((one) => one.starts_on).sort();
  return dueOutcomes(
    {
      said: stored && outcomes ? { due: outcomes.due, on: localDate(new Date(stored.fetchedAt)) } : null,
      scores: outcomes?.scores ?? [],
      entries: entries.value,
      startsOn: starts[0] ?? null,
    },
    today.value,
  );
});
