import type { JSX } from "preact";
import { useRef } from "preact/hooks";
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
  const opened = useRef<string | null>(null);
  const failed = [program, library, patient, plan].find((each) => each.error && !each.data);

  if (failed?.error) {
    return (
      <main class="wrap">
        <LoadError error={failed.error} onRetry={failed.reload} />
      </main>
    );
  }
  // The answer shown while the next one loads may be another's: never edit under the wrong address.
  const itsPatient = patient.data?.id === patientId ? patient.data : null;
  const itsPlan = plan.data?.id === planId ? plan.data : null;
  const complete = (patientId === null || itsPatient !== null) && (planId === null || itsPlan !== null);
  // Once open it stays open: choosing a patient must cost neither the undo history nor the dialog.
  if (program.data?.id !== id || !library.data || (!complete && opened.current !== id)) {
    return (
      <main class="wrap">
        <Skeleton lines={8} />
      </main>
    );
  }
  opened.current = id;
  return <Builder key={id} server={program.data} library={library.data} patient={itsPatient} plan={itsPlan} />;
}
