import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { Skeleton } from "../../ui";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { useResource } from "../use";
import { PatientPage } from "./page";
import "./patient.css";

/** One patient: did the load change cause the pain? */
export function PatientScreen(): JSX.Element {
  const id = useRoute().params["id"] ?? "";
  const record = useResource(`patient ${id}`, () => calls.patient(id));
  if (record.error && !record.data) {
    return (
      <main class="wrap">
        <LoadError error={record.error} onRetry={record.reload} />
      </main>
    );
  }
  if (record.data?.id !== id) {
    return (
      <main class="wrap">
        <Skeleton lines={8} />
      </main>
    );
  }
  return <PatientPage key={id} patient={record.data} onSaved={record.set} onReload={record.reload} />;
}
