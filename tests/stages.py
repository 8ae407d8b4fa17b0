"""The stages of tests/run.py: what each runs, and how its outcome is counted."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "test"
REAL_DATA = ROOT.parent / "shared" / "datasets"
# The verdicts on an exercise that nobody has touched, and on its solution; an open question cannot be checked.
UNTOUCHED = ("not attempted",)
SOLVED = ("correct", "cannot be checked")
# For what runs side by side: with two threads each, two processes wait for one another on the same two cores.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)
# pytest's exit status where it found no test at all.
NO_TESTS = 5


@dataclass
class Outcome:
    """What became of a stage: "passed", "failed" or "nothing to do", with counts, a remark, a line for each failure."""

    status: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""
    failures: tuple[str, ...] = ()


@dataclass
class Context:
    """What the stages share."""

    full: bool
    coverage: str = ""

    def prepare(self):
        """An empty folder for all that the tests write, the learner's own progress file apart."""
        shutil.rmtree(BUILD, ignore_errors=True)
        BUILD.mkdir(parents=True)
        os.environ["COURSE_STATE"] = str(BUILD / "state")
        os.environ["IPYTHONDIR"] = str(BUILD / "ipython")
        os.environ["COVERAGE_FILE"] = str(BUILD / "coverage")


@dataclass(frozen=True)
class Stage:
    """One line of the table. Slow stages belong to --full."""

    name: str
    title: str
    run: Callable[[Context], Outcome]
    slow: bool = False


def lint(_context):
    lessons = sorted((ROOT / "notebooks" / "source").glob("*/lesson.py"))
    results = [
        call("-m", "ruff", "check", "."),
        call("-m", "ruff", "format", "--check", "."),
        call("-m", "ruff", "format", "--check", "--line-length", "88", *map(str, lessons)),
    ]
    failed = sum(status != 0 for status in results)
    return Outcome("failed" if failed else "passed", len(results) - failed, failed)


def unit(context):
    # One worker more than two cores: it computes while another one waits for a kernel or for the end of a time limit.
    chosen = ["-m", "not slow", "-n", "3", "--dist=loadscope", "--no-loadscope-reorder"]
    if not context.full:
        return run_pytest("unit", *chosen, limit=3000, **ONE_THREAD)
    # Watching which lines run costs a sixth of the time, and no test passes or fails by it.
    outcome = run_pytest("unit", *chosen, "--cov=course_utils", "--cov-report=", limit=3000, **ONE_THREAD)
    answer = subprocess.run(
        [sys.executable, "-m", "coverage", "report", "--format=total"], cwd=ROOT, capture_output=True, text=True
    )
    context.coverage = f"{answer.stdout.strip()} %" if answer.returncode == 0 else ""
    return outcome


def guards(_context):
    if not notebooks():
        return nothing("there are no notebooks yet")
    failed = call("-m", "course_utils", "check") != 0
    return Outcome("failed", failed=1) if failed else Outcome("passed", passed=1)


def nbval(_context):
    books = [in_a_folder_of_its_own(book, BUILD / "nbval") for book in longest_first(notebooks())]
    if not books:
        return nothing("there are no notebooks yet")
    home = ROOT / "tests" / "notebooks"
    chosen = ["-c", str(home / "pytest.ini"), "--rootdir", str(BUILD / "nbval"), "-n", str(min(3, len(books)))]
    chosen += [f"--nbval-sanitize-with={home / 'sanitise.cfg'}", *map(str, books)]
    outcome = run_pytest("nbval", *chosen, limit=3600, COURSE_HEADLESS="1", PYTHONPATH=str(home), **ONE_THREAD)
    outcome.note = outcome.note or f"{len(books)} notebooks, quick profile"
    return outcome


def smoke(_context):
    """Each exercise is met twice: untouched, as a learner opens it, and solved."""
    from course_utils.tooling import editions

    books = editions.write_solved(notebooks(), BUILD / "smoke_edition", keep_stubs=True)
    return run_through(books, "smoke", "smoke", expected=(UNTOUCHED, SOLVED))


def solved(_context):
    from course_utils.tooling import editions

    books = editions.write_solved(notebooks(), BUILD / "solved_edition")
    return run_through(books, "smoke", "solved", expected=(SOLVED,))


def slow(_context):
    return run_pytest("slow", "-m", "slow", limit=7200)


def full(_context):
    """The full profile; where real images lie beside the project, a data home of its own is filled with them."""
    if not notebooks():
        return nothing("there are no notebooks yet")
    if REAL_DATA.is_dir():
        home = BUILD / "data"
        home.mkdir(parents=True)
        os.environ["COURSE_DATA"] = str(home)
        shutil.copy(REAL_DATA / "fashion_mnist.npz", home)
        archive = str(REAL_DATA / "cifar10_jpeg.tar.xz")
        if call("-m", "course_utils", "data", "import", archive, "--name", "cifar10") != 0:
            return Outcome("failed", failed=1, note="cifar10 could not be imported")
    return run_through(notebooks(), "full", "full")


def again(_context):
    """The smoke profile twice, the second time without a network: the same claims, those about time apart."""
    first = BUILD / "smoke" / "report" / "report.json"
    if not first.is_file():
        smoke(_context)
    notes = BUILD / "asked_the_network.txt"
    refusing = {"PYTHONPATH": str(ROOT / "tests" / "no_network"), "NO_NETWORK_NOTES": str(notes)}
    with mock.patch.dict(os.environ, refusing):
        outcome = run_through(notebooks(), "smoke", "again")
    asked = notes.read_text(encoding="utf-8").splitlines() if notes.is_file() else []
    differing = differing_claims(first, BUILD / "again" / "report" / "report.json")
    found = outcome.failures + tuple(differing) + tuple(f"asked the network: {line}" for line in asked)
    return replace(outcome, status="failed" if found else "passed", failed=len(found), failures=found)


def differing_claims(first, second):
    """A line for each claim whose figures are not the same in two reports; those about time may differ."""
    figures = [
        {
            claim["id"]: claim["measured"]
            for book in report["notebooks"]
            for claim in book["claims"]
            if not claim["about_time"]
        }
        for report in (json.loads(path.read_text(encoding="utf-8")) for path in (first, second))
    ]
    names = sorted(set(figures[0]) | set(figures[1]))
    return [
        f"{name}: {figures[0].get(name)}, then {figures[1].get(name)}"
        for name in names
        if figures[0].get(name) != figures[1].get(name)
    ]


def frameworks(_context):
    """Lesson 14 with PyTorch and JAX, the program of lesson 17 with JAX."""
    return with_extras(
        "frameworks",
        ("torch==2.13.0", "jax"),
        ("-c", "import jax, torch"),  # without them the lesson passes too, with recorded figures
        ("-m", "course_utils", "run", "--notebooks", "14", "--out", str(BUILD / "frameworks")),
        ("-m", "pytest", "-q", "-m", "slow", "-k", "jax", "tests/tooling/test_recorded_scripts.py"),
    )


def pages(_context):
    """Laboratory, site and slides in a browser; the system's chromium where there is one."""
    browser = () if shutil.which("chromium") else (("-m", "playwright", "install", "chromium"),)
    packages = ("--editable", ".[site]", "playwright", "axe-playwright-python", "pytest")
    return with_extras("pages", packages, *browser, ("-m", "pytest", "-q", "tests/extras"))


def mutants(_context):
    """Small faults, one at a time, in the modules that are pure arithmetic: the tests notice nine of ten."""
    if not hasattr(os, "fork"):
        return nothing("mutmut forks its processes, which this system does not")
    return with_extras("mutants", ("mutmut==3.8.1",), ("tests/mutants.py",))


def with_extras(name, packages, *commands):
    """Run commands of Python in an environment that has some more packages and borrows the rest from this one."""
    home = BUILD / name / "venv"
    venv.create(home, with_pip=True)
    place = {"vars": {"base": str(home)}}
    borrowed = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (Path(sysconfig.get_path("purelib", "venv", **place)) / "borrowed.pth").write_text(borrowed, encoding="utf-8")
    # The laboratory's buttons and nbconvert's templates are files beside the packages. `course lab` sets JUPYTER_PATH
    # aside, so they have to lie in this environment; copied, since a link needs rights on Windows. The kernels stay
    # behind: an entry for python3 could start the other environment, and without one Jupyter starts this.
    theirs, ours = (Path(folder) / "share" / "jupyter" for folder in (sysconfig.get_path("data"), home))
    shutil.copytree(theirs, ours, ignore=shutil.ignore_patterns("kernels"), dirs_exist_ok=True)
    python = str(Path(sysconfig.get_path("scripts", "venv", **place)) / "python")
    for command in (("-m", "pip", "install", "--quiet", *packages), *commands):
        if subprocess.run([python, *command], cwd=ROOT).returncode != 0:
            return Outcome("failed", failed=1, note=f"failed: python {' '.join(command)}")
    return Outcome("passed", passed=1)


STAGES = (
    Stage("lint", "ruff, rules and format", lint),
    Stage("unit", "unit, architecture and tooling tests; a short training on real images where there are some", unit),
    Stage("guards", "course check over every stored notebook", guards),
    Stage("nbval", "every notebook in the quick profile, compared cells against the stored ones", nbval),
    Stage("smoke", "every notebook through papermill in the smoke profile, exercises untouched and then solved", smoke),
    Stage("solved", "the solved edition, smoke profile", solved, slow=True),
    Stage("again", "the smoke profile a second time, without a network: the same claims", again, slow=True),
    Stage("frameworks", "lesson 14 with PyTorch and JAX installed", frameworks, slow=True),
    Stage("pages", "laboratory, site and slides in a browser, without a network", pages, slow=True),
    Stage("mutants", "small faults in the pure modules, and how many of them the tests notice", mutants, slow=True),
    Stage("slow", "tests that take minutes", slow, slow=True),
    Stage("full", "every notebook in the full profile on real data", full, slow=True),
)


def notebooks():
    """The stored lessons, in order."""
    return sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def in_a_folder_of_its_own(book, place):
    """A copy of a notebook that finds no file of an earlier run, nor of a notebook that runs at the same time."""
    folder = place / book.stem
    folder.mkdir(parents=True)
    return Path(shutil.copy(book, folder))


def longest_first(books):
    """The same notebooks in an order in which no core waits at the end for one that came last.

    Of those that take as many minutes the later lessons come first: they are the longer ones.
    """
    from course_utils.tooling import catalogue

    minutes = {lesson.name: lesson.minutes.get("run", 0) for lesson in catalogue.lessons()}
    return sorted(books, key=lambda book: (minutes[book.stem], book.stem), reverse=True)


def nothing(note):
    print(note, flush=True)
    return Outcome("nothing to do", note=note)


def call(*arguments):
    """Run this Python with arguments from the project's folder; the exit status."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT).returncode


def run_pytest(name, *arguments, limit, **environment):
    """Run pytest in a process of its own and count what it reports.

    Args:
        name: of the stage, for the file with the results.
        arguments: pytest's.
        limit: seconds for the whole stage; a worker that hangs must not hang the machine.
        environment: further variables.
    """
    record = BUILD / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", "-q", "--durations=5", f"--junitxml={record}", *arguments]
    try:
        status = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, timeout=limit).returncode
    except subprocess.TimeoutExpired:
        return Outcome("failed", failed=1, note=f"stopped after the limit of {limit} s")
    if status == NO_TESTS:
        return nothing("there is no such test yet")
    outcome = count(record)
    if status != 0 and not outcome.failed:
        outcome.status, outcome.failed, outcome.note = "failed", 1, f"pytest ended with status {status}"
    return outcome


def count(record):
    """Read the counts from a JUnit file."""
    if not record.is_file():
        return Outcome("failed", failed=1, note="pytest left no results")
    suites = list(ET.parse(record).getroot().iter("testsuite"))
    tests, failures, errors, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    lines = tuple(
        f"{case.get('classname')}::{case.get('name')}: {found.get('message', '').partition(chr(10))[0]}"
        for suite in suites
        for case in suite.iter("testcase")
        for found in case
        if found.tag in ("failure", "error")
    )
    return Outcome("failed" if failed else "passed", tests - failed - skipped, failed, skipped, failures=lines)


def run_through(books, profile, folder, *, expected=()):
    """Run notebooks with the course's own runner.

    Args:
        books: the files.
        profile: "smoke", "quick" or "full".
        folder: name of the folder under build/test that gets the results.
        expected: for each time that an exercise is met, the verdicts that it may get.
    """
    from course_utils.tooling.running import run_notebooks

    if not books:
        return nothing("there are no notebooks yet")
    # One more than there are cores: it computes while the others wait for their kernels to start.
    jobs = min(os.cpu_count() or 1, 4) + 1 if profile == "smoke" else None
    result = run_notebooks(longest_first(books), profile=profile, out=BUILD / folder, jobs=jobs)
    if result.interrupted:
        raise KeyboardInterrupt
    failures = [
        f"{book.name}: {book.status}, cell {book.cell}: {book.message}" for book in result.notebooks if not book.passed
    ]
    if expected:
        failures += [line for book in result.notebooks if book.passed for line in unexpected(book.verdicts, expected)]
    return Outcome(
        "failed" if failures else "passed",
        passed=sum(book.passed for book in result.notebooks),
        failed=len(failures),
        note=str(result.report_page.relative_to(ROOT)),
        failures=tuple(failures),
    )


def unexpected(verdicts, expected):
    """A line for each exercise whose verdicts are not those expected, one after the other."""
    met = {}
    for verdict in verdicts:
        met.setdefault(verdict["id"], []).append(verdict["status"])
    return [
        f"exercise {name} is {', then '.join(statuses)}"
        for name, statuses in met.items()
        if len(statuses) != len(expected) or any(s not in e for s, e in zip(statuses, expected, strict=True))
    ]
