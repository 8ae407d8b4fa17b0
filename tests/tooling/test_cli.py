"""The command line: help, exit status, one-line errors, and that light commands stay light."""

import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
import small_notebooks
from click.testing import CliRunner

from course_utils import datasets
from course_utils.errors import WrongUse
from course_utils.tooling import catalogue, cli, running
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


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A course of one stored lesson and one that has a source only."""
    opening = "# %% [markdown]\n# # First\n#\n# **Time:** 2 minutes to run, 30 minutes to study.\n\n# %%\n1\n"
    small_notebooks.write_lesson(tmp_path, "01_first", opening)
    write_notebook(to_notebook(opening), tmp_path / "01_first.ipynb")
    small_notebooks.write_lesson(tmp_path, "02_second", "# %% [markdown]\n# # Second\n\n# %%\n1 / 0\n")
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


def test_the_slowest_import_of_jupyter_is_left_out():
    code = "import course_utils.tooling, papermill, sys; print([n in sys.modules for n in ('jsonschema', 'lark')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[True, False]\n"


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
        ["data", "import", ".", "--name", "x", "--size", "4097"],
    ],
)
def test_wrong_use_ends_with_2_and_one_line_about_it(folder, arguments):
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert result.output.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in result.output


def test_a_wrong_number_names_the_right_ones(folder):
    assert "01, 02" in call("check", "99").output


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (datasets.DataError("mnist.npz is damaged. Delete it."), 1, "Error: mnist.npz is damaged. Delete it.\n"),
        (PermissionError(13, "Permission denied", "x.npz"), 1, "Error: [Errno 13] Permission denied: 'x.npz'\n"),
        (WrongUse("There is no data set 'mnsit'."), 2, "Error: There is no data set 'mnsit'.\n"),
    ],
)
def test_an_error_of_the_user_is_one_line(folder, monkeypatch, error, status, said):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(datasets, "fetch", refuse, raising=False)
    result = call("data", "fetch", "mnist")
    assert result.exit_code == status and result.output.endswith(said) and "Traceback" not in result.output


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


def test_data_list_says_what_is_here_and_how_to_get_the_rest(folder):
    shown = call("data", "list").output
    assert str(folder / "data") in shown
    assert "digits" in shown
    assert "course data fetch mnist" in shown


def test_store_reports_each_notebook_and_fails_as_a_whole(folder):
    result = call("store")
    assert result.exit_code == 1
    assert "01_first: executed" in result.output
    assert "02_second: failed, the stored notebook is unchanged" in result.output
    assert "1 / 0" in result.output
    assert "ZeroDivisionError: division by zero" in result.output
    assert not (folder / "02_second.ipynb").exists()
    assert call("store", "01", "--no-execute").output == "01_first: unchanged\n"


def test_run_passes_its_options_on_and_resumes(folder, monkeypatch):
    source = '# %% tags=["parameters"]\nnote: str = "none"\n\n# %%\nprint(note)\n'
    write_notebook(to_notebook(source), folder / "01_first.ipynb")  # the second lesson has no notebook yet
    options = ["--profile", "smoke", "--jobs", "2", "--timeout", "600", "--parameter", "note=a=b"]
    result = call("run", *options)
    assert result.exit_code == 0 and "1 passed" in result.output, result.output
    out = folder / "build"
    assert read_notebook(out / "notebooks" / "01_first.ipynb").cells[-1].outputs[0].text == "a=b\n"
    report = json.loads((out / "report" / "report.json").read_text(encoding="utf-8"))
    assert (report["profile"], report["parameters"]) == ("smoke", {"note": "a=b"})
    assert "finished by an earlier run" in call("run", *options, "--resume").output
    assert call("run", "--notebooks", "01", "--parameter", "speed=1").exit_code == 2
    asked = []
    monkeypatch.setattr(
        running, "run_notebooks", lambda _, **given: asked.append(given) or SimpleNamespace(exit_status=0)
    )
    call("run", *options, "--out", str(folder / "else"))
    given = {"profile": "smoke", "jobs": 2, "timeout": 600, "parameters": {"note": "a=b"}, "resume": False}
    assert asked == [given | {"out": folder / "else"}]


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
