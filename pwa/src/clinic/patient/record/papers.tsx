import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button, Dialog, Skeleton } from "../../../ui";
import * as calls from "../../calls";
import { LoadError, FormErrors } from "../../parts/problem";
import { t, word } from "../../t";
import type { AccessEntry, Patient } from "../../types";
import { useAction, useResource } from "../../use";
import { clockTime, formatDate } from "../../words";

interface Props {
  readonly patient: Patient;
  readonly onClose: () => void;
}

/** Plain text for the clinic's own record. */
export function SummaryDialog({ patient, onClose }: Props): JSX.Element {
  const { data, error, reload } = useResource(`summary ${patient.id}`, () => calls.summary(patient.id));
  const [said, setSaid] = useState("");
  const text = useRef<HTMLPreElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(data ?? "");
      setSaid(t("copied"));
    } catch {
      // No clipboard without HTTPS or without leave: select it, the hands can do the rest.
      const selection = getSelection();
      if (text.current) selection?.selectAllChildren(text.current);
      setSaid(t("summary.by_hand"));
    }
  };
  return (
    <Dialog
      title={t("summary.title", { name: patient.name })} onClose={onClose}
      actions={
        <>
          <Button kind="primary" icon="copy" disabled={!data} onClick={() => void copy()}>{t("copy")}</Button>
          <Button kind="plain" onClick={onClose}>{t("close")}</Button>
        </>
      }
    >
      <div class="wide stack">
        {error && <LoadError error={error} onRetry={reload} />}
        {!data && !error && <Skeleton lines={8} />}
        {data && <pre class="summary" tabIndex={0} ref={text}>{data}</pre>}
        <p class="small quiet" role="status">{said}</p>
      </div>
    </Dialog>
  );
}

/** Who looked at this record or changed it. */
export function AccessLogDialog({ patient, onClose }: Props): JSX.Element {
  const first = useResource(`access ${patient.id}`, () => calls.accessLog(patient.id));
  const [more, setMore] = useState<AccessEntry[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const address = next === undefined ? first.data?.next : next;
  const load = useAction(async () => {
    if (!address) return;
    const page = await calls.nextPage<AccessEntry>(calls.accessLogPath(patient.id), address);
    setMore((before) => [...before, ...page.results]);
    setNext(page.next);
  });
  const entries = [...(first.data?.results ?? []), ...more];
  return (
    <Dialog title={t("access.title", { name: patient.name })} onClose={onClose} actions={<Button onClick={onClose}>{t("close")}</Button>}>
      <div class="wide stack">
        {first.error && <LoadError error={first.error} onRetry={first.reload} />}
        {!first.data && !first.error && <Skeleton lines={6} />}
        {first.data && (
          <div class="sum-scroll" tabIndex={0} role="region" aria-label={t("access.table")}>
            <table class="table sum-table">
              <thead>
                <tr>
                  <th scope="col">{t("access.when")}</th>
                  <th scope="col">{t("access.who")}</th>
                  <th scope="col">{t("access.what")}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <tr key={entry.id}>
                    <td class="nw">{formatDate(entry.at.slice(0, 10), { day: "numeric", month: "short", year: "numeric" })} {clockTime(entry.at)}</td>
                    <td>{entry.actor?.name || t("access.nobody")}</td>
                    <td>{word("access_action", entry.action)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {address && <Button kind="plain" disabled={load.busy} onClick={() => void load.run()}>{t("access.more")}</Button>}
        <FormErrors error={load.error} />
      </div>
    </Dialog>
  );
}
