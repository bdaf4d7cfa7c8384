"""The palettes keep apart what must be told apart, for every kind of colour vision and on a grey printer."""

from __future__ import annotations

import pytest

from exercises.figures.palette import DARK, LIGHT

Colour = tuple[float, float, float]

NORMAL: tuple[Colour, Colour, Colour] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
#: Machado, Oliveira, Fernandes 2009, severity 1, on linear light
DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
TRITANOPIA = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
VISIONS = {"normal": NORMAL, "deutan": DEUTERANOPIA, "protan": PROTANOPIA, "tritan": TRITANOPIA}

#: what is told apart by lightness alone, so that grey print keeps it too, and the contrast it needs
APART = {
    ("worked", "other"): 2.9,
    ("worked", "ground"): 7.0,
    ("other", "ground"): 1.9,
    ("arrow", "ground"): 3.9,
    ("glow-line", "worked"): 3.0,
    # a muscle has a rim in the colour of the ground, which is what shows on a trunk of its own lightness
    ("glow", "ground"): 2.0,
    ("trunk", "ground"): 4.5,
    ("hair", "skin"): 3.0,
    ("ghost", "ground"): 1.7,
}


def linear(colour: str) -> Colour:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def lightness(colour: str, vision: tuple[Colour, Colour, Colour]) -> float:
    seen = [min(max(sum(a * b for a, b in zip(row, linear(colour), strict=True)), 0), 1) for row in vision]
    return 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", sorted(VISIONS))
@pytest.mark.parametrize("pair", sorted(APART))
def test_colours_differ_in_lightness(palette: dict[str, str], vision: str, pair: tuple[str, str]) -> None:
    low, high = sorted(lightness(palette[name], VISIONS[vision]) for name in pair)
    assert (high + 0.05) / (low + 0.05) >= APART[pair]


def test_both_palettes_name_the_same_things() -> None:
    assert LIGHT.keys() == DARK.keys()
