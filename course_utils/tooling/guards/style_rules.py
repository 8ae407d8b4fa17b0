"""Rules of the style guide: sizes, the opening, the closing."""

import ast
import re
import statistics

from nbformat import NotebookNode

from course_utils.tooling.guards.finding import Finding, code_cells, prose, prose_cells, tags, trees

__all__ = [
    "cell_lines",
    "closing",
    "code_cell_count",
    "exercise_count",
    "nothing_hidden",
    "opening",
    "prose_between_code",
    "sections",
    "word_count",
]

WORDS, CODE_CELLS, SECTIONS, EXERCISES, OBJECTIVES = (1200, 2500), (20, 40), (4, 8), (3, 6), (3, 5)
LINES, FUNCTION_LINES, MEDIAN_LINES = 25, 30, 6
LINKS, QUESTIONS = 4, (3, 6)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
NOT_WORDS = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$|<[^>]+>|\]\([^)]*\)", re.DOTALL)
WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")


def word_count(notebook: NotebookNode) -> list[Finding]:
    """1,200 to 2,500 words of prose."""
    return _within("word_count", _words(notebook), WORDS, "words")


def code_cell_count(notebook: NotebookNode) -> list[Finding]:
    """20 to 40 code cells."""
    return _within("code_cell_count", len(code_cells(notebook)), CODE_CELLS, "code cells")


def sections(notebook: NotebookNode) -> list[Finding]:
    """Four to eight sections."""
    return _within("sections", len(re.findall(r"^## ", _flat(notebook), re.MULTILINE)), SECTIONS, "sections (##)")


def exercise_count(notebook: NotebookNode) -> list[Finding]:
    """Three to six exercises."""
    count = sum("exercise" in tags(cell) for _, cell in code_cells(notebook))
    return _within("exercise_count", count, EXERCISES, "cells tagged exercise")


def cell_lines(notebook: NotebookNode) -> list[Finding]:
    """At most 25 lines a code cell, 30 where it defines a function, and a median of at most 6; blank lines are free."""
    findings, lengths = [], []
    for place, cell, tree in trees(notebook):
        length = sum(bool(line.strip()) for line in cell.source.splitlines())
        lengths.append(length)
        defines = any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)
        limit = FUNCTION_LINES if defines else LINES
        if length > limit:
            findings.append(Finding("cell_lines", place, f"{length} lines, expected at most {limit}"))
    if lengths and statistics.median(lengths) > MEDIAN_LINES:
        median = statistics.median(lengths)
        findings.append(Finding("cell_lines", "", f"the median is {median:g} lines, expected at most {MEDIAN_LINES}"))
    return findings


def prose_between_code(notebook: NotebookNode) -> list[Finding]:
    """Never three code cells without a sentence between them."""
    findings, run, number = [], 0, 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            run, number = run + 1, number + 1
            if run == 3:
                findings.append(Finding("prose_between_code", f"code cell {number}", "is the third without a sentence"))
        elif any(not line.lstrip().startswith("#") and WORD.search(line) for line in cell.source.splitlines()):
            run = 0
    return findings


def nothing_hidden(notebook: NotebookNode) -> list[Finding]:
    """The learner sees every cell."""
    return [
        Finding("nothing_hidden", place, "is hidden or folded by its tags or metadata")
        for place, cell in code_cells(notebook)
        if any(tag.startswith(("hide", "remove")) for tag in tags(cell))
        or any(cell.metadata.get("jupyter", {}).get(key) for key in ("source_hidden", "outputs_hidden"))
    ]


def opening(notebook: NotebookNode) -> list[Finding]:
    """Title, objectives, what to know first, minutes, imports, parameters, and the seed in plain sight."""
    first = notebook.cells[0].source if prose_cells(notebook) and notebook.cells[0].cell_type == "markdown" else ""
    text = first.lower()
    objectives = re.search(r"after this notebook you can[^\n]*\n+((?:[-*] [^\n]*\n?(?:  [^\n]*\n?)*)+)", first, re.I)
    count = len(re.findall(r"^[-*] ", objectives[1], re.MULTILINE)) if objectives else 0
    code = "\n".join(cell.source for _, cell in code_cells(notebook))
    parameters = [cell.source for _, cell in code_cells(notebook) if "parameters" in tags(cell)]
    needed = {
        "a title, one # heading, in the first cell": first.startswith("# "),
        "one title in the whole notebook": len(re.findall(r"^# ", _flat(notebook), re.MULTILINE)) == 1,
        "*After this notebook you can* with three to five objectives": OBJECTIVES[0] <= count <= OBJECTIVES[1],
        "*What to know first*": "what to know first" in text,
        "the minutes to run in smoke, quick and full, and to study": all(
            word in text for word in ("minute", "smoke", "quick", "full", "study")
        ),
        'one cell tagged parameters with profile: str = "quick" and seed: int = 0': len(parameters) == 1
        and 'profile: str = "quick"' in parameters[0]
        and "seed: int = 0" in parameters[0],
        "keras.utils.set_random_seed(seed)": "keras.utils.set_random_seed(seed)" in code,
    }
    return [Finding("opening", "", f"expected {what}") for what, there in needed.items() if not there]


def closing(notebook: NotebookNode) -> list[Finding]:
    """A summary, a self-check quiz, what is left open and where it is taken up, and few links."""
    text = _flat(notebook)
    heading = list(re.finditer(r"^##+ .*\bsummary\b.*$", text, re.MULTILINE | re.IGNORECASE))
    end = text[heading[-1].start() :] if heading else ""
    asked = len(re.findall(r"quizzes\.ask\(", "\n".join(cell.source for _, cell in code_cells(notebook))))
    needed = {
        "a section called Summary near the end": bool(heading),
        "three to six questions (quizzes.ask)": QUESTIONS[0] <= asked <= QUESTIONS[1],
        "after the summary, the notebook that takes up what is left open": bool(
            re.search(r"\b\d\d_\w+|\bnotebooks? \d\d\b", end, re.IGNORECASE)
        ),
        "at most four links after the summary": len(re.findall(r"\]\(http|<http", end)) <= LINKS,
    }
    return [Finding("closing", "", f"expected {what}") for what, there in needed.items() if not there]


def _flat(notebook: NotebookNode) -> str:
    """The prose without fenced code, in which a number sign is a comment."""
    return FENCE.sub("", prose(notebook))


def _words(notebook: NotebookNode) -> int:
    return len(WORD.findall(NOT_WORDS.sub(" ", _flat(notebook))))


def _within(rule: str, count: int, limits: tuple[int, int], what: str) -> list[Finding]:
    low, high = limits
    return [] if low <= count <= high else [Finding(rule, "", f"{count:,} {what}, expected {low:,} to {high:,}")]
