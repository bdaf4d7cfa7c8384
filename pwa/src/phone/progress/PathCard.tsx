import type { JSX } from "preact";
import type { PhonePlan } from "../../api/types";
import { Icon } from "../../ui";
import { foreignTo } from "../screens/parts";
import { plan } from "../state";
import { tp } from "./words";

/** Names this short stand beside each other; longer ones below each other, whole. */
const SHORT_NAME = 10;

/** The phases of each plan as a path with "you are here". */
export function PathCard(): JSX.Element | null {
  const plans = (plan.value?.payload.plans ?? []).filter((one) => one.phases.length > 1);
  if (plans.length === 0) return null;
  return (
    <section class="card">
      <h2>{tp("path")}</h2>
      {plans.map((one) => (
        <Path key={one.id} phases={one.phases} />
      ))}
      {plans.some((one) => one.phases.some((phase) => foreignTo(phase.lang) === "en")) && (
        <p class="small quiet">{tp("path.foreign")}</p>
      )}
    </section>
  );
}

function Path({ phases }: { phases: PhonePlan["phases"] }): JSX.Element {
  const here = phases.findIndex((phase) => phase.current);
  const beside = phases.every((phase) => phase.name.length <= SHORT_NAME) && phases.length <= 4;
  return (
    <ol class={beside ? "path beside" : "path"}>
      {phases.map(({ id, n, name, lang }, index) => {
        const state = index < here ? "done" : index === here ? "here" : "";
        return (
          <li key={id} class={`p ${state}`} aria-current={state === "here" ? "step" : undefined}>
            <b>{state === "done" ? <Icon name="check" /> : n}</b>
            <span>
              <span lang={foreignTo(lang)}>{name}</span>
              {state === "here" && <em>{tp("path.here")}</em>}
              {state === "done" && <span class="vh">{tp("path.done")}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
