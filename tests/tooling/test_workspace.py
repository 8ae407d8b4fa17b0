"""The learner's copies: what they changed survives, the rest is kept up to date."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date

import nbformat
import pytest

from course_utils.tooling import catalogue, pairing, workspace


class Course:
    """A course of two lessons, and a learner's folder beside it."""

    def __init__(self, folder):
        self.folder, self.mine = folder / "notebooks", folder / "mine"
        self.folder.mkdir()
        self.publish("00_start_here", "1")
        self.publish("03_cnn_math", "2")

    def publish(self, name, code):
        cells = [nbformat.v4.new_code_cell(code, id="a")]
        pairing.write_notebook(nbformat.v4.new_notebook(cells=cells), self.folder / f"{name}.ipynb")

    def lessons(self):
        return catalogue.lessons(self.folder)

    def refresh(self):
        return workspace.refresh(self.lessons(), self.mine)

    def code(self, file):
        return pairing.read_notebook(self.mine / file).cells[0].source

    def change(self, file, **changes):
        notebook = pairing.read_notebook(self.mine / file)
        notebook.cells[0].update(changes)
        pairing.write_notebook(notebook, self.mine / file)


@pytest.fixture
def here(tmp_path):
    return Course(tmp_path)


def test_every_notebook_is_copied_once(here):
    assert here.refresh() == []
    assert here.code("00_start_here.ipynb") == "1"
    assert here.code("03_cnn_math.ipynb") == "2"
    assert here.refresh() == []


def test_an_untouched_copy_is_brought_up_to_date(here):
    here.refresh()
    here.publish("03_cnn_math", "better")
    assert here.refresh() == ["03_cnn_math: brought up to date."]
    assert here.code("03_cnn_math.ipynb") == "better"


def test_a_changed_copy_is_kept_and_the_new_version_announced(here):
    here.refresh()
    here.change("03_cnn_math.ipynb", source="my answer")
    assert here.refresh() == []  # the course is as it was: there is nothing to say
    here.publish("03_cnn_math", "better")
    for _ in range(2):
        assert "course reset 03" in here.refresh()[0]
        assert here.code("03_cnn_math.ipynb") == "my answer"


def test_running_a_copy_is_no_change(here):
    here.refresh()
    here.change("03_cnn_math.ipynb", execution_count=7)
    here.publish("03_cnn_math", "better")
    here.refresh()
    assert here.code("03_cnn_math.ipynb") == "better"


def test_without_its_record_a_copy_that_differs_counts_as_changed(here):
    here.refresh()
    here.change("03_cnn_math.ipynb", source="my answer")
    (here.mine / ".copies.json").write_text("{", encoding="utf-8")
    assert "kept as it is" in here.refresh()[0]
    assert here.code("03_cnn_math.ipynb") == "my answer"


def test_a_damaged_copy_is_not_thrown_away(here):
    here.refresh()
    (here.mine / "03_cnn_math.ipynb").write_text("half a note", encoding="utf-8")
    here.publish("03_cnn_math", "better")
    here.refresh()
    assert (here.mine / "03_cnn_math.ipynb").read_text(encoding="utf-8") == "half a note"


def test_reset_brings_one_back_and_keeps_the_old_one(here):
    here.refresh()
    for answer, kept in (("first", ""), ("second", "-2")):
        here.change("03_cnn_math.ipynb", source=answer)
        said = workspace.reset(here.lessons()[1], here.mine)
        name = f"03_cnn_math.{date.today().isoformat()}{kept}.ipynb"
        assert name in said
        assert here.code(name) == answer
        assert here.code("03_cnn_math.ipynb") == "2"
    here.publish("03_cnn_math", "better")
    assert here.refresh() == ["03_cnn_math: brought up to date."]


def test_reset_before_there_is_a_copy(here):
    assert workspace.reset(here.lessons()[1], here.mine) == "03_cnn_math.ipynb is the course's version again."


def test_reset_of_a_lesson_that_is_not_stored(here):
    lesson = here.lessons()[1]
    lesson.notebook.unlink()
    with pytest.raises(FileNotFoundError, match="course store 03"):
        workspace.reset(lesson, here.mine)


def test_a_lesson_without_notebook_is_passed_over(here):
    (here.folder / "source" / "lesson_05_later").mkdir(parents=True)
    (here.folder / "source" / "lesson_05_later" / "lesson.py").write_text("# %%\n1\n", encoding="utf-8")
    assert here.refresh() == []
    assert not (here.mine / "05_later.ipynb").exists()


def test_the_server_listens_on_this_machine_only(tmp_path):
    command = workspace.lab_command(tmp_path, browser=False, port=9000)
    assert {"--ServerApp.ip=127.0.0.1", "--ServerApp.port=9000", "--no-browser"} <= set(command)
    assert "--no-browser" not in workspace.lab_command(tmp_path, browser=True, port=9000)


@pytest.mark.skipif(sys.platform == "win32", reason="ends the server with a signal")
def test_the_server_answers_only_to_the_token_that_it_prints(here, monkeypatch):
    here.refresh()
    monkeypatch.delenv("JUPYTER_TOKEN", raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(here.mine.parent / "no settings"))
    code = (
        "from pathlib import Path; from course_utils.tooling import workspace; "
        f"workspace.open_lab(browser=False, port=18999, folder=Path({str(here.mine)!r}))"
    )
    log = here.mine.parent / "log"
    taken = socket.create_server(("127.0.0.1", 18999))  # somebody else's: the server has to take another port
    with log.open("w") as stream:
        server = subprocess.Popen([sys.executable, "-c", code], stderr=stream, stdout=stream, start_new_session=True)
    try:
        deadline = time.monotonic() + 120
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)(/lab\S*)\?token=(\w{20,})", log.read_text())):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        port, page, token = found.groups()
        assert page == "/lab/tree/00_start_here.ipynb"
        assert port != "18999"
        address = f"http://127.0.0.1:{port}/api/contents"
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address, timeout=30)
        with urllib.request.urlopen(f"{address}?token={token}", timeout=30) as answer:
            names = {entry["name"] for entry in json.load(answer)["content"]}
        assert {"00_start_here.ipynb", "03_cnn_math.ipynb"} <= names
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}?token={token}", timeout=30) as answer:
            settings = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', answer.read().decode(), re.DOTALL)
        config = json.loads(settings[1])
        assert config["news"] == {"disabled": True}
        assert "@jupyterlab/apputils-extension:announcements" in str(config["disabledExtensions"])
        tracker = f"http://127.0.0.1:{port}/lab/api/settings/@jupyterlab/notebook-extension:tracker?token={token}"
        with urllib.request.urlopen(tracker, timeout=30) as answer:  # long lines wrap: nobody has to scroll sideways
            assert json.load(answer)["schema"]["properties"]["codeCellConfig"]["default"]["lineWrap"] is True
    finally:
        taken.close()
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
