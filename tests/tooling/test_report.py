"""The report from records made by hand: no notebook runs here."""

import html.parser
import json
import xml.etree.ElementTree as ET

import nbformat
import pytest

from course_utils.tooling import report
from course_utils.tooling.run_harvest import compare
from course_utils.tooling.run_results import NotebookResult, RunResult


def claim(**values):
    made = {"id": "04.c1", "statement": "It learns.", "measured": [0.9, 0.92], "bound": 0.8, "direction": "at_least"}
    return {**made, "margin": 0.1, "holds": True, "about_time": False, "enforced": True, "unit": "", **values}


def result_of(folder, *notebooks, interrupted=False):
    machine = {"cores": 2, "memory": 8_000_000_000, "system": "Linux"}
    versions = {"Python": "3.11.9", "keras": "3.15.0"}
    started = "2026-01-02T03:04:05+00:00"
    return RunResult("quick", {"seed": 1}, started, 12.5, 2, 1, interrupted, list(notebooks), versions, machine, folder)


def records():
    good = NotebookResult("00_start", "passed", 3.2, 2.0, 300_000_000, claims=[claim()], drift=[])
    bad = NotebookResult("04_code", "failed", 65.0, 9.0, 2_100_000_000, message="ValueError: <b>&\x1b[0m", cell=3)
    return good, bad, NotebookResult("05_more")


class Page(html.parser.HTMLParser):
    """Text and addresses of a page."""

    def __init__(self, text):
        super().__init__()
        self.text, self.addresses, self.tags = "", [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href")]

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def page(tmp_path):
    return Page(report.write_report(result_of(tmp_path, *records())).read_text(encoding="utf-8"))


def test_the_page_shows_outcome_figures_and_versions(page):
    for expected in ("2 of 3 notebooks did not run to the end", "1 min 05 s"):
        assert expected in page.text
    for expected in ("2.1 GB", "It learns.", "0.9, 0.92", "≥ 0.8", "+0.1", "keras", "3.15.0", "seed = 1"):
        assert expected in page.text


def test_the_page_loads_nothing_and_runs_nothing(page):
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not [address for address in page.addresses if "//" in address]


def test_what_a_notebook_prints_is_text_on_the_page(page):
    assert "ValueError: <b>&" in page.text
    assert "b" not in page.tags[page.tags.index("table") :]


def test_the_json_follows_its_schema_and_a_changed_one_does_not(tmp_path):
    values = report.to_json(result_of(tmp_path, *records(), interrupted=True))
    report.validate(values)
    values["notebooks"][1]["status"] = "fine"
    with pytest.raises(ValueError, match=r"At \$\.notebooks\[1\]\.status: 'fine'"):
        report.validate(values)


def test_every_attribute_of_a_record_is_in_the_schema():
    schema = json.loads(report.SCHEMA.read_text(encoding="utf-8"))
    assert set(schema["$defs"]["notebook"]["required"]) == set(NotebookResult("x").to_json())


def test_figures_that_are_no_numbers_stay_readable(tmp_path):
    odd = NotebookResult("x", "failed", claims=[claim(measured=[float("nan"), 1.0], margin=float("-inf"), holds=False)])
    path = report.write_report(result_of(tmp_path, odd))
    assert "no number" in path.read_text(encoding="utf-8")
    values = json.loads(path.with_name("report.json").read_text(encoding="utf-8"))
    assert values["notebooks"][0]["claims"][0]["measured"] == [None, 1.0]
    report.validate(values)


def test_junit_counts_notebooks_and_claims(tmp_path):
    false = claim(id="04.c2", holds=False)
    recorded = claim(id="04.c3", holds=False, enforced=False)
    good, bad, waiting = records()
    bad.claims = [false, recorded]
    root = ET.fromstring(report.to_junit(result_of(tmp_path, good, bad, waiting)).split("\n", 1)[1])
    counts = {suite.get("name"): [suite.get(key) for key in ("tests", "failures", "skipped")] for suite in root}
    assert counts == {"notebooks": ["3", "1", "1"], "claims": ["3", "1", "1"]}


def test_an_empty_run_has_a_page_too(tmp_path):
    assert "No notebook of this run made a claim" in report.write_report(result_of(tmp_path)).read_text()


def test_a_record_survives_the_way_to_json_and_back():
    good = records()[0]
    assert NotebookResult.from_json(json.loads(json.dumps(good.to_json()))) == good
    with pytest.raises(TypeError, match="Expected the keys"):
        NotebookResult.from_json({"name": "x"})


def cell_of(text, *tags, count=1):
    output = nbformat.v4.new_output("stream", name="stdout", text=text)
    return nbformat.v4.new_code_cell("show()", outputs=[output], execution_count=count, metadata={"tags": list(tags)})


def book_of(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def test_drift_names_the_compared_cells_whose_text_differs():
    stored = book_of(cell_of("0.91\n", "nbval-check-output"), cell_of("3 s"), cell_of("4", "nbval-check-output"))
    added = cell_of("", "injected-parameters")
    now = book_of(added, cell_of("0.92\n", "nbval-check-output"), cell_of("5 s"), cell_of("4", "nbval-check-output"))
    assert [(drift["cell"], drift["stored"], drift["now"]) for drift in compare(now, stored)] == [(1, "0.91", "0.92")]


def test_without_stored_outputs_there_is_nothing_to_compare():
    assert compare(book_of(cell_of("1", "nbval-check-output")), book_of(cell_of("", count=None))) is None
