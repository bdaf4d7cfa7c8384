import type { JSX } from "preact";
import { Skeleton } from "../../ui";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { t, word } from "../t";
import { useResource } from "../use";
import { dayName } from "../words";

/** Whom reminders cannot reach, and whose phone has something to send or has not been heard of. */
export function PhonesCard(): JSX.Element {
  const { data, error, reload } = useResource("phones", () => calls.troubledPhones());
  return (
    <section class="card stack" aria-labelledby="phones">
      <h2 id="phones">{t("phones.title")}</h2>
      {error && <LoadError error={error} onRetry={reload} />}
      {!data && !error && <Skeleton />}
      {data?.length === 0 && <p class="quiet">{t("phones.none")}</p>}
      {data && data.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("phones.patient")}</th>
              <th scope="col">{t("phones.problem")}</th>
              <th scope="col">{t("phones.last")}</th>
            </tr>
          </thead>
          <tbody>
            {data.map((phone) => (
              <tr key={phone.patient.id}>
                <td><a href={`/clinic/patients/${phone.patient.id}`}>{phone.patient.name}</a></td>
                <td>{phone.problems.map((each) => word("phone_problem", each)).join(". ")}{phone.pending ? ` (${phone.pending})` : ""}</td>
                <td class="quiet">{phone.last_sync_at ? dayName(phone.last_sync_at.slice(0, 10)) : t("phones.never")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
