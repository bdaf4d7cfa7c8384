import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import { Banner, Button, Dialog, Skeleton } from "../../../ui";
import { ApiError } from "../../../api/client";
import * as calls from "../../calls";
import { FormErrors, LoadError, Problem } from "../../parts/problem";
import { abilities, clinicOnWrites } from "../../session";
import { t } from "../../t";
import type { ExerciseDetail } from "../../types";
import { useAction, useResource, useTitle } from "../../use";
import { bodyOf, copyOf, draftOf, emptyDraft, gaps, type Draft, type Gap } from "./draft";
import { FigureSection } from "./figure-section";
import { ExerciseForm, SHOWN_BESIDE } from "./form";
import { forget, keep, recall } from "./kept";
import { MediaSection } from "./media-section";
import { useTerms } from "./use-terms";
import "./own.css";

/** `/clinic/library/new`, or `?copy=<id>` to begin as another exercise. */
export function NewExerciseScreen(): JSX.Element {
  const from = useLocation().query["copy"] ?? null;
  const source = useResource(from, () => calls.exercise(from ?? ""));
  if (!abilities.value.library) return <NotYours />;
  if (source.error) return <Failed error={source.error} onRetry={source.reload} />;
  if (from && !source.data) return <Loading />;
  const key = from ? `copy ${from}` : "new";
  const fresh = (): Draft => (source.data ? copyOf(source.data, t("own.copy_name", { name: source.data.name })) : emptyDraft());
  return <Editor key={key} kept={key} fresh={fresh} exercise={null} />;
}

/** `/clinic/library/<id>/edit`: an exercise of one's own clinic. */
export function EditExerciseScreen(): JSX.Element {
  const id = useRoute().params["id"] ?? "";
  const { data, error, reload } = useResource(`exercise ${id}`, () => calls.exercise(id));
  if (!abilities.value.library) return <NotYours />;
  if (error) return <Failed error={error} onRetry={reload} />;
  if (!data) return <Loading />;
  if (data.owner === null || data.archived) return <Problem title={t(data.archived ? "own.archived" : "own.shared")} link={{ href: `/clinic/library/${id}`, text: t("own.back") }} />;
  return <Editor key={`${id} ${data.version}`} kept={id} fresh={() => draftOf(data)} exercise={data} onChanged={reload} />;
}

interface EditorProps {
  /** under which name what is not saved yet is kept */
  readonly kept: string;
  readonly fresh: () => Draft;
  /** as the server has it; null for a new one */
  readonly exercise: ExerciseDetail | null;
  readonly onChanged?: () => void;
}

function Editor({ kept, fresh, exercise, onChanged }: EditorProps): JSX.Element {
  const { route } = useLocation();
  const terms = useTerms();
  const [{ draft, restored }, setState] = useState(() => {
    const found = recall(kept, exercise?.version ?? null);
    return { draft: found ?? fresh(), restored: found !== null };
  });
  const [tries, setTries] = useState(0);
  // Said from the first attempt to save on, and gone as soon as it is mended.
  const missing: readonly Gap[] = tries > 0 ? gaps(draft) : [];
  const form = useRef<HTMLFormElement>(null);
  const title = exercise ? t("own.edit", { name: exercise.name }) : t("own.new");
  useTitle(t("title.page", { page: title }));

  const change = (next: Draft): void => {
    setState((now) => ({ ...now, draft: next }));
    keep(kept, next);
  };
  /** A photo made a new version: words that are not saved yet go on from there. */
  const takeOver = (stored: ExerciseDetail): void => {
    if (recall(kept, draft.version)) keep(kept, { ...draft, version: stored.version });
    onChanged?.();
  };
  const save = useAction(async () => {
    setTries((n) => n + 1);
    if (gaps(draft).length > 0) return;
    const saved = await send(draft);
    forget(kept);
    route(`/clinic/library/${saved.id}`);
  });
  // Whoever saved by keyboard at the end of a long page is taken to what is wrong.
  useEffect(() => {
    if (save.error || missing.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"], input:invalid')?.focus();
  }, [save.error, tries]);

  if (terms.error) return <Failed error={terms.error} onRetry={terms.reload} />;
  if (!terms.data) return <Loading />;
  return (
    <main class="wrap narrow">
      <form ref={form} class="stack own" noValidate onSubmit={(event) => { event.preventDefault(); void save.run(); }}>
        <div class="hd">
          <h1>{title}</h1>
          <a class="btn" href={exercise ? `/clinic/library/${exercise.id}` : "/clinic/library"}>{t("cancel")}</a>
          <Button kind="primary" type="submit" disabled={save.busy}>{t("save")}</Button>
        </div>
        {restored && (
          <Banner icon="undo" role="status">
            <p>{t("own.restored")}</p>
            <Button kind="plain" onClick={() => { forget(kept); setState({ draft: fresh(), restored: false }); }}>{t("own.start_anew")}</Button>
          </Banner>
        )}
        {missing.length > 0 && (
          <Banner icon="warn" tone="feel" role="alert">
            {missing.map((gap) => <p key={gap}>{t(`own.gap.${gap}`)}</p>)}
          </Banner>
        )}
        <FormErrors error={save.error} fields={SHOWN_BESIDE} />
        <ExerciseForm draft={draft} terms={terms.data} error={save.error} onChange={change} />
        <FigureSection draft={draft} saveError={save.error} onChange={(figure) => change({ ...draft, figure })} />
        {exercise && <MediaSection exercise={exercise} onStored={takeOver} />}
        <div class="acts-row">
          <Button kind="primary" type="submit" disabled={save.busy}>{t("save")}</Button>
          {exercise && <Archive id={exercise.id} name={exercise.name} />}
        </div>
      </form>
    </main>
  );
}

/** A new one is posted under the id it was given here; if an earlier answer was lost and the words changed since, it is changed. */
async function send(draft: Draft): Promise<ExerciseDetail> {
  const body = bodyOf(draft);
  if (draft.version !== null) return calls.changeExercise(draft.id, draft.version, body);
  try {
    return await calls.createExercise({ id: draft.id, ...body, ...clinicOnWrites() });
  } catch (error) {
    if (!(error instanceof ApiError) || !error.has("id_taken")) throw error;
    const stored = await calls.exercise(draft.id);
    return calls.changeExercise(draft.id, stored.version, body);
  }
}

function Archive({ id, name }: { id: string; name: string }): JSX.Element {
  const { route } = useLocation();
  const [asking, setAsking] = useState(false);
  const archive = useAction(async () => {
    await calls.archiveExercise(id);
    forget(id);
    route("/clinic/library");
  });
  return (
    <>
      <Button kind="plain" icon="trash" onClick={() => setAsking(true)}>{t("own.archive")}</Button>
      {asking && (
        <Dialog
          title={t("own.archive_ask", { name })} onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t("cancel")}</Button>
              <Button kind="danger" disabled={archive.busy} onClick={() => void archive.run()}>{t("own.archive")}</Button>
            </>
          }
        >
          <p>{t("own.archive_text")}</p>
          <FormErrors error={archive.error} />
        </Dialog>
      )}
    </>
  );
}

function NotYours(): JSX.Element {
  return <Problem title={t("own.no_role")} link={{ href: "/clinic/library", text: t("own.back") }} />;
}

function Failed({ error, onRetry }: { error: ApiError; onRetry: () => void }): JSX.Element {
  return (
    <main class="wrap narrow">
      <LoadError error={error} onRetry={onRetry} />
    </main>
  );
}

function Loading(): JSX.Element {
  return (
    <main class="wrap narrow">
      <Skeleton lines={8} />
    </main>
  );
}
