import type { JSX } from "preact";
import { Button, Empty } from "../../ui";
import { t } from "../t";
import { Screen } from "./parts";

/** The chunk of a screen could not be had: no network before it was kept, or a newer version of the app is out. */
export function NotHere(): JSX.Element {
  return (
    <Screen>
      <main>
        <Empty icon="offline" title={t("later.title")}>
          {t("later.more")}
        </Empty>
        <Button size="wide" onClick={() => location.reload()}>
          {t("later.again")}
        </Button>
        <a class="btn plain" href="/">
          {t("tabs.today")}
        </a>
      </main>
    </Screen>
  );
}
