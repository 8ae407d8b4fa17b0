"""What one byte a weight costs: float32 and int8 of the same classifier, on the same new photographs.

The classifiers are the ImageNet network with a layer of their own, trained on its features: twelve kinds of flowers
(`flowers12.tar` in the data home), and the six kinds of `cutouts`. Each start has another head and other representative
photographs, all of them from training.
"""

import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from course_utils import datasets, models, paths, startup

TINY = {"tasks": "cutouts", "photographs_of_cutouts": 24, "held": 12, "passes": 1, "seeds": 1, "shown": 2, "size": 96}
SAMPLES = 4000  # of the intervals


def photographs(task: str, count: int, held: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training photographs and labels, at most so many, and those that are held back, (n, size, size, 3) as bytes."""
    if task == "cutouts":
        data = datasets.load(task, train=count, validation=6, test=held, size=size, quiet=True)
    else:
        data = datasets.load(f"folder:{paths.data_home() / 'flowers12'}.tar", size=size, quiet=True)
    return data.train.x, data.train.y, data.test.x, data.test.y


def as_int8(model: keras.Model, shown: np.ndarray) -> bytes:
    """The LiteRT file of the model, its weights and sums in whole numbers; ranges are taken from the photographs."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "int8.tflite"
        model.export(
            file,
            format="litert",
            verbose=False,
            optimizations=[tf.lite.Optimize.DEFAULT],
            representative_dataset=lambda: ([photo[np.newaxis].astype("float32")] for photo in shown),
        )
        return file.read_bytes()


def answers(content: bytes, pictures: np.ndarray) -> np.ndarray:
    """The class that a LiteRT file gives to each picture, (n,)."""
    runner = tf.lite.Interpreter(model_content=content, num_threads=1)
    runner.allocate_tensors()
    source, result = runner.get_input_details()[0]["index"], runner.get_output_details()[0]["index"]
    found = []
    for picture in pictures:
        runner.set_tensor(source, picture[np.newaxis].astype("float32"))
        runner.invoke()
        found.append(int(runner.get_tensor(result).argmax()))
    return np.array(found)


def loss_in_points(float_right: np.ndarray, int8_right: np.ndarray) -> list[float]:
    """How many points int8 loses on the same photographs, with the 95 % interval over photographs."""
    lost = float_right.astype(float) - int8_right
    picks = np.random.default_rng(0).integers(0, len(lost), (SAMPLES, len(lost)))
    ends = np.quantile(lost[picks].mean(axis=1), (0.025, 0.975))
    return [round(100 * float(value), 2) for value in (lost.mean(), *ends)]


def main(
    tasks: str = "flowers cutouts",
    photographs_of_cutouts: int = 300,
    held: int = 300,
    passes: int = 40,
    seeds: int = 3,
    shown: int = 60,
    size: int = 224,
) -> dict:
    """Figures: for each task, one entry a start: accuracies, points lost with their interval, answers that differ."""
    network = models.imagenet(size, include_top=False, pooling="avg")
    figures: dict[str, dict] = {}
    for task in tasks.split():
        x, y, x_new, y_new = photographs(task, photographs_of_cutouts, held, size)
        features, new_features = (network.predict(some, verbose=0) for some in (x, x_new))
        found: dict[str, list] = {"float32": [], "int8": [], "lost": [], "other answers": []}
        for seed in range(seeds):
            keras.utils.set_random_seed(seed)
            head = keras.layers.Dense(int(y.max()) + 1, activation="softmax")
            probe = keras.Sequential([keras.Input((features.shape[1],)), head])
            probe.compile("adam", "sparse_categorical_crossentropy")
            probe.fit(features, y, epochs=passes, verbose=0)
            whole = keras.Model(network.input, head(network.output))
            picked = np.random.default_rng(seed).choice(len(x), shown, replace=False)
            with startup.messages_aside():
                said_by_int8 = answers(as_int8(whole, x[picked]), x_new)
            said = probe.predict(new_features, verbose=0).argmax(axis=1)
            found["float32"].append(round(float(np.mean(said == y_new)), 4))
            found["int8"].append(round(float(np.mean(said_by_int8 == y_new)), 4))
            found["lost"].append(loss_in_points(said == y_new, said_by_int8 == y_new))
            found["other answers"].append(int(np.sum(said != said_by_int8)))
            print(task, seed, {what: values[-1] for what, values in found.items()}, flush=True)
        figures[task] = found | {"new photographs": len(y_new)}
    return {
        "figures": figures,
        "data": "12 kinds of Oxford Flowers; cutouts" if "flowers" in tasks else tasks,
        "seeds": range(seeds),
    }
