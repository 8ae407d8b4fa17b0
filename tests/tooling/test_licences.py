"""Every package that is installed is on the page of licences, with a licence."""

import re

from course_utils import paths
from course_utils.tooling import licences


def test_the_page_names_every_pinned_package_with_a_licence():
    published = (paths.project_root() / "data" / "licences.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([\w.-]+) \| (.+) \|$", published, re.MULTILINE))
    rows.pop("package", None), rows.pop("---", None)
    assert list(rows) == licences.pinned()
    assert not [package for package, licence in rows.items() if licence == "not stated"]


def test_a_licence_is_found_wherever_a_package_states_it():
    assert "BSD" in licences.licence_of("numpy")
    assert licences.licence_of("keras").startswith("Apache")
    assert licences.licence_of("tqdm") == "MPL-2.0 AND MIT"
