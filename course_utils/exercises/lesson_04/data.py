"""Exercises on data: preprocessing, and predicting one picture."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import function_matches
from course_utils.exercises.exercise import Exercise, written

__all__ = ["PREDICT_ONE", "PREPROCESS"]


def preprocess(images: np.ndarray) -> np.ndarray:
    return images.astype("float32") / 255


def _multiplied(images: np.ndarray) -> np.ndarray:
    return images * np.float32(1 / 255)


def _double_precision(images: np.ndarray) -> np.ndarray:
    return images / 255.0


def _scaled_twice(images: np.ndarray) -> np.ndarray:
    return images.astype("float32") / 255 / 255


def _not_scaled(images: np.ndarray) -> np.ndarray:
    return images.astype("float32")


def _whole_numbers(images: np.ndarray) -> np.ndarray:
    return (images // 255).astype("float32")


def _by_own_maximum(images: np.ndarray) -> np.ndarray:
    return (images / images.max()).astype("float32")


def _standardised(images: np.ndarray) -> np.ndarray:
    return ((images - images.mean()) / images.std()).astype("float32")


def _flattened(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype("float32") / 255


# Two images, 2 high and 3 wide, RGB. The brightest pixel is 204, so that dividing by the maximum shows.
_IMAGES = (np.arange(2 * 2 * 3 * 3, dtype="uint8").reshape(2, 2, 3, 3) * 41) % 205
_WHITE = np.array([[[[255, 51, 0]]]], dtype="uint8")

PREPROCESS = Exercise(
    id="04.1",
    title="pixels to float32",
    kind="fill in",
    prompt="Write preprocess(images): uint8 images to float32 values between 0 and 1.",
    stub="""\
def preprocess(images):
    ...""",
    check=function_matches(
        preprocess,
        [(_IMAGES,), (_WHITE,)],
        tolerance=1e-5,
        dtype="float32",
        mistakes=(
            (
                _double_precision,
                "The values are right, but float64 takes eight times the memory of uint8, float32 four.",
            ),
            (_scaled_twice, "The pixels have been divided by 255 twice; the largest value is now 1 / 255."),
            (_not_scaled, "The type is right, but the values still run from 0 to 255."),
            (_whole_numbers, "`//` drops what is behind the point: nearly everything becomes 0."),
            (
                _by_own_maximum,
                "Divided by the largest value present: the same grey then differs from batch to batch.",
            ),
            (_standardised, "That is another scaling: with mean 0 and deviation 1. Asked for: between 0 and 1."),
        ),
    ),
    hints=(
        "Which is the largest value that a uint8 pixel can have? Divide by it.",
        'NumPy makes float64 of `images / 255`. Change the type first: `images.astype("float32")`.',
    ),
    solution=written(preprocess),
    right=(_multiplied, lambda images: np.divide(images, 255, dtype="float32")),
    wrong=(
        (_double_precision, "eight times the memory"),
        (_scaled_twice, "divided by 255 twice"),
        (_not_scaled, "still run from 0 to 255"),
        (_whole_numbers, "drops what is behind the point"),
        (_by_own_maximum, "differs from batch to batch"),
        (_standardised, "another scaling"),
        (_flattened, "Expected an array of shape (2, 2, 3, 3)"),
        (lambda images: images.tolist(), "Expected a NumPy array"),
    ),
)


class ColourModel:
    """Stands in for a trained network that tells the strongest colour; it insists on its input shape as Keras does."""

    def predict(self, images: Any, verbose: int = 0) -> np.ndarray:  # noqa: ARG002 - as in Keras
        """Probabilities (n, 3) for float images (n, 2, 4, 3) with values from 0 to 1."""
        if not isinstance(images, np.ndarray) or images.shape[1:] != (2, 4, 3):
            shape = getattr(images, "shape", None)
            raise ValueError(f"expected shape=(None, 2, 4, 3), found shape={shape}")
        weights = np.arange(1.0, 9.0).reshape(2, 4, 1) / 36  # no pixel like another: a mirrored picture shows
        scores = np.exp(3.0 * (images * weights).sum(axis=(1, 2)))
        return scores / scores.sum(axis=1, keepdims=True)


def predict_one(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    rgb = picture[:, :, ::-1]  # OpenCV stores blue, green, red
    batch = rgb[np.newaxis].astype("float32") / 255
    probabilities = model.predict(batch, verbose=0)[0]
    best = np.argmax(probabilities)
    return class_names[best], float(probabilities[best])


def _answer(model: Any, batch: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    probabilities = model.predict(batch)[0]
    return class_names[np.argmax(probabilities)], float(np.max(probabilities))


def _other_way(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, np.expand_dims(np.float32(picture[..., [2, 1, 0]] / 255), 0), class_names)


def _no_batch(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[:, :, ::-1].astype("float32") / 255, class_names)


def _batch_at_the_end(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[:, :, ::-1, np.newaxis].astype("float32") / 255, class_names)


def _blue_first(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[np.newaxis].astype("float32") / 255, class_names)


def _upside_down(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[::-1][np.newaxis].astype("float32") / 255, class_names)


def _mirrored(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[:, ::-1][np.newaxis].astype("float32") / 255, class_names)


def _raw_pixels(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[np.newaxis, :, :, ::-1].astype("float32"), class_names)


def _index(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[int, float]:
    name, probability = predict_one(model, picture, class_names)
    return class_names.index(name), probability


def _name_only(model: Any, picture: np.ndarray, class_names: list[str]) -> str:
    return predict_one(model, picture, class_names)[0]


# Blue is strongest in the first picture, red in the second; channels stand in OpenCV's order.
_BLUE = np.array(
    [[[90, 10, 30], [80, 20, 10], [60, 50, 5], [70, 0, 40]], [[95, 30, 20], [70, 5, 35], [85, 45, 0], [60, 15, 25]]]
)
_PICTURES = (_BLUE.astype("uint8"), (_BLUE[::-1, :, ::-1] + 7).astype("uint8"))
_NAMES = ["red", "green", "blue"]

PREDICT_ONE = Exercise(
    id="04.5",
    title="predict one picture",
    kind="mend",
    prompt="Mend predict_one(model, picture, class_names): a picture as OpenCV reads it, to a name and a probability.",
    stub="""\
def predict_one(model, picture, class_names):
    ...""",
    check=function_matches(
        predict_one,
        [(ColourModel(), picture, _NAMES) for picture in _PICTURES],
        tolerance=1e-4,
        mistakes=(
            (_blue_first, "The picture still has blue first. The model has learned with red first."),
            (_upside_down, "`picture[::-1]` turns the rows upside down. The channels are the last axis."),
            (_mirrored, "That mirrors the columns. The channels are the last axis."),
            (_raw_pixels, "The model has learned with pixels between 0 and 1; these run to 255."),
        ),
    ),
    hints=(
        "A model takes a batch. What shape has a batch with one picture in it?",
        "`picture[np.newaxis]` puts an axis in front; `picture[:, :, ::-1]` turns round the last one.",
        "Scale as in training: float32, divided by 255. The model returns a row for each picture; take row 0.",
    ),
    solution=written(predict_one),
    right=(_other_way,),
    wrong=(
        (_no_batch, "expected shape=(None, 2, 4, 3)"),
        (_batch_at_the_end, "expected shape=(None, 2, 4, 3)"),
        (_blue_first, "blue first"),
        (_upside_down, "upside down"),
        (_mirrored, "mirrors the columns"),
        (_raw_pixels, "between 0 and 1"),
        (_index, "Expected a text (str)"),
        (_name_only, "Expected a tuple of 2 values"),
    ),
)
