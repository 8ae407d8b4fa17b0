"""What the learner has solved and answered: one small file on this machine, read by nobody else.

The file is written under a lock and as a whole, so that several notebooks may write at once and a crash costs nothing.
Headless runs leave it alone.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from course_utils import files, paths, renumbered
from course_utils.display import is_headless

__all__ = ["count_line", "done", "file", "read", "record", "reset"]

WORDS = {"exercises": "exercises", "quizzes": "questions"}
KINDS = tuple(WORDS)
DONE = {"exercises": ("correct", "cannot be checked"), "quizzes": ("right",)}
VERSION = 2  # of the file; in 1 the lessons had the numbers of the first edition
LOCK_SECONDS = 5.0  # another kernel holds the lock for milliseconds


def file() -> Path:
    """Where the progress is kept."""
    return paths.state_folder() / "progress.json"


def read() -> tuple[dict[str, Any], str]:
    """What is kept, and "" or a sentence for the learner where something was wrong with the file.

    Returns:
        {"exercises": {"04.1": {"done": True, "tries": 2, "last": "2026-01-02T03:04:05+01:00"}}, "quizzes": {...}}
    """
    try:
        if not file().exists():
            return _empty(), ""  # and looking makes no folder
        with _locked():
            return _read()
    except OSError as error:
        return _empty(), _refused("read", error)


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
    if is_headless() or status in ("not attempted", "not answered"):
        return ""
    try:
        with _locked():
            state, note = _read()
            entry = state[kind].setdefault(id, {"done": False, "tries": 0})
            entry["tries"] = int(entry.get("tries", 0)) + 1
            entry["done"] = bool(entry.get("done")) or status in DONE[kind]
            entry["last"] = datetime.now().astimezone().isoformat(timespec="seconds")
            files.write_text(file(), json.dumps(state, indent=1, sort_keys=True))
        return note
    except OSError as error:
        return _refused("saved", error)


def done(kept: dict[str, Any], kind: str, ids: Iterable[str]) -> list[str]:
    """Those of some exercises or questions that are done.

    Args:
        kept: as `read` gives it.
        kind: "exercises" or "quizzes".
        ids: what there is today; what an update of the course removed is not counted.
    """
    return [id for id in ids if kept[kind].get(id, {}).get("done")]


def count_line(kind: str, ids: Sequence[str]) -> str:
    """ "2 of 4 in this lesson."; "" in a headless run, which is the same for every reader."""
    if is_headless():
        return ""
    kept, _ = read()
    return f"{len(done(kept, kind, ids))} of {len(ids)} {WORDS[kind]} in this lesson done."


def reset() -> None:
    """Forget everything. Does nothing in a headless run.

    Raises:
        OSError: the file cannot be removed.
    """
    if is_headless() or not file().exists():
        return
    with _locked():
        file().unlink(missing_ok=True)


def _refused(what: str, error: OSError) -> str:
    place = f"{paths.state_folder()} ({error.strerror or error})"
    return f"Your progress could not be {what} in {place}. Name another folder in COURSE_STATE."


def _empty() -> dict[str, Any]:
    return {"version": VERSION, **{kind: {} for kind in KINDS}}


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
    return _with_todays_ids(state), ""


def _with_todays_ids(state: dict[str, Any]) -> dict[str, Any]:
    """The same under the ids that exercises and questions have today. Once written like this it is left alone."""
    if state.get("version", 1) != 1:
        return state
    return {"version": VERSION} | {
        kind: {new: entry for id, entry in state[kind].items() if (new := renumbered.id_today(id))} for kind in KINDS
    }


def _is_sound(state: Any) -> bool:
    if not isinstance(state, dict) or not all(isinstance(state.get(kind), dict) for kind in KINDS):
        return False
    entries = [entry for kind in KINDS for entry in state[kind].values()]
    return all(isinstance(entry, dict) and isinstance(entry.get("tries", 0), int) for entry in entries)


def _set_aside() -> str:
    """Keep a damaged file under a dated name, so that nothing is lost for good."""
    aside = file().with_name(f"progress-damaged-{datetime.now():%Y%m%d-%H%M%S-%f}.json")
    file().replace(aside)
    return f"The file with your progress was damaged. It is kept as {aside.name}, and a new one has been started."


def _locked() -> AbstractContextManager[None]:
    return files.locked(file().with_name("progress.lock"), seconds=LOCK_SECONDS)
