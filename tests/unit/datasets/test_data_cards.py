"""Cards: complete, and the page made from them is the page that is published."""

import re

import pytest

from course_utils import datasets, paths
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.cards_page import cards_page

NAMES = ("digits", "shapes", "cutouts", "photographs", *BENCHMARKS)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_complete(name):
    card = datasets.card(name)
    assert card.name == name
    assert all([card.title, card.description, card.origin, card.licence])
    assert card.title in str(card)
    assert f"`{name}`" in card.markdown()


@pytest.mark.parametrize("name", ["digits", "photographs", *BENCHMARKS])
def test_flaws_and_a_source_are_named(name):
    card = datasets.card(name)
    assert card.known_flaws
    assert card.source.startswith("https://")


@pytest.mark.parametrize("name", BENCHMARKS)
def test_the_card_shows_the_sums_that_are_compared(name):
    shown = {
        checksum.file: checksum.value for checksum in datasets.card(name).checksums if checksum.algorithm == "sha256"
    }
    assert shown == BENCHMARKS[name].files
    for checksum in datasets.card(name).checksums:
        assert re.fullmatch({"sha256": "[0-9a-f]{64}", "md5": "[0-9a-f]{32}"}[checksum.algorithm], checksum.value)
        assert checksum.value in datasets.card(name).markdown()


@pytest.mark.parametrize("name", NAMES)
def test_the_published_page_holds_the_card(name):
    page = (paths.project_root() / "data" / "README.md").read_text(encoding="utf-8")
    stale = "data/README.md is stale: run python -m course_utils.datasets.cards_page"
    assert datasets.card(name).markdown(level=2) in page, stale


def test_the_published_page_is_the_page_made_from_the_cards():
    page = (paths.project_root() / "data" / "README.md").read_text(encoding="utf-8")
    assert page == cards_page(), "data/README.md is stale: run python -m course_utils.datasets.cards_page"


def licence_of(file: str, rows: dict[str, str]) -> str | None:
    """What the page's table says of a file under data/: the longest name or folder in it that fits."""
    fitting = [name for name in rows if file == name or (name.endswith("/") and file.startswith(name))]
    return rows[max(fitting, key=len)] if fitting else None


def test_every_file_beside_the_page_has_a_licence():
    table = re.findall(r"^\| (`[^|]*`) \| ([\w.-]+) \|$", cards_page(), re.MULTILINE)
    rows = {name: licence for names, licence in table for name in re.findall(r"`([^`]+)`", names)}
    folder = paths.data_folder()
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    found = {file for file in found if "__pycache__" not in file}
    stated = {file: licence_of(file, rows) for file in found}
    assert [file for file in sorted(stated) if stated[file] is None] == []
    assert set(stated.values()) == {"MIT", "CC-BY-4.0", "GPL-2.0-or-later", "Apache-2.0"}
    assert licence_of("new.bin", rows) is None
    assert stated["results/cutouts.jpg"] == "GPL-2.0-or-later"  # made from cutouts, beside figures that are not
    gone = [name for name in rows if not (folder / name).exists()]
    assert gone == []


def test_an_unknown_card():
    with pytest.raises(datasets.DataError, match="no data set called 'minst'"):
        datasets.card("minst")


def test_the_card_of_a_folder_is_named_after_it():
    assert datasets.card("folder:/somewhere/my pictures").title == "Pictures in my pictures"
