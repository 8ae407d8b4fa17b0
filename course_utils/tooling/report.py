"""The report of a run: a page for people, JSON for programs, JUnit for CI services."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from course_utils import files
from course_utils.tooling import report_page
from course_utils.tooling.report_schema import SCHEMA, first_problem, plain
from course_utils.tooling.run_results import NotebookResult, RunResult

__all__ = ["SCHEMA_VERSION", "to_json", "to_junit", "validate", "write_report"]

# Counted up when a key changes its meaning or goes; a new key alone does not count.
SCHEMA_VERSION = 1
# Characters that XML 1.0 cannot hold, such as the escapes of terminal colours.
NOT_XML = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


def write_report(result: RunResult) -> Path:
    """Write report.json, junit.xml and index.html into the folder `report` of the run.

    Each file is written whole or not at all. The page loads nothing from anywhere and can be sent as one file.

    Returns:
        The page.

    Raises:
        OSError: the folder cannot be written.
    """
    values = to_json(result)
    folder = result.report_page.parent
    folder.mkdir(parents=True, exist_ok=True)
    files.write_text(folder / "report.json", json.dumps(values, indent=1, ensure_ascii=False) + "\n")
    files.write_text(folder / "junit.xml", to_junit(result))
    files.write_text(result.report_page, report_page.render(values))
    return result.report_page


def to_json(result: RunResult) -> dict[str, Any]:
    """The report as plain values. `report_schema.json` beside this module says what each of them means."""
    return {
        "schema": SCHEMA_VERSION,
        "profile": result.profile,
        "parameters": plain(result.parameters),
        "started": result.started,
        "seconds": result.seconds,
        "jobs": result.jobs,
        "threads": result.threads,
        "interrupted": result.interrupted,
        "passed": result.passed,
        "counts": result.counts(),
        "versions": result.versions,
        "machine": result.machine,
        "notebooks": [plain(notebook.to_json()) for notebook in result.notebooks],
    }


def validate(values: dict[str, Any]) -> None:
    """Hold a report against its schema.

    Raises:
        ValueError: names the first place that does not fit.
    """
    if problem := first_problem(values):
        raise ValueError(f"A report follows {SCHEMA.name}. At {problem}.")


def to_junit(result: RunResult) -> str:
    """The same as JUnit XML: one case a notebook and one a claim."""
    root = ET.Element("testsuites", name="course", time=f"{result.seconds:.3f}")
    notebooks = [_notebook_case(notebook) for notebook in result.notebooks]
    claims = [_claim_case(notebook, claim) for notebook in result.notebooks for claim in notebook.claims]
    for name, cases in (("notebooks", notebooks), ("claims", claims)):
        failures, skipped = (sum(case.find(kind) is not None for case in cases) for kind in ("failure", "skipped"))
        suite = ET.SubElement(
            root, "testsuite", name=name, tests=str(len(cases)), failures=str(failures), skipped=str(skipped)
        )
        suite.extend(cases)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _notebook_case(notebook: NotebookResult) -> ET.Element:
    case = ET.Element("testcase", classname="notebooks", name=notebook.name, time=f"{notebook.seconds:.3f}")
    if notebook.status == "not run":
        ET.SubElement(case, "skipped", message="the run was stopped before its turn")
    elif not notebook.passed:
        failure = ET.SubElement(case, "failure", type=notebook.status, message=_xml(notebook.message))
        failure.text = _xml(notebook.details)
    return case


def _claim_case(notebook: NotebookResult, claim: dict[str, Any]) -> ET.Element:
    name = f"{claim.get('id', '?')} {claim.get('statement', '')}"
    case = ET.Element("testcase", classname=f"claims.{notebook.name}", name=_xml(name), time="0")
    if not claim.get("holds") and claim.get("enforced", True):
        ET.SubElement(case, "failure", message=_xml(f"measured {claim.get('measured')}, bound {claim.get('bound')}"))
    elif not claim.get("holds"):
        ET.SubElement(case, "skipped", message="recorded only: this run does not have to show it")
    return case


def _xml(text: str) -> str:
    return text.translate(NOT_XML)
