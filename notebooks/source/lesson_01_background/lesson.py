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
# # Where image classification comes from
#
# For decades people told computers by hand what to look for in a picture. Then the computers found it out by
# themselves, and did better. Or did they? In this lesson you run the old methods and the new one side by side, on the
# same pictures, and see when each of them wins.
#
# **After this notebook you can**
#
# - *tell apart* artificial intelligence, machine learning and deep learning by what is written and what is learned;
# - *distinguish* classification from detection and segmentation, and supervised from unsupervised learning;
# - *compute* hand-made features (HOG) and *compare* three methods fairly, over training set sizes and seeds;
# - *question* a figure measured on few photographs;
# - *name* the tools of the field, and *say* what ImageNet is and what it changed.
#
# **What to know first:** lesson 00. The network used here is the one that you built there.
#
# **Minutes:** to run, 1 in the smoke profile, 2 in quick, 6 in full. To study, 75; to teach, 90.

# %%
import numpy as np

from course_utils import startup

startup.load_keras()

import keras
from scipy.sparse.csgraph import connected_components
from skimage import color, transform
from skimage import data as photographs
from skimage.feature import hog
from sklearn.cluster import KMeans
from sklearn.datasets import load_sample_image
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupShuffleSplit
from sklearn.neighbors import KNeighborsClassifier

from course_utils import (
    claims,
    datasets,
    exercises,
    models,
    plots,
    profiles,
    progress,
    quizzes,
    training,
)

# %% [markdown]
# First the parameters; the random numbers are fixed.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of three seeds

# %%
keras.utils.set_random_seed(seed)
claims.begin("01", profile=profile, defaults=seed == 0)
seeds = [seed, seed + 1, seed + 2]

# %% [markdown] tags=["slide"]
# ## Written rules, learned rules
#
# **Artificial intelligence** is the oldest and widest word: a program that does what would take intelligence if a
# person did it. Nothing in it says that the program has learned. Here is one that has not. It tells handwritten zeros
# from ones by a rule that a person wrote: a one has ink in the middle, a zero has none.

# %% tags=["slide"]
digits = datasets.load("digits")
names = [str(label) for label in digits.train.y[:10]]
plots.image_grid(
    digits.train.x[:10],
    names,
    columns=5,
    caption="Real handwritten digits, 8 by 8 pixels.",
)


# %% tags=["nbval-check-output"]
def middle(split):
    chosen = split.y <= 1  # zeros and ones only
    return split.x[chosen, 3:5, 3:5].mean(axis=(1, 2, 3)), split.y[chosen]


brightness, is_one = middle(digits.test)
by_hand = np.mean((brightness > 128) == is_one)  # 128: half of full brightness
print(f"{len(is_one)} test images, rule written by hand: {100 * by_hand:.1f} % right")

# %% [markdown]
# **Machine learning** leaves a number open and finds it from examples. The rule stays; the threshold is the one that
# is right most often on the training images.

# %% tags=["nbval-check-output"]
light, truth = middle(digits.train)
thresholds = np.arange(0, 256, 4)
learned = thresholds[np.argmax([np.mean((light > t) == truth) for t in thresholds])]
by_learning = np.mean((brightness > learned) == is_one)
print(f"learned threshold: {learned}, {100 * by_learning:.1f} % of test images right")

# %% [markdown]
# *What you see.* The examples chose a darker threshold than the person did, and it does a little better on these few
# images. But a person still said *where to look*. **Deep learning** leaves that open as well: a network of several
# layers finds both what to look at and how to weigh it. So each of the three words contains the next.
#
# In machine learning, the numbers by which a picture is judged are its **features**. Brightness in the middle is one
# feature. The question of this lesson: who should make the features, you or the data?

# %% [markdown] tags=["slide"]
# ## One picture, three questions
#
# **Image classification** gives a whole picture one name. Two sister tasks ask for more. **Detection** puts a box
# round each object and names it. **Segmentation** says for each pixel whether it belongs to the object. In `shapes`
# we know all three answers, because the course drew the pictures: a **mask** marks the pixels that the shape covers.

# %% tags=["nbval-check-output"]
shapes = datasets.load("shapes", train=8, validation=1, test=1, size=64, quiet=True)
mask = shapes.train.masks[0]  # (64, 64), True where the shape is
rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
print("classification:", shapes.class_names[shapes.train.y[0]])
print(
    "detection:      rows",
    rows[0],
    "to",
    rows[-1],
    "columns",
    columns[0],
    "to",
    columns[-1],
)
print("segmentation:  ", f"{mask.sum()} of {mask.size} pixels")

# %% tags=["slide"]
figure, axes = plots.canvas(1, 3, width=7, height=2.6)
for axis, question in zip(
    axes, ("classification", "detection", "segmentation"), strict=True
):
    axis.imshow(shapes.train.x[0])
    axis.set_title(question)
    axis.axis("off")
axes[0].text(2, 60, shapes.class_names[shapes.train.y[0]], backgroundcolor="white")
axes[1].plot(columns[[0, -1, -1, 0, 0]], rows[[0, 0, -1, -1, 0]], color="#D55E00")
axes[2].contourf(mask, levels=[0.5, 1], colors=["#E69F00"])
plots.picture(
    figure,
    alt="One picture three times: with a name below, with a box round the shape, and "
    "with the pixels of the shape filled.",
    caption="The same picture, three questions. From the mask you can work out the box.",
)

# %% [markdown]
# A telephone that sorts its pictures by who is on them answers a classification question for each face, after a
# detector found them. A car that drives by camera needs boxes round people and vehicles, and the pixels of the road.
# What each of them needs first is somebody who drew those names, boxes and outlines by hand.

# %% [markdown]
# *Exercise 01.1: which task is it?* Give each of the three uses one of the options `"classification"`,
# `"detection"`, `"segmentation"` or `"clustering"`. Clustering, sorting into groups without any names, comes later
# in this lesson; one of the uses needs it.

# %% tags=["exercise"]
task = {
    "find every car in a street scene and put a box round it": ...,
    "measure the area of each cell in a microscope picture": ...,
    "sort 5,000 unnamed holiday pictures into piles that look alike": ...,
}
exercises.check("01.1", task)

# %% [markdown]
# *Exercise 01.2: from a mask to a box.* Write `box_of(mask)`. It takes a boolean array of shape `(height, width)`
# with at least one True and returns the tuple `(top, left, bottom, right)` of whole numbers: the first and last row
# and column that hold a True, both ends included. *Example:* a single True in row 2, column 5 gives `(2, 5, 2, 5)`.


# %% tags=["exercise"]
def box_of(mask):
    # your lines in the place of the dots
    ...


exercises.check("01.2", box_of)

# %% [markdown] tags=["slide"]
# ## Features made by hand
#
# What should a feature say? A pixel's brightness changes with the light; the *direction of an edge* does not. In
# 2005 Dalal and Triggs used that to find people in photographs, with **HOG**, histograms of oriented gradients. The
# recipe: take the differences between neighbouring pixels, turn them into a direction and a strength, and count in
# small cells how much edge there is in each direction. Here it is for one cell, a picture of a slanted line.

# %% tags=["nbval-check-output"]
cell = np.eye(8)  # a bright line from top left to bottom right
down, across = np.gradient(cell)  # differences along rows and along columns
strength = np.hypot(down, across)
direction = np.degrees(np.arctan2(down, across)) % 180  # across the line
histogram, _ = np.histogram(direction, bins=9, range=(0, 180), weights=strength)
for start, amount in zip(range(0, 180, 20), histogram.round(1), strict=True):
    print(f"{start:3} to {start + 20:3} degrees: {amount}")

# %% [markdown]
# *What you see.* The line runs at 45 degrees downwards, brightness changes *across* it, and the tallest bin is that
# of 120 to 140 degrees, at a right angle to the line; its two ends add a little beside it and at 40 to 60. Nine
# numbers replace 64 pixels. `hog` from scikit-image does this for all cells, and scales each block of 2 by 2
# neighbouring cells together, so that dim and bright pictures agree.


# %% tags=["slide"]
def hog_features(images, cell=8):
    size, block = (cell, cell), (2, 2)  # a cell in pixels, a block in cells
    return np.array([hog(x, 9, size, block, channel_axis=-1) for x in images])


grey_picture = shapes.train.x[0].mean(axis=-1) / 255
_, drawing = hog(grey_picture, 9, (8, 8), (2, 2), visualize=True)
plots.image_grid(
    np.stack([grey_picture, np.clip(drawing / np.percentile(drawing, 99), 0, 1)]),
    ["the picture", "its HOG features"],
    size=2.6,
    caption="Each cell of 8 by 8 pixels is a bundle of strokes along its edges.",
)

# %% [markdown]
# Is that better than pixels? Change the light, and nobody would call it another shape. Here is one in half the light.

# %% tags=["nbval-check-output"]
one, other = shapes.train.x[:1] / 255, shapes.train.x[1:2] / 255  # two classes
for name, features in (("pixels", np.array), ("HOG", hog_features)):
    moved = np.linalg.norm(features(one) - features(one * 0.5))
    apart = np.linalg.norm(features(one) - features(other))
    print(f"{name}, half light: {moved / apart:.2f} of the distance to another shape")

# %% [markdown]
# *What you see.* In pixels, the same picture in half the light lies far away. In HOG it stays where it was. Somebody
# *knew* that light should not matter, and built that knowledge in. That is the strength of hand-made features and
# their limit: what nobody thought of is not in them.

# %% [markdown]
# *Exercise 01.3: how many features?* HOG with cells of 8 by 8 pixels, 9 directions, and blocks of 2 by 2 cells that
# move on by one cell at a time, for a grey picture 24 pixels high and 40 wide. Each block contributes all the
# histograms of its cells. Compute `feature_count`. *Example:* a picture of 16 by 16 has one block, so 36.

# %% tags=["exercise"]
feature_count = ...
exercises.check("01.3", feature_count)

# %% [markdown] tags=["slide"]
# ## A fair comparison
#
# Three contestants, one for each era:
#
# - *pixels, nearest neighbour*: pixels as they are, nothing fitted. Keep all training pictures, find the one most
#   like the new picture, copy its label (or let the nearest three or five vote);
# - *HOG, linear model*: features by hand, weights learned;
# - *small network*: everything learned, the network of lesson 00.
#
# Fair means: the same training images for all three, and as many chances. Each method gets three settings, and the
# validation images choose among them: one, three or five neighbours; a weak, middle or strong pull on the linear
# model's weights; short, middle or long training of the network. The test images give the figure. Keras calls
# `keep` at the end of each of three stages; it notes the validation accuracy and the weights.


# %%
def best_on_validation(candidates, features, data, chosen):
    train, validation, test = features
    for model in candidates:
        model.fit(train[chosen], data.train.y[chosen])
    best = max(candidates, key=lambda model: model.score(validation, data.validation.y))
    return best.score(test, data.test.y)


def network_accuracy(network, passes, data, chosen, seed):
    def accuracy(split):
        scores = keras.ops.convert_to_numpy(network(split.x))
        return np.mean(scores.argmax(axis=1) == split.y)

    def keep(epoch, logs):  # the end of a stage
        kept.append((accuracy(data.validation), network.get_weights()))

    kept, stage = [], np.tile(chosen, passes)  # so many passes in one call
    training.reset(network, seed=seed)
    network.fit(
        data.train.x[stage], data.train.y[stage], epochs=3, verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=keep)],
    )  # fmt: skip
    network.set_weights(max(kept, key=lambda stage: stage[0])[1])
    return accuracy(data.test)


# %% [markdown]
# And the loop that the course uses from now on: every variant, every seed, every figure kept. A seed decides which
# training images are drawn and how the network starts. All variants see the same draws. Later lessons import this
# loop as `experiments.compare`, with checks and a progress bar added.


# %%
def compare(variants, seeds):
    scores = {name: [] for name in variants}
    for current in seeds:
        for name, run in variants.items():
            scores[name].append(run(current))
    return scores


# %% [markdown]
# A toy first: two "methods" whose result depends on nothing but the seed.

# %% tags=["nbval-check-output"]
print(compare({"half": lambda s: s / 2, "double": lambda s: 2 * s}, seeds=[1, 2, 3]))


# %% [markdown]
# The training sets grow fourfold from step to step; smaller ones get more passes. HOG gets cells of 2 by 2 pixels on
# the tiny digits, of 4 by 4 on the shapes.


# %%
def contestants(data, pixels, edges, network, size):
    def draw(current):
        return np.random.default_rng(current).permutation(len(data.train.y))[:size]

    def nearest(current):
        candidates = [KNeighborsClassifier(k) for k in (1, 3, 5)]
        return best_on_validation(candidates, pixels, data, draw(current))

    def linear(current):
        candidates = [RidgeClassifier(alpha=pull) for pull in (1, 10, 100)]
        return best_on_validation(candidates, edges, data, draw(current))

    def learned(current):
        chosen = draw(current)
        return network_accuracy(network, passes[size], data, chosen, current)

    return {"pixels, nearest": nearest, "HOG, linear": linear, "network": learned}


# %% [markdown] tags=["slide"]
# *Predict first.* Which method wins on 64 handwritten digits? And on 128 drawn shapes over photographs: (a) pixels,
# (b) HOG, or (c) the network? Does the answer change with sixteen times as many?


# %%
def compare_sizes(data, cell, sizes):
    parts = [split.x for split in (data.train, data.validation, data.test)]
    pixels = [images.reshape(len(images), -1) / np.float32(255) for images in parts]
    edges = [hog_features(images, cell) for images in parts]
    network = models.small_cnn(data.train.x.shape[1:], classes=10)
    network.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.002),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return {
        size: compare(contestants(data, pixels, edges, network, size), seeds)
        for size in sizes
        if size in passes
    }


passes = profiles.choose(  # size of the training set: passes of one stage
    profile,
    smoke={64: 1, 128: 1},
    quick={64: 8, 256: 4, 1024: 2} | {128: 6, 512: 3, 2048: 2},
    full={64: 30, 256: 15, 1024: 8} | {128: 30, 512: 15, 2048: 8},
)
amount = profiles.choose(profile, smoke=200, quick=2400, full=2400)
small_shapes = datasets.load(
    "shapes", train=amount, validation=300, test=1000, size=24, channels=1
)
by_size = {  # most of the lesson's running time
    "digits": compare_sizes(digits, cell=2, sizes=(64, 256, 1024)),
    "shapes": compare_sizes(small_shapes, cell=4, sizes=(128, 512, 2048)),
}


# %% tags=["slide"]
def draw_by_size(by_size):
    figure, axes = plots.canvas(1, 2, width=8, height=3.6, sharey=True)
    styles = {"pixels, nearest": "o-", "HOG, linear": "s--", "network": "^:"}
    words = []
    for axis, (name, results) in zip(axes, by_size.items(), strict=True):
        for method, style in styles.items():
            runs = [results[size][method] for size in results]  # one list a size
            means = [100 * np.mean(run) for run in runs]
            (line,) = axis.plot(list(results), means, style, label=method)
            for size, run in zip(results, runs, strict=True):
                values = 100 * np.array(run)
                axis.plot([size] * len(run), values, ".", color=line.get_color())
            words.append(f"{name}, {method}: {means[0]:.0f} to {means[-1]:.0f} %")
        axis.set_xscale("log", base=2)
        axis.set_xticks(list(results), [str(size) for size in results])
        axis.set(title=name, xlabel="training images", ylim=(0, 100))
    axes[0].set_ylabel("test accuracy in %")
    axes[0].legend(loc="lower right")
    alt = "Mean accuracy, smallest to largest set. " + "; ".join(words) + "."
    caption = "Lines: mean of three seeds. Dots: each seed. Guessing gives 10 %."
    return plots.picture(figure, alt=alt, caption=caption)


draw_by_size(by_size)

# %% [markdown]
# *What you see.* Three different winners. On digits the oldest method needs no help: centred, of one size, on an
# empty background, a picture of a 3 looks like other pictures of a 3, pixel by pixel. On shapes, pixels are of
# little use, likely since photographs behind them, places and angles differ. With few shapes, HOG wins by far: the
# knowledge that a person put in seems to replace examples. With many, the network passes it: it may find what nobody
# put in.


# %%
def gaps(data, size, better, than):
    scores = by_size[data].get(size) or next(iter(by_size[data].values()))
    pairs = zip(scores[better], scores[than], strict=True)
    return [round(a - b, 3) for a, b in pairs]


claims.claim(
    "01.c1",
    "With 128 shapes, HOG is right at least 5 points more often than the network.",
    measured=gaps("shapes", 128, "HOG, linear", "network"),
    at_least=0.05,
)
claims.claim(
    "01.c2",
    "With 2,048 shapes, the network is right at least 2 points more often than HOG.",
    measured=gaps("shapes", 2048, "network", "HOG, linear"),
    at_least=0.02,
)
claims.claim(
    "01.c3",
    "With 1,024 digits, the network is at most 3 points ahead of the nearest neighbour.",
    measured=gaps("digits", 1024, "network", "pixels, nearest"),
    at_most=0.03,
)

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *learned features beat hand-made ones.* They do when there are enough examples and the
# > network may learn from them. Which amount is enough depends on the task; the figure above shows it for two
# > tasks, one network and one recipe of HOG.

# %% [markdown]
# *Exercise 01.4: write the nearest neighbour.* Write `nearest_label(images, labels, picture)`. `images` is a uint8
# array `(n, height, width)`, `labels` an integer array `(n,)`, `picture` a uint8 array `(height, width)`. Return
# the label of the image with the smallest sum of squared differences. *Mind the type:* in uint8, `np.uint8(3) -
# np.uint8(5)` is 254.


# %% tags=["exercise"]
def nearest_label(images, labels, picture):
    # your lines in the place of the dots
    ...


exercises.check("01.4", nearest_label)

# %% [markdown] tags=["slide"]
# ## Without labels
#
# So far each training image came with the right answer. That is **supervised learning**. **Unsupervised learning**
# gets the images alone. **Clustering** sorts them into groups of like ones; here k-means makes ten groups, each
# round a mean picture, without seeing one label.


# %% tags=["slide"]
def grouped(data, current):
    vectors = data.train.x.reshape(len(data.train.x), -1) / 255
    return KMeans(10, n_init=4, random_state=current).fit(vectors)


means = grouped(digits, seed).cluster_centers_.reshape(10, 8, 8)
plots.image_grid(
    means,
    alt="Ten blurred 8 by 8 pictures, the group means; most look like one digit.",
    caption="The mean of each group. Nobody told k-means that digits exist.",
)

# %% [markdown] tags=["slide"]
# Most means look like digits, but the groups have numbers, not names. To *classify*, somebody has to name them. Let
# us buy ten labels: for each group, the label of the picture nearest to its mean. To compare, a nearest neighbour
# classifier gets ten random pictures with their labels.
#
# *Predict first.* With ten labels each, which comes out ahead on digits? And on shapes?


# %% tags=["slide"]
def ten_labels(data, current):
    train, test = (
        split.x.reshape(len(split.x), -1) / 255 for split in (data.train, data.test)
    )
    groups = grouped(data, current)
    typical = groups.transform(train).argmin(axis=0)  # the picture nearest to each mean
    named = data.train.y[typical][groups.predict(test)]
    chosen = np.random.default_rng(current).permutation(len(train))[:10]
    random_ten = KNeighborsClassifier(1).fit(train[chosen], data.train.y[chosen])
    return np.mean(named == data.test.y), random_ten.score(test, data.test.y)


bought = {}
for name, data in (("digits", digits), ("shapes", small_shapes)):
    runs = np.array([ten_labels(data, current) for current in seeds])
    bought[f"{name}: groups, then 10 labels"] = runs[:, 0]
    bought[f"{name}: 10 random labels"] = runs[:, 1]
claims.claim(
    "01.c4", "Ten labels for ten groups of digits beat ten random labels by at least 10 points.",
    measured=bought["digits: groups, then 10 labels"] - bought["digits: 10 random labels"],
    at_least=0.10,
)  # fmt: skip
claims.claim(
    "01.c5", "On shapes, groups with names are right at most 20 % of the time.",
    measured=bought["shapes: groups, then 10 labels"], at_most=0.20,
)  # fmt: skip
plots.comparison(
    bought, label="test accuracy", chance=0.1,
    caption="Grouping first makes ten labels of digits worth more. With shapes it makes hardly any difference.",
)  # fmt: skip

# %% [markdown] tags=["slide"]
# *What you see.* Groups follow whatever differs most. Among digits that is the digit; among our shapes it is
# something else, likely the light and dark of the background. No algorithm can know which likeness *you* mean
# unless something tells it.
#
# > **Often said, not so:** *image classification is supervised or unsupervised.* To name classes, names have to
# > come from somewhere: from labels, few or many. Without labels one can group, and the groups may or may not be
# > the classes. Lesson 20 shows what unlabelled pictures are good for.

# %% [markdown] tags=["slide"]
# ## Real photographs, few of them
#
# Is there a face in this patch? scikit-image brings 200 patches of 25 by 25 pixels: 100 faces from news photographs
# (a part of *Labeled Faces in the Wild*), and 100 pieces of background. This is a toy.

# %% tags=["slide"]
patches = photographs.lfw_subset()  # (200, 25, 25), floats from 0 to 1
has_face = np.repeat([1, 0], 100)
shown = np.r_[0:10, 100:110]
plots.image_grid(patches[shown], alt="Ten grey faces, ten pieces of background.",
                 caption="Above: faces. Below: pieces of background.")  # fmt: skip

# %% [markdown]
# The file does not say which photograph a patch was cut from. Pieces of *one* photograph on both sides of a split
# would make the test too easy. So patches that look almost alike count as one family, and families stay together. A
# makeshift: pieces that differ are not found.

# %% tags=["nbval-check-output"]
alike = np.corrcoef(patches.reshape(200, -1)) > 0.9
pairs = (alike.sum() - 200) // 2  # without each patch and itself
count, family = connected_components(alike)  # whom a chain of such pairs links
print(f"{len(patches)} patches, {pairs} pairs almost alike, {count} families")

# %%
splitter = GroupShuffleSplit(n_splits=3, test_size=0.5, random_state=seed)
face_features = hog_features(patches[..., np.newaxis], cell=5)
detectors, face_accuracies = [], []
for train, test in splitter.split(patches, has_face, family):
    detector = LogisticRegression(max_iter=1000)  # a linear model, for two classes
    detector.fit(face_features[train], has_face[train])
    detectors.append(detector)
    face_accuracies.append(detector.score(face_features[test], has_face[test]))
claims.claim(
    "01.c6", "HOG with a linear model tells faces from background in at least 85 % of new patches.",
    measured=face_accuracies, at_least=0.85,
)  # fmt: skip

# %% [markdown] tags=["slide"]
# Good, from about a hundred training patches. Now a photograph that is no part of that set. We
# cut out a window at every second pixel and ask each time: a face?
#
# *Predict first.* One face is in the photograph. How many of the 2,704 windows will be called a face: (a) about 10,
# all on the face, (b) about 50, or (c) more than 200?

# %% tags=["nbval-check-output"]
portrait = transform.resize(
    color.rgb2gray(photographs.astronaut()), (128, 128), anti_aliasing=True
)
corners = [(row, column) for row in range(0, 104, 2) for column in range(0, 104, 2)]
windows = np.array(
    [portrait[row : row + 25, column : column + 25] for row, column in corners]
)
on_the_face = np.abs(np.array(corners) - (16, 43)).max(axis=1) <= 8  # found by looking
print(f"{len(windows)} windows, {on_the_face.sum()} of them on the face")

# %% tags=["slide"]
window_features = hog_features(windows[..., np.newaxis], cell=5)
said_face = np.array(
    [d.predict(window_features) == 1 for d in detectors]
)  # (3, windows)
false_alarms = said_face[:, ~on_the_face].sum(axis=1)
claims.claim(
    "01.c7", "Each of the three face classifiers raises at least 100 false alarms in one photograph.",
    measured=false_alarms, at_least=100, unit="windows",
)  # fmt: skip
figure, axis = plots.canvas(width=4.2, height=4.2)
axis.imshow(portrait, cmap="gray")
rows, columns = np.array(corners)[said_face[0]].T + 12  # the middle of each window
axis.scatter(columns, rows, s=7, color="#E69F00")
axis.plot([43, 68, 68, 43, 43], [16, 16, 41, 41, 16], color="#56B4E9")
axis.axis("off")
plots.picture(
    figure,
    alt=f"Portrait of an astronaut. Dots mark {said_face[0].sum()} windows called a face; "
    f"{false_alarms[0]} of them are not on it, many on the suit.",
    caption="Each dot is the middle of a window that the first detector calls a face. The box is the face.",
)  # fmt: skip

# %% [markdown]
# *What you see.* The face is found, and so are a badge, the sleeves, the foot of a rocket. Two likely reasons:
# thousands of questions turn even a small share of mistakes into many; and the share is larger here than on the
# patches, since the background pieces that it learned from, mostly plain, do not look like this photograph. A figure
# holds for pictures *like those it was measured on*, and for the same mixture of them.

# %% [markdown]
# *Exercise 01.5: false alarms.* A better classifier is wrong about 2 % of windows without a face. It looks at a
# picture of 480 by 640 pixels, without a face, through windows of 25 by 25 pixels at every fifth row and column, as
# far as they fit. How many false alarms do you expect? *Example:* a picture of 30 by 30 has 4 windows, so 0.08
# false alarms.

# %% tags=["exercise"]
false_alarms_expected = ...
exercises.check("01.5", false_alarms_expected)

# %% [markdown]
# And textures? scikit-image has one photograph each of brick, grass and gravel. A classifier of the three could only
# be tested on patches of the photographs it has seen, which would measure whether it knows *those photographs*. So we
# ask what a new photograph can answer: does a patch show a surface, or a part of a scene? One surface and two scenes
# are held out each time.
#
# Three sets of patches tell apart what a new patch and a new photograph cost. The score is the mean of two
# shares: surfaces called a surface, and scenes called a scene.


# %% tags=["nbval-check-output"]
surfaces = [photographs.brick(), photographs.grass(), photographs.gravel()]
scenes = [photographs.camera(), photographs.chelsea(), photographs.coffee(),
          photographs.astronaut(), load_sample_image("china.jpg"), load_sample_image("flower.jpg")]  # fmt: skip
grey = [
    color.rgb2gray(image) if image.ndim == 3 else image / 255
    for image in surfaces + scenes
]
photograph = np.repeat(np.arange(9), 80)  # which photograph each patch is from
is_surface = photograph < 3
generator = np.random.default_rng(seed)
cut = []
for number in photograph:
    row, column = generator.integers(0, np.array(grey[number].shape) - 32)
    cut.append(grey[number][row : row + 32, column : column + 32])
print(f"{len(cut)} patches, {len(grey)} photographs")

# %% tags=["slide"]
texture_features = hog_features(np.array(cut)[..., np.newaxis], cell=8)
to_learn = np.arange(len(cut)) % 2 == 0  # every second patch
seen, same, unseen = [], [], []
for held_out in ([0, 3, 4], [1, 5, 6], [2, 7, 8]):
    new = np.isin(photograph, held_out)
    learned_from = ~new & to_learn
    model = LogisticRegression(class_weight="balanced", max_iter=1000)
    model.fit(texture_features[learned_from], is_surface[learned_from])
    for asked, kept in ((learned_from, seen), (~new & ~to_learn, same), (new, unseen)):
        answers = model.predict(texture_features[asked])
        kept.append(balanced_accuracy_score(is_surface[asked], answers))
claims.claim(
    "01.c8", "On new photographs the texture classifier loses at least 20 points.",
    measured=[a - b for a, b in zip(seen, unseen, strict=True)], at_least=0.20,
)  # fmt: skip
claims.claim(
    "01.c9", "It loses at least 5 points from new patches of known photographs to new photographs.",
    measured=[a - b for a, b in zip(same, unseen, strict=True)], at_least=0.05,
)  # fmt: skip
plots.comparison(
    {"patches it learned from": seen, "new patches, same photographs": same, "new photographs": unseen},
    label="mean of the two shares", chance=0.5,
    caption="Here the dots are three ways to hold out photographs, not seeds.",
)  # fmt: skip

# %% [markdown]
# *What you see.* New patches of photographs that it knows cost the classifier points, and new photographs cost more
# on top: there a coin would do better. It learned two kinds of surface, and the third is something else. Independent
# examples are counted in photographs here, and there are nine.

# %% [markdown]
# *Exercise 01.6: plan a collection.* You may take 600 patches to train and to test a classifier of brick, grass and
# gravel, meant for photographs that your users will take. Write in `plan`, in two to four sentences, how many
# photographs you take, how you split, and what your figure will not show. No machine can mark this.

# %% tags=["exercise"]
plan = ...
exercises.check("01.6", plan)

# %% [markdown] tags=["slide"]
# ## ImageNet and the tools
#
# How much data is enough was an open question in 2009, when Deng and others presented **ImageNet**: photographs from
# the web, each labelled by people. The full collection has 14,197,122 images. Its yearly contest used a part, and
# counted a picture as wrong if the right class was not among a program's five best guesses.

# %% tags=["nbval-check-output"]
training_images, contest_classes, all_classes = 1_281_167, 1000, 21_841
print(f"contest: {training_images / contest_classes:.0f} training images a class")
print(
    f"contest: {100 * contest_classes / all_classes:.1f} % of the classes of ImageNet"
)
print(f"guessing, five guesses: {100 - 100 * 5 / contest_classes:.1f} % wrong")

# %% tags=["slide"]
error = {2010: 28.2, 2011: 25.8, 2012: 16.4, 2013: 11.7,
         2014: 6.7, 2015: 3.6, 2016: 3.0, 2017: 2.3}  # fmt: skip
figure, axis = plots.canvas(width=7, height=3)
kinds = [
    ("features by hand", 2010, 2011, "#D55E00", "//"),
    ("networks", 2012, 2017, "#0072B2", ""),
]
for label, first, last, colour, hatch in kinds:
    years = range(first, last + 1)
    bars = axis.bar(
        years, [error[y] for y in years], color=colour, hatch=hatch, label=label
    )
    axis.bar_label(bars, fmt="%.1f")
axis.axhline(5.1, linestyle=":", color="black", label="one trained person")
axis.set(xlabel="year of the contest", ylabel="five guesses, % wrong", ylim=(0, 32))
axis.legend()
plots.picture(
    figure,
    alt="Bars of the winner's error: " + ", ".join(f"{y}: {e} %" for y, e in error.items()) + ".",
    caption="Winners of the ImageNet contest, cited, not measured here.",
)  # fmt: skip

# %% [markdown]
# *What you see.* In 2012 a network, AlexNet, won by a wide margin; features by hand never won again. Three things
# met: over a million labelled images, graphics cards, and networks like those of the 1990s, made larger. The person
# was one researcher who had practised, on a sample. (Sources: Russakovsky and others 2015 for 2010 to 2014 and the
# person, without outside data; He and others 2016 for 2015; Hu and others 2018 for 2017, and the organisers'
# results page for 2016.)
#
# > **Often said, not so:** *ImageNet has over 10,000 classes.* The full collection does, 21,841. The benchmark that
# > everyone quotes has 1,000. Ask which one a figure is about.
#
# > **Often said, not so:** *deep learning works like the brain.* The single unit, a sum with a threshold, was
# > inspired by a nerve cell in 1943; it had no weights to learn. What made 2012 possible, labels by the million and
# > gradients, was not.
#
# With the networks came the tools. This course runs on the first two:
#
# | tool | what it is | first release |
# | --- | --- | --- |
# | **TensorFlow** | arrays, gradients and compiled programs, by Google | 2015 |
# | **Keras** | layers and training in a few lines, on top of another framework | 2015 |
# | **PyTorch** | arrays and gradients with the loop written out, begun at Facebook | 2016 |
# | **OpenCV** | reading and processing images and video, begun at Intel | 2000 |

# %% tags=["nbval-check-output"]
print(
    "Keras", keras.__version__.split(".")[0], "computes with", keras.backend.backend()
)

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *`pip install keras` is enough.* Keras describes a network; the multiplications are done
# > by a **backend**, TensorFlow, JAX or PyTorch, and one of them has to be installed too.

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You wrote a rule, let examples set its threshold, and let a network find features: AI, machine learning, deep
# learning. You told classification from detection and segmentation, and saw what grouping without labels can and
# cannot give. You took HOG to pieces and let three methods compete on the same images, and each of them won
# somewhere. You saw two figures shrink when the photographs changed. And you know what ImageNet is, and which tool
# does what.

# %%
quizzes.ask("01.q1")
quizzes.answer("01.q1", ...)

# %% [markdown]
# Now several answers may be right.

# %%
quizzes.ask("01.q2")
quizzes.answer("01.q2", ...)

# %% [markdown]
# And a number.

# %%
quizzes.ask("01.q3")
quizzes.answer("01.q3", ...)

# %% [markdown]
# What stays open: *how* does a network learn its features? [Lesson 02](02_core_concepts.ipynb) writes one out and
# trains it by hand, and [lesson 03](03_cnn_math.ipynb) does the same for convolution. To read on: [Dalal and Triggs
# 2005](https://doi.org/10.1109/CVPR.2005.177) is where HOG comes from, and [Russakovsky and others
# 2015](https://arxiv.org/abs/1409.0575) tells how ImageNet was made and what people score on it.

# %% tags=["nbval-check-output"]
progress.show("01")
