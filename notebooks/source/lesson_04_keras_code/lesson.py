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
# # The complete program in Keras
#
# This lesson is one program from beginning to end: load pictures, build a model, train it, measure it, look into it,
# save it, use it. The models are small networks that countless tutorials print, A, B and C below. We keep their layers
# and mend the habits that such tutorials spread.
#
# **After this notebook you can**
#
# - *build* a model in Keras in the Sequential, the functional and the subclassed form, and *count* its parameters;
# - *choose* the loss that fits the labels, and *scale* pixels without wasting memory;
# - *train* with three separate splits and with callbacks, also one of your own, and *go on* after an interruption;
# - *read* learning curves, a confusion matrix and per-class scores, and *look* at kernels, feature maps and mistakes;
# - *save*, *export* and *use* a model, and *recognise* the mistakes people make with their own pictures.
#
# **What to know first:** lesson 00. Lessons 02 and 03 explain what happens inside the layers, before or after this one.
#
# **Minutes:** to run, 1 in the smoke profile, 2 in quick, 30 in full. To study, 100; to teach, 130.

# %%
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from course_utils import startup

startup.load_keras()

# %%
import keras
import tensorflow as tf
from IPython.display import display
from keras import layers
from PIL import Image, ImageOps
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from course_utils import (
    claims,
    datasets,
    exercises,
    metrics,
    models,
    plots,
    profiles,
    progress,
    quizzes,
    recorded,
    training,
)

# %% [markdown]
# The parameters; the third is for a picture of your own.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of three seeds
my_picture: str = ""  # path of a picture of your own, such as "holiday.jpg"

# %%
keras.utils.set_random_seed(seed)
claims.begin("04", profile=profile, defaults=seed == 0)
seeds = [seed, seed + 1, seed + 2][: profiles.choose(profile, smoke=1, quick=3, full=3)]

# %% [markdown] tags=["slide"]
# ## Load, look, preprocess
#
# Program A reads grey pictures of 28 by 28 pixels, programs B and C colour pictures of 32 by 32. In quick all get
# `shapes`. In full A gets Fashion-MNIST, clothes, and B and C get CIFAR-10, photographs of animals and vehicles.

# %% tags=["slide"]
amount = profiles.choose(profile, smoke=200, quick=2000, full=None)  # None: all
if profile == "full":
    data_a, data_b = datasets.load("fashion_mnist"), datasets.load("cifar10")
else:
    data_a = datasets.load(
        "shapes", train=amount, validation=1000, test=1000, size=28, channels=1
    )
    data_b = datasets.load("shapes", train=amount, validation=1000, test=1000)
print("A:", data_a.train.x.shape, data_a.train.x.dtype, data_a.train.y.shape)
print("B, C:", data_b.train.x.shape, data_b.train.x.dtype, data_b.train.y.shape)
names = [data_b.class_names[label] for label in data_b.train.y[:20]]
plots.image_grid(
    data_b.train.x[:20],
    names,
    caption="Pictures for programs B and C. Look at them before you train.",
)

# %% [markdown] tags=["slide"]
# Pictures arrive as `uint8`, one byte for each number from 0 to 255. Labels are integers of shape `(n,)`. Three splits
# keep three jobs apart: training, choosing, and measuring once.
#
# Networks are usually fed small numbers, and the usual line for that is `x_train / 255.0`.
#
# *Predict first.* How much memory does the result take, compared with `x_train` itself: (a) as much, (b) four times as
# much, or (c) eight times?

# %% tags=["nbval-check-output"]
images = data_b.train.x[:100]
usual, better = images / 255.0, images / np.float32(255)
for label, scaled in (("/ 255.0", usual), ("/ np.float32(255)", better)):
    times = scaled.nbytes / images.nbytes
    print(f"{label:18} {scaled.dtype}  {times:.0f} times the memory")

# %% [markdown] tags=["slide"]
# *What you see.* NumPy turns a byte divided by a Python float into `float64`.
#
# > **Often said, not so:** *training data / 255.0 is how to prepare images.* It takes eight times the memory, and
# > Keras converts it to `float32` afterwards. On CIFAR-10 that is 1.2 GB instead of 154 MB. Keep the bytes, and let
# > the first layer of the model scale each batch; then the model cannot be used without its preprocessing.

# %% [markdown]
# *Exercise 04.1: pixels to float32.* Write `preprocess(images)`. It takes images as uint8, of any shape `(n, height,
# width, channels)`, and returns an array of the same shape, float32, with values between 0 and 1. *Example:* a pixel
# of 51 becomes 0.2. The input stays as it is.


# %% tags=["exercise"]
def preprocess(images):
    # your lines in the place of the dots
    ...


exercises.check("04.1", preprocess)

# %% [markdown] tags=["slide"]
# ## Build: one model, three forms
#
# A **Sequential** model is a list of layers; each takes what the one before it gives. Program A has two convolutions
# with pooling, then two dense layers; program C has a third convolution. `Input` says what one picture looks like, and
# the scaling stands inside.


# %% tags=["defines:models.program_a", "defines:models.program_c"]
def program_a(input_shape=(28, 28, 1), classes=10):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def program_c(input_shape=(32, 32, 3), classes=10):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


# %% [markdown]
# Program B differs from A in the size of its pictures and of one dense layer. We write it in the **functional** form:
# each layer is called on a **tensor**, an array with any number of axes, and gives a tensor. It says the same here;
# for models with branches, as in lesson 13, Sequential no longer fits.

# %% tags=["nbval-check-output"]
inputs = keras.Input((32, 32, 3))
x = layers.Rescaling(1 / 255)(inputs)
x = layers.Conv2D(32, 3, activation="relu")(x)  # (batch, 30, 30, 32)
x = layers.MaxPooling2D(2)(x)  # (batch, 15, 15, 32)
x = layers.Conv2D(64, 3, activation="relu")(x)  # (batch, 13, 13, 64)
x = layers.MaxPooling2D(2)(x)  # (batch, 6, 6, 64)
x = layers.Flatten()(x)
x = layers.Dense(128, activation="relu")(x)
outputs = layers.Dense(10, activation="softmax")(x)
model_b = keras.Model(inputs, outputs)
model_a, model_c = program_a(), program_c()
for name, model in (("A", model_a), ("B", model_b), ("C", model_c)):
    print(f"program {name}: {model.count_params():,} parameters")

# %% [markdown]
# The third form is a **subclassed** model: a class that makes its layers once, and whose method `call` says what
# happens to a batch.
#
# Do three forms make three models? We copy the weights of the functional one into the others (`models` holds B as a
# Sequential one) and compare the probabilities.


# %%
class SubclassedB(keras.Model):
    def __init__(self):
        super().__init__()
        self.scale = layers.Rescaling(1 / 255)
        self.first = layers.Conv2D(32, 3, activation="relu")
        self.second = layers.Conv2D(64, 3, activation="relu")
        self.pool, self.flatten = layers.MaxPooling2D(2), layers.Flatten()
        self.dense = layers.Dense(128, activation="relu")
        self.last = layers.Dense(10, activation="softmax")

    def call(self, images):
        x = self.pool(self.first(self.scale(images)))
        x = self.pool(self.second(x))
        return self.last(self.dense(self.flatten(x)))


batch, differences = data_b.train.x[:100], []
subclassed_b = SubclassedB()
subclassed_b(batch)  # its layers learn their shapes from the first batch
for form in (models.program_b(), subclassed_b):
    form.set_weights(model_b.get_weights())
    differences.append(float(np.abs(form(batch) - model_b(batch)).max()))
claims.claim(
    "04.c3", "The Sequential and the subclassed form of program B answer as the functional one does.",
    measured=differences, at_most=1e-6,
)  # fmt: skip

# %% [markdown]
# *What you see.* One model, written in three ways. Take the first form that fits: no second model can be cut out of a
# subclassed one, as we do below to see feature maps, and its file can only be loaded where the class is known.

# %% [markdown]
# *Exercise 04.2: parameters of a dense layer by hand.* Compute `dense_parameters`, the number of parameters, weights
# and biases, of program B's layer *dense 128*, from the shapes that stand beside the functional form above; a formula
# is as good as a number. *Example:* the layer *dense 10* has 128 x 10 + 10 = 1,290. Do it before the next cells.

# %% tags=["exercise"]
dense_parameters = ...
exercises.check("04.2", dense_parameters)

# %% [markdown]
# Where do the parameters sit? A convolution has 3 by 3 weights for each pair of an input and an output channel; a
# dense layer has one weight for every pair of numbers. Pooling has none, but makes the maps smaller, so that the dense
# layer after flatten needs fewer. The work, counted in multiply-adds (a product, added to a sum), is another matter: a
# kernel is used again at every position.

# %%
weighty = [layer for layer in model_b.layers if layer.count_params()]
size, work = np.array([layer.count_params() for layer in weighty]), []
for layer in weighty:
    positions = int(np.prod(layer.output.shape[1:-1]))  # 1 for a dense layer
    work.append(int(np.prod(layer.kernel.shape)) * positions)
    kernel = str(tuple(layer.kernel.shape))
    print(f"{kernel:16} {layer.count_params():8,} parameters  {work[-1]:10,} multiply-adds")  # fmt: skip
claims.claim(
    "04.c1", "Most parameters of program B are in one dense layer.",
    measured=[size[2] / sum(size)], at_least=0.9,
)  # fmt: skip
claims.claim(
    "04.c2", "Most multiply-adds of program B are in its two convolutions.",
    measured=[sum(work[:2]) / sum(work)], at_least=0.9,
)  # fmt: skip

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *a CNN is cheap because it has few parameters.* In program B one dense layer holds 295,040
# > of the 315,722 parameters, while the two convolutions do nine tenths of the multiply-adds. Parameters cost memory,
# > multiply-adds mostly time, and they sit apart. Program C works more and is smaller by far: the maps that reach its
# > dense layer are smaller, and that layer has half as many units.

# %% [markdown]
# *Exercise 04.3: a functional model.* Write `build_model(classes)`. It returns a Keras model for RGB images that are
# 24 pixels high and 40 wide, with at least one convolution, and gives the probability of each class, the softmax of
# the last layer's scores: outputs of shape `(batch, classes)`. *Example:* `build_model(7).output_shape` is `(None, 7)`.


# %% tags=["exercise"]
def build_model(classes):
    # your lines in the place of the dots
    ...


exercises.check("04.3", build_model)

# %% [markdown] tags=["slide"]
# ## Compile: the loss that fits the labels
#
# Our labels are integers. Many programs turn them into rows with a single 1, the **one-hot** form, and use
# `categorical_crossentropy`. Others use `sparse_categorical_crossentropy` on the integers. Which is better?

# %% tags=["nbval-check-output"]
probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]], dtype="float32")
integers = np.array([0, 1])
one_hot = keras.utils.to_categorical(integers, 3)  # [[1, 0, 0], [0, 1, 0]]
sparse = keras.losses.sparse_categorical_crossentropy(integers, probabilities)
dense = keras.losses.categorical_crossentropy(one_hot, probabilities)
print("sparse:", np.round(sparse, 4), "  categorical:", np.round(dense, 4))

# %% [markdown] tags=["slide"]
# *What you see.* The same numbers: minus the natural logarithm of the probability of the right class. The two
# functions differ in the form of the labels that they take, and in nothing else.
#
# > **Often said, not so:** *use categorical_crossentropy, whatever the labels.* Integer labels have one axis too few
# > for it: it stops with an error about the rank, which is the number of axes.

# %% [markdown] tags=["slide"]
# ## Train, with callbacks
#
# Batches of 32 and Adam, as the programs prescribe, for five epochs in quick and ten in full. A **callback** is an
# object whose methods `fit` calls along the way. Three that people use: `ModelCheckpoint` writes the model to a file
# whenever it is the best so far; `EarlyStopping` ends the training when three epochs in a row bring nothing better,
# and goes back to the best; `TensorBoard` writes down the curves. Best is what the validation images say, on which the
# model does not learn. `training.reset` gives a compiled model new starting weights, fixed by the seed, and a fresh
# optimiser.

# %% tags=["slide"]
epochs = profiles.choose(profile, smoke=1, quick=5, full=10)
workspace = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
folder = Path(workspace.name)  # for the files of this notebook, gone when it closes
for model in (model_a, model_b, model_c):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

events = folder / "events"
callbacks = [
    keras.callbacks.ModelCheckpoint(folder / "best.keras", monitor="val_accuracy", save_best_only=True),
    keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=3, restore_best_weights=True),
    keras.callbacks.TensorBoard(events),
]  # fmt: skip
training.reset(model_b, seed=seed)
history = model_b.fit(
    data_b.train.x, data_b.train.y, validation_data=(data_b.validation.x, data_b.validation.y),
    batch_size=32, validation_batch_size=500, epochs=epochs, callbacks=callbacks, verbose=0,
).history  # fmt: skip
best = keras.models.load_model(folder / "best.keras")
pairs = list(zip(best.get_weights(), model_b.get_weights(), strict=True))
print("best epoch:", np.argmax(history["val_accuracy"]) + 1)
print("the file holds its weights:", all(np.array_equal(*pair) for pair in pairs))
plots.learning_curves(
    history,
    caption="Program B. Compare the two curves of each panel, not only their height.",
)

# %% [markdown]
# *What you see.* Both losses fall. At first validation looks better: the training figures are means over an epoch in
# which the weights still improve, and validation comes at its end. Where the training loss leaves the validation loss
# behind, the model has begun to learn its own pictures by heart.
#
# `tensorboard --logdir FOLDER` in a terminal draws the curves in a browser while a training runs, from *events* in
# files. Are they the curves of `history`? We read them back.

# %%
differences = []
for split, name in (("train", "loss"), ("validation", "val_loss")):
    written = EventAccumulator(str(events / split)).Reload().Tensors("epoch_loss")
    curve = [tf.make_ndarray(event.tensor_proto).item() for event in written]
    differences.append(float(np.abs(np.array(curve) - history[name]).max()))
    print(f"{split:10}", [round(value, 3) for value in curve])
claims.claim(
    "04.c6", "TensorBoard's events hold the losses of the history.",
    measured=differences, at_most=1e-6,
)  # fmt: skip

# %% [markdown]
# A long training gets interrupted. `BackupAndRestore` writes weights, optimiser and epoch to a folder after each
# epoch. To try it, a callback of our own raises `KeyboardInterrupt`, as the stop button does, within the third epoch.


# %%
class StopButton(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):  # epochs are counted from 0
        self.third = epoch == 2

    def on_train_batch_end(self, batch, logs=None):
        if self.third and batch == 2:
            raise KeyboardInterrupt


def four_epochs(model, *callbacks):
    x_few, y_few = data_b.train.x[:320], data_b.train.y[:320]
    return model.fit(
        x_few, y_few, epochs=4, shuffle=False, callbacks=list(callbacks), verbose=0
    )


# %% [markdown] tags=["slide"]
# First four epochs without interruption, for comparison. Then the same, interrupted; then other weights, so that
# nothing is left in memory; and `fit` again.
#
# *Predict first.* How many epochs does the last `fit` run: (a) four, (b) two, or (c) one and a half?

# %%
interrupted = models.program_b()
interrupted.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
training.reset(interrupted, seed=seed)
four_epochs(interrupted)
never_stopped = interrupted.get_weights()

backup = keras.callbacks.BackupAndRestore(folder / "backup")
training.reset(interrupted, seed=seed)
try:
    four_epochs(interrupted, backup, StopButton())
except KeyboardInterrupt:
    print("interrupted in epoch 3")
training.reset(interrupted, seed=seed + 1)
resumed = four_epochs(interrupted, backup)
print("epochs of the last fit:", [epoch + 1 for epoch in resumed.epoch])

pairs = zip(never_stopped, interrupted.get_weights(), strict=True)
claims.claim(
    "04.c7", "The training that was interrupted ends with the weights of the one that was not.",
    measured=[max(float(np.abs(one - other).max()) for one, other in pairs)], at_most=1e-5,
)  # fmt: skip

# %% [markdown]
# *What you see.* Epochs 3 and 4, and the same weights. With `shuffle=True`, the default, a run goes on too, but in
# another order: the backup does not hold the state of the random numbers. (Once seeded, `fit` in Keras 3.15 on
# TensorFlow shuffles alike in every epoch; lesson 05 mends that.) The model keeps the epoch that it went on from, and
# every later `fit` begins there; hence a model of its own.
#
# Which weights do we keep? Those of the last epoch are where a restless walk happened to stop; early stopping picks
# its best point. A third answer is **weight averaging**: the mean of the weights at the ends of several epochs, here
# without the first two.


# %%
class AverageOfWeights(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.kept = []

    def on_epoch_end(self, epoch, logs=None):
        if epoch >= 2:  # from the third epoch on
            self.kept.append(self.model.get_weights())

    def on_train_end(self, logs=None):
        if self.kept:
            means = [np.mean(same, axis=0) for same in zip(*self.kept, strict=True)]
            self.model.set_weights(means)


# %% [markdown] tags=["slide"]
# ## Measure: three programs, three seeds
#
# Why this callback? Validation chose it: for program B on CIFAR-10 (JPEG copy), with other seeds than these, the mean
# over epochs 3 to 10 did better than the best single epoch, the mean of all ten, and that of the last five. Now the
# test set is opened, once for each run.


# %%
def train_and_test(model, data, seed):
    training.reset(model, seed=seed)
    started = time.perf_counter()
    history = model.fit(
        data.train.x, data.train.y, validation_data=(data.validation.x, data.validation.y),
        batch_size=32, validation_batch_size=500, epochs=epochs,
        callbacks=[AverageOfWeights()], verbose=0,
    ).history  # fmt: skip
    seconds = time.perf_counter() - started
    scores = [
        model.evaluate(split.x, split.y, batch_size=500, verbose=0)[1]
        for split in (data.validation, data.test)
    ]
    return {
        "best epoch, validation": max(history["val_accuracy"]),
        "average, validation": scores[0],
        "average, test": scores[1],
        "training seconds": seconds,
    }


# %% [markdown] tags=["slide"]
# *Predict first.* In quick the curves above still rise. Will the average be (a) ahead of the best single epoch, as on
# CIFAR-10, (b) level with it, or (c) behind?

# %% tags=["slide"]
programs = {
    "program A": (model_a, data_a),
    "program B": (model_b, data_b),
    "program C": (model_c, data_b),
}
runs, weights_b = {name: [] for name in programs}, []
for current in seeds:
    for name, (model, data) in programs.items():
        runs[name].append(train_and_test(model, data, current))
    weights_b.append(model_b.get_weights())
figures = {
    measure: {name: [run[measure] for run in runs[name]] for name in programs}
    for measure in runs["program A"][0]
}
plots.comparison(
    figures["average, test"],
    label="test accuracy",
    chance=0.1,
    caption="Three runs each. A sees other pictures than B and C: compare the lower two rows with each other.",
)

# %% [markdown]
# Means and standard deviations of this run and of a full one: the same cells on the benchmarks, less 5,000 training
# pictures for validation. (The machine did other work as well: the seconds rank nothing.)

# %%
if profile == "full":
    sources = f"{data_a.card.label} (A), {data_b.card.label} (B, C)"
    recorded.save("04_programs", figures, data=sources, seeds=seeds)
enough = profiles.choose(profile, smoke=0.0, quick=0.35, full=0.66)
claims.claim(
    "04.c8", "On average program B is right on the share of test pictures that this profile asks for.",
    measured=[np.mean(figures["average, test"]["program B"])], at_least=enough,
)  # fmt: skip
accuracies = figures["average, test"].values()
claims.claim(
    "04.c9", "Every run of the three programs is right at least three times as often as guessing.",
    measured=[value / 0.1 for values in accuracies for value in values], at_least=3, unit="times",
)  # fmt: skip
earlier = recorded.load("04_programs")
for source, measured in (("this run", figures), (earlier, earlier.figures)):
    print(source)
    for measure, values in measured.items():
        summary = {name[-1]: metrics.mean_and_spread(values[name]) for name in values}
        n = 0 if measure == "training seconds" else 3  # digits behind the point
        row = "  ".join(f"{k} {m:.{n}f} ± {d:.{n}f}" for k, (m, d) in summary.items())
        print(f"  {measure:22}  {row}")

# %% [markdown] tags=["slide"]
# *What you see.* In quick the average is behind, likely because the weights still move one way and their mean lags. In
# the recorded run, where they wander about, it is level or ahead. What helps a long training can harm a short one.
# Test pictures of `shapes` are drawn over other photographs: likely why their figures are lower.
#
# > **Often said, not so:** *pass the test set as `validation_data`.* Then every choice you make while looking at the
# > curves is made on the test set, and its figure is too good. Keep three splits.

# %% [markdown] tags=["slide"]
# ## Look at the mistakes, and inside
#
# Accuracy is an average. (We may look at test pictures: nothing is changed afterwards. To improve a model, look at
# the validation set.) Which classes does the program B trained last find, and which does it confuse? Recall is
# the share of a class's pictures that were found; precision is the share of right ones among the pictures given
# that name.

# %% tags=["slide"]
probabilities_b = model_b.predict(data_b.test.x, verbose=0)
answers = probabilities_b.argmax(axis=1)
scores = {
    "recall": metrics.per_class_recall(data_b.test.y, answers, classes=10),
    "precision": metrics.per_class_precision(data_b.test.y, answers, classes=10),
}
each = plots.per_class_scores(
    scores,
    data_b.class_names,
    caption="A class can be found often and still be named too often.",
)
display(each)
counts = metrics.confusion_matrix(data_b.test.y, answers, classes=10)
plots.confusion_matrix(
    counts, data_b.class_names, caption="Rows are true classes, columns are answers."
)

# %% [markdown]
# *What you see.* A class with a low recall is often missed, and its row says what it is taken for; a class with a low
# precision attracts others, and its column says which. In the stored run squares are missed most, and *triangle*
# attracts most others. With 100 pictures a class, as in quick, scores move by several points.

# %% tags=["slide"]
wrong = np.flatnonzero(answers != data_b.test.y)[:12]
plots.predictions(
    data_b.test.x[wrong], data_b.test.y[wrong], probabilities_b[wrong], data_b.class_names,
    caption="Twelve mistakes. Which are explained by the form, and which would you not have made?",
)  # fmt: skip

# %% [markdown]
# *Exercise 04.4: recall of each class.* Write `per_class_recall(confusion)`. It takes a confusion matrix of shape
# `(classes, classes)`, rows true and columns predicted, in which every class occurs, and returns the recall of each
# class as an array `(classes,)`. *Example:* for a class with the row `[2, 6, 2]` in second place it is 0.6.


# %% tags=["exercise"]
def per_class_recall(confusion):
    # your lines in the place of the dots
    ...


exercises.check("04.4", per_class_recall)

# %% [markdown]
# What has the first convolution learned? Its 32 kernels are 3 by 3 weights for each colour channel. A **feature map**
# is the answer of one kernel at every position. A second model that shares the first layers and ends there gives the
# maps.

# %% tags=["slide"]
kernels = model_b.layers[2].kernel.numpy()  # (3, 3, 3, 32)
display(plots.filters(kernels, caption="The 32 kernels of the first convolution."))
first_layers = keras.Model(model_b.input, model_b.layers[2].output)
maps = first_layers(data_b.test.x[:1]).numpy()  # (1, 30, 30, 32)
shows = data_b.class_names[data_b.test.y[0]]  # a later cell names it
plots.feature_maps(maps[0], caption="One picture in 32 maps. Which class does it show?")

# %% [markdown] tags=["slide"]
# *What you see.* The kernels alone tell little. The maps keep the layout of the picture. Many light up at an edge on
# one side, a few at whole bright areas, and some stay dark.
#
# > **Often said, not so:** *each kernel looks for a thing that one can name.* Try it on these maps: few ask for a word,
# > and a name given after looking at one picture is a guess.

# %% [markdown] tags=["slide"]
# ## Save, export, use
#
# One `.keras` file holds the architecture, the weights and the state of the optimiser: three numbers a parameter, since
# Adam keeps two beside each weight. Is that all that is needed? A fresh process shows it.

# %%
script = """
import sys
import keras
import numpy as np
model = keras.models.load_model(sys.argv[1])
images = np.load(sys.argv[2])["images"]
np.save(sys.argv[3], model.predict(images, verbose=0))
"""
files = [str(folder / name) for name in ("b.keras", "images.npz", "answers.npy")]
model_b.save(files[0])
np.savez(files[1], images=data_b.test.x[:100])
subprocess.run([sys.executable, "-c", script, *files], check=True, capture_output=True)
there = np.load(files[2])
print(
    f"the file: {Path(files[0]).stat().st_size / 1e6:.1f} MB; the answers: {there.shape}"
)
claims.claim(
    "04.c4", "The file, loaded in a fresh process, gives the same probabilities.",
    measured=[float(np.abs(there - probabilities_b[:100]).max())], at_most=1e-5,
)  # fmt: skip

# %% [markdown]
# A program that only answers needs no optimiser and no Keras. `export` writes the computation and its weights alone, as
# a folder that TensorFlow's serving tools read.

# %%
tf.get_logger().setLevel("WARNING")  # without a line on where the files are
model_b.export(folder / "served", verbose=False)
served = tf.saved_model.load(str(folder / "served"))
answered = served.serve(data_b.test.x[:100]).numpy()
gap = float(np.abs(answered - probabilities_b[:100]).max())
claims.claim("04.c10", "The exported model gives the same probabilities.", measured=[gap], at_most=1e-5)  # fmt: skip

# %% [markdown]
# Now a picture of your own. Put its path into the parameter `my_picture`; without one, an enlarged test picture stands
# in. Program B finds one of its ten classes in any photograph. Telephones store the turn of a picture beside it;
# `exif_transpose` applies it. `ImageOps.fit` cuts out the middle square and makes it small, each new pixel a weighted
# mean of many. So it becomes what the model was trained on: RGB, 32 by 32, from 0 to 255, and a batch of one.

# %%
stand_in = Image.fromarray(data_b.test.x[0]).resize((300, 300))
picture = ImageOps.exif_transpose(Image.open(my_picture) if my_picture else stand_in)
small = ImageOps.fit(picture.convert("RGB"), (32, 32))
ready = np.asarray(small)[np.newaxis]  # (1, 32, 32, 3), uint8
answer = model_b.predict(ready, verbose=0)[0]
print(data_b.class_names[answer.argmax()], f"{100 * answer.max():.0f} %; stand-in: {shows}")  # fmt: skip

# %% [markdown]
# Five mistakes are common at this point. One is found at once: the picture goes in without the axis of the batch.

# %%
try:
    model_b(np.asarray(small))
except ValueError as error:
    print(error)

# %% [markdown] tags=["slide"]
# The other four raise no error. OpenCV reads blue first; old scripts divide by 255 what the model divides already; a
# stored turn is ignored; `resize((32, 32))` squeezes a wide picture into the square.
#
# *Predict first.* Which costs most: (a) red and blue swapped, (b) values scaled to 0..1 for a model that scales
# itself, (c) the picture upside down, or (d) squeezed to two thirds of its width?

# %% tags=["slide"]
x_test = data_b.test.x
# wider by mirrored borders, then pressed into the old size
wide = np.pad(x_test, ((0, 0), (0, 0), (8, 8), (0, 0)), mode="reflect")
squeezed = tf.image.resize(wide, (32, 32), antialias=True).numpy()
prepared = {
    "as it should be": x_test,
    "red and blue swapped": x_test[..., ::-1],
    "scaled twice": x_test / np.float32(255),
    "upside down": x_test[:, ::-1, ::-1],  # a half turn, no mirror image
    "squeezed": squeezed.astype("uint8"),
}
mistaken, said = {name: [] for name in prepared}, {}
for weights in weights_b:  # the three networks trained above
    model_b.set_weights(weights)
    for name, images in prepared.items():
        given = model_b.predict(images, batch_size=500, verbose=0)
        said[name] = given.argmax(axis=1)
        mistaken[name].append(metrics.accuracy(data_b.test.y, said[name]))
plots.comparison(
    mistaken,
    label="test accuracy of program B",
    chance=0.1,
    caption="The same three networks, fed in five ways.",
)

# %% [markdown]
# One picture for each mistake.

# %% tags=["slide"]
pictures, titles = [], []
for name in list(prepared)[1:]:
    spoiled = (answers == data_b.test.y) & (said[name] != data_b.test.y)
    chosen = spoiled.argmax()  # the first one
    pictures.append(prepared[name][chosen].astype("uint8"))
    before, after = (data_b.class_names[k[chosen]] for k in (answers, said[name]))
    titles.append(f"{name}\n{before}\n→ {after}")
claims.claim(
    "04.c5", "Scaling twice brings program B down to at most twice the accuracy of guessing.",
    measured=mistaken["scaled twice"], at_most=0.2,
)  # fmt: skip
plots.image_grid(
    np.array(pictures),
    titles,
    size=1.8,
    caption="Each title: the mistake, the answer without it, the answer with it.",
)

# %% [markdown]
# *What you see.* Scaled twice, every picture is nearly black, and accuracy falls to about that of guessing. Upside
# down and squeezed cost much on `shapes`; there an arrow turned round is the other arrow. Red and blue swapped cost
# little, likely because no class has a colour of its own; where colour tells classes apart, expect otherwise.

# %% [markdown]
# *Exercise 04.5: predict one picture.* The function below is meant to say what is in one picture that OpenCV has
# read: uint8, `(height, width, 3)`, blue first. This model, unlike program B, does not scale: it was trained on RGB
# pictures with values from 0 to 1. Height and width are right. The function has three faults, and mending one of them
# changes the shape of the answer too. Mend it: it returns a pair of the class name (str) and its probability (float).
#
# ```python
# def predict_one(model, picture, class_names):
#     probabilities = model.predict(picture.astype("float32"), verbose=0)
#     best = np.argmax(probabilities)
#     return class_names[best], float(probabilities[best])
# ```
#
# *Example of a result:* `("blue", 0.83)`.


# %% tags=["exercise"]
def predict_one(model, picture, class_names):
    # your lines in the place of the dots
    ...


exercises.check("04.5", predict_one)

# %% [markdown]
# *Exercise 04.6: read the learning curves.* A model was trained for six epochs, once. Its losses stand in the cell.
# Write two or three sentences in `reading`: what the losses show, after which epoch you would stop and why, and what
# they do not show. No machine can mark this; you get another answer to compare yours with.

# %% tags=["exercise"]
training_loss = [1.60, 1.20, 0.90, 0.62, 0.41, 0.25]
validation_loss = [1.50, 1.25, 1.10, 1.08, 1.20, 1.40]
reading = ...
exercises.check("04.6", reading)

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You wrote one model in three forms and found where its parameters and its work sit. You let the model scale bytes,
# and took the loss that fits integer labels. You trained on one split and watched another, with callbacks that keep,
# stop, record, resume and average; the third split you opened at the end. You read curves, scores, a confusion matrix
# and maps. You saved, exported and used a model, and saw silent mistakes spoil its answers.

# %% [markdown]
# Five questions, the first on labels.

# %%
quizzes.ask("04.q1")
quizzes.answer("04.q1", ...)

# %% [markdown]
# Where do the parameters sit?

# %%
quizzes.ask("04.q2")
quizzes.answer("04.q2", ...)

# %% [markdown]
# More than one may be right.

# %%
quizzes.ask("04.q3")
quizzes.answer("04.q3", ...)

# %% [markdown]
# Now a number.

# %%
quizzes.ask("04.q4")
quizzes.answer("04.q4", ...)

# %% [markdown]
# The curves once more.

# %%
quizzes.ask("04.q5")
quizzes.answer("04.q5", ...)

# %% [markdown]
# What stays open: where does it lead when the training loss goes on falling and the validation loss does not, and what
# helps? That is [lesson 05](05_overfitting_and_augmentation.ipynb).

# %% tags=["nbval-check-output"]
progress.show("04")
