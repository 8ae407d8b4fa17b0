"""The cutouts data set: its pictures, masks, knobs, card; what it shares with shapes is in test_made.py."""

import hashlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils import datasets, paths
from course_utils.datasets.cutouts import CLASS_NAMES, Knobs, all_cutouts, drawing, objects
from course_utils.datasets.cutouts.objects import BACKGROUNDS, deal, scaled
from course_utils.datasets.photographs import PHOTOGRAPHS

FOLDER = paths.data_folder() / "cutouts"

SPLITS = ("train", "validation", "test")


def small(**changes):
    return datasets.load("cutouts", quiet=True, **{"train": 40, "validation": 12, "test": 12, "size": 32} | changes)


def test_the_call_of_the_lessons(capsys):
    data = datasets.load("cutouts", train=48, test=30, validation=6, size=64)
    assert capsys.readouterr().out == (
        "cutouts: 48 training, 6 validation and 30 test images, 64x64x3, 6 classes; from the generator "
        "on this machine.\n"
    )
    assert np.bincount(data.train.y).tolist() == [8] * 6
    assert len(set(data.train.objects)) == 48  # eight pictures of a class show eight objects


def test_another_seed_makes_other_pictures_of_the_same_objects():
    data, other = small(train=600), small(train=600, seed=1)
    assert not np.array_equal(data.train.x, other.train.x)
    assert set(data.train.objects) == set(other.train.objects)


@pytest.mark.parametrize("split_seed", range(5))
def test_no_object_and_no_photograph_serves_two_splits(split_seed):
    data = small(train=600, validation=200, test=200, split_seed=split_seed)
    for attribute, everything in (("objects", 152), ("photograph", 13)):
        used = [set(getattr(getattr(data, split), attribute).tolist()) for split in SPLITS]
        assert sum(map(len, used)) == len(set().union(*used)) == everything
    things = [{all_cutouts()[n].same_as for n in getattr(data, split).objects} - {""} for split in SPLITS]
    assert sum(map(len, things)) == len(set().union(*things)) == 2
    for split in SPLITS:
        part = getattr(data, split)
        assert [CLASS_NAMES[y] for y in part.true_y] == [all_cutouts()[n].class_name for n in part.objects]
        assert {PHOTOGRAPHS[n].colour for n in part.photograph} == {True, False}


@pytest.mark.parametrize("most", [1, 2, 9])
def test_objects_per_class_are_the_first_of_more_and_leave_the_test_alone(most):
    everything, few = small(train=300, test=300), small(train=300, test=300, objects_per_class=most)
    for label in range(6):  # they take turns
        counts = np.bincount(everything.train.objects[everything.train.y == label])
        assert np.ptp(counts[counts > 0]) <= 1
    available = [len(set(everything.train.objects[everything.train.y == k])) for k in range(6)]
    shown = [len(set(few.train.objects[few.train.y == k])) for k in range(6)]
    assert shown == [min(most, n) for n in available]
    assert set(few.train.objects) <= set(everything.train.objects)
    np.testing.assert_array_equal(few.test.x, everything.test.x)


def painted(monkeypatch, colour, **knobs):
    """The training pictures with every object in one colour, as bright as the light allows."""
    with monkeypatch.context() as patch:

        def in_colour(number, longest):
            cutout = scaled(number, longest).copy()
            cutout[:3] = np.array(colour, dtype=np.uint8)[:, None, None]
            return cutout

        patch.setattr(drawing, "scaled", in_colour)
        return small(**knobs).train


def opacities(monkeypatch, **knobs):
    """How much of each pixel the object covers: a green one adds to a black one what it covers, 0 to 255."""
    black, green = (painted(monkeypatch, colour, **knobs).x[..., 1].astype(int) for colour in ((0, 0, 0), (0, 255, 0)))
    return green - black


@pytest.mark.parametrize("knobs", [{}, {"off_centre": 0.0, "size": 64}, {"object_size": 0.4, "clutter": 12}])
def test_the_mask_is_where_the_object_was_pasted(monkeypatch, knobs):
    data = small(**knobs).train
    opacity = opacities(monkeypatch, **knobs)
    np.testing.assert_array_equal(opacity >= 128, data.masks)
    background = opacity == 0
    np.testing.assert_array_equal(data.x[background], painted(monkeypatch, (9, 9, 9), **knobs).x[background])


@given(
    size=st.integers(32, 80), object_size=st.floats(0.2, 1), off_centre=st.floats(0, 1), clutter=st.integers(0, 12),
    blur=st.floats(0, 0.2), seed=st.integers(0, 2**64), split_seed=st.integers(0, 3),
)  # fmt: skip
@settings(max_examples=10, deadline=None)
def test_whatever_the_knobs_the_object_is_there_and_of_its_size(**knobs):
    train = small(train=7, validation=0, test=0, **knobs).train
    for mask in train.masks:
        rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
        assert len(rows) and len(columns)
        longest, most = max(np.ptp(rows), np.ptp(columns)) + 1, knobs["object_size"] * knobs["size"]
        assert longest <= most + 1
        assert longest >= 0.5 * most or most < 24  # of few pixels, legs and stalks cover less than half a pixel
    again = small(train=7, validation=0, test=0, **knobs).train
    np.testing.assert_array_equal(train.x, again.x)


def test_object_size_and_off_centre_move_the_masks():
    share = [small(train=200, object_size=s).train.masks.mean() for s in (0.3, 0.6, 0.95)]
    assert share[0] * 2 < share[1] and share[1] * 1.5 < share[2]

    def spread(off_centre):
        masks = small(train=200, object_size=0.5, off_centre=off_centre).train.masks
        middles = [np.mean(np.nonzero(mask), axis=1) for mask in masks]
        return np.std(middles)

    assert spread(0.0) * 2 < spread(0.5) < spread(1.0)


def test_blur_smooths_the_background_alone():
    def roughness(blur):
        split = small(train=60, blur=blur, object_size=0.2, off_centre=0.0).train
        return np.abs(np.diff(split.x[:, :6].astype(int), axis=2)).mean()

    assert roughness(0.0) > 1.5 * roughness(0.03) > 1.5 * roughness(0.1)


def test_missing_pictures_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(objects.paths, "data_folder", lambda: tmp_path)
    objects.all_cutouts.cache_clear()
    try:
        with pytest.raises(datasets.DataError, match=r"Expected the pictures of cutouts in .*Copy data/cutouts"):
            objects.all_cutouts()
    finally:
        objects.all_cutouts.cache_clear()


def test_every_picture_is_on_the_list_with_the_pixels_on_record():
    """Whatever reads the PNG files, it reads these pixels; an object fills its own, and is neither all nor nothing."""
    recorded = dict(reversed(line.split("  ")) for line in (FOLDER / "pixels.sha256").read_text().splitlines())
    listed = {cutout.file for cutout in all_cutouts()}
    assert len(listed) == len(all_cutouts()) >= 150
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.png")} == listed == recorded.keys()
    for cutout in all_cutouts():
        assert cutout.file.startswith(f"{cutout.class_name}/") and cutout.class_name in CLASS_NAMES
        assert cutout.shows and cutout.source.endswith(".png") and cutout.credit
        with Image.open(FOLDER / cutout.file) as image:
            assert image.mode == "RGBA"
            assert hashlib.sha256(image.tobytes()).hexdigest() == recorded[cutout.file], cutout.file
            alpha = image.getchannel("A")
            assert alpha.getbbox() == (0, 0, *image.size) and 60 <= max(image.size) <= 220, cutout.file
            assert 0.1 < np.mean(np.asarray(alpha) >= 128) < 0.95, cutout.file


def test_the_folder_stays_small_and_carries_its_licence():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 4_000_000
    text = (FOLDER / "COPYING").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text and "Version 2, June 1991" in text and "How to Apply" in text


def test_no_picture_is_listed_whose_own_terms_are_others():
    """What the package's list of changes puts under the GFDL or a Creative Commons licence, or takes from a stock."""
    others = """helmeted_guineafowl pelican heron_greatblue heron_greatblue_flying Apricot_whole Cherry_Stella
        Strawberry2 apricot adeenia anthoorium appooppanthady bolsom chemparathi pineapple grapes sliced_orange
        sliced_lime"""
    sources = {cutout.source.rsplit("/", 1)[-1].removesuffix(".png") for cutout in all_cutouts()}
    assert not sources & set(others.split())


def test_no_background_shows_a_class():
    """The cat, the people, the coins with their heads and beasts, and scikit-learn's two stay out."""
    files = {PHOTOGRAPHS[number].file for number in BACKGROUNDS}
    assert len(files) == 13
    assert not files & {"chelsea.png", "astronaut.png", "camera.png", "coins.png", "flower.jpg", "china.jpg"}
    assert {PHOTOGRAPHS[number].folder for number in BACKGROUNDS} == {"skimage/data"}


@pytest.mark.parametrize("split_seed", [0, 1, 2, 3, 4, 123_456])
def test_a_deal_gives_each_split_its_share(split_seed):
    dealt = deal(split_seed)
    for label in range(6):
        train, validation, test = (len(dealt.objects[split][label]) for split in SPLITS)
        whole = train + validation + test
        assert 0.2 * whole <= test <= 0.3 * whole + 1 and 2 <= validation <= 0.2 * whole + 1
    assert [len(dealt.photographs[split]) for split in SPLITS] == [6, 3, 4]


@pytest.mark.parametrize("size", [32, 224])
def test_every_background_is_large_enough_for_a_crop(size):
    backgrounds = drawing.atlas(BACKGROUNDS, size, 1)
    assert backgrounds.height.min() >= size and backgrounds.width.min() >= size
    assert set(backgrounds.photograph) == set(BACKGROUNDS)


def test_the_card_names_licence_origin_and_every_background():
    text = str(datasets.card("cutouts"))
    for words in ("General Public License, version 2", "data/cutouts/COPYING", "not derived", "2022.06.04-1"):
        assert words in text
    for number in BACKGROUNDS:
        assert PHOTOGRAPHS[number].file in text
    counts = [sum(cutout.class_name == name for cutout in all_cutouts()) for name in CLASS_NAMES]
    birds, mammals, sea_animals, fruit, vegetables, flowers = counts
    assert f"{sum(counts)} single objects" in text
    assert f"{birds} birds, {mammals} mammals, {sea_animals} sea animals, {fruit} fruit" in text
    assert f"{vegetables} vegetables, {flowers} flowers" in text


def test_the_montage_in_the_readme_shows_what_the_data_set_makes(script):
    """The file holds what its script draws today, but for what JPEG loses and the names of the classes."""
    draw = script("draw_cutouts")
    drawn = draw.montage()[draw.HEADING :]
    with Image.open(paths.results_folder() / draw.FILE) as image:
        stored = np.asarray(image)[draw.HEADING :]
    assert stored.shape == drawn.shape
    assert abs(stored.astype(int) - drawn).mean() < 4, "stale: run python tests/benchmarks/draw_cutouts.py"
    assert f"data/results/{draw.FILE}" in (paths.project_root() / "README.md").read_text(encoding="utf-8")


GAPS = ("cnn minus pixels", "features minus cnn")
CONFIRMED = "default, deals 5 to 9"  # measured once, when everything had been chosen on deals 0 to 4


def test_the_card_quotes_the_recorded_figures(script):
    record = json.loads((paths.results_folder() / "cutouts_card.json").read_text(encoding="utf-8"))
    assert script("measure_cutouts").rows(record) in datasets.card("cutouts").text


def test_the_recorded_figures_keep_the_data_sets_promises():
    """Pixels, a small CNN and ImageNet features stand apart, and no gap's interval over objects reaches nought.

    At least 0.15 in the mean; but in deals 5 to 9, measured once, the CNN is 0.149 ahead of pixels, as the card says.
    """
    record = json.loads((paths.results_folder() / "cutouts_card.json").read_text(encoding="utf-8"))
    assert record["knobs"] == json.loads(json.dumps(Knobs().__dict__))
    gaps = {(setting, gap): record["settings"][setting][gap] for setting in ("default", CONFIRMED) for gap in GAPS}
    assert all(len(gap["test"]) == 5 and gap["interval"][0] > 0 for gap in gaps.values())
    small = {name for name, gap in gaps.items() if np.mean(gap["test"]) < 0.15}
    assert small == {(CONFIRMED, "cnn minus pixels")}
    assert min(record["images_per_second"].values()) >= 800  # also in the first run of a process
