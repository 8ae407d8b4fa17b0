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
# # Sixteen questions, answered by experiments
#
# These are the questions that people ask about image classification. Each has a short answer. Below it stands an
# experiment that runs in a few seconds, over several seeds, with a claim that the run has to bear out. And each ends
# with the cases in which the answer does not hold. Look things up here, or read it through to repeat the course.
#
# **After this notebook you can**
#
# - *choose* a framework, a model, kernels, an activation and a loss, and *name* a figure that supports each choice;
# - *find* a learning rate and an optimiser with a few short runs;
# - *judge* a model with an interval, a baseline and the scores of each class;
# - *pick* the remedy that fits: other data, another network, augmentation, features learned elsewhere;
# - *find* the fault of a program from its symptom, and *tell* a difference from the noise between runs.
#
# **What to know first:** lesson 04. Each answer names the lesson that treats it in full.
#
# **Minutes:** to run, 1 in the smoke profile, 2 in quick, 4 in full. To study, 150; to teach, 150.

# %%
import importlib.util
import itertools
import platform
import subprocess
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from course_utils import startup

startup.load_keras()

# %%
import keras
import tensorflow as tf
from keras import layers

from course_utils import claims, datasets, exercises, metrics, models, plots
from course_utils import profiles, progress, quizzes, recorded, training
from course_utils.scratch import activations, dense, gradient_check, losses, optimisers

# %% [markdown]
# The parameters, and below them how often each run passes over its pictures.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of the seeds

# %%
keras.utils.set_random_seed(seed)
claims.begin("21", profile=profile, defaults=seed == 0)
seeds = [seed + k for k in range(profiles.choose(profile, smoke=1, quick=3, full=6))]
epochs = profiles.choose(profile, smoke=1, quick=12, full=12)

# %% [markdown] tags=["slide"]
# ## One task for all questions
#
# Most questions share one small task: 1,000 real digits of 8 by 8 pixels, each laid on a black page of 16 by 16, at a
# place of its own. We divide anew: 437 other digits, the validation set, serve every choice. The test set stays closed
# until question 10.

# %%
digits = datasets.load("digits")
pool_x = np.concatenate([digits.train.x, digits.validation.x])
pool_y = np.concatenate([digits.train.y, digits.validation.y])
order = np.random.default_rng(0).permutation(len(pool_x))
x_train, x_validation = np.split(pool_x[order], [1000])  # (1000, 8, 8, 1), (437, ...)
y_train, y_validation = np.split(pool_y[order], [1000])


def moved(images, seed):  # each at a place of its own: (n, 16, 16, 1)
    pages = np.zeros((len(images), 16, 16, 1), "uint8")
    places = np.random.default_rng(seed).integers(0, 9, (len(images), 2))
    for page, image, (row, column) in zip(pages, images, places, strict=True):
        page[row : row + 8, column : column + 8] = image
    return pages


x_moved, v_moved = moved(x_train, seed=0), moved(x_validation, seed=1)

# %% [markdown]
# Look at the pages before you train on them.

# %% tags=["slide"]
names = [digits.class_names[label] for label in y_train[:16]]
plots.image_grid(
    x_moved[:16], names, columns=8, size=0.9, caption="Sixteen pages and their labels."
)

# %% [markdown]
# The network is a small CNN: two convolutions, and of each map of the second only its largest value. These functions
# train and judge most networks below, from each seed.


# %%
def cnn(kernel=3, kernels=16):
    return keras.Sequential(
        [
            keras.Input((16, 16, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(kernels, kernel, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(kernels, kernel, padding="same", activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def compiled(model, learning_rate=0.01):
    model.compile(
        keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy",
        steps_per_execution=5,  # five batches a call: less overhead
    )  # fmt: skip
    return model


# %% [markdown]
# `results` gives the validation accuracy of a compiled network from each seed. `print_rows` prints such lists as mean
# and standard deviation.


# %%
def train(model, images, labels, seed, passes=epochs):  # all passes in one call
    training.reset(model, seed=seed)
    images, labels = np.tile(images, (passes, 1, 1, 1)), np.tile(labels, passes)
    model.fit(images, labels, batch_size=50, verbose=0)


def accuracy(model, images, labels):
    return float(np.mean(np.argmax(model(images), axis=1) == labels))


def results(model, images=x_moved, labels=y_train, judge=v_moved, passes=epochs):
    found = []
    for current in seeds:
        train(model, images, labels, current, passes)
        found.append(accuracy(model, judge, y_validation))
    return found


def print_rows(figures):
    for name, values in figures.items():
        mean, spread = metrics.mean_and_spread(values)
        print(f"{name:22} {100 * mean:5.1f} % ± {100 * spread:.1f}")


# %% [markdown]
# One list serves several questions as their baseline.

# %%
base, baseline, kept = compiled(cnn()), [], []
for current in seeds:
    train(base, x_moved, y_train, current)
    baseline.append(accuracy(base, v_moved, y_validation))
    kept.append(base.get_weights())
print(f"{base.count_params():,} parameters, accuracy:", np.round(baseline, 3))

# %% [markdown] tags=["slide"]
# ## Choosing
#
# ### 1. Which framework should I choose?
#
# The one that the people around you use and that runs where your model has to run. The mathematics is the same in all,
# so accuracy is no reason.
#
# Here is one training written three times, a linear model on the small digits: in NumPy, with TensorFlow's tape, and
# with Keras. All begin with the same weights and take the same batches.

# %%
flat, v_flat = (x.reshape(-1, 64) / np.float32(255) for x in (x_train, x_validation))
batches = [(flat[k : k + 50], y_train[k : k + 50]) for k in range(0, 1000, 50)]


def with_numpy(weights, bias, rate=0.5):
    for rows, labels in batches:
        error = losses.cross_entropy_from_logits_backward(labels, rows @ weights + bias)
        weights = weights - rate * rows.T @ error
        bias = bias - rate * error.sum(axis=0)
    return weights


def with_tensorflow(weights, bias, rate=0.5):
    variables = tf.Variable(weights), tf.Variable(bias)
    for rows, labels in batches:
        with tf.GradientTape() as tape:
            logits = tf.matmul(rows, variables[0]) + variables[1]
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(loss)
        slopes = tape.gradient(loss, variables)
        for variable, slope in zip(variables, slopes, strict=True):
            variable.assign_sub(rate * slope)
    return variables[0].numpy()


# %% [markdown]
# With Keras it is a model and one line.

# %%
linear = keras.Sequential([keras.Input((64,)), layers.Dense(10)])
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
linear.compile(keras.optimizers.SGD(0.5), cross_entropy)
apart = []
for current in seeds:
    training.reset(linear, seed=current)
    start = linear.get_weights()
    linear.fit(flat, y_train, batch_size=50, shuffle=False, verbose=0)
    ends = with_numpy(*start), with_tensorflow(*start)
    apart.append(max(np.abs(end - linear.get_weights()[0]).max() for end in ends))
claims.claim("21.c1", "After one pass no weight differs by more than 0.0001 between the three programs.",
             measured=apart, at_most=1e-4)  # fmt: skip

# %% [markdown]
# Lesson 14 recorded the same for four frameworks and a convolutional network, with what they cost.

# %%
earlier = recorded.load("14_frameworks")
print(earlier)
print_rows(earlier.figures["accuracy"])
for name, fact in earlier.figures["facts"].items():
    first, later = (np.median(earlier.figures[key][name]) for key in ("first", "later"))
    print(f"{name:16} first step {first:.2f} s, later {1000 * later:.0f} ms; {fact}")
means = [np.mean(values) for values in earlier.figures["accuracy"].values()]
claims.claim("21.c1b", "In the recorded runs the mean accuracies of the four lie within 3 points.",
             measured=[max(means) - min(means)], at_most=0.03)  # fmt: skip

# %% [markdown]
# *What you see.* What is left between the three is rounding. The four frameworks differ in size (Keras needs a backend
# besides), in the length of the program and in the time of the first step; in accuracy they differ by less than the
# seeds do.
#
# *When this does not hold.* When a part that you need exists in one framework only: a pretrained model, a converter for
# a telephone, a chip. And formulas and default values differ (momentum in exercise 14.3, Adam before it): two programs
# that look alike need not compute the same. [Lesson 14](14_frameworks.ipynb) moves weights between four of them.

# %% [markdown] tags=["slide"]
# ### 2. Which model should I choose: CNN, RNN, transformer?
#
# For few or small pictures begin with a CNN, and take a pretrained one if the pictures look like photographs. Try
# others against it at the same budget.
#
# *Predict first.* All three have about 3,000 parameters and see equally many pages. How far will the CNN be ahead of an
# LSTM, a kind of RNN, that reads row after row, and of a transformer that reads patches: not at all, 10 points, or more
# than 30?

# %%
page = (16, 16, 1)
rivals = {
    "LSTM": compiled(models.recurrent_network(page, 10, width=20)),
    "transformer": compiled(
        models.vision_transformer(page, 10, patch=4, width=16, blocks=1), 0.005
    ),
}
by_model = {"CNN": baseline}
for name, model in rivals.items():
    by_model[name] = results(model)
    fitted = accuracy(model, x_moved, y_train)
    size = model.count_params()
    print(f"{name}: {size:,} parameters, training accuracy {fitted:.2f}")

# %% tags=["slide"]
others = [np.mean(by_model[name]) for name in rivals]
claims.claim("21.c2", "On the moved digits the CNN is on average at least 10 points above the two others.",
             measured=[np.mean(baseline) - max(others)], at_least=0.1)  # fmt: skip
plots.comparison(by_model, chance=0.1, label="validation accuracy", caption="Equal pages, about equal parameters.")  # fmt: skip

# %% [markdown]
# Six networks of 20,000 parameters were recorded on Fashion-MNIST, where every piece of clothing lies in the middle of
# its picture. These are the accuracies with 5,000 training pictures, after equally many steps.

# %%
earlier = recorded.load("13_budgets")
print(earlier)
equal = [table["equal steps"] for table in earlier.figures.values()]
print_rows(earlier.figures["5000"]["equal steps"])
claims.claim("21.c2b", "Recorded, with 1,000 to 20,000 pictures: the CNN is on average at least 2 points above the transformer.",
             measured=[np.mean(run["CNN"]) - np.mean(run["transformer"]) for run in equal], at_least=0.02)  # fmt: skip

# %% [markdown]
# *What you see.* The CNN knows from the start that a digit is the same digit elsewhere and that neighbouring pixels
# belong together. The two others have to learn that, and in twelve passes do not even fit their training pages. (The
# rates are the best of three, found with other seeds.) On the clothes, where nothing moves, the LSTM and a plain dense
# network (MLP) keep up with the CNN; the transformer stays behind.
#
# *When this does not hold.* With very many pictures, or weights that were pretrained on very many, transformers draw
# level or lead. And one shared budget is one point of a curve. [Lesson 13](13_attention.ipynb)
# compares a CNN and a transformer at equal steps and at equal seconds.

# %% [markdown] tags=["slide"]
# ### 3. Why a CNN and not a fully connected network?
#
# Because it uses the same few weights at every place of the picture. What it has learned in one corner it knows in all
# of them.
#
# *Predict first.* Once the digits are moved about, once all lie in the middle of the page. Where does the dense network
# lose to the CNN: in both, in the first, or in neither?


# %%
def mlp(decay=0.0, dropout=0.0):
    return keras.Sequential(
        [
            keras.Input((16, 16, 1)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, "relu", kernel_regularizer=keras.regularizers.L2(decay)),
            layers.Dropout(dropout),
            layers.Dense(10, activation="softmax"),
        ]
    )


def centred(images):
    return np.pad(images, ((0, 0), (4, 4), (4, 4), (0, 0)))


connected = compiled(mlp())
in_middle = centred(x_train), y_train, centred(x_validation)
both = {
    "CNN, moved": baseline,
    "dense, moved": results(connected),
    "CNN, in the middle": results(base, *in_middle),
    "dense, in the middle": results(connected, *in_middle),
}
print(f"CNN {base.count_params():,} parameters, dense {connected.count_params():,}")

# %% tags=["slide"]
ahead = [np.subtract(both[f"CNN, {how}"], both[f"dense, {how}"]) for how in ("moved", "in the middle")]  # fmt: skip
claims.claim("21.c3", "On moved digits the CNN is at least 20 points above the dense network, with fewer parameters.",
             measured=ahead[0], at_least=0.2)  # fmt: skip
claims.claim("21.c3b", "With all digits in the middle it is on average at most 3 points above.",
             measured=[np.mean(ahead[1])], at_most=0.03)  # fmt: skip
plots.comparison(both, chance=0.1, label="validation accuracy", caption="Two networks, two versions of one task.")  # fmt: skip

# %% [markdown]
# *What you see.* A dense network has a weight for each pixel, and meets a moved digit with other weights. Where nothing
# moves, that costs next to nothing.
#
# *When this does not hold.* Inputs without neighbours, such as a table of measurements, give a kernel nothing to find.
# Where the place itself tells the class, a network with a global maximum is blind to it. [Lesson 03](03_cnn_math.ipynb)
# counts weights and work.

# %% [markdown] tags=["slide"]
# ### 4. How do I choose the size and number of kernels?
#
# Take 3 by 3 and stack layers until the last one sees a whole object; then double the number until validation accuracy
# stops rising.

# %%
variants = {"3x3, 16 kernels": baseline}
for kernel, kernels in ((1, 16), (5, 16), (3, 4)):
    variants[f"{kernel}x{kernel}, {kernels} kernels"] = results(compiled(cnn(kernel, kernels)))  # fmt: skip
for kernel in (3, 5):  # positions times weights, in both convolutions of 16 kernels
    work = 256 * kernel**2 * 16 + 64 * (kernel * 16) ** 2
    print(f"{kernel}x{kernel}: {work:,} multiply-adds for one page")

# %% tags=["slide"]
three, one, _, four = (np.mean(values) for values in variants.values())
claims.claim("21.c4", "On average kernels of 3 by 3 are at least 25 points better than kernels of one pixel.",
             measured=[three - one], at_least=0.25)  # fmt: skip
claims.claim("21.c4b", "On average 16 kernels are at least 20 points better than 4.",
             measured=[three - four], at_least=0.2)  # fmt: skip
plots.comparison(variants, chance=0.1, label="validation accuracy",
                 caption="One change at a time, from the first row.")  # fmt: skip

# %% [markdown]
# *What you see.* A kernel of one pixel sees no form and does no better than guessing. Kernels of 5 by 5 gain little,
# if anything, for nearly three times the work: behind the pooling, the second layer of 3 by 3 already sees 8 by 8
# pixels, a whole digit. The number matters more: four kernels are far too few.
#
# *When this does not hold.* Large pictures with large objects need a wider view: more pooling, a stride, or a first
# kernel of 7 by 7. And at equal *time* the smaller network takes more steps. [Lesson 03](03_cnn_math.ipynb) computes
# what a layer sees.

# %% [markdown] tags=["slide"]
# ### 5. Which activation function?
#
# ReLU between layers, softmax at the end for one class of several, sigmoid at the end for yes or no. In a shallow
# network the choice between layers hardly matters.
#
# `MLPClassifier` of scikit-learn is a dense network in one call. We give it one hidden layer, then six.


# %% tags=["slide"]
def perceptron(activation, depth, seed):
    network = MLPClassifier([32] * depth, activation=activation, solver="sgd", learning_rate_init=0.05,
                            batch_size=50, random_state=seed)  # fmt: skip
    for _ in range(profiles.choose(profile, smoke=1, quick=20, full=20)):
        network.partial_fit(flat, y_train, classes=range(10))
    return network.score(v_flat, y_validation)


by_activation = {
    f"{name}, {depth} hidden": [perceptron(name, depth, s) for s in seeds]
    for depth in (1, 6)
    for name in ("relu", "tanh", "logistic")
}
deep = [by_activation[f"{name}, 6 hidden"] for name in ("relu", "logistic")]
shallow = [np.mean(values) for name, values in by_activation.items() if "1 hidden" in name]  # fmt: skip
claims.claim("21.c5", "With six hidden layers ReLU is at least 40 points better than the sigmoid (logistic).",
             measured=np.subtract(*deep), at_least=0.4)  # fmt: skip
claims.claim("21.c5b", "With one hidden layer the means of the three lie within 6 points.",
             measured=[max(shallow) - min(shallow)], at_most=0.06)  # fmt: skip
plots.comparison(by_activation, chance=0.1, label="validation accuracy",
                 caption="Equal steps, equal rate. Compare the last row with the third.")  # fmt: skip

# %% [markdown]
# *What you see.* The slope of the sigmoid is at most 0.25, and six in a row likely leave next to nothing of the
# gradient. Tanh, with a slope of up to 1, gets through.
#
# *When this does not hold.* At a rate that is too high ReLUs die, and a small slope on the left saves them
# ([lesson 02](02_core_concepts.ipynb)). Transformers use smooth relatives of ReLU. Inside an LSTM the sigmoid is right:
# there it is a gate.

# %% [markdown] tags=["slide"]
# ## Training
#
# ### 6. Why a loss function, and which?
#
# A loss is a stand-in for accuracy that has a slope. For one class of several take cross-entropy, in the form that fits
# the labels.
#
# Why not accuracy itself? We take a linear model after one pass, change one weight at a time by a little, and look
# which of the two figures moves. (Pixels that are black in every picture are left out.)

# %%
ink = np.flatnonzero(np.ptp(flat, axis=0))  # pixels that vary


def shares_that_move(seed, step=1e-3):
    weights = np.random.default_rng(seed).normal(0, 0.1, (64, 10)).astype("float32")
    weights, moves = with_numpy(weights, np.zeros(10, "float32")), []
    logits = flat.astype("float64") @ weights
    loss, right = losses.cross_entropy_from_logits(y_train, logits), logits.argmax(1)
    for pixel, unit in itertools.product(ink, range(10)):
        changed = logits.copy()
        changed[:, unit] += step * flat[:, pixel]
        new = losses.cross_entropy_from_logits(y_train, changed)
        count = np.mean(changed.argmax(1) == y_train) - np.mean(right == y_train)
        moves.append((new != loss, count != 0))
    return np.mean(moves, axis=0)


in_loss, in_accuracy = np.array([shares_that_move(current) for current in seeds]).T

# %%
claims.claim("21.c6", "A small change moves the loss for at least 95 % of the weights.",
             measured=in_loss, at_least=0.95)  # fmt: skip
claims.claim("21.c6b", "It moves the training accuracy for at most 10 % of them.",
             measured=in_accuracy, at_most=0.1)  # fmt: skip

# %% [markdown]
# *What you see.* Accuracy is a staircase: almost everywhere flat, so that no gradient says where to go. Which loss?
#
# | the answer is | last layer | loss |
# | --- | --- | --- |
# | one class of several, labels are integers | softmax | sparse categorical cross-entropy |
# | the same, labels are one-hot rows | softmax | categorical cross-entropy |
# | yes or no, or several labels at once | sigmoid, one unit a label | binary cross-entropy |
# | a quantity, such as an age | no activation | mean squared error |
#
# *When this does not hold.* Squared error can tie with cross-entropy on classes when it is tuned and starts well
# ([lesson 02](02_core_concepts.ipynb)). And a lower loss need not mean more right answers: in
# [lesson 05](05_overfitting_and_augmentation.ipynb) the loss rises while the accuracy does not fall.

# %% [markdown] tags=["slide"]
# ### 7. Why backpropagation?
#
# Because it gives the slope for every parameter at about the price of two more forward passes. Measuring the slopes one
# by one takes two forward passes *for each parameter*.
#
# A network with 1,210 parameters, forward and backward by hand, on 50 digits:


# %%
def new_network(seed, units=16, dtype="float32"):
    draw = np.random.default_rng(seed).normal
    first = draw(size=(64, units)) * (2 / 64) ** 0.5  # the He start
    second = draw(size=(units, 10)) * (1 / units) ** 0.5
    parts = [first, np.zeros(units), second, np.zeros(10)]
    return [part.astype(dtype) for part in parts]


def forward(network, x):
    sums = dense.dense_forward(x, *network[:2])  # (batch, units)
    return sums, dense.dense_forward(activations.relu(sums), *network[2:])


def backward(network, x, y):
    sums, logits = forward(network, x)
    gradient = losses.cross_entropy_from_logits_backward(y, logits)
    hidden = activations.relu(sums)
    gradient, *second = dense.dense_backward(gradient, hidden, network[2])
    gradient = activations.relu_backward(gradient, sums)
    return [*dense.dense_backward(gradient, x, network[0])[1:], *second]


def loss_of(network, x, y):
    return losses.cross_entropy_from_logits(y, forward(network, x)[1])


def right_of(network, x=v_flat, y=y_validation):
    return np.mean(forward(network, x)[1].argmax(axis=1) == y)


# %% [markdown]
# `measured_slopes` moves each parameter up and down; both ways are timed.


# %%
def measured_slopes(network, x, y):
    slopes = []
    for k, part in enumerate(network):

        def with_part(p, k=k):  # the loss, with array number k replaced by p
            return loss_of([*network[:k], p, *network[k + 1 :]], x, y)

        slopes.append(gradient_check.numerical_gradient(with_part, part))
    return slopes


def flatly(parts):
    return np.concatenate([part.ravel() for part in parts])


x50, y50, errors, times = flat[:50].astype("float64"), y_train[:50], [], []
for current in seeds:
    network = new_network(current, dtype="float64")
    clock = [time.perf_counter()]
    slopes = measured_slopes(network, x50, y50)
    clock.append(time.perf_counter())
    for _ in range(20):
        gradients = backward(network, x50, y50)
    clock.append(time.perf_counter())
    errors.append(gradient_check.relative_error(flatly(gradients), flatly(slopes)))
    times.append((clock[1] - clock[0]) / ((clock[2] - clock[1]) / 20))

# %%
claims.claim("21.c7", "Both ways give the same slopes, to a relative error of 0.0001.",
             measured=errors, at_most=1e-4)  # fmt: skip
claims.claim("21.c7b", "Backpropagation is at least 50 times as fast.",
             measured=times, at_least=50, about_time=True, unit="times")  # fmt: skip

# %% [markdown]
# Could one do without slopes? Change all parameters at random, keep the change if the loss falls, and try again. It
# gets three tries for each step of gradient descent, because forward and backward cost about three forward passes.

# %%
steps = profiles.choose(profile, smoke=20, quick=300, full=300)
by_slope, by_chance = [], []
for current in seeds:
    network, rng = new_network(current), np.random.default_rng(current)
    for _ in range(steps):
        gradients = backward(network, flat, y_train)
        network = [p - 0.5 * g for p, g in zip(network, gradients, strict=True)]
    by_slope.append(right_of(network))
    network = new_network(current)
    lowest = loss_of(network, flat, y_train)
    for _ in range(3 * steps):
        tried = [p + rng.normal(0, 0.03, p.shape).astype("float32") for p in network]
        loss = loss_of(tried, flat, y_train)
        network, lowest = (tried, loss) if loss < lowest else (network, lowest)
    by_chance.append(right_of(network))

# %%
print("gradient descent:", np.round(by_slope, 3), "  random changes:", np.round(by_chance, 3))  # fmt: skip
claims.claim("21.c7c", "At about equal cost gradient descent ends at least 10 points above random changes.",
             measured=np.subtract(by_slope, by_chance), at_least=0.1)  # fmt: skip

# %% [markdown]
# *What you see.* The factor grows with the number of parameters: for a million of them it would be hundreds of
# thousands. Random changes do learn; with more parameters, likely fewer of them help.
#
# *When this does not hold.* Where a part has no slope, such as a choice between two layers, random search is one way.
# And a measured slope is the best check of a written gradient. [Lesson 02](02_core_concepts.ipynb) derives the backward
# pass.

# %% [markdown] tags=["slide"]
# ### 8. Which learning rate?
#
# Try powers of ten in short runs, refine by factors of three around the best, and lower the rate towards the end of the
# long run.
#
# Do short runs tell? The network of question 7, twice as wide, learns with momentum at nine rates, and is judged after
# 2 passes and after 20.


# %%
def learn(optimiser, seed, passes, order_seed=None):
    network, marks = new_network(seed, units=32), []
    rng = np.random.default_rng(seed if order_seed is None else order_seed)
    for number in range(max(passes)):
        for rows in rng.permutation(1000).reshape(-1, 50):  # batches of 50
            gradients = backward(network, flat[rows], y_train[rows])
            network = optimiser.step(network, gradients)
        if number + 1 in passes:
            marks.append(right_of(network))
    return marks


passes = profiles.choose(profile, smoke=(1, 2), quick=(2, 20), full=(2, 20))
rates = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
table = np.array([[learn(optimisers.Momentum(rate), s, passes) for s in seeds] for rate in rates])  # fmt: skip
early, late = np.moveaxis(table, 2, 0)  # (rates, seeds) each

# %%
chosen = early.mean(axis=1).argmax()
claims.claim("21.c8", "The rate that leads after 2 passes ends on average at most 3 points below the best.",
             measured=[late.mean(axis=1).max() - late.mean(axis=1)[chosen]], at_most=0.03)  # fmt: skip
claims.claim("21.c8b", "The lowest rate and the highest end at least 20 points below it.",
             measured=np.append(late[chosen] - late[0], late[chosen] - late[-1]), at_least=0.2)  # fmt: skip

# %% [markdown]
# The whole table as a figure.

# %% tags=["slide"]
figure, axis = plots.canvas(height=3)
for values, mark, name in ((early, "s--", "after 2 passes"), (late, "o-", "after 20")):
    axis.plot(rates, values.mean(axis=1), mark, label=name)
    axis.plot(rates, values, mark[0], color="grey", alpha=0.4, markersize=4)
axis.set(xscale="log", xlabel="learning rate", ylabel="validation accuracy")
axis.legend()
plots.picture(figure, caption="Lines: means. Grey: single seeds. The short runs find the place of the peak.",
              alt=f"Accuracy by learning rate. After 2 passes the best rate is {rates[chosen]}, after 20 it is "
              f"{rates[late.mean(axis=1).argmax()]}.")  # fmt: skip

# %% [markdown]
# *What you see.* The short runs have a peak, the long ones a plateau around it. Rates below have not arrived yet; the
# highest one throws the network about. So a tenth of the passes is enough to choose by, and near the peak the exact
# value matters little.
#
# *When this does not hold.* The best rate moves with the optimiser ([lesson 02](02_core_concepts.ipynb)), the batch
# size and normalisation: whoever changes one of them looks for the rate again. A very short run can prefer a rate that
# is too high for the end; hence the falling rate, which [lesson 15](15_speed.ipynb) measures.

# %% [markdown] tags=["slide"]
# ### 9. Which optimiser?
#
# Adam, or SGD with momentum; each with a rate of its own. Tuned, they end close together.

# %%
makers = {"SGD": optimisers.SGD, "momentum": optimisers.Momentum, "Adam": optimisers.Adam}  # fmt: skip
grid_rates = np.logspace(-5, 0, 11)  # eleven rates, each 3.2 times the last
ten_passes = profiles.choose(profile, smoke=[1], quick=[10], full=[10])
grid = {
    name: np.array([[learn(make(rate), s, ten_passes)[0] for s in seeds] for rate in grid_rates])
    for name, make in makers.items()
}  # fmt: skip
means = {name: values.mean(axis=1) for name, values in grid.items()}
for name, values in means.items():
    near = int(np.sum(values >= values.max() - 0.05))
    top = f"best at {grid_rates[values.argmax()]:.4f} with {values.max():.3f}"
    print(f"{name:9} {top}; {near} of the 11 rates come within 5 points of that")

# %%
tops = {name: values.max() for name, values in means.items()}
claims.claim("21.c9", "Each at its best rate, the mean accuracies of the three lie within 4 points.",
             measured=[max(tops.values()) - min(tops.values())], at_most=0.04)  # fmt: skip
claims.claim("21.c9b", "At the best rate of SGD, Adam is on average at least 20 points worse than at its own.",
             measured=[tops["Adam"] - means["Adam"][means["SGD"].argmax()]], at_least=0.2)  # fmt: skip

# %% [markdown] tags=["slide"]
# *What you see.* Three peaks of about the same height, at different rates. A comparison at one shared rate would have
# found a winner, and it would have been the rate. (Where the best rate is the highest one tried, as can happen to SGD,
# look further up.)
#
# > **Often said, not so:** *Adam adjusts the learning rate by itself.* It scales each parameter's step; its rate
# > remains to be found, and here hardly more of the eleven come near the peak.
#
# *When this does not hold.* Deep and large networks can tell optimisers apart: transformers are usually trained with
# Adam and its relatives. At a very short budget another one can lead; in the recipe of [lesson
# 15](15_speed.ipynb) Muon did. [Lesson 02](02_core_concepts.ipynb) writes four optimisers out.

# %% [markdown] tags=["slide"]
# ## Judging and improving
#
# ### 10. How do I judge a model's performance?
#
# On pictures that played no part in any choice, beside a baseline, with an interval, and class by class. Here the test
# set is opened, for the three networks of the beginning, which nobody chose.

# %%
x_test, y_test = moved(digits.test.x, seed=2), digits.test.y
plain = LogisticRegression(C=0.01, max_iter=2000)
plain.fit(x_moved.reshape(1000, -1) / 255, y_train)
linear_right = plain.score(x_test.reshape(len(x_test), -1) / 255, y_test)
said = []
for weights in kept:
    base.set_weights(weights)
    said.append(np.argmax(base(x_test), axis=1))
right = np.array([metrics.accuracy(y_test, answers) for answers in said])
print(f"one class for all {np.bincount(y_test).max() / len(y_test):.3f}, linear model {linear_right:.3f}")  # fmt: skip
print("CNN", right.round(3))

# %% [markdown]
# How far could chance have moved these figures? The **bootstrap** draws as many test pictures as there are, with
# repetition, a thousand times. The middle 95 % of the thousand accuracies are a **confidence interval**. We make it
# with all test pictures, and as if there had been only 100.

# %%
rng, widths = np.random.default_rng(seed), {}
for count in (100, len(y_test)):
    drawn = rng.integers(0, len(y_test), (1000, count))
    again = [(answers == y_test)[drawn].mean(axis=1) for answers in said]
    low, high = np.quantile(again, [0.025, 0.975], axis=1)  # one a network
    widths[count] = high - low
    print(f"{count} pictures, first network: {low[0]:.3f} to {high[0]:.3f}")
recalls = np.array([metrics.per_class_recall(y_test, answers, classes=10) for answers in said])  # fmt: skip
found = said[0] == y_test
by_chance = [found.mean() - min(np.bincount(y_test, rng.permutation(found)) / np.bincount(y_test))
             for _ in range(1000)]  # fmt: skip
gap = found.mean() - recalls[0].min()
print(f"worst class: {100 * gap:.0f} points below the average", end="; ")
print(f"if all were alike: {100 * np.mean(by_chance):.0f}")

# %% tags=["slide"]
claims.claim("21.c10", "With 100 test pictures the interval is at least 5 points wide.",
             measured=widths[100], at_least=0.05)  # fmt: skip
claims.claim("21.c10b", "The class found least often is found at least 3 points less often than the average says.",
             measured=right - recalls.min(axis=1), at_least=0.03)  # fmt: skip
plots.confusion_matrix(metrics.confusion_matrix(y_test, said[0], classes=10), digits.class_names,
                       caption="The first network. Which digits does it take for which?")  # fmt: skip

# %% [markdown]
# *What you see.* The linear model says how hard the task is. With 100 pictures a difference of a few points says
# little, and even 360 leave some room. And the average hides a class found less often. Some such class there always is:
# with about 36 pictures of each, chance alone sets one apart by the second of the two figures. Only what goes well
# beyond that belongs to the class: look along its row.
#
# *When this does not hold.* No figure from this test set speaks for other pictures: another camera, other hands,
# another year. Where classes are uneven or mistakes cost differently, accuracy is the wrong figure ([lesson
# 04](04_keras_code.ipynb)). Where probabilities are used, calibration counts too ([lesson
# 10](10_trust.ipynb)).

# %% [markdown] tags=["slide"]
# ### 11. How do I make a model perform better?
#
# Look at both accuracies first. If the training pictures are fitted and new ones are not, more or better data help
# most; if not even the training pictures are fitted, train longer or widen the network.
#
# We begin with 300 pages and change one thing at a time. *Predict first.* Which brings most: twice as many steps, 1,000
# pages, or the 300 digits laid on a new place in each pass?

# %%
passes = profiles.choose(profile, smoke=4, quick=40, full=40)  # of 300 pages
x_few, y_few = x_moved[:300], y_train[:300]
once = np.tile(x_few, (passes, 1, 1, 1))  # the same pages in each pass
many = np.tile(x_train[:300], (passes, 1, 1, 1))  # the digits, to be moved anew


def anew(model, views):  # `views` takes a seed and gives all pages of a run
    found = []
    for current in seeds:
        pages = views(current)
        train(model, pages, np.tile(y_few, len(pages) // 300), current, passes=1)
        found.append(accuracy(model, v_moved, y_validation))
    return found


# %% [markdown]
# All rows but the second see equally many pages.

# %% tags=["slide"]
better = {"300 pages": anew(base, lambda current: once)}
print(f"training accuracy with 300 pages: {accuracy(base, x_few, y_few):.3f}")
better["twice the steps"] = anew(base, lambda current: np.tile(once, (2, 1, 1, 1)))
better["moved anew"] = anew(base, lambda current: moved(many, current))
better["1,000 pages"] = baseline
claims.claim("21.c11", "After equally many steps 1,000 pages are on average better than 300.",
             measured=[np.mean(baseline) - np.mean(better["300 pages"])], at_least=0)  # fmt: skip
plots.comparison(
    better,
    label="validation accuracy",
    caption="One change at a time, from the first row.",
)

# %% [markdown]
# On photographs lesson 05 recorded what three parts, together the *recipe*, gain for program C of lesson 04.

# %%
earlier = recorded.load("05_remedies")
print(earlier)
for part, table in earlier.figures.items():
    print(part)
    print_rows({name: found["accuracy"] for name, found in table.items()})
ends = earlier.figures["all, test"]
claims.claim("21.c11b", "The recorded recipe, with 14 passes instead of ten, gains at least 8 points on the test photographs.",
             measured=np.subtract(ends["the recipe"]["accuracy"], ends["program C"]["accuracy"]), at_least=0.08)  # fmt: skip

# %% [markdown]
# *What you see.* The 300 pages are fitted completely, so more steps have little left to do. In this run more pages
# bring most, and the old digits on new places much of that for nothing; compare the distance with the spread. On
# photographs no part alone gains much, and the whole recipe does (in the last rows with more passes).
#
# *When this does not hold.* Wrong labels and a training set unlike the pictures of use are cured by none of these. Look
# at the mistakes before you buy anything ([lesson 04](04_keras_code.ipynb)).

# %% [markdown] tags=["slide"]
# ### 12. How do I fight overfitting and make it generalise?
#
# Tell the model something true about the task: more pictures, an architecture that fits, changes that must not matter.
# General remedies, such as weight decay and dropout, come after that.
#
# The dense network of question 3 learns 300 pages by heart. *Predict first.* Which of weight decay, dropout, digits
# moved anew, 1,000 pages and a CNN raise its accuracy on new pages?

# %%
remedies = {"300 pages": anew(connected, lambda current: once)}
by_heart = accuracy(connected, x_few, y_few)
remedies["weight decay"] = anew(compiled(mlp(decay=0.001)), lambda current: once)
remedies["dropout"] = anew(compiled(mlp(dropout=0.5)), lambda current: once)
remedies["moved anew"] = anew(connected, lambda current: moved(many, current))
remedies |= {"1,000 pages": both["dense, moved"], "a CNN": better["300 pages"]}

# %% tags=["slide"]
first = np.mean(remedies["300 pages"])
claims.claim("21.c12", "The dense network fits at least 60 points more of its own pages than of new ones.",
             measured=[by_heart - first], at_least=0.6)  # fmt: skip
general = [np.mean(remedies[name]) for name in ("weight decay", "dropout")]
claims.claim("21.c12c", "For it, 300 digits moved anew are on average at least 2 points better than 1,000 pages.",
             measured=[np.mean(remedies["moved anew"]) - np.mean(remedies["1,000 pages"])], at_least=0.02)  # fmt: skip
claims.claim("21.c12b", "Moving the digits anew gains on average at least 10 points more than either general remedy.",
             measured=np.mean(remedies["moved anew"]) - general, at_least=0.1)  # fmt: skip
plots.comparison(remedies, chance=0.1, label="validation accuracy",
                 caption="All see equally many pages in training.")  # fmt: skip

# %% [markdown]
# Lesson 05 recorded remedies on Fashion-MNIST, with a CNN and 1,000 pictures of clothes or four times as many.

# %%
earlier = recorded.load("05_table")
print(earlier)
print_rows(dict(sorted(earlier.figures.items(), key=lambda item: -np.mean(item[1]))))

# %% [markdown]
# *What you see.* Weight decay and dropout know nothing about digits, and here change next to nothing. 300 digits at
# ever new places teach the dense network more than 1,000 pages do. A network that is built for moved things is ahead of
# all. On Fashion-MNIST, too, more pictures lead; few remedies gain more than the baseline's spread, and crop and
# rotation lose more.
#
# *When this does not hold.* Large networks that train for long gain from weight decay and dropout, as published recipes
# show. A small gap between training and validation is no aim in itself: a model can have none and be bad at both
# ([lesson 05](05_overfitting_and_augmentation.ipynb)).

# %% [markdown] tags=["slide"]
# ### 13. Why augmentation, and which?
#
# Each transform says: this change does not alter the class. Take those that are true for your task and that the network
# does not know yet.
#
# *A digit keeps its class when it moves*: true, and the CNN is built that way. *It keeps it when it is mirrored*: false
# for most digits.


# %% tags=["slide"]
def mirrored(current):  # half of the pages
    chosen = np.random.default_rng(current).random((len(once), 1, 1, 1)) < 0.5
    return np.where(chosen, once[:, :, ::-1], once)


shown = {
    "dense, as they are": remedies["300 pages"],
    "dense, moved anew": remedies["moved anew"],
    "dense, mirrored": anew(connected, mirrored),
    "CNN, as they are": better["300 pages"],
    "CNN, moved anew": better["moved anew"],
    "CNN, mirrored": anew(base, mirrored),
}

plain_dense, moved_dense, _, plain_cnn, moved_cnn, flipped_cnn = map(np.mean, shown.values())  # fmt: skip
claims.claim("21.c13", "Moving gains the dense network on average at least 10 points.",
             measured=[moved_dense - plain_dense], at_least=0.1)  # fmt: skip
claims.claim("21.c13b", "It gains the CNN on average at most half as much: its gain less half of the other's.",
             measured=[moved_cnn - plain_cnn - (moved_dense - plain_dense) / 2], at_most=0)  # fmt: skip
claims.claim("21.c13c", "Mirroring costs the CNN on average at least 1 point.",
             measured=[plain_cnn - flipped_cnn], at_least=0.01)  # fmt: skip
plots.comparison(shown, chance=0.1, label="validation accuracy", caption="True and new, true and known, false.")  # fmt: skip

# %% [markdown]
# *What you see.* True and new helps much, true and known helps less, and what is false costs the CNN. The dense
# network, which knows little about these pages anyway, hardly notices the mirror.
#
# *When this does not hold.* With many pictures even a true transform can cost accuracy at a short budget, likely
# because it makes them harder to fit. And mixup and cutmix make pictures that exist nowhere, yet help on some data sets
# ([lesson 05](05_overfitting_and_augmentation.ipynb)).

# %% [markdown] tags=["slide"]
# ### 14. What if I have little data, or uneven classes?
#
# With little data, take a network whose form fits, show it changes that must not matter, and use features that were
# learned on *much* other data. With uneven classes, look at each class, and weight the classes or correct the
# probabilities if rare ones matter.
#
# First little data: five pages each of the digits 5 to 9. There are plenty of the digits 0 to 4, so a CNN learns
# those; its last layer but one then gives 16 numbers for a page, and a linear model learns from them.
#
# *Predict first.* What is best from 25 pages: a linear model on the pixels, the same on those 16 numbers, or a CNN
# that has seen nothing else?

# %%
old = y_train < 5
chosen = np.concatenate(
    [np.flatnonzero(y_train == digit)[:5] for digit in range(5, 10)]
)
new = y_validation >= 5
features = keras.Model(base.inputs[0], base.layers[-2].output)
ways = ("pixels, linear", "other digits' features, linear", "CNN", "CNN, moved anew")
little = {name: [] for name in ways}


def linear_on(inputs, new_inputs):
    model = LogisticRegression(max_iter=2000).fit(inputs, y_train[chosen])
    return model.score(new_inputs, y_validation[new])


for current in seeds:
    pages, v_pages = moved(x_train[chosen], current), v_moved[new]
    train(base, x_moved[old], y_train[old], current)
    for way, given in (
        (ways[0], [array.reshape(len(array), -1) / 255 for array in (pages, v_pages)]),
        (ways[1], [features(array).numpy() for array in (pages, v_pages)]),
    ):
        little[way].append(linear_on(*given))
    often, fixed, known = (
        np.repeat(array, 20 * epochs, axis=0)
        for array in (x_train[chosen], pages, y_train[chosen])
    )
    for way, given in ((ways[2], fixed), (ways[3], moved(often, current))):
        train(base, given, known, current, passes=1)
        little[way].append(accuracy(base, v_pages, y_validation[new]))

# %% tags=["slide"]
claims.claim("21.c14", "From five pages a class, the features are at least 15 points better than pixels.",
             measured=np.subtract(little[ways[1]], little[ways[0]]), at_least=0.15)  # fmt: skip
claims.claim("21.c14b", "On average the features are at most 5 points ahead of a CNN that learns from these pages alone.",
             measured=[np.mean(little[ways[1]]) - np.mean(little[ways[2]])], at_most=0.05)  # fmt: skip
plots.comparison(little, chance=0.2, label="validation accuracy", caption="Five classes, five pages each.")  # fmt: skip

# %% [markdown]
# Now uneven classes: 80 pictures each of the digits 0 to 4, four each of the others, and a linear model. Prior
# correction divides each probability by the share of its class in training.

# %% tags=["slide"]
uneven = {"nothing": [], "class weights": [], "prior correction": []}
frequent = {name: [] for name in uneven}
for current in seeds:
    order = np.random.default_rng(current).permutation(1000)
    rows = np.concatenate([order[y_train[order] == k][: 80 if k < 5 else 4] for k in range(10)])  # fmt: skip
    x, y, shares = flat[rows], y_train[rows], np.bincount(y_train[rows]) / len(rows)
    usual = LogisticRegression(max_iter=2000).fit(x, y)
    weighted = LogisticRegression(max_iter=2000, class_weight="balanced").fit(x, y)
    answers = {
        "nothing": usual.predict(v_flat),
        "class weights": weighted.predict(v_flat),
        "prior correction": (usual.predict_proba(v_flat) / shares).argmax(axis=1),
    }
    for name, labels_said in answers.items():
        uneven[name].append(np.mean((labels_said == y_validation)[new]))
        frequent[name].append(np.mean((labels_said == y_validation)[~new]))

for name, values in frequent.items():
    print(f"{name:17} of the frequent digits {np.mean(values):.3f} found")
remedied = [np.mean(uneven[name]) for name in ("class weights", "prior correction")]
claims.claim("21.c14c", "Either remedy finds on average at least 15 points more of the rare digits.",
             measured=remedied - np.mean(uneven["nothing"]), at_least=0.15)  # fmt: skip
plots.comparison(uneven, label="share of the rare digits found",
                 caption="Four pictures of each rare digit, 80 of each frequent one.")  # fmt: skip

# %% [markdown]
# *What you see.* The features are far better than pixels, yet do not beat a CNN that has 25 pages alone: likely five
# other digits are too narrow a school for them. In this run the 25 digits, laid on ever new places, lead by far. Among
# uneven classes both remedies find more of the rare digits, and pay with some of the frequent ones.
#
# *When this does not hold.* Networks that were pretrained on a million photographs are another matter: their features
# are the first thing to try on few photographs of your own. And if the world is as uneven as the training set, and
# all mistakes cost the same, leave the classes as they are. [Lesson 15](15_speed.ipynb) adapts a trained
# network, [lesson 20](20_words_and_scale.ipynb) learns with few labels.


# %% [markdown] tags=["slide"]
# ## When it goes wrong


# %% [markdown] tags=["slide"]
# ### 15. Installing, training and testing go wrong: what are the usual causes, and how do I find them?
#
# What cannot be installed or loaded says so. The costly faults raise no error: the program runs, and its figures look
# like those of a hard task. The symptom says where to look first.

# %% [markdown]
# Three tests find most faults before anything is tuned. *Ask the untrained network:* its loss should be near the
# natural logarithm of the number of classes. *Look at one batch* as it reaches the network, with its labels. *Learn ten
# pictures by heart:* if that fails, more pictures will not help.

# %% [markdown]
# **Installing.** In a terminal, `course doctor` looks at Python, the packages, the kernel and the data, and says how to
# mend what it finds. Three causes lead. `pip install keras` brings no backend (lesson 14). A Python is newer or older
# than the packages allow; this course takes 3.11 to 3.13. And the kernel belongs to another environment than the
# terminal in which you installed: `python -m pip` and `python -m jupyter lab` in one terminal go together. What does
# this kernel run?

# %%
print("Python", platform.python_version(), " Keras", keras.__version__)
print("backend in use:", keras.backend.backend())
for package in ("tensorflow", "jax", "torch"):
    there = importlib.util.find_spec(package) is not None
    print(f"{package:10}", "installed" if there else "not installed")

# %% [markdown] tags=["slide"]
# **Training and testing: eight broken programs.** All read the digits of 8 by 8 pixels, bytes from 0 to 255, with
# nearly the same network. Each has one fault. Read the program and its figures, name the fault, then mend it in the
# exercise. `network` is in order. Labels stand in a column, `(n, 1)`, as some loaders give them.


# %%
y_column, v_column = y_train[:, None], y_validation[:, None]


def network():
    return keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Rescaling(1 / 255),
        layers.Flatten(),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


# %% [markdown]
# `three_runs` is in order too. It trains from each seed and notes the loss of the untrained network, the curves of
# training, and what the network says about the validation pictures: its answers, and how sure it is of the right class.
# It prints the loss before and after, the shares that are right in training and in validation, and the probability of
# the surest answer of all.


# %%
rounds = profiles.choose(profile, smoke=1, quick=10, full=10)
sparse = "sparse_categorical_crossentropy"


def three_runs(model, x, y, loss=sparse, rate=0.5, ask=lambda model, images: model(images)):  # fmt: skip
    if not model.compiled:
        model.compile("sgd", loss, metrics=["accuracy"], jit_compile=False, steps_per_execution=5)  # fmt: skip
    model.optimizer.learning_rate, runs = rate, []
    for current in seeds:
        training.reset(model, seed=current)
        first = float(np.mean(keras.losses.get(loss)(y, model(x))))
        run = model.fit(x, y, batch_size=50, epochs=rounds, verbose=0).history
        batch = np.argmax(model(x_validation), axis=1) == y_validation
        given = np.nan_to_num(ask(model, x_validation))  # what overflows counts as 0
        right = given.argmax(axis=1) == y_validation[: len(given)]
        sure = np.take_along_axis(given, v_column[: len(given)], axis=1)
        runs.append(run | {"first": first, "batch": batch.mean(), "given": given,
                           "right": right.mean(), "sure": sure.mean()})  # fmt: skip
        shown = first, run["loss"][-1], run["accuracy"][-1], batch.mean(), given.max()
        print("loss {:6.2f}, then {:5.2f}   ".format(*shown), end="")
        print("training {2:.2f}, validation {3:.2f}   surest {4:.2f}".format(*shown))
    return runs


programs, plain = {}, network()

# %% tags=["slide"]
programs[1] = three_runs(network(), x_train, y_column, loss="mean_squared_error")

# %% [markdown]
# *What you see.* Nothing is learned, and no answer is sure. The column of labels is stretched over the ten outputs: for
# a seven, each of them is drawn towards 7. As they add up to 1, the best they can do is to be equal.
#
# *Exercise 21.1: a loss that fits.* The labels are integers in a column, `(n, 1)`, the outputs probabilities,
# `(n, 10)`. Set `loss` to the name of a Keras loss that fits both, or to the loss itself. *Example of an answer:*
# `"mean_squared_error"`, which does not fit.

# %% tags=["exercise"]
loss = ...
exercises.check("21.1", loss)

# %% tags=["slide"]
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Rescaling(1 / 255),
    layers.Flatten(),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
    layers.Softmax(),
])  # fmt: skip
programs[2] = three_runs(model, x_train, y_column)

# %% [markdown]
# *What you see.* The network learns, slowly. But its loss stays high, and no probability gets far: a softmax of numbers
# between 0 and 1 gives nearly equal shares. The same happens where the loss has a softmax inside, as PyTorch's
# `CrossEntropyLoss` has; in Keras `from_logits` says whether scores or probabilities come.
#
# *Exercise 21.2: softmax once.* This loss is for a network that ends with softmax. Mend it. It gets labels `(n, 1)` and
# probabilities `(n, classes)`, and returns the loss of each picture, `(n,)`. *Example:* for the label 1 and the
# probabilities 0.2, 0.7, 0.1 it is 0.357. NumPy is as good as `keras.ops`.
#
# ```python
# def cross_entropy(y, outputs):
#     share = keras.ops.softmax(outputs)
#     right = keras.ops.take_along_axis(share, keras.ops.cast(y, "int32"), axis=1)
#     return -keras.ops.log(right[:, 0])
# ```


# %% tags=["exercise"]
def cross_entropy(y, outputs):
    # your lines in the place of the dots
    ...


exercises.check("21.2", cross_entropy)

# %% tags=["slide"]
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Flatten(),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
])  # fmt: skip
programs[3] = three_runs(model, x_train, y_column)

# %% [markdown]
# *What you see.* Compare the first loss with that of the other programs. A network that is sure before it has learned
# has inputs, or weights, that are too large. Its first steps are far too large as well; afterwards the loss stays at
# that of guessing, likely because hardly a unit of the hidden layer still answers a picture.
#
# *Exercise 21.3: the scale.* Set `first_layer` to a Keras layer that takes the bytes, `(n, 8, 8, 1)`, and gives values
# of about the size 1. *Example of an answer:* `layers.Flatten()`, which does not scale.

# %% tags=["exercise"]
first_layer = ...
exercises.check("21.3", first_layer)

# %% tags=["slide"]
programs[4] = three_runs(plain, x_train, y_column, rate=4.0)
print("loss after each epoch:", np.round(programs[4][0]["loss"], 2))

# %% [markdown]
# *What you see.* The end is that of program 3, the beginning is not: the untrained network is in order, and the first
# epoch makes it worse. Look at the loss of every epoch, not at the last alone.
#
# *Exercise 21.4: a rate that works.* Set `rate`. The check trains this network, written in NumPy, with it: 300 digits,
# twelve epochs, three seeds. At the end the loss has to be below 1 for each. *Example of an answer:* `4.0`, which is
# too large.

# %% tags=["exercise"]
rate = ...
exercises.check("21.4", rate)

# %% tags=["slide"]
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Rescaling(1 / 255),
    layers.Flatten(),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="relu"),
    layers.Softmax(),
])  # fmt: skip
programs[5] = three_runs(model, x_train, y_column)
for run in programs[5]:
    print("never answered:", sorted(set(range(10)) - set(run["given"].argmax(axis=1))))

# %% [markdown]
# *What you see.* Some classes are never answered, others with each seed, and a lucky seed may lose none. ReLU cuts off
# negative scores. Where the score of a class is negative for all pictures, its unit is dead, as in lesson 02: no
# gradient comes through. Accuracy calls this mediocre; recall by class shows what it is.
#
# *Exercise 21.5: the activation at the end.* Softmax still follows. Set `activation` to what `layers.Dense(10,
# activation=activation)` should have: a name, a function or None. *Example of an answer:* `"relu"`, the fault.

# %% tags=["exercise"]
activation = ...
exercises.check("21.5", activation)

# %% tags=["slide"]
lottery = np.random.default_rng(seed)
x_mixed, y_mixed = lottery.permutation(x_train), lottery.permutation(y_column)
programs[6] = three_runs(plain, x_mixed, y_mixed)

# %% [markdown]
# *What you see.* Validation stays at guessing or, by chance, below. In training the network does a little better: it
# begins to learn pictures by heart, with labels that mean nothing. Ten pictures beside their labels would have shown
# it.
#
# *Exercise 21.6: shuffle together.* Write `shuffle_together(x, y, number)`: it returns both in one and the same new
# random order, decided by the seed `number`. *Example:* after `a, b = shuffle_together(x, y, 0)`, `a[0]` and `b[0]`
# were a pair in `x` and `y` too.


# %% tags=["exercise"]
def shuffle_together(x, y, number):
    # your lines in the place of the dots
    ...


exercises.check("21.6", shuffle_together)


# %% tags=["slide"]
def parts(x, y, held_out):  # hold some pictures out, train on the others
    places = np.random.default_rng(seed).permutation(len(x))
    learn, hold = places[:held_out], places[held_out:]
    return x[learn], y[learn], x[hold], y[hold]


x_part, y_part, x_rest, y_rest = parts(x_train, y_column, held_out=100)
programs[7] = three_runs(plain, x_part, y_part)

# %% [markdown]
# *What you see.* Good in training and poorer on others, as in overfitting, and many a remedy of lesson 05 would help a
# little. The fault is elsewhere, and `x_part.shape` tells.
#
# *Exercise 21.7: who trains?* Write `split(x, y, held_out)`: drawn at random, `held_out` pictures are for the test and
# all others for training. It returns x and y for training, then x and y for the test. *Example:* of 10 pictures with
# `held_out=3`, the four arrays have the lengths 7, 7, 3, 3.


# %% tags=["exercise"]
def split(x, y, held_out):
    # your lines in the place of the dots
    ...


exercises.check("21.7", split)


# %% tags=["slide"]
def one_at_a_time(model, images):  # as an app asks; copied from a training loop
    return np.concatenate([model(image[None], training=True) for image in images[:100]])


model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Rescaling(1 / 255),
    layers.Flatten(),
    layers.Dense(32),
    layers.BatchNormalization(),
    layers.ReLU(),
    layers.Dense(10, activation="softmax"),
])  # fmt: skip
programs[8] = three_runs(model, x_train, y_column, ask=one_at_a_time)
print("one at a time:", [round(float(run["right"]), 2) for run in programs[8]])

# %% [markdown]
# *What you see.* In one batch the answers are good, in the app not. With `training=True`, batch normalisation subtracts
# the mean of the batch; of a single picture nothing is left, and each gets the same answer. In PyTorch a forgotten
# `model.eval()` raises an error here, but behind convolutions does silent harm. The reverse exists too: in a training
# loop of your own, `model(x)` without the flag leaves dropout and batch normalisation switched off.
#
# *Exercise 21.8: the training flag.* Write `classes_of(model, images)`: it returns the class with the largest
# probability for each picture, a NumPy array `(n,)`, the same whether a picture comes alone or in a batch. *Example
# of a result:* `array([2, 0, 1])`.


# %% tags=["exercise"]
def classes_of(model, images):
    # your lines in the place of the dots
    ...


exercises.check("21.8", classes_of)

# %% [markdown]
# *Exercise 21.9: how low can it get?* Back to program 2: its second softmax gets ten probabilities. At best the right
# class has 1 and the nine others have 0. Compute `lowest_loss`, the loss of such a picture; a formula is as good as a
# number. *Example:* with two classes it would be 0.313.

# %% tags=["exercise"]
lowest_loss = ...
exercises.check("21.9", lowest_loss)

# %% [markdown] tags=["slide"]
# Side by side with the mended program: `network()`, all pictures with their labels, the loss that fits, a rate of 0.5.
# Which of the eight would you recognise by these curves alone?

# %% tags=["slide"]
programs[0] = three_runs(plain, x_train, y_column)
faults = ["mended", "loss", "softmax twice", "scale", "rate", "ReLU at the end", "labels", "split", "flag"]  # fmt: skip
figure, axes = plots.canvas(3, 3, width=8.5, height=6.5, sharex=True, sharey=True)
steps = range(1, rounds + 1)
for axis, place in zip(axes.flat, sorted(programs), strict=True):
    for run in programs[place]:
        axis.plot(steps, run["accuracy"], "-", color="#0072B2", linewidth=1)
        axis.plot(rounds + 1, run["batch"], "s", color="#D55E00", mfc="none")
        axis.plot(rounds + 1, run["right"], "kx")
    axis.set(title=f"{place}: {faults[place]}", ylim=(0, 1.02))
for axis in axes[:, 0]:
    axis.set_ylabel("accuracy")
for axis in axes[-1]:
    axis.set_xlabel("epoch")
plots.picture(
    figure,
    alt="Training accuracy over the epochs in nine panels, the mended program and the eight broken ones, and marks for "
    "validation. Lines stay low for loss, scale, rate and labels; for the flag only the crosses are low.",
    caption="Lines: training. Squares: validation, in one batch. Crosses: validation, asked as the program asks.",
)  # fmt: skip

# %% [markdown]
# How much probability does the right class get, on average? That sees all eight.

# %%
sure = {n: [run["sure"] for run in programs[n]] for n in sorted(programs)}
for place, values in sure.items():
    print(f"{place}: {faults[place]:16}", np.round(values, 2))
gaps = [np.mean(sure[0]) - np.mean(sure[place]) for place in range(1, 9)]
claims.claim("21.c15", "On average, each broken program gives the right class at least 0.05 less than the mended one.",
             measured=gaps, at_least=0.05)  # fmt: skip
losses_left = [twice["loss"][-1] - good["loss"][-1] for twice, good in zip(programs[2], programs[0], strict=True)]  # fmt: skip
claims.claim("21.c15b", "With softmax twice the last training loss is at least 1 above that of the mended program.",
             measured=losses_left, at_least=1)  # fmt: skip
times = [wrong["first"] / good["first"] for wrong, good in zip(programs[3], programs[0], strict=True)]  # fmt: skip
claims.claim("21.c15c", "With unscaled pictures the untrained network has at least 3 times the loss.",
             measured=times, at_least=3, unit="times")  # fmt: skip

# %% [markdown] tags=["slide"]
# The same turned round, to look things up when a run of yours goes wrong:
#
# | what you see | look first at | program |
# | --- | --- | --- |
# | a package is "not there", Keras does not load | the Python that the kernel runs; the backend | |
# | the loss does not move, accuracy is that of guessing | whether the loss fits labels and outputs | 1 |
# | many answers are right, none is sure | softmax twice, in the model or in the loss | 2 |
# | the first loss is far too large | the scale of the pictures | 3 |
# | the first steps make the loss larger; it leaps or becomes `nan` | the learning rate | 4 |
# | some classes are never answered | the activation of the last layer | 5 |
# | training crawls, validation stays at guessing | the pairs of picture and label | 6 |
# | good on the training pictures, poorer on others | how many they are; only then lesson 05 | 7 |
# | good in validation, useless on one picture | preprocessing (lesson 04); the training flag | 8 |

# %% [markdown]
# *When this does not hold.* A symptom points to a first suspect, not to the culprit: a rate that is too large and
# pictures that are not scaled end alike, and two faults can hide each other. Where none of the eight fits, go back to a
# program that works and carry your changes over one at a time.
#
# *Exercise 21.10: six reports.* Six people describe their runs, with ten classes each. Give each letter the cause to
# look at first: `"learning rate"`, `"pairs of picture and label"`, `"scale of the pictures"`, `"softmax twice"`,
# `"split"` or `"training flag"`.
#
# - A: "Before training, the loss was 57. Now it is 2.3 and does not move."
# - B: "90 % are right in validation, but the loss is stuck at 1.5 and no probability is above 0.25."
# - C: "The first losses are 2.3, 4.1, 2.9, 7.6, 3.3."
# - D: "After 200 epochs 99 % in training, 10 % in validation. Dropout only made training slower."
# - E: "97 % in validation. For a single picture the answer is always class 3."
# - F: "99 % in training, 84 % in validation. I have 2,000 pictures, yet an epoch takes 7 steps of 32."

# %% tags=["exercise"]
causes = {"A": ..., "B": ..., "C": ..., "D": ..., "E": ..., "F": ...}
exercises.check("21.10", causes)

# %% [markdown] tags=["slide"]
# ### 16. Why are my results different each run?
#
# Because the starting weights and the order of the pictures are drawn anew. One seed for all draws repeats a run; only
# several seeds show what a method is worth.
#
# Does a seed repeat a run? Twice the same seed, then another one, and the largest difference in any weight.


# %%
def apart_after(one, other):
    ends = []
    for current in (one, other):
        train(connected, x_few, y_few, current, passes=2)
        ends.append(connected.get_weights())
    return max(float(np.abs(a - b).max()) for a, b in zip(*ends, strict=True))


same, another = apart_after(seed, seed), apart_after(seed, seed + 1)
print(f"same seed: {same:.1e}   another seed: {another:.1e}")
claims.claim(
    "21.c16", "With the same seed no weight ends more than 0.001 away.", measured=[same], at_most=1e-3,
)  # fmt: skip

# %% [markdown]
# With several threads, sums may be added up in another order, and rounding differs. TensorFlow can be told to use only
# operations that give the same bits each time. That belongs at the start of a program, so a fresh process does it.

# %%
script = """
import keras, numpy as np, tensorflow as tf
tf.config.experimental.enable_op_determinism()
ends = []
for run in range(2):
    keras.utils.set_random_seed(0)  # Python, NumPy and TensorFlow at once
    x, y = np.random.normal(size=(512, 64)), np.random.randint(0, 10, 512)
    model = keras.Sequential([keras.layers.Dense(32, "relu"), keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    model.fit(x, y, epochs=2, verbose=0)
    ends.append(np.concatenate([array.ravel() for array in model.get_weights()]))
print(np.abs(ends[0] - ends[1]).max())
"""
done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # fmt: skip
claims.claim("21.c16b", "With deterministic operations two runs from one seed end with the same bits.",
             measured=[float(done.stdout.split()[-1])], at_most=0)  # fmt: skip

# %% [markdown] tags=["slide"]
# Now the spread. Twelve runs of one program, the network of question 8 with momentum, which differ in nothing but the
# seed; then the same with only the starting weights or only the order of the digits drawn anew.
#
# *Predict first.* How far apart are the best and the worst of twelve runs: less than half a point, about one, or more
# than two?

# %%
lots = range(seed, seed + profiles.choose(profile, smoke=6, quick=12, full=12))
drawn_anew = {"start and order": [], "the start": [], "the order": []}
for number in lots:
    for name, start, order_seed in (
        ("start and order", number, number), ("the start", number, seed), ("the order", seed, number),
    ):  # fmt: skip
        drawn_anew[name] += learn(optimisers.Momentum(0.1), start, [5], order_seed)

# %% tags=["slide"]
runs = drawn_anew["start and order"]
claims.claim("21.c16c", "The best and the worst of the runs lie at least 1.5 points apart.",
             measured=[max(runs) - min(runs)], at_least=0.015)  # fmt: skip
plots.comparison(drawn_anew, label="validation accuracy",
                 caption="One program, twelve runs a row. What is drawn anew stands at the left.")  # fmt: skip

# %% [markdown]
# What could such a spread make you believe? Take two *groups* of runs from the first row, as if they were two methods,
# and compare their means: every pair of single runs, and every pair of groups of three.


# %%
def apparent(size):  # differences between the means of two groups without a common run
    groups = list(itertools.combinations(range(len(runs)), size))
    pairs = (
        (a, b) for a, b in itertools.combinations(groups, 2) if not set(a) & set(b)
    )
    means = {group: np.mean([runs[k] for k in group]) for group in groups}
    return np.array([abs(means[a] - means[b]) for a, b in pairs])


single, three = apparent(1), apparent(3)
for name, found in (("single runs", single), ("means of three", three)):
    print(f"{name}: {100 * np.mean(found >= 0.01):.0f} % of the pairs differ by a point or more")  # fmt: skip
claims.claim("21.c16d", "Means of three lie on average at most 0.8 times as far apart as single runs.",
             measured=[three.mean() / single.mean()], at_most=0.8, unit="times")  # fmt: skip

# %% [markdown]
# *What you see.* Nothing was changed, and yet the best run looks points better than the worst. The start alone moves
# the figure, and so does the order alone. A lead of one point, from one run each, is what chance gives away in a
# large share of all pairs. Means of three lie closer together; a difference well beyond their spread is a finding.
#
# *When this does not hold.* A seed repeats a run on one machine with one version of each package; on another
# processor, on a graphics card or after an update, expect other digits. And more seeds measure the spread of the
# *training* alone: another training set would move the figure as well. [Lesson 04](04_keras_code.ipynb) runs its
# programs from three seeds.

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You chose a framework by what surrounds it, a model by what it knows about pictures, kernels by what the last layer
# sees, an activation by its slope and a loss by the form of the answer. You found rates with short runs, and three
# tuned optimisers close together. You judged with an interval and class by class. You matched remedies to faults:
# pages, changes that are true, features learned elsewhere. You mended broken programs by their symptoms, and you saw
# how far twelve runs of one program lie apart.

# %% [markdown]
# Six questions on the whole course.

# %%
quizzes.ask("21.q1")
quizzes.answer("21.q1", ...)

# %% [markdown]
# Now choose a remedy.

# %%
quizzes.ask("21.q2")
quizzes.answer("21.q2", ...)

# %% [markdown]
# More than one answer may be right here.

# %%
quizzes.ask("21.q3")
quizzes.answer("21.q3", ...)

# %% [markdown]
# Now a number.

# %%
quizzes.ask("21.q4")
quizzes.answer("21.q4", ...)

# %% [markdown]
# A symptom, and its cause.

# %%
quizzes.ask("21.q5")
quizzes.answer("21.q5", ...)

# %% [markdown]
# And a report to read.

# %%
quizzes.ask("21.q6")
quizzes.answer("21.q6", ...)

# %% [markdown]
# Here the course ends. What stays open: none of these answers is about *your* pictures. [Lesson
# 07](07_your_own_images.ipynb) takes a folder of them from the first look to a model card; change one thing there, from
# three seeds, and add your own answer here.

# %% tags=["nbval-check-output"]
progress.show("21")
