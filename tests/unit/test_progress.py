"""Progress survives restarts, other kernels, kills and damage, and headless runs never touch it."""

import json
import re
import time

import pytest

from course_utils import exercises, paths, progress, quizzes, state


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    folder = tmp_path / "état of a learner"
    monkeypatch.setenv("COURSE_STATE", str(folder))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    return folder


@pytest.fixture
def bundles(monkeypatch):
    shown = []
    monkeypatch.setattr(progress, "show_panel", lambda panel: shown.append(panel._repr_mimebundle_()))
    return shown


def saved():
    return json.loads(state.file().read_text(encoding="utf-8"))


def test_what_was_solved_stays_solved():
    for status in ("wrong", "correct", "wrong"):
        assert state.record("exercises", "04.1", status) == ""
    entry = saved()["exercises"]["04.1"]
    assert entry["done"] is True and entry["tries"] == 3


def test_checks_and_answers_are_recorded():
    from course_utils import quizzes

    exercises.check("04.2", 295_040)
    exercises.check("04.1", ...)
    quizzes.answer("04.q1", "a")
    assert saved()["exercises"].keys() == {"04.2"}
    assert saved()["quizzes"]["04.q1"]["done"] is False


def test_the_bar_and_the_table(bundles):
    state.record("exercises", "04.1", "correct")
    state.record("exercises", "04.2", "wrong")
    state.record("quizzes", "04.q1", "right")
    progress.show("04")
    total = len(exercises.all_exercises("04"))
    assert f"1 of {total} exercises" in bundles[0]["text/plain"]
    assert f"1 of {total} exercises" in bundles[0]["text/html"]
    line = next(line for line in progress.table().splitlines() if line.startswith("04"))
    assert line.split() == ["04", "1", "of", str(total), "1", "of", "5"]


def test_neither_looking_nor_a_headless_run_makes_a_folder(bundles, folder, monkeypatch):
    progress.show("04")
    progress.table()
    state.reset()
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    state.record("exercises", "04.2", "correct")
    assert not folder.exists()


def test_headless_runs_never_touch_the_file(bundles, monkeypatch):
    state.record("exercises", "04.1", "correct")
    before = state.file().read_bytes()
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    state.record("exercises", "04.2", "correct")
    progress.show("04")
    state.reset()
    assert state.file().read_bytes() == before
    assert "1 of" not in bundles[0]["text/plain"]  # the same for every reader


def test_reset_forgets():
    state.record("exercises", "04.1", "correct")
    state.reset()
    assert not state.file().exists()
    assert "0 of" in progress.table()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 50,
        b"[]",
        b'{"exercises": {"04.1": 3}, "quizzes": {}}',
        b"[" * 99_999,
    ],
)
def test_a_damaged_file_is_set_aside_and_said(folder, content):
    folder.mkdir(parents=True)
    state.file().write_bytes(content)
    note = state.record("exercises", "04.1", "correct")
    aside = list(folder.glob("progress-damaged-*.json"))
    assert len(aside) == 1 and aside[0].read_bytes() == content
    assert "damaged" in note and aside[0].name in note
    assert saved()["exercises"]["04.1"]["done"] is True
    state.file().write_bytes(b"again")
    state.record("exercises", "04.1", "wrong")
    assert {path.read_bytes() for path in folder.glob("progress-damaged-*.json")} == {content, b"again"}


def test_what_another_kernel_writes_just_before_the_lock_is_got_is_kept(monkeypatch):
    locked = state._locked

    def late():
        monkeypatch.setattr(state, "_locked", locked)
        assert state.record("exercises", "04.1", "correct") == ""
        return locked()

    monkeypatch.setattr(state, "_locked", late)
    state.record("exercises", "04.2", "wrong")
    assert saved()["exercises"].keys() == {"04.1", "04.2"}


def test_a_lock_that_is_held_is_waited_for_and_then_said(monkeypatch):
    state.record("exercises", "04.1", "correct")
    monkeypatch.setattr(state, "LOCK_SECONDS", 0.2)
    started = time.monotonic()
    with state._locked():
        note = state.record("exercises", "04.2", "correct")
    assert "could not be saved" in note and "0.2 seconds" in note
    assert time.monotonic() - started < 3
    assert saved()["exercises"].keys() == {"04.1"}


def test_a_folder_that_cannot_be_made_is_said_and_the_verdict_comes(tmp_path, monkeypatch, capsys):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.setenv("COURSE_STATE", str(in_the_way))
    exercises.check("04.2", 295_040)
    shown = capsys.readouterr().out
    assert "Correct" in shown and "could not be saved" in shown


def test_a_failed_write_leaves_the_old_file(folder, monkeypatch):
    state.record("exercises", "04.1", "correct")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert "No space left" in state.record("exercises", "04.2", "correct")
    assert saved()["exercises"].keys() == {"04.1"}
    assert list(folder.glob(".*part")) == []


def test_what_is_open_is_a_list_with_links_to_its_cells(bundles):
    state.record("exercises", "04.1", "correct")
    progress.show("04")
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', bundles[0]["text/html"])
    wanted = [one.id for one in (*exercises.all_exercises("04"), *quizzes.all_questions("04"))]
    assert [name.split()[1].strip(",") for _, name in links] == [id for id in wanted if id != "04.1"]
    notebook = json.loads((paths.notebooks_folder() / "04_keras_code.ipynb").read_text(encoding="utf-8"))
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    for address, name in links:
        file, _, id = address.partition("#cell-id=")
        assert file == "04_keras_code.ipynb" and f'"{name.split()[1].strip(",")}"' in sources[id]
    assert "- exercise 04.2, " in bundles[0]["text/plain"]
    for id in wanted:
        state.record("quizzes" if ".q" in id else "exercises", id, "right" if ".q" in id else "correct")
    progress.show("04")
    assert "open" not in bundles[1]["text/plain"]


def test_what_is_open_is_listed_where_the_course_was_installed_without_its_notebooks(bundles, monkeypatch):
    def nowhere():
        raise FileNotFoundError

    monkeypatch.setattr(paths, "notebooks_folder", nowhere)
    progress.show("04")
    assert "- exercise 04.2, " in bundles[0]["text/plain"]
    assert re.findall(r'<a href="([^"]+)"', bundles[0]["text/html"]) == []
