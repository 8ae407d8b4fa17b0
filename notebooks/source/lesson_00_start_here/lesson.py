# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 10
#       images: 10000
#     smoke:
#       epochs: 1
#       images: 300
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
# # What is in this picture, and should you believe the machine?
#
# This is Chelsea. A neural network that learned from 1.28 million photographs, but not from this one, looks at her. What
# does it see?

# %% tags=["topic:00.pretrained", "slide"]
from course_utils import datasets, models, plots

photographs = datasets.load("photographs")
network = models.imagenet()

cat = photographs["chelsea"]
batch = models.prepare(cat)  # its middle, as 224 x 224 pixels, in a batch of one
probabilities = network.predict(batch, verbose=0)  # (1, 1000)
cat_answers = dict(models.top(probabilities[0], 5))
plots.answers(batch[0], cat_answers)

# %% [markdown]
# *What you see.* The network, EfficientNet-Lite0, knows the names of a thousand kinds of things. It gives each of them a **probability**, a
# number from 0 to 1 that says how much it believes in that name, and all thousand add up to 1. The figure shows the
# five largest; the other 995 share what is left. *Egyptian cat* comes first with {{100 * cat_answers["Egyptian cat"]:.0f}} %, and three of the
# other four are cats as well.
#
# A program that looks at a picture and answers with a name from a fixed list is an **image classifier**. This course
# is about them: how they work, how you train one, and when you should believe it.
#
# **After this notebook you can:** show a photograph of your own to a trained classifier, train a small one from scratch,
# and find out where it is wrong.
#
# **Before you start:** a little Python, enough to read a loop and a function call. No mathematics.
#
# **Time:** 2 minutes to run, 60 minutes to study: 40 to read, to run and to answer the questions, and 20 for the four exercises. All lessons count
# like this. What stands under *To take home* and *Further*, at the end, comes on top, and nobody needs it to go on.

# %% [markdown] tags=["slide"]
# ## Where it is right, and where it is absurd
#
# One photograph proves little, so here are eight more. Above each stands the name that the network believes in most.

# %%
names = [
    "coffee",
    "camera",
    "motorcycle_left",
    "rocket",
    "astronaut",
    "coins",
    "moon",
    "text",
]
pictures = models.prepare([photographs[name] for name in names])
probabilities = network.predict(pictures, verbose=0)  # (8, 1000)

# %% tags=["slide"]
first_answers = [models.top(row, 1)[0] for row in probabilities]
titles = [f"{name}\n{100 * probability:.0f} %" for name, probability in first_answers]
plots.image_grid(
    pictures,
    titles,
    columns=4,
    size=1.9,
    caption="Eight photographs, as the network gets them, and its first answer to each.",
)

# %% [markdown]
# *What you see.* (All numbers in the text come from the run that is stored with this notebook. Yours may differ a little.) The
# cup of coffee is *{{first_answers[0][0]}}* with {{100 * first_answers[0][1]:.0f}} %, and the man with the camera is
# *{{first_answers[1][0]}}* with {{100 * first_answers[1][1]:.0f}} %: the list has no name for him, but it has one for what
# his camera stands on. The motorcycle is a *{{first_answers[2][0]}}* with {{100 * first_answers[2][1]:.0f}} %: close, and wrong. And the
# astronaut becomes a *{{first_answers[4][0]}}*, the coins a *{{first_answers[5][0]}}*, the page of writing a *{{first_answers[7][0]}}*, and the moon a
# *{{first_answers[6][0]}}*, which is a tiny worm. *Astronaut*, *coin*, *handwriting* and *moon* are not among the thousand
# names, and neither is *none of these*.
#
# The next photograph shows the back of an eye, as a doctor sees it. No word for it is on the list.

# %%
from course_utils import quizzes

quizzes.predict("00.p1", ...)

# %%
batch = models.prepare(photographs["retina"])
probabilities = network.predict(batch, verbose=0)
eye_answers = dict(models.top(probabilities[0], 5))
plots.answers(batch[0], eye_answers)

# %%
quizzes.verdict("00.p1")

# %% [markdown]
# *What you see.* {{100 * max(eye_answers.values()):.0f}} % for *{{max(eye_answers, key=eye_answers.get)}}*, which is {{1000 * max(eye_answers.values()):.0f}} times the share of an average name, one in a thousand. Is so low
# a number a warning? Sometimes. But the rocket got *{{first_answers[3][0]}}*, which is not far off, with a still lower
# {{100 * first_answers[3][1]:.0f}} %. *A classifier always answers*, and it can answer only with a name
# from its list. Keep that in mind; at the end of this notebook your own network will do the same.
#
# **Now your picture.** Copy a photograph beside this notebook, put its name between the quotation marks, and run the
# cell. Try something that should be on the list (a dog, a banana, a keyboard), and then something that cannot be.

# %%
my_picture = ""  # such as "holiday.jpg"
photo = datasets.read_picture(my_picture) if my_picture else photographs["china"]
batch = models.prepare(photo)
probabilities = network.predict(batch, verbose=0)
plots.answers(batch[0], dict(models.top(probabilities[0], 5)))

# %% [markdown] tags=["slide"]
# ## Train one yourself
#
# A small network learns from three thousand pictures, in about a minute. They are drawn on your machine: one of ten
# shapes, with changing size, place, tilt and colour, over a crop of a photograph. (`: int` in the next cell says that
# a whole number belongs there; Python would do without.)

# %% tags=["parameters"]
images: int = 3000  # to train on
epochs: int = 6  # how often the network sees each of them

# %% tags=["slide"]
data = datasets.load("shapes", train=images, test=1000)
plots.image_grid(
    data.train.x[:20],
    data.class_names,
    data.train.y[:20],
    caption="Twenty pictures to learn from, with their names.",
)

# %% [markdown]
# Could you tell them apart? The network will learn from {{images:,}} such pictures, the **training set**. We judge it
# on 1,000 others, the **test set**, because anybody can remember what they have seen. (The 1,000 *validation* images of
# the line above are a third set, for choosing and for looking at mistakes. We come to it below, and lesson 04 says more.)
#
# For the computer a picture is a block of numbers: 32 rows and 32 columns of points, called **pixels**, and for each
# pixel three numbers from 0 to 255, one for red, one for green and one for blue. The name is a number, too.

# %% tags=["nbval-check-output"]
print(data.train.x.shape, "pictures, rows, columns, colours")
print(data.train.y[:5], "are", [data.class_names[label] for label in data.train.y[:5]])

# %% [markdown] tags=["topic:00.baselines", "slide"]
# ### First attempt: one layer
#
# The simplest network has one layer. It multiplies each of the 32 x 32 x 3 = 3,072 numbers by a **weight** of its own,
# adds up the products, and adds one number more, the **bias**. It does so ten times, with other weights for each class,
# which gives ten sums. The class with the
# largest sum wins, and **softmax** turns the ten sums into ten probabilities.

# %% tags=["slide"]
import keras
from keras import layers

keras.utils.set_random_seed(0)  # the same random weights to begin with, every time
linear = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        layers.Rescaling(1 / 255),  # from 0..255 to 0..1
        layers.Flatten(),  # 3,072 numbers in a row
        layers.Dense(10, activation="softmax"),  # ten sums, turned into probabilities
    ]
)

# %% [markdown] tags=["slide"]
# At first the weights are random, and so are the answers. Training finds better ones. Keras needs to be told how:
#
# - The **loss** measures how wrong the probabilities are. This one, *cross-entropy*, is small where the right name gets a
#   high probability, and large where it gets a low one. (*Sparse* means that names are given as numbers, 0 to 9.)
# - The **optimiser** (Keras spells it *optimizer*) changes the weights so that the loss falls. Adam is a good first choice; 0.002 says how large its
#   steps are.
# - The *metrics* are what we want to read along the way. **Accuracy** is the share of right answers.
#
# `fit` then shows the network 32 pictures at a time, a **batch**, and after each batch it changes every weight a little. When all
# {{images:,}} have been seen, an **epoch** is over, and it starts again. `fit` returns the numbers that it prints, and
# `linear_history` keeps them. Lesson 02 takes all of this apart.

# %% tags=["slide"]
linear.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.Adam(0.002),
    metrics=["accuracy"],
)
linear_history = linear.fit(data.train.x, data.train.y, epochs=epochs, verbose=2)

# %%
_, linear_accuracy = linear.evaluate(data.test.x, data.test.y, verbose=0)
print(f"{100 * linear_accuracy:.0f} % of the test pictures right")

# %% [markdown]
# *What you see.* Two lines for each epoch, with the accuracy on its training pictures while the weights were changing; then
# {{100 * linear_accuracy:.0f}} % on new pictures. Is that good? Guessing gets one in ten, so it has learned something. Guessing is our
# **baseline** here: something simple that a network has to beat before its accuracy means anything. The network does better on the pictures
# that it learned from; what widens that gap, and what closes it, is the subject of lesson 05.
#
# Why not more? Move a heart by five pixels, and each of its points is multiplied by another weight than before. One set of weights
# would have to fit hearts in all places at once.

# %% [markdown] tags=["slide"]
# ### Second attempt: a convolutional network
#
# A **convolutional network** (CNN) looks through a small window, and slides it over the whole picture. What the window
# learns to find in one corner, it finds in every other. These layers do it:
#
# - *Convolution* (`Conv2D`): 16 different windows in the first layer, each 3 pixels wide, 3 high, and three colours deep.
#   Each multiplies what it sees by its weights, adds up, and moves on by one pixel. `relu` sets negative sums to zero:
#   *not here*.
# - *Max pooling* (`MaxPooling2D`): of every 2 x 2 sums, keep the largest. The picture shrinks to half its side, and the
#   exact place counts less.
# - *Global max pooling*: at the end, keep each window's largest sum over all places. Was it found *anywhere*?
# - *Dense*, as before: ten sums, one for each class, now of 64 numbers instead of 3,072.
#
# A window of the first layer can find little more than an edge. Those of the second look at what the first has found, so they
# can combine edges into corners, and the third can combine corners into larger parts.

# %%
quizzes.predict("00.p2", ...)

# %% tags=["topic:00.first-network", "slide"]
keras.utils.set_random_seed(0)
cnn = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(10, activation="softmax"),
    ]
)

# %% tags=["slide"]
cnn.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.Adam(0.002),
    metrics=["accuracy"],
)
cnn_history = cnn.fit(data.train.x, data.train.y, epochs=epochs, verbose=2)

# %%
_, cnn_accuracy = cnn.evaluate(data.test.x, data.test.y, verbose=0)
print(f"{100 * cnn_accuracy:.0f} % of the test pictures right")

# %%
quizzes.verdict("00.p2")

# %% [markdown]
# Does a network only need more weights? Here is a rival with two layers of the first kind and eight times as many weights
# as the convolutional network. It may look at the pictures four times as often, too, in steps that suit it better: smaller
# ones, each after 128 pictures.

# %%
keras.utils.set_random_seed(0)
dense = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        layers.Rescaling(1 / 255),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)

# %%
dense.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.Adam(0.001),
    metrics=["accuracy"],
)
dense.fit(data.train.x, data.train.y, epochs=4 * epochs, batch_size=128, verbose=0)
_, dense_training = dense.evaluate(data.train.x, data.train.y, verbose=0)
_, dense_accuracy = dense.evaluate(data.test.x, data.test.y, verbose=0)

# %%
print(f"weights and biases: {dense.count_params():,}, CNN {cnn.count_params():,}")
print(f"training pictures right: {100 * dense_training:.0f} %")
print(f"test pictures right:     {100 * dense_accuracy:.0f} %")

# %% tags=["slide"]
plots.bars(
    {
        "guessing": 0.1,
        "one layer": linear_accuracy,
        "two layers": dense_accuracy,
        "CNN": cnn_accuracy,
    },
    label="accuracy on 1,000 test pictures",
    caption="The same pictures for all three networks, and the most epochs for two layers.",
)

# %% [markdown]
# *What you see.* {{100 * linear_accuracy:.0f}} % with one layer, {{100 * dense_accuracy:.0f}} % with two and {{dense.count_params():,}} weights, and
# {{100 * cnn_accuracy:.0f}} % with windows that slide, pooling, and {{cnn.count_params():,}} weights. The rival got {{100 * dense_training:.0f}} % of its
# training pictures right: it has begun to remember them, and that helps little with new ones. What windows and pooling compute is the
# subject of lesson 03.
#
# **Change this.** Let the rival train longer still, `epochs=100` in its cell. Judge it with
# `dense.evaluate(data.validation.x, data.validation.y)`: for trials like this there is the third set. Does remembering
# more help? Then set `images` to 1000 and `epochs` to 18, a third of the pictures three times as often, and run the cells
# from there to here: the CNN loses about eighteen points. Put the numbers back and run the cells once more before you go on.
#
# *Exercise 00.1: accuracy by hand.* A model looked at eight pictures. `y_true` holds the right classes, `y_predicted`
# what the model said. Compute the accuracy, as a fraction between 0 and 1. Replace the three dots and run the cell; it answers
# you. `exercises.hint("00.1")` helps, and `exercises.solution("00.1")` shows a way.

# %%
import numpy as np

from course_utils import exercises

# %% tags=["exercise"]
y_true = np.array([3, 0, 2, 2, 1, 3, 0, 1])
y_predicted = np.array([3, 0, 2, 1, 1, 3, 2, 1])
accuracy = ...
exercises.check("00.1", accuracy)

# %% [markdown]
# *Exercise 00.2: shuffled names.* Suppose that somebody takes the names of all training pictures, shuffles them like cards, and
# deals them out again. A new network learns from that, and is tested on pictures with the right names. What
# accuracy do you expect, as a fraction? Decide first, then try it in a new cell:
#
# ```python
# shuffled = np.random.default_rng(0).permutation(data.train.y)
# fresh = keras.models.clone_model(cnn)  # the same layers with new random weights
# fresh.compile(
#     loss="sparse_categorical_crossentropy",
#     optimizer=keras.optimizers.Adam(0.002),
#     metrics=["accuracy"],
# )
# fresh.fit(data.train.x, shuffled, epochs=epochs, verbose=2)
# _, shuffled_accuracy = fresh.evaluate(data.test.x, data.test.y, verbose=0)
# print(shuffled_accuracy)
# ```

# %% tags=["exercise"]
expected_accuracy = ...
exercises.check("00.2", expected_accuracy)

# %% [markdown] tags=["slide"]
# ## Where is it wrong?
#
# One number does not say which shapes are mistaken for which. A **confusion matrix** counts it: every row is a true class, every
# column an answer, and right answers lie on the diagonal.
#
# We look at the validation pictures. Whoever studies mistakes in order to mend them has used those pictures, and the test
# set should stay fresh.

# %%
from course_utils import metrics

cnn_probabilities = cnn.predict(data.validation.x, verbose=0)  # (1000, 10)
cnn_answers = cnn_probabilities.argmax(axis=1)  # the class with the largest
confusion = metrics.confusion_matrix(data.validation.y, cnn_answers, classes=10)

# %% tags=["slide"]
plots.confusion_matrix(
    confusion,
    data.class_names,
    caption="Look beside the diagonal: which column is full?",
)

# %%
mistakes = []
for true in range(10):
    for said in range(10):
        if true != said:
            count = int(confusion[true, said])
            mistakes.append((count, data.class_names[true], data.class_names[said]))

mistakes.sort(reverse=True)
for count, true_name, said_name in mistakes[:3]:
    print(f"{count} times {true_name} is mistaken for {said_name}")

# %% [markdown] tags=["topic:00.mistakes"]
# *What you see.* Right answers are dark, on the diagonal. No mistake is more frequent than this one: {{mistakes[0][0]}} times
# a *{{mistakes[0][1]}}* is mistaken for a *{{mistakes[0][2]}}*. And mistakes do not have to go both ways. *Ring* takes
# {{confusion[:, 1].sum() - confusion[1, 1]}} pictures that are no rings, and gives away only
# {{confusion[1].sum() - confusion[1, 1]}} of its own.
#
# Behind every number there are pictures, and looking at them is the most useful habit that this course can give you. Here
# are the twelve mistakes of which the network was *surest*.

# %%
wrong = np.flatnonzero(cnn_answers != data.validation.y)
sureness = cnn_probabilities.max(axis=1)
order = np.argsort(-sureness[wrong])  # the surest first
surest = wrong[order][:12]

as_sure = sureness >= sureness[surest].min()  # all answers at least as sure as these
right_among_them = np.mean(cnn_answers[as_sure] == data.validation.y[as_sure])

# %% tags=["slide"]
plots.predictions(
    data.validation.x[surest],
    data.validation.y[surest],
    cnn_probabilities[surest],
    data.class_names,
    caption="What the network says, how sure it is, and what is true.",
)

# %% [markdown]
# *What you see.* Of each of these the network is at least {{100 * sureness[surest].min():.0f}} % sure, and wrong.
# {{(cnn_answers[surest] == 1).sum()}} of the twelve are called *ring*, the name that took so many and gave away so few. Most of them are
# easy for a person. High numbers are still worth something: of all {{as_sure.sum()}} answers that were at least so sure,
# {{100 * right_among_them:.1f}} % are right. They are no promise for the one picture in front of you.
#
# *Exercise 00.3: read a confusion matrix.* A model for four kinds of clothing was tested. In `table`, rows are the true
# classes and columns are the answers. Which mistake is the most frequent? Answer with two names, the true class first,
# such as `("bag", "boot")`.

# %% tags=["exercise"]
classes = ["bag", "boot", "coat", "shirt"]
table = np.array(
    [[19, 0, 0, 1], [2, 17, 1, 0], [0, 1, 12, 7], [1, 0, 4, 15]]
)  # rows: true, columns: answers
most_confused = ...
exercises.check("00.3", most_confused)

# %% [markdown] tags=["slide"]
# ## What does it say to something else?
#
# It knows ten shapes and nothing else. What will it say to handwritten digits? They are grey and 8 by 8 pixels small. So that they
# fit, each pixel is repeated four times across and four times down, and its grey three times, as red, green and blue.

# %%
quizzes.predict("00.p3", ...)

# %%
digits = datasets.load("digits", test=200).test.x  # (200, 8, 8, 1), 0 to 255
large = digits.repeat(4, axis=1).repeat(4, axis=2).repeat(3, axis=3)  # (200, 32, 32, 3)
digit_probabilities = cnn.predict(large, verbose=0)
digit_sureness = digit_probabilities.max(axis=1).mean()

# %% tags=["slide"]
titles = [
    f"{data.class_names[row.argmax()]}\n{100 * row.max():.0f} %"
    for row in digit_probabilities[:12]
]
plots.image_grid(
    large[:12],
    titles,
    columns=6,
    size=1.2,
    caption="Digits, seen by a network that knows only shapes.",
)

# %%
quizzes.verdict("00.p3")

# %% [markdown] tags=["topic:00.always-answers"]
# *What you see.* Your network always answers, too: a name for every digit, and {{100 * digit_sureness:.0f}} % sure on average.
# {{(digit_probabilities.argmax(axis=1) == 7).sum()}} of the 200 digits are called *cross*.
#
# > **Often said, not so:** *the model would say if it did not know.* Its ten probabilities always add up to 1, and *none of
# > these* is not among them. In training one of the ten names was always right, so nothing has taught it to hesitate over something else.
# > Sometimes it does, and often it does not. A high number means "more like a cross than like the nine others". It does not say "a cross, and not
# > something else".
#
# When a network should keep silent is a question of [lesson 10](10_trust.ipynb). Here is a first step.

# %% [markdown]
# *Exercise 00.4: let it keep silent.* Write `name_or_silence`, which returns the name with the largest probability, or
# the words `"I do not know"` where that probability is below `least`. `probabilities` has one number for each name in
# `class_names`.


# %% tags=["exercise"]
def name_or_silence(probabilities, class_names, least):
    # replace the dots
    ...


exercises.check("00.4", name_or_silence)

# %% [markdown]
# Try yours, in a new cell: `[name_or_silence(row, data.class_names, 0.9) for row in digit_probabilities]`. For how many of the
# 200 digits does it keep silent? Then put `cnn_probabilities` in their place: on how many of the 1,000 validation shapes,
# which it should know, is it silent as well?

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Ask what is on the list before you believe an answer. A classifier names whatever you show it.
# - Compare every accuracy with guessing and with the simplest model you can think of. {{100 * cnn_accuracy:.0f}} % means
#   something because {{100 * linear_accuracy:.0f}} % and 10 % stand beside it.
# - Look at the validation pictures that it gets wrong, the surest first. They tell you what to mend.
# - Test at the end, with pictures that were used for nothing else.

# %% [markdown]
# Check yourself: each question says what to put in the place of the dots.

# %%
quizzes.ask("00.q1")
quizzes.answer("00.q1", ...)

# %%
quizzes.ask("00.q2")
quizzes.answer("00.q2", ...)

# %%
quizzes.ask("00.q3")
quizzes.answer("00.q3", ...)

# %% [markdown]
# And the course checks itself: what this lesson asserts, beside what your own run has measured.

# %%
from course_utils import claims

claims.review("00")

# %% [markdown]
# ## To take home
#
# A program that gives any photograph five names from its list of a thousand. It needs Keras with TensorFlow, NumPy and Pillow, and nothing of this course
# except the files that the next cell writes. Save the cell after it as `name_it.py` beside them, and put your own file's name in
# the place of `example.jpg`. The network was made for squares of 224 by 224 pixels, so the program cuts the largest one
# from the middle and shrinks it; and since Keras wants a *batch* of pictures, it makes a batch of one. The network scales the pixels itself. (JPEG
# does not keep every pixel exactly, so the numbers differ a little from those above.)

# %%
from pathlib import Path

from PIL import Image

network.save("imagenet.keras")
Path("imagenet_names.txt").write_text(
    "\n".join(models.imagenet_names()), encoding="utf-8"
)
Image.fromarray(photo).save("example.jpg", quality=95)

# %% tags=["take-home"]
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageOps

network = keras.models.load_model("imagenet.keras")
names = Path("imagenet_names.txt").read_text(encoding="utf-8").splitlines()
picture = ImageOps.exif_transpose(Image.open("example.jpg")).convert("RGBA")  # upright
white = Image.new("RGBA", picture.size, "white")  # shows where it is transparent
picture = Image.alpha_composite(white, picture).convert("RGB")
square = ImageOps.fit(picture, (224, 224), Image.Resampling.LANCZOS)  # the middle
batch = np.array(square)[np.newaxis]  # (1, 224, 224, 3)
probabilities = network.predict(batch, verbose=0)[0]
for label in np.argsort(-probabilities)[:5]:
    print(f"{100 * probabilities[label]:.0f} %  {names[label]}")

# %% [markdown] tags=["topic:00.course", "slide"]
# ## How this course works
#
# Lessons 00 to 05 and the [FAQ](21_faq.ipynb) are the course: this first look, the history, the ideas, the mathematics, a complete program,
# and what to do when it works at home and fails outside. Everything else stands on shelves, to be taken when you need it:
# projects with your own photographs, trust, other networks and tools, the frontier.
#
# Would you rather train on your own pictures now? Put them into one subfolder for each class, load them with
# `data = datasets.load("folder:my_pictures", size=32)`, and write the number of your classes for the 10 in the last layer.
#
# You work in a copy, so change anything. `course reset 00` in a terminal brings the original back and keeps yours beside
# it. Technical words in **bold** are explained by the glossary: `from course_utils import glossary`, then
# `glossary.term("epoch")`.

# %% [markdown]
# ## What stays open
#
# Why do small sliding windows work so much better than weights in fixed places, and how did people
# do this before? [Lesson 01](01_background.ipynb) begins there. If you would rather see a complete program first, go to
# [lesson 04](04_keras_code.ipynb); you know enough for it.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("00")
