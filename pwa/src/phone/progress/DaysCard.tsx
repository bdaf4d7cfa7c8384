import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatDate, longDay, weekday } from "../../i18n/format";
import { Button, Icon } from "../../ui";
import { sumOf, weeksKnown, weeksOf, type Cell, type CellMark, type World } from "./calendar";
import { tp } from "./words";

const SHOWN_WEEKS = 4;
const MOST_WEEKS = 16;

/** The calendar of days: full, half, dashed, dot, a clock for late. A shape before a colour, and never a score. */
export function DaysCard({ world }: { world: World }): JSX.Element {
  const [all, setAll] = useState(false);
  const known = weeksKnown(world, MOST_WEEKS);
  const weeks = weeksOf(world, all ? known : Math.min(known, SHOWN_WEEKS));
  const { done, asked } = sumOf(world, weeks);
  return (
    <section class="card">
      <h2 class="ct">
        {tp("days")}
        {asked > 0 && <small class="lim">{tp("days.sum", { done, asked })}</small>}
      </h2>
      <table class="cal8">
        <thead>
          <tr>
            <td />
            {weeks[0]!.cells.map(({ date }) => (
              <th key={date} scope="col">
                <abbr title={weekday(date)}>{formatDate(date, { weekday: "narrow" })}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map(({ monday, cells }) => (
            <tr key={monday}>
              <th scope="row" class="wl">
                <span class="vh">{tp("days.week", { day: longDay(monday) })}</span>
                <span aria-hidden="true">{formatDate(monday, { day: "numeric", month: "short" })}</span>
              </th>
              {cells.map((cell) => (
                <DayCell key={cell.date} cell={cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Legend marks={weeks.flatMap((week) => week.cells)} />
      {known > SHOWN_WEEKS && (
        <Button kind="plain" onClick={() => setAll(!all)}>
          {tp(all ? "days.less" : "days.more")}
        </Button>
      )}
    </section>
  );
}

/** How each mark is drawn; "skipped" looks like "none", the words tell them apart. */
const CLASS: Readonly<Record<CellMark, string>> = {
  ...{ full: "full", part: "part", none: "none", skipped: "none", unknown: "unknown" },
  ...{ rest: "rest", excused: "excused", next: "next", blank: "" },
};

function DayCell({ cell }: { cell: Cell }): JSX.Element {
  const { mark, late, today } = cell;
  return (
    <td>
      <span class={`cell ${CLASS[mark]}${today ? " today" : ""}`}>
        {late ? <Icon name="clock" /> : mark === "full" && <Icon name="check" />}
        {mark === "unknown" && <span aria-hidden="true">?</span>}
        <span class="vh">{sayCell(cell)}</span>
      </span>
    </td>
  );
}

function sayCell({ mark, late, today }: Cell): string {
  const said = late ? tp("mark.late", { mark: tp(`mark.${mark}`) }) : tp(`mark.${mark}`);
  return today ? tp("mark.today", { mark: said }) : said;
}

/** Only the shapes that are there. */
function Legend({ marks }: { marks: readonly Cell[] }): JSX.Element | null {
  const has = (...wanted: CellMark[]): boolean => marks.some(({ mark }) => wanted.includes(mark));
  const words = [
    has("part") && tp("legend.part"),
    has("none", "skipped") && tp("legend.none"),
    has("unknown") && tp("legend.unknown"),
    has("rest") && tp("legend.rest"),
    has("excused") && tp("legend.excused"),
    marks.some((cell) => cell.late) && tp("legend.late"),
  ].filter((word) => word !== false);
  return words.length === 0 ? null : <p class="small quiet legend">{words.join(" · ")}</p>;
}
