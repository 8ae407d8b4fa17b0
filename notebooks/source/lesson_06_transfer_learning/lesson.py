# ---
# jupyter:
#   course_profiles:
#     full:
#       new_pictures: 600
#       pictures: 50
#     smoke:
#       new_pictures: 24
#       pictures: 12
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
# # How far do fifty photographs take you?
#
# You have a camera, an afternoon, and fifty photographs: eight or nine of each of six kinds of things. Everybody says that
# deep learning needs millions. Does it?

# %% tags=["parameters"]
pictures: int = 50  # to learn from
new_pictures: int = 300  # to judge by

# %% tags=["slide"]
from course_utils import datasets, plots, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

data = datasets.load(
    "cutouts", train=pictures, validation=1, test=new_pictures, size=96
)
x_train, y_train = data.train.x, data.train.y
x_new, y_new = data.test.x, data.test.y
plots.image_grid(
    x_train,
    data.class_names,
    y_train,
    caption="All that there is to learn from. The new pictures show other animals and plants.",
)

# %% [markdown] tags=["slide"]
# ## Let another network look first
#
# Somebody else did have pictures: 1.28 million photographs, in a thousand classes. The network that they trained is the one
# of [lesson 00](00_start_here.ipynb), EfficientNet-Lite0, and it comes with this course. Its thousand names are not our six. So we
# leave its last layer away and keep what it computes just before: 1,280 numbers for each picture, its **features**.

# %% tags=["topic:06.features", "slide"]
import keras
from keras import layers

from course_utils import models

network = models.imagenet(size=96)
to_features = keras.Model(network.input, network.get_layer("features").output)
train_features = to_features.predict(x_train, verbose=0)  # (50, 1280)
new_features = to_features.predict(x_new, verbose=0)  # (300, 1280)

# %% [markdown]
# Now one dense layer learns our six names from these numbers. The network itself is **frozen**: its weights stay as they are, so its
# features are computed once, and training takes seconds.

# %% tags=["slide"]
keras.utils.set_random_seed(0)
probe = keras.Sequential([keras.Input((1280,)), layers.Dense(6, activation="softmax")])
probe.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
probe.fit(train_features, y_train, epochs=60, verbose=0)
_, probe_accuracy = probe.evaluate(new_features, y_new, verbose=0)
print(f"{100 * probe_accuracy:.0f} % of {len(y_new)} new pictures; guessing gets 17 %")

# %% [markdown]
# *What you see.* {{100 * probe_accuracy:.0f}} % of the new pictures, from {{pictures}} pictures and one dense layer. Such a layer on the features of a frozen
# network is called a **linear probe**, and to use on one task what a network has learned on another is called **transfer learning**.
#
# **After this notebook you can:** make a classifier of a handful of photographs, choose between a probe and fine-tuning, and tell an
# honest score from a flattering one.
#
# **Before you start:** lessons 04 and 05.
#
# **Time:** 2 minutes to run, 75 minutes to study.
#
# What do those 1,280 numbers know? Take a new picture, and look for the three training pictures whose features are most like its own.

# %% tags=["slide"]
queries = [0, 1, 2, 3]
plots.nearest_neighbours(
    x_new[queries],
    new_features[queries],
    x_train,
    train_features,
    caption="Left: a new picture. Right: the three training pictures with the most similar features.",
)

# %% [markdown]
# *What you see.* NEIGHBOURS. Nobody told the network which of our pictures belong together.
#
# Where is the probe wrong? These are the six mistakes of which it is surest.

# %%
import numpy as np

probabilities = probe.predict(new_features, verbose=0)  # (300, 6)
wrong = np.flatnonzero(probabilities.argmax(axis=1) != y_new)
surest = wrong[np.argsort(-probabilities[wrong].max(axis=1))][:6]
plots.predictions(
    x_new[surest],
    y_new[surest],
    probabilities[surest],
    data.class_names,
    caption="The surest mistakes. Which of them would you have made?",
)

# %% [markdown]
# **Change this.** Set `pictures` to 12, two of each kind, and run the cells again. How much is left? Put 50 back.
#
# *Exercise 06.1: what the probe learns.* Ours has 7,686 parameters. How many would it have for twelve classes?

# %% tags=["exercise"]
from course_utils import exercises

probe_parameters = ...
exercises.check("06.1", probe_parameters)

# %% [markdown] tags=["slide"]
# ## What would you have got without it?
#
# The alternative is to train **from scratch**: a network that begins with random weights, such as that of lesson 05. Let it have
# more pictures than the probe, up to ten times as many.

# %%
from course_utils import quizzes

quizzes.predict("06.p1", ...)

# %% [markdown]
# The record: 5, 10, 25 and 50 pictures of each kind, in three **deals**. Each deal sorts the animals and plants anew into those to learn
# from and those to judge by, so the new pictures always show objects that were never seen. Every network
# got 200 batches of 30 pictures.

# %% tags=["topic:06.few"]
from course_utils import recorded

few = recorded.show("06_few").figures
amounts = few["amounts"]
accuracy = {name: np.array(rows).T for name, rows in few["accuracy"].items()}
means = {name: rows.mean(axis=0) for name, rows in accuracy.items()}

# %% tags=["slide"]
plots.lines(
    {
        name: accuracy[name]
        for name in ("linear probe", "from scratch", "probe, random weights")
    },
    x=amounts,
    x_label="pictures of each kind",
    y_label="accuracy on new objects",
    logarithmic="x",
    chance=1 / 6,
    caption="Mean of three deals, with a band from the lowest to the highest.",
)

# %%
quizzes.verdict("06.p1")

# %% [markdown]
# *What you see.* FEW

# %% [markdown] tags=["slide"]
# ## Twenty-four pictures of two birds
#
# Pictures are cheap when the object holds still. Here are eight pictures of two birds, and eight pictures of eight birds.

# %% tags=["slide"]
two = datasets.load("cutouts", train=48, size=96, objects_per_class=2, quiet=True).train
eight = datasets.load(
    "cutouts", train=48, size=96, objects_per_class=8, quiet=True
).train
bird = data.class_names.index("bird")
plots.image_rows(
    {
        "two birds": two.x[two.y == bird],
        "eight birds": eight.x[eight.y == bird],
    },
    size=0.95,
    caption="Equally many pictures. Which row teaches more about birds?",
)

# %% [markdown]
# Suppose you go on photographing the same two, until there are twenty-four pictures of each kind.

# %%
quizzes.predict("06.p2", ...)

# %% tags=["topic:06.few"]
objects = recorded.show("06_objects").figures["objects"]  # one dictionary a deal


def mean_of(found, *path):
    """The mean over the deals of the figure that lies at the end of a path of names."""
    values = []
    for deal in found:
        for name in path:
            deal = deal[name]
        values.append(deal)
    return float(np.mean(values))


by_objects = {
    f"{count} of each kind": {
        "8 pictures": mean_of(objects, count, "a third"),
        "24 pictures": mean_of(objects, count, "all"),
    }
    for count in ("1", "2", "4", "8")
}

# %% tags=["slide"]
plots.bars(
    by_objects,
    chance=1 / 6,
    label="accuracy on new objects",
    caption="Rows: how many different objects. Bars: how many pictures of each kind. Mean of three deals.",
)

# %%
quizzes.verdict("06.p2")

# %% [markdown]
# *What you see.* OBJECTS
#
# Now the trap. Judge the probe of two objects a kind not by new animals, but by *new pictures of the same two*, as you would if you shuffled all your
# pictures and kept some for the test:

# %%
flattering = mean_of(objects, "2", "all, new pictures of the same objects")
honest = mean_of(objects, "2", "all")
print(f"new pictures of the same objects: {100 * flattering:.0f} %")
print(f"new objects: {100 * honest:.0f} %")

# %% [markdown]
# *What you see.* TRAP
#
# *Exercise 06.2: one object or two.* You split pictures into a training and a test part, and want to know how well the classifier will do on animals that it has
# not met. Which pairs must stay in the same part, `"the same"`, and which may be set `"apart"`?

# %% tags=["exercise"]
together = {
    "two photographs of one dog, taken on two days": ...,
    "a photograph and its copy in black and white": ...,
    "two dogs of one breed": ...,
    "twenty frames of a film of one bird": ...,
}
exercises.check("06.2", together)

# %% [markdown] tags=["slide"]
# ## Let the network learn, too
#
# The features were made for a thousand other names. To fit them to ours, some layers of the network are **unfrozen** and trained
# together with the dense layer: that is **fine-tuning**. The probe comes first, since a dense layer with random weights would send
# random gradients into layers that are good already.
#
# The network is built of seven stages. We unfreeze the last stage and the convolution behind it, called `head`:

# %% tags=["topic:06.features", "slide"]
for layer in network.layers:
    layer.trainable = layer.name.startswith(("stage7", "head"))

images = keras.Input((96, 96, 3))
features = to_features(images, training=False)  # batch normalisation: see below
tuned = keras.Model(images, probe(features))
tuned.compile(
    optimizer=keras.optimizers.Adam(0.0003),  # a third of Adam's usual rate
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

# %%
cat = models.prepare(datasets.load("photographs")["chelsea"], 96)
cat_before = dict(models.top(network.predict(cat, verbose=0)[0], 3))
tuned.fit(x_train, y_train, batch_size=10, epochs=5, verbose=0)
_, tuned_accuracy = tuned.evaluate(x_new, y_new, verbose=0)
print(f"probe: {100 * probe_accuracy:.0f} %, fine-tuned: {100 * tuned_accuracy:.0f} %")

# %% [markdown]
# *What you see.* TUNED. One run on 300 pictures proves little, so here is the record again. There all from stage 5 on is unfrozen, most of the
# network's weights, for 60 batches of 30 pictures after the probe.

# %%
quizzes.predict("06.p3", ...)

# %% tags=["slide"]
plots.lines(
    {name: accuracy[name] for name in ("fine-tuned", "linear probe")},
    x=amounts,
    x_label="pictures of each kind",
    y_label="accuracy on new objects",
    logarithmic="x",
    caption="Fine-tuning goes on from the probe. Where does it pay?",
)

# %%
quizzes.verdict("06.p3")

# %%
for place, amount in enumerate(amounts):
    gained = 100 * (accuracy["fine-tuned"] - accuracy["linear probe"])[:, place]
    each = ", ".join(f"{points:+.1f}" for points in gained)
    print(f"{amount:3} pictures: {gained.mean():+.1f} points (each deal: {each})")

# %% [markdown]
# *What you see.* TUNING
#
# *Exercise 06.3: a network that will not thaw.* This program runs without an error, and yet only the dense layer learns. Which line has to move? Answer with its
# letter.
#
# ```python
# network.trainable = False
# model = keras.Sequential([network, layers.Dense(6, activation="softmax")])   # a
# model.compile(keras.optimizers.Adam(0.0001), "sparse_categorical_crossentropy")   # b
# network.trainable = True   # c
# model.fit(x_train, y_train, epochs=5)   # d
# ```

# %% tags=["exercise"]
faulty_line = ...
exercises.check("06.3", faulty_line)

# %% [markdown] tags=["slide"]
# ## Three ways to spoil it
#
# **The pixels do not match.** Our network wants pixels from 0 to 255 and scales them itself. Many programs divide by 255 out of habit, and then they
# are scaled twice. No error is raised: numbers between 0 and 1 are a picture, too, an almost black one.

# %%
_, scaled_twice = tuned.evaluate(x_new / 255, y_new, verbose=0)
print(
    f"as they are: {100 * tuned_accuracy:.0f} %, divided by 255: {100 * scaled_twice:.0f} %"
)

# %% [markdown]
# *What you see.* {{100 * tuned_accuracy:.0f}} % become {{100 * scaled_twice:.0f}} %, and guessing gets 17. Other networks want pixels from -1 to 1, or from 0 to 1. Read what yours wants, and
# let the model do it itself, as this one does.
#
# **The learning rate is too large.** The weights are good already, and large steps destroy in ten batches what a million photographs have taught.
#
# **Batch normalisation trains along.** It brings each channel to a mean of 0, with the means of the batch while it trains, and with stored ones when
# it predicts (lesson 05). `fit` switches it to the means of the batch, thirty of our pictures, wherever the layer is unfrozen.
# In our code `to_features(images, training=False)` keeps the stored ones.
#
# Which of these two does more harm? In the record, 25 pictures of each kind.

# %%
quizzes.predict("06.p4", ...)

# %%
tuning = recorded.show("06_tuning").figures
mistakes = {
    name: mean_of(tuning["mistakes"], name)
    for name in (
        "before: the probe",
        "as it should be",
        "batch normalisation in training mode",
        "rate a hundred times too large",
    )
}

# %% tags=["slide"]
plots.bars(
    mistakes,
    chance=1 / 6,
    label="accuracy on new objects",
    caption="Fine-tuning, and two ways to spoil it. Mean of three deals.",
)

# %%
quizzes.verdict("06.p4")

# %% [markdown]
# *What you see.* MISTAKES
#
# **Change this.** Set the rate in `tuned.compile` to 0.03, and run from the cell of `network = ...` to here. What is left of it?

# %% [markdown] tags=["topic:06.inside", "slide"]
# ## What is in the network?
#
# Lesson 03 counted it; here are the two ideas that it is built of. The first makes it small. An ordinary convolution looks at the neighbours and adds up
# over the channels in one go. This network does it in two steps. A **depthwise convolution** has one kernel for each channel,
# and adds nothing up over channels. Then a **1x1 convolution** mixes the channels at each place.
#
# Two channels, each 2 by 2, and a kernel for each:

# %% tags=["slide"]
channel_1, kernel_1 = np.array([[1, 2], [0, 1]]), np.array([[1, 0], [0, 1]])
channel_2, kernel_2 = np.array([[3, 0], [1, 2]]), np.array([[0, 1], [1, 0]])
plots.number_grids(
    {
        "channel 1": channel_1,
        "kernel 1": kernel_1,
        "1 + 1": [[np.sum(channel_1 * kernel_1)]],
        "channel 2": channel_2,
        "kernel 2": kernel_2,
        "0 + 1": [[np.sum(channel_2 * kernel_2)]],
    },
    signs="*=;*=",
    caption="Depthwise: each channel with its own kernel. A 1x1 convolution then makes, say, 3 · 2 - 1 · 1 = 5.",
)

# %%
depthwise = network.get_layer("stage6_block2_depthwise")
project = network.get_layer("stage6_block2_project")
print(depthwise.name, depthwise.kernel.shape, f"{depthwise.count_params():,} weights")
print(project.name, project.kernel.shape, f"{project.count_params():,} weights")
ordinary = 5 * 5 * 1152 * 192
pair = depthwise.count_params() + project.count_params()
print(f"one ordinary 5 by 5 convolution instead of the two: {ordinary:,} weights")

# %% [markdown]
# *What you see.* 5 by 5 for each of 1,152 channels, then 1,152 to 192: together {{pair:,}} weights instead of {{ordinary:,}}, a factor of {{ordinary / pair:.0f}}.
#
# *Exercise 06.4: weights of a depthwise pair.* A depthwise convolution of 5 by 5 over 40 channels, then a 1x1 convolution to 80, both without biases. How many weights
# are that?

# %% tags=["exercise"]
block_parameters = ...
exercises.check("06.4", block_parameters)

# %% [markdown] tags=["topic:06.residual", "slide"]
# The second idea lets it be deep. A **residual connection** adds what comes into a block to what the block computes, so that the block only has to
# learn the difference:

# %% tags=["slide"]
comes_in = np.array([[4, 0, 2, 7]])
computed = np.array([[0, 1, 0, -2]])
plots.number_grids(
    {
        "comes in: x": comes_in,
        "block: f(x)": computed,
        "goes out: x + f(x)": comes_in + computed,
    },
    signs="+=",
    caption="A block that computes zeros does no harm: the numbers pass by it.",
)

# %%
additions = [layer.name for layer in network.layers if isinstance(layer, layers.Add)]
print(f"{len(additions)} residual connections, such as {additions[0]}")

# %% [markdown]
# What are they worth? A small network, with 3, 9 and 25 convolutions, with the additions and without: the same number of weights, the same 1,500 pictures of
# `shapes`, equally many steps.

# %%
quizzes.predict("06.p5", ...)

# %%
depth = recorded.show("06_depth").figures
convolutions = [3, 9, 25]
by_depth = {
    way: np.array([found[str(count)]["training"] for count in convolutions]).T
    for way, found in depth.items()
}

# %% tags=["slide"]
plots.lines(
    by_depth,
    x=convolutions,
    x_label="convolutions",
    y_label="accuracy on the training pictures",
    logarithmic="x",
    chance=0.1,
    caption="Three starts each. He: kernels begin with a larger spread, made for relu.",
)

# %%
quizzes.verdict("06.p5")

# %% [markdown]
# *What you see.* DEPTH

# %% [markdown] tags=["topic:06.no-help", "slide"]
# ## Where it does not help
#
# Two hundred handwritten digits, twenty of each, 8 by 8 pixels, blown up to 96 by 96. The probe gets the 1,280 features. Its rival gets
# the 64 bare pixels, and is a linear model as well.

# %%
quizzes.predict("06.p6", ...)

# %%
digit_scores = {
    where: {
        "64 pixels": mean_of(tuning["digits"], f"{where}: pixels"),
        "1,280 features": mean_of(tuning["digits"], f"{where}: linear probe"),
    }
    for where in ("in their place", "moved about")
}

# %% tags=["slide"]
plots.bars(
    digit_scores,
    chance=0.1,
    label="accuracy on new digits",
    caption="Digits where they always are, and at a random place of a larger black picture.",
)

# %%
quizzes.verdict("06.p6")

# %% [markdown]
# *What you see.* DIGITS

# %% [markdown] tags=["topic:06.adapting", "slide"]
# ## Five pictures and no training
#
# Even the dense layer can go. Take the mean of the features of each kind, and give a new picture the name of the mean that points most nearly the same way.


# %% tags=["slide"]
def to_length_one(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


directions = to_length_one(train_features)
class_means = np.array(
    [directions[y_train == label].mean(axis=0) for label in range(6)]
)  # (6, 1280)
likeness = to_length_one(new_features) @ to_length_one(class_means).T  # (300, 6)
means_accuracy = np.mean(likeness.argmax(axis=1) == y_new)
print(f"class means: {100 * means_accuracy:.0f} %, probe: {100 * probe_accuracy:.0f} %")

# %%
for place, amount in enumerate(amounts):
    by_means, by_probe = (
        means[name][place] for name in ("class means", "linear probe")
    )
    print(
        f"{amount:3} of each: {100 * by_means:.1f} % by means, {100 * by_probe:.1f} % by the probe"
    )

# %% [markdown]
# *What you see.* MEANS
#
# A new class needs no training either: five pictures, one mean more.
#
# *Exercise 06.5: the nearest mean.* Write `nearest_mean(features, labels, new)`. It returns for each row of `new` the class whose mean is nearest, by the ordinary distance.
# Labels are 0, 1, 2 and so on.


# %% tags=["exercise"]
def nearest_mean(features, labels, new): ...


exercises.check("06.5", nearest_mean)

# %% [markdown] tags=["slide"]
# **Adapting to one user.** Somebody uses your classifier on twelve things of their own, two of each kind. It has seen none of them. They take three
# pictures of each, and the probe is trained once more with these 36 among the others. That takes seconds.

# %% tags=["topic:06.adapting"]
for_user = recorded.show("06_objects").figures["user"]
user_scores = {
    whose: {
        "before": mean_of(for_user, f"before, {whose}"),
        "after": mean_of(for_user, f"after, {whose}"),
    }
    for whose in ("the user's things", "other things")
}

# %% tags=["slide"]
plots.bars(
    user_scores,
    chance=1 / 6,
    label="accuracy on other pictures of them",
    caption="Before and after three pictures of each of the user's things. Mean of three deals.",
)

# %% [markdown]
# *What you see.* USER

# %% [markdown] tags=["topic:06.forgetting", "slide"]
# ## What the network has forgotten
#
# We fine-tuned for our six kinds. But `tuned` and `network` share their layers, so the network with the thousand names has changed as well. Ask it about the
# cat of lesson 00:

# %% tags=["slide"]
cat_after = dict(models.top(network.predict(cat, verbose=0)[0], 3))
print("before:", {name: f"{100 * share:.0f} %" for name, share in cat_before.items()})
print("after: ", {name: f"{100 * share:.0f} %" for name, share in cat_after.items()})

# %% [markdown]
# One cat proves little. In the record a network with a probe for our six kinds is fine-tuned on digits, a task that has nothing to do with them. The dense layer for the six
# kinds is put back afterwards, unchanged.

# %%
forgetting = {
    task: {
        moment: mean_of(tuning["forgetting"], f"{moment}, {task}")
        for moment in ("before", "after")
    }
    for task in ("digits", "cutouts")
}

# %% tags=["slide"]
plots.bars(
    forgetting,
    label="accuracy on new pictures",
    caption="Before and after fine-tuning on digits: the new task and the old one.",
)

# %% [markdown]
# *What you see.* FORGETTING

# %% [markdown] tags=["slide"]
# ## Real photographs: twelve kinds of flowers
#
# Cutouts are pasted; these are photographs as people take them: 960 of the Oxford Flowers, 60 of each kind to learn from and 20 to test. How strong the probe's penalty is, and which rate
# fine-tuning gets, was chosen by cross-validation on training photographs. The 240 test photographs were asked once.

# %%
flowers = recorded.show("06_flowers").figures
shares = {
    f"{size} pixels": np.array(list(rows.values())).T
    for size, rows in flowers["probe"].items()
}

# %% tags=["slide"]
plots.lines(
    shares,
    x=flowers["amounts"],
    x_label="photographs of each kind",
    y_label="accuracy on 240 test photographs",
    logarithmic="x",
    chance=1 / 12,
    caption="A linear probe. Three draws of the training photographs.",
)

# %%
for name, (points, low, high) in flowers["gains"].items():
    print(
        f"{name:32} {100 * points:+5.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"
    )

# %% [markdown]
# *What you see.* FLOWERS

# %% [markdown] tags=["slide"]
# ## So do this
#
# SO DO THIS

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("06.q1")
quizzes.answer("06.q1", ...)

# %%
quizzes.ask("06.q2")
quizzes.answer("06.q2", ...)

# %%
quizzes.ask("06.q3")
quizzes.answer("06.q3", ...)

# %%
quizzes.ask("06.q4")
quizzes.answer("06.q4", ...)

# %% [markdown]
# CLAIMS

# %%
from course_utils import claims

claims.review("06")

# %% [markdown]
# ## To take home
#
# A complete program for a folder of your own, with one subfolder for each class; ten pictures in each are enough to begin. It uses nothing of this course but
# the network, which the next cell writes to a file beside it, and a folder of cutouts to try it on.

# %%
from pathlib import Path

from PIL import Image

models.imagenet(size=160).save("imagenet.keras")
example = datasets.load("cutouts", train=72, test=36, size=160, quiet=True)
for part, split in {"train": example.train, "test": example.test}.items():
    for number, (picture, label) in enumerate(zip(split.x, split.y, strict=True)):
        target = Path("example_few") / part / example.class_names[label]
        target.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(target / f"{number}.png")

# %% tags=["take-home"]
import keras
import numpy as np

folder = "example_few"  # the name of yours; the same object never in both parts
network = keras.models.load_model("imagenet.keras")
size = network.input_shape[1:3]
to_features = keras.Model(network.input, network.get_layer("features").output)


def features_and_labels(part):
    found = keras.utils.image_dataset_from_directory(
        f"{folder}/{part}", image_size=size, crop_to_aspect_ratio=True, shuffle=False
    )
    labels = np.concatenate([y.numpy() for _, y in found])
    return to_features.predict(found, verbose=0), labels, found.class_names


x_train, y_train, names = features_and_labels("train")
x_test, y_test, _ = features_and_labels("test")
probe = keras.Sequential([keras.Input((1280,))])
probe.add(keras.layers.Dense(len(names), activation="softmax"))
probe.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
probe.fit(x_train, y_train, epochs=60, verbose=0)
answers = probe.predict(x_test, verbose=0).argmax(axis=1)
right = answers == y_test
print(f"{100 * np.mean(right):.0f} % of {len(right)} new pictures")
for truth, answer in zip(y_test[~right], answers[~right], strict=True):
    print(f"{names[truth]} mistaken for {names[answer]}")
whole = keras.Model(network.input, probe(to_features(network.input)))
whole.save("my_classifier.keras")  # takes pictures, gives a probability for each class

# %% [markdown]
# *What you see.* TAKEHOME
#
# To ask the saved file later, the pictures need the size and the crop of above, and nothing else: it takes pixels from 0 to 255.

# %% [markdown]
# ## Further
#
# **Larger networks.** With a network connection, `keras.applications.EfficientNetV2B0(include_top=False, pooling="avg")` is one line and downloads better features; it, too, wants pixels from 0 to
# 255. `models.imagenet(size=224)` sees more than 96 pixels do, and takes about five times as long.
#
# **Keep the old task.** Against forgetting: keep the original weights in a file, freeze more, use a smaller rate, or mix pictures of the old task into the new training.
#
# **What stays open:** how to trust a classifier of your own folder, with near-copies, wrong names and a background that gives the answer away, is the subject of
# [lesson 07](07_your_own_images.ipynb). The [FAQ](21_faq.ipynb) has short answers.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("06")
