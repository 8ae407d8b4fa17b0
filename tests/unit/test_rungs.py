"""The ladder of lesson 15: one remedy a rung, what a training gives back, and when a target is reached."""

import dataclasses
import itertools

import numpy as np
import pytest

from course_utils import datasets
from course_utils.training import rungs


@pytest.fixture(scope="module")
def data():
    return datasets.load("shapes", train=64, validation=20, test=10, size=24, quiet=True)


def test_each_rung_changes_one_thing_besides_the_rates_and_how_they_are_chosen():
    for (_, before), (name, rung) in itertools.pairwise(rungs.ladder().items()):
        changed = {
            field.name for field in dataclasses.fields(rung) if getattr(before, field.name) != getattr(rung, field.name)
        }
        assert len(changed - {"rates", "choose_by"}) == 1, name


def test_a_rate_that_stays_is_looked_at_after_each_pass_and_one_that_falls_at_the_end(data):
    stays = rungs.Trainer(rungs.Rung(batch=32), data)
    assert [passes for passes, _, _ in stays.course(0.001, 0, 2, (1,))] == [1, 2]
    falls = rungs.Trainer(rungs.Rung(batch=32, cycle=True, rates=(0.001, 0.01)), data)
    course = falls.course(0.001, 0, 5, (1, 2))
    assert [passes for passes, _, _ in course] == [1, 2]
    assert all(seconds > 0 and 0 <= accuracy <= 1 for _, seconds, accuracy in course)
    assert falls.model.optimizer.learning_rate.numpy() < 0.001  # it has come down
    assert falls.best_rate(1) in (0.001, 0.01)


def test_the_rest_of_the_recipe_begins_with_filters_from_the_pictures(data):
    trainer = rungs.Trainer(rungs.Rung(network="fast_cnn", batch=32, muon=True, rest=True), data)
    trainer.train(0.0, 0, 1)  # a rate of zero: the first filters stay as they were made
    kernel = trainer.model.get_layer("stem").get_weights()[0]
    np.testing.assert_allclose(kernel[..., :12], -kernel[..., 12:], atol=1e-6)


def test_a_target_that_is_not_reached_has_no_second():
    runs = {"one": [[(1, 2.0, 0.5), (2, 4.0, 0.8), (3, 6.0, 0.9)], [(1, 2.0, 0.7)]]}
    assert rungs.seconds_to(0.8, runs) == {"one": [4.0, None]}
