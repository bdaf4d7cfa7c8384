import type { JSX, TargetedInputEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Icon } from "../ui";
import * as calls from "./calls";
import { t, word } from "./t";
import { readCaseload, writeCaseload } from "./url";
import { useKeys, useResource, useSettled } from "./use";

interface Hit {
  href: string;
  text: string;
  about: string;
}

/**
 * The search box of the top bar. On the caseload it narrows the list as you type, and the words are in the address;
 * anywhere else it offers patients and exercises to go to.
 */
export function Finder(): JSX.Element {
  const { path } = useLocation();
  return path === "/clinic" ? <CaseloadSearch /> : <JumpSearch />;
}

interface SearchBoxProps {
  readonly value: string;
  readonly onInput: (event: TargetedInputEvent<HTMLInputElement>) => void;
  readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLInputElement>) => void;
  readonly role?: "combobox";
  readonly "aria-expanded"?: boolean;
  readonly "aria-controls"?: string;
  readonly "aria-activedescendant"?: string | undefined;
}

function SearchBox(props: SearchBoxProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => input.current?.focus() });
  return (
    <label class="input sr">
      <Icon name="search" small />
      <span class="vh">{t("finder.label")}</span>
      <input {...props} ref={input} type="text" enterkeyhint="search" placeholder={t("finder.label")} autocomplete="off" spellcheck={false} />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

function CaseloadSearch(): JSX.Element {
  const { url, route } = useLocation();
  const query = readCaseload(new URL(url, location.origin).search);
  const [text, setText] = useState(query.search);
  const settled = useSettled(text);
  useEffect(() => {
    if (settled.trim() !== query.search) route(`/clinic${writeCaseload({ ...query, search: settled })}`, true);
  }, [settled]);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Escape") setText("");
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      event.currentTarget.blur();
      document.querySelector<HTMLElement>('[role="row"] a')?.focus();
    }
  };
  return <SearchBox value={text} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKeyDown} />;
}

async function search(text: string, signal: AbortSignal): Promise<Hit[]> {
  const [people, moves] = await Promise.all([calls.findPatients(text, signal), calls.exercises({ search: text, page_size: "6" }, signal)]);
  return [
    ...people.results.slice(0, 6).map((each) => ({ href: `/clinic/patients/${each.id}`, text: each.name, about: t("finder.patient") })),
    ...moves.results.slice(0, 6).map((each) => ({ href: `/clinic/library/${each.id}`, text: each.name, about: word("kind", each.kind) })),
  ];
}

function JumpSearch(): JSX.Element {
  const { route, path } = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const settled = useSettled(text).trim();
  const found = useResource(settled ? settled : null, (signal) => search(settled, signal));
  const hits = settled && text.trim() ? (found.data ?? []) : [];
  useEffect(() => setAt(0), [settled]);
  useEffect(() => setText(""), [path]);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Escape") {
      setText("");
      event.currentTarget.blur();
    }
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by && hits.length) {
      event.preventDefault();
      setAt((at + by + hits.length) % hits.length);
    }
    const hit = hits[at];
    if (event.key === "Enter" && hit) route(hit.href);
  };

  return (
    <div class="finder">
      <SearchBox
        role="combobox"
        aria-expanded={settled !== "" && text !== ""}
        aria-controls={list}
        aria-activedescendant={hits.length ? `${list}-${at}` : undefined}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {settled && text && found.data && (
        <ul class="pop" role="listbox" id={list} aria-label={t("finder.label")}>
          {hits.map((hit, index) => (
            <li key={hit.href} id={`${list}-${index}`} role="option" aria-selected={index === at}>
              <a href={hit.href} tabIndex={-1}>
                {hit.text} <span class="quiet small">{hit.about}</span>
              </a>
            </li>
          ))}
          {hits.length === 0 && <li class="quiet">{t("finder.nothing", { text: settled })}</li>}
        </ul>
      )}
    </div>
  );
}
