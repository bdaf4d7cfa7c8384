import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { LANGUAGES, language, setLanguage } from "../../i18n/core";
import { Banner, Button, Seg, Skeleton } from "../../ui";
import { Field } from "../parts/field";
import * as calls from "../calls";
import { FormErrors, LoadError } from "../parts/problem";
import { Select } from "../parts/select";
import { CopyLink } from "../patient/invitation-panel";
import { abilities, chooseClinic, clinic, clinicOnWrites, person } from "../session";
import { t, word } from "../t";
import type { Clinic, Role, StaffInvitation } from "../types";
import { useAction, useResource, useTitle } from "../use";
import { PhonesCard } from "./phones-card";

const ROLES: readonly Role[] = ["owner", "therapist", "assistant"];

/** The clinic: what patients read about it, who works here, and the language of these pages. */
export function ClinicScreen(): JSX.Element {
  const id = clinic.value?.id ?? "";
  const info = useResource(`clinic ${id}`, () => calls.clinic(id));
  useTitle(t("title.page", { page: t("nav.clinic") }));
  return (
    <main class="wrap narrow stack">
      <h1>{t("nav.clinic")}</h1>
      <MyPages />
      {info.error && <LoadError error={info.error} onRetry={info.reload} />}
      {!info.data && !info.error && <Skeleton />}
      {info.data && <ClinicForm key={info.data.id} info={info.data} onSaved={info.set} />}
      <PhonesCard />
      <Staff id={id} />
    </main>
  );
}

function MyPages(): JSX.Element {
  const clinics = person.value?.clinics ?? [];
  const choose = useAction(async (next: (typeof LANGUAGES)[number]) => {
    await setLanguage(next);
    await calls.saveLanguage(next);
  });
  return (
    <section class="card stack" aria-labelledby="mine">
      <h2 id="mine">{t("mine.title")}</h2>
      <div class="two-fields">
        <div>
          <p class="gl">{t("mine.language")}</p>
          <Seg label={t("mine.language")} value={language.value} choices={LANGUAGES.map((value) => ({ value, text: word("language", value) }))} onChange={(next) => next && void choose.run(next)} />
        </div>
        {clinics.length > 1 && (
          <Select label={t("mine.clinic")} value={clinic.value?.id ?? ""} options={clinics.map((each) => ({ value: each.id, text: each.name }))} onChange={chooseClinic} />
        )}
      </div>
      <FormErrors error={choose.error} />
    </section>
  );
}

function ClinicForm({ info, onSaved }: { info: Clinic; onSaved: (clinic: Clinic) => void }): JSX.Element {
  const [values, setValues] = useState({ name: info.name, phone: info.phone, country: info.country, hours: info.hours, escalation_email: info.escalation_email ?? "" });
  const [saved, setSaved] = useState(false);
  const save = useAction(async () => {
    onSaved(await calls.saveClinic(info.id, values));
    setSaved(true);
  });
  const owner = abilities.value.manageClinic;
  const set = (field: keyof typeof values) => (event: { currentTarget: { value: string } }) => {
    setSaved(false);
    setValues({ ...values, [field]: event.currentTarget.value });
  };
  const error = (field: string): string | null => save.error?.forField(field) ?? null;
  return (
    <section class="card" aria-labelledby="clinic">
      <form class="stack" onSubmit={(event) => { event.preventDefault(); void save.run(); }}>
        <h2 id="clinic">{t("clinic.title")}</h2>
        <p class="quiet small">{t("clinic.text")}</p>
        <fieldset class="plain" disabled={!owner}>
          <div class="two-fields">
            <Field label={t("clinic.name")} required maxLength={120} value={values.name} onInput={set("name")} error={error("name")} />
            <Field label={t("clinic.phone")} type="tel" maxLength={40} value={values.phone} onInput={set("phone")} error={error("phone")} />
            <Field label={t("clinic.country")} maxLength={2} pattern="[A-Za-z]{2}" value={values.country} help={t("clinic.country_help")} onInput={set("country")} error={error("country")} />
            <Field label={t("clinic.hours")} maxLength={300} value={values.hours} onInput={set("hours")} error={error("hours")} />
            <Field label={t("clinic.escalation")} type="email" value={values.escalation_email} help={t("clinic.escalation_help")} onInput={set("escalation_email")} error={error("escalation_email")} />
          </div>
        </fieldset>
        {owner ? (
          <div class="acts-row">
            <Button kind="primary" type="submit" disabled={save.busy}>{t("save")}</Button>
            {saved && <span role="status" class="quiet">{t("clinic.saved")}</span>}
          </div>
        ) : (
          <p class="quiet small">{t("clinic.owner_only")}</p>
        )}
        <FormErrors error={save.error} fields={["name", "phone", "country", "hours", "escalation_email"]} />
      </form>
    </section>
  );
}

function Staff({ id }: { id: string }): JSX.Element {
  const { data, error, reload } = useResource(`staff ${id}`, () => calls.staff(id));
  return (
    <section class="card stack" aria-labelledby="staff">
      <h2 id="staff">{t("staff.title")}</h2>
      {error && <LoadError error={error} onRetry={reload} />}
      {!data && !error && <Skeleton />}
      {data && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("join.name")}</th>
              <th scope="col">{t("email")}</th>
              <th scope="col">{t("staff.role")}</th>
            </tr>
          </thead>
          <tbody>
            {data.results.map((member) => (
              <tr key={member.id}>
                <td>{member.name}</td>
                <td class="quiet">{member.email}</td>
                <td>{word("role", member.role)}</td>
              </tr>
            ))}
            {data.invitations.map((waiting) => (
              <tr key={waiting.id}>
                <td class="quiet">{t("staff.waiting")}</td>
                <td class="quiet">{waiting.email}</td>
                <td>{word("role", waiting.role)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {abilities.value.manageClinic && <InviteStaff onInvited={reload} />}
    </section>
  );
}

function InviteStaff({ onInvited }: { onInvited: () => void }): JSX.Element {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("therapist");
  const [made, setMade] = useState<StaffInvitation | null>(null);
  const submit = useAction(async () => {
    setMade(await calls.inviteStaff({ email, role, ...clinicOnWrites() }));
    setEmail("");
    onInvited();
  });
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit.run(); }}>
      <h3>{t("staff.invite")}</h3>
      <div class="two-fields">
        <Field label={t("email")} type="email" required autocomplete="off" value={email} onInput={(event) => setEmail(event.currentTarget.value)} error={submit.error?.forField("email") ?? null} />
        <Select label={t("staff.role")} value={role} options={ROLES.map((value) => ({ value, text: word("role", value) }))} onChange={setRole} />
      </div>
      <p class="quiet small">{t(`staff.role_text.${role}`)}</p>
      <FormErrors error={submit.error} fields={["email"]} />
      {made && (
        <Banner icon={made.sent ? "check" : "warn"} tone={made.sent ? "do" : "feel"} role="status">
          <p>{t("staff.invited", { email: made.email })}</p>
          {!made.sent && <p>{t("staff.not_sent")}</p>}
          <CopyLink url={made.url} />
        </Banner>
      )}
      <div>
        <Button type="submit" disabled={submit.busy}>{t("staff.send")}</Button>
      </div>
    </form>
  );
}
