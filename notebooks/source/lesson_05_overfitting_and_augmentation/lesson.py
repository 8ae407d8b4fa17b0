# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["slide"]
# # Overfitting and augmentation
#
# A network can know its training pictures by heart and still be a poor classifier. In this lesson you make that
# happen, and try what people do against it: another size, regularisation, changed pictures, more pictures. Then come
# uneven classes, wrong labels and, at the end, photographs. Each remedy stands beside the same baseline, sees equally
# many pictures, and runs from three seeds.
#
# **After this notebook you can**
#
# - *recognise* overfitting in curves, and *choose* the epoch to keep;
# - *write* augmentations, mixup and cutmix among them, and *predict* which of them change the class;
# - *compare* remedies at an equal budget, over seeds, with their spread;
# - *judge* a classifier on uneven classes, and *apply* three remedies;
# - *say* what wrong labels do to a network, and when.
#
# **What to know first:** lesson 04. Lesson 03 explains the layers.
#
# **Minutes:** to run, 1 in the smoke profile, 2 in quick, 45 in full. To study, 100; to teach, 120.

# %%
import time

import numpy as np

from course_utils import startup

startup.load_keras()

# %%
import keras
import tensorflow as tf
from keras import layers

from course_utils import claims, datasets, exercises, metrics, models, plots
from course_utils import profiles, progress, quizzes, recorded, training

# %% [markdown]
# The parameters, and below them the budget of every run: how many pictures it is shown.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of three seeds

# %%
keras.utils.set_random_seed(seed)
claims.begin("05", profile=profile, defaults=seed == 0)
seeds = [seed + k for k in range(profiles.choose(profile, smoke=1, quick=3, full=3))]
budget = profiles.choose(profile, smoke=500, quick=8_000, full=8_000)  # pictures
one_hot = np.eye(10, dtype="float32")  # row k is the target of class k

# %% [markdown] tags=["slide"]
# ## Overfitting, made to happen
#
# Five hundred pictures are few. We draw `shapes` small, without clutter and noise, so that a network learns something
# from them in a second or two. The two arrows are mirror images of each other; remember them.

# %% tags=["slide"]
plain = {"size": 20, "clutter": 0, "noise": 0, "seed": 12}  # knobs of the generator
data = datasets.load("shapes", train=2000, validation=1000, test=1000, **plain)
x_few, y_few = data.train.x[:500], data.train.y[:500]
names = [name.replace("_", " ") for name in data.class_names]
titles = [names[label] for label in y_few[:20]]
plots.image_grid(x_few[:20], titles, caption="Twenty of them, 20 by 20 pixels.")

# %% [markdown]
# The network is built like program C of lesson 04, three convolutions and a dense layer, and thinner. Three remedies,
# explained later, can be switched on inside it.


# %%
def network(widths=(12, 24, 24), size=20, decay=0.0, dropout=0.0, normalise=False):
    model = keras.Sequential([keras.Input((size, size, 3))])
    model.add(layers.Rescaling(1 / 127.5, offset=-1))
    penalty = keras.regularizers.L2(decay) if decay else None
    for number, width in enumerate(widths):
        if number > 0:
            model.add(layers.MaxPooling2D(2))
        model.add(layers.Conv2D(width, 3, padding="same", kernel_regularizer=penalty))
        if normalise:  # the default momentum, 0.99, is too slow for a short training
            model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.Activation("relu"))
    model.add(layers.Flatten())
    model.add(layers.Dropout(dropout))
    model.add(layers.Dense(64, activation="relu", kernel_regularizer=penalty))
    model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10, activation="softmax"))
    return model


def compiled(model, learning_rate=0.003):
    model.compile(
        keras.optimizers.Adam(learning_rate), "categorical_crossentropy",
        metrics=["accuracy"], steps_per_execution=10,  # ten batches a call: less overhead
    )  # fmt: skip
    return model


def answers(model, images):  # the classes with the largest probability
    parts = np.array_split(images, len(images) // 500 + 1)
    return np.concatenate([np.argmax(model(part), axis=1) for part in parts])


def accuracy(model, images, labels):
    return float(np.mean(answers(model, images) == labels))


# %% [markdown] tags=["slide"]
# A trap first: once seeded, `fit` in Keras 3.15 on TensorFlow repeats one order of the pictures in every epoch. So
# `reshuffled` draws new ones.
#
# *Predict first.* While the network learns 500 pictures by heart, the validation loss will turn and rise. What does the
# validation *accuracy* do after that turn: (a) it falls as well, (b) it stays level, (c) it still rises a little?


# %% tags=["slide"]
def reshuffled(images, labels, seed):  # in another order in each epoch
    pairs = tf.data.Dataset.from_tensor_slices((images, one_hot[labels]))
    return pairs.shuffle(len(images), seed=seed).batch(50)


base, histories, fits = compiled(network()), [], []
said, kept = {"as they are": []}, {"as they are": []}  # answers and weights
for current in seeds:
    training.reset(base, seed=current)
    run = base.fit(
        reshuffled(x_few, y_few, current), shuffle=False, epochs=budget // 500, verbose=0,
        validation_data=(data.validation.x, one_hot[data.validation.y]), validation_batch_size=50,
    )  # fmt: skip
    histories.append(run.history)
    fits.append(accuracy(base, x_few, y_few))
    said["as they are"].append(answers(base, data.validation.x))
    kept["as they are"].append(base.get_weights())
baseline = [float(np.mean(row == data.validation.y)) for row in said["as they are"]]
lowest = [int(np.argmin(run["val_loss"])) for run in histories]
there = [run["val_accuracy"][n] for run, n in zip(histories, lowest, strict=True)]
print("lowest validation loss after epoch", [epoch + 1 for epoch in lowest])
claims.claim("05.c1", "At the end accuracy is at least 25 points higher on the training pictures than on others.",
             measured=np.subtract(fits, baseline), at_least=0.25)  # fmt: skip
change = np.subtract(baseline, there)
print("accuracy at the end minus accuracy there:", np.round(change, 3))
claims.claim("05.c2", "On average the accuracy at the end is at most 4 points below that of the epoch with the lowest loss.",
             measured=[change.mean()], at_least=-0.04)  # fmt: skip
plots.learning_curves(histories[0], caption="The first of three runs. Compare loss and accuracy.")  # fmt: skip

# %% [markdown]
# *What you see.* **Overfitting**: the training accuracy goes towards 1, and the validation accuracy is left far
# behind. The validation loss turns and rises, yet on average the accuracy does not fall. The loss punishes a mistake
# the more, the surer the network was of it; accuracy counts a mistake once. The network gets surer of its mistakes,
# not wrong more often. What to stop by depends on what you need: probabilities or answers. It is a mean: in one of
# our trial runs, on other pictures, the accuracy fell.

# %% [markdown]
# **Early stopping** means to end the training when the validation loss has not improved for a number of epochs, the
# *patience*, and to keep the weights of the best epoch.


# %%
def stopped_early(model, images, labels, split, seed, total=budget):
    training.reset(model, seed=seed)
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    run = model.fit(
        reshuffled(images, labels, seed), shuffle=False, epochs=total // len(images),
        validation_data=(split.x, one_hot[split.y]), validation_batch_size=50,
        callbacks=[stop], verbose=0,
    )  # fmt: skip
    return len(run.history["loss"])


scores, epochs_run = {"as they are": baseline, "early stopping": []}, []
for current in seeds:
    epochs_run.append(stopped_early(base, x_few, y_few, data.validation, current))
    right = accuracy(base, data.validation.x, data.validation.y)
    scores["early stopping"].append(right)
print("epochs run:", epochs_run, "of", budget // 500)
claims.claim("05.c3", "Early stopping gains on average at most 3 points of accuracy here.",
             measured=[np.mean(scores["early stopping"]) - np.mean(baseline)], at_most=0.03)  # fmt: skip

# %% [markdown]
# *What you see.* It saves some epochs and keeps the one with the lowest loss so far; accuracy it does not gain here,
# since that still rose. The pictures that chose the epoch also judge it, which flatters it a little.
#
# *Exercise 05.1: early stopping by hand.* The cell holds the validation losses that a run of ten epochs would have.
# Early stopping has a patience of 3. Set `kept_and_stopped` to a pair: the epoch whose weights are kept, and the last
# epoch that is run. Epochs are counted from 1. *Example of an answer:* `(2, 4)`.

# %% tags=["exercise"]
validation_loss = [1.60, 1.31, 1.12, 1.15, 1.09, 1.14, 1.10, 1.21, 1.05, 1.30]
kept_and_stopped = ...
exercises.check("05.1", kept_and_stopped)

# %% [markdown] tags=["slide"]
# ## A fair comparison, and a first question for it
#
# From here on, unless we say otherwise, every run is shown the same number of pictures, `budget`. A *transform* takes
# pictures and targets and gives others; it is applied anew in every pass. Your program would begin with random
# layers; we make the changed pictures, or views, beforehand, so that one compiled model serves them all.


# %%
def unchanged(images, targets, rng):
    return images, targets


def train(
    model, images, labels, seed, transform=unchanged, weights=None, total=budget, batch=50
):  # fmt: skip
    training.reset(model, seed=seed)
    rng = np.random.default_rng(seed)
    weights = np.ones(len(images), "float32") if weights is None else weights
    passes, views = max(1, total // len(images)), []
    for number in range(1, passes + 1):
        order = rng.permutation(len(images))
        changed = transform(images[order], one_hot[labels[order]], rng)
        views.append((*changed, weights[order]))
        if len(views) * len(images) >= 40_000 or number == passes:  # memory is finite
            x, y, w = (np.concatenate(part) for part in zip(*views, strict=True))
            model.fit(x, y, sample_weight=w, batch_size=batch, shuffle=False, verbose=0)
            views = []


def tested(
    model, images, labels, transform=unchanged, total=budget, judge=None, batch=50
):  # fmt: skip
    split, accuracies = judge or data.validation, []
    for s in seeds:
        train(model, images, labels, s, transform, None, total, batch)
        accuracies.append(accuracy(model, split.x, split.y))
    return accuracies


# %% [markdown]
# The **capacity** of a network is what it could represent; it grows with its width. Should you take a smaller one
# against overfitting? Or a larger one, as one often hears? Twice the width means more than three times the
# multiply-adds in the convolutions. So the wide network gets a third of the passes: about equal work.

# %% tags=["slide"]
sizes = {"4-8-8": ((4, 8, 8), budget), "24-48-48, a third": ((24, 48, 48), budget // 3)}
capacity = {"12-24-24, training": fits, "12-24-24, validation": baseline}
for name, (widths, total) in sizes.items():
    model, of_training, of_others = compiled(network(widths)), [], []
    for current in seeds:
        train(model, x_few, y_few, current, total=total)
        of_training.append(accuracy(model, x_few, y_few))
        of_others.append(accuracy(model, data.validation.x, data.validation.y))
    capacity |= {f"{name}, training": of_training, f"{name}, validation": of_others}
narrow, wide = (f"{name}, validation" for name in sizes)
claims.claim("05.c4", "The narrow network is on average less accurate, in spite of its smaller gap.",
             measured=[np.mean(baseline) - np.mean(capacity[narrow])], at_least=0)  # fmt: skip
claims.claim("05.c5", "At about equal work the wide network gains on average at most 4 points.",
             measured=[np.mean(capacity[wide]) - np.mean(baseline)], at_most=0.04)  # fmt: skip
plots.comparison(capacity, chance=0.1, caption="Three widths. Between training and validation lies the gap.")  # fmt: skip

# %% [markdown] tags=["slide"]
# *What you see.* The narrow network has a smaller gap and a lower validation accuracy than the middle one: a small gap
# is not the aim. The wide one does not get far: five passes are too few for it even to learn the training pictures.
#
# > **Often said, not so:** *a deeper, wider network is more accurate.* Not the wider one at equal work, here. With as
# > many passes as the others it may be; a table further down grants them. Lesson 13 compares architectures at equal
# > time.

# %% [markdown] tags=["slide"]
# ## Changed pictures: x' = T(x)
#
# **Augmentation** shows changed pictures T(x) with the label of x. Keras has layers for the usual changes; `through`
# makes a transform of one. Others are written out. To *crop* is to cut a part out of a picture; we first widen each
# picture at its border, by reflection, so that the part has the old size. The colours of our shapes mean nothing: to
# say so, we permute the channels and turn half of the pictures into negatives.


# %%
def through(layer):
    def transform(images, targets, rng):
        parts = np.array_split(images.astype("float32"), len(images) // 1000 + 1)
        changed = np.concatenate([layer(part, training=True) for part in parts])
        return np.clip(changed, 0, 255).astype("uint8"), targets

    return transform


rotate = through(layers.RandomRotation(0.05, fill_mode="reflect"))  # of a whole turn


def crop(images, targets, rng, margin=2):
    height, width = images.shape[1:3]
    border = ((0, 0), (margin, margin), (margin, margin), (0, 0))
    wider = np.pad(images, border, mode="reflect")
    places = rng.integers(0, 2 * margin + 1, (len(images), 2))
    cut = [wider[k, i : i + height, j : j + width] for k, (i, j) in enumerate(places)]
    return np.stack(cut), targets


def flip(images, targets, rng):
    chosen = rng.random(len(images)) < 0.5
    return np.where(chosen[:, None, None, None], images[:, :, ::-1], images), targets


def colour(images, targets, rng):
    changed = np.stack([image[..., rng.permutation(3)] for image in images])
    negative = rng.random(len(images)) < 0.5
    changed[negative] = 255 - changed[negative]
    return changed, targets


# %% [markdown]
# **Mixup** (Zhang and others, 2018) blends two pictures and their targets in the same proportion, drawn so that one
# of the two mostly prevails. **CutMix** (Yun and others, 2019) pastes a patch of one picture into another, here a
# square of fixed size; the targets are mixed by area.


# %%
def mixup(images, targets, rng, strength=0.2):
    other = rng.permutation(len(images))
    share = rng.beta(strength, strength, (len(images), 1)).astype("float32")
    a = share[:, :, None, None]  # (n, 1, 1, 1)
    blend = a * images + (1 - a) * images[other]
    return blend.astype("uint8"), share * targets + (1 - share) * targets[other]


def cutmix(images, targets, rng, side=8):
    other, size = rng.permutation(len(images)), images.shape[1]
    corners = rng.integers(0, size - side + 1, (len(images), 2))
    changed = images.copy()
    for i, (row, column) in enumerate(corners):
        place = (slice(row, row + side), slice(column, column + side))
        changed[i][place] = images[other[i]][place]
    share = 1 - side**2 / size**2
    return changed, share * targets + (1 - share) * targets[other]


# %% [markdown]
# Every row but the last is one transformation, growing to the right. The runs below use crop 2, turns of up to 0.05,
# and cutmix 8.

# %% tags=["slide"]
one, other = data.train.x[[14, 2]]
two, targets = data.train.x[[14, 2]], one_hot[data.train.y[[14, 2]]]
rows, rng = [], np.random.default_rng(seed)
for margin in (0, 2, 4, 6, 8):
    rows.append((f"crop {margin}", crop(two, targets, rng, margin)[0][0]))
for v in (0, 0.05, 0.1, 0.25, 0.5):
    layer = layers.RandomRotation((v, v), fill_mode="reflect")
    rows.append((f"rotate {v}", through(layer)(two, targets, rng)[0][0]))
for v in (0, 0.2, 0.4, 0.6, 0.8):
    rows.append(
        (f"mixup {1 - v:.1f} : {v}", ((1 - v) * one + v * other).astype("uint8"))
    )
for side in (0, 4, 8, 12, 16):
    mixed, place = one.copy(), slice(10 - side // 2, 10 + side // 2)
    mixed[place, place] = other[place, place]
    rows.append((f"cutmix {side}", mixed))
for number in range(4):
    rows.append((f"colour {number + 1}", colour(two, targets, rng)[0][0]))
rows.append(("flip", one[:, ::-1]))
titles, images = zip(*rows, strict=True)
plots.image_grid(
    np.stack(images), titles, columns=5, size=1.2,
    caption="One picture, changed ever more. When would you give it another name?",
)  # fmt: skip

# %% [markdown] tags=["slide"]
# *Predict first.* All runs see equally many pictures. Which change will help most on `shapes`, and which will do harm:
# crop, rotate, colour, flip, mixup or cutmix?


# %% tags=["slide"]
def flip_and_rename(images, targets, rng):
    partner = [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]  # arrow left and arrow right change places
    chosen = rng.random(len(images)) < 0.5
    images = np.where(chosen[:, None, None, None], images[:, :, ::-1], images)
    return images, np.where(chosen[:, None], targets[:, partner], targets)


transforms = {
    "crop": crop, "rotate": rotate, "colour": colour, "flip": flip,
    "flip and rename": flip_and_rename, "mixup": mixup, "cutmix": cutmix,
}  # fmt: skip
for name, transform in transforms.items():
    said[name], kept[name] = [], []
    for current in seeds:
        train(base, x_few, y_few, current, transform)
        said[name].append(answers(base, data.validation.x))
        kept[name].append(base.get_weights())
for name, runs in said.items():
    scores[name] = [float(np.mean(row == data.validation.y)) for row in runs]
claims.claim(
    "05.c6", "Cutmix costs on average at least 4 points of accuracy here.",
    measured=[np.mean(baseline) - np.mean(scores["cutmix"])], at_least=0.04,
)  # fmt: skip
plots.comparison(
    scores,
    label="validation accuracy",
    caption="The same network, the same number of pictures seen.",
)

# %% [markdown]
# *What you see.* Here flip and rename leads; it tells the network something true that 500 pictures leave open.
# Started from seed 20 or 40, as we did once each, the colour change leads: three seeds do not settle the order at the
# top. All three sets agree that crop, rotation and the plain flip do not help, the first two likely because the
# generator places and turns its shapes at random already. Cutmix costs most, likely because the patch often hides a
# small shape.
#
# Changing one thing at a time, all else equal, is an **ablation**. Here it shows two flips with opposite effects.
# Why? Look at each class.

# %% tags=["slide"]
by_class, arrows, is_arrow = {}, {}, data.validation.y >= 8
for name in ("as they are", "flip", "flip and rename"):
    table = [
        metrics.per_class_recall(data.validation.y, row, classes=10)
        for row in said[name]
    ]
    by_class[name] = np.mean(table, axis=0)
    arrows[name] = [
        np.mean(row[is_arrow] == data.validation.y[is_arrow]) for row in said[name]
    ]
claims.claim(
    "05.c7", "On average flip and rename finds at least 6 points more of the arrows than the flip alone.",
    measured=[np.mean(arrows["flip and rename"]) - np.mean(arrows["flip"])], at_least=0.06,
)  # fmt: skip
plots.per_class_scores(
    by_class,
    names,
    caption="Recall of each class, mean of three runs. Look at the arrows.",
)

# %% [markdown] tags=["slide"]
# *What you see.* The flip alone shows every arrow under both names: about its direction the network is left to guess.
# Flip *and* rename, and the same change is true again: T may act on the label as well. Other classes move too; why,
# three runs do not say.
#
# > **Often said, not so:** *flips are always safe.* A transform is a statement about the task: this change does not
# > alter the class. Where the statement is false, augmentation teaches the mistake.

# %% [markdown]
# *Exercise 05.2: mirror and rename.* Write `mirror(images, labels, partner)`. `images` has the shape
# `(n, height, width, channels)`, `labels` `(n,)`. Mirror every picture left to right, and give it the label
# `partner[label]`. Return both. *Example:* with `partner = [0, 2, 1]` the labels `[2, 0, 1]` become `[1, 0, 2]`.


# %% tags=["exercise"]
def mirror(images, labels, partner):
    # your lines in the place of the dots
    ...


exercises.check("05.2", mirror)

# %% [markdown]
# *Exercise 05.3: the target of a cutmix picture.* A patch, 16 pixels high and 8 wide, is cut from a picture of class 4
# and pasted into a picture of class 7. Both are 32 by 32 by 3. Compute `cutmix_share`, the target value of class 4.
# *Example:* a patch that covers half the picture gives 0.5.

# %% tags=["exercise"]
cutmix_share = ...
exercises.check("05.3", cutmix_share)

# %% [markdown]
# *Exercise 05.4: mixup.* Write `blend(images, targets, other, share)` for floating-point images `(n, height, width,
# channels)` and targets `(n, classes)`. Picture number i is blended with picture `other[i]`; its own part is `share`, a
# number. Return the blended images and targets. *Example:* with `share = 0.7`, a pixel of 10 blended with one of 20
# becomes 13.


# %% tags=["exercise"]
def blend(images, targets, other, share):
    # your lines in the place of the dots
    ...


exercises.check("05.4", blend)

# %% [markdown]
# *Exercise 05.5: safe or not.* Give each task in the cell one of three verdicts: `"safe"`, `"safe if renamed"` (the
# changed picture is a good example of another class), or `"destroys the class"`.

# %% tags=["exercise"]
verdicts = {
    "digits 0 to 9, turned by 180 degrees": ..., "left and right shoes, mirrored": ...,
    "cells under a microscope, mirrored": ..., "ripe and unripe tomatoes, channels permuted at random": ...,
    "street scenes: day or night, shifted by 10 %": ...,
}  # fmt: skip
exercises.check("05.5", verdicts)

# %% [markdown] tags=["slide"]
# ## Remedies inside the network
#
# **Regularisation** is whatever makes a network fit its training pictures less closely so that it does better on
# others. Three classics: **L2 regularisation** adds the sum of squared weights, times a small number, to the loss
# (with plain gradient descent, though not with Adam, the same as **weight decay**, its usual name and ours);
# **dropout** sets a random share of activations to zero while training; **batch normalisation** brings every channel
# to mean 0 and deviation 1 within the batch, then to learned ones, so that its scale wobbles a little from batch to
# batch. After training, running means stand in.

# %% tags=["slide"]
inside = {"weight decay": {"decay": 0.002}, "dropout": {"dropout": 0.3}}
inside |= {"batch normalisation": {"normalise": True}}
for name, settings in inside.items():
    scores[name] = tested(compiled(network(**settings)), x_few, y_few)
best_first = dict(sorted(scores.items(), key=lambda item: -np.mean(item[1])))
plots.comparison(best_first, label="validation accuracy", caption="All remedies so far, from best to worst.")  # fmt: skip

# %% [markdown]
# *What you see.* Compare each distance from *as they are* with the spread of the seeds: only the largest stand out.
# The strengths were not tuned. The order belongs to this task, this budget and these seeds.
#
# To see that, the full profile gives the whole table another task: 1,000 pictures of clothes from Fashion-MNIST, ten
# passes. New are half and twice the width, and four times the pictures.

# %%
remedies = {n: ({}, t) for n, t in transforms.items() if n != "flip and rename"}
remedies |= {name: (settings, unchanged) for name, settings in inside.items()}
for name, width in {"half the width": 6, "twice the width": 24}.items():
    remedies[name] = ({"widths": (width, 2 * width, 2 * width)}, unchanged)
if profile == "full":
    clothes = datasets.load("fashion_mnist", train=4000, validation=4000, seed=11)
    x, y = np.repeat(clothes.train.x, 3, axis=-1), clothes.train.y  # grey, three times
    x_v, y_v = np.repeat(clothes.validation.x, 3, axis=-1), clothes.validation.y
    choose = datasets.Split(x_v[:1000], y_v[:1000])  # early stopping looks here
    judge = datasets.Split(x_v[1000:], y_v[1000:])
    simple, total = compiled(network(size=28)), 10_000
    remedies["as they are"] = ({}, unchanged)
    table = {"four times as many": tested(simple, x, y, unchanged, total, judge)}
    for name, (settings, transform) in remedies.items():
        net = compiled(network(size=28, **settings)) if settings else simple
        table[name] = tested(net, x[:1000], y[:1000], transform, total, judge)
    table["early stopping"] = []
    for current in seeds:
        stopped_early(simple, x[:1000], y[:1000], choose, current, total)
        table["early stopping"].append(accuracy(simple, judge.x, judge.y))
    print(recorded.save("05_table", table, data=clothes.card.label, seeds=seeds))
else:
    earlier = recorded.load("05_table")
    table = earlier.figures
    print(earlier)

# %% tags=["slide"]
ordered = dict(sorted(table.items(), key=lambda item: -np.mean(item[1])))
for name, values in ordered.items():
    mean, spread = metrics.mean_and_spread(values)
    print(f"{name:24} {100 * mean:5.1f} % ± {100 * spread:.1f}")
plots.comparison(ordered, label="accuracy on Fashion-MNIST", caption="Every remedy at an equal budget.")  # fmt: skip

# %% [markdown]
# *What you see.* Another order. Batch normalisation, twice the width and mixup are ahead here, each by little more than
# the spread; crop and rotation cost most; only more pictures stand out.

# %% [markdown]
# Back to the shapes. The validation set has chosen among the changed pictures: the highest mean. The test set is
# opened now, once, for the networks whose weights we kept.

# %% tags=["slide"]
best = max(kept, key=lambda name: np.mean(scores[name]))
opened = {"as they are": [], best: []}
for name, weights in [(n, w) for n in opened for w in kept[n]]:
    base.set_weights(weights)
    opened[name].append(accuracy(base, data.test.x, data.test.y))
plots.comparison(opened, label="test accuracy", caption="The choice, on new pictures.")

# %% [markdown]
# *What you see.* Little of the distance is left, less than the spread of the seeds: what chose a winner among eight
# also flatters it. From seeds 20 and 40 the colour change was chosen, and its lead held. The baseline is lower here
# as well: the test pictures are drawn over other photographs.

# %% [markdown] tags=["slide"]
# ## More pictures, or more views?
#
# *Predict first.* Which helps more at an equal number of pictures seen: four times as many, or the colour change of
# the few?


# %%
def grown(amounts, pictures, total):
    curves = {"as they are": [], "colour": []}  # each (amounts, seeds)
    for n in amounts:
        x, y = pictures.x[:n], pictures.y[:n]
        curves["as they are"].append(tested(base, x, y, total=total))
        curves["colour"].append(tested(base, x, y, colour, total))
    return {"pictures": amounts, **curves}


here = grown([2000], data.train, budget)
more, views = np.mean(here["as they are"]), np.mean(scores["colour"])
print(f"500: {100 * np.mean(baseline):.1f} %, in colour: {100 * views:.1f} %")
print(f"2,000: {100 * more:.1f} %, in colour: {100 * np.mean(here['colour']):.1f} %")
claims.claim("05.c8", "On average four times the pictures gain at least 2 points.",
             measured=[more - np.mean(baseline)], at_least=0.02)  # fmt: skip
claims.claim("05.c9", "On average 500 pictures in thousands of colour views are at most 5 points above 2,000 as they are.",
             measured=[views - more], at_most=0.05)  # fmt: skip

# %% [markdown]
# The full profile draws the whole curve.

# %% tags=["slide"]
if profile == "full":
    large = datasets.load("shapes", train=4000, validation=10, test=10, **plain)
    curve = grown([250, 500, 1000, 2000, 4000], large.train, budget)
    print(recorded.save("05_curve", curve, data=large.card.label, seeds=seeds))
else:
    earlier = recorded.load("05_curve")
    curve = earlier.figures
    print(earlier)
amounts = curve["pictures"]
figure, axis = plots.canvas(width=6, height=3.4)
for form, name in (("o-", "as they are"), ("s--", "colour")):
    values = np.array(curve[name])  # (amounts, seeds)
    axis.plot(amounts, values.mean(axis=1), form, label=name)
    axis.plot(amounts, values, form[0], color="grey", alpha=0.5)
axis.set_xscale("log", base=2)
axis.set_xticks(amounts, amounts)
axis.set(xlabel="training pictures", ylabel="validation accuracy")
axis.legend()
words = {n: np.mean(curve[n], axis=1).round(2).tolist() for n in ("as they are", "colour")}  # fmt: skip
plots.picture(figure, alt=f"Validation accuracy with {amounts} training pictures: {words}.",
              caption="Every run sees equally many pictures. Grey: the single runs.")  # fmt: skip

# %% [markdown] tags=["slide"]
# *What you see.* With 250 pictures the colour change is worth about as much as twice the number. From 1,000 on it
# costs accuracy at this budget, likely because the pictures show by themselves that colour does not matter, and the
# views only make few passes harder. A longer training may change that.
#
# > **Often said, not so:** *augmentation enlarges the data set.* It adds no independent example. Thousands of views
# > of the 500 are new pictures for the computer, and yet 2,000 as they are do better, better even than flip and
# > rename. A transform states which change must not matter; it cannot say what the pictures do not hold.

# %% [markdown] tags=["slide"]
# ## Two flaws of the data: uneven classes, wrong labels
#
# In **class imbalance** some classes have many more pictures than others. Here the most frequent one has thirty times
# as many as the rarest, in training and in a validation set of the same kind. Our first validation set is even.

# %% tags=["nbval-check-output"]
flaw = {"imbalance": 30, "flawed": ("train", "validation")}
uneven = datasets.load("shapes", train=1000, validation=1000, test=10, **flaw, **plain)
counts = np.bincount(uneven.train.y, minlength=10)
print(dict(zip(names, counts.tolist(), strict=True)))

# %% [markdown]
# Three remedies. **Class weights** let each picture of a rare class count more in the loss. **Resampling** shows rare
# pictures more often. **Prior correction** leaves the training as it is: it divides each probability by the share of
# the class, and takes the largest.


# %%
def resample(images, targets, rng):
    chance = 1 / counts[targets.argmax(axis=1)]  # rare classes are drawn more often
    drawn = rng.choice(len(images), len(images), p=chance / chance.sum())
    return images[drawn], targets[drawn]


x_uneven, y_uneven = uneven.train.x, uneven.train.y
weights = (len(y_uneven) / (10 * counts))[y_uneven].astype("float32")  # mean 1
uneven_said = {
    "nothing": [],
    "class weights": [],
    "resampling": [],
    "prior correction": [],
}
looks_good = []
for current in seeds:
    train(base, x_uneven, y_uneven, current)
    probabilities = np.asarray(base(data.validation.x))
    uneven_said["nothing"].append(probabilities.argmax(axis=1))
    uneven_said["prior correction"].append((probabilities / counts).argmax(axis=1))
    looks_good.append(accuracy(base, uneven.validation.x, uneven.validation.y))
    train(base, x_uneven, y_uneven, current, weights=weights)
    uneven_said["class weights"].append(answers(base, data.validation.x))
    train(base, x_uneven, y_uneven, current, resample)
    uneven_said["resampling"].append(answers(base, data.validation.x))

# %% [markdown]
# How often is each class found on the even set? And what does the accuracy on the uneven one promise?

# %% tags=["slide"]
recalls, truth = {}, data.validation.y  # each (seeds, classes)
for name, rows in uneven_said.items():
    table = [metrics.per_class_recall(truth, row, classes=10) for row in rows]
    recalls[name] = np.array(table)
rare = {name: table[:, 7:].mean(axis=1) for name, table in recalls.items()}
claims.claim("05.c10", "Each remedy raises the mean recall of the three rarest classes by at least 4 points.",
             measured=[rare[name].mean() - rare["nothing"].mean() for name in list(rare)[1:]], at_least=0.04)  # fmt: skip
print(f"accuracy on the uneven pictures: {100 * np.mean(looks_good):.1f} %")
claims.claim("05.c11", "Accuracy on the uneven pictures is at least 30 points above the recall of the three rarest.",
             measured=np.subtract(looks_good, rare["nothing"]), at_least=0.3)  # fmt: skip
figure, axis = plots.canvas(width=9, height=3.4)
for mark, (name, table) in zip("osD^", recalls.items(), strict=True):
    label = f"{name}, mean recall {table.mean():.2f}"
    axis.plot(range(10), table.mean(axis=0), f"{mark}-", label=label, linewidth=1)
ticks = [f"{name} ({count})" for name, count in zip(names, counts, strict=True)]
axis.set_xticks(range(10), ticks, rotation=40, ha="right")
axis.set_ylabel("recall")
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
words = "; ".join(f"{name} {values.mean():.2f}" for name, values in rare.items())
plots.picture(figure, alt=f"Recall of each class in four ways. Mean of the three rarest: {words}.",
              caption="From the most frequent class to the rarest, with their training pictures.")  # fmt: skip

# %% [markdown]
# *What you see.* The accuracy on uneven pictures looks decent, and the three rarest classes are hardly ever found.
# Recall of each class shows it; a mean over classes, the **macro average**, shows it in one number. All three
# remedies find more of the rare classes, and pay with frequent ones: compare the means in the legend. The cheapest,
# prior correction, needs only the counts. Whether you want a remedy depends on use: where the world is as uneven as
# the training set and all mistakes cost the same, plain accuracy is the right aim.

# %% [markdown]
# *Exercise 05.6: class weights.* Write `class_weights(labels, classes)`. `labels` are integers `(n,)`; every class
# occurs. Return an array `(classes,)`, inversely proportional to how often each class occurs, so that the mean weight
# over all n pictures is 1. *Example:* for the labels `[0, 0, 0, 1]` it is `[2/3, 2]`.


# %% tags=["exercise"]
def class_weights(labels, classes):
    # your lines in the place of the dots
    ...


exercises.check("05.6", class_weights)

# %% [markdown] tags=["slide"]
# Now the other flaw. With **label noise**, part of the labels is wrong. The generator does that to about three in ten
# of the same 500 pictures, and we know which. After each epoch we ask: of the pictures with a wrong label, how many
# does the network give that wrong label, and how many the true one?
#
# *Predict first.* Does the share of true answers (a) stay near guessing, (b) rise and stay, or (c) rise and fall again?

# %%
noisy = datasets.load(
    "shapes", train=500, validation=10, test=10, wrong_labels=0.3, **plain
)
wrong = noisy.train.y != y_few  # the pictures are the same
learned, noisy_plain, noisy_colour = [], [], []
for current in seeds:
    steps = []

    def look(epoch, logs, steps=steps):  # writes into the list of its own run
        test = answers(base, x_few[wrong])
        steps.append(
            (np.mean(test == noisy.train.y[wrong]), np.mean(test == y_few[wrong]))
        )

    training.reset(base, seed=current)
    base.fit(
        reshuffled(x_few, noisy.train.y, current), shuffle=False, verbose=0, epochs=budget // 500,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=look)],
    )  # fmt: skip
    learned.append(steps)
    noisy_plain.append(accuracy(base, data.validation.x, data.validation.y))
    train(base, x_few, noisy.train.y, current, colour)
    noisy_colour.append(accuracy(base, data.validation.x, data.validation.y))

# %% tags=["slide"]
claims.claim(
    "05.c12", "On average the share of true answers ends at least 4 points below its peak.",
    measured=[np.mean([max(t for _, t in steps) - steps[-1][1] for steps in learned])], at_least=0.04,
)  # fmt: skip
claims.claim(
    "05.c13", "With wrong labels the colour change raises the mean accuracy.",
    measured=[np.mean(noisy_colour) - np.mean(noisy_plain)], at_least=0,
)  # fmt: skip
for name, values in (
    ("clean", baseline),
    ("wrong", noisy_plain),
    ("wrong, colour", noisy_colour),
):
    print(f"accuracy, labels {name}: {100 * np.mean(values):.1f} %")
mean = np.mean(learned, axis=0)  # (epochs, 2)
figure, axis = plots.canvas(width=6, height=3.2)
epochs = range(1, len(mean) + 1)
axis.plot(epochs, mean[:, 0], "s--", label="gives the wrong label it was shown")
axis.plot(epochs, mean[:, 1], "o-", label="gives the true label, never shown")
axis.set(xlabel="epoch", ylabel=f"share of {wrong.sum()} pictures")
axis.legend()
words = f"true: at most {mean[:, 1].max():.2f}, at the end {mean[-1, 1]:.2f}"
plots.picture(figure, alt=f"Answers to pictures with a wrong label. {words}; wrong: at the end {mean[-1, 0]:.2f}.",
              caption="Mean of three runs.")  # fmt: skip

# %% [markdown]
# *What you see.* For some epochs the network learns what shapes look like, and begins to see through the wrong
# labels. Then it learns the labels by heart, and forgets what it had understood: the true answers go under. Early
# stopping can end the training before that; the colour change makes learning by heart harder, likely because few
# pictures come twice.

# %% [markdown] tags=["slide"]
# ## Photographs: program C, mended
#
# How far do remedies carry a small network? Program C of lesson 04 keeps its layers. What may change is what stands
# between them, the pictures it is shown, and the schedule of its training. Trials on validation pictures led to this
# recipe: batch normalisation, flip and crop, batches of 128, 14 epochs, and a **learning rate schedule** that rises
# over the first fifth of the steps and then falls to nearly zero.


# %%
def with_normalisation():
    model = keras.Sequential([keras.Input((32, 32, 3))])
    for layer in models.program_c().layers:  # its own layers, all of them
        if isinstance(layer, layers.Flatten):
            model.add(layers.BatchNormalization(momentum=0.95))
        model.add(layer)
        if isinstance(layer, layers.MaxPooling2D):
            model.add(layers.BatchNormalization(momentum=0.95))
    return model


def flip_and_crop(images, targets, rng):
    return crop(*flip(images, targets, rng), rng)


parts = {  # batch normalisation?, schedule?, transform
    "program C": (False, False, unchanged), "schedule": (False, True, unchanged),
    "batch normalisation": (True, False, unchanged), "flip and crop": (False, False, flip_and_crop),
    "the recipe": (True, True, flip_and_crop),
}  # fmt: skip


def on_photographs(name, split, judge, passes):
    normalised, scheduled, transform = parts[name]
    batch, total, rate = 128 if scheduled else 32, passes * len(split.x), 0.001
    if scheduled:
        rise, fall = total // batch // 5, total // batch * 4 // 5
        rate = keras.optimizers.schedules.CosineDecay(0.0002, fall, warmup_target=0.004, warmup_steps=rise)  # fmt: skip
    net = compiled(with_normalisation() if normalised else models.program_c(), rate)
    start = time.perf_counter()
    accuracies = tested(net, split.x, split.y, transform, total, judge, batch)
    seconds = (time.perf_counter() - start) / len(seeds)
    return {"accuracy": accuracies, "seconds": seconds}


# %% [markdown] tags=["slide"]
# Each part alone is added to program C, on 3,000 photographs and the validation set. Then the recipe meets program C on
# all training pictures, and the test set is opened for the two. *Predict first.* Which part alone gains most: the
# schedule with its larger batches, batch normalisation, or flip and crop?

# %% tags=["slide"]
if profile == "full":
    some, real = datasets.load("cifar10", train=3000), datasets.load("cifar10")
    shares = {n: on_photographs(n, some.train, some.validation, 12) for n in parts}
    plain_c = on_photographs("program C", real.train, real.test, 10)
    ends = {"program C": plain_c, "the recipe": on_photographs("the recipe", real.train, real.test, 14)}  # fmt: skip
    photographs = {"3,000, validation": shares, "all, test": ends}
    print(recorded.save("05_remedies", photographs, data=real.card.label, seeds=seeds))
else:
    earlier = recorded.load("05_remedies")
    photographs = earlier.figures
    print(earlier)
rows = {}
for where, table in photographs.items():
    for name, found in table.items():
        rows[f"{name} ({where})"] = found["accuracy"]
        mean, spread = metrics.mean_and_spread(found["accuracy"])
        print(f"{where:18} {name:20} {100 * mean:5.1f} % ± {100 * spread:.1f} {found['seconds']:5.0f} s a run")  # fmt: skip
plots.comparison(rows, caption="Program C, each part alone, and the recipe, on CIFAR-10 (JPEG copy).")  # fmt: skip

# %%
before, after = (photographs["all, test"][n] for n in ("program C", "the recipe"))
gain = np.mean(after["accuracy"]) - np.mean(before["accuracy"])
claims.claim("05.c14", "On average the recipe is at least 8 points better than program C on the test photographs.",
             measured=[gain], at_least=0.08)  # fmt: skip
claims.claim("05.c15", "The recipe takes at most three times as long.", measured=[after["seconds"] / before["seconds"]],
             at_most=3, about_time=True, unit="times")  # fmt: skip

# %% [markdown]
# *What you see.* Read each distance from program C against the spread. The upper rows measure every part alone and
# all together, in twelve passes each; what a part is worth depends on what stands beside it, so the shares need not
# add up. In the last two rows the recipe has 14 passes and program C ten: that is no equal budget.

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You saw a network learn its pictures by heart while its validation loss rose and its accuracy did not fall, and
# chose an epoch to keep. You wrote transforms, and saw that each is a statement about the task: true and new, it can
# help; true and known, it does little; false, it harms. You compared remedies at an equal budget, and found several
# within the spread of the seeds. You looked behind a good accuracy on uneven classes, and found three ways to the
# rare ones. You watched wrong labels being learned by heart, and saw what a recipe gains on photographs.

# %% [markdown]
# Four questions, the first on the curves.

# %%
quizzes.ask("05.q1")
quizzes.answer("05.q1", ...)

# %% [markdown]
# Now a number.

# %%
quizzes.ask("05.q2")
quizzes.answer("05.q2", ...)

# %% [markdown]
# A symptom, and its reason.

# %%
quizzes.ask("05.q3")
quizzes.answer("05.q3", ...)

# %% [markdown]
# The last is on augmentation.

# %%
quizzes.ask("05.q4")
quizzes.answer("05.q4", ...)

# %% [markdown]
# What stays open: all networks here are stacks of convolutions. Would another architecture need fewer pictures?
# [Lesson 13](13_attention.ipynb) compares some at an equal budget. [Keras's page on augmentation
# layers](https://keras.io/api/layers/preprocessing_layers/image_augmentation/) lists more changes.

# %% tags=["nbval-check-output"]
progress.show("05")
