"""Nothing that a notebook starts outlives it, whatever it does to get out of sight. Done for real."""

import time

import pytest
import small_notebooks

from course_utils.tooling import run_process
from course_utils.tooling.running import run_notebooks

pytestmark = pytest.mark.unix_only("sessions, forks and SIGSTOP do not exist on Windows")

# Each writes its number into the file `started`, in a folder of its own, and lives ten minutes.
LIVES = "import os, signal, time; open('started', 'a').write(f'{os.getpid()}\\n'); "
HIDES = "import os; os.setsid(); os.fork() and os._exit(0); " + LIVES + "time.sleep(600)"
DEAF = HIDES.replace("time.sleep", "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep")
HIDDEN = [
    HIDES,
    DEAF,
    HIDES.replace("time.sleep", "os.kill(os.getpid(), signal.SIGSTOP); time.sleep"),
    "import os; os.setsid(); os.fork(); os.fork(); " + LIVES + "time.sleep(600)",
    # Each lives a moment and is followed by another one.
    LIVES + "import subprocess, sys; time.sleep(0.2); subprocess.Popen("
    "[sys.executable, '-c', sys.argv[1], sys.argv[1]], env={}, start_new_session=True)",
]
START = """import os, pathlib, subprocess, sys, time
pathlib.Path("started").write_text(f"{{os.getpid()}}\\n")
for number, code in enumerate({codes!r}):
    place = pathlib.Path(str(number))
    place.mkdir()
    subprocess.Popen([sys.executable, "-c", code, code], env={{}}, cwd=place, start_new_session="Popen" in code)
    while not (place / "started").is_file() or not (place / "started").read_text().endswith("\\n"): time.sleep(0.05)
time.sleep(0.5)"""
ENDS = {
    "runs to its end": ("1", "passed"),
    "fails": ("1 / 0", "failed"),
    "kills its kernel": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "kernel died"),
    "kills what runs it": ("import os, signal; os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)", "broken"),
    # The kernel stops its parent and the parent of that one, so that neither can end anything.
    "stops what would end it": (
        "import psutil\nfor one in psutil.Process().parents()[:2]: one.suspend()\ntime.sleep(600)",
        "timed out",
    ),
}


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("families")
    notebooks = [
        small_notebooks.write(folder / f"{end}.ipynb", START.format(codes=[DEAF]), code)
        for end, (code, _) in ENDS.items()
    ]
    notebooks.append(small_notebooks.write(folder / "hides.ipynb", START.format(codes=HIDDEN)))
    # A machine that is busy with other things starts kernels slowly, so the limit follows what it does now.
    nothing = run_notebooks([small_notebooks.write(folder / "nothing.ipynb", "1")], out=folder / "out")
    limit = round(25 + 4 * nothing.notebooks[0].seconds)
    return run_notebooks(notebooks, out=folder / "out", jobs=3, timeout=limit)


def test_every_notebook_gets_its_own_outcome_and_nothing_that_was_started_lives_on(result):
    expected = {end: status for end, (_, status) in ENDS.items()} | {"hides": "passed"}
    assert {book.name: book.status for book in result.notebooks} == expected
    for book in result.notebooks:
        places = [*(result.folder / "run" / book.name / "work").rglob("started")]  # the kernel's own is the first
        assert len(places) == 1 + (len(HIDDEN) if book.name == "hides" else 1)
        for number in (int(line) for place in places for line in place.read_text().split()):
            assert small_notebooks.gone(number), book.name
        assert book.remarks == [], book.name


class Immortal:
    """A process that nothing ends, as one that waits for a broken disk."""

    pid, told = 1, ()

    def terminate(self):
        self.told += ("asked",)

    def kill(self):
        self.told += ("killed",)


def test_what_cannot_be_ended_is_asked_once_then_killed_and_given_up(monkeypatch):
    monkeypatch.setattr(run_process, "POLITE_SECONDS", 0.2)
    monkeypatch.setattr(run_process, "ENDING_SECONDS", 0.6)
    process = Immortal()
    began = time.monotonic()
    assert run_process.end_all(lambda: {process}) == {process}
    assert 0.6 <= time.monotonic() - began < 5
    assert process.told[:2] == ("asked", "killed") and process.told.count("asked") == 1
