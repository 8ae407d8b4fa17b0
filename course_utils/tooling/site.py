"""The site: stored notebooks, guide, data cards and glossary as pages that need no network."""

import contextlib
import io
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from course_utils import paths
from course_utils.tooling import pacing
from course_utils.tooling.catalogue import Lesson
from course_utils.tooling.slides import MissingExtra

__all__ = ["SiteFailed", "build"]


class SiteFailed(RuntimeError):
    """Sphinx reported an error or a warning."""


def build(lessons: Sequence[Lesson], folder: Path) -> Path:
    """Make the site from the stored outputs; nothing is executed.

    Args:
        lessons: those with a stored notebook.
        folder: what was in its subfolders `source` and `html` is replaced.

    Returns:
        The first page.

    Raises:
        MissingExtra: the extra `site` is not installed.
        SiteFailed: Sphinx found something wrong, such as a broken link.
    """
    try:
        import myst_nb  # noqa: F401  (Sphinx imports it by name)
        import sphinx_book_theme  # noqa: F401
        from sphinx.cmd.build import build_main
    except ImportError as error:
        raise MissingExtra(error.name or "myst-nb") from error
    source, pages = folder / "source", folder / "html"
    for old in (source, pages):
        shutil.rmtree(old, ignore_errors=True)
    _gather(lessons, source)
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        status = build_main(["-q", "-W", "--keep-going", "-d", str(folder / "doctrees"), str(source), str(pages)])
    if status != 0:
        raise SiteFailed(f"The site was not built:\n{complained.getvalue().strip()}")
    return pages / "index.html"


def _gather(lessons: Sequence[Lesson], source: Path) -> None:
    """Copy what is written by hand, and write what is made."""
    shutil.copytree(paths.notebooks_folder() / "site", source)
    for lesson in lessons:
        shutil.copy(lesson.notebook, source)
    loads = [pacing.measure(lesson) for lesson in lessons]
    made = {"pacing": pacing.as_markdown(loads), "glossary": _glossary_page()}
    made |= {"data": _of_data("README.md"), "licences": _of_data("licences.md")}
    for name, text in made.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")


def _of_data(file: str) -> str:
    return (paths.data_folder() / file).read_text(encoding="utf-8")


def _glossary_page() -> str:
    entries = json.loads((paths.data_folder() / "glossary.json").read_text(encoding="utf-8"))
    rows = [f"| {entry['term']} | {entry['chinese']} | {entry['definition']} |" for entry in entries]
    return "\n".join(["# Glossary", "", "| term | in Chinese | what it means |", "| --- | --- | --- |", *rows, ""])
