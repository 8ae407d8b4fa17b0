"""A lesson's take-home program runs alone: in a process of its own, where this course's package cannot be imported.

It is what `course store` checked inside the lesson, tried once more where a reader would use it: in a folder with
pictures of their own, and with the network in the files that the lesson writes. What loads Keras is started by a
process that has loaded it already; services, the rest, and one program for comparison start in a fresh Python.
"""

import contextlib
import functools
import io
import json
import re
import shutil
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
import pytest
import warm_python
from PIL import Image

from course_utils.tooling import catalogue
from course_utils.tooling.guards.finding import tags
from course_utils.tooling.notebook_files import to_notebook

BLOCKED = """\
import sys
sys.modules["course_utils"] = sys.modules["course_lessons"] = None  # an import of either fails
"""


def take_homes():
    """The program of each lesson that has one, by the lesson's name."""
    found = {}
    for lesson in catalogue.lessons():
        for cell in to_notebook(lesson.source.read_text(encoding="utf-8")).cells:
            if "take-home" in tags(cell):
                assert lesson.name not in found
                found[lesson.name] = cell.source
    assert len(found) >= 22
    return found


PROGRAMS = take_homes()
fresh_python = functools.partial(subprocess.run, capture_output=True, text=True, timeout=300)


def run_alone(code, folder, start=None):
    (folder / "program.py").write_text(BLOCKED + code, encoding="utf-8")
    loads_keras = re.search(r"^(import|from) (keras|tensorflow)\b", code, flags=re.MULTILINE)
    start = start or (warm_python.run if loads_keras else fresh_python)
    return start([sys.executable, "program.py"], cwd=folder)


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory):
    """What a reader has beside the program: pictures in a folder a class, one photograph, the network in a file."""
    from course_utils import datasets, models

    folder = tmp_path_factory.mktemp("take_home")
    random = np.random.default_rng(0)
    for place, name in enumerate(("cats", "dogs")):
        (folder / "my_pictures" / name).mkdir(parents=True)
        for number in range(10):  # two colours: even a small network tells them apart
            pixels = random.integers(0, 60, (180, 200, 3), dtype=np.uint8)
            pixels[..., 2 * place] += 150
            Image.fromarray(pixels).save(folder / "my_pictures" / name / f"{number}.jpg")
    for part in ("train", "validation", "test"):  # a program that wants parts finds the same pictures in each
        shutil.copytree(folder / "my_pictures", folder / "example_pictures" / part)
    for copy in (
        "example_cutouts/train",
        "example_cutouts/test",
        "example_few/train",
        "example_few/test",
        "example_two_classes/train",
        "example_two_classes/new",
        "example_flawed",
        "example_photographs",
        "example_lines",
        "example_museum",
        "example_patches",
        "example_readers",
        "example_checked",
        "example_drawn/real",
        "example_drawn/drawn",
        "example_killed",
        "example_more",
        "example_speed",
    ):
        shutil.copytree(folder / "my_pictures", folder / copy)
    (folder / "example_unlabelled").mkdir()
    for file in (folder / "my_pictures").glob("*/*.jpg"):
        shutil.copy(file, folder / "example_unlabelled" / f"{file.parent.name}_{file.name}")
    (folder / "example_cutouts" / "train" / "cats" / ".DS_Store").write_bytes(b"no picture")
    (folder / "example_cutouts" / "train" / ".ipynb_checkpoints").mkdir()
    Image.fromarray(pixels).save(folder / "example.jpg")
    datasets.write_walk(folder / "walk")  # near-copies, and files that cannot be read
    models.imagenet().save(folder / "imagenet.keras")
    models.imagenet(96, include_top=False, pooling="avg").save(folder / "features.keras")
    (folder / "imagenet_names.txt").write_text("\n".join(models.imagenet_names()), encoding="utf-8")
    (folder / "example_small").mkdir()
    shutil.copy(folder / "imagenet_names.txt", folder / "example_small" / "names.txt")
    # Lesson 16 makes the file of the real network whenever it runs; to a service it is one like this.
    likely = np.random.default_rng(0).normal(0, 0.01, (3, 1000)), -0.5 * np.arange(1000)
    write_small_network(folder / "example_small", likely)
    return folder


ENDLESS = "16_small_and_shipped"  # a service: it has a test of its own, below


BESIDE_THE_ACCURACY = {"01_background": "guessing 50 %", "02_core_concepts": "guessing 50 %"}


def program_of(lesson):
    return PROGRAMS[lesson]


@pytest.mark.parametrize("lesson", [lesson for lesson in PROGRAMS if lesson != ENDLESS])
def test_it_runs_without_the_course_and_says_something(own_folder, lesson):
    assert len(program_of(lesson).splitlines()) <= 30
    ended = run_alone(program_of(lesson), own_folder)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() and BESIDE_THE_ACCURACY.get(lesson, "") in ended.stdout


@pytest.mark.parametrize(("lesson", "place"), [("00_start_here", "example.jpg"), ("04_keras_code", "example_cutouts")])
def test_what_is_transparent_is_white(own_folder, tmp_path, lesson, place):
    """A picture whose hidden colour is black is answered as one that is white there."""
    said = []
    for name, background in (("hidden", (0, 0, 0, 0)), ("white", (255, 255, 255, 255))):
        folder = shutil.copytree(own_folder, tmp_path / name)
        picture = Image.new("RGBA", (64, 64), background)
        picture.paste((200, 30, 30, 255), (16, 16, 48, 48))
        for file in [folder / place] if place.endswith("jpg") else (folder / place).glob("*/*/*.jpg"):
            picture.save(file, format="PNG")  # the content counts, not the ending
        ended = run_alone(program_of(lesson), folder)
        assert ended.returncode == 0, ended.stderr
        said.append(re.sub(r"\d+m?s(/step)?", "", ended.stdout))  # without seconds
    assert said[0] == said[1]


@pytest.mark.parametrize("change", ["missing", "spelled otherwise", "one more"])
def test_parts_with_other_classes_stop_the_program_of_lesson_05(own_folder, tmp_path, change):
    folder = shutil.copytree(own_folder, tmp_path / "own")
    cats = folder / "example_pictures" / "validation" / "cats"
    if change == "missing":
        shutil.rmtree(cats)
    elif change == "spelled otherwise":
        cats.rename(cats.with_name("Cats"))
    else:
        shutil.copytree(cats, cats.with_name("cows"))
    ended = run_alone(program_of("05_overfitting_and_augmentation"), folder)
    assert ended.returncode != 0 and "AssertionError" in ended.stderr


def test_the_program_of_lesson_20_names_what_it_cannot_read_and_says_what_is_missing(own_folder, tmp_path):
    shutil.copy(own_folder / "features.keras", tmp_path)
    shutil.copytree(own_folder / "my_pictures", tmp_path / "example_more")
    cats = tmp_path / "example_more" / "cats"
    (cats / "broken.JPG").write_bytes(b"no picture")
    (cats / ".DS_Store").write_bytes(b"no picture")
    ended = run_alone(program_of("20_words_and_scale"), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert [line for line in ended.stdout.splitlines() if "broken.JPG" in line] and ".DS_Store" not in ended.stdout
    assert "forecast for 15" in ended.stdout and "forecast for 30" in ended.stdout
    assert re.search(r" 0\. *\] % wrong", ended.stdout)  # as measured, without the floor of the line
    shutil.rmtree(cats)
    ended = run_alone(program_of("20_words_and_scale"), tmp_path)
    assert "two classes" in ended.stderr and "{'dogs': 10}" in ended.stderr


def test_the_program_of_lesson_20_says_how_many_photographs_it_needs(own_folder, tmp_path):
    shutil.copy(own_folder / "features.keras", tmp_path)
    for name, count in (("cats", 3), ("dogs", 3)):
        (tmp_path / "example_more" / name).mkdir(parents=True)
        for number in range(count):
            shutil.copy(own_folder / "my_pictures" / name / f"{number}.jpg", tmp_path / "example_more" / name)
    ended = run_alone(program_of("20_words_and_scale"), tmp_path)
    assert "11 in all" in ended.stderr and "{'cats': 3, 'dogs': 3}" in ended.stderr
    for name, count in (("cats", 4), ("dogs", 7)):
        for number in range(3, count):
            shutil.copy(own_folder / "my_pictures" / name / f"{number}.jpg", tmp_path / "example_more" / name)
    ended = run_alone(program_of("20_words_and_scale"), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "measured with [1 2 4 8]" in ended.stdout and not ended.stderr.count("Warning")


@pytest.fixture
def to_draw(own_folder, tmp_path):
    """A folder for the program of lesson 09, with the network and its names, and room for photographs."""
    for name in ("imagenet.keras", "imagenet_names.txt"):
        shutil.copy(own_folder / name, tmp_path)
    (tmp_path / "example_photographs" / "meadows").mkdir(parents=True)
    return tmp_path


def test_the_program_of_lesson_09_turns_photographs_upright_and_goes_on_where_it_cannot_read(to_draw):
    photographs = to_draw / "example_photographs"
    upright = Image.fromarray(np.random.default_rng(0).integers(0, 255, (120, 90, 3), dtype=np.uint8))
    held = Image.Exif()
    held[0x0112] = 6  # lies on its side, to be turned clockwise
    upright.transpose(Image.Transpose.ROTATE_90).save(photographs / "meadows" / "held.PNG", exif=held)
    upright.save(photographs / "meadows" / "upright.png")
    (photographs / "a_text.jpg").write_bytes(b"no picture")
    (photographs / "b_half.png").write_bytes((photographs / "meadows" / "upright.png").read_bytes()[:9_000])
    ended = run_alone(program_of("09_explaining"), to_draw)
    assert ended.returncode == 0, ended.stderr
    left_out = [line for line in ended.stdout.splitlines() if line.startswith("left out")]
    assert len(left_out) == 2 and "a_text.jpg" in left_out[0] and "b_half.png" in left_out[1]
    drawn = [np.array(Image.open(path)) for path in sorted(to_draw.glob("map_*.png"))]
    assert len(drawn) == 2 and np.array_equal(*drawn)
    assert str(Path("meadows", "held.PNG")) in ended.stdout


@pytest.mark.parametrize("there", [True, False], ids=["an empty folder", "no folder"])
def test_the_program_of_lesson_09_says_where_there_is_nothing_to_draw(to_draw, there):
    shutil.rmtree(to_draw / "example_photographs")
    if there:
        (to_draw / "example_photographs").mkdir()
    ended = run_alone(program_of("09_explaining"), to_draw)
    assert ended.returncode != 0
    assert f"Nothing in example_photographs. Is it there? {there}" in ended.stderr


def own_sequential():
    """As a reader of lesson 04 writes one: it ends in probabilities, here so sure of the first that slopes vanish."""
    from keras import Input, Sequential, layers

    picture = [Input((48, 64, 3)), layers.Rescaling(1 / 255)]
    convolution, hidden = layers.Conv2D(4, 3, activation="relu"), layers.Dense(8, activation="relu")
    last = layers.Dense(2, activation="softmax")
    model = Sequential([*picture, convolution, layers.Flatten(), hidden, last])
    for layer in (convolution, hidden):
        layer.set_weights([np.full(weights.shape, 0.01) for weights in layer.get_weights()])
    towards_first = np.zeros(last.kernel.shape)
    towards_first[:, 0] = 0.1
    last.set_weights([towards_first, np.array([200, 0])])
    return model


def replaced(code, changes):
    for old, new in changes.items():
        assert code.count(old) == 1, old
        code = code.replace(old, new)
    return code


def program_of_lesson_09(holds, network):
    """The program with the lines that the text below it names for another kind of network, and that network's file."""
    text = next(lesson.source.read_text(encoding="utf-8") for lesson in catalogue.lessons() if lesson.number == "09")
    blocks = re.findall(r"^# ```python\n(.*?)^# ```$", text, flags=re.DOTALL | re.MULTILINE)
    [block] = [block for block in blocks if holds in block]
    lines = re.sub(r"^# ?", "", block, flags=re.MULTILINE)
    code, replacements = re.subn(
        r"^to_maps = .*\nfrom_maps = .*\n", lines, program_of("09_explaining"), flags=re.MULTILINE
    )
    assert replacements == 1
    return replaced(code, {"imagenet.keras": network, "imagenet_names.txt": "own.txt"})


def test_the_program_of_lesson_09_draws_for_a_sequential_of_a_readers_own(own_folder, to_draw):
    shutil.copytree(own_folder / "my_pictures", to_draw / "example_photographs", dirs_exist_ok=True)
    own_sequential().save(to_draw / "own.keras")
    (to_draw / "own.txt").write_text("cat\ndog", encoding="utf-8")
    ended = run_alone(program_of_lesson_09("network.layers[-4]", "own.keras"), to_draw)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("is called cat") == 20
    drawn = np.array(Image.open(sorted(to_draw.glob("map_*.png"))[-1]))  # of a blue picture
    assert drawn.shape == (48, 64, 3)
    assert drawn[..., 0].max() > 100  # the red that the program lays over it


def test_the_program_of_lesson_09_draws_for_the_classifier_that_lesson_06_saves(own_folder, to_draw):
    shutil.copytree(own_folder / "example_few", to_draw / "example_few")
    shutil.copy(own_folder / "features.keras", to_draw)
    shutil.copytree(own_folder / "my_pictures", to_draw / "example_photographs", dirs_exist_ok=True)
    assert run_alone(program_of("06_transfer_learning"), to_draw).returncode == 0
    (to_draw / "own.txt").write_text("cats\ndogs", encoding="utf-8")
    ended = run_alone(program_of_lesson_09("inner", "my_classifier.keras"), to_draw)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("is called cats") == ended.stdout.count("is called dogs") == 10


@pytest.fixture
def things(own_folder, tmp_path):
    """The network, and a folder of eight things a class, each with a photograph and one of another day."""
    shutil.copy(own_folder / "features.keras", tmp_path)
    for name in ("cats", "dogs"):
        for number in range(8):
            thing = tmp_path / "example_museum" / name / f"{number}"
            (thing / "monday").mkdir(parents=True)
            for file, place in (("8.jpg", thing), (f"{number}.jpg", thing / "monday")):
                shutil.copy(own_folder / "my_pictures" / name / file, place)
    return tmp_path


def test_the_program_of_lesson_10_counts_things_and_knows_classes_by_name(things):
    """All is right here, and an interval says what that is worth; a class without a readable picture does no harm."""
    (things / "example_museum" / "birds").mkdir()  # the first by name: it would move the numbers of the others
    (things / "example_museum" / "birds" / "IMG_1.HEIC").write_bytes(b"no picture")
    ended = run_alone(program_of("10_trust"), things)
    assert ended.returncode == 0, ended.stderr
    assert "4 things: 100% right (51% to 100%)," in ended.stdout  # Wilson: 4 / (4 + 1.96 ** 2)
    assert "answers 8 of 8, right 8\n" in ended.stdout


def test_the_program_of_lesson_10_names_the_classes_with_too_few_things(things):
    folder = things / "example_museum"
    for name, number in (("owls", 3), ("newts", 4)):  # single photographs, each a thing of its own
        (folder / name).mkdir()
        for copy in range(number):
            shutil.copy(folder / "cats" / "0" / "8.jpg", folder / name / f"{copy}.jpg")
    ended = run_alone(program_of("10_trust"), things)
    assert ended.returncode != 0 and "Fewer: owls\n" in ended.stderr


@pytest.mark.parametrize(("wanted", "near"), [("Guacamole", "guacamole"), ("crane", "crane (bird)"), ("piza", "pizza")])
def test_the_program_of_lesson_11_names_what_is_near_a_name_that_it_does_not_know(own_folder, wanted, near):
    ended = run_alone(program_of("11_attacks").replace('"guacamole"', f'"{wanted}"'), own_folder)
    assert ended.returncode != 0 and "Traceback" not in ended.stderr
    assert f"{wanted} is not in imagenet_names.txt" in ended.stderr and f"'{near}'" in ended.stderr


def test_the_program_of_lesson_12_reads_pictures_upright_says_what_it_leaves_out_and_how_uncertain_it_is(tmp_path):
    """Two folders with the same pictures, in one of them lying on their side by EXIF: the same answers twice."""
    random, held, said = np.random.default_rng(0), Image.Exif(), []
    held[0x0112] = 6  # lies on its side, to be turned clockwise
    pictures = [random.integers(0, 255, (48, 32, 3), dtype=np.uint8) for _ in range(20)]
    for folder, lies in ((tmp_path / "upright", False), (tmp_path / "held", True)):
        for number, pixels in enumerate(pictures):
            place = folder / "example_lines" / ("cats" if number < 10 else "dogs")
            place.mkdir(parents=True, exist_ok=True)
            upright = Image.fromarray(pixels)
            turned = upright.transpose(Image.Transpose.ROTATE_90) if lies else upright
            turned.save(place / f"{number:02d}.png", exif=held if lies else None)
        (place / "a_text.jpg").write_bytes(b"no picture")
        (place / "b_half.png").write_bytes((place / "10.png").read_bytes()[:2_000])
        (folder / "example_lines" / "empty").mkdir()
        ended = run_alone(program_of("12_sequence_models"), folder)
        assert ended.returncode == 0, ended.stderr
        left_out = [line for line in ended.stdout.splitlines() if line.startswith("left out")]
        assert len(left_out) == 2 and "a_text.jpg" in left_out[0] and "b_half.png" in left_out[1]
        said.append([line for line in ended.stdout.splitlines() if line not in left_out])
    assert said[0] == said[1]
    for covered in ("nothing", "upper half", "lower half"):
        assert any(re.search(rf"{covered} covered: \d+ % ± 40 points", line) for line in said[0])


def write_odd_files(folder):
    """What lies in real folders; gives the files in which there is no picture to learn from."""
    random = np.random.default_rng(1)
    picture = Image.fromarray(random.integers(0, 255, (120, 90, 3), dtype=np.uint8))
    cats, dogs = folder / "cats", folder / "dogs"
    for mode in ("1", "L", "LA", "P", "RGBA", "CMYK"):
        picture.convert(mode).save(cats / f"{mode}.{'jpg' if mode == 'CMYK' else 'png'}")
    turned = Image.Exif()
    turned[0x0112] = 6  # held upright
    picture.save(dogs / "turned.jpg", exif=turned)
    picture.save(dogs / "really_webp.jpg", format="WEBP")
    for name, place in (("one_shot", "owls"), ("first", "dogs/rex"), ("second", "dogs/rex")):
        (folder / place).mkdir(parents=True, exist_ok=True)
        picture.save(folder / place / f"{name}.png")
    (folder / "empty").mkdir()
    (folder / "phones").mkdir()
    whole = (cats / "0.jpg").read_bytes()
    (cats / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    Image.fromarray(random.integers(0, 60_000, (80, 80), dtype=np.uint16)).save(cats / "deep.png")
    for name in ("dogs/Thumbs.db", "dogs/notes.txt", "phones/IMG_1.HEIC"):
        (folder / name).write_bytes(b"no picture")
    return ["cats/truncated.jpg", "cats/deep.png", "dogs/Thumbs.db", "dogs/notes.txt", "phones/IMG_1.HEIC"]


def test_the_inspection_of_a_folder_says_what_it_leaves_out_and_goes_on(own_folder, tmp_path):
    folder = shutil.copytree(own_folder, tmp_path / "own")
    no_pictures = write_odd_files(folder / "example_flawed")
    ended = run_alone(program_of("08_flawed_data"), folder)
    assert ended.returncode == 0, ended.stderr
    left_out = [line for line in ended.stdout.splitlines() if line.startswith("left out")]
    assert len(left_out) == len(no_pictures)
    assert all(any(name in line for line in left_out) for name in no_pictures)
    counts = dict(re.findall(r"(\w+): (\d+) pictures", ended.stdout))
    assert counts == {"cats": "16", "dogs": "14", "empty": "0", "owls": "1", "phones": "0"}
    found_again = dict(re.findall(r"(\w+): \d+ pictures, (\d+) of them found again", ended.stdout))
    assert int(found_again["cats"]) >= 8 and int(found_again["dogs"]) >= 8  # of ten plain ones each
    assert Image.open(folder / "suspects.png").size == (8 * 96, 96)


def models_to_count():
    """Models of a reader's own, each with what the program of lesson 03 has to say of it."""
    from keras import Input, Model, Sequential, layers

    picture = Input((32, 32, 3))
    convolution = layers.Conv2D(4, 3, name="only")
    inner = Model(picture, convolution(picture))
    split = layers.Conv2D(4, 3, strides=2, padding="same")(picture)  # both ways have a stride, as in a ResNet
    shortcut = layers.Conv2D(4, 1, strides=2)(picture)
    behind = layers.Conv2D(4, 3, name="behind")(layers.Add()([split, shortcut]))
    dense = [Input((8, 8, 3)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(5, name="dense")]
    return {
        "a chain": (Sequential(dense), "dense  (5,)  365  360  inf"),
        "two ways": (Model(picture, behind), "behind  (14, 14, 4)  148  28224  7\n"),
        "a model inside": (Sequential([picture, inner, layers.Flatten()]), "Functional"),
        "an unknown kind": (Sequential([picture, layers.SeparableConv2D(2, 3)]), "SeparableConv2D"),
        "rows and columns": (Sequential([picture, layers.Conv2D(2, (5, 3))]), "Conv2D (5, 3)"),
        "any size": (Sequential([Input((None, None, 3)), layers.Conv2D(2, 3)]), "output (None, None, 2)"),
    }


def test_the_counting_program_counts_or_says_what_it_cannot_count(tmp_path):
    for name, (model, said) in models_to_count().items():
        model.save(tmp_path / "imagenet.keras")
        ended = run_alone(program_of("03_cnn_math"), tmp_path)
        refused = "cannot count" in ended.stderr
        assert refused is (name not in ("a chain", "two ways")), name
        assert (ended.returncode == 1) is refused and "Traceback" not in ended.stderr, ended.stderr
        assert said in ended.stdout + ended.stderr, (name, ended.stdout, ended.stderr)


def asked(port, body, kind=None):
    """Status and text that the service on this port answers to what is sent, under a Content-Type or under none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/", body, {} if kind is None else {"Content-Type": kind})
    reply = connection.getresponse()
    text = reply.read().decode("utf-8")
    connection.close()
    return reply.status, text


def announced(port, length):
    """Status and text for a request that says how many bytes will come, and sends none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    reply = connection.getresponse()
    text = reply.read().decode("utf-8")
    connection.close()
    return reply.status, text


@contextlib.contextmanager
def serving(folder, program, stdin=None):
    """The process of a service, and its port, until the block ends."""
    with (
        (folder / "service.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, program], cwd=folder, stdin=stdin, stdout=subprocess.PIPE, stderr=log, text=True
        ) as service,
    ):
        try:
            yield service, int(re.search(r"(\d+)/?$", service.stdout.readline())[1])
        finally:
            service.kill()


def like_a_form():
    """A photograph of about 1 MB. Read as a form it would have more than 1,000 fields, where Tornado stops."""
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (800, 1000, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    assert file.getvalue().count(b"&") > 1_000
    return file.getvalue()


FORM = "application/x-www-form-urlencoded"  # what curl says of everything that it sends


def test_the_service_of_lesson_16_answers_a_picture_and_refuses_rubbish_until_it_is_stopped(own_folder):
    """On the loopback address and a free port; after rubbish it answers the next picture."""
    assert len(program_of(ENDLESS).splitlines()) <= 30
    (own_folder / "service.py").write_text(BLOCKED + program_of(ENDLESS), encoding="utf-8")
    with serving(own_folder, "service.py") as (service, port):
        picture = (own_folder / "example.jpg").read_bytes()
        large, film = io.BytesIO(), io.BytesIO()
        Image.new("1", (6000, 6000)).save(large, "PNG")  # 36 million pixels in a few thousand bytes
        Image.new("RGB", (8, 8)).save(film, "GIF")
        for body in (b"", b"hello", picture[: len(picture) // 2], large.getvalue(), film.getvalue()):
            status, text = asked(port, body)
            assert status == 400 and "Send JPEG or PNG" in text
        assert announced(port, 200_000_000) == (400, "")  # Tornado's own refusal, before it reads them
        for body, kind in ((picture, None), (like_a_form(), FORM)):
            status, text = asked(port, body, kind)
            assert status == 200 and len(json.loads(text)) == 5
        with pytest.raises(subprocess.TimeoutExpired):  # it does not end by itself
            service.wait(timeout=4)


def write_small_network(folder, weights):
    """The file that a service of lesson 16 opens: 1,000 names, told from the mean colour of a picture."""
    from keras import Input, Model, layers

    picture = Input((224, 224, 3), name="images")
    last = layers.Dense(1000, activation="softmax")
    model = Model(picture, last(layers.GlobalAveragePooling2D()(picture)))
    last.set_weights(weights)
    model.export(folder / "int8.tflite", format="litert", verbose=False)


def sure_of_the_first(folder):
    """A small file that gives the first of 1,000 names all, and 0 to the others."""
    write_small_network(folder, [np.zeros((3, 1000)), np.array([1000.0] + 999 * [0])])


def test_the_program_of_lesson_16_names_nothing_that_has_no_probability(own_folder, tmp_path):
    (tmp_path / "example_small").mkdir()
    shutil.copy(own_folder / "imagenet_names.txt", tmp_path / "example_small" / "names.txt")
    sure_of_the_first(tmp_path / "example_small")
    (tmp_path / "service.py").write_text(BLOCKED + program_of(ENDLESS), encoding="utf-8")
    with serving(tmp_path, "service.py") as (_, port):
        status, text = asked(port, (own_folder / "example.jpg").read_bytes())
        assert status == 200 and list(json.loads(text).values()) == [1.0]


def written_by_lesson_16(own_folder, folder):
    """The service that lesson 16 writes, with its names and its network, in this folder."""
    text = next(lesson.source.read_text(encoding="utf-8") for lesson in catalogue.lessons() if lesson.number == "16")
    parts = {
        "answering.py": ("opening_part", "naming_part", "stranger_part"),
        "service.py": ("visitor_part", "waiting_part", "ending_part"),
    }
    for file, names in parts.items():
        found = [re.search(rf'^{name} = """\n?(.*?)"""$', text, flags=re.DOTALL | re.MULTILINE) for name in names]
        (folder / file).write_text("".join(part[1] for part in found), encoding="utf-8")
    for file in ("names.txt", "int8.tflite"):
        shutil.copy(own_folder / "example_small" / file, folder)


def test_the_service_in_lesson_16_takes_no_photograph_for_a_form_and_answers_what_is_too_large(own_folder, tmp_path):
    written_by_lesson_16(own_folder, tmp_path)
    deep, shallow = io.BytesIO(), io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (240, 240), dtype=np.uint8)
    Image.fromarray(pixels.astype(np.uint16) * 256).save(deep, "PNG")
    Image.fromarray(pixels).save(shallow, "PNG")
    with serving(tmp_path, "service.py", stdin=subprocess.PIPE) as (_, port):
        status, text = asked(port, like_a_form(), FORM)
        assert status == 200 and len(json.loads(text)) >= 1
        status, text = asked(port, bytes(12_000_000), FORM)  # as large as a photograph of a telephone gets
        assert status == 413 and "Send at most" in text
        assert asked(port, deep.getvalue()) == asked(port, shallow.getvalue())  # 16 bits a pixel, and 8
        sure_of_the_first(tmp_path)
    with serving(tmp_path, "service.py", stdin=subprocess.PIPE) as (_, port):
        status, text = asked(port, shallow.getvalue())
        assert status == 200 and list(json.loads(text).values()) == [1.0]


def test_the_program_of_lesson_15_copies_grey_pictures_of_16_bits_as_those_of_8_and_makes_no_empty_class(tmp_path):
    ramp = np.linspace(0, 255, 96 * 96).reshape(96, 96).astype("uint8")
    folder, lying = tmp_path / "example_speed", Image.Exif()
    lying[0x0112] = 6  # to be turned clockwise when it is shown
    for name in ("grey", "broken"):
        (folder / name).mkdir(parents=True)
    Image.fromarray(ramp).save(folder / "grey" / "8.png")
    Image.fromarray(ramp * np.uint16(257)).save(folder / "grey" / "16.png")
    Image.fromarray(np.rot90(ramp) * np.uint16(257)).save(folder / "grey" / "16_lying.png", exif=lying)
    (folder / "broken" / "cut.png").write_bytes((folder / "grey" / "8.png").read_bytes()[:200])
    ended = run_alone(program_of("15_speed"), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "cut.png" in ended.stdout and "3 copies" in ended.stdout
    copies = sorted((tmp_path / "example_speed_small").rglob("*.png"))
    assert [copy.parent.name for copy in copies] == ["grey", "grey", "grey"]
    for copy in copies:
        assert np.array_equal(np.asarray(Image.open(copy)), np.stack([ramp] * 3, axis=-1)), copy.name


@pytest.mark.parametrize(
    ("lesson", "folder"), [("13_attention", "example_patches"), ("17_many_machines", "example_killed")]
)
def test_pictures_are_read_upright_and_what_cannot_be_read_is_named(tmp_path, lesson, folder):
    """Twice the same pictures, once lying on their side by EXIF: the same answers."""
    random, lying, said = np.random.default_rng(0), Image.Exif(), []
    lying[0x0112] = 6  # to be turned clockwise when it is shown
    pictures = [Image.fromarray(random.integers(0, 255, (48, 32, 3), dtype=np.uint8)) for _ in range(20)]
    for home in (tmp_path / "upright", tmp_path / "lying"):
        for number, picture in enumerate(pictures):
            place = home / folder / ("cats" if number < 10 else "dogs")
            place.mkdir(parents=True, exist_ok=True)
            if home.name == "lying":
                picture.transpose(Image.Transpose.ROTATE_90).save(place / f"{number:02d}.png", exif=lying)
            else:
                picture.save(place / f"{number:02d}.png")
        (place / "a_text.jpg").write_bytes(b"no picture")
        ended = run_alone(program_of(lesson), home)
        assert ended.returncode == 0, ended.stderr
        assert "left out" in ended.stdout and "a_text.jpg" in ended.stdout
        said.append(ended.stdout)
    assert said[0] == said[1]


def test_the_program_of_lesson_19_finds_copies_in_another_size_and_light_and_names_no_others(tmp_path):
    random = np.random.default_rng(0)
    real, drawn = tmp_path / "example_drawn" / "real", tmp_path / "example_drawn" / "drawn"
    real.mkdir(parents=True)
    drawn.mkdir()
    for number, blocks in enumerate(random.integers(0, 120, (60, 8, 8), dtype=np.uint8)):
        picture = Image.fromarray(blocks).resize((64, 64))
        picture.save(real / f"{number:02}.png")
        if number < 2:
            Image.fromarray(2 * np.asarray(picture)).resize((50, 50)).save(drawn / f"copy_{number}.JPG")
    for number, blocks in enumerate(random.integers(0, 120, (20, 8, 8), dtype=np.uint8)):
        Image.fromarray(blocks).resize((64, 64)).save(drawn / f"new_{number:02}.png")
    (drawn / ".hidden.png").write_bytes(b"no picture")
    (drawn / "broken.png").write_bytes(b"no picture")
    ended = run_alone(program_of("19_making_pictures"), tmp_path)
    assert ended.returncode == 0, ended.stderr
    *found, last = ended.stdout.splitlines()
    assert [line.count("broken.png") > 0 for line in found if "left out" in line] == [True]
    near = [line for line in found if "is nearly" in line]
    assert len(near) == 2 and all(f"copy_{k}.JPG" in line and f"{k:02}.png" in line for k, line in enumerate(near))
    assert last.startswith("Only 60 real pictures") and found.pop().startswith("2 of 22 (")
    shutil.rmtree(real)
    ended = run_alone(program_of("19_making_pictures"), tmp_path)
    assert ended.returncode == 1 and "Fewer than two pictures" in ended.stderr


def test_the_program_of_lesson_19_leaves_out_what_has_one_grey_and_warns_of_few_real_pictures(tmp_path):
    """Pictures of one grey are all alike once they are equally bright; a picture without an ending is one."""
    random, said = np.random.default_rng(0), {}
    for count in (4, 120):
        home = tmp_path / str(count)
        real, drawn = home / "example_drawn" / "real", home / "example_drawn" / "drawn"
        for kind, many in ((real, count), (drawn, 3)):
            (kind / "sub.folder").mkdir(parents=True)
            for number, blocks in enumerate(random.integers(0, 255, (many, 8, 8), dtype=np.uint8)):
                Image.fromarray(blocks).resize((64, 64)).save(kind / f"{number}", format="PNG")
            Image.new("RGB", (40, 40), "white" if kind == real else "black").save(kind / "flat.png")
        ended = run_alone(program_of("19_making_pictures"), home)
        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.count("left out") == ended.stdout.count("flat.png") == 2
        assert "0 of 3 (" in ended.stdout and "is nearly" not in ended.stdout
        said[count] = "Only 4 real pictures" in ended.stdout, "Only" in ended.stdout
    assert said == {4: (True, True), 120: (False, False)}


def network_of(size, units, activation, weights=None):
    """A reader's network for the program of lesson 14, of few layers."""
    from keras import Input, Sequential, layers

    flat = layers.GlobalAveragePooling2D() if size[0] is None else layers.Flatten()
    network = Sequential([Input(size), layers.Rescaling(1 / 255), flat, layers.Dense(units, activation=activation)])
    if weights is not None:
        network.layers[-1].set_weights([weights, np.zeros(units)])
    return network


def run_readers(network, folder):
    network.save(folder / "imagenet.keras")
    return run_alone(program_of("14_frameworks"), folder)


@pytest.fixture
def photographs(tmp_path):
    """Two pictures with the same name in folders of their own, a PNG, and what cannot be read."""
    place = tmp_path / "example_readers"
    for name in ("cats", "dogs", "album.jpg"):
        (place / name).mkdir(parents=True)
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8))
    for name in ("cats/1.jpg", "dogs/1.jpg", "dogs/2.PNG"):
        picture.save(place / name)
    picture.save(place / "cats" / "web.jpg", format="WEBP")
    (place / "a_text.jpg").write_bytes(b"no picture")
    (place / "empty.jpg").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize("size", [(None, None, 3), (28, 20, 1)], ids=["any size", "grey"])
def test_the_program_of_lesson_14_names_each_file_and_asks_networks_of_any_size_and_of_grey_pictures(photographs, size):
    ended = run_readers(network_of(size, 3, "softmax"), photographs)
    assert ended.returncode == 0, ended.stderr
    left_out = [line for line in ended.stdout.splitlines() if "left out" in line]
    assert any("a_text.jpg" in line for line in left_out) and any("empty.jpg" in line for line in left_out)
    for name in (Path("cats", "1.jpg"), Path("dogs", "1.jpg"), Path("dogs", "2.PNG"), Path("cats", "web.jpg")):
        assert f"{name}: " in ended.stdout


def test_the_program_of_lesson_14_sees_another_answer_of_a_network_with_one_output(tmp_path):
    """The left half is white, and the upper half where the picture is turned; the network weighs two quarters."""
    folder, turn = tmp_path / "example_readers", Image.Exif()
    folder.mkdir()
    turn[0x0112] = 6  # to be turned clockwise when it is shown
    pixels = np.zeros((32, 32, 3), dtype=np.uint8)
    pixels[:, :16] = 255
    Image.fromarray(pixels).save(folder / "lying.jpg", exif=turn)
    weights = np.zeros((32, 32, 3, 1))
    weights[16:, :16], weights[:16, 16:] = 1, -1  # below on the left, above on the right
    ended = run_readers(network_of((32, 32, 3), 1, "sigmoid", weights.reshape(-1, 1)), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "ANOTHER ANSWER" in ended.stdout and "1 of 1" in ended.stdout


def test_the_program_of_lesson_14_stops_where_a_network_gives_no_probabilities(photographs):
    ended = run_readers(network_of((28, 20, 3), 3, "linear"), photographs)
    assert ended.returncode != 0 and "no probabilities" in ended.stderr and "Traceback" not in ended.stderr
    assert "another answer" not in ended.stdout


@pytest.mark.parametrize("there", [True, False], ids=["an empty folder", "no folder"])
def test_the_program_of_lesson_14_says_where_there_is_nothing_to_compare(tmp_path, there):
    if there:
        (tmp_path / "example_readers").mkdir()
    ended = run_readers(network_of((28, 20, 3), 3, "softmax"), tmp_path)
    assert "no picture" in ended.stdout + ended.stderr
    assert "0 of 0" not in ended.stdout


def test_the_program_of_lesson_18_asks_by_groups_and_then_by_margin(own_folder, tmp_path):
    """Without labels one picture a group; with two classes in subfolders the others by margin; rubbish is named."""
    shutil.copy(own_folder / "features.keras", tmp_path)
    folder = tmp_path / "example_unlabelled"
    folder.mkdir()
    ended = run_alone(program_of("18_few_labels"), tmp_path)
    assert ended.returncode != 0 and "0 pictures" in ended.stderr and "too few" in ended.stderr
    for file in (own_folder / "example_unlabelled").iterdir():
        shutil.copy(file, folder / file.name.replace(".jpg", ".JPG"))
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / ".DS_Store").write_bytes(b"hidden")
    ended = run_alone(program_of("18_few_labels"), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("stands for") == 12 and "left out" in ended.stdout and "DS_Store" not in ended.stdout
    assert "0 of 20 pictures have a label" in ended.stdout
    groups = re.findall(r"stands for (\d+)", ended.stdout)
    for number in range(6):
        for kind in ("cats", "dogs"):
            (folder / kind).mkdir(exist_ok=True)
            (folder / f"{kind}_{number}.JPG").rename(folder / kind / f"{kind}_{number}.JPG")
        ended = run_alone(program_of("18_few_labels"), tmp_path) if number in (0, 5) else None
        if number == 0:  # two labels: the same groups
            assert re.findall(r"stands for (\d+)", ended.stdout) == groups
            assert "2 of 20 pictures have a label: cats dogs" in ended.stdout
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count(" margin ") == 8  # all that are left
    assert "cats_0" not in ended.stdout and "dogs_0" not in ended.stdout


def test_the_program_of_lesson_18_shows_twelve_pictures_and_goes_on_when_they_are_labelled(own_folder, tmp_path):
    """A flat picture is the nearest to several centres, and a member of one group."""
    from course_utils import datasets

    shutil.copy(own_folder / "features.keras", tmp_path)
    folder = tmp_path / "example_unlabelled"
    folder.mkdir()
    pool = datasets.load("cutouts", train=30, validation=6, test=6, size=96, quiet=True).train.x
    for number, pixels in enumerate(pool):
        Image.fromarray(pixels).save(folder / f"{number:02}.jpg")
    Image.new("RGB", (900, 60), (200, 30, 30)).save(folder / "wide", format="PNG")  # its content counts
    ended = run_alone(program_of("18_few_labels"), tmp_path)
    assert ended.returncode == 0, ended.stderr
    shown = re.findall(r"(\S+) stands for (\d+)", ended.stdout)
    assert len({name for name, _ in shown}) == 12
    assert sum(int(count) for _, count in shown) == 31
    for number, (name, _) in enumerate(shown):
        place = folder / f"2024-0{number % 2 + 1}" / Path(name).name
        place.parent.mkdir(exist_ok=True)
        (tmp_path / name).rename(place)
    ended = run_alone(program_of("18_few_labels"), tmp_path)
    assert ended.stdout.count(" margin ") == 12
    assert "12 of 31 pictures have a label: 2024-01 2024-02" in ended.stdout
    for file in filter(Path.is_file, folder.iterdir()):
        file.rename(folder / "2024-01" / file.name)
    ended = run_alone(program_of("18_few_labels"), tmp_path)
    assert ended.stdout.strip() == "31 of 31 pictures have a label: 2024-01 2024-02"


def two_colours(folder, counts):
    """A folder that even a small network learns: red things and blue ones, so many of each."""
    random = np.random.default_rng(0)
    for channel, (name, count) in zip((0, 2), counts.items(), strict=False):
        (folder / "example_checked" / name).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 60, (60, 60, 3), dtype=np.uint8)
            pixels[..., channel] += 150
            Image.fromarray(pixels).save(folder / "example_checked" / name / f"{number:02d}.png")
    return folder


def checklist(folder, changes=()):
    """What the program of lesson 21 says of a folder, each line with its number."""
    ended = run_alone(replaced(program_of("21_faq"), dict(changes)), folder)
    assert ended.returncode == 0, ended.stderr
    lines = [line for line in ended.stdout.splitlines() if line.startswith(("fine", "LOOK AT"))]
    assert len(lines) == 7
    assert all(re.search(r" (nan|[\d.]+), at most [\d.]+$", line) for line in lines), lines
    return lines, ended.stdout


def test_the_checklist_of_lesson_21_sees_a_rate_that_is_too_large_and_a_missing_scale(tmp_path):
    """A loss that leaps in the first epoch is lower in the second: only the untrained network is a measure."""
    sound, _ = checklist(two_colours(tmp_path / "two", {"red": 60, "blue": 60}))
    assert all(line.startswith("fine") for line in sound), sound
    random = np.random.default_rng(0)
    for number in range(80):  # noise in four classes: hard enough for a rate of 4 to leap
        place = tmp_path / "noise" / "example_checked" / str(number % 4)
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 255, (60, 60, 3), dtype=np.uint8)).save(place / f"{number:02d}.png")
    noise, _ = checklist(tmp_path / "noise")
    assert all(line.startswith("fine") for line in noise if "scale" in line or "rate" in line), noise
    leapt, _ = checklist(tmp_path / "noise", {'compile("adam"': 'compile(__import__("keras").optimizers.SGD(4.0)'})
    assert any(line.startswith("LOOK AT learning rate") for line in leapt), leapt
    unscaled, _ = checklist(tmp_path / "noise", {"layers.Rescaling(1 / 255)": "layers.Rescaling(1.0)"})
    assert any(line.startswith("LOOK AT scale") for line in unscaled), unscaled


def test_the_checklist_of_lesson_21_names_broken_pictures_and_goes_on(tmp_path):
    folder = two_colours(tmp_path, {"red": 60, "blue": 60})
    red = folder / "example_checked" / "red"
    Image.open(red / "00.png").save(red / "cut.jpg")
    whole = (red / "cut.jpg").read_bytes()
    (red / "cut.jpg").write_bytes(whole[: len(whole) // 3])
    (red / "nothing.png").write_bytes(b"")
    (red / "telephone.HEIC").write_bytes(b"no picture that can be read here")
    left_out = [line for line in checklist(folder)[1].splitlines() if line.startswith("left out")]
    assert len(left_out) == 3
    assert all(any(name in line for line in left_out) for name in ("cut.jpg", "nothing.png", "telephone.HEIC"))


def test_the_checklist_of_lesson_21_does_not_accuse_a_network_that_learns_uneven_classes(tmp_path):
    lines, _ = checklist(two_colours(tmp_path, {"red": 95, "blue": 5}))
    assert all(line.startswith("fine") for line in lines), lines


def test_the_checklist_of_lesson_21_stops_at_one_class_and_counts_copies(tmp_path):
    folder = two_colours(tmp_path / "two", {"red": 20, "blue": 20})
    shutil.copy(folder / "example_checked" / "red" / "00.png", folder / "example_checked" / "red" / "again.png")
    assert any(re.match(r"LOOK AT leak: .* 1\.00,", line) for line in checklist(folder)[0])
    ended = run_alone(program_of("21_faq"), two_colours(tmp_path / "one", {"red": 12}))
    assert ended.returncode != 0 and "Two classes or more" in ended.stderr and "red" in ended.stderr


@pytest.mark.parametrize("first", ["import keras\n", ""], ids=["a program with Keras", "one without"])
@pytest.mark.parametrize("line", ["import course_utils.paths", "from course_lessons import lesson_00_start_here"])
def test_the_course_cannot_be_imported_there(tmp_path, first, line):
    ended = run_alone(first + line, tmp_path)
    assert ended.returncode != 0 and "ModuleNotFoundError" in ended.stderr


def test_where_keras_is_loaded_already_a_program_trains_and_says_what_it_does_in_a_fresh_python(own_folder):
    said = []
    for start in (fresh_python, warm_python.run):
        ended = run_alone(program_of("04_keras_code"), own_folder, start)
        assert ended.returncode == 0, ended.stderr
        said.append(re.sub(r"\d+m?s(/step)?", "", ended.stdout))  # without seconds
    assert said[0] == said[1] and "loss" in said[0]


def two_kinds(folder):
    """Pictures of two classes whose colours overlap, so that a loss does not become zero at once."""
    random = np.random.default_rng(0)
    for place, name in enumerate(("cats", "dogs")):
        (folder / name).mkdir(parents=True)
        for number in range(40):
            pixels = random.integers(0, 220, (60, 52, 3), dtype=np.uint8)
            pixels[..., place] += 20
            Image.fromarray(pixels).save(folder / name / f"{number}.JPG", format="JPEG")
    return folder


def losses_said(text):
    return {int(number): loss for number, loss in re.findall(r"pass (\d+) of \d+: loss (\S+)", text)}


def test_the_training_of_lesson_17_goes_on_after_a_kill_as_if_nothing_had_happened(tmp_path):
    code = BLOCKED + program_of("17_many_machines")
    for home in ("whole", "killed"):
        two_kinds(tmp_path / home / "example_killed")
        (tmp_path / home / "program.py").write_text(code, encoding="utf-8")
    whole = run_alone(program_of("17_many_machines"), tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    options = {"cwd": tmp_path / "killed", "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen([sys.executable, "program.py"], **options) as training:
        for line in training.stdout:
            if "pass 3 of" in line:
                training.kill()
                break
    again = run_alone(program_of("17_many_machines"), tmp_path / "killed")
    assert again.returncode == 0, again.stderr
    resumed, never_killed = losses_said(again.stdout), losses_said(whole.stdout)
    assert min(resumed) in (3, 4, 5) and max(resumed) == len(never_killed) == 20
    assert resumed == {number: never_killed[number] for number in resumed}
    assert again.stdout.splitlines()[-1] == whole.stdout.splitlines()[-1]


def test_the_training_of_lesson_17_notices_another_network_and_says_when_all_is_done(tmp_path):
    program = program_of("17_many_machines").replace(
        "passes, size, found, saved = 20", "passes, size, found, saved = 1"
    )
    two_kinds(tmp_path / "example_killed")
    assert run_alone(program, tmp_path).returncode == 0
    again = run_alone(program, tmp_path)
    assert again.returncode == 0 and "steps done: " in again.stdout and "steps done: 0" not in again.stdout
    assert losses_said(again.stdout) == {}
    larger = run_alone(program.replace("Conv2D(32", "Conv2D(64"), tmp_path)
    assert larger.returncode != 0 and "Another network: delete killed.keras" in larger.stderr
    shutil.copytree(tmp_path / "example_killed" / "dogs", tmp_path / "example_killed" / "horses")
    more = run_alone(program, tmp_path)
    assert more.returncode != 0 and "Another network" in more.stderr


def test_the_training_of_lesson_17_wants_two_classes(tmp_path):
    two_kinds(tmp_path / "example_killed")
    shutil.rmtree(tmp_path / "example_killed" / "dogs")
    ended = run_alone(program_of("17_many_machines"), tmp_path)
    assert ended.returncode != 0 and "Two classes or more" in ended.stderr
