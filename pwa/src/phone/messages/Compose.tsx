import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button, Icon, TextArea } from "../../ui";
import { therapist } from "../state";
import { keepMessageDraft, readMessageDraft, sendMessage } from "./actions";
import { sayAbout } from "./AboutCard";
import { isEmptyDraft, type About, type MessageDraft } from "./thread";
import { tm } from "./words";

/** The server's own limit is 5,000; nobody writes that much on a phone by intention. */
const MOST = 4000;

/** The text is kept while it is typed: a killed app opens with it again. */
export function Compose(): JSX.Element {
  const { query, route } = useLocation();
  const asked = aboutOf(query["about"]);
  const [draft, setDraft] = useState<MessageDraft | null>(null);
  useEffect(() => {
    void readMessageDraft().then((kept) => {
      // Whoever types faster than the disk reads keeps what was typed.
      setDraft((typed) => ({ body: typed?.body || (kept?.body ?? ""), about: asked ?? kept?.about ?? null }));
      if (asked !== null) document.querySelector<HTMLTextAreaElement>(".cmp textarea")?.focus();
    });
  }, []);
  const change = (part: Partial<MessageDraft>): void => {
    const next = { ...EMPTY, ...draft, ...part };
    setDraft(next);
    void keepMessageDraft(next);
  };
  const sending = useRef(false);
  const send = async (): Promise<void> => {
    if (draft === null || isEmptyDraft(draft) || sending.current) return;
    sending.current = true;
    // Empty before it is on its way: what is typed meanwhile is the next message.
    setDraft(EMPTY);
    try {
      await sendMessage(draft);
    } catch (failure) {
      setDraft((typed) => {
        const back = joined(draft, typed ?? EMPTY);
        void keepMessageDraft(back);
        return back;
      });
      throw failure;
    } finally {
      sending.current = false;
    }
    if (asked !== null) route("/messages", true);
  };
  const name = therapist.value;
  const label = name ? tm("write", { name }) : tm("writeClinic");
  return (
    <>
      {draft?.about && (
        <p class="about">
          <span>{tm("about", { what: sayAbout(draft.about) })}</span>
          <Button kind="plain" icon="close" label={tm("aboutRemove")} onClick={() => change({ about: null })} />
        </p>
      )}
      <form
        class="cmp"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextArea
          label={label}
          hideLabel
          placeholder={label}
          rows={1}
          maxLength={MOST}
          value={draft?.body ?? ""}
          onInput={(body) => change({ body })}
        />
        <button type="submit" class="btn primary icon" aria-label={tm("send")} aria-disabled={isEmptyDraft(draft)}>
          <Icon name="arrow" />
        </button>
      </form>
    </>
  );
}

const EMPTY: MessageDraft = { body: "", about: null };

/** What could not be kept for sending stands in the line again, before what was typed since. */
function joined(back: MessageDraft, typed: MessageDraft): MessageDraft {
  return { body: [back.body, typed.body].filter(Boolean).join("\n"), about: typed.about ?? back.about };
}

/** `?about=prescription:<id>`, from "Ask about this exercise". */
function aboutOf(asked: string | undefined): About | null {
  const [type, id] = (asked ?? "").split(":");
  return id && (type === "prescription" || type === "session") ? { type, id } : null;
}
