"""The one error of this package."""

from __future__ import annotations


class FigureError(ValueError):
    """Figure data that cannot be drawn. The sentence names the joint or field and what is allowed."""
