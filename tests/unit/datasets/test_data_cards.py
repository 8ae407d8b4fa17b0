"""Cards: complete, and each a section of the published page."""

import re

import pytest

from course_utils import datasets, paths
from course_utils.datasets.benchmarks import BENCHMARKS

NAMES = ("digits", "shapes", "cutouts", "photographs", *BENCHMARKS)


PAGE = (paths.data_folder() / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_its_section_of_the_page_and_complete(name):
    card = datasets.card(name)
    assert f"<!-- card: {name} -->\n## `{name}`: {card.title}\n\n{card.text}\n\n<!--" in PAGE
    assert str(card) == f"### `{name}`: {card.title}\n\n{card.text}"
    for words in ("- Origin: ", "- Licence: ", "- Known flaws:\n  - "):
        assert card.text.count(words) == 1
    assert "- Source: <https://" in card.text or name == "shapes"
    assert "<!--" not in card.text


@pytest.mark.parametrize("name", BENCHMARKS)
def test_the_card_shows_the_sums_that_are_compared(name):
    shown = re.findall(r"^\| `(.+)` \| sha256 `([0-9a-f]{64})` \|", datasets.card(name).text, re.MULTILINE)
    assert dict(shown) == BENCHMARKS[name].files
    assert len(re.findall(r"\| md5 `[0-9a-f]{32}` \|", datasets.card(name).text)) == {"mnist": 0}.get(name, len(shown))


def licence_of(file: str, rows: dict[str, str]) -> str | None:
    """What the page's table says of a file under data/: the longest name or folder in it that fits."""
    fitting = [name for name in rows if file == name or (name.endswith("/") and file.startswith(name))]
    return rows[max(fitting, key=len)] if fitting else None


def test_every_file_beside_the_page_has_a_licence():
    table = re.findall(r"^\| (`[^|]*`) \| ([\w.-]+) \|$", PAGE, re.MULTILINE)
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
