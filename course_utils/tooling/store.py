"""Turn a lesson's source into its stored notebook: convert, execute with the default parameters, keep the outputs."""

import ast
import json
import os
import tempfile
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.errors import CourseError
from course_utils.tooling import dependencies, quoting
from course_utils.tooling.catalogue import Lesson
from course_utils.tooling.guards.finding import code_cells
from course_utils.tooling.notebook_files import KERNEL, lesson_metadata, read_notebook, to_notebook, write_notebook

__all__ = ["execute", "store"]

# Minutes, not hours: quick notebooks take a few minutes as a whole, on slow machines some more.
CELL_SECONDS = 1200
WATCH = "from course_utils.tooling import kernel_side as _asked; _asked.start()"
WIDGET = "application/vnd.jupyter.widget-view+json"


def store(lesson: Lesson, *, run: bool = True, again: bool = False, on_cell: Callable[[], object] | None = None) -> str:
    """Bring one stored notebook up to date with its source.

    A notebook is executed where its code, or what this stands on (the code of the package that it imports, exercises,
    questions, claims and recorded figures), has changed since it was stored, and where its prose quotes a value that
    the stored run did not note. Where only other prose changed, the outputs are kept. If a cell fails, the stored
    notebook stays as it was.

    Args:
        lesson: which lesson.
        run: False writes the text without executing; outputs are kept only where the code is the same.
        again: execute in any case.
        on_cell: called before each code cell.

    Returns:
        "executed", "text updated", or "unchanged".

    Raises:
        CourseError: a cell failed; the message shows which, its code and the error. Or a cell, or a file that the
            lesson stands on, is not plain Python; or a measured figure is typed by hand.
    """
    previous = read_notebook(lesson.notebook) if lesson.notebook.is_file() else None
    text = lesson.source.read_text(encoding="utf-8")
    notebook = to_notebook(text, previous)
    _refuse_bare_figures(notebook)
    code = dependencies.code_fingerprint(notebook)
    try:
        package = dependencies.package_fingerprint(notebook, lesson.source.parent)
    except SyntaxError as error:
        raise CourseError(_not_python(notebook, error)) from error
    stored = dict(previous.metadata.get("course", {})) if previous else {}
    same_code = stored.get("code") == code
    values = stored.get("values", {})
    noted = set(quoting.quoted(notebook)) <= set(values)
    if run and (again or not same_code or not noted or stored.get("package") != package):
        executed, values = execute(notebook, on_cell=on_cell)
        notebook = to_notebook(text, previous, values)
        _keep_outputs(notebook, executed)
        notebook.metadata["course"] = {"code": code, "package": package, **({"values": values} if values else {})}
        write_notebook(notebook, lesson.notebook)
        return "executed"
    if noted:
        notebook = to_notebook(text, previous, values)
    if previous and same_code:
        _keep_outputs(notebook, previous)
        notebook.metadata["course"] = stored
    if notebook == previous:
        return "unchanged"
    write_notebook(notebook, lesson.notebook)
    return "text updated"


def execute(
    notebook: NotebookNode, *, on_cell: Callable[[], object] | None = None
) -> tuple[NotebookNode, dict[str, str]]:
    """Run a notebook from top to bottom in a process of its own, in an empty working folder.

    Args:
        notebook: left as it is; its prose may name values, `{{accuracy:.0%}}`.
        on_cell: called before each code cell.

    Returns:
        A copy with outputs, free of everything that differs from run to run by itself: times, widget models. And the
        values that the prose names, as texts.

    Raises:
        CourseError: a cell raised an error, took longer than twenty minutes, or its kernel died; a value that the
            prose names cannot be told; a name changed its kind.
    """
    from nbclient import NotebookClient

    from course_utils.tooling.own_kernel import MESSAGE_SECONDS, START_SECONDS, OwnKernel

    place = {"cell": None, "number": 0}

    def started(cell: NotebookNode, cell_index: int) -> None:  # noqa: ARG001 the names are nbclient's
        if cell.cell_type == "code" and cell is not asked:
            place.update(cell=cell, number=place["number"] + 1)
            if on_cell:
                on_cell()

    result = deepcopy(notebook)
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    asked = nbformat.v4.new_code_cell(
        f"from course_utils.tooling import kernel_side\nkernel_side.report({quoting.quoted(notebook)!r})"
    )
    result.cells.append(asked)
    # A learner's bars and progress file are not for runs without a screen.
    environment = {**os.environ, "COURSE_HEADLESS": "1"}
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
        client = NotebookClient(
            result,
            kernel_name=KERNEL["name"],
            kernel_manager_class=OwnKernel,
            timeout=CELL_SECONDS,
            startup_timeout=START_SECONDS,
            iopub_timeout=MESSAGE_SECONDS,
            record_timing=False,
            store_widget_state=False,
            on_cell_start=started,
            extra_arguments=[f"--IPKernelApp.exec_lines={WATCH}"],
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute(env=environment)
        except Exception as error:  # several unrelated types: an error in a cell, time out, a dead kernel
            raise CourseError(_describe(place["number"], place["cell"], error)) from error
    result.cells.remove(asked)
    return _clean(result), _answers(asked)


def _answers(asked: NotebookNode) -> dict[str, str]:
    """The values that the kernel told at the end."""
    told = json.loads("".join(output.text for output in asked.outputs if output.output_type == "stream"))
    problems = [f"the text quotes {{{{{place}}}}}: {error}" for place, error in told["errors"].items()]
    problems += [f"{change}; give the second another name" for change in told["changes"]]
    if problems:
        raise CourseError("\n".join(problems))
    return told["values"]


def _refuse_bare_figures(notebook: NotebookNode) -> None:
    found = quoting.bare_figures(notebook)
    if found:
        listed = ", ".join(f"{figure} in text cell {number}" for number, figure in found)
        raise CourseError(
            f"Measured figures typed by hand: {listed}. Name the value instead, as in {{{{accuracy:.0%}}}}."
        )


def _not_python(notebook: NotebookNode, error: SyntaxError) -> str:
    """Where the code is no Python, and what to do."""
    line = (error.text or error.msg).strip()
    for place, cell in code_cells(notebook):
        try:
            ast.parse(cell.source)
        except SyntaxError:
            return f"{place.capitalize()} is not plain Python: {line}. Write it as Python, without % and ! of IPython."
    return f"A file that the lesson stands on is not plain Python: {line}. Mend it; its exercises and claims count too."


def _describe(number: int, cell: NotebookNode | None, error: Exception) -> str:
    """Which cell, its code, and the error as the cell shows it."""
    if cell is None:
        return f"The kernel did not start: {error}"
    shown = [output for output in cell.outputs if output.output_type == "error"]
    message = f"{shown[0].ename}: {shown[0].evalue}" if shown else f"{type(error).__name__}: {error}"
    code = "\n".join(f"    {line}" for line in cell.source.splitlines())
    return f"Code cell {number} failed:\n{code}\n{message}"


def _clean(notebook: NotebookNode) -> NotebookNode:
    """Drop what belongs to one run only, and join what a cell printed in pieces."""
    notebook.metadata = NotebookNode(lesson_metadata(notebook))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.pop("execution", None)
            # A stored widget is dead, and its model id is another one each time.
            kept = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
            cell.outputs = _joined(kept)
    return notebook


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Neighbouring pieces of the same stream as one: where they are cut is chance."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last: Any = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _keep_outputs(notebook: NotebookNode, previous: NotebookNode) -> None:
    """Carry outputs over, code cell by code cell; both notebooks hold the same code."""
    new, old = ([cell for cell in some.cells if cell.cell_type == "code"] for some in (notebook, previous))
    for cell, before in zip(new, old, strict=True):
        cell.update(outputs=before.outputs, execution_count=before.execution_count)
