"""The glossary: each term once, with definition and Chinese name, and every bold term of a notebook in it."""

import ast
import re

import nbformat
import pytest

from course_utils import display, glossary, paths


def test_each_term_once_with_definition_and_chinese_name():
    names = [name.lower() for entry in glossary.entries() for name in (entry.term, *entry.also)]
    assert sorted(names) == sorted(set(names))
    assert len(glossary.entries()) >= 150
    for entry in glossary.entries():
        assert entry.definition.endswith(".") and len(entry.definition.split()) >= 4, entry.term
        assert re.search(r"[\u4e00-\u9fff]", entry.chinese), entry.term
    assert [entry.term.lower() for entry in glossary.entries()] == sorted(e.term.lower() for e in glossary.entries())


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("stride", "stride"),
        ("Stride", "stride"),
        ("strides", "stride"),
        (" stride ", "stride"),
        ("Max  pooling", "max pooling"),
        ("CNN", "CNN"),
        ("feature maps", "feature map"),
    ],
)
def test_a_term_is_found_in_its_forms(name, term):
    assert glossary.find(name).term == term


def test_a_term_shows_definition_and_chinese_name(capsys):
    glossary.term("stride")
    shown = capsys.readouterr().out
    assert "步幅" in shown and "kernel moves" in shown


def test_an_unknown_term_names_similar_ones():
    with pytest.raises(LookupError, match=r"no term 'strid'.*stride"):
        glossary.term("strid")


def unknown_bold_terms(markdown):
    """What a text sets in bold and the glossary does not have, each once, in order.

    Bold is for terms at their first use. A piece of bold that ends with a colon, full stop or question mark, or that
    is a line of its own, is a label and not looked at; neither is anything inside code.
    """
    text = re.sub(r"```.*?```", " ", markdown, flags=re.DOTALL)
    text = re.sub(r"`[^`\n]*`", " ", text)
    text = re.sub(r"^\s*\*\*[^*\n]+\*\*\s*$", " ", text, flags=re.MULTILINE)
    unknown = []
    for found in re.findall(r"\*\*([^*]+?)\*\*", text):
        name = " ".join(found.split())
        if name[-1] in ":.?" or name in ("bold", *unknown):
            continue
        try:
            glossary.find(name)
        except LookupError:
            unknown.append(name)
    return unknown


@pytest.mark.parametrize(
    ("markdown", "unknown"),
    [
        ("A **stride** of 2.", []),
        ("A **glorp** and a **stride**, a **glorp**.", ["glorp"]),
        ("**Predict first.** Which?", []),
        ("**Time:** three", []),
        ("**After this notebook you can**\n\n- train", []),
        ("`**glorp**` and\n```\nx **glorp** y\n```", []),
        ("a **feature\nmap** over lines", []),
    ],
)
def test_bold_terms_are_looked_up_and_labels_are_not(markdown, unknown):
    assert unknown_bold_terms(markdown) == unknown


@pytest.mark.parametrize("path", sorted(paths.notebooks_folder().glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_bold_term_of_a_notebook_is_in_the_glossary(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert unknown_bold_terms(text) == []


def terms_called(code):
    """The names that a cell asks the glossary for."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return [call.args[0].value for call in calls if ast.unparse(call.func) == "glossary.term"]


def test_terms_that_are_called_are_seen_however_the_call_is_written():
    assert terms_called("glossary.term('a')\nfor _ in range(2):\n    glossary.term(\n        \"b\",\n    )") == [
        "a",
        "b",
    ]
    assert terms_called("glossary.find('a'), term('b')") == []


def test_every_term_called_in_a_notebook_exists():
    called = {
        name: path.stem
        for path in paths.notebooks_folder().glob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        for code in ([cell.source] if cell.cell_type == "code" else re.findall(r"`([^`]+)`", cell.source))
        if "glossary.term" in code
        for name in terms_called(code)
    }
    assert called  # the text of lesson 00 says how it is done
    for name in called:
        glossary.find(name)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (295_040.0, "295,040"),
        (0.68812, "0.6881"),
        (0.5, "0.5"),
        (1234.56, "1,235"),
        (0, "0"),
        (-2.5, "-2.5"),
        (3e-7, "3e-07"),
    ],
)
def test_numbers_for_reading(value, text):
    assert display.number(value) == text
