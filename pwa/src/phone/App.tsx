import type { ComponentType, JSX } from "preact";
import { lazy, LocationProvider, Route, Router } from "preact-iso";
import { wordsReady } from "../i18n/core";
import { NotHere } from "./screens/NotHere";
import { Join } from "./screens/Join";
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

type Load = () => Promise<ComponentType<{ id?: string }>>;
const loads: Load[] = [];

/**
 * A screen of its own chunk, which brings its own words (without them it speaks English). All chunks are kept for opening
 * without a network.
 */
function later(load: Load): ComponentType<{ id?: string }> {
  const whole: Load = async () => {
    const Screen = await load();
    await wordsReady().catch(() => undefined);
    return Screen;
  };
  loads.push(whole);
  return personal(lazy(() => whole().catch(() => NotHere)));
}

/**
 * Once the first screen stands all others are loaded too: none is missing when the network goes, or when a newer version
 * of the app has taken this one's chunks away. What cannot be had now is tried again when its screen is opened.
 */
export function loadScreens(): void {
  for (const load of loads) void load().catch(() => undefined);
}

const SCREENS = {
  Session: later(() => import("./screens/Session").then((chunk) => chunk.Session)),
  Finish: later(() => import("./screens/Finish").then((chunk) => chunk.Finish)),
  Entry: later(() => import("./screens/Entry").then((chunk) => chunk.Entry)),
  Start: later(() => import("./screens/Start").then((chunk) => chunk.Start)),
  Me: later(() => import("./screens/Me").then((chunk) => chunk.Me)),
  Reminder: later(() => import("./screens/Reminders").then((chunk) => chunk.Reminder)),
  Ways: later(() => import("./screens/Reminders").then((chunk) => chunk.Ways)),
  Calendar: later(() => import("./screens/Reminders").then((chunk) => chunk.Calendar)),
  FirstReminder: later(() => import("./screens/Reminders").then((chunk) => chunk.FirstReminder)),
  Today: personal(Today),
  Checkin: later(() => import("./screens/Checkin").then((chunk) => chunk.Checkin)),
  RedFlagAdvice: later(() => import("./screens/RedFlagAdvice").then((chunk) => chunk.RedFlagAdvice)),
  Progress: later(() => import("./screens/Progress").then((chunk) => chunk.Progress)),
  Goals: later(() => import("./screens/Progress").then((chunk) => chunk.Goals)),
  Outcome: later(() => import("./screens/Outcome").then((chunk) => chunk.Outcome)),
  Messages: later(() => import("./screens/Messages").then((chunk) => chunk.Messages)),
};

export function App(): JSX.Element {
  return (
    <LocationProvider>
      <Router>
        <Route path="/join/:token" component={Join} />
        <Route path="/transfer" component={Transfer} />
        <Route path="/sign-in" component={SignIn} />
        <Route path="/start" component={SCREENS.Start} />
        <Route path="/session" component={SCREENS.Session} />
        <Route path="/finish/:id" component={SCREENS.Finish} />
        <Route path="/entry/:id" component={SCREENS.Entry} />
        <Route path="/checkin/:id" component={SCREENS.Checkin} />
        <Route path="/advice/:id" component={SCREENS.RedFlagAdvice} />
        <Route path="/progress" component={SCREENS.Progress} />
        <Route path="/goal/:id?" component={SCREENS.Goals} />
        <Route path="/outcome" component={SCREENS.Outcome} />
        <Route path="/messages" component={SCREENS.Messages} />
        <Route path="/me" component={SCREENS.Me} />
        <Route path="/me/reminder" component={SCREENS.Reminder} />
        <Route path="/me/ways" component={SCREENS.Ways} />
        <Route path="/me/calendar" component={SCREENS.Calendar} />
        <Route path="/welcome/reminder" component={SCREENS.FirstReminder} />
        <Route default component={SCREENS.Today} />
      </Router>
    </LocationProvider>
  );
}
