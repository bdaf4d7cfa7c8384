import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { LANGUAGES } from "../../i18n/core";
import { Button } from "../../ui";
import { Field } from "../parts/field";
import * as calls from "../calls";
import { today } from "../dates";
import { FormErrors } from "../parts/problem";
import { Select } from "../parts/select";
import { clinicOnWrites, person } from "../session";
import { t, word } from "../t";
import type { Condition, Patient, Side } from "../types";
import { useAction } from "../use";

const SIDES: readonly Side[] = ["left", "right", "both"];
const CONDITIONS: readonly Condition[] = ["ifi_suspected", "ifi_confirmed", "piriformis", "proximal_hamstring", "lt_resection", "other"];
const FIELDS = ["name", "birth_date", "email", "record_number", "timezone"];

export const sideOptions = () => [{ value: "", text: t("unknown") }, ...SIDES.map((value) => ({ value, text: word("affected", value) }))];
export const conditionOptions = () => [
  { value: "", text: t("unknown") },
  ...CONDITIONS.map((value) => ({ value, text: word("condition", value) })),
];

interface Values {
  name: string;
  birth_date: string;
  email: string;
  affected_side: string;
  condition: string;
  language: string;
  timezone: string;
  record_number: string;
}

const empty = (): Values => ({
  name: "", birth_date: "", email: "", affected_side: "", condition: "", record_number: "",
  language: person.value?.locale.slice(0, 2) ?? "en",
  timezone: person.value?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
});

/** Only what was filled in is sent: an empty field means "not known", which the server stores as null by itself. */
function toBody(values: Values, full: boolean): calls.NewPatient {
  const { name, birth_date, ...rest } = values;
  const optional = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== "")) as Partial<Patient>;
  return { name: name.trim(), birth_date, ...(full ? optional : {}), ...clinicOnWrites() };
}

/**
 * A new patient: name and birth date, since the birth date is what opens the invitation. Everything else may wait; with
 * `quick` it is not even shown.
 */
export function NewPatientForm({ quick = false, onCreated }: { quick?: boolean; onCreated: (patient: Patient) => void }): JSX.Element {
  const [values, setValues] = useState<Values>(empty);
  const submit = useAction(async () => onCreated(await calls.createPatient(toBody(values, !quick))));
  const set = (field: keyof Values) => (event: { currentTarget: { value: string } }) => setValues({ ...values, [field]: event.currentTarget.value });
  const error = (field: string): string | null => submit.error?.forField(field) ?? null;
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit.run(); }}>
      <div class="two-fields">
        <Field label={t("patient.name")} name="name" required maxLength={120} autocomplete="off" value={values.name} onInput={set("name")} error={error("name")} />
        <Field label={t("patient.birth_date")} name="birth_date" type="date" required min="1900-01-01" max={today()} value={values.birth_date} onInput={set("birth_date")} error={error("birth_date")} />
      </div>
      {!quick && (
        <fieldset class="plain">
          <legend>{t("patient.optional")}</legend>
          <div class="two-fields">
            <Select label={t("patient.affected_side")} value={values.affected_side} options={sideOptions()} onChange={(affected_side) => setValues({ ...values, affected_side })} />
            <Select label={t("patient.condition")} value={values.condition} options={conditionOptions()} onChange={(condition) => setValues({ ...values, condition })} />
            <Field label={t("email")} name="email" type="email" autocomplete="off" value={values.email} onInput={set("email")} error={error("email")} />
            <Field label={t("patient.record_number")} name="record_number" autocomplete="off" maxLength={40} value={values.record_number} onInput={set("record_number")} error={error("record_number")} />
            <Select label={t("patient.language")} value={values.language} options={LANGUAGES.map((value) => ({ value, text: word("language", value) }))} onChange={(language) => setValues({ ...values, language })} />
            <ZoneField value={values.timezone} onChange={(timezone) => setValues({ ...values, timezone })} error={error("timezone")} />
          </div>
        </fieldset>
      )}
      <FormErrors error={submit.error} fields={FIELDS} />
      <Button kind="primary" type="submit" disabled={submit.busy}>
        {quick ? t("patient.add") : t("patient.add_and_build")}
      </Button>
    </form>
  );
}

function ZoneField({ value, onChange, error }: { value: string; onChange: (zone: string) => void; error: string | null }): JSX.Element {
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <>
      <Field label={t("patient.timezone")} name="timezone" list="zones" value={value} onInput={(event) => onChange(event.currentTarget.value)} error={error} />
      <datalist id="zones">
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
