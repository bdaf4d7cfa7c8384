import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Empty, Icon, Seg } from "../../ui";
import { LANGUAGES, type Language } from "../../i18n/core";
import type { HandoutChoice, Paper } from "../calls";
import { FormErrors } from "../parts/problem";
import { Select } from "../parts/select";
import { t, word } from "../t";
import type { Phase } from "../types";
import { useAction, useKeys } from "../use";

const PAPERS: readonly Paper[] = ["A4", "Letter"];

/** `phase` null: all of them. */
export type Choice = HandoutChoice & { lang: Language; code: boolean; phase: number | null };

export interface HandoutDeskProps {
  readonly title: { readonly text: string; readonly href: string };
  readonly about: string;
  /** What is chosen at first. */
  readonly paper: Paper;
  readonly language: Language;
  /** A page for one patient may carry a way onto a phone. */
  readonly codeMayStand?: boolean;
  /** Make the page without being asked, and again with each choice: where that costs nobody anything. */
  readonly atOnce?: boolean;
  /** What can be printed alone; at first the first. */
  readonly phases?: readonly Pick<Phase, "n" | "name">[];
  readonly make: (choice: Choice) => Promise<Blob>;
}

/** Choices on the left, the page on the right, as it will come out of the printer. */
export function HandoutDesk(props: HandoutDeskProps): JSX.Element {
  const { atOnce = false, codeMayStand = false, phases = [] } = props;
  const [choice, setChoice] = useState<Choice>({
    size: props.paper, lang: props.language, large_print: false, code: codeMayStand, phase: phases[0]?.n ?? null,
  });
  const [made, setMade] = useState<{ url: string; from: Choice } | null>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const make = useAction(async () => {
    const page = await props.make(choice);
    setMade({ url: URL.createObjectURL(page), from: choice });
  });
  const fits = made?.from === choice;
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
        <Choices choice={choice} phases={phases} codeMayStand={codeMayStand} onChange={(change) => setChoice({ ...choice, ...change })} />
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
            <p>{t("handout.tagged")}{choice.code && ` ${t("handout.note")}`}</p>
            {choice.code && <p>{t("handout.new_code")}</p>}
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

interface ChoicesProps {
  readonly choice: Choice;
  readonly phases: readonly Pick<Phase, "n" | "name">[];
  readonly codeMayStand: boolean;
  readonly onChange: (change: Partial<Choice>) => void;
}

function Choices({ choice, phases, codeMayStand, onChange }: ChoicesProps): JSX.Element {
  return (
    <>
      <div>
        <h2>{t("handout.paper")}</h2>
        <Seg label={t("handout.paper")} value={choice.size} choices={PAPERS.map((value) => ({ value, text: value }))} onChange={(size) => size && onChange({ size })} />
      </div>
      <div>
        <h2>{t("handout.language")}</h2>
        <Seg label={t("handout.language")} value={choice.lang} choices={LANGUAGES.map((value) => ({ value, text: word("language", value) }))} onChange={(lang) => lang && onChange({ lang })} />
      </div>
      {phases.length > 1 && (
        <Select
          label={t("handout.phase")} value={String(choice.phase ?? "")} onChange={(next) => onChange({ phase: next ? Number(next) : null })}
          options={[...phases.map(({ n, name }) => ({ value: String(n), text: t("plans.phase", { n, name }) })), { value: "", text: t("handout.all_phases") }]}
        />
      )}
      <div>
        <h2>{t("handout.on_page")}</h2>
        {codeMayStand && (
          <label class="check">
            <input type="checkbox" checked={choice.code} onChange={(event) => onChange({ code: event.currentTarget.checked })} />
            <span>{t("handout.code")}</span>
          </label>
        )}
        <label class="check">
          <input type="checkbox" checked={choice.large_print} onChange={(event) => onChange({ large_print: event.currentTarget.checked })} />
          <span>{t("handout.large")}</span>
        </label>
      </div>
    </>
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
