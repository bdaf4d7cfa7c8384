import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, Skeleton } from "../../ui";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { t } from "../t";
import type { Patient } from "../types";
import { useResource, useSettled } from "../use";
import { aboutPatient } from "../words";

/** Find a patient by name and choose one. Without words typed it offers the most recent ones the server lists. */
export function PatientPicker({ onPick, without }: { onPick: (patient: Patient) => void; without?: string }): JSX.Element {
  const [text, setText] = useState("");
  const settled = useSettled(text).trim();
  const { data, error, reload } = useResource(`patients ${settled}`, (signal) => calls.findPatients(settled, signal));
  return (
    <div class="picker">
      <label class="input">
        <Icon name="search" small />
        <span class="vh">{t("picker.search")}</span>
        <input type="search" value={text} placeholder={t("picker.search")} autocomplete="off" onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      {error && <LoadError error={error} onRetry={reload} />}
      {!data && !error && <Skeleton lines={4} />}
      <ul class="pick" aria-label={t("picker.label")}>
        {data?.results.filter((patient) => patient.id !== without).map((patient) => (
          <li key={patient.id}>
            <button type="button" onClick={() => onPick(patient)}>
              <b>{patient.name}</b> <span class="quiet small">{aboutPatient(patient)}</span>
            </button>
          </li>
        ))}
      </ul>
      {data?.results.length === 0 && <p class="quiet">{settled ? t("picker.nothing", { text: settled }) : t("picker.nobody")}</p>}
    </div>
  );
}
