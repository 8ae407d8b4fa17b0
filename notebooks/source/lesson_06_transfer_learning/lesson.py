# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 10
#       new_pictures: 600
#       pictures: 50
#       scratch_epochs: 25
#       tuning_epochs: 5
#     smoke:
#       epochs: 1
#       new_pictures: 30
#       pictures: 20
#       scratch_epochs: 1
#       tuning_epochs: 1
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
# # How far do fifty pictures take you?
#
# You want a program that tells birds, mammals, sea animals, fruit, vegetables and flowers apart. You have fifty pictures, eight
# or nine of each kind, and one evening. Everybody says that deep learning needs millions. Does it?

# %% tags=["parameters"]
pictures: int = 50  # to learn from
scratch_epochs: int = 25  # how often a small network sees each of them
epochs: int = 10  # how often the last layer of a large one does
tuning_epochs: int = 5  # and how often the large one itself does
new_pictures: int = 150  # for the test

# %% tags=["slide"]
from course_utils import datasets, plots, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

data = datasets.load(
    "cutouts", train=pictures, validation=60, test=new_pictures, size=96
)
x_train, y_train = data.train.x, data.train.y
x_valid, y_valid = data.validation.x, data.validation.y
plots.image_grid(
    x_train,
    data.class_names,
    y_train,
    caption="All the pictures that we learn from.",
)

# %% [markdown] tags=["slide"]
# These are the pictures: real animals and plants, cut out of photographs, and laid over other photographs, which are blurred. The seahorse and the
# dolphin are both called *sea_animal*. There are 60 more pictures to choose by, for **validation**, and 150 for the test. They show other
# animals and plants than these.
#
# **After this notebook you can:** make a classifier of a handful of pictures, fine-tune it and know whether that helped, and
# tell an honest score from a flattering one.
#
# **Before you start:** lessons 04 and 05.
#
# **Time:** 2 minutes to run, 60 minutes to study: 45 to read, to run and to answer the questions, and 15 for three exercises. *To take home* and
# *Further*, at the end, come on top.
#
# ## First try: from these pictures alone
#
# A small network of three convolutions, as you have built them before, starts **from scratch**: with random weights. It sees each
# picture 25 times.

# %%
import keras
from keras import layers

# %% tags=["slide"]
keras.utils.set_random_seed(0)
fresh = keras.Sequential(
    [
        keras.Input((96, 96, 3)),
        layers.Rescaling(1 / 255),
        layers.AveragePooling2D(3),  # 32 by 32 pixels are enough for it
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(6, activation="softmax"),  # a probability for each kind
    ]
)

# %% tags=["slide"]
fresh.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
scratch_history = fresh.fit(
    x_train,
    y_train,
    batch_size=10,
    epochs=scratch_epochs,
    validation_data=(x_valid, y_valid),
    verbose=0,
).history

# %% tags=["slide"]
plots.learning_curves(
    scratch_history, caption="A small network learns from fifty pictures alone."
)

# %%
scratch_learned = scratch_history["accuracy"][-1]
scratch_accuracy = scratch_history["val_accuracy"][-1]
print(f"training pictures: {100 * scratch_learned:.0f} %")
print(f"validation pictures: {100 * scratch_accuracy:.0f} %")

# %% [markdown]
# *What you see.* {{100 * scratch_learned:.0f}} % of the training pictures, and {{100 * scratch_accuracy:.0f}} % of the validation pictures. That is better than guessing, which gets 17.
# But it nearly knows our fifty pictures by heart, and that helps little with others. (Mirrored pictures, as in lesson 05, might help it a little.) Is everybody right, then?

# %% [markdown] tags=["slide"]
# ## Let another network look first
#
# Somebody else did have pictures: 1.28 million photographs, with a thousand names. The network that was trained on them is
# EfficientNet-Lite0, which you met in [lesson 00](00_start_here.ipynb). Some of its names fit our things, such as lemon and flamingo. Our six
# kinds are not among them. (They are rough ones: what lives in the sea is *sea_animal*, a sea lion too.)
#
# So we leave out its last layer, the one that gives the names, and take the 1,280 numbers that go into it. They are the **features** of a picture.

# %% tags=["topic:06.features", "slide"]
from course_utils import models

base = models.imagenet(size=96, include_top=False, pooling="avg")
train_features = base.predict(x_train, batch_size=10, verbose=0)
valid_features = base.predict(x_valid, batch_size=10, verbose=0)
print(x_train.shape, "become", train_features.shape)

# %% [markdown]
# `include_top=False` leaves the last layer out, and `pooling="avg"` takes the mean of each of the 1,280 maps before it. The network scales
# pixels itself, so it gets them as they are, from 0 to 255.
#
# Now one dense layer learns our six names from the features. It has about a quarter of the small network's weights, and never sees a pixel.

# %%
from course_utils import quizzes

quizzes.predict("06.p1", ...)

# %% tags=["slide"]
keras.utils.set_random_seed(0)
probe = keras.Sequential(
    [
        keras.Input((1280,)),  # the features of a picture
        layers.Dense(6, activation="softmax"),
    ]
)

# %% tags=["slide"]
probe.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
probe_history = probe.fit(
    train_features,
    y_train,
    batch_size=10,
    epochs=epochs,
    validation_data=(valid_features, y_valid),
    verbose=0,
).history

# %% tags=["slide"]
plots.learning_curves(
    probe_history, caption="One dense layer learns from the features of fifty pictures."
)

# %%
probe_accuracy = probe_history["val_accuracy"][-1]
print(f"from scratch: {100 * scratch_accuracy:.0f} % of the validation pictures")
print(f"on features: {100 * probe_accuracy:.0f} %")

# %%
quizzes.verdict("06.p1")

# %% [markdown]
# *What you see.* {{100 * probe_accuracy:.0f}} % of the same validation pictures, from the same fifty. A dense layer on features is called a **linear probe**. And to use on one
# task what a network has learned on another is **transfer learning**: you do not need millions if somebody else had them.
#
# **Change this.** Set `pictures` to 12, two of each kind, and run the cells again. How much is left? (It takes fewer steps as well.) Put 50 back.
#
# *Exercise 06.1: what the probe learns.* Our dense layer has 1,280 inputs and 6 outputs. How many parameters would it have for twelve kinds?

# %% tags=["exercise"]
from course_utils import exercises

probe_parameters = ...
exercises.check("06.1", probe_parameters)

# %% [markdown] tags=["slide"]
# ## What do the 1,280 numbers know?
#
# Take four validation pictures. For each, look for the three training pictures with the most similar features. (Similar: the cosine of the angle between two rows of features is near 1, as if they pointed the same way. `argsort` puts positions in order; the minus sign begins with the largest.)

# %%
import numpy as np
from sklearn.metrics.pairwise import cosine_similarity

queries = [0, 1, 2, 3]  # which validation pictures
alike = cosine_similarity(valid_features[queries], train_features)  # (4, 50)
nearest = np.argsort(-alike, axis=1)[:, :3]  # in each row the three most similar

# %%
shown, kinds = [], []
for query, row in zip(queries, nearest, strict=True):
    shown += [x_valid[query], *x_train[row]]
    kinds += [y_valid[query], *y_train[row]]

# %% tags=["slide"]
plots.image_grid(
    shown,
    data.class_names,
    kinds,
    columns=4,
    size=1.3,
    caption="First in each row: a validation picture. Behind it, its three nearest training pictures.",
)

# %%
same_kind = np.sum(y_train[nearest] == y_valid[queries].reshape(-1, 1))
print(f"{same_kind} of {nearest.size} neighbours are of the same kind")

# %% [markdown]
# *What you see.* The plait of garlic, in the first row, reminds the network of a giraffe, and no neighbour of it is a vegetable. Still, {{same_kind}} of the {{nearest.size}} neighbours are of
# the kind of the picture before them. By chance it would be two. And no training of ours has touched these numbers yet.
#
# **Change this.** Put other numbers below 60 into `queries`. Do you find another picture with no neighbour of its own kind?

# %% [markdown] tags=["slide"]
# ## Let the network learn, too
#
# The features were made for a thousand other names. Perhaps they can be bent a little towards our six. That is **fine-tuning**: the network
# learns, too, or a part of it.
#
# We join network and probe into one model. The dense layer goes on learning. Of the network the last of seven stages, which are groups of blocks, may learn, and the convolution behind it, `head`: they lie nearest to
# the names, while the first stages see edges and colours that any photograph has. The rest
# stays **frozen**: its weights are not changed.

# %% tags=["topic:06.features", "slide"]
model = keras.Sequential([keras.Input((96, 96, 3)), base, probe])

for layer in base.layers:
    layer.trainable = layer.name.startswith(("stage7", "head"))
    if isinstance(layer, layers.BatchNormalization):
        layer.trainable = False

# %% [markdown]
# Batch normalisation stays frozen everywhere: its means come from a million photographs, and ours would come from ten at a time.

# %% tags=["slide"]
probe_weights = model.get_weights()  # a copy, to return to
model.compile(
    optimizer=keras.optimizers.Adam(0.0001),  # a tenth of Adam's usual rate
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.summary(print_fn=print)

# %% [markdown]
# About a million weights may learn now. The rate is small, so that they move only a little from where a million photographs have
# put them. (Whoever freezes or unfreezes a layer later has to call `compile` again.)
#
# Our rule is set beforehand: we keep the fine-tuned model if it gets more of the validation pictures right than the probe.

# %%
tuned_history = model.fit(
    x_train,
    y_train,
    batch_size=10,
    epochs=tuning_epochs,
    validation_data=(x_valid, y_valid),
    verbose=0,
).history
both_histories = {  # one list after the other
    name: probe_history[name] + tuned_history[name] for name in probe_history
}

# %% tags=["slide"]
plots.learning_curves(
    both_histories,
    since={"unfrozen": epochs},
    caption="Left of the dotted line the dense layer learns, right of it the last stage as well.",
)

# %%
tuned_accuracy = tuned_history["val_accuracy"][-1]
kept = "fine-tuned model" if tuned_accuracy > probe_accuracy else "probe"
if kept == "probe":
    model.set_weights(probe_weights)  # back to the dotted line
print(f"probe {100 * probe_accuracy:.0f} %, fine-tuned {100 * tuned_accuracy:.0f} %")
print(f"we keep the {kept}")

# %% [markdown]
# *What you see.* {{100 * probe_accuracy:.0f}} % before, {{100 * tuned_accuracy:.0f}} % after, so we keep the {{kept}}. The loss on the validation pictures rises all the same. So the accuracy is a rule for choosing, and no proof: with sixty pictures, one more or less is nearly two points, and they show fewer things than sixty. (*Further* judges fine-tuning with more care.)
#
# **Change this.** Set the rate to 0.01 and run the notebook from the top to here. What happens to the curves? Put 0.0001 back.
#
# ### What each precaution is for
#
# A frozen part, a small rate, batch normalisation on its stored means: what happens without them? We tried it beforehand, and recorded it, with ten pictures of each kind, in three *deals*. In each deal
# all things are shuffled like cards, and dealt out anew, to learn from or to judge by.
#
# Every way sees equally many pictures. *At once* means that the network learns from the first step, when the dense layer knows nothing yet. Otherwise the dense layer learns alone for the first half.

# %%
from course_utils import recorded

broken = recorded.show("06_freezing").figures

# %% tags=["slide"]
plots.comparison(
    {
        "dense layer alone": broken["linear_probe"],
        "last stage, rate 0.0001": broken["last_stage"],
        "last stage at once, rate 0.001": broken["last_stage_at_once"],
        "everything, rate 0.0001": broken["everything"],
        "everything at once, rate 0.001": broken["everything_at_once"],
    },
    label="accuracy on new things",
    chance=1 / 6,
    caption="What may learn, and at which rate. One way ruins the network.",
)

# %% [markdown]
# *What you see.* If everything learns at once, at the rate of the dense layer, it ends at guessing in every deal, even on the pictures that it learns from ({{100 * np.mean(broken["everything_at_once_learned"]):.0f}} %). The untrained dense layer is not the
# only reason: behind a trained one, the same rate leaves {{100 * np.mean(broken["everything_at_usual_rate"]):.0f}} %. With a tenth of that rate the network is not ruined. Nor is it at the full rate if all but the last
# stage is frozen: that way is even ahead in all three deals, with {{100 * np.mean(broken["last_stage_at_once"]):.0f}} % on average. (The last stage learns for twice as many steps in it.) So freezing protects a part of the network, and a small rate protects the rest.
#
# Now batch normalisation. Unfrozen, it takes its means from the few pictures of a batch while the model trains. Here everything learns, at the small rate, in batches of ten or of three.

# %%
print(f"batches of 10, frozen: {100 * np.mean(broken['everything']):.0f} %")
print(f"batches of 10, unfrozen: {100 * np.mean(broken['norm']):.0f} %")
print(f"batches of 3, frozen: {100 * np.mean(broken['everything_by_threes']):.0f} %")
print(f"batches of 3, unfrozen: {100 * np.mean(broken['norm_by_threes']):.0f} %")

# %% [markdown]
# *What you see.* With ten at a time unfreezing does no harm that three deals could show. With three at a time it costs {{100 * np.min(np.subtract(broken["everything_by_threes"], broken["norm_by_threes"])):.0f}} to {{100 * np.max(np.subtract(broken["everything_by_threes"], broken["norm_by_threes"])):.0f}} points, in every deal: three pictures make a poor mean.
#
# Worse is to *ask* in that mode, with `model(x, training=True)`. The model that learned in unfrozen batches of ten gets {{100 * np.mean(broken["norm"]):.0f}} % with `predict`, which takes the stored means. By the means of the ten pictures that it is asked about,
# it gets {{100 * np.mean(broken["norm_asked_mixed"]):.0f}} %, and {{100 * np.mean(broken["norm_asked_sorted"]):.0f}} % if all ten are of one kind: what they have in common is subtracted.

# %% [markdown]
# *Exercise 06.2: what learns?* `that_learn(names)` is meant to return the names of the layers that we train: those that begin with `stage7`
# or `head`, but no batch normalisation, whose names end in `norm`. It has one fault. Mend it.
#
# ```python
# def that_learn(names):
#     chosen = []
#     for name in names:
#         if name.startswith("stage7") or name.startswith("head") and not name.endswith("norm"):
#             chosen.append(name)
#     return chosen
# ```


# %% tags=["exercise"]
def that_learn(names):
    # the mended lines, in the place of the dots
    ...


exercises.check("06.2", that_learn)

# %% [markdown] tags=["slide"]
# ## The test, once
#
# Nothing is left to choose, so we open the test set.

# %%
x_new, y_new = data.test.x, data.test.y
probabilities = model.predict(x_new, batch_size=10, verbose=0)  # (150, 6)
right = probabilities.argmax(axis=1) == y_new
test_accuracy = right.mean()
wrong = np.flatnonzero(~right)
surest = wrong[np.argsort(-probabilities[wrong].max(axis=1))][:6]
print(f"{100 * test_accuracy:.0f} % of {len(y_new)} new pictures")

# %% tags=["slide"]
plots.predictions(
    x_new[surest],
    y_new[surest],
    probabilities[surest],
    data.class_names,
    caption="The six mistakes of which it is surest. Which of them would you have made?",
)

# %% [markdown]
# *What you see.* Three times the same sea lion, called a bird. (It does sit like a penguin.) And twice the same lettuce. So the six mistakes are about
# three animals and plants. In all six it is as good as sure: what such a per cent is worth, [lesson 10](10_trust.ipynb) asks.
#
# Let us call animals and plants *things* (in lesson 04 they were *objects*), and give each thing one vote, however many pictures show it.

# %%
things = data.test.objects  # which thing each new picture shows
of_each_thing = np.array([right[things == thing].mean() for thing in np.unique(things)])
margin = 2 * of_each_thing.std(ddof=1) / np.sqrt(len(of_each_thing))
print(f"{len(of_each_thing)} things: {100 * of_each_thing.mean():.0f} % on average")
print(f"give or take {100 * margin:.0f} points")

# %% [markdown]
# *What you see.* {{100 * of_each_thing.mean():.0f}} %, give or take {{100 * margin:.0f}} points. That is how far fifty pictures took us, with sixty more to choose by.
#
# With other things to test on, the number would be another. The margin says how far off it may be: it is twice the **standard error**, which says how far such a mean is typically off by chance. The range is a
# **confidence interval**, and of a hundred such ranges about 95 hold the true score. (Some things of the test, such as the zebra, are among the
# network's thousand names. That may flatter the score.)
#
# The validation pictures gave {{100 * tuned_accuracy:.0f}} %. They show other things, and a margin as wide as this one has room for both.

# %% [markdown] tags=["slide"]
# ## Many pictures, or many things?
#
# You want a better classifier, and go out with a camera. Do you photograph the same two birds again and again, or eight birds once each?

# %%
knobs = {"validation": 1, "test": 1, "quiet": True}  # we look at training pictures only
two = datasets.load("cutouts", train=48, size=96, objects_per_class=2, **knobs).train
eight = datasets.load("cutouts", train=48, size=96, objects_per_class=8, **knobs).train
bird = data.class_names.index("bird")

# %% tags=["slide"]
plots.image_rows(
    {
        "two birds": two.x[two.y == bird],
        "eight birds": eight.x[eight.y == bird],
    },
    size=0.95,
    caption="Equally many pictures. Which row teaches more about birds?",
)

# %% [markdown]
# We tried it beforehand, with a probe, and recorded it, in three deals again: 8 or 24 pictures of each kind, which show one, two, four or eight different things.

# %%
quizzes.predict("06.p2", ...)

# %% tags=["topic:06.few"]
by_things = recorded.show("06_objects").figures
with_8 = np.mean(by_things["8_pictures"], axis=0)  # over the three deals
with_24 = np.mean(by_things["24_pictures"], axis=0)

# %% tags=["slide"]
plots.lines(
    {
        "8 pictures of each kind": by_things["8_pictures"],
        "24 pictures of each kind": by_things["24_pictures"],
    },
    x=by_things["things"],
    x_label="different things of each kind",
    y_label="accuracy on new things",
    logarithmic="x",
    chance=1 / 6,
    caption="Mean of three deals, with a band from the lowest to the highest.",
)

# %%
quizzes.verdict("06.p2")

# %% [markdown]
# *What you see.* Follow the line of 8 pictures: with a second thing the probe goes from {{100 * with_8[0]:.0f}} to {{100 * with_8[1]:.0f}} %, with eight things it has {{100 * with_8[3]:.0f}} %, no more than with four. Then compare the two lines: three times as many pictures of the same
# things change almost nothing, up to four things. With eight they gain {{100 * (with_24[3] - with_8[3]):.0f}} points, in three deals. (Our pictures of one thing are one cutout
# in several places. Real photographs would show more of it.)
#
# Now a trap. You have 24 pictures of two things of each kind, shuffle them, and put some aside to judge by. The same things stand on both sides.

# %%
same_things = np.mean(by_things["two_things_same"])  # over the three deals
new_things = np.mean(by_things["two_things_new"])
print(f"new pictures of the same things: {100 * same_things:.0f} %")
print(f"new things: {100 * new_things:.0f} %")

# %% [markdown]
# *What you see.* The same probe looks perfect on things that it knows. If you will meet new ones, only the second number is honest.
#
# *Exercise 06.3: one thing or two.* Your classifier is for animals that it has not met. Which of these must stay in `"the same"` part, and which may be set
# `"apart"`?

# %% tags=["exercise"]
together = {
    "two photographs of one dog, taken on two days": ...,
    "a photograph and its copy in black and white": ...,
    "two dogs of one breed": ...,
    "twenty frames of a film of one bird": ...,
}
exercises.check("06.3", together)

# %% [markdown] tags=["slide"]
# ## And on real photographs?
#
# Our pictures are composed. Here is a real photograph, a dahlia, and what the model says about it.

# %% tags=["slide"]
my_picture = ""  # such as "holiday.jpg"
dahlia = datasets.load("photographs", quiet=True)["flower"]
photo = datasets.read_picture(my_picture) if my_picture else dahlia
batch = models.prepare(photo, 96)  # its middle, 96 by 96 pixels, in a batch of one

# %% tags=["slide"]
answers = model.predict(batch, verbose=0)[0]  # one probability for each kind
said_of_photo = dict(zip(data.class_names, answers, strict=True))
plots.answers(batch[0], said_of_photo)

# %% [markdown]
# *What you see.* The longest bar is *{{data.class_names[answers.argmax()]}}*, with {{100 * max(answers):.0f}} %. The next is *sea_animal*: well, there are sea anemones. (The photograph is by vultilion.)
#
# **Now your picture.** Copy a photograph beside this notebook, put its name between the quotation marks, and run the two cells. Is there one that it gets wrong? (It has to name one of the six, whatever you show it.)
#
# One photograph proves little. So we took the twelve kinds of flowers of lesson 01, and trained probes on 1 to 60 photographs of each. We judged them by 240 others, at two sizes:
# 96 by 96 pixels, as the dahlia above, and 160 by 160.

# %%
quizzes.predict("06.p3", ...)

# %%
flowers = recorded.show("06_flowers").figures
at_96 = np.mean(flowers["probe_96"], axis=0)  # over two draws of the photographs

# %% tags=["slide"]
plots.lines(
    {
        "160 by 160 pixels": flowers["probe_160"],
        "96 by 96 pixels": flowers["probe_96"],
    },
    x=flowers["amounts"],
    x_label="photographs of each kind",
    y_label="accuracy on new photographs",
    logarithmic="x",
    chance=1 / 12,
    caption="A probe. Mean of two draws of the training photographs, with a band between them.",
)

# %%
quizzes.verdict("06.p3")

# %% [markdown]
# *What you see.* At 96 pixels one photograph of each kind gives {{100 * at_96[0]:.0f}} %, five give {{100 * at_96[2]:.0f}}, sixty {{100 * at_96[-1]:.0f}}. The larger size is ahead
# everywhere, and costs nearly three times the computing. (Two photographs may show the same plant: nobody has noted it. And one of the twelve kinds, the daisy, is among the network's thousand names, which may flatter these scores a little.)

# %% [markdown] tags=["slide"]
# ## A mistake without a message
#
# Our network scales pixels from 0 to 255 itself. Many programs divide by 255 first, out of habit. No error is raised.

# %%
quizzes.predict("06.p4", ...)

# %%
_, as_it_wants = model.evaluate(x_valid, y_valid, batch_size=10, verbose=0)
_, scaled_twice = model.evaluate(x_valid / 255, y_valid, batch_size=10, verbose=0)
print(f"0 to 255: {100 * as_it_wants:.0f} %, 0 to 1: {100 * scaled_twice:.0f} %")

# %%
quizzes.verdict("06.p4")

# %% [markdown]
# *What you see.* {{100 * as_it_wants:.0f}} % become {{100 * scaled_twice:.0f}} %. Read what your network wants, and put the scaling into the model.

# %% [markdown] tags=["slide"]
# ## So do this
#
# Fifty pictures took us to {{100 * of_each_thing.mean():.0f}} %, where guessing gets 17. Millions were needed, but they need not be yours. So:
#
# - Begin with a probe: the features of an ImageNet network, and one dense layer.
# - Then try whether it pays to let the last stage learn, at a small rate: keep it only if it is better on *validation* things. (With few pictures it often gains nothing.)
# - Collect several different *things* before more pictures of the same ones, and keep all pictures of one thing in one part.
# - Give the network the pixels that it wants: look up whether they run from 0 to 255 or otherwise, and let the saved model do the scaling.

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

# %% [markdown]
# What this lesson asserts, beside what was measured. (The bounds come from earlier runs on the same pictures.)

# %%
from course_utils import claims

claims.review("06")

# %% [markdown]
# ## To take home
#
# A probe for a folder of your own, with two parts, `train` and `test`, and in each a subfolder for each class. Ten pictures of each class are enough to
# begin. The next cell writes the network, and a small folder to try it on.

# %%
from pathlib import Path

from PIL import Image

models.imagenet(96, include_top=False, pooling="avg").save("features.keras")
example = datasets.load("cutouts", train=48, validation=1, test=30, size=96, seed=1)
for part, split in {"train": example.train, "test": example.test}.items():
    for number, (picture, label) in enumerate(zip(split.x, split.y, strict=True)):
        place = Path("example_few") / part / example.class_names[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(place / f"{number}.png")

# %% tags=["take-home"]
import keras
import numpy as np

folder = "example_few"  # the name of yours; the same thing never in both parts
base = keras.models.load_model("features.keras")  # wants pixels from 0 to 255
read = keras.utils.image_dataset_from_directory
how = {"image_size": (96, 96), "crop_to_aspect_ratio": True, "interpolation": "area"}

train = read(f"{folder}/train", shuffle=False, **how)
test = read(f"{folder}/test", shuffle=False, **how)
assert train.class_names == test.class_names
train_labels = np.concatenate([labels for _, labels in train])
test_labels = np.concatenate([labels for _, labels in test])

keras.utils.set_random_seed(0)
probe = keras.Sequential([keras.Input((1280,))])
probe.add(keras.layers.Dense(len(train.class_names), activation="softmax"))
probe.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
seen, unseen = base.predict(train, verbose=0), base.predict(test, verbose=0)
probe.fit(seen, train_labels, batch_size=10, epochs=20, verbose=0)
_, accuracy = probe.evaluate(unseen, test_labels, verbose=0)
print(f"{100 * accuracy:.0f} % of {len(test_labels)} test pictures")

classifier = keras.Sequential([keras.Input((96, 96, 3)), base, probe])
classifier.save("my_classifier.keras")  # takes pictures, gives probabilities

# %% [markdown]
# Nothing is chosen here, so two parts are enough. (With thirty test pictures the score is known to some 18 points.) Copy `features.keras` beside the program if you run it elsewhere; it reads JPEG, PNG, BMP and GIF. To fine-tune as well you need a third part, `validation`, and the cells of
# *Let the network learn, too*, where the pictures are in arrays and `fit` shuffles them. (`interpolation="area"` makes each small pixel the mean of those that it stands for.)
#
# Tomorrow, ask it about other pictures. In a new session run the program's lines down to `how` first; the pictures are read in the same way, and the names are those of the subfolders of `train`. With your own, change the two folders.

# %%
from pathlib import Path

my_classifier = keras.models.load_model("my_classifier.keras")
kinds_of = Path("example_few/train").iterdir()
kind_names = sorted(place.name for place in kinds_of if place.is_dir())
asked = read("example_few/test/flower", labels=None, shuffle=False, **how)
said = my_classifier.predict(asked, verbose=0)
for path, row in zip(asked.file_paths, said, strict=True):
    name = kind_names[row.argmax()]
    print(f"{Path(path).name}: {name} ({100 * row.max():.0f} %)")

# %% [markdown]
# ## What stays open
#
# Can you trust it, with near-copies, wrong names and a telling background? See [lesson 07](07_your_own_images.ipynb). The [FAQ](21_faq.ipynb) has short answers.
#
# ## Further
#
# Nine short pieces. Nothing later needs them.
#
# ### Does fine-tuning pay?
#
# Once more our six kinds, in three deals, with 5 to 50 pictures of each. The probe, fine-tuning and a network from scratch get 120 batches of 20 each;
# fine-tuning spends half of them on the dense layer.

# %%
few = recorded.show("06_few").figures

# %% tags=["topic:06.few"]
plots.lines(
    {
        "linear probe": few["linear_probe"],
        "fine-tuned": few["fine_tuned"],
        "from scratch": few["from_scratch"],
    },
    x=few["amounts"],
    x_label="pictures of each kind",
    y_label="accuracy on new things",
    logarithmic="x",
    chance=1 / 6,
    caption="Mean of three deals, with a band from the lowest to the highest.",
)

# %%
print("Fine-tuned minus probe, in points, with 95 % confidence intervals")
for amount, gain, low, high in few["gain_of_tuning"]:
    print(f"six kinds, {amount:>2} of each: {gain:+.1f} ({low:+.1f} to {high:+.1f})")
for amount, gain, low, high in flowers["gain_of_tuning_160"]:
    print(f"flowers, {amount:>2} of each: {gain:+.1f} ({low:+.1f} to {high:+.1f})")

# %% [markdown]
# *What you see.* Where an interval holds the zero, nothing is decided. Two of the seven leave it out: with fifty pictures of each of our kinds fine-tuning gained, by a hair, with five of
# each kind of flower it lost. Of seven such intervals one may well leave out the zero by chance. (The flowers are at 160 pixels, in the first draw alone. And the deals of our six kinds are others than in
# *What each precaution is for*, so do not compare scores between the two figures.) From scratch, the best is {{100 * np.max(np.mean(few["from_scratch"], axis=0)):.0f}} %; with more batches it may do better.
#
# ### Five pictures, and no training
#
# Take the mean of the features of each kind, and give a picture the name of the nearest mean. scikit-learn calls that `NearestCentroid`. A seventh kind would need no training, only some
# pictures and one mean more.

# %% tags=["topic:06.adapting"]
from sklearn.neighbors import NearestCentroid

five_of_each = NearestCentroid().fit(train_features[:30], y_train[:30])
means_accuracy = five_of_each.score(valid_features, y_valid)
print(f"{100 * means_accuracy:.0f} % of the validation pictures")

# %% [markdown]
# *What you see.* {{100 * means_accuracy:.0f}} % from the first thirty pictures, five of each kind, without a step of training. The probe above had fifty.
#
# *Exercise 06.4: the nearest mean.* Write `nearest_mean(features, labels, new)` yourself: for each row of `new` the class whose mean is nearest. The
# distance is the root of the sum of squared differences. Labels are 0, 1, 2 and so on.


# %% tags=["exercise"]
def nearest_mean(features, labels, new): ...


exercises.check("06.4", nearest_mean)

# %% [markdown]
# ### A user's own things
#
# The trap has a good use. A *user* asks about the same twelve things again and again. So they take three pictures of each, and the probe is trained
# anew with these among the others. In the same three deals:

# %% tags=["topic:06.adapting"]
for whose in ("user", "others"):
    first = 100 * np.mean(by_things[f"{whose}_before"])
    then = 100 * np.mean(by_things[f"{whose}_after"])
    print(f"{whose}: {first:.1f} %, then {then:.1f} %")

# %% [markdown]
# *What you see.* On other pictures of the user's things the probe becomes nearly perfect, and on all other things it stays within a point, on average. (Again the
# same cutout elsewhere: a real cup, turned round, is harder.)
#
# ### The learning rate
#
# The rate of fine-tuning in *Does fine-tuning pay?* was chosen beforehand, on the validation pictures of three other deals, with ten pictures of each kind.

# %%
plots.lines(
    {"fine-tuned": few["accuracy_by_rate"]},
    x=few["rates"],
    x_label="learning rate",
    y_label="accuracy on validation things",
    logarithmic="x",
    chance=1 / 6,
    caption="Mean of three deals, with a band from the lowest to the highest.",
)

# %% [markdown]
# *What you see.* The two smallest rates are level, and the smaller one was taken. The largest, {{few["rates"][-1]:g}}, is a gamble: in one deal it ends at guessing, in another at {{100 * np.max(few["accuracy_by_rate"], axis=0)[-1]:.0f}} %.
#
# ### Where it helps, and where not
#
# Handwritten digits of 8 by 8 pixels lie in the middle of black pictures of 16 by 16, or anywhere in them. A linear model learns from a hundred of them, and is asked about a
# hundred others. It gets the 256 bare pixels, or the features of the picture, enlarged to 96 by 96.

# %% tags=["topic:06.no-help"]
digits = recorded.show("06_digits").figures
digit_scores = {
    place: {
        "pixels": np.mean(digits[f"pixels_{place}"]),
        "features": np.mean(digits[f"features_{place}"]),
    }
    for place in ("middle", "anywhere")
}

# %%
plots.bars(
    digit_scores,
    chance=0.1,
    label="accuracy on a hundred new digits",
    caption="The same linear model on pixels and on features. Mean of three draws.",
)

# %% [markdown]
# *What you see.* Anywhere, the features are far ahead. In the middle the bare pixels are ahead, by {{100 * np.min(np.subtract(digits["pixels_middle"], digits["features_middle"])):.0f}} to {{100 * np.max(np.subtract(digits["pixels_middle"], digits["features_middle"])):.0f}} points in three draws. That is little with a hundred digits. But the million photographs
# bring no gain here. So compare with a simple model on the bare pixels, too.
#
# ### What it forgets
#
# In the same record the last stage was fine-tuned for the digits in the middle, ten passes at a rate of 0.001, with a dense layer of their own. The dense layer for our six kinds was trained before, and stays as it was.

# %% tags=["topic:06.forgetting"]
print(f"new digits: {100 * np.mean(digits['digits_learned']):.0f} %")
print(f"six kinds before: {100 * np.mean(digits['kinds_before']):.0f} %")
print(f"six kinds after: {100 * np.mean(digits['kinds_after']):.0f} %")

# %% [markdown]
# *What you see.* The score on the digits does not show what it cost: the features have moved, and the old layer reads them the old way. That is **catastrophic
# forgetting**. (The rate was ten times that of our fine-tuning above.) How much is lost differs from draw to draw, {{100 * np.min(np.subtract(digits["kinds_before"], digits["kinds_after"])):.0f}} points in one, {{100 * np.max(np.subtract(digits["kinds_before"], digits["kinds_after"])):.0f}} in another. Fine-tuned for something new? Test the old task again.
#
# ### Why the network is so small: depthwise convolutions
#
# A **depthwise convolution**, as in exercise 03.4, has one kernel for each channel, and adds nothing up over the channels. A **1x1
# convolution** then mixes them at each place. Two channels, each 2 by 2, and a kernel for each:

# %% tags=["topic:06.inside"]
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

# %% [markdown]
# The blocks of our network, but for the first, are three convolutions: 1x1 to more channels, depthwise, 1x1 back. Here is one, from 192 channels to 192:

# %%
block_weights = 0
for step in ("expand", "depthwise", "project"):
    convolution = base.get_layer(f"stage6_block2_{step}")
    weights = convolution.count_params()
    block_weights += weights
    print(f"{step:10} kernel {convolution.kernel.shape}: {weights:,} weights")
print(f"together {block_weights:,}; an ordinary 5x5 one: {5 * 5 * 192 * 192:,}")

# %% [markdown]
# *Exercise 06.5: weights of a depthwise pair.* A depthwise convolution of 5 by 5 over 40 channels, then a 1x1 convolution to 80, both without biases. How many weights
# are that?

# %% tags=["exercise"]
pair_weights = ...
exercises.check("06.5", pair_weights)

# %% [markdown] tags=["topic:06.residual"]
# ### Why a deep network can learn at all: residual connections
#
# A **residual connection** adds what comes into a block to what the block computes. Where [4, 0, 2, 7] comes in and the block computes
# [0, 1, 0, -2], [4, 1, 2, 5] goes out. (Our network has them too, where a block gives as many maps as it gets.) What is it worth? Here are 3, 11 and 41 dense layers on the 8 by 8 digits, with the additions and without, with equally many weights and steps:

# %%
depth = recorded.show("06_depth").figures

# %%
plots.lines(
    {
        "residual": depth["residual"],
        "plain": depth["plain"],
        "plain, He": depth["plain, He"],
    },
    x=depth["layers"],
    x_label="dense layers before the last",
    y_label="accuracy on the training digits",
    logarithmic="x",
    chance=0.1,
    caption="Mean and range of three starts. He: the random weights begin with a larger spread.",
)

# %% [markdown]
# *What you see.* With 41 layers the plain network guesses, even on the digits that it trains on; with the additions it gets {{100 * np.mean(depth["residual"], axis=0)[2]:.0f}} % of them. Depth itself wins little on such easy digits: with 3 layers the plain network gets {{100 * np.mean(depth["plain"], axis=0)[0]:.0f}} %. They are not the only help: a
# start made for `relu`, called He, brings the plain one of 41 to {{100 * np.mean(depth["plain, He"], axis=0)[2]:.0f}}. (It is our second try. In the first, with convolutions on drawn shapes, both deep networks stayed at guessing.)
#
# ### Does `training=False` keep batch normalisation still?
#
# Many programs write `base(x, training=False)`, to keep batch normalisation on its stored means while the rest trains. Does it hold? Dropout shows it best: in training it sets
# numbers to zero.

# %%
inner = keras.Sequential([keras.Input((1000,)), layers.Dropout(0.5)])
inputs = keras.Input((1000,))
outer = keras.Model(inputs, inner(inputs, training=False))

ones = np.ones((1, 1000))
dropped = int(np.sum(np.array(outer(ones, training=True)) == 0))
print(f"{dropped} of 1,000 numbers are zero")

# %% [markdown]
# *What you see.* In Keras {{keras.__version__}}, which made this run, it does not: the outer model is in training, and hands that down to the layers within. Batch normalisation within gets the same message. Freezing it, as we did, is safe: a frozen one always takes its stored means.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("06")
