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
# # Start here
#
# In this notebook you train a neural network that tells ten shapes apart in colour pictures, on the machine in
# front of you, in about a minute. Then you find out how far it can be trusted. The rest of the course
# explains every step that you see here.
#
# **After this notebook you can**
#
# - *train* an image classifier with Keras and *measure* its accuracy on images that it has never seen;
# - *compare* that accuracy with two baselines, so that the number means something;
# - *find* the pictures on which the model is wrong, and *read* its confusion matrix;
# - *show* what a classifier does with a picture that belongs to none of its classes;
# - *use* the exercises, quizzes and profiles of the course.
#
# **What to know first:** enough Python to read a loop, a function call and `x[0]`. No mathematics and no earlier
# machine learning.
#
# **Minutes:** to run, under 1 in the smoke profile, 2 in quick, 5 in full. To study or to teach, 45.

# %% [markdown] tags=["slide"]
# ## What you will build, and with what
#
# The two lines that load Keras come first. TensorFlow, the engine below Keras, writes a page of technical remarks
# when it is loaded; `startup.load_keras` keeps them out of your notebook and returns one line instead.

# %%
import time

import numpy as np

from course_utils import startup

startup.load_keras()

# %%
import keras
from keras import layers
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import (
    claims,
    datasets,
    exercises,
    glossary,
    metrics,
    plots,
    profiles,
    progress,
    quizzes,
    training,
)

# %% [markdown]
# Each notebook has one cell of parameters. `profile` says how much to do: *smoke* runs every line in seconds,
# *quick* is made for learning, *full* takes all the data. `seed` fixes the random numbers, so that your run can be
# repeated. `claims.begin` opens the record of this run; what a claim is comes later.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # fixes the starting weights and the order of the images

# %%
keras.utils.set_random_seed(seed)
claims.begin("00", profile=profile, defaults=seed == 0)

# %% [markdown]
# How fast is this machine? Training a network is mostly multiplying matrices, so we time one multiplication. A
# product of two 1,000 by 1,000 matrices takes two thousand million additions and multiplications.

# %%
matrix = np.ones((1000, 1000), dtype="float32")
start = time.perf_counter()
for _ in range(20):
    matrix @ matrix
seconds = (time.perf_counter() - start) / 20
print(f"{2e9 / seconds / 1e9:.0f} thousand million operations a second")

# %% [markdown]
# *What you see.* Even a small computer does thousands of millions of operations a second. One pass of the network below
# over one picture takes about eight million multiplications, so a thousand pictures are a matter of seconds. A graphics
# card would be many times faster, and nothing in this course needs one.

# %% [markdown] tags=["slide"]
# ## Look before you train
#
# The data set is called `shapes`. Every picture holds one drawn shape, placed on a crop of a real photograph. It is
# made on your machine, needs no network, and is harder than it looks: size, position, angle, colour and background
# all vary, and only the form tells the class, or, for the two arrows, the direction.

# %%
amount = profiles.choose(profile, smoke=300, quick=3000, full=10_000)
data = datasets.load("shapes", train=amount, validation=1000, test=1000)
print("training images:", data.train.x.shape, data.train.x.dtype)
print("training labels:", data.train.y.shape, data.train.y[:8])

# %% [markdown]
# An image is an array of numbers. The shape reads `(images, height, width, channels)`: each picture has 32 rows
# and 32 columns of **pixels**, and three **channels**, red, green and blue, with values from 0 to 255. A **label**
# is the number of the class that the picture belongs to; `class_names` says what the numbers stand for.

# %% tags=["nbval-check-output"]
for number, name in enumerate(data.class_names):
    print(number, name, "-", int((data.train.y == number).sum()), "training images")

# %% [markdown]
# Always look at the pictures before you train on them. Could *you* tell the classes apart?

# %% tags=["slide"]
names = [data.class_names[label] for label in data.train.y[:30]]
plots.image_grid(
    data.train.x[:30], names, caption="Thirty training images with their labels."
)

# %% [markdown]
# The pictures come in three sets that share no photograph. On the **training set** the model learns. On the
# **validation set** we compare models and make choices. The **test set** is opened at the end, when
# nothing is left to choose. Whoever makes choices on the test set no longer measures anything with it.

# %% [markdown] tags=["slide"]
# ## Two baselines
#
# A figure means nothing without another beside it, a **baseline**. The lowest bar is a model that does not look: it
# always
# answers with the class that is most frequent in the training set. **Accuracy** is the share of right answers.

# %% tags=["nbval-check-output"]
most_frequent = np.bincount(data.train.y).argmax()
guess_accuracy = np.mean(data.validation.y == most_frequent)
print(
    f"always saying {data.class_names[most_frequent]!r}: {100 * guess_accuracy:.1f} %"
)

# %% [markdown] tags=["slide"]
# The second bar is a **linear model**. It gives each of the 3,072 numbers of a picture one **weight** for each class,
# adds up, and answers with the class that has the largest sum. It is a network with one layer and nothing else.
#
# `StandardScaler` brings all pixels to the same scale, `RidgeClassifier` finds the weights, and `alpha` keeps them
# small, so
# that they do not learn the training pictures by heart.
#
# *Predict first.* On these pictures, will the linear model be right about (a) 10 %, as often as guessing, (b) 25 %
# to 45 %, or (c) more than 60 % of the time?


# %%
def as_vectors(images):  # to (images, 3072), values from 0 to 1
    return images.reshape(len(images), -1) / np.float32(255)


# alpha: the best of 1,000, 10,000 and 30,000 on the validation images
linear = make_pipeline(StandardScaler(), RidgeClassifier(alpha=30_000))
linear.fit(as_vectors(data.train.x), data.train.y)
linear_accuracy = linear.score(as_vectors(data.validation.x), data.validation.y)
print(f"linear model: {100 * linear_accuracy:.1f} %")

# %% [markdown]
# *What you see.* The linear model beats guessing by far, so single pixels do say something. A likely reason: most
# shapes are lighter than their background, and each class covers other places; a ring leaves its middle free, a
# square fills it. But there is one fixed weight for each position. A heart that moves by five pixels meets quite
# other weights. That is the limit which the next section removes.
#
# Here is your first exercise. Replace the three dots, run the cell, and the course answers. If you are stuck, run
# `exercises.hint("00.1")`; `exercises.solution("00.1")` shows a solution. Nothing later depends on your answer.

# %% [markdown]
# *Exercise 00.1: accuracy from two arrays.* Eight pictures were classified. `y_true` holds the right classes,
# `y_predicted` the answers of a model, both of shape `(8,)`. Compute the accuracy as a fraction between 0 and 1.
# (For three right answers of four it is 0.75.)

# %% tags=["exercise"]
y_true = np.array([3, 0, 2, 2, 1, 3, 0, 1])
y_predicted = np.array([3, 0, 2, 1, 1, 3, 2, 1])
accuracy = ...
exercises.check("00.1", accuracy)

# %% [markdown] tags=["slide"]
# ## A first network
#
# A **convolutional network** (CNN) slides small windows of weights, each called a **kernel**, over the picture. A
# kernel that has learned to find a corner finds it everywhere. **Pooling** layers keep the strongest answers and drop
# the exact position; further convolutions combine corners and edges into parts, and the last layer turns the
# parts that were found into one probability for each class. Lesson 03 takes each of these layers to pieces.


# %% tags=["defines:models.small_cnn"]
def small_cnn(input_shape, classes):
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(classes, activation="softmax"),
        ]
    )


# %% [markdown]
# Nine lines are the whole model. The first says what a picture looks like, the second brings its values from 0..255 to
# -1..1, the other seven are the network. Its adjustable numbers are its **parameters**; at the start they are random.

# %% tags=["nbval-check-output"]
model = small_cnn(input_shape=(32, 32, 3), classes=10)
print(f"{model.count_params():,} parameters")

# %% [markdown]
# `compile` says how the model is to learn. The **loss** measures how wrong the probabilities are; the **optimiser**,
# here Adam, changes the parameters a little after every **batch**, here 64 pictures at a time, so that the loss
# falls. (Lesson 04
# explains the long name of the loss.)

# %%
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.002),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

# %% [markdown] tags=["slide"]
# `fit` trains. One pass over all training images is an **epoch**. After each epoch Keras reports the accuracy on
# the validation images, from which the model does not learn.
#
# *Predict first.* Will the first epoch already beat the linear model, (a) yes, clearly, (b) about equal, or (c) no?


# %%
def train(seed):
    training.reset(model, seed=seed)  # new random weights, the same model
    return model.fit(
        data.train.x,
        data.train.y,
        validation_data=(data.validation.x, data.validation.y),
        epochs=profiles.choose(profile, smoke=1, quick=6, full=8),
        batch_size=64,
        verbose=0,
    )


start = time.perf_counter()
history = train(seed)
first_weights = model.get_weights()  # kept, since two more networks follow
print(f"trained in {time.perf_counter() - start:.0f} seconds")

# %% tags=["slide"]
plots.learning_curves(
    history.history, caption="The first network learning. Each dot is one epoch."
)

# %% [markdown]
# *What you see.* After one epoch the network is hardly better than guessing; then it climbs steeply and levels off.
# Why is the training accuracy lower at first? It is averaged over the epoch, while the network is still improving;
# the validation accuracy is taken when the epoch is over. At the end the two curves are close: so far there is no
# sign that the network learns its training pictures by heart. Lesson 05 makes that happen on purpose.
#
# The order of the pictures and the starting weights were random. Would another run be as good? One run is an
# anecdote, so two more follow, from other seeds. All three are measured on the test set, and none is picked by its
# figure;
# what counts is their spread. We also keep what
# each network says about two hundred handwritten digits, enlarged to the size of our pictures; you will see why.

# %%
digits = datasets.load("digits", test=200, quiet=True).test.x  # (200, 8, 8, 1)
large_digits = digits.repeat(4, axis=1).repeat(4, axis=2).repeat(3, axis=3)
test_accuracies, digit_answers = [], []
for number, current in enumerate([seed, seed + 1, seed + 2]):
    if number == 0:
        model.set_weights(first_weights)  # trained already
    else:
        train(current)
    test_accuracies.append(model.evaluate(data.test.x, data.test.y, verbose=0)[1])
    digit_answers.append(model.predict(large_digits, verbose=0))  # (200, 10)
print("test accuracy:", [f"{100 * value:.1f} %" for value in test_accuracies])

# %% tags=["slide"]
guess_test = np.mean(data.test.y == most_frequent)
linear_test = linear.score(as_vectors(data.test.x), data.test.y)
plots.comparison(
    {
        "always one class": [guess_test],
        "linear model": [linear_test],
        "small network": test_accuracies,
    },
    chance=0.1,
    label="accuracy on the test images",
    caption="The same pictures, the same labels: what changes is the form of the model.",
)

# %% [markdown]
# *What you see.* The network is far above both baselines in every run. But it scored higher on the validation set,
# and so did the linear model. A likely reason: the backgrounds come from twenty photographs in all, only four of them
# in the test set, and these seem to be harder. A validation figure is an estimate for pictures like those in the
# validation set.
#
# The course never asks you to take a sentence on trust. Where it asserts something, a **claim** stands beside the
# figures that show it, with a bound that was set beforehand. If your own run does not bear it out, the notebook
# stops and says so.

# %%
claims.claim(
    "00.c1",
    "On the same images the small network is right at least 20 points more often than the linear model.",
    measured=[value - linear_test for value in test_accuracies],
    at_least=0.20,
)

# %% [markdown]
# *Exercise 00.2: labels shuffled.* Suppose that before training, the labels of all training images are shuffled at
# random, while the test set stays as it is: ten classes, equally frequent. Which test accuracy do you expect, as a
# fraction? Decide first, then try it in a cell of your own:
#
# ```python
# shuffled = np.random.default_rng(0).permutation(data.train.y)
# trial = small_cnn((32, 32, 3), 10)
# trial.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
# trial.fit(data.train.x, shuffled, epochs=2, batch_size=64, verbose=0)
# trial.evaluate(data.test.x, data.test.y, verbose=0)[1]
# ```

# %% tags=["exercise"]
expected_accuracy = ...
exercises.check("00.2", expected_accuracy)

# %% [markdown] tags=["slide"]
# ## Where it is wrong
#
# A single number hides as much as it tells. To look behind it we go back to the validation images: whoever
# means to improve a model after looking at its mistakes must not look at those of the test set.
#
# `predict` gives one probability for each class; the answer is the class with the largest.

# %%
probabilities = model.predict(data.validation.x, verbose=0)  # (images, 10)
answers = probabilities.argmax(axis=1)
print("one picture:", np.round(probabilities[0], 2), "->", data.class_names[answers[0]])

# %% [markdown]
# A **confusion matrix** counts what was taken for what. Each row is a true class, each column a predicted one; right
# answers lie on the diagonal.

# %% tags=["slide"]
counts = metrics.confusion_matrix(data.validation.y, answers, classes=10)
plots.confusion_matrix(
    counts,
    data.class_names,
    caption="Look beside the diagonal. Which column collects most of the mistakes?",
)

# %% [markdown]
# *What you see.* Mistakes need not be mutual: a class can attract others, its column full of wrong answers, and
# hardly ever
# be taken for another itself. These are the habits of one network, the third; another seed has others.
#
# And now the pictures behind the numbers. Looking at mistakes is a habit worth keeping: it shows wrong labels, bad
# pictures,
# and what the model lacks. Here are those it was most sure of.

# %% tags=["slide"]
confidence = probabilities.max(axis=1)
wrong = np.flatnonzero(answers != data.validation.y)
surest = wrong[np.argsort(-confidence[wrong])][:12]
plots.predictions(
    data.validation.x[surest],
    data.validation.y[surest],
    probabilities[surest],
    data.class_names,
    caption="Twelve mistakes of which the network was most sure. Would you have been right?",
)

# %% [markdown]
# *What you see.* Look for what the mistakes have in common: one answer that returns, one background, clutter over the
# form.
# Whatever you find is a lead, not a proof. Most of these pictures are easy for a person, and the network is sure and
# wrong.
# Its probability is not a promise; lesson 10 measures by how much.

# %% [markdown]
# *Exercise 00.3: which class is taken for which.* A model for four kinds of clothing was tested; `table` has shape
# `(4, 4)`, rows are true classes and columns are predicted ones. Set `most_confused` to the most frequent mistake as
# a pair of names, the true class first, such as `("bag", "boot")`.

# %% tags=["exercise"]
classes = ["bag", "boot", "coat", "shirt"]
table = np.array(
    [[19, 0, 0, 1], [2, 17, 1, 0], [0, 1, 12, 7], [1, 0, 4, 15]]
)  # rows: true, columns: predicted
most_confused = ...
exercises.check("00.3", most_confused)

# %% [markdown] tags=["slide"]
# ## A classifier always answers
#
# The network knows ten shapes. What does it say to a picture that holds none of them, such as the handwritten digits
# that each of the three networks was shown after its training?
#
# *Predict first.* How sure will it be on average: (a) about 10 %, since none of the ten fits, (b) 20 % to 40 %, or
# (c) more than 50 %?

# %%
sure = [float(answer.max(axis=1).mean()) for answer in digit_answers]
print("digits:", [f"{100 * value:.0f} %" for value in sure])
print("shapes, for comparison:", f"{100 * confidence.mean():.0f} %, the third network")

# %% tags=["slide"]
said = [
    f"{data.class_names[row.argmax()]}\n{100 * row.max():.0f} %"
    for row in digit_answers[-1][:12]
]
plots.image_grid(
    large_digits[:12],
    said,
    columns=6,
    size=1.1,
    caption="Digits, seen by a network that knows shapes only.",
)

# %% [markdown]
# Three networks, none of which has ever seen a digit, and each has a name for every one of them.

# %%
claims.claim(
    "00.c2",
    "Shown handwritten digits, of which it knows none, the network is on average at least 50 % sure of its answer.",
    measured=sure,
    at_least=0.50,
)

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *the model would say if it did not know.* The ten probabilities always add up to one. They
# > share out the belief among the classes that the model was given, and *none of these* is not among them. A high
# > probability says "more like a star than like the nine others", never "a star, rather than something else".
#
# Lesson 10 shows models that may abstain. Until then, remember that a classifier answers every question in the terms
# of the questions it was trained on.

# %% [markdown] tags=["slide"]
# ## How this course works
#
# There are thirteen notebooks. Lessons 01 to 03 explain where image classification comes from, the core concepts, and
# the mathematics of convolution. Lesson 04 is the complete program in Keras, 05 is about overfitting and augmentation.
# In 07 you bring pictures of your own. Lessons 10 to 20 widen the view: trust, other architectures, other frameworks,
# speed, trends. And 21 answers the questions that learners ask.
#
# You work in a copy. Change anything, break anything: `course reset 00` brings the original back and keeps yours beside
# it. The data sets are on your machine already or are made there. For the benchmarks, such as Fashion-MNIST, a notebook
# says which command fetches them.
#
# Every data set carries a card that says where it comes from and what is wrong with it. Which of these flaws could
# explain
# something that you saw above?

# %%
print(data.card.title)
print(data.card.description)
for flaw in data.card.known_flaws:
    print("-", flaw)

# %% [markdown]
# A **profile** sets how much is done. To run this notebook with the larger amounts, change `profile` to `"full"` in
# the parameter cell and run all cells again. From a terminal, `course run --notebooks 00 --profile full` does the same
# and writes a report.

# %% tags=["nbval-check-output"]
for name in profiles.NAMES:
    print(
        name,
        "-",
        profiles.choose(name, smoke=300, quick=3000, full=10_000),
        "training images",
    )

# %% [markdown]
# Words set in **bold** at their first use are in the glossary, with the term in Chinese as well.

# %%
glossary.term("accuracy")

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You trained a convolutional network on a small computer and measured it on pictures it had never seen. You compared
# it with guessing and with a linear model, and the three rows of one figure showed what the layers are worth. You found
# its mistakes and read them in a confusion matrix. You saw that it answers, and is sure, even where there is nothing
# to answer. And you used an exercise, a claim, a profile and the glossary. Now check yourself.

# %% [markdown]
# Put the letter of your answer in the place of the three dots, for example `"a"`.

# %%
quizzes.ask("00.q1")
quizzes.answer("00.q1", ...)

# %% [markdown]
# The next question may have more than one right answer; give several letters as a set, such as `{"a", "c"}`.

# %%
quizzes.ask("00.q2")
quizzes.answer("00.q2", ...)

# %% [markdown]
# The third question asks for a number.

# %%
quizzes.ask("00.q3")
quizzes.answer("00.q3", ...)

# %% [markdown]
# What stays open: *why* should kernels that slide over a picture work so much better than weights with fixed places,
# and how did people classify images before? [Lesson 01](01_background.ipynb) begins there. If you would rather see the
# complete program first, go to [lesson 04](04_keras_code.ipynb); it needs only what you have seen here.

# %% tags=["nbval-check-output"]
progress.show("00")
