"""Slides of a notebook: reveal.js pages that need no network."""

import html
import re
import shutil
from pathlib import Path

from nbformat import NotebookNode

from course_utils.errors import CourseError
from course_utils.tooling import formulas
from course_utils.tooling.notebook_files import read_notebook
from course_utils.tooling.slide_contents import Slide, slides_of

__all__ = ["extra_missing", "render", "write"]

# The folder of reveal.js beside the pages.
ASSETS = "reveal"
TEMPLATES = Path(__file__).parent / "templates"
LINES_IN_ALL, LINES_OF_OUTPUT = 15, 8  # code and printed text on one slide; of a longer text the last lines are shown
WIDTH_OF_CODE = 1120  # pixels
MUCH_TEXT = 420  # characters, without links' addresses; from here on the letters are smaller


def extra_missing(error: ImportError) -> CourseError:
    """What is raised where a package is missing that the extra `site` brings."""
    return CourseError(
        f'Slides and site need the package {error.name}. Install the extra: python -m pip install --editable ".[site]"'
    )


def render(slides: list[Slide], title: str) -> str:
    """Slides as one HTML page that expects reveal.js in the folder `reveal` beside it.

    Args:
        slides: as `slides_of` gives them.
        title: of the page.

    Raises:
        CourseError: docutils, for the formulas, is not installed.
        ValueError: a formula cannot be translated.
    """
    from jinja2 import Environment, FileSystemLoader

    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    try:
        sections = [_section(slide, "h2" if number else "h1") for number, slide in enumerate(slides)]
    except ImportError as error:
        raise extra_missing(error) from error
    return templates.get_template("slides.html.j2").render(title=title, sections=sections, reveal=ASSETS)


def write(notebooks: dict[str, Path], folder: Path) -> list[Path]:
    """Write a page for each notebook, and reveal.js beside them.

    Args:
        notebooks: title to the stored notebook.
        folder: made if it is not there.

    Returns:
        The pages.

    Raises:
        CourseError: sphinx-revealjs, which brings reveal.js, is not installed.
    """
    try:
        import sphinx_revealjs
    except ImportError as error:
        raise extra_missing(error) from error
    shipped = Path(sphinx_revealjs.__file__).parent / "_static" / "revealjs"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(shipped / "dist", folder / ASSETS / "dist", dirs_exist_ok=True)
    pages = []
    for title, notebook in notebooks.items():
        page = folder / f"{notebook.stem}.html"
        page.write_text(render(slides_of(read_notebook(notebook)), title), encoding="utf-8")
        pages.append(page)
    return pages


def _section(slide: Slide, heading: str) -> str:
    """One slide as an element of the page."""
    parts = [f"<{heading}>{_inline(slide.title)}</{heading}>"]
    if slide.text:
        much = " much" if len(re.sub(r"\]\([^)]*\)", "]", slide.text)) > MUCH_TEXT else ""
        parts.append(f'<div class="text{much}">{_markdown(slide.text)}</div>')
    if slide.code:
        parts.append(_highlighted(slide.code))
    lines = min(LINES_OF_OUTPUT, max(2, LINES_IN_ALL - len(slide.code.splitlines())))
    parts += [_output(output, lines) for output in slide.outputs]
    if slide.takeaway:
        parts.append(f'<div class="takeaway">{_markdown(slide.takeaway)}</div>')
    # On the wall there is a lesson, and no notebook. (No picture is touched: its letters hold no spaces.)
    body = re.sub(r"\b([Tt])his notebook\b", r"\1his lesson", "\n".join(parts))
    return f'<section class="{slide.kind}">\n{body}\n</section>'


def _markdown(text: str) -> str:
    from nbconvert.filters import markdown2html

    return markdown2html(formulas.in_markdown(text)).replace("&#182;", "")


def _inline(text: str) -> str:
    """Markdown of one line, without the paragraph around it."""
    return re.sub(r"^<p>(.*)</p>\s*$", r"\1", _markdown(text).strip(), flags=re.DOTALL)


def _highlighted(code: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    style = f"font-size: {_letters(code)}px"
    form = HtmlFormatter(noclasses=True, nobackground=True, cssclass="code", prestyles=style)
    return highlight(code, PythonLexer(), form)


def _letters(text: str) -> int:
    """The size of letters of equal width, in pixels, at which the longest line fits; 24 for a line of 75 or fewer."""
    return min(24, int(WIDTH_OF_CODE / (0.62 * max(map(len, text.splitlines())))))


def _output(output: NotebookNode, most: int) -> str:
    """A stored output: HTML where there is some, or the end of a text."""
    data = output.get("data", {})
    if "text/html" in data:
        return f'<div class="output">{data["text/html"]}</div>'
    lines = (output.get("text") or data.get("text/plain", "")).rstrip().splitlines()
    if not lines:
        return ""
    shown = lines if len(lines) <= most else ["…", *lines[-most:]]
    text = "\n".join(shown)
    return f'<pre style="font-size: {_letters(text)}px">{html.escape(text)}</pre>'
