import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { Skeleton } from "../../ui";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { useResource } from "../use";
import { Builder } from "./builder";

/** `/clinic/programs/<id>?patient=<id>&plan=<id>`: loads what the builder needs before it opens. */
export function BuilderScreen(): JSX.Element {
  const id = useRoute().params["id"] ?? "";
  const { query } = useLocation();
  const patientId = query["patient"] ?? null;
  const program = useResource(`program ${id}`, () => calls.program(id));
  const library = useResource("exercises", calls.allExercises);
  const patient = useResource(patientId, () => calls.patient(patientId ?? ""));
  const planId = query["plan"] ?? null;
  const plan = useResource(planId, () => calls.plan(planId ?? ""));
  const failed = [program, library, patient, plan].find((each) => each.error && !each.data);

  if (failed?.error) {
    return (
      <main class="wrap">
        <LoadError error={failed.error} onRetry={failed.reload} />
      </main>
    );
  }
  // The answer shown while the next one loads may be another program's: never edit under the wrong address.
  if (program.data?.id !== id || !library.data || (patientId && patient.data?.id !== patientId) || (planId && plan.data?.id !== planId)) {
    return (
      <main class="wrap">
        <Skeleton lines={8} />
      </main>
    );
  }
  return <Builder key={id} server={program.data} library={library.data} patient={patientId ? patient.data : null} plan={planId ? plan.data : null} />;
}
