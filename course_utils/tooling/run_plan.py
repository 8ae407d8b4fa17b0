"""What a run is going to do: which notebooks, with which parameters, how many at once, each in which surroundings."""

import ast
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils import lessons, paths, profiles, recorded
from course_utils.errors import CourseError, WrongUse
from course_utils.tooling import machine
from course_utils.tooling.dependencies import package_fingerprint
from course_utils.tooling.notebook_files import PROFILES, read_notebook

__all__ = [
    "Plan",
    "check_parameters",
    "choose_jobs",
    "declared_parameters",
    "key_of",
    "make_plans",
    "notebook_variables",
    "profile_parameters",
]

# A notebook with TensorFlow and its images stays below this; measured in the quick profile.
BYTES_A_NOTEBOOK = 3_000_000_000
MOST_JOBS = 4


@dataclass(frozen=True)
class Plan:
    """One notebook of a run.

    Attributes:
        name: file name without its ending; names everything that the run writes for it.
        contents: the file when the run was planned. It is what runs: the file may be edited meanwhile.
        parameters: checked, as they are given to papermill.
        key: a hash of all that the result depends on.
    """

    name: str
    contents: NotebookNode
    parameters: dict[str, Any]
    key: str


def make_plans(notebooks: Sequence[Path], profile: str, parameters: Mapping[str, Any]) -> list[Plan]:
    """Read the notebooks and check the parameters of all before any of them runs.

    Each notebook gets what the profile sets in it; every other parameter must be known to each notebook.

    Raises:
        WrongUse: no notebook, a missing or unreadable one, two of one name, or a parameter that does not fit.
    """
    if profile not in profiles.NAMES:
        raise WrongUse(f"A profile is one of {', '.join(profiles.NAMES)}. Received: {profile!r}.")
    if not notebooks:
        raise WrongUse("There is no notebook to run. Expected: at least one.")
    names = [Path(path).stem for path in notebooks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise WrongUse(f"Two notebooks of one run have different names. Received twice: {', '.join(twice)}.")
    return [_plan(Path(path), profile, parameters) for path in notebooks]


def choose_jobs(jobs: int | None, notebooks: int) -> int:
    """How many notebooks run at once: as asked, else as many as cores and free memory carry, at most four."""
    if jobs is not None and jobs < 1:
        raise WrongUse(f"The number of jobs is at least 1. Received: {jobs}.")
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


def key_of(name: str, contents: NotebookNode, parameters: Mapping[str, Any]) -> str:
    """A hash of all that the result depends on; stored outputs are not part of it."""
    try:
        own = [folder for folder in lessons.folders().values() if folder.name == f"lesson_{name}"]
        package = package_fingerprint(contents, *own)
    except SyntaxError:  # the run will show it
        package = ""
    # What was stored under the cells, and what JupyterLab notes of them, changes no result.
    cells = [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in contents.cells]
    values = [cells, contents.metadata.get("kernelspec"), parameters, package, recorded.versions()]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def declared_parameters(notebook: NotebookNode) -> dict[str, tuple[str, ...]]:
    """The parameters of a notebook, each with the names of the types that it may have, () where it states none.

    papermill's own reader passes over lines with two equals signs and annotations with a bar, so the cell tagged
    `parameters` is read as the Python that it is.

    Raises:
        WrongUse: the cell cannot be parsed.
    """
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    try:
        statements = ast.parse(cells[0].source).body if cells else []
    except SyntaxError as error:
        raise WrongUse(f"The cell tagged parameters cannot be parsed: {error.msg}, line {error.lineno}.") from error
    found: dict[str, tuple[str, ...]] = {}
    for statement in statements:
        if isinstance(statement, ast.AnnAssign):
            types = ast.unparse(statement.annotation).split("|")
            found[ast.unparse(statement.target)] = tuple(each.partition("[")[0].strip() for each in types)
        elif isinstance(statement, ast.Assign):
            found.update({ast.unparse(target): () for target in statement.targets})
    return found


def profile_parameters(notebook: NotebookNode, profile: str) -> dict[str, Any]:
    """What a profile sets in a notebook: nothing in quick, whose values stand in the parameters cell as defaults.

    The values of smoke and full stand in the notebook's metadata.

    Raises:
        WrongUse: the metadata hold another profile, or something else than values by name.
    """
    sets = notebook.metadata.get(PROFILES, {})
    named = [name for name in profiles.NAMES if name != profiles.DEFAULT]
    if not isinstance(sets, dict) or not all(name in named and isinstance(sets[name], dict) for name in sets):
        raise WrongUse(f"{PROFILES} holds values by name under {' and '.join(named)}. Received: {sets!r}.")
    return dict(sets.get(profile, {}))


def check_parameters(given: Mapping[str, Any], declared: Mapping[str, Sequence[str]], name: str) -> dict[str, Any]:
    """Values of the right types for one notebook.

    Args:
        given: values by name; text, as it comes from a command line, is turned into the declared type.
        declared: from `declared_parameters`.
        name: the notebook's, for the message.

    Raises:
        WrongUse: a parameter is unknown, or its value has another type.
    """
    checked = {}
    for key, value in given.items():
        if key not in declared:
            known = ", ".join(declared) or "none"
            raise WrongUse(f"Notebook {name} has no parameter {key!r}. It has: {known}.")
        types, read = declared[key], _literal(value)
        kind = "None" if read is None else type(read).__name__
        if kind in types or not types:
            checked[key] = read
        elif kind == "int" and "float" in types:
            checked[key] = float(read)
        elif isinstance(value, str) and "str" in types:
            checked[key] = value
        else:
            raise WrongUse(f"Parameter {key} of notebook {name} takes {' or '.join(types)}. Received: {value!r}.")
    return checked


def _literal(value: Any) -> Any:
    """Text as the Python value that it spells, `true` and `false` in any case; itself where it spells none."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value


def _plan(path: Path, profile: str, parameters: Mapping[str, Any]) -> Plan:
    try:
        contents = read_notebook(path)
    except OSError as error:
        raise WrongUse(f"{path} cannot be read ({error.strerror}). Name a notebook that is there.") from error
    except CourseError as error:
        raise WrongUse(f"{path} is not a notebook that can be read. Name another one.") from error
    given = {**profile_parameters(contents, profile), **parameters}
    checked = check_parameters(given, declared_parameters(contents), path.stem)
    return Plan(path.stem, contents, checked, key_of(path.stem, contents, checked))
