import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Banner, Button, Seg } from "../../ui";
import * as calls from "../calls";
import { today } from "../dates";
import { FormErrors } from "../parts/problem";
import { t } from "../t";
import type { Invitation, Patient } from "../types";
import { useAction } from "../use";
import { formatDate } from "../words";

export interface InvitationPanelProps {
  readonly patient: Patient;
  /** Make the link at once, e.g. right after the first plan was prescribed. Each new link ends the one before. */
  readonly immediately?: boolean;
}

/** The way in for a patient: a link and its QR code, shown once. What is stored is only a hash. */
export function InvitationPanel({ patient, immediately = false }: InvitationPanelProps): JSX.Element {
  const [relation, setRelation] = useState<"self" | "carer">("self");
  const [replace, setReplace] = useState(false);
  const [made, setMade] = useState<(Invitation & { asked: boolean }) | null>(null);
  const make = useAction(async (send: boolean) => {
    const options = { relation, ...(replace && { replace }), ...(send && { send }) };
    setMade({ ...(await calls.invite(patient.id, options)), asked: send });
  });
  const asked = useRef(false);
  useEffect(() => {
    if (!immediately || asked.current) return;
    asked.current = true;
    void make.run(false);
  }, [immediately]);

  const first = patient.name.split(" ")[0] ?? patient.name;
  if (made) return <MadeInvitation made={made} patient={patient} onAnother={() => setMade(null)} />;
  return (
    <div class="stack">
      <Seg
        label={t("invite.for_whom")} value={relation}
        choices={[{ value: "self", text: t("invite.self", { name: first }) }, { value: "carer", text: t("invite.carer") }]}
        onChange={(next) => { if (next) setRelation(next); if (next === "carer") setReplace(false); }}
      />
      {relation === "carer" && <p class="quiet small">{t("invite.carer_text", { name: first })}</p>}
      {relation === "self" && patient.status !== "invited" && (
        <label class="check">
          <input type="checkbox" checked={replace} onChange={(event) => setReplace(event.currentTarget.checked)} />
          <span>
            {t("invite.replace")} <small class="quiet">{t("invite.replace_text")}</small>
          </span>
        </label>
      )}
      <FormErrors error={make.error} />
      <div class="acts-row">
        <Button kind="primary" disabled={make.busy} onClick={() => void make.run(false)}>
          {t("invite.make")}
        </Button>
        {patient.email && (
          <Button icon="mail" disabled={make.busy} onClick={() => void make.run(true)}>
            {t("invite.send", { email: patient.email })}
          </Button>
        )}
      </div>
    </div>
  );
}

interface MadeProps {
  readonly made: Invitation & { asked: boolean };
  readonly patient: Patient;
  readonly onAnother: () => void;
}

function MadeInvitation({ made, patient, onAnother }: MadeProps): JSX.Element {
  const first = patient.name.split(" ")[0] ?? patient.name;
  return (
    <div class="invitation">
      <img class="qr" src={`data:image/svg+xml,${encodeURIComponent(made.qr_svg)}`} alt={t("invite.qr", { name: first })} />
      <div class="stack">
        <p>{t("invite.scan", { name: first })}</p>
        <CopyLink url={made.url} />
        <p class="small quiet">{t("invite.expires", { date: formatDate(today(new Date(made.expires_at)), { weekday: "long", day: "numeric", month: "long" }) })}</p>
        {made.asked && made.sent && <Banner icon="check" tone="do" role="status">{t("invite.sent", { email: patient.email ?? "" })}</Banner>}
        {made.asked && !made.sent && <Banner icon="warn" tone="feel" role="alert">{t("invite.not_sent")}</Banner>}
        <p class="small quiet">{t("invite.once")}</p>
        <Button kind="plain" onClick={onAnother}>
          {t("invite.another")}
        </Button>
      </div>
    </div>
  );
}

/** Copies, and says so. Where the clipboard is closed (plain HTTP), the text is selected to copy by hand. */
export function CopyLink({ url }: { url: string }): JSX.Element {
  const [state, setState] = useState<"no" | "copied" | "selected">("no");
  const input = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(url);
      setState("copied");
    } catch {
      input.current?.select();
      setState("selected");
    }
  };
  return (
    <div class="copy">
      <input ref={input} class="input" readOnly value={url} aria-label={t("invite.link")} onFocus={(event) => event.currentTarget.select()} />
      <Button icon={state === "copied" ? "check" : "copy"} onClick={() => void copy()}>
        {state === "copied" ? t("copied") : t("copy")}
      </Button>
      <span class="small quiet" role="status">
        {state === "selected" && t("copy_by_hand")}
      </span>
    </div>
  );
}
