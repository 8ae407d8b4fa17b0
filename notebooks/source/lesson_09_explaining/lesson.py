# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 30
#       images: 360
#       new: 120
#     smoke:
#       epochs: 1
#       images: 60
#       new: 18
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
images: int = 150  # pictures to learn from, in the second half
new: int = 36  # pictures to judge maps by
epochs: int = 15  # of a small network, from scratch

# %% tags=["slide"]
from course_utils import datasets, models, plots, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

photographs = datasets.load("photographs")
network = models.imagenet()  # 224 x 224 pixels in, 1,000 names out

pictures = models.prepare(
    [photographs[name] for name in ("camera", "chelsea", "coffee")]
)
probabilities = network.predict(pictures, verbose=0)  # (3, 1000)
answers = [models.top(row, 1)[0] for row in probabilities]
titles = [f"{name}, {100 * probability:.0f} %" for name, probability in answers]
plots.image_grid(
    pictures,
    titles,
    size=2.4,
    caption="Three photographs, each with the network's first answer.",
)

# %% [markdown]
# **After this notebook you can:** draw a map over a photograph that shows what an answer rests on, in several ways; test
# whether such maps tell the truth; and catch a network that is right for the wrong reason.
#
# **Before you start:** lessons 03, 04 and 05. Two ideas of lesson 08 come back, the linear probe and the betraying background; both are explained again.
#
# **Time:** 2 minutes to run, 60 minutes to study.

# %% [markdown] tags=["topic:09.maps", "slide"]
# ## A map in two lines
#
# The network ends in a simple way. Its last convolution gives 1,280 **feature maps**: grids of 7 x 7 numbers, each number for one
# region of the photograph. One map may be high where there is fur, another where there are thin legs. Each map is averaged to one number. And
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
# *What you see.* Both ways give the same score. But the second way leaves a map on the table, and it says where the score comes from: the place
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
    caption="Bright: here the photograph speaks for the name above it.",
)

# %%
to_scores = keras.Model(network.input, network.get_layer("logits").output)
scores = to_scores(pictures).numpy()  # (3, 1000)
for i in range(3):
    from_map = class_maps[i].mean() + biases[first[i]]
    print(f"{answers[i][0]}: score {scores[i, first[i]]:.3f}, from map {from_map:.3f}")

# %% [markdown]
# *What you see.* For *{{answers[0][0]}}* the legs, the grass around them and the camera are bright, and most of the man is not. For *{{answers[1][0]}}* it is the face, the left half above all,
# and for *{{answers[2][0]}}* the inside of the cup more than the saucer.
#
# And nothing is lost: the mean of each map, plus the bias, is the score, to the last digit printed. So the map, with the negative numbers that the figure leaves dark, is the score, spread out over the picture.
#
# **Change this.** Put other photographs in the second cell: `list(photographs)` says which there are. Where does it see the *bobsled* that it
# finds in `"astronaut"`?

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
# How much of the bright part lies in the left half? (The column in the middle belongs to both halves, so it is left out.)

# %%
left = []
for name, heat in zip(asked, three_maps, strict=True):
    bright = np.maximum(heat, 0)
    left.append(bright[:, :3].sum() / (bright[:, :3].sum() + bright[:, 4:].sum()))
    print(f"{name}: {100 * left[-1]:.0f} % in the left half")
alike = np.corrcoef(three_maps[0].ravel(), three_maps[1].ravel())[0, 1]
print(f"correlation of the two cats' maps: {alike:.2f}")

# %%
quizzes.verdict("09.p1")

# %% [markdown]
# *What you see.* The maps of the cats have {{100 * left[0]:.0f}} and {{100 * left[1]:.0f}} % of what is bright in the left half, the map of *espresso* {{100 * left[2]:.0f}} %. Ask for the cup, and the cup lights up.
#
# The two cats' maps are nearly the same (a correlation of {{alike:.2f}}, where 1 is the same pattern). So a map shows *where* the cat is, but not why *Egyptian cat* gets the higher score.
# For that, take one map minus the other: `three_maps[0] - three_maps[1]`. Try it.

# %% [markdown] tags=["slide"]
# ## Grad-CAM, for other networks
#
# Our two lines need a network that averages its maps and ends in one dense layer. Where there is more between the maps and the
# score, ask instead: if the numbers of one map rose a little, by how much would the score rise? That is a **slope**, or gradient (lesson 02). **Grad-CAM** takes the mean
# slope of each map for its weight, and cuts off what is negative.

# %%
import tensorflow as tf

to_both = keras.Model(network.input, [to_maps.output, to_scores.output])
with tf.GradientTape() as tape:  # notes every step, to find slopes afterwards
    maps, logits = to_both(pictures[:1])  # (1, 7, 7, 1280), (1, 1000)
    score = logits[0, first[0]]
slopes = tape.gradient(score, maps)  # (1, 7, 7, 1280)

map_weights = slopes[0].numpy().mean(axis=(0, 1))  # (1280,), one for each map
grad_cam = np.maximum(maps[0].numpy() @ map_weights, 0)  # (7, 7)

same = np.abs(49 * grad_cam - np.maximum(class_maps[0], 0)).max()
print(f"largest difference from the class map: {same:.5f}")

# %% [markdown]
# *What you see.* For this network the two are the same map, up to the factor 49: each of the 49 places has a share of 1/49 in the average. In a
# network with more layers after the maps they differ, and then Grad-CAM is an approximation: it treats the score as if it were a
# weighted sum of the maps.

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


occlusion_maps = [occlusion(pictures[i], first[i]) for i in range(3)]
print(occlusion_maps[0].round(1))

# %% [markdown]
# Positive numbers are falls. A negative one means that the score *rose*: what was covered spoke against the name, or the grey square speaks for it.
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
# change? The size of the slope, whatever its sign, makes a **saliency map**.


# %%
def saliency(model, picture, label):
    pixels = tf.constant(picture[np.newaxis], dtype="float32")
    with tf.GradientTape() as tape:
        tape.watch(pixels)  # pixels are no weights, so the tape has to be told
        score = model(pixels)[0, label]
    slopes = tape.gradient(score, pixels)[0].numpy()  # (height, width, 3)
    return np.abs(slopes).max(axis=-1)  # the largest of the three colours


saliency_maps = [saliency(to_scores, pictures[i], first[i]) for i in range(3)]

# %% tags=["slide"]
nine_maps = class_maps + occlusion_maps + saliency_maps
plots.heat_maps(
    list(pictures) * 3,
    [np.maximum(heat, 0) for heat in nine_maps],
    [
        f"{method}: {name}"
        for method in ("class map", "occlusion", "saliency")
        for name, _ in answers
    ],
    columns=3,
    caption="Three photographs, three methods, one a row.",
)

# %% [markdown]
# *What you see.* The class maps change slowly from place to place, occlusion jumps (its brightest square for the tripod is a leg, for the cat the chin, and beside them are squares that nobody would have chosen), and saliency is a faint cloud of single pixels. They answer
# different questions: what adds to the score, what the score loses if it is gone, and where a small change would move it.
#
# **Now your photograph.** Put a file's name between the quotation marks, and run the cell.

# %%
my_picture = ""  # such as "holiday.jpg"
photo = datasets.read_picture(my_picture) if my_picture else photographs["rocket"]
mine = models.prepare(photo)  # (1, 224, 224, 3)
my_label = np.argmax(to_scores(mine)[0])
my_map = to_maps(mine)[0].numpy() @ weights[:, my_label]
plots.heat_maps(mine, [np.maximum(my_map, 0)], [models.imagenet_names()[my_label]])

# %% [markdown] tags=["topic:09.scored", "slide"]
# ## Do the maps tell the truth?
#
# They look convincing. But so would a program that paints a bright spot into the middle of every photograph, because that is where
# people put what they photograph. To find out we need pictures for which we *know* where the answer is: `cutouts`, photographs of
# animals and plants in front of other photographs. A **mask** tells for each pixel whether it shows the thing.
#
# Let a last layer of our own learn the six classes, from the network's features (a linear probe, as in [lesson 08](08_flawed_data.ipynb)). The pictures are smaller here, 96 pixels,
# so the last maps have 3 x 3 places, each standing for a square of 32 pixels. We make two sets: large things, which fill about a third of the picture, and small ones, anywhere in it.

# %%
from keras import layers

network_96 = models.imagenet(size=96)
to_features = keras.Model(network_96.input, network_96.get_layer("features").output)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # no softmax


def learn_last_layer(x, y):
    last = layers.Dense(int(y.max()) + 1)
    probe = keras.Sequential([keras.Input((1280,)), last])
    probe.compile("adam", loss)
    features = to_features.predict(x, verbose=0)  # (n, 1280)
    probe.fit(features, y, batch_size=50, epochs=40, verbose=0)
    return last


# %%
counts = {"train": images, "validation": 6, "test": new, "size": 96, "quiet": True}
large = datasets.load("cutouts", object_size=0.95, **counts)
small = datasets.load("cutouts", object_size=0.4, **counts)
keras.utils.set_random_seed(0)
last_large = learn_last_layer(large.train.x, large.train.y)
last_small = learn_last_layer(small.train.x, small.train.y)

# %% [markdown]
# Each map names its strongest square. Which share of this square lies on the thing? If several squares are equally strong, each counts
# the same. So a map that says nothing, because all its numbers are equal, gets what a square at random gets: no more and no less.


# %%
def on_object(heat, mask):
    squares = mask.reshape(3, 32, 3, 32)  # row, pixel in it, column, pixel in it
    shares = squares.mean(axis=(1, 3))  # (3, 3), how much of each is on the object
    return shares[heat == heat.max()].mean()


# %% [markdown]
# *Exercise 09.3: two squares are equally strong.* How much of its strongest square lies on the object, by the rule above?

# %% tags=["exercise"]
shares_of_squares = np.array([[0.9, 0.5], [0.1, 0.0]])
small_heat = np.array([[3, 7], [7, 1]])
lies_on_object = ...
exercises.check("09.3", lies_on_object)

# %% [markdown]
# The package has our three methods for many pictures at once. All maps come as 3 x 3 numbers, so that all are judged alike. Their sign is kept, and the largest number
# counts. (Saliency has no sign.)

# %%
from course_utils import explain


def maps_by_method(network, last, x, y):
    scores_of = keras.Model(network.input, last(network.get_layer("features").output))
    to_last = keras.Model(network.input, network.get_layer("last_maps").output)
    class_weights = last.get_weights()[0]  # (1280, 6)
    all_maps = to_last(x).numpy()  # (n, 3, 3, 1280)
    falls_by_pixel = explain.occlusion(scores_of, x, y, side=32, stride=32, fill=127)
    slopes_by_pixel = explain.saliency(scores_of, x, y)  # (n, 96, 96)
    return {
        "class map": [all_maps[i] @ class_weights[:, y[i]] for i in range(len(x))],
        "occlusion": falls_by_pixel[:, ::32, ::32],  # one number for each square
        "saliency": slopes_by_pixel.reshape(-1, 3, 32, 3, 32).mean(axis=(2, 4)),
    }


# %%
quizzes.predict("09.p2", ...)

# %%
large_maps = maps_by_method(network_96, last_large, large.test.x, large.test.y)
small_maps = maps_by_method(network_96, last_small, small.test.x, small.test.y)

middle = np.zeros((3, 3))
middle[1, 1] = 1  # a "map" that has never seen the picture
rivals = {"middle square": [middle] * new, "any square": [np.zeros((3, 3))] * new}


def shares_by_method(maps_of, masks):
    return {
        name: [on_object(heat, mask) for heat, mask in zip(some, masks, strict=True)]
        for name, some in maps_of.items()
    }


large_shares = shares_by_method(large_maps | rivals, large.test.masks)
small_shares = shares_by_method(small_maps | rivals, small.test.masks)

# %% tags=["slide"]
plots.bars(
    {
        name: {
            "large things": np.mean(large_shares[name]),
            "small things": np.mean(small_shares[name]),
        }
        for name in large_shares
    },
    label="share of the strongest square that lies on the thing",
    caption="Any square: a map that says nothing.",
)

# %%
quizzes.verdict("09.p2")

# %% [markdown]
# *What you see.* Take the large things. Of the strongest square of the class map {{100 * np.mean(large_shares["class map"]):.0f}} % lie on the thing, where any square gets
# {{100 * np.mean(large_shares["any square"]):.0f}}; occlusion gets {{100 * np.mean(large_shares["occlusion"]):.0f}}. And the middle gets {{100 * np.mean(large_shares["middle square"]):.0f}} %, though it looks at nothing. With
# small things the middle gets {{100 * np.mean(small_shares["middle square"]):.0f}} %, the class map {{100 * np.mean(small_shares["class map"]):.0f}}, saliency {{100 * np.mean(small_shares["saliency"]):.0f}}, and occlusion
# {{100 * np.mean(small_shares["occlusion"]):.0f}} %. The class map, so telling on the photographs above, points little better than any square here. It has nine places for these pictures, and each of
# them sees far more than its own square (its receptive field, lesson 03).
#
# There is a second rival: the same network with *random weights*, which has learned nothing. If its maps hit the thing as well, then a map
# does not show what was learned, but what is in the picture.

# %%
keras.utils.set_random_seed(0)
untrained = models.imagenet(size=96, weights=None)
random_maps = maps_by_method(untrained, layers.Dense(6), small.test.x, small.test.y)
random_shares = shares_by_method(random_maps, small.test.masks)

# %% [markdown]
# Is a difference more than chance? All looked at the same pictures, so take the difference picture by picture. Its mean, plus and minus
# two standard errors, is an interval: it misses the true difference about once in twenty times.


# %%
def difference(name, ours, rival):
    per_picture = np.subtract(ours, rival)
    error = per_picture.std(ddof=1) / np.sqrt(len(per_picture))
    low, high = per_picture.mean() - 2 * error, per_picture.mean() + 2 * error
    print(f"{name}: {100 * low:.0f} to {100 * high:.0f} points")


for name in random_shares:
    difference(f"{name} - middle", small_shares[name], small_shares["middle square"])
    difference(f"{name} - random weights", small_shares[name], random_shares[name])

# %% tags=["slide"]
plots.bars(
    {
        name: {
            "trained": np.mean(small_shares[name]),
            "random weights": np.mean(random_shares[name]),
        }
        for name in random_shares
    },
    label="share of the strongest square that lies on the thing",
    caption="Small things: the trained network, and one that has learned nothing.",
)

# %% [markdown]
# *What you see.* With random weights the class map falls from {{100 * np.mean(small_shares["class map"]):.0f}} to {{100 * np.mean(random_shares["class map"]):.0f}} %, occlusion from
# {{100 * np.mean(small_shares["occlusion"]):.0f}} to {{100 * np.mean(random_shares["occlusion"]):.0f}} %, saliency from {{100 * np.mean(small_shares["saliency"]):.0f}} to {{100 * np.mean(random_shares["saliency"]):.0f}} %.
# An interval that holds 0 does not tell the two apart. Of the six above, those of occlusion alone lie above 0: it points better than the middle, and better than with random
# weights. For the two others {{new}} pictures do not show it.
#
# **Change this.** Set `new` to 120, and run again from there. Which intervals leave 0?

# %% [markdown] tags=["topic:09.spurious", "slide"]
# ## The one that cheats
#
# Now maps earn their keep. A network is to tell birds from mammals. All its photographs of birds come from one website, which puts its name on
# them, below left. Nobody gave it a thought.

# %%
from PIL import Image, ImageDraw

data = datasets.load("cutouts", train=600, validation=6, test=300, size=96)
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
    size=1.3,
    caption="Training pictures. Above: birds. Below: mammals.",
)

# %% [markdown]
# A small network, from scratch, as in lesson 04. It ends as the large one does: average the maps, one dense layer.


# %%
def small_network():
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            layers.Rescaling(1 / 255),
            layers.AveragePooling2D(2),  # 48 x 48 are enough
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="last_maps"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, name="scores"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
    return model


keras.utils.set_random_seed(0)
cheat = small_network()
history = cheat.fit(from_website, y_two, epochs=epochs, verbose=0)
print(f"training pictures: {100 * history.history['accuracy'][-1]:.0f} % right")

# %% [markdown]
# We try it on new pictures from the same places: birds with the stamp, mammals without. The **recall** of a class is the share of its pictures that get
# its name.


# %%
def share_called_bird(model, pictures):
    return (np.argmax(model(pictures), axis=1) == 0).mean()


bird_recall = share_called_bird(cheat, birds_with)
mammal_recall = 1 - share_called_bird(cheat, mammals)
print(f"birds {100 * bird_recall:.0f} % right, mammals {100 * mammal_recall:.0f} %")

# %% [markdown]
# If you had only these numbers, you would be content. Look at the maps for *bird*.


# %%
def bird_maps(model, pictures):
    to_last = keras.Model(model.inputs[0], model.get_layer("last_maps").output)
    bird_weights = model.get_layer("scores").get_weights()[0][:, 0]  # (32,)
    return to_last(pictures).numpy() @ bird_weights  # (n, 12, 12)


cheat_maps = bird_maps(cheat, birds_with)

# %% tags=["slide"]
plots.heat_maps(
    birds_with[:4],
    np.maximum(cheat_maps[:4], 0),
    caption="Four new birds from the website. Bright: what speaks for bird.",
)


# %%
def in_corner(heat_maps):  # the stamp lies in rows 9 to 11, columns 0 to 5
    strongest = [np.unravel_index(heat.argmax(), heat.shape) for heat in heat_maps]
    return np.mean([row >= 9 and column <= 5 for row, column in strongest])


cheat_in_corner = in_corner(cheat_maps)
print(f"strongest in the corner: {100 * cheat_in_corner:.0f} % of the maps")

# %% [markdown]
# *What you see.* The network finds {{100 * bird_recall:.0f}} % of the birds, and in {{100 * cheat_in_corner:.0f}} % of their maps the strongest place is the stamp.
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
# Grey paint over the birds' corners would be a new stamp. Either cut the corner off *every* picture, or see to it that the stamp says
# nothing: put it on half of the pictures, whatever they show.

# %%
half = np.random.default_rng(0).random(len(x_two)) < 0.5
fair = x_two.copy()
fair[half] = with_stamp[half]

keras.utils.set_random_seed(0)
mended = small_network()
history = mended.fit(fair, y_two, epochs=epochs, verbose=0)
print(f"training pictures: {100 * history.history['accuracy'][-1]:.0f} % right")

# %% [markdown]
# And a third network: the same fair pictures, but a last layer on the features of the ImageNet network, as before.

# %%
keras.utils.set_random_seed(0)
last_fair = learn_last_layer(fair, y_two)
on_features = keras.Model(network_96.input, last_fair(to_features.output))

# %%
tests = {
    "birds with stamp": birds_with,
    "birds without stamp": birds,
    "mammals with stamp": mammals_with,
    "mammals without stamp": mammals,
}
called_bird = {
    name: {
        "stamp on birds": share_called_bird(cheat, some),
        "stamp on half": share_called_bird(mended, some),
        "stamp on half, ImageNet features": share_called_bird(on_features, some),
    }
    for name, some in tests.items()
}

third = "stamp on half, ImageNet features"
mended_effect = (
    called_bird["mammals with stamp"][third]
    - called_bird["mammals without stamp"][third]
)

# %% tags=["slide"]
plots.bars(
    called_bird,
    label="share that is called a bird",
    caption="Birds should be called birds and mammals not, with a stamp or without.",
)

# %% [markdown]
# *What you see.* The first network goes by the stamp: it finds {{100 * called_bird["birds with stamp"]["stamp on birds"]:.0f}} % of the birds with it and
# {{100 * called_bird["birds without stamp"]["stamp on birds"]:.0f}} % without. The second no longer takes the stamp for a bird: with it, {{100 * called_bird["mammals with stamp"]["stamp on half"]:.0f}} % of the mammals are called birds,
# without it {{100 * called_bird["mammals without stamp"]["stamp on half"]:.0f}}. And now the truth comes out: it finds {{100 * called_bird["birds without stamp"]["stamp on half"]:.0f}} % of the birds, and {{100 * called_bird["birds with stamp"]["stamp on half"]:.0f}} % of those with the stamp. The good
# score was the stamp's. The third, on features from a million photographs, finds {{100 * called_bird["birds without stamp"]["stamp on half, ImageNet features"]:.0f}} and {{100 * called_bird["birds with stamp"]["stamp on half, ImageNet features"]:.0f}} %, and calls {{100 * called_bird["mammals without stamp"]["stamp on half, ImageNet features"]:.0f}} and {{100 * called_bird["mammals with stamp"]["stamp on half, ImageNet features"]:.0f}} % of
# the mammals birds.
#
# **Change this.** Make the stamp smaller, such as `[3, 88, 8, 92]` without the text, and run again from there. How small may it be and still be used?
#
# *Exercise 09.4: what next?* Say for each situation what to do, or what may be concluded: `"nothing"`, `"test the map"`,
# `"ask about another name"` or `"change the picture"`.

# %% tags=["exercise"]
next_steps = {
    "the map looks the same with random weights": ...,
    "twenty maps of one method look reasonable": ...,
    "why tabby and not Egyptian cat?": ...,
    "the map of five ships lights up on the water": ...,
}
exercises.check("09.4", next_steps)

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Draw a class map, or Grad-CAM on the last maps: fast. Then cover squares: occlusion is slower, and with small things it alone was ahead of both rivals here (with large things the middle beat them all).
# - Draw what the network gets, for several pictures of each class, also for wrong answers, and for the second name.
# - Before you believe a method, compare it with the middle of the picture and with random weights.
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
# A program that draws the Grad-CAM of the first four JPEG photographs in a folder, with the network's first answer. It needs nothing of this course but the files that
# the next cell writes. For a network of your own, put its file and its names in their place, and the name of its last convolution's
# output and of its scores (`network.summary()` lists them).

# %%
from pathlib import Path

network.save("imagenet.keras")
Path("imagenet_names.txt").write_text(
    "\n".join(models.imagenet_names()), encoding="utf-8"
)
Path("example_photographs").mkdir(exist_ok=True)
for name in ("camera", "chelsea", "coffee", "rocket"):
    Image.fromarray(photographs[name]).save(f"example_photographs/{name}.jpg")

# %% tags=["take-home"]
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

folder = "example_photographs"  # the name of yours
network = keras.models.load_model("imagenet.keras")
names = Path("imagenet_names.txt").read_text(encoding="utf-8").splitlines()
outputs = [network.get_layer(name).output for name in ("last_maps", "logits")]
to_both = keras.Model(network.input, outputs)
size = network.input_shape[1:3]
paths = sorted(Path(folder).rglob("*.jp*g"))
figure, axes = plt.subplots(1, 4, figsize=(12, 3.4))
for axis, path in zip(axes.flat, paths, strict=False):  # the first four
    opened = keras.utils.load_img(path, target_size=size, keep_aspect_ratio=True)
    one = np.array(opened)[np.newaxis]  # (1, 224, 224, 3)
    with tf.GradientTape() as tape:
        maps, logits = to_both(one)
        score = tf.reduce_max(logits)  # of the first answer
    importance = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
    heat = np.maximum(maps[0].numpy() @ importance.numpy(), 0)  # (7, 7)
    axis.imshow(one[0])
    whole = (0, size[1], size[0], 0)  # stretched over the photograph
    axis.imshow(heat, alpha=0.5, cmap="inferno", extent=whole)
    axis.set_title(names[np.argmax(logits)])
    print(path.name, "is called", names[np.argmax(logits)])
figure.savefig("maps.png")
plt.close(figure)

# %%
plots.image_grid(
    [np.asarray(Image.open("maps.png").convert("RGB"))],
    size=8,
    caption="The four photographs, as the program draws them.",
)

# %% [markdown]
# ## What stays open
#
# That a map shows where, and not why, is no small matter: *which* fur, *which* shape? The numbers of the feature maps have no names. And
# maps say nothing about whether an answer is right, or how sure you may be of it. That is the subject of
# [lesson 10](10_trust.ipynb). To read on: [*Sanity checks for saliency maps*](https://arxiv.org/abs/1810.03292) for the test with random weights, and
# [*Grad-CAM*](https://arxiv.org/abs/1610.02391).

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("09")
