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
# # One model, four frameworks
#
# Sooner or later you meet a model that is written in another framework than yours. This lesson writes one small network
# four times: with Keras and `fit`, with a loop in TensorFlow, in PyTorch and in JAX. It moves the same weights from one
# to the next and looks whether the numbers agree. Then three libraries read and shrink pictures, and there the numbers
# do not always agree.
#
# **After this notebook you can**
#
# - *write* a training loop yourself, with the gradient from TensorFlow, PyTorch or JAX, and *read* the other two;
# - *move* weights between frameworks, and *test* that the copy gives the same logits;
# - *name* the settings that differ between frameworks without an error;
# - *shrink* pictures in the same way in training and in use, and *say* what a mismatch costs;
# - *choose* a framework for a task from measured facts.
#
# **What to know first:** lessons 03 and 04. Lesson 02 explains logits, momentum and Adam.
#
# **Minutes:** to run, 1 in the smoke profile, 2 in quick, 10 in full. To study, 90; to teach, 120.

# %%
import inspect
import io
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib import import_module, metadata, util
from pathlib import Path

import numpy as np
import skimage.data

from course_utils import startup

print(startup.load_keras())
import cv2
import keras
import tensorflow as tf
from keras import layers
from PIL import Image

from course_utils import claims, datasets, exercises, plots, profiles, progress, quizzes
from course_utils import recorded, training

torch, jax = (import_module(n) if util.find_spec(n) else None for n in ("torch", "jax"))

# %% [markdown]
# The last line imports PyTorch and JAX where they are installed.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of three seeds

# %%
keras.utils.set_random_seed(seed)
claims.begin("14", profile=profile, defaults=seed == 0)
seeds = [seed, seed + 1, seed + 2]
epochs = profiles.choose(profile, smoke=1, quick=6, full=6)
steps = profiles.choose(profile, smoke=20, quick=100, full=200)

# %% [markdown] tags=["slide"]
# ## Twice in TensorFlow: `fit` and a loop
#
# To compare frameworks number by number, everything else has to be equal: the pictures, their order, the starting
# weights, the optimiser. So the batches are cut one after the other, without shuffling.


# %%
def centred(images):
    return images / np.float32(255) - np.float32(0.5)


source = "cifar10" if profile == "full" else "shapes"
data = datasets.load(source, train=32 * steps, validation=1000, test=100)
x, x_validation = centred(data.train.x), centred(data.validation.x)
y, y_validation = data.train.y, data.validation.y

# %% [markdown]
# The model has two convolutions, each with pooling, and one dense layer that gives the logits. The optimiser is
# stochastic gradient descent with momentum, because all four frameworks compute it alike as long as the learning rate
# stays as it is. What happens otherwise is exercise 14.3.

# %%
learning_rate, momentum = 0.02, 0.9


def keras_cnn():
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


model = keras_cnn()
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate, momentum=momentum),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
print([weights.shape for weights in model.get_weights()])

# %% [markdown]
# With Keras, training is one line. To see the loss of each step we need a callback with methods of our own. The loss
# that `fit` reports during an epoch is not that of the last batch but the mean of all batches so far; the callback
# turns means into single losses.


# %%
class StepLog(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.losses, self.clock = [], [time.perf_counter()]

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(logs["loss"] * (batch + 1) - sum(self.losses))
        self.clock.append(time.perf_counter())


def train_keras(start, x, y, x_validation):
    training.reset(model, seed=0)  # for a fresh optimiser
    model.set_weights(start)
    log = StepLog()
    model.fit(x, y, batch_size=32, shuffle=False, verbose=0, callbacks=[log])
    return log.losses, np.diff(log.clock), model.predict(x_validation, verbose=0)


def run_steps(step, x, y):  # the same for the other three, which have no fit
    losses, clock = [], [time.perf_counter()]
    for first in range(0, len(x), 32):
        losses.append(float(step(x[first : first + 32], y[first : first + 32])))
        clock.append(time.perf_counter())
    return losses, np.diff(clock)


# %% [markdown]
# Without Keras, the forward pass is a few calls on arrays. A **gradient tape** records what is computed inside its
# `with` block, so that `tape.gradient` can go back through it: backpropagation. The two lines of the inner loop are the
# optimiser. `tf.function` turns the Python function into a compiled graph the first time that it is called.


# %%
def tensorflow_logits(weights, images):
    maps = images
    for kernel, bias in (weights[0:2], weights[2:4]):
        maps = tf.nn.relu(tf.nn.conv2d(maps, kernel, strides=1, padding="SAME") + bias)
        maps = tf.nn.max_pool2d(maps, ksize=2, strides=2, padding="VALID")
    return tf.reshape(maps, (-1, 8 * 8 * 32)) @ weights[4] + weights[5]


def train_tensorflow(start, x, y, x_validation, compiled=True):
    weights = [tf.Variable(array) for array in start]
    velocities = [tf.Variable(tf.zeros_like(array)) for array in start]
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits

    def step(images, labels):
        with tf.GradientTape() as tape:
            logits = tensorflow_logits(weights, images)
            loss = tf.reduce_mean(cross_entropy(labels=labels, logits=logits))
        triples = zip(weights, velocities, tape.gradient(loss, weights), strict=True)
        for weight, velocity, gradient in triples:
            velocity.assign(momentum * velocity - learning_rate * gradient)
            weight.assign_add(velocity)
        return loss

    losses, seconds = run_steps(tf.function(step) if compiled else step, x, y)
    return losses, seconds, tensorflow_logits(weights, x_validation).numpy()


# %% [markdown]
# Three seeds give three starts, the same for both ways.

# %%
starts = []
for current in seeds:
    training.reset(model, seed=current)
    starts.append(model.get_weights())
runs = {
    "Keras fit": [train_keras(start, x, y, x_validation) for start in starts],
    "TensorFlow loop": [
        train_tensorflow(start, x, y, x_validation) for start in starts
    ],
}
fit, loop = (np.array([run[0] for run in results]) for results in runs.values())
print("Keras fit:       ", np.round(fit[0, :20:4], 5))
print("TensorFlow loop: ", np.round(loop[0, :20:4], 5))
claims.claim(
    "14.c1", "In the first 20 steps, the losses of Keras fit and of the loop differ by at most 0.001.",
    measured=np.abs(fit - loop)[:, :20].max(axis=1), at_most=1e-3,
)  # fmt: skip

# %% [markdown]
# *What you see.* The same figures to about five digits. `fit` hides nothing that you could not write yourself in
# twenty lines. It saves you shuffling, validation, callbacks and metrics.
#
# Is compiling worth it? The same loop, this time in **eager execution**: each operation runs when Python
# reaches it.

# %%
_, eager, _ = train_tensorflow(starts[0], x, y, x_validation, compiled=False)
first, *compiled = 1000 * runs["TensorFlow loop"][0][1]
print(f"compiled: first step {first:.0f} ms, a later one {np.median(compiled):.0f} ms")
ratio = 1000 * np.median(eager[1:]) / np.median(compiled)
claims.claim("14.c2", "Eager steps take longer.", measured=[ratio], at_least=1.1, unit="times", about_time=True)  # fmt: skip

# %% [markdown]
# *What you see.* The first compiled step is slow, the later ones are fast: whoever times a framework by its first step
# measures the compiler. Expect less gain from a larger model, where Python's share of a step is small.

# %% [markdown] tags=["slide"]
# ## PyTorch and JAX
#
# Both are extras of this course, because they are large. Without them this notebook runs and shows recorded figures;
# the code below is the code that made them. To get both, type in a terminal, in the course's folder:
# `pip install ".[frameworks]"`. On Linux that brings the large build of PyTorch; its installation
# page, pytorch.org, has the line for a small one.

# %% [markdown]
# In PyTorch a model can be a list of layers as in Keras. Three things differ: images are `(batch, channels, height,
# width)`, a layer wants to know its number of inputs, and activation and padding are spelled out. Kernels have the axes
# `(filters, channels, rows, columns)`, where Keras has `(rows, columns, channels, filters)`.


# %%
def torch_weights(weights):
    kernel_1, bias_1, kernel_2, bias_2, dense, bias_3 = weights
    kernels = [kernel.transpose(3, 2, 0, 1) for kernel in (kernel_1, kernel_2)]
    by_place = dense.reshape(8, 8, 32, 10)  # rows, columns, channels, classes
    channels_first = by_place.transpose(3, 2, 0, 1).reshape(10, 2048)
    return [kernels[0], bias_1, kernels[1], bias_2, channels_first, bias_3]


def torch_cnn(weights):
    nn = torch.nn
    network = nn.Sequential(
        nn.Conv2d(3, 16, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 8 * 8, 10),
    )  # fmt: skip
    with torch.no_grad():
        pairs = zip(network.parameters(), torch_weights(weights), strict=True)
        for parameter, array in pairs:
            parameter.copy_(torch.from_numpy(array.copy()))
    return network


# %% [markdown]
# The convolution kernels need their axes turned. The dense layer needs more. `Flatten` in Keras runs through the maps
# row by row with the channels innermost; in PyTorch it takes one whole channel after the other. So the rows of the
# dense kernel must be put into another order, and its two axes swapped.
#
# The loop of PyTorch has no tape to open: each tensor remembers where it comes from. `backward` adds gradients to what
# is there, hence `zero_grad` before it.


# %%
def train_torch(start, x, y, x_validation):
    network = torch_cnn(start)
    optimizer = torch.optim.SGD(network.parameters(), learning_rate, momentum=momentum)
    cross_entropy = torch.nn.CrossEntropyLoss()  # takes logits and integer labels

    def predict(images):
        return network(torch.from_numpy(images).permute(0, 3, 1, 2))

    def step(images, labels):
        loss = cross_entropy(predict(images), torch.from_numpy(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    losses, seconds = run_steps(step, x, y)
    return losses, seconds, predict(x_validation).detach().numpy()


# %% [markdown]
# JAX has neither layers nor optimisers of its own; other packages add them. It has NumPy's functions, and functions
# that take a function and give another: `value_and_grad` gives its gradient, `jit` compiles it. Nothing is changed in
# place: weights go in, new weights come out.


# %%
def jax_logits(weights, images):
    maps, window = images, (1, 2, 2, 1)
    for kernel, bias in (weights[0:2], weights[2:4]):
        maps = jax.lax.conv_general_dilated(
            maps, kernel, window_strides=(1, 1), padding="SAME",
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )  # fmt: skip
        maps = jax.nn.relu(maps + bias)
        maps = jax.lax.reduce_window(
            maps, -np.inf, jax.lax.max, window, window, padding="VALID"
        )
    return maps.reshape(len(images), -1) @ weights[4] + weights[5]


# %% [markdown]
# The letters say the order of the axes: N for the batch, H and W for height and width, C for channels, I and O for the
# inputs and outputs of a kernel. With these letters Keras's arrays fit as they are.


# %%
def train_jax(start, x, y, x_validation):
    def loss(weights, images, labels):
        logs = jax.nn.log_softmax(jax_logits(weights, images))
        return -logs[np.arange(len(labels)), labels].mean()

    @jax.jit
    def update(weights, velocities, images, labels):
        value, gradients = jax.value_and_grad(loss)(weights, images, labels)
        pairs = zip(velocities, gradients, strict=True)
        velocities = [momentum * v - learning_rate * g for v, g in pairs]
        weights = [w + v for w, v in zip(weights, velocities, strict=True)]
        return value, weights, velocities

    weights, velocities = list(start), [np.zeros_like(array) for array in start]

    def step(images, labels):
        nonlocal weights, velocities
        value, weights, velocities = update(weights, velocities, images, labels)
        return value

    losses, seconds = run_steps(step, x, y)
    return losses, seconds, np.asarray(jax_logits(weights, x_validation))


# %% [markdown] tags=["slide"]
# ## Same weights, same answers
#
# Logits of an untrained network are small, and small numbers agree easily. So Keras trains for a few epochs from each
# start.

# %%
trained = []
for start in starts:
    training.reset(model, seed=seed)
    model.set_weights(start)
    model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    trained.append(model.get_weights())

# %% [markdown]
# PyTorch and JAX take their turn where they are installed: trained for no steps at all, each gives the logits of the
# weights that it was given. Where both are there, the figures are those of this run; otherwise the same cells
# recorded them in the full profile.

# %%
others = {"PyTorch": train_torch} if torch else {}
others |= {"JAX": train_jax} if jax else {}
logits = {"Keras fit": [], "TensorFlow loop": []}
for weights in trained:
    model.set_weights(weights)
    logits["Keras fit"].append(model.predict(x_validation, verbose=0))
    logits["TensorFlow loop"].append(tensorflow_logits(weights, x_validation).numpy())
for name, train in others.items():
    logits[name] = [train(w, x[:0], y[:0], x_validation)[2] for w in trained]
apart = {
    name: np.abs(np.subtract(results, logits["Keras fit"])).max(axis=(1, 2)).tolist()
    for name, results in logits.items()
}
complete = len(logits) == 4
earlier = None if complete else recorded.load("14_frameworks")
shown = apart if complete else earlier.figures["apart"]
print("from this run" if complete else earlier)
for name, values in shown.items():
    print(f"{name:16} furthest logit from Keras: {max(values):.1e}")
claims.claim(
    "14.c3", "With equal weights, the logits of all four lie within 0.0001 of Keras's.",
    measured=[max(values) for values in shown.values()], at_most=1e-4,
)  # fmt: skip

# %% [markdown] tags=["slide"]
# *What you see.* What is left is rounding: the same sums in another order. No move should go without such a test. Here
# are two careless moves that give arrays of the right shapes:
#
# - the dense kernel goes over with its rows in the old order;
# - the convolution kernels are turned with `.T`, which reverses all four axes and so swaps rows and columns.
#
# *Predict first.* Which costs more accuracy: (a) the dense rows, (b) the turned kernels, or (c) neither, since all the
# weights are still there?


# %% tags=["slide"]
def dense_in_old_order(weights):  # what PyTorch would compute with them
    mixed = weights[4].reshape(32, 8, 8, 10).transpose(1, 2, 0, 3)
    return [*weights[:4], mixed.reshape(2048, 10), weights[5]]


def kernels_turned(weights):
    return [w.transpose(1, 0, 2, 3) if w.ndim == 4 else w for w in weights]


moves = {"moved right": list, "dense rows in the old order": dense_in_old_order}
moves["kernels turned with .T"] = kernels_turned
accuracies = {name: [] for name in moves}
for weights in trained:
    for name, move in moves.items():
        model.set_weights(move(weights))
        score = model.evaluate(x_validation, y_validation, verbose=0)
        accuracies[name].append(score[1])
kept = np.divide(accuracies["dense rows in the old order"], accuracies["moved right"])
claims.claim(
    "14.c4", "With the dense rows in the old order, at most half of the accuracy is left.",
    measured=kept, at_most=0.5,
)  # fmt: skip
plots.comparison(
    accuracies, label="validation accuracy", chance=0.1,
    caption="Three networks, moved in three ways. No way raises an error.",
)  # fmt: skip

# %% [markdown]
# *What you see.* With the dense rows in the old order the network guesses: each weight meets another number. Turned
# kernels leave it a little more.
#
# *Exercise 14.1: the way back.* A dense layer that follows flatten comes from PyTorch: `weight` has the shape `(units,
# channels * height * width)`, channels outermost. Write `dense_to_keras(weight, height, width, channels)`. It returns
# the kernel for Keras, of shape `(height * width * channels, units)`, channels innermost. *Example:* with height 1 and
# width 1, it is `weight.T`.


# %% tags=["exercise"]
def dense_to_keras(weight, height, width, channels):
    # your lines in the place of the dots
    ...


exercises.check("14.1", dense_to_keras)

# %% [markdown]
# There is a trap that no check of weights finds, since it has none: padding with a stride. Keras's `"same"` adds as
# little as it has to, and an odd pixel goes at the end. `padding=1` in PyTorch adds one pixel on each side. The
# outputs have the same size. A row of six pixels and a kernel of three ones show the rest; the second line imitates
# PyTorch.

# %% tags=["nbval-check-output"]
row = np.arange(1, 7, dtype="float32").reshape(1, 1, 6, 1)  # 1 2 3 4 5 6
ones = np.ones((1, 3, 1, 1), dtype="float32")
one_each = np.pad(row, ((0, 0), (0, 0), (1, 1), (0, 0)))
for name, pixels, padding in (("Keras", row, "same"), ("PyTorch", one_each, "valid")):
    print(name, np.ravel(keras.ops.conv(pixels, ones, strides=2, padding=padding)))

# %% [markdown]
# *Exercise 14.2: what "same" adds.* Keras's `"same"` gives `ceil(size / stride)` outputs. For that it adds as many
# zeros as the last window needs, half of them before and half after the pixels; an odd one goes after. Write
# `same_padding(size, kernel_size, stride)`. It returns the pair `(before, after)`. *Example:* for the row above, `(0,
# 1)`.


# %% tags=["exercise"]
def same_padding(size, kernel_size, stride):
    # your lines in the place of the dots
    ...


exercises.check("14.2", same_padding)

# %% [markdown] tags=["slide"]
# ## The same first steps
#
# Equal weights give equal answers. Do they also learn alike, with gradients that four programs work out for themselves?
# And for how long?
#
# *Predict first.* After a hundred steps from the same start and on the same batches, the losses of two frameworks
# differ (a) not at all, (b) in the sixth digit behind the point, as the logits do, or (c) in the third or earlier?

# %%
for name, train in others.items():
    runs[name] = [train(start, x, y, x_validation) for start in starts]
keys = ("losses", "accuracy", "first", "later", "facts", "exported", "backends")
figures = {"apart": apart, **{key: {} for key in keys}}
for name, results in runs.items():
    answers = [last.argmax(axis=1) for _, _, last in results]
    figures["losses"][name] = [np.round(run[0], 8).tolist() for run in results]
    figures["accuracy"][name] = [float(np.mean(a == y_validation)) for a in answers]
    figures["first"][name] = results[0][1][0]  # seconds; only the first run compiles
    figures["later"][name] = [float(np.median(run[1][1:])) for run in results]
four = figures if complete else earlier.figures
losses = np.array(list(four["losses"].values()))  # (4 programs, 3 seeds, steps)
claims.claim(
    "14.c5", "For 20 steps, the losses of the four lie within 0.001 of each other.",
    measured=np.ptp(losses[:, :, :20], axis=0).max(axis=1), at_most=1e-3,
)  # fmt: skip
claims.claim(
    "14.c6", "After the last step, the validation accuracies of the four lie within five points.",
    measured=np.ptp(list(four["accuracy"].values()), axis=0), at_most=0.05,
)  # fmt: skip

# %% [markdown]
# The same losses from the first start, drawn.

# %% tags=["slide"]
figure, (left, right) = plots.canvas(columns=2, width=9, height=3.3)
styles = dict(zip(four["losses"], ("-", "--", "-.", ":"), strict=True))
reference = np.array(four["losses"]["TensorFlow loop"][0])
for name, style in styles.items():
    curve = np.array(four["losses"][name][0])
    left.plot(curve, style, label=name)
    if name != "TensorFlow loop":
        right.plot(np.abs(curve - reference) + 1e-8, style, label=f"{name} − loop")
left.set(xlabel="step", ylabel="loss of the batch")
right.set(xlabel="step", ylabel="difference of the losses", yscale="log")
right.axhline(1e-3, color="black", linewidth=1)
for axis in (left, right):
    axis.legend(fontsize=8)
plots.picture(
    figure,
    alt="Left: four loss curves that cover each other. Right: their differences on a log scale, growing with the steps.",
    caption="One start, the same batches, four programs. Left: can you tell the curves apart? Right: where do the "
    "differences begin, and where do they end? The thin line is 0.001.",
)

# %% [markdown]
# *What you see.* At the start the losses differ by rounding alone. Then the differences grow, within a hundred steps
# to the third digit behind the point: likely because a tiny difference decides at times which pixel wins a max
# pooling, and the gradient takes another way. Equal to the last digit is not to be had for long, not even between two
# programs in TensorFlow. The accuracy does not suffer: in these runs no framework learns better than another. Where
# somebody reports otherwise, look for different defaults first.
#
# Adam has such a difference even inside its formula. It divides by the root of the mean squared gradient plus a small
# $\epsilon$, so that nothing is divided by zero. Keras adds it before the correction for the first steps, PyTorch
# after; and the defaults are 1e-7 and 1e-8. With a learning rate of 1, this is the first step for gradients of four
# sizes.

# %% tags=["nbval-check-output"]
for gradient in (1e-2, 1e-4, 1e-6, 1e-8):
    weight = keras.Variable(0.0)
    keras.optimizers.Adam(learning_rate=1.0).apply([np.float32(gradient)], [weight])
    print(f"{gradient:.0e}: Keras {-float(weight):.3f}, PyTorch's formula {gradient / (gradient + 1e-8):.3f}")  # fmt: skip

# %% [markdown]
# *What you see.* For large gradients there is no difference; for small ones Keras takes much smaller steps. More
# settings of one name differ: in batch normalisation Keras's `momentum` is the share of the old mean that is kept,
# PyTorch's the share that is new.

# %% [markdown]
# *Exercise 14.3: two momenta.* Keras computes `velocity = momentum * velocity - learning_rate * gradient`, then `weight
# += velocity`. PyTorch computes `buffer = momentum * buffer + gradient`, then `weight -= learning_rate * buffer`. A
# weight starts at 100, its gradient is 1 in each of three steps, the momentum is 0.5, velocity and buffer start at 0.
# The learning rate is 8, 8, and then 2. Compute the weight after the third step both ways. *Example:* after the first
# step both are at 92.

# %% tags=["exercise"]
weights_after = {"keras": ..., "pytorch": ...}
exercises.check("14.3", weights_after)

# %% [markdown] tags=["slide"]
# ## Reading and shrinking pictures
#
# Frameworks agree on arithmetic. Do libraries agree on pictures? One photograph is saved as PNG, which keeps every
# pixel, and as JPEG, with a note in the file, as telephones write it: "turn me by a quarter".

# %%
photo = skimage.data.astronaut()[:400, :300]
turn = Image.Exif()
turn[274] = 6  # 274: orientation; 6: turn clockwise by a quarter
for kind in ("png", "jpeg"):
    file = io.BytesIO()
    Image.fromarray(photo).save(file, kind, exif=turn)
    pillow = np.asarray(Image.open(file)).astype(int)
    bytes_read = np.frombuffer(file.getvalue(), dtype="uint8")
    opencv = cv2.imdecode(bytes_read, cv2.IMREAD_COLOR).astype(int)
    tensorflow = tf.io.decode_image(file.getvalue()).numpy().astype(int)
    upright = np.rot90(pillow, k=-1)
    print(
        f"{kind}: Pillow {pillow.shape}, OpenCV {opencv.shape}, TensorFlow {tensorflow.shape}"
    )
    print(
        "  OpenCV, as it comes:       up to",
        np.abs(opencv - upright).max(),
        "levels from Pillow",
    )
    print(
        "  OpenCV, channels reversed: up to", np.abs(opencv[..., ::-1] - upright).max()
    )
    print("  TensorFlow:                up to", np.abs(tensorflow - pillow).max())

# %% [markdown]
# *What you see.* OpenCV applies the turn and gives blue first; Pillow, TensorFlow and Keras, which reads with Pillow,
# leave the picture lying and give red first. For JPEG, TensorFlow decodes with faster, coarser arithmetic.
#
# Now shrinking. All three libraries offer "bilinear". Rings that become finer towards the edge are shrunk to a third.


# %%
def with_pillow(image, side):
    return np.asarray(
        Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR)
    )


def with_opencv(image, side, interpolation=cv2.INTER_LINEAR):
    return cv2.resize(image, (side, side), interpolation=interpolation)


def with_keras(image, side, antialias=False):
    pixels = keras.ops.image.resize(
        image.astype("float32"),
        (side, side),
        interpolation="bilinear",
        antialias=antialias,
    )
    return np.rint(keras.ops.convert_to_numpy(pixels)).astype("uint8")


ways = {
    "Pillow\nBILINEAR": with_pillow, "OpenCV\nINTER_LINEAR": with_opencv,
    "OpenCV\nINTER_AREA": partial(with_opencv, interpolation=cv2.INTER_AREA),
    "Keras\nbilinear": with_keras,
    "Keras bilinear,\nantialias": partial(with_keras, antialias=True),
}  # fmt: skip

# %%
across = np.arange(288) - 143.5
radius = np.hypot(*np.meshgrid(across, across))
wave = 127.5 + 127.5 * np.cos(0.9 * np.pi * radius**2 / 288)
rings = np.stack([np.rint(wave).astype("uint8")] * 3, axis=-1)  # (288, 288, 3)
shrunk = np.stack([way(rings, 96) for way in ways.values()])

# %% [markdown]
# There is one centre in the picture. How many do you see?

# %% tags=["slide"]
plots.image_grid(
    shrunk, list(ways), size=1.75, caption="The same rings, shrunk by five calls.",
    alt="Five shrunk pictures of rings. Pillow and Keras with antialias fade to grey towards the edge; OpenCV "
    "INTER_LINEAR and Keras without show nine centres; OpenCV INTER_AREA shows one clear centre and faint others.",
)  # fmt: skip

# %% [markdown]
# *What you see.* Where the rings are finer than the new pixels, some calls show grey and others show centres that do
# not exist. Coarse patterns made from detail that is too fine are called **aliasing**. Pillow takes a weighted mean
# of all pixels around a new one, which is called **antialiasing**. OpenCV's `INTER_LINEAR` and Keras's default look
# at the nearest pixels only; at a third of the size they read one pixel of nine.

# %%
pillow, linear, area, plain, smooth = shrunk.astype(int)
print("INTER_LINEAR: up to", np.abs(linear - pillow).max(), "grey levels from Pillow")
claims.claim(
    "14.c7", "Keras equals OpenCV's INTER_LINEAR, and with antialias=True Pillow's BILINEAR, within two levels.",
    measured=[np.abs(plain - linear).max(), np.abs(smooth - pillow).max()], at_most=2,
)  # fmt: skip

# %% [markdown] tags=["slide"]
# What does it cost? `shapes` is drawn 96 pixels wide, with strong noise, and shrunk to 32. Three networks learn from
# pictures that Pillow has shrunk, three from pictures that OpenCV has. Each is then used with pictures shrunk in
# three ways.
#
# *Predict first.* A network that learned from smooth pictures meets aliased ones, and the other way round. Who loses
# more: (a) the first, (b) the second, or (c) both the same?

# %%
count = profiles.choose(profile, smoke=100, quick=2000, full=6000)
amounts = {"train": count, "validation": count, "test": 100}
large = datasets.load("shapes", **amounts, size=96, noise=40)


def shrink(images, way):
    return centred(np.stack([way(image, 32) for image in images]))


validation = {name: shrink(large.validation.x, ways[name]) for name in list(ways)[:3]}


# %% tags=["slide"]
used = {}
for learned in ("Pillow\nBILINEAR", "OpenCV\nINTER_LINEAR"):
    small = shrink(large.train.x, ways[learned])
    for current in seeds:
        training.reset(model, seed=current)
        model.fit(small, large.train.y, batch_size=32, epochs=epochs, verbose=0)
        for name, images in validation.items():
            row = f"{learned} → {name}".replace("\n", " ")
            score = model.evaluate(images, large.validation.y, verbose=0)[1]
            used.setdefault(row, []).append(score)
fair = used["Pillow BILINEAR → Pillow BILINEAR"]
claims.claim(
    "14.c8", "A network that learned with Pillow loses accuracy with OpenCV's INTER_LINEAR.",
    measured=np.subtract(fair, used["Pillow BILINEAR → OpenCV INTER_LINEAR"]), at_least=0.01,
)  # fmt: skip
plots.comparison(
    used, label="validation accuracy",
    caption="Shrunk by the first for training → by the second in use. Compare the rows within each half.",
)  # fmt: skip

# %% [markdown]
# *What you see.* The networks that learned from smooth pictures lose accuracy wherever the same call without
# antialiasing stands in the program that uses them; `INTER_AREA` passes for Pillow. The other way round nothing is
# lost: smooth pictures are easier even for networks that have never seen any. A likely reason is the noise: the mean of
# nine pixels keeps little of it, one pixel of nine keeps all. So expect less from cleaner pictures.
#
# Write down how the pictures were shrunk, or let the model do it, so that it cannot be forgotten.

# %% [markdown]
# *Exercise 14.4: mend a reader.* A model has learned from RGB pictures that were shrunk by averaging. The function
# below gets a picture as OpenCV reads it, uint8 of shape `(height, width, 3)`, both divisible by `factor`. It has three
# faults: the channels, the aliasing, and what the last line does to numbers such as 2.9.
#
# ```python
# def shrink_picture(picture, factor):
#     rgb = picture[:, ::-1]
#     small = rgb[::factor, ::factor].astype("float32")
#     return small.astype("uint8")
# ```
#
# Write `shrink_picture(picture, factor)` so that each new pixel is the mean of a block of `factor` by `factor`, red
# first, rounded to the nearest whole number, uint8. *Example:* a block with the blue values 1, 2, 3, 5 gives 3 in the
# last channel.


# %% tags=["exercise"]
def shrink_picture(picture, factor):
    # your lines in the place of the dots
    ...


exercises.check("14.4", shrink_picture)

# %% [markdown] tags=["slide"]
# ## Choosing a framework
#
# A trained model has to leave its program. Each framework can write it into a file that no longer needs the source.
# Does the reloaded file answer alike?


# %%
one_picture = x_validation[:1]
tf.get_logger().setLevel("WARNING")  # or it prints the name of a temporary folder


def export_keras(file):
    model.set_weights(trained[0])
    model.export(file, format="tf_saved_model", verbose=False)  # a folder
    loaded = tf.saved_model.load(str(file))
    return loaded.serve(one_picture).numpy()


def export_torch(file):
    example = torch.from_numpy(one_picture).permute(0, 3, 1, 2)
    torch.export.save(torch.export.export(torch_cnn(trained[0]), (example,)), file)
    return torch.export.load(file).module()(example).detach().numpy()


def export_jax(file):
    from jax import export

    program = export.export(jax.jit(lambda images: jax_logits(trained[0], images)))
    example = jax.ShapeDtypeStruct(one_picture.shape, one_picture.dtype)
    file.write_bytes(program(example).serialize())
    return export.deserialize(file.read_bytes()).call(one_picture)


# %% [markdown]
# What else can be measured here? Lines of code, the time of a step, megabytes on disk without the packages needed,
# the Python versions asked for.

# %%
programs = {
    "Keras fit": (["keras"], [keras_cnn, train_keras], export_keras),
    "TensorFlow loop": (["tensorflow"], [tensorflow_logits, train_tensorflow], None),
    "PyTorch": (["torch"], [torch_cnn, train_torch], export_torch),
    "JAX": (["jax", "jaxlib"], [jax_logits, train_jax], export_jax),
}
for name in runs:  # those that ran here
    packages, functions, export = programs[name]
    files = [f.locate() for package in packages for f in metadata.files(package) or []]
    megabytes = sum(f.stat().st_size for f in files if f.is_file()) / 1e6
    lines = sum(len(inspect.getsource(f).splitlines()) for f in functions)
    python = metadata.metadata(packages[0])["Requires-Python"]
    facts = f"{lines} lines, {packages[0]} {metadata.version(packages[0])}"
    facts += f", {megabytes:.0f} MB, Python {python}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.pt2"
        if export:
            gap = np.abs(export(file) - logits[name][0][:1]).max()
            figures["exported"][name] = float(gap)
            size = sum(
                f.stat().st_size for f in [file, *file.rglob("*")] if f.is_file()
            )
            facts += f", exports {size / 1000:.0f} kB"
    figures["facts"][name] = facts

# %% [markdown]
# And Keras? It multiplies nothing itself; a backend does, and the variable `KERAS_BACKEND` names it. A new Python
# process loads, on another backend, the model that TensorFlow has trained, and answers about the same pictures.

# %%
script = """
import keras, numpy as np
model = keras.saving.load_model("model.keras")
np.save("logits.npy", keras.ops.convert_to_numpy(model(np.load("images.npy"))))
"""
with tempfile.TemporaryDirectory() as folder:
    model.save(Path(folder) / "model.keras")
    np.save(Path(folder) / "images.npy", x_validation)
    for backend in ("torch", "jax"):
        process = subprocess.run(
            [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True,
            env={**os.environ, "KERAS_BACKEND": backend},
        )  # fmt: skip
        if process.returncode:
            print(f"{backend}: {process.stderr.strip().splitlines()[-1]}")
        else:
            gap = np.abs(np.load(Path(folder) / "logits.npy") - logits["Keras fit"][0])
            figures["backends"][backend] = float(gap.max())
required = metadata.requires("keras")
claims.claim(
    "14.c9", "Keras does not require a backend, so pip does not install one with it.",
    measured=[sum(r.startswith(("tensorflow", "torch", "jax")) for r in required)],
    at_most=0,
)  # fmt: skip

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *`pip install keras` is enough.* pip installs what a package requires, and none of the
# > three backends is on Keras's list. Without one, `import keras` stops with a `ModuleNotFoundError`. Install `keras`
# > and one of `tensorflow`, `torch` and `jax`.
#
# So a Keras model is bound to none of the three. Here are the facts of all four programs: the seconds of the first
# step and of a later one, then what was listed above. Recorded times come from one core of a busy machine, so compare
# them roughly.

# %%
if profile == "full" and complete:
    recorded.save("14_frameworks", figures, data=data.card.label, seeds=seeds)
for name, facts in four["facts"].items():
    print(f"{name}: {four['first'][name]:.2f} s, then {min(four['later'][name]):.3f} s; {facts}")  # fmt: skip
gaps = [*four["exported"].values(), *four["backends"].values()]
claims.claim("14.c10", "Logits of exported files and other backends agree.", measured=gaps, at_most=1e-4)  # fmt: skip

# %% [markdown]
# *What you see.* No program leads in every column. Keras takes the fewest lines, since the loop is inside; JAX the
# most, since the layers are outside. Keras's package is small because it computes nothing: add a backend. The times
# hold for a small model on one core; a larger one, or a graphics card, can turn their order round.
#
# So the table does not choose for you. Questions that do, in this order:
#
# 1. Where must the model run, and which files can be read there?
# 2. From whose code or weights do you start? Weights that are moved need no new training, but a test.
# 3. What do you want to write yourself: a call of `fit`, a loop, or functions that are free to combine?
# 4. If two are left: put your own model into the cells above and measure on your own machine.

# %% [markdown]
# *Exercise 14.5: choose.* A small team has a classifier in PyTorch, written by people who have left. It has to run in a
# program for telephones that already contains a TensorFlow model. Write in `choice` what you would do, in three or four
# sentences: rewrite, move the weights, or keep both; which check you would demand; and which fact of the table you
# would look up anew for your own machine.

# %% tags=["exercise"]
choice = ...
exercises.check("14.5", choice)

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You wrote a training loop with the gradient of TensorFlow, and read the same loop in PyTorch and JAX. You moved
# weights, and a test on the logits told the right move from two wrong ones that raise no error. You met settings that
# differ in silence: the order of flatten, padding with a stride, Adam's epsilon, momentum. You saw what one word,
# bilinear, means in three libraries, and what a mismatch costs. And you have facts to choose by.

# %%
quizzes.ask("14.q1")
quizzes.answer("14.q1", ...)

# %% [markdown]
# The next is about moving weights.

# %%
quizzes.ask("14.q2")
quizzes.answer("14.q2", ...)

# %% [markdown]
# More than one answer may be right.

# %%
quizzes.ask("14.q3")
quizzes.answer("14.q3", ...)

# %% [markdown]
# What stays open: the times were those of one small model on one core, with nothing done to make it fast. [Lesson
# 15](15_speed.ipynb) does that. To go on: [Keras's guide to its backends](https://keras.io/getting_started/),
# [PyTorch's page that names the install command for your machine](https://pytorch.org/get-started/locally/), and [the
# surprises that JAX itself lists](https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html).

# %% tags=["nbval-check-output"]
progress.show("14")
