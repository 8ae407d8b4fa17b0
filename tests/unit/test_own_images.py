"""What lesson 07 hands over or builds on: the program that names pictures, the split by groups, the judges."""

import ast
import inspect
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import paths
from course_utils.datasets import pictures

LESSON = paths.project_root() / "notebooks" / "source" / "lesson_07_your_own_images" / "lesson.py"
TREE = ast.parse(LESSON.read_text(encoding="utf-8"))


def defined(*names):
    """Functions of the lesson, made from its source without running the rest."""
    found = [node for node in TREE.body if isinstance(node, ast.FunctionDef) and node.name in names]
    assert [node.name for node in found] == list(names)
    scope = {"np": np, "make_pipeline": make_pipeline, "StandardScaler": StandardScaler}
    scope["LogisticRegression"] = LogisticRegression
    exec(compile(ast.Module(found, []), str(LESSON), "exec"), scope)
    return [scope[name] for name in names]


GROUPS = st.lists(  # for each class the sizes of its groups: a burst of shots is one large group
    st.lists(st.integers(1, 3) | st.integers(1, 60), min_size=3, max_size=9), min_size=2, max_size=4
)


@settings(max_examples=200, deadline=None)
@given(GROUPS, st.integers(0, 2**16))
def test_every_class_of_three_groups_is_in_every_part_and_no_group_is_torn(sizes, seed):
    [split] = defined("split")
    labels = np.repeat(np.arange(len(sizes)), [sum(each) for each in sizes])
    flat = [size for each in sizes for size in each]
    groups = np.repeat(np.arange(len(flat)), flat)
    part = split(groups, labels, np.random.default_rng(seed))
    for label in range(len(sizes)):
        assert set(part[labels == label].tolist()) == {0, 1, 2}
    assert all(len(set(part[groups == group].tolist())) == 1 for group in range(len(flat)))


@pytest.mark.parametrize("label", [0, 1, 2])
def test_a_class_that_is_one_burst_of_shots_is_judged_without_a_traceback(label):
    judged_by_others = defined("linear", "judged_by_others")[1]
    rng, labels = np.random.default_rng(0), np.repeat([0, 1, 2], 20)
    groups = np.where(labels == label, 0, np.arange(60) + 1)
    probabilities = judged_by_others(rng.normal(size=(60, 4)), labels, groups, 0)
    assert probabilities.shape == (60, 3)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert np.all(probabilities[labels == label, label] == 0)  # the others have never seen it


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The exported program and the file of the package that goes along, beside a small model that knows two names."""
    import keras
    from keras import layers

    home = tmp_path_factory.mktemp("model")
    picture = keras.Input((None, None, 3), dtype="uint8")
    small = layers.Resizing(32, 32, crop_to_aspect_ratio=True, dtype="uint8")(picture)
    chances = layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling2D()(layers.Rescaling(1 / 255)(small)))
    lookup = layers.StringLookup(vocabulary=["cat", "dog"], num_oov_indices=0, invert=True)
    answer = {"name": lookup(keras.ops.argmax(chances, axis=-1)), "probabilities": chances}
    keras.Model(picture, answer).save(home / "model.keras")
    [program] = [
        node.value.value
        for node in TREE.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets) == "program"
    ]
    (home / "name_pictures.py").write_text(program, encoding="utf-8")
    (home / "pictures.py").write_text(inspect.getsource(pictures), encoding="utf-8")
    return home


def test_the_exported_program_names_a_bad_file_and_goes_on(exported, tmp_path):
    good = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 30, 3), dtype=np.uint8))
    good.save(tmp_path / "first.jpg")
    good.save(tmp_path / "last.avif")
    half = (tmp_path / "first.jpg").read_bytes()
    (tmp_path / "half.jpg").write_bytes(half[: len(half) // 2])
    (tmp_path / "phone.jpg").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(50))
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    Image.new("1", (8000, 7000)).save(tmp_path / "poster.png")
    names = ["half.jpg", "first.jpg", "phone.jpg", "empty.png", "missing.png", "folder.png", "poster.png", "last.avif"]
    environment = {**os.environ, "PYTHONPATH": ""}
    run = subprocess.run(
        [sys.executable, exported / "name_pictures.py", *names],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert sum(line.startswith('["') for line in run.stdout.splitlines()) == 2, run.stderr
    told = [line.split(":")[0] for line in run.stderr.splitlines() if ": not read, " in line]
    assert told == [name for name in names if name not in ("first.jpg", "last.avif")]
    assert "save it as JPEG" in run.stderr


def test_what_goes_along_needs_nothing_of_the_course():
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(inspect.getsource(pictures)))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    outside = {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert outside == {"numpy", "PIL"}
