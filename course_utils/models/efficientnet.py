"""A network trained on ImageNet that comes with the course: EfficientNet-Lite0."""

import csv
import re
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import keras
import numpy as np
from keras import layers
from PIL import Image, ImageOps

from course_utils import paths

__all__ = ["imagenet", "imagenet_names", "prepare", "top"]

SMALLEST, LARGEST = 96, 320  # pixels: below, five halvings leave no map worth the name; above, a laptop waits
# kernel, stride, expansion, channels of each stage (Tan and Le 2019, table 1), and how often Lite0 repeats its block
STAGES = (
    (3, 1, 1, 16),
    (3, 2, 6, 24),
    (5, 2, 6, 40),
    (3, 2, 6, 80),
    (5, 1, 6, 112),
    (5, 2, 6, 192),
    (3, 1, 6, 320),
)
REPEATS = (1, 2, 2, 3, 3, 4, 1)
STORED = "efficientnet_lite0.npz"


def imagenet(
    size: int = 224, *, weights: str | Path | None = "imagenet", include_top: bool = True, pooling: str | None = None
) -> keras.Model:
    """EfficientNet-Lite0, trained on the 1,000 classes of ImageNet; nothing is downloaded.

    It takes a batch of pictures, shape (batch, size, size, 3), pixels 0 to 255 as bytes or floats, and prepares them
    itself. `prepare` cuts a photograph of any size to such a batch; `top` names the answers:

        network = models.imagenet()
        models.top(network.predict(models.prepare(photo)))

    The arguments are those of `keras.applications`, and so are the habits: the model is not compiled,
    `network.trainable = False` freezes it, and `network(x, training=False)` keeps batch normalisation in inference
    mode whatever is trainable. It consists of Keras's own layers, so `network.save("imagenet.keras")` writes a file
    that opens wherever Keras is, without this course.

    Layers to reach by `network.get_layer(name).output`: "features" (1,280 numbers a picture), "logits",
    "probabilities", "last_maps" (the maps before they are averaged, a 32nd of the size), "stem", and for every block
    "stage3_block2_expand", "stage3_block2_depthwise", "stage3_block2_project" (convolutions), the same with "_norm" and
    "_relu", and "stage3_block2_output".

    Keras has larger networks, for those with a network connection: `keras.applications.EfficientNetV2B0()` downloads
    its weights at the first call. To use one offline, let a connected machine write
    `keras.applications.EfficientNetV2B0().save("b0.keras")`, carry the file over, and open it with
    `keras.models.load_model("b0.keras")`: unlike a file of weights alone, it brings the preprocessing along.
    `keras.applications.*.decode_predictions` downloads a list of names; `top` names the same 1,000 classes without.

    Args:
        size: side of the pictures in pixels, 96 to 320; the network was trained at 224.
        weights: "imagenet"; None for random weights; or a file written by data/imagenet/convert.py, whose number of
            blocks the network takes over.
        include_top: whether the output is the 1,000 probabilities, shape (batch, 1000).
        pooling: the output without the top: None for the last maps, (batch, side, side, 1280); "avg" or "max" for
            1,280 features, (batch, 1280).

    Raises:
        ValueError: an argument is not possible, or the file holds no weights of this network.
        FileNotFoundError: there is no such file.

    Source: Tan and Le, EfficientNet, 2019; Liu, Higher accuracy on vision models with EfficientNet-Lite, 2020: without
    squeeze-and-excitation and with ReLU6. The weights' origin and licence: data/README.md.
    """
    _check(size, weights, include_top, pooling)
    stored = None if weights is None else _read(_file(STORED) if weights == "imagenet" else Path(weights))
    images = keras.Input((size, size, 3), name="images")
    x = layers.Rescaling(1 / 128, offset=-127 / 128, name="rescaling")(images)
    x = _convolution(x, layers.Conv2D(32, 3, 2, padding="same", use_bias=False, name="stem"), relu="stem_relu")
    repeats = REPEATS if stored is None else _repeats(stored)
    for stage, ((kernel, stride, expansion, channels), blocks) in enumerate(zip(STAGES, repeats, strict=True), start=1):
        for block in range(1, blocks + 1):
            x = _block(x, f"stage{stage}_block{block}", kernel, stride if block == 1 else 1, expansion, channels)
    head = layers.Conv2D(1280, 1, use_bias=False, name="head")
    x = _convolution(x, head, relu="last_maps")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="features")(x)
        x = layers.Dropout(0.2, name="dropout")(x)
        x = layers.Dense(1000, dtype="float32", name="logits")(x)
        x = layers.Softmax(dtype="float32", name="probabilities")(x)
    elif pooling:
        pool = {"avg": layers.GlobalAveragePooling2D, "max": layers.GlobalMaxPooling2D}[pooling]
        x = pool(name="features")(x)
    network = keras.Model(images, x, name="imagenet")
    if stored is not None:
        _set_weights(network, stored)
    return network


@cache
def imagenet_names() -> tuple[str, ...]:
    """The names of the 1,000 classes, in the order of the network's outputs: names[285] is "Egyptian cat".

    Source: WordNet 3.0; data/imagenet/classes.csv has the WordNet number of each beside its name.
    """
    with _file("classes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["name"] for row in csv.DictReader(file))


def top(probabilities: np.ndarray, k: int = 5) -> list:
    """The k most probable classes with their names.

    Args:
        probabilities: one picture's, shape (1000,), or those of several, (n, 1000).
        k: how many classes.

    Returns:
        For one picture a list of (name, probability), the most probable first; for several a list of such lists.
    """
    probabilities = np.asarray(probabilities)
    names = imagenet_names()
    if probabilities.ndim not in (1, 2) or probabilities.shape[-1] != len(names):
        raise ValueError(f"Expected probabilities of shape (1000,) or (n, 1000). Received: {probabilities.shape}.")
    if probabilities.ndim == 2:
        return [top(row, k) for row in probabilities]
    order = np.argsort(-probabilities, kind="stable")[:k]
    return [(names[label], float(probabilities[label])) for label in order]


def prepare(photos: np.ndarray | Sequence[np.ndarray], size: int = 224) -> np.ndarray:
    """Cut photographs to the largest square in their middle and resize them: a batch for the network.

    Args:
        photos: one photograph, uint8 (height, width, 3), grey (height, width) too; or several, in a list or
            as uint8 (n, height, width, 3).
        size: side of the pictures in pixels.

    Returns:
        uint8, shape (n, size, size, 3); n is 1 for one photograph.

    Raises:
        ValueError: a photograph is not what it should be.
    """
    one = isinstance(photos, np.ndarray) and photos.ndim in (2, 3)
    return np.stack([_square(np.asarray(photo), size) for photo in ([photos] if one else photos)])


def _square(photo: np.ndarray, size: int) -> np.ndarray:
    grey = photo.ndim == 2 or (photo.ndim == 3 and photo.shape[2] == 1)
    if photo.dtype != np.uint8 or not (grey or (photo.ndim == 3 and photo.shape[2] == 3)) or 0 in photo.shape:
        raise ValueError(
            "Expected photographs as bytes 0 to 255, uint8 (height, width, 3). "
            f"Received: {photo.dtype} {photo.shape}. Convert them first."
        )
    image = Image.fromarray(photo.reshape(photo.shape[:2]) if grey else photo).convert("RGB")
    return np.array(ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS))


def _check(size: int, weights: str | Path | None, include_top: bool, pooling: str | None) -> None:
    whole = isinstance(size, (int, np.integer)) and not isinstance(size, bool)
    if not (whole and SMALLEST <= size <= LARGEST):
        raise ValueError(f"size is a whole number of pixels from {SMALLEST} to {LARGEST}. Received: {size!r}.")
    if not isinstance(weights, str | Path | None):
        raise ValueError(f"weights is 'imagenet', None or the path of a file. Received: {weights!r}.")
    if pooling not in (None, "avg", "max"):
        raise ValueError(f"pooling is None, 'avg' or 'max'. Received: {pooling!r}.")
    if include_top and pooling:
        raise ValueError(f"pooling is for include_top=False only. Received: {pooling!r}. Add include_top=False.")


def _convolution(x: keras.KerasTensor, convolution: layers.Layer, relu: str | None) -> keras.KerasTensor:
    """A convolution and its batch normalisation, and ReLU6 where it is followed by one."""
    x = convolution(x)
    x = layers.BatchNormalization(name=f"{convolution.name}_norm")(x)  # epsilon 0.001, Keras's own default
    return layers.ReLU(6.0, name=relu)(x) if relu else x


def _block(
    x: keras.KerasTensor, name: str, kernel: int, stride: int, expansion: int, channels: int
) -> keras.KerasTensor:
    """An inverted residual block: more channels, a filter for each of them, fewer channels (Sandler et al. 2018)."""
    start, inside = x, x.shape[-1] * expansion
    if expansion > 1:
        expand = layers.Conv2D(inside, 1, use_bias=False, name=f"{name}_expand")
        x = _convolution(x, expand, relu=f"{name}_expand_relu")
    depthwise = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise")
    x = _convolution(x, depthwise, relu=f"{name}_depthwise_relu")
    x = _convolution(x, layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_project"), relu=None)
    if stride == 1 and start.shape[-1] == channels:
        return layers.Add(name=f"{name}_output")([start, x])
    return layers.Identity(name=f"{name}_output")(x)


def _file(name: str) -> Path:
    return paths.data_folder() / "imagenet" / name


def _read(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file of weights, "layer/weight" -> array; nothing is unpickled."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there. Get the course's files again, or check the path.")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError, TypeError, zipfile.BadZipFile) as error:  # TypeError: one array, not several
        raise ValueError(f"{path} holds no readable weights ({type(error).__name__}). Get the file again.") from error


def _repeats(stored: Iterable[str]) -> tuple[int, ...]:
    """How often each stage's block is repeated, going by the names of the weights."""
    found = [0] * len(STAGES)
    for stage, block in re.findall(r"stage(\d)_block(\d+)_project/", " ".join(stored)):
        found[int(stage) - 1] = max(found[int(stage) - 1], int(block))
    return tuple(found)


def _set_weights(network: keras.Model, stored: dict[str, np.ndarray]) -> None:
    for layer in network.layers:
        try:
            layer.set_weights([stored[f"{layer.name}/{weight.name}"] for weight in layer.weights])
        except (KeyError, ValueError) as error:
            raise ValueError(f"The file of weights does not fit: {layer.name} differs. Get the file again.") from error
