import type { JSX } from "preact";
import { Banner, Button } from "../../ui";
import { t } from "../t";
import type { Editor } from "./editor";
import { sameContent } from "./program";

/** One quiet line that tells the truth about saving. */
export function SaveLine({ editor }: { editor: Editor }): JSX.Element {
  const { kind } = editor.state.value;
  const text = {
    saved: "save.saved", unsaved: "save.unsaved", saving: "save.saving", offline: "save.offline", "signed-out": "save.signed_out",
    sealed: "save.sealed", forbidden: "save.forbidden", gone: "save.gone", conflict: "save.conflict", rejected: "save.rejected",
  } as const;
  return (
    <span class={`line save ${kind}`} role="status">
      {t(text[kind])}
    </span>
  );
}

/** What needs a decision or an explanation, above the program. */
export function SaveBanner({ editor }: { editor: Editor }): JSX.Element | null {
  const state = editor.state.value;
  if (state.kind === "offline") return <Banner icon="offline" role="status"><p>{t("save.offline_text")}</p></Banner>;
  if (state.kind === "sealed") return <Banner icon="lock"><p>{t("save.sealed_text")}</p></Banner>;
  if (state.kind === "forbidden") return <Banner icon="lock" role="alert"><p>{t("save.forbidden_text")}</p></Banner>;
  if (state.kind === "gone") return <Banner icon="warn" tone="feel" role="alert"><p>{t("save.gone_text")}</p></Banner>;
  if (state.kind === "rejected") {
    return (
      <Banner icon="warn" tone="feel" role="alert">
        <p><b>{t("save.rejected_text")}</b></p>
        {state.errors.map((error) => (
          <p key={`${error.attr} ${error.detail}`}>{[place(editor, error.attr), error.detail].filter(Boolean).join(": ")}</p>
        ))}
      </Banner>
    );
  }
  if (state.kind === "conflict") {
    return (
      <Banner icon="warn" tone="feel" role="alert">
        <p>
          <b>{t("save.conflict_title")}</b> {t("save.conflict_text", { name: state.theirs.name })}
        </p>
        <p class="acts-row">
          <Button onClick={() => editor.takeTheirs()}>{t("save.show_theirs")}</Button>
          <Button onClick={() => editor.keepMine()}>{t("save.keep_mine")}</Button>
        </p>
      </Banner>
    );
  }
  if (editor.restored.value && !sameContent(editor.program.value, editor.history.value.past[0] ?? editor.program.value)) {
    return <Banner icon="check" tone="do" role="status"><p>{t("save.restored")}</p></Banner>;
  }
  return null;
}

/** "phases.1.prescriptions.3.dose.reps" as a therapist knows it: the phase's name. */
function place(editor: Editor, attr: string | null): string | null {
  const match = /^phases\.(\d+)/.exec(attr ?? "");
  const phase = match && editor.program.value.phases[Number(match[1])];
  return phase ? `${phase.n} ${phase.name}` : attr;
}
