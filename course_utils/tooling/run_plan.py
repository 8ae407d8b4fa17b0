"""What a run is going to do: which notebooks, with which parameters, in which order, how many at once."""

import hashlib
import json
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils import lessons, paths, profiles
from course_utils.tooling import machine
from course_utils.tooling.dependencies import package_fingerprint
from course_utils.tooling.run_parameters import check_parameters, declared_parameters, profile_parameters
from course_utils.tooling.run_results import RunRefused

__all__ = [
    "Plan",
    "choose_jobs",
    "make_plans",
    "notebook_variables",
    "read_versions",
    "still_current",
]

DISTRIBUTION = "image-classification-course"
# A notebook with TensorFlow and its images stays below this; measured in the quick profile.
BYTES_A_NOTEBOOK = 3_000_000_000
MOST_JOBS = 4


@dataclass(frozen=True)
class Plan:
    """One notebook of a run.

    Attributes:
        name: file name without its ending; names everything that the run writes for it.
        notebook: the file, absolute.
        raw: the file's bytes when the run was planned. They are what runs: the file may be edited meanwhile.
        contents: the same, read.
        parameters: checked, as they are given to papermill.
        comparable: whether the stored outputs are those of these parameters.
        key: changes when anything changes that can change the result.
    """

    name: str
    notebook: Path
    raw: bytes
    contents: NotebookNode
    parameters: dict[str, Any]
    comparable: bool
    key: str


def make_plans(notebooks: Sequence[Path], profile: str, parameters: Mapping[str, Any]) -> list[Plan]:
    """Read the notebooks and check the parameters of all before any of them runs.

    Each notebook gets what the profile sets in it; every other parameter must be known to each notebook.

    Raises:
        RunRefused: no notebook, a missing or unreadable one, two of one name, or a parameter that does not fit.
    """
    if profile not in profiles.NAMES:
        raise RunRefused(f"A profile is one of {', '.join(profiles.NAMES)}. Received: {profile!r}.")
    if "profile" in parameters:
        raise RunRefused("The profile is chosen with --profile. Received: a parameter called profile.")
    if not notebooks:
        raise RunRefused("There is no notebook to run. Expected: at least one.")
    names = [Path(path).stem for path in notebooks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RunRefused(f"Two notebooks of one run have different names. Received twice: {', '.join(twice)}.")
    return [_plan(Path(path).absolute(), profile, parameters) for path in notebooks]


def choose_jobs(jobs: int | None, notebooks: int) -> int:
    """How many notebooks run at once: as asked, else as many as cores and free memory carry, at most four.

    Raises:
        RunRefused: fewer than one is asked for.
    """
    if jobs is not None and jobs < 1:
        raise RunRefused(f"The number of jobs is at least 1. Received: {jobs}.")
    carried = min(machine.cores(), MOST_JOBS, machine.available_memory() // BYTES_A_NOTEBOOK)
    return max(1, min(jobs or carried, notebooks))


def notebook_variables(place: Path, threads: int) -> dict[str, str]:
    """Variables for one notebook of a run; with them it depends on nothing in the home folder.

    Args:
        place: the notebook's own folder in the run.
        threads: its share of the cores.
    """
    # TensorFlow would take all cores.
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    return dict.fromkeys(names, str(threads)) | {
        # The products are small, and where another program takes a core two threads wait for each other: a logistic
        # regression on 720 rows of 1,280 features took 12 s instead of half a second.
        "OPENBLAS_NUM_THREADS": "1",
        "COURSE_HEADLESS": "1",
        # A relative name counts from where the run was started, not from the notebook's folder.
        "COURSE_DATA": str(paths.data_home()),
        "COURSE_STATE": str(paths.state_folder()),
        # Connection files and start-up scripts of its own, and one list of fonts for all.
        "JUPYTER_RUNTIME_DIR": str(place / "jupyter"),
        "IPYTHONDIR": str(place / "ipython"),
        "MPLCONFIGDIR": str(place.parent / ".matplotlib"),
        "MPLBACKEND": "",  # the kernel's own, and no windows
        "PYTHONSTARTUP": "",
    }


def read_versions() -> dict[str, str]:
    """Python and the packages that the course names as its own, those that are installed."""
    versions = {"Python": platform.python_version()}
    try:
        required = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        required = []
    names = {re.split(r"[^\w.-]", text, maxsplit=1)[0].lower() for text in required if "extra ==" not in text}
    for name in sorted({*names, DISTRIBUTION}):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def still_current(plan: Plan) -> bool:
    """Whether the course's code is still what it was when the run was planned."""
    return _key(plan.name, plan.contents, plan.parameters) == plan.key


def _plan(path: Path, profile: str, parameters: Mapping[str, Any]) -> Plan:
    raw, contents = _read(path)
    declared = declared_parameters(contents)
    chosen = profile_parameters(contents, profile)
    checked = check_parameters({**chosen, **parameters}, declared, path.stem)
    comparable = not parameters and (profile == profiles.DEFAULT or not chosen)  # stored outputs are of the defaults
    return Plan(path.stem, path, raw, contents, checked, comparable, _key(path.stem, contents, checked))


def _read(path: Path) -> tuple[bytes, NotebookNode]:
    try:
        raw = path.read_bytes()
        return raw, nbformat.reads(raw.decode("utf-8"), as_version=4)
    except FileNotFoundError as error:
        raise RunRefused(f"There is no notebook {path}.") from error
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise RunRefused(f"{path} is not a notebook that can be read ({type(error).__name__}).") from error


def _key(name: str, contents: NotebookNode, parameters: Mapping[str, Any]) -> str:
    """A hash of all that the result depends on; stored outputs count, because drift is measured against them."""
    try:
        own = [folder for folder in lessons.folders().values() if folder.name == f"lesson_{name}"]
        package = package_fingerprint(contents, *own)
    except SyntaxError:  # the run will show it
        package = ""
    parts = [nbformat.writes(contents), json.dumps(parameters, sort_keys=True), package, json.dumps(read_versions())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
