# ---
# jupyter:
#   course_profiles:
#     full:
#       photographs: 600
#       shapes: 4000
#       epochs: 10
#     smoke:
#       photographs: 90
#       shapes: 200
#       epochs: 1
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
# # Labels are expensive: what can I learn without them?
#
# You have 600 photographs and no labels. Somebody who knows the subject will label twelve of them today. Here are forty. Which would you ask about?

# %% tags=["parameters"]
photographs: int = 600  # without labels
shapes: int = 2000  # pictures to learn from without labels, in the second half
epochs: int = 5  # how often the network sees each of them

# %% tags=["slide"]
from course_utils import datasets, plots

data = datasets.load(
    "cutouts", train=photographs, validation=6, test=300, size=96, quiet=True
)
pool, new = data.train, data.test
plots.image_grid(
    pool.x[:40],
    caption="The first forty of the pool. You may ask for twelve labels. Which twelve?",
)

# %% [markdown]
# These are the `cutouts` of lesson 06: birds, mammals, sea animals, fruit, vegetables, flowers. There are {{len(np.unique(pool.objects))}} different things among the {{len(pool.x)}} pictures, each of them
# several times over other backgrounds. The {{len(new.x)}} pictures in `new`, with which we measure, show other things. We do have all labels, so we can play the person who labels: whenever we
# ask, she answers with `pool.y`.
#
# **After this notebook you can:** choose which pictures should be labelled first, group pictures without labels, and train a network on pictures that have none.
#
# **Before you start:** lessons 04 and 05. Lesson 06 helps, on the features of the ImageNet network. A *start* is one training from other random weights.
#
# **Time:** 2 minutes to run, 100 minutes to study: 75 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* comes on top.

# %% [markdown] tags=["slide"]
# ## Twelve at random
#
# First let the ImageNet network look at all photographs: 1,280 numbers each, its **features**. That needs no labels. The scaler brings all numbers to the same scale.

# %%
import numpy as np
from sklearn.preprocessing import StandardScaler

from course_utils import models

network = models.imagenet(96, include_top=False, pooling="avg")
scaler = StandardScaler()
features = scaler.fit_transform(network.predict(pool.x, verbose=0))  # (600, 1280)
new_features = scaler.transform(network.predict(new.x, verbose=0))  # (300, 1280)

# %% [markdown]
# Draw twelve at random and have them labelled.

# %%
random = np.random.default_rng(0)
twelve = random.permutation(len(pool.x))[:12]

# %% tags=["slide"]
plots.image_grid(
    pool.x[twelve],
    data.class_names,
    pool.y[twelve],
    columns=12,
    caption="Twelve drawn at random, with the labels that the person gave.",
)

# %% [markdown]
# The pomegranate is there twice, and of the birds there is one. From these labels a linear model learns which features speak for which class. `score` is the share of new pictures that it gets right.

# %%
from sklearn.linear_model import LogisticRegression


def accuracy_from(chosen):  # the places of the pictures that were labelled
    model = LogisticRegression(max_iter=500)
    model.fit(features[chosen], pool.y[chosen])
    return model.score(new_features, new.y)


print(f"{100 * accuracy_from(twelve):.0f} % right, from twelve labels")

# %% [markdown]
# And your twelve? The forty pictures at the top have the places 0 to 39, row by row. Put yours in, of two classes at least.

# %%
mine = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]  # in their place: your twelve
with_mine = accuracy_from(mine)
print(f"{100 * with_mine:.0f} % right, from these {len(mine)} labels")

# %% [markdown] tags=["topic:18.clustering", "slide"]
# ## Groups without labels
#
# You could look at the pictures, and so take some of every kind. With forty that is easy, with forty thousand it is not. Can the choice be made without looking and without labels? Pictures with similar features probably show similar things.

# %%
from course_utils import quizzes

quizzes.predict("18.p1", ...)

# %% [markdown]
# **k-means** makes groups without any label. It begins with some **centres** and repeats two steps: every picture joins its nearest centre, and every centre moves to the mean of its members. Here are six pictures with one feature each, and two centres,
# at 2 and 3:

# %%
feature = np.array([1, 2, 3, 8, 9, 10])
centres = np.array([2.0, 3.0])
distances = np.abs(feature - centres[:, None])  # (2, 6): a row for each centre
nearest = distances.argmin(axis=0)  # 0 or 1 for each picture
moved = np.array([feature[nearest == k].mean() for k in (0, 1)])

# %%
plots.number_grids(
    {"feature": feature[None], "distance": distances, "new centre": moved[:, None]},
    signs="→→",
    marked={"distance": [(k, place) for place, k in enumerate(nearest)]},
    caption="Coloured: the nearer of the two centres, one below each picture. Each new centre is the mean of its own.",
)

# %% [markdown]
# The pictures 1 and 2 join the first centre, the other four the second. So the centres move to {{moved[0]:g}} and {{moved[1]:g}}. In the next round 3 changes sides, and then nothing moves any more: the groups are 1, 2, 3 and 8, 9, 10.
#
# *Exercise 18.1: one step by hand.* Six other pictures: 0, 1, 5, 6, 7, 14. The centres are at 1 and 5. Where are the two centres after one step, that is, after every picture has joined its nearest centre and both have moved?
# *Example:* above the answer was `[1.5, 7.5]`.

# %%
from course_utils import exercises

# %% tags=["exercise"]
new_centres = ...
exercises.check("18.1", new_centres)

# %% [markdown]
# Now the same with {{len(pool.x)}} photographs, 1,280 features and twelve groups.

# %%
from sklearn.cluster import KMeans

# from other first centres it may end in other groups: the best of four is kept
groups = KMeans(12, n_init=4, random_state=0).fit(features)
distance = groups.transform(features)  # (600, 12): from each picture to each centre
middle = distance.argmin(axis=0)  # for each centre the picture nearest to it
print(np.bincount(groups.labels_), "pictures in the twelve groups")

# %%
largest = np.bincount(groups.labels_).argsort()[::-1][:4]
members = {f"group {k}": np.flatnonzero(groups.labels_ == k)[:10] for k in largest}

# %% tags=["slide"]
plots.image_rows(
    {name: pool.x[places] for name, places in members.items()},
    size=0.8,
    caption="The four largest groups, ten pictures of each. No label was used.",
)

# %% [markdown]
# *What you see.* Three rows have a theme: round fruit (with a tomato and a pumpkin), flowers (with a raspberry and a lettuce), birds (with a dolphin). For what the first row has in common we find no word. A group is what the *network* finds alike, and need not be one of our classes. How well do groups and classes agree?

# %%
most = [np.bincount(pool.y[groups.labels_ == k]).max() for k in range(12)]
agreeing = 100 * sum(most) / len(pool.x)
print(f"{agreeing:.0f} % belong to the most frequent class of their group")

# %% [markdown]
# So the groups, made without a label, say something about the classes, and far from all: there are twice as many groups as classes, and still more than a third of the pictures differ from most of their group. And a group has no *name* until somebody gives it one. Suppose that the person labels the picture in the middle of each group:

# %% tags=["slide"]
plots.image_grid(
    pool.x[middle],
    data.class_names,
    pool.y[middle],
    columns=12,
    caption="The picture nearest to the centre of each of the twelve groups.",
)

# %% [markdown]
# One draw proves little. So we draw twelve at random ten times, and let k-means begin anew ten times. And what would somebody get who looks? Let her take two pictures of each class, at random within it: ten times, too.

# %%
amount = 12
by_chance, by_looking, by_groups = [], [], []
for start in range(10):
    order = np.random.default_rng(start).permutation(len(pool.x))
    by_chance.append(accuracy_from(order[:amount]))
    by_class = [order[pool.y[order] == k][: amount // 6] for k in range(6)]
    by_looking.append(accuracy_from(np.concatenate(by_class)))
    again = KMeans(amount, n_init=1, random_state=start).fit(features)
    by_groups.append(accuracy_from(again.transform(features).argmin(axis=0)))

# %% tags=["slide"]
plots.comparison(
    {
        "at random": by_chance,
        "looking: equally many of each class": by_looking,
        "one of each group": by_groups,
        "yours: the pictures in `mine`": [with_mine],
    },
    label="accuracy on new pictures",
    caption=f"{amount} labels every time, ten times each. The lowest row is your own choice.",
)

# %%
quizzes.verdict("18.p1")

# %% [markdown]
# *What you see.* Twelve at random: {{100 * np.mean(by_chance):.0f}} % on average, and anything from {{100 * min(by_chance):.0f}} to {{100 * max(by_chance):.0f}} %. Two of each class: {{100 * np.mean(by_looking):.0f}} %, from {{100 * min(by_looking):.0f}} to {{100 * max(by_looking):.0f}} %. One of each group: {{100 * np.mean(by_groups):.0f}} %, from {{100 * min(by_groups):.0f}} to {{100 * max(by_groups):.0f}} %.
# So looking pays: even its worst draw is better than the average at random. Groups come near to it on average, without anybody having looked, and their luck varies more.
#
# Do not judge by one choice of twelve, nor by yours. The lowest dot is what stands in `mine`. If that is still the first twelve of the pool, it is {{100 * with_mine:.0f}} %, more than nearly all the others. No rule chose them: that is one more draw, a lucky one, and where draws lie so far apart some must come out high. And groups are no guarantee: among the twelve middles shown above there is no vegetable.
#
# This is one pool, and one set of new pictures. How it goes on with more labels and on other photographs comes below.
#
# **Change this.** In the cell with the loop, set `amount` to 24, and run it and the figure again. All rules become better. What becomes of the difference between groups and chance? (It shrinks: we got 57 and 59 % on average.)

# %% [markdown] tags=["topic:18.active", "slide"]
# ## Ask about what the model does not know
#
# After twelve labels there is a model. It can say itself where it hesitates. That is **active learning**: the model asks, the person answers, the model learns, and so on.
#
# How do you measure hesitation? One way is the **margin**: the probability of the first answer minus that of the second. Three pictures, three classes:

# %%
three = np.array([[0.90, 0.06, 0.04], [0.48, 0.46, 0.06], [0.40, 0.31, 0.29]])
ordered = np.sort(three, axis=1)  # each row from small to large
three_margins = ordered[:, -1] - ordered[:, -2]

# %%
plots.number_grids(
    {"probabilities": three, "margin": three_margins[:, None].round(2)},
    signs="→",
    marked={"margin": [(1, 0)]},
    row_names=("first", "second", "third"),
    caption="The second picture has the smallest margin, so it is asked about next.",
)

# %% [markdown]
# And now for the whole pool, with the model that learned from the first twelve random labels:


# %%
def margins_of(model):  # of all pictures of the pool: (600,)
    ordered = np.sort(model.predict_proba(features), axis=1)
    return ordered[:, -1] - ordered[:, -2]


# %%
model = LogisticRegression(max_iter=500).fit(features[twelve], pool.y[twelve])
margins = margins_of(model)
margins[twelve] = np.inf  # never ask twice
asked = margins.argsort()[:12]

# %%
kinds = [data.class_names[k] for k in model.classes_]  # those labelled so far
# for each picture the classes, the first answer first
likeliest = model.predict_proba(features[asked]).argsort(axis=1)[:, ::-1]
doubts = [f"{kinds[row[0]]}\nor {kinds[row[1]]}" for row in likeliest]

# %% tags=["slide"]
plots.image_grid(
    pool.x[asked],
    doubts,
    columns=6,
    caption="What the model wants to know: its two first answers are almost equally probable.",
)

# %% [markdown]
# *What you see.* Some of these belong to kinds that the model confuses: an owl between a sea animal and a fruit. But two of them are white rabbits that look nearly alike. Each picture was chosen for itself, and nothing stops the rule from asking almost the same question twice.
#
# *Exercise 18.2: hesitation by entropy.* Another rule looks at all classes. It takes the pictures with the largest **entropy**, $-\sum_k p_k \log p_k$. Write `most_uncertain(probabilities, amount)` for an array of shape
# `(pictures, classes)`: the places of the `amount` pictures with the largest entropy, the largest first. A probability of 0 adds 0. *Example:* for `[[0.9, 0.1], [0.5, 0.5]]` and 1 it is `[1]`.


# %% tags=["exercise"]
def most_uncertain(probabilities, amount):
    # your lines in the place of the dots
    ...


exercises.check("18.2", most_uncertain)

# %% [markdown]
# The whole of active learning is this loop. Twelve labels a round, five rounds. For `"random"` the margins are replaced by random numbers, and all else is the same.


# %%
def ask(rule, rounds=5, seed=0):
    luck = np.random.default_rng(seed)  # for "random" only
    labelled, accuracies = list(twelve), []
    for _ in range(rounds):
        model = LogisticRegression(max_iter=500)
        model.fit(features[labelled], pool.y[labelled])
        accuracies.append(model.score(new_features, new.y))
        margins = margins_of(model) if rule == "margin" else luck.random(len(features))
        margins[labelled] = np.inf  # never ask twice
        labelled += margins.argsort()[:12].tolist()
    return accuracies


# %%
one_run = {rule: ask(rule) for rule in ("random", "margin")}

# %%
for rule, accuracies in one_run.items():
    print(f"{rule:6}", *(f"{100 * share:.0f} %" for share in accuracies))

# %% [markdown]
# In this run margin ends {{100 * (one_run["margin"][-1] - one_run["random"][-1]):.0f}} points ahead. But chance is not always the same. Five more runs of `"random"`, from the same first twelve labels, end at:

# %%
five_ends = [ask("random", seed=seed)[-1] for seed in range(1, 6)]
print(*(f"{100 * share:.0f} %" for share in five_ends))

# %% [markdown]
# Against these margin would be {{100 * (one_run["margin"][-1] - max(five_ends)):.0f}} to {{100 * (one_run["margin"][-1] - min(five_ends)):.0f}} points ahead. And all six begin with the same twelve labels, and are measured on the same new pictures. So we did it twenty times anew, with 960 photographs of twelve kinds of flowers. Each time is a *deal*, as of cards: 600 of the photographs, drawn by chance, are the pool, and the other 360 are the new pictures. All rules get equally many labels.

# %%
quizzes.predict("18.p2", ...)

# %%
from course_utils import recorded

rounds = recorded.show("18_rounds").figures
labels = rounds["labels"]  # 12, 24, ... after each round
flowers = {
    rule: np.array(rows) for rule, rows in rounds["flowers"]["accuracy"].items()
}  # each (20 deals, 12 rounds)

# %% tags=["slide"]
plots.lines(
    {rule: flowers[rule] for rule in ("random", "margin", "entropy")},
    x=labels,
    x_label="labelled photographs",
    y_label="accuracy on new flowers",
    middle=0.8,
    caption="Mean of twenty deals. The band leaves out the two highest and the two lowest.",
)

# %%
quizzes.verdict("18.p2")

# %%
ahead = {rule: 100 * (flowers[rule] - flowers["random"]) for rule in flowers}
for rule in ("margin", "entropy"):
    print(rule, "minus random, in points:", np.round(ahead[rule].mean(axis=0), 1))

# %% [markdown]
# *What you see.* With 24 labels, margin is {{ahead["margin"][:, 1].mean():+.1f}} points from random, on average: nothing. With 72 it is {{ahead["margin"][:, 5].mean():+.1f}}, and ahead in {{(ahead["margin"][:, 5] > 0).sum()}} of the {{len(flowers["margin"])}} deals. Entropy is *behind* random at first, by up to
# {{-ahead["entropy"].mean(axis=0).min():.1f}} points, and ahead only from {{labels[np.flatnonzero(ahead["entropy"].mean(axis=0) < 0)[-1] + 1]}} labels on.
#
# Why so late? The first twelve labels show {{np.mean(rounds["flowers"]["kinds after the first round"]["random"]):.1f}} of the twelve kinds, on average. A model cannot give a kind any probability before it has seen one. Our guess is that its doubts mean little as long as kinds are missing. If so, it should help to begin with groups:

# %% tags=["slide"]
plots.lines(
    {rule: flowers[rule] for rule in ("random", "groups", "groups, then margin")},
    x=labels,
    x_label="labelled photographs",
    y_label="accuracy on new flowers",
    middle=0.8,
    caption="groups: one of each group that has no label yet. groups, then margin: the first twelve by groups.",
)

# %%
for rule in ("groups", "groups, then margin"):
    print(rule, "minus random, in points:", np.round(ahead[rule].mean(axis=0), 1))

# %% [markdown]
# *What you see.* With the first twelve labels, groups are {{ahead["groups"][:, 0].mean():.0f}} points ahead of random: they find {{np.mean(rounds["flowers"]["kinds after the first round"]["groups"]):.1f}} of the twelve kinds. But whoever goes on with groups falls back to random, and a little below. Twelve by groups, and then by margin, is
# ahead at every number of labels, by {{ahead["groups, then margin"].mean(axis=0).min():.0f}} to {{ahead["groups, then margin"].mean(axis=0).max():.0f}} points on average. (A second round by groups would have been better still: see 24 labels. And with 144 labels it no longer matters how one began: margin alone gets as much.)
#
# And on the cutouts? There each thing is in the pool several times, and the new pictures show other things. A deal says which things are in the pool, and which are new.

# %%
accuracy = rounds["cutouts"]["accuracy"]
gains = {}  # points ahead of random in the same deal, (deals, rounds)
for rule in ("margin", "entropy", "groups", "groups, then margin"):
    gains[rule] = 100 * (np.array(accuracy[rule]) - np.array(accuracy["random"]))

# %% tags=["slide"]
mean_gains = {"random": np.zeros(len(labels))}  # ahead of itself by nothing
for rule, rows in gains.items():
    mean_gains[rule] = rows.mean(axis=0)
plots.lines(
    mean_gains,
    x=labels,
    x_label="labelled photographs",
    y_label="points ahead of random",
    caption="Cutouts. Mean of six deals, each against random in the same deal. No bands: the spread is printed below.",
)

# %%
print("standard deviation over the deals, in points")
for rule, rows in gains.items():
    print(f"{rule:20}", np.round(rows.std(axis=0), 1))
spread = gains["margin"].std(axis=0)
behind = (gains["margin"] - gains["groups, then margin"]).mean(axis=0)[3:8]  # 48 to 96

# %% [markdown]
# *What you see.* With twelve labels groups are {{gains["groups"][:, 0].mean():+.0f}} points from random, on average over six deals (in the pool above it was {{100 * (np.mean(by_groups) - np.mean(by_chance)):+.0f}}). After that the differences are smaller than on flowers: with 72 labels margin {{gains["margin"][:, 5].mean():+.1f}} and entropy {{gains["entropy"][:, 5].mean():+.1f}}. From 48 to 96 labels *groups, then margin* is mostly below margin alone, by up to {{behind.max():.1f}} points, which is less than single deals differ. So what we saw on
# flowers did not show here. From deal to deal the lead of margin varies by {{spread[1:].min():.0f}} to {{spread[1:].max():.0f}} points from 24 labels on (standard deviation): in a single project you may well see the opposite.

# %% [markdown] tags=["slide"]
# ### What is a label worth?
#
# Read the curves across: how many labels does each rule need for the accuracy that random has at the end, with {{labels[-1]}}? For every rule, random too, we take the first round from which on its *mean* curve stays there.


# %%
def labels_for(curve, target):  # from this number of labels on, never below
    below = np.flatnonzero(curve < target)
    return labels[below[-1] + 1] if len(below) else labels[0]


target = flowers["random"].mean(axis=0)[-1]
needed = {
    rule: labels_for(flowers[rule].mean(axis=0), target)
    for rule in ("random", "margin", "groups, then margin")
}
for rule, count in needed.items():
    print(f"for {100 * target:.0f} % {rule} needs {count} labels")

# %% [markdown]
# *What you see.* Random needs {{needed["random"]}}, margin {{needed["margin"]}}, groups and then margin {{needed["groups, then margin"]}}: we only asked in steps of twelve. Whether that matters depends on the person. A flower takes five seconds to name, and {{needed["random"] - needed["margin"]}} labels fewer are {{(needed["random"] - needed["margin"]) * 5 / 60:.0f}} minutes. If a doctor looks at each picture for five
# minutes, they are {{(needed["random"] - needed["margin"]) * 5 / 60:.0f}} hours.
#
# Three costs stand against it. The person has to wait between two rounds. The pictures that were asked for are no fair sample, so you cannot measure accuracy on them: label some *random* pictures as a test set. And they were chosen for one model. Another may have wanted others.
#
# *Exercise 18.3: is it worth it?* A doctor needs five minutes a picture. At random 200 labels would do. By margin 140 would do, in seven rounds of 20; after each round but the last she waits ten minutes for the next pictures. For a test set she labels 30 more random
# pictures, whichever way you choose. How many *hours* of her time does margin save? *Example:* without any waiting it would be 5.

# %% tags=["exercise"]
hours_saved = ...
exercises.check("18.3", hours_saved)

# %% [markdown] tags=["topic:18.contrastive", "slide"]
# ## Without any label: two views of one picture
#
# So far we leaned on a network that had seen a million labels. What if none fits, since your pictures are X-rays, or seen by radar? Then all you have is pictures. **Self-supervised learning** lets them set the task: here are two changed copies, **views**, of one photograph. Find them among the views of many others.
#
# This is a good place for a break: what follows does without any trained network until its last comparison.
#
# Two layers of Keras make a view: zoom in, and move. A third changes the colours.

# %%
import keras
from keras import Sequential, layers

keras.utils.set_random_seed(0)  # the views are drawn at random
zoom = layers.RandomZoom((-0.3, 0))  # up to 30 % nearer
move = layers.RandomTranslation(0.15, 0.15)  # up to 15 % up, down, left, right
colour = layers.RandomColorJitter(
    value_range=(0, 255),
    brightness_factor=0.4,
    contrast_factor=0.4,
    saturation_factor=0.8,
    hue_factor=0.5,
)

# %%
cat = models.prepare(datasets.load("photographs", quiet=True)["chelsea"], 96)
copies = np.repeat(cat, 8, axis=0)  # the same photograph eight times
cropped = move(zoom(copies, training=True), training=True)
recoloured = colour(cropped, training=True)

# %% tags=["slide"]
plots.image_rows(
    {
        "crops": np.array(cropped, "uint8"),
        "crops in other\ncolours": np.array(recoloured, "uint8"),
    },
    size=0.9,
    caption="Sixteen views of one photograph. (At the edges, the picture is continued as in a mirror.)",
)

# %% [markdown]
# *What you see.* In the upper row the cat is moved and of different sizes. In the lower row one cat is green and one is violet. The other six are nearly grey, some almost white and some dark. (Run the cell again, and it draws others.) With these settings the change of colour is largely a *loss* of colour. So if it helps below, recolouring alone cannot take the credit: where colour
# is gone, it is no clue either. We did not measure the two apart.
#
# As with augmentation in lesson 05, the views say what must *not* matter: where the cat is, how large, and in the second row its colour. What all views share is what the network can hold on to.
#
# ### The loss, by hand
#
# A network turns each view into a **code**, here of two numbers and of length 1. Two pictures, two views each: four codes. How much alike two codes are is their product summed, the cosine of the angle between them: 1 for the same direction, 0 for a right angle.

# %%
codes = np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0], [0.6, 0.8]])
view_names = ("cat", "cat again", "cup", "cup again")
alike = codes @ codes.T  # (4, 4)

# %%
plots.number_grids(
    {"codes": codes, "alike": alike.round(2)},
    signs="→",
    marked={"alike": [(0, 1), (1, 0), (2, 3), (3, 2)]},
    row_names=view_names,
    caption="Row by row: how much alike this view is to each of the four. Coloured: its partner.",
)

# %% [markdown]
# The first view asks: which of the *other three* is my partner? The likenesses are 0.8, 0 and 0.6. We divide them by a **temperature**, here 0.2, which makes differences count more: 4, 0 and 3. The smaller it is, the more the loss looks at the candidates that are most alike, and the less at all others. Like a learning rate, it is chosen by trying. Then softmax, as for three classes, and minus the logarithm of the partner's share:

# %%
first_row = np.exp(alike[0, 1:] / 0.2)  # the other three
share = first_row / first_row.sum()
print("shares:", share.round(3), "loss of the first view:", -np.log(share[0]).round(3))

# %% [markdown]
# The first view gives its partner {{100 * share[0]:.0f}} % and is nearly right. The second, *cat again*, is worse off: *cup again* is more like it (0.96) than its partner (0.8). The **contrastive loss** is the mean over all views $i$ of
#
# $$-\log \frac{\exp(s_{ij} / 0.2)}{\sum_{k \neq i} \exp(s_{ik} / 0.2)}$$
#
# where $s_{ik}$ says how much alike the views $i$ and $k$ are, and $j$ is the partner of $i$. It is cross-entropy: the classes are the other views, and the right class is the partner. In papers it is called *InfoNCE* or *NT-Xent*, and the whole method [*SimCLR*](https://arxiv.org/abs/2002.05709).
#
# *Exercise 18.4: the loss of two views.* Row `k` of `a` and row `k` of `b`, both of shape `(n, d)`, are the codes of two views of picture `k`, of *any* length. Each of the 2n views has to find its partner among all *other* views. Return the mean of minus the logarithm of the
# partner's share. This has two faults. Mend it. *Example:* for one picture the only candidate is the partner, so the loss is 0.
#
# ```python
# def view_loss(a, b, temperature):
#     codes = np.concatenate([a, b])
#     scores = np.exp(codes @ codes.T / temperature)
#     n = len(a)
#     partner = np.r_[n : 2 * n, 0:n]
#     share = scores[np.arange(2 * n), partner] / scores.sum(axis=1)
#     return -np.log(share).mean()
# ```


# %% tags=["exercise"]
def view_loss(a, b, temperature):
    # your lines in the place of the dots
    ...


exercises.check("18.4", view_loss)

# %% [markdown] tags=["slide"]
# ### In Keras
#
# The same with tensors. Keras passes labels to every loss; ours does not look at them, hence the name `_`. `both` has the two codes of a picture side by side, in one row.

# %%
from keras import ops


# %% tags=["defines:training.contrastive.contrastive_loss", "slide"]
def contrastive_loss(_, both):
    n = ops.shape(both)[0]
    codes = ops.concatenate(ops.split(both, 2, axis=1))  # (2n, 32), one a view
    codes = ops.normalize(codes, axis=1)  # all of length 1
    scores = ops.matmul(codes, ops.transpose(codes)) / 0.2  # (2n, 2n)
    scores = scores - 1e9 * ops.eye(2 * n)  # nobody is their own partner
    partner = ops.concatenate([ops.arange(n, 2 * n), ops.arange(n)])  # (2n,)
    return keras.losses.sparse_categorical_crossentropy(
        partner, scores, from_logits=True
    )


# %%
as_pairs = np.array([[1, 0, 0.8, 0.6], [0, 1, 0.6, 0.8]], "float32")  # cat, cup
print("loss of each view:", np.round(contrastive_loss(None, as_pairs), 3))

# %% [markdown]
# Four losses, in the order cat, cup, cat again, cup again. The first is the one that you saw above, and *again* is worse off, as we read from the table. (`eye` has ones on the diagonal. Minus 1e9 there leaves no share for a view itself.)
#
# To learn in seconds we need small pictures. So from here on we use `shapes`: ten kinds of drawn shapes in random colours over bits of photographs, 24 by 24 pixels.

# %%
drawn = datasets.load(
    "shapes",
    train=shapes,
    validation=10,
    test=1000,
    size=24,
    clutter=0,
    noise=0,
    quiet=True,
)

# %% [markdown]
# The **encoder** turns a picture into 64 features. It is a small CNN, as in lesson 04.

# %% tags=["defines:training.few_labels.small_encoder"]
keras.utils.set_random_seed(0)
encoder = Sequential(
    [
        keras.Input((24, 24, 3)),
        layers.Rescaling(1 / 127.5, offset=-1),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.GlobalMaxPooling2D(),  # for each of 64 filters, its strongest answer
    ]
)

# %% [markdown]
# A small head turns the features into the code. In papers the encoder is called $f$ and the head $g$, the *projection head*; the features of a picture $x$ are $h = f(x)$, and its code is $z = g(h)$. The head is used during this training only: the code may forget whatever the changes alter, while the features before it keep more of the picture, and that may be of use later. (The paper measured it.) Each picture goes through `views` twice, and each time they are drawn anew.

# %% tags=["slide"]
views = Sequential([zoom, move, colour])
head = Sequential([layers.Dense(64, activation="relu"), layers.Dense(32)])
picture = keras.Input((24, 24, 3))
one = head(encoder(views(picture)))  # (n, 32)
other = head(encoder(views(picture)))  # another view: drawn anew
pairs = keras.Model(picture, layers.Concatenate(axis=1)([one, other]))
pairs.compile("adam", contrastive_loss)

# %% [markdown]
# Before any training: how often is the partner the most similar of {{min(250, shapes)}} candidates, and what does a linear model make of the features with 20 labels a class? The first question is about training pictures, so it tells how well the task is learned; the linear model, our *probe*, is asked about new ones.


# %%
def partners_found():  # among 250 pictures
    some = drawn.train.x[:250].astype("float32")
    first, second = np.split(np.array(pairs(some, training=True)), 2, axis=1)
    first = first / np.linalg.norm(first, axis=1, keepdims=True)
    second = second / np.linalg.norm(second, axis=1, keepdims=True)
    most_alike = (first @ second.T).argmax(axis=1)
    return np.mean(most_alike == np.arange(len(some)))


# %%
few = np.concatenate([np.flatnonzero(drawn.train.y == k)[:20] for k in range(10)])


def probe_accuracy():
    scaler = StandardScaler()
    known = scaler.fit_transform(encoder.predict(drawn.train.x, verbose=0))[few]
    unknown = scaler.transform(encoder.predict(drawn.test.x, verbose=0))
    # C=0.1 keeps the weights small: there are few labels
    probe = LogisticRegression(C=0.1, max_iter=2000).fit(known, drawn.train.y[few])
    return probe.score(unknown, drawn.test.y)


# %%
found_before, probe_before = partners_found(), probe_accuracy()
print(f"partners found: {100 * found_before:.0f} %; probe: {100 * probe_before:.0f} %")

# %% [markdown]
# Now train. There are no labels, so Keras gets zeros in their place. A network that guesses among {{2 * 100 - 1}} others has a loss of log(199), about 5.3. So the batch size belongs to the task: the more pictures in a batch, the more candidates for each view. Ours has 100; the paper tries 256 to 8,192.

# %% tags=["slide"]
no_labels = np.zeros(len(drawn.train.x))
history = pairs.fit(drawn.train.x, no_labels, batch_size=100, epochs=epochs, verbose=2)

# %%
found_after, probe_after = partners_found(), probe_accuracy()
print(f"partners found: {100 * found_after:.0f} %; probe: {100 * probe_after:.0f} %")

# %% [markdown]
# *What you see.* The network finds the partner in {{100 * found_after:.0f}} % of cases, against {{100 * found_before:.0f}} % before. Nobody told it what a shape is, and yet the probe rises from {{100 * probe_before:.0f}} to {{100 * probe_after:.0f}} %, with the same 200 labels. Guessing gets a tenth. It has seen each picture only {{epochs}} times, so this is the beginning.
#
# **Change this.** Set `epochs` in the first code cell to 15 and run that cell: the training will take three times as long. Then run the cell that builds the encoder, so that it begins anew, and all cells from there to here. How far does the probe come? (We got 34 %, and 44 % of the partners.) Afterwards set `epochs` back to 5, and run the same cells again.

# %% [markdown] tags=["slide"]
# ## The loophole of colour
#
# Is the change of colour needed? Without it, the task is easier. Here are eight shapes, two crops each, without it and with it.

# %%
eight = drawn.test.x[:8].astype("float32")
crops = Sequential([zoom, move])
two_each = {
    "crops": crops(eight, training=True),
    "their partners": crops(eight, training=True),
    "crops in other\ncolours": views(eight, training=True),
    "partners of these": views(eight, training=True),
}

# %% tags=["slide"]
plots.image_rows(
    {name: np.array(pictures, "uint8") for name, pictures in two_each.items()},
    size=0.85,
    caption="Each column is one picture. Cover the form with your hand: in which rows do you still find the partner?",
)

# %%
quizzes.predict("18.p3", ...)

# %%
colours = recorded.show("18_colour").figures
encoders, histogram = colours["encoders"], colours["histogram of colours"]
probes = {"histogram of colours, no network": np.mean(histogram["probe"], axis=0)}
for kind, figures in encoders.items():
    probes[kind] = np.mean(figures["probe"], axis=0)
final_loss = {}
for kind in ("crops", "crops and colour"):
    final_loss[kind] = np.mean(encoders[kind]["loss"])
    print(f"loss at the end, {kind}: {final_loss[kind]:.2f}")

# %% tags=["slide"]
plots.bars(
    {
        name: {"20 labels a class": row[2], "100 labels a class": row[3]}
        for name, row in probes.items()
    },
    chance=0.1,
    label="accuracy of a linear model on new shapes",
    caption="Mean of two starts, each with three draws of the labels.",
)

# %%
quizzes.verdict("18.p3")

# %% [markdown]
# *What you see.* With crops alone the loss ends at {{final_loss["crops"]:.2f}}, with colour change at {{final_loss["crops and colour"]:.2f}}: crops are the easier task. But their features are worse than those of a network that learned *nothing*: {{100 * probes["crops"][3]:.0f}} % against {{100 * probes["untrained"][3]:.0f}} % with 100 labels a class. With the change of colour it is
# {{100 * probes["crops and colour"][3]:.0f}} %. A histogram of the picture's colours gets {{100 * probes["histogram of colours, no network"][3]:.0f}} %, no more than guessing: in these pictures colour says nothing about the shape.
#
# Why is the probe with 20 labels a class better here ({{at20["views, no labels"]:.0f}} %) than in the run above ({{100 * probe_after:.0f}} %)? The record comes from 15 epochs, and the run from {{epochs}}. The record is also a mean of two starts, with other pictures and three draws of the labels each, while the run is a single one. How much each of these does, we did not measure.
#
# Is colour enough to solve the task? How often does a histogram alone, without any network, find the partner among 199 others? And do the features hold colour: how well can a linear model read a picture's mean colour from them? (The share of variance explained: 1 is perfectly, 0 not at all.)

# %%
for kind in ("crops", "crops and colour"):
    by_colour = 100 * np.mean(histogram[f"partners in {kind}"])
    print(f"a histogram finds the partner in {by_colour:.0f} % of {kind}")
in_features = {
    kind: np.mean(figures["mean colour"]) for kind, figures in encoders.items()
}

# %% tags=["slide"]
plots.bars(
    in_features,
    label="mean colour read from the features (share of variance)",
    caption="1 would be perfect. A linear model on the features, asked about new pictures. Mean of two starts.",
)

# %% [markdown]
# *What you see.* Colours alone find the partner in {{100 * np.mean(histogram["partners in crops"]):.0f}} % of the pairs of crops, and in {{100 * np.mean(histogram["partners in crops and colour"]):.0f}} % once colour is changed. So there was a way round the form, and the change of colour, which is often a loss of colour, closed it. Did training take it? The mean colour can be read from untrained features already ({{in_features["untrained"]:.2f}}); crops alone keep it there ({{in_features["crops"]:.2f}}), and views in other colours
# lose most of it ({{in_features["crops and colour"]:.2f}}). That fits, and it is no proof: the background in a crop may have helped as well. Such a way round is called a **loophole**. A network learns what solves the task, which need not be what you meant by it.
#
# Crops and colour belong together. With other colours but the same crop, the outline alone would find the partner, pixel by pixel. On photographs it is alike: a brown cat on green grass is found by its brown and green, unless the colours change.
#
# **Change this.** Now try it yourself: run the cell that builds the encoder again first, so that it begins anew. Then leave out `colour` in the cell that begins with `views =`, and run it and those after it, up to the end of the training and the probe. What happens to the loss, and what to the probe? (We got a loss of 1.9 at the end and 91 % of the partners, 42 % even before training, and the probe fell from 16 to 14 %.) Afterwards put `colour` back.

# %% [markdown] tags=["slide"]
# ## Does it pay?
#
# The fair question is not whether the features are better than nothing. It is what *else* you could do with the same labels. So here are the rivals, with 1, 5, 20 and 100 labels a class: networks of the same form, trained from scratch on the labelled pictures alone, and a linear model on the ImageNet network's features.

# %%
quizzes.predict("18.p4", ...)

# %%
record = recorded.show("18_scratch").figures["ways"]
learned = {kind: encoders[kind]["probe"] for kind in encoders}  # as above
amounts = colours["amounts"]  # labels a class: 1, 5, 20, 100
names = {
    "from scratch, changed": "from scratch, changed",
    "ImageNet": "ImageNet network",
    "crops and colour": "views, no labels",
    "from scratch": "from scratch",
    "untrained": "untrained network",
}
measured = record | learned  # both in one dictionary
on_shapes = {name: 100 * np.array(measured[way]) for way, name in names.items()}

# %% tags=["slide"]
plots.lines(
    on_shapes,
    x=amounts,
    logarithmic="x",
    x_label="labels a class",
    y_label="new shapes right, in %",
    chance=10,
    caption="Shapes. Mean of two starts, the band from the lowest to the highest.",
)

# %%
quizzes.verdict("18.p4")

# %%
for name, rows in on_shapes.items():
    print(f"{name:22}", *(f"{value:5.1f}" for value in rows.mean(axis=0)))
at20 = {name: rows.mean(axis=0)[2] for name, rows in on_shapes.items()}
fitted = 100 * np.array(record["from scratch, fitted"]).min()
fitted_changed = 100 * np.array(record["from scratch, changed, fitted"]).min()
print(
    f"labelled pictures right: {fitted:.0f} %, changed {fitted_changed:.0f} %, at least"
)

# %% [markdown]
# *What you see.* *changed* is the network whose labelled pictures went through the same changes as the views, as augmentation. *views, no labels* are the *crops and colour* of the bars above. With 20 labels a class they get {{at20["views, no labels"]:.0f}} %: more than an untrained network ({{at20["untrained network"]:.0f}} %) and than the network from scratch ({{at20["from scratch"]:.0f}} %). With 100, the network from scratch is ahead of the views. So far, so good for the views. But with the same changes as augmentation, 200 labels bring the network from scratch to
# {{at20["from scratch, changed"]:.0f}} %, and the ImageNet network gets {{at20["ImageNet network"]:.0f}} %. Even with *one* label a class the ImageNet network leads. (The network from scratch gets all its labelled pictures right, and we did not train it longer. The changed one does not yet, as the last line above says, and might still improve.)
#
# So the *changes* did much of the work that we might have credited to the views. Are the views worth nothing, then? They need not end in a linear model. So far the records had 15 epochs of views. Let them have 45, three times as many, and then train the whole encoder on with the labels, in the same changes, for as many batches as from scratch.

# %%
longer = recorded.show("18_longer").figures["ways"]
further = {
    "from scratch, changed": on_shapes["from scratch, changed"].mean(axis=0),
    "ImageNet network": on_shapes["ImageNet network"].mean(axis=0),
    "views, no labels": on_shapes["views, no labels"].mean(axis=0),
    "views for longer": 100 * np.mean(longer["views, longer"], axis=0),
    "views, then labels": 100 * np.mean(longer["views, then labels"], axis=0),
}

# %% tags=["slide"]
plots.lines(
    further,
    x=amounts,
    logarithmic="x",
    x_label="labels a class",
    y_label="new shapes right, in %",
    chance=10,
    caption="views, then labels: the encoder from views, trained on with labels. Mean of two starts.",
)

# %%
for name, row in further.items():
    print(f"{name:22}", *(f"{value:5.1f}" for value in row))
lead = further["views, then labels"] - further["from scratch, changed"]

# %% [markdown]
# *What you see.* With 45 epochs in the place of 15, the linear model with 20 labels a class goes from {{at20["views, no labels"]:.0f}} to {{further["views for longer"][2]:.0f}} %, still behind the network from scratch with changes. But trained on with the labels, the encoder from views is ahead of that network at each number of labels, by {{lead.min():.0f}} to {{lead.max():.0f}} points, and with 100 labels a class it is ahead of the
# ImageNet network too ({{further["views, then labels"][3]:.0f}} against {{further["ImageNet network"][3]:.0f}} %). With 5 and 20 the ImageNet network leads, although it has never seen such shapes; with one label the two are level.
#
# The lead over the network from scratch is small with 20 labels, no larger than what two starts of one way differ by, and that rival had not finished learning. Two starts are few. What ours do on 2,000 shapes others do on many photographs: after 100,000 photographs without labels, [this tutorial](https://uvadlc-notebooks.readthedocs.io/en/latest/tutorial_notebooks/tutorial17/SimCLR.html) gets more than 60 % of ten kinds right with ten labels a kind.
#
# | you have | try this first |
# | --- | --- |
# | pictures of a sort that ImageNet knows, or anything near it | the ImageNet network's features and a linear model; groups first, margin later |
# | pictures that no trained network suits, and some labels | a network from scratch, with every change as augmentation that your task allows |
# | such pictures in great number, and few labels | views of all of them, then train on with the labels; compare with both above |
#
# *Exercise 18.5: which change?* Views may change what does not matter for the task, and must keep what does. Choose for each task the change that would ruin the features: `"colour"`, `"crops"` or `"mirror"`.

# %% tags=["exercise"]
ruinous_change = {
    "ripe and unripe tomatoes": ...,
    "arrows that point to the left or to the right": ...,
    "is there a tiny crack somewhere at the edge of the plate?": ...,
}
exercises.check("18.5", ruinous_change)

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Have a network trained on ImageNet look at your pictures first, and group them. Label one picture of each group. On flowers that was worth {{ahead["groups"][:, 0].mean():.0f}} points with twelve labels, on cutouts about as much over six deals, and in the pool above a third of it.
# - Then ask by margin. Do not begin with it, and do not expect much of entropy while labels are few. Keep a random test set aside: on pictures that were asked for you cannot measure.
# - Compare rules at *equal* numbers of labels, over many deals. A single run may show the opposite.
# - If no trained network suits your pictures, train from scratch with strong augmentation: that is the rival to beat. If you have many pictures without labels, learn from their views first, and then train on.
# - Views must change everything that does not matter, above all colour, unless colour is the question. Ask a histogram how often it finds the partner: what it can do, your network may do.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("18.q1")
quizzes.answer("18.q1", ...)

# %%
quizzes.ask("18.q2")
quizzes.answer("18.q2", ...)

# %%
quizzes.ask("18.q3")
quizzes.answer("18.q3", ...)

# %%
quizzes.ask("18.q4")
quizzes.answer("18.q4", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("18")

# %% [markdown]
# ## To take home
#
# Which pictures of *your* folder should be labelled first? The program needs the ImageNet network in a file:

# %%
network.save("features.keras")

# %% [markdown]
# The folder is here an example, with no labels in it.

# %%
from pathlib import Path

from PIL import Image

folder = Path("example_unlabelled")
folder.mkdir(exist_ok=True)
for place in range(40):
    Image.fromarray(pool.x[place]).save(folder / f"{place:03}.jpg")

# %% tags=["take-home"]
from pathlib import Path

import numpy as np
from keras.models import load_model
from PIL import Image, ImageOps
from sklearn import cluster, linear_model

folder, network, read = Path("example_unlabelled"), load_model("features.keras"), {}
found = [*filter(Path.is_file, folder.glob("[!.]*")), *folder.glob("[!.]*/[!.]*")]
for file in sorted(found, key=lambda file: file.name):  # moved or not: the same order
    try:
        upright = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        read[file] = np.array(ImageOps.fit(upright, network.input_shape[1:3]))
    except Exception as problem:
        print("left out:", file, problem)
assert len(read) > 12, f"{len(read)} pictures in {folder}: too few to choose twelve"
files, x = list(read), network.predict(np.stack([*read.values()]), verbose=0)
x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-6)
y, known = np.array([f.parent.name for f in read]), [f.parent != folder for f in read]
print(sum(known), "of", len(known), "pictures have a label:", *np.unique(y[known]))
if sum(known) < 12 or len(set(y[known])) < 2:  # begin with one of each of 12 groups
    groups = cluster.KMeans(12, n_init=4, random_state=0).fit(x)
    away = groups.transform(x) + 1e9 * (groups.labels_[:, None] != np.arange(12))
    for group, k in enumerate(away.argmin(axis=0)):  # of the members the nearest
        print(files[k], f"stands for {sum(groups.labels_ == group)} of them")
else:  # then ask where the first two answers are almost equally probable
    model = linear_model.LogisticRegression(max_iter=500).fit(x[known], y[known])
    margins = np.where(known, 9, np.diff(np.sort(model.predict_proba(x))[:, -2:])[:, 0])
    for k in margins.argsort()[: known.count(False)][:12]:
        print(files[k], f"margin {margins[k]:.2f}")

# %% [markdown]
# Pictures that lie directly in the folder have no label. To give one, move the picture into a subfolder with the name of its class, `example_unlabelled/bird` say, and call the program again. Each time it says how many have a label, and which labels it found. So look at that line first: if your camera has sorted your pictures into folders by month, the months
# are taken for classes. Then put all of them into one folder.
#
# Until twelve are labelled, of two classes at least, it shows the same twelve groups; then it asks by margin. A picture that you have labelled is shown in its subfolder. If one of the twelve deserves no label, because it is odd or spoiled, label any other picture in its place. Behind each name stands what the answer rests on: how many
# pictures this one stands for, or how small the margin is. Twelve groups of 40 pictures are small, and some hold one picture alone: the program is made for some hundreds.
#
# Each picture is cut to a square first, so a panorama is judged by its middle. What cannot be read is named and left out, a folder inside a subfolder too. How good the model is the program does not say: for that, label a random part of your pictures and keep them elsewhere.
#
# ## What stays open
#
# Learning from views comes near a network trained with labels when it has a million photographs and much computing: [the paper](https://arxiv.org/abs/2002.05709). Others do without *negative pairs*, that is, without the views of other pictures as wrong answers; they too train on many pictures: [BYOL](https://arxiv.org/abs/2006.07733) and [Barlow Twins](https://arxiv.org/abs/2103.03230). Pictures can also be paired with *words*: that is the subject of [lesson 20](20_words_and_scale.ipynb). What becomes of a classifier whose labels are wrong stands in [lesson 08](08_flawed_data.ipynb). To read on:
# [a survey of active learning](https://burrsettles.com/pub/settles.activelearning.pdf), and [why few labels want other questions than many](https://arxiv.org/abs/2202.02794).

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("18")
