"""The parameters of every lesson: declared with a type, and refused in one line where they do not fit."""

import pytest

from course_utils import profiles
from course_utils.tooling import catalogue, pairing
from course_utils.tooling.run_parameters import check_parameters, declared_parameters, profile_parameters
from course_utils.tooling.run_results import RunRefused

LESSONS = [lesson for lesson in catalogue.lessons() if lesson.notebook.is_file()]
# A value that a parameter of this type cannot take.
UNFIT = {"str": 3, "int": "three", "float": "fast", "bool": "perhaps", "list": "8", "tuple": "8", "dict": "8"}


def declared(lesson):
    return declared_parameters(pairing.read_notebook(lesson.notebook))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_parameter_has_a_type(lesson):
    parameters = declared(lesson)
    assert parameters and all(parameter.types for parameter in parameters.values())


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_each_profile_sets_what_the_lesson_has(lesson):
    parameters, notebook = declared(lesson), pairing.read_notebook(lesson.notebook)
    for profile in profiles.NAMES:
        check_parameters(profile_parameters(notebook, profile), parameters, lesson.name)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_does_not_fit_is_refused_in_one_line_that_says_what_fits(lesson):
    parameters = declared(lesson)
    unfit = [({name: UNFIT[parameter.types[0]]}, "takes ") for name, parameter in parameters.items()]
    unfit += [({"no_such_name": 1}, "It has: ")]
    for given, said in unfit:
        with pytest.raises(RunRefused) as raised:
            check_parameters(given, parameters, lesson.name)
        assert said in str(raised.value) and "\n" not in str(raised.value)
