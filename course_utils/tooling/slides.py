"""Slides of a notebook: reveal.js pages that need no network."""

import shutil
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode

from course_utils.tooling import formulas
from course_utils.tooling.pairing import read_notebook

__all__ = ["MissingExtra", "render", "write"]

# The folder of reveal.js beside the pages.
ASSETS = "reveal"
TEMPLATES = Path(__file__).parent / "templates"


class MissingExtra(RuntimeError):
    """What the extra `site` brings is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f'Slides and site need the package {package}. Install the extra: python -m pip install --editable ".[site]"'
        )


def render(notebook: NotebookNode, title: str) -> str:
    """The slides edition of a notebook as one HTML page that expects reveal.js in the folder `reveal` beside it.

    Args:
        notebook: as `editions.slides` gives it.
        title: of the page.

    Raises:
        MissingExtra: docutils, for the formulas, is not installed.
        ValueError: a formula cannot be translated.
    """
    from nbconvert import SlidesExporter
    from nbconvert.preprocessors import TagRemovePreprocessor

    notebook = deepcopy(notebook)
    notebook.metadata["title"] = title
    try:
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = formulas.in_markdown(cell.source)
    except ImportError as error:
        raise MissingExtra("docutils") from error
    exporter = SlidesExporter(
        extra_template_basedirs=[str(TEMPLATES)],
        template_name="course_slides",
        reveal_url_prefix=ASSETS,
        reveal_theme="white",
    )
    exporter.register_preprocessor(TagRemovePreprocessor(remove_input_tags={"hide-input"}), enabled=True)
    return exporter.from_notebook_node(notebook)[0]


def write(notebooks: dict[str, Path], folder: Path) -> list[Path]:
    """Write a page for each notebook, and reveal.js beside them.

    Args:
        notebooks: title to the stored notebook.
        folder: made if it is not there.

    Returns:
        The pages.

    Raises:
        MissingExtra: sphinx-revealjs, which brings reveal.js, is not installed.
    """
    from course_utils.tooling import editions

    try:
        import sphinx_revealjs
    except ImportError as error:
        raise MissingExtra("sphinx-revealjs") from error
    shipped = Path(sphinx_revealjs.__file__).parent / "_static" / "revealjs"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(shipped / "dist", folder / ASSETS / "dist", dirs_exist_ok=True)
    pages = []
    for title, notebook in notebooks.items():
        page = folder / f"{notebook.stem}.html"
        page.write_text(render(editions.slides(read_notebook(notebook)), title), encoding="utf-8")
        pages.append(page)
    return pages
