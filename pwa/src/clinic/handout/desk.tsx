import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Empty, Icon, Seg } from "../../ui";
import { LANGUAGES, type Language } from "../../i18n/core";
import type { Paper } from "../calls";
import { FormErrors } from "../parts/problem";
import { Select } from "../parts/select";
import { t, word } from "../t";
import type { Phase } from "../types";
import { useAction, useKeys } from "../use";

const PAPERS: readonly Paper[] = ["A4", "Letter"];

export interface HandoutDeskProps {
  readonly title: { readonly text: string; readonly href: string };
  readonly about: string;
  /** What is chosen at first. */
  readonly paper: Paper;
  readonly language: Language;
  readonly notes: readonly string[];
  /** Make the page without being asked, and again with each choice: where that costs nobody anything. */
  readonly atOnce?: boolean;
  /** What can be printed alone; at first the first. Without it there is nothing to choose. */
  readonly phases?: readonly Pick<Phase, "n" | "name">[];
  readonly make: (size: Paper, lang: Language, phase: number | null) => Promise<Blob>;
}

interface Made {
  readonly url: string;
  /** what it was made with */
  readonly choice: string;
}

/** Choices on the left, the page on the right, as it will come out of the printer. */
export function HandoutDesk(props: HandoutDeskProps): JSX.Element {
  const { atOnce = false } = props;
  const [size, setSize] = useState(props.paper);
  const [lang, setLang] = useState(props.language);
  const phases = props.phases ?? [];
  const [phase, setPhase] = useState<number | null>(phases[0]?.n ?? null);
  const [made, setMade] = useState<Made | null>(null);
  const choice = `${size} ${lang} ${phase}`;
  const frame = useRef<HTMLIFrameElement>(null);
  const make = useAction(async () => {
    const page = await props.make(size, lang, phase);
    setMade({ url: URL.createObjectURL(page), choice });
  });
  const fits = made?.choice === choice;
  // After each change, one at a time; a failure waits for the button.
  useEffect(() => {
    if (atOnce && !fits && !make.busy && !make.error) void make.run();
  });
  // The address holds the whole page in memory until it is given back.
  useEffect(() => () => { if (made) URL.revokeObjectURL(made.url); }, [made]);

  const print = (): void => {
    if (made && fits) printPage(frame.current, made.url);
  };
  useKeys({ p: print });

  return (
    <main class="ho">
      <div class="ho-side stack">
        <div>
          <h1>{t("handout")}</h1>
          <p class="quiet">{props.about}</p>
        </div>
        <div>
          <h2>{t("handout.paper")}</h2>
          <Seg label={t("handout.paper")} value={size} choices={PAPERS.map((value) => ({ value, text: value }))} onChange={(next) => next && setSize(next)} />
        </div>
        <div>
          <h2>{t("handout.language")}</h2>
          <Seg label={t("handout.language")} value={lang} choices={LANGUAGES.map((value) => ({ value, text: word("language", value) }))} onChange={(next) => next && setLang(next)} />
        </div>
        {phases.length > 1 && (
          <Select
            label={t("handout.phase")} value={String(phase ?? "")} onChange={(next) => setPhase(next ? Number(next) : null)}
            options={[...phases.map(({ n, name }) => ({ value: String(n), text: t("plans.phase", { n, name }) })), { value: "", text: t("handout.all_phases") }]}
          />
        )}
        <FormErrors error={make.error} />
        {made && !fits && !atOnce && <p class="small" role="status">{t("handout.older")}</p>}
        {(!atOnce || make.error) && (
          <Button kind={fits ? "else" : "primary"} disabled={make.busy} onClick={() => void make.run()}>
            {t(made ? "handout.again" : "handout.make")}
          </Button>
        )}
        {made && fits && (
          <>
            <Button kind="primary" icon="print" onClick={print}>
              {t("handout.go")} <kbd>P</kbd>
            </Button>
            <a class="btn" href={made.url} download={t("handout.file")}>
              <Icon name="download" /> {t("handout.save")}
            </a>
            <a class="btn plain" href={made.url} target="_blank" rel="noreferrer">{t("handout.open")}</a>
          </>
        )}
        <div class="banner do">
          <Icon name="lock" />
          <div class="small stack">
            {props.notes.map((note) => <p key={note}>{note}</p>)}
          </div>
        </div>
        <a class="link" href={props.title.href}>{props.title.text}</a>
      </div>
      <div class="ho-page">
        {made && fits ? (
          <iframe ref={frame} title={t("handout.preview")} src={`${made.url}#toolbar=0&navpanes=0&view=Fit`} />
        ) : (
          <Empty icon="print" title={t("handout")}>{t("handout.empty")}</Empty>
        )}
      </div>
    </main>
  );
}

/** Where the browser shows PDFs in the page it can print them from there; else the page opens by itself, to be printed. */
function printPage(frame: HTMLIFrameElement | null, url: string): void {
  try {
    if (!frame?.contentWindow) throw new Error("no frame");
    frame.contentWindow.focus();
    frame.contentWindow.print();
  } catch {
    window.open(url, "_blank", "noopener");
  }
}
