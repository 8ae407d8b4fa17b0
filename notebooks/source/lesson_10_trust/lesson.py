# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 60
#       images: 900
#     smoke:
#       images: 60
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
# # How sure may I be of an answer, and when should the machine keep silent?
#
# A small museum has put up a camera. Children hold a picture in front of it, and a machine says what is to be seen: a bird,
# a mammal, a sea animal, a fruit, a vegetable or a flower. Beside it stands Rosa, the guide, and wants to know when to
# step in. Here are twelve of the pictures.

# %% tags=["parameters"]
images: int = 450  # photographs to learn from
epochs: int = 30  # how often each of them is seen

# %% tags=["slide"]
from course_utils import datasets, models, plots, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

data = datasets.load("cutouts", train=images, validation=200, test=300, size=96)
names = [name.replace("_", " ") for name in data.class_names]
plots.image_grid(
    data.train.x[:12],
    names,
    data.train.y[:12],
    columns=6,
    size=1.25,
    caption="Twelve pictures that the machine learns from.",
)

# %% [markdown]
# **After this notebook you can:** find out whether a machine's 90 % means 90 %, mend it, let the machine keep silent where it is
# unsure, and say how far a test score can be trusted.
#
# **Before you start:** lessons 04 and 05.
#
# **Time:** 2 minutes to run, 60 minutes to study.

# %% [markdown] tags=["slide"]
# ## The machine, and what it is sure of
#
# The network of [lesson 00](00_start_here.ipynb) has seen more than a million photographs. It turns each of ours into 1,280
# numbers, its **features**, and stays as it is. The test pictures show *other* animals and plants than the training pictures.

# %% tags=["slide"]
network = models.imagenet(96, include_top=False, pooling="avg")
x_train = network.predict(data.train.x, verbose=0)  # (450, 1280)
x_test = network.predict(data.test.x, verbose=0)  # (300, 1280)
y_test = data.test.y

# %% [markdown]
# One dense layer learns our six classes from the features. It has no softmax: it gives six sums, the **logits**, and
# `from_logits=True` tells the loss so. We shall want the logits later.

# %% tags=["slide"]
import keras
from keras import layers

keras.utils.set_random_seed(0)
classifier = keras.Sequential([keras.Input((1280,)), layers.Dense(6)])
classifier.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
classifier.fit(x_train, data.train.y, batch_size=50, epochs=epochs, verbose=0)
_, train_accuracy = classifier.evaluate(x_train, data.train.y, verbose=0)

# %% [markdown]
# **Softmax** turns six logits into six probabilities, which add up to 1. The largest belongs to the answer, and its height is the
# **confidence**: how sure the machine is.

# %%
import numpy as np
from scipy.special import softmax

logits = classifier.predict(x_test, verbose=0)  # (300, 6)
probabilities = softmax(logits, axis=1)
confidence = probabilities.max(axis=1)  # how sure it is of its answer
right = probabilities.argmax(axis=1) == y_test
print(f"training pictures: {100 * train_accuracy:.0f} % right")
print(f"test pictures: {100 * right.mean():.0f} % right")
print(f"its confidence there: {100 * confidence.mean():.0f} % on average")

# %% [markdown]
# So it makes mistakes. Here are the six of which it was surest.

# %%
wrong = np.flatnonzero(~right)  # the places of the mistakes
surest = wrong[np.argsort(-confidence[wrong])][:6]

# %% tags=["slide"]
plots.predictions(
    data.test.x[surest],
    y_test[surest],
    probabilities[surest],
    names,
    columns=3,
    caption="The six surest mistakes: what it says, how sure it is, and what the picture shows.",
)

# %% [markdown]
# *What you see.* Its surest mistake has {{100 * confidence[surest[0]]:.1f}} %. Nobody who reads that would call Rosa. (All numbers in
# the text come from the run that is stored with this notebook.)

# %% [markdown] tags=["topic:10.calibration", "slide"]
# ## Does 90 % mean 90 %?
#
# Take all days for which a forecast said *90 % rain*. If it rained on nine of ten, you can rely on that forecast. Ask the same of the machine:
# of all its answers with a confidence of 90 % or more, how many are right?

# %%
from course_utils import quizzes

quizzes.predict("10.p1", ...)

# %%
sure = confidence >= 0.9
print(f"{sure.sum()} of {len(y_test)} answers have 90 % or more")
print(f"they promise {100 * confidence[sure].mean():.1f} % on average")
print(f"and {100 * right[sure].mean():.1f} % of them are right")

# %%
quizzes.verdict("10.p1")

# %% [markdown]
# A **reliability diagram** asks the same for every height. Sort the answers by confidence into ten bins: up to 10 %, up to 20 %,
# and so on. Each bin that holds answers becomes a dot. How far to the right: what its answers promise on average. How high: the
# share of them that is right. The number beside it: how many answers it holds.

# %% tags=["slide"]
plots.reliability(
    y_test,
    {"as trained": probabilities},
    caption="On the dotted line, 90 % means 90 %. Below it, the machine promises too much.",
)

# %% [markdown]
# *What you see.* The dot at the far right holds {{np.sum(confidence > 0.9)}} of the {{len(y_test)}} answers, and lies well below the line. Dots with few answers
# jump up and down by chance. How well confidence and share right agree is called **calibration**.
#
# One number for the whole figure is the **expected calibration error**. Take the distance of each dot from the line, up or down, and average
# them; a bin with more answers counts for more.
#
# *Exercise 10.1: a calibration error by hand.* A machine gave ten answers. Six had a confidence of 0.9, and four of those were right.
# Four had 0.6, and three of those were right. How large is the error, as a fraction? *Example:* ten answers with 0.8, of which seven are right, have
# an error of 0.1. (`exercises.hint("10.1")` helps.)

# %%
from course_utils import exercises

# %% tags=["exercise"]
error_by_hand = ...
exercises.check("10.1", error_by_hand)

# %%
from course_utils import metrics

error_before = metrics.expected_calibration_error(y_test, probabilities, bins=10)
print(f"the machine: {error_before:.3f}")

# %% [markdown] tags=["slide"]
# ## One number mends it
#
# The layer was trained until {{100 * train_accuracy:.0f}} % of its training pictures were right. From there an easy way to lower the loss further is to make the logits larger, which
# push the probabilities of those pictures towards 0 and 1. So make the logits smaller again. **Temperature scaling** divides all of them by one number, T, before
# softmax. Here are three logits at three temperatures:

# %% tags=["nbval-check-output"]
for number in (1, 2, 4):
    print(f"T = {number}:", softmax(np.array([4, 2, 0]) / number).round(2))

# %% [markdown]
# The larger T, the more modest the answer. What will T = 2 do to the accuracy on our test pictures?

# %%
quizzes.predict("10.p2", ...)

# %% [markdown]
# Which T is best? The test pictures must not decide, or they would no longer test. The training pictures cannot: they are nearly all
# right. For such choices there is the third set, the validation pictures. Try many temperatures, and take the one with the lowest loss there.
# (`log_loss` is cross-entropy, the loss of the training.)

# %%
from sklearn.metrics import log_loss

x_validation = network.predict(data.validation.x, verbose=0)
y_validation = data.validation.y
validation_logits = classifier.predict(x_validation, verbose=0)

temperatures = np.arange(0.5, 10.05, 0.1)
losses = []
for T in temperatures:
    losses.append(log_loss(y_validation, softmax(validation_logits / T, axis=1)))
temperature = temperatures[np.argmin(losses)]
print(f"lowest loss at T = {temperature:.1f}")

# %%
modest = softmax(logits / temperature, axis=1)
modest_right = modest.argmax(axis=1) == y_test
error_after = metrics.expected_calibration_error(y_test, modest, bins=10)
print(f"accuracy {100 * right.mean():.1f} %, with T {100 * modest_right.mean():.1f} %")
print(f"calibration error {error_before:.3f}, with T {error_after:.3f}")

# %%
quizzes.verdict("10.p2")

# %% tags=["slide"]
plots.reliability(
    y_test,
    {"as trained": probabilities, f"with T = {temperature:.1f}": modest},
    caption="The same answers. On the right all logits were divided by one number.",
)

# %% [markdown]
# *What you see.* The dots have moved towards the line: the error falls from {{error_before:.3f}} to {{error_after:.3f}}, and not one answer has changed. The answers are
# spread over more bins now. As trained, {{100 * np.mean(confidence > 0.9):.0f}} % of all answers were in the last bin; now it is {{100 * np.mean(modest.max(axis=1) > 0.9):.0f}} %, so a
# reader can tell a sure answer from an unsure one.
#
# They do not lie *on* the line: one number cannot move each dot by itself, it was chosen on pictures of other things, and a dot that stands for a few answers lies off the line by chance alone.
#
# **Change this.** In the cell that trains, write `Adam(0.001)` for `Adam(0.01)`, and run the notebook from there to here. Is T larger or smaller now? Put it back afterwards.

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *softmax tells you how probable it is that the answer is right.* It gives numbers that add up
# > to 1. Whether the largest says how often the machine is right has to be measured, and often mended.

# %% [markdown] tags=["topic:10.abstaining", "slide"]
# ## Let it keep silent
#
# Rosa makes a rule: *nine of ten names that the children get must be right. For the other pictures, call me.* So the machine answers where
# its confidence reaches a **threshold**, and otherwise **abstains**. The share of the pictures that it answers is its **coverage**.
#
# *Exercise 10.2: coverage and accuracy.* Write `abstain(y_true, probabilities, threshold)`. The machine answers where its confidence
# is at least `threshold`. `y_true` has the shape `(n,)`, `probabilities` `(n, classes)`. Return two numbers: the coverage, and the accuracy
# on the answered pictures. *Example:* if it answers two of four pictures, and one of the two rightly, return `(0.5, 0.5)`.


# %% tags=["exercise"]
def abstain(y_true, probabilities, threshold):
    # your lines in the place of the dots
    ...


exercises.check("10.2", abstain)

# %% [markdown]
# Where should the threshold be? Again the validation pictures decide. Go up from 20 % until nine of ten answers are right.

# %%
validation_modest = softmax(validation_logits / temperature, axis=1)
validation_confidence = validation_modest.max(axis=1)
validation_right = validation_modest.argmax(axis=1) == y_validation

for threshold in np.arange(0.2, 1, 0.01):
    answered = validation_confidence >= threshold
    if validation_right[answered].mean() >= 0.9:
        break
print(f"threshold {threshold:.2f}")

# %% [markdown]
# Does the rule hold for the test pictures?

# %%
test_answered = modest.max(axis=1) >= threshold
coverage = test_answered.mean()
answered_accuracy = right[test_answered].mean()
print(f"it answers {100 * coverage:.0f} % of the test pictures")
print(f"{100 * answered_accuracy:.0f} % of these answers are right")

# %% [markdown]
# And with other thresholds? Put all answers in order, the surest first. How many of the first 15 are right, of the first 30, and so on? For
# comparison: a machine that keeps silent at random, and one that knows its mistakes and is silent there first.

# %%
order = np.argsort(-modest.max(axis=1))  # the surest first
counts = np.arange(15, len(y_test) + 1, 15)  # how many it answers
unsure_silent = [right[order[:count]].mean() for count in counts]
random_silent = [right.mean() for count in counts]  # nothing is gained
mistakes_silent = [min(1, right.sum() / count) for count in counts]

# %% tags=["slide"]
plots.lines(
    {
        "silent at its mistakes": mistakes_silent,
        "silent where unsure": unsure_silent,
        "silent at random": random_silent,
    },
    x=100 * counts / len(y_test),
    x_label="coverage: pictures that it answers, per cent",
    y_label="share right of the answered",
    caption="The more it answers, the more mistakes. The top line knows the truth, which no machine does.",
)

# %% [markdown]
# *What you see.* If it answers everything, {{100 * right.mean():.0f}} % are right. Of the half that it is surest of, {{100 * np.mean(right[order[:150]]):.0f}} % are. With Rosa's rule it
# answers {{100 * coverage:.0f}} %, and {{100 * answered_accuracy:.0f}} % of these answers are right. Rosa is called for the rest. Where to stand on the line is not for the machine to decide: it
# depends on what a wrong name costs, and what a guide costs.
#
# **Change this.** Rosa becomes stricter: 95 of a hundred. Put 0.95 into the loop, and run the cells from there. How many pictures are left to her?

# %% [markdown]
# What does the machine do with something that is on no list? Eight photographs of other things:

# %%
photographs = datasets.load("photographs")
strange_names = ["coffee", "coins", "rocket", "motorcycle_left"]
strange_names += ["clock_motion", "page", "retina", "china"]
strange = models.prepare([photographs[name] for name in strange_names], 96)
strange_logits = classifier.predict(network.predict(strange, verbose=0), verbose=0)
strange_answers = softmax(strange_logits / temperature, axis=1)

titles = []
for row in strange_answers:
    says = names[row.argmax()] if row.max() >= threshold else "(silent)"
    titles.append(f"{says}\n{100 * row.max():.0f} %")

# %% tags=["slide"]
plots.image_grid(
    strange,
    titles,
    columns=4,
    size=1.8,
    caption="What the machine says, and how sure it is of its likeliest name.",
)

# %% [markdown]
# *What you see.* It is silent about {{sum("silent" in title for title in titles)}} of the eight. Eight are few, and nobody promised it: the threshold was chosen for pictures of the six classes.
#
# **Now your picture.** Chelsea, the cat of lesson 00, is a mammal. Put a picture of your own in her place.

# %%
photo = photographs["chelsea"]  # or datasets.read_picture("holiday.jpg")
photo_features = network.predict(models.prepare(photo, 96), verbose=0)
photo_logits = classifier.predict(photo_features, verbose=0)
photo_answer = softmax(photo_logits / temperature, axis=1)[0]
plots.answers(photo, dict(zip(names, photo_answer, strict=True)))

# %% [markdown] tags=["topic:10.robustness", "slide"]
# ## Worn pictures
#
# On a rainy Sunday somebody breathes on the lens. Here are four ways to spoil a photograph, each with five strengths. Such changes are
# called **corruptions**.


# %% tags=["defines:robustness.corrupt"]
from scipy import ndimage


def corrupt(photos, kind, strength):
    x = photos.astype("float32")
    if kind == "noise":
        x = x + np.random.default_rng(0).normal(0, 15 * strength, x.shape)
    elif kind == "blur":
        x = ndimage.gaussian_filter(x, (0, 0.5 * strength, 0.5 * strength, 0))
    elif kind == "fog":
        x = x + 0.16 * strength * (220 - x)  # towards a light grey
    elif kind == "darkness":
        x = x * (1 - 0.18 * strength)  # towards black
    else:
        raise ValueError(f"Expected noise, blur, fog or darkness. Received: {kind}.")
    return np.clip(x, 0, 255).round().astype("uint8")


# %%
kinds = ["noise", "blur", "fog", "darkness"]
rows = {}
for kind in kinds:
    photo_rows = [data.test.x[6]]
    for strength in range(1, 6):
        photo_rows.append(corrupt(data.test.x[6:7], kind, strength)[0])
    rows[kind] = photo_rows

# %% tags=["slide"]
plots.image_rows(
    rows,
    size=1.3,
    caption="As it is, and with strengths 1 to 5. Until where do you know it?",
)

# %% [markdown]
# What will the machine do at strength 5, with the temperature and the threshold from above?

# %%
quizzes.predict("10.p3", ...)

# %% [markdown]
# Four ways with five strengths are some thousand pictures. So this was recorded beforehand, for three other *deals*: in each of
# them other animals and plants are for training, validation and test.

# %%
from course_utils import recorded

deals = recorded.show("10_worn").figures  # a list: what was found in each deal


def mean_of_deals(kind, what):
    """Six numbers, for the untouched pictures and strengths 1 to 5."""
    conditions = ["untouched"] + [f"{kind} {strength}" for strength in range(1, 6)]
    return [np.mean([deal[name][what] for deal in deals]) for name in conditions]


# %% tags=["slide"]
plots.lines(
    {kind: mean_of_deals(kind, "right") for kind in kinds},
    x=[0, 1, 2, 3, 4, 5],
    x_label="strength",
    y_label="accuracy, if it always answers",
    chance=1 / 6,
    caption="Mean of three deals.",
)


# %%
def promised_and_kept(kind, strength):
    return {
        "confidence as trained": mean_of_deals(kind, "confidence as trained")[strength],
        "confidence with T": mean_of_deals(kind, "confidence")[strength],
        "right": mean_of_deals(kind, "right")[strength],
    }


worn = {"untouched": promised_and_kept("noise", 0)}
for kind in kinds:
    worn[f"{kind} 5"] = promised_and_kept(kind, 5)

# %% tags=["slide"]
plots.bars(
    worn,
    label="mean confidence, and share right",
    caption="Do the numbers still hold where pictures are worn?",
)

# %% [markdown]
# *What you see.* Noise costs most: the accuracy falls from {{100 * worn["untouched"]["right"]:.0f}} to {{100 * worn["noise 5"]["right"]:.0f}} %. As trained, the machine promises too much in every
# group; of foggy pictures it is {{100 * worn["fog 5"]["confidence as trained"]:.0f}} % sure, and {{100 * worn["fog 5"]["right"]:.0f}} % of its answers are right. With T, the bars
# of what it promises and what it keeps are nearly of the same length, although T was chosen on untouched pictures: as a group, the worn pictures make it less sure.
#
# That is no law. It is the mean of three deals, one network and four kinds of wear; others have found networks that stay too sure (the first paper at the end).


# %%
def answered_and_right(kind, strength):
    answered_share = mean_of_deals(kind, "answered")[strength]
    right_share = mean_of_deals(kind, "answered and right")[strength]
    return {
        "answered": answered_share,
        "right of the answered": right_share / answered_share,
    }


kept = {"untouched": answered_and_right("noise", 0)}
for kind in kinds:
    kept[f"{kind} 5"] = answered_and_right(kind, 5)

# %% tags=["slide"]
plots.bars(
    kept,
    label="share",
    caption="Rosa's rule asks for nine of ten in every second bar.",
)

# %%
quizzes.verdict("10.p3")

# %% [markdown]
# *What you see.* It answers {{100 * kept["untouched"]["answered"]:.0f}} % of the untouched pictures and {{100 * kept["noise 5"]["answered"]:.0f}} % of the noisiest. Of its answers
# {{100 * kept["untouched"]["right of the answered"]:.0f}} % are right there, and {{100 * kept["noise 5"]["right of the answered"]:.0f}} to {{100 * max(group["right of the answered"] for group in kept.values()):.0f}} % in the four other groups. (The {{100 * kept["noise 5"]["right of the answered"]:.0f}} % come from
# {{300 * kept["noise 5"]["answered"]:.0f}} answers only.) Nine of ten is not quite reached in any group, and with noise and blur it is clearly missed. But silence does most of the work: on a bad day Rosa is called more often, as she should be.

# %% [markdown] tags=["slide"]
# ## Another camera
#
# One morning the camera is broken, and Rosa takes an old tablet out of a drawer. It has a quarter of the pixels, its white is yellow, and it stores small
# JPEG files. (We imitate it.) When pictures in use differ from those that a machine has learned from, that is called **distribution shift**.

# %%
import io

from PIL import Image


def old_tablet(photo):
    """What the tablet makes of a photograph of 96 by 96 pixels."""
    small = np.asarray(Image.fromarray(photo).resize((48, 48)))
    yellow = np.clip(small * [1.1, 1.0, 0.7], 0, 255).astype("uint8")
    file = io.BytesIO()  # a file in memory
    Image.fromarray(yellow).save(file, "JPEG", quality=25)
    return np.asarray(Image.open(file).resize((96, 96)))


tablet_photos = np.stack([old_tablet(photo) for photo in data.test.x])

# %% tags=["slide"]
plots.image_rows(
    {"camera": data.test.x[6:12], "tablet": tablet_photos[6:12]},
    size=1.4,
    caption="The same things for the museum's camera and for the tablet.",
)

# %%
tablet_features = network.predict(tablet_photos, verbose=0)
tablet_logits = classifier.predict(tablet_features, verbose=0)
tablet_answers = softmax(tablet_logits / temperature, axis=1)
tablet_right = tablet_answers.argmax(axis=1) == y_test
tablet_said = tablet_answers.max(axis=1) >= threshold

# %% tags=["slide"]
plots.bars(
    {
        "camera": {
            "right, if it always answers": right.mean(),
            "answered": coverage,
            "right of the answered": answered_accuracy,
        },
        "tablet": {
            "right, if it always answers": tablet_right.mean(),
            "answered": tablet_said.mean(),
            "right of the answered": tablet_right[tablet_said].mean(),
        },
    },
    label="share",
    caption="The same things, machine, temperature and threshold.",
)

# %% [markdown]
# *What you see.* If it always answers, the machine is right about {{100 * right.mean():.0f}} % of the camera's pictures and {{100 * tablet_right.mean():.0f}} % of the tablet's. It notices: it answers
# {{100 * coverage:.0f}} and {{100 * tablet_said.mean():.0f}} %. Does it notice enough? Rosa's rule asks for nine of ten. With the camera she gets {{100 * answered_accuracy:.0f}} %, with the tablet
# {{100 * tablet_right[tablet_said].mean():.0f}}. Nothing but tablet pictures with known names can tell her that.
#
# **Change this.** Take the fault away that you suspect most: `(96, 96)` for `(48, 48)`, or `[1, 1, 1]` for `[1.1, 1.0, 0.7]`, or `quality=95`. Which of the three costs most?

# %% [markdown] tags=["topic:10.intervals", "slide"]
# ## How many pictures does it take?
#
# Rosa holds twenty pictures in front of the repaired camera. 18 answers are right: 90 %. Is the machine that good? Suppose that it is right about
# 80 % in the long run. Ten thousand Rosas test it, with twenty pictures each:

# %%
chance = np.random.default_rng(0)
twenty = chance.binomial(20, 0.8, 10_000) / 20  # ten thousand scores
hundreds = chance.binomial(300, 0.8, 10_000) / 300

# %% tags=["slide"]
plots.histograms(
    {"20 pictures": twenty, "300 pictures": hundreds},
    x_label="accuracy in one test",
    caption="One machine that is right about 80 %, tested ten thousand times.",
)

# %% [markdown]
# *What you see.* With twenty pictures, {{100 * np.mean(twenty >= 0.9):.0f}} % of the Rosas see nine answers of ten right, or more. With 300 pictures, {{np.sum(hundreds >= 0.9)}} of the ten thousand do. (Of twenty, the score can only move in steps of five points: hence the comb.)
#
# Turn it round: which long-run accuracies fit what Rosa has seen? That range is a **confidence interval**. (It has nothing to do with the confidence of an
# answer.) At 95 % it is made so that about 95 of a hundred such intervals hold the true value.

# %%
from scipy.stats import binomtest

for hits, trials in ((18, 20), (90, 100), (270, 300), (900, 1000)):
    found = binomtest(hits, trials).proportion_ci(method="wilson")
    print(f"{hits} of {trials}: {100 * found.low:.1f} to {100 * found.high:.1f} %")

# %% [markdown]
# *What you see.* Rosa's twenty pictures also fit a machine that is right seven times in ten. Roughly, the interval reaches $2\sqrt{p\,(1-p)/n}$ to each side, with the
# share right p and n pictures. So four times as many pictures halve it. And if *none* of n answers was wrong, up to about 3 / n still may be in the long run. That is
# the *rule of three*.
#
# *Exercise 10.3: how many test pictures?* The machine is right about 90 %, and Rosa wants to know it to within 2 points to each side. How many
# pictures does she need, by the formula above? *Example:* to within 10 points it takes 36.

# %% tags=["exercise"]
pictures_needed = ...
exercises.check("10.3", pictures_needed)

# %% [markdown]
# We have {{len(y_test)}} test pictures. How many different things do they show? And how many do the six surest mistakes show?

# %%
things = np.unique(data.test.objects)  # each thing has a number
surest_things = np.unique(data.test.objects[surest])
print(f"{len(y_test)} test pictures show {len(things)} things")
print(f"the six surest mistakes show {len(surest_things)}")

# %%
quizzes.predict("10.p4", ...)

# %% [markdown]
# To count things, draw as many things as there are, blindly, and put each back: some come several times, some never. Compute the accuracy on their
# pictures. Two thousand such draws show how far the score moves when other things come. That is called the **bootstrap**.

# %%
pictures_of = {thing: np.flatnonzero(data.test.objects == thing) for thing in things}
scores = []
for _ in range(2000):
    drawn = chance.choice(things, len(things))
    pictures = np.concatenate([pictures_of[thing] for thing in drawn])
    scores.append(right[pictures].mean())
by_thing = np.quantile(scores, [0.025, 0.975])  # the middle 95 % of the scores

found = binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson")
by_picture = np.array([found.low, found.high])

# %% tags=["slide"]
plots.bars(
    {"counting pictures": right.mean(), "counting things": right.mean()},
    intervals={
        "counting pictures": tuple(by_picture),
        "counting things": tuple(by_thing),
    },
    caption="One accuracy with two intervals of 95 %.",
)

# %%
quizzes.verdict("10.p4")

# %% [markdown]
# *What you see.* {{100 * by_picture[0]:.0f}} to {{100 * by_picture[1]:.0f}} % if pictures count, {{100 * by_thing[0]:.0f}} to {{100 * by_thing[1]:.0f}} % if things do. For the question
# *how will it do with things that it has not seen?* the second is the honest one. The six surest mistakes said so already: they are {{len(surest_things)}}
# things, seen again and again. More pictures of the same things would help Rosa little; more things would. (With only {{len(things)}} things the bootstrap itself is a little too narrow.)

# %% [markdown] tags=["topic:10.groups", "slide"]
# ## For whom does it work?
#
# An average hides its parts. Here are the six classes, each by itself.

# %%
of_group = {}
for k in range(6):
    group = y_test == k
    said = group & test_answered
    count = len(np.unique(data.test.objects[group]))
    of_group[f"{names[k]} ({count} things)"] = {
        "right, if it always answers": right[group].mean(),
        "answered": test_answered[group].mean(),
        "right of the answered": right[said].sum() / max(1, said.sum()),
    }

# %% tags=["slide"]
plots.bars(
    of_group,
    label="share",
    caption="One temperature and one threshold for all. Look at the third bar of each class.",
)

# %% [markdown]
# *What you see.* Over all classes Rosa's rule is kept. For sea animals it is not: the machine answers {{100 * of_group["sea animal (4 things)"]["answered"]:.0f}} % of their pictures, and
# {{100 * of_group["sea animal (4 things)"]["right of the answered"]:.0f}} % of these answers are right. Silence is not shared evenly either: {{100 * of_group["mammal (13 things)"]["answered"]:.0f}} % of the mammals are answered, and
# {{100 * of_group["vegetable (5 things)"]["answered"]:.0f}} % of the vegetables. No average shows that, and no temperature mends it.
#
# But look at the numbers in brackets. Four things stand for all sea animals, and two of them fill the figure of the surest mistakes. So the machine fails with *these*; whether it
# fails with sea animals, four cannot say. To find out, Rosa needs more sea animals, not more pictures of these.
#
# *Exercise 10.4: accuracy of the worst group.* Write `worst_group(y_true, y_predicted, groups)`. All three are integer arrays
# `(n,)`; `groups` says for each picture which group it belongs to. Return the lowest accuracy that any group has. *Example:* with 3 of 4
# right in group 0 and 1 of 2 in group 7, return 0.5.


# %% tags=["exercise"]
def worst_group(y_true, y_predicted, groups):
    # your lines in the place of the dots
    ...


exercises.check("10.4", worst_group)

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Compare confidence with the share right before you show a per cent sign to anybody.
# - Fit one temperature on pictures that were put aside. It takes a minute and changes no answer.
# - Choose the threshold there, too, by what a wrong answer costs. Say coverage and accuracy together.
# - Count again with pictures from where the machine will be used: another camera is another world.
# - Give an interval that counts things (patients, days), not pictures. Four times as many halve it.
# - Score each group by itself: how often right, how often answered, and how many things that rests on.
#
# *Exercise 10.5: which number answers which question?* Choose for each `"accuracy"`, `"calibration error"`, `"coverage"`, `"interval"`
# or `"worst group"`.

# %% tags=["exercise"]
answered_by = {
    "may I believe it when it says 80 %?": ...,
    "how often will somebody have to look instead?": ...,
    "how far could chance have moved the score?": ...,
    "is there somebody for whom it works badly?": ...,
    "how often is it right, if it always answers?": ...,
}
exercises.check("10.5", answered_by)

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("10.q1")
quizzes.answer("10.q1", ...)

# %%
quizzes.ask("10.q2")
quizzes.answer("10.q2", ...)

# %%
quizzes.ask("10.q3")
quizzes.answer("10.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured in this run.

# %%
from course_utils import claims

claims.review("10")

# %% [markdown]
# ## To take home
#
# A program for a folder of yours, with one subfolder for each class: how good, how sure, and when silent? The next cell writes the network into a file, and a folder
# to try it on.

# %%
network.save("imagenet.keras")
datasets.write_walk("walk_elsewhere", elsewhere=True)

# %% tags=["take-home"]
import keras
import numpy as np
from scipy.special import softmax
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

folder = "walk_elsewhere"  # the name of yours
network = keras.models.load_model("imagenet.keras")
to_features = keras.Model(network.input, network.get_layer("features").output)
side, load = network.input_shape[1:3], keras.utils.image_dataset_from_directory
photos = load(folder, image_size=side, crop_to_aspect_ratio=True, shuffle=False)
x = np.concatenate([to_features.predict_on_batch(batch) for batch, _ in photos])
y = np.concatenate([labels for _, labels in photos])
part = np.random.default_rng(0).permutation(len(y)) % 4
learn, choose, test = part < 2, part == 2, part == 3
model = LogisticRegression(max_iter=1000).fit(x[learn], y[learn])
z = model.predict_log_proba(x)  # as good as logits: softmax takes the logarithm back
tried = np.arange(0.5, 10.05, 0.1)
loss = [log_loss(y[choose], softmax(z[choose] / T, 1), labels=[*set(y)]) for T in tried]
p = softmax(z / tried[np.argmin(loss)], axis=1)
sure, hit = p.max(axis=1), p.argmax(axis=1) == y
for threshold in np.arange(0.2, 1, 0.01):  # nine of ten answers are to be right
    if np.mean(hit[choose & (sure >= threshold)]) >= 0.9:
        break
good, n, said = hit[test].sum(), test.sum(), test & (sure >= threshold)
low, high = binomtest(good, n).proportion_ci(method="wilson")
print(f"{good} of {n} right: 95 % interval {100 * low:.0f} to {100 * high:.0f} %")
print(f"confidence {100 * sure[test].mean():.0f} %, T = {tried[np.argmin(loss)]:.1f}")
print(f"answers {said.sum()} of {n}, and {hit[said].sum()} of those are right")

# %% [markdown]
# Three parts: half of the photographs to learn from, a quarter to choose T and the threshold, a quarter to test. If your folder holds several
# pictures of the same things, deal out things, as in [lesson 07](07_your_own_images.ipynb), or every number here will be too good.
#
# ## What stays open
#
# One temperature cannot help a class that the machine mistakes with full confidence. Several networks that vote (an **ensemble**) often notice more, and cost as many times
# more; [*Can you trust your model's uncertainty?*](https://arxiv.org/abs/1906.02530) compares such remedies on worn pictures. Temperature scaling comes from [*On calibration of
# modern neural networks*](https://arxiv.org/abs/1706.04599). Why the machine took one thing for another is the question of lesson 09; lesson 11 asks what somebody can do who *wants* it to be wrong.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("10")
