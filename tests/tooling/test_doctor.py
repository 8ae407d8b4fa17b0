"""Each check of `course doctor`, with what it says about a machine that is well and one that is not."""

import socket
import time

import pytest
from click.testing import CliRunner

from course_utils.tooling import doctor, doctor_finding
from course_utils.tooling.cli import course

GIB = 2**30


@pytest.mark.parametrize(
    ("version", "state"), [((3, 10), "problem"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "problem")]
)
def test_python_version(version, state):
    assert doctor.python_version(version).state == state


@pytest.mark.parametrize(
    ("pins", "state", "words"),
    [
        ("# a comment\nclick>=1\n--editable .\n", "ok", "all 1"),
        ("click==0.1\n", "warning", "pinned ==0.1"),
        ("no-such-package==1.0\n", "problem", "no-such-package is missing"),
        ("no-such-package==1.0 ; sys_platform == 'beos'\nclick>=1", "ok", "all 1"),
    ],
)
def test_packages_against_the_pins(tmp_path, pins, state, words):
    (tmp_path / "requirements.txt").write_text(pins, encoding="utf-8")
    finding = doctor.packages(tmp_path / "requirements.txt")
    assert finding.state == state
    assert words in finding.detail
    assert bool(finding.mend) == (state != "ok")


def test_many_wrong_packages_are_summed_up(tmp_path):
    (tmp_path / "r.txt").write_text("\n".join(f"missing-{n}==1" for n in range(9)), encoding="utf-8")
    assert doctor.packages(tmp_path / "r.txt").detail.endswith("and 4 more")


def test_memory_and_disk(tmp_path):
    assert doctor.memory(total=8 * GIB, available=6 * GIB).state == "ok"
    assert doctor.memory(total=4 * GIB, available=GIB).mend
    assert doctor.disk(tmp_path / "not" / "there", free=3 * GIB).state == "ok"
    assert "COURSE_DATA" in doctor.disk(tmp_path, free=GIB).mend


def test_folders_that_can_and_cannot_be_written(tmp_path, monkeypatch):
    assert doctor.writable("data home", tmp_path / "not" / "there").state == "ok"
    assert list(tmp_path.iterdir()) == []

    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    finding = doctor.writable("data home", tmp_path)
    assert finding.state == "problem"
    assert "COURSE_DATA" in finding.mend


@pytest.mark.parametrize(
    ("said", "card", "states"),
    [
        ("TensorFlow 2, Keras 3, devices: CPU", "", ["ok", "ok"]),
        ("TensorFlow 2, Keras 3, devices: CPU, GPU", "H", ["ok", "ok"]),
        ("TensorFlow 2, Keras 3, devices: CPU", "H", ["ok", "warning"]),
        ("ImportError: no", "", ["problem"]),
    ],
)
def test_engine_and_graphics_card(said, card, states):
    assert [finding.state for finding in doctor.engine(said, card)] == states


def test_an_engine_that_cannot_be_started_is_told(monkeypatch):
    monkeypatch.setattr(doctor.sys, "executable", "no-such-python")
    assert doctor.engine(card="")[0].state == "problem"


def test_data_sets_that_are_missing_are_named_with_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    finding = doctor.data_sets()
    assert finding.state == "ok"
    assert "digits" in finding.detail
    assert "course data fetch mnist" in finding.mend


def test_hosts_are_asked_at_once_and_never_longer_than_the_limit():
    answers = {"https://good.example/a/": "", "https://bad.example/b/": "refused"}

    def reach(address):
        if "slow" in address:
            time.sleep(1)
        return answers.get(address, "")

    start = time.monotonic()
    findings = doctor.hosts([*answers, "https://slow.example/", "https://good.example/c/"][:3], reach, seconds=0.3)
    assert time.monotonic() - start < 0.9
    assert [(finding.state, finding.detail) for finding in findings] == [
        ("warning", "bad.example: refused"),
        ("ok", "good.example answers"),
        ("warning", "slow.example: no answer in 0.3 s"),
    ]


def test_a_closed_port_is_no_answer():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    assert doctor.hosts([address])[0].state == "warning"


@pytest.mark.parametrize(("state", "status"), [("ok", 0), ("warning", 0), ("problem", 1)])
def test_only_a_problem_makes_the_command_fail(monkeypatch, state, status):
    found = doctor_finding.Finding("disk", state, "full", "make room")
    monkeypatch.setattr(doctor, "examine", lambda *, network: [found])
    result = CliRunner().invoke(course, ["doctor"])
    assert result.exit_code == status
    assert "disk: full\n         Mend: make room" in result.output
