import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./Icon";

export function Empty({
  icon,
  title,
  children,
}: {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <span class="do">
        <Icon name={icon} />
      </span>
      <p>
        <b>{title}</b>
        <br />
        {children}
      </p>
    </div>
  );
}
