"""The site: stored notebooks, guide, data cards and glossary as pages that need no network."""

import contextlib
import html
import io
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode
from PIL import Image

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.tooling.catalogue import Lesson, on_shelves
from course_utils.tooling.code_on_show import only_draws
from course_utils.tooling.notebook_files import read_notebook, write_notebook
from course_utils.tooling.slide_contents import picture_file
from course_utils.tooling.slides import extra_missing

__all__ = ["build"]

PLACE_OF_THE_LESSONS = "<!-- the lessons -->"  # in index.md
WITHIN = re.compile(r"\]\(#([^)\s]+)\)")  # a link to a heading of the same page, as JupyterLab names it
NO_NAME = re.compile(r"[^\w-]")  # what the name of a heading loses on the site
SHORT = 2  # lines: code that is as short as the button that would unfold it stays


def build(lessons: Sequence[Lesson], folder: Path) -> Path:
    """Make the site from the stored outputs; nothing is executed.

    Args:
        lessons: those with a stored notebook.
        folder: what was in its subfolders `source` and `html` is replaced.

    Returns:
        The first page.

    Raises:
        CourseError: the extra `site` is not installed, or Sphinx found something wrong, such as a broken link.
    """
    try:
        import myst_nb  # noqa: F401  (Sphinx imports it by name)
        import sphinx_book_theme  # noqa: F401
        from sphinx.cmd.build import build_main
    except ImportError as error:
        raise extra_missing(error) from error
    source, pages = folder / "source", folder / "html"
    for old in (source, pages):
        shutil.rmtree(old, ignore_errors=True)
    _gather(lessons, source)
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        status = build_main(["-q", "-W", "--keep-going", "-d", str(folder / "doctrees"), str(source), str(pages)])
    if status != 0:
        raise CourseError(f"The site was not built:\n{complained.getvalue().strip()}")
    return pages / "index.html"


def _gather(lessons: Sequence[Lesson], source: Path) -> None:
    """Copy what is written by hand, and write what is made."""
    shutil.copytree(paths.notebooks_folder() / "site", source)
    pictures = source / "_static" / "first"
    pictures.mkdir()
    for lesson in lessons:
        notebook = read_notebook(lesson.notebook)
        _fold_what_only_draws(notebook)
        _name_headings_as_sphinx_does(notebook)
        write_notebook(notebook, source / lesson.notebook.name)
        if picture := _first_picture(notebook):
            Image.open(io.BytesIO(picture)).convert("RGB").save(pictures / f"{lesson.name}.jpg", quality=85)
    front = source / "index.md"
    offer = _offer(lessons, {path.stem for path in pictures.iterdir()})
    front.write_text(front.read_text(encoding="utf-8").replace(PLACE_OF_THE_LESSONS, offer), encoding="utf-8")
    made = {"glossary": _glossary_page(), "data": _of_data("README.md"), "licences": _of_data("licences.md")}
    for name, text in made.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")


def _fold_what_only_draws(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code" and len(cell.source.splitlines()) > SHORT and only_draws(cell.source):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]


def _name_headings_as_sphinx_does(notebook: NotebookNode) -> None:
    """Links within a page: JupyterLab keeps capitals and signs in the name of a heading, the site does not."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = WITHIN.sub(lambda link: f"](#{NO_NAME.sub('', link[1].lower())})", cell.source)


def _first_picture(notebook: NotebookNode) -> bytes | None:
    """The file of the first figure that a notebook stores."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return next(filter(None, map(picture_file, outputs)), None)


def _offer(lessons: Sequence[Lesson], pictured: set[str]) -> str:
    """The lessons on the front page: for each shelf a heading, cards, and the entries of the sidebar."""
    parts = []
    for shelf, there in on_shelves(lessons).items():
        entries = "\n".join(f"{lesson.number} {lesson.title} <{lesson.name}>" for lesson in there)
        cards = "\n".join(_card(lesson, pictured=lesson.name in pictured) for lesson in there)
        parts.append(f'## {shelf}\n\n<div class="cards">\n{cards}\n</div>\n')
        parts.append(f"```{{toctree}}\n:caption: {shelf}\n:maxdepth: 1\n:hidden:\n\n{entries}\n```\n")
    return "\n".join(parts)


def _card(lesson: Lesson, *, pictured: bool) -> str:
    minutes = ", ".join(
        f"{number:.0f} {'minute' if number == 1 else 'minutes'} to {word}" for word, number in lesson.minutes.items()
    )
    lines = {"question": lesson.question, "minutes": minutes, "needs": lesson.needs and f"You need: {lesson.needs}"}
    below = "".join(f'<span class="{name}">{_plain(text)}</span>' for name, text in lines.items() if text)
    picture = f'<img src="_static/first/{lesson.name}.jpg" alt=""/>' if pictured else ""
    return (
        f'<a class="lesson" href="{lesson.name}.html">{picture}'
        f'<span class="title"><span class="number">{lesson.number}</span> {_plain(lesson.title)}</span>{below}</a>'
    )


def _plain(markdown: str) -> str:
    """One line of Markdown as text: signs of emphasis and links gone, the rest escaped."""
    return html.escape(re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", markdown).replace("*", "").replace("`", ""))


def _of_data(file: str) -> str:
    return (paths.data_folder() / file).read_text(encoding="utf-8")


def _glossary_page() -> str:
    entries = json.loads((paths.data_folder() / "glossary.json").read_text(encoding="utf-8"))
    rows = [f"| {entry['term']} | {entry['chinese']} | {entry['definition']} |" for entry in entries]
    return "\n".join(["# Glossary", "", "| term | in Chinese | what it means |", "| --- | --- | --- |", *rows, ""])
