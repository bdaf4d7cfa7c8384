import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./Icon";

export type ButtonKind = "primary" | "else" | "plain" | "danger";

export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly kind?: ButtonKind;
  readonly size?: "normal" | "big" | "wide";
  readonly icon?: IconName;
  /** Needed when the button shows only an icon. */
  readonly label?: string;
  /** Grey and inert, but still reachable and read out, so that the person learns it is there. */
  readonly disabled?: boolean;
  readonly type?: "button" | "submit";
  readonly class?: string;
  readonly pressed?: boolean;
  readonly onClick?: (event: MouseEvent) => void;
}

export function Button(props: ButtonProps): JSX.Element {
  const { kind = "else", size = "normal", disabled = false } = props;
  const iconOnly = props.icon !== undefined && props.children === undefined;
  const classes = ["btn", kind !== "else" && kind, size !== "normal" && size, iconOnly && "icon", props.class];
  return (
    <button
      type={props.type ?? "button"}
      class={classes.filter(Boolean).join(" ")}
      aria-label={props.label}
      aria-disabled={disabled ? "true" : undefined}
      aria-pressed={props.pressed}
      onClick={(event) => {
        if (disabled) event.preventDefault();
        else props.onClick?.(event);
      }}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </button>
  );
}
