import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { formatDate } from "../../i18n/format";
import { Button, TextArea } from "../../ui";
import { saveGoal } from "../progress/actions";
import { goalsOf } from "../progress/goals";
import "../progress/progress.css";
import { tp } from "../progress/words";
import { entries, progress } from "../state";
import { dateShown } from "../store/time";
import { Screen, TopBar, useHeadlineFocus } from "./parts";

const MOST = 500;

/** One goal: written, worded anew, reached. On this phone at once, sent by itself. */
export function Goals({ id }: { id?: string }): JSX.Element | null {
  const { route } = useLocation();
  const goal = id === undefined ? null : (goalsOf(progress.value, entries.value).find((one) => one.id === id) ?? null);
  const [text, setText] = useState(goal?.text ?? "");
  const [empty, setEmpty] = useState(false);
  useHeadlineFocus(id);
  const leave = (): void => route("/progress", true);
  useEffect(() => {
    if (id !== undefined && goal === null) leave();
  }, [id]);
  const store = async (done: boolean): Promise<void> => {
    if (text.trim() === "") return setEmpty(true);
    await saveGoal(text, done, goal);
    leave();
  };
  const reached = goal !== null && goal.done_at !== null;
  return (
    <Screen>
      <TopBar title={tp("goals.bar")} onBack={leave} />
      <main>
        <h1>{tp("goals.ask")}</h1>
        <p class="quiet">{tp("goals.example")}</p>
        <TextArea
          label={tp("goals.ask")}
          hideLabel
          rows={3}
          maxLength={MOST}
          value={text}
          onInput={(next) => {
            setText(next);
            setEmpty(false);
          }}
        />
        {empty && (
          <p class="field-error" role="alert">
            {tp("goals.empty")}
          </p>
        )}
        {reached && (
          <p class="quiet">
            {tp("goals.reachedOn", {
              day: formatDate(dateShown(goal.done_at!), { day: "numeric", month: "long" }),
            })}
          </p>
        )}
        {goal !== null && (
          <Button size="wide" icon={reached ? "undo" : "check"} onClick={() => void store(!reached)}>
            {tp(reached ? "goals.notYet" : "goals.reached")}
          </Button>
        )}
      </main>
      <footer class="foot last">
        <Button kind="primary" size="big" onClick={() => void store(reached)}>
          {tp("goals.save")}
        </Button>
      </footer>
    </Screen>
  );
}
