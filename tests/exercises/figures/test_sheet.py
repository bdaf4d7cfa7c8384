"""The contact sheet shows every figure, and hides the names when people are asked what they see."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercises import loading
from exercises.figures import sheet

from .cast import SLUGS, library


def test_the_sheet_shows_every_figure_with_its_name_in_light_and_dark() -> None:
    page = sheet.page(list(library().values()), sheet.options_from([]))
    for slug in SLUGS:
        assert page.count(f'src="figures/{slug}.poster.svg"') == 2
    assert page.count("<figcaption>") == 2 * len(SLUGS)
    assert page.count("color-scheme:light") == page.count("color-scheme:dark") == 1


def test_a_sheet_without_names_gives_nothing_away_but_the_picture() -> None:
    page = sheet.page(list(library().values()), sheet.options_from(["--no-names", "--dark", "--grey", "--mirrored"]))
    assert "<figcaption>" not in page
    assert 'alt=""' in page
    assert "color-scheme:light" not in page
    assert "grayscale(1)" in page
    assert "scaleX(-1)" in page


def test_without_a_browser_the_page_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert sheet.main(["--only", "qf-clam", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "figures.html").exists()
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        f"{slug}.{kind}.svg" for slug in ("qf-clam", "qf-clam-band") for kind in sheet.KINDS
    }
    assert "No Chromium" in capsys.readouterr().out


def test_the_readme_shows_the_files_that_phones_get() -> None:
    root = Path(__file__).resolve().parents[3]
    readme = (root / "README.md").read_text()
    for slug in sheet.README_SHOWS:
        file = sheet.README_FOLDER / f"{slug}.svg"
        assert f'src="{file}"' in readme
        stored = loading.draw(library()[slug]).animated
        assert (root / file).read_text() == stored, "run python -m exercises.figures.sheet --readme"
