import type { JSX } from "preact";
import { Button } from "../../../ui";
import { installPrompt, isApple } from "../../install";
import { t } from "../../t";
import { Screen, useHeadlineFocus } from "../parts";
import { AddPicture, SharePicture } from "./pictures";

/** How the app comes onto the home screen, for the phone at hand; on an iPhone with the code that carries the sign-in over. */
export function Install({ code, onDone }: { code: string | null; onDone: () => void }): JSX.Element {
  useHeadlineFocus("install");
  const prompt = installPrompt.value;
  const apple = isApple();
  return (
    <Screen>
      <header class="top">
        <span class="grow quiet">{t("join.step", { step: 3, of: 3 })}</span>
      </header>
      {/* Longer than a small screen, and nothing in it takes the focus: the keyboard must be able to scroll it. */}
      <main class="install" tabIndex={0}>
        <h1>{t("install.title")}</h1>
        {apple ? <ApplePictures code={code} /> : <p>{prompt ? t("install.android") : t("install.other")}</p>}
      </main>
      <footer class="foot last">
        {prompt ? (
          <Button kind="primary" size="big" onClick={() => void prompt.prompt().then(onDone)}>
            {t("install.add")}
          </Button>
        ) : (
          <Button kind="primary" size="big" onClick={onDone}>
            {apple ? t("install.done") : t("install.open")}
          </Button>
        )}
        {(apple || prompt) && (
          <Button kind="plain" size="wide" onClick={onDone}>
            {t("install.later")}
          </Button>
        )}
      </footer>
    </Screen>
  );
}

function ApplePictures({ code }: { code: string | null }): JSX.Element {
  return (
    <ol class="how">
      <li>
        <p>
          <b>1</b>
          {t("install.share")}
        </p>
        <SharePicture />
      </li>
      <li>
        <p>
          <b>2</b>
          {t("install.addHome")}
        </p>
        <AddPicture />
      </li>
      {code && (
        <li>
          <p>
            <b>3</b>
            {t("install.typeCode")}
          </p>
          <output class="transfer-code" aria-label={t("install.codeLabel")}>
            {code.slice(0, 4)} {code.slice(4)}
          </output>
          <p class="quiet small plain">{t("install.codeLife")}</p>
        </li>
      )}
    </ol>
  );
}
