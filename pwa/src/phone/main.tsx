import { render } from "preact";
import { setCsrfStore } from "../api/client";
import { preferredLanguage, setLanguage } from "../i18n/core";
import "../ui";
import { boot } from "./actions";
import { App, loadScreens } from "./App";
import "./phone.css";
import { watchInstallPrompt } from "./install";
import { deviceCsrf, readDevice } from "./store/device";

async function start(): Promise<void> {
  setCsrfStore(deviceCsrf);
  watchInstallPrompt();
  // A chunk of words that cannot be fetched must not keep the app shut: English is always here.
  await setLanguage((await readDevice("language")) ?? preferredLanguage(navigator.languages)).catch(() => undefined);
  render(<App />, document.getElementById("app")!);
  void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
  await boot();
  loadScreens();
}

void start();
