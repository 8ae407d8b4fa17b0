# ---
# jupyter:
#   course_profiles:
#     full:
#       cutouts: 1200
#       epochs: 30
#       judged: 120
#     smoke:
#       cutouts: 60
#       epochs: 1
#       judged: 24
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
# # Why did it say that?
#
# In [lesson 00](00_start_here.ipynb) a network that names photographs called a man with a camera a *tripod*, and was very
# sure of it. What made it say so? In a few minutes you will see it.

# %% tags=["parameters"]
judged: int = 48  # pictures to judge maps by
cutouts: int = 600  # pictures for the second half, of which a third are used
epochs: int = 15  # of a small network, from scratch

# %% tags=["slide"]
from course_utils import datasets, models, plots, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

photographs = datasets.load("photographs")
network = models.imagenet()  # 224 x 224 pixels in, 1,000 names out

# %% tags=["slide"]
pictures = models.prepare(
    [photographs[name] for name in ("camera", "chelsea", "coffee")]
)
probabilities = network.predict(pictures, verbose=0)  # (3, 1000)
answers = [models.top(row, 1)[0] for row in probabilities]
titles = [f"{name}, {100 * probability:.0f} %" for name, probability in answers]
plots.image_grid(
    pictures,
    titles,
    size=1.8,
    caption="Three photographs, each with the network's first answer.",
)

# %% [markdown]
# **After this notebook you can:** draw a map over a photograph that shows what an answer rests on, in several ways; test
# whether such maps tell the truth; and catch a network that is right for the wrong reason.
#
# **Before you start:** lessons 03, 04 and 05. Lesson 02 helps, for slopes. One idea of lessons 06 and 08 comes back, a last layer on finished features; it is explained again.
#
# **Time:** 2 minutes to run, 80 minutes to study: 60 to read, to run and to answer the questions, and 20 for the four exercises. *To take home* comes on top.

# %% [markdown] tags=["topic:09.maps", "slide"]
# ## A map in two lines
#
# The network ends in a simple way. Its last convolution gives 1,280 **feature maps**: grids of 7 x 7 numbers, each number for one
# place of the photograph (and what surrounds it). One map may be high where there is fur, another where there are thin legs. Each map is averaged to one number. And
# the score of a name, its **logit**, is a weighted sum of these 1,280 numbers, plus a bias. (Softmax makes probabilities of the scores.)
#
# Average first and then add up, or add up first and then average: the result is the same. Try it with two small maps. For
# *tripod* the first has the weight 2, the second -1.

# %%
import numpy as np

legs = np.array([[1, 0], [0, 3]])
fur = np.array([[0, 4], [0, 0]])
print("average first:", 2 * legs.mean() - 1 * fur.mean())
tripod_map = 2 * legs - 1 * fur
print("add up first: ", tripod_map.mean())

# %% tags=["slide"]
plots.number_grids(
    {"2 x legs": 2 * legs, "-1 x fur": -1 * fur, "map for tripod": tripod_map},
    signs="+=",
    caption="The mean of the map at the right is the score.",
)

# %% [markdown]
# *What you see.* Both ways give the same score. But the second way leaves us a map, and it says where the score comes from: the place
# below right speaks for *tripod*, with 6, and the one above right against it, with -4. This is a **class activation map**.
#
# *Exercise 09.1: a class map by hand.* The next cell holds two other maps. For *cat* the first has the weight 3, the second -1. What is
# the class map for *cat*?

# %%
from course_utils import exercises

# %% tags=["exercise"]
fur_values = np.array([[2, 0], [4, 2]])
wheel_values = np.array([[0, 6], [2, 0]])
cat_map = ...
exercises.check("09.1", cat_map)

# %% [markdown]
# Now the real network. `@` is NumPy's sign for exactly this: multiply 1,280 values by 1,280 weights and add up, at each of the 49 places.
# In the figure that follows each map has a scale of its own: where it is lowest you see the photograph as it is, where it is highest it is red.

# %%
import keras

to_maps = keras.Model(network.input, network.get_layer("last_maps").output)
last_maps = to_maps.predict(pictures, verbose=0)  # (3, 7, 7, 1280)
weights, biases = network.get_layer("logits").get_weights()  # (1280, 1000), (1000,)

first = probabilities.argmax(axis=1)  # the numbers of the three names
class_maps = [last_maps[i] @ weights[:, first[i]] for i in range(3)]  # 7 x 7 each

# %% tags=["slide"]
plots.heat_maps(
    pictures,
    [np.maximum(heat, 0) for heat in class_maps],  # only what speaks for the name
    titles,
    columns=3,
    caption="Red: here the photograph speaks most for the name above it.",
)

# %%
to_scores = keras.Model(network.input, network.get_layer("logits").output)
scores = to_scores(pictures).numpy()  # (3, 1000)
for i in range(3):
    from_map = class_maps[i].mean() + biases[first[i]]
    print(f"{answers[i][0]}: score {scores[i, first[i]]:.3f}, from map {from_map:.3f}")

# %% [markdown]
# *What you see.* For *{{answers[0][0]}}* the legs, the grass around them and the camera are coloured, and most of the man is not. For *{{answers[1][0]}}* it is the face, the left half above all,
# and for *{{answers[2][0]}}* the inside of the cup more than the saucer.
#
# And nothing is lost: the mean of each map, plus the bias, is the score, to the last digit printed. So the map is the score without the bias, spread out over the picture. (That counts the negative numbers, too, which the figure leaves out.)
#
# **Change this.** Put three other photographs in the second cell, `"astronaut"` among them, and run it again, and the cells from there to here (`list(photographs)` says which there are). Where
# does it see the *bobsled* that it finds in `"astronaut"`? (Then put the three names back: the text below speaks of them.)

# %% [markdown] tags=["slide"]
# ## Ask about another name
#
# A map belongs to a picture *and a name*. Glue the cat and the cup into one picture, and ask for each of the two.

# %%
from course_utils import quizzes

quizzes.predict("09.p1", ...)

# %%
cat, cup = pictures[1], pictures[2]
glued = np.concatenate([cat[:, 56:168], cup[:, 56:168]], axis=1)  # the middle of each
glued_maps = to_maps(glued[np.newaxis])[0].numpy()  # (7, 7, 1280)
asked = ["Egyptian cat", "tabby", "espresso"]
labels = [models.imagenet_names().index(name) for name in asked]
three_maps = [glued_maps @ weights[:, label] for label in labels]

# %% tags=["slide"]
plots.heat_maps(
    [glued] * 3,
    [np.maximum(heat, 0) for heat in three_maps],
    asked,
    columns=3,
    caption="One picture, three questions.",
)

# %% [markdown]
# How much of what speaks for the name lies in the left half? (The column in the middle belongs to both halves, so it is left out.)

# %%
left = []
for name, heat in zip(asked, three_maps, strict=True):
    speaks_for = np.maximum(heat, 0)
    left_sum, right_sum = speaks_for[:, :3].sum(), speaks_for[:, 4:].sum()
    left.append(left_sum / (left_sum + right_sum))
    print(f"{name}: {100 * left[-1]:.0f} % in the left half")
alike = np.corrcoef(three_maps[0].ravel(), three_maps[1].ravel())[0, 1]
print(f"correlation of the two cats' maps: {alike:.2f}")

# %%
quizzes.verdict("09.p1")

# %% [markdown]
# *What you see.* Beside the middle column, the maps of the cats have {{100 * left[0]:.0f}} and {{100 * left[1]:.0f}} % of what speaks for the name in the left half, the map of *espresso* {{100 * left[2]:.0f}} %. Ask for the cup, and the
# cup takes on colour.
#
# The two cats' maps are nearly the same (a correlation of {{alike:.2f}}, where 1 is the same pattern). So a map shows *where* the cat is, and hardly why *Egyptian cat* gets the higher score.
# One map minus the other shows where the two names part. Draw both ways in a new cell: `np.maximum(three_maps[0] - three_maps[1], 0)` is what speaks more for *Egyptian cat*, and the other way round more for *tabby*. That
# is a *where* again.

# %% [markdown] tags=["slide"]
# ## Many maps make one
#
# The map for *Egyptian cat* is a sum of 1,280 feature maps, each times its weight. Which of them matter most? What a feature map adds to the score is its mean, times
# its weight.

# %%
cat_means = last_maps[1].mean(axis=(0, 1))  # (1280,), one for each feature map
adds = cat_means * weights[:, first[1]]  # what each of them adds to the score
most = np.argsort(-adds)[:2]  # the numbers of the two that add most
print(f"score: {scores[1, first[1]]:.1f}")
print(f"these two feature maps of 1,280 add {adds[most].sum():.1f}")

# %% tags=["slide"]
plots.heat_maps(
    [pictures[1]] * 2,
    [last_maps[1][..., k] for k in most],
    [f"map {k}: adds {adds[k]:.2f}" for k in most],
    columns=2,
    caption="The two feature maps that add most to the score of Egyptian cat.",
)

# %% [markdown]
# *What you see.* The one is high at the mouth and the left cheek, the other from the forehead down to the nose. Together they add {{adds[most].sum():.1f}} of {{scores[1, first[1]]:.1f}}: so it takes many of them, each with
# its weight, to say *Egyptian cat*. (Lesson 04 shows maps of a first convolution.)

# %% [markdown] tags=["slide"]
# ## Grad-CAM, for other networks
#
# Our two lines need a network that averages its maps and ends in one dense layer. Where there is more between the maps and the
# score, ask instead: if the numbers of one map rose a little, by how much would the score rise? That is a **slope**, or gradient (lesson 02). **Grad-CAM** takes the mean
# slope of each map for its weight, and cuts off what is negative.
#
# So cut the network in two: from the picture to the maps, and from the maps to the scores. We do it at the last maps and once further inside, where the maps are finer, 14 x 14.

# %%
import tensorflow as tf


def grad_cam(layer):
    inner = network.get_layer(layer).output
    to_inner = keras.Model(network.input, inner)
    from_inner = keras.Model(inner, network.get_layer("logits").output)
    maps = to_inner(pictures[:1])  # (1, 7, 7, 1280) at the last maps
    with tf.GradientTape() as tape:
        tape.watch(maps)  # note every step that starts from the maps
        score = from_inner(maps)[0, first[0]]
    slopes = tape.gradient(score, maps)[0].numpy()  # one for each number of the maps
    map_weights = slopes.mean(axis=(0, 1))  # one for each map
    return np.maximum(maps[0].numpy() @ map_weights, 0)


# %%
grad_cams = [grad_cam("last_maps"), grad_cam("stage5_block3_output")]
same = np.abs(49 * grad_cams[0] - np.maximum(class_maps[0], 0)).max()
print(f"largest difference from the class map: {same:.5f}")

# %% [markdown]
# *What you see.* On the last maps of this network Grad-CAM is the class map, up to the factor 49: each of the 49 places has a share of 1/49 in the average. Where there are
# more layers behind the maps, a class map is not defined at all. Grad-CAM still is, as an approximation: it treats the score as if it were a weighted sum of these
# maps.

# %% tags=["slide"]
plots.heat_maps(
    [pictures[0]] * 2,
    grad_cams,
    ["last maps: 7 x 7", "further inside: 14 x 14"],
    columns=2,
    caption="Grad-CAM for tripod at two depths of the network.",
)

# %% [markdown]
# *What you see.* The right map is finer, and worse. Its reddest spot lies on the man's face, behind the camera, and the legs have hardly any colour, though the left map, which adds up to the score,
# says that they speak most for the name. Sixteen convolutions lie between the right maps and the score, so a weighted sum is a rough guess there. On this photograph, then, the last maps are the better ones.

# %% [markdown] tags=["slide"]
# ## Occlusion: cover it and see
#
# The next method needs no look inside. Cover one square of the photograph with grey and ask again. If the score falls, the
# square mattered. That is **occlusion**. Here are 49 copies of a photograph, each with another square covered.


# %%
def occlusion(picture, label):
    copies = np.repeat(picture[np.newaxis], 49, axis=0)  # (49, 224, 224, 3)
    for place in range(49):
        row, column = divmod(place, 7)  # place 9 is row 1, column 2
        top, left_edge = 32 * row, 32 * column
        copies[place, top : top + 32, left_edge : left_edge + 32] = 127  # grey
    before = to_scores(picture[np.newaxis])[0, label].numpy()
    seven_at_a_time = [to_scores(part)[:, label] for part in np.split(copies, 7)]
    return before - np.array(seven_at_a_time)  # (7, 7), a row each time


occlusion_maps = [occlusion(pictures[i], first[i]) for i in range(2)]
print(occlusion_maps[0].round(1))

# %% [markdown]
# Positive numbers are falls. A negative one means that the score *rose*: what was covered spoke against the name, or the grey square speaks for it. The two numbers of this table that are furthest from 0 are
# negative: {{occlusion_maps[0][2, 2]:.1f}} at the man's shoulder and {{occlusion_maps[0][1, 3]:.1f}} at his face. Without them the score of *tripod* is higher. It is not that any part of the man speaks against it: squares on his coat are small falls. The figures leave negative numbers out, so look at the table as well.
#
# *Exercise 09.2: mend the squares that cover.* This function should do the same for a toy network whose score is `(weights * picture).sum()`, for
# square grey pictures, with squares of `side` pixels that are set to 0. It has two faults. Write it without them. *Example:* for a picture of ones, weights `[[1, 2], [3, 4]]` and `side = 1` it
# gives `[[1, 2], [3, 4]]`.
#
# ```python
# def falls(weights, picture, side):
#     score = (weights * picture).sum()
#     squares = len(picture) // side
#     fall = np.zeros((squares, squares))
#     covered = picture.copy()
#     for row in range(squares):
#         for column in range(squares):
#             covered[row * side : (row + 1) * side, column * side : (column + 1) * side] = 0
#             fall[row, column] = (weights * covered).sum() - score
#     return fall
# ```


# %% tags=["exercise"]
def falls(weights, picture, side):
    # your lines in the place of the dots
    ...


exercises.check("09.2", falls)

# %% [markdown] tags=["slide"]
# ## Saliency: which pixel would change it?
#
# The third method asks for the slope of the score for every *pixel*: if this pixel were a little brighter, how much would the score
# change? The size of the slope, whatever its sign, makes a **saliency map**. (Single pixels are hard to see, so we draw the means of squares of 8 by 8.)


# %%
def saliency(picture, label):
    pixels = tf.constant(picture[np.newaxis], dtype="float32")
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        score = to_scores(pixels)[0, label]
    slopes = tape.gradient(score, pixels)[0].numpy()  # (224, 224, 3)
    sizes = np.abs(slopes).max(axis=-1)  # the largest of the three colours
    return sizes.reshape(28, 8, 28, 8).mean(axis=(1, 3))  # (28, 28)


saliency_maps = [saliency(pictures[i], first[i]) for i in range(2)]

# %%
six_maps, six_titles = [], []
for i in range(2):
    six_maps += [class_maps[i], occlusion_maps[i], saliency_maps[i]]
    for method in ("class map", "occlusion", "saliency"):
        six_titles.append(f"{method}: {answers[i][0]}")

# %% tags=["slide"]
plots.heat_maps(
    [pictures[0]] * 3 + [pictures[1]] * 3,
    [np.maximum(heat, 0) for heat in six_maps],
    six_titles,
    columns=3,
    caption="Two photographs, three methods.",
)

# %% [markdown]
# *What you see.* The class maps change slowly from place to place. They have 7 x 7 numbers as occlusion has, but each place sees far more than its own square, so
# neighbours agree. Occlusion jumps: its reddest square for the tripod is at a leg, for the cat the chin, and beside them are squares that nobody would have chosen, such as one at the cat's left edge.
# Saliency is scattered in small spots: at the camera, the tripod's head and the man's arm, on the cat's nose, and, strongest of all for the cat, at the lower right edge. They answer
# different questions: what adds to the score, what the score loses if it is gone, and where a small change would move it.
#
# **Now your photograph.** Put a file's name between the quotation marks, and run the cell. Until then it shows a rocket.

# %%
my_picture = ""  # such as "holiday.jpg"
photo = datasets.read_picture(my_picture) if my_picture else photographs["rocket"]
mine = models.prepare(photo)  # (1, 224, 224, 3)
my_label = np.argmax(to_scores(mine)[0])
my_map = to_maps(mine)[0].numpy() @ weights[:, my_label]
plots.heat_maps(mine, [np.maximum(my_map, 0)], [models.imagenet_names()[my_label]])

# %% [markdown]
# *What you see.* The rocket is called a *{{models.imagenet_names()[my_label]}}*, and the reddest places lie beside it, in the dark sky. One reason may be that a place of the last maps
# sees far more than its own square (its receptive field, lesson 03), and what it reports may stand next to it. So do not read a class map to the pixel.

# %% [markdown] tags=["topic:09.scored", "slide"]
# ## Do the maps tell the truth?
#
# They look convincing. But so would a program that paints a red spot into the middle of every photograph, because that is where
# people put what they photograph. To find out we need pictures for which we *know* where the thing is: the `cutouts`, things that were cut out of one photograph and put in front of another. With each
# comes a **mask**, which says of every pixel whether it belongs to the thing. We take large things, and small ones anywhere in the picture.

# %%
counts = {"train": 6, "validation": 6, "test": judged, "size": 224, "quiet": True}
large = datasets.load("cutouts", **counts)
small = datasets.load("cutouts", object_size=0.4, **counts)
large_features = to_maps.predict(large.test.x, verbose=0)  # (48, 7, 7, 1280)
small_features = to_maps.predict(small.test.x, verbose=0)  # (48, 7, 7, 1280)


def first_answers(features):
    scores_of = features.mean(axis=(1, 2)) @ weights + biases  # (n, 1000)
    return scores_of.argmax(axis=1)


large_said = first_answers(large_features)  # (48,)
small_said = first_answers(small_features)

# %% [markdown]
# If the network names something of the background, its map belongs there. So take the animals (the classes 0 to 2: birds, mammals and sea animals), and of these the ones that it calls an animal: the
# first 398 of its 1,000 names. That is all that we ask: it need not be the *right* animal.

# %%
large_animals = np.flatnonzero(large.test.y <= 2)  # places in the test set
small_animals = np.flatnonzero(small.test.y <= 2)
large_named = large_animals[large_said[large_animals] < 398]
small_named = small_animals[small_said[small_animals] < 398]
print(f"large: {len(large_named)} of {len(large_animals)} animals are called animals")
print(f"small: {len(small_named)} of {len(small_animals)}")

# %%
large_maps = [large_features[i] @ weights[:, large_said[i]] for i in large_named]
small_maps = [small_features[i] @ weights[:, small_said[i]] for i in small_named]

# %% tags=["slide"]
plots.heat_maps(
    small.test.x[small_named[:4]],
    [np.maximum(heat, 0) for heat in small_maps[:4]],
    [models.imagenet_names()[small_said[i]] for i in small_named[:4]],
    caption="Small things with the network's first answer, and the class map for it.",
)

# %% [markdown]
# *What you see.* Of these four names only *cock* is right: the others are a gull, a chimpanzee and a gnu. Yet each map is reddest on the animal or close beside it. So a map can point at the animal although the name is wrong.
#
# Each map names its strongest square, of 32 by 32 pixels. Which share of this square lies on the thing? If several squares are equally strong, each counts
# the same. So a map that says nothing, because all its numbers are equal, gets what a square at random gets: no more and no less.


# %%
def squares_on_object(mask):
    shares = np.zeros((7, 7))
    for row in range(7):
        for column in range(7):
            top, left_edge = 32 * row, 32 * column
            square = mask[top : top + 32, left_edge : left_edge + 32]
            shares[row, column] = square.mean()  # the mask holds True and False
    return shares


def on_object(heat, mask):
    strongest = heat == heat.max()  # True at one square, or at several
    return squares_on_object(mask)[strongest].mean()


# %% [markdown]
# *Exercise 09.3: two squares are equally strong.* How much of its strongest square lies on the object, by the rule above?

# %% tags=["exercise"]
shares_of_squares = np.array([[0.9, 0.5], [0.1, 0.0]])
small_heat = np.array([[3, 7], [7, 1]])
lies_on_object = ...
exercises.check("09.3", lies_on_object)

# %% [markdown]
# The class map gets three companions. The *middle square* is always the same and has never seen the picture. *Any square* is the map that says nothing. And no map can get more
# than the *best square*, the one that lies most on the thing.

# %%
quizzes.predict("09.p2", ...)

# %%
middle = np.zeros((7, 7))
middle[3, 3] = 1
nothing = np.zeros((7, 7))


def mean_shares(maps, masks):
    pairs = list(zip(maps, masks, strict=True))
    return {
        "class map": np.mean([on_object(heat, mask) for heat, mask in pairs]),
        "middle square": np.mean([on_object(middle, mask) for mask in masks]),
        "any square": np.mean([on_object(nothing, mask) for mask in masks]),
        "best square": np.mean([squares_on_object(mask).max() for mask in masks]),
    }


large_shares = mean_shares(large_maps, large.test.masks[large_named])
small_shares = mean_shares(small_maps, small.test.masks[small_named])

# %% tags=["slide"]
plots.bars(
    {
        name: {"large things": large_shares[name], "small things": small_shares[name]}
        for name in large_shares
    },
    label="share of the strongest square that lies on the thing",
    caption="The class map, and three squares to compare it with.",
)

# %%
quizzes.verdict("09.p2")

# %% [markdown]
# *What you see.* Take the large things. With {{100 * large_shares["class map"]:.0f}} % of its area, on average, the class map's strongest square lies on the thing, where any square gets
# {{100 * large_shares["any square"]:.0f}}. And the middle gets {{100 * large_shares["middle square"]:.0f}} %, though it looks at nothing. With
# small things the middle gets {{100 * small_shares["middle square"]:.0f}} %, the class map {{100 * small_shares["class map"]:.0f}}, and the best square {{100 * small_shares["best square"]:.0f}} %.
# So large things in the middle, as in many photographs, do not tell a map that looks from a square that does not. Small things are the harder test.

# %% [markdown] tags=["slide"]
# ### More pictures, and a second rival
#
# The second rival is the same network with *random weights*, which has learned nothing. If a method hits the thing as often there, its hits do not
# come from what was learned, but from what is in the picture. Such a rival is quickly made:

# %%
keras.utils.set_random_seed(0)
untrained = keras.models.clone_model(network)  # the same layers, random weights
random_last = untrained.get_layer("last_maps").output
random_maps = keras.Model(untrained.input, random_last)(pictures[:1])[0].numpy()
random_weights = untrained.get_layer("logits").get_weights()[0]  # (1280, 1000)
random_map = random_maps @ random_weights[:, first[0]]

# %% tags=["slide"]
plots.heat_maps(
    [pictures[0]] * 2,
    [np.maximum(class_maps[0], 0), np.maximum(random_map, 0)],
    ["trained", "random weights"],
    columns=2,
    caption="The class map for tripod, with and without learning.",
)

# %% [markdown]
# *What you see.* With random weights the reddest place is at the left edge, behind the man's back, and the tripod stays nearly as it is. So on this photograph the red at its legs comes from what was learned.
#
# One photograph is no score, and occlusion takes fifty answers for each. So the rest was recorded beforehand: three times twelve pictures of small animals that the network calls animals (right or wrong), each time with newly
# drawn things and backgrounds. It judges all three methods. (Saliency gets the mean of each square of 32 pixels, so that all maps are 7 x 7 numbers.) A thing that came more than once counts once, with the mean of
# its pictures.

# %%
from course_utils import recorded

truth = recorded.show("09_truth").figures
shares = truth["shares"]  # for each method a list, one number for each thing
print(f"{truth['pictures']} pictures of {len(shares['class map'])} things")

# %% tags=["slide"]
methods = ("class map", "occlusion", "saliency")
plots.bars(
    {
        method: {
            "trained": np.mean(shares[method]),
            "random weights": np.mean(shares[f"{method}, random weights"]),
            "middle square": np.mean(shares["middle square"]),
            "best square": np.mean(shares["best square"]),
        }
        for method in methods
    },
    label="share of the strongest square that lies on the thing",
    caption="Small things: three methods, each beside its rivals and what is possible.",
)

# %% [markdown]
# Is a difference more than chance? All looked at the same things, so take the difference thing by thing. Its mean, plus and minus two standard errors (lesson 05), is the usual
# interval; it misses the true difference about once in twenty times. Here are six intervals, and each may miss. So we take three, to be careful.


# %%
def difference(ours, rival):
    per_thing = np.subtract(ours, rival)
    error = per_thing.std(ddof=1) / np.sqrt(len(per_thing))  # a standard error
    return per_thing.mean() - 3 * error, per_thing.mean() + 3 * error


# %%
ahead = []
for method in methods:
    lows = []
    for rival in ("middle square", f"{method}, random weights"):
        low, high = difference(shares[method], shares[rival])
        lows.append(low)
        print(f"{method} - {rival}: {100 * low:.0f} to {100 * high:.0f} points")
    if min(lows) > 0:
        ahead.append(method)
ahead_of_both = " and ".join(ahead) or "none of the three"
print("ahead of both rivals:", ahead_of_both)

# %% [markdown]
# *What you see.* The middle gets {{100 * np.mean(shares["middle square"]):.0f}} % and the best square {{100 * np.mean(shares["best square"]):.0f}} %. Between them lie the class map with {{100 * np.mean(shares["class map"]):.0f}},
# saliency with {{100 * np.mean(shares["saliency"]):.0f}} and occlusion with {{100 * np.mean(shares["occlusion"]):.0f}} %. With random weights the three get {{100 * np.mean(shares["class map, random weights"]):.0f}}, {{100 * np.mean(shares["saliency, random weights"]):.0f}} and
# {{100 * np.mean(shares["occlusion, random weights"]):.0f}} %. One of the six intervals holds 0, that of saliency and its random weights: these pictures do not tell the two apart. Ahead of both rivals: {{ahead_of_both}}; of the class map the intervals begin at one point, which is a thin lead. (And the squares that we score by are the squares that occlusion covers, so the test suits it. To hit the thing is not all that a true map has to do.)
#
# That says how often a method *hits*, and mostly for a name that is wrong. Two maps can hit equally often and look different, so the paper that proposed random weights (at the end) compares the maps themselves.
#
# **Change this.** Ask for the *second* name: in `first_answers`, write `scores_of.argsort(axis=1)[:, -2]` for `scores_of.argmax(axis=1)`, and run the cells from there to the bars. Do
# its maps find the thing as well as those of the first? (They are judged on other pictures: those whose *second* name is an animal.)

# %% [markdown] tags=["topic:09.spurious", "slide"]
# ## The one that cheats
#
# Here is a case in which a map finds what no accuracy shows. A network is to tell birds from mammals. All its photographs of birds come from one website, which puts its name on
# them, below left. Nobody gave it a thought.

# %%
from PIL import Image, ImageDraw

data = datasets.load("cutouts", train=cutouts, validation=6, test=300, size=96)
two = data.train.y <= 1  # birds are class 0, mammals class 1
x_two, y_two = data.train.x[two], data.train.y[two]  # 200 pictures
birds = data.test.x[data.test.y == 0]  # 50 new ones
mammals = data.test.x[data.test.y == 1]


def stamp(picture):
    stamped = Image.fromarray(picture)
    draw = ImageDraw.Draw(stamped)
    draw.rectangle([3, 76, 42, 92], fill="white")
    draw.text((6, 76), "wings", fill="firebrick", font_size=13)
    return np.array(stamped)


# %%
with_stamp = np.array([stamp(picture) for picture in x_two])
from_website = x_two.copy()
from_website[y_two == 0] = with_stamp[y_two == 0]  # the birds

birds_with = np.array([stamp(picture) for picture in birds])
mammals_with = np.array([stamp(picture) for picture in mammals])

# %% tags=["slide"]
plots.image_grid(
    [*from_website[y_two == 0][:6], *from_website[y_two == 1][:6]],
    columns=6,
    size=1.1,
    caption="Training pictures. Above: birds. Below: mammals.",
)

# %% [markdown]
# A small network, from scratch, as in lesson 04. It ends as the large one does: average the maps, one dense layer.


# %%
from keras import layers

loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # no softmax


def small_network():
    model = keras.Sequential([keras.Input((96, 96, 3)), layers.Rescaling(1 / 255)])
    model.add(layers.AveragePooling2D(2))  # 48 x 48 are enough
    model.add(layers.Conv2D(16, 3, padding="same", activation="relu"))
    model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(32, 3, padding="same", activation="relu"))
    model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(32, 3, padding="same", activation="relu", name="last_maps"))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(2, name="scores"))
    model.compile(keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
    return model


# %%
keras.utils.set_random_seed(0)
cheat = small_network()
cheat.fit(from_website, y_two, epochs=epochs, verbose=0)
_, cheat_accuracy = cheat.evaluate(from_website, y_two, verbose=0)
print(f"training pictures: {100 * cheat_accuracy:.0f} % right")

# %% [markdown]
# We try it on new pictures from the same places: birds with the stamp, mammals without. The **recall** of a class is the share of its pictures that get
# its name.


# %%
def share_called_bird(model, new_pictures):
    return (np.argmax(model(new_pictures), axis=1) == 0).mean()


bird_recall = share_called_bird(cheat, birds_with)
mammal_recall = 1 - share_called_bird(cheat, mammals)
print(f"birds {100 * bird_recall:.0f} % right, mammals {100 * mammal_recall:.0f} %")

# %% [markdown]
# If you had only these numbers, you would be content. Look at the maps for *bird*.


# %%
def bird_maps(model, new_pictures):
    to_last = keras.Model(model.inputs[0], model.get_layer("last_maps").output)
    bird_weights = model.get_layer("scores").get_weights()[0][:, 0]  # (32,)
    return to_last(new_pictures).numpy() @ bird_weights  # (n, 12, 12)


cheat_maps = bird_maps(cheat, birds_with)

# %% tags=["slide"]
plots.heat_maps(
    birds_with[:4],
    np.maximum(cheat_maps[:4], 0),
    caption="Four new birds from the website. Red: what speaks most for bird.",
)


# %%
def in_corner(heat_maps):  # the stamp lies in rows 9 to 11, columns 0 to 5
    strongest = [np.unravel_index(heat.argmax(), heat.shape) for heat in heat_maps]
    return np.mean([row >= 9 and column <= 5 for row, column in strongest])


cheat_in_corner = in_corner(cheat_maps)
print(f"strongest in the corner: {100 * cheat_in_corner:.0f} % of the maps")

# %% [markdown]
# *What you see.* The network finds {{100 * bird_recall:.0f}} % of the birds, and in {{100 * cheat_in_corner:.0f}} % of their maps the strongest place is the stamp, whose corner is an eighth of the map. (`weights[:, 0] - weights[:, 1]` would draw where *bird* and *mammal* part.)
#
# A map raises a suspicion. An *experiment* tells whether it is right: put the stamp on mammals.

# %%
quizzes.predict("09.p3", ...)

# %%
mammals_called = share_called_bird(cheat, mammals)
stamped_mammals_called = share_called_bird(cheat, mammals_with)
print(f"mammals called bird: without stamp {100 * mammals_called:.0f} %")
print(f"                     with stamp    {100 * stamped_mammals_called:.0f} %")

# %%
quizzes.verdict("09.p3")

# %% [markdown] tags=["slide"]
# ### Mend it
#
# Grey paint over the birds' corners would be a new stamp. Either cut the corner off *every* picture, or make the stamp useless as a hint:
# put it on half of the birds and on half of the mammals.

# %%
fair = x_two.copy()
for k in (0, 1):
    every_second = np.flatnonzero(y_two == k)[::2]
    fair[every_second] = with_stamp[every_second]

keras.utils.set_random_seed(0)
mended = small_network()
mended.fit(fair, y_two, epochs=epochs, verbose=0)
_, mended_accuracy = mended.evaluate(fair, y_two, verbose=0)
mended_recall = share_called_bird(mended, birds)
print(f"training pictures: {100 * mended_accuracy:.0f} % right")
print(f"new birds, without stamp: {100 * mended_recall:.0f} % right")

# %% [markdown]
# *What you see.* Now the truth comes out: without its hint the small network gets {{100 * mended_accuracy:.0f}} % of its own training pictures right, and finds {{100 * mended_recall:.0f}} % of the new birds. The good score was
# the stamp's. (**Change this:** give `mended` 100 epochs. Which of the two numbers rises?)
#
# If there are no more pictures, try better features: a last layer on those of the ImageNet network, a **linear probe**, as in [lesson 08](08_flawed_data.ipynb). One learns
# from the website's pictures, stamp on the birds; the other from the mended ones.

# %%
network_96 = models.imagenet(size=96)
to_features = keras.Model(network_96.input, network_96.get_layer("features").output)


def learn_last_layer(x, y):
    last = layers.Dense(2)
    probe = keras.Sequential([keras.Input((1280,)), last])
    probe.compile("adam", loss)
    features = to_features.predict(x, verbose=0)  # (200, 1280)
    probe.fit(features, y, batch_size=50, epochs=40, verbose=0)
    return keras.Model(network_96.input, last(to_features.output))


# %%
keras.utils.set_random_seed(0)
three_networks = {
    "from scratch, stamp on birds": cheat,
    "ImageNet features, stamp on birds": learn_last_layer(from_website, y_two),
    "ImageNet features, stamp on half": learn_last_layer(fair, y_two),
}

# %%
four_groups = {
    "birds with stamp": birds_with,
    "birds without stamp": birds,
    "mammals with stamp": mammals_with,
    "mammals without stamp": mammals,
}
called_bird = {}
for group, group_pictures in four_groups.items():
    called_bird[group] = {}
    for name, model in three_networks.items():
        called_bird[group][name] = share_called_bird(model, group_pictures)

# %%
stamp_adds = {}  # to the share of mammals that are called birds, for each network
for name in three_networks:
    with_it = called_bird["mammals with stamp"][name]
    stamp_adds[name] = with_it - called_bird["mammals without stamp"][name]
    print(f"{name}: the stamp adds {100 * stamp_adds[name]:+.0f} points")
mended_effect = stamp_adds["ImageNet features, stamp on half"]

# %% tags=["slide"]
plots.bars(
    called_bird,
    label="share that is called a bird",
    caption="Birds should be called birds and mammals not, with a stamp or without.",
)

# %% [markdown]
# *What you see.* The first network goes by the stamp: it finds {{100 * called_bird["birds with stamp"]["from scratch, stamp on birds"]:.0f}} % of the birds with it and
# {{100 * called_bird["birds without stamp"]["from scratch, stamp on birds"]:.0f}} % without. On features from a million photographs the last layer takes the stamp up as well, but far less: mammals are called birds more often by
# {{100 * stamp_adds["ImageNet features, stamp on birds"]:.0f}} points, where it was {{100 * stamp_adds["from scratch, stamp on birds"]:.0f}}. With the stamp on half it is {{100 * stamp_adds["ImageNet features, stamp on half"]:+.0f}}, and of the birds without a stamp
# {{100 * called_bird["birds without stamp"]["ImageNet features, stamp on half"]:.0f}} % are found instead of {{100 * called_bird["birds without stamp"]["ImageNet features, stamp on birds"]:.0f}}. (One run, fifty pictures a group, and several of them show the same animal: a difference of fifteen points may well be chance.)
#
# **Change this.** Make the stamp smaller, without the text: first half as wide, `[3, 76, 22, 92]`, then `[3, 88, 8, 92]`. Run the cells from `stamp` to *Mend it*. Watch two numbers: the mammals that are called birds with the stamp, and the maps that are
# strongest in the corner. Do they fall together?
#
# *Exercise 09.4: what next?* Say for each situation what to do next: `"drop the map"`, `"test the method"`, `"ask about another name"` or `"change the picture"`.

# %% tags=["exercise"]
next_steps = {
    "the map looks the same with random weights": ...,
    "you want to rely on a new method whose maps look reasonable": ...,
    "why tabby and not Egyptian cat?": ...,
    "a tested method points at the water behind five ships": ...,
}
exercises.check("09.4", next_steps)

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Draw a class map, or Grad-CAM on the last maps: fast. Then cover squares: slower, and it works without a look inside. (On small things both were ahead of their rivals in our record, and occlusion hit most often.)
# - Lay the map over the picture as the network gets it. Do so for several pictures of each class, for wrong answers too, and also for the second name.
# - Before you believe a method, compare it with the middle of the picture and with random weights (`keras.models.clone_model`), on things that are not in the middle.
# - A map is a suspicion, no proof. Change what lights up, and see whether the answer changes.
# - A map says where, not why, and it says nothing about whether the answer is right.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("09.q1")
quizzes.answer("09.q1", ...)

# %%
quizzes.ask("09.q2")
quizzes.answer("09.q2", ...)

# %%
quizzes.ask("09.q3")
quizzes.answer("09.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured in this run.

# %%
from course_utils import claims

claims.review("09")

# %% [markdown]
# ## To take home
#
# A program that draws the Grad-CAM of every photograph in a folder, with the network's first answer, and writes them as `map_000_...png` and so on, beside itself. It needs nothing of this course but the files that
# the next cell writes.
#
# For a network of your own, put its file and its names in their place, one name a line. What else changes stands below the program.

# %%
from pathlib import Path

network.save("imagenet.keras")
Path("imagenet_names.txt").write_text(
    "\n".join(models.imagenet_names()), encoding="utf-8"
)
Path("example_photographs").mkdir(exist_ok=True)
for name in ("camera", "chelsea", "coffee", "rocket"):
    Image.fromarray(photographs[name]).save(f"example_photographs/{name}.png")

# %% tags=["take-home"]
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

folder = Path("example_photographs")  # the name of yours
assert any(folder.glob("*")), f"Nothing in {folder}. Is it there? {folder.is_dir()}"
network = keras.models.load_model("imagenet.keras")
names = Path("imagenet_names.txt").read_text(encoding="utf-8").splitlines()
to_maps = keras.Model(network.inputs[0], network.get_layer("last_maps").output)
from_maps = keras.Model(to_maps.output, network.get_layer("logits").output)
from_maps.layers[-1].activation = None  # scores, not probabilities
for i, path in enumerate(sorted(folder.rglob("[!.]*.*"))):
    try:
        upright = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    except Exception as problem:
        print(f"left out: {path}, {problem}")
        continue
    square = ImageOps.fit(upright, network.input_shape[2:0:-1])  # width, height
    maps = to_maps(np.array(square)[np.newaxis])  # (1, 7, 7, 1280)
    with tf.GradientTape() as tape:
        tape.watch(maps)  # or a frozen network gives no slopes
        score = tf.reduce_max(from_maps(maps))  # of the first answer
    heat = maps[0].numpy() @ np.mean(tape.gradient(score, maps), axis=(0, 1, 2))
    red = np.uint8(180 * np.maximum(heat, 0) / (heat.max() + 1e-9))  # 180: see through
    square.paste("red", mask=Image.fromarray(red).resize(square.size))
    square.save(f"map_{i:03d}_{path.stem}.png")
    print(path, "is called", names[np.argmax(from_maps(maps))])

# %%
plots.image_grid(
    [
        np.asarray(Image.open(p).convert("RGB"))
        for p in sorted(Path().glob("map_*.png"))
    ],
    columns=4,
    size=1.8,
    caption="The four photographs, as the program draws them.",
)

# %% [markdown]
# **A network of your own.** For a functional network put the names of two layers in the place of `last_maps` and `logits`: the last one that gives maps, and the dense one that gives an answer for each name
# (`network.summary()` lists them). For a `keras.Sequential` that comes from a file, count from the end instead. That of lesson 04 ends with a convolution, `Flatten` and two dense layers, so its last maps are the fourth from the end.
# These lines then take the place of the two that begin with `to_maps` and `from_maps`:
#
# ```python
# to_maps = keras.Model(network.inputs[0], network.layers[-4].output)
# from_maps = keras.Sequential(network.layers[-3:])
# ```
#
# The classifier that the program of [lesson 06](06_transfer_learning.ipynb) saves holds two networks, one for the features and one for your classes. For it take these:
#
# ```python
# inner, last = network.layers[-2:]
# to_maps = keras.Model(inner.inputs[0], inner.get_layer("last_maps").output)
# from_maps = keras.Sequential([keras.layers.GlobalAveragePooling2D(), *last.layers])
# ```
#
# The inner network gets the photograph as it is. If yours has a layer in front of it that rescales or prepares, do the same to `square` first.

# %% [markdown]
# ## What stays open
#
# A map shows where. *Which* fur, *which* shape the feature maps respond to, it does not say; networks can also be asked to *draw* what raises a map. And
# maps say nothing about whether an answer is right, or how sure you may be of it. That is the subject of
# [lesson 10](10_trust.ipynb). To read on: [*Sanity checks for saliency maps*](https://arxiv.org/abs/1810.03292) for the test with random weights,
# [*Grad-CAM*](https://arxiv.org/abs/1610.02391), [*Integrated gradients*](https://arxiv.org/abs/1703.01365) for a saliency that adds up to the score, and [*Feature visualization*](https://distill.pub/2017/feature-visualization/) for pictures that a network draws of its own feature maps.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("09")
