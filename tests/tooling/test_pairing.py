"""Percent text to notebook and back; cell ids stay the same while the author edits."""

import nbformat
import pytest

from course_utils.tooling import pairing

SOURCE = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["slide"] slideshow={"slide_type": "slide"}
# # Title
#
# Some text.

# %% tags=["parameters"]
profile: str = "quick"

# %% alt="a line"
# %timeit 1
print(profile)

# %%
print(profile)

# %%
print(profile)
"""


def ids(notebook):
    return [cell["id"] for cell in notebook.cells]


def test_text_becomes_a_valid_notebook_that_papermill_accepts():
    notebook = pairing.to_notebook(SOURCE)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.kernelspec.language == notebook.metadata.language_info.name == "python"
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "code", "code", "code"]
    assert notebook.cells[0].source == "# Title\n\nSome text."


def test_metadata_of_the_cell_headers_are_kept():
    notebook = pairing.to_notebook(SOURCE)
    assert notebook.cells[0].metadata == {"tags": ["slide"], "slideshow": {"slide_type": "slide"}}
    assert notebook.cells[1].metadata.tags == ["parameters"]
    assert notebook.cells[2].metadata.alt == "a line"


def test_nothing_pairs_the_notebook_behind_the_learners_back():
    assert "jupytext" not in pairing.to_notebook(SOURCE).metadata


def test_a_magic_is_code_in_the_notebook_and_a_comment_in_the_source():
    notebook = pairing.to_notebook(SOURCE)
    assert notebook.cells[2].source.startswith("%timeit")
    assert "# %timeit" in pairing.to_source(notebook)


def test_round_trip_changes_nothing():
    notebook = pairing.to_notebook(SOURCE)
    assert pairing.to_source(notebook) == SOURCE
    assert pairing.same_contents(pairing.to_notebook(pairing.to_source(notebook)), notebook)


def test_the_same_text_gives_the_same_ids_and_all_differ():
    first, second = pairing.to_notebook(SOURCE), pairing.to_notebook(SOURCE)
    assert ids(first) == ids(second)
    assert len(set(ids(first))) == len(ids(first))  # the last two cells are equal


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Some text.", "Some other text."),
        ('profile: str = "quick"', 'profile: str = "full"'),
        ("# %timeit 1\nprint(profile)", "# %timeit 2\nprint(profile)"),
    ],
)
def test_editing_a_cell_changes_no_id(old, new):
    before = pairing.to_notebook(SOURCE)
    after = pairing.to_notebook(SOURCE.replace(old, new), previous=before)
    assert ids(after) == ids(before)
    assert not pairing.same_contents(after, before)


def test_a_new_cell_gets_a_new_id_and_the_others_keep_theirs():
    before = pairing.to_notebook(SOURCE)
    after = pairing.to_notebook(SOURCE.replace("# %% alt", "# %%\nnumbers = [3, 1, 2]\n\n# %% alt"), previous=before)
    assert ids(after)[:2] + ids(after)[3:] == ids(before)
    assert ids(after)[2] not in ids(before)


def test_a_moved_and_a_deleted_cell_leave_the_other_ids_alone():
    one, two, three = ("# %% [markdown]\n# One.\n", "# %%\nlen('two')\n", "# %%\nimport math\n")
    before = pairing.to_notebook(f"{one}\n{two}\n{three}")
    a, b, c = ids(before)
    assert ids(pairing.to_notebook(f"{three}\n{one}\n{two}", previous=before)) == [c, a, b]
    assert ids(pairing.to_notebook(f"{one}\n{three}", previous=before)) == [a, c]
    assert b != c


def test_a_code_cell_never_takes_the_id_of_prose():
    before = pairing.to_notebook("# %% [markdown]\n# print(1)\n")
    after = pairing.to_notebook("# %%\nprint(1)\n", previous=before)
    assert ids(after) != ids(before)


def test_a_file_that_is_no_notebook_is_named(tmp_path):
    path = tmp_path / "01_x.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(pairing.NotANotebook, match=r"01_x\.ipynb"):
        pairing.read_notebook(path)


def test_a_written_notebook_is_read_back_equal_and_leaves_nothing_else(tmp_path):
    notebook = pairing.to_notebook(SOURCE)
    pairing.write_notebook(notebook, tmp_path / "01_x.ipynb")
    assert pairing.read_notebook(tmp_path / "01_x.ipynb") == notebook
    assert [path.name for path in tmp_path.iterdir()] == ["01_x.ipynb"]
