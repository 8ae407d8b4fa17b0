# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 20
#       images: 6000
#     smoke:
#       epochs: 1
#       images: 120
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
# # What does a complete program look like, and where does it go wrong?
#
# Here is one, from the pictures to a number at the end. Run the next two cells and look at what comes out; the rest of
# this notebook explains it, line by line.

# %% tags=["parameters"]
from course_utils import datasets, startup

startup.load_keras()  # loads TensorFlow, without the lines that it prints

images: int = 1500  # pictures to learn from
epochs: int = 8  # how often the network sees each of them

# %% tags=["whole-program", "defines:models.program_c", "topic:04.end-to-end", "slide"]
import keras
from keras import layers

data = datasets.load("cutouts", train=images, validation=600, test=600, size=32)
validation = (data.validation.x, data.validation.y)

keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(6, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(
    data.train.x, data.train.y, epochs=epochs, validation_data=validation, verbose=2
)
print("test:")
test_loss, test_accuracy = model.evaluate(data.test.x, data.test.y, verbose=2)

# %% [markdown]
# The last line is the answer: `accuracy` is the share of 600 new pictures that the program names correctly. It looked at
# 600 others along the way, the *validation* pictures. Here are the first twelve of those, with its answers.

# %% tags=["slide"]
from course_utils import plots

probabilities = model.predict(data.validation.x, verbose=0)  # (600, 6)
answers = probabilities.argmax(axis=1)  # the class with the largest probability
class_names = [name.replace("_", " ") for name in data.class_names]

# the same pictures in the same order with more pixels, for our eyes
sharp = datasets.load("cutouts", train=6, validation=600, test=6, size=80, quiet=True)
plots.predictions(
    sharp.validation.x[:12],
    data.validation.y[:12],
    probabilities[:12],
    class_names,
    caption="Twelve validation pictures, and what the program says.",
)

# %% [markdown]
# *What you see.* Photographs of animals, fruit, vegetables and flowers, cut out and placed over other photographs.
# {{(answers[:12] == data.validation.y[:12]).sum()}} of these twelve are named correctly, and
# {{100 * test_accuracy:.0f}} % of the 600 in the last line. Guessing gets one in six, {{100 / 6:.0f}} %. So the program
# has learned something, and it has much left to learn.
#
# **After this notebook you can:** write such a program and say what each line does, use it on a photograph of your own,
# and recognise the mistakes that spoil its answers without a word.
#
# **Before you start:** lesson 00. What happens inside the layers is the subject of lessons 02 and 03, before or after
# this one.
#
# **Time:** 2 minutes to run, 95 minutes to study: 60 to read, to run and to answer the questions, and 35 for the seven exercises. *To take home* and
# *Further*, at the end, come on top.

# %% [markdown] tags=["topic:04.load", "slide"]
# ## The first lines: pictures and labels
#
# `import keras` brings the library that builds and trains networks. `datasets.load` brings pictures; at the end of this
# lesson you replace it by a folder of your own. `set_random_seed(0)` makes the random weights at the beginning the same
# every time, so that you get nearly the numbers that stand here. And what does `data` hold?

# %% tags=["nbval-check-output"]
print(data.train.x.shape, data.train.x.dtype)
print(data.train.y.shape, data.train.y.dtype)
print([class_names[label] for label in data.train.y[:5]], "are", data.train.y[:5])

# %% [markdown]
# `data.train.x` holds {{images:,}} pictures of 32 rows and 32 columns. Every point, or pixel, has three numbers: how
# much red, green and blue. `uint8` means whole numbers from 0 to 255, one byte each. `data.train.y` holds the
# **label** of each picture, the number of its class.
#
# Tutorials call these two `x_train` and `y_train`. Pictures of 32 by 32 pixels are small:

# %% tags=["slide"]
plots.image_rows(
    {
        "what you saw": sharp.validation.x[:8],
        "what the program saw": data.validation.x[:8],
    },
    caption="Small pictures train fast. Which of these could you still name?",
)

# %% [markdown] tags=["topic:04.splits", "slide"]
# ## Three sets, and how to keep them apart
#
# `data` comes in three parts, and each has one job:
#
# | part | its job | pictures here |
# | --- | --- | --- |
# | **training set** | the network learns from it | {{images:,}} |
# | **validation set** | *you* learn from it: how many epochs, which network, which mistakes | 600 |
# | **test set** | says at the very end how good the result is, once | 600 |
#
# The three parts must not share anything. That sounds easy: never put the same picture into two of them. But look at
# these pairs. Every picture is a different one.

# %%
import numpy as np

again = datasets.load(
    "cutouts", train=600, validation=6, test=6, size=32, seed=1, quiet=True
)
partners = []
for thing in data.train.objects[:6]:  # the number of the object in a picture
    places = np.flatnonzero(again.train.objects == thing)  # where it comes again
    partners.append(places[0])

# %% tags=["slide"]
plots.image_rows(
    {"learned from": data.train.x[:6], "new pictures": again.train.x[partners]},
    caption="The same six objects in another scene. Some have moved, turned round or changed colour.",
)

# %% [markdown]
# The 600 pictures of `again.train` were never shown to the network. But it has met their objects, in other pictures. All
# objects of the test set are new to it.

# %%
from course_utils import quizzes

quizzes.predict("04.p1", ...)

# %%
_, met_accuracy = model.evaluate(again.train.x, again.train.y, verbose=0)
print(f"new pictures of objects that it has met: {100 * met_accuracy:.0f} %")
print(f"new pictures of new objects (the test set): {100 * test_accuracy:.0f} %")

# %%
quizzes.verdict("04.p1")

# %% [markdown]
# *What you see.* {{100 * met_accuracy:.0f}} % instead of {{100 * test_accuracy:.0f}} %, with the same network and not
# one picture in common. (Some objects are easier than others, so a part of this may be luck.) Testing with such
# pictures is **data leakage**: something of the test has been in the training. Ten photographs of
# one cup, fifty frames of one film, two scans of one patient belong in the *same* part. If you split such pictures at
# random, you measure how well your network recognises old acquaintances.
#
# There is a second way to spoil a test set: to choose by it. Here are 200 programs that all do the same: they
# guess, with a random number for every picture. We try each on a hundred pictures and keep the best.

# %% tags=["nbval-check-output"]
rng = np.random.default_rng(0)
guesses = rng.integers(0, 6, size=(200, 600))  # 200 programs, 600 answers each
right = guesses == data.validation.y  # (200, 600), True where the guess is right

scores = right[:, :100].mean(axis=1)  # of each program, on a hundred pictures
best = scores.argmax()
best_elsewhere = right[best, 100:].mean()
print(f"the best of 200 on the pictures it was chosen by: {100 * scores[best]:.0f} %")
print(f"the same program on the other 500: {100 * best_elsewhere:.0f} %")

# %% [markdown] tags=["often-said:test-as-validation"]
# *What you see.* {{100 * scores[best]:.0f}} % for a program that guesses, and {{100 * best_elsewhere:.0f}} % where
# nobody chose. Among many tries some are lucky, and the best of them owes a part of its score to luck.
#
# > **Often said, not so:** *pass the test set as `validation_data`.* Many printed programs do it. Then you stop, compare
# > and choose while you look at the test set, and its number is too good by as much as you were lucky. Choose by the
# > validation set; open the test set once, when nothing is left to choose. From here on
# > this notebook does so. Only two records, of runs made before, show test accuracies, and nothing is chosen by them.

# %% [markdown] tags=["topic:04.preprocess", "slide"]
# ## `Rescaling(1 / 255)`: small numbers, and where to make them
#
# Networks train well on small numbers, and pixels run to 255. Many tutorials write `x_train = x_train / 255.0`.
# What does that line cost?

# %% tags=["nbval-check-output"]
few = data.train.x[:100]
divided = few / 255.0
changed_first = few.astype("float32") / 255
print("as it comes:         ", few.dtype, few.nbytes, "bytes")
print("few / 255.0:         ", divided.dtype, divided.nbytes, "bytes")
print("first made float32:  ", changed_first.dtype, changed_first.nbytes, "bytes")

# %% [markdown] tags=["often-said:divide-by-255"]
# > **Often said, not so:** *training data / 255.0 is how to prepare pictures.* It gives the right numbers. But NumPy
# > makes `float64` of them, eight bytes for every byte, and Keras then turns them into `float32`. Fifty thousand
# > pictures of this size grow from 154 megabytes to 1.2 gigabytes.
#
# Our program keeps the bytes and lets the *first layer* divide, one batch at a time. That has a second advantage:
# nobody can use the model and forget to divide.
#
# *Exercise 04.1: pixels to float32.* Sometimes the division has to stand outside the model. Write
# `preprocess(images)`: it takes pictures as uint8, `(n, height, width, channels)`, and returns an array of the same
# shape, float32, with values from 0 to 1. A pixel of 51 becomes 0.2. The input stays as it is.

# %%
from course_utils import exercises


# %% tags=["exercise"]
def preprocess(images):
    # your lines in the place of the dots
    ...


exercises.check("04.1", preprocess)

# %% [markdown] tags=["slide"]
# ## The model: a list of layers
#
# `keras.Sequential` takes a list. Each layer takes what the layer before it gives, and gives an array, or **tensor**,
# often of another shape. `Input` says what *one* picture looks like; the number of pictures, the **batch**, is left open, and
# Keras writes `None` for it. Follow the shapes (`model.summary()` prints them in a table of its own):

# %% tags=["nbval-check-output"]
for layer in model.layers:
    kind = type(layer).__name__
    shape = str(layer.output.shape)
    print(f"{kind:13} gives {shape:20} with {layer.count_params():7,} parameters")

# %% [markdown]
# - `Conv2D(32, 3)` slides 32 **kernels**, also called filters, over the picture, each of 3 by 3 weights for each
#   colour. A kernel gives one number at each place, a **feature map** of its own, so there are 32 maps. It has to lie
#   wholly inside the picture, so a map has 30 rows and not 32. `activation="relu"` then sets negative numbers to zero.
# - `MaxPooling2D(2)` keeps the largest of every 2 by 2 numbers: half the height and half the width, rounded down, and
#   nothing to learn.
# - `Flatten` writes all numbers in one row.
# - `Dense(64)` has 64 **units**. Each multiplies every number of the row by a weight of its own, adds up, and adds one
#   number more, its **bias**.
# - The last `Dense` has a unit for each class, and `softmax` turns their six sums into probabilities that add up to 1.
#
# **Parameters** are the numbers that training changes, weights and biases. `Conv2D(64, 3)` after 32 maps has
# 3 · 3 · 32 = 288 weights in each of its 64 kernels and one bias each: 288 · 64 + 64 = 18,496, as the table says.
#
# The same can be said in another way. In the **functional** form every layer is called on a tensor and gives a tensor,
# and at the end you say where the model begins and ends. It is longer, and it can do what a list cannot: branch, join,
# have two inputs. Here is a classic in this form, *program A*, which many tutorials print for grey pictures of
# 28 by 28 pixels:

# %% tags=["defines:models.program_a", "topic:04.models", "nbval-check-output", "slide"]
inputs = keras.Input((28, 28, 1))
x = layers.Rescaling(1 / 255)(inputs)
x = layers.Conv2D(32, 3, activation="relu")(x)  # (batch, 26, 26, 32)
x = layers.MaxPooling2D(2)(x)  # (batch, 13, 13, 32)
x = layers.Conv2D(64, 3, activation="relu")(x)  # (batch, 11, 11, 64)
x = layers.MaxPooling2D(2)(x)  # (batch, 5, 5, 64)
x = layers.Flatten()(x)  # (batch, 1600)
x = layers.Dense(64, activation="relu")(x)
outputs = layers.Dense(10, activation="softmax")(x)
program_a = keras.Model(inputs, outputs)
print(f"{program_a.count_params():,} parameters")

# %% [markdown]
# *Program B* is the same for colour pictures: `keras.Input((32, 32, 3))` in the first line, and `Dense(128)` in the
# place of `Dense(64)`. *Program C* is the network at the top of this page, with ten classes.
#
# *Exercise 04.2: parameters by hand.* Write down the shapes of program B, as the comments do for A, and compute
# `dense_parameters`, the number of parameters of its layer `Dense(128)`, weights and biases. A formula is as good as
# a number. For comparison: `Dense(64)` of program A has 1,600 · 64 + 64 = 102,464.

# %% tags=["exercise"]
dense_parameters = ...
exercises.check("04.2", dense_parameters)

# %% [markdown]
# *Exercise 04.3: a model of your own.* Write `build_model(classes)`. It returns a Keras model, in the form that you
# prefer, for colour pictures that are 24 pixels *high* and 40 *wide*, with at least one convolution, and ends in the
# probability of each class: `build_model(7).output_shape` is `(None, 7)`.


# %% tags=["exercise"]
def build_model(classes):
    # your lines in the place of the dots
    ...


exercises.check("04.3", build_model)

# %% [markdown] tags=["topic:04.train-steps", "slide"]
# ## `compile`: what counts as wrong
#
# `compile` fixes three things: how weights are changed (`"adam"`, see lesson 02), what is to become small (the loss),
# and what to print for you (`accuracy`).
#
# The loss looks at the probability that the network gave to the *right* class, and takes minus its natural logarithm.
# Sure and right costs little, sure and wrong costs much:

# %% tags=["nbval-check-output"]
for probability in (0.99, 0.7, 0.2, 0.01):
    print(f"right class gets {probability:4}: loss {-np.log(probability):.2f}")

# %% [markdown]
# This is the **cross-entropy**. Keras has it in two spellings, because labels come in two spellings: as whole numbers,
# like ours, or as rows with a single 1, called **one-hot**.

# %% tags=["nbval-check-output", "slide"]
two_answers = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]], dtype="float32")
labels = np.array([0, 1])
one_hot = keras.utils.to_categorical(labels, 3)
print(one_hot)

from_numbers = keras.losses.sparse_categorical_crossentropy(labels, two_answers)
from_one_hot = keras.losses.categorical_crossentropy(one_hot, two_answers)
print("sparse:     ", np.round(from_numbers, 3))
print("categorical:", np.round(from_one_hot, 3))

# %% [markdown]
# *What you see.* The same two losses.
#
# Only the categorical one can say more: a row may hold 0.9 and 0.1 as well, which lesson 05 uses. And what happens if
# labels and loss do not fit?

# %%
wrong_loss = keras.models.clone_model(model)
wrong_loss.compile("adam", "categorical_crossentropy")
try:
    wrong_loss.fit(data.train.x[:64], data.train.y[:64], verbose=0)
except ValueError as error:
    print(str(error)[:160])

# %% [markdown] tags=["often-said:crossentropy-always"]
# > **Often said, not so:** *use `categorical_crossentropy`, whatever the labels.* With whole numbers it stops, as you
# > see. Look at `y_train.shape`: `(n,)` and `(n, 1)` take the sparse loss, `(n, classes)` the categorical one.
#
# Be glad about that message. Most mistakes in such a program print nothing at all.

# %% [markdown] tags=["topic:04.curves", "slide"]
# ## `fit`: look at both curves
#
# `fit` shows the network all training pictures, 32 at a time, and changes the weights after each batch: {{images}}
# pictures make {{-(-images // 32)}} batches, the number at the beginning of each line. One pass over all of them is an
# **epoch**. `verbose=2` prints a line for each, and `history.history` keeps its numbers.

# %% tags=["slide"]
plots.learning_curves(
    history.history,
    caption="Training: pictures that it learns from. Validation: pictures of other objects.",
)

# %% [markdown]
# *What you see.* The training loss falls in every epoch. The validation loss jumps up and down, is lowest after epoch
# {{int(np.argmin(history.history["val_loss"])) + 1}} with {{min(history.history["val_loss"]):.2f}}, and ends at
# {{history.history["val_loss"][-1]:.2f}}.
#
# (Keras measures the training curve *while* the weights change, a mean over the epoch. How many training pictures does
# it name now? Let it answer again:)

# %%
_, training_accuracy = model.evaluate(data.train.x, data.train.y, verbose=0)
_, validation_accuracy = model.evaluate(*validation, verbose=0)
print(f"training pictures: {100 * training_accuracy:.0f} %")
print(f"validation pictures: {100 * validation_accuracy:.0f} %")

# %% [markdown]
# The gap is no wonder: validation pictures show objects that it has not met. A gap alone is no reason to stop. When the
# validation curves get *worse* while the training curves still improve, that is a sign of **overfitting**: the network fits
# the pictures that it learns from much better than others of the same kind. What to do about it is the subject of
# [lesson 05](05_overfitting_and_augmentation.ipynb).
#
# **Change this.** Would more epochs help? Try it in a new cell, judged on the validation set, so that the test set stays
# closed. It takes about two minutes:
#
# ```python
# keras.utils.set_random_seed(0)
# longer = keras.models.clone_model(model)  # the same layers, new random weights
# longer.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
# longer_history = longer.fit(
#     data.train.x, data.train.y, epochs=25, validation_data=validation, verbose=2
# )
# plots.learning_curves(longer_history.history)
# ```
#
# In our run the training accuracy rose to 98 % and the validation accuracy to 59 %, while the validation loss climbed, up and down,
# from 1.2 to 2.1. Which epoch would you keep? If you use only the names, the one with the highest validation accuracy; if you
# use the probabilities, the one with the lowest validation loss.
#
# *Exercise 04.4: read the curves.* Another model was trained for six epochs, once; its losses stand in the cell. Write
# two or three sentences in `reading`: what they show, after which epoch you would stop and why, and what they do not
# show. No machine can mark this; you get another answer to compare yours with.

# %% tags=["exercise"]
training_loss = [1.60, 1.20, 0.90, 0.62, 0.41, 0.25]
validation_loss = [1.50, 1.25, 1.10, 1.08, 1.20, 1.40]
reading = ...
exercises.check("04.4", reading)

# %% [markdown] tags=["slide"]
# ## `evaluate`: once
#
# The last line of the program opened the test set: {{100 * test_accuracy:.1f}} %. (Nothing had been chosen here. Where
# you choose, do it before that line.) How far can you trust the number? The 600 pictures show only
# {{len(set(data.test.objects.tolist()))}} different objects, so think of {{len(set(data.test.objects.tolist()))}}
# questions and not of 600. Which objects the test holds is chance, too. We do not know what that chance does to our number;
# we know it for another network, trained on 600 pictures of 64 by 64 pixels. With ten different choices of the objects it
# got between 51 % and 63 %.
#
# ## Which classes, and which pictures?
#
# To *improve* a program you look at its mistakes, and since you will act on what you see, you look at the validation
# set. A **confusion matrix** counts: rows are the true classes, columns the answers.

# %%
from course_utils import metrics

confusion = metrics.confusion_matrix(data.validation.y, answers, classes=6)

# %% tags=["topic:04.scores", "slide"]
plots.confusion_matrix(
    confusion,
    class_names,
    caption="The numbers count pictures. Right answers lie on the diagonal.",
)

# %%
recall = metrics.per_class_recall(data.validation.y, answers, classes=6)
precision = metrics.per_class_precision(data.validation.y, answers, classes=6)
for name, r, p in zip(class_names, recall, precision, strict=True):
    print(f"{name:10}  recall {r:.2f}  precision {p:.2f}")

# %% [markdown]
# **Recall** reads along a row: of all birds, how many were found? **Precision** reads down a column: of all pictures
# called *bird*, how many are birds?
#
# *What you see.* *{{class_names[int(recall.argmax())].capitalize()}}* is found best, with a recall of
# {{recall.max():.2f}}, and *{{class_names[int(recall.argmin())]}}* worst, with {{recall.min():.2f}}: of
# {{confusion[3].sum()}} pictures of fruit {{confusion[3, 4]}} are called *vegetable*. One accuracy for all six hides that.
# The precision of *fruit* is {{precision[3]:.2f}}, which sounds splendid. But *fruit* was said only
# {{confusion[:, 3].sum()}} times: look at the count before you admire a share.
#
# *Exercise 04.5: recall from a confusion matrix.* Write `per_class_recall(confusion)`. It takes a matrix of counts,
# rows true and columns answered, in which every class occurs, and returns the recall of each class as an array
# `(classes,)`. For the row `[2, 6, 2]` of the second class it is 0.6.


# %% tags=["exercise"]
def per_class_recall(confusion):
    # your lines in the place of the dots
    ...


exercises.check("04.5", per_class_recall)

# %% [markdown]
# Numbers say how often. Pictures can suggest why. Here are the twelve mistakes of which the network was surest.

# %%
wrong = np.flatnonzero(answers != data.validation.y)
sureness = probabilities.max(axis=1)
surest = wrong[np.argsort(-sureness[wrong])][:12]

# %% tags=["topic:04.mistakes", "slide"]
plots.predictions(
    sharp.validation.x[surest],
    data.validation.y[surest],
    probabilities[surest],
    class_names,
    caption="Sure and wrong. What do they have in common?",
)

# %% [markdown]
# *What you see.* Twelve mistakes, but only {{len(set(data.validation.objects[surest].tolist()))}} different objects. One
# koala makes {{int((data.validation.objects[surest] == 55).sum())}} of them, and one magpie
# {{int((data.validation.objects[surest] == 14).sum())}}.
#
# Before you read on: what do *you* think the network goes by? Colour, form, the background? Keep your guess. We
# shall test one part of it below.
#
# ## A look inside
#
# The first convolution makes 32 feature maps. They show where in the picture each kernel answers strongly. A second model
# that begins like the first and ends earlier gives them; you can call a model like a function, on one batch.

# %%
first = model.layers[1]  # layer 0 is Rescaling
to_maps = keras.Model(model.inputs[0], first.output)
maps = to_maps(data.validation.x[10:11]).numpy()[0]  # (30, 30, 32)

variation = maps.std(axis=(0, 1))  # one number for each map
most_varied = np.argsort(-variation)[:5]

# %%
panels = [data.validation.x[10]]
titles = ["the picture"]
for number in most_varied:
    one_map = maps[:, :, number]
    panels.append(np.uint8(255 * one_map / one_map.max()))  # grey, 255 is its strongest
    titles.append(f"kernel {number}")

# %% tags=["topic:04.filters", "slide"]
plots.image_grid(
    panels,
    titles,
    columns=6,
    size=1.8,
    caption="A striped fish, and the five maps that vary most over it. White: a strong answer; black: none.",
)

# %% [markdown]
# *What you see.* Two kernels, 18 and 19, answer to the background, and most of all at the tips of tail and fins. Two, 27
# and 6, answer to the blue stripes, and the last one to the tail and to edges of stripes. It is tempting to give each
# kernel a name, but after one picture that is a guess.

# %% [markdown] tags=["slide"]
# ## Save it, and use it on a photograph
#
# Everything so far lives in this notebook and is gone when it closes. `save` writes layers, weights and the state of the
# optimiser into one file. The names of the classes are not in it, so write them beside it.

# %% tags=["nbval-check-output"]
from pathlib import Path

model.save("classifier.keras")
Path("class_names.txt").write_text("\n".join(class_names), encoding="utf-8")

loaded = keras.models.load_model("classifier.keras")
same = np.array_equal(loaded.predict(data.validation.x, verbose=0), probabilities)
print("the loaded model gives exactly the same probabilities:", same)

# %% [markdown]
# Now a photograph: Chelsea from lesson 00, stored as telephones often store theirs, lying on its side with a note that
# says *turn me*.

# %%
from PIL import Image

note = Image.Exif()
note[0x0112] = 6  # the orientation: turn by a quarter to the right
cat = datasets.load("photographs", quiet=True)["chelsea"]
Image.fromarray(np.rot90(cat)).save("photo.jpg", exif=note, quality=95)

# %% [markdown]
# The next cell is a program of its own. It needs the three files and nothing of this notebook: copied into a new
# notebook beside them, it runs as well. For a photograph of yours, put its name in the place of `photo.jpg`.

# %% tags=["topic:04.save-load", "whole-program", "slide"]
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageOps

loaded = keras.models.load_model("classifier.keras")
names = Path("class_names.txt").read_text(encoding="utf-8").splitlines()

stored = Image.open("photo.jpg")
upright = ImageOps.exif_transpose(stored).convert("RGBA")  # follow the note
white = Image.new("RGBA", upright.size, "white")  # shows where it is transparent
upright = Image.alpha_composite(white, upright).convert("RGB")
small = np.array(ImageOps.fit(upright, (32, 32)))  # its middle, (32, 32, 3)
batch = small[np.newaxis]  # (1, 32, 32, 3), a batch of one picture

six = loaded.predict(batch, verbose=0)[0]
for name, probability in zip(names, six, strict=True):
    print(f"{100 * probability:3.0f} %  {name}")

# %% tags=["slide"]
plots.image_grid(
    [np.array(stored), np.array(upright), small],
    ["as stored", "turned", "its middle, 32 x 32"],
    columns=3,
    size=2.2,
    caption="What has to happen to a photograph before a network may see it.",
)

# %% [markdown]
# *What you see.* The network says *{{names[int(six.argmax())]}}*, with {{100 * six.max():.0f}} %. *Mammal*, which is right,
# gets {{100 * six[1]:.0f}} %. It also calls {{confusion[1, 0]}} of the {{confusion[1].sum()}} mammals among the validation pictures *bird*. And it has
# learned from whole animals, cut out: how well it does on faces that fill the picture, one cat cannot say. Turn, crop, shrink, make a batch: what goes in has to look like the pictures of the training, and
# each step can be forgotten.

# %% [markdown] tags=["topic:04.own-picture", "slide"]
# ## Five mistakes, and four of them are silent
#
# The first is the harmless one, since Keras notices it: the picture goes in without the axis of the batch.

# %%
try:
    loaded(small)
except ValueError as error:
    begin = str(error).find("Expected")
    print(str(error)[begin : begin + 78])  # the part of the message that matters

# %% [markdown]
# (`predict` says the same with a fresh model. With one that has answered a batch before, it says *Cannot take the length of
# shape with unknown rank*. Whenever Keras complains about a *shape*, compare that of your array with the one in `model.summary()`.)
#
# The other four print nothing. People make them every day:
#
# - the model divides by 255, and somebody divides before it as well: *scaled twice*;
# - OpenCV, a popular library, reads pictures with *blue* first: *red and blue swapped*;
# - nobody followed the note of the telephone: *lying on its side*;
# - or the telephone was held the other way: *upside down*.
#
# This function takes a batch of pictures and returns it five times: as it should be, and with each of these four mistakes.


# %% tags=["slide"]
def prepare_in_five_ways(pictures):  # (n, height, width, 3)
    return {
        "as in training": pictures,
        "scaled twice": pictures / 255,  # the model will divide once more
        "red and blue swapped": pictures[:, :, :, ::-1],  # the three colours backwards
        "lying on its side": np.rot90(pictures, 1, axes=(1, 2)),  # one quarter turn
        "upside down": np.rot90(pictures, 2, axes=(1, 2)),  # two quarter turns
    }


# %%
fish = data.validation.x[10:11]  # a batch of one
titles, panels = [], []
for mistake, prepared in prepare_in_five_ways(fish).items():
    row = loaded(prepared).numpy()[0]  # six probabilities
    titles.append(f"{mistake}\n{names[row.argmax()]} {100 * row.max():.0f} %")
    panels.append(prepared[0].astype("uint8"))

# %% tags=["slide"]
plots.image_grid(
    panels,
    titles,
    columns=5,
    size=1.8,
    caption="The striped fish, prepared in five ways, and what the network says.",
)

# %% [markdown]
# We chose this fish because it shows the differences clearly, so it proves little. What do the mistakes cost over all
# 600 validation pictures?

# %%
quizzes.predict("04.p2", ...)

# %%
costs, said = {}, {}
for mistake, pictures in prepare_in_five_ways(data.validation.x).items():
    said[mistake] = loaded.predict(pictures, verbose=0).argmax(axis=1)
    costs[mistake] = float(np.mean(said[mistake] == data.validation.y))

# %% tags=["slide"]
plots.bars(
    costs,
    label="accuracy on the validation pictures",
    chance=1 / 6,
    caption="One network, the same 600 pictures, prepared in five ways.",
)

# %%
quizzes.verdict("04.p2")

# %% [markdown]
# *What you see.* Scaled twice: {{100 * costs["scaled twice"]:.0f}} %, since all pictures are nearly black and get the same
# answer. Red and blue swapped: {{100 * costs["red and blue swapped"]:.0f}} %, hardly more than guessing would get. It does
# not guess, though: {{int((said["red and blue swapped"] == 2).sum())}} of the 600 are called *sea animal*, where it had been
# {{int((said["as in training"] == 2).sum())}}. But of pictures that lie on their side the network still gets
# {{100 * costs["lying on its side"]:.0f}} % right, and upside down {{100 * costs["upside down"]:.0f}} %, where it had
# {{100 * costs["as in training"]:.0f}} %.
#
# So, on average over the six classes, this network cares little which side is up, and much about colour: of the object, of
# the background, or of both, since we changed them together. Form and background alone we have not tested.
#
# Is it a law? Here is the same network, trained on the ten drawn shapes of lesson 00.

# %%
quizzes.predict("04.p3", ...)

# %%
from course_utils import recorded

kinds = recorded.show("04_mistakes").figures
both = {}
for mistake in kinds["shapes"]:
    both[mistake] = {kind: float(np.mean(kinds[kind][mistake])) for kind in kinds}

# %% tags=["slide"]
plots.bars(
    both,
    label="accuracy on test pictures, mean of three runs",
    caption="The same mistakes on two kinds of pictures. Guessing: 0.167 and 0.1.",
)

# %%
quizzes.verdict("04.p3")

# %% [markdown]
# *What you see.* With shapes it is the other way round. Swapped colours take {{both["as in training"]["shapes"]:.2f}} to
# {{both["red and blue swapped"]["shapes"]:.2f}}; pictures that lie on their side take it to
# {{both["lying on its side"]["shapes"]:.2f}}, and upside down to {{both["upside down"]["shapes"]:.2f}}. So a program that works on one kind of
# pictures may carry a mistake that ruins the next.
#
# How do you catch a mistake that prints nothing? Save one training picture with Pillow as a PNG file, which keeps every pixel, and
# send it through the whole path, from the file to the answer. The answer must be the one that `model.predict` gives for
# the array. Such a file has no note about turning, so take one photograph with your telephone as well, and look at what
# the network gets.
#
# *Exercise 04.6: mend it.* This function is meant to say what is in one picture that OpenCV has read: uint8,
# `(height, width, 3)`, *blue first*. Its model does *not* divide by itself: it was trained on RGB pictures with values
# from 0 to 1. Height and width are right. There are three faults, and one of them has to be mended in two places: where
# the picture goes in, and where the answer comes out. It returns a pair of the class name and its probability, such as
# `("blue", 0.83)`.
#
# ```python
# def predict_one(model, picture, class_names):
#     probabilities = model.predict(picture.astype("float32"), verbose=0)
#     best = np.argmax(probabilities)
#     return class_names[best], float(probabilities[best])
# ```


# %% tags=["exercise"]
def predict_one(model, picture, class_names):
    # your lines in the place of the dots
    ...


exercises.check("04.6", predict_one)

# %% [markdown]
# *Exercise 04.7: which mistake was it?* Four colleagues ask for help with networks like ours. What should each of them look at
# first? Choose `"scaled twice"`, `"red and blue swapped"`, `"lying on its side"`, `"batch axis missing"`.

# %% tags=["exercise"]
reports = {
    "It stops and says: Expected shape (None, 32, 32, 3), but input has incompatible shape (32, 32, 3)": ...,
    "Every photograph gets the same answer, with nearly the same probability": ...,
    "It was fine on cutouts read with Pillow; since they are read with OpenCV, it finds sea animals everywhere": ...,
    "On drawn shapes only the pictures from a telephone go wrong, arrows and triangles above all": ...,
}
exercises.check("04.7", reports)

# %% [markdown] tags=["topic:04.programs", "slide"]
# ## Programs A, B and C: what do they really reach?
#
# The three small programs that tutorials print are A and B from above, and C, which you have just trained on other
# pictures. We ran each from {{runs}} seeds: ten epochs in batches of 32; the validation set chose the epoch, and only the weights of
# that epoch met the test set, once in each run. A sees Fashion-MNIST, grey pictures of clothes; B and C see CIFAR-10, small
# colour photographs of animals and vehicles (a copy stored as JPEG). A run takes minutes, so this is a record.

# %%
programs = recorded.show("04_programs").figures
accuracies = {
    f"program {name}": float(np.mean(programs[name]["test"])) for name in programs
}
intervals = {f"program {name}": tuple(programs[name]["interval"]) for name in programs}
runs = len(programs["A"]["test"])
for name, run in programs.items():
    each = ", ".join(f"{accuracy:.3f}" for accuracy in run["test"])
    print(f"program {name}: {run['parameters']:7,} parameters, test accuracy {each}")

# %% tags=["slide"]
plots.bars(
    accuracies,
    label="test accuracy",
    intervals=intervals,
    chance=0.1,
    caption=f"Mean of {runs} runs. Lines: 95 % interval, from runs and test pictures.",
)

# %% [markdown]
# *What you see.* A gets {{100 * accuracies["program A"]:.1f}} % of the clothes. B gets
# {{100 * accuracies["program B"]:.1f}} % and C {{100 * accuracies["program C"]:.1f}} % of the photographs. (The black lines say how far chance may have
# moved each mean: of a hundred such lines, about 95 hold the true one.) Which of these two is better,
# {{runs}} runs of each cannot say: that takes more runs, and their differences on the same test pictures. But C does it with
# {{programs["C"]["parameters"]:,}} parameters instead of {{programs["B"]["parameters"]:,}}, for two reasons: a third convolution makes
# the maps smaller before `Flatten`, and the dense layer has 64 units instead of 128. The recipe at the end of lesson 05 takes the layers of C to nearly four fifths, with the same pictures.

# %% [markdown]
# **Run one yourself.** `course data fetch cifar10` in a terminal brings CIFAR-10 once. Then a new cell with these lines
# trains program B; with `models.program_c()` it is C. They keep the last epoch; our record kept the best.
#
# ```python
# from course_utils import models
#
# photos = datasets.load("cifar10")
# program_b = models.program_b()  # the lines of program A, for 32 x 32 x 3 and Dense(128)
# program_b.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
# program_b.fit(photos.train.x, photos.train.y, batch_size=32, epochs=10, verbose=2,
#               validation_data=(photos.validation.x, photos.validation.y))
# program_b.evaluate(photos.test.x, photos.test.y, verbose=2)  # at the very end
# ```

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Write the whole program first, short, and let it print one number. Improve afterwards.
# - Where several pictures show the same object, person or film, keep them in one part. Choose by the validation set, open the test set once.
# - Scale inside the model. Look at `y_train.shape` and take the loss that fits.
# - Look at both curves, at the confusion matrix, and at the mistakes the network was surest of.
# - Save model and class names, load them, and compare the answers.
# - Before you believe an answer about your own photograph, send a training picture along the same path, as PNG.

# %% [markdown]
# Check yourself: put a letter, several, or a number in the place of the dots.

# %%
quizzes.ask("04.q1")
quizzes.answer("04.q1", ...)

# %%
quizzes.ask("04.q2")
quizzes.answer("04.q2", ...)

# %%
quizzes.ask("04.q3")
quizzes.answer("04.q3", ...)

# %%
quizzes.ask("04.q4")
quizzes.answer("04.q4", ...)

# %%
quizzes.ask("04.q5")
quizzes.answer("04.q5", ...)

# %% [markdown]
# And what this lesson asserts, beside what was measured, by your run or by a record:

# %%
from course_utils import claims

claims.review("04")

# %% [markdown]
# ## To take home
#
# A complete program for a folder of your own, with a network like that of this lesson, only smaller, so that it trains fast.
# It needs Keras with TensorFlow, NumPy and Pillow, and nothing of this course. The folder has two parts, `train` and `test`,
# and in each of them one subfolder for each class. Where a PNG picture is transparent, it is read as white. So that there is something to read here, the next cell writes our cutouts into such a
# folder; for your own, change `folder`.

# %%
# our own test set stays closed: the validation pictures take its place here
for part, split in {"train": data.train, "test": data.validation}.items():
    for place in range(len(split.x)):
        subfolder = Path("example_cutouts") / part / names[split.y[place]]
        subfolder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(split.x[place]).save(subfolder / f"{place}.png")

# %% tags=["take-home"]
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageOps

folder = Path("example_cutouts")  # with train and test; in each, a subfolder a class
names = sorted(path.name for path in folder.glob("train/[!.]*") if path.is_dir())
own_x, own_y = {"train": [], "test": []}, {"train": [], "test": []}
for path in sorted(folder.glob("*/[!.]*/*")):  # [!.]: not what begins with a point
    if path.suffix.lower() in (".jpg", ".jpeg", ".png"):
        upright = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
        white = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(white, upright).convert("RGB")
        own_x[path.parts[-3]].append(np.array(ImageOps.fit(upright, (32, 32))))
        own_y[path.parts[-3]].append(names.index(path.parent.name))
print({part: len(there) for part, there in own_y.items()}, names)
keras.utils.set_random_seed(0)
net = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Rescaling(1 / 255)])
for filters in (16, 32, 64):
    net.add(keras.layers.Conv2D(filters, 3, activation="relu"))
    net.add(keras.layers.MaxPooling2D(2))
net.add(keras.layers.Flatten())
net.add(keras.layers.Dense(len(names), activation="softmax"))
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(np.array(own_x["train"]), np.array(own_y["train"]), epochs=8, verbose=2)
print("test:")
own_test = net.evaluate(np.array(own_x["test"]), np.array(own_y["test"]), verbose=2)
Path("my_names.txt").write_text("\n".join(names), encoding="utf-8")
net.save("my_classifier.keras")

# %% [markdown]
# *What you see.* {{100 * own_test[1]:.0f}} % of the {{len(own_y["test"])}} test pictures, where guessing would get {{100 / len(names):.0f}} %, and every object of the test is new to
# the network. To ask it about one photograph, take the program of
# *Save it, and use it on a photograph*, with these two file names.
# (Outside this course TensorFlow prints some lines when it starts; without a graphics card one of them looks like an error.)
#
# The program chooses nothing, so two parts are enough; as soon as you compare two networks or numbers of epochs, make a
# third. Put pictures of the same thing in the same part. If you have few pictures, a network that is already trained, such as that
# of [lesson 00](00_start_here.ipynb), often gets further than one from scratch; [lesson 06](06_transfer_learning.ipynb) shows how. Lesson 05 has other remedies.

# %% [markdown]
# ## What stays open
#
# The training curve runs away from the validation curve. What helps? That is
# [lesson 05](05_overfitting_and_augmentation.ipynb). And if fifty pictures are all you have,
# [lesson 06](06_transfer_learning.ipynb) starts from a network that has seen a million photographs.

# %% [markdown]
# ## Further: a class, callbacks, TensorBoard, an interruption
#
# You will need nothing of this soon. Come back when a training takes longer than a cup of coffee.
#
# The third form of a model is a **subclassed** one: `__init__` makes the layers, `call` says what happens to a batch.


# %% tags=["topic:04.subclassing", "nbval-check-output"]
class AsClass(keras.Model):
    def __init__(self):
        super().__init__()
        self.scale = layers.Rescaling(1 / 255)
        self.first = layers.Conv2D(16, 3, activation="relu")
        self.pool = layers.GlobalMaxPooling2D()
        self.last = layers.Dense(6, activation="softmax")

    def call(self, pictures):
        return self.last(self.pool(self.first(self.scale(pictures))))


few_x, few_y = data.train.x[:96], data.train.y[:96]
print(AsClass()(few_x[:50]).shape)  # called like every model, on a batch

# %% [markdown]
# The price: Keras does not know the shapes before the first batch, and a saved file opens only where the code of the class
# has been imported. Take the first form that does what you need.
#
# A **callback** is an object whose methods `fit` calls along the way. `EarlyStopping` ends a training when the validation
# loss has not improved for some epochs; with `restore_best_weights=True` it then goes back to the best weights.
# `ModelCheckpoint` writes the model to a file, with `save_best_only=True` only when it has improved. `TensorBoard` writes
# the curves for a browser.

# %% tags=["topic:04.callbacks"]
import tempfile

place_for_files = Path(tempfile.mkdtemp())
callbacks = [
    keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True),
    keras.callbacks.ModelCheckpoint(
        place_for_files / "best.keras", save_best_only=True
    ),
    keras.callbacks.TensorBoard(place_for_files / "events"),
]

# %% tags=["topic:04.tensorboard"]
keras.utils.set_random_seed(0)
stopped = keras.models.clone_model(loaded)  # the same layers, new random weights
stopped.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
few_others = (data.validation.x[:100], data.validation.y[:100])
stopped_history = stopped.fit(
    few_x,
    few_y,
    epochs=30,
    validation_data=few_others,
    callbacks=callbacks,
    verbose=0,
)
losses = stopped_history.history["val_loss"]
print(f"ended after {len(losses)} of 30 epochs; best was {np.argmin(losses) + 1}")
print("best.keras is there:", (place_for_files / "best.keras").is_file())
print("events:", sorted(path.name for path in (place_for_files / "events").iterdir()))

# %% [markdown]
# `tensorboard --logdir FOLDER` in a terminal, with the folder of the events, draws the curves while the training runs.
#
# What if the power fails? `BackupAndRestore` writes weights, optimiser and epoch to a folder after each epoch, and the next
# `fit` with the same folder goes on from there. To try it without pulling the plug, a callback of our own raises
# `KeyboardInterrupt`, as the stop button does.


# %%
class PowerCut(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:  # the third: epochs are counted from 0
            raise KeyboardInterrupt


# %% tags=["topic:04.interruption"]
unlucky = keras.models.clone_model(loaded)
unlucky.compile("adam", "sparse_categorical_crossentropy")
backup = keras.callbacks.BackupAndRestore(place_for_files / "backup")
try:
    unlucky.fit(few_x, few_y, epochs=4, callbacks=[backup, PowerCut()], verbose=0)
except KeyboardInterrupt:
    print("interrupted at the beginning of the third epoch")

gone_on = keras.models.clone_model(loaded)  # other weights, as after a new start
gone_on.compile("adam", "sparse_categorical_crossentropy")
backup = keras.callbacks.BackupAndRestore(place_for_files / "backup")
rest = gone_on.fit(few_x, few_y, epochs=4, callbacks=[backup], verbose=0)
print("epochs of the second fit:", [epoch + 1 for epoch in rest.epoch])

# %% [markdown]
# *What you see.* The second `fit` did the two epochs that were missing.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("04")
