"""Whether something fits on a page, by rough count: what does is kept in one piece. Pure.

Typst could measure it, but then sets everything twice (12 exercises: 120 ms of processor time, counted 60 ms). The
counts are careful: what is kept whole although it is too long would run off the page, what is broken needlessly would
only look a little worse.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

LETTERS_A_LINE = 60  # of about 72 beside a picture
LINES_A_PAGE = 34  # of about 48 on Letter
LETTERS_A_NAME_LINE = 24  # of about 30 in the table's first column
TABLE_MM = 200  # of about 250 on Letter; the head and the line for pain take the rest


def exercise_fits(texts: Iterable[str], scale: float = 1) -> bool:
    """`scale`: how much larger than usual the letters are."""
    return sum(_lines(text, LETTERS_A_LINE / scale) for text in texts) <= LINES_A_PAGE / scale


def table_fits(rows: Sequence[tuple[str, int]], scale: float = 1) -> bool:
    """`rows`: the name of each exercise and how often a day."""
    lines = [(times, _lines(name, LETTERS_A_NAME_LINE / scale) + 1) for name, times in rows]
    return sum(max(_boxes_mm(times), scale * 5 * count) for times, count in lines) <= TABLE_MM


def _lines(text: str, letters: float) -> int:
    return sum(max(1, math.ceil(len(part) / letters)) for part in text.split("\n"))


def _boxes_mm(times: int) -> float:
    """page.typ: boxes of 5 mm one below the other, from four a day on two beside each other."""
    return times * 6 + 2 if times <= 3 else -(-times // 2) * 4.4 + 3
