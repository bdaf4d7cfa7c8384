import type { JSX } from "preact";
import { isAnswered, type DraftItem } from "../../session/draft";
import { t } from "../../t";

/** One bar an exercise: done, half done, to come. */
export function Progress({
  items,
  index,
  share,
}: {
  items: readonly DraftItem[];
  index: number;
  share: number;
}): JSX.Element {
  return (
    <div class="prog" role="img" aria-label={t("session.progress", { n: index + 1, of: items.length })}>
      {items.map((item, at) => (
        <i
          key={item.id}
          class={at === index ? "h" : isAnswered(item) ? "d" : ""}
          style={at === index ? { "--part": share } : undefined}
        />
      ))}
    </div>
  );
}
