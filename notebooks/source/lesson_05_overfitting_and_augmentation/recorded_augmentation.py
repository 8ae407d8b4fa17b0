"""Changed photographs, one kind of change at a time: accuracy on new objects, over several deals of the objects."""

import keras
from keras import layers

from course_utils import datasets, training

TINY = {"images": 30, "epochs": 2, "deals": 1, "judged": 24}


def changes() -> dict[str, list[layers.Layer]]:
    """Name of a change to new layers that make it."""
    flip = [layers.RandomFlip("horizontal")]
    rotate = [layers.RandomRotation(0.05)]
    shift = [layers.RandomTranslation(0.1, 0.1), layers.RandomZoom(0.15)]
    colour = [layers.RandomBrightness(0.2), layers.RandomContrast(0.3)]
    return {
        "as they are": [],
        "flip": flip,
        "rotation": rotate,
        "shift and zoom": shift,
        "brightness and contrast": colour,
        "mixup": [],
        "cutmix": [],
        "the first four together": [*flip, *rotate, *shift, *colour],
    }


def network(first: list[layers.Layer], classes: int) -> keras.Model:
    """Three convolutions and a dense layer behind the layers that change the pictures."""
    model = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            *first,
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.001), "categorical_crossentropy", metrics=["accuracy"])
    return model


def batches(x: object, y: object, name: str) -> object:
    """The training pictures as a tf.data.Dataset, in a new order in each pass; mixed where the name says so."""
    import tensorflow as tf

    pairs = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(50)
    mixer = {"mixup": layers.MixUp(0.2), "cutmix": layers.CutMix()}.get(name)
    if mixer is None:
        return pairs

    def mixed(images: object, labels: object) -> tuple:
        both = mixer({"images": tf.cast(images, "float32"), "labels": labels}, training=True)
        return both["images"], both["labels"]

    return pairs.map(mixed)


def main(images: int = 300, epochs: int = 80, deals: int = 3, judged: int = 600) -> dict:
    """Figures: name of a change to its accuracy on the training and on the validation pictures, one a deal."""
    models = {name: network(first, classes=6) for name, first in changes().items()}
    figures = {name: {"training": [], "validation": []} for name in models}
    for deal in range(deals):
        data = datasets.load(
            "cutouts", train=images, validation=judged, test=6, size=32, split_seed=deal, seed=deal, quiet=True
        )
        y_train, y_validation = (keras.utils.to_categorical(split.y, 6) for split in (data.train, data.validation))
        for name, model in models.items():
            training.reset(model, seed=deal)
            model.fit(batches(data.train.x, y_train, name), epochs=epochs, shuffle=False, verbose=0)
            found = figures[name]
            for part, x, y in (("training", data.train.x, y_train), ("validation", data.validation.x, y_validation)):
                found[part].append(round(float(model.evaluate(x, y, verbose=0)[1]), 4))
            print(deal, name, found["training"][-1], found["validation"][-1], flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(deals)}
