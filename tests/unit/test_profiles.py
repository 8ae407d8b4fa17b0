import pytest

from course_utils import profiles


@pytest.mark.parametrize(("profile", "expected"), [("smoke", 1), ("quick", 5), ("full", 10)])
def test_each_profile_has_its_value(profile, expected):
    assert profiles.choose(profile, smoke=1, quick=5, full=10) == expected


def test_an_unknown_profile_is_refused_and_named():
    with pytest.raises(ValueError, match=r"smoke, quick, full.*'fast'"):
        profiles.choose("fast", smoke=1, quick=5, full=10)
