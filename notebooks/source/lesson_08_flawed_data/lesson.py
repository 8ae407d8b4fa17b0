# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 60
#       images: 600
#     smoke:
#       epochs: 2
#       images: 180
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
# # What is wrong with the data, and how do you notice?
#
# Four people photograph animals and plants for the same app. Here are ten pictures of each. Trained on any of them, a
# program runs through and prints a number, and each time something is wrong. Take half a minute and look at the pictures, not at
# the code: what is it? (One of the four flaws cannot be seen here.)

# %% tags=["parameters"]
images: int = 450  # photographs to learn from
epochs: int = 40  # how often each of them is seen

# %% tags=["slide"]
from course_utils import datasets, plots, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

few = {"train": 10, "validation": 6, "test": 6, "size": 96, "quiet": True}
ana = datasets.load("cutouts", imbalance=100, **few)  # uneven classes
ben = datasets.load("cutouts", wrong_labels=0.3, **few)  # wrong labels
cleo = datasets.load("cutouts", objects_per_class=1, **few)  # few different things
dan = datasets.load("cutouts", betrayal=1.0, **few)  # a background for each class
folders = {"Ana": ana, "Ben": ben, "Cleo": cleo, "Dan": dan}
plots.image_rows(
    {name: folder.train.x for name, folder in folders.items()},
    size=0.75,
    caption="Ten pictures from each of four people. One flaw in each row.",
)

# %% [markdown]
# *What you see.* Ana has mostly birds and mammals. In Ben's pictures there is nothing to be seen: his flaw is in the
# labels, which are not shown. Cleo has several pictures of the same thing (more of them in this row than in her section). And Dan photographs
# each class before a background of its own: birds before the sky, flowers before a violet cloth.
#
# Each flaw gets a section: what you notice, a test that finds it, and what helps.
#
# **After this notebook you can:** recognise four flaws of a folder of pictures, test for each, and choose what to do
# about it by what it does on new pictures.
#
# **Before you start:** lessons 04 and 05.
#
# **Time:** 2 minutes to run, 80 minutes to study: 55 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* comes on top.

# %% [markdown] tags=["slide"]
# ## A classifier to judge data with
#
# We need one that is quick to train. Take the network of [lesson 00](00_start_here.ipynb), which has learned from more than a million
# photographs, and leave it as it is. Just before its answers it computes 1,280 numbers for each picture, its
# **features**. From them *one* dense layer learns our six classes. (That is called a **linear probe**.)

# %%
import keras
from keras import layers

from course_utils import models, training

network = models.imagenet(size=96)
to_features = keras.Model(network.inputs, network.get_layer("features").output)

classifier = keras.Sequential(
    [keras.Input((1280,)), layers.Dense(6, activation="softmax")]
)
classifier.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

# %% [markdown]
# First the reference: right labels, even classes, and backgrounds that do not give the class away. There are about five pictures of each thing, which does no
# harm here, because the new pictures show *other* animals and plants. Keep it in mind for Cleo's section.

# %%
clean = datasets.load("cutouts", train=images, validation=6, test=300, size=96)
x_train = to_features.predict(clean.train.x, verbose=0)  # (450, 1280)
x_new = to_features.predict(clean.test.x, verbose=0)  # (300, 1280)
y_new = clean.test.y

# %% [markdown]
# Now train. `training.reset` gives the layer fresh random weights. `validation_data` writes down how the new pictures fare after each pass; nothing is
# chosen by it.

# %%
training.reset(classifier, seed=0)
reference = classifier.fit(
    x_train,
    clean.train.y,
    batch_size=50,
    epochs=epochs,
    validation_data=(x_new, y_new),
    verbose=0,
)
clean_probabilities = classifier.predict(x_new, verbose=0)  # (300, 6)
clean_accuracy = (clean_probabilities.argmax(axis=1) == y_new).mean()
print(f"new pictures, sound data: {100 * clean_accuracy:.0f} % right")

# %% [markdown]
# *What you see.* {{100 * clean_accuracy:.0f}} %, where guessing gets {{100 / 6:.0f}}. That is what this layer can do with
# {{images}} sound pictures. The new pictures stay the same until Dan's section, so keep the number in mind.

# %% [markdown] tags=["topic:08.imbalance", "slide"]
# ## Ana: uneven classes
#
# Ana likes birds. In her folder the most frequent class has about a hundred times as many pictures as the rarest: **class
# imbalance**. She puts some of her pictures aside to judge by, so they are as uneven as the others.

# %%
import numpy as np

uneven = datasets.load(
    "cutouts",
    train=images,
    validation=100,
    test=6,
    size=96,
    imbalance=100,  # the first class has 100 times as many pictures as the last
    flawed=("train", "validation"),  # both parts are uneven
)
class_names = [name.replace("_", " ") for name in uneven.class_names]
counts = np.bincount(uneven.train.y, minlength=6)
print(dict(zip(class_names, counts.tolist(), strict=True)))

# %%
x_uneven = to_features.predict(uneven.train.x, verbose=0)
x_home = to_features.predict(uneven.validation.x, verbose=0)  # Ana's own, put aside

# %% [markdown]
# The layer learns from her pictures, and is judged by those that she put aside:

# %%
training.reset(classifier, seed=0)
classifier.fit(x_uneven, uneven.train.y, batch_size=50, epochs=epochs, verbose=0)
home_probabilities = classifier.predict(x_home, verbose=0)
home_accuracy = (home_probabilities.argmax(axis=1) == uneven.validation.y).mean()
print(f"Ana's own pictures: {100 * home_accuracy:.0f} % right")

# %% [markdown]
# A fine number. (It cannot be compared with the reference: her own pictures show other things, and mostly birds.) What will her classifier do with our new pictures, of which one in six is a
# vegetable?

# %%
from course_utils import quizzes

quizzes.predict("08.p1", ...)

# %% [markdown]
# The **recall** of a class is the share of its own pictures that get its name: if 5 of 50 vegetables are called
# vegetable, it is 0.1.

# %%
from course_utils import metrics

uneven_probabilities = classifier.predict(x_new, verbose=0)
uneven_answers = uneven_probabilities.argmax(axis=1)
recall_uneven = metrics.per_class_recall(y_new, uneven_answers)
recall_even = metrics.per_class_recall(y_new, clean_probabilities.argmax(axis=1))

recalls = {}
for k in range(6):
    row = f"{class_names[k]} ({counts[k]})"
    recalls[row] = {"even classes": recall_even[k], "uneven classes": recall_uneven[k]}
lost_to = class_names[np.bincount(uneven_answers[y_new == 4]).argmax()]

# %% tags=["slide"]
plots.bars(
    recalls,
    label="recall on new pictures",
    caption="In brackets: pictures to learn from in Ana's folder. Even: 75 of each class.",
)

# %%
quizzes.verdict("08.p1")

# %% [markdown]
# *What you see.* Vegetables: {{100 * recall_even[4]:.0f}} % with even classes, {{100 * recall_uneven[4]:.0f}} % with Ana's. Flowers: {{100 * recall_even[5]:.0f}} and
# {{100 * recall_uneven[5]:.0f}} %. Her own pictures hid it: a class that makes up a few per cent of them can be lost, and the accuracy
# hardly moves. Most often the new vegetables are called {{lost_to}}. Not every class with few pictures suffers: of the sea
# animals, of which Ana has {{counts[2]}}, {{100 * recall_uneven[2]:.0f}} % are found, with even classes {{100 * recall_even[2]:.0f}}.
#
# **The test:** count the pictures of each class, and print the recall of each class. Their mean, the **macro average**, counts
# every class the same.
#
# *Exercise 08.1: a program that always says cat.* It is shown 90 cats and 10 owls and gets an accuracy of 0.9.
# What is the mean of its two recalls?

# %%
from course_utils import exercises

# %% tags=["exercise"]
mean_recall = ...
exercises.check("08.1", mean_recall)

# %% [markdown] tags=["slide"]
# ### What may help
#
# **Class weights:** a mistake on a rare class counts more in the loss. Keras wants a dictionary, from the number
# of a class to its weight. With these weights every class counts the same in total. (**Resampling** comes to much the same: rare pictures are
# drawn more often in training.)

# %%
_, fitted = classifier.evaluate(x_uneven, uneven.train.y, verbose=0)
print(f"without weights, {100 * fitted:.0f} % of Ana's training pictures are right")

class_weight = {k: images / (6 * counts[k]) for k in range(6)}
training.reset(classifier, seed=0)
classifier.fit(
    x_uneven,
    uneven.train.y,
    batch_size=50,
    epochs=epochs,
    class_weight=class_weight,
    verbose=0,
)
weighted_answers = classifier.predict(x_new, verbose=0).argmax(axis=1)

# %% [markdown]
# **Prior correction:** train as before, and divide each probability by the share of its class in training. Then take
# the largest. Nothing is trained anew.

# %%
shares = counts / images
corrected_answers = (uneven_probabilities / shares).argmax(axis=1)
rare = np.isin(y_new, [4, 5])  # vegetables and flowers
for name, answers in {
    "nothing": uneven_answers,
    "class weights": weighted_answers,
    "prior correction": corrected_answers,
}.items():
    right = answers == y_new
    print(
        f"{name:17} rare {100 * right[rare].mean():3.0f} %, all {100 * right.mean():.0f} %"
    )

# %% [markdown]
# *Exercise 08.2: prior correction by hand.* Nine of ten training pictures show cats, one an owl. To a new picture the
# network gives cat 0.6 and owl 0.4. Divide each by the share of its class, then scale the two so that they
# add up to 1. What is the probability of owl then? Two digits are enough.

# %% tags=["exercise"]
owl_after = ...
exercises.check("08.2", owl_after)

# %% [markdown]
# One folder may be luck. Here are five, each with other animals and plants to learn from and to judge by.

# %%
from course_utils import recorded

five = recorded.show("08_uneven").figures
remedies, two_rarest = {}, {}
for name, found in five.items():
    table = np.array(found["recalls"])  # (folders, classes)
    remedies[name] = {
        "two rarest classes": table[:, 4:].mean(),
        "all six classes": table.mean(),
        "Ana's own pictures": np.mean(found["home"]),
    }
    two_rarest[name] = table[:, 4:].mean(axis=1)  # one number for each folder
for name in ["class weights", "resampling", "prior correction"]:
    better = (two_rarest[name] > two_rarest["uneven, nothing done"]).sum()
    print(f"{name}: better than nothing on the two rarest in {better} of 5 folders")

# %% tags=["slide"]
plots.bars(
    remedies,
    label="mean recall; for Ana's own pictures, accuracy",
    caption="Mean of five folders. The last group has even classes, as many pictures in all.",
)

# %% [markdown]
# *What you see.* The two rarest classes: {{100 * remedies["uneven, nothing done"]["two rarest classes"]:.0f}} % if nothing is done,
# {{100 * remedies["class weights"]["two rarest classes"]:.0f}} with class weights, {{100 * remedies["resampling"]["two rarest classes"]:.0f}} with resampling,
# {{100 * remedies["prior correction"]["two rarest classes"]:.0f}} with prior correction, {{100 * remedies["even classes"]["two rarest classes"]:.0f}} with even classes. Prior correction,
# which needs no training, helps most here, and on new pictures none of the three replaces the missing ones. On Ana's own pictures prior correction costs
# {{100 * (remedies["uneven, nothing done"]["Ana's own pictures"] - remedies["prior correction"]["Ana's own pictures"]):.1f}} points: where the
# world is as uneven as the folder and every mistake costs the same, leave it out.
#
# Class weights are what many people try first. But without them the layer gets {{100 * fitted:.0f}} % of Ana's training pictures right, so there may be hardly a
# mistake left to weigh. Elsewhere the order may differ: try them, and judge by the recall of each class.
#
# **Change this.** Set `imbalance=10` where Ana's folder is loaded, and run her section again. Which recalls come back? (The verdict on your
# prediction still speaks of 100.)

# %% [markdown] tags=["topic:08.label-noise", "slide"]
# ## Ben: wrong labels
#
# Ben types his labels late at night. More than a quarter are wrong: **label noise**. His pictures are those of the
# reference, so their features are there already. These eight have a wrong label:

# %%
noisy = datasets.load(
    "cutouts", train=images, validation=6, test=6, size=96, wrong_labels=0.3
)
y_noisy = noisy.train.y
wrong = y_noisy != clean.train.y  # we know, since we made them wrong; Ben does not
print(f"{wrong.sum()} of {images} labels are wrong")

# %% tags=["slide"]
plots.image_grid(
    noisy.train.x[wrong][:8],
    class_names,
    y_noisy[wrong][:8],
    columns=4,
    size=1.3,
    caption="Pictures with the label that Ben gave them.",
)

# %% [markdown]
# The classifier is told that these are the right names. What will it say, in the course of its training, about the pictures with
# a wrong label?

# %%
quizzes.predict("08.p2", ...)

# %% [markdown]
# After each pass, **epoch**, we ask it: about the wrongly labelled pictures, and about the new ones. Keras calls a function of ours at
# the end of every epoch.

# %%
true_name, wrong_label, new_accuracy = [], [], []


def ask(epoch, logs):
    said = np.argmax(classifier(x_train[wrong]), axis=1)  # short for predict
    true_name.append((said == clean.train.y[wrong]).mean())
    wrong_label.append((said == y_noisy[wrong]).mean())
    said_new = np.argmax(classifier(x_new), axis=1)
    new_accuracy.append((said_new == y_new).mean())


# %% [markdown]
# Now it learns Ben's labels:

# %%
training.reset(classifier, seed=0)
every_epoch = keras.callbacks.LambdaCallback(on_epoch_end=ask)
history = classifier.fit(
    x_train,
    y_noisy,
    batch_size=50,
    epochs=epochs,
    callbacks=[every_epoch],
    verbose=0,
)

# %% tags=["slide"]
plots.lines(
    {
        "says the true name": true_name,
        "says the wrong label": wrong_label,
        "new pictures: right name": new_accuracy,
        "new pictures, sound labels": reference.history["val_accuracy"],
    },
    x_label="epoch",
    y_label="share of the pictures",
    caption="The first two lines: training pictures with a wrong label.",
)

# %%
quizzes.verdict("08.p2")

# %% [markdown]
# *What you see.* Early on the classifier sees through Ben: at its best it gives {{100 * max(true_name):.0f}} % of the wrongly labelled
# pictures their true name. The right labels have taught it, also those of other pictures of the *same thing*. (Of new pictures, whose things it
# has never seen, it gets {{100 * new_accuracy[int(np.argmax(true_name))]:.0f}} % right at that epoch.) Then it
# learns the wrong labels by heart, and at the end it repeats {{100 * wrong_label[-1]:.0f}} % of them.
#
# Would **early stopping** help, as in lesson 05? On new pictures the best epoch has {{100 * max(new_accuracy):.0f}} % and the last
# {{100 * new_accuracy[-1]:.0f}}. Sound labels end at {{100 * clean_accuracy:.0f}}. So it can help a little, and most of the harm stays.
#
# **The symptom:** new pictures are best early, then fall. Ordinary overfitting looks the same, and your own folder has no line
# with sound labels beside it. So there has to be a test.
#
# ### Suspects
#
# A classifier that has not learned a label by heart can contradict it. So learn
# from four fifths of the things, and ask about the last fifth; five times, until every picture has been asked about. That is
# **cross-validation**. (With `groups=things` no picture of the same thing helps.) A picture is a **suspect** if its own
# label gets a very small probability.
#
# Scikit-learn's `LogisticRegression` is the same kind of layer, trained to the end in a fraction of a second. Here it has a penalty on large weights, `C=0.01`, so that it learns
# little by heart.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

things = clean.train.objects  # a number for each picture: what it shows
last_layer = LogisticRegression(C=0.01, max_iter=1000)
probabilities = cross_val_predict(
    last_layer,
    x_train,
    y_noisy,
    groups=things,
    cv=GroupKFold(5),
    method="predict_proba",
)

# %%
seen_through = (probabilities.argmax(axis=1) == clean.train.y)[wrong].mean()
print(f"{100 * seen_through:.0f} % of the wrongly labelled get their true name")

losses = keras.losses.sparse_categorical_crossentropy(y_noisy, probabilities)
order = np.argsort(-np.array(losses))  # a small probability is a large loss
print(f"{wrong[order[:12]].sum()} of the first 12 suspects have a wrong label")

# %% tags=["slide"]
plots.image_grid(
    noisy.train.x[order[:12]],
    class_names,
    y_noisy[order[:12]],
    columns=6,
    size=1.1,
    caption="The twelve least believed labels. Which of them would you correct?",
)

# %% [markdown]
# *What you see.* Of the wrongly labelled pictures {{100 * seen_through:.0f}} % get their true name, though the thing was never seen. That is enough for a useful list: {{wrong[order[:12]].sum()}} of the twelve
# labels are wrong. (Among twelve drawn at random it would be about three.) The aubergine, which is there twice,
# and the orange pear called fruit are right. But to a botanist the aubergine is a fruit, too: the classes overlap. That is a flaw of its own. Decide once what counts as
# what, and write it down.
#
# The share of a list that is what you look for is its **precision**: here {{100 * wrong[order[:12]].mean():.0f}} %. The share of all wrong labels that are on the list is its recall. A longer list finds
# more of the wrong labels, and holds more right ones as well.
#
# *Exercise 08.3: how good is a list?* Of the 400 labels of a folder 80 are wrong. You look at the first 60 suspects, and 48 of them have a wrong label.
# What are precision and recall of this list?

# %% tags=["exercise"]
list_of_60 = {"precision": ..., "recall": ...}
exercises.check("08.3", list_of_60)

# %% [markdown]
# **What helps:** look at the suspects and correct them. How much, we measure at the end of the lesson.
#
# **Change this.** Set `wrong_labels=0.02` where Ben's folder is loaded, and run his section again. You should see the symptom vanish, and a list that is mostly right: a few
# things that are hard to name, several pictures of each.

# %% [markdown] tags=["topic:08.groups", "slide"]
# ## Cleo: the same thing on both sides
#
# Cleo's folder is that of the reference, with about five pictures of everything. She puts a quarter of the pictures aside, at random, and judges by them.

# %%
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit

by_picture = ShuffleSplit(n_splits=1, test_size=0.25, random_state=0)
learn, judge = next(by_picture.split(x_train))  # places of the pictures

last_layer.fit(x_train[learn], clean.train.y[learn])
picture_score = last_layer.score(x_train[judge], clean.train.y[judge])
print(f"pictures put aside at random: {100 * picture_score:.0f} % right")

# %% [markdown]
# What will this classifier get of the 300 new pictures, which show other animals and plants?

# %%
quizzes.predict("08.p3", ...)

# %%
truth = last_layer.score(x_new, y_new)
print(f"other animals and plants: {100 * truth:.0f} % right")

# %%
quizzes.verdict("08.p3")

# %% [markdown]
# **The test:** look for the nearest training pictures of some pictures that were put aside, or *held out*.

# %% tags=["slide"]
plots.nearest_neighbours(
    clean.train.x[judge][:4],
    x_train[judge][:4],
    clean.train.x[learn],
    x_train[learn],
    query="put aside",
    caption="Left: put aside. Right: the three training pictures with the most similar features.",
)

# %% [markdown]
# *What you see.* The mango and the orange flowers find themselves, moved or mirrored, before other backgrounds, and so does the penguin, twice.
# (The gorilla finds bears.) With such pictures the classifier can be right by remembering. So no picture is at fault, only the way in which the folder was split. That is **data leakage** by groups: a **group** is whatever belongs together, such as the
# pictures of one thing, one patient, one day.
#
# **What helps:** write down for each picture what it shows, and split by that. `GroupShuffleSplit` puts whole groups
# aside. A quarter of the things are few, so we split ten times and take the mean.

# %%
by_object = GroupShuffleSplit(n_splits=10, test_size=0.25, random_state=0)
object_scores, object_truths = [], []
for others, put_aside in by_object.split(x_train, groups=things):
    last_layer.fit(x_train[others], clean.train.y[others])
    object_scores.append(last_layer.score(x_train[put_aside], clean.train.y[put_aside]))
    object_truths.append(last_layer.score(x_new, y_new))
print("scores by object:", np.round(object_scores, 2))

# %% tags=["slide"]
plots.bars(
    {
        "by picture: the score": picture_score,
        "by picture: other things": truth,
        "by object: the score": np.mean(object_scores),
        "by object: other things": np.mean(object_truths),
    },
    intervals={
        "by object: the score": (min(object_scores), max(object_scores)),
        "by object: other things": (min(object_truths), max(object_truths)),
    },
    chance=1 / 6,
    caption="What the score promises, and what the same classifier does with other animals and plants. "
    "By object: mean of ten splits, and a line from the lowest to the highest.",
)

# %% [markdown]
# *What you see.* Split by picture, the score promises {{100 * picture_score:.0f}} %, and with other things it is
# {{100 * truth:.0f}}. Split by object, the mean of the scores is {{100 * np.mean(object_scores):.0f}} %, and with other things it is
# {{100 * np.mean(object_truths):.0f}}: on average no more is promised than is kept, here even less, and we do not know why it is so much less. And look at the line: one split by object alone may say {{100 * min(object_scores):.0f}} or {{100 * max(object_scores):.0f}} %. A single
# split can still mislead, so repeat it and take the mean.
#
# **Change this.** Split by picture ten times as well. Do these scores warn you?
#
# *Exercise 08.4: count the leaks.* Write `count_leaks(train_groups, test_groups)`. Both are integer arrays, with the number of its
# group for each picture. How many *test pictures* belong to a group that is in the training set, too? *Example:* for `[1, 1, 2]` and
# `[1, 1, 3]` it is 2.


# %% tags=["exercise"]
def count_leaks(train_groups, test_groups):
    # your lines in the place of the dots
    ...


exercises.check("08.4", count_leaks)

# %% [markdown] tags=["topic:08.shortcuts", "slide"]
# ## Dan: the background gives the answer
#
# Dan photographs birds before the sky and flowers before a violet cloth, and so do the pictures that he judges by. For him we
# train a small network from scratch, as in lesson 04, on pictures of 32 by 32 pixels. The new pictures have
# backgrounds that tell nothing.

# %%
cornered = datasets.load(
    "cutouts",
    size=32,
    train=images,
    validation=300,
    test=300,
    betrayal=1.0,  # every background has the tint of its class
    flawed=("train", "validation"),  # but the new pictures do not
)
home, elsewhere = cornered.validation, cornered.test

# %%
small = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(6, activation="softmax"),
    ]
)

# %%
small.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
training.reset(small, seed=0)
small.fit(cornered.train.x, cornered.train.y, epochs=8, verbose=0)
_, dan_home = small.evaluate(home.x, home.y, verbose=0)
print(f"Dan's own pictures: {100 * dan_home:.0f} % right")

# %%
quizzes.predict("08.p4", ...)

# %%
_, dan_elsewhere = small.evaluate(elsewhere.x, elsewhere.y, verbose=0)
print(f"before other backgrounds: {100 * dan_elsewhere:.0f} % right")

# %%
quizzes.verdict("08.p4")

# %% [markdown]
# **The test:** one thing, six backgrounds. The generator tells us which pixels show the thing, its **mask**. We take
# the first bird and put it before the backgrounds of six of Dan's pictures, one of each class, whose own thing is painted
# over.

# %%
empty = home.x.copy()
for picture, mask in zip(empty, home.masks, strict=True):
    picture[mask] = picture[~mask].mean(axis=0)  # the mean colour of its background

# %%
bird = np.flatnonzero(elsewhere.y == 0)[0]
shows_bird = elsewhere.masks[bird]  # (32, 32), True where the bird is
one_of_each = [np.flatnonzero(home.y == k)[0] for k in range(6)]
six_birds = empty[one_of_each]
for picture in six_birds:
    picture[shows_bird] = elsewhere.x[bird][shows_bird]
bird_probabilities = small.predict(six_birds, verbose=0)

# %% tags=["slide"]
plots.predictions(
    six_birds,
    np.zeros(6, dtype=int),
    bird_probabilities,
    class_names,
    columns=3,
    caption="The same bird before the backgrounds of bird, mammal, sea animal, fruit, vegetable, flower.",
)

# %%
bird_answers = bird_probabilities.argmax(axis=1)
follows = (bird_answers == np.arange(6))[1:].sum()  # without the bird's own
_, without_things = small.evaluate(empty, home.y, verbose=0)
print(f"before 5 other classes' backgrounds, {follows} answers name that class")
print(f"Dan's pictures, every thing painted over: {100 * without_things:.0f} % right")

# %% [markdown]
# *What you see.* Before the backgrounds of the five other classes, the answer is {{follows}} times the class of the *background*. And with every thing painted over (an outline stays)
# the network still gets {{100 * without_things:.0f}} % right: it has found a **shortcut**. Nobody told it that the thing is what matters.
#
# You have no masks for your own pictures? Cover the thing with a grey patch, or photograph one thing in front of something
# else. A classifier that goes by the thing loses its answer in the first case, and keeps it in the second. ([Lesson 09](09_explaining.ipynb) finds a shortcut in another
# way: it draws what an answer rests on.)
#
# ### What helps
#
# A few pictures in which the shortcut says nothing? Here is the whole way from sound data, at the left, to Dan's.

# %%
background = recorded.show("08_background").figures
betrayed = [0, 50, 75, 90, 95, 100]  # per cent

# %% tags=["slide"]
plots.lines(
    background["shares"],
    x=betrayed,
    x_label="pictures whose background betrays the class, per cent",
    y_label="accuracy",
    chance=1 / 6,
    caption="The small network. Mean of three folders, with a band from the lowest to the highest.",
)

# %%
elsewhere_curve = 100 * np.mean(background["shares"]["elsewhere"], axis=0)
for cure, reached in background["cures"].items():
    place_means = {
        name: round(100 * np.mean(values)) for name, values in reached.items()
    }
    print(f"{cure}: {place_means}")

# %% [markdown]
# *What you see.* With sound data the network gets {{elsewhere_curve[0]:.0f}} % elsewhere, and with Dan's {{elsewhere_curve[-1]:.0f}}. If one
# picture in ten has a background that tells nothing, it is {{elsewhere_curve[3]:.0f}} %: a few are not enough. At home, meanwhile, the accuracy is higher than with sound data.
#
# Two ways out are printed below the figure. *Backgrounds swapped*: every training picture is made as the six birds were, its thing before the background of another picture. That brings
# back what sound data get elsewhere, and at home it costs the bonus of the background. *Features of the ImageNet network* lean on the background less. (They see larger pictures, so
# compare only home and elsewhere.)

# %% [markdown] tags=["topic:08.cost", "slide"]
# ## What is a label worth?
#
# Back to Ben. Somebody can spend a quarter of an hour on his folder: a hundred labels at ten seconds each, looked at and
# corrected. Which hundred?

# %%
quizzes.predict("08.p5", ...)

# %% [markdown]
# `corrected` mends the labels that somebody looked at, trains the layer with them, and returns its accuracy on the new pictures.


# %%
def corrected(looked_at):
    mended = y_noisy.copy()
    mended[looked_at] = clean.train.y[looked_at]  # what somebody sees who looks
    last_layer.fit(x_train, mended)
    return last_layer.score(x_new, y_new)


# %% [markdown]
# Which pictures a random choice hits is luck, so we draw ten times.

# %%
rng = np.random.default_rng(0)
at_random = [corrected(rng.choice(images, 100, replace=False)) for _ in range(10)]
checks = {
    "nothing": corrected([]),
    "100 at random": np.mean(at_random),
    "the first 50 suspects": corrected(order[:50]),
    "the first 100 suspects": corrected(order[:100]),
    "every label": corrected(np.arange(images)),
}
print(f"{wrong[order[:100]].sum()} of the first hundred suspects have a wrong label")

# %% tags=["slide"]
plots.bars(
    checks,
    label="accuracy on new pictures",
    intervals={"100 at random": (min(at_random), max(at_random))},
    chance=1 / 6,
    caption="Labels that somebody looked at and corrected, before the training. "
    "At random: mean of ten draws, and a line from the lowest to the highest.",
)

# %%
quizzes.verdict("08.p5")

# %% [markdown]
# *What you see.* {{100 * checks["nothing"]:.0f}} % as it is, on average {{100 * checks["100 at random"]:.0f}} if a hundred labels are looked at anywhere,
# {{100 * checks["the first 100 suspects"]:.0f}} if they are the first hundred suspects, and {{100 * checks["every label"]:.0f}} if it is every label. Of those suspects {{wrong[order[:100]].sum()}} had a wrong
# label; a hundred at random hold about {{100 * wrong.mean():.0f}}. (One folder: in yours the gain may be smaller. And "nothing" begins higher than in Ben's section, since this layer learns less by heart.)
#
# **Change this.** Print `corrected(order[:200])`. Is the second hundred worth as much as the first?

# %% [markdown] tags=["slide"]
# ## So do this
#
# | flaw | what you notice | test | what helps |
# | --- | --- | --- | --- |
# | uneven classes | fine accuracy, a class that is hardly ever named | count; recall of each class | more pictures of it; prior correction |
# | wrong labels | new pictures are best early, then fall (as with any overfitting) | suspects, shown as pictures | look at them and correct them |
# | groups | too good to be true | nearest training pictures | split by what is shown, several times |
# | background | good at home, bad elsewhere | cover the thing; change the background | other backgrounds; swap them |
#
# Look before you train: fifty pictures of each class, with their labels, on one screen. Test on pictures that come from somewhere
# else. And spend an hour on suspects before you spend one on the network.
#
# *Exercise 08.5: read four reports.* Say for each which flaw you would look for first: `"uneven classes"`, `"wrong labels"`,
# `"groups"` or `"background"`.

# %% tags=["exercise"]
flaws = {
    "accuracy 0.95, recall of one class 0.10": ...,
    "of the 20 least believed labels, 18 do not fit their picture": ...,
    "split at random 0.98, split by animal 0.71": ...,
    "split by animal 0.99, with every animal painted over 0.97": ...,
}
exercises.check("08.5", flaws)

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("08.q1")
quizzes.answer("08.q1", ...)

# %%
quizzes.ask("08.q2")
quizzes.answer("08.q2", ...)

# %%
quizzes.ask("08.q3")
quizzes.answer("08.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured in this run.

# %%
from course_utils import claims

claims.review("08")

# %% [markdown]
# ## To take home
#
# A program that inspects a folder with one subfolder for each class: it counts, asks how often each class is found again by
# cross-validation, and shows the suspects. It says which files it leaves out, and goes on. Several pictures of one
# thing belong into a subfolder of their own inside the class: they are then kept together (but one that lies in the wrong class is parted from the others). The next cell writes the network into
# `features.keras` (copy it to where you run the program), and a folder with two flaws to try it on.

# %%
from pathlib import Path

from PIL import Image

to_features.save("features.keras")
both = datasets.load(
    "cutouts", train=120, validation=6, test=6, size=96, imbalance=6, wrong_labels=0.1
)
for number, picture in enumerate(both.train.x):
    class_folder = Path("example_flawed") / both.class_names[both.train.y[number]]
    place = class_folder / f"thing {both.train.objects[number]}"
    place.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(place / f"{number}.png")

# %% tags=["take-home"]
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageOps
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

folder = Path("example_flawed")  # the name of yours: one subfolder for each class
to_features = keras.models.load_model("features.keras")
readable = []  # pairs: a file, and its picture, 96 by 96 pixels
for file in sorted(folder.glob("[!.]*/**/[!.]*.*")):
    try:
        photo = ImageOps.exif_transpose(Image.open(file))  # upright
        assert photo.mode[0] not in "IF", "more than 8 bits a colour"
        readable.append((file, ImageOps.fit(photo.convert("RGB"), (96, 96))))
    except Exception as problem:
        print(f"left out: {file}, {problem}")
y = np.array([file.relative_to(folder).parts[0] for file, _ in readable])
groups = [str(f if f.parent.parent == folder else f.parent) for f, _ in readable]
x = to_features.predict(np.array([np.array(shot) for _, shot in readable]), verbose=0)
how = {"groups": groups, "cv": GroupKFold(5), "method": "predict_proba"}
chances = cross_val_predict(LogisticRegression(C=0.01, max_iter=1000), x, y, **how)
for name in sorted(path.name for path in folder.glob("[!.]*/")):
    said = np.unique(y)[chances[y == name].argmax(axis=1)]
    print(f"{name}: {len(said)} pictures, {sum(said == name)} of them found again")
own = chances[y[:, np.newaxis] == np.unique(y)]  # what each picture's label gets
suspects = [readable[i] for i in np.argsort(own)[:8]]  # the least believed
print("look at", *[file for file, _ in suspects], sep="\n")
Image.fromarray(np.hstack([shot for _, shot in suspects])).save("suspects.png")

# %%
plots.image_grid(
    [np.asarray(Image.open("suspects.png").convert("RGB"))],
    size=7,
    caption="The eight least believed labels of the folder, in the order of the list above.",
)

# %% [markdown]
# *What you see.* A class with few pictures that is seldom found again needs more of them, and a picture that does not fit the folder in its name wants another label. Here that
# holds for the first two suspects, the gull and the seahorse. The other six are right, though a dolphin is a mammal as well. They are sea animals and vegetables, the two classes that are seldom found again, and there the list is worth less. (What Pillow cannot read, such as the HEIC of some phones, is left out: export it as JPEG.)
#
# ## What stays open
#
# Four flaws were made by us, one at a time and large. Yours come together, and smaller. The list of suspects finds
# mistakes that are made at random; if somebody calls *every* bat a bird, do not expect such a list to show it. [Lesson 07](07_your_own_images.ipynb) goes all the way
# with one folder, from the first look to a model card; now you know what its tests are made of. How to *see* which part of a picture an answer rests on is the subject of
# [lesson 09](09_explaining.ipynb).

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("08")
