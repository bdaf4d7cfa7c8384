import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Icon } from "../../ui";
import * as calls from "../calls";
import { allEvidence } from "../parts/evidence";
import { Field } from "../parts/field";
import { FormErrors } from "../parts/problem";
import { abilities } from "../session";
import { t, word } from "../t";
import type { Flag } from "../types";
import { useAction } from "../use";

/** Open flags with their evidence and what to do next. Settling one takes a note; a red flag's lock ends with it. */
export function FlagsCard({ patientId, flags, onChanged }: { patientId: string; flags: readonly Flag[]; onChanged: () => void }): JSX.Element | null {
  if (flags.length === 0) return null;
  return (
    <section class="card pre" aria-labelledby="flags">
      <h2 id="flags">{t("flags")}</h2>
      <ul class="plans">
        {flags.map((flag) => (
          <FlagRow key={flag.id} patientId={patientId} flag={flag} onChanged={onChanged} />
        ))}
      </ul>
    </section>
  );
}

function FlagRow({ patientId, flag, onChanged }: { patientId: string; flag: Flag; onChanged: () => void }): JSX.Element {
  const [settling, setSettling] = useState(false);
  const acknowledge = useAction(async () => {
    await calls.acknowledge(flag.id);
    onChanged();
  });
  const emergency = flag.urgency === "emergency";
  return (
    <li class={emergency ? "banner alarm" : ""}>
      <b class={emergency ? "flag alarm" : "flag"}>
        <Icon name={emergency ? "warn" : "flag"} small />
        {word("flag", flag.kind)}
      </b>
      {allEvidence(flag).slice(0, 3).map((line) => (
        <span key={line}>{line}</span>
      ))}
      <span class="quiet small">{flag.next_step}</span>
      {flag.acknowledged_by && <span class="quiet small">{t("flags.seen_by", { name: flag.acknowledged_by })}</span>}
      {abilities.value.resolve && (
        <span class="acts-row">
          {!flag.acknowledged_by && (
            <Button disabled={acknowledge.busy} onClick={() => void acknowledge.run()}>
              {t("flags.seen")}
            </Button>
          )}
          <Button onClick={() => setSettling(true)}>{t(flag.kind === "red_flag" ? "flags.unlock" : "flags.settle")}</Button>
        </span>
      )}
      <FormErrors error={acknowledge.error} />
      {settling && <SettleDialog patientId={patientId} flag={flag} onClose={() => setSettling(false)} onDone={() => { setSettling(false); onChanged(); }} />}
    </li>
  );
}

function SettleDialog({ patientId, flag, onClose, onDone }: { patientId: string; flag: Flag; onClose: () => void; onDone: () => void }): JSX.Element {
  const [note, setNote] = useState("");
  const unlocks = flag.kind === "red_flag";
  const settle = useAction(async () => {
    if (unlocks) await calls.unlock(patientId, note.trim());
    await calls.resolve(flag.id, note.trim());
    onDone();
  });
  return (
    <Dialog
      title={t(unlocks ? "flags.unlock_title" : "flags.settle_title")} onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={settle.busy || !note.trim()} onClick={() => void settle.run()}>
            {t(unlocks ? "flags.unlock" : "flags.settle")}
          </Button>
          <Button kind="plain" onClick={onClose}>{t("cancel")}</Button>
        </>
      }
    >
      <p>{t(unlocks ? "flags.unlock_text" : "flags.settle_text")}</p>
      <Field label={t("flags.note")} value={note} maxLength={1000} required onInput={(event) => setNote(event.currentTarget.value)} />
      <FormErrors error={settle.error} />
    </Dialog>
  );
}
