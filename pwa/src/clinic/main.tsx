import { render } from "preact";
import "../ui";
import "./clinic.css";
import { preferredLanguage, setLanguage } from "../i18n/core";
import { App } from "./app";

await setLanguage(preferredLanguage(navigator.languages));
render(<App />, document.getElementById("app")!);
