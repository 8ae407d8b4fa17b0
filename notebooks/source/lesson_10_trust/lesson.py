# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 60
#       images: 900
#     smoke:
#       epochs: 2
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
# A small museum has put up a camera. Children hold a picture in front of it, and a machine says what they see: a bird, a
# mammal, a sea animal, a fruit, a vegetable or a flower. Beside it stands Rosa, the guide, and she would like to know when
# to step in. We train the machine, and look at the six mistakes that it was surest of.

# %% tags=["parameters"]
images: int = 450  # photographs to learn from
epochs: int = 60  # how often each of them is seen

# %% tags=["slide"]
from course_utils import datasets, models, plots, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

import keras
import numpy as np
from keras import layers
from scipy.special import softmax

data = datasets.load("cutouts", train=images, validation=200, test=300, size=96)
network = models.imagenet(96, include_top=False, pooling="avg")
x_train = network.predict(data.train.x, verbose=0)  # (450, 1280)
x_test = network.predict(data.test.x, verbose=0)  # (300, 1280)
y_test = data.test.y

keras.utils.set_random_seed(0)
classifier = keras.Sequential([keras.Input((1280,)), layers.Dense(6)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
classifier.compile("adam", loss, metrics=["accuracy"])
classifier.fit(x_train, data.train.y, batch_size=50, epochs=epochs, verbose=0)
logits = classifier.predict(x_test, verbose=0)  # (300, 6)
probabilities = softmax(logits, axis=1)

# %% tags=["slide"]
names = [name.replace("_", " ") for name in data.class_names]
confidence = probabilities.max(axis=1)  # how sure it is of its answer
right = probabilities.argmax(axis=1) == y_test
wrong = np.flatnonzero(~right)
surest = wrong[np.argsort(-confidence[wrong])][:6]  # the surest mistakes
plots.predictions(
    data.test.x[surest],
    y_test[surest],
    probabilities[surest],
    names,
    caption="The six mistakes of which the machine was surest.",
)

# %% [markdown]
# *What you see.* What it says, how sure it is, and below that what the picture shows. Its surest mistake has {{100 * confidence[surest[0]]:.0f}} %. Would
# you have called Rosa?
#
# **After this notebook you can:** find out whether a machine's 90 % means 90 %, make it so, let it keep silent where it
# is unsure, and say how far a test score can be trusted.
#
# **Before you start:** lessons 04 and 05.
#
# **Time:** 2 minutes to run, 60 minutes to study.

# %% [markdown] tags=["slide"]
# ## The machine
#
# Read the long cell once more. The network of [lesson 00](00_start_here.ipynb) has seen more than a million photographs. It turns each of ours into 1,280
# numbers, its **features**, and stays as it is. One dense layer learns our six classes from them. It gives six sums, the **logits**, and softmax makes
# probabilities of them. The largest one is the **confidence**: how sure the machine is of its answer. The {{len(y_test)}} test pictures show *other* animals
# and plants, before other backgrounds. (All numbers in the text come from the run that is stored with this notebook.)

# %%
print(f"training pictures: {100 * classifier.evaluate(x_train, data.train.y, verbose=0)[1]:.0f} % right")
print(f"test pictures: {100 * right.mean():.0f} % right, {100 * confidence.mean():.0f} % sure on average")

# %% [markdown] tags=["topic:10.calibration", "slide"]
# ## Does 90 % mean 90 %?
#
# If it rains on nine of ten days for which the forecast said *90 % rain*, you can rely on that forecast. Let us ask the same of the
# machine: of all answers that it gives with a confidence of 90 % or more, how many are right?

# %%
from course_utils import quizzes

quizzes.predict("10.p1", ...)

# %%
sure = confidence >= 0.9
print(f"{sure.sum()} of {len(y_test)} answers have 90 % or more")
print(f"on average they promise {100 * confidence[sure].mean():.0f} %")
print(f"and {100 * right[sure].mean():.0f} % of them are right")

# %%
quizzes.verdict("10.p1")

# %% [markdown]
# A **reliability diagram** asks that for every height. Sort the answers by confidence into ten bins: below 10 %, 10 to 20 %, and so on. Each bin becomes a dot:
# to the right, what its answers promise on average; upwards, the share that is right; beside it, how many answers it holds.

# %% tags=["slide"]
plots.reliability(
    y_test,
    {"as trained": probabilities},
    caption="On the dotted line, 90 % means 90 %. Below it, the machine promises too much.",
)

# %% [markdown]
# *What you see.* DOTS. Bins with few answers jump up and down by chance, so look at the
# large ones. The gap between confidence and share is what **calibration** is about.
#
# One number for the whole figure is the **expected calibration error**: the distance of each dot from the line, up or down, averaged,
# where a bin counts by the number of its answers.
#
# *Exercise 10.1: a calibration error by hand.* A machine gave ten answers. Six had a confidence of 0.9, and four of these six were right. Four
# had 0.6, and three of these four were right. How large is the error, as a fraction? *Example:* ten answers with 0.8, of which seven are right,
# have an error of 0.1.

# %%
from course_utils import exercises

# %% tags=["exercise"]
error_by_hand = ...
exercises.check("10.1", error_by_hand)

# %%
from course_utils import metrics

error_before = metrics.expected_calibration_error(y_test, probabilities)
print(f"calibration error: {100 * error_before:.1f} points")

# %% [markdown] tags=["slide"]
# ## One number mends it
#
# Why does it promise so much? After some epochs every training picture is right. The loss can still fall, in one way:
# by larger logits, which push the probabilities towards 0 and 1. So make them smaller again. **Temperature scaling**
# divides all logits by one number T before softmax. Three logits, 4, 2 and 0, at three temperatures:

# %% tags=["nbval-check-output"]
for T in (1, 2, 4):
    print(f"T = {T}:", softmax(np.array([4, 2, 0]) / T).round(2))

# %% [markdown]
# The larger T, the more modest the answer. What will a temperature of 2 do to the machine's accuracy on our {{len(y_test)}} test pictures?

# %%
quizzes.predict("10.p2", ...)

# %% [markdown]
# Which T is best must not be decided by the test pictures, and not by the training pictures either, which are all right. That is what the third set is for,
# the validation pictures. Of many temperatures, take the one with the lowest loss there. (`log_loss` is cross-entropy, the loss
# that training used.)

# %%
from sklearn.metrics import log_loss

x_validation = network.predict(data.validation.x, verbose=0)
y_validation = data.validation.y
validation_logits = classifier.predict(x_validation, verbose=0)

temperatures = np.arange(0.5, 5.05, 0.1)
losses = []
for T in temperatures:
    losses.append(log_loss(y_validation, softmax(validation_logits / T, axis=1)))
temperature = temperatures[np.argmin(losses)]
print(f"lowest loss at T = {temperature:.1f}")

# %% tags=["slide"]
modest = softmax(logits / temperature, axis=1)
plots.reliability(
    y_test,
    {"as trained": probabilities, f"with T = {temperature:.1f}": modest},
    caption="The same answers with the same logits. On the right they are divided by one number.",
)

# %%
right_with_T = modest.argmax(axis=1) == y_test
error_after = metrics.expected_calibration_error(y_test, modest)
print(f"accuracy {100 * right.mean():.1f} %, with T {100 * right_with_T.mean():.1f} %")
print(f"calibration error {100 * error_before:.1f} points, with T {100 * error_after:.1f}")

# %%
quizzes.verdict("10.p2")

# %% [markdown]
# *What you see.* DOTS
#
# **Change this.** Train for `epochs = 15`, and run the notebook from the start to here. How large is T now? And with 200? Put 60 back afterwards.

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *softmax gives the probability that the answer is right.* It gives six numbers that add up to 1. Whether the largest of them
# > says how often the machine is right has to be measured, and made so.

# %% [markdown] tags=["topic:10.abstaining", "slide"]
# ## Let it keep silent
#
# Rosa's rule: *at nine of ten answers the children must get the right name. About the other pictures I would rather be asked.* So the machine
# answers where its confidence reaches a **threshold**, and is silent otherwise: it **abstains**. The share that it answers is its **coverage**.
#
# *Exercise 10.2: coverage and accuracy.* Write `abstain(y_true, probabilities, threshold)`. The machine answers where its confidence is at
# least `threshold`. `y_true` has the shape `(n,)`, `probabilities` `(n, classes)`. Return two numbers: the coverage, and the
# accuracy on the answered pictures. *Example:* if it answers two of four pictures, and one of the two rightly, it is `(0.5, 0.5)`.


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
print(f"threshold {threshold:.2f}: answers {100 * answered.mean():.0f} %")

# %% [markdown]
# Now the test pictures, with every threshold there is: put the answers in order, the surest first, and see how many of the first 15, 30, 45, ... are right.

# %%
order = np.argsort(-modest.max(axis=1))  # the surest first
counts = np.arange(15, len(y_test) + 1, 15)
kept_right = [right[order[:count]].mean() for count in counts]
by_chance = [right.mean()] * len(counts)  # silent at random: nothing gained
knowing = [min(1, right.sum() / count) for count in counts]  # silent at mistakes first

# %% tags=["slide"]
plots.lines(
    {
        "silent where it is sure of its mistakes": knowing,
        "silent where it is unsure": kept_right,
        "silent at random": by_chance,
    },
    x=100 * counts / len(y_test),
    x_label="coverage: answered pictures, per cent",
    y_label="share right of the answered",
    caption="From left to right the machine says more. The top line knows the truth, which no machine does.",
)

# %%
answers_test = modest.max(axis=1) >= threshold
coverage = answers_test.mean()
accuracy_answered = right[answers_test].mean()
print(f"it answers {100 * coverage:.0f} % of the test pictures")
print(f"{100 * accuracy_answered:.0f} % of these answers are right")

# %% [markdown]
# *What you see.* DOTS
#
# **Change this.** Rosa wants 95 of a hundred answers to be right. Put 0.95 into the loop, and run from there. How many pictures are left for her?

# %% [markdown] tags=["topic:10.robustness", "slide"]
# ## Worn pictures
#
# On a rainy Sunday somebody breathes on the lens. Four ways to spoil a photograph, each in five strengths:


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
        x = x * (1 - 0.18 * strength)  # nearer to black
    else:
        raise ValueError(f"Expected noise, blur, fog or darkness. Received: {kind}.")
    return np.clip(x, 0, 255).round().astype("uint8")


# %% tags=["slide"]
KINDS = ("noise", "blur", "fog", "darkness")
one = data.test.x[2:3]
plots.image_rows(
    {kind: [one[0], *(corrupt(one, kind, strength)[0] for strength in range(1, 6))] for kind in KINDS},
    size=1.3,
    caption="A photograph as it is, and at strengths 1 to 5.",
)

# %% [markdown]
# At strength 5 you still know most things. What will the machine do at noise of strength 5? Temperature and threshold are those from above.

# %%
quizzes.predict("10.p3", ...)

# %% [markdown]
# To try four ways and five strengths takes some thousand pictures, so it was recorded beforehand, for five **deals**: in each of them other animals
# and plants are for training, validation and test.

# %%
from course_utils import recorded

worn = recorded.show("10_worn").figures
plain = worn["photographs as they are"]  # one dictionary a deal


def mean_over_deals(runs, kind, what):
    """The mean over the deals, at strengths 0 (untouched) to 5."""
    conditions = ["untouched"] + [f"{kind} {strength}" for strength in range(1, 6)]
    return [np.mean([run[name][what] for run in runs]) for name in conditions]


# %% tags=["slide"]
plots.lines(
    {kind: mean_over_deals(plain, kind, "right") for kind in KINDS},
    x=[0, 1, 2, 3, 4, 5],
    x_label="strength",
    y_label="accuracy",
    chance=1 / 6,
    caption="Mean of five deals.",
)

# %%
quizzes.verdict("10.p3")

# %% tags=["slide"]
promised = {}
for kind in KINDS:
    promised[f"{kind}, strength 5"] = {
        "confidence": mean_over_deals(plain, kind, "confidence")[5],
        "right": mean_over_deals(plain, kind, "right")[5],
    }
plots.bars(promised, label="share", caption="What it promises on average, and what it keeps.")

# %% [markdown]
# *What you see.* DOTS

# %% [markdown]
# And Rosa's rule, nine of ten?

# %%
kept = {}
for kind in KINDS:
    answered_5 = mean_over_deals(plain, kind, "answered")[5]
    kept[f"{kind}, strength 5"] = {
        "answered": answered_5,
        "right of the answered": mean_over_deals(plain, kind, "answered, right")[5] / answered_5,
    }

# %% tags=["slide"]
plots.bars(
    kept,
    label="share",
    caption="The threshold was chosen so that nine of ten answers are right. Are they?",
)

# %% [markdown]
# *What you see.* DOTS

# %% [markdown] tags=["slide"]
# ## Another camera
#
# Nobody breathes on lenses every day. But one morning the camera is broken, and Rosa takes an old tablet out of a drawer. It takes a quarter of
# the pixels, its white is yellow, and it stores small JPEG files. When pictures in use differ from those that a machine has learned from, that is
# called **distribution shift**.

# %%
import io

from PIL import Image


def old_tablet(photo):
    """What the old tablet makes of a photograph, uint8 (96, 96, 3)."""
    small = np.asarray(Image.fromarray(photo).resize((48, 48)))
    yellow = np.clip(small * [1.1, 1.0, 0.7], 0, 255).astype("uint8")
    file = io.BytesIO()  # a file in memory
    Image.fromarray(yellow).save(file, "JPEG", quality=25)
    return np.asarray(Image.open(file).resize((96, 96)))


tablet_photos = np.stack([old_tablet(photo) for photo in data.test.x])

# %% tags=["slide"]
plots.image_rows(
    {"camera": data.test.x[:6], "tablet": tablet_photos[:6]},
    size=1.4,
    caption="The same things for the museum's camera and for the old tablet.",
)

# %%
tablet_logits = classifier.predict(network.predict(tablet_photos, verbose=0), verbose=0)
tablet_answers = softmax(tablet_logits / temperature, axis=1)
tablet_confidence = tablet_answers.max(axis=1)
tablet_right = tablet_answers.argmax(axis=1) == y_test
tablet_said = tablet_confidence >= threshold
print(f"{100 * tablet_right.mean():.0f} % right, {100 * tablet_confidence.mean():.0f} % sure on average")
print(f"answers {100 * tablet_said.mean():.0f} %, of these {100 * tablet_right[tablet_said].mean():.0f} % right")

# %% [markdown]
# *What you see.* DOTS
#
# What can Rosa do? She photographs the validation things with the tablet as well and asks for a new temperature and a new
# threshold.

# %%
again = np.stack([old_tablet(photo) for photo in data.validation.x])
again_logits = classifier.predict(network.predict(again, verbose=0), verbose=0)
losses = [log_loss(y_validation, softmax(again_logits / T, axis=1)) for T in temperatures]
tablet_temperature = temperatures[np.argmin(losses)]

again_answers = softmax(again_logits / tablet_temperature, axis=1)
again_right = again_answers.argmax(axis=1) == y_validation
for tablet_threshold in np.arange(0.2, 1, 0.01):
    answered = again_answers.max(axis=1) >= tablet_threshold
    if again_right[answered].mean() >= 0.9:
        break
print(f"temperature {tablet_temperature:.1f}, threshold {tablet_threshold:.2f}")

# %% [markdown] tags=["topic:10.intervals", "slide"]
# ## How many pictures does it take?
#
# Rosa does not believe us. She holds twenty pictures in front of the camera, and 18 answers are right: 90 %. What is the machine's
# accuracy?
#
# Suppose that it is truly 80 %, so that each answer is right with the chance of four in five. Let ten thousand Rosas try twenty pictures each:

# %%
chance = np.random.default_rng(0)
twenty = chance.binomial(20, 0.8, 10_000) / 20
many = chance.binomial(300, 0.8, 10_000) / 300

# %% tags=["slide"]
plots.histograms(
    {"20 pictures": twenty, "300 pictures": many},
    x_label="accuracy in one test",
    caption="One machine, whose accuracy is 80 %, tested ten thousand times.",
)

# %% [markdown]
# *What you see.* DOTS
#
# Turned round: which accuracies fit what Rosa has seen? That range is a **confidence interval**. (It has nothing to do with the
# confidence of an answer.) At 95 % it is made so that it holds the true accuracy in about 95 of a hundred such tests.

# %%
from scipy.stats import binomtest

for right_count, count in ((18, 20), (90, 100), (900, 1000), (9000, 10000)):
    found = binomtest(right_count, count).proportion_ci(method="wilson")
    print(f"{right_count} of {count}: {100 * found.low:.1f} to {100 * found.high:.1f} %")

# %% [markdown]
# *What you see.* 18 of 20 fit a machine that is right seven times in ten. To halve an interval takes four times as many pictures: its half width is about
# $2\\sqrt{p\\,(1-p)/n}$, where p is the share right and n the number of pictures. And if *no* answer of n was wrong, up to about 3 / n may be: the **rule of three**.
#
# *Exercise 10.3: how many test pictures?* Rosa wants to know an accuracy of about 90 % to within 2 points, up and down. How many pictures does she
# need, about? *Example:* to within 10 points it takes 36.

# %% tags=["exercise"]
pictures_needed = ...
exercises.check("10.3", pictures_needed)

# %% [markdown]
# We have {{len(y_test)}} test pictures. But look at what they show.

# %%
things = np.unique(data.test.objects)
print(f"{len(y_test)} pictures show {len(things)} things")

# %%
quizzes.predict("10.p4", ...)

# %% [markdown]
# An interval that counts things: draw as many things as there are, some of them several times and some not at all, and compute the accuracy on their
# pictures. Two thousand such draws show how far the score would move if other things had come. That is the **bootstrap**.

# %%
pictures_of = {thing: np.flatnonzero(data.test.objects == thing) for thing in things}
scores = []
for _ in range(2000):
    drawn = chance.choice(things, len(things))  # with repetition
    pictures = np.concatenate([pictures_of[thing] for thing in drawn])
    scores.append(right[pictures].mean())
by_thing = np.quantile(scores, [0.025, 0.975])
by_picture = binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson")

# %% tags=["slide"]
plots.bars(
    {"counting pictures": right.mean(), "counting things": right.mean()},
    intervals={
        "counting pictures": (by_picture.low, by_picture.high),
        "counting things": tuple(by_thing),
    },
    caption="The same accuracy with two intervals of 95 %.",
)

# %%
quizzes.verdict("10.p4")

# %% [markdown]
# *What you see.* DOTS

# %% [markdown] tags=["topic:10.groups", "slide"]
# ## For whom does it work?
#
# An average is made of groups. Here are the six classes, each with what the machine answers of it and what is right of that.

# %%
of_group = {}
for k in range(6):
    group = y_test == k
    said = group & answers_test
    of_group[f"{names[k]} ({len(np.unique(data.test.objects[group]))} things)"] = {
        "right, if it always answers": right[group].mean(),
        "answered": answers_test[group].mean(),
        "right of the answered": right[said].mean(),
    }

# %% tags=["slide"]
plots.bars(of_group, label="share", caption="The same temperature and threshold for all.")

# %% [markdown]
# *What you see.* DOTS
#
# *Exercise 10.4: accuracy of the worst group.* Write `worst_group(y_true, y_predicted, groups)`. All three are integer arrays `(n,)`;
# `groups` says for each picture which group it belongs to. Return the lowest accuracy that any group has. *Example:* with 3 of 4 right
# in group 0 and 1 of 2 in group 7, it is 0.5.


# %% tags=["exercise"]
def worst_group(y_true, y_predicted, groups):
    # your lines in the place of the dots
    ...


exercises.check("10.4", worst_group)

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Compare confidence with the share right before you show a per cent sign to anybody.
# - Fit one temperature on pictures that were put aside. It costs a minute and no accuracy.
# - Choose the threshold on such pictures, too, by what a wrong answer costs, and say the coverage beside the accuracy.
# - Both hold for pictures like those. Count again with pictures from where the machine will be used.
# - Give an interval that counts things, patients or days. Four times as many halve it.
# - Score each group by itself, with how many are in it: also for whom the machine keeps silent.
#
# *Exercise 10.5: which number answers which question?* Choose for each question `"accuracy"`, `"calibration error"`, `"coverage"`,
# `"interval"` or `"worst group"`.

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
# A program for a folder of yours with one subfolder for each class: how good, how sure, and when silent? The next cell writes the network into a file and makes a
# folder to try it on.

# %%
models.imagenet(96).save("imagenet.keras")
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
part = np.random.default_rng(0).permutation(len(y)) % 4  # 0 and 1 learn, 2 chooses
model = LogisticRegression(max_iter=1000).fit(x[part < 2], y[part < 2])
logits = model.predict_log_proba(x)  # as good as logits: softmax takes them back
choose, test = part == 2, part == 3
tried = np.arange(0.5, 5.05, 0.1)
T = min(tried, key=lambda t: log_loss(y[choose], softmax(logits[choose] / t, axis=1)))
p = softmax(logits / T, axis=1)
sure, right = p.max(axis=1), p.argmax(axis=1) == y
for threshold in np.arange(0.2, 1, 0.01):
    if right[choose & (sure >= threshold)].mean() >= 0.9:
        break
n, k, said = test.sum(), right[test].sum(), test & (sure >= threshold)
low, high = binomtest(k, n).proportion_ci(method="wilson")
print(f"right: {k} of {n}, 95 % interval {100 * low:.0f} to {100 * high:.0f} %")
print(f"T = {T:.1f}: on average {100 * sure[test].mean():.0f} % sure")
print(f"answers {said.sum()}, of these right {right[said].sum()}")

# %% [markdown]
# With several pictures of one thing, deal out things instead of pictures ([lesson 07](07_your_own_images.ipynb)). DOTS
#
# ## What stays open
#
# DOTS

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("10")
