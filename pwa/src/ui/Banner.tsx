import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./Icon";

export interface BannerProps {
  readonly tone?: "plain" | "feel" | "do" | "alarm";
  readonly icon: IconName;
  readonly children: ComponentChildren;
  /** "status" is read out when convenient, "alert" at once; leave out for what stood there from the start. */
  readonly role?: "status" | "alert";
}

export function Banner({ tone = "plain", icon, children, role }: BannerProps): JSX.Element {
  return (
    <div class={tone === "plain" ? "banner" : `banner ${tone}`} role={role}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}
