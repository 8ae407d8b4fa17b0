"""Rules of the style guide: how a lesson opens and closes, and what its cells are."""

import ast
import re

from nbformat import NotebookNode

from course_utils.tooling.guards.finding import Finding, code_cells, prose, tags, trees

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


def opening(notebook: NotebookNode) -> list[Finding]:
    """A title, and near the beginning what the reader can do afterwards, what is needed before, and the time."""
    first = notebook.cells[0] if notebook.cells else None
    text = prose(notebook)
    title = first is not None and first.cell_type == "markdown" and first.source.startswith("# ")
    needed = {
        "a title, one # heading, in the first cell": title,
        "one title in the whole notebook": len(re.findall(r"^# ", text, re.MULTILINE)) == 1,
        "**After this notebook you can**": "After this notebook you can" in text,
        "**Before you start:**": "Before you start" in text,
        "**Time:**": "**Time:**" in text,
    }
    return [Finding("opening", "", f"expected {what}; write it") for what, there in needed.items() if not there]


def closing(notebook: NotebookNode) -> list[Finding]:
    """The answer as *So do this*, quiz, claims, take-home and what stays open, in this order."""
    cells = [(cell, "take-home" in tags(cell)) for cell in notebook.cells]
    marks = {
        "a heading *So do this*": [bool(re.search(r"^## So do this", cell.source, re.MULTILINE)) for cell, _ in cells],
        "a quiz (quizzes.ask)": [cell.cell_type == "code" and "quizzes.ask(" in cell.source for cell, _ in cells],
        "claims.review": [cell.cell_type == "code" and "claims.review(" in cell.source for cell, _ in cells],
        "a cell tagged take-home": [home for _, home in cells],
        "*What stays open*": [cell.cell_type == "markdown" and "stays open" in cell.source for cell, _ in cells],
    }
    findings, places = [], []
    for what, found in marks.items():
        if not any(found):
            findings.append(Finding("closing", "", f"expected {what} at the end; write it"))
        else:
            places.append((len(found) - 1 - found[::-1].index(True), what))
    if [what for _, what in sorted(places)] != [what for _, what in places]:
        order = ", ".join(what for _, what in places)
        findings.append(Finding("closing", "", f"expected the order {order}; move what stands elsewhere"))
    return findings


def picture_early(notebook: NotebookNode) -> list[Finding]:
    """There is something to look at within three code cells."""
    outputs = [output for _, cell in code_cells(notebook)[:3] for output in cell.outputs]
    if any("<img" in output.get("data", {}).get("text/html", "") for output in outputs):
        return []
    return [Finding("picture_early", "code cells 1 to 3", "show no picture; open with a result or a failure")]


def trains_or_draws(notebook: NotebookNode) -> list[Finding]:
    """A cell computes or it draws: one idea a cell."""
    findings = []
    for place, cell, tree in trees(notebook):
        calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        trains = any(call.endswith((".fit", ".train_on_batch")) for call in calls)
        draws = any(call.startswith(("plots.", "plt.")) or call.endswith((".plot", ".imshow")) for call in calls)
        if trains and draws and not set(tags(cell)) & set(ONE_IDEA):
            findings.append(Finding("trains_or_draws", place, "trains and draws; draw in the next cell"))
    return findings


def no_format_skips(notebook: NotebookNode) -> list[Finding]:
    """Every cell is as the formatter writes it."""
    return [
        Finding("no_format_skips", place, "holds `# fmt: skip`; shorten the line or name a part of it")
        for place, cell in code_cells(notebook)
        if re.search(r"#\s*fmt:\s*(skip|off)", cell.source)
    ]


def no_control_characters(notebook: NotebookNode) -> list[Finding]:
    """No progress bar, colour code or backspace in a stored output."""
    findings = []
    for place, cell in code_cells(notebook):
        texts = [output.get("text", "") for output in cell.outputs]
        texts += [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
        if any(CONTROL.search(text) for text in texts):
            message = "shows control characters; train with verbose=2 or draw the history"
            findings.append(Finding("no_control_characters", place, message))
    return findings


def no_alt_strings(notebook: NotebookNode) -> list[Finding]:
    """A plot makes its own text; a lesson passes data and a caption."""
    return [
        Finding("no_alt_strings", place, "passes alt=; call a function of `plots` that makes its own text")
        for place, _, tree in trees(notebook)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and any(keyword.arg == "alt" for keyword in node.keywords)
    ]


def nothing_hidden(notebook: NotebookNode) -> list[Finding]:
    """The learner sees every cell."""
    return [
        Finding("nothing_hidden", place, "is hidden or folded by its tags or metadata")
        for place, cell in code_cells(notebook)
        if any(tag.startswith(("hide", "remove")) for tag in tags(cell))
        or any(cell.metadata.get("jupyter", {}).get(key) for key in ("source_hidden", "outputs_hidden"))
    ]
