"""Where a command may write: nothing of the project's, and nothing that somebody else put there, is ever at risk."""

import hashlib
import itertools
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import click
import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import paths
from course_utils.errors import WrongUse
from course_utils.tooling import cli, output_place, workspace
from course_utils.tooling.notebook_files import write_notebook

FILES = (
    "README.md",
    "pyproject.toml",
    "notebooks/00_first.ipynb",
    "notebooks/source/lesson_00_first/lesson.py",
    "notebooks/mine/00_first.ipynb",
    "course_utils/models.py",
    "tests/unit/test_models.py",
    "data/results/16_int8.json",
    ".git/HEAD",
    ".github/workflows/ci.yml",
    ".ci/run",
    ".venv/bin/python",
    "build/report/report.json",
)
# Each command that writes where its caller says, with the option that says it; the last test holds the table.
FOLDER_COMMANDS = (
    ["build", "site"],
    ["build", "slides"],
    ["build", "solved"],
    ["run"],
    ["bench", "--quick"],
)
FILE_COMMANDS = (["bundle"],)


@contextmanager
def a_project():
    """A small project like the course's, beside folders of somebody else, while it is the one that commands work on."""
    with tempfile.TemporaryDirectory() as folder:
        above = Path(folder).resolve()
        root = above / "project"
        for name in FILES:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(name, encoding="utf-8")
        cells = [nbformat.v4.new_markdown_cell("# First"), nbformat.v4.new_code_cell("1")]
        write_notebook(nbformat.v4.new_notebook(cells=cells), root / "notebooks" / "00_first.ipynb")
        (above / "thesis").mkdir()
        (above / "thesis" / "chapter.tex").write_text("two years of work", encoding="utf-8")
        with mock.patch.object(paths, "project_root", lambda: root):
            yield root


@pytest.fixture
def project():
    with a_project() as root:
        yield root


def state(folder):
    """Every name below a folder with what it holds: a change of any kind is seen."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in sorted(folder.rglob("*"))
    }


# Places as people name them: below the project, above it, with detours, new names at the end, through links.
PLACES = st.tuples(
    st.sampled_from([name for name in FILES if not name.startswith("build")]),
    st.integers(0, 4),  # how many parents up: 4 is above the project
    st.sampled_from(["", "new", "new/deeper", "source", "html"]),
    st.sampled_from(["plain", "link", "link below", "dots", "link in the way"]),
)


def named(root, choice):
    """The path that a choice of PLACES describes; makes the links that it goes through beside the project."""
    name, up, more, form = choice
    place = root / name
    place = place.parent if place.is_file() else place
    for _ in range(up):
        place = place.parent if place != root.parent else place
    link = root.parent / "link"
    if form == "link":
        link.symlink_to(place)
        place = link
    elif form == "link below":  # a folder of one's own in which one name leads into the project
        (link / "deep").mkdir(parents=True)
        (link / "deep" / "html").symlink_to(place)
        return link / "deep"
    elif form == "dots":
        place = root.parent / "thesis" / ".." / place.relative_to(root.parent)
    elif form == "link in the way":
        link.symlink_to(root.parent)
        place = link / place.relative_to(root.parent)
    return place / more if more and place.resolve() != root.parent else place


@given(PLACES)
@settings(max_examples=100, deadline=None)
def test_no_place_of_the_project_is_accepted_however_it_is_named(choice):
    with a_project() as root:
        place = named(root, choice)
        before = state(root.parent)
        with pytest.raises(WrongUse) as refused:
            output_place.prepare_folder(place)
        assert "\n" not in str(refused.value)
        if place.resolve() != root.parent and choice[3] != "link below":  # a new file there lies outside the project
            with pytest.raises(WrongUse):
                output_place.check_file(place / "new.file")
        assert state(root.parent) == before


@pytest.mark.parametrize("name", ["build", "build/deep/new", "../results/new"])
def test_places_below_build_and_new_ones_outside_are_accepted_twice(project, name):
    for _ in range(2):
        place = output_place.prepare_folder(project / name)
        assert place.is_dir()
        (place / "made.html").write_text("made", encoding="utf-8")
        output_place.check_file(place / "new.zip")


def test_a_folder_with_somebody_elses_files_is_refused_and_an_empty_one_is_not(project):
    thesis = project.parent / "thesis"
    with pytest.raises(WrongUse, match=r"thesis holds files that no command of the course has made"):
        output_place.prepare_folder(thesis)
    with pytest.raises(WrongUse, match=r"chapter\.tex is there already"):
        output_place.check_file(thesis / "chapter.tex")
    (thesis / "chapter.tex").unlink()
    assert output_place.prepare_folder(thesis) == thesis
    shutil.copytree(project, project.parent / "copy")  # another copy of the course is somebody else's too
    with pytest.raises(WrongUse, match="holds files"):
        output_place.prepare_folder(project.parent / "copy")


def test_upper_and_lower_case_are_the_same_where_the_system_says_so(project):
    """As on macOS and Windows: the system finds NOTEBOOKS, and it is the folder notebooks."""
    plain = Path.stat

    def stat(self, **options):
        return plain(Path(str(self).lower().replace(str(project).lower(), str(project))), **options)

    with mock.patch.object(Path, "stat", stat):
        for name in ("NOTEBOOKS", "Notebooks/SOURCE", "Course_Utils/new", ".GIT", "../PROJECT/tests"):
            with pytest.raises(WrongUse, match="belongs to the course"):
                output_place.prepare_folder(project / name)
        output_place.prepare_folder(project / "BUILD" / "site")


@pytest.mark.parametrize("target", ["notebooks", "..", ".", "tests/unit"])
def test_a_build_folder_that_leads_into_the_project_is_no_way_round(project, target):
    shutil.rmtree(project / "build")
    (project / "build").symlink_to(target)
    before = state(project)
    with pytest.raises(WrongUse):
        output_place.prepare_folder(project / "build")
    if target != "..":  # a new folder beside the project is nobody's
        with pytest.raises(WrongUse):
            output_place.prepare_folder(project / "build" / "site")
    assert state(project) == before


def test_a_build_folder_on_another_disk_is_fine(project, tmp_path):
    shutil.rmtree(project / "build")
    (tmp_path / "old").touch()
    (project / "build").symlink_to(tmp_path)
    assert output_place.prepare_folder(project / "build") == project / "build"


def test_a_link_that_leads_to_itself_is_refused(project):
    loop = project.parent / "loop"
    loop.symlink_to(loop)
    with pytest.raises(WrongUse):
        output_place.prepare_folder(loop / "new")


@pytest.mark.parametrize("target", [".", "source", "../course_utils"])
def test_working_copies_are_never_made_over_the_courses_own_notebooks(project, target):
    shutil.rmtree(project / "notebooks" / "mine")
    (project / "notebooks" / "mine").symlink_to(target)
    before = state(project)
    from course_utils.tooling import catalogue

    with pytest.raises(WrongUse, match="mine"):
        workspace.refresh()
    with pytest.raises(WrongUse, match="mine"):
        workspace.reset(catalogue.lessons()[0])
    assert state(project) == before


@pytest.mark.parametrize(
    ("command", "place"),
    [
        *itertools.product(FOLDER_COMMANDS, ["notebooks", "..", "data/results", "../thesis"]),
        *itertools.product(FILE_COMMANDS, ["README.md", "data/new.zip", "../thesis/chapter.tex"]),
    ],
    ids=str,
)
def test_every_command_refuses_in_one_line_before_it_touches_anything(project, monkeypatch, command, place):
    monkeypatch.chdir(project)
    before = state(project.parent)
    result = CliRunner().invoke(cli.course, [*command, "--out", place])
    assert result.exit_code == 2, result.output
    [line] = [line for line in result.output.splitlines() if line.startswith("Error: ")]
    assert result.output.endswith(f"{line}\n")
    assert state(project.parent) == before


def test_the_commands_above_are_all_that_are_told_where_to_write():
    def with_a_path(command, name):
        if isinstance(command, click.Group):
            for sub in command.list_commands(None):
                yield from with_a_path(command.get_command(None, sub), f"{name} {sub}")
        elif any(isinstance(option.type, click.Path) and not option.type.exists for option in command.params):
            yield name.strip()

    commands = (*FOLDER_COMMANDS, *FILE_COMMANDS)
    tried = {" ".join(word for word in command if not word.startswith("-")) for command in commands}
    assert set(with_a_path(cli.course, "")) == tried
