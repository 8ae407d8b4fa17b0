"""What is wrong around a run: the disk, the folders, the surroundings. Each fault is made for real."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import small_notebooks

from course_utils import paths
from course_utils.tooling.running import RunRefused, run_notebooks

PROGRAM = """import json, sys
from pathlib import Path
from course_utils.tooling.running import run_notebooks
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
result = run_notebooks(sorted(folder.glob("*.ipynb")), profile="smoke", out=out, jobs=1, show=False)
print(json.dumps({book.name: [book.status, book.message] for book in result.notebooks}))
sys.exit(result.exit_status)
"""


def in_a_process(folder, out, *, before="", **environment):
    """Run the notebooks of a folder in a process of their own. Returns its exit status and what became of each."""
    surroundings = {key: value for key, value in {**os.environ, **environment}.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-c", before + PROGRAM, str(folder), str(out)],
        env=surroundings, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_a_disk_that_is_full_costs_one_notebook_and_not_the_others(tmp_path):
    pytest.importorskip("resource", reason="limits of a process exist on Unix only")
    small_notebooks.write(tmp_path / "a_large.ipynb", "print('x' * 900_000)", "1 + 1")
    small_notebooks.write(tmp_path / "b_small.ipynb", "1 + 1")
    # No file may grow above 400 kB: what a write meets then is what it meets on a full disk.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
    status, books = in_a_process(tmp_path, tmp_path / "out", before=limit)
    assert status == 1
    assert books["a_large"][0] in ("broken", "failed") and "too large" in books["a_large"][1]
    assert books["b_small"][0] == "passed"
    assert (tmp_path / "out" / "report" / "report.json").is_file()


def test_a_notebook_that_writes_where_it_must_not_fails_alone(tmp_path):
    small_notebooks.write(tmp_path / "a_writes.ipynb", "open('/proc/not_here', 'w').write('mine')")
    small_notebooks.write(tmp_path / "b_good.ipynb", "open('kept.txt', 'w').write('mine')")
    status, books = in_a_process(tmp_path, tmp_path / "out")
    assert status == 1
    assert books["a_writes"][0] == "failed" and "Error" in books["a_writes"][1]
    assert books["b_good"][0] == "passed"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a_writes.ipynb", "b_good.ipynb", "out"]


def test_a_results_folder_that_cannot_be_written_is_refused_before_anything_runs(tmp_path):
    book = small_notebooks.write(tmp_path / "good.ipynb", "1 + 1")
    with pytest.raises(RunRefused, match="Name another folder with --out"):
        run_notebooks([book], profile="smoke", out=Path("/proc/not_here"), show=False)


def test_the_checkout_is_only_read(tmp_path):
    def state():
        files = [path for path in (paths.project_root() / "notebooks").rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in files}

    before = state()
    book = small_notebooks.write(tmp_path / "good.ipynb", "from course_utils import datasets\ndatasets.load('digits')")
    run_notebooks([book], profile="smoke", out=tmp_path / "out", show=False)
    assert state() == before


def test_a_path_with_spaces_other_scripts_and_two_hundred_letters(tmp_path):
    folder = tmp_path / f"Ein Kurs, 图像分类 {'x' * 160}"
    folder.mkdir()
    small_notebooks.write(folder / "good.ipynb", "open('kept.txt', 'w').write('here')")
    status, books = in_a_process(folder, folder / "out")
    assert (status, books["good"][0]) == (0, "passed")
    assert (folder / "out" / "run" / "good" / "work" / "kept.txt").is_file()


@pytest.mark.parametrize(
    "missing",
    [{"HOME": None}, {"HOME": "/proc/not_here"}, {"TMPDIR": "/proc/not_here", "TEMP": "/proc/not_here"}],
    ids=["no home", "a home that is not there", "no place for temporary files"],
)
def test_surroundings_that_are_not_there(tmp_path, missing):
    small_notebooks.write(tmp_path / "good.ipynb", "import matplotlib.pyplot as plt\nplt.plot([1, 2])")
    status, books = in_a_process(tmp_path, tmp_path / "out", **missing)
    assert (status, books["good"]) == (0, ["passed", ""])


def test_a_stop_before_the_first_notebook_leaves_nothing_behind_and_the_folder_free(tmp_path):
    small_notebooks.write(tmp_path / "good.ipynb", "1 + 1")
    early = "import os, signal, threading; threading.Timer(0.0, os.kill, (os.getpid(), signal.SIGTERM)).start()\n"
    done = subprocess.run(
        [sys.executable, "-c", early + PROGRAM, str(tmp_path), str(tmp_path / "out")], capture_output=True, timeout=120
    )
    assert done.returncode in (1, -signal.SIGTERM)
    status, books = in_a_process(tmp_path, tmp_path / "out")
    assert (status, books["good"][0]) == (0, "passed")
