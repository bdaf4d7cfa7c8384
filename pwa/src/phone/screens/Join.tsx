import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import { api, ApiError, auth } from "../../api/client";
import type { LocalDate, Uuid } from "../../api/types";
import { enter } from "../actions";
import { isInstalled } from "../install";
import { deviceId } from "../store/device";
import { t } from "../t";
import { BirthDate } from "./join/BirthDate";
import { Consent, type Invitation } from "./join/Consent";
import { Install } from "./join/Install";
import { JoinProblem, type Problem } from "./join/JoinProblem";

type Step = "birth" | "consent" | "install";

/** From the link or the QR code to Today: birth date, consent, home screen. */
export function Join(): JSX.Element {
  const { route } = useLocation();
  const token = useRoute().params["token"] ?? "";
  const [step, setStep] = useState<Step>("birth");
  const [birthDate, setBirthDate] = useState<LocalDate>("");
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [transferCode, setTransferCode] = useState<string | null>(null);
  const [joined, setJoined] = useState<Uuid | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };

  const check = (date: LocalDate): Promise<void> =>
    attempt(async () => {
      const found = await api<Invitation>("POST", "/join/check", { body: { token, birth_date: date } });
      setBirthDate(date);
      setInvitation(found);
      setStep("consent");
    });

  const agree = (): Promise<void> =>
    attempt(async () => {
      const answer = await api<{ patient: Uuid; transfer_code: string | null }>("POST", "/join", {
        body: {
          token,
          birth_date: birthDate,
          consent: true,
          consent_version: invitation?.consent.version,
          device: await deviceId(),
          add: invitation?.relation === "carer",
        },
      });
      setJoined(answer.patient);
      setTransferCode(answer.transfer_code);
      await enter(answer.patient);
      void navigator.storage?.persist?.().catch(() => false);
      if (isInstalled()) route("/welcome/reminder", true);
      else setStep("install");
    });

  const signOutHere = (): Promise<void> =>
    attempt(async () => {
      await auth("DELETE", "/auth/session");
    });

  if (problem?.kind === "dead" || problem?.kind === "signed_in") {
    return <JoinProblem problem={problem} onSignOut={() => void signOutHere()} onToday={() => route("/")} />;
  }
  if (step === "install") {
    return (
      <Install code={transferCode} onDone={() => void enter(joined).then(() => route("/welcome/reminder", true))} />
    );
  }
  if (step === "consent" && invitation) {
    return (
      <Consent
        invitation={invitation}
        busy={busy}
        problem={problem?.text ?? null}
        onAgree={() => void agree()}
        onBack={() => setStep("birth")}
      />
    );
  }
  return <BirthDate busy={busy} problem={problem?.text ?? null} onDone={(date) => void check(date)} />;
}

function problemOf(error: ApiError): Problem {
  if (error.status === 404) return { kind: "dead", text: error.message };
  if (error.has("signed_in")) return { kind: "signed_in", text: error.message };
  if (error.has("birth_date_wrong")) return { kind: "other", text: t("join.dateWrong") };
  return { kind: "other", text: error.forField("birth_date") ?? error.message };
}
