"""What the learner has solved and answered: one small file on this machine, read by nobody else.

The file is written under a lock that the system takes back when a process dies, so no stale lock can remain, and it is
replaced as a whole, so that it is either the old one or the new one. Headless runs leave it alone.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.display import Panel, is_headless
from course_utils.display import show as show_panel

__all__ = ["file", "record", "reset", "show", "table"]

KINDS = ("exercises", "quizzes")
DONE = {"exercises": ("correct", "cannot be checked"), "quizzes": ("right",)}
LOCK_SECONDS = 5.0  # another kernel holds the lock for milliseconds
BAR = 20  # characters


def file() -> Path:
    """Where the progress is kept."""
    return paths.state_folder() / "progress.json"


def record(kind: str, id: str, status: str) -> str:
    """Keep the outcome of an exercise or a question. What has been solved once stays solved.

    Args:
        kind: "exercises" or "quizzes".
        id: "04.2" or "04.q1".
        status: "correct", "wrong", "cannot be checked"; "right" or "wrong" for questions. "not attempted" is not kept.

    Returns:
        "", or a sentence for the learner where something was wrong with the file. Nothing is raised: an answer that
        is right is right, whether or not it can be written down.
    """
    if kind not in KINDS:
        raise ValueError(f"Expected one of {', '.join(KINDS)}. Received: {kind!r}.")
    if is_headless() or status in ("not attempted", "not answered"):
        return ""
    try:
        file().parent.mkdir(parents=True, exist_ok=True)
        with _locked():
            state, note = _read()
            entry = state[kind].setdefault(id, {"done": False, "tries": 0})
            entry["tries"] = int(entry.get("tries", 0)) + 1
            entry["done"] = bool(entry.get("done")) or status in DONE[kind]
            entry["last"] = datetime.now().astimezone().isoformat(timespec="seconds")
            _write(state)
        return note
    except OSError as error:
        return f"Your progress could not be saved: {error.strerror or error}."


def show(lesson: str) -> None:
    """Show how far the learner is in a lesson; a run without a reader shows what there is to do.

    Args:
        lesson: its two digits, "04".
    """
    totals = _totals(lesson)
    title = f"lesson {lesson}"
    if is_headless():
        there_is = f"{totals['exercises']} exercises and {totals['quizzes']} questions"
        body = [
            f"This lesson has {there_is}. When you work through it yourself, this is where you see how far you are."
        ]
        show_panel(Panel("▸", "Progress", title, body, "note"))
        return
    state, note = _read_calmly()
    done = {kind: _done(state, kind, lesson, totals[kind]) for kind in KINDS}
    body = [_line(done[kind], totals[kind], word) for kind, word in zip(KINDS, ("exercises", "questions"), strict=True)]
    show_panel(Panel("▸", "Progress", title, [*body, note] if note else body, "note"))


def table() -> str:
    """The progress in every lesson as text, one line a lesson."""
    from course_utils import exercises, quizzes

    state, note = _read_calmly()
    lessons = sorted({one.id[:2] for one in (*exercises.all_exercises(), *quizzes.all_questions())})
    lines = [f"{'lesson':<8}{'exercises':>12}{'questions':>12}"]
    for lesson in lessons:
        totals = _totals(lesson)
        shares = [f"{_done(state, kind, lesson, totals[kind])} of {totals[kind]}" for kind in KINDS]
        lines.append(f"{lesson:<8}{shares[0]:>12}{shares[1]:>12}")
    return "\n".join([*lines, *([note] if note else [])])


def reset() -> None:
    """Forget everything. Does nothing in a headless run.

    Raises:
        OSError: the file cannot be removed.
    """
    if is_headless() or not file().exists():
        return
    with _locked():
        file().unlink(missing_ok=True)


def _totals(lesson: str) -> dict[str, int]:
    from course_utils import exercises, quizzes  # these two record here, so they come second

    return {
        "exercises": len(exercises.all_exercises(lesson)),
        "quizzes": len(quizzes.all_questions(lesson)),
    }


def _done(state: dict[str, Any], kind: str, lesson: str, total: int) -> int:
    done = sum(id.startswith(f"{lesson}.") and bool(entry.get("done")) for id, entry in state[kind].items())
    return min(done, total)  # an exercise that an update of the course removed is not counted


def _line(done: int, total: int, word: str) -> str:
    filled = round(BAR * done / total) if total else 0
    return f"{'█' * filled}{'░' * (BAR - filled)} {done} of {total} {word}"


def _empty() -> dict[str, Any]:
    return {"version": 1, **{kind: {} for kind in KINDS}}


def _read_calmly() -> tuple[dict[str, Any], str]:
    try:
        with _locked():
            return _read()
    except OSError as error:
        return _empty(), f"Your progress could not be read: {error.strerror or error}."


def _read() -> tuple[dict[str, Any], str]:
    """The state, and a note where the file was damaged and has been set aside."""
    try:
        state = json.loads(file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return _empty(), ""
    except (ValueError, RecursionError):
        return _empty(), _set_aside()
    if not _is_sound(state):
        return _empty(), _set_aside()
    return state, ""


def _is_sound(state: Any) -> bool:
    if not isinstance(state, dict) or not all(isinstance(state.get(kind), dict) for kind in KINDS):
        return False
    entries = [entry for kind in KINDS for entry in state[kind].values()]
    return all(isinstance(entry, dict) and isinstance(entry.get("tries", 0), int) for entry in entries)


def _set_aside() -> str:
    """Keep a damaged file under a dated name, so that nothing is lost for good."""
    stem = f"progress-damaged-{datetime.now():%Y%m%d-%H%M%S}"
    aside = file().with_name(f"{stem}.json")
    count = 1
    while aside.exists():
        count += 1
        aside = file().with_name(f"{stem}-{count}.json")
    file().replace(aside)
    return f"The file with your progress was damaged. It is kept as {aside.name}, and a new one has been started."


def _write(state: dict[str, Any]) -> None:
    temporary = file().with_name(f".progress-{os.getpid()}.part")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump(state, stream, indent=1, sort_keys=True)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file())
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """Hold the lock on the progress file, or give up after five seconds.

    The lock belongs to an open file, so the system releases it when its process ends, however that happens.
    """
    if not file().parent.is_dir():
        yield  # nothing is there yet, and reading must not make a folder
        return
    with (file().parent / "progress.lock").open("a+b") as stream:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(stream.fileno()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"another notebook has held the file for {LOCK_SECONDS:g} seconds")
            time.sleep(0.02)
        try:
            yield
        finally:
            _unlock(stream.fileno())


if os.name == "nt":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks, as some network drives: the file is still replaced as a whole
        return True

    def _unlock(descriptor: int) -> None:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
