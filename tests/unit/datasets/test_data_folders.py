"""A picture's label is the folder that a person would name, or the folder is refused; no picture is lost or read twice.

The first part holds one example of each kind of folder that once came out wrong, the second lets folders be made up.
"""

import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from small_pictures import pack, saved

from course_utils import datasets
from course_utils.datasets.layout import arrange, find

ON_DISK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def write(root, names, picture, start=0):
    """Pictures of these names, each of a colour of its own."""
    for number, name in enumerate(names, start):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(picture(number % 256))
    return root


def refused(root, *, match, **options):
    """Refused on both ways into the course, in one line that names the folder."""
    for read in (
        lambda: datasets.load(f"folder:{root}", quiet=True, **options),
        lambda: datasets.import_images(root, name="mine", **options),
    ):
        with pytest.raises(datasets.DataError, match=match) as caught:
            read()
        assert "\n" not in str(caught.value)
        assert root.name in str(caught.value)
    assert "mine" not in datasets.names()


def some(*places, each=3):
    return [f"{place}/{number}.png" for place in places for number in range(each)]


# --- which folder is what ---


REFUSED = {
    "a flat test beside class folders in train": (
        [*some("train/cat", "train/dog"), *some("test")],
        r"test/0\.png lies in no class folder of test, train \(pictures like it: 3\)",
    ),
    "one stray picture in train": (
        [*some("train/cat", "train/dog", "test/cat", "test/dog"), "train/stray.png"],
        r"train/stray\.png lies in no class folder of test, train \(pictures like it: 1\)",
    ),
    "a stray picture beside train and test": ([*some("train/cat", "train/dog"), "cover.png"], r"cover\.png lies in no"),
    "a stray picture beside classes": ([*some("cat", "dog"), "cover.png"], r"cover\.png lies in 0 folders that could"),
    "train and test without class folders": (some("train", "test"), "test, train would be like any other"),
    "train alone without class folders": (some("train"), "as classes, train would be"),
    "a flat training_set beside class folders": (some("cat", "dog", "training_set"), "as classes, training_set"),
    "pictures without a label": (some("cat", "dog", "Unlabeled"), "as classes, Unlabeled would be"),
    "a holdout beside train": (some("train", "holdout"), "as classes, holdout, train"),
    "the same folders in every class": (
        some("cat/batch1", "cat/batch2", "dog/batch1", "dog/batch2"),
        r"cat/batch1/0\.png lies in 2 folders that could be its class",
    ),
    "a folder inside a class": ([*some("cat", "dog"), "cat/masks/1.png"], r"cat/masks/1\.png lies in 2 folders"),
    "a folder too many inside train": (some("train/a/cat", "train/b/dog", "test/cat", "test/dog"), "train/a/cat/0.png"),
    "two folders to train on": (
        some("train/cat", "train/dog", "Training/cat", "Training/dog"),
        "hold the train split 2",
    ),
    "test without train": (some("test/cat", "test/dog"), "no folder train beside test. Add it, or name test itself"),
    "classes beside train": (some("train/cat", "train/dog", "bus", "tram"), r"bus/0\.png .* \(pictures like it: 6\)"),
    "an unknown third folder": (
        some("seg_train/cat", "seg_train/dog", "seg_test/cat", "seg_test/dog", "seg_pred"),
        r"seg_pred/0\.png lies in no class folder of seg_test, seg_train",
    ),
    "Cat and cat": (some("Cat", "cat", "dog"), "'Cat' and 'cat' differ only in capitals, spaces"),
    "dog and dog with a space": (some("cat", "dog", "dog "), "'dog' and 'dog ' differ only in capitals, spaces"),
    "hot dog and Hot_Dog": (some("cat", "hot dog", "Hot_Dog"), "differ only in capitals, spaces"),
    "an accent in two forms": (some("cat", "caf\u00e9", "cafe\u0301"), "or the form of a letter"),
    "a space that is not seen": (some("cat", "dog", "dog\u200b"), "or the form of a letter"),
    "Cat to train and cat to test": (some("train/Cat", "train/dog", "test/cat", "test/dog"), "'Cat' and 'cat' differ"),
    "a class that is never tested": (
        some("train/cat", "train/dog", "test/cat"),
        "dog has 0 pictures for test, it needs",
    ),
    "a class that is only tested": (
        some("train/cat", "test/cat", "test/emu"),
        "emu has 0 pictures for train, it needs",
    ),
    "a class that is never validated": (some("train/cat", "train/dog", "val/dog"), "cat has 0 pictures for validation"),
    "a class of two": ([*some("cat", "dog"), *some("emu", each=2)], "emu has 2 pictures for train, it needs 3 or more"),
    "one class": (some("cat"), "one class only, cat"),
}


@pytest.mark.unix_only("such names cannot be on Windows")
@pytest.mark.parametrize("case", REFUSED)
def test_what_can_be_read_in_two_ways_is_refused(case, tmp_path, picture):
    names, match = REFUSED[case]
    root = write(tmp_path / "pictures", names, picture)
    if len({path for path in root.rglob("*") if path.is_file()}) < len(names):
        pytest.skip("this file system does not tell these names apart")
    refused(root, match=match)


SPLIT_WORDS = [
    ("train", "test"),
    ("train", "val", "test"),
    ("train", "valid", "test"),
    ("train", "dev", "test"),
    ("train", "validation"),
    ("Training", "Test"),
    ("TRAIN", "TEST"),
    ("training_set", "test_set"),
    ("training-set", "validation-set", "testing-set"),
    ("seg_train", "seg_test"),
    ("train2017", "val2017", "test2017"),
    ("TrainImages", "TestImages"),
    ("trainset", "valset", "testset"),
    ("train data", "test data"),
    ("my_train", "my_val", "my_test"),
    ("train (1)", "test (1)"),
    ("trainval", "test"),
]


@pytest.mark.parametrize("words", SPLIT_WORDS, ids="+".join)
@pytest.mark.parametrize("inside", ["", "{word}/", "images/"], ids=["plain", "twice", "images"])
def test_the_words_for_the_splits(words, inside):
    """seg_train/seg_train/cat is how one well-known archive is packed."""
    names = [
        name for word in words for name in some(*(f"{word}/{inside.format(word=word)}{c}" for c in ("cat", "dog")))
    ]
    splits, class_names = arrange(Path("x"), names)
    assert class_names == ("cat", "dog")
    kinds = {"tr": "train", "va": "validation", "de": "validation", "te": "test"}
    for word in words:
        kind = kinds[word.lower().removeprefix("seg_").removeprefix("my_")[:2]]
        assert sorted(splits[kind]) == sorted((n, int("dog" in n)) for n in names if n.startswith(f"{word}/"))


@pytest.mark.parametrize(
    "classes",
    [
        ("bus", "train", "tram"),
        ("invalid", "valid"),
        ("bullet train", "freight train", "steam train"),
        ("beaker", "test tube"),
        ("1", "2", "3"),
        ("-1", "1"),
        ("c", "c#", "c++"),
        ("001.Albatross", "002.Gull"),
        ("deviled eggs", "evaluated", "testament", "training-shoe"),
    ],
    ids=" + ".join,
)
def test_class_names_that_hold_a_word_for_a_split(classes):
    assert arrange(Path("x"), some(*classes))[1] == classes
    if "training-shoe" not in classes:
        names = some(*(f"{split}/{name}" for split in ("train", "test") for name in classes))
        assert arrange(Path("x"), names)[1] == classes


def test_class_names_with_an_accent_are_composed_and_files_are_told_apart_by_it(tmp_path, picture):
    names = [*some("cafe\u0301", "the\u0301"), "the\u0301/caf\u00e9.png", "the\u0301/cafe\u0301.png"]
    root = write(tmp_path / "x", names, picture)
    found = find(root)
    assert found.class_names == ("caf\u00e9", "th\u00e9")
    assert sum(map(len, found.splits.values())) == sum(path.is_file() for path in root.rglob("*"))


# --- what is a picture ---


def test_the_content_decides_not_the_ending(tmp_path, picture):
    root = tmp_path / "x"
    for number, (name, form) in enumerate(
        [
            *(("1.jfif", "JPEG"), ("2.JPG", "JPEG"), ("3", "PNG"), ("4.txt", "PNG"), ("5.avif", "AVIF")),
            *(("6.png", "BMP"), ("7.jpeg", "WEBP"), ("8.dat", "GIF"), ("9.jpe", "JPEG"), ("10.TIF", "TIFF")),
            *(("11.photo", "AVIF"), ("12.pnm", "PPM"), ("13.bak", "TIFF"), ("14.", "JPEG")),
        ]
    ):
        for class_name in ("cat", "dog"):
            (root / class_name).mkdir(parents=True, exist_ok=True)
            (root / class_name / name).write_bytes(picture(10 * number, form=form))
        (root / "dog" / "list.csv").write_text("BM, P6 and so on\n")
    data = datasets.load(f"folder:{root}", quiet=True)
    assert len(data.train) + len(data.validation) + len(data.test) == 28
    assert "1 left out as hidden or no picture" in data.card.copy


HEIC = b"\0\0\0\x24ftypheic\0\0\0\0mif1MiHEmiafMiHBheic" + bytes(200)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        ("1.heic", HEIC, "it is a HEIC photograph.* save it as JPEG.*Compatible"),
        ("1.jpg", HEIC, "it is a HEIC photograph.* save it as JPEG.*Compatible"),
        ("1.jxl", b"\xff\x0a" + bytes(50), "it is a JPEG XL picture"),
        ("1", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(50), "it is a JPEG 2000 picture"),
        ("1.cr3", bytes(90), "of no known kind"),
        ("1", b"\xff\xd8\xff\xe0" + bytes(90), "it begins like JPEG and is damaged"),
        ("1\n\x1b[31m.jpg", b"", "of no known kind"),
    ],
)
def test_pictures_that_cannot_be_read_are_named_not_left_out(folder, tmp_path, name, data, match, packed):
    root = folder({"cat": 4, "dog": 4})
    (root / "cat" / name).write_bytes(data)
    shown = re.escape(name.encode("unicode_escape").decode())  # a name cannot write to the terminal
    path = pack(root, tmp_path / "pictures.zip") if packed else root
    refused(path, match=rf"cat/{shown} is no readable picture \(.*{match}.*Replace or delete")


def test_all_unreadable_pictures_are_named_at_once(folder, picture):
    root = folder({"cat": 4, "dog": 4})
    for number in range(12):
        (root / "dog" / f"bad{number:02}.jpg").write_bytes(picture(7, size=(50, 50), form="JPEG")[:300])
    refused(root, match=r"dog/bad00\.jpg is no .* nor are 11 others: dog/bad01\.jpg, dog/bad02.*Replace or delete")


TRACES = [
    *(".ipynb_checkpoints/1-checkpoint.png", "cat/.ipynb_checkpoints/1-checkpoint.png", "__MACOSX/cat/._1.png"),
    *(".DS_Store", "cat/Thumbs.db", "cat/._1.png", "@eaDir/cat/1.png", "cat/desktop.ini", "__pycache__/x.png"),
    *(".git/objects/1.png", "Thumbs.DB", "$RECYCLE.BIN/1.png", "train/.DS_Store"),
]


def test_traces_of_systems_are_not_worth_a_word_and_hidden_pictures_are_left_out_and_counted(tmp_path, picture):
    root = write(tmp_path / "x", [*some("cat", "dog"), *TRACES], picture)
    found = find(root)
    assert (found.class_names, sum(map(len, found.splits.values())), found.left_out) == (("cat", "dog"), 6, 0)
    write(root, [".old/cat/1.png", "cat/.1.png", "notes.txt"], lambda value: b"not a picture")
    assert "imported from x, 3 left out as hidden or no picture" in datasets.import_images(root, name="pets")


@pytest.mark.unix_only("links need rights on Windows")
def test_links_in_hidden_folders_do_not_matter_and_others_are_named(tmp_path, picture):
    root = write(tmp_path / "x", [*some("cat", "dog"), ".venv/bin/x.png"], picture)
    (root / ".venv" / "loop").symlink_to(root)
    assert len(find(root).splits["train"]) == 6
    (root / "cat" / "loop").symlink_to(root)
    refused(root, match="cat/loop is a link")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    refused(tmp_path / "round", match="round cannot be read")


READ = """
import sys
from course_utils import datasets
for place in sys.argv[1:]:
    try:
        print(datasets.load(f"folder:{place}"))
    except datasets.DataError as error:
        print(error)
"""


@pytest.mark.unix_only("rights as Unix has them")
def test_what_may_not_be_read_is_named_in_one_line(tmp_path, picture, bound):
    locked = {"class": ("dog", 0), "unlisted": ("dog", 0o300), "unentered": ("dog", 0o400), "picture": ("dog/1.png", 0)}
    locked["root"] = (".", 0)
    for kind, (what, rights) in locked.items():
        (write(tmp_path / kind, some("cat", "dog"), picture) / what).chmod(rights)
    command = [*bound, sys.executable, "-c", READ, *(str(tmp_path / kind) for kind in locked)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    finally:
        for kind, (what, _) in locked.items():
            (tmp_path / kind / what).chmod(0o755)
    assert len(done.stdout.splitlines()) == len(locked), done.stderr[-2000:]
    for (kind, (what, _)), line in zip(locked.items(), done.stdout.splitlines(), strict=True):
        assert (tmp_path / kind / what).name in line and "may not be read. Change its permissions." in line


def test_an_archive_from_windows_has_its_folders_and_a_picture_twice_is_refused(tmp_path, picture):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in some("train/cat", "train/dog", "test/cat", "test/dog"):
            archive.writestr(name.replace("/", "\\"), picture(1))
    found = find(path)
    assert (found.class_names, {split: len(p) for split, p in found.splits.items()}) == (
        ("cat", "dog"),
        {"train": 6, "test": 6},
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("./train/cat/1.png", picture(1))
    refused(path, match=r"holds train/cat/1\.png twice")


# --- copies ---


def with_copies(root):
    """Ten pictures to train with; of ten to test with five are copies: two files, three other kinds of file."""
    for place in ("train/cat", "train/dog", "test/cat", "test/dog"):
        (root / place).mkdir(parents=True)
    noise = iter(np.random.default_rng(0).integers(0, 256, (15, 96, 80, 3), dtype=np.uint8))
    for class_name in ("cat", "dog"):
        for number in range(5):
            Image.fromarray(next(noise)).save(root / "train" / class_name / f"{number}.jpg", quality=95)
    for number, form in enumerate(("PNG", "BMP", "TIFF", None, None)):
        source = root / "train" / "cat" / f"{number}.jpg"
        copy = saved(Image.open(source), form) if form else source.read_bytes()
        (root / "test" / "cat" / f"other{number}").write_bytes(copy)
        Image.fromarray(next(noise)).save(root / "test" / "dog" / f"{number}.png")
    return root


@pytest.mark.parametrize("side", [None, 40])
def test_test_pictures_that_are_copies_are_counted_and_said(tmp_path, capsys, side):
    root = with_copies(tmp_path / "pets")
    said = "5 of 10 test pictures are copies of training pictures"
    data = datasets.load(f"folder:{root}", **({"size": side} if side else {}))
    assert said in capsys.readouterr().out and said in str(data.card)
    assert said in datasets.import_images(root, name="pets", size=side, note="small")
    assert datasets.load("pets").card.label == f"pets (small; {said})"
    assert said in capsys.readouterr().out


def test_without_copies_nothing_is_said(folder, home):
    stored = datasets.import_images(folder({"cat": 8, "dog": 8}, splits=("train", "val", "test")), name="pets")
    assert "copies of" not in stored and "note" not in np.load(home / "pets.npz")


# --- rare classes ---


@ON_DISK
@given(counts=st.lists(st.integers(3, 4) | st.integers(5, 60), min_size=2, max_size=7))
def test_every_class_is_in_every_split(tmp_path, picture, counts):
    """However uneven the classes are, from three pictures on."""
    root = tmp_path / "-".join(map(str, counts))
    if not root.exists():
        write(root, [name for label, count in enumerate(counts) for name in some(f"c{label}", each=count)], picture)
    data = datasets.load(f"folder:{root}", quiet=True)
    for split in (data.train, data.validation, data.test):
        assert set(split.y.tolist()) == set(range(len(counts)))
    assert len(data.train) + len(data.validation) + len(data.test) == sum(counts)


def test_the_pictures_look_like_any_other_data_set(folder, capsys):
    data = datasets.load(f"folder:{folder({'cat': 20, 'dog': 30})}", size=9, train=10, seed=1)
    assert data.class_names == ("cat", "dog")
    assert (data.train.x.dtype, data.train.x.shape) == (np.uint8, (10, 9, 9, 3))
    assert (data.card.title, data.card.copy) == ("Pictures in pictures", "read from pictures")
    assert "10 training, 4 validation and 10 test images, 9x9x3, 2 classes; read from" in capsys.readouterr().out


# --- folders that are made up ---

CLASSES = st.lists(
    st.sampled_from(["cat", "dog", "Übel & Co", "犬", "T-shirt", "emu 2", "train station", "0", "a.b", "valid"]),
    min_size=2,
    max_size=4,
    unique=True,
)
WRAPPERS = st.lists(st.sampled_from(["images", "my pictures", "v1", "dataset (2)", "CAT"]), max_size=2)
BESIDE = st.lists(st.sampled_from([*TRACES, "notes.txt", "cat/list.csv", "train/labels.json", "LICENSE"]), max_size=4)
ENDINGS = st.sampled_from([".png", ".PNG", "", ".jpg", ".photo"])


@ON_DISK
@given(data=st.data())
def test_a_folder_in_order_is_read_as_a_person_reads_it(tmp_path_factory, picture, data):
    classes, around, beside = data.draw(CLASSES), data.draw(WRAPPERS), data.draw(BESIDE)
    words = data.draw(st.sampled_from([("",), *SPLIT_WORDS]))
    root = tmp_path_factory.mktemp("x")
    truth, number = {}, 0
    for word in words:
        for class_name in classes:
            for _ in range(data.draw(st.integers(3, 5))):
                number += 1
                name = "/".join([*around, *([word] if word else []), class_name, f"{number}{data.draw(ENDINGS)}"])
                write(root, [name], picture, start=number)
                truth[number] = (word, class_name)
    for name in set(beside):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"no picture")
    found = datasets.load(f"folder:{root}", quiet=True)
    seen = {}
    for split in ("train", "validation", "test"):
        for x, y in zip(getattr(found, split).x, getattr(found, split).y, strict=True):
            assert int(x[0, 0, 0]) not in seen
            seen[int(x[0, 0, 0])] = (split, found.class_names[y])
    assert {value: class_name for value, (_, class_name) in seen.items()} == {n: c for n, (_, c) in truth.items()}
    if any("te" in word.lower() for word in words):
        tested = {value for value, (split, _) in seen.items() if split == "test"}
        assert tested == {n for n, (word, _) in truth.items() if "te" in word.lower()}


FOLDERS = st.sampled_from(
    [
        *("cat", "dog", "Cat", "dog ", "caf\u00e9", "cafe\u0301", "batch1", "batch2", "masks", "images"),
        *("train", "test", "val", "Training", "test_set", "training_set", "seg_train", "seg_test", "train2017"),
        *("valid", "invalid", "holdout", "train_small", "trainA", "testA", "unlabeled"),
    ]
)
NEVER = {"test", "val", "Training", "test_set", "training_set", "train2017", "holdout", "unlabeled"}
ANYWHERE = st.lists(st.lists(FOLDERS, max_size=4).map(tuple), min_size=1, max_size=8, unique=True)
ALIKE = st.lists(FOLDERS, min_size=1, max_size=3, unique=True)  # the same folders in each of some folders
GRIDS = st.builds(product, st.sampled_from(SPLIT_WORDS) | ALIKE, CLASSES | ALIKE).map(list) | ALIKE.map(
    lambda folders: [(folder,) for folder in folders]
)
ALMOST = st.builds(lambda grid, more, less: [*grid, *more][less:], GRIDS, ANYWHERE, st.integers(0, 1))
PLACES = st.one_of(ANYWHERE, GRIDS, ALMOST).map(lambda places: sorted(set(places)))


def looks(name):
    return unicodedata.normalize("NFC", name).casefold().strip()


def names_in(places):
    return [f"{'/'.join((*place, ''))}{number}.png" for place in places for number in range(3)]


@settings(max_examples=2000, deadline=None)
@given(places=PLACES)
def test_any_tree_is_read_as_a_person_reads_it_or_refused(places):
    """Where it is read, a picture's class is the folder that it lies in, and a folder test above it makes it a test."""
    names = names_in(places)
    try:
        splits, class_names = arrange(Path("the folder"), names)
    except datasets.DataError as error:
        assert "\n" not in str(error) and str(error).startswith("the folder: ") and str(error).endswith(".")
        return
    read = [name for pictures in splits.values() for name, _ in pictures]
    assert sorted(read) == sorted(names)  # none lost, none twice
    assert len(set(map(looks, class_names))) == len(class_names) >= 2
    for split, pictures in splits.items():
        assert {label for _, label in pictures} == set(range(len(class_names)))
        for name, label in pictures:
            *above, parent, _ = name.split("/")
            assert class_names[label] == unicodedata.normalize("NFC", parent)
            words = {"test": "test", "seg_test": "test", "test_set": "test", "val": "validation", "valid": "validation"}
            around = set.intersection(*(set(other) for other in places))  # a folder around it all splits nothing
            assert {words[folder] for folder in above if folder in words and folder not in around} <= {split}
    assert not NEVER & set(class_names)
    assert not any({f"{one}train", f"{one}test"} <= set(class_names) for one in ("", "seg_"))


def test_the_made_up_trees_are_read_often_enough_to_test_something():
    """The law above would hold as well if everything were refused."""
    verdicts = Counter()

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(places=PLACES)
    def look(places):
        try:
            splits, _ = arrange(Path("x"), names_in(places))
            verdicts["splits" if len(splits) > 1 else "classes"] += 1
        except datasets.DataError:
            verdicts["refused"] += 1

    look()
    assert min(verdicts[verdict] for verdict in ("classes", "splits", "refused")) >= 5, verdicts
