"""Who was in the training set? One threshold for all pictures, and a comparison with networks that never saw them."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, training

TINY = {"pictures": 60, "epochs": 1, "networks": 3, "targets": 1}
ALARMS = 0.01  # the share of pictures that were not in the training set and may be accused


def network() -> keras.Model:
    """The medium network of lesson 05, which overfits."""
    model = keras.Sequential(
        [
            keras.Input((24, 24, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(24, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(48, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.002), loss)
    return model


def lead(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The logit of the true class over the others together, log p / (1 - p), for logits (n, classes): (n,)."""
    rows = np.arange(len(labels))
    others = logits.copy()
    others[rows, labels] = -np.inf
    top = others.max(axis=1)
    return logits[rows, labels] - top - np.log(np.exp(others - top[:, None]).sum(axis=1))


def found(scores: np.ndarray, member: np.ndarray) -> dict[str, float]:
    """How well a score tells members from others: the share of pairs in order, and members found at few alarms."""
    inside, outside = scores[member], scores[~member]
    pairs = float(np.mean(inside[:, None] > outside[None]) + np.mean(inside[:, None] == outside[None]) / 2)
    limit = np.quantile(outside, 1 - ALARMS, method="higher")
    return {"pairs": round(pairs, 4), "members found": round(float(np.mean(inside > limit)), 4)}


def main(pictures: int = 1600, epochs: int = 25, networks: int = 12, targets: int = 3) -> dict:
    """Figures: for each way to tell members, its shares, one a network that is attacked.

    Every network learns from a half of the pictures, drawn anew. Each of the first three is attacked in turn, and the
    others, whose halves the attacker knows, say what is usual for each picture (Carlini and others 2022).
    """
    data = datasets.load("shapes", train=pictures, validation=100, test=10, size=24, clutter=0, noise=0)
    x, y = data.train.x, data.train.y
    model, leads, members, right = network(), [], [], []
    for seed in range(networks):
        member = np.isin(np.arange(pictures), np.random.default_rng(seed).permutation(pictures)[: pictures // 2])
        training.reset(model, seed=seed)
        model.fit(x[member], y[member], batch_size=50, epochs=epochs, verbose=0)
        logits = model.predict(x, batch_size=200, verbose=0)
        leads.append(lead(logits, y))
        members.append(member)
        hits = logits.argmax(axis=1) == y
        right.append(
            {"training": round(float(hits[member].mean()), 4), "others": round(float(hits[~member].mean()), 4)}
        )
        print(seed, right[-1], flush=True)
    leads, members = np.array(leads), np.array(members)  # (networks, pictures)
    figures: dict[str, list] = {"one threshold": [], "compared with other networks": []}
    for target in range(targets):
        others = np.arange(networks) != target
        unseen = np.where(members[others], np.nan, leads[others])
        usual = np.nanmean(np.where(np.isnan(unseen).all(axis=0), leads[target], unseen), axis=0)
        figures["one threshold"].append(found(leads[target], members[target]))
        figures["compared with other networks"].append(found(leads[target] - usual, members[target]))
    figures["accuracy"] = right[:targets]
    return {"figures": figures, "data": data.card.label, "seeds": range(networks)}
