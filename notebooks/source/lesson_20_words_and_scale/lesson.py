# ---
# jupyter:
#   course_profiles:
#     smoke:
#       pictures: 300
#       passes: 1
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
# # Can a network name what it has never seen?
#
# You have never seen a purple elephant. You would still recognise one: you know *purple*, and you know *elephant*. A classifier has one output for each class, and an output that never had a picture
# has learned only to stay low. Here a network learns from pictures with captions, and we ask it about pairs that no caption ever named.

# %% tags=["parameters"]
pictures: int = 6000  # to learn from
passes: int = 8  # over these pictures

# %%
from course_utils import datasets, plots

colours = ["red", "yellow", "green", "blue", "purple", "white"]
things = ["elephant", "giraffe", "owl", "fish", "rooster", "seahorse"]
never = [
    ("purple", "elephant"),
    ("red", "giraffe"),
    ("blue", "owl"),
    ("white", "fish"),
    ("green", "rooster"),
    ("yellow", "seahorse"),
]
pairs = [(colour, thing) for colour in colours for thing in things]  # 36
seen = [pair for pair in pairs if pair not in never]  # 30
train = datasets.dyed_things(pictures, seen, seed=1)

# %% tags=["slide"]
in_two_lines = [caption.replace(" on", "\non") for caption in train.captions[:12]]
plots.image_grid(
    train.x[:12],
    in_two_lines,
    columns=6,
    size=1.4,
    caption="Twelve of the pictures, each with its caption. No purple elephant is among the 6,000.",
)

# %% [markdown]
# Each thing is one photograph, dyed, larger or smaller, mirrored or not, over a piece of another photograph. So what is learned here is *this* elephant, and not elephants.
#
# **After this notebook you can:** train two networks together on pictures and captions, name and search pictures by words, and make a forecast of an error that can fail.
#
# **Before you start:** lessons 04 and 05. Lesson 18 has the same kind of loss, but you need not know it. A *start* is one training from other random weights.
#
# **Time:** 1 minute to run, 85 minutes to study: 60 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* comes on top.

# %% [markdown] tags=["topic:20.captions"]
# ## Two networks, one list of numbers
#
# One network turns a picture into 32 numbers. Another one turns a sentence into 32 numbers. They are to be trained so that a picture and *its* caption get similar lists. Then a class needs no output:
# we write its name as a sentence, and see which sentence is most similar.
#
# How similar are two lists? Give both the length 1 (divide each by the root of its sum of squares), multiply number by number, and add. With two numbers each:
#
# 0.6 · 0.8 + 0.8 · 0.6 = 0.96
#
# Equal lists of length one give 1, opposite ones -1. This is the **cosine** of the angle between them.
#
# First the words. Each word gets a number, and a sentence becomes a row of numbers:

# %%
from course_utils import startup

startup.load_keras()

# %%
import keras
import numpy as np
from keras import layers, ops

every_sentence = [
    f"a {colour} {thing} on the {side}"
    for colour, thing in pairs
    for side in ("left", "right")
]
to_numbers = layers.TextVectorization()
to_numbers.adapt(every_sentence)  # which words are there?
for number, word in enumerate(to_numbers.get_vocabulary()):
    print(f"{number} {word}", end="  ")
print("\n", to_numbers(["a purple elephant on the left"]).numpy())

# %% [markdown]
# Number 0 is kept for *no word*, and 1 for every word that is not in the list: `[UNK]`, unknown. (The words *purple* and *elephant* are known, each from other captions. Only together they never occur.)
#
# The sentence network is as small as can be: an **embedding** holds a row of 32 numbers for each word, which is learned, and a sentence is the mean of its words' rows.
#
# (All our captions have six words. If you mix sentences of different lengths, the shorter ones are filled up with *no word*, and its row counts in the mean as well. `mask_zero=True` in the `Embedding` leaves it out.)

# %%
keras.utils.set_random_seed(0)
words = keras.Input((None,), dtype="int64")  # (batch, words)
x = layers.Embedding(to_numbers.vocabulary_size(), 32)(words)  # (batch, words, 32)
x = layers.GlobalAveragePooling1D()(x)  # (batch, 32)
sentence_network = keras.Model(words, layers.UnitNormalization()(x))

# %% [markdown]
# The picture network is the small CNN that you know, with 32 outputs.

# %%
picture = keras.Input((32, 32, 3))
x = layers.Rescaling(1 / 255)(picture)
for filters in (16, 32, 64):
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)  # 16, 8, then 4 pixels a side
x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
x = layers.Dense(32)(x)  # (batch, 32)
picture_network = keras.Model(picture, layers.UnitNormalization()(x))

# %% [markdown] tags=["slide"]
# ### The loss, on four rows
#
# Take four pictures and their four captions. Each picture is compared with each caption: 16 similarities. They are divided by a small number, the temperature, which makes all differences larger (why, comes below). Suppose we get this:

# %%
names = ["red owl", "blue owl", "red fish", "blue fish"]
similar = np.array([[3, 2, 1, 0], [1, 2, 0, 3], [1, 0, 3, 1], [0, 1, 1, 2.0]])
to_captions = np.exp(similar) / np.exp(similar).sum(axis=1, keepdims=True)
to_pictures = np.exp(similar) / np.exp(similar).sum(axis=0, keepdims=True)

# %% tags=["slide"]
grids = {
    "similar": similar,
    "each picture chooses": to_captions.round(2),
    "each caption chooses": to_pictures.round(2),
}
plots.number_grids(
    grids,
    marked={name: [(k, k) for k in range(4)] for name in grids},
    row_names=names,
    caption="Rows are pictures, columns captions in the same order. Right is the diagonal.",
)

# %%
rows = -np.log(np.diag(to_captions))
columns = -np.log(np.diag(to_pictures))
print("pictures:", rows.round(2), " captions:", columns.round(2))
print(f"loss: {rows.mean():.2f} + {columns.mean():.2f}")

# %% [markdown]
# *What you see.* In the middle each row adds up to 1: a softmax over the four captions, as if they were four classes. The first picture gives its own caption {{to_captions[0, 0]:.2f}}, so its loss is -log {{to_captions[0, 0]:.2f}} = {{rows[0]:.2f}}.
# The second picture, the blue owl, is fooled: it prefers *blue fish*, and its loss is {{rows[1]:.2f}}. At the right each *column* adds up to 1: now a caption chooses among the pictures. The loss is the sum of both means. This is a contrastive loss: it pulls right pairs together and pushes wrong ones apart.
#
# *Exercise 20.1: one row by hand.* A picture has the similarities 2, 0 and 0 to three captions, divided by the temperature already. The first caption is its own. What is its loss?
# *Example:* with 0, 0 and 0 it is log 3 = 1.10.

# %%
from course_utils import exercises

# %% tags=["exercise"]
row_loss = ...
exercises.check("20.1", row_loss)

# %% [markdown]
# *Exercise 20.2: both ways.* Write `both_ways_loss(similar)` with NumPy, for any square table, as in the cells above: the mean over the rows plus the mean over the columns.
# *Example:* for `np.zeros((3, 3))` it is 2 · log 3 = 2.197.


# %% tags=["exercise"]
def both_ways_loss(similar):
    # your lines in the place of the dots
    ...


exercises.check("20.2", both_ways_loss)

# %% [markdown]
# Why the temperature? A cosine is 1 at most. If a picture has 1 with its caption and 0 with 59 others, softmax gives it only $e^1 / (e^1 + 59)$ = 4 %, and training would go on pulling for ever. Divided by 0.1 it is $e^{10} / (e^{10} + 59)$ = 99.7 %.
#
# One thing more. There are only 60 captions, so a batch of 128 holds most of them twice or more. Then two captions are equally right, and each gets a half.
#
# In Keras a loss gets what `fit` was given as answers, here the number of each picture's caption, and what the model says, here the table. `categorical_crossentropy` compares each row of the table with shares that add up to 1. (In lesson 04 one class had the whole share.) `from_logits=True` says that the softmax is still to be taken. What comes back is one loss a row, and Keras
# takes their mean. One table `right` serves both ways: equal captions have equally many partners, so it stays the same when rows and columns change places.


# %%
def both_ways(number, similar):
    number = ops.reshape(number, (-1, 1))  # which caption each picture has
    same = ops.cast(number == ops.transpose(number), "float32")  # 1: equal captions
    right = same / ops.sum(same, axis=1, keepdims=True)  # each row adds up to 1
    loss = keras.losses.categorical_crossentropy
    pictures_choose = loss(right, similar, from_logits=True)
    captions_choose = loss(right, ops.transpose(similar), from_logits=True)
    return pictures_choose + captions_choose


# %% [markdown] tags=["slide"]
# ### Train both together
#
# The whole model takes pictures and sentences, and gives the table of similarities. (`matmul` of 128 pictures by 32 numbers with 32 numbers by 128 sentences.)

# %%
looked, read = picture_network(picture), sentence_network(words)
table = ops.matmul(looked, ops.transpose(read)) / 0.1  # (batch, batch)
model = keras.Model([picture, words], table)
model.compile("adam", loss=both_ways)

# %%
captions, caption_number = np.unique(train.captions, return_inverse=True)
sentences = to_numbers(train.captions)  # (6000, 6)
history = model.fit(
    [train.x, sentences], caption_number, batch_size=128, epochs=passes, verbose=2
)

# %%
one_batch = caption_number[:128]
equal_captions = (one_batch[:, None] == one_batch).sum(axis=1)
print(f"lowest possible loss, about: {2 * np.log(equal_captions).mean():.1f}")

# %% [markdown]
# The loss cannot come down to 0. Where three pictures of a batch have the same caption, each is right with a third, and log 3 remains, in both directions. So look at how far the loss lies above that.
#
# (Your weights will differ a little from ours: processors round differently, and training makes more of it. Over hundreds of pictures the figures stay close. A single picture may well get another answer. What the text says about single pictures, it says about our run.)
#
# To name a picture is now to ask which of the {{len(every_sentence)}} sentences is most similar to it. How well will that go for pairs that no caption ever held?

# %%
from course_utils import quizzes

quizzes.predict("20.p1", ...)

# %% [markdown] tags=["slide"]
# ## The table of similarities
#
# First twelve new pictures over other photographs: six of pairs that were shown, and then the six that never were. And twelve sentences in the same order.


# %%
def one_of_each(some, seed):  # each in a scene of its own
    made = [
        datasets.dyed_things(1, [pair], seed=seed + number, split="test")
        for number, pair in enumerate(some)
    ]
    return np.concatenate([one.x for one in made]), [one.captions[0] for one in made]


def to_lists(some_sentences):
    return sentence_network.predict(to_numbers(some_sentences), verbose=0)


familiar = [pairs[0], pairs[7], pairs[14], pairs[21], pairs[28], pairs[35]]
twelve, twelve_captions = one_of_each(familiar + never, seed=5)
cosines = picture_network.predict(twelve, verbose=0) @ to_lists(twelve_captions).T

# %% [markdown]
# So far pictures were rows. In the figure the table is turned round, by `.T`: each picture stands above its column, and the sentences are the rows.

# %% tags=["slide"]
plots.similarities(
    twelve,
    twelve_captions,
    cosines.T,
    caption="Framed: the sentence most similar to each picture. The last six pairs were never shown.",
)

# %%
best_of_twelve = cosines.argmax(axis=1) == np.arange(12)
print("own sentence first:", best_of_twelve[:6].sum(), "of 6 shown,", end=" ")
print(best_of_twelve[6:].sum(), "of 6 never shown")
nearest = [twelve_captions[best] for best in cosines.argmax(axis=1)]

# %% [markdown]
# *What you see.* On the diagonal, from the top left to the bottom right, the picture meets its own sentence. It is the largest of its column for {{best_of_twelve[:6].sum()}} of the six pairs that were shown, and for {{best_of_twelve[6:].sum()}} of the six that were not.
# Away from it there are reds as well, mostly where a word is the same, as for the red elephant and the red giraffe. But not only there. The white fish chooses *{{nearest[9]}}*, and not far behind comes *a yellow giraffe on the left*, which shares only the side with it.
#
# Twelve pictures prove little. Now 600 of each, and all {{len(every_sentence)}} sentences to choose from. A guess gets the pair right once in 36.
#
# ## Name it by words

# %%
new_seen = datasets.dyed_things(600, seen, seed=2, split="test")
new_never = datasets.dyed_things(600, never, seed=3, split="test")
every_list = to_lists(every_sentence)  # (72, 32)


def named(some_pictures):  # the pair of the most similar sentence
    similar = picture_network.predict(some_pictures, verbose=0) @ every_list.T
    return [pairs[best // 2] for best in similar.argmax(axis=1)]  # two sentences a pair


def share_right(new, asked):
    true = np.array([asked[number] for number in new.pair])  # (600, 2) words
    return (np.array(named(new.x)) == true).all(axis=1).mean()


seen_right = share_right(new_seen, seen)
never_right = share_right(new_never, never)

# %% tags=["slide"]
plots.bars(
    {"shown in training": seen_right, "never shown": never_right},
    chance=1 / 36,
    label="pair named rightly, 600 new pictures each",
    caption="Colour and thing both right, among all 36 pairs.",
)

# %%
quizzes.verdict("20.p1")

# %% [markdown]
# *What you see.* {{100 * seen_right:.0f}} % of the pairs that were shown, and {{100 * never_right:.0f}} % of those that never were, in one training. Guessing gets one in 36. No output had to be added: the classes are sentences.
#
# Twelve of the pictures with their answers:

# %%
titles = []
for pair, number in zip(named(new_never.x[:12]), new_never.pair, strict=False):
    titles.append(f"{' '.join(pair)}\n({' '.join(never[number])})")
plots.image_grid(
    new_never.x[:12],
    titles,
    columns=6,
    size=1.4,
    caption="Never shown in training. Above each picture: what the network calls it, and in brackets what it is.",
)

# %% [markdown]
# *What you see.* Seven of the twelve are named rightly. In three others the colour is right and the thing is wrong. And in two neither is right, the fourth and the eighth picture: the white fish is called a red elephant, and behind it stands a red motor cycle. The background may have had a part in that; we did not test it.

# %% [markdown] tags=["slide"]
# ### Search by words
#
# Turn it round: here are a thousand new pictures, and we ask for one sentence. The most similar ones come first.

# %%
album = datasets.dyed_things(1000, pairs, seed=4, split="test")
album_lists = picture_network.predict(album.x, verbose=0)  # computed once


def search(sentence, count=6):
    similar = album_lists @ to_lists([sentence])[0]  # (1000,)
    return similar.argsort()[::-1][:count]


# %% tags=["slide"]
asked = [
    "a purple elephant on the left",
    "a white owl",
    "seahorse",
    "the left",
    "a pink elephant",
    "a elephant",
]
plots.image_rows(
    {sentence: album.x[search(sentence)] for sentence in asked},
    caption="The six most similar of a thousand new pictures, for each of six sentences.",
)

# %%
found, at_left = {}, {}
for sentence in asked:
    first_six = search(sentence)
    found[sentence] = [" ".join(pairs[number]) for number in album.pair[first_six]]
    at_left[sentence] = int((album.side[first_six] == 0).sum())
    print(f"{sentence}: {', '.join(found[sentence])}", end="; ")
    print(at_left[sentence], "of 6 at the left")

# %%
usual, mixed = to_lists(
    ["a purple elephant on the left", "elephant purple left the on a"]
)
print("the same words in another order:", np.abs(usual - mixed).max().round(6))

# %% [markdown]
# *What you see.* Of the six pictures for *a purple elephant on the left*, {{found["a purple elephant on the left"].count("purple elephant")}} show a purple elephant, a pair that no caption ever named. *The left* finds things at the left, whatever they are. But what a sentence does not say is not drawn at random: of the six pictures for *a white owl* {{at_left["a white owl"]}} are at the left, and nobody asked for that. And *the left* brings white and blue things alone.
#
# Two warnings. A mean does not know the order of its words, so *elephant purple left the on a* is the same sentence to it. And *pink* is `[UNK]`, whose row was never trained and holds what chance gave it. Here these come: {{", ".join(found["a pink elephant"])}}. *A elephant*, without any colour, brings {{", ".join(found["a elephant"])}}. These are nearly the same kinds, so *pink* changes little here. The search answers all the same, and nothing tells you.
#
# The lists of the pictures are computed once. A search is one multiplication, and so it stays quick with a million pictures.
#
# **Change this.** Ask for a thing in a colour that you like, then for two colours at once, in a new cell: `plots.image_rows({words: album.x[search(words)] for words in ["a green owl", "a red blue owl"]})`. A sentence is the mean of its words, so you might expect something between the two colours. In our run six red owls come: red wins.
#
# *Exercise 20.3: name it.* `name_pictures(picture_lists, sentence_lists)` should give, for each row of the first, the number of the most similar row of the second, whether the rows have length one or not. It has two faults. Mend it.
# *Example:* for `np.array([[2.0, 0.0]])` and `np.array([[9.0, 9.0], [0.5, 0.0]])` it gives `[1]`.
#
# ```python
# def name_pictures(picture_lists, sentence_lists):
#     similar = picture_lists @ sentence_lists.T
#     return similar.argmax(axis=0)
# ```


# %% tags=["exercise"]
def name_pictures(picture_lists, sentence_lists):
    # your lines in the place of the dots
    ...


exercises.check("20.3", name_pictures)

# %% [markdown] tags=["slide"]
# ## Why not all of them?
#
# Where it errs, what does it get wrong, the colour or the thing?

# %%
said = named(new_never.x)
true = [never[number] for number in new_never.pair]
right = np.array(said) == np.array(true)  # (600, 2): colour and thing
colour_right, thing_right = 100 * right.mean(axis=0)
print(
    f"never shown: colour right {colour_right:.0f} %, thing right {thing_right:.0f} %"
)

# %% [markdown]
# Mostly the thing. So let us change nothing but the dye: for each thing a hundred scenes, and the same hundred in all six colours. Then count in how many of them the thing is named rightly.

# %%
right_of_100 = np.zeros((6, 6))  # a row for each thing, a column for each colour
for row, thing in enumerate(things):
    for column, colour in enumerate(colours):
        scenes = datasets.dyed_things(100, [(colour, thing)], seed=6, split="test")
        said_things = [said_thing for _, said_thing in named(scenes.x)]
        right_of_100[row, column] = said_things.count(thing)

# %% tags=["slide"]
plots.number_grids(
    {colour: right_of_100[:, [column]] for column, colour in enumerate(colours)},
    row_names=things,
    marked={colour: [(things.index(thing), 0)] for colour, thing in never},
    caption="Thing named rightly, of a hundred scenes. Within a row the scenes are the same. Marked: never shown in training.",
)

# %%
is_missing = np.zeros((6, 6), dtype=bool)
for colour, thing in never:
    is_missing[things.index(thing), colours.index(colour)] = True
one_by_one = ", ".join(
    f"{colour} {thing} {right_of_100[things.index(thing), colours.index(colour)]:.0f}"
    for colour, thing in never
)
in_missing = right_of_100[is_missing].mean()
in_others = right_of_100[~is_missing].mean()
print(
    f"mean of the six missing pairs {in_missing:.0f}, of the 30 others {in_others:.0f}"
)

# %% [markdown]
# Here is the thing that suffers most, in the first scene in which the network names it rightly in all five colours that it was shown in.

# %%
worst = int(np.argmin(right_of_100[is_missing]))  # in the order of the rows
worst_thing = things[worst]
dyed = {}
all_right = np.ones(100, dtype=bool)  # scenes that are right in all shown colours
for colour in colours:
    dyed[colour] = datasets.dyed_things(
        100, [(colour, worst_thing)], seed=6, split="test"
    ).x
    if (colour, worst_thing) not in never:
        all_right &= np.array(named(dyed[colour]))[:, 1] == worst_thing
scene = int(all_right.argmax())  # the first of them

# %%
in_six_colours = np.array([dyed[colour][scene] for colour in colours])
plots.image_grid(
    in_six_colours,
    [" ".join(pair) for pair in named(in_six_colours)],
    columns=6,
    size=1.4,
    caption="One scene in six colours. Above: the pair that the network names.",
)

# %% [markdown]
# *What you see.* Within a row only the dye differs. In the colours in which a thing was shown it is named in {{in_others:.0f}} of a hundred scenes on average, in the one that was missing in {{in_missing:.0f}}. How much it costs is not the same for all: *{{worst_thing}}* suffers most, with {{right_of_100[is_missing].min():.0f}}, while the best of the six has {{right_of_100[is_missing].max():.0f}}.
#
# So the mean of the six hides a split. One by one: {{one_by_one}}. Two of them lose little, and the other four lose much.
#
# So in this network the colour has a say in which thing it is. A likely reason: in training nothing white was ever a fish, and that is a hint that helps to choose among what is shown. Nothing forced the network to look at colour and shape apart, as we do. But why some of them do not suffer, we do not know.
#
# ### Would more training help?

# %%
quizzes.predict("20.p2", ...)

# %%
from course_utils import recorded

unseen = recorded.show("20_unseen").figures
by_captions = unseen["captions"]

# %% tags=["slide"]
plots.lines(
    {"shown": by_captions["seen"], "never shown": by_captions["missing"]},
    x_label="passes over the training pictures",
    y_label="pair named rightly",
    chance=1 / 36,
    caption="Mean of three starts, each with other missing pairs; bands from the lowest to the highest.",
)

# %%
quizzes.verdict("20.p2")

# %% [markdown]
# *What you see.* Five passes more take the pairs that were shown from {{100 * np.mean(by_captions["seen"], axis=0)[4]:.0f}} to {{100 * np.mean(by_captions["seen"], axis=0)[-1]:.0f}} %, and the pairs that never were from {{100 * np.mean(by_captions["missing"], axis=0)[4]:.0f}} to {{100 * np.mean(by_captions["missing"], axis=0)[-1]:.0f}}. Both gain a little. The distance between them stays: {{100 * (np.mean(by_captions["seen"], axis=0)[4] - np.mean(by_captions["missing"], axis=0)[4]):.0f}} points, and then {{100 * (np.mean(by_captions["seen"], axis=0)[-1] - np.mean(by_captions["missing"], axis=0)[-1]):.0f}}.
#
# The loss is computed on shown pairs alone. What it asks for, it gets. If new pairs are what you want, keep some pairs out of all captions and watch those. (Report the score on others again, or you have chosen by your test set.) These are ten passes: what twenty would do is not shown here.

# %% [markdown] tags=["slide"]
# ### Against plain classifiers
#
# A classifier with one output for each of the 36 pairs cannot name the missing ones: in training each picture pushes the outputs of the missing pairs down, and none ever pulls them up. In a trial beforehand it named none of 600, in any of twelve passes.
#
# The fair rival is *two* classifiers, one for the colour and one for the thing, with the same layers, pictures and passes. Together they can name what they have not seen, too, without any caption.

# %%
two_classifiers = unseen["colour and thing apart"]
last = {
    "captions": {
        "shown": np.mean(by_captions["seen"], axis=0)[-1],
        "never shown": np.mean(by_captions["missing"], axis=0)[-1],
    },
    "two classifiers": {
        "shown": np.mean(two_classifiers["seen"]),
        "never shown": np.mean(two_classifiers["missing"]),
    },
}

# %% tags=["slide"]
plots.bars(
    last,
    chance=1 / 36,
    label="pair named rightly",
    caption="After the last pass, mean of three starts, 600 new pictures of each kind.",
)

# %% [markdown]
# *What you see.* On pairs that were never shown the two are level: {{100 * last["captions"]["never shown"]:.0f}} % with captions, {{100 * last["two classifiers"]["never shown"]:.0f}} with two classifiers. From start to start captions are between {{-100 * (np.array(by_captions["missing"])[:, -1] - two_classifiers["missing"]).min():.1f}} points behind and {{100 * (np.array(by_captions["missing"])[:, -1] - two_classifiers["missing"]).max():.1f}} ahead. (On shown pairs they are ahead, {{100 * last["captions"]["shown"]:.0f}} to {{100 * last["two classifiers"]["shown"]:.0f}}: in equally many passes they have learned more.)
#
# We had expected captions to be ahead on new pairs by at least five points on each start, and had written that down before these runs. It did not hold. As far as three starts can tell, new pairs do not need captions. (The two did not learn the shown pairs equally well, so this is not the last word.) What captions bring is something else: nobody has to make lists of colours and things, one pair of networks serves all
# words, and a question is a sentence.

# %% [markdown]
# ### The large ones
#
# What you trained has the form of **CLIP** (Radford and others, 2021). There the sentences go through a transformer (lesson 13), a batch holds 32,768 pairs, and there were 400 million pictures with texts from the web. It named 76.2 % of ImageNet's validation photographs rightly, of 1,000 classes, without having been trained on ImageNet's labels.
# (Cited, not measured here.) Two things differ in the loss: CLIP learns its temperature together with the weights, where ours is held at 0.1, and it counts one caption as right for each picture, its own, where we share among equal captions. Whether a class was really never among 400 million pictures, nobody can look up by hand. In our small world we know it.

# %% [markdown] tags=["topic:20.scaling", "slide"]
# ## What does more of everything buy?
#
# This is a good place for a break. What follows is about size.
#
# CLIP's other ingredient is size. Measured errors often fall by the same *factor* each time the amount is doubled: a **power law**. Say an error is 40 % with 100 pictures, 20 % with 1,000 and 10 % with 10,000. Each time ten times the pictures, half the error. On axes on which equal steps are equal factors these three lie on a straight line, and the line
# says 5 % for 100,000. That is a forecast, and it can fail.
#
# So we make three. A small CNN on Fashion-MNIST (clothes, ten classes), with more and more *pictures*, *training steps* or *weights*, the two others held (51,200 pictures, 800 steps of 64 pictures, about 27,000 weights). A line goes through all amounts but the largest. The rule for line and band was written down before the largest networks were trained, about four times as much each. The band is where such a mean of three starts should lie 95 times in 100,
# *if* the line goes on.

# %%
scaling = recorded.show("20_scaling").figures
units = {
    "pictures": "training pictures",
    "steps": "training steps",
    "weights": "weights of the network",
}
kept_back = {}  # no forecast yet, so the last amount is not drawn
for axis, name in units.items():
    kept_back[name] = (scaling[axis]["amounts"], scaling[axis]["errors"], None)

# %% tags=["slide"]
plots.forecasts(
    kept_back,
    y_label="error on 10,000 new pictures",
    caption="Dots: single starts, all amounts but the largest. The last number on each axis is the amount of the forecast.",
)

# %%
quizzes.predict("20.p3", ...)

# %%
clothes = scaling["pictures"]
amounts, errors = np.array(clothes["amounts"]), np.array(clothes["errors"])
for amount, three in zip(amounts[:-1], errors[:-1], strict=True):
    print(f"{amount:6} pictures: errors of three starts", three.round(3))

# %% [markdown]
# The line, in three lines of NumPy. `polyfit` looks for the slope and the height of a straight line, here through the logarithms. (The slope is printed with two digits, and the program goes on with all of them: -0.14 would give 141 in the last line.)

# %%
mean_errors = errors.mean(axis=1)
slope, height = np.polyfit(np.log(amounts[:-1]), np.log(mean_errors[:-1]), 1)
on_the_line = np.exp(height + slope * np.log(amounts[-1]))
print(f"error = {np.exp(height):.2f} · pictures to the power of {slope:.2f}")
print(f"forecast for {amounts[-1]:,} pictures: {100 * on_the_line:.1f} %")
half_price = 2 ** (-1 / slope)
print(f"half the error takes {half_price:.0f} times the pictures")

# %% [markdown]
# And the band: how far do the dots lie from the line, as a root of a mean square? It grows the further the new amount lies from the middle of the others. From many dots one would reckon with 1.96 times the scatter, as in a normal distribution. From few dots the scatter itself is uncertain, and *Student's t* gives a larger number:
# 2.78, for 95 % and six dots, of which the line has used up two, by its slope and its height.

# %%
x_logs, y_logs = np.log(amounts[:-1]), np.log(mean_errors[:-1])
off = y_logs - (height + slope * x_logs)
scatter = np.sqrt((off**2).sum() / (len(off) - 2))
away = (np.log(amounts[-1]) - x_logs.mean()) ** 2
wider = np.sqrt(1 + 1 / len(off) + away / ((x_logs - x_logs.mean()) ** 2).sum())
factor = np.exp(2.78 * scatter * wider)
print(f"{100 * on_the_line / factor:.1f} to {100 * on_the_line * factor:.1f} %")

# %% tags=["slide"]
told = ("amounts", "errors", "forecast")
plots.forecasts(
    {name: [scaling[axis][part] for part in told] for axis, name in units.items()},
    y_label="error on 10,000 new pictures",
    caption="Dots: single starts. Bar: the band of the forecast. Diamond: what was measured then, mean of three starts.",
)

# %%
inside = {}
for axis in units:
    middle, low, high = 100 * np.array(scaling[axis]["forecast"])
    measured = 100 * np.mean(scaling[axis]["errors"][-1])
    inside[axis] = bool(low <= measured <= high)
    print(
        f"{axis:8} forecast {middle:.1f} % ({low:.1f} to {high:.1f}), measured {measured:.1f} %"
    )
print("inside:", inside)

# %%
quizzes.verdict("20.p3")

# %% [markdown]
# *What you see.* All three points lie in their bands, and all three lie *above* their lines. Pictures: the line said {{100 * scaling["pictures"]["forecast"][0]:.1f}} %, measured were {{100 * np.mean(scaling["pictures"]["errors"][-1]):.1f}}, at the very end of a band that reaches to {{100 * scaling["pictures"]["forecast"][2]:.1f}}. So the verdict is: not refuted, and too hopeful three times out of three.
#
# But not refuted is not much here. Look at the dots again: in all three panels they lie in a bow, above the line at both ends and below it in the middle, and that was to be seen before the largest networks were trained. The band takes what lies off the line for chance, one dot independent of the next. It is mostly not chance: for the pictures
# the mean of three starts is uncertain by about 1 %, and the dots scatter about the line by 6 %. So the band is wide because the line does not fit, and it still supposes that the line goes on. A line knows no floor, and an error may have one: people who forecast in earnest fit a constant as well (the last paper below).
#
# What was scarce when the pictures grew? Each network took {{scaling["steps"]["amounts"][-2]}} steps of 64. So 400 pictures were seen 128 times each, and 51,200 once. The second panel ends with the same pictures and four times the steps: {{100 * np.mean(scaling["steps"]["errors"][-1]):.1f}} % in the place of {{100 * np.mean(scaling["pictures"]["errors"][-1]):.1f}}. So steps were scarce there. Whoever lets one thing grow alone meets the next limit.
#
# *Exercise 20.4: the price of half the error.* A network has an error of 8 % with 10,000 pictures, and its error follows a power law: $a$ times the pictures to the power of -0.25. How many pictures, in all, would bring it to 4 %?
# *Example:* to the power of -1 it would be 20,000. (In Python: `20_000` or `20000`, without a comma.)

# %% tags=["exercise"]
pictures_needed = ...
exercises.check("20.4", pictures_needed)

# %% [markdown]
# *Exercise 20.5: a forecast.* Write `forecast(amounts, errors, at)`: the error that the straight line through all these points, on logarithmic axes, gives for the amount `at`.
# *Example:* `forecast([1, 10, 100], [0.8, 0.1, 0.1], 1000)` gives 0.025.


# %% tags=["exercise"]
def forecast(amounts, errors, at):
    # your lines in the place of the dots
    ...


exercises.check("20.5", forecast)

# %% [markdown] tags=["topic:20.open", "slide"]
# ## Open problems
#
# More of everything does not solve these. Behind each stands a figure of this course.

# %%
behind = recorded.load("08_background").figures["shares"]
at_home = 100 * np.mean(behind["at home"], axis=0)[-1]
elsewhere = 100 * np.mean(behind["elsewhere"], axis=0)[-1]
print(f"data: {at_home:.0f} % at home, {elsewhere:.0f} % elsewhere")

# %%
uneven = recorded.load("08_uneven").figures
vegetable = 4  # its place among the six classes
even = 100 * np.mean(uneven["even classes"]["recalls"], axis=0)[vegetable]
rare = 100 * np.mean(uneven["uneven, nothing done"]["recalls"], axis=0)[vegetable]
print(f"bias: {even:.0f} % of the vegetables found; where they are rare, {rare:.0f} %")

# %%
maps = recorded.load("09_truth").figures["shares"]
class_map = 100 * np.mean(maps["class map"])
best_square = 100 * np.mean(maps["best square"])
print(f"explanation: {class_map:.0f} %, where {best_square:.0f} % are possible")

# %% [markdown]
# | problem | a figure of this course | lesson |
# | --- | --- | --- |
# | quality of the data | a network that learned the backgrounds: {{at_home:.0f}} % at home, {{elsewhere:.0f}} % elsewhere, at the same size (six kinds of cutouts, three folders) | [08](08_flawed_data.ipynb) |
# | cost | four times the pictures took the error from {{100 * mean_errors[-2]:.1f}} to {{100 * mean_errors[-1]:.1f}} %; by the slope of its line half the error would take {{half_price:.0f}} times the pictures (at equally many steps, which were scarce: with more steps it may be fewer) | above, and [15](15_speed.ipynb) |
# | bias | vegetables found: {{even:.0f}} % with even classes, {{rare:.0f}} % where they are rare in training (cutouts, five folders). Score each group by itself | [08](08_flawed_data.ipynb), [10](10_trust.ipynb) |
# | explanation | of the square that a class map finds strongest, {{class_map:.0f}} % lies on the thing, and {{best_square:.0f}} % would be possible (small animals) | [09](09_explaining.ipynb) |
#
# Captions add one more: whoever wrote them decided which words there are. Our network cannot say *pink*.

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Classes that change often, or a search by sentences: compare pictures with words. Take a network that was trained on many millions of captions; the loss is the one above.
# - Before you trust it with a new pair, test pairs that were never shown, apart from those that were.
# - A few fixed words? Try one plain classifier for each kind of word first: on new pairs it was as good here.
# - If a pair matters, show it. More passes over other pairs did not close the distance.
# - Before you pay for four times as much: train on a quarter, a half and the whole of what you have, draw the line, write the forecast down, then measure.
# - Expect the line to be too hopeful, as here three times out of three. If the point lies far off, say so, and look for what did not grow.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("20.q1")
quizzes.answer("20.q1", ...)

# %%
quizzes.ask("20.q2")
quizzes.answer("20.q2", ...)

# %%
quizzes.ask("20.q3")
quizzes.answer("20.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("20")

# %% [markdown]
# ## To take home
#
# Would more photographs help in *your* folder? This program names each photograph by the most similar one of the others (the ImageNet network's features, cosine), with an eighth, a quarter, a half and all of what it may learn from. It forecasts the last from the three others, so that you see how far a forecast goes wrong, and then says what twice as
# many might bring. It needs two classes, four photographs in each, and eleven in all. Our notebook makes a folder for it, and writes the network into a file.

# %%
from pathlib import Path

from PIL import Image

from course_utils import models

models.imagenet(96, include_top=False, pooling="avg").save("features.keras")
example = datasets.load("cutouts", train=240, validation=6, test=6, size=96, quiet=True)
for number, (image, label) in enumerate(
    zip(example.train.x, example.train.y, strict=True)
):
    place = Path("example_more") / example.class_names[label]
    place.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(place / f"{number}.png")

# %% tags=["take-home"]
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageOps
from sklearn.model_selection import StratifiedShuffleSplit, learning_curve
from sklearn.neighbors import KNeighborsClassifier

folder, photos = Path("example_more"), {}  # yours: a subfolder for each class
base = keras.models.load_model("features.keras")  # wants pixels from 0 to 255
for path in sorted(folder.glob("[!.]*/[!.]*")):
    try:
        upright = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        photos[path] = np.array(ImageOps.fit(upright, (96, 96)))
    except Exception as problem:
        print("left out:", path, problem)
names = [path.parent.name for path in photos]
counts = {name: names.count(name) for name in names}
wanted = f"two classes, each of 4 photographs or more, and 11 in all in {folder}"
assert len(names) > 10 and 3 < min(counts.values()) < len(names), f"{wanted}: {counts}"
features = base.predict(np.array([*photos.values()]), verbose=0)
cut = StratifiedShuffleSplit(20, test_size=0.25, random_state=0)
near, parts = KNeighborsClassifier(1, metric="cosine"), [1 / 8, 1 / 4, 1 / 2, 1.0]
sizes, _, right = learning_curve(near, features, names, train_sizes=parts, cv=cut)
errors = 1 - right.mean(axis=1)
logs = np.log(np.maximum(errors, 0.001))  # 0 has no logarithm: 0.1 % in its place
for kept, at in ((3, sizes[3]), (4, 2 * sizes[3])):
    slope, height = np.polyfit(np.log(sizes[:kept]), logs[:kept], 1)
    print(f"forecast for {at}: {100 * np.exp(height + slope * np.log(at)):.1f} % wrong")
print("measured with", sizes, "photographs:", (100 * errors).round(1), "% wrong")

# %% [markdown]
# To search a folder of your own by words you need a network that was trained on millions of captions. With the packages `transformers` and `torch` it is a few lines. They name each file of a folder by the most likely of the sentences that you give. A search is then to sort the files by the probability of one sentence, as in the last line. (The lines load 600 MB of weights from the network, so this course does not run them.)
#
# ```python
# from pathlib import Path
#
# from transformers import pipeline
#
# sentences = ["a photo of an elephant", "a photo of a seahorse", "a page of text"]
# name = pipeline("zero-shot-image-classification", model="openai/clip-vit-base-patch32")
# found = {}
# for path in sorted(Path("my_pictures").glob("[!.]*.*")):
#     try:
#         answers = name(str(path), candidate_labels=sentences, hypothesis_template="{}")
#     except Exception as problem:  # no picture, or a broken one
#         print("left out:", path, problem)
#         continue
#     found[path.name] = {answer["label"]: answer["score"] for answer in answers}
#     print(path.name, answers[0]["label"], round(answers[0]["score"], 2))
# print(sorted(found, key=lambda file: found[file][sentences[0]], reverse=True)[:6])
# ```
#
# Without `hypothesis_template="{}"` the pipeline writes *This is a photo of* before each of your sentences. The probabilities of a picture add up to 1 over your sentences, so they change with the others in the list.
#
# Of the program above: the first line is a test of the second. In our example it forecasts 8.6 %, and 3.8 % are measured. They are far apart, so do not believe the second line either. A reason may be that our folder has several pictures of each thing: the more of them there are, the more often a picture of the *same* thing is among the others, and then the error falls faster than a line.
# Near-copies on both sides make every number too good ([lesson 07](07_your_own_images.ipynb)), so put one photograph a thing into the folder.
#
# The program gives no band. A line uses up two of its three dots, and from the one that is left Student's t would be 12.7 in the place of 2.78: such a band would hold nearly everything. And where nothing is wrong, the line goes through 0.1 %, and its forecasts say nothing.
#
# ## What stays open
#
# Other programs write captions, or draw what a sentence says, and many of them use such networks for pictures and words as parts ([lesson 19](19_making_pictures.ipynb) has the drawing). Whether they know a purple elephant because they can put words together, or because somebody drew one, is still argued about.
# To read on: [CLIP](https://arxiv.org/abs/2103.00020), [its errors with word order](https://arxiv.org/abs/2210.01936), and [power laws of many tasks](https://arxiv.org/abs/1712.00409). The [FAQ](21_faq.ipynb) has short answers to the rest.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("20")
