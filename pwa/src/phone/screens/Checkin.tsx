import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import { ts } from "../../i18n/shared";
import { Button, Seg } from "../../ui";
import { beginCheckin, changeCheckin, closeCheckin } from "../checkin/actions";
import { Ask } from "../checkin/Ask";
import "../checkin/checkin.css";
import { askedOn, awaitsLock, backward, forward, isPageAnswered, leftOut, pageCount, signsOf, withAnswer, type CheckinDraft } from "../checkin/draft";
import { morningOf } from "../checkin/history";
import { LegQuestion } from "../checkin/LegQuestion";
import type { CheckinKind } from "../checkin/questions";
import { SignList } from "../checkin/SignList";
import { SaidSoFar } from "../checkin/SaidSoFar";
import { tc } from "../checkin/t";
import { care, checkins, today } from "../state";
import { SavedLine, Screen, TopBar, useHeadlineFocus } from "./parts";
import { Starting } from "./Starting";

type Change = (change: (draft: CheckinDraft) => CheckinDraft) => void;

/** A few questions a page; every answer is on disk before the screen moves. `id` is the kind: morning or weekly. */
export function Checkin({ id }: { id?: string }): JSX.Element {
  const kind: CheckinKind = id === "weekly" ? "weekly" : "morning";
  const { route } = useLocation();
  const draft = care.value[kind];
  const closing = useRef(false);

  useEffect(() => {
    if (draft !== null || closing.current) return;
    // Done already, perhaps on another phone: there is one morning a day.
    if (kind === "morning" && morningOf(checkins.value, today.value) !== null) route("/", true);
    else void beginCheckin(kind);
  }, [draft === null, kind]);
  useHeadlineFocus(draft && `${draft.id} ${draft.page}`);

  if (draft === null) return <Starting />;

  const { page } = draft;
  const change: Change = (make) => void changeCheckin(kind, make);
  // A second tap on a page that is already leaving must not skip the next one.
  const move = (step: (draft: CheckinDraft) => CheckinDraft | null): Promise<void> =>
    changeCheckin(kind, (now) => (now.page === page ? step(now) : null));
  const close = async (): Promise<void> => {
    closing.current = true;
    const advice = signsOf(draft).length > 0 && !awaitsLock(draft);
    const entry = await closeCheckin(kind);
    route(entry !== null && advice ? `/advice/${entry}` : "/", true);
  };
  const none = async (): Promise<void> => {
    await changeCheckin(kind, (now) => withAnswer(now, "q_redflag", []));
    await close();
  };

  return (
    <Screen class="checkin">
      <TopBar
        title={tc(`bar.${kind}`)}
        back={page === 0 ? { icon: "close", label: ts("close") } : undefined}
        onBack={() => void (page === 0 ? route("/") : move(backward))}
      />
      <main key={page}>
        <Page draft={draft} onChange={change} onFirst={() => void move((now) => ({ ...now, page: 0 }))} />
      </main>
      {kind === "morning" && page === pageCount(draft) - 1 ? (
        <SignsFoot draft={draft} onNone={() => void none()} onSigns={() => void close()} />
      ) : (
        <NextFoot draft={draft} onNext={() => void (forward(draft) === null ? close() : move(forward))} />
      )}
    </Screen>
  );
}

function Page({ draft, onChange, onFirst }: { draft: CheckinDraft; onChange: Change; onFirst: () => void }): JSX.Element {
  if (draft.kind === "weekly") {
    return (
      <>
        <p class="quiet small">{tc("step.of", { n: draft.page + 1, of: pageCount(draft) })}</p>
        {askedOn(draft).map((id, at) => (
          <Ask key={id} id={id} draft={draft} onChange={onChange} head={at === 0} />
        ))}
      </>
    );
  }
  if (draft.page === 0) {
    return (
      <>
        <Ask id="q_morning" draft={draft} onChange={onChange} head />
        <Ask id="q_morning_vs" draft={draft} onChange={onChange} />
      </>
    );
  }
  const rest = askedOn(draft).filter((id) => id !== "q_radiate" && id !== "q_redflag");
  return (
    <>
      <SaidSoFar draft={draft} onChange={onFirst} />
      {draft.page === 1 && (
        <section>
          <h1 class="ask">{tc("body.title")}</h1>
          <LegQuestion draft={draft} onChange={onChange} />
        </section>
      )}
      {rest.map((id) => (
        <div key={id} class="asked">
          <Ask id={id} draft={draft} onChange={onChange} head={draft.page === 2 && id === "q_weak"} />
          {id === "q_weak" && draft.answers["q_weak"] === "yes" && <Weaker draft={draft} onChange={onChange} />}
        </div>
      ))}
      {draft.page === 2 && (
        <section>
          <h2 class="ask">{tc("ask.q_redflag")}</h2>
          <SignList draft={draft} onChange={onChange} />
        </section>
      )}
    </>
  );
}

/** D.7: whoever says that the leg is weaker is asked about RF2 at once. */
function Weaker({ draft, onChange }: { draft: CheckinDraft; onChange: Change }): JSX.Element {
  return (
    <section class="weaker">
      <h2 class="q">{tc("weaker.ask")}</h2>
      <Seg
        label={tc("weaker.ask")}
        choices={(["no", "yes"] as const).map((value) => ({ value, text: tc(`choice.q_leg_30min.${value}`) }))}
        value={draft.weaker}
        onChange={(weaker) => onChange((now) => ({ ...now, weaker }))}
      />
    </section>
  );
}

function NextFoot({ draft, onNext }: { draft: CheckinDraft; onNext: () => void }): JSX.Element {
  const whole = isPageAnswered(draft);
  const last = forward(draft) === null;
  const words = last ? tc(whole ? "finish" : "finishWithout") : tc(whole ? "next" : "without");
  return (
    <footer class="foot last">
      {draft.page === 0 && <SavedLine text={tc("saved")} />}
      <Button kind={whole ? "primary" : "else"} size="big" onClick={onNext}>
        {words}
      </Button>
    </footer>
  );
}

/** None of these in one tap; a ticked sign leads to what to do now. What was left out above is said. */
function SignsFoot(props: { draft: CheckinDraft; onNone: () => void; onSigns: () => void }): JSX.Element {
  const { draft } = props;
  const missing = leftOut(draft);
  const what = missing.map((id) => tc(`signs.open.${id}` as "signs.open.q_weak")).join(", ");
  return (
    <footer class="foot last">
      {missing.length > 0 && (
        <p class="line" role="status">
          {tc("signs.open", { what })}
        </p>
      )}
      {signsOf(draft).length > 0 ? (
        <Button kind="primary" size="big" onClick={props.onSigns}>
          {tc("signs.go")}
        </Button>
      ) : (
        <Button kind="primary" size="big" onClick={props.onNone}>
          {tc("none")}
        </Button>
      )}
    </footer>
  );
}
