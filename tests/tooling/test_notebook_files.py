"""Percent text to notebook; cell ids stay the same while the author edits."""

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.tooling.notebook_files import read_notebook, to_notebook, write_notebook

SOURCE = """\
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


def test_text_becomes_a_valid_notebook_that_papermill_accepts_and_nothing_pairs():
    notebook = to_notebook(SOURCE)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.kernelspec.language == notebook.metadata.language_info.name == "python"
    assert "jupytext" not in notebook.metadata  # or saving in JupyterLab would write the learner's answers into it
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "code", "code", "code"]
    assert notebook.cells[0].source == "# Title\n\nSome text."
    assert notebook.cells[0].metadata == {"tags": ["slide"], "slideshow": {"slide_type": "slide"}}
    assert notebook.cells[2].source.startswith("%timeit") and notebook.cells[2].metadata.alt == "a line"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("Some text.", "Some other text."),
        ('profile: str = "quick"', 'profile: str = "full"'),
        ("# %timeit 1\nprint(profile)", "# %timeit 2\nprint(profile)"),
    ],
)
def test_editing_a_cell_changes_no_id(old, new):
    before = to_notebook(SOURCE)
    assert len(set(ids(before))) == 5  # the last two cells are equal
    assert ids(to_notebook(SOURCE.replace(old, new), previous=before)) == ids(before)


def test_a_new_a_moved_and_a_deleted_cell_leave_the_other_ids_alone():
    one, two, three, new = (f"# %%{kind}" for kind in (" [markdown]\n# One.\n", "\n2\n", "\nimport x\n", "\nnew()\n"))
    before = to_notebook(one + two + three)
    a, b, c = ids(before)
    assert ids(to_notebook(three + one + two, previous=before)) == [c, a, b]
    assert ids(to_notebook(one + three, previous=before)) == [a, c]
    after = ids(to_notebook(one + new + two + three, previous=before))
    assert [after[0], *after[2:]] == [a, b, c] and after[1] not in (a, b, c)


def test_a_file_that_is_no_notebook_is_named(tmp_path):
    path = tmp_path / "01_x.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match=r"01_x\.ipynb"):
        read_notebook(path)


def test_a_written_notebook_is_read_back_equal_and_leaves_nothing_else(tmp_path):
    notebook = to_notebook(SOURCE)
    write_notebook(notebook, tmp_path / "01_x.ipynb")
    assert read_notebook(tmp_path / "01_x.ipynb") == notebook
    assert [path.name for path in tmp_path.iterdir()] == ["01_x.ipynb"]
