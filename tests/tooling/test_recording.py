import json

import nbformat
import pytest

from course_utils import paths
from course_utils.tooling import recording
from course_utils.tooling.catalogue import lessons
from course_utils.tooling.run_harvest import harvest

CLAIM = {
    "id": "04.c1", "statement": "It learns.", "measured": [0.9], "bound": 0.5, "direction": "at_least",
    "margin": 0.4, "holds": True, "about_time": False, "unit": "", "enforced": True,
}  # fmt: skip

NAMES = ["04_keras_code"]


@pytest.fixture
def folders(tmp_path):
    """A report of a full run of one notebook, and figures of that notebook and of another."""
    for place, name in (("04_keras_code", "04_programs"), ("05_remedies", "05_table"), ("04_old", "04_stale")):
        (tmp_path / "run" / place / "recorded").mkdir(parents=True)
        (tmp_path / "run" / place / "recorded" / f"{name}.json").write_text("{}")
    (tmp_path / "report").mkdir()

    def report(profile="full", status="passed", **claim):
        notebook = {"name": "04_keras_code", "status": status, "claims": [CLAIM | claim], "data": ["digits"]}
        path = tmp_path / "report" / "report.json"
        path.write_text(json.dumps({"profile": profile, "notebooks": [notebook]}))
        return tmp_path, tmp_path / "published"

    return report


def test_a_full_run_is_published_with_the_figures_of_its_notebooks_only(folders):
    assert recording.publish(*folders(), names=NAMES) == ["claims_full.json", "04_programs.json"]
    claims = json.loads((folders()[1] / "claims_full.json").read_text())
    assert claims["04.c1"]["measured"] == [0.9]
    assert claims["04.c1"]["data"] == ["digits"]


def test_claims_of_other_lessons_stay(folders):
    recording.publish(*folders(id="05.c1"), names=NAMES)
    recording.publish(*folders(measured=[0.8]), names=NAMES)
    claims = json.loads((folders()[1] / "claims_full.json").read_text())
    assert list(claims) == ["04.c1", "05.c1"]


def test_only_lessons_of_the_first_edition_are_published_from_a_run(folders):
    with pytest.raises(recording.NothingRecorded, match="0 of 0 passed"):
        recording.publish(*folders(), names=["05_overfitting_and_augmentation"])
    assert not folders()[1].exists()


@pytest.mark.parametrize("fault", [{"profile": "quick"}, {"status": "failed"}])
def test_only_what_passed_in_full_is_published(folders, fault):
    with pytest.raises(recording.NothingRecorded, match="passed in the full profile"):
        recording.publish(*folders(**fault), names=NAMES)
    assert not folders()[1].exists()


def test_without_a_run_the_command_to_run_is_named(tmp_path):
    with pytest.raises(recording.NothingRecorded, match="course run --profile full"):
        recording.publish(tmp_path, tmp_path, NAMES)


def test_recorded_and_stored_claims_do_not_disagree():
    """What holds in the stored quick run holds in the recorded full run, and is the same statement."""
    full = json.loads((paths.results_folder() / recording.CLAIMS).read_text(encoding="utf-8"))
    stored = {
        claim["id"]: claim
        for lesson in lessons()
        if lesson.notebook.is_file()
        for claim in harvest(nbformat.read(lesson.notebook, as_version=4))["claims"]
    }
    assert set(full) <= set(stored), "claims recorded that no notebook makes any more"
    for name, claim in full.items():
        assert (claim["statement"], claim["direction"]) == (stored[name]["statement"], stored[name]["direction"]), name
        assert claim["holds"] == stored[name]["holds"], name
