"""COURSE_STATE and COURSE_DATA name a folder that cannot be used: one line says so, and following it helps."""

import json
import os
import subprocess
import sys

import pytest

from course_utils.tooling import doctor

# Each place in turn, in a process that no right of an administrator helps.
TRIED = """
import json, os, sys
from course_utils import datasets, state
from course_utils.tooling import doctor
from course_utils.datasets import DataError

def said(call):
    try:
        return call()
    except DataError as error:
        return str(error)

told = {}
for place in sys.argv[1:]:
    os.environ |= dict.fromkeys(("COURSE_DATA", "COURSE_STATE", "JUPYTER_RUNTIME_DIR"), place)
    told[place] = {
        "kept": state.record("exercises", "04.1", "correct"),
        "read": state.read(),
        "count": state.count_line("exercises", ["04.1"]),
        "made": len(datasets.load("digits", quiet=True).train.x),
        "missing": said(lambda: datasets.load("mnist")),
        "fetched": said(lambda: str(datasets.fetch("mnist"))),
        "here": [name for name in datasets.names() if datasets.is_available(name)],
        "doctor": {topic: doctor.writable(topic, folder).state for topic, folder in doctor.folders().items()},
        "disk": doctor.disk(doctor.paths.data_home()).topic,
    }
print(json.dumps(told))
"""


KINDS = ("unwritable", "unreadable", "unwritable/below", "unreadable/below", "file", "file/below", "loop", "nowhere")


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Places by their kind; none can be a folder with files of ours."""
    root = tmp_path_factory.mktemp("odd")
    for name, mode in (("unwritable", 0o555), ("unreadable", 0)):
        (root / name).mkdir(mode)
    (root / "file").touch()
    (root / "loop").symlink_to(root / "loop")
    (root / "nowhere").symlink_to(root / "unwritable" / "x")
    yield {kind: str(root / kind) for kind in KINDS} | {"device": os.devnull}
    for name in ("unwritable", "unreadable"):
        (root / name).chmod(0o755)


@pytest.fixture(scope="module")
def told(odd, bound):
    environment = {**os.environ, "COURSE_HEADLESS": "0"}
    command = [*bound, sys.executable, "-c", TRIED, *odd.values()]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.unix_only("rights, links and devices as Unix has them")
@pytest.mark.parametrize("kind", [*KINDS, "device"])
def test_a_folder_that_cannot_be_used_is_named_and_stops_nothing(odd, told, kind):
    place, seen = odd[kind], told[odd[kind]]
    assert seen["kept"].startswith(f"Your progress could not be saved in {place} (")
    assert seen["kept"].endswith("). Name another folder in COURSE_STATE.")
    assert seen["read"][0]["exercises"] == {} and seen["count"].startswith("0 of 1")
    assert seen["made"] > 1000 and seen["here"] == ["digits", "shapes", "cutouts", "photographs"]
    assert place in seen["missing"] and place in seen["fetched"] and "COURSE_DATA" in seen["fetched"]
    assert "\n" not in seen["missing"] + seen["fetched"]
    states = {"data home": "problem", "progress": "problem", "notebooks": "ok", "Jupyter": "warning"}
    assert seen["doctor"] == states and seen["disk"] == "disk"


@pytest.mark.unix_only("rights, links and devices as Unix has them")
@pytest.mark.parametrize("kind", ["file", "file/below", "loop"])
def test_the_doctors_advice_about_folders_helps(odd, monkeypatch, tmp_path, kind):
    topics = {"COURSE_DATA": "data home", "COURSE_STATE": "progress", "JUPYTER_RUNTIME_DIR": "Jupyter"}
    for variable, topic in topics.items():
        monkeypatch.setenv(variable, odd[kind])
        found = doctor.writable(topic, doctor.folders()[topic])
        assert found.state != "ok" and found.mend.endswith(f"name another folder in {variable}")
        monkeypatch.setenv(variable, str(tmp_path / "another"))
        assert doctor.writable(topic, doctor.folders()[topic]).state == "ok"
