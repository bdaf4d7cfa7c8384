import { render } from "preact";
import "../ui";
import { t } from "./t";

render(<h1>{t("title")}</h1>, document.getElementById("app")!);
