/**
 * Joint angles of a moving figure (CLINICAL.md A.3) as the form edits them: pure functions from one figure to the next.
 * What the form has no control for (props, hands, contact points, arrows) is carried along untouched.
 */
import ranges from "./ranges.json";

export type PoseName = "start" | "end";
export type Range = readonly [number, number];
type Angles = number | readonly number[];
type Pose = Readonly<Record<string, unknown>>;

export interface Figure {
  readonly cam: readonly number[];
  readonly tempo: readonly number[];
  readonly start: Pose;
  readonly end: Pose;
  readonly [part: string]: unknown;
}

export const POSES: readonly PoseName[] = ["start", "end"];
/** The joints in the groups in which the form shows them; `_w` is the worked side, `_o` the other. */
export const GROUPS = {
  leg_w: ["hip_w", "knee_w", "ankle_w"],
  leg_o: ["hip_o", "knee_o", "ankle_o"],
  body: ["pelvis", "trunk", "head"],
  arm_w: ["sh_w", "el_w"],
  arm_o: ["sh_o", "el_o"],
} as const;
export type Group = keyof typeof GROUPS;
export type Joint = (typeof GROUPS)[Group][number];
export type JointKind = keyof typeof ranges.joints;
const ALL_JOINTS: readonly Joint[] = Object.values(GROUPS).flat();

/** A number that is out of range, at the path by which the server would name it: `end.hip_w.0`, `cam.1`. */
export interface Misfit {
  readonly place: string;
  readonly value: number;
  readonly range: Range;
}

export function kindOf(joint: Joint): JointKind {
  return joint.replace(/_[wo]$/, "") as JointKind;
}

export function components(joint: Joint): number {
  return ranges.joints[kindOf(joint)].length;
}

export function place(pose: PoseName, joint: Joint, index: number): string {
  return components(joint) > 1 ? `${pose}.${joint}.${index}` : `${pose}.${joint}`;
}

/** Degrees from and to. A foot that lies on the other leg (figure 4) reads as more outward rotation than it is. */
export function rangeOf(figure: Figure, joint: Joint, index: number): Range {
  const [low, high] = ranges.joints[kindOf(joint)][index] as [number, number];
  const figure4 = kindOf(joint) === "hip" && index === 2 && `foot${joint.slice(-2)}` in part(figure, "attach");
  return [low, figure4 ? ranges.figure_4_rotation : high];
}

/** What the figure shows: what the end does not say, it takes from the start; what nobody says is 0. */
export function angle(figure: Figure, pose: PoseName, joint: Joint, index: number): number {
  const said = (figure[pose][joint] ?? (pose === "end" ? figure.start[joint] : undefined)) as Angles | undefined;
  if (said === undefined) return 0;
  return typeof said === "number" ? said : (said[index] ?? 0);
}

export function withAngle(figure: Figure, pose: PoseName, joint: Joint, index: number, value: number): Figure {
  const count = components(joint);
  const angles = Array.from({ length: count }, (_, i) => (i === index ? value : angle(figure, pose, joint, i)));
  return { ...figure, [pose]: { ...figure[pose], [joint]: count > 1 ? angles : value } };
}

export type Row = "cam" | "tempo";

export function rowRange(row: Row, index: number): Range {
  return ranges[row][index] as [number, number];
}

export function withRow(figure: Figure, row: Row, index: number, value: number): Figure {
  return { ...figure, [row]: figure[row].map((each, i) => (i === index ? value : each)) };
}

/** Why a limb does not simply do what its sliders say: its foot or hand is held somewhere. */
export function heldBy(figure: Figure, pose: PoseName, group: Group): "foot" | "hand" | null {
  const side = group.slice(-1);
  if (group.startsWith("leg")) {
    const held = ["pin", "slide", "attach"].flatMap((key) => Object.keys(part(figure, key)));
    return held.some((contact) => contact.endsWith(`_${side}`)) ? "foot" : null;
  }
  if (!group.startsWith("arm")) return null;
  const hands = { ...part(figure.start, "hands"), ...(pose === "end" && part(figure.end, "hands")) };
  return hands[side] !== undefined && hands[side] !== "free" ? "hand" : null;
}

/** Every number out of range, in the order of the form. The server finds the same, but one at a time. */
export function misfits(figure: Figure): Misfit[] {
  const found: Misfit[] = [];
  const check = (at: string, value: number, range: Range): void => {
    if (!(value >= range[0] && value <= range[1])) found.push({ place: at, value, range });
  };
  for (const pose of POSES) {
    for (const joint of ALL_JOINTS) {
      if (figure[pose][joint] === undefined) continue;
      for (let i = 0; i < components(joint); i += 1) check(place(pose, joint, i), angle(figure, pose, joint, i), rangeOf(figure, joint, i));
    }
  }
  for (const row of ["cam", "tempo"] as const) figure[row].forEach((value, i) => check(`${row}.${i}`, value, rowRange(row, i)));
  return found;
}

function part(whole: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return (whole[key] ?? {}) as Readonly<Record<string, unknown>>;
}
