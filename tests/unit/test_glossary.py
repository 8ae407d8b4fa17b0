"""The glossary: each term once, with definition and Chinese name, and every bold term of a notebook in it."""

import re

import nbformat
import pytest

from course_utils import glossary, paths


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
        ("Stride", "stride"),
        ("strides", "stride"),
        (" Max  pooling ", "max pooling"),
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


def test_every_bold_term_of_a_notebook_and_every_term_that_it_asks_for_is_in_the_glossary():
    assert unknown_bold_terms("A **glorp**, a **stride**.") == ["glorp"]
    unknown, asked = {}, set()
    for path in sorted(paths.notebooks_folder().glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        unknown[path.stem] = unknown_bold_terms(text)
        asked.update(re.findall(r"glossary\.term\(\s*[\"']([^\"']+)", "\n".join(cell.source for cell in cells)))
    assert len(unknown) >= 22
    assert {name: terms for name, terms in unknown.items() if terms} == {}
    assert asked  # the text of lesson 00 says how it is done
    for name in asked:
        glossary.find(name)
