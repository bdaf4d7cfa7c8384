/** The design system: Blue is what you do. Orange is what you feel. Crimson is an emergency and nothing else. */
import "./tokens.css";
import "./ui.css";

export { Banner } from "./Banner";
export { Button } from "./Button";
export { Dialog } from "./Dialog";
export { Empty } from "./Empty";
export { Field, TextArea } from "./Field";
export { Icon, Logo, type IconName } from "./Icon";
export { PainScale } from "./PainScale";
export { Rich } from "./Rich";
export { Ring } from "./Ring";
export { Seg, type Choice } from "./Seg";
export { Skeleton } from "./Skeleton";
export { Trail, type TrailState } from "./Trail";
