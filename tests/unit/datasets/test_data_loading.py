"""load: the promise that every data set keeps."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from course_utils import datasets
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.photographs import PHOTOGRAPHS
from course_utils.datasets.storage import write

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "datasets"


@pytest.fixture
def mine(home, arrays):
    """An imported set called mine: 30 training and 9 test images."""
    write(home / "mine.npz", arrays, "read from mine.zip")
    return home / "mine.npz"


@pytest.fixture
def benchmark(home, monkeypatch):
    """mnist, made small, without the axis of the channels and with labels in a column, as others store it."""
    tiny = BENCHMARKS["mnist"]
    monkeypatch.setitem(BENCHMARKS, "mnist", replace(tiny, n_train=200, n_test=50))
    rng = np.random.default_rng(0)
    home.mkdir()
    stored = {
        "x_train": rng.integers(0, 256, (200, 28, 28), dtype=np.uint8),
        "y_train": (np.arange(200, dtype=np.uint8) % 10)[:, None],
        "x_test": rng.integers(0, 256, (50, 28, 28), dtype=np.uint8),
        "y_test": np.arange(50, dtype=np.uint8) % 10,
    }
    np.savez_compressed(home / "mnist.npz", **stored)
    return stored


def identities(split):
    return {image.tobytes() for image in split.x}


@pytest.mark.parametrize("name", ["digits", "mine", "mnist"])
def test_the_promise(name, request, home):
    request.getfixturevalue({"digits": "home", "mine": "mine", "mnist": "benchmark"}[name])
    data = datasets.load(name, quiet=True)
    for split in (data.train, data.validation, data.test):
        assert split.x.dtype == np.uint8
        assert split.x.ndim == 4
        assert split.y.dtype == np.int64
        assert split.y.shape == (len(split.x),)
        assert 0 <= split.y.min() <= split.y.max() < len(data.class_names)
        assert split.masks is None
        split.x[:] = 0  # writable
        split.y[:] = 0
    height, width, channels = data.train.x.shape[1:]
    assert f"test images of {height}x{width}x{channels}, {len(data.class_names)} classes)" in repr(data)
    assert repr(data.test) == f"Split(x uint8 {data.test.x.shape}, y int64 {data.test.y.shape})"


def measured(data):
    """The figures that the cards of real data show."""
    x = np.concatenate([data.train.x, data.validation.x])
    seen = identities(data.train) | identities(data.validation)
    repeated = sum(image.tobytes() in seen for image in data.test.x)
    return {
        "mean and standard deviation of the training pixels, 0 to 1": f"{x.mean() / 255:.3f}, {x.std() / 255:.3f}",
        "test images that are also training images, pixel for pixel": f"{repeated} of {len(data.test):,}",
    }


def on_its_card(data):
    return all(f"| {what} | {value} |" in str(data.card) for what, value in measured(data).items())


def test_digits_are_scikit_learns_with_the_figures_on_their_card(capsys):
    data = datasets.load("digits")
    assert capsys.readouterr().out == (
        "digits: 1,294 training, 143 validation and 360 test images, 8x8x1, 10 classes; from scikit-learn.\n"
    )
    assert len(np.unique(data.train.x)) == 17 and data.train.x.max() == 255
    assert len(identities(data.train) | identities(data.validation) | identities(data.test)) == 1797
    assert on_its_card(data)


def test_a_file_placed_by_hand_is_found_as_it_is(benchmark, capsys):
    data = datasets.load("mnist")
    assert "10 classes; kept in the data home, placed by hand." in capsys.readouterr().out
    assert np.array_equal(data.test.x[..., 0], benchmark["x_test"])
    assert np.array_equal(data.test.y, benchmark["y_test"])
    assert (len(data.train), len(data.validation)) == (180, 20)
    assert np.bincount(data.validation.y).tolist() == [2] * 10
    assert not identities(data.train) & identities(data.validation)


def test_validation_does_not_depend_on_the_seed(mine):
    first, second = (datasets.load("mine", seed=seed, quiet=True) for seed in (0, 1))
    assert np.array_equal(first.validation.x, second.validation.x)
    assert np.array_equal(first.train.x, second.train.x)


def test_the_seed_decides_a_smaller_draw_and_nothing_leaks(benchmark):
    whole = datasets.load("mnist", quiet=True)
    draws = [datasets.load("mnist", train=40, validation=10, test=20, seed=seed, quiet=True) for seed in (0, 0, 1)]
    assert np.array_equal(draws[0].train.x, draws[1].train.x)
    assert not np.array_equal(draws[0].train.x, draws[2].train.x)
    for draw in draws:
        assert np.bincount(draw.train.y).tolist() == [4] * 10
        assert np.bincount(draw.test.y).tolist() == [2] * 10
        for split in ("train", "validation", "test"):
            assert identities(getattr(draw, split)) <= identities(getattr(whole, split))
    more = datasets.load("mnist", train=100, test=20, quiet=True)
    assert np.array_equal(more.test.x, draws[0].test.x)  # one amount does not change another split


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"train": 0}, "Expected train to be a whole number, 1 or more. Received: 0."),
        ({"seed": -1}, "Expected seed to be a whole number, 0 or more. Received: -1."),
        ({"train": 2000}, "digits has 1,294 train images. Received: train=2000"),
        ({"noise": 3}, "'digits' takes no setting called 'noise'"),
    ],
)
def test_what_cannot_be_loaded_is_refused(asked, match):
    with pytest.raises(ValueError, match=re.escape(match)):
        datasets.load("digits", **asked)


def test_a_missing_benchmark_names_its_command(home):
    with pytest.raises(
        datasets.DataError, match=r"cifar10 is not in the data home .*course data fetch cifar10"
    ) as caught:
        datasets.load("cifar10")
    assert str(home) in str(caught.value)
    assert not home.exists()  # nothing is made or downloaded unasked


@pytest.mark.parametrize("name", ["", "minst", "../home/x"])
def test_an_unknown_name_lists_the_known(name):
    with pytest.raises(datasets.DataError, match=r"no data set called .*digits, shapes, cutouts, photographs, mnist"):
        datasets.load(name)


def test_a_name_that_is_no_text_is_told_so():
    said = "name is a text such as 'digits' or 'folder:PATH'. Received: "
    path = Path("my_pictures")
    for name, rest in {path: f'{path!r}. Write "folder:my_pictures".', None: "None.", 3: "3."}.items():
        for ask in (datasets.load, datasets.card):
            with pytest.raises(TypeError, match=f"^{re.escape(said + rest)}$"):
                ask(name)


BAD = {
    "floats": ({"x_train": np.zeros((30, 4, 5, 1))}, "x_train must be uint8"),
    "a flat image": ({"x_train": np.zeros((30, 20), np.uint8)}, r"received uint8 \(30, 20\)"),
    "two channels": ({"x_train": np.zeros((30, 4, 5, 2), np.uint8)}, "1 or 3"),
    "no images": ({"x_test": np.zeros((0, 4, 5, 1), np.uint8), "y_test": np.zeros(0, np.int64)}, "x_test must be"),
    "another shape": ({"x_test": np.zeros((9, 5, 5, 1), np.uint8)}, "different shapes"),
    "too few labels": ({"y_train": np.zeros(29, np.int64)}, r"y_train must be integers of shape \(30,\)"),
    "labels with fractions": ({"y_train": np.zeros(30)}, "y_train must be integers"),
    "a negative label": ({"y_train": np.full(30, -1)}, "negative label"),
    "a label too high": ({"y_train": np.full(30, 3)}, "a label is 3, but there are 3 classes"),
    "names that are numbers": ({"class_names": np.arange(3)}, "class_names must be text"),
}


@pytest.mark.parametrize("fault", BAD)
def test_wrong_shapes_and_types_are_refused(fault, mine, arrays):
    changed, match = BAD[fault]
    write(mine, {**arrays, **changed}, "read from mine.zip")
    with pytest.raises(datasets.DataError, match=match) as caught:
        datasets.load("mine")
    assert str(mine) in str(caught.value)
    assert "course data import" in str(caught.value)


def test_a_benchmark_of_another_size_is_refused(home):
    home.mkdir()
    small = {"x": np.zeros((10, 28, 28), np.uint8), "y": np.arange(10)}
    np.savez(home / "mnist.npz", **{f"{kind}_{split}": small[kind] for kind in "xy" for split in ("train", "test")})
    with pytest.raises(datasets.DataError, match=r"mnist has images of shapes .*60000.*course data fetch mnist"):
        datasets.load("mnist")


def test_names_and_availability(mine):
    here = ("digits", "shapes", "cutouts", "photographs")
    assert datasets.names() == (*here, "mnist", "fashion_mnist", "cifar10", "cifar100", "flowers", "mine")
    assert [name for name in datasets.names() if datasets.is_available(name)] == [*here, "mine"]


def test_importing_the_package_is_cheap():
    program = (
        "import sys, course_utils.datasets as d; d.DataError; d.names(); d.is_available('digits'); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "PIL", "sklearn", "skimage", "pooch", "requests", "tqdm"} & set(loaded)


@pytest.mark.real_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs benchmark images that are not part of the project")
def test_fashion_mnist_as_it_is_given(home):
    home.mkdir()
    (home / "fashion_mnist.npz").symlink_to(SHARED / "fashion_mnist.npz")
    data = datasets.load("fashion_mnist", quiet=True)
    assert (len(data.train), len(data.validation), len(data.test)) == (55_000, 5_000, 10_000)
    assert np.bincount(data.validation.y).tolist() == [500] * 10
    assert on_its_card(data)


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs benchmark images that are not part of the project")
def test_sixty_thousand_pictures_from_an_archive(capsys):
    datasets.import_images(SHARED / "cifar10_jpeg.tar.xz", name="cifar10", note="JPEG copy")
    data = datasets.load("cifar10")
    assert capsys.readouterr().out.startswith("cifar10 (JPEG copy): 45,000 training, 5,000 validation and 10,000 test")
    assert data.class_names == BENCHMARKS["cifar10"].class_names
    assert np.bincount(data.validation.y).tolist() == [500] * 10
    means = np.concatenate([data.train.x, data.validation.x]).mean(axis=(0, 1, 2)) / 255
    assert np.allclose(means, (0.4913, 0.4821, 0.4465), atol=0.0001)


def test_photographs_are_whole_and_by_name(capsys):
    photographs = datasets.load("photographs")
    assert capsys.readouterr().out == "photographs: 20 whole photographs by name; from scikit-image and scikit-learn.\n"
    assert photographs["retina"].shape == (1411, 1411, 3)  # whole, though `shapes` uses its middle only
    assert len(photographs) == len({picture.tobytes() for picture in photographs.values()}) == 20
    for photograph in PHOTOGRAPHS:
        picture = photographs[Path(photograph.file).stem]
        assert picture.dtype == np.uint8 and picture.shape[2] == 3
        assert (picture[..., :1] == picture).all() != photograph.colour, photograph.file
        assert str(photographs.card).count(photograph.file) == 2  # under origin and licence


@pytest.mark.parametrize("asked", [{"train": 5}, {"size": 96}])
def test_photographs_have_neither_splits_nor_settings(asked):
    with pytest.raises(ValueError, match="neither splits nor settings") as caught:
        datasets.load("photographs", **asked)
    assert all(name in str(caught.value) for name in asked)
