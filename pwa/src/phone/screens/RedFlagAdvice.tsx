import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Banner, Button, Icon } from "../../ui";
import { dangerIn } from "../checkin/danger";
import { advised } from "../checkin/signs";
import { askOf, textOf } from "../checkin/SignList";
import { tc } from "../checkin/t";
import { entries, plan } from "../state";
import { tel } from "../tel";
import { Screen, TopBar, useHeadlineFocus } from "./parts";

/** A sign that locks nothing: what to do about it, in the specification's words. `id` is the check-in's entry. */
export function RedFlagAdvice({ id }: { id?: string }): JSX.Element | null {
  const { route } = useLocation();
  const entry = entries.value.find((one) => one.id === id);
  const payload = plan.value?.payload;
  const signs = entry && payload ? advised(payload.red_flags, dangerIn(entry.item).signs) : [];
  const leave = (): void => route("/", true);
  useHeadlineFocus(id);
  useEffect(() => {
    if (signs.length === 0) leave();
  }, [signs.length === 0]);
  if (payload === undefined || signs.length === 0) return null;
  const { clinic } = payload;
  return (
    <Screen>
      <TopBar title={tc("advice.bar")} onBack={leave} />
      <main>
        <h1>{tc("advice.title")}</h1>
        {signs.map((sign) => (
          <Banner key={sign.id} tone="feel" icon="warn">
            <p lang={textOf(sign).lang}>
              <b>{textOf(sign).text}</b>
            </p>
            <p class="small" lang={askOf(sign).lang}>
              {askOf(sign).text}
            </p>
          </Banner>
        ))}
        <p class="quiet">{tc("advice.on")}</p>
        {clinic.phone && (
          <a class="btn wide" href={tel(clinic.phone)}>
            <Icon name="call" />
            {tc("alarm.callClinic", { clinic: clinic.name })}
          </a>
        )}
      </main>
      <footer class="foot last">
        <Button kind="primary" size="big" onClick={leave}>
          {tc("advice.done")}
        </Button>
      </footer>
    </Screen>
  );
}
