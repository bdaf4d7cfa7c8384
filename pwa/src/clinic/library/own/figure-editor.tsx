import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../../api/client";
import { Banner, Seg, Skeleton } from "../../../ui";
import { t, word, type Key } from "../../t";
import type { Exercise } from "../../types";
import {
  angle, components, GROUPS, heldBy, kindOf, misfits, place, POSES, rangeOf, rowRange, withAngle, withRow,
  type Figure, type Group, type Joint, type PoseName, type Row,
} from "./figure";
import { Slider } from "./slider";
import { useDrawing } from "./use-drawing";

const ALWAYS_OPEN: readonly Group[] = ["leg_w", "leg_o"];

export interface FigureEditorProps {
  readonly name: string;
  readonly figure: Figure;
  readonly kind: Exercise["kind"];
  readonly laterality: Exercise["laterality"];
  /** what the server said when the exercise was saved */
  readonly saveError: ApiError | null;
  readonly onChange: (figure: Figure) => void;
}

/** Two poses as joint angles, camera and tempo, with the moving picture beside them. */
export function FigureEditor({ name, figure, kind, laterality, saveError, onChange }: FigureEditorProps): JSX.Element {
  const [pose, setPose] = useState<PoseName>("end");
  const picture = useDrawing(figure, kind, laterality);
  const wrong = misfits(figure);
  const error = (at: string): string | null => picture.error?.forField(`figure.${at}`) ?? saveError?.forField(`figure.${at}`) ?? null;
  const otherPose = wrong.some((each) => each.place.startsWith(pose === "start" ? "end." : "start."));
  return (
    <div class="own-fig">
      <div class="own-view">
        <PictureView name={name} picture={picture} stale={wrong.length > 0} />
      </div>
      <div class="stack">
        <Seg label={t("own.pose")} value={pose} choices={POSES.map((value) => ({ value, text: t(`own.pose.${value}`) }))} onChange={(next) => next && setPose(next)} />
        <p class="quiet small">{t(`own.pose_text.${pose}`)}</p>
        {otherPose && <p class="field-error">{t("own.other_pose")}</p>}
        {(Object.keys(GROUPS) as Group[]).map((group) => (
          <details key={group} class="joints" open={ALWAYS_OPEN.includes(group) || wrong.some((each) => (GROUPS[group] as readonly string[]).includes(each.place.split(".")[1] ?? ""))}>
            <summary>{t(`own.group.${group}`)}</summary>
            {heldBy(figure, pose, group) && <p class="quiet small">{t(`own.held.${heldBy(figure, pose, group)}` as Key)}</p>}
            {GROUPS[group].map((joint) => (
              <JointSliders key={joint} joint={joint} pose={pose} figure={figure} error={error} onChange={onChange} />
            ))}
          </details>
        ))}
        <RowSliders row="cam" unit="°" step={1} figure={figure} error={error} onChange={onChange} />
        <RowSliders row="tempo" unit=" s" step={0.1} figure={figure} error={error} onChange={onChange} />
        <p class="quiet small">{t("own.kept_parts")}</p>
      </div>
    </div>
  );
}

function PictureView({ name, picture, stale }: { name: string; picture: ReturnType<typeof useDrawing>; stale: boolean }): JSX.Element {
  const [still, setStill] = useState<"moving" | "still">("moving");
  const { files, error } = picture;
  const elsewhere = error?.errors.filter((item) => !/^figure\.(start|end|cam|tempo)\b/.test(item.attr ?? "")) ?? [];
  return (
    <>
      <div class="big-figure">
        {files ? <img class="fig" src={still === "still" ? files.poster : files.animated} alt={t("own.picture", { name: name || t("own.unnamed") })} /> : <Skeleton lines={6} />}
      </div>
      <Seg
        label={t("own.show")} value={still} onChange={(next) => next && setStill(next)}
        choices={[{ value: "moving", text: t("own.show.moving") }, { value: "still", text: t("own.show.still") }]}
      />
      {stale && <Banner icon="warn" tone="feel">{t("own.stale")}</Banner>}
      {!stale && elsewhere.map((item) => (
        <Banner key={item.detail} icon={error?.status === 0 ? "offline" : "warn"} tone={error?.status === 0 ? "plain" : "feel"}>{item.detail}</Banner>
      ))}
    </>
  );
}

interface PartProps {
  readonly figure: Figure;
  readonly error: (at: string) => string | null;
  readonly onChange: (figure: Figure) => void;
}

function JointSliders({ joint, pose, figure, error, onChange }: PartProps & { joint: Joint; pose: PoseName }): JSX.Element {
  const title = word("own.joint", joint);
  const kind = kindOf(joint);
  return (
    <fieldset class="plain">
      <legend>{title}</legend>
      {Array.from({ length: components(joint) }, (_, i) => {
        const label = word(`own.part.${kind}`, String(i));
        const at = place(pose, joint, i);
        return (
          <Slider
            key={at} label={label} name={`${title}, ${label}`} unit="°" value={angle(figure, pose, joint, i)} range={rangeOf(figure, joint, i)}
            error={error(at)} onChange={(value) => onChange(withAngle(figure, pose, joint, i, value))}
          />
        );
      })}
    </fieldset>
  );
}

function RowSliders({ row, unit, step, figure, error, onChange }: PartProps & { row: Row; unit: "°" | " s"; step: number }): JSX.Element {
  return (
    <fieldset class="plain joints">
      <legend>{t(`own.${row}`)}</legend>
      {figure[row].map((value, i) => {
        const label = word(`own.${row}`, String(i));
        return (
          <Slider
            key={label} label={label} name={`${t(`own.${row}`)}, ${label}`} unit={unit} step={step} value={value} range={rowRange(row, i)}
            error={error(`${row}.${i}`)} onChange={(next) => onChange(withRow(figure, row, i, next))}
          />
        );
      })}
    </fieldset>
  );
}
