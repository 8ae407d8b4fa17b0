"""The parameters of a lesson: what a learner runs with, and what the named runs set instead.

A lesson's `lesson.py` declares its parameters as ordinary numbers in the cell tagged `parameters`, and holds in its
head, under `course_profiles`, what *smoke* and *full* set.
"""

import ast
import re
from collections.abc import Mapping
from typing import Any

import yaml

from course_utils import lessons

__all__ = ["defaults", "named_run", "profiles"]

CELL = re.compile(r'^# %%[^\n]*tags=\[[^\]\n]*"parameters"[^\n]*\n(.*?)(?=^# %%|\Z)', re.MULTILINE | re.DOTALL)


def defaults(lesson: str) -> dict[str, Any]:
    """The parameters of a lesson, "05", with the values that a learner runs; {} where it has none."""
    found = CELL.search(_source(lesson))
    body = ast.parse(found[1]).body if found else []
    return {node.target.id: ast.literal_eval(node.value) for node in body if isinstance(node, ast.AnnAssign)}


def profiles(lesson: str) -> dict[str, dict[str, Any]]:
    """What each named run of a lesson sets, "quick" for its defaults; parameters not named keep their default."""
    quick = defaults(lesson)
    head = _source(lesson).split("# %%", 1)[0]
    lines = [line.removeprefix("#").removeprefix(" ") for line in head.splitlines() if line.strip("# ") != "---"]
    said = (yaml.safe_load("\n".join(lines)) or {}).get("jupyter", {}).get("course_profiles", {})
    return {"quick": quick} | {name: quick | values for name, values in said.items()}


def named_run(lesson: str, variables: Mapping[str, Any]) -> str | None:
    """Which named run these values of the parameters belong to; None where they are the reader's own."""
    for name, values in profiles(lesson).items():
        if all(variables.get(parameter) == value for parameter, value in values.items()):
            return name
    return None


def _source(lesson: str) -> str:
    return (lessons.folders()[lesson] / "lesson.py").read_text(encoding="utf-8")
