"""Learning from views: the loss is the one that can be added up by hand, and an encoder learns without labels."""

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.training import few_labels
from course_utils.training.contrastive import contrastive_loss, learn_from_views, pair_model

RANDOM = np.random.default_rng(0)
COLOURS = np.repeat(RANDOM.integers(0, 256, (40, 1, 1, 3)), 8, axis=1).repeat(8, axis=2).astype("uint8")


def by_hand(both):
    """View by view: minus the logarithm of the partner's share among all other views."""
    codes = np.concatenate(np.split(both, 2, axis=1))
    codes = codes / np.linalg.norm(codes, axis=1, keepdims=True)
    n, losses = len(both), []
    for place, code in enumerate(codes):
        scores = np.exp(codes @ code / 0.2)
        losses.append(-np.log(scores[(place + n) % (2 * n)] / np.delete(scores, place).sum()))
    return np.array(losses)


@pytest.mark.parametrize("pictures", [1, 2, 5])
def test_the_loss_is_that_of_each_view_among_all_others(pictures):
    both = RANDOM.normal(size=(pictures, 6)).astype("float32")
    np.testing.assert_allclose(np.array(contrastive_loss(None, both)), by_hand(both), atol=1e-5)


def test_long_codes_are_no_better_than_short_ones():
    both = RANDOM.normal(size=(3, 4)).astype("float32")
    np.testing.assert_allclose(contrastive_loss(None, both), contrastive_loss(None, 9 * both), atol=1e-5)


def test_both_views_are_drawn_anew():
    keras.utils.set_random_seed(0)
    pairs = pair_model(few_labels.small_encoder(8), layers.RandomColorJitter((0, 255), hue_factor=0.5))
    one, other = np.split(np.array(pairs(COLOURS[:4].astype("float32"), training=True)), 2, axis=1)
    assert one.shape == (4, 32) and abs(one - other).max() > 1e-4
    one, other = np.split(np.array(pairs(COLOURS[:4].astype("float32"), training=False)), 2, axis=1)
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_an_encoder_learns_to_find_partners():
    keras.utils.set_random_seed(0)
    encoder = few_labels.small_encoder(8)
    losses = learn_from_views(encoder, few_labels.small_views(colour=False), COLOURS, epochs=6, batch_size=10)
    assert len(losses) == 6 and losses[-1] < losses[0] < 1.5 * np.log(19)


def test_fewer_pictures_than_a_batch_are_refused():
    with pytest.raises(ValueError, match="Received: 40"):
        learn_from_views(few_labels.small_encoder(8), layers.Identity(), COLOURS, epochs=1, batch_size=50)


def test_more_labels_continue_a_draw_and_every_class_gets_as_many():
    y = RANDOM.integers(0, 3, 60)
    few, more = few_labels.draw_labels(y, 2, 0), few_labels.draw_labels(y, 5, 0)
    assert set(few) < set(more) and np.bincount(y[more]).tolist() == [5, 5, 5]
    assert set(few) != set(few_labels.draw_labels(y, 2, 1))


def test_a_probe_reads_what_the_features_hold():
    y = np.arange(60) % 3
    features = np.eye(3)[y] + RANDOM.normal(0, 0.01, (60, 3))
    assert few_labels.probe_scores(features, y, features, y, (1, 5)) == [1.0, 1.0]
    guess = few_labels.probe_scores(
        RANDOM.normal(size=(60, 3)), y, RANDOM.normal(size=(90, 3)), np.arange(90) % 3, (5,)
    )
    assert guess[0] < 0.6
