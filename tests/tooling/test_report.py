"""The report from records made by hand: no notebook runs here."""

import html.parser
import json
import xml.etree.ElementTree as ET

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils import datasets
from course_utils.tooling import report, running
from course_utils.tooling.run_results import (
    CLAIMS,
    SCHEMA,
    VERDICT,
    NotebookResult,
    RunResult,
    first_problem,
    read_executed,
)


def claim(**values):
    made = {"id": "04.c1", "statement": "It learns.", "measured": [0.9, 0.92], "bound": 0.8, "direction": "at_least"}
    return {**made, "margin": 0.1, "holds": True, "about_time": False, "enforced": True, "unit": "", **values}


def result_of(folder, *notebooks, interrupted=False):
    machine = {"cores": 2, "memory": 8_000_000_000, "system": "Linux"}
    versions = {"Python": "3.11.9", "keras": "3.15.0"}
    started = "2026-01-02T03:04:05+00:00"
    return RunResult("quick", {"seed": 1}, started, 12.5, 2, 1, interrupted, list(notebooks), versions, machine, folder)


def records():
    good = NotebookResult("00_start", "passed", 3.2, 2.0, 300_000_000, claims=[claim()])
    bad = NotebookResult("04_code", "failed", 65.0, 9.0, 2_100_000_000, message="ValueError: <b>&\x1b[0m", cell=3)
    return good, bad, NotebookResult("05_more")


class Page(html.parser.HTMLParser):
    """Text and addresses of a page."""

    def __init__(self, text):
        super().__init__()
        self.source, self.text, self.addresses, self.tags = text, "", [], []
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
    assert first_problem(values) == ""
    values["notebooks"][1]["status"] = "fine"
    assert first_problem(values).startswith("notebooks[1].status: 'fine'")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert set(schema["$defs"]["notebook"]["required"]) == set(vars(NotebookResult("x")))


def test_junit_counts_notebooks_and_claims(tmp_path):
    false = claim(id="04.c2", holds=False)
    recorded = claim(id="04.c3", holds=False, enforced=False)
    good, bad, waiting = records()
    bad.claims = [false, recorded]
    root = ET.fromstring(report.to_junit(result_of(tmp_path, good, bad, waiting)).split("\n", 1)[1])
    counts = {suite.get("name"): [suite.get(key) for key in ("tests", "failures", "skipped")] for suite in root}
    assert counts == {"notebooks": ["3", "1", "1"], "claims": ["3", "1", "1"]}


def shown(*bundles):
    """An executed notebook whose cells show these bundles, type and record, one a cell."""
    outputs = [nbformat.v4.new_output("display_data", data={kind: record}) for kind, record in bundles]
    cells = [nbformat.v4.new_code_cell("show()", outputs=[output], execution_count=1) for output in outputs]
    return nbformat.v4.new_notebook(cells=cells)


def report_of(folder, executed):
    """The report, as JSON, of a run of one notebook that passed; all three forms are written."""
    page = report.write_report(result_of(folder, NotebookResult("00_x", "passed", **read_executed(executed))))
    ET.parse(page.with_name("junit.xml"))
    values = json.loads(page.with_name("report.json").read_text(encoding="utf-8"))
    assert first_problem(values) == ""
    return values["notebooks"][0], Page(page.read_text(encoding="utf-8"))


def test_every_line_that_load_prints_is_among_the_data(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "home"))
    random = np.random.default_rng(0)
    for place in (tmp_path / "own" / name for name in ("red", "blue")):
        place.mkdir(parents=True)
        for number in range(10):
            Image.fromarray(random.integers(0, 255, (16, 16, 3), dtype=np.uint8)).save(place / f"{number}.png")
    datasets.import_images(tmp_path / "own", name="mine")
    datasets.load("shapes", train=12, validation=6, test=6)
    for name in ("digits", "mine", f"folder:{tmp_path / 'own'}", "photographs"):
        datasets.load(name)
    printed = capsys.readouterr().out
    output = nbformat.v4.new_output("stream", text=f"The data:\n{printed}Ready; go on.\n")
    executed = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("load()", outputs=[output])])
    assert read_executed(executed)["data"] == printed.splitlines() and len(printed.splitlines()) == 5


NAN, INFINITE, HUGE, DEEP = float("nan"), float("inf"), 10**400, json.loads("[" * 100 + "]" * 100)
BAD_CLAIMS = [
    *({"measured": value} for value in (None, [None, "0.9"], [True], DEEP)),
    *({"bound": value} for value in (None, "0.8", NAN, HUGE)),
    *({"direction": "at least"}, {"margin": "0.1"}, {"holds": "yes"}, {"about_time": 0}, {"unit": 3}, {"id": 4}),
]


BAD_VERDICTS = [None, 3, [], "text", {"id": "00.1"}, {"id": 1, "status": "wrong"}, {"id": "00.1", "status": "fine"}]
BAD = [
    *(("claim", CLAIMS, claim(**fault), next(iter(fault))) for fault in BAD_CLAIMS),
    *(("verdict", VERDICT, record, "") for record in BAD_VERDICTS),
]


@pytest.mark.parametrize(("word", "kind", "record", "named"), BAD, ids=lambda value: f"{value}"[-40:])
def test_a_claim_or_verdict_that_is_none_costs_itself_and_is_said(tmp_path, word, kind, record, named):
    good = ((CLAIMS, claim(id="00.c2")), (VERDICT, {"id": "00.2", "status": "wrong"}))
    book, page = report_of(tmp_path, shown((kind, record), *good))
    assert [made["id"] for made in book["claims"] + book["verdicts"]] == ["00.c2", "00.2"]
    [remark] = book["remarks"]
    assert remark.startswith(f"cell 1 shows a {word} that cannot be read: ") and named in remark and len(remark) < 300
    assert f"cell 1 shows a {word} that cannot be read" in page.text


@pytest.mark.parametrize(
    ("measured", "shown_as"),
    [
        ([NAN, 1.0], "no number, 1"),
        ([None], "no number"),
        ([INFINITE, HUGE], "no number, no number"),
        ([1e308, -1e308], "1e+308, -1e+308"),
        ([], ""),
    ],
)
def test_figures_that_are_no_numbers_stay_readable(tmp_path, measured, shown_as):
    book, page = report_of(tmp_path, shown((CLAIMS, claim(measured=measured, margin=None, holds=False))))
    assert len(book["claims"]) == 1 and book["remarks"] == []
    assert f">{shown_as}<" in page.source and "nan" not in page.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[]), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    record=json_values | st.dictionaries(st.sampled_from(sorted(claim())), json_values).map(lambda odd: claim(**odd)),
    kind=st.sampled_from([CLAIMS, VERDICT]),
)
def test_whatever_a_notebook_shows_the_report_is_written(tmp_path, kind, record):
    executed = shown((kind, record), (CLAIMS, claim(id="00.c2")))
    executed.cells[0].source = "show('\ud800\x00')"
    book, _ = report_of(tmp_path, executed)
    assert book["claims"][-1]["id"] == "00.c2"
    assert len(book["claims"]) + len(book["verdicts"]) + len(book["remarks"]) == 2


@pytest.mark.parametrize(("key", "value"), [("seconds", "3"), ("claims", [{"id": 1}]), ("new", 1)])
def test_a_damaged_record_of_an_earlier_run_is_no_record(tmp_path, key, value):
    good = vars(records()[0])
    (tmp_path / "good.json").write_text(json.dumps(good))
    (tmp_path / "bad.json").write_text(json.dumps({**good, key: value}))
    assert running._read_record(tmp_path / "good.json") == records()[0]
    assert running._read_record(tmp_path / "bad.json") is running._read_record(tmp_path / "none.json") is None
