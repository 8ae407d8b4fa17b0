"""One network, one remedy at a time: accuracy on the training pictures and on new ones, over seeds."""

import keras
from keras import layers

from course_utils import datasets, training

TINY = {"images": 60, "held": 40, "epochs": 4, "seeds": 1}
DECAY, SHARE = 0.003, 0.5  # of the penalty on weights, and of the activations that dropout sets to zero


def network(*, decay: float = 0.0, dropout: float = 0.0, normalise: bool = False) -> keras.Model:
    """The lesson's network of 60,954 parameters, with the remedies that live inside it."""
    penalty = keras.regularizers.L2(decay) if decay else None
    stack = [keras.Input((24, 24, 3)), layers.Rescaling(1 / 255)]
    for filters in (24, 48):
        stack.append(layers.Conv2D(filters, 3, kernel_regularizer=penalty))
        if normalise:  # the default momentum, 0.99, is too slow for a short training
            stack.append(layers.BatchNormalization(momentum=0.9))
        stack += [layers.Activation("relu"), layers.MaxPooling2D()]
    stack += [layers.Flatten(), layers.Dropout(dropout)]
    stack += [layers.Dense(64, activation="relu", kernel_regularizer=penalty), layers.Dropout(dropout)]
    model = keras.Sequential([*stack, layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(images: int = 500, held: int = 2000, epochs: int = 40, seeds: int = 3) -> dict:
    """Figures: name of a remedy to the accuracy on training and on new pictures, one a seed, and the epochs run.

    Every run sees images x epochs pictures, early stopping as many as it takes. Half of the validation pictures choose
    the epoch of early stopping; all remedies are judged on the other half.
    """
    data = datasets.load("shapes", train=4 * images, validation=held, test=10, size=24, clutter=0, noise=0)
    x_few, y_few = data.train.x[:images], data.train.y[:images]
    choosing, judging = (
        (data.validation.x[part], data.validation.y[part]) for part in (slice(held // 2), slice(held // 2, None))
    )
    base = network()
    models = {
        "none": base,
        "early stopping": base,
        "weight decay": network(decay=DECAY),
        "dropout": network(dropout=SHARE),
        "batch normalisation": network(normalise=True),
        "four times the pictures": base,
    }
    figures = {name: {"training": [], "new": [], "epochs": []} for name in models}
    for seed in range(seeds):
        for name, model in models.items():
            many, stops = name == "four times the pictures", name == "early stopping"
            x, y = (data.train.x, data.train.y) if many else (x_few, y_few)
            training.reset(model, seed=seed)
            history = model.fit(
                x,
                y,
                batch_size=50,
                epochs=epochs // 4 if many else epochs,
                validation_data=choosing if stops else None,
                callbacks=[keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)] if stops else [],
                verbose=0,
            ).history
            found = figures[name]
            found["epochs"].append(len(history["loss"]))
            for part, (images_of, labels_of) in (("training", (x, y)), ("new", judging)):
                found[part].append(round(float(model.evaluate(images_of, labels_of, verbose=0)[1]), 4))
            print(seed, name, {key: values[-1] for key, values in found.items()}, flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
