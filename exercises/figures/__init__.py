"""Moving figures of exercises, drawn from joint angles: see docs/figures.md.

Pure Python, no Django, no numerical library:

    figure = render(exercise_yaml["figure"], title="Clam", desc="A person lies on the side …")
    figure.animated, figure.poster, figure.thumb   # three whole SVG documents
"""

from exercises.figures.errors import FigureError
from exercises.figures.picture import FigureSet, render
from exercises.figures.validate import validate

__all__ = ["FigureError", "FigureSet", "render", "validate"]
