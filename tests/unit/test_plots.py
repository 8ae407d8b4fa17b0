import base64
import html
import io
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from course_utils import plots

NAMES = ("cat", "dog", "bird")
IMAGES = np.arange(3 * 8 * 8 * 3, dtype=np.uint8).reshape(3, 8, 8, 3)
COUNTS = np.array([[5, 1, 0], [0, 4, 2], [3, 0, 6]])
HISTORY = {"loss": [2.0, 1.0], "accuracy": [0.3, 0.6], "val_loss": [2.1, 1.5], "val_accuracy": [0.2, 0.5]}

PICTURES = {
    "image_grid": lambda: plots.image_grid(IMAGES, ["a", "b", "c"], caption="Three."),
    "grey": lambda: plots.image_grid(IMAGES[..., 0]),
    "predictions": lambda: plots.predictions(IMAGES, np.array([0, 1, 2]), np.eye(3)[[0, 1, 0]], NAMES),
    "learning_curves": lambda: plots.learning_curves(HISTORY),
    "confusion_matrix": lambda: plots.confusion_matrix(COUNTS, NAMES),
    "per_class_scores": lambda: plots.per_class_scores({"recall": np.array([0.8, 0.6, 0.7])}, NAMES),
    "filters": lambda: plots.filters(np.linspace(-1, 1, 216).reshape(3, 3, 3, 8)),
    "feature_maps": lambda: plots.feature_maps(np.arange(80.0).reshape(4, 4, 5)),
    "comparison": lambda: plots.comparison({"linear": [0.3, 0.31], "network": [0.8, 0.82]}, chance=0.1),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_itself_with_its_text(name):
    bundle = PICTURES[name]()._repr_mimebundle_()
    alt = html.unescape(re.search(r'alt="([^"]*)"', bundle["text/html"])[1])
    data = re.search(r"base64,([^\"]*)", bundle["text/html"])[1]
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    assert len(alt) > 15
    assert alt in bundle["text/plain"]
    assert image.width > 100
    assert len(set(image.convert("L").tobytes())) > 2  # something is drawn


def test_drawing_leaves_no_open_figure_and_no_changed_setting():
    settings = dict(plt.rcParams)
    for make in PICTURES.values():
        make()
    assert plt.get_fignums() == []
    assert dict(plt.rcParams) == settings


def test_the_text_says_what_the_figure_shows():
    assert "dog taken for bird" not in plots.confusion_matrix(COUNTS, NAMES).alt
    assert "bird taken for cat, 3 times" in plots.confusion_matrix(COUNTS, NAMES).alt
    assert "network 0.810 (from 0.800 to 0.820)" in PICTURES["comparison"]().alt


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.picture(plots.canvas()[0], alt=" "), "alt text"),
        (lambda: plots.image_grid(IMAGES[0, 0]), r"Received: \(8, 3\)"),
        (lambda: plots.image_grid(IMAGES[:0]), "at least one image"),
        (lambda: plots.image_grid(IMAGES, ["a"]), "3 images, 1 titles"),
        (lambda: plots.predictions(IMAGES, [0], np.eye(3), NAMES), "3 images, 1 labels"),
        (lambda: plots.learning_curves({"loss": [1.0]}), "Missing: accuracy"),
        (lambda: plots.confusion_matrix(COUNTS[:2], NAMES), r"Received: \(2, 3\)"),
        (lambda: plots.per_class_scores({"recall": np.ones(2)}, NAMES), r"recall: \(2,\)"),
        (lambda: plots.filters(np.ones((3, 3))), r"Received: \(3, 3\)"),
        (lambda: plots.feature_maps(np.ones((1, 3, 3, 2))), r"maps\[0\]"),
        (lambda: plots.comparison({"a": []}), "Without: a"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
    plt.close("all")
