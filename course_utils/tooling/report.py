"""The report of a run: a page for people, JSON for programs, JUnit for CI services."""

import json
import xml.etree.ElementTree as ET
from dataclasses import asdict
from pathlib import Path
from typing import Any

from course_utils import files
from course_utils.tooling.run_results import NotebookResult, RunResult, plain

__all__ = ["to_json", "to_junit", "to_page", "write_report"]

TEMPLATE = Path(__file__).with_name("report_page.html")
# Counted up when a key changes its meaning or goes; a new key alone does not count.
SCHEMA_VERSION = 2
# Characters that XML 1.0 cannot hold, such as the escapes of terminal colours.
NOT_XML = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
# Verdicts in the order in which a reader asks for them.
VERDICTS = ("correct", "wrong", "cannot be checked", "not attempted")


def write_report(result: RunResult) -> Path:
    """Write report.json, junit.xml and index.html, each whole or not at all, into the folder `report` of the run.

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
    files.write_text(result.report_page, to_page(values))
    return result.report_page


def to_json(result: RunResult) -> dict[str, Any]:
    """The report as plain values. `report_schema.json` beside this module says what each of them means."""
    values = {"schema": SCHEMA_VERSION, **asdict(result), "passed": result.passed, "counts": result.counts()}
    del values["folder"], values["unwritten"]
    return plain(values)


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
    name = f"{claim['id']} {claim['statement']}"
    case = ET.Element("testcase", classname=f"claims.{notebook.name}", name=_xml(name), time="0")
    if not claim["holds"] and claim["enforced"]:
        ET.SubElement(case, "failure", message=_xml(f"measured {claim['measured']}, bound {claim['bound']}"))
    elif not claim["holds"]:
        ET.SubElement(case, "skipped", message="recorded only: this run does not have to show it")
    return case


def _xml(text: str) -> str:
    return text.translate(NOT_XML)


def to_page(report: dict[str, Any]) -> str:
    """The page of a report that follows `report_schema.json`: no script, nothing loaded from elsewhere."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        duration=_duration, megabytes=_megabytes, figure=_figure, signed=_signed, instant=_instant
    )
    books = report["notebooks"]
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        report=report,
        claims=[{**claim, "notebook": book["name"]} for book in books for claim in book["claims"]],
        longest=max([book["seconds"] for book in books], default=0) or 1,
        largest=max([book["peak_memory"] for book in books], default=0) or 1,
        data=sorted({line for book in books for line in book["data"]}),
        verdicts={
            book["name"]: {
                verdict: sum(shown["status"] == verdict for shown in book["verdicts"]) for verdict in VERDICTS
            }
            for book in books
        },
        verdict_names=VERDICTS,
    )


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def _megabytes(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def _figure(value: float | None) -> str:
    return "no number" if value is None else f"{value:.4g}"


def _signed(value: float | None) -> str:
    return "no number" if value is None else f"{'−' if value < 0 else '+'}{abs(value):.4g}"


def _instant(text: str) -> str:
    return text.replace("T", " ").replace("+00:00", " UTC")
