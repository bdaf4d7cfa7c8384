import type { ComponentType, JSX } from "preact";
import { LocationProvider, Route, Router } from "preact-iso";
import { Entry } from "./screens/Entry";
import { Finish } from "./screens/Finish";
import { Join } from "./screens/Join";
import { Me } from "./screens/Me";
import { ReminderHour } from "./screens/ReminderHour";
import { Session } from "./screens/Session";
import { SignIn } from "./screens/SignIn";
import { Starting } from "./screens/Starting";
import { Today } from "./screens/Today";
import { Transfer } from "./screens/Transfer";
import { Welcome } from "./screens/Welcome";
import { phase } from "./state";

/** A screen that needs a person: the phone looks into its own storage first, and only then says that nobody is here. */
function personal(Screen: ComponentType<{ id?: string }>): ComponentType<{ id?: string }> {
  return function Personal(props: { id?: string }): JSX.Element {
    if (phase.value === "starting") return <Starting />;
    return phase.value === "nobody" ? <Welcome /> : <Screen {...props} />;
  };
}

const SCREENS = {
  Session: personal(Session),
  Finish: personal(Finish),
  Entry: personal(Entry),
  Me: personal(Me),
  Reminder: personal(() => <ReminderHour />),
  FirstReminder: personal(() => <ReminderHour first />),
  Today: personal(Today),
};

export function App(): JSX.Element {
  return (
    <LocationProvider>
      <Router>
        <Route path="/join/:token" component={Join} />
        <Route path="/transfer" component={Transfer} />
        <Route path="/sign-in" component={SignIn} />
        <Route path="/session" component={SCREENS.Session} />
        <Route path="/finish/:id" component={SCREENS.Finish} />
        <Route path="/entry/:id" component={SCREENS.Entry} />
        <Route path="/me" component={SCREENS.Me} />
        <Route path="/me/reminder" component={SCREENS.Reminder} />
        <Route path="/welcome/reminder" component={SCREENS.FirstReminder} />
        <Route default component={SCREENS.Today} />
      </Router>
    </LocationProvider>
  );
}
