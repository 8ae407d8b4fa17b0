"""The command line: help, exit status, one-line errors, and that light commands stay light."""

import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from course_utils import datasets
from course_utils.errors import WrongUse
from course_utils.tooling import catalogue, cli
from course_utils.tooling.notebook_files import read_notebook, to_notebook, write_notebook

HEAVY = ("tensorflow", "keras", "jax", "torch", "papermill", "nbformat", "jupytext", "nbclient", "numpy", "matplotlib")
COMMANDS = ("doctor", "list", "lab", "reset", "progress", "data", "run", "store", "check")

# Runs a command and prints, as its last line, its CPU seconds and the heavy modules that it loaded.
MEASURE = """
import json, sys, time
from course_utils.tooling.cli import main
try:
    main(sys.argv[1:])
except SystemExit as error:
    status = error.code
loaded = [name for name in %r if name in sys.modules]
print(json.dumps({"status": status or 0, "cpu": time.process_time(), "loaded": loaded}))
"""


def source(folder, name):
    return folder / "source" / f"lesson_{name}" / "lesson.py"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A course of one stored lesson and one that has a source only."""
    for name in ("01_first", "02_second"):
        (tmp_path / "source" / f"lesson_{name}").mkdir(parents=True)
    opening = "# %% [markdown]\n# # First\n#\n# **Time:** 2 minutes to run, 30 minutes to study.\n\n# %%\n1\n"
    source(tmp_path, "01_first").write_text(opening, encoding="utf-8")
    write_notebook(to_notebook(opening), tmp_path / "01_first.ipynb")
    source(tmp_path, "02_second").write_text("# %% [markdown]\n# # Second\n\n# %%\n1 / 0\n", encoding="utf-8")
    monkeypatch.setattr(catalogue.paths, "notebooks_folder", lambda: tmp_path)
    monkeypatch.setattr(catalogue.paths, "build_folder", lambda: tmp_path / "build")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    return tmp_path


def call(*arguments, **keywords):
    return CliRunner().invoke(cli.course, arguments, **keywords)


@pytest.mark.parametrize("arguments", [["list"], ["run", "--help"]])
def test_light_commands_take_half_a_second_and_load_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-c", MEASURE % (HEAVY,), *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    measured = json.loads(done.stdout.splitlines()[-1])
    assert measured["status"] == 0, done.stdout
    assert measured["loaded"] == []
    assert measured["cpu"] <= 0.5
    assert done.stderr == ""


@pytest.mark.parametrize("package", ["jupyterlab.labapp", "papermill"])
def test_the_slowest_import_of_jupyter_is_left_out(package):
    code = f"import course_utils.tooling, {package}, sys; print([n in sys.modules for n in ('jsonschema', 'lark')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["[True,", "False]"]


def test_the_module_is_the_command():
    command = [sys.executable, "-m", "course_utils", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("Usage: course ")


def test_help_names_every_command_with_a_sentence():
    shown = call("--help").output
    for name in COMMANDS:
        assert f"\n  {name} " in shown
        page = call(name, "--help")
        assert page.exit_code == 0
        assert len(page.output.splitlines()[2].split()) >= 3


def test_list_shows_titles_and_minutes(folder):
    lines = call("list").output.splitlines()
    assert lines[1].split() == ["01", "First", "2", "30"]
    assert lines[2].split() == ["02", "Second", "-", "-"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["reset"],
        ["reset", "99"],
        ["run", "--notebooks", "99"],
        ["run", "--profile", "huge"],
        ["run", "--jobs", "0"],
        ["run", "--parameter", "seed"],
        ["lab", "--port", "0"],
        ["data", "import", "/no/such/path", "--name", "x"],
    ],
)
def test_wrong_use_ends_with_2_and_one_line_about_it(folder, arguments):
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert result.output.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in result.output


def test_a_wrong_number_names_the_right_ones(folder):
    assert "01, 02" in call("check", "99").output


def test_a_data_error_is_one_line_and_ends_with_1(folder, monkeypatch):
    def refuse(name, **_):
        raise datasets.DataError(f"{name}.npz is damaged. Delete it.")

    monkeypatch.setattr(datasets, "fetch", refuse, raising=False)
    result = call("data", "fetch", "mnist")
    assert (result.exit_code, result.output) == (1, "Error: mnist.npz is damaged. Delete it.\n")


def test_an_error_of_the_program_itself_is_not_hidden(folder, monkeypatch):
    monkeypatch.setattr(datasets, "fetch", lambda *_, **__: 1 / 0, raising=False)
    assert isinstance(call("data", "fetch", "mnist").exception, ZeroDivisionError)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_of_few_letters_costs_letters_and_not_the_command(folder, monkeypatch, encoding):
    kept = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(kept, encoding=encoding, write_through=True))
    monkeypatch.setenv("COURSE_DATA", str(folder / "图"))
    with pytest.raises(SystemExit) as end:
        cli.main(["data", "list"])
    assert end.value.code == 0 and b"digits" in kept.getvalue()
    print("图", file=sys.stdout)  # as the bar of a run prints the name of a notebook
    assert kept.getvalue().endswith(b"\\u56fe\n")


def test_data_list_and_verify(folder):
    shown = call("data", "list").output
    assert str(folder / "data") in shown
    assert "digits" in shown
    assert "course data fetch mnist" in shown
    assert "Nothing is stored" in call("data", "verify").output
    (folder / "data").mkdir()
    (folder / "data" / "mnist.npz").write_bytes(b"half")
    result = call("data", "verify")
    assert result.exit_code == 1
    assert result.output.startswith("BAD")


def test_store_reports_each_notebook_and_fails_as_a_whole(folder):
    result = call("store")
    assert result.exit_code == 1
    assert "01_first: executed" in result.output
    assert "02_second: failed, the stored notebook is unchanged" in result.output
    assert "1 / 0" in result.output
    assert "ZeroDivisionError: division by zero" in result.output
    assert not (folder / "02_second.ipynb").exists()
    assert call("store", "01", "--no-execute").output == "01_first: unchanged\n"


def test_run_hands_everything_to_the_runner(folder, monkeypatch):
    from course_utils.tooling import running

    given = {}

    def pretend(files, **options):
        given.update(options, files=[file.name for file in files])
        return type("Result", (), {"exit_status": 1})()

    monkeypatch.setattr(running, "run_notebooks", pretend)
    options = ["--profile", "smoke", "--jobs", "2", "--timeout", "9", "--resume", "--parameter", "note=a=b"]
    assert call("run", *options, "--out", str(folder / "out")).exit_code == 1
    assert given == {
        "files": ["01_first.ipynb"],  # the second has no notebook yet
        "profile": "smoke",
        "parameters": {"note": "a=b"},
        "jobs": 2,
        "timeout": 9.0,
        "out": folder / "out",
        "resume": True,
    }


def test_run_of_the_solved_edition_reads_solved_copies(folder, monkeypatch):
    from course_utils.tooling import editions, running

    seen = []

    def pretend(files, **options):
        seen.extend([read_notebook(files[0]).cells[1].source, options["out"]])
        return type("Result", (), {"exit_status": 0})()

    monkeypatch.setattr(running, "run_notebooks", pretend)
    exercise = '# %% [markdown]\n# # First\n\n# %% tags=["exercise"]\na = ...\nexercises.check("01.1", a)\n'
    write_notebook(to_notebook(exercise), folder / "01_first.ipynb")
    monkeypatch.setattr(editions, "solution_of", lambda identity: "a = 42")
    assert call("run", "--edition", "solved", "--notebooks", "01").exit_code == 0
    assert seen == ['a = 42\n\nexercises.check("01.1", a)', folder / "build" / "solved"]


def test_a_refused_run_is_wrong_use(folder, monkeypatch):
    from course_utils.tooling import running

    def refuse(*_, **__):
        raise WrongUse("There is no parameter 'speed'.")

    monkeypatch.setattr(running, "run_notebooks", refuse)
    result = call("run")
    assert result.exit_code == 2
    assert result.output.endswith("Error: There is no parameter 'speed'.\n")


def test_run_without_any_notebook_says_how_to_make_one(folder):
    (folder / "01_first.ipynb").unlink()
    result = call("run")
    assert result.exit_code == 2
    assert "course store" in result.output


def test_progress_is_shown_and_forgotten_only_after_asking(folder, monkeypatch):
    from course_utils import state

    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    assert "exercises" in call("progress").output
    state.record("exercises", "00.1", "correct")
    before = call("progress").output
    refused = call("progress", "--reset", input="n\n")
    assert refused.exit_code == 1
    assert call("progress").output == before
    assert call("progress", "--reset", input="y\n").exit_code == 0
    assert call("progress").output != before


def test_reset_copies_into_the_working_folder(folder, monkeypatch):
    from course_utils.tooling import workspace

    monkeypatch.setattr(workspace.paths, "my_notebooks_folder", lambda: folder / "mine")
    assert "course's version again" in call("reset", "1").output
    assert (folder / "mine" / "01_first.ipynb").is_file()


def test_lab_refreshes_the_copies_first_and_passes_its_options_on(folder, monkeypatch):
    from course_utils.tooling import lab, workspace

    asked = []
    monkeypatch.setattr(workspace, "refresh", lambda: ["01_first: brought up to date."])
    monkeypatch.setattr(workspace, "write_overview", lambda: None)
    monkeypatch.setattr(lab, "open_lab", lambda **options: asked.append(options) or 0)
    result = call("lab", "--no-browser", "--port", "9000")
    assert (result.exit_code, result.output) == (0, "01_first: brought up to date.\n")
    assert asked == [{"browser": False, "port": 9000}]


@pytest.mark.unix_only("the folder of a user is protected otherwise on Windows")
def test_a_file_that_cannot_be_read_is_one_line(folder, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", "01_first.ipynb")

    monkeypatch.setattr(catalogue, "lessons", refuse)
    result = call("list")
    assert result.exit_code == 1
    assert "Permission denied" in result.output
    assert "Traceback" not in result.output
