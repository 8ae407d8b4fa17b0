"""Stratified draws: exact in number, fair to every class, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.datasets.splitting import default_validation, stratified_choice, stratified_split

LABELS = st.lists(st.integers(0, 5), min_size=1, max_size=200).map(lambda values: np.array(values, dtype=np.int64))


@given(LABELS, st.data(), st.integers(0, 2**32))
def test_every_class_gets_its_share_to_within_one_image(labels, data, seed):
    count = data.draw(st.integers(0, len(labels)))
    chosen = stratified_choice(labels, count, np.random.default_rng(seed))
    assert len(chosen) == len(set(chosen.tolist())) == count
    classes, sizes = np.unique(labels, return_counts=True)
    for label in classes:
        drawn, share = np.sum(labels[chosen] == label), count * np.mean(labels == label)
        assert drawn >= (count >= len(classes))
        assert abs(drawn - share) < 1 or (sizes * count < len(labels)).any()  # a rare class takes from the others
        assert drawn < share + 1


@given(LABELS, st.data(), st.integers(0, 2**32))
def test_a_split_is_disjoint_and_complete(labels, data, seed):
    count = data.draw(st.integers(0, len(labels)))
    rest, chosen = stratified_split(labels, count, np.random.default_rng(seed))
    assert len(chosen) == count
    assert sorted([*rest.tolist(), *chosen.tolist()]) == list(range(len(labels)))


@given(LABELS, st.data(), st.integers(0, 2**32))
def test_a_class_of_two_is_in_both_parts_where_the_numbers_allow(labels, data, seed):
    count = data.draw(st.integers(0, len(labels)))
    rest, chosen = stratified_split(labels, count, np.random.default_rng(seed))
    classes, sizes = np.unique(labels, return_counts=True)
    if np.sum(sizes > 1) <= count <= np.sum(sizes - 1):
        for label in classes[sizes > 1]:
            assert label in labels[rest] and label in labels[chosen]
        for label in classes[sizes == 1]:
            assert label in labels[rest]


@given(LABELS, st.integers(0, 2**32))
def test_the_same_seed_draws_the_same(labels, seed):
    draws = [stratified_choice(labels, len(labels) // 2, np.random.default_rng(seed)) for _ in range(2)]
    assert np.array_equal(*draws)


def test_another_seed_draws_something_else():
    labels = np.arange(100) % 5
    draws = [set(stratified_choice(labels, 50, np.random.default_rng(seed)).tolist()) for seed in (0, 1)]
    assert draws[0] != draws[1]


def test_a_draw_is_not_sorted_by_class():
    labels = np.repeat(np.arange(5), 40)
    drawn = labels[stratified_choice(labels, 100, np.random.default_rng(0))]
    assert len(set(drawn[:20].tolist())) > 2


@pytest.mark.parametrize("count", [-1, 11])
def test_too_many_or_negative_is_refused(count):
    with pytest.raises(ValueError, match=r"from 0 to 10\. Received: "):
        stratified_choice(np.zeros(10, dtype=np.int64), count, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("n", "classes", "expected"), [(60_000, 10, 5000), (50_000, 100, 5000), (300, 3, 30), (12, 4, 4)]
)
def test_validation_is_a_tenth_at_most_5000_at_least_one_a_class(n, classes, expected):
    assert default_validation(np.arange(n) % classes) == expected


def test_the_number_held_out_is_a_whole_one():
    for n in (7, 12, 300, 99_999):
        assert isinstance(default_validation(np.zeros(n, np.int64)), int)
    assert [default_validation(np.zeros(n, np.int64)) for n in (1, 19, 20, 49_999, 50_010)] == [1, 1, 2, 4999, 5000]


def test_shares_are_exact_where_they_can_be():
    labels = np.repeat([3, 5, 9], [50, 30, 20])
    for seed in range(5):
        chosen = stratified_choice(labels, 10, np.random.default_rng(seed))
        assert [int(np.sum(labels[chosen] == label)) for label in (3, 5, 9)] == [5, 3, 2]


def test_the_largest_remainder_gets_the_image_that_is_left():
    labels = np.repeat([0, 1], [57, 43])  # of 10: 5.7 and 4.3
    for seed in range(5):
        chosen = stratified_choice(labels, 10, np.random.default_rng(seed))
        assert int(np.sum(labels[chosen] == 0)) == 6


def test_equal_remainders_are_decided_by_chance_and_so_is_the_choice_within_a_class():
    labels = np.repeat([0, 1], 5)
    drawn = [stratified_choice(labels, 3, np.random.default_rng(seed)) for seed in range(60)]
    assert {int(np.sum(labels[chosen])) for chosen in drawn} == {1, 2}
    assert {int(index) for chosen in drawn for index in chosen} == set(range(10))
    assert len({int(chosen[0]) for chosen in drawn}) == 10  # in random order too
    assert drawn[0].dtype == np.int64


def test_a_rare_class_gets_an_image_of_the_class_that_is_farthest_above_its_share():
    labels = np.repeat([0, 1, 2], [60, 39, 1])  # of 10: 6, 3.9 and 0.1
    for seed in range(5):
        chosen = stratified_choice(labels, 10, np.random.default_rng(seed))
        assert [int(np.sum(labels[chosen] == label)) for label in range(3)] == [6, 3, 1]


def test_a_split_leaves_an_image_of_each_class_and_takes_one_of_each():
    labels = np.repeat([0, 1, 2], [10, 2, 1])
    for count in (2, 5, 10):
        for seed in range(5):
            rest, chosen = stratified_split(labels, count, np.random.default_rng(seed))
            assert set(labels[rest]) == {0, 1, 2} and set(labels[chosen]) == {0, 1}
            assert rest.tolist() == sorted(rest.tolist())
    rest, chosen = stratified_split(labels, 13, np.random.default_rng(0))
    assert len(rest) == 0 and sorted(chosen) == list(range(13))


def test_what_rare_classes_get_is_taken_where_most_is_left():
    labels = np.repeat(np.arange(5), [31, 39, 1, 4, 7])  # shares of ten: 3.8, 4.8, 0.1, 0.5, 0.9
    for seed in range(5):
        drawn = stratified_choice(labels, 10, np.random.default_rng(seed))
        assert np.bincount(labels[drawn]).tolist() == [3, 4, 1, 1, 1]


@pytest.mark.parametrize("draw", [stratified_choice, stratified_split])
def test_no_labels_and_no_images(draw):
    assert all(len(part) == 0 for part in np.atleast_2d(draw(np.array([], np.int64), 0, np.random.default_rng(0))))
    with pytest.raises(ValueError, match=r"^Expected a number of images from 0 to 2\. Received: 3\.$"):
        draw(np.zeros(2, np.int64), 3, np.random.default_rng(0))
