"""What a lesson shows in front of a class: its slides, from the cells tagged `slide` and from every prediction.

An author tags with `slide` what belongs on the wall, and nothing else; the form follows from what the cell is:

- a heading gives its title to the slides below it, and the first sentence behind it stands on the next one;
- code shows at most ten lines and its figure; code that only draws shows its figure alone;
- a list, a table, a quotation is shown as it is; of other paragraphs only the first sentence, as one point of several;
- the first sentence of *What you see* stands below the figure that it speaks of.

`quizzes.predict` needs no tag: the question comes on a slide, the answer with the figure on the next.
"""

import base64
import io
import re
from dataclasses import dataclass, replace

from nbformat import NotebookNode
from PIL import Image

from course_utils import quizzes
from course_utils.tooling.code_on_show import LINES, excerpt, only_draws

__all__ = ["Slide", "picture_file", "slides_of"]

# More code gets a slide of its own, and beside a figure that is taller in proportion so little is left out: the figure
# stays large.
LINES_ABOVE_A_FIGURE, TALL = 2, 0.45
SENTENCE_END = re.compile(r"""(?:(?<=[.?!])|(?<=[.?!][*")]))\s+(?=[A-Z*`"(\d$])""")
FENCED = re.compile(r"```python\n(.*)\n```", re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+)$")
SEE = "*What you see.*"
FOR_READERS = "**Time:**"  # in the opening; a room has a clock of its own


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes:
        title: in Markdown, on one line.
        text: Markdown above code and figure.
        code: Python.
        outputs: a cell's outputs, as a notebook stores them: one figure, or texts.
        takeaway: Markdown below the figure.
        kind: "question", "answer" or "".
    """

    title: str
    text: str = ""
    code: str = ""
    outputs: tuple[NotebookNode, ...] = ()
    takeaway: str = ""
    kind: str = ""


def slides_of(notebook: NotebookNode) -> list[Slide]:
    """The slides of a stored notebook, in order.

    Args:
        notebook: left as it is.

    Raises:
        LookupError: a cell asks for a prediction that the lesson's quiz.json does not have.
    """
    talk = _Talk()
    for cell in notebook.cells:
        marked = "slide" in cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            talk.take_prose(cell.source, marked)
        elif cell.cell_type == "code":
            talk.take_code(cell, marked)
    talk.end_section()
    return talk.slides


class _Talk:
    """The slides so far, and what waits for the cells to come."""

    def __init__(self) -> None:
        self.slides: list[Slide] = []
        self.title = ""
        self.lead: list[str] = []  # the blocks of a marked markdown cell that no slide has shown yet
        self.question: Slide | None = None
        self.shown: list[NotebookNode] = []  # the figures of the experiment that answers it, else what it printed
        self.verdict: Slide | None = None  # said, and waiting for its figure
        self.fresh_figure = False  # whether the last slide shows a figure that nothing was said about

    def take_prose(self, text: str, marked: bool) -> None:
        self._close_answer()
        blocks = _blocks(text)
        for heading in filter(None, map(HEADING.match, blocks)):
            self.end_section()
            self.title = heading[1]
        blocks = [block for block in blocks if not HEADING.match(block)]
        for block in [block for block in blocks if block.startswith(SEE)]:
            self._see(_sentences(block.removeprefix(SEE)))
        blocks = [block for block in blocks if not block.startswith((SEE, FOR_READERS))]
        if marked:
            self._show_lead()
            self.lead = blocks or [""]

    def take_code(self, cell: NotebookNode, marked: bool) -> None:
        for identity in _calls(cell.source, "quizzes.predict"):
            question = quizzes.get(identity)
            self._ask("\n".join([question.text, "", *(f"- **{o.key})** {o.text}" for o in question.options)]))
            return
        figures = [output for output in cell.get("outputs", []) if _is_figure(output)]
        others = [output for output in cell.get("outputs", []) if not _is_figure(output)]
        code = "" if only_draws(cell.source) else excerpt(cell.source)
        answered = _calls(cell.source, "quizzes.verdict")
        if self.question:
            if marked and code and not answered:
                self._add(Slide(self.title, self._take_lead(), code))
            self._observe(figures, [] if answered else others)
        elif self.verdict and figures:
            self.shown = figures
            self._close_answer()
        elif marked:
            self._close_answer()
            self._show_code(code, figures, others)
        for identity in answered:
            right = next(option for option in quizzes.get(identity).options if option.right)
            self._answer(f"**It was {right.key}: {right.text}** {right.feedback}")

    def end_section(self) -> None:
        """Show what still waits: nothing that follows belongs to it."""
        self._end_question()
        self._show_lead()

    def _add(self, slide: Slide) -> None:
        self.slides.append(slide)
        self.fresh_figure = bool(slide.outputs) and _is_figure(slide.outputs[0])

    def _show_code(self, code: str, figures: list[NotebookNode], others: list[NotebookNode]) -> None:
        if not (code or figures or others):
            return
        text = self._take_lead()
        if figures and len(code.splitlines()) > LINES_ABOVE_A_FIGURE:
            self._add(Slide(self.title, text, code))
            code = text = ""
        elif figures and _is_tall(figures[0]):
            code = ""
        if not figures:
            self._add(Slide(self.title, text, code, tuple(others)))
        for number, figure in enumerate(figures):
            self._add(Slide(self.title, "" if number else text, "" if number else code, (figure,)))

    def _take_lead(self) -> str:
        """The sentence of the lead that fits above code or a figure; a lead with a list or the like stands alone."""
        if any(not _is_paragraph(block) for block in self.lead):
            self._show_lead()
        sentences, self.lead = _sentences(self.lead[0]) if self.lead else [], []
        return " ".join(sentences[:1] + [sentence for sentence in sentences[1:] if sentence.endswith("?")])

    def _show_lead(self) -> None:
        blocks, self.lead = [block for block in self.lead if block], []
        paragraphs = sum(map(_is_paragraph, blocks))
        points: list[str] = []
        programs: list[str] = []  # too long to stand among words
        for block, next_block in zip(blocks, [*blocks, ""][1:], strict=True):
            if _is_list(next_block) and len(_sentences(block)) == 1:
                points += ["", block, ""]  # it announces the list
            elif _is_paragraph(block):
                points += [f"- {point}" for point in _sentences(block)[: 4 if paragraphs == 1 else 1]]
            elif block.startswith(">"):
                said = _sentences(re.sub(r"^> ?", "", block, flags=re.MULTILINE))
                points += ["", f"> {' '.join(said[:3])}", ""]
            elif (fenced := FENCED.fullmatch(block)) and len(fenced[1].splitlines()) > LINES:
                programs.append(excerpt(fenced[1]))
            else:
                points += ["", block, ""]
        if points:
            self._add(Slide(self.title, "\n".join(points)))
        for program in filter(None, programs):
            self._add(Slide(self.title, code=program))

    def _ask(self, text: str) -> None:
        self._end_question()
        self.question = Slide(self.title, text, kind="question")

    def _end_question(self) -> None:
        """A question without a verdict is answered by what was to be seen; without either it is not asked."""
        self._close_answer()
        if self.question and self.shown:
            self._answer("")
            self._close_answer()
        self.question, self.shown = None, []

    def _observe(self, figures: list[NotebookNode], others: list[NotebookNode]) -> None:
        if figures:
            self.shown = [one for one in self.shown if _is_figure(one)] + figures
        elif others and not any(map(_is_figure, self.shown)):
            self.shown = others

    def _answer(self, text: str) -> None:
        if self.question:
            lead = self._take_lead()  # unless the experiment's code has shown it
            self._add(replace(self.question, text="\n\n".join(filter(None, [lead, self.question.text]))))
            self.verdict, self.question = Slide(self.title, text, kind="answer"), None
            if any(map(_is_figure, self.shown)):
                self._close_answer()

    def _close_answer(self) -> None:
        if not self.verdict:
            return
        verdict, shown, self.verdict, self.shown = self.verdict, self.shown, None, []
        if any(map(_is_figure, shown)):
            self._add(replace(verdict, outputs=(shown[0],)))
            for figure in shown[1:]:
                self._add(Slide(self.title, outputs=(figure,)))
        else:
            self._add(replace(verdict, outputs=tuple(shown) or self._seen_before()))

    def _seen_before(self) -> tuple[NotebookNode, ...]:
        """The last figure under the same title: a question about it is answered beside it."""
        shown = [slide.outputs for slide in self.slides if slide.title == self.title and slide.outputs]
        return next((outputs for outputs in reversed(shown) if _is_figure(outputs[0])), ())

    def _see(self, sentences: list[str]) -> None:
        if self.question:
            self._answer(" ".join(sentences[:2]))
            self._close_answer()
        elif self.fresh_figure:
            self.slides[-1] = replace(self.slides[-1], takeaway=sentences[0] if sentences else "")
            self.fresh_figure = False


def _blocks(text: str) -> list[str]:
    """Markdown cut at its empty lines and around headings, but not inside code between fences."""
    blocks: list[str] = []
    for piece in re.split(r"(^```.*?^```$)", text, flags=re.DOTALL | re.MULTILINE):
        parts = [piece] if piece.startswith("```") else re.split(r"\n\s*\n|(?m:^(#{1,6} .+)$)", piece)
        blocks += [part.strip() for part in parts if part and part.strip()]
    return blocks


def _is_paragraph(block: str) -> bool:
    return not re.match(r"[>|<]|```|\$\$|!\[", block) and not _is_list(block)


def _is_list(block: str) -> bool:
    return bool(re.match(r"[-*+] |\d+\. ", block))


def _sentences(paragraph: str) -> list[str]:
    return [part for part in SENTENCE_END.split(" ".join(paragraph.split())) if part]


def _calls(source: str, function: str) -> list[str]:
    """The first argument, as text, of each call of a function in a cell."""
    return re.findall(rf"\b{re.escape(function)}\(\s*[\"']([^\"']+)[\"']", source)


def _is_figure(output: NotebookNode) -> bool:
    return "<figure" in output.get("data", {}).get("text/html", "")


def _is_tall(figure: NotebookNode) -> bool:
    content = picture_file(figure)
    if content is None:
        return False
    width, height = Image.open(io.BytesIO(content)).size
    return height > TALL * width


def picture_file(output: NotebookNode) -> bytes | None:
    """The file of the picture that an output shows, or None where it shows none."""
    found = re.search(r'src="data:image/\w+;base64,([^"]+)"', output.get("data", {}).get("text/html", ""))
    return base64.b64decode(found[1]) if found else None
