"""Rules of the style guide: how a lesson opens and closes, and what its cells are."""

import ast
import re

from nbformat import NotebookNode

from course_utils.tooling.guards.finding import Breaches, code_cells, prose, tags, trees

__all__ = [
    "closing",
    "no_alt_strings",
    "no_control_characters",
    "no_format_skips",
    "nothing_hidden",
    "opening",
    "picture_early",
    "trains_or_draws",
]

ONE_IDEA = ("take-home", "whole-program")  # tags of cells that are a whole program on purpose
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


def opening(notebook: NotebookNode) -> Breaches:
    """A title, and near the beginning what the reader can do afterwards, what is needed before, and the time."""
    title = any(cell.cell_type == "markdown" and cell.source.startswith("# ") for cell in notebook.cells[:1])
    text = prose(notebook)
    needed = {
        "a title, one # heading, in the first cell": title,
        "one title in the whole notebook": len(re.findall(r"^# ", text, re.MULTILINE)) == 1,
        "**After this notebook you can**": "After this notebook you can" in text,
        "**Before you start:**": "Before you start" in text,
        "**Time:**": "**Time:**" in text,
    }
    yield from (("", f"expected {what}; write it") for what, there in needed.items() if not there)


def closing(notebook: NotebookNode) -> Breaches:
    """The answer as *So do this*, quiz, claims, take-home and what stays open, in this order."""
    texts = [f"{cell.cell_type} {' '.join(tags(cell))}\n{cell.source}" for cell in notebook.cells]
    marks = {
        "a heading *So do this*": r"(?m)^## So do this",
        "a quiz (quizzes.ask)": r"(?s)^code .*quizzes\.ask\(",
        "claims.review": r"(?s)^code .*claims\.review\(",
        "a cell tagged take-home": r"^code .*\btake-home\b",
        "*What stays open*": r"(?s)^markdown .*stays open",
    }
    places = {what: [n for n, text in enumerate(texts) if re.search(mark, text)] for what, mark in marks.items()}
    yield from (("", f"expected {what} at the end; write it") for what, found in places.items() if not found)
    last = [found[-1] for found in places.values() if found]
    if last != sorted(last):
        yield "", f"expected the order {', '.join(marks)}; move what stands elsewhere"


def picture_early(notebook: NotebookNode) -> Breaches:
    """There is something to look at within three code cells."""
    shown = [output for _, cell in code_cells(notebook)[:3] for output in cell.outputs]
    if not any("<img" in output.get("data", {}).get("text/html", "") for output in shown):
        yield "code cells 1 to 3", "show no picture; open with a result or a failure"


def trains_or_draws(notebook: NotebookNode) -> Breaches:
    """A cell computes or it draws: one idea a cell."""
    for place, cell, tree in trees(notebook):
        calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        trains = any(call.endswith((".fit", ".train_on_batch")) for call in calls)
        draws = any(call.startswith(("plots.", "plt.")) or call.endswith((".plot", ".imshow")) for call in calls)
        if trains and draws and not set(tags(cell)) & set(ONE_IDEA):
            yield place, "trains and draws; draw in the next cell"


def no_format_skips(notebook: NotebookNode) -> Breaches:
    """Every cell is as the formatter writes it."""
    for place, cell in code_cells(notebook):
        if re.search(r"#\s*fmt:\s*(skip|off)", cell.source):
            yield place, "holds `# fmt: skip`; shorten the line or name a part of it"


def no_control_characters(notebook: NotebookNode) -> Breaches:
    """No progress bar, colour code or backspace in a stored output."""
    for place, cell in code_cells(notebook):
        texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
        if any(map(CONTROL.search, texts)):
            yield place, "shows control characters; train with verbose=2 or draw the history"


def no_alt_strings(notebook: NotebookNode) -> Breaches:
    """A plot makes its own text; a lesson passes data and a caption."""
    for place, _, tree in trees(notebook):
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        if any(keyword.arg == "alt" for call in calls for keyword in call.keywords):
            yield place, "passes alt=; call a function of `plots` that makes its own text"


def nothing_hidden(notebook: NotebookNode) -> Breaches:
    """The learner sees every cell."""
    for place, cell in code_cells(notebook):
        folded = any(cell.metadata.get("jupyter", {}).get(key) for key in ("source_hidden", "outputs_hidden"))
        if folded or any(tag.startswith(("hide", "remove")) for tag in tags(cell)):
            yield place, "is hidden or folded by its tags or metadata"
