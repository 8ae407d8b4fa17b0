"""The floors of the package, its sizes and names, and that importing it changes nothing."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from copy import deepcopy

import pytest

from course_utils import paths
from course_utils.tooling.dependencies import imported_names

PACKAGE = paths.project_root() / "course_utils"
FILES = sorted(PACKAGE.rglob("*.py"))
# What lessons bring besides their text; it stands on the interactive floor, with the exercises' engine.
SOURCES = paths.notebooks_folder() / "source"
LESSON_FILES = sorted(path for path in SOURCES.glob("*/*.py") if path.name != "lesson.py")
EVERY_FILE = [*FILES, *LESSON_FILES]
assert len(FILES) > 100 and len(LESSON_FILES) > 22 * 2, "a rule over no files would hold"
LESSON_FLOOR = 4
# A long experiment is a plain script, which may import what a notebook may.
SCRIPT_FLOOR = "recorded_*.py"

# Lower never imports higher: import-linter holds it (test_floors.py), and its layers, lowest first, are the floors.
LINTER = tomllib.loads((paths.project_root() / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
FLOORS = {floor: set(layer.split(" : ")) for floor, layer in enumerate(reversed(LINTER["contracts"][0]["layers"]))}
FLOOR_OF = {module: floor for floor, modules in FLOORS.items() for module in modules}
# Which floors each may import; the interactive floor, 4, does without Keras's floor, 3.
BELOW = {
    0: {0},
    1: {0, 1},
    2: {0, 1, 2},
    3: {0, 1, 2, 3},
    4: {0, 1, 2, 4},
    5: {0, 1, 2, 4, 5},
    SCRIPT_FLOOR: {0, 1, 2, 3, 4, 5, SCRIPT_FLOOR},
    6: {0, 1, 2, 3, 4, 5, 6},
}

# Outside packages that a floor adds to those of the floors that it may import.
# requests is pooch's own: its errors tell a network that is gone from a server that fails.
OUTSIDE = {
    0: {"filelock", "IPython", "tqdm", "yaml"},
    1: {"numpy", "PIL", "sklearn", "skimage", "scipy", "pooch", "requests"},
    2: {"matplotlib", "seaborn"},
    3: {"keras", "tensorflow", "threadpoolctl"},
    4: {"IPython", "ipywidgets"},
    5: set(),
    SCRIPT_FLOOR: {"cv2"},  # lesson 14 compares what other programs read pictures with
    6: {
        *(
            "click",
            "jinja2",
            "joblib",
            "jsonschema",
            "jupyter_client",
            "jupyter_core",
            "jupyter_server",
            "jupyterlab",
            "jupytext",
            "nbclient",
            "nbformat",
            "packaging",
        ),
        *("papermill", "psutil"),
        *("docutils", "myst_nb", "nbconvert", "pygments", "sphinx", "sphinx_book_theme", "sphinx_revealjs"),  # builds
    },
}
# A check of an exercise may train a model, so Keras is allowed inside a function of the interactive floor.
INSIDE_FUNCTIONS = {4: {"keras", "tensorflow"}}

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "tools"}
MODULE_LINES, FUNCTION_LINES, PUBLIC_NAMES = 300, 40, 10


def module_of(path):
    """The name directly below the package, "datasets" for datasets/cards.py; "" for the package itself."""
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def name_of(path):
    return path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else SOURCES).as_posix()


def floor_of(path):
    if path.is_relative_to(PACKAGE):
        return FLOOR_OF.get(module_of(path), 0)
    return SCRIPT_FLOOR if path.match(SCRIPT_FLOOR) else LESSON_FLOOR


def package_of(path):
    return ".".join(path.relative_to(PACKAGE.parent).parent.parts)


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def own_imports(path):
    """The modules directly below the package that a file imports, anywhere in it."""
    names = imported_names(path.read_text(encoding="utf-8"), within=package_of(path))
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "course_utils" and len(part) > 1} & FLOOR_OF.keys()


def outside_imports(code, within):
    tops = {name.split(".")[0] for name in imported_names(code, within=within)}
    return tops - set(sys.stdlib_module_names) - {"course_utils", "course_lessons", ""}


def imports_on_loading(path):
    """The outside packages that a file imports when it is loaded: not those inside functions or for type checkers."""

    class Strip(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            return ast.Pass()

        visit_AsyncFunctionDef = visit_FunctionDef

        def visit_If(self, node):
            return ast.Pass() if "TYPE_CHECKING" in ast.unparse(node.test) else node

    tree = Strip().visit(parsed(path))
    return outside_imports(ast.unparse(ast.fix_missing_locations(tree)), package_of(path))


def allowed_outside(floor):
    return set().union(*(OUTSIDE[below] for below in BELOW[floor]))


def files_with(faults, files=EVERY_FILE):
    """What a rule finds, by the name of the file in which it finds anything; `faults` gives what is wrong in one."""
    return {name_of(path): found for path in files if (found := list(faults(path)))}


def test_a_lesson_s_files_import_only_the_floors_below():
    def too_high(path):
        return (module for module in own_imports(path) if FLOOR_OF[module] not in BELOW[floor_of(path)])

    assert files_with(too_high, LESSON_FILES) == {}


def test_lessons_are_found_by_name_and_named_by_no_module_of_the_package():
    """So adding one touches its folder alone; and nothing imports a lesson until somebody asks for its exercises."""
    naming = {name_of(path) for path in FILES if "course_lessons" in ast.unparse(without_docstrings(path))}
    assert naming == {"lessons.py"}

    def lessons_in(path):
        names = imported_names(path.read_text(encoding="utf-8"), within=package_of(path))
        return (name for name in names if name.startswith("course_lessons"))

    assert files_with(lessons_in) == {}


def without_docstrings(path):
    tree = parsed(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body[0] = ast.Pass()
    return tree


def test_each_floor_imports_only_the_packages_it_may():
    def strangers(path):
        floor = floor_of(path)
        everywhere = outside_imports(path.read_text(encoding="utf-8"), package_of(path))
        yield from everywhere - allowed_outside(floor) - INSIDE_FUNCTIONS.get(floor, set())
        yield from imports_on_loading(path) - allowed_outside(floor)

    assert files_with(strangers) == {}


def test_sizes():
    """A lesson's exercises are as long as their wrong answers need."""

    def too_long(path):
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > MODULE_LINES and path not in LESSON_FILES:
            yield "the module"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node, text) > FUNCTION_LINES:
                yield node.name

    assert files_with(too_long) == {}


def body_lines(function, text):
    """The lines of a function's body, docstring and blank lines aside."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    lines = text.splitlines()[body[0].lineno - 1 : function.end_lineno]
    return sum(bool(line.strip()) for line in lines)


def with_names(path):
    """Whether a file is for importing and holds more than a docstring, as a folder's `__init__.py` need not."""
    return len(parsed(path).body) > bool(ast.get_docstring(parsed(path))) and not path.match(SCRIPT_FLOOR)


def test_public_names_are_declared_and_few():
    def undeclared(path):
        declared = [node for node in parsed(path).body if assigned(node) == "__all__"]
        if len(declared) != 1:
            return ["declare __all__ once"]
        names = ast.literal_eval(declared[0].value)
        # An __init__.py only gathers the names of its modules.
        few = len(names) <= PUBLIC_NAMES or path.name == "__init__.py"
        return [] if few and len(set(names)) == len(names) else names

    named = [path for path in EVERY_FILE if path != PACKAGE / "__init__.py" and with_names(path)]
    assert files_with(undeclared, named) == {}


def assigned(node):
    """The name that a statement gives a value to; "" if it does anything else."""
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return getattr(target, "id", "")


def test_names_say_what_a_module_gives():
    def empty_names(path):
        return {*path.relative_to(PACKAGE).with_suffix("").parts} & FORBIDDEN_NAMES

    assert files_with(empty_names, FILES) == {}


def test_no_star_imports_and_no_asserts():
    """An assert disappears with python -O; input is refused with an error that says what to do."""

    def faults(path):
        for node in ast.walk(parsed(path)):
            star = isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
            if star or isinstance(node, ast.Assert):
                yield f"line {node.lineno}"

    assert files_with(faults) == {}


def test_one_function_decides_whether_a_reader_is_there():
    """`COURSE_HEADLESS=0` must not mean yes here and no there."""
    reading = re.compile(r"environ(\.get\(|\[)[\"']COURSE_HEADLESS")
    assert [name_of(path) for path in FILES if reading.search(path.read_text(encoding="utf-8"))] == ["display.py"]


def lesson_codes():
    """The code of every lesson: its source, and its notebook's code cells."""
    for path in sorted(SOURCES.glob("*/lesson.py")):
        yield path.parent.name, path.read_text(encoding="utf-8")
    for path in sorted(paths.notebooks_folder().glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        yield path.name, "\n".join(sources)


def test_no_notebook_imports_the_tooling():
    importing = [
        lesson
        for lesson, code in lesson_codes()
        if any(name.split(".")[:2] == ["course_utils", "tooling"] for name in imported_names(code))
    ]
    assert importing == []


def definitions():
    """Each cell tagged `defines:module.function` of each source, with its text."""
    for path in sorted(SOURCES.glob("*/lesson.py")):
        cells = re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for cell in cells:
            header, _, body = cell.partition("\n")
            for name in re.findall(r"defines:([\w.]+)", header):
                yield pytest.param(name, body, id=f"{path.parent.name}-{name}")


def bare(function):
    """A function's code without docstring and annotations, which the package needs and a lesson may leave out."""
    function = deepcopy(function)
    if ast.get_docstring(function):
        function.body = function.body[1:]
    function.returns = None
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.dump(function)


def layers_of(code):
    """The layers that a network is made of, in order; the last answers with as many numbers as there are classes."""
    calls = [node for node in ast.walk(code) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    made = [call for call in calls if ast.unparse(call.func.value) == "layers"]
    *inside, last = sorted(made, key=lambda call: call.lineno)
    return [ast.unparse(call) for call in inside] + [ast.unparse(ast.Call(last.func, last.args[1:], last.keywords))]


def function_in(code, name):
    [found] = [node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef) and node.name == name]
    return found


@pytest.mark.parametrize(("name", "body"), list(definitions()))
def test_what_a_lesson_defines_is_what_the_package_holds(name, body):
    *modules, function = name.split(".")
    place = PACKAGE.joinpath(*modules)
    files = sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    held = function_in("\n".join(file.read_text(encoding="utf-8") for file in files), function)
    written = ast.parse(body)
    if any(isinstance(node, ast.FunctionDef) for node in written.body):
        assert bare(function_in(body, function)) == bare(held)
    else:  # a network that the lesson writes out without a function around it
        assert layers_of(written) == layers_of(held)


def test_a_definition_that_drifted_is_noticed():
    lesson = "def f(x, size=3):\n    return x * size\n"
    module = 'def f(x: int, size: int = 3) -> int:\n    """Times."""\n    return x * size\n'
    assert bare(function_in(lesson, "f")) == bare(function_in(module, "f"))
    assert bare(function_in(lesson.replace("3", "5"), "f")) != bare(function_in(module, "f"))


def test_a_network_that_drifted_is_noticed():
    lesson = "x = layers.Conv2D(8, 3)(inputs)\nx = layers.Flatten()(x)\ny = layers.Dense(6, activation='softmax')(x)\n"
    module = (
        "net = Sequential([\nlayers.Conv2D(8, 3),\nlayers.Flatten(),\nlayers.Dense(classes, activation='softmax')])"
    )
    held = layers_of(ast.parse(module))
    assert layers_of(ast.parse(lesson)) == held
    for old, new in (("8, 3", "16, 3"), ("softmax", "relu"), ("x = layers.Flatten()(x)\n", "")):
        assert layers_of(ast.parse(lesson.replace(old, new))) != held


LIGHT = ["course_utils", "course_utils.datasets", "course_utils.plots", "course_utils.tooling.cli"]
HEAVY = ("tensorflow", "keras", "jax", "torch")

# Imports modules and prints, as one line of JSON, what that changed; the second argument names what is loaded before.
WATCH = """
import json, os, random, sys, threading
import matplotlib, numpy as np
def state():
    return {
        "rcParams": str(dict(matplotlib.rcParams)),
        "numpy's random state": str(np.random.get_state()),
        "random's state": str(random.getstate()),
        "environment": str(sorted(os.environ.items())),
        "working folder": os.getcwd(),
        "threads": threading.active_count(),
        "numpy's print options": str(np.get_printoptions()),
    }
for name in filter(None, sys.argv[2].split(",")):
    __import__(name)
before = state()
for name in sys.argv[1].split(","):
    __import__(name)
after = state()
loaded = [name for name in %r if name in sys.modules]
changed = [key for key in before if before[key] != after[key]]
sys.stdout.write("RESULT" + json.dumps({"loaded": loaded, "changed": changed}))
"""


def watch(modules, loaded_before=()):
    command = [sys.executable, "-c", WATCH % (HEAVY,), ",".join(modules), ",".join(loaded_before)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    printed, _, result = done.stdout.partition("RESULT")
    return printed, done.stderr, json.loads(result)


def every_module(floors):
    """The dotted names of all modules on some floors; `__main__` is a command, not a module to import."""
    for path in FILES:
        if FLOOR_OF.get(module_of(path), 0) in floors and path.name != "__main__.py":
            yield ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("module", LIGHT)
def test_light_imports_load_nothing_heavy_and_change_nothing(module):
    printed, written, result = watch([module])
    assert (printed, written) == ("", "")
    assert result == {"loaded": [], "changed": []}


def test_no_module_below_or_beside_keras_loads_it_or_changes_anything():
    printed, written, result = watch(every_module({0, 1, 2, 4, 5}))
    assert (printed, written) == ("", "")
    assert result == {"loaded": [], "changed": []}


def test_the_modules_on_the_floor_of_keras_change_nothing_either():
    """What TensorFlow itself writes and sets when it is loaded is not the course's doing, so it is loaded first."""
    printed, _, result = watch(every_module({3}), loaded_before=["tensorflow", "keras"])
    assert (printed, result["changed"]) == ("", [])


# What the project's own layout has at its top. What a lesson wrote where it ran is no part of it.
AT_THE_TOP = {
    *("course_utils", "data", "notebooks", "tests"),
    *("README.md", "LICENSE", "CITATION.cff", "Makefile", "pyproject.toml", "requirements.txt"),
    *(".ci", ".github", ".gitignore"),
}


def test_nothing_but_the_layout_lies_at_the_top():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    ).stdout
    assert {name.split("/")[0] for name in listed.split("\0") if name} == AT_THE_TOP
