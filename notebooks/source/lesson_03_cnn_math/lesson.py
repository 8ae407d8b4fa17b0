# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 40
#     smoke:
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
# # What does a convolution compute?
#
# Here is a function of ten lines. Give it a photograph and nine numbers, and look at what comes out.

# %% tags=["slide"]
import numpy as np

from course_utils import datasets, plots

whole = datasets.load("photographs", quiet=True)["camera"]  # (512, 512, 3), 0 to 255
photo = whole[60:188, 170:298, 0] / 255  # 128 rows and columns, from 0 to 1


def slide(image, kernel):
    rows, columns = kernel.shape
    height = image.shape[0] - rows + 1  # places from top to bottom
    width = image.shape[1] - columns + 1  # places from left to right
    output = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            window = image[i : i + rows, j : j + columns]
            output[i, j] = np.sum(window * kernel)
    return output


# %% tags=["slide"]
kernel = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
edges = slide(photo, kernel)
plots.sliding(
    photo, kernel, edges, caption="Right: light is positive, dark is negative."
)

# %% [markdown]
# *What you see.* Where the photograph gets brighter from left to right, the output is light. Where it gets darker, the
# output is dark. Even surfaces, such as the sky, become mid-grey, which is zero. Nothing in the program knows what an edge
# is. How do nine numbers find them?
#
# **After this notebook you can:** compute a convolution by hand, say what filters, size, strides and padding of `Conv2D` do to the numbers, and
# count what a network costs before you run it.
#
# **Before you start:** lesson 00. You can read loops and functions in Python, and slices of NumPy arrays such as `image[2:5, 0:3]`. One section
# trains a kernel with `compile` and `fit`; what *loss*, *Adam* and *epoch* mean there is explained in lesson 02. *Further* needs its gradients, too.
#
# **Time:** 2 minutes to run, 80 minutes to study: 55 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* and
# *Further*, at the end, come on top.

# %% [markdown] tags=["topic:03.cross-correlation", "slide"]
# ## One window, nine products
#
# Take 25 pixels from the edge between hair and sky. The orange square shows where they are. We write their brightness
# with whole numbers from 0, black, to 9, white.

# %% tags=["slide"]
pixels = np.round(9 * photo[52:57, 97:102])  # 5 rows, 5 columns
plots.frames(photo, {"25 pixels": (52, 97, 5)})

# %% [markdown]
# The nine numbers are called a **kernel**, and each of them is a **weight**. Lay the kernel on the top left corner of the
# pixels. What lies under it is the **window**. Multiply each pixel by the weight that lies on it, and add up the nine
# products. That is one number of the output.

# %% tags=["slide"]
window = pixels[0:3, 0:3]
under_kernel = [(i, j) for i in range(3) for j in range(3)]
plots.number_grids(
    {
        "pixels": pixels,
        "kernel": kernel,
        "products": window * kernel,
        "sum": [np.sum(window * kernel)],
    },
    signs="×=→",
    marked={"pixels": under_kernel},
    caption="The window is yellow. Each product is a pixel times the weight on it.",
)

# %% [markdown]
# Move the kernel one pixel to the right, and do it again. There are three places across and three down, so the output has
# nine numbers. Here they are, with every product written out.

# %% tags=["nbval-check-output"]
for i in range(3):
    for j in range(3):
        terms = []
        for u in range(3):
            for v in range(3):
                terms.append(f"{pixels[i + u, j + v]:.0f}·{kernel[u, v]}")
        print(
            f"row {i}, column {j}:", " + ".join(terms), "=", slide(pixels, kernel)[i, j]
        )

# %% [markdown]
# In JupyterLab two sliders move the window. (In a stored page you see one place.) In the figures, × multiplies number by number, as in the one above, and
# the small star, ⋆, says that the second grid slides over the first.

# %%
from course_utils import widgets


def draw_place(row, column):
    under_kernel = [(row + u, column + v) for u in range(3) for v in range(3)]
    return plots.number_grids(
        {"pixels": pixels, "kernel": kernel, "output": slide(pixels, kernel)},
        signs="⋆=",
        marked={"pixels": under_kernel, "output": [(row, column)]},
        caption="The yellow pixels and the kernel make the yellow number.",
    )


widgets.slider(
    draw_place, still={"row": 1, "column": 2}, row=[0, 1, 2], column=[0, 1, 2]
)

# %% [markdown] tags=["slide"]
# As a formula: count rows and columns from 0. The output in row $i$ and column $j$ is
#
# $$y_{ij} = \sum_{u}\sum_{v} w_{uv}\, x_{i+u,\,j+v} .$$
#
# $x$ are the pixels and $w$ the weights; $u$ and $v$ go through the rows and columns of the kernel. It is the sum that you saw,
# and the two loops over `i` and `j` in `slide` go through all places. The same weights are used at every
# place. So what the kernel finds in one corner, it finds in every other.
#
# *Exercise 03.1: by hand.* Slide `taps` over `small` on paper. Write the result as a list of rows, such as
# `[[1, 2, 3], [4, 5, 6]]`. Replace the dots and run the cell; it answers you.

# %%
from course_utils import exercises

# %% tags=["exercise"]
small = np.array([[1, 0, 2, 1], [3, 1, 0, 2], [0, 2, 1, 1]])
taps = np.array([[1, 2], [0, -1]])
by_hand = ...
exercises.check("03.1", by_hand)

# %% [markdown] tags=["slide"]
# ## Other numbers, other pictures
#
# Only the nine numbers decide what the program looks for. You have seen the kernel that subtracts the left column from the
# right one. Now we turn it on its side: it subtracts the upper row from the lower one.

# %%
from course_utils import quizzes

quizzes.predict("03.p1", ...)

# %% tags=["slide"]
turned = kernel.T  # rows become columns
plots.sliding(photo, turned, slide(photo, turned))

# %%
quizzes.verdict("03.p1")

# %% [markdown]
# Choose among five kernels, and let them slide: `rows` says how far the kernel has come.

# %%
kernels = {
    "mean": np.ones((3, 3)) / 9,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "left to right": kernel,
    "top to bottom": turned,
    "Laplace": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
}

# %%


def draw_slide(name, rows):
    return plots.sliding(photo, kernels[name], slide(photo, kernels[name]), rows=rows)


widgets.slider(
    draw_slide,
    still={"name": "Laplace", "rows": 84},
    name=list(kernels),
    rows=[1, 42, 84, 126],
)

# %% [markdown]
# *What you see.* The kernel has come two thirds of the way down, to the orange band; the rest of the output is still empty. This kernel compares each pixel
# with its four neighbours, so an edge becomes a light and a dark line, side by side.
#
# Add up the weights of each kernel. Where the sum is 1 (*mean*, *sharpen*), an even surface keeps its brightness; the figure then shows 0 black and 1 white, as in the photograph. Where it is 0,
# an even surface becomes 0, however bright it is, and only changes are left; then mid-grey is 0.
#
# **Change this.** Write a kernel of your own into `kernels`, or put a photograph of yours in place of `photo`:
# `datasets.read_picture("holiday.jpg")[:128, :128, 0] / 255`.
#
# *Exercise 03.2: move the picture.* Find a kernel of 3 by 3 whose output is the photograph itself, moved one pixel to the *left*:
# `output[i, j]` is `image[i + 1, j + 2]`. Nine numbers, most of them 0.

# %% tags=["exercise"]
mover = ...
exercises.check("03.2", mover)

# %% [markdown] tags=["topic:03.batch", "topic:03.keras-equal", "slide"]
# ## The same layer in Keras
#
# `Conv2D(1, 3)` is this program: one kernel of 3 by 3. But Keras wants more axes, because it works on many pictures, with many
# channels:
#
# - pictures: `(batch, height, width, channels)`. A **batch** is a number of pictures that go through together; this layer
#   treats each of them by itself. A **channel** is one number per pixel: grey pictures have one, colour pictures three.
# - kernels: `(rows, columns, channels, filters)`. A **filter** is one kernel of a layer, with weights for every channel that comes in. Our layer has one.

# %% tags=["slide"]
from course_utils import startup

startup.load_keras()  # without the lines that TensorFlow prints

import keras
from keras import layers

one_filter = layers.Conv2D(1, 3)
one_filter.build((1, 5, 5, 1))  # now it has weights, random ones
one_filter.set_weights([kernel.reshape(3, 3, 1, 1), np.array([0])])  # ours; bias 0
from_keras = one_filter(pixels.reshape(1, 5, 5, 1))  # (1, 3, 3, 1)

# %% tags=["slide"]
plots.number_grids(
    {"ours": slide(pixels, kernel), "Keras": np.reshape(from_keras, (3, 3))}
)

# %% [markdown] tags=["topic:03.kernel-bias"]
# The second array of weights is the **bias**, one number that is added to every output of the filter. With a bias of -8 the 11
# becomes 3, and the 6 becomes -2. Often `relu` follows, which sets negative numbers to 0. Together they ask: *is the edge
# stronger than 8?*
#
# **Change this.** Write -8 in place of the 0 above, and `activation="relu"` into `Conv2D(1, 3)`. Run that cell and the figure behind it. Which of the nine numbers are left, and how large are they? Put
# the 0 back afterwards.
#
# Many settings follow now, and we will compare each with Keras. This function saves us the axes.


# %%
def keras_slide(image, kernel, **settings):
    pictures = np.reshape(image, (1, *image.shape, 1)).astype("float32")
    kernels = np.reshape(kernel, (*kernel.shape, 1, 1)).astype("float32")
    return np.array(keras.ops.conv(pictures, kernels, **settings))[0, :, :, 0]


# %% [markdown]
# Mathematicians mean something else by *convolution*. SciPy has theirs. We take a kernel without any symmetry, so that a
# turn shows:

# %%
from scipy.signal import convolve2d

lopsided = np.array([[1, 2, 0], [0, -1, 0], [0, 0, 0]])
half_turn = lopsided[::-1, ::-1]  # upside down and mirrored

# %% tags=["slide"]
plots.number_grids(
    {
        "ours": slide(pixels, lopsided),
        "Keras": keras_slide(pixels, lopsided),
        "SciPy": convolve2d(pixels, lopsided, mode="valid"),
        "SciPy, half turn": convolve2d(pixels, half_turn, mode="valid"),
    },
    caption="The convolution of mathematics turns the kernel round before it slides.",
)

# %% [markdown] tags=["often-said:flipped-formula", "slide"]
# > **Often said, not so:** $y_{ij} = \sum w_{mn}\, x_{i-m+1,\,j-n+1} + b$ *is what a convolution layer computes.* The minus
# > signs run through the pixels backwards, as in the convolution of mathematics. SciPy computes that one (without the bias $b$, and it numbers its places differently), and in the figure its numbers are others.
# > Give it the kernel after half a turn, and it agrees. Keras does not turn the kernel. Its layer is called convolution and
# > computes a **cross-correlation**, summed over the input channels (below).
#
# A layer that *learns* its kernel does not care: it would learn the turned one.

# %% [markdown] tags=["topic:03.padding", "slide"]
# ## The rim: padding
#
# 5 by 5 pixels became 3 by 3 numbers, since the kernel must not hang over the rim. Ten such layers would cost twenty rows.
# **Padding** puts a frame of zeros around the picture first. With one zero on each side, a kernel of 3 by 3 gives as many
# numbers as there are pixels. Keras calls that `padding="same"`, and no padding `"valid"`.

# %%
padded = np.pad(pixels, 1)  # (7, 7)
frame = [(i, j) for i in range(7) for j in range(7) if i in (0, 6) or j in (0, 6)]

# %% tags=["slide"]
plots.number_grids(
    {
        "with zeros": padded,
        "kernel": kernel,
        "ours": slide(padded, kernel),
        "Keras, same": keras_slide(pixels, kernel, padding="same"),
    },
    signs="⋆==",
    marked={"with zeros": frame},
)

# %% [markdown]
# *What you see.* The nine numbers in the middle are the old ones. Around them are new ones, and at the right the large negative
# ones come from the zeros: bright sky beside black padding looks like an edge.
#
# **Change this.** In a new cell, look at `slide(np.pad(pixels, 1, constant_values=7), kernel)`, and compare its first and its last column with those of the figure. (A frame of 7 is as bright as the sky: the false
# edge at the right becomes weak, and a new one stands at the left, where the hair is dark. `Conv2D` pads with zeros.)

# %% [markdown] tags=["topic:03.stride", "slide"]
# ## Larger steps: stride
#
# The **stride** is how far the kernel moves from one place to the next. A stride of 2 needs no new idea: compute every
# place, and keep every other row and column. Of a large result about a quarter of the numbers stays. (Keras computes only those that
# are kept.)

# %% tags=["slide"]
every_place = slide(padded, kernel)  # (5, 5)
plots.number_grids(
    {
        "every place": every_place,
        "every other": every_place[::2, ::2],
        "Keras, strides=2": keras_slide(padded, kernel, strides=2),
    },
    signs="→=",
    marked={"every place": [(i, j) for i in (0, 2, 4) for j in (0, 2, 4)]},
)

# %% [markdown] tags=["topic:03.output-size"]
# How many places are there? Take one axis with $n$ pixels, $p$ zeros (both sides together: one zero on each side is $p = 2$), and a kernel of $k$. The kernel covers $k$; what is
# left, $n + p - k$, is the room to move. It moves in steps of $s$, and the first place counts too:
#
# $$\text{places} = \left\lfloor \frac{n + p - k}{s} \right\rfloor + 1 \qquad\text{here}\qquad \left\lfloor \frac{5 + 2 - 3}{2} \right\rfloor + 1 = 3 .$$
#
# The brackets mean: round down. Where the last step does not fit, it is not taken, and the last pixels are never looked at.
#
# *Exercise 03.3: mend the stride.* This function should compute only the places that are kept. Its output has the right
# size and wrong numbers. Write it below without the fault.
#
# ```python
# def slide_stride(image, kernel, stride):
#     rows, columns = kernel.shape
#     height = (image.shape[0] - rows) // stride + 1
#     width = (image.shape[1] - columns) // stride + 1
#     output = np.zeros((height, width))
#     for i in range(height):
#         for j in range(width):
#             window = image[i : i + rows, j : j + columns]
#             output[i, j] = np.sum(window * kernel)
#     return output
# ```


# %% tags=["exercise"]
def slide_stride(image, kernel, stride): ...


exercises.check("03.3", slide_stride)

# %% [markdown] tags=["topic:03.channels", "slide"]
# ## Two channels: two products, one sum
#
# A colour picture has three channels, and deep in a network there may be hundreds. Then a kernel has a *slice* of weights for
# each channel. Each slice slides over its own channel, and the results are added. Here with two channels, 3 by 3 pixels,
# and slices of 2 by 2:

# %%
red = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8]])
green = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
red_slice = np.array([[0, 1], [2, 3]])
green_slice = np.array([[1, 2], [3, 4]])
from_red = slide(red, red_slice)
from_green = slide(green, green_slice)

# %% tags=["slide"]
plots.number_grids(
    {"red": red, "slice for red": red_slice, "first": from_red}, signs="⋆="
)

# %% tags=["slide"]
plots.number_grids(
    {"green": green, "slice for green": green_slice, "second": from_green}, signs="⋆="
)

# %% [markdown]
# Check one: 0·0 + 1·1 + 3·2 + 4·3 = 19, and 1·1 + 2·2 + 4·3 + 5·4 = 37. Now add them, and ask Keras for the same:

# %%
two_channels = np.stack([red, green], axis=-1).astype("float32")  # (3, 3, 2)
two_slices = np.stack([red_slice, green_slice], axis=-1).astype("float32")
summed = keras.ops.conv(
    two_channels.reshape(1, 3, 3, 2), two_slices.reshape(2, 2, 2, 1)
)

# %% tags=["slide"]
plots.number_grids(
    {
        "first": from_red,
        "second": from_green,
        "sum": from_red + from_green,
        "Keras": summed[0, :, :, 0],
    },
    signs="+==",
    caption="However many channels go in, one filter gives one channel out.",
)

# %% [markdown] tags=["slide"]
# **Many filters.** A layer has many filters. Each has slices and a bias of its own, and gives one channel of the output. `Conv2D(4, 2)` on two
# channels has 4 filters of 2 · 2 · 2 weights and 4 biases, 36 numbers to learn. Nobody tells a filter what to look for: all of
# them are learned jointly.

# %% tags=["nbval-check-output"]
four = layers.Conv2D(4, 2)
output = four(two_channels.reshape(1, 3, 3, 2))
print("kernels", four.kernel.shape, "rows, columns, channels in, filters")
print("output", output.shape, "batch, height, width, filters")
print("parameters", four.count_params())

# %% [markdown] tags=["topic:03.one-by-one", "slide"]
# **One by one.** A kernel may be a single pixel. It sees no neighbours, but it mixes the channels of each pixel: with the weights 1, -0.5
# and -0.5 it computes *red, minus half of green, minus half of blue*. For an orange pixel (0.8, 0.4, 0.2) that is
# 0.8 - 0.2 - 0.1 = 0.5; for any grey pixel it is 0.

# %%
cat = datasets.load("photographs", quiet=True)["chelsea"] / 255  # (300, 451, 3)
weights = np.array([1, -0.5, -0.5])  # for red, green and blue
mixing = weights.reshape(1, 1, 3, 1)  # 1 by 1, three channels, one filter
redness = keras.ops.conv(cat[None].astype("float32"), mixing.astype("float32"))[0]

# %% tags=["slide"]
plots.image_grid(
    [cat, 2 * np.array(redness)],
    ["in: three channels", "out: one channel, twice as light"],
    size=3.2,
)

# %% [markdown]
# *What you see.* The nose is lightest and the fur is light; the greyish background and the black pupils are dark. The kernels of 3
# by 3 above looked at neighbours in one channel. This one looks at one place in all channels. A `Conv2D(4, 3)` does both at once.
#
# So a kernel of one pixel is a small dense layer (below), applied to each pixel. As a product with the three weights:

# %% tags=["nbval-check-output"]
print(np.allclose(cat @ mixing[0, 0, :, 0], redness[:, :, 0], atol=0.00001))

# %% [markdown]
# **Change this.** Give each channel the weight 1/3, and take the `2 *` out of the figure. What does the output show now?

# %% [markdown] tags=["topic:03.pooling", "slide"]
# ## Pooling: one number for four
#
# **Pooling** also goes over the picture with a window, usually of 2 by 2 and in steps of 2. It has no weights. **Max pooling**
# keeps the largest number of the window, **average pooling** the mean. Each channel is treated by itself.

# %%
corner = every_place[:4, :4]  # of the padded output above
largest, mean = np.zeros((2, 2)), np.zeros((2, 2))
for i in range(2):
    for j in range(2):
        window = corner[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        largest[i, j] = window.max()
        mean[i, j] = window.mean()

# %%
as_batch = corner.reshape(1, 4, 4, 1).astype("float32")
keras_largest = layers.MaxPooling2D(2)(as_batch)[0, :, :, 0]
keras_mean = layers.AveragePooling2D(2)(as_batch)[0, :, :, 0]

# %% tags=["slide"]
first_window = [(0, 0), (0, 1), (1, 0), (1, 1)]
plots.number_grids(
    {
        "in": corner,
        "max": largest,
        "Keras, max": keras_largest,
        "average": mean,
        "Keras, average": keras_mean,
    },
    marked={"in": first_window, "max": [(0, 0)], "average": [(0, 0)]},
    caption="The four yellow numbers become one.",
)

# %% [markdown] tags=["topic:03.flatten", "slide"]
# At the end of many networks stands a **dense layer**, also called fully connected: each of its units has one weight for each number that
# comes in. Before it, **flatten** lays the numbers in one row. Nothing is computed; the order is row by row, and the channels of a
# pixel stay together.

# %% tags=["nbval-check-output"]
flat = layers.Flatten()(two_channels.reshape(1, 3, 3, 2))  # (1, 18)
print(np.array(flat)[0].astype(int))

# %% [markdown]
# Those are red 0, green 1 of the first pixel, then red 1, green 2 of the second, and so on. Does pooling save weights? Here is
# a small network without and with it.

# %% tags=["nbval-check-output"]
for pooled in (False, True):
    stack = [keras.Input((32, 32, 3)), layers.Conv2D(32, 3)]
    if pooled:
        stack.append(layers.MaxPooling2D(2))
    stack += [layers.Conv2D(64, 3), layers.Flatten(), layers.Dense(10)]
    network = keras.Sequential(stack)
    print("with pooling" if pooled else "without pooling")
    for part in network.layers:
        kind = type(part).__name__
        print(f"  {kind:13} {part.count_params():8,} {part.output.shape[1:]}")

# %% [markdown] tags=["often-said:pooling-parameters"]
# > **Often said, not so:** *pooling reduces the number of parameters of the convolutions.* The one behind it has as many as before:
# > its kernels do not know how large the picture is. What shrinks is the output, so the later layers have less to
# > compute. The network has fewer parameters all the same: the dense layer behind `Flatten` has one weight for each number.

# %% [markdown] tags=["slide"]
# ## Where do the nine numbers come from?
#
# In a network the kernels are not written in by hand, as we did so far. They are learned from examples: *this went in, that should come out*. We can watch it happen with one
# kernel. Somebody has filtered pictures with a hidden kernel. We get only the pictures before and after, and start a
# `Conv2D` from random weights.
#
# There are two sets of pictures: 50 pieces of the photograph, and 50 pictures of pure noise, in which every pixel is a random
# number from 0 to 1.

# %% tags=["parameters"]
epochs: int = 20  # how often it goes through the 50 pictures

# %%
hidden = np.array([[2, 1, 0], [1, 0, -1], [0, 0, -3]])
rng = np.random.default_rng(0)
pieces = []
for _ in range(50):
    row, column = rng.integers(0, 512 - 24, size=2)
    pieces.append(whole[row : row + 24, column : column + 24, 0] / 255)

pictures = {"photograph": np.array(pieces), "noise": rng.random((50, 24, 24))}

# %% tags=["slide"]
plots.image_rows({name: examples[:6] for name, examples in pictures.items()})

# %%
quizzes.predict("03.p2", ...)


# %%
def find_kernel(images):
    wanted = np.array([slide(image, hidden) for image in images])  # (50, 22, 22)
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((24, 24, 1)), layers.Conv2D(1, 3, use_bias=False)]
    )
    model.compile(keras.optimizers.Adam(0.1), loss="mse")
    model.fit(
        images[..., None], wanted[..., None], batch_size=5, epochs=epochs, verbose=0
    )
    return model.get_weights()[0][:, :, 0, 0]


# %%
found = {name: find_kernel(examples) for name, examples in pictures.items()}
errors = {name: np.abs(weights - hidden).max() for name, weights in found.items()}

# %% tags=["slide"]
plots.number_grids(
    {
        "hidden": hidden,
        "found from noise": found["noise"].round(2),
        "found from the photograph": found["photograph"].round(2),
    }
)

# %%
quizzes.verdict("03.p2")

# %% [markdown]
# *What you see.* From noise the kernel is found: written with four decimals, the largest error is {{errors["noise"]:.4f}}. From the photograph,
# in as many steps, one weight is still off by {{errors["photograph"]:.2f}}. In most of its pieces all pixels have nearly the same brightness, and then the output
# shows little more than the sum of the nine weights. (*Further* tests whether that is the reason.)
#
# **Change this.** Make `wanted` with `convolve2d(image, hidden, mode="valid")` instead. Which kernel is found from noise now? (A quiz
# question below asks for it.) Then put `slide` back.

# %% [markdown] tags=["topic:03.counts", "slide"]
# ## What does it cost?
#
# Two numbers say how large a layer is. Its **parameters**, the numbers that it stores: here weights and biases. And its
# **multiply-adds**, the products that it computes and adds up for one picture: its work. A filter has $k \cdot k \cdot C$ weights for
# $C$ channels, and a layer has $F$ filters:
#
# $$\text{parameters} = k \cdot k \cdot C \cdot F + F \qquad \text{multiply-adds} = \text{places} \cdot k \cdot k \cdot C \cdot F .$$
#
# The size of the picture is in the second formula and not in the first. This is program B of lesson 04, which knows ten
# kinds of things on pictures of 32 by 32.

# %% tags=["slide"]
program_b = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        layers.Conv2D(32, 3, activation="relu", name="conv_32"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu", name="conv_64"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(128, activation="relu", name="dense_128"),
        layers.Dense(10, activation="softmax", name="dense_10"),
    ]
)

# %%
quizzes.predict("03.p3", ...)


# %%
def multiply_adds(layer):
    weights = int(np.prod(layer.kernel.shape))
    if len(layer.kernel.shape) == 2:  # a dense layer uses each weight once
        return weights
    height, width = layer.output.shape[1:3]
    return height * width * weights  # a convolution uses each weight at every place


# %% tags=["nbval-check-output"]
with_weights = [part for part in program_b.layers if part.weights]
for part in with_weights:
    parameters, work = part.count_params(), multiply_adds(part)
    print(f"{part.name:10} parameters {parameters:8,}   multiply-adds {work:10,}")

all_parameters = program_b.count_params()
all_work = sum(multiply_adds(part) for part in with_weights)
print(f"together   parameters {all_parameters:8,}   multiply-adds {all_work:10,}")

# %%
parameter_share, work_share = {}, {}  # in %
for part in with_weights:
    parameter_share[part.name] = 100 * part.count_params() / all_parameters
    work_share[part.name] = 100 * multiply_adds(part) / all_work

conv_work = work_share["conv_32"] + work_share["conv_64"]

# %% tags=["slide"]
plots.bars(
    {"parameters": parameter_share, "multiply-adds": work_share},
    label="share of program B, in %",
)

# %%
quizzes.verdict("03.p3")

# %% [markdown] tags=["often-said:cheap-cnn", "slide"]
# > **Often said, not so:** *a CNN is cheap because it has few parameters.* Program B has {{all_parameters:,}}, and
# > {{parameter_share["dense_128"]:.0f}} % of them are in one dense layer. But {{conv_work:.0f}} % of the multiply-adds are in the
# > convolutions, since each of their weights is used at every place. Few parameters mean a small file. They mean neither little
# > work nor little memory: from each picture, *conv_32* alone makes 30 · 30 · 32 = 28,800 numbers.
#
# **Change this.** Make the pictures 64 by 64 where `program_b` is built, and run the cells from there to here. Which of the four layers get more parameters, and which get more work? Put 32 back.
#
# Can we trust the count? Let the second convolution count itself. With all weights and all inputs equal to 1 and no bias, every product is 1,
# so the sum of all outputs is the number of products.

# %% tags=["nbval-check-output"]
counter = layers.Conv2D(64, 3, kernel_initializer="ones")
outputs = counter(np.ones((1, 15, 15, 32)))  # what the first pooling hands on
print(f"{int(np.sum(outputs)):,}")

# %% [markdown]
# *Exercise 03.5: a layer by hand.* Pictures are 60 pixels high and 40 wide, with 3 channels. A layer has 8 filters
# that are 5 high and 3 wide, stride 2, no padding, biases. Give the height and width of the output, the parameters,
# and the multiply-adds for one picture.

# %% tags=["exercise"]
layer_by_hand = {"height": ..., "width": ..., "parameters": ..., "multiply_adds": ...}
exercises.check("03.5", layer_by_hand)

# %% [markdown] tags=["topic:03.receptive-field", "slide"]
# ## How far does it see?
#
# One number of the first layer depends on 3 by 3 pixels. A number of the second layer depends on 3 by 3 numbers of the first, and these
# together on 5 by 5 pixels. What a number can depend on is its **receptive field**.
#
# So a kernel of 3 adds 2: from 1 to 3, from 3 to 5. But behind a pooling of 2, neighbouring numbers lie two pixels of the photograph apart. There the same kernel adds 2 · 2 = 4.

# %% tags=["nbval-check-output"]
field, step = 1, 1  # of one pixel; a step is one pixel
for name, kernel_size, stride in (
    ("conv 32", 3, 1),
    ("pooling", 2, 2),
    ("conv 64", 3, 1),
    ("pooling", 2, 2),
):
    field = field + (kernel_size - 1) * step
    step = step * stride
    print(f"{name}: sees {field} by {field}, neighbours are {step} pixels apart")

# %% tags=["slide"]
plots.frames(
    photo[::4, ::4],  # every fourth pixel: 32 by 32, as program B gets its pictures
    {
        "after conv 32": (12, 16, 3),
        "after pooling": (12, 16, 4),
        "after conv 64": (12, 16, 8),
        "after the second pooling": (12, 16, 10),
    },
    caption="What one number can see, for each layer of program B.",
)

# %% [markdown]
# Is that so? Change the picture in one column after the other, and watch the first number of the last pooling. It must change for the columns that it
# sees, and for no others.

# %%
before_dense = keras.Model(program_b.inputs, program_b.layers[3].output)
picture = rng.random((32, 32, 3))
variants = np.array([picture] * 33)  # the last one stays as it is
for column in range(32):
    variants[column, :, column] += 10

answers = before_dense.predict(variants, verbose=0)[:, 0, 0]  # (33, 64), top left
change = np.abs(answers[:32] - answers[32]).max(axis=1)  # one figure a column
seen = np.flatnonzero(change > 0.0001)
print("columns that it sees:", *seen)

# %% [markdown]
# *What you see.* {{len(seen)}} columns, as computed. So behind all its convolutions a number sees less than a third of the width; only the dense layer, which looks at all
# places at once, can combine what is far apart. More layers, pooling or a stride make the field larger.
#
# *Exercise 03.6: how far it sees.* Convolution 3 x 3, max pooling, convolution 3 x 3, max pooling, convolution 3 x 3.
# The convolutions have stride 1; the poolings are 2 x 2 with stride 2. Somebody in a hurry gives the first
# convolution a stride of 2. How many pixels does a number of the last layer see along one axis now? Set `field_with_stride` to
# that number.

# %% tags=["exercise"]
field_with_stride = ...
exercises.check("03.6", field_with_stride)

# %% [markdown] tags=["slide"]
# ## So do this
#
# A convolution computes, at every place, the sum of the products of a small window with the same weights. From that you can
# say before you run anything:
#
# - **Sizes:** `(n + p - k) // s + 1` for each axis. If a shape is not what you expected, compute it layer by layer.
# - **Parameters and work:** look at both. For fewer parameters, shrink the dense layer (pool more before it). For less work, shrink
#   the pictures or the channels, or use a stride early. (*Further* shows one more way, depthwise and 1x1 convolutions, and that equal work
#   may take very different times. So measure.)
# - **Field:** compute it with the loop of *How far does it see?* What lies outside it cannot change the number.
# - **Rim and flip:** zeros at the rim look like edges. If you take a kernel from a book on signals, turn it by half a turn.
# - If numbers disagree between two programs, take a grid of 5 by 5 and a kernel of 3 by 3, and write out the sums.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("03.q1")
quizzes.answer("03.q1", ...)

# %%
quizzes.ask("03.q2")
quizzes.answer("03.q2", ...)

# %%
quizzes.ask("03.q3")
quizzes.answer("03.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured. The bounds were set after a first trial and before the runs that they judge.
# The third is an exact count, the same in every run.

# %%
from course_utils import claims

claims.review("03")

# %% [markdown]
# ## To take home
#
# A program that counts a saved Keras model for pictures of a fixed size: for each convolution and dense layer its output, parameters,
# multiply-adds, and how many pixels one number sees along an axis. Beside a dense layer stands *inf*: every number comes in. Where layers run side by side, it
# follows the way that sees most. It stops, and says where, at a layer that it does not know, at a model inside the model, and where height and width
# are treated differently. (Where one network holds another, as in lesson 06, save the inner one by itself and count that.)
# Where the field is as large as the photograph, a number in the middle can depend on all of it; where it is twice as large, those at the rim can, too. The next cell saves the
# network: put `imagenet.keras`, or a model of yours, beside the program.

# %%
from course_utils import models

models.imagenet().save("imagenet.keras")

# %% tags=["take-home"]
import math

import keras

model = keras.models.load_model("imagenet.keras")  # or your own
known = {"Conv2D", "DepthwiseConv2D", "MaxPooling2D", "AveragePooling2D", "Dense"}
known |= {"Activation", "Add", "BatchNormalization", "Dropout", "Flatten", "InputLayer"}
known |= {"GlobalAveragePooling2D", "ReLU", "Rescaling", "Identity", "Softmax"}
known |= {"ZeroPadding2D", "Normalization"}  # add what works pixel by pixel
fields, before, work = {}, (1, 1), 0  # before: pixels seen by one number, and the step
print("layer, output, parameters, multiply-adds, pixels that one number sees")
for layer in model.layers:
    kind, shape = type(layer).__name__, layer.output.shape[1:]
    size = getattr(layer, "kernel_size", getattr(layer, "pool_size", (1, 1)))
    gap = getattr(layer, "dilation_rate", (1, 1))
    strides = getattr(layer, "strides", (1, 1))
    unequal = any(len({*sides}) > 1 for sides in (size, gap, strides))
    if kind not in known or unequal or None in shape:
        raise SystemExit(f"cannot count {layer.name}: {kind} {size}, output {shape}")
    ways = [fields.get(id(one), before) for one in keras.tree.flatten(layer.input)]
    field, step = max(ways, default=(1, 1))
    field = field + (size[0] - 1) * gap[0] * step
    field = math.inf if len(shape) == 1 or "Global" in kind else field
    before = fields[id(layer.output)] = field, step * strides[0]
    if hasattr(layer, "kernel"):
        products = math.prod((*shape[:-1], *layer.kernel.shape))
        work = work + products
        print(layer.name, shape, layer.count_params(), products, field, sep="  ")
print(f"{model.count_params():,} parameters, {work:,} multiply-adds")

# %% [markdown]
# ## What stays open
#
# You know what each layer computes, and how one kernel is learned. How a whole network is trained, used and tested is
# the subject of [lesson 04](04_keras_code.ipynb). To read on: [A guide to convolution
# arithmetic](https://arxiv.org/abs/1603.07285) draws padding, stride and dilation one by one.

# %% [markdown] tags=["slide"]
# ## Further
#
# ### Depthwise: how a real network saves work
#
# *Exercise 03.4: depthwise.* Networks for telephones have layers that do *not* add up over the channels: each channel has
# a kernel of its own and stays by itself. Write `depthwise(x, kernel)`. `x` has the shape `(height, width, channels)`,
# `kernel` `(rows, columns, channels)`, the result `(places down, places across, channels)`.


# %% tags=["exercise"]
def depthwise(x, kernel): ...


exercises.check("03.4", depthwise)

# %% [markdown]
# The network of lesson 00, EfficientNet-Lite0, names a thousand kinds of things in photographs of 224 by 224. Its first
# layer is an ordinary convolution of 3 by 3. Then come *depthwise* ones of 3 by 3 and 5 by 5, and convolutions of
# 1 by 1; a dense layer is the last. We count the multiply-adds of these.

# %%
quizzes.predict("03.p4", ...)

# %%
imagenet = models.imagenet()
sorts = {}
for each in imagenet.layers:
    if isinstance(each, layers.Dense):
        sort = "dense"
    elif isinstance(each, layers.DepthwiseConv2D):
        sort = "depthwise"
    elif isinstance(each, layers.Conv2D):
        sort = "1x1" if each.kernel_size == (1, 1) else "first, 3x3"
    else:
        continue  # no kernel
    sorts.setdefault(sort, []).append(each)

# %%
imagenet_parameters = imagenet.count_params()
imagenet_work = sum(multiply_adds(part) for parts in sorts.values() for part in parts)
stored, computed = {}, {}  # in %
for sort, parts in sorts.items():
    stored[sort] = (
        100 * sum(part.count_params() for part in parts) / imagenet_parameters
    )
    computed[sort] = 100 * sum(multiply_adds(part) for part in parts) / imagenet_work

print(
    f"{imagenet_parameters:,} parameters, {imagenet_work:,} multiply-adds a photograph"
)

# %% tags=["slide"]
plots.bars(
    {"parameters": stored, "multiply-adds": computed},
    label="share of the ImageNet network, in %",
)

# %%
quizzes.verdict("03.p4")

# %% [markdown]
# *What you see.* {{computed["1x1"]:.0f}} % of the multiply-adds are in kernels that see a single pixel. The depthwise ones, which look at
# neighbours, take {{computed["depthwise"]:.0f}} %, since each has one slice instead of one for every channel; the first layer takes {{computed["first, 3x3"]:.0f}} %. The parameters that are missing
# from the bars, {{100 - sum(stored.values()):.0f}} %, belong to batch normalisation (lesson 05), and half of them are not learned: they are averages. The network has
# {{imagenet_parameters / all_parameters:.0f}} times as many parameters as program B, and {{imagenet_work / all_work:.0f}} times as many multiply-adds.
#
# Why split a layer in this way? Take 64 channels in and 64 out. At each place an ordinary kernel of 3 by 3 computes 3 · 3 · 64 · 64 = 36,864 products. A depthwise one computes 3 · 3 · 64 = 576, and a 1 by 1
# behind it, which mixes the channels, 64 · 64 = 4,096. Together that is 4,672, about an eighth. (The two do not compute the same: the pair has fewer weights, too.)

# %% [markdown]
# ### Why was the photograph harder than noise?
#
# One kernel was found from noise exactly, and from the photograph badly. Two things are different in the photograph. Neighbouring pixels are alike. And in
# most pieces all pixels have nearly the same brightness: the **contrast** is weak. (We measure it by the standard deviation of the pixels: 0 if all are equal, and larger the further they lie from their mean.) We change one thing at a time. First each piece is stretched to the contrast of noise, and its
# neighbours stay as alike as they were. Then noise gets the weak contrast of a typical piece, and its neighbours stay unlike.

# %%
noise = pictures["noise"]
contrasts = [piece.std() for piece in pictures["photograph"]]  # standard deviations
typical = np.median(contrasts)  # half of the pieces have less
print(f"contrast: {typical:.2f} in the middle piece, {noise.std():.2f} in noise")

stretched = []
for piece, contrast in zip(pictures["photograph"], contrasts, strict=True):
    stretched.append(0.5 + (piece - piece.mean()) * noise.std() / contrast)

faint = 0.5 + (noise - noise.mean()) * typical / noise.std()

# %%
strong = find_kernel(np.array(stretched))
errors["photograph, strong contrast"] = np.abs(strong - hidden).max()
errors["noise, weak contrast"] = np.abs(find_kernel(faint) - hidden).max()
for name, error in errors.items():
    print(f"{name}: largest error {error:.4f}")

# %% [markdown]
# *What you see.* With a strong contrast the photograph's error falls from {{errors["photograph"]:.2f}} to {{errors["photograph, strong contrast"]:.4f}}, although neighbours are
# as alike as before. With a weak contrast the error of noise rises to {{errors["noise, weak contrast"]:.2f}}, although no neighbours are alike. So here it is mostly the weak contrast that
# makes it hard.

# %% [markdown] tags=["topic:03.dilation"]
# ### Dilation: a kernel with gaps
#
# A **dilation** of 2 leaves one pixel out between two neighbouring weights. That is the same as a larger kernel with zeros
# in the gaps: nine weights, and a reach of 5 by 5.

# %%
kernel = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])  # the first one, once more
spread = np.zeros((5, 5))
spread[::2, ::2] = kernel

# %% tags=["slide"]
plots.number_grids(
    {
        "kernel with gaps": spread,
        "ours": slide(padded, spread),
        "Keras, dilation_rate=2": keras_slide(padded, kernel, dilation_rate=2),
    },
    signs="→=",
)

# %% [markdown]
# ### "Same" with a stride
#
# With `padding="same"` and a stride, Keras puts zeros only where they are needed. On 6 by 6 ones with a kernel of nine ones, each
# output counts the ones in its window:

# %%
counted = keras_slide(np.ones((6, 6)), np.ones((3, 3)), strides=2, padding="same")

# %% tags=["slide"]
plots.number_grids({"3 by 3 ones over 6 by 6 ones, strides=2": counted})

# %% [markdown]
# *What you see.* Full windows at the top and left, and smaller counts at the bottom and right: one row and one column of zeros were enough, and they went
# there. A framework in which padding is one number for both sides gives other outputs from the same weights.

# %% [markdown]
# ### A formula for one place
#
# Another formula is also found under the name of a convolution. It has one weight for each of the 25 pixels:

# %% tags=["nbval-check-output"]
one_weight_a_pixel = np.arange(25).reshape(5, 5)
print(np.sum(one_weight_a_pixel * pixels))

# %% [markdown] tags=["often-said:no-position"]
# > **Often said, not so:** $y = \sum_i \sum_j W_{ij}\, x_{ij}$ *is the formula of a convolution.* It is a single sum, so a single number comes out. A convolution has such a sum for
# > every place, and its formula says which: there is an $i$ and a $j$ on the left side as well. (A kernel as large as the picture has one place only; then the two agree.) What this
# > formula describes is one unit of a dense layer.

# %% [markdown] tags=["topic:03.backward", "slide"]
# ### The way back
#
# Training needs to know how the loss changes with each weight and each pixel (lesson 02). Suppose that the layers behind
# have told us $g$: for each output, how much the loss grows when this output grows by a little. Here is a picture of 3 by 3, a kernel of
# 2 by 2, and therefore a $g$ of 2 by 2.

# %%
x = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8]])
w = np.array([[1, 2], [0, -1]])
g = np.array([[1, 0], [2, -1]])

# %% [markdown]
# **A weight:** it has touched every output once, each time together with the pixel that lay under it. The top left weight has met the pixels 0,
# 1, 3 and 4, so its gradient is 1·0 + 0·1 + 2·3 - 1·4 = 2. That is $g$ laid on the picture. For the next weight $g$ moves
# by one: *the gradient of the kernel is $g$ sliding over the picture*.
#
# **A pixel:** it has touched an output through one weight, and each output that it touched sends back its $g$ times that weight. The top left pixel
# touched one output, through the top left weight: 1·1 = 1. The bottom right pixel touched the last output through the last weight: -1 · -1 = 1.
# Put zeros around $g$, turn the kernel by half a turn, and slide: the flip that the way forward did without comes back.

# %%
kernel_gradient = slide(x, g)
picture_gradient = slide(np.pad(g, 1), w[::-1, ::-1])

# %% tags=["slide"]
plots.number_grids(
    {"picture": x, "g": g, "gradient of the kernel": kernel_gradient},
    signs="⋆=",
    marked={
        "picture": [(0, 0), (0, 1), (1, 0), (1, 1)],
        "gradient of the kernel": [(0, 0)],
    },
)

# %% tags=["slide"]
plots.number_grids(
    {
        "g with zeros": np.pad(g, 1),
        "kernel, half a turn": w[::-1, ::-1],
        "gradient of the picture": picture_gradient,
    },
    signs="⋆=",
    marked={
        "g with zeros": [(0, 0), (0, 1), (1, 0), (1, 1)],
        "gradient of the picture": [(0, 0)],
    },
)

# %% [markdown]
# Are they right? Take a loss whose $g$ we know, the sum of $g$ times the outputs. Move each number a little, and measure the slope.


# %%
def slope(loss, array):
    slopes = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        more, less = array.astype(float), array.astype(float)
        more[place] += 0.001
        less[place] -= 0.001
        slopes[place] = (loss(more) - loss(less)) / 0.002
    return slopes


kernel_slope = slope(lambda moved: np.sum(g * slide(x, moved)), w)
picture_slope = slope(lambda moved: np.sum(g * slide(moved, w)), x)

# %% tags=["slide"]
plots.number_grids(
    {
        "kernel: formula": kernel_gradient,
        "measured": kernel_slope.round(6),
        "picture: formula": picture_gradient,
        "measured slope": picture_slope.round(6),
    },
    signs="= =",
)

# %% [markdown]
# **Pooling** has no weights, only a way back to the pixels. If a window holds 1, 7, 3 and 5, a little more of the 7 changes the
# maximum by as much, and a little more of the others changes nothing. So max pooling sends the whole $g$ back to the largest
# pixel. Average pooling sends a quarter to each.
#
# *Exercise 03.7: gradients by hand.* One dimension is enough. The signal is $x = (2, -1, 3, 1)$, the kernel
# $w = (1, -2)$, so $y_i = x_i w_0 + x_{i+1} w_1$ has three values. From behind comes $g = (1, 0, 2)$. Write down the
# gradients for both weights and for all four values of the signal.

# %% tags=["exercise"]
gradients = {"w": ..., "x": ...}  # two lists, of 2 and of 4 numbers
exercises.check("03.7", gradients)

# %% [markdown] tags=["topic:03.matrix-product", "slide"]
# ### One matrix product
#
# Our loops are slow: for every place Python makes a small step. **im2col** writes every window as one row of a matrix. Then a single matrix
# product with the kernel, written as a column, does all places at once. (In NumPy and in the figure its sign is @.)

# %%
windows = [x[i : i + 2, j : j + 2].ravel() for i in range(2) for j in range(2)]
matrix = np.array(windows)  # one window a row

# %% tags=["slide"]
plots.number_grids(
    {
        "picture": x,
        "one window a row": matrix,
        "kernel": w.reshape(4, 1),
        "output": (matrix @ w.ravel()).reshape(4, 1),
        "as 2 by 2": slide(x, w),
    },
    signs="→@=→",
)

# %% [markdown]
# The price stands in the second grid: the 4 in the middle of the picture is there four times. With a kernel of $k$ by $k$ there are up to $k^2$ copies of a pixel. Is
# it still worth it when $k$ is large? We measured four ways that give the same numbers: the loops (all pictures and filters at once), one
# large matrix, a small matrix for each row of the output, and Keras.

# %%
from course_utils import recorded

timed = recorded.show("03_matrix").figures
took = timed["milliseconds"]

# %% tags=["slide"]
plots.lines(
    took,
    x=timed["sizes"],
    x_label="side of the kernel (pixels)",
    y_label="processor time (ms)",
    logarithmic="xy",
    caption="48 by 48 places, one core. On both axes equal steps are equal factors.",
)

# %%
large, small_ones = np.array(took["one matrix"]), np.array(took["small matrices"])
sizes = np.array(timed["sizes"])
loses_to_loops = sizes[large > took["loops"]][0]  # the first size at which it does
loses_to_small = sizes[large > small_ones][0]
at_31 = timed["sizes"].index(31)
keras_behind = np.array(took["Keras"]) / np.min(list(took.values()), axis=0)
print(f"one large matrix loses to the loops from {loses_to_loops} by {loses_to_loops}")
print(f"and to small matrices from {loses_to_small} by {loses_to_small}")

# %% [markdown]
# *What you see.* At 3 by 3, the size in program B, one matrix is {{took["loops"][0] / took["one matrix"][0]:.0f}} times as fast as the loops, and the fastest of
# the four. From {{loses_to_small}} by {{loses_to_small}} on it loses to small matrices, and from {{loses_to_loops}} by {{loses_to_loops}} on even to the loops. All do the same multiply-adds. At 31 by 31
# the large matrix has {{timed["megabytes"][at_31]:.0f}} megabytes, which have to be written and read again. The small matrices hold the same copies,
# a row of the output at a time. The large one takes {{large[at_31] / small_ones[at_31]:.1f}} times as long as all of them together, so what costs here is not
# the copying alone, but the size of the copy. At 3 by 3 Keras takes {{keras_behind[0]:.1f}} times as long as the fastest; from 9 by 9 on, at most
# {{keras_behind[sizes >= 9].max():.1f}} times. On another machine the lines cross elsewhere.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("03")
