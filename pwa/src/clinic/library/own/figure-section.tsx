import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../../api/client";
import { Button } from "../../../ui";
import * as calls from "../../calls";
import { FormErrors, LoadError } from "../../parts/problem";
import { Select } from "../../parts/select";
import { t } from "../../t";
import { useAction, useResource } from "../../use";
import type { Draft } from "./draft";
import type { Figure } from "./figure";
import { FigureEditor } from "./figure-editor";
import { Section } from "./form";

/** The moving figure: none, or one that began as a copy of another exercise's and was changed joint by joint. */
export function FigureSection({ draft, saveError, onChange }: { draft: Draft; saveError: ApiError | null; onChange: (figure: Figure | null) => void }): JSX.Element {
  const library = useResource("exercises", calls.allExercises);
  const [from, setFrom] = useState("");
  const copy = useAction(async () => onChange((await calls.exercise(from)).anim as Figure | null));
  const drawn = (library.data ?? []).filter((each) => each.figure?.src.startsWith("/figures/") && each.id !== draft.id);
  return (
    <Section title={t("own.figure")} text={t("own.figure_text")}>
      {library.error && <LoadError error={library.error} onRetry={library.reload} />}
      <div class="own-from">
        <Select label={t("own.from")} value={from} options={[{ value: "", text: t("own.choose") }, ...drawn.map((each) => ({ value: each.id, text: each.name }))]} onChange={setFrom} />
        <Button disabled={!from || copy.busy} onClick={() => void copy.run()}>{t(draft.figure ? "own.from_again" : "own.from_go")}</Button>
        {draft.figure && <Button kind="plain" onClick={() => onChange(null)}>{t("own.no_figure")}</Button>}
      </div>
      <FormErrors error={copy.error} />
      {draft.figure && <FigureEditor name={draft.name} figure={draft.figure} kind={draft.kind} laterality={draft.laterality} saveError={saveError} onChange={onChange} />}
    </Section>
  );
}
