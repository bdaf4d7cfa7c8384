import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Icon } from "../../ui";
import * as calls from "../calls";
import { today } from "../dates";
import { useKeptText } from "../parts/kept-text";
import { NoteField } from "../parts/note-field";
import { FormErrors } from "../parts/problem";
import { abilities } from "../session";
import { t } from "../t";
import type { Message, Page } from "../types";
import { useAction } from "../use";
import { clockTime, dayAndDate } from "../words";
import { useSeen } from "./use-seen";

/** How many of these messages the clinic has not seen yet. */
export function unseen(messages: readonly Message[]): number {
  return messages.filter((message) => message.from.side === "patient" && message.seen_at === null).length;
}

export interface WrittenAbout {
  /** a prescription's */
  readonly id: string;
  readonly name: string;
}

export interface MessagesProps {
  readonly patientId: string;
  readonly firstName: string;
  readonly page: Page<Message>;
  /** What a message is about, in words; null where it cannot be said. */
  readonly aboutText: (about: NonNullable<Message["about"]>) => string | null;
  /** an exercise that the next message is about */
  readonly writeAbout: WrittenAbout | null;
  readonly onForgetAbout: () => void;
  readonly onClose: () => void;
  readonly onSent: () => void;
  /** the clinic has seen what was new */
  readonly onSeen: () => void;
}

/** What was written, oldest first, and an answer below. Nobody watches messages all the time, and both sides are told so. */
export function MessagesPanel({ patientId, firstName, page, aboutText, writeAbout, onForgetAbout, onClose, onSent, onSeen }: MessagesProps): JSX.Element {
  const [older, setOlder] = useState<Message[]>([]);
  const [next, setNext] = useState(page.next);
  const watch = useSeen(patientId, onSeen);
  const list = useRef<HTMLOListElement>(null);
  const box = useRef<HTMLElement>(null);
  const messages = [...page.results, ...older].reverse();
  const newest = page.results[0]?.id;
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest]);
  useEffect(() => {
    box.current?.scrollIntoView({ block: "nearest" });
    box.current?.querySelector("textarea")?.focus({ preventScroll: true });
  }, []);

  const more = useAction(async () => {
    if (!next) return;
    const found = await calls.nextPage<Message>(calls.messagesPath(patientId), next);
    setOlder((before) => [...before, ...found.results]);
    setNext(found.next);
  });

  return (
    <section class="card msgs" id="messages" aria-labelledby="messages-title" ref={box} onKeyDown={(event) => { if (event.key === "Escape") onClose(); }}>
      <div class="t">
        <h2 id="messages-title">{t("messages.title", { name: firstName })}</h2>
        <Button kind="plain" icon="close" label={t("messages.close")} onClick={onClose} />
      </div>
      {next && <Button kind="plain" disabled={more.busy} onClick={() => void more.run()}>{t("messages.older")}</Button>}
      <FormErrors error={more.error} />
      <ol class="msg-list" ref={list} tabIndex={0} aria-label={t("messages.list")}>
        {messages.length === 0 && <li class="quiet">{t("messages.none")}</li>}
        {messages.map((message) => (
          <Bubble key={message.id} message={message} about={message.about && aboutText(message.about)} watch={watch(message.id, message.from.side !== "patient" || message.seen_at !== null)} />
        ))}
      </ol>
      {abilities.value.answer && <Composer patientId={patientId} firstName={firstName} about={writeAbout} onForgetAbout={onForgetAbout} onSent={onSent} />}
      <p class="small quiet">{t("messages.not_watched", { name: firstName })}</p>
    </section>
  );
}

function Bubble({ message, about, watch }: { message: Message; about: string | null; watch: (node: Element | null) => void }): JSX.Element {
  const fromClinic = message.from.side === "clinic";
  return (
    <li class={fromClinic ? "msg ours" : "msg"} ref={watch}>
      <small class="quiet">
        {t("messages.from", { name: message.from.name, when: whenWritten(message.at) })}
        {!fromClinic && !message.seen_at && <span class="new" title={t("sessions.new")}><span class="vh">{t("sessions.new")}</span></span>}
      </small>
      {about && <small class="about">{t("messages.about", { what: about })}</small>}
      <p>{message.body}</p>
      {message.seen_at && (
        <small class="quiet seen">
          <Icon name="eye" small />
          {message.seen_by ? t("messages.seen_by", { name: message.seen_by, when: whenWritten(message.seen_at) }) : t("messages.seen", { when: whenWritten(message.seen_at) })}
        </small>
      )}
    </li>
  );
}

function whenWritten(at: string): string {
  const date = today(new Date(at));
  return date === today() ? clockTime(at) : t("messages.day_and_time", { day: dayAndDate(date), time: clockTime(at) });
}

interface ComposerProps {
  readonly patientId: string;
  readonly firstName: string;
  readonly about: WrittenAbout | null;
  readonly onForgetAbout: () => void;
  readonly onSent: () => void;
}

function Composer({ patientId, firstName, about, onForgetAbout, onSent }: ComposerProps): JSX.Element {
  const [body, setBody, forget] = useKeptText(`message ${patientId}`);
  // The same words after a lost answer are the same message; other words are another one.
  const sending = useRef<calls.NewMessage | null>(null);
  const send = useAction(async () => {
    const words = body.trim();
    if (!words) return;
    if (sending.current?.body !== words || sending.current.about?.id !== about?.id) {
      sending.current = { id: crypto.randomUUID(), body: words, ...(about && { about: { type: "prescription", id: about.id } }) };
    }
    await calls.sendMessage(patientId, sending.current);
    sending.current = null;
    forget();
    onForgetAbout();
    onSent();
  });
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void send.run(); }}>
      {about && (
        <p class="small write-about">
          {t("messages.about", { what: about.name })}
          <Button kind="plain" icon="close" label={t("messages.not_about", { what: about.name })} onClick={onForgetAbout} />
        </p>
      )}
      <NoteField label={t("messages.write", { name: firstName })} value={body} rows={2} maxLength={5000} onInput={setBody} onSubmit={() => void send.run()} />
      <FormErrors error={send.error} />
      <div class="acts-row">
        <Button kind="primary" type="submit" disabled={send.busy || !body.trim()}>{t("messages.send")}</Button>
        <span class="small quiet keyhint"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
      </div>
    </form>
  );
}
