import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../../../api/client";
import { Button, Field } from "../../../ui";
import { refreshReminders } from "../../reminders/store";
import { tr } from "../../reminders/settingsWords";
import { useReminders } from "../../reminders/useReminders";
import { database, person } from "../../state";
import { readDocument, writeDocument } from "../../store/db";
import { Page } from "./parts";

/** An address that the person's own calendar can read; made, copied and ended here. */
export function Calendar(): JSX.Element {
  const reminders = useReminders();
  const { payload, busy, attempt } = reminders;
  const [url, setUrl] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const patient = person.value?.id;
  const db = database.value;
  const live = payload?.calendar ?? false;

  useEffect(() => {
    if (db !== null) void readDocument(db, "calendar").then((here) => setUrl(here?.url ?? null));
  }, [patient]);

  const make = (): Promise<boolean> =>
    attempt(async (open) => {
      const made = await api<{ url: string }>("POST", "/me/calendar", { query: { patient } });
      await writeDocument(open, "calendar", made);
      setUrl(made.url);
      setSaid("");
      await refreshReminders(open, patient!);
    });
  const end = (): Promise<boolean> =>
    attempt(async (open) => {
      await api("DELETE", "/me/calendar", { query: { patient } });
      await writeDocument(open, "calendar", null);
      setUrl(null);
      setSaid(tr("calendar.revoked"));
      await refreshReminders(open, patient!);
    });
  const box = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(url!);
      setSaid(tr("calendar.copied"));
    } catch {
      // No clipboard without HTTPS or without leave: select it, the hands can do the rest.
      box.current?.querySelector("input")?.select();
      setSaid(tr("calendar.byHand"));
    }
  };
  const here = live ? url : null;
  return (
    <Page
      title={tr("calendar.title")}
      reminders={reminders}
      foot={
        !live && (
          <Button kind="primary" size="big" disabled={busy} onClick={() => void make()}>
            {tr("calendar.make")}
          </Button>
        )
      }
    >
      <p>{tr("calendar.what")}</p>
      <p class="quiet">{tr("calendar.who")}</p>
      {here && (
        <section class="card" ref={box}>
          <Field label={tr("calendar.address")} value={here} readOnly />
          <a class="btn primary wide" href={here.replace(/^https?:/, "webcal:")}>
            {tr("calendar.open")}
          </a>
          <Button size="wide" icon="copy" onClick={() => void copy()}>
            {tr("calendar.copy")}
          </Button>
        </section>
      )}
      {live && !here && (
        <section class="card">
          <p>{tr("calendar.lost")}</p>
          <Button size="wide" disabled={busy} onClick={() => void make()}>
            {tr("calendar.renew")}
          </Button>
        </section>
      )}
      {live && (
        <Button kind="danger" size="wide" disabled={busy} onClick={() => void end()}>
          {tr("calendar.revoke")}
        </Button>
      )}
      <p class="line" role="status">
        {said}
      </p>
    </Page>
  );
}
