import type { JSX } from "preact";
import { Button, Icon } from "../../../ui";
import * as calls from "../../calls";
import { FormErrors } from "../../parts/problem";
import { abilities } from "../../session";
import { t } from "../../t";
import type { Merged, Patient } from "../../types";
import { useAction } from "../../use";
import { formatDate } from "../../words";

interface Props {
  readonly patient: Patient;
  readonly merges: readonly Merged[];
  readonly onUndone: () => void;
}

/** That two records became one stands on both, with the way back while there is one. */
export function MergedNotes({ patient, merges, onUndone }: Props): JSX.Element {
  const open = merges.filter((merge) => !merge.undone_at && (merge.other === patient.id || new Date(merge.undo_until) > new Date()));
  return (
    <>
      {open.map((merge) => (
        <Note key={merge.id} patient={patient} merge={merge} onUndone={onUndone} />
      ))}
    </>
  );
}

function Note({ patient, merge, onUndone }: { patient: Patient; merge: Merged; onUndone: () => void }): JSX.Element {
  const undo = useAction(async () => {
    await calls.undoMerge(merge.id);
    onUndone();
  });
  const gone = merge.other === patient.id;
  const possible = new Date(merge.undo_until) > new Date();
  const until = formatDate(merge.undo_until.slice(0, 10), { day: "numeric", month: "long" });
  return (
    <div class={gone ? "banner feel said" : "banner do said"} role="status">
      <Icon name={gone ? "warn" : "check"} />
      <div>
        <p>{gone ? t("merge.gone") : t("merge.done", { name: patient.name, other: merge.other_name })}</p>
        <p class="acts-row">
          {gone && <a class="btn" href={`/clinic/patients/${merge.kept}`}>{t("merge.open_kept")}</a>}
          {possible && abilities.value.editPatient && (
            <>
              <Button disabled={undo.busy} onClick={() => void undo.run()}>{t("merge.undo")}</Button>
              <span class="small quiet">{t("merge.undo_until", { date: until })}</span>
            </>
          )}
        </p>
        <FormErrors error={undo.error} />
      </div>
    </div>
  );
}
