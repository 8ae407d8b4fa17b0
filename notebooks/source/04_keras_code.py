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

# %% [markdown]
# # The complete program in Keras
#
# This lesson is one program from beginning to end: load pictures, build a model, train it, measure it, look into it,
# save it, and use it on a picture of your own. The models are the small networks that countless tutorials print, A and
# B below. We keep their layers and put right three habits that such tutorials spread.
#
# **After this notebook you can**
#
# - *build* a model in Keras with the Sequential and with the functional form, and *count* its parameters by hand;
# - *choose* the loss that fits the labels, and *scale* pixels without wasting memory;
# - *train* with three separate splits, and *read* learning curves, a confusion matrix and per-class scores;
# - *look* at kernels, feature maps and mistakes;
# - *save*, *load* and *use* a model on a picture, and *recognise* the mistakes people make there.
#
# **What to know first:** lesson 00. Lessons 02 and 03 explain what happens inside the layers; you can read them before
# or after.
#
# **Minutes:** to run, 1 in the smoke profile, 2 in quick, 25 in full. To study, 90; to teach, 120.

# %%
import tempfile
from pathlib import Path

import numpy as np

from course_utils import startup

startup.load_keras()

# %%
import keras
from keras import layers
from PIL import Image

from course_utils import (
    claims,
    datasets,
    exercises,
    metrics,
    plots,
    profiles,
    progress,
    quizzes,
    recorded,
    training,
)

# %% [markdown]
# The parameters; the third is for later, when you have a picture of your own.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of three seeds
my_picture: str = ""  # path of a picture of your own, such as "holiday.jpg"

# %%
keras.utils.set_random_seed(seed)
claims.begin("04", profile=profile, defaults=seed == 0)
seeds = [seed, seed + 1, seed + 2]

# %% [markdown]
# ## Load, look, preprocess
#
# Program A reads grey pictures of 28 by 28 pixels, program B colour pictures of 32 by 32. In the quick profile both get
# `shapes`, drawn in the size that they need. In the full profile A gets Fashion-MNIST, pictures of clothes, and B gets
# CIFAR-10, photographs of animals and vehicles.

# %%
amount = profiles.choose(
    profile, smoke=200, quick=4000, full=None
)  # None takes all there are
if profile == "full":
    data_a, data_b = datasets.load("fashion_mnist"), datasets.load("cifar10")
else:
    data_a = datasets.load(
        "shapes", train=amount, validation=1000, test=1000, size=28, channels=1
    )
    data_b = datasets.load("shapes", train=amount, validation=1000, test=1000)
print("A:", data_a.train.x.shape, data_a.train.x.dtype, data_a.train.y.shape)
print("B:", data_b.train.x.shape, data_b.train.x.dtype, data_b.train.y.shape)

# %% [markdown]
# Pictures arrive as `uint8`, one byte for each number from 0 to 255. Labels are integers of shape `(n,)`. Three splits
# keep three jobs apart: training, choosing, and measuring once.

# %%
names = [data_b.class_names[label] for label in data_b.train.y[:20]]
plots.image_grid(
    data_b.train.x[:20],
    names,
    caption="Pictures for program B. Look at them before you train.",
)

# %% [markdown]
# Networks train better on small numbers, so pixels are divided by 255. The usual line for that is
# `x_train / 255.0`.
#
# *Predict first.* How much memory does the result take, compared with `x_train` itself: (a) as much, (b) four times as
# much, or (c) eight times?

# %% tags=["nbval-check-output"]
images = data_b.train.x[:100]
for label, scaled in (
    ("images / 255.0", images / 255.0),
    ("images / np.float32(255)", images / np.float32(255)),
):
    print(
        f"{label:26} {scaled.dtype}  {scaled.nbytes / images.nbytes:.0f} times the memory"
    )

# %% [markdown]
# *What you see.* NumPy turns a byte divided by a Python float into `float64`.
#
# > **Often said, not so:** *training data / 255.0 is how to prepare images.* It takes eight times the memory, and Keras
# > converts it to `float32` afterwards. On CIFAR-10 that is 1.2 GB instead of 154 MB. Keep the bytes, and let the first
# > layer of the model scale each batch. Then the model also cannot be used without its preprocessing, which is a
# > common mistake when it comes to using it.

# %% [markdown]
# *Exercise 04.1: pixels to float32.* Write `preprocess(images)`. It takes images as uint8, of any shape `(n, height,
# width, channels)`, and returns an array of the same shape, float32, with values between 0 and 1. *Example:* a pixel
# of 51 becomes 0.2. The input stays as it is.


# %% tags=["exercise"]
def preprocess(images):
    # your lines in the place of the dots
    ...


exercises.check("04.1", preprocess)

# %% [markdown]
# ## Build: programs A and B
#
# A **Sequential** model is a list of layers; each takes what the one before it gives. Program A has two convolutions
# with pooling, then two dense layers. `Input` says what one picture looks like, and the scaling stands inside.


# %% tags=["defines:models.program_a"]
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


# %% [markdown]
# Program B differs in the size of its pictures and in the width of one dense layer. We write it in the **functional**
# form: each layer is called on a **tensor**, an array with any number of axes, and gives a tensor. It says the same
# here; for
# models with branches, which come in lesson 06, Sequential no longer fits.

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
model_a = program_a()
print(f"parameters: A {model_a.count_params():,}, B {model_b.count_params():,}")

# %% [markdown]
# *Exercise 04.2: parameters of a dense layer by hand.* Program B takes images of 32 x 32 x 3: convolution 32 3x3, max
# pooling 2, convolution 64 3x3, max pooling 2, flatten, dense 128, dense 10. The convolutions have no padding. Compute
# `dense_parameters`, the number of parameters, weights and biases, of the layer *dense 128*, from the shapes; a formula
# is as good as a number. *Example:* the layer *dense 10* has 128 x 10 + 10 = 1,290. Compute it before you run the
# next cells, which give
# it away.

# %% tags=["exercise"]
dense_parameters = ...
exercises.check("04.2", dense_parameters)

# %% [markdown]
# Where are they? A convolution has one small kernel for each pair of an input and an output channel; a dense layer
# has one
# weight for every pair of numbers. Pooling and flatten have none; but pooling makes the maps smaller, so that the dense
# layer after flatten needs fewer weights. The work is another matter: a kernel's weights are used again at every
# position.

# %% tags=["nbval-check-output"]
convolutions = [
    (layer, layer.output.shape[1] * layer.output.shape[2])
    for layer in model_b.layers
    if "conv" in layer.name
]
dense = [(layer, 1) for layer in model_b.layers if "dense" in layer.name]
for layer, positions in convolutions + dense:
    multiply_adds = int(np.prod(layer.kernel.shape)) * positions
    print(
        f"{layer.count_params():8,} parameters  {multiply_adds:10,} multiply-adds  kernel {layer.kernel.shape}"
    )

# %% [markdown]
# > **Often said, not so:** *a CNN is cheap because it has few parameters.* In program B one dense layer holds 295,040
# > of the 315,722 parameters, while the two convolutions do nine tenths of the multiply-adds. Parameters cost memory
# > in the file, multiply-adds mostly cost time, and the two sit in different places.

# %%
dense_share = model_b.layers[-2].count_params() / model_b.count_params()
work = [
    int(np.prod(layer.kernel.shape)) * positions
    for layer, positions in convolutions + dense
]
claims.claim(
    "04.c1",
    "Most parameters of program B are in one dense layer.",
    measured=[dense_share],
    at_least=0.9,
)
claims.claim(
    "04.c2",
    "Most multiply-adds of program B are in its two convolutions.",
    measured=[sum(work[:2]) / sum(work)],
    at_least=0.9,
)

# %% [markdown]
# *Exercise 04.3: a functional model.* Write `build_model(classes)`. It returns a Keras model for RGB images that are
# 24 pixels high and 40 wide, with at least one convolution, and gives the probability of each class: outputs of shape
# `(batch, classes)` that add up to 1 for each image. Compiling it is not asked for. *Example:*
# `build_model(7).output_shape` is `(None, 7)`.


# %% tags=["exercise"]
def build_model(classes):
    # your lines in the place of the dots
    ...


exercises.check("04.3", build_model)

# %% [markdown]
# ## Compile: the loss that fits the labels
#
# Our labels are integers. Many programs first turn them into rows with a single 1, the **one-hot** form, and use
# `categorical_crossentropy`. Others use `sparse_categorical_crossentropy` on the integers. Which one is better?

# %% tags=["nbval-check-output"]
probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]], dtype="float32")
integers = np.array([0, 1])
one_hot = keras.utils.to_categorical(integers, 3)  # [[1, 0, 0], [0, 1, 0]]
print(
    "sparse, integers:  ",
    np.round(keras.losses.sparse_categorical_crossentropy(integers, probabilities), 4),
)
print(
    "categorical, rows: ",
    np.round(keras.losses.categorical_crossentropy(one_hot, probabilities), 4),
)

# %% [markdown]
# *What you see.* The same numbers: minus the natural logarithm of the probability of the right class. The two
# functions differ
# in the form of the labels that they take, and in nothing else. With integers, the sparse form saves the rows.
#
# > **Often said, not so:** *use categorical_crossentropy, whatever the labels.* With integer labels it stops with an
# > error
# > about the rank of the arrays. With a single output it only warns, and the loss is zero whatever the model says.

# %%
for model in (model_a, model_b):
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )

# %% [markdown]
# ## Train and measure
#
# Batches of 32 and Adam, as the programs prescribe, for five epochs in quick and ten in full. The validation images
# tell us
# after each epoch how the model does on pictures that it does not learn from.

# %%
epochs = profiles.choose(profile, smoke=1, quick=5, full=10)
training.reset(model_b, seed=seed)
history = model_b.fit(
    data_b.train.x, data_b.train.y, validation_data=(data_b.validation.x, data_b.validation.y),
    batch_size=32, epochs=epochs, verbose=0,
)  # fmt: skip
plots.learning_curves(
    history.history,
    caption="Program B. Compare the two curves of each panel, not only their height.",
)

# %% [markdown]
# *What you see.* Both losses fall, the training loss faster in the end: where it leaves the validation loss behind,
# the model
# has begun to learn its own pictures by heart. (At first the training figures look worse, since they are averaged over an
# epoch in which the model still improves.) Lesson 05 lets this go on, measures it, and says what helps.
#
# One run tells little. Both programs are now trained from three seeds. Which epoch should we keep? The validation set
# says: `EarlyStopping` ends the training when three epochs in a row bring no better validation accuracy, and goes back
# to the best one. Only then, with nothing left to choose, is the test set opened.


# %%
def train_and_test(model, data, seed):
    training.reset(model, seed=seed)
    best_epoch = keras.callbacks.EarlyStopping(
        monitor="val_accuracy", patience=3, restore_best_weights=True
    )
    model.fit(
        data.train.x, data.train.y, validation_data=(data.validation.x, data.validation.y),
        batch_size=32, epochs=epochs, callbacks=[best_epoch], verbose=0,
    )  # fmt: skip
    return model.evaluate(data.test.x, data.test.y, verbose=0)[1]


# %% [markdown]
# Three seeds, the same for both programs. The weights of program B are kept for the last section.

# %%
accuracies, weights_b = {"program A": [], "program B": []}, []
for current in seeds:
    accuracies["program A"].append(train_and_test(model_a, data_a, current))
    accuracies["program B"].append(train_and_test(model_b, data_b, current))
    weights_b.append(model_b.get_weights())
plots.comparison(
    accuracies,
    label="test accuracy",
    chance=0.1,
    caption="Three runs each. The two programs see different pictures: compare the dots within a row, not the rows.",
)

# %%
claims.claim(
    "04.c3",
    "Programs A and B are right at least five times as often as guessing.",
    measured=[value / 0.1 for values in accuracies.values() for value in values],
    at_least=5,
    unit="times",
)

# %% [markdown]
# The full profile runs the same cells on the benchmarks. These are the figures of such a run, with all training images
# but the 5,000 of the validation set.

# %%
if profile == "full":
    data_names = f"{data_a.card.label} (A), {data_b.card.label} (B)"
    recorded.save("04_programs", accuracies, data=data_names, seeds=seeds)
earlier = recorded.load("04_programs")
print(earlier)
for name, values in earlier.figures.items():
    print(name, [f"{100 * value:.1f} %" for value in values])

# %% [markdown]
# > **Often said, not so:** *pass the test set as `validation_data`.* Then every choice you make while looking at the
# > curves, when to stop, which width to take, is made on the test set, and its figure is too good. Keep three splits.

# %% [markdown]
# ## Look at the mistakes
#
# Accuracy is an average. (What follows looks at test pictures, and is allowed to because nothing is changed
# afterwards. To
# improve a model, look at the mistakes on the validation set.) The figures are those of the network trained last.
# Which classes does program B find, and which does it confuse? **Recall** is the share of a
# class's pictures that were found; **precision** is the share of right ones among the pictures given that name.

# %%
probabilities_b = model_b.predict(data_b.test.x, verbose=0)
answers = probabilities_b.argmax(axis=1)
scores = {
    "recall": metrics.per_class_recall(data_b.test.y, answers, classes=10),
    "precision": metrics.per_class_precision(data_b.test.y, answers, classes=10),
}
plots.per_class_scores(
    scores,
    data_b.class_names,
    caption="A class can be found often and still be named too often.",
)

# %%
counts = metrics.confusion_matrix(data_b.test.y, answers, classes=10)
plots.confusion_matrix(
    counts, data_b.class_names, caption="Rows are true classes, columns are answers."
)

# %% [markdown]
# *What you see.* A class with a low recall is often missed, and its row says what it is taken for; a class with a low
# precision attracts others, and its column says which. With 100 pictures a class, as in quick, a score can move by
# several
# points from one test set to another. Behind each number there are pictures.

# %%
wrong = np.flatnonzero(answers != data_b.test.y)[:12]
plots.predictions(
    data_b.test.x[wrong],
    data_b.test.y[wrong],
    probabilities_b[wrong],
    data_b.class_names,
    caption="Twelve mistakes. Which are explained by the form, and which would you not have made?",
)

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
# ## Look inside
#
# What has the first convolution learned? Its 32 kernels are 3 by 3 weights for each colour channel; drawn as small
# pictures, they hint at the patch that each one answers to.

# %%
kernels = model_b.layers[2].kernel.numpy()  # (3, 3, 3, 32)
plots.filters(
    kernels,
    caption="The kernels of the first convolution. Most look random; can you find one with a light and a dark side?",
)

# %% [markdown]
# A **feature map** is the answer of one kernel at every position. A second model that shares the layers of the first
# and ends earlier gives the maps for a picture.

# %%
first_layers = keras.Model(model_b.input, model_b.layers[2].output)
maps = keras.ops.convert_to_numpy(first_layers(data_b.test.x[:1]))  # (1, 30, 30, 32)
plots.image_grid(
    data_b.test.x[:1],
    [data_b.class_names[data_b.test.y[0]]],
    size=1.3,
    caption="The picture that goes in.",
)

# %%
plots.feature_maps(
    maps[0],
    columns=8,
    caption="Its 32 feature maps: the same scene, seen by 32 kernels.",
)

# %% [markdown]
# *What you see.* So small a kernel tells the eye little; the maps tell more. They keep the layout of the picture.
# Many light
# up at an edge on one side, a few at whole bright areas, and some stay dark: for this picture those kernels give nothing.
#
# > **Often said, not so:** *each kernel looks for a thing that one can name.* A few do. Most maps mix several things,
# > and a name
# > given after looking at one picture is a guess.

# %% [markdown]
# ## Save, load, use
#
# One file holds the architecture, the weights and the state of the optimiser. A model that was loaded again must give
# the same answers; we check.

# %%
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "program_b.keras"
    model_b.save(file)
    print(f"{file.name}: {file.stat().st_size / 1e6:.1f} MB")
    loaded = keras.models.load_model(file)
again = keras.ops.convert_to_numpy(loaded(data_b.test.x[:100]))
differences = [float(np.abs(again - probabilities_b[:100]).max())]
claims.claim(
    "04.c4",
    "A reloaded model gives the same probabilities.",
    measured=differences,
    at_most=1e-5,
)

# %% [markdown]
# Now a picture of your own. Put its path into the parameter `my_picture`; without one, an enlarged test picture stands
# in. Program B knows its ten classes only: it will find one of them in any holiday photograph, so take a picture of
# one of
# them, cut to a square. Telephones store the turn of a picture beside it; `ImageOps.exif_transpose` applies it. The
# picture
# must become what the model was trained on: RGB, 32 by 32, values from 0 to 255, and a batch of one.

# %%
stand_in = Image.fromarray(data_b.test.x[0]).resize((300, 300))
picture = Image.open(my_picture) if my_picture else stand_in
small = picture.convert("RGB").resize((32, 32))
ready = np.asarray(small)[np.newaxis]  # (1, 32, 32, 3), uint8
answer = model_b.predict(ready, verbose=0)[0]
print(data_b.class_names[answer.argmax()], f"{100 * answer.max():.0f} %")

# %% [markdown]
# Three mistakes are made at this point again and again: OpenCV reads blue first; old scripts divide by 255 what the model
# divides already; a stored turn is ignored. None of them raises an error. What do they cost?
#
# *Predict first.* Which costs most: (a) red and blue swapped, (b) values scaled to 0..1 for a model that scales itself,
# (c) the picture upside down?

# %%
prepared = {
    "as it should be": data_b.test.x,
    "red and blue swapped": data_b.test.x[..., ::-1],
    "scaled twice": data_b.test.x / np.float32(255),
    "upside down": data_b.test.x[:, ::-1],
}
mistaken, named = {name: [] for name in prepared}, []
for weights in weights_b:  # the three networks trained above
    model_b.set_weights(weights)
    for name, images in prepared.items():
        mistaken[name].append(model_b.evaluate(images, data_b.test.y, verbose=0)[1])
    dark = model_b.predict(prepared["scaled twice"], verbose=0)
    named.append(len(np.unique(dark.argmax(axis=1))))
print("classes named when scaled twice:", named)
plots.comparison(
    mistaken,
    label="test accuracy of program B",
    chance=0.1,
    caption="The same three networks, fed in four ways.",
)

# %%
claims.claim(
    "04.c5", "Scaling twice brings program B down to at most twice the accuracy of guessing.",
    measured=mistaken["scaled twice"], at_most=0.2,
)  # fmt: skip

# %% [markdown]
# *What you see.* Scaled twice, every picture is nearly black, and accuracy falls to about that of guessing; the
# printed line
# says how many of the ten classes are still named. Upside down costs much on `shapes`. Red and blue swapped cost next to
# nothing there, likely because no class has a colour of its own; where colour tells classes apart, expect otherwise.
# There
# was no error and no warning in any of the three.

# %% [markdown]
# *Exercise 04.5: predict one picture.* The function below is meant to say what is in one picture that OpenCV has
# read: uint8, `(height, width, 3)`, blue first. This model, unlike program B, does not scale: it was trained on
# batches of RGB
# pictures with values from 0 to 1. The picture already has the right height and width. The function has three faults, and
# mending one of them changes the shape of the answer too. Mend it: it returns a pair of the class name (str) and its
# probability (float).
#
# ```python
# def predict_one(model, picture, class_names):
#     probabilities = model.predict(picture.astype("float32"), verbose=0)
#     best = np.argmax(probabilities)
#     return class_names[best], float(probabilities[best])
# ```
#
# Write the mended function in the place of `...`. *Example of a result:* `("blue", 0.83)`.


# %% tags=["exercise"]
def predict_one(model, picture, class_names):
    # your lines in the place of the dots
    ...


exercises.check("04.5", predict_one)

# %% [markdown]
# *Exercise 04.6: read the learning curves.* A model was trained for six epochs, once. Its losses stand in the cell.
# Write two or three sentences in `reading`: what the losses show, after which epoch you would stop and why, and what
# they do not show. No machine can mark this; when you have written your answer, you get another to compare it with.

# %% tags=["exercise"]
training_loss = [1.60, 1.20, 0.90, 0.62, 0.41, 0.25]
validation_loss = [1.50, 1.25, 1.10, 1.08, 1.20, 1.40]
reading = ...
exercises.check("04.6", reading)

# %% [markdown]
# ## Summary and self-check
#
# You built program A in the Sequential and program B in the functional form and found where their parameters and their
# work sit. You kept pixels as bytes and let the model scale them, and took the loss that fits integer labels. You
# trained on one split, watched another, and opened the third at the end, three times over. You read curves, scores, a
# confusion matrix, kernels and maps. And you saved, loaded and used a model, and saw one silent mistake destroy it.

# %% [markdown]
# Five questions on the whole lesson. The first is about the labels.

# %%
quizzes.ask("04.q1")
quizzes.answer("04.q1", ...)

# %% [markdown]
# Where do the parameters sit?

# %%
quizzes.ask("04.q2")
quizzes.answer("04.q2", ...)

# %% [markdown]
# More than one answer may be right here.

# %%
quizzes.ask("04.q3")
quizzes.answer("04.q3", ...)

# %% [markdown]
# Now a number.

# %%
quizzes.ask("04.q4")
quizzes.answer("04.q4", ...)

# %% [markdown]
# And the curves once more.

# %%
quizzes.ask("04.q5")
quizzes.answer("04.q5", ...)

# %% [markdown]
# What stays open: at the end the training loss of program B falls faster than its validation loss. Where that leads, and
# which remedies help, is the subject of [lesson 05](05_overfitting_and_augmentation.ipynb). The
# [Keras documentation of `fit`](https://keras.io/api/models/model_training_apis/) lists every argument that this lesson
# left at its default.

# %% tags=["nbval-check-output"]
progress.show("04")
