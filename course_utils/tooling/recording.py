"""Publish what a full run has recorded: figures for the quick profile to show, claims for the tests to compare."""

import json
from pathlib import Path
from typing import Any

from course_utils import files

__all__ = ["CLAIMS", "NothingRecorded", "publish"]

# The claims of the full profile, by id, with the data that they were measured on.
CLAIMS = "claims_full.json"


class NothingRecorded(RuntimeError):
    """There is no report of a full run."""


def publish(report: Path, recorded: Path, published: Path) -> list[str]:
    """Copy the recorded figures and merge the claims of the notebooks that passed.

    Claims of notebooks that this run did not contain stay as they were, so that lessons can be recorded one by one.

    Args:
        report: report.json of a run in the full profile.
        recorded: the folder that `recorded.save` has written to.
        published: data/results.

    Returns:
        The names of the files written.

    Raises:
        NothingRecorded: there is no such report, it is of another profile, or no notebook passed.
    """
    if not report.is_file():
        raise NothingRecorded(f"There is no {report.name} of a run. Run: course run --profile full")
    run = json.loads(report.read_text(encoding="utf-8"))
    passed = [notebook for notebook in run["notebooks"] if notebook["status"] == "passed"]
    if run["profile"] != "full" or not passed:
        raise NothingRecorded(
            f"Only notebooks that passed in the full profile are published. The last run: profile {run['profile']}, "
            f"{len(passed)} of {len(run['notebooks'])} passed."
        )
    published.mkdir(parents=True, exist_ok=True)
    target = published / CLAIMS
    claims = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    for notebook in passed:
        claims.update({claim["id"]: _kept(claim, notebook) for claim in notebook["claims"]})
    files.write_text(target, json.dumps(dict(sorted(claims.items())), indent=1, ensure_ascii=False) + "\n")
    figures = [file for notebook in passed for file in sorted(recorded.glob(f"{notebook['name'][:2]}_*.json"))]
    for file in figures:
        files.write_bytes(published / file.name, file.read_bytes())
    return [CLAIMS, *(file.name for file in figures)]


def _kept(claim: dict[str, Any], notebook: dict[str, Any]) -> dict[str, Any]:
    keys = ("statement", "measured", "bound", "direction", "holds", "unit")
    return {key: claim[key] for key in keys} | {"data": notebook["data"]}
