"""The one error of this package."""

from __future__ import annotations


class FigureError(ValueError):
    """Figure data that cannot be drawn. The sentence names the joint or field and what is allowed.

    `place` is the path of the number that is wrong, e.g. `end.hip_w.0`, where there is one: a form shows the sentence
    beside that field.
    """

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(sentence)
        self.place = place
