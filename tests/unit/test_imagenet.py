"""The network trained on ImageNet: its answers, its files, and that it is a plain Keras model."""

import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils import datasets, models, paths, startup

startup.load_keras()
import keras  # noqa: E402  (after load_keras, so that the test's output stays clean)

FOLDER = paths.data_folder() / "imagenet"
WEIGHTS = FOLDER / "efficientnet_lite0.npz"


@pytest.fixture(scope="module")
def photographs():
    return datasets.load("photographs", quiet=True)


@pytest.fixture(scope="module")
def network():
    return models.imagenet()


@pytest.fixture(scope="module")
def small():
    return models.imagenet(96)


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).integers(0, 256, (4, 96, 96, 3), dtype=np.uint8)


def test_the_answers_are_those_of_the_original_in_pytorch(network, photographs):
    reference = json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))
    assert reference["largest difference in logits, float32 weights"] <= 1e-4
    expected = np.zeros((len(photographs), 1000))
    for row, name in zip(expected, photographs, strict=True):
        for label, probability in reference[name].items():
            row[int(label)] = probability
    found = network.predict(models.prepare(list(photographs.values())), verbose=0)
    # Probabilities below 0.0005 are not in the file: zero stands for them.
    np.testing.assert_allclose(found, expected, atol=0.01)
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()


def test_the_files_are_those_whose_sums_are_written_down():
    for line in (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        value, name = line.split("  ")
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == value, name
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [97, 320])
def test_every_size_gives_features_and_probabilities(size):
    network = models.imagenet(size)
    features, maps = (network.get_layer(name).output for name in ("features", "last_maps"))
    side = -(-size // 32)  # five layers halve the picture and round up
    assert maps.shape == (None, side, side, 1280)
    assert features.shape == (None, 1280)
    pictures = np.zeros((2, size, size, 3), np.uint8)
    np.testing.assert_allclose(np.sum(network(pictures), axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 95}, "from 96 to 320. Received: 95"),
        ({"size": 321}, "from 96 to 320. Received: 321"),
        ({"size": (96, 96)}, "whole number of pixels"),
        ({"include_top": False, "pooling": "mean"}, "pooling is None, 'avg' or 'max'"),
        ({"pooling": "avg"}, "include_top=False"),
        ({"weights": 3}, r"^weights is 'imagenet', None or the path of a file\. Received: 3\.$"),
    ],
)
def test_an_argument_that_is_not_possible_gets_one_line(arguments, message):
    with pytest.raises(ValueError, match=message) as caught:
        models.imagenet(**arguments)
    assert "\n" not in str(caught.value)


def test_the_layers_that_the_documentation_names_are_there(small):
    names = {layer.name for layer in small.layers}
    block = {f"stage3_block2_{part}" for part in ("expand", "depthwise", "project")}
    assert {"stem", "last_maps", "features", "logits", "probabilities", "stage3_block2_output"} <= names
    assert block | {f"{name}_norm" for name in block} <= names
    assert {"stage3_block2_expand_relu", "stage3_block2_depthwise_relu"} <= names


def test_bytes_and_floats_give_the_same_answer(small, noise):
    np.testing.assert_array_equal(small.predict(noise, verbose=0), small.predict(noise.astype(np.float64), verbose=0))


def test_without_the_top_the_output_is_maps_or_their_mean_or_maximum(small, noise):
    maps = models.imagenet(96, include_top=False)(noise).numpy()
    assert maps.shape == (4, 3, 3, 1280)
    mean = models.imagenet(96, include_top=False, pooling="avg")(noise)
    highest = models.imagenet(96, include_top=False, pooling="max")(noise)
    features = keras.Model(small.input, small.get_layer("features").output)(noise)
    np.testing.assert_allclose(mean, maps.mean(axis=(1, 2)), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(mean, features, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(highest, maps.max(axis=(1, 2)), rtol=1e-4, atol=1e-5)


def test_without_weights_the_network_starts_at_random():
    keras.utils.set_random_seed(0)
    kernels = [models.imagenet(96, weights=None).get_layer("stem").kernel.numpy() for _ in range(2)]
    assert not np.array_equal(*kernels)


def test_a_file_with_more_blocks_makes_a_deeper_network(tmp_path, noise):
    with np.load(WEIGHTS) as file:
        arrays = {name: file[name] for name in file.files}
    more = {name.replace("stage2_block2", "stage2_block3"): a for name, a in arrays.items() if "stage2_block2" in name}
    np.savez(tmp_path / "deeper.npz", **arrays, **more)
    deeper = models.imagenet(96, weights=tmp_path / "deeper.npz")
    assert deeper.get_layer("stage2_block3_output") in deeper.layers
    np.testing.assert_array_equal(
        deeper.get_layer("stage2_block3_project").kernel.numpy(),
        deeper.get_layer("stage2_block2_project").kernel.numpy(),
    )


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gone\.npz is not there\. Get the course's files"):
        models.imagenet(weights=tmp_path / "gone.npz")


@pytest.mark.parametrize("kind", ["cut off", "text", "pickled", "one array", "other shape"])
def test_a_file_that_holds_no_weights_is_refused_in_one_line(tmp_path, kind):
    path = tmp_path / "weights.npz"
    if kind == "cut off":
        path.write_bytes(WEIGHTS.read_bytes()[:100_000])
    elif kind == "text":
        path.write_text("version https://git-lfs")
    elif kind == "pickled":
        np.savez(path, kernel=np.array([{"a": 1}], dtype=object))
    elif kind == "one array":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    else:
        with np.load(WEIGHTS) as file:
            arrays = {name: file[name] for name in file.files}
        np.savez(path, **arrays | {"stem/kernel": arrays["stem/kernel"][:2]})
    with pytest.raises(ValueError, match="Get the file again") as caught:
        models.imagenet(96, weights=path)
    assert "\n" not in str(caught.value)


def test_a_thousand_names_each_of_its_own():
    names = models.imagenet_names()
    assert len(set(names)) == 1000
    assert names[281:286] == ("tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat")
    assert names[924] == "guacamole"
    lines = (FOLDER / "classes.csv").read_text(encoding="utf-8").splitlines()
    assert lines[286] == "n02124075,Egyptian cat"


@given(hnp.arrays(np.float32, 1000, elements=st.floats(0, 1, width=32)), st.integers(1, 1000))
def test_top_gives_the_most_probable_first(probabilities, k):
    named = models.top(probabilities, k)
    order = [models.imagenet_names().index(name) for name, _ in named]
    assert len(set(order)) == k
    assert [probability for _, probability in named] == sorted(probabilities.tolist(), reverse=True)[:k]
    assert models.top(probabilities[None], k) == [named]


@pytest.mark.parametrize("shape", [(), (999,), (2, 10), (1, 1, 1000)])
def test_top_refuses_what_are_no_probabilities(shape):
    with pytest.raises(ValueError, match=r"shape \(1000,\) or \(n, 1000\)\. Received"):
        models.top(np.zeros(shape))


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from([(), (1,), (3,)]), st.integers(8, 40))
def test_prepare_makes_a_batch_of_squares(height, width, channels, size):
    photo = np.full((height, width, *channels), 77, np.uint8)
    for given_as, n in ((photo, 1), ([photo], 1), ([photo, photo], 2)):
        batch = models.prepare(given_as, size)
        assert batch.dtype == np.uint8
        assert batch.shape == (n, size, size, 3)
        assert (batch == 77).all()


def test_prepare_keeps_the_middle_and_never_squeezes():
    photo = np.zeros((40, 100, 3), np.uint8)
    photo[:, 30:70, 1] = 255  # the middle square is green
    assert (models.prepare(photo, 40) == [0, 255, 0]).all()
    assert models.prepare(np.stack([photo, photo]), 40).shape == (2, 40, 40, 3)
    np.testing.assert_array_equal(models.prepare(photo[:, 30:70], 40)[0], photo[:, 30:70])


def test_prepare_refuses_what_is_no_photograph():
    for photo in (np.zeros((5, 5, 3)), np.zeros((5, 5, 4), np.uint8), np.zeros((0, 5, 3), np.uint8)):
        with pytest.raises(ValueError, match=r"uint8 \(height, width, 3\)\. Received"):
            models.prepare(photo)
