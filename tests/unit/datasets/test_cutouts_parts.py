"""The parts of cutouts: the pictures of the objects, the deal, the blur, the card."""

import csv
import hashlib
import json
import re

import numpy as np
import pytest
from PIL import Image

from course_utils import datasets, paths
from course_utils.datasets.cutouts import CLASS_NAMES, Knobs, all_cutouts
from course_utils.datasets.cutouts.drawing import atlas, blurred
from course_utils.datasets.cutouts.objects import BACKGROUNDS, deal, scaled
from course_utils.datasets.photographs import PHOTOGRAPHS

FOLDER = paths.data_folder() / "cutouts"


def test_every_picture_is_on_the_list_and_every_line_has_its_picture():
    listed = {cutout.file for cutout in all_cutouts()}
    assert len(listed) == len(all_cutouts()) >= 150
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.png")} == listed
    for cutout in all_cutouts():
        assert cutout.file.startswith(f"{cutout.class_name}/")
        assert cutout.shows and cutout.source.endswith(".png") and cutout.credit
    assert {cutout.class_name for cutout in all_cutouts()} == set(CLASS_NAMES)


def test_the_pixels_are_those_on_record():
    """Whatever reads the PNG files, it reads these pixels."""
    recorded = dict(reversed(line.split("  ")) for line in (FOLDER / "pixels.sha256").read_text().splitlines())
    assert recorded.keys() == {cutout.file for cutout in all_cutouts()}
    for file, value in recorded.items():
        with Image.open(FOLDER / file) as image:
            assert image.mode == "RGBA"
            assert hashlib.sha256(image.tobytes()).hexdigest() == value, file


def test_an_object_fills_its_picture_and_has_clear_and_covered_pixels():
    for cutout in all_cutouts():
        with Image.open(FOLDER / cutout.file) as image:
            alpha = image.getchannel("A")
            assert alpha.getbbox() == (0, 0, *image.size), cutout.file
            assert 60 <= max(image.size) <= 220, cutout.file
            share = np.mean(np.asarray(alpha) >= 128)
        assert 0.1 < share < 0.95, cutout.file


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


def test_the_list_is_plain_text_that_a_spreadsheet_opens():
    with (FOLDER / "objects.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["file", "class", "shows", "same_as", "source", "credit"]
    assert all(None not in row and None not in row.values() for row in rows)
    assert all(re.fullmatch(r"[a-z_]+/[A-Za-z0-9_]+\.png", row["file"]) for row in rows)


@pytest.mark.parametrize("longest", [1, 7, 64, 176, 224])
def test_scaled_objects_have_the_size_and_the_proportions_asked_for(longest):
    for number in range(0, len(all_cutouts()), 10):
        planes = scaled(number, longest)
        assert planes.dtype == np.uint8 and planes.shape[0] == 4 and max(planes.shape[1:]) == longest
        with Image.open(FOLDER / all_cutouts()[number].file) as image:
            width, height = image.size
        shortest = min(width, height) * longest / max(width, height)
        assert min(planes.shape[1:]) == pytest.approx(max(1, shortest), abs=0.51)
        assert (planes.shape[2] < planes.shape[1]) == (width < height) or longest < 9


@pytest.mark.parametrize("split_seed", [0, 1, 2, 3, 4, 123_456])
def test_a_deal_leaves_nothing_out_and_gives_each_split_its_share(split_seed):
    dealt = deal(split_seed)
    everything = [n for split in dealt.objects.values() for numbers in split for n in numbers]
    assert sorted(everything) == list(range(len(all_cutouts())))
    assert sorted(n for numbers in dealt.photographs.values() for n in numbers) == sorted(BACKGROUNDS)
    for label in range(6):
        train, validation, test = (len(dealt.objects[split][label]) for split in ("train", "validation", "test"))
        whole = train + validation + test
        assert 0.2 * whole <= test <= 0.3 * whole + 1 and 2 <= validation <= 0.2 * whole + 1
    assert [len(dealt.photographs[split]) for split in ("train", "validation", "test")] == [6, 3, 4]


def test_no_background_shows_a_class():
    """The cat, the people, the coins with their heads and beasts, and scikit-learn's two stay out."""
    files = {PHOTOGRAPHS[number].file for number in BACKGROUNDS}
    assert len(files) == 13
    assert not files & {"chelsea.png", "astronaut.png", "camera.png", "coins.png", "flower.jpg", "china.jpg"}
    assert {PHOTOGRAPHS[number].folder for number in BACKGROUNDS} == {"skimage/data"}


def test_the_blur_is_a_mean_of_means():
    pixels = np.random.default_rng(0).integers(0, 256, (9, 11, 3), dtype=np.uint8)
    by_hand = pixels.astype(int)
    for axis in (0, 1, 0, 1):
        padded = np.pad(by_hand, [(2, 2) if side == axis else (0, 0) for side in range(3)], mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=axis)
        by_hand = (windows.sum(axis=-1) + 2) // 5
    np.testing.assert_array_equal(blurred(pixels, 2), by_hand)
    np.testing.assert_array_equal(blurred(pixels, 0), pixels)


@pytest.mark.parametrize("size", [32, 224])
def test_every_background_is_large_enough_for_a_crop(size):
    backgrounds = atlas(BACKGROUNDS, size, 1)
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
