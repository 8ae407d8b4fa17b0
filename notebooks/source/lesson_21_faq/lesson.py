# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 40
#       images: 2000
#     smoke:
#       epochs: 1
#       images: 100
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
# # Sixteen questions, each answered by an experiment
#
# Nine programs learn to read handwritten digits. Eight of them have a fault, and none raises an error. Which one works?

# %% tags=["parameters"]
images: int = 1000  # to learn from
epochs: int = 20  # how often the networks see each of them

# %%
from course_utils import plots, recorded, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts
programs = recorded.show("21_programs").figures
nine = {}
for letter, runs in zip("ABCDEFGHI", programs.values(), strict=True):
    nine[letter] = {
        part: [run[part] for run in runs] for part in ("training", "new pictures")
    }

# %% tags=["slide"]
plots.panels(
    nine,
    x_label="epoch",
    y_label="accuracy",
    caption="What each program reports, from three starts. New pictures are those that it holds out; D asks 100 of them one at a time, as its application does.",
)

# %%
from course_utils import quizzes

quizzes.predict("21.p1", ...)

# %%
quizzes.verdict("21.p1")

# %% [markdown]
# (A **start** is one training from other random weights.) Question 15 opens all nine. The other fifteen are what people ask most often. Run the cells down to question 1 once; after that each question runs by itself. (The program at the very end loads other pictures: after it, run the first cells again.)
#
# **After this notebook you can:** look up an answer and the figure behind it, say when the answer does not hold, and find the fault of a
# program from its symptom.
#
# **Before you start:** lesson 04.
#
# **Time:** 1 minute to run, 60 minutes to study the core, which is the opening, questions 10, 11, 15 and 16, *So do this* and the quiz: 40 to read, to run and to answer the questions, and 20 for exercises 21.2 to 21.5.
# The other questions take three or four each, question 14 seven, and *To take home* comes on top.

# %% [markdown] tags=["slide"]
# ## Index
#
# **Choosing:** [1. Which framework should I choose?](#1.-Which-framework-should-I-choose?) ·
# [2. Which model should I choose: CNN, RNN or transformer?](#2.-Which-model-should-I-choose?) ·
# [3. Why a CNN and not a fully connected network?](#3.-Why-a-CNN-and-not-a-fully-connected-network?) ·
# [4. How do I choose the size and number of kernels?](#4.-How-do-I-choose-the-size-and-number-of-kernels?) ·
# [5. Which activation function?](#5.-Which-activation-function?)
#
# **Training:** [6. Which loss function, and why do I need one?](#6.-Why-a-loss-function-and-which?) ·
# [7. Why backpropagation?](#7.-Why-backpropagation?) ·
# [8. Which learning rate?](#8.-Which-learning-rate?) ·
# [9. Which optimiser?](#9.-Which-optimiser?)
#
# **Judging and improving:** [10. How do I judge a model?](#10.-How-do-I-judge-a-model?) ·
# [11. How do I make a model better?](#11.-How-do-I-make-a-model-perform-better?) ·
# [12. How do I fight overfitting?](#12.-How-do-I-fight-overfitting?) ·
# [13. Why augmentation, and which?](#13.-Why-augmentation-and-which?) ·
# [14. How many pictures do I need? What if I have few, or uneven classes?](#14.-What-if-I-have-little-data-or-uneven-classes?)
#
# **When it goes wrong:** [15. Why does my network not learn? The usual faults](#15.-What-are-the-usual-faults-and-how-do-I-find-them?) ·
# [16. Why are my results different each run?](#16.-Why-are-my-results-different-each-run?)
#
# Questions 3, 6, 7, 10 and 16 use the CNN that these two cells train on the ten shapes of lesson 00. Only question 3 trains a second network.

# %%
import keras
import numpy as np
from keras import layers

from course_utils import datasets

plain = {"size": 24, "clutter": 0, "noise": 0}  # easier than in lesson 00, and quicker
data = datasets.load("shapes", train=images, validation=1000, test=1000, **plain)
x_train, y_train = data.train.x, data.train.y  # (images, 24, 24, 3), bytes
x_new, y_new = data.test.x, data.test.y  # (1000, 24, 24, 3)

# %%
from course_utils import exercises, models

keras.utils.set_random_seed(0)
cnn = models.small_cnn((24, 24, 3), classes=10, kernels=16)  # lesson 00 writes it out
cnn.compile(
    keras.optimizers.Adam(0.003),
    "sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
history = cnn.fit(x_train, y_train, batch_size=50, epochs=epochs, verbose=0)
cnn_accuracy = cnn.evaluate(x_new, y_new, verbose=0)[1]
print(f"{100 * cnn_accuracy:.1f} % of 1,000 new pictures; guessing gets 10 %")

# %% [markdown] tags=["topic:21.q1", "slide"]
# ## 1. Which framework should I choose?
#
# The one in which the weights that you start from exist, and that the people around you can read; where the model has to run seldom leaves only one. Each does the same sums, so accuracy is no reason.

# %%
import importlib.util

dense = layers.Dense(3)
numbers = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
in_keras = np.array(dense(numbers))  # on whichever backend this kernel has
kernel, bias = dense.get_weights()  # (4, 3) and (3,)
by_hand = numbers @ kernel + bias
print(keras.backend.backend(), "differs by", np.abs(in_keras - by_hand).max())
for backend in ("tensorflow", "jax", "torch"):
    print(backend, importlib.util.find_spec(backend) is not None)

# %% [markdown]
# *What you see.* One layer of Keras, on the backend named first, and the same sums in NumPy differ by rounding at most. That compares no frameworks; [lesson 14](14_frameworks.ipynb) does, with whole programs. The last lines say which backends are installed here: Keras runs the same model on TensorFlow, JAX or PyTorch.
#
# | it has to run | look first at |
# | --- | --- |
# | in a course, or tomorrow | Keras, on the backend that is installed |
# | on a telephone or a small device | what converts to LiteRT (lesson 16): Keras and TensorFlow directly, PyTorch and JAX by converters of their own |
# | beside code from recent papers | PyTorch, in which most of it is written |
# | on many accelerators, with a training loop of your own | JAX, or Keras on JAX |
#
# **When it does not hold.** When a layer, a pre-trained network or a converter exists in one framework only, take that one. And programs that look alike may differ
# in default values, which does change accuracy.
#
# **Read on:** [lesson 14](14_frameworks.ipynb), [lesson 16](16_small_and_shipped.ipynb) for the telephone.

# %% [markdown] tags=["topic:21.q2", "slide"]
# ## 2. Which model should I choose?
#
# *CNN, RNN or transformer?* With a few hundred pictures, and no pre-trained network that fits, start with a small CNN; with a few thousand, try a small vision transformer beside it. If a network pre-trained on photographs fits, it comes before all three (question 14).

# %%
race = recorded.show("13_pictures").figures

# %% tags=["slide"]
plots.lines(
    race["new"],
    x=race["amounts"],
    x_label="training pictures",
    y_label="accuracy",
    logarithmic="x",
    caption="A CNN and a vision transformer (ViT) with as many weights, on 2,000 new pictures of clothes; three starts.",
)

# %%
ahead = {}
for way in ("ViT, equal steps", "ViT, equal seconds"):
    difference = np.subtract(race["new"]["CNN"], race["new"][way]).mean(axis=0)
    ahead[way] = 100 * difference  # points, one for each number of pictures
cnn_means = np.mean(race["new"]["CNN"], axis=0)  # one for each number of pictures
learned = min(start[0] for starts in race["own"].values() for start in starts)
print(f"of 200 training pictures each run gets at least {100 * learned:.0f} % right")

# %% [markdown]
# *What you see.* With 200 pictures each run gets at least {{100 * learned:.0f}} % of its own pictures right (printed above), and the CNN is {{ahead["ViT, equal steps"][0]:.0f}} points ahead on new ones. With 3,200 pictures it is ahead by {{ahead["ViT, equal steps"][2]:.0f}} points at
# equal steps, but by {{ahead["ViT, equal seconds"][2]:.0f}} at equal seconds, which is too little to tell: one accuracy on 2,000 pictures is uncertain by about 2 points either way. All budgets are short: in {{race["steps"]["CNN"]}} steps of 32 the CNN sees each of 3,200 pictures twice, and gets no more than with 800 ({{100 * cnn_means[2]:.0f}} and {{100 * cnn_means[1]:.0f}} %). So the right end compares networks that are not trained to the end.
#
# **When it does not hold.** With millions of pictures or with pre-training, transformers draw level or lead. A recurrent network is at home where data come as a sequence; as a reader of whole pictures it stayed behind a CNN in lesson 12.
#
# **Read on:** [lesson 13](13_attention.ipynb) for this race, [lesson 12](12_sequence_models.ipynb) for the RNN.

# %% [markdown] tags=["topic:21.q3", "slide"]
# ## 3. Why a CNN and not a fully connected network?
#
# Because a convolution uses the same few weights everywhere in the picture, so what it learns in one place it knows in all. A dense network has weights of its own for every pixel and has to learn each place anew.

# %%
keras.utils.set_random_seed(0)
connected = keras.Sequential([keras.Input((24, 24, 3)), layers.Flatten()])
connected.add(layers.Rescaling(1 / 127.5, offset=-1))  # as in the CNN
connected.add(layers.Dense(64, activation="relu"))
connected.add(layers.Dense(10, activation="softmax"))
connected.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = connected.fit(x_train, y_train, batch_size=50, epochs=3 * epochs, verbose=0)

# %%
both = {}
for name, model in {"CNN": cnn, "dense": connected}.items():
    both[f"{name}, {model.count_params():,} weights"] = {
        "training": model.evaluate(x_train, y_train, verbose=0)[1],
        "new pictures": model.evaluate(x_new, y_new, verbose=0)[1],
    }
cnn_both, dense_both = both.values()
elsewhere = cnn.evaluate(data.validation.x, data.validation.y, verbose=0)[1]
spread_of_starts = recorded.load("21_spread").figures["start and order"]
lost_by_shuffling = {
    name: 100 * (np.mean(found["in order"]) - np.mean(found["shuffled"]))
    for name, found in recorded.load("12_order").figures.items()
}

# %% tags=["slide"]
plots.bars(
    both,
    chance=0.1,
    caption="Ten shapes at random places. The dense network gets three times as many passes, and Adam's usual rate, so that it fits, too.",
)

# %% [markdown]
# *What you see.* The dense network gets {{100 * dense_both["training"]:.0f}} % of its own pictures right, and {{100 * dense_both["new pictures"]:.0f}} % of new ones. The CNN, with far fewer weights, gets {{100 * cnn_both["training"]:.1f}} % and {{100 * cnn_both["new pictures"]:.1f}} %.
#
# New here means the 1,000 *test* pictures; their number alone leaves about 3 points open either way. Other photographs behind the shapes change more: of the validation pictures this CNN gets {{100 * elsewhere:.0f}} %. And from other starts the program lies within {{100 * (max(spread_of_starts) - min(spread_of_starts)):.0f}} points on the same pictures ([question 16](#16.-Why-are-my-results-different-each-run?)). The gap to the dense network is larger than either.
#
# **Change this.** Give the dense network 512 units in place of 64. Which of its two bars moves?
#
# **When it does not hold.** Where neighbours mean nothing, as in a table of measurements, there is little for a kernel to find. In lesson 12 the lines of all pictures are shuffled in the same way: the CNN loses {{lost_by_shuffling["CNN"]:.0f}} points, the dense network none. (It depends on the pictures: on the clothes of lesson 13 another CNN loses nothing when all pixels change places.)
#
# **Read on:** [lesson 03](03_cnn_math.ipynb).

# %% [markdown] tags=["topic:21.q4", "slide"]
# ## 4. How do I choose the size and number of kernels?
#
# Take kernels of 3 x 3, in several layers with pooling in between. Begin with few of them and double the number as long as new pictures gain.

# %%
kernels = recorded.show("21_kernels").figures
by_kernels = {}
for setting, found in kernels.items():
    by_kernels[setting] = {
        "training": np.mean(found["training"]),
        "new pictures": np.mean(found["new"]),
    }
    low, high = 100 * min(found["new"]), 100 * max(found["new"])
    print(f"{setting}: new pictures {low:.1f} to {high:.1f} %")
starts_of_16 = recorded.load("21_spread").figures["start and order"]

# %% tags=["slide"]
plots.bars(
    by_kernels,
    chance=0.1,
    caption="Three convolutions; the first has as many kernels as it says, the others twice as many. New: 1,000 validation pictures. Equal steps, means of three starts.",
)

# %% [markdown]
# *What you see.* A kernel of one pixel sees no form: {{100 * by_kernels["16 kernels of 1 x 1"]["new pictures"]:.0f}} %, hardly more than guessing. Kernels of 5 x 5 bring no more than those of 3 x 3 ({{100 * by_kernels["16 kernels of 5 x 5"]["new pictures"]:.0f}} against {{100 * by_kernels["16 kernels of 3 x 3"]["new pictures"]:.0f}} %), with {{kernels["16 kernels of 5 x 5"]["weights"] / kernels["16 kernels of 3 x 3"]["weights"]:.1f}} times the weights. From 4 to 8 and from 8 to 16 kernels each doubling gains more than ten points. From 16 to 32 the mean hardly moves, and single starts lie as far apart as {{100 * (max(kernels["32 kernels of 3 x 3"]["new"]) - min(kernels["32 kernels of 3 x 3"]["new"])):.0f}} points (the printed lines).
#
# These are *validation* pictures. The program with 16 kernels of 3 x 3 is that of question 3, whose {{100 * cnn_accuracy:.1f}} % are of test pictures, over other photographs. Twelve starts of it lie within {{100 * (max(starts_of_16) - min(starts_of_16)):.0f}} points ([question 16](#16.-Why-are-my-results-different-each-run?)); the number of pictures alone leaves about 3 points open either way.
#
# **When it does not hold.** Large pictures with large objects need a wider view: more pooling, a stride, or a first kernel of 7 x 7. And where time is short, fewer kernels allow more steps.
#
# **Read on:** [lesson 03](03_cnn_math.ipynb) computes what a layer sees.

# %% [markdown] tags=["topic:21.q5", "slide"]
# ## 5. Which activation function?
#
# Between layers ReLU; at the end softmax for one class of several, and a sigmoid for yes or no. In a shallow network the choice between layers matters little; in a deep one sigmoid may learn nothing.

# %%
activations = recorded.show("21_activations").figures
by_activation = {}
for depth, found in activations.items():
    for name, accuracies in found.items():
        by_activation[f"{depth} hidden, {name}"] = accuracies["new"]
        means = [100 * np.mean(accuracies[part]) for part in ("training", "new")]
        print(
            f"{depth} hidden, {name:8} training {means[0]:.1f} %, new {means[1]:.1f} %"
        )

# %% tags=["slide"]
plots.comparison(
    by_activation,
    chance=0.1,
    caption="Dense networks on 360 new handwritten digits, 60 epochs, each at the best of three learning rates.",
)

# %% [markdown]
# *What you see.* With one hidden layer all three get {{100 * min(np.mean(by_activation[f"1 hidden, {name}"]) for name in ("ReLU", "tanh", "sigmoid")):.0f}} %. With six, ReLU gets {{100 * np.mean(by_activation["6 hidden, ReLU"]):.1f}} %, tanh {{100 * np.mean(by_activation["6 hidden, tanh"]):.1f}} %, and the sigmoid guesses, with its training pictures, too (printed above, since on this axis the others lie close together). Its slope is at most a quarter, and six of these slopes multiplied are at most a four-thousandth. (The weights multiply too; the figure shows no gradients.) The others are alike within what 360 pictures can tell, about 2 points either way.
#
# **When it does not hold.** Where the learning rate is too high, units with ReLU can die; a small slope on the left (leaky ReLU) saves them. Transformers use smooth relatives of ReLU. And with batch normalisation or residual connections even a deep network forgives more.
#
# **Read on:** [lesson 02](02_core_concepts.ipynb).

# %% [markdown] tags=["topic:21.q6", "slide"]
# ## 6. Why a loss function and which?
#
# A loss stands in for accuracy because it has a slope: it says of every small step whether it helps. For one class of several take cross-entropy, in the form that fits your labels.

# %%
to_features = keras.Model(cnn.inputs, cnn.layers[-2].output)
features = to_features.predict(x_train[:100], verbose=0)  # (100, 32)
weights, biases = cnn.layers[-1].get_weights()
changes = np.linspace(-0.4, 0.4, 41)
curves = {"loss": [], "share of wrong answers": []}
for step in changes:
    moved = weights.copy()
    moved[features.mean(axis=0).argmax(), 0] += step  # one weight of 320
    p = np.array(keras.ops.softmax(features @ moved + biases))  # (100, 10)
    curves["loss"].append(-np.log(p[np.arange(len(p)), y_train[:100]]).mean())
    curves["share of wrong answers"].append(np.mean(p.argmax(1) != y_train[:100]))

# %% tags=["slide"]
plots.lines(
    curves,
    x=changes,
    x_label="change of one weight",
    y_label="value",
    caption="One hundred training pictures. One weight of the trained CNN is moved, all others stay.",
)

# %% [markdown]
# *What you see.* The loss changes with every step of the weight. The share of wrong answers is a staircase of {{len(set(curves["share of wrong answers"]))}} heights: between two of its steps, nothing says which way is better.
#
# | the answer is | last layer | loss in Keras |
# | --- | --- | --- |
# | one class of several, labels are integers | softmax | `sparse_categorical_crossentropy` |
# | the same, labels are one-hot rows | softmax | `categorical_crossentropy` |
# | yes or no, or several labels at once | sigmoid, one unit a label | `binary_crossentropy` |
# | a quantity, such as an age | none | `mean_squared_error` |
#
# **When it does not hold.** A lower loss need not mean more right answers: a few sure mistakes can raise it while accuracy stays.
#
# **Read on:** [lesson 02](02_core_concepts.ipynb).

# %% [markdown]
# **Change this.** Move the weight to another class: a number from 1 to 9 in the place of the 0. Does either curve keep its form?
#
# *Exercise 21.1: a loss that fits.* The labels are integers in a column, `(n, 1)`, the outputs probabilities, `(n, 10)`. Set `loss` to the name of a Keras loss that fits both, or to the loss
# itself. *Example of an answer:* `"mean_squared_error"`, which does not fit.

# %% tags=["exercise"]
loss = ...
exercises.check("21.1", loss)

# %% [markdown] tags=["topic:21.q7", "slide"]
# ## 7. Why backpropagation?
#
# Because one pass forward and one back give the slope of the loss for *every* weight. Without it you would move the weights one at a time and look: two forward passes for each.

# %%
import tensorflow as tf


def loss_of():
    p = cnn(x_train[:100].astype("float32"))
    return keras.ops.mean(
        keras.losses.sparse_categorical_crossentropy(y_train[:100], p)
    )


with tf.GradientTape() as tape:
    loss_here = loss_of()
slopes = tape.gradient(loss_here, cnn.trainable_variables)  # all of them at once

# %%
last = cnn.layers[-1].kernel  # now one weight by hand, up and down
start, change = cnn.layers[-1].get_weights()[0], np.zeros(last.shape)
steepest = np.unravel_index(np.abs(slopes[-2]).argmax(), last.shape)
change[steepest] = 0.005
both_sides = []
for sign in (1, -1):
    last.assign(start + sign * change)
    both_sides.append(float(loss_of()))
last.assign(start)
by_moving = (both_sides[0] - both_sides[1]) / 0.01
backward = float(slopes[-2][steepest])
passes = 2 * cnn.count_params()
print(f"backpropagation {backward:.5f}, by moving {by_moving:.5f}")
print(f"by moving, all weights take {passes:,} forward passes")

# %% [markdown]
# *What you see.* Both ways give the same slope for this weight, {{backward:.3f}} and {{by_moving:.3f}}. Moving took two forward passes for it, and would take {{passes:,}} for all. Backpropagation had them all after one pass forward and one back.
#
# **When it does not hold.** A choice without a slope, such as the number of layers, has to be tried. And moving a weight remains the best test of a gradient that you wrote yourself.
#
# **Read on:** [lesson 02](02_core_concepts.ipynb) follows a gradient through a network by pencil.

# %% [markdown] tags=["topic:21.q8", "slide"]
# ## 8. Which learning rate?
#
# Try rates a factor of three apart in short runs, and go on with the best. Three epochs of forty were enough to choose here.

# %%
rates = recorded.show("21_rates").figures
of_adam = rates["optimisers"]["Adam"]
short_and_whole = {
    f"after {rates['epochs'][length]} epochs": of_adam[length]
    for length in ("short", "whole")
}

# %% tags=["slide"]
plots.lines(
    short_and_whole,
    x=rates["rates"],
    x_label="learning rate of Adam",
    y_label="accuracy",
    logarithmic="x",
    chance=0.1,
    caption="A dense network on 360 new handwritten digits; bands from the lowest to the highest of three starts.",
)

# %%
whole_of_adam = of_adam["whole"]
short, whole = (np.mean(of_adam[length], axis=0) for length in ("short", "whole"))
chosen = short.argmax()
lost = 100 * (whole.max() - whole[chosen])

# %% [markdown]
# *What you see.* After three epochs the best rate is {{rates["rates"][chosen]:g}}. A whole run at that rate ends {{lost:.1f}} points below the best of all, less than the starts differ. Around the peak lies a plateau: from {{rates["rates"][2]:g}} to {{rates["rates"][5]:g}} every whole run passes {{100 * np.min(np.array(whole_of_adam)[:, 2:6]):.0f}} %. Too low and it has not arrived yet; at {{rates["rates"][7]:g}} it learns next to nothing.
#
# **When it does not hold.** A very short run prefers a rate that is too high for the end, and a rate that falls during training mends that. Change the optimiser, the batch size or the normalisation, and the best rate moves.
#
# **Read on:** [lesson 02](02_core_concepts.ipynb) has a slider for the rate, [lesson 15](15_speed.ipynb) a rate that falls.

# %% [markdown] tags=["topic:21.q9", "slide"]
# ## 9. Which optimiser?
#
# Adam, or SGD with momentum: each at its own best rate, they end close together. Give each a rate of its own before you compare.

# %%
rates = recorded.load("21_rates").figures  # the record of question 8
whole_runs = {name: runs["whole"] for name, runs in rates["optimisers"].items()}
best_rate, best = {}, {}
for name, runs in whole_runs.items():
    mean = np.mean(runs, axis=0)  # over the starts, one for each rate
    best_rate[name], best[name] = rates["rates"][mean.argmax()], mean.max()
at_sgd_rate = np.mean(whole_runs["Adam"], axis=0)[
    rates["rates"].index(best_rate["SGD"])
]

# %% tags=["slide"]
plots.lines(
    whole_runs,
    x=rates["rates"],
    x_label="learning rate",
    y_label="accuracy",
    logarithmic="x",
    chance=0.1,
    caption="The network of question 8 after 40 epochs. Where is the peak of each?",
)

# %% [markdown]
# *What you see.* Three curves of about the same height, {{100 * best["SGD"]:.1f}}, {{100 * best["momentum"]:.1f}} and {{100 * best["Adam"]:.1f}} %, at rates of {{best_rate["SGD"]:g}} (the highest that was tried), {{best_rate["momentum"]:g}} and {{best_rate["Adam"]:g}}. With 360 pictures each is uncertain by about 2 points either way, so the figure shows no winner. The same 360 pictures also chose the rates, which flatters each a little; for a figure to report, question 10 asks for pictures that chose nothing. At the best rate of SGD, Adam gets {{100 * at_sgd_rate:.0f}} %: a comparison at that one rate would have found a winner, and it would have been the rate.
#
# **When it does not hold.** Deep and large networks can tell optimisers apart: transformers are usually trained with Adam and its relatives.
#
# **Read on:** [lesson 02](02_core_concepts.ipynb) draws four optimisers in one valley.

# %% [markdown] tags=["topic:21.q10", "slide"]
# ## 10. How do I judge a model?
#
# On pictures that played no part in any choice, beside a baseline, with an interval, and class by class. One accuracy hides all four.

# %%
right = cnn.predict(x_new, verbose=0).argmax(axis=1) == y_new  # True or False, (1000,)
groups = {
    "most frequent class": y_new == np.bincount(y_new).argmax(),
    "CNN, 100 pictures": right[:100],
    "CNN, 1,000 pictures": right,
}
recall = {name: right[y_new == k].mean() for k, name in enumerate(data.class_names)}
for kind, pick in {"worst": min, "best": max}.items():
    name = pick(recall, key=recall.get)
    groups[f"{kind} class: {name}"] = right[y_new == data.class_names.index(name)]

# %%
chance = np.random.default_rng(0)  # the bootstrap: draw as many again, a thousand times
intervals = {
    name: np.quantile(chance.choice(hits, (1000, len(hits))).mean(1), [0.025, 0.975])
    for name, hits in groups.items()
}
shares = {name: hits.mean() for name, hits in groups.items()}
widths = {name: 100 * (high - low) for name, (low, high) in intervals.items()}

# %% tags=["slide"]
plots.bars(
    shares,
    intervals=intervals,
    label="share of right answers",
    caption="The lines are 95 % intervals: what the number of pictures alone leaves open. Pictures over other photographs may differ by more (question 16).",
)

# %% [markdown]
# *What you see.* From 100 pictures the interval is {{widths["CNN, 100 pictures"]:.0f}} points wide, from 1,000 it is {{widths["CNN, 1,000 pictures"]:.0f}}: ten times the pictures, about a third of the width. And {{100 * cnn_accuracy:.1f}} % is nobody's accuracy: between the worst and the best class lie {{100 * (max(recall.values()) - min(recall.values())):.0f}} points. (Some class is always the worst, so ask whether the two intervals overlap.)
#
# **Change this.** Take `right[:30]`. Up to which accuracy would you have to believe the CNN then?
#
# **When it does not hold.** No figure speaks for pictures of another kind: another camera, other people, another year. Already other photographs behind the shapes change it (question 16). Where mistakes cost differently, count the costs and not the mistakes.
#
# **Read on:** [lesson 04](04_keras_code.ipynb) for the test set, [lesson 10](10_trust.ipynb) for how sure an answer is.

# %% [markdown] tags=["topic:21.q11", "slide"]
# ## 11. How do I make a model perform better?
#
# Compare training accuracy and accuracy on new pictures first. If even training pictures are not fitted, try another learning rate (question 8), train longer, then enlarge the network. If they are, turn to question 12.

# %%
sizes = recorded.show("05_sizes").figures
by_size = {}
for name, found in sizes.items():
    by_size[f"{name}, {found['parameters']:,} weights"] = {
        "training": np.mean([run["accuracy"][-1] for run in found["histories"]]),
        "new pictures": np.mean(
            [run["val_accuracy"][-1] for run in found["histories"]]
        ),
    }
by_size_ends = list(by_size.values())

# %% tags=["slide"]
plots.bars(
    by_size,
    chance=0.1,
    caption="Four sizes of one network after 40 epochs on 500 shapes; three starts. Which two ask for a larger network?",
)

# %% [markdown]
# *What you see.* *Tiny* and *small* get {{100 * by_size_ends[0]["training"]:.0f}} and {{100 * by_size_ends[1]["training"]:.0f}} % of their own pictures right: they are too small, or not trained long enough. Enlarged to *medium*, the network fits its own pictures and gains {{100 * (by_size_ends[2]["new pictures"] - by_size_ends[1]["new pictures"]):.0f}} points on new ones. *Large* fits them all, and the step from *medium* brings {{100 * (by_size_ends[3]["new pictures"] - by_size_ends[2]["new pictures"]):.0f}} more. No size closes the gap.
#
# **Asked as often:** *why is my training loss higher than my validation loss?* Dropout and augmentation make training harder and are off in validation. And Keras averages the training loss over an epoch in which the network still learns, but validates at its end. `model.evaluate(x_train, y_train)` compares like with like. If validation stays lower by much, look at how the sets were split: `validation_split=0.2` takes the *last* fifth of the arrays, so shuffle pictures and labels together first.
#
# *How do I save a model and go on later?*
#
# ```python
# model.save("model.keras")  # layers, weights and the state of the optimiser
# model = keras.models.load_model("model.keras")
# model.fit(x_train, y_train, epochs=10)  # ten more
# ```
#
# **When it does not hold.** Wrong labels, or training pictures unlike those in use, are cured by neither. Look at the mistakes before you enlarge anything.
#
# **Read on:** [lesson 05](05_overfitting_and_augmentation.ipynb); [lesson 04](04_keras_code.ipynb) looks at mistakes.

# %% [markdown] tags=["topic:21.q12", "slide"]
# ## 12. How do I fight overfitting?
#
# Get more pictures first: at equal steps nothing else helped as much here. Of the general remedies try dropout next, and measure each from several starts.

# %%
effects = recorded.show("05_effects").figures
remedies = {}
for name, found in effects.items():
    remedies[name] = {
        "training": np.mean(found["training"]),
        "new pictures": np.mean(found["new"]),
    }
gains = {
    name: 100 * np.subtract(found["new"], effects["none"]["new"])  # one a start
    for name, found in effects.items()
}
for name, points in gains.items():
    print(f"{name:24} gains", " ".join(f"{point:5.1f}" for point in points))

# %% tags=["slide"]
plots.bars(
    remedies,
    chance=0.1,
    caption="The medium network of question 11: 400 steps with each remedy, three starts.",
)

# %% [markdown]
# *What you see.* The bars are means; the printed lines are points gained on new pictures, one figure a start. Four times the pictures gain {{gains["four times the pictures"].min():.0f}} to {{gains["four times the pictures"].max():.0f}} points, dropout {{gains["dropout"].min():.0f}} to {{gains["dropout"].max():.0f}}. Weight decay and batch normalisation help from some starts and not from others; early stopping costs {{-gains["early stopping"].max():.0f}} to {{-gains["early stopping"].min():.0f}} points.
# With more pictures and with dropout the training bar falls while the other rises: less is learned by heart. Early stopping lowers both.
#
# ```python
# model.add(layers.Dropout(0.5))  # before the last dense layer
#
# stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
# model.fit(x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[stop])
# ```
#
# **When it does not hold.** Each remedy had one strength, and the order may change with the task, the network and the number of epochs. A small gap alone is no success: a network that guesses has none.
#
# **Read on:** [lesson 05](05_overfitting_and_augmentation.ipynb).

# %% [markdown] tags=["topic:21.q13", "slide"]
# ## 13. Why augmentation and which?
#
# Because it tells the network which changes do not alter the class, where the pictures are too few to show it. Take only those that are true for *your* classes: a false one teaches mistakes, and a true one may gain little.

# %%
flips = recorded.show("05_flip").figures
by_flip = {}
for way, starts in flips.items():
    of_each = np.mean(starts, axis=0)  # the share found of each class, (10,)
    by_flip[way] = {
        "the two arrows": of_each[8:].mean(),
        "the eight others": of_each[:8].mean(),
    }
    arrows = " ".join(f"{100 * np.mean(start[8:]):5.1f}" for start in starts)
    print(f"{way:16} arrows found, one figure a start: {arrows} %")

# %% tags=["slide"]
plots.bars(
    by_flip,
    label="share found",
    caption="Ten shapes, among them an arrow to the left and one to the right. Half of the training pictures are mirrored at random.",
)

# %% [markdown]
# *What you see.* A mirrored arrow to the left is an arrow to the right, but it kept its name: of the two arrows {{100 * by_flip["flip"]["the two arrows"]:.0f}} % are found, where {{100 * by_flip["no flip"]["the two arrows"]:.0f}} % were before. Mirrored *and renamed*, they are back at {{100 * by_flip["flip and rename"]["the two arrows"]:.0f}} %. The eight others stay within {{100 * (max(way["the eight others"] for way in by_flip.values()) - min(way["the eight others"] for way in by_flip.values())):.0f}} points. So the false flip costs half of the arrows, and the true one, with names changed, gains no more than the three starts differ by themselves (the printed lines).
#
# ```python
# augmented = keras.Sequential(
#     [keras.Input((24, 24, 3)), layers.RandomFlip("horizontal"), model]
# )  # mirrors in training only; compile and fit `augmented`
# ```
#
# **When it does not hold.** A true change need not help: on the photographs of lesson 05 a flip gained in two deals of three and lost in the third. (A **deal** is one sorting of all things into those to learn from and those to judge by.) And mixup, which blends two pictures and their labels, makes pictures that exist nowhere, yet it helps on some data, though not on those photographs.
#
# **Read on:** [lesson 05](05_overfitting_and_augmentation.ipynb).

# %% [markdown] tags=["topic:21.q14", "slide"]
# ## 14. What if I have little data or uneven classes?
#
# With little data, reuse a network that was trained on much other data. With uneven classes, look at each class, and weight the classes or correct the probabilities if the rare ones matter.
#
# ### How many pictures do I need?
#
# With photographs and a pre-trained network, five of each class are enough to begin; from scratch fifty are not.

# %%
few = recorded.show("06_few").figures
ways = {
    "fine-tuned": few["fine_tuned"],
    "linear probe": few["linear_probe"],
    "from scratch": few["from_scratch"],
}
at_five, at_fifty = (
    {name: 100 * np.mean(runs, axis=0)[place] for name, runs in ways.items()}
    for place in (0, 3)
)
of_digits = recorded.load("06_digits").figures
digits_behind = 100 * np.subtract(
    of_digits["pixels_middle"], of_digits["features_middle"]
)

# %% tags=["slide"]
plots.lines(
    ways,
    x=few["amounts"],
    x_label="pictures of each class",
    y_label="accuracy",
    logarithmic="x",
    chance=1 / 6,
    caption="Six kinds of things, 240 new photographs; bands over three draws of training pictures. The first two reuse an ImageNet network.",
)

# %% [markdown]
# *What you see.* A linear probe, which is one dense layer on the frozen features of the ImageNet network, gets {{at_five["linear probe"]:.0f}} % from five pictures a class. From scratch, fifty give {{at_fifty["from scratch"]:.0f}} %. One accuracy on 240 pictures is uncertain by about 6 points either way, and by more here, since several of them show the same thing; this gap is larger still. From five to fifty the probe gains {{at_fifty["linear probe"] - at_five["linear probe"]:.0f}} points, which is too little to tell.
#
# So begin with what you have, draw this curve for your own pictures (train on a half, on a quarter), and stop where it is flat. Ten photographs of one apple count as one.
#
# ```python
# base = keras.applications.MobileNetV2(  # its ImageNet weights are downloaded once
#     (160, 160, 3), include_top=False, pooling="avg"
# )
# inputs = keras.Input((160, 160, 3))  # bytes from 0 to 255
# x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)  # what this network expects
# x = base(x)
# model = keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))
#
# base.trainable = False  # first the probe: only the dense layer learns
# model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
# model.fit(x_train, y_train, epochs=10)
#
# base.trainable = True  # then fine-tuning: compile again, at a low rate
# for layer in base.layers:
#     if isinstance(layer, layers.BatchNormalization):
#         layer.trainable = False  # keeps its stored means (lesson 06)
# model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
# model.fit(x_train, y_train, epochs=5)
# ```
#
# **When it does not hold.** On a hundred handwritten digits in the middle of their pictures, bare pixels were ahead of such features by {{digits_behind.min():.0f}} to {{digits_behind.max():.0f}} points in three draws; with digits anywhere in the picture the features were far ahead (lesson 06).
#
# **Read on:** [lesson 06](06_transfer_learning.ipynb).

# %% [markdown] tags=["slide"]
# ### Uneven classes

# %%
uneven = recorded.show("08_uneven").figures
by_class = {}
for way, found in uneven.items():
    recalls = np.mean(found["recalls"], axis=0)  # six classes, the last are rare
    by_class[way] = {
        "three frequent classes": recalls[:3].mean(),
        "three rare classes": recalls[3:].mean(),
    }

# %% tags=["slide"]
plots.bars(
    by_class,
    label="share found",
    caption="A linear probe; the most frequent class has 100 times as many pictures as the rarest. Judged on an even test set, five deals.",
)

# %% [markdown]
# *What you see.* (A deal sorts all things anew into those to learn from and those to judge by.) Untreated, {{100 * by_class["uneven, nothing done"]["three rare classes"]:.0f}} % of the rare classes are found. Class weights find {{100 * by_class["class weights"]["three rare classes"]:.0f}} %, and prior correction, which divides each probability by the share of its class in training, {{100 * by_class["prior correction"]["three rare classes"]:.0f}} %, and pays with {{100 * (by_class["uneven, nothing done"]["three frequent classes"] - by_class["prior correction"]["three frequent classes"]):.0f}} points of the frequent ones. Pictures in even numbers would have found {{100 * by_class["even classes"]["three rare classes"]:.0f}} %: collecting rare pictures beats both.
#
# **When it does not hold.** If the world is as uneven as your training set, and all mistakes cost the same, leave the classes as they are.
#
# **Read on:** [lesson 08](08_flawed_data.ipynb).

# %% [markdown] tags=["topic:21.q15", "slide"]
# ## 15. What are the usual faults and how do I find them?
#
# What cannot be installed says so: `course doctor` names it and the cure. The costly faults of training and testing raise no error, so look at numbers that you can predict: the first loss, the training accuracy, one picture asked alone.
#
# The first loss you know beforehand: an untrained network gives each of ten classes about a tenth, and minus the logarithm of 0.1 is ln 10 = 2.3.
#
# Here are the nine programs of the beginning, opened.

# %%
ends = {}
for program, runs in programs.items():
    ends[program] = {
        "first loss": np.mean([run["first"][0] for run in runs]),
        "epoch 1": np.mean([run["loss"][0] for run in runs]),
        "last loss": np.mean([run["loss"][-1] for run in runs]),
        "training": np.mean([run["training"][-1] for run in runs]),
        "new": np.mean([run["new pictures"][-1] for run in runs]),
    }
for letter, row in zip("ABCDEFGHI", ends.values(), strict=True):
    print(letter, " ".join(f"  {name} {row[name]:8.3g}" for name in row))

# %% [markdown]
# | | the fault | what gives it away |
# | --- | --- | --- |
# | A | pictures and labels were shuffled apart | training crawls upwards, new pictures stay at guessing |
# | B | the new pictures were among those in training | new pictures do as well as training pictures: too good |
# | C | bytes from 0 to 255 go in unscaled | the *first* loss, before any training, is far above ln 10 = 2.3 |
# | D | `training=True` was left in where the application asks | fine in training, at guessing where the application asks one picture at a time (its dashed line) |
# | E | mean squared error on class numbers | the first loss is no cross-entropy, and accuracy does not move |
# | F | none | |
# | G | train and test were swapped: a tenth of the pictures trains | `len(x_train)`, and a gap that is wider than in F |
# | H | softmax in the last layer and once more behind it | many answers right, but the loss stays high: none is sure |
# | I | a learning rate of 4 | the first loss is in order, that of epoch 1 is higher, then it stays near ln 10 |
#
# | | the faulty line | the mended line |
# | --- | --- | --- |
# | A | `x, y = rng.permutation(x), rng.permutation(y)` | `order = rng.permutation(len(x)); x, y = x[order], y[order]` |
# | B | `fit(x, y, validation_data=(x[:100], y[:100]))` | `fit(x, y, validation_data=(x_new, y_new))` |
# | C | `[keras.Input((8, 8, 1)), layers.Flatten(), ...]` | `[keras.Input((8, 8, 1)), layers.Rescaling(1 / 255), layers.Flatten(), ...]` |
# | D | `model(picture[None], training=True)` | `model(picture[None], training=False)` |
# | E | `compile(optimizer, "mean_squared_error")` | `compile(optimizer, "sparse_categorical_crossentropy")` |
# | F | none | |
# | G | `fit(x_test, y_test)` | `fit(x_train, y_train)` |
# | H | `layers.Dense(10, activation="softmax"), layers.Softmax()` | `layers.Dense(10, activation="softmax")` |
# | I | `keras.optimizers.SGD(4.0)` | `keras.optimizers.SGD(0.5)` |
#
# The lines are shortened. In G the small set comes round ten times, so that all programs take equally many steps. In all nine the labels are a column, `(n, 1)`, as some loaders give them; with labels `(n,)`, as in the rest of this notebook, Keras refuses E with an error about shapes. So "none raises an error" holds for these programs.
#
# Why D fails: it has a layer of batch normalisation, which brings the numbers of each unit to mean 0 and spread 1 ([lesson 05](05_overfitting_and_augmentation.ipynb)), in use by what it stored while it learned. With `training=True` it subtracts the mean of the *batch*. In a batch of one, behind a dense layer, that mean is the picture's own row of numbers, so nothing of it is left, and every picture gets the same answer.
#
# *What you see.* The lines are means of three starts. Programs that are broken and get more than four training pictures of five right: {{sum(row["training"] > 0.8 for row in ends.values()) - 1}}. The best curve of all is B, and it is worth nothing. H learns, more slowly, to {{100 * ends["softmax twice"]["training"]:.0f}} % of its own pictures (F: {{100 * ends["works"]["training"]:.0f}}); its loss ends at {{ends["softmax twice"]["last loss"]:.1f}} (F: {{ends["works"]["last loss"]:.2f}}), and it gives no answer a probability above {{max(run["surest"][0] for run in programs["softmax twice"]):.2f}}. C betrays itself before it has learned anything: its first loss is {{ends["scale"]["first loss"]:.0f}}. D is perfect on its training pictures and gets {{100 * ends["training flag"]["new"]:.0f}} % of 100 new ones that are asked one at a time; what it gets in validation, without the flag, was not recorded.

# %% [markdown] tags=["slide"]
# ### From symptom to suspect
#
# | what you see | look first at |
# | --- | --- |
# | a package is "not there", Keras does not load | the Python that the kernel runs (`import sys; sys.executable`); the backend |
# | the first loss is far above ln(number of classes) | the scale of the pictures (C) |
# | the loss does not move, accuracy is that of guessing | whether the loss fits labels and outputs (E) |
# | the first loss is in order, then it leaps, grows, becomes `nan` or settles where guessing is | the learning rate (I) |
# | many answers are right, none is sure | softmax twice, in the model or in the loss (H) |
# | some classes are never answered | an activation such as ReLU in the last layer; the counts of the labels |
# | training crawls, new pictures stay at guessing | the pairs of picture and label (A) |
# | good on training pictures, poorer on new ones | how many they are (G); only then question 12 |
# | better than anybody expected | pictures that are in both sets (B) |
# | good in training, at guessing in the application (panel D) | the same pictures with `model.evaluate`. If that is good: scaling in use (lesson 04), and where that is in order, the training flag (D) |
#
# **When it does not hold.** A symptom names a first suspect, not the culprit: C and I end alike, and two faults can hide each other. Where none fits, go back to a program that works and carry your changes over one at a time.
#
# **Read on:** [lesson 04](04_keras_code.ipynb) for mistakes with one picture, [lesson 08](08_flawed_data.ipynb) for faults in the data.

# %% [markdown]
# *Exercise 21.2: how low can it get?* Program H sends ten probabilities through a second softmax. At best the right class has 1 and the nine others have 0. Compute `lowest_loss`, the loss of such a
# picture, from its probability behind the second softmax (the text rounds it); a formula is as good as a number. *Example:* with two classes it would be 0.313.

# %% tags=["exercise"]
lowest_loss = ...
exercises.check("21.2", lowest_loss)

# %% [markdown]
# *Exercise 21.3: shuffle together.* Mend program A. Write `shuffle_together(x, y, number)`: it returns both in one and the same new random order, decided by the seed `number`.
# *Example:* after `a, b = shuffle_together(x, y, 0)`, `a[0]` and `b[0]` were a pair in `x` and `y` too.


# %% tags=["exercise"]
def shuffle_together(x, y, number):
    # your lines in the place of the dots
    ...


exercises.check("21.3", shuffle_together)

# %% [markdown]
# *Exercise 21.4: the training flag.* Mend program D. Write `classes_of(model, images)`: it returns the class with the largest probability for each picture, a NumPy array `(n,)`, the same whether a
# picture comes alone or in a batch. The network of this check knows pictures of four pixels: `images` is `(n, 4)`, and a picture alone `(1, 4)`. *Example of a result:* `array([2, 0, 1])`.


# %% tags=["exercise"]
def classes_of(model, images):
    # your lines in the place of the dots
    ...


exercises.check("21.4", classes_of)

# %% [markdown]
# *Exercise 21.5: six reports.* Six people describe their runs, with ten classes each. Give each letter the cause to look at first; each cause fits one report: `"learning rate"`,
# `"pairs of picture and label"`, `"scale of the pictures"`, `"softmax twice"`, `"split"` or `"training flag"`.
#
# - P: "Before training, the loss was 57. Now it is 2.3 and does not move."
# - Q: "90 % are right in validation, but the loss is stuck at 1.5 and no probability is above 0.25."
# - R: "The first losses are 2.3, 4.1, 2.9, 7.6, 3.3."
# - S: "In 30 epochs training creeps from 8 to 31 %, at this rate and at others. `model.evaluate` gives 13 % on validation pictures."
# - T: "`model.evaluate` gives 97 % on validation pictures. My application scales its pictures in the same way and asks one at a time, and the answer is always class 3."
# - U: "99 % in training, 84 % in validation. I have 2,000 pictures, yet an epoch takes 7 steps of 32."

# %% tags=["exercise"]
causes = {"P": ..., "Q": ..., "R": ..., "S": ..., "T": ..., "U": ...}
exercises.check("21.5", causes)

# %% [markdown] tags=["topic:21.q16", "slide"]
# ## 16. Why are my results different each run?
#
# Because the starting weights and the order of the pictures are drawn anew. `keras.utils.set_random_seed(0)` repeats a run; only several seeds show what a method is worth.

# %%
quizzes.predict("21.p2", ...)

# %%
spread = recorded.show("21_spread").figures

# %% tags=["slide"]
plots.comparison(
    spread,
    caption="The program of the first cells, twelve runs a row. At the left: what is drawn anew. Always the same 1,000 validation pictures.",
)

# %%
quizzes.verdict("21.p2")

# %%
import itertools

runs = spread["start and order"]
pairs = list(itertools.combinations(runs, 2))  # as if they were two methods
apart = np.mean([abs(one - other) >= 0.02 for one, other in pairs])
print(f"{len(pairs)} pairs; {100 * apart:.0f} % differ by two points or more")
validated = cnn.evaluate(data.validation.x, data.validation.y, verbose=0)[1]
print(f"the CNN of the first cells: {100 * validated:.1f} % of these pictures")

# %% [markdown]
# *What you see.* One program, twelve runs: from {{100 * min(runs):.1f}} to {{100 * max(runs):.1f}} %. Drawing only the start anew spreads {{100 * (max(spread["the start"]) - min(spread["the start"])):.0f}} points, only the order {{100 * (max(spread["the order"]) - min(spread["the order"])):.0f}}. Of all pairs of runs, {{100 * apart:.0f}} % differ by two points or more, so a lead of two points from one run each says nothing.
#
# The CNN of the first cells is one more such run, with {{100 * validated:.1f}} % of these pictures, and yet gets {{100 * cnn_accuracy:.1f}} % of the test pictures. The two sets are drawn in the same way, but with other photographs behind the shapes. Compare runs on the same pictures only.
#
# **When it does not hold.** A seed repeats a run on one machine with one version of each package; with several threads, or on a graphics card, sums are taken in another order. Rounding differences grow during training, and accuracy can move by points. `tf.config.experimental.enable_op_determinism()`, called first, makes TensorFlow's operations repeat exactly there, at some cost in speed; it does not make another machine or version agree. And seeds show the spread of *training* alone: other training pictures would move the figure, too.
#
# **Read on:** [lesson 04](04_keras_code.ipynb) runs its programs from three seeds.

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Before any tuning, check four numbers: the first loss (ln of the number of classes), the training accuracy, the accuracy on new pictures, and one picture asked alone.
# - Choose by figures of your own: a baseline, equal budgets, a learning rate for each rival, three seeds or more, an interval.
# - Look for more pictures, of other things, before you regularise, and for a pre-trained network before you enlarge yours. Augment with changes that are true for your classes, or not at all.
# - When somebody gives you a rule, ask when it does not hold.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("21.q1")
quizzes.answer("21.q1", ...)

# %%
quizzes.ask("21.q2")
quizzes.answer("21.q2", ...)

# %%
quizzes.ask("21.q3")
quizzes.answer("21.q3", ...)

# %%
quizzes.ask("21.q4")
quizzes.answer("21.q4", ...)

# %%
quizzes.ask("21.q5")
quizzes.answer("21.q5", ...)

# %%
quizzes.ask("21.q6")
quizzes.answer("21.q6", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("21")

# %% [markdown]
# ## To take home
#
# A checklist for a first run with your own folder, one subfolder a class. Put your model in the place of ours: it gets bytes from 0 to 255. Each line ends with the number and the most that it should be; what cannot be read is named and left out. The next cell writes a folder to try it on.

# %%
from pathlib import Path

from PIL import Image

photos = datasets.load("cutouts", train=240, validation=1, test=1, size=48, quiet=True)
for number, (photo, label) in enumerate(
    zip(photos.train.x, photos.train.y, strict=True)
):
    class_folder = Path("example_checked") / photos.class_names[label]
    class_folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(photo).save(class_folder / f"{number}.png")

# %% tags=["take-home"]
from pathlib import Path

import numpy as np
from keras import Sequential, layers, utils

found = {}
for place in sorted(Path("example_checked").glob("[!.]*/[!.]*")):
    try:
        found[place] = np.array(utils.load_img(place).resize((48, 48)))
    except Exception as problem:  # damaged, or no picture: say so and go on
        print("left out:", place, problem)
names, y = np.unique([place.parent.name for place in found], return_inverse=True)
assert len(names) > 1, f"Two classes or more, one subfolder each. Found: {names}"
x, new = np.array(list(found.values())), np.random.default_rng(0).random(len(y)) < 0.3
ours = [layers.Rescaling(1 / 255), layers.Conv2D(32, 5, 2), layers.GlobalMaxPool2D()]
model = Sequential([*ours, layers.Dense(len(names), activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
first = model.evaluate(x[~new], y[~new], verbose=0)[0]
losses = model.fit(x[~new], y[~new], epochs=60, verbose=0).history["loss"]
wrong, rare = model.predict(x, verbose=0).argmax(1) != y, y != np.bincount(y).argmax()
for what, (n, most) in {
    "scale: first loss": (first, 2 * np.log(len(names))),
    "learning rate: loss of epoch 1": (losses[0], 1.05 * first),
    f"loss, pairs: wrong of {sum(~new)}": (wrong[~new].mean(), 0.9 * rare[~new].mean()),
    f"pairs, split: wrong of {sum(new)}": (wrong[new].mean(), 0.95 * rare[new].mean()),
    "leak: exact copies": (len(x) - len({one.tobytes() for one in x}), 0),
    "one alone": (np.abs(model(x[:1]) - model.predict(x[:1], verbose=0)).max(), 0.01),
    "classes never right": (len({*y[new]} - {*y[new & ~wrong]}), 0),
}.items():
    print("fine   " if n <= most else "LOOK AT", f"{what} {n:.2f}, at most {most:.2f}")

# %% [markdown]
# *Loss, pairs* and *pairs, split* give the share of wrong answers among training and new pictures; at most nine tenths, or 95 hundredths, of the mistakes may be left that somebody makes who always says the commonest class. So both hold for uneven classes, too. *One alone* is by how much a probability changes when the picture is asked alone. If your model has dropout, epoch 1 may lie a little above the first loss without a fault, since `evaluate` switches dropout off.
#
# **Change this.** Write `layers.Rescaling(1.0)`, or `keras.optimizers.SGD(4.0)` in the place of `"adam"` (with `import keras`), or put `y = np.random.permutation(y)` behind the line with `assert`: which lines change?
#
# **What it cannot find.** `fine` means that this test found nothing, and no more.
#
# - *Near-copies*: only files with the same pixels count. The same photograph saved anew, or two photographs of one thing, may lie on both sides and flatter the new ones. They do in our example, which shows the same objects over several backgrounds. Keep all shots of a thing on one side ([lesson 07](07_your_own_images.ipynb)).
# - *The flag in your application* (D): put the application's own call in the place of `model(x[:1])`.
# - *Softmax twice* (H) and *a small training set* (G): print `model.predict(x).max()`, and read the two counts.
# - *A few pictures*: of 20 new ones, one more mistake is 5 points, and with a network as small as ours a class may go without a right answer. Look at the number before you look for a fault. And photographs that lie on their side by EXIF stay so.
#
# ## What stays open
#
# None of these answers is about *your* pictures. [Lesson 07](07_your_own_images.ipynb) takes a folder of them from the first look to a model card; change one thing there, from three seeds, and add your own answer to this list.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("21")
