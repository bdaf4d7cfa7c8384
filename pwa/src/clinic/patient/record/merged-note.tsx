import type { JSX } from "preact";
import { Button, Icon } from "../../../ui";
import * as calls from "../../calls";
import { FormErrors } from "../../parts/problem";
import { abilities } from "../../session";
import { t } from "../../t";
import type { Merged, Patient } from "../../types";
import { useAction } from "../../use";
import { formatDate } from "../../words";

export interface MergedSaid {
  readonly done: Merged;
  /** the name on the record that was taken in */
  readonly other: string;
}

/** After a merge: what was done, and the way back while there is one. */
export function MergedNote({ patient, merged, onUndone }: { patient: Patient; merged: MergedSaid | null; onUndone: () => void }): JSX.Element | null {
  const undo = useAction(async (id: string) => {
    await calls.undoMerge(id);
    onUndone();
  });
  if (!merged) return null;
  const until = formatDate(merged.done.undo_until.slice(0, 10), { day: "numeric", month: "long" });
  return (
    <div class="banner do said" role="status">
      <Icon name="check" />
      <div>
        <p>{t("merge.done", { name: patient.name, other: merged.other })}</p>
        {abilities.value.editPatient && (
          <p class="acts-row">
            <Button disabled={undo.busy} onClick={() => void undo.run(merged.done.id)}>{t("merge.undo")}</Button>
            <span class="small quiet">{t("merge.undo_until", { date: until })}</span>
          </p>
        )}
        <FormErrors error={undo.error} />
      </div>
    </div>
  );
}
