import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button, Empty, Skeleton } from "../../ui";
import * as calls from "../calls";
import { FormErrors, LoadError } from "../parts/problem";
import { Figure } from "../parts/figure";
import { spoken } from "../spoken";
import { abilities, clinicOnWrites } from "../session";
import { t } from "../t";
import type { Exercise, Program } from "../types";
import { useAction, useResource, useTitle } from "../use";
import { doseText, frequencyText, weeksText } from "../words";

/** The phased templates: look at one, use it for a patient. Which one is open is in the address. */
export function TemplatesScreen(): JSX.Element {
  const { query, route } = useLocation();
  const patientId = query["patient"] ?? null;
  const { data, error, reload } = useResource("templates", calls.templates);
  const library = useResource("exercises", calls.allExercises);
  const patient = useResource(patientId, () => calls.patient(patientId ?? ""));
  const exercises = useMemo(() => new Map((library.data ?? []).map((each) => [each.id, each])), [library.data]);
  const open = query["open"] ?? null;
  const suffix = patientId ? `patient=${patientId}` : "";
  const title = patientId && patient.data ? t("templates.for", { name: patient.data.name }) : t("nav.templates");
  useTitle(t("title.page", { page: title }));

  const into = (program: Program): void => route(`/clinic/programs/${program.id}${suffix && `?${suffix}`}`);
  const use = useAction(async (template: Program) => into(await calls.copyProgram(template.id, clinicOnWrites())));
  const blank = useAction(async () => into(await calls.createProgram({ name: t("templates.blank_name"), phases: [firstPhase()], ...clinicOnWrites() } as Partial<Program>)));
  const toggle = (id: string): void => {
    const params = new URLSearchParams(suffix);
    if (open !== id) params.set("open", id);
    const text = params.toString();
    route(`/clinic/templates${text && `?${text}`}`, true);
  };

  return (
    <main class="wrap narrow stack">
      <div class="hd">
        <h1>{title}</h1>
        {abilities.value.prescribe && (
          <Button icon="plus" disabled={blank.busy} onClick={() => void blank.run()}>
            {t("templates.blank")}
          </Button>
        )}
      </div>
      <p class="quiet">{t("templates.text")}</p>
      <FormErrors error={use.error ?? blank.error} />
      {error && <LoadError error={error} onRetry={reload} />}
      {!data && !error && <Skeleton lines={6} />}
      {data?.length === 0 && <Empty icon="flag" title={t("templates.none")}>{t("templates.none_text")}</Empty>}
      {data?.map((template) => (
        <TemplateCard
          key={template.id} template={template} open={open === template.id} exercises={exercises} busy={use.busy}
          onToggle={() => toggle(template.id)} onUse={() => void use.run(template)}
        />
      ))}
    </main>
  );
}

/** A program from nothing starts with one empty phase of three weeks. */
function firstPhase(): Program["phases"][number] {
  return { id: crypto.randomUUID(), n: 1, name: t("phase.new"), from_day: 0, to_day: 21, entry: [], exit: [], prescriptions: [] };
}

interface TemplateCardProps {
  readonly template: Program;
  readonly open: boolean;
  readonly exercises: ReadonlyMap<string, Exercise>;
  readonly busy: boolean;
  readonly onToggle: () => void;
  readonly onUse: () => void;
}

function TemplateCard({ template, open, exercises, busy, onToggle, onUse }: TemplateCardProps): JSX.Element {
  const weeks = Math.ceil((template.phases.at(-1)?.to_day ?? 0) / 7);
  return (
    <section class="card stack" aria-label={spoken(template.name)}>
      <div class="hd">
        <div>
          <h2>{spoken(template.name)}</h2>
          <p class="quiet small">
            {t("templates.about", { count: template.phases.length, weeks })} · {t("templates.limit", { n: template.pain_limit })}
          </p>
        </div>
        <button type="button" class="btn" aria-expanded={open} aria-label={t(open ? "templates.close_name" : "templates.look_name", { name: spoken(template.name) })} onClick={onToggle}>
          {t(open ? "close" : "templates.look")}
        </button>
        <a class="btn" href={`/clinic/handout?program=${template.id}`} aria-label={t("handout.of", { name: template.name })}>{t("handout")}</a>
        {abilities.value.prescribe && (
          <Button kind="primary" disabled={busy} label={t("templates.use_name", { name: spoken(template.name) })} onClick={onUse}>
            {t("templates.use")}
          </Button>
        )}
      </div>
      {open && (
        <>
          <p class="small"><b>{t("templates.evidence")}</b> {spoken(template.evidence)}</p>
          {template.entry.length > 0 && <Criteria title={t("templates.entry")} list={template.entry} />}
          {template.phases.map((phase) => (
            <div key={phase.id}>
              <h3>
                {phase.n} {spoken(phase.name)} <span class="quiet small">{weeksText(phase)}</span>
              </h3>
              <ul class="tpl">
                {phase.prescriptions.map((item) => (
                  <li key={item.id}>
                    <span class="th"><Figure exercise={exercises.get(item.exercise)} /></span>
                    <a href={`/clinic/library/${item.exercise}`}>{exercises.get(item.exercise)?.name}</a>
                    <span class="quiet">{doseText(item.dose, false)}</span>
                    <span class="quiet">{frequencyText(item.frequency)}</span>
                  </li>
                ))}
              </ul>
              {phase.exit.length > 0 && <Criteria title={t("templates.exit")} list={phase.exit} />}
            </div>
          ))}
        </>
      )}
    </section>
  );
}

function Criteria({ title, list }: { title: string; list: readonly string[] }): JSX.Element {
  return (
    <div class="small">
      <b>{title}</b>
      <ul class="dots">
        {list.map((each) => (
          <li key={each}>{spoken(each)}</li>
        ))}
      </ul>
    </div>
  );
}
