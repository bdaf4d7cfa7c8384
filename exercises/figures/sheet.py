"""The contact sheet of all library figures, for people to look at.

    python -m exercises.figures.sheet                     build/figures.html and build/figures.png
    python -m exercises.figures.sheet --no-names --dark   … without names, dark only
    python -m exercises.figures.sheet --grey --mirrored   … as printed in grey, for the left side
    python -m exercises.figures.sheet --readme            the moving figures that README.md shows, as phones get them

The PNG is made by a Chromium on the machine (`CHROMIUM` names it); without one, only the page is written.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from exercises import library_files
from exercises.figures.palette import DARK, LIGHT
from exercises.figures.picture import FigureSet, render
from exercises.library_files import LibraryExercise

KINDS = ("animated", "poster", "thumb")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_NAME_HEIGHT, _GAP = 26, 6
README_FOLDER = Path("docs/figures")
README_SHOWS = ("pir-quadruped-hydrant", "qf-seated-foot-out-ir", "sup-bird-dog", "pir-lateral-step-down")


def draw_all(exercises: Iterable[LibraryExercise]) -> dict[str, FigureSet]:
    """slug -> its three files."""
    return {
        exercise.slug: render(
            exercise.figure,
            title=exercise.name,
            desc=" ".join(exercise.steps),
            stretched=exercise.kind == "stretch",
        )
        for exercise in exercises
    }


def write_files(figures: dict[str, FigureSet], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for slug, figure in figures.items():
        for kind in KINDS:
            (folder / f"{slug}.{kind}.svg").write_text(getattr(figure, kind), encoding="utf-8")


def for_readme() -> dict[Path, str]:
    """file -> the moving figures of README.md: byte for byte what the server stores for phones and clinics."""
    shown = [exercise for exercise in library_files.read().exercises if exercise.slug in README_SHOWS]
    return {
        README_FOLDER / f"{exercise.slug}.svg": render(
            exercise.figure,
            title=exercise.name,
            desc=" ".join(exercise.steps),
            alternating=exercise.laterality == "alternating",
            stretched=exercise.kind == "stretch",
        ).animated
        for exercise in shown
    }


def page(exercises: Sequence[LibraryExercise], options: argparse.Namespace) -> str:
    """The sheet as HTML: one section per palette, one tile per exercise."""
    schemes = ("dark",) if options.dark else ("light",) if options.light else ("light", "dark")
    sections = "".join(_section(exercises, options, scheme) for scheme in schemes)
    filters = "filter:grayscale(1);" if options.grey else ""
    mirror = "transform:scaleX(-1);" if options.mirrored else ""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Homestretch figures</title><style>"
        f"body{{margin:0;font:13px/1.3 system-ui,sans-serif}}"
        f"section{{display:flex;flex-wrap:wrap;gap:{_GAP}px;padding:{_GAP}px}}"
        f"figure{{margin:0;width:{options.width}px}}img{{width:100%;display:block;{filters}{mirror}}}"
        f"figcaption{{height:{_NAME_HEIGHT}px;text-align:center;overflow:hidden}}</style>{sections}"
    )


def _section(exercises: Sequence[LibraryExercise], options: argparse.Namespace, scheme: str) -> str:
    palette = DARK if scheme == "dark" else LIGHT
    tiles = "".join(_tile(exercise, options) for exercise in exercises)
    style = f"color-scheme:{scheme};background:{palette['ground']};color:{palette['trunk']}"
    return f'<section style="{style}">{tiles}</section>'


def _tile(exercise: LibraryExercise, options: argparse.Namespace) -> str:
    name = "" if options.no_names else f"<figcaption>{escape(exercise.name)}</figcaption>"
    alt = "" if options.no_names else escape(exercise.name, quote=True)
    return f'<figure><img src="figures/{exercise.slug}.{options.kind}.svg" alt="{alt}">{name}</figure>'


def photograph(html: Path, png: Path, exercises: int, options: argparse.Namespace) -> bool:
    """Take a picture of the whole page. False when the machine has no Chromium."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return False
    tile = round(options.width * 4 / 5) + _GAP + (0 if options.no_names else _NAME_HEIGHT)
    sections = 1 if options.dark or options.light else 2
    height = sections * (-(-exercises // options.columns) * tile + 2 * _GAP)
    width = options.columns * (options.width + _GAP) + _GAP
    subprocess.run(  # noqa: S603 -- a browser of this machine on a page of our own
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--window-size={width},{height}", f"--screenshot={png.resolve()}", html.resolve().as_uri(),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return True


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="exercises.figures.sheet", description="Draw all library figures on one page."
    )
    parser.add_argument("--kind", choices=KINDS, default="poster")
    parser.add_argument("--no-names", action="store_true", help="for asking people what they see")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--dark", action="store_true", help="dark palette only")
    only.add_argument("--light", action="store_true", help="light palette only")
    parser.add_argument("--grey", action="store_true", help="as a grey printer would show it")
    parser.add_argument("--mirrored", action="store_true", help="as the apps show it for a left side")
    parser.add_argument("--only", default="", help="slugs that contain one of these, comma-separated")
    parser.add_argument("--width", type=int, default=240, help="pixels per figure")
    parser.add_argument("--columns", type=int, default=9)
    parser.add_argument("--readme", action="store_true", help="only write the figures of README.md")
    parser.add_argument("--out", type=Path, default=Path("build"))
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = options_from(arguments)
    if options.readme:
        README_FOLDER.mkdir(parents=True, exist_ok=True)
        for file, drawn in for_readme().items():
            file.write_text(drawn, encoding="utf-8")
        return 0
    wanted = options.only.split(",")
    exercises = [e for e in library_files.read().exercises if any(part in e.slug for part in wanted)]
    write_files(draw_all(exercises), options.out / "figures")
    html, png = options.out / "figures.html", options.out / "figures.png"
    html.write_text(page(exercises, options), encoding="utf-8")
    sys.stdout.write(f"{html}: {len(exercises)} figures\n")
    if photograph(html, png, len(exercises), options):
        sys.stdout.write(f"{png}\n")
    else:
        sys.stdout.write("No Chromium found, so no PNG. Set CHROMIUM to its path.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
