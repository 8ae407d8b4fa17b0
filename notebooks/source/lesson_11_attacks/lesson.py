# ---
# jupyter:
#   course_profiles:
#     full:
#       steps: 20
#     smoke:
#       steps: 2
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
# # How easily is it fooled, and can you defend it?
#
# This is Chelsea, and what the network of lesson 00 says about her. It knows a thousand names, five of them for house
# cats.

# %% tags=["slide"]
from course_utils import datasets, models, plots, recorded, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

network = models.imagenet()
photo = models.prepare(datasets.load("photographs")["chelsea"])  # (1, 224, 224, 3)
answers = network.predict(photo, verbose=0)[0]  # (1000,)
plots.answers(photo[0], dict(models.top(answers, 5)))

# %% [markdown] tags=["slide"]
# Here is a second file. It was made from the first, and we kept it as an ordinary picture.

# %% tags=["slide"]
import numpy as np

second_file = recorded.load("11_photographs").pictures["chelsea"][np.newaxis]
second_answers = dict(models.top(network.predict(second_file, verbose=0)[0], 5))
plots.answers(second_file[0], second_answers)

# %% [markdown] tags=["slide"]
# *What you see.* The same cat, and the network is {{100 * max(second_answers.values()):.0f}} % sure that it is
# *{{max(second_answers, key=second_answers.get)}}*. What happened to the file? Subtract one picture from the other.

# %%
difference = second_file.astype("float32") - photo
print("each number changed by at most", np.abs(difference).max(), "of 255")

# %% tags=["slide"]
shown = [photo[0] / 255, second_file[0] / 255, (128 + 10 * difference[0]) / 255]
plots.image_grid(
    shown,
    ["first file", "second file", "difference, times ten"],
    size=2.4,
    caption="Grey in the right picture means unchanged.",
)

# %% [markdown]
# *What you see.* No number moved by more than {{np.abs(difference).max():.0f}} grey levels of 255. You have to multiply
# the change by ten to see it. A picture that was changed a little, on purpose, so that a network gets it wrong is an
# **adversarial example**.
#
# **After this notebook you can:** make such a picture, measure how much of it a network withstands, and tell a defence
# from something that only looks like one.
#
# **Before you start:** lessons 00 and 02 (loss and slope); 04 for the last section.
#
# **Time:** 2 minutes to run, 60 minutes to study up to the take-home, and 30 more with the exercises and *Further*.

# %% [markdown] tags=["slide"]
# ## Is the network just frightened by noise?
#
# Maybe any change of four grey levels would do. So toss a coin for each of the 150,528 numbers of the picture (224 rows,
# 224 columns, three colours): heads, 4 more; tails, 4 less. That is as large a change as the one above, without a plan. It
# is our **control**.

# %%
from course_utils import quizzes

quizzes.predict("11.p1", ...)

# %%
x = photo.astype("float32")
coins = np.random.default_rng(0).choice([-1, 1], x.shape)
noisy = np.clip(x + 4 * coins, 0, 255)  # a picture has no -2 and no 258
noisy_answers = dict(models.top(network.predict(noisy, verbose=0)[0], 5))
plots.answers(noisy[0] / 255, noisy_answers)

# %%
quizzes.verdict("11.p1")

# %% [markdown]
# From now on we count the five names for house cats together; they stand at the places 281 to 285.

# %%
GUACAMOLE = 924


def cat_and_guacamole(picture):
    probabilities = network.predict(picture, verbose=0)[0]
    return probabilities[281:286].sum(), probabilities[GUACAMOLE]


cat_before, _ = cat_and_guacamole(x)
cat_noisy, _ = cat_and_guacamole(noisy)
print(f"a cat: {100 * cat_before:.0f} % before, {100 * cat_noisy:.0f} % with noise")

# %% [markdown]
# *What you see.* {{100 * cat_before:.0f}} % for a cat before, {{100 * cat_noisy:.0f}} % with the noise. So it is not the
# size of the change. It is the plan.

# %% [markdown] tags=["slide"]
# ## Where the plan comes from
#
# Take a picture of six numbers, and a classifier that multiplies each by a weight and adds up. More than zero means
# *cat*.

# %%
tiny = np.array([[120, 80, 200], [60, 150, 90]])
weights = np.array([[0.5, -0.3, 0.2], [-0.4, 0.1, -0.6]])
print(f"score {(weights * tiny).sum():.0f}")

# %% [markdown]
# You may change every number by 10. How do you make the score as small as possible? Where the weight is positive, take
# 10 away; where it is negative, add 10. You need only the *sign* of each weight, +1 or -1.

# %%
aimed = tiny - 10 * np.sign(weights)
tossed = tiny - 10 * np.array([[1, 1, -1], [-1, 1, -1]])  # six coins
print(f"aimed: {(weights * aimed).sum():.0f}, coins: {(weights * tossed).sum():.0f}")

# %% tags=["slide"]
plots.number_grids(
    {"picture: 13, a cat": tiny, "weights": weights, "aimed: -8, no cat": aimed},
    caption="Each number moves by 10, against the sign of its weight.",
)

# %% [markdown]
# *What you see.* The score was {{(weights * tiny).sum():.0f}}. Aimed, all six changes push the same way, and they take
# $10 \cdot (0.5 + 0.3 + 0.2 + 0.4 + 0.1 + 0.6) = 21$ away. With coins some push up and some push down, and the
# score ends at {{(weights * tossed).sum():.0f}}.
#
# A photograph does not have six numbers but 150,528. The more there are, the larger the sum of all the small pushes that
# agree, and the better those of the coins cancel out.
#
# *Exercise 11.1: one step by hand.* `small_slopes` says how the loss changes when each number of `small_picture` grows.
# Change every number by 4 so that the *loss rises* as much as possible, and keep it a picture, from 0 to 255. A
# number whose slope is 0 stays.

# %%
from course_utils import exercises

# %% tags=["exercise"]
small_picture = np.array([[100, 2, 60], [254, 180, 30]])
small_slopes = np.array([[0.2, -0.9, 0.0], [1.3, -0.1, -0.4]])
stepped = ...
exercises.check("11.1", stepped)

# %% [markdown] tags=["slide", "topic:11.adversarial"]
# ## Six lines for a real network
#
# A network of fifty layers has no single weight for a pixel. But it has a **slope** for each: how much does the loss change
# when this number grows by one? All slopes together are the **gradient**. In lesson 02 it told us how to change the
# *weights* so that the loss falls. Now the weights stay, and we change the *picture* so that the loss rises.
#
# TensorFlow finds slopes by itself. A `GradientTape` notes every step of a computation, and then goes back through them. Try it on
# a number: the slope of $n^2$ at 3 is $2 \cdot 3 = 6$.

# %% tags=["nbval-check-output"]
import tensorflow as tf

n = tf.Variable(3.0)
with tf.GradientTape() as tape:
    square = n**2
print(float(tape.gradient(square, n)))

# %% [markdown]
# Now the same with a photograph in the place of $n$. The loss is $-\log p$, where $p$ is the probability of a cat: 0.1 while the
# network is sure, 4.6 at one per cent.


# %% tags=["slide"]
def slopes_of_cat(picture):
    pixels = tf.Variable(picture)
    with tf.GradientTape() as tape:
        p = tf.reduce_sum(network(pixels)[:, 281:286])
        loss = -tf.math.log(p)
    return tape.gradient(loss, pixels).numpy()  # as many numbers as the picture has


slopes = slopes_of_cat(x)

# %%
all_agree = np.abs(slopes).sum()
with_coins = (slopes * coins).sum()
print(f"one grey level, every push uphill: the loss rises by about {all_agree:.0f}")
print(f"one grey level, by coins: the loss changes by about {with_coins:.2f}")

# %% [markdown]
# *What you see.* The same answer as with six numbers, only {{all_agree / abs(with_coins):.0f}} times as clear: if the slopes
# held all the way, one grey level uphill would raise the loss by {{all_agree:.0f}}, and one grey level by coins would change it by
# {{abs(with_coins):.2f}}.
#
# One step along the sign of the slopes is the **fast gradient sign method** (FGSM). How far we go is called
# **epsilon**, here in grey levels.

# %% tags=["slide"]
one_step = np.clip(x + 1 * np.sign(slopes), 0, 255)  # epsilon = 1
cat_one_step, _ = cat_and_guacamole(one_step)
print(f"a cat: {100 * cat_one_step:.0f} %")

# %% [markdown]
# *What you see.* One grey level, one step, and *cat* has fallen from {{100 * cat_before:.0f}} to
# {{100 * cat_one_step:.0f}} %.
#
# *Exercise 11.2: mend a step.* This function should make one step that raises the loss. It has three faults. `picture` is
# uint8, whole numbers from 0 to 255; `slopes` has the same shape. Write it without the faults.
#
# ```python
# def attack_step(picture, slopes, epsilon):
#     changed = picture.astype("float32") - epsilon * slopes
#     return np.clip(changed, 0, 1)
# ```


# %% tags=["exercise"]
def attack_step(picture, slopes, epsilon):
    # your lines in the place of the dots
    ...


exercises.check("11.2", attack_step)

# %% [markdown] tags=["slide"]
# ## Further along the same road
#
# If one grey level does that much, what do two do, or eight? We keep the direction and go further.

# %%
quizzes.predict("11.p2", ...)

# %%
epsilons = [0, 0.5, 1, 2, 3, 4, 6, 8, 12, 16]
uphill = np.sign(slopes)
after_one_step, after_coins = [], []
for epsilon in epsilons:
    stepped_picture = np.clip(x + epsilon * uphill, 0, 255)
    tossed_picture = np.clip(x + epsilon * coins, 0, 255)
    after_one_step.append(cat_and_guacamole(stepped_picture)[0])
    after_coins.append(cat_and_guacamole(tossed_picture)[0])

# %% tags=["slide"]
plots.lines(
    {"one step uphill": after_one_step, "coins": after_coins},
    x=epsilons,
    x_label="epsilon, grey levels",
    y_label="probability of a cat",
    caption="One step, longer and longer, beside as much random noise.",
)

# %%
quizzes.verdict("11.p2")

# %% [markdown]
# *What you see.* TODO

# %% [markdown] tags=["slide"]
# ## Many small steps, and a name of your choice
#
# The remedy is the one from lesson 02: take small steps, and look at the slopes anew before each. Two more changes.
#
# - We do not go *away from cat* but *toward guacamole*: the loss is $-\log p$ of guacamole, and we go *downhill*. That is a
#   **targeted** attack.
# - After each step every number is brought back to at most epsilon from where it was. Bringing something back to
#   what is allowed is called a projection, and the whole thing **projected gradient descent** (PGD).

# %% tags=["parameters"]
steps: int = 10  # small steps of one grey level


# %% tags=["slide"]
def slopes_of(name, picture):
    pixels = tf.Variable(picture)
    with tf.GradientTape() as tape:
        loss = -tf.math.log(network(pixels)[0, name])
    return tape.gradient(loss, pixels).numpy()


epsilon = 4
changed = x
course = []  # the probabilities of cat and guacamole after each step
for _ in range(steps):
    changed = changed - 1 * np.sign(slopes_of(GUACAMOLE, changed))
    changed = np.clip(changed, x - epsilon, x + epsilon)  # back to within epsilon
    changed = np.clip(changed, 0, 255)  # and to what a picture can hold
    course.append(cat_and_guacamole(changed))

# %% tags=["slide"]
plots.lines(
    {
        "cat": [cat for cat, _ in course],
        "guacamole": [guacamole for _, guacamole in course],
    },
    x_label="steps",
    y_label="probability",
    caption="Toward guacamole, never further than four grey levels from the photograph.",
)

# %% [markdown]
# *What you see.* TODO
#
# A file holds whole numbers, and our steps have left fractions. Does the trick survive a file?

# %%
from PIL import Image

rounded = np.round(changed).astype("uint8")
Image.fromarray(rounded[0]).save("guacamole.png")

from_file = np.array(Image.open("guacamole.png"))[np.newaxis]
cat_in_file, guacamole_in_file = cat_and_guacamole(from_file)
print(f"read from the file: guacamole {100 * guacamole_in_file:.0f} %")

# %% [markdown]
# *What you see.* {{100 * guacamole_in_file:.0f}} %. That is how the second file at the top was made.
#
# **Change this.** Put another name in the place of `GUACAMOLE`, such as 963, *pizza*, or 0, *tench* (a fish), and run
# the cells of this section again. Then set `epsilon = 1`: how far do you get? (Put both back afterwards.)
#
# *Exercise 11.3: stay within reach.* Write `within(changed, original, epsilon)`: it brings every number of
# `changed` back to at most `epsilon` from `original`, and to at least 0 and at most 255. With `original` 10, `changed` 19 and
# `epsilon` 4, the answer is 14.


# %% tags=["exercise"]
def within(changed, original, epsilon):
    # your lines in the place of the dots
    ...


exercises.check("11.3", within)

# %% [markdown] tags=["slide"]
# ## A square that you can print
#
# Who wants to fool a camera cannot change the pixels of its pictures. But one can hold something in front of it. An
# **adversarial patch** is a square that may look like anything. It is trained like a network, by
# gradient descent, only that its pixels take the place of the weights: glue it over a photograph in a random place, ask
# how far the answer is from *toaster*, change the square a little; again and again, with many photographs.
#
# That took some minutes, so we recorded it. The square never saw the six photographs below.

# %%
patch_record = recorded.show("11_patch")
patch = patch_record.pictures["patch"]  # (64, 64, 3)
shuffled = patch_record.pictures["its pixels shuffled"]

# %%
every_photograph = datasets.load("photographs")
names = ["chelsea", "coffee", "camera", "rocket", "china", "retina"]
scenes = models.prepare([every_photograph[name] for name in names])
with_patch, with_shuffled = scenes.copy(), scenes.copy()
with_patch[:, 150:214, 10:74] = patch  # at the bottom left
with_shuffled[:, 150:214, 10:74] = shuffled

# %% tags=["slide"]
found = models.top(network.predict(np.concatenate([with_patch, with_shuffled])), 1)
titles = [f"{row[0][0]}\n{100 * row[0][1]:.0f} %" for row in found]
plots.image_grid(
    np.concatenate([with_patch, with_shuffled]),
    titles,
    columns=6,
    size=1.5,
    caption="Above with the patch, below with the same pixels shuffled: the network's first answer.",
)

# %% [markdown]
# *What you see.* TODO

# %% [markdown] tags=["topic:11.transfer", "slide"]
# ## Does it fool another network as well?
#
# So far the attacker had the network itself, every weight of it. Suppose that it lies behind a web address, and all you have is
# another network, trained on the same million photographs. Here is such a pair: the network of this lesson, EfficientNet-Lite0, and
# its larger sister Lite1, with other weights. Fourteen photographs were pushed toward *guacamole*, on our network,
# and then shown to both.

# %%
quizzes.predict("11.p3", ...)

# %%
carried = recorded.show("11_photographs").figures
ways = {
    "coins, 4 levels": "random",
    "toward guacamole, 4 levels": "toward guacamole",
    "away from its name, 4 levels": "away",
    "away from its name, 8 levels": "away, twice as far",
    "coins, 8 levels": "random, twice as far",
}

# %%
lost_names = {}
for label, way in ways.items():
    lost_names[label] = {}
    for whose, sign in {"our network": "ours", "its sister": "second"}.items():
        lost = [one[f"{sign}, {way}"]["changed"] for one in carried.values()]
        lost_names[label][whose] = sum(lost)

# %% tags=["slide"]
plots.bars(
    lost_names,
    label="photographs of fourteen that get another name",
    caption="Changed with the slopes of our network, shown to both.",
)

# %%
quizzes.verdict("11.p3")

# %% [markdown]
# *What you see.* TODO

# %% [markdown] tags=["slide"]
# ## Round the pixels?
#
# The changes are small. So why not throw small changes away? This network keeps only every 16th grey level: 0, 16, 32 and so on.
# Chelsea stays Chelsea, and the slopes of the whole are easily computed.


# %%
def coarse(picture):
    return tf.round(picture / 16) * 16


def slopes_with_rounding(picture):
    pixels = tf.Variable(picture)
    with tf.GradientTape() as tape:
        loss = -tf.math.log(network(coarse(pixels))[0, GUACAMOLE])
    return tape.gradient(loss, pixels).numpy()


cat_coarse, _ = cat_and_guacamole(coarse(x))
_, guacamole_coarse = cat_and_guacamole(coarse(changed))
print(f"the photograph, rounded: a cat {100 * cat_coarse:.0f} %")
print(f"the attacked one, rounded: guacamole {100 * guacamole_coarse:.0f} %")
print("largest slope:", np.abs(slopes_with_rounding(x)).max())

# %% [markdown]
# *What you see.* TODO The slope is exactly 0: push a number a little, and it is rounded to the same level as before. FGSM and PGD
# have nothing to go by; their picture stays as it is, and it stays a cat. By that test this is the most robust network
# of the world.

# %%
quizzes.predict("11.p4", ...)

# %% [markdown]
# The attacker computes the slopes *behind* the rounding, at the rounded picture, and changes the picture *before* it,
# as if there were no rounding in between.

# %%
through = x
for _ in range(steps):
    behind = coarse(through).numpy()
    through = through - 1 * np.sign(slopes_of(GUACAMOLE, behind))
    through = np.clip(np.clip(through, x - epsilon, x + epsilon), 0, 255)

_, guacamole_through = cat_and_guacamole(coarse(through))
print(f"through the rounding: guacamole {100 * guacamole_through:.0f} %")

# %%
quizzes.verdict("11.p4")

# %% [markdown]
# *What you see.* TODO
#
# A defence that works by hiding the slopes is called **gradient masking**. It stops those who believe their slopes, and nobody else.
# So a defence has to be tried by an attack made *for it*, by somebody who knows it.
#
# *Exercise 11.4: which report shows a defence?* Somebody says that a network withstands small changes. Write for each report
# `"shows it"` or `"does not"`.

# %% tags=["exercise"]
reports = {
    "random changes of 8 grey levels cost 1 point": ...,
    "20 steps of up to 4 grey levels leave 0.71 of 0.85": ...,
    "pixels are rounded first; the gradient is 0": ...,
    "one step of 8 grey levels does less than one of 2": ...,
}
exercises.check("11.4", reports)

# %% [markdown] tags=["topic:11.defence", "slide"]
# ## The defence that works, and its price
#
# Show the network attacked pictures while it learns. For each batch: attack the network as it is now, and take the training step on
# the attacked pictures, with their true labels. That is **adversarial training**:
#
# ```python
# for pictures, labels in batches:
#     attacked = pgd(model, pictures, labels, epsilon=8, steps=3)
#     model.train_on_batch(attacked, labels)
# ```
#
# For the ImageNet network that would take weeks. We did it with the small network of lesson 00 and its ten shapes: 4,000 pictures,
# 12 epochs, plain and adversarial, from three starts each. Then 1,000 new pictures were attacked with 20 steps, from two random
# starts; a picture counts as right only if both fail.

# %%
quizzes.predict("11.p5", ...)

# %%
trained = recorded.show("11_defence").figures
under_attack = {
    "plain": trained["plain"]["attacked"],
    "plain, coins": trained["plain"]["random"],
    "adversarial": trained["adversarial"]["attacked"],
}

# %% tags=["slide"]
plots.lines(
    under_attack,
    x=[0, 2, 4, 8, 16],
    x_label="epsilon of the attack, grey levels",
    y_label="accuracy on 1,000 new pictures",
    chance=0.1,
    caption="Mean of three starts, band from lowest to highest. Trained against 8 grey levels.",
)

# %%
quizzes.verdict("11.p5")

# %%
for name in ("plain", "adversarial"):
    untouched = [values[0] for values in trained[name]["attacked"]]
    at_8 = [values[3] for values in trained[name]["attacked"]]
    seconds = np.mean(trained[name]["seconds"])
    print(f"{name}: untouched {untouched}, attacked {at_8}, {seconds:.0f} s")

# %% [markdown]
# *What you see.* TODO

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Before you rely on a classifier, ask who could gain by fooling it, and what they can change: the file, the scene in front of
#   the camera, or neither.
# - Test with an attack, not with noise: many small steps, made for your network and its defences. Say up to which epsilon.
# - Try the attack on what seems to withstand it in another way before you believe it. A slope of 0 is a warning.
# - If you need robustness to small changes, train against them, and report both accuracies.
# - Do not let the picture alone decide what would be worth an attack to somebody. A second sensor or a person helps.
#
# Try this on networks and pictures of your own, or where their owner has agreed. To fool other people's systems, a camera at a gate, a
# filter or a car, can hurt somebody and is a crime in many countries.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("11.q1")
quizzes.answer("11.q1", ...)

# %%
quizzes.ask("11.q2")
quizzes.answer("11.q2", ...)

# %%
quizzes.ask("11.q3")
quizzes.answer("11.q3", ...)

# %%
quizzes.ask("11.q4")
quizzes.answer("11.q4", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("11")

# %% [markdown]
# ## To take home
#
# A program that makes your own photograph into guacamole, or whatever you write in its third line. It wants the saved network, the list
# of its names, and a photograph. This cell writes the three beside the notebook.

# %%
from pathlib import Path

network.save("imagenet.keras")
Path("imagenet_names.txt").write_text("\n".join(models.imagenet_names()), "utf-8")
Image.fromarray(every_photograph["coffee"]).save("example.jpg")

# %% tags=["take-home"]
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

photograph, wanted, most = "example.jpg", "guacamole", 4  # yours; most: grey levels
network = keras.models.load_model("imagenet.keras")
all_names = Path("imagenet_names.txt").read_text(encoding="utf-8").splitlines()
target = all_names.index(wanted)
middle = ImageOps.fit(Image.open(photograph).convert("RGB"), (224, 224))
before = np.array(middle, dtype="float32")[np.newaxis]  # (1, 224, 224, 3)
after = before
for _ in range(10):
    pixels = tf.Variable(after)
    with tf.GradientTape() as tape:
        loss = -tf.math.log(network(pixels)[0, target] + 1e-30)
    after = after - most / 4 * np.sign(tape.gradient(loss, pixels))
    after = np.clip(after, before - most, before + most)
    after = np.clip(after, 0, 255)
after = np.round(after)
pictures = {
    "1_before": before,
    "2_after": after,
    "3_change": 128 + 10 * (after - before),
}
for file_name, picture in pictures.items():
    bytes_of_it = np.clip(picture, 0, 255).astype("uint8")
    Image.fromarray(bytes_of_it[0]).save(f"{file_name}.png")
    said = network.predict(bytes_of_it, verbose=0)[0]
    print(f"{file_name}: {all_names[said.argmax()]}, {100 * said.max():.0f} %")

# %% [markdown]
# ## Further
#
# Two more ways in which a network can give away or bring in what it should not.

# %% [markdown] tags=["topic:11.membership"]
# ### Who was in the training set?
#
# Suppose that the training pictures are patients. Somebody has one picture and may ask the network about it. Was it among those that the
# network learned from? That attack is called **membership inference**. A network that knows its pictures by heart is surer of them than of
# others, so the plain attack is a threshold: *surer than this: a member*.
#
# To be right on average is not enough to harm anybody: who accuses half of all strangers has proved nothing. So one asks how many
# members are found while at most one of a hundred others is accused wrongly. And some pictures are easy for every network. The better attack trains networks
# of its own, half of which never saw the picture, and asks: is *this* network surer of *this* picture than those?

# %%
membership = recorded.show("11_membership").figures
members_found, pairs_told = {}, {}
for attack in ("one threshold", "compared with other networks"):
    runs = membership[attack]
    members_found[attack] = np.mean([run["members found"] for run in runs])
    pairs_told[attack] = np.mean([run["pairs"] for run in runs])

# %%
plots.bars(
    members_found,
    label="share of members found, one false alarm in a hundred",
    chance=0.01,
    caption="Mean of three networks that overfit.",
)

# %% [markdown]
# *What you see.* TODO
#
# *Exercise 11.5: members found without a false alarm.* A network was asked about four members and four others; these
# are its probabilities for the true class. No other picture may be accused. Which share of the members is found?

# %% tags=["exercise"]
of_members = np.array([0.99, 0.97, 0.90, 0.60])
of_others = np.array([0.95, 0.70, 0.40, 0.30])
members_found_by_hand = ...
exercises.check("11.5", members_found_by_hand)

# %% [markdown] tags=["topic:11.files"]
# ### A file that runs code
#
# You need not attack the picture if you can get somebody to open a file. Python's **pickle** format stores objects, and it
# lets an object say which function to call when it is read. Here it is only `print`.

# %% tags=["nbval-check-output"]
import pickle


class Harmless:
    def __reduce__(self):
        return print, ("This line was printed by a file, when it was opened.",)


stored = pickle.dumps(Harmless())
pickle.loads(stored)
# %% [markdown]
# *What you see.* We asked Python to *read* something, and it *did* something. With another function in the place of `print` it could
# have deleted your files. Models of many kinds are pickles inside.
#
# A `.keras` file is none, but it can hold a `Lambda` layer, which is a Python function. Keras refuses it:

# %% tags=["nbval-check-output"]
strange = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda z: 2 * z)])
strange.save("stranger.keras")
try:
    keras.models.load_model("stranger.keras")
except ValueError as error:
    print(str(error)[:90], "...")

# %% [markdown]
# The message goes on to say how the refusal is switched off, `safe_mode=False`. Do that with files of your own only. From a stranger
# take weights that are plain numbers, and code that you can read; and compare the file's checksum with the published one. That it loads does not
# make it harmless: a network can have been *trained* to answer wrongly at a sign, and such a file holds nothing but numbers. Nor is
# the refusal a proof: ways round it have been found, and closed in later versions.
#
# **What stays open:** we changed numbers by at most epsilon. To turn a picture, or to show it in another light, is no small change in this sense,
# and fools networks without any attacker: [lesson 10](10_trust.ipynb) measures that. And what did the network look at when it said
# *guacamole*? Nobody has a defence that keeps all of the accuracy; it is a field in which most
# published defences were broken within a year.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("11")
