import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { Skeleton } from "../ui";
import { BuilderScreen } from "./builder/screen";
import { CaseloadScreen } from "./caseload/screen";
import { ClinicScreen } from "./people/clinic-screen";
import { StaffJoinScreen } from "./people/staff-join";
import { ExpiredDialog, SignInScreen } from "./people/sign-in";
import { Frame } from "./frame";
import { HandoutScreen } from "./handout/screen";
import { InviteScreen } from "./patient/invite-screen";
import { LibraryScreen } from "./library/screen";
import { EditExerciseScreen, NewExerciseScreen } from "./library/own/screen";
import { NewPatientScreen } from "./patient/new-patient";
import { PatientScreen } from "./patient/screen";
import { Problem } from "./parts/problem";
import { loadSession, person, sessionState } from "./session";
import { t } from "./t";
import { TemplatesScreen } from "./library/templates-screen";

export function App(): JSX.Element {
  return (
    <LocationProvider scope="/clinic">
      <Doors />
    </LocationProvider>
  );
}

/** The two pages one sees without being signed in; they have no frame. */
function Doors(): JSX.Element {
  const { path } = useLocation();
  if (path === "/clinic/sign-in") return <SignInScreen />;
  if (path.startsWith("/clinic/join/")) return <StaffJoinScreen token={path.slice("/clinic/join/".length)} />;
  return <SignedIn />;
}

/** Everything behind the sign-in. The address asked for is kept, so that a shared link opens after signing in. */
function SignedIn(): JSX.Element {
  const { url, route } = useLocation();
  const state = sessionState.value;
  useEffect(() => {
    if (state === "loading") void loadSession();
    if (state === "signed-out") route(`/clinic/sign-in?next=${encodeURIComponent(url)}`, true);
  }, [state]);

  if (state === "unreachable") return <Problem title={t("app.unreachable")} onRetry={() => void loadSession()} />;
  if (state !== "signed-in") return <Waiting />;
  if (person.value?.role !== "staff") return <Problem title={t("app.not_staff")} link={{ href: "/", text: t("app.to_phone") }} />;
  return (
    <Frame>
      <Router>
        <Route path="/clinic" component={CaseloadScreen} />
        <Route path="/clinic/patients/new" component={NewPatientScreen} />
        <Route path="/clinic/patients/:id" component={PatientScreen} />
        <Route path="/clinic/programs/:id" component={BuilderScreen} />
        <Route path="/clinic/handout" component={HandoutScreen} />
        <Route path="/clinic/templates" component={TemplatesScreen} />
        <Route path="/clinic/library" component={LibraryScreen} />
        <Route path="/clinic/library/new" component={NewExerciseScreen} />
        <Route path="/clinic/library/:id" component={LibraryScreen} />
        <Route path="/clinic/library/:id/edit" component={EditExerciseScreen} />
        <Route path="/clinic/invite" component={InviteScreen} />
        <Route path="/clinic/clinic" component={ClinicScreen} />
        <Route default component={NotFound} />
      </Router>
      <ExpiredDialog />
    </Frame>
  );
}

function Waiting(): JSX.Element {
  return (
    <main class="wrap">
      <Skeleton lines={5} />
    </main>
  );
}

function NotFound(): JSX.Element {
  return <Problem title={t("app.not_found")} link={{ href: "/clinic", text: t("nav.caseload") }} />;
}
