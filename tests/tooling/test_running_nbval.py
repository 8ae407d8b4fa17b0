"""What tests/notebooks adds to nbval, over notebooks that it would get wrong by itself."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest
import small_notebooks

HOME = Path(__file__).resolve().parent.parent / "notebooks"


def store(path, printed):
    """Give the last cell a stored output, and the tag that has it compared."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].metadata["tags"] = ["nbval-check-output"]
    notebook.cells[-1].execution_count = len(notebook.cells)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)]
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nbval")
    good = small_notebooks.write(folder / "good.ipynb", "x = object()", "print(f'{x} 0.91')")
    store(good, "<object object at 0x7f3a2b1c0d10> 0.91\n")
    drifted = small_notebooks.write(folder / "drifted.ipynb", "x = 1", "print(0.92)")
    store(drifted, "0.91\n")
    raises = small_notebooks.write(folder / "raises.ipynb", "1 / 0", "print('after')")
    dies = small_notebooks.write(folder / "dies.ipynb", "import os; os._exit(9)", "1")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        str(HOME / "pytest.ini"),
        "--rootdir",
        str(folder),
        "-n",
        "2",
    ]
    command += [f"--nbval-sanitize-with={HOME / 'sanitise.cfg'}", f"--junitxml={folder / 'out.xml'}"]
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    subprocess.run([*command, good, drifted, raises, dies], env=environment, timeout=300, capture_output=True)
    return list(ET.parse(folder / "out.xml").iter("testcase"))


def outcomes(cases, notebook):
    found = {}
    for case in cases:
        if notebook in case.get("classname"):
            kind = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
            found[case.get("name")] = kind[0] if kind else "passed"
    return found


def test_addresses_of_objects_are_not_compared(cases):
    assert outcomes(cases, "good") == {"Cell 0": "passed", "Cell 1": "passed"}


def test_a_number_that_differs_from_the_stored_one_fails(cases):
    assert outcomes(cases, "drifted") == {"Cell 0": "passed", "Cell 1": "failure"}


def test_the_cells_after_a_failing_one_are_not_run(cases):
    assert outcomes(cases, "raises") == {"Cell 0": "failure", "Cell 1": "skipped"}


def test_a_dead_kernel_is_noticed_long_before_the_time_limit_of_a_cell(cases):
    assert outcomes(cases, "dies") == {"Cell 0": "failure", "Cell 1": "skipped"}
    assert "The kernel died" in "".join(case.findtext("failure", "") for case in cases)


def test_no_notebook_meets_what_another_wrote(tmp_path, monkeypatch):
    """Lessons 04 to 07 each save `my_classifier.keras`: at the same time in one folder, one reads the other's half."""
    monkeypatch.syspath_prepend(str(HOME.parent))
    import stages

    alone = "from pathlib import Path; assert [file.suffix for file in Path().iterdir()] == ['.ipynb']"
    saves = "Path('my_classifier.keras').write_text('mine')"
    books = [small_notebooks.write(tmp_path / f"{name}.ipynb", alone, saves) for name in ("first", "second")]
    monkeypatch.setattr(stages, "BUILD", tmp_path / "build")
    monkeypatch.setattr(stages, "notebooks", lambda: books)
    monkeypatch.setattr(stages, "longest_first", list)
    stages.BUILD.mkdir()
    outcome = stages.nbval(None)
    assert (outcome.status, outcome.passed) == ("passed", 4), outcome.failures
