"""One run over notebooks that each do one thing wrong, or right."""

import json
import xml.etree.ElementTree as ET

import nbformat
import pytest
import small_notebooks

from course_utils.tooling import running
from course_utils.tooling.run_results import first_problem
from course_utils.tooling.running import run_notebooks

PARAMETERS = "images: int = 300\nseed: int = 0"
PROFILES = {"smoke": {"images": 30}}
BUNDLES = """from IPython.display import display
claim = {"id": "00.c1", "statement": "Two is more than one.", "measured": [2.0], "bound": 1.0,
    "direction": "at_least", "margin": 1.0, "holds": True, "about_time": False}
display({"application/vnd.course.claims+json": {"claims": [claim]}}, raw=True)
display({"application/vnd.course.verdict+json": {"id": "00.1", "status": "not attempted", "message": ""}}, raw=True)"""
SURROUNDINGS = """import os, pathlib
pathlib.Path("written.txt").write_text("here")
print(images, seed, os.environ["COURSE_HEADLESS"], os.environ["OMP_NUM_THREADS"], os.environ["TF_NUM_INTRAOP_THREADS"])
print("Digits: 1,400 training, 100 validation and 297 test images, 8x8x1, 10 classes; from scikit-learn.")"""
# A daemon: it leaves its session and its parent, so that neither a signal to the group nor the tree leads to it.
DAEMON = """import subprocess, sys
code = "import os, time; open('daemon', 'w').write(str(os.getpid())); time.sleep(600)"
apart = "start_new_session=True" if sys.platform != "win32" else "creationflags=subprocess.DETACHED_PROCESS"
parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {code!r}], {apart})"
subprocess.run([sys.executable, "-c", parent])
import pathlib, time
while not pathlib.Path("daemon").is_file() or not pathlib.Path("daemon").read_text(): time.sleep(0.05)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp(f"with space, 图像 and {{braces}} {'x' * 120}")


@pytest.fixture(scope="module")
def result(folder):
    def book(name, *cells, **options):
        return small_notebooks.write(folder / f"{name}.ipynb", *cells, **options)

    notebooks = [
        book("good", SURROUNDINGS, BUNDLES, "import time; time.sleep(0.3)", parameters=PARAMETERS, profiles=PROFILES),
        book("raises", "print('before')", "1 / 0", "print('after')"),
        book("tagged", "1 / 0", tags=["raises-exception"]),
        book("dies", "print('before')", "import os; os._exit(9)"),
        book("leaves", "import sys; sys.exit(0)", "print('after')"),
        book("chatters", "for _ in range(40): print('x' * 1_000_000)"),
        book("daemon", DAEMON),
    ]
    return run_notebooks(notebooks, profile="smoke", out=folder / "out", jobs=3, timeout=120, parameters=None)


@pytest.fixture(scope="module")
def books(result):
    return {book.name: book for book in result.notebooks}


def test_one_failure_leaves_the_others_their_results(result, books):
    assert {name: book.status for name, book in books.items()} == {
        "good": "passed",
        "raises": "failed",
        "tagged": "failed",
        "dies": "kernel died",
        "leaves": "failed",
        "chatters": "too much output",
        "daemon": "passed",
    }
    assert result.exit_status == 1 and not result.interrupted


def test_parameters_threads_and_the_headless_mark_reach_the_notebook(result, folder):
    executed = nbformat.read(folder / "out" / "notebooks" / "good.ipynb", as_version=4)
    printed = "".join(output.get("text", "") for cell in executed.cells for output in cell.get("outputs", []))
    assert printed.startswith(f"30 0 1 {result.threads} {result.threads}\n")


def test_the_working_folder_is_the_notebooks_own(result, folder):
    assert (folder / "out" / "run" / "good" / "work" / "written.txt").read_text() == "here"
    assert not (folder / "written.txt").exists()


def test_a_notebook_stops_at_its_first_failure_and_keeps_what_came_before(books, folder):
    executed = nbformat.read(folder / "out" / "notebooks" / "raises.ipynb", as_version=4)
    texts = [output.get("text", "") for cell in executed.cells for output in cell.get("outputs", [])]
    assert "before\n" in texts and "after\n" not in texts
    assert books["raises"].cell == 2
    assert books["raises"].message == "ZeroDivisionError: division by zero"


def test_a_killed_kernel_is_reported_with_the_cell_that_was_running(books, folder):
    assert books["dies"].cell == 2 and "kernel died" in books["dies"].message
    assert (folder / "out" / "notebooks" / "dies.ipynb").is_file()


def test_sys_exit_half_way_is_no_success(books):
    assert "1 code cells still to run" in books["leaves"].message


def test_many_megabytes_of_output_do_not_reach_the_stored_notebook(books, folder):
    assert "10 MB" in books["chatters"].message
    assert (folder / "out" / "notebooks" / "chatters.ipynb").stat().st_size < 12_000_000


def test_nothing_that_a_notebook_started_outlives_it(books, folder):
    pid = int((folder / "out" / "run" / "daemon" / "work" / "daemon").read_text())
    assert small_notebooks.gone(pid)


def test_the_record_tells_times_memory_claims_verdicts_and_data(books):
    good = books["good"]
    assert [claim["id"] for claim in good.claims] == ["00.c1"]
    assert [verdict["status"] for verdict in good.verdicts] == ["not attempted"]
    assert good.data[0].endswith("from scikit-learn.")
    # Which cell is the slowest depends on what else the machine does; how long the one that sleeps takes does not.
    seconds = {entry["cell"]: entry["seconds"] for entry in good.slowest}
    assert 0.3 <= seconds[4] <= good.seconds
    assert list(seconds.values()) == sorted(seconds.values(), reverse=True) and len(seconds) == 4
    assert good.cpu_seconds > 0.5 and 50e6 < good.peak_memory < 1e9
    assert good.code_cells == 4


def test_the_report_lies_there_in_three_forms(result):
    folder = result.report_page.parent
    values = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert first_problem(values) == ""
    cases = ET.parse(folder / "junit.xml").findall(".//testsuite[@name='notebooks']/testcase")
    assert sum(case.find("failure") is not None for case in cases) == 5
    assert "5 of 7 notebooks did not run to the end" in (folder / "index.html").read_text(encoding="utf-8")


def test_a_notebook_that_ends_before_the_first_look_has_been_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "SAMPLE_SECONDS", float("inf"))
    [book] = run_notebooks([small_notebooks.write(tmp_path / "book.ipynb", "1")], out=tmp_path / "out").notebooks
    assert book.passed and book.peak_memory > 1e6
