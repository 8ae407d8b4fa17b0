"""What is wrong around a run: the disk, the folders, the surroundings. Each fault is made for real."""

import json
import os
import signal
import subprocess
import sys

import nbformat
import pytest
import small_notebooks

from course_utils.tooling.running import run_notebooks

PROGRAM = """import json, sys
from pathlib import Path
from course_utils.tooling.running import run_notebooks
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
result = run_notebooks(sorted(folder.glob("*.ipynb")), profile="smoke", out=out, jobs=1)
print(json.dumps({book.name: [book.status, book.message] for book in result.notebooks}))
sys.exit(result.exit_status)
"""


def in_a_process(folder, out, *, before="", bound=(), **environment):
    """Run the notebooks of a folder in a process of their own. Returns its exit status and what became of each.

    `bound` is the fixture of that name where rights are to count; the current folder is the notebooks'.
    """
    surroundings = {key: value for key, value in {**os.environ, **environment}.items() if value is not None}
    done = subprocess.run(
        [*bound, sys.executable, "-c", before + PROGRAM, str(folder), str(out)],
        cwd=folder, env=surroundings, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.unix_only("Windows limits no size of a process's files")
def test_a_disk_that_is_full_costs_one_notebook_and_not_the_others(tmp_path):
    small_notebooks.write(tmp_path / "a_large.ipynb", "print('x' * 900_000)", "1 + 1")
    small_notebooks.write(tmp_path / "b_small.ipynb", "1 + 1")
    # No file may grow above 400 kB: what a write meets then is what it meets on a full disk.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
    status, books = in_a_process(tmp_path, tmp_path / "out", before=limit)
    assert status == 1
    assert books["a_large"][0] in ("broken", "failed") and "too large" in books["a_large"][1]
    assert books["b_small"][0] == "passed"
    assert (tmp_path / "out" / "report" / "report.json").is_file()


REFUSING = """import errno, os, pathlib, shutil, subprocess
def refuse(place, name, number, word):
    real = getattr(place, name)
    def refused(*arguments, **options):
        if word in str(arguments):
            raise OSError(number, os.strerror(number), word)
        return real(*arguments, **options)
    setattr(place, name, refused)
"""
# What is refused to the notebook of that name, at each step before it runs.
REFUSED = {
    "a_leftover": "refuse(shutil, 'rmtree', errno.EACCES, 'a_leftover')",
    "b_folder": "refuse(pathlib.Path, 'mkdir', errno.ENOSPC, 'b_folder')",
    "c_copy": "refuse(pathlib.Path, 'open', errno.ENOSPC, 'c_copy/.c_copy')",
    "d_log": "refuse(pathlib.Path, 'open', errno.ENOSPC, 'd_log/log.txt')",
    "e_process": "refuse(subprocess, 'Popen', errno.EAGAIN, 'e_process')",
}


def test_what_keeps_a_notebook_from_starting_costs_that_one(tmp_path):
    """Refused by a patch: an administrator's files refuse nothing, and a full disk would be full for all."""
    for name in (*REFUSED, "f_file", "g_good"):
        small_notebooks.write(tmp_path / f"{name}.ipynb", "1 + 1")
    (tmp_path / "out" / "run" / "a_leftover" / "work").mkdir(parents=True)
    (tmp_path / "out" / "run" / "f_file").touch()
    status, books = in_a_process(tmp_path, tmp_path / "out", before="\n".join([REFUSING, *REFUSED.values(), ""]))
    assert status == 1
    for name in (*REFUSED, "f_file"):
        outcome, message = books[name]
        assert outcome == "broken" and message.startswith("it could not be started, ") and name in message
    assert "No space left on device" in books["b_folder"][1] and "Permission denied" in books["a_leftover"][1]
    assert books["g_good"] == ["passed", ""]
    values = json.loads((tmp_path / "out" / "report" / "report.json").read_text(encoding="utf-8"))
    assert [book["status"] for book in values["notebooks"]] == ["broken"] * 6 + ["passed"]


@pytest.mark.parametrize("there", ["folder", "file"])
def test_an_executed_notebook_or_a_report_that_cannot_be_kept_is_said(tmp_path, capsys, there):
    small_notebooks.write(tmp_path / "good.ipynb", "1 + 1")
    out = tmp_path / "out"
    if there == "folder":
        (out / "notebooks" / "good.ipynb" / "inside").mkdir(parents=True)
    else:
        out.mkdir()
        (out / "notebooks").touch()
    (out / "report").touch()
    result = run_notebooks([tmp_path / "good.ipynb"], profile="smoke", out=out)
    [good] = result.notebooks
    assert good.passed and good.executed == "" and "could not be kept" in good.remarks[0]
    assert result.exit_status == 1 and "The report could not be written: File exists." in capsys.readouterr().out
    assert (out / "run" / "good" / "result.json").is_file()


HOME, TEMPORARY = ("HOME", "USERPROFILE"), ("TMPDIR", "TEMP", "TMP")  # as Unix and Windows call them


@pytest.mark.parametrize(
    ("names", "there"),
    [(HOME, False), (HOME, True), (TEMPORARY, True)],
    ids=["no home", "a home that cannot be", "no place for temporary files"],
)
def test_surroundings_that_are_not_there(tmp_path, names, there):
    book = small_notebooks.write(tmp_path / "good.ipynb", "import matplotlib.pyplot as plt\nplt.plot([1, 2])")
    place = str(book / "below a file") if there else None
    status, books = in_a_process(tmp_path, tmp_path / "out", **dict.fromkeys(names, place))
    assert (status, books["good"]) == (0, ["passed", ""])


PLACES = """import sys
from course_utils import paths
import matplotlib.pyplot as plt
plt.plot([1, 2])
print(sys.executable, paths.data_home(), paths.state_folder(), sep="\\n")"""


@pytest.mark.unix_only("rights as Unix has them")
def test_nothing_of_the_users_folders_and_kernels_reaches_a_run(tmp_path, bound):
    small_notebooks.write(tmp_path / "good.ipynb", PLACES)
    kernel = tmp_path / "theirs" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": ["/other/python"], "display_name": "", "language": "python"})
    )
    for name, mode in (("unwritable", 0o555), ("unreadable", 0)):
        (tmp_path / name).mkdir(mode)
    unwritable, unreadable = (str(tmp_path / name) for name in ("unwritable", "unreadable"))
    own = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "MPLCONFIGDIR"), unwritable)
    own |= dict.fromkeys(("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"), unreadable)
    (tmp_path / "start.py").write_text("print('started')")
    own |= {"JUPYTER_PATH": str(tmp_path / "theirs"), "PYTHONSTARTUP": str(tmp_path / "start.py")}
    own |= {"PYTHONIOENCODING": "ascii", "MPLBACKEND": "nonsense"}
    own |= {"COURSE_DATA": "data", "COURSE_STATE": "state"}  # counted from where the run was started
    try:
        status, books = in_a_process(tmp_path, tmp_path / "out", bound=bound, **own)
    finally:
        (tmp_path / "unreadable").chmod(0o755)
    assert (status, books["good"]) == (0, ["passed", ""])
    outputs = nbformat.read(tmp_path / "out" / "notebooks" / "good.ipynb", as_version=4).cells[0].outputs
    streams = {output.name: output.text for output in outputs if output.output_type == "stream"}
    assert streams == {"stdout": f"{sys.executable}\n{tmp_path / 'data'}\n{tmp_path / 'state'}\n"}


@pytest.mark.unix_only("Windows ends a process at once where Unix sends it a signal")
def test_a_stop_before_the_first_notebook_starts_none_and_leaves_the_folder_free(tmp_path):
    """The signal comes when the lock is held and the first notebook is about to be chosen."""
    small_notebooks.write(tmp_path / "good.ipynb", "open('kept.txt', 'w').write('here')")
    early = f"""import os
from course_utils.tooling import running
prepare = running._Run.prepare
def stopped(*arguments):
    prepare(*arguments)
    os.kill(os.getpid(), {int(signal.SIGINT)})
running._Run.prepare = stopped
"""
    status, books = in_a_process(tmp_path, tmp_path / "out", before=early)
    assert (status, books["good"]) == (1, ["not run", ""])
    assert not list((tmp_path / "out").rglob("kept.txt"))
    report = json.loads((tmp_path / "out" / "report" / "report.json").read_text(encoding="utf-8"))
    assert report["interrupted"]
    status, books = in_a_process(tmp_path, tmp_path / "out")
    assert (status, books["good"][0]) == (0, "passed")
