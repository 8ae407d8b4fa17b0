"""Files are old or new, never half of each; a lock has one holder and ends with it."""

import errno
import os
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import files

HOLD = "import sys, time; from pathlib import Path; from course_utils import files\n"
HOLD += "with files.locked(Path(sys.argv[1]), seconds=20):\n    print('held', flush=True); time.sleep(60)"
# Adds one to a number, many times; without a lock some of the additions are lost.
COUNT = """import sys
from pathlib import Path
from course_utils import files
path = Path(sys.argv[1])
for _ in range(40):
    with files.locked(path.with_name("lock"), seconds=30):
        files.write_text(path, str(int(path.read_text()) + 1))
"""


def no_space(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_text_is_utf_8_with_its_own_newlines(tmp_path):
    target = tmp_path / "figures.json"
    files.write_text(target, "first\n")
    files.write_text(target, "zweite Fassung, 第二版\r\n\ud83d")
    assert target.read_bytes() == "zweite Fassung, 第二版\r\n?".encode()


@settings(deadline=None)  # a busy disk takes its time
@given(contents=st.binary(max_size=200), name=st.text("aü图. ", min_size=1, max_size=80).map(lambda text: f"x{text}x"))
def test_any_bytes_under_any_name(tmp_path_factory, contents, name):
    target = tmp_path_factory.mktemp("names") / name
    files.write_bytes(target, b"old")
    files.write_bytes(target, contents)
    assert target.read_bytes() == contents
    assert [file.name for file in target.parent.iterdir()] == [name]


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("fault", [no_space, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)])
def test_what_fails_half_way_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch, step, fault):
    target = tmp_path / "kept"
    files.write_text(target, "old")
    monkeypatch.setattr(step, fault)
    with pytest.raises((OSError, KeyboardInterrupt)):
        files.write_text(target, "new")
    monkeypatch.undo()
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]


def test_one_holder_at_a_time_loses_nothing(tmp_path):
    number = tmp_path / "number"
    number.write_text("0")
    started = [subprocess.Popen([sys.executable, "-c", COUNT, str(number)]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    assert number.read_text() == "160"


def test_a_file_that_an_earlier_holder_left_is_no_lock(tmp_path):
    (tmp_path / "lock").write_text('{"pid": 1, "host": "another machine"}')
    with files.locked(tmp_path / "lock", seconds=0):
        pass


def test_the_lock_of_a_killed_process_is_gone(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path / "lock"], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(TimeoutError), files.locked(tmp_path / "lock", seconds=0):
            pytest.fail("two holders")
        process.kill()
        process.wait(10)
        with files.locked(tmp_path / "lock", seconds=5):
            pass


def test_a_holder_that_is_interrupted_lets_go(tmp_path):
    with pytest.raises(KeyboardInterrupt), files.locked(tmp_path / "lock", seconds=0):
        raise KeyboardInterrupt
    with files.locked(tmp_path / "lock", seconds=0):
        pass


def test_another_thread_waits_and_then_is_told(tmp_path):
    told = []

    def other():
        began = time.monotonic()
        with pytest.raises(TimeoutError), files.locked(tmp_path / "lock", seconds=0.3):
            told.append("held twice")
        told.append(time.monotonic() - began)

    with files.locked(tmp_path / "lock", seconds=0):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert len(told) == 1 and 0.3 <= told[0] < 5


@pytest.mark.unix_only("the locks of Windows answer otherwise on a file system without locks")
@pytest.mark.parametrize("number", sorted(files.NO_LOCKS))
def test_where_the_file_system_has_no_locks_the_block_runs_all_the_same(tmp_path, monkeypatch, number):
    import fcntl

    def without(descriptor, operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", without)
    ran = []
    with files.locked(tmp_path / "lock", seconds=0):
        ran.append(True)
    assert ran == [True]


def test_a_lock_that_cannot_be_opened_is_an_error(tmp_path):
    (tmp_path / "in the way").touch()
    with pytest.raises(OSError, match="in the way"), files.locked(tmp_path / "in the way" / "lock", seconds=0):
        pytest.fail("held")
