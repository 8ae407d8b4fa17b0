from pathlib import Path

import pytest

from course_utils import paths

each_folder = pytest.mark.parametrize(
    ("variable", "folder"), [("COURSE_DATA", paths.data_home), ("COURSE_STATE", paths.state_folder)]
)


@each_folder
def test_a_variable_moves_the_folder(monkeypatch, tmp_path, variable, folder):
    monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    assert folder() == tmp_path / "elsewhere"
    monkeypatch.setenv(variable, "~/elsewhere")
    assert folder() == Path.home() / "elsewhere"


@each_folder
@pytest.mark.parametrize("name", ["relative", "../beside", "~nobody of that name/x"])
def test_a_relative_name_counts_from_the_current_folder(monkeypatch, tmp_path, variable, folder, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, name)
    assert folder() == tmp_path / name


def test_without_variables_data_and_state_are_apart_and_outside_the_project(monkeypatch):
    for variable in ("COURSE_DATA", "COURSE_STATE"):
        monkeypatch.delenv(variable, raising=False)
    assert paths.data_home() != paths.state_folder()
    assert paths.project_root() not in paths.data_home().parents


def test_a_machine_without_a_home_keeps_its_files_in_the_project(monkeypatch):
    for variable in ("COURSE_DATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)

    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.setattr("sys.platform", "linux")
    assert paths.build_folder() in paths.data_home().parents
