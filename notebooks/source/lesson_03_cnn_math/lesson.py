# ---
# jupyter:
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
# # The mathematics of convolution
#
# At the heart of a convolution layer are nine or so numbers that slide over a picture. In this lesson you build that
# layer in NumPy, forwards and backwards, one idea at a time, and hold every step against Keras. At the end you can say
# what a layer computes, how its gradients arise, what it costs and how far it sees, before you run it.
#
# **After this notebook you can**
#
# - *compute* a cross-correlation by hand, and *say* how it differs from the convolution of mathematics;
# - *write* a convolution layer with padding, stride, dilation, channels and batch, and *check* it against Keras;
# - *derive* the backward pass of convolution and pooling, and *check* gradients;
# - *calculate* output size, parameters, multiply-adds and receptive field of a layer;
# - *explain* why four programs that give the same numbers can differ a hundredfold in time.
#
# **What to know first:** the gradient, the chain rule and the gradient check of lesson 02.
#
# **Minutes:** to run, under 1 in the smoke profile, 1 in quick, 2 in full. To study, 120; to teach, 150.

# %%
import time
from functools import partial

import numpy as np

from course_utils import startup

startup.load_keras()

# %%
import keras
import tensorflow as tf
from keras import layers, ops
from scipy.signal import convolve2d
from skimage import data as photographs
from threadpoolctl import threadpool_limits

from course_utils import (
    claims,
    exercises,
    plots,
    profiles,
    progress,
    quizzes,
    scratch,
    widgets,
)

# %% [markdown]
# The parameters are those of every lesson.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of three seeds

# %%
keras.utils.set_random_seed(seed)
claims.begin("03", profile=profile, defaults=seed == 0)
seeds = [seed, seed + 1, seed + 2]

# %% [markdown] tags=["slide"]
# ## One kernel at every place
#
# Take a picture of 5 by 5 pixels and a kernel, a small array of weights. Put the kernel on the top left corner of
# the picture, multiply each weight by the pixel under it, add up: one number. Move the kernel one pixel to the right
# and do it again. Counting rows and columns from 0, the output at row $i$, column $j$ is
#
# $$y_{ij} = \sum_{u}\sum_{v} w_{uv}\, x_{i+u,\,j+v} .$$
#
# The name of this sum is **cross-correlation**. The position enters only as $i+u$ and $j+v$: move the picture by one
# pixel, and all outputs but those at the rim move by one, unchanged. This is **translation equivariance**, the reason
# to slide at all.


# %% tags=["nbval-check-output"]
def correlate(image, kernel):
    height = image.shape[0] - kernel.shape[0] + 1  # places from top to bottom
    width = image.shape[1] - kernel.shape[1] + 1
    output = np.zeros((height, width))
    for i, j in np.ndindex(height, width):
        window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
        output[i, j] = np.sum(kernel * window)
    return output


image = np.arange(25.0).reshape(5, 5) ** 2 % 11  # any numbers will do
kernel = np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 0.0], [3.0, 0.0, -2.0]])
print(image, correlate(image, kernel), sep="\n\n")

# %% [markdown]
# Check the first number yourself: nine products, four of them with a weight of zero. Now the library. Keras wants a
# batch of images with channels, so two axes are added on the way in and dropped on the way out.


# %% tags=["nbval-check-output"]
def keras_conv(image, kernel, **settings):
    batch = image[np.newaxis, ..., np.newaxis].astype("float32")  # (1, 5, 5, 1)
    weights = kernel[..., np.newaxis, np.newaxis].astype("float32")  # (3, 3, 1, 1)
    return ops.convert_to_numpy(ops.conv(batch, weights, **settings))[0, :, :, 0]


gaps = {"plain": np.abs(correlate(image, kernel) - keras_conv(image, kernel)).max()}
print(f"largest difference from Keras: {gaps['plain']:.5f}")

# %% [markdown] tags=["slide"]
# So a convolution layer computes a cross-correlation. What mathematics calls **convolution** is another sum:
# $\sum_{u,v} w_{uv}\, x_{i-u,\,j-v}$. The minus signs run through the picture backwards, which is the same as turning
# the kernel by 180 degrees first. SciPy has that one.
#
# *Predict first.* For which kernels do the two agree: (a) for none, (b) for those that look the same after half a
# turn, (c) for all whose weights add up to zero?

# %% tags=["nbval-check-output"]
round_kernel = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]])
for name, weights in (("our kernel", kernel), ("round kernel", round_kernel)):
    convolved = convolve2d(image, weights, mode="valid")  # as in mathematics
    as_it_is = np.abs(convolved - correlate(image, weights)).max()
    turned = np.abs(convolved - correlate(image, weights[::-1, ::-1])).max()
    print(f"{name}: differs by {as_it_is:.0f}, after half a turn by {turned:.0f}")

# %% [markdown] tags=["slide"]
# *What you see.* Half a turn of the kernel is the whole difference, and a kernel that half a turn leaves alone does
# not notice.
#
# > **Often said, not so:** $y_{ij} = \sum w_{mn}\, x_{i-m+1,\,j-n+1} + b$ *is what a convolution layer computes.* The
# > minus signs flip the kernel; frameworks do not flip it. Nor is $y = \sum_i \sum_j W_{ij}\, x_{i,j}$ a convolution:
# > that is one number. Without a position on the left side, nothing slides.

# %% [markdown]
# *Exercise 03.1: by hand.* Cross-correlate `small`, of shape `(3, 4)`, with `taps`, of shape `(2, 2)`, on paper: no
# padding, stride 1. Write the result as a list of rows, such as `[[1, 2, 3], [4, 5, 6]]`.

# %% tags=["exercise"]
small = np.array([[1, 0, 2, 1], [3, 1, 0, 2], [0, 2, 1, 1]])
taps = np.array([[1, 2], [0, -1]])
by_hand = ...
exercises.check("03.1", by_hand)

# %% [markdown] tags=["slide"]
# ## The layer grows
#
# Three settings decide which pixels a kernel meets. **Padding** puts a frame of zeros around the picture. **Stride** is
# how far the kernel moves from one place to the next. **Dilation** is the distance between the pixels that
# neighbouring weights meet.

# %% tags=["slide"]
settings = {
    "plain": (0, 1, 1), "padding 1": (1, 1, 1), "stride 2": (0, 2, 1), "dilation 2": (0, 1, 2),
}  # fmt: skip
figure, axes = plots.canvas(columns=4, width=8.5, height=2.6)
for axis, (name, (frame, stride, dilation)) in zip(axes, settings.items(), strict=True):
    rows, columns = np.mgrid[-frame : 6 + frame, -frame : 6 + frame]
    inside = (rows >= 0) & (rows < 6) & (columns >= 0) & (columns < 6)
    shades = np.where(inside, "#cccccc", "white").ravel()
    axis.scatter(columns, rows, c=shades, edgecolors="#aaaaaa", s=110, marker="s")
    steps = np.arange(3) * dilation - frame
    for shift, mark, colour in ((0, "o", "#0072B2"), (stride, "x", "#D55E00")):
        across, down = np.meshgrid(steps + shift, steps)
        axis.scatter(across, down, marker=mark, color=colour, s=36 if mark == "x" else 20)  # fmt: skip
    axis.set(title=name, aspect="equal", xlim=(-1.6, 6.6), ylim=(6.6, -1.6))
    axis.axis("off")
plots.picture(
    figure,
    alt="Four grids of 6 by 6 pixels with the nine pixels that a 3 by 3 kernel meets at its first and second place: "
    "without padding, with a frame of zeros, with the second place two pixels on, and with gaps between the nine.",
    caption="Blue dots: the first place of a 3 by 3 kernel. Orange crosses: the second. White squares are padding.",
)

# %% [markdown]
# Without padding (`"valid"` in Keras) every layer trims the picture. With `"same"` it does not: a 3 by 3 kernel needs
# one zero on each side. And a stride of 2 needs no new idea: compute every place, keep every other one.

# %% tags=["nbval-check-output"]
framed = np.pad(image, 1)  # (7, 7)
padded, strided = correlate(framed, kernel), correlate(image, kernel)[::2, ::2]
gaps["padding"] = np.abs(padded - keras_conv(image, kernel, padding="same")).max()
gaps["stride"] = np.abs(strided - keras_conv(image, kernel, strides=2)).max()
print(f"padding: {padded.shape}, difference {gaps['padding']:.5f}")
print(f"stride:  {strided.shape}, difference {gaps['stride']:.5f}")

# %% [markdown]
# Dilation needs no new idea either: spread the weights out and put zeros between them. The kernel's **span**, the
# pixels it reaches over, grows from $k$ to $(k - 1)\,d + 1$; its weights stay nine.

# %% tags=["nbval-check-output"]
spread = np.zeros((5, 5))
spread[::2, ::2] = kernel  # span (3 - 1) * 2 + 1 = 5
dilated = correlate(framed, spread)  # (3, 3)
gaps["dilation"] = np.abs(dilated - keras_conv(framed, kernel, dilation_rate=2)).max()
print(f"dilation: {dilated.shape}, difference {gaps['dilation']:.5f}")

# %% [markdown] tags=["slide"]
# How many zeros does `"same"` need with a stride? The rule is that the output has $\lceil H / s \rceil$ rows. The
# windows then need $(\lceil H/s \rceil - 1)\,s + k$ rows in all, and what the picture lacks is filled with zeros, half
# before and half after.
#
# *Predict first.* A picture of 6 by 6, a kernel of 3 by 3, stride 2, `"same"`: where are the zeros, (a) on all four
# sides, (b) at the top and left only, (c) at the bottom and right only?


# %% tags=["nbval-check-output"]
def zeros_for(size, span, stride, padding):
    if padding == "valid":
        return 0, 0
    places = -(-size // stride)  # size / stride, rounded up
    missing = max((places - 1) * stride + span - size, 0)
    return missing // 2, missing - missing // 2  # before, after


ones = np.ones((6, 6))
print("zeros before and after:", zeros_for(size=6, span=3, stride=2, padding="same"))
print(keras_conv(ones, np.ones((3, 3)), strides=2, padding="same"))

# %% [markdown]
# *What you see.* Each output counts the ones under the kernel: nine where the window is full, six and four where it
# hangs over the bottom or the right. One row and one column are missing, and they go after. With a stride, `"same"`
# can be lopsided. A framework in which padding is one number for both sides gives other outputs from the same
# weights.
#
# Three axes are left. A kernel has a slice of weights for every input channel, and the sum runs over the slices as
# well. A layer has several such kernels, its **filters**; each gives one output channel and has one bias $b_f$.
# And the batch is a loop in which nothing new happens:
#
# $$y_{nijf} = b_f + \sum_{u,\,v,\,c} w_{uvcf}\; x_{n,\; is + ud - p,\; js + vd - p,\; c}$$
#
# with stride $s$, dilation $d$ and $p$ zeros in front. This is the whole layer.


# %% tags=["nbval-check-output"]
def conv2d(x, kernel, bias=0.0, stride=1, padding="valid", dilation=1):
    # x: (batch, height, width, channels), kernel: (rows, columns, channels, filters)
    spans = [(taps - 1) * dilation + 1 for taps in kernel.shape[:2]]
    frame = [
        zeros_for(x.shape[1 + axis], spans[axis], stride, padding) for axis in (0, 1)
    ]
    x = np.pad(x, [(0, 0), *frame, (0, 0)])
    height, width = ((x.shape[1 + axis] - spans[axis]) // stride + 1 for axis in (0, 1))
    y = np.zeros((len(x), height, width, kernel.shape[3]))
    for i, j in np.ndindex(height, width):
        top, left = i * stride, j * stride
        window = x[
            :, top : top + spans[0] : dilation, left : left + spans[1] : dilation
        ]
        y[:, i, j] = np.tensordot(window, kernel, axes=3) + bias  # over u, v and c
    return y


rng = np.random.default_rng(seed)
x, weights = rng.normal(size=(2, 9, 7, 3)), rng.normal(size=(3, 3, 3, 4))
bias = rng.normal(size=4)
for stride, padding, dilation in ((1, "valid", 1), (2, "same", 1), (1, "same", 2)):
    ours = conv2d(x, weights, bias, stride, padding, dilation)
    theirs = ops.conv(x, weights, stride, padding, dilation_rate=dilation) + bias
    name = f"stride {stride}, {padding}, dilation {dilation}"
    gaps[name] = np.abs(ours - theirs).max()
    print(f"{name}: {ours.shape}, difference {gaps[name]:.5f}")

# %% [markdown]
# The package keeps this layer as `scratch.convolution.conv2d_loops`; its tests repeat
# the comparison for settings drawn at random.

# %%
claims.claim(
    "03.c1", "Every step so far, from one kernel to the whole layer, agrees with Keras (largest differences).",
    measured=list(gaps.values()), at_most=1e-5,
)  # fmt: skip

# %% [markdown]
# *Exercise 03.2: depthwise.* Small networks for telephones have layers that do not add up over the channels: each
# channel has a kernel of its own and stays by itself. Write `depthwise(x, kernel)`: `x` has the shape `(height,
# width, channels)`, `kernel` `(rows, columns, channels)`, the result `(places down, places across, channels)`; stride
# 1, no padding, no flip. *Example:* `x` of shape `(5, 6, 2)` and a kernel `(2, 3, 2)` give `(4, 4, 2)`.


# %% tags=["exercise"]
def depthwise(x, kernel):
    # your lines in the place of the dots
    ...


exercises.check("03.2", depthwise)

# %% [markdown] tags=["slide"]
# ## Kernels that people designed
#
# Long before kernels were learned, they were invented. Move one over a photograph: the middle panel shows the nine
# products, the right one all their sums. In a running notebook two sliders below the figure move the kernel.

# %% tags=["slide"]
camera = photographs.camera() / 255  # (512, 512), from 0 to 1
little = camera[:384, 64:448].reshape(32, 12, 32, 12).mean(axis=(1, 3))  # (32, 32)
sobel = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
sums = correlate(little, sobel)  # (30, 30)
corners = np.array([[0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]) - 0.5  # of a square, once round


def draw_place(row, column):
    products = little[row : row + 3, column : column + 3] * sobel
    figure, axes = plots.canvas(columns=3, width=8.5, height=3.2)
    axes[0].imshow(little, cmap="gray", vmin=0, vmax=1)
    axes[1].imshow(products, cmap="PuOr_r", vmin=-2, vmax=2)
    axes[2].imshow(sums, cmap="PuOr_r", vmin=-4, vmax=4)
    for i, j in np.ndindex(3, 3):
        colour = "white" if abs(products[i, j]) > 1.2 else "black"  # on dark squares
        axes[1].text(j, i, f"{products[i, j]:.2f}", color=colour, ha="center")
    for axis, side in ((axes[0], 3), (axes[2], 1)):
        across, down = corners * side + (side - 1) / 2
        axis.plot(across + column, down + row, color="#0072B2", linewidth=2)
    titles = ("picture", f"nine products, sum {products.sum():.2f}", "all sums")
    for axis, title in zip(axes, titles, strict=True):
        axis.set(title=title, xticks=[], yticks=[])
    return plots.picture(
        figure,
        alt=f"A photographer, 32 by 32 pixels; the nine products of the kernel at row {row}, column {column}, with the "
        f"sum {products.sum():.2f}; the sums at all places, large along upright edges.",
        caption="Blue frame: the nine pixels under the kernel, and the one output value that they make.",
    )


widgets.slider(draw_place, still={"row": 7, "column": 15}, row=range(30), column=range(30))  # fmt: skip

# %% [markdown] tags=["slide"]
# This kernel, named after Sobel, subtracts what is left of a pixel from what is right of it. Here it is among its
# relatives, on the whole photograph. (Keras does the sliding.)
#
# *Predict first.* Turn Sobel's kernel on its side: what lights up, (a) upright edges, (b) level edges, (c) both?

# %% tags=["slide"]
box, bell = np.ones((7, 7)) / 49, round_kernel / 16
mark = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])  # changes nothing
laplace = np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])
emboss = np.array([[-2.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.0, 1.0, 2.0]])
famous = {
    "the photograph": mark, "mean of 7 x 7": box, "soft blur": bell, "sharpen": mark - laplace,
    "Sobel": sobel, "Sobel, turned": sobel.T, "Laplace": laplace, "emboss": emboss,
}  # fmt: skip
figure, axes = plots.canvas(rows=2, columns=4, width=9, height=5)
for axis, (name, weights) in zip(axes.ravel(), famous.items(), strict=True):
    low, high = (0, 1) if np.isclose(weights.sum(), 1) else (-1, 1)
    shown = keras_conv(camera, weights)[60:360, 100:400]
    axis.imshow(shown, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
    axis.set(title=f"{name} (sum {weights.sum():.0f})", xticks=[], yticks=[])
plots.picture(
    figure,
    alt="A photographer with his camera, and what seven kernels make of it: two blurred copies, a sharper one, upright "
    "edges, level edges, thin lines around every edge, and a relief.",
    caption="Eight kernels on one photograph; in brackets, the sum of the weights. Where it is 0, mid-grey is zero.",
)

# %% [markdown]
# *What you see.* Turned, the kernel answers to level edges, (b). Look at the sky. Weights that add up to 1 keep its
# brightness; weights that add up to 0 turn every even surface into zero, whatever its brightness, and leave the
# changes. Nothing here was learned; someone had to think of each kernel. In lesson 04 a network finds its own.

# %% [markdown] tags=["slide"]
# ## Pooling, flatten, dense
#
# Pooling puts one number in the place of each window: **max pooling** the largest, **average pooling** the mean.
# With windows of 2 by 2 side by side, two more axes are all it takes.


# %% tags=["nbval-check-output"]
def windows_of_two(x):  # (batch, height, width, channels), height and width even
    batch, height, width, channels = x.shape
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels)


def max_pool(x):
    return windows_of_two(x).max(axis=(2, 4))


features = rng.normal(size=(2, 6, 8, 3))
averages = windows_of_two(features).mean(axis=(2, 4))
for ours, theirs in ((max_pool(features), ops.max_pool), (averages, ops.average_pool)):
    print(
        f"{theirs.__name__}: difference {np.abs(ours - theirs(features, 2)).max():.5f}"
    )

# %% [markdown] tags=["slide"]
# Both agree with Keras. The package keeps them, for any window and stride, in `scratch.pooling`. What does pooling
# save?
#
# *Predict first.* Between two convolutions stands a max pooling. Take it out. Does the second convolution get (a) more
# parameters, (b) as many, (c) fewer?

# %% tags=["nbval-check-output"]
for between in ([], [layers.MaxPooling2D(2)]):
    counted = [layers.Conv2D(32, 3), layers.Conv2D(64, 3), layers.Dense(10)]
    stack = [counted[0], *between, counted[1], layers.Flatten(), counted[2]]
    keras.Sequential([keras.Input((28, 28, 1)), *stack])  # gives each layer its weights
    numbers = [f"{layer.count_params():,}" for layer in counted]
    print("with pooling:   " if between else "without pooling:", *numbers)

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *pooling reduces the number of parameters.* Pooling has none, and the convolution behind it
# > keeps all of its own. What shrinks is the maps, and with them the weights of a dense layer behind **flatten**,
# > which lines all the values up in one row.
#
# A **dense layer** has one weight for each pair of input and neuron. That too is a convolution, with a kernel as large
# as the whole map: there is one place to put it.

# %% tags=["nbval-check-output"]
weights = rng.normal(size=(6 * 8 * 3, 5))  # flattened inputs, neurons
dense_output = features.reshape(2, -1) @ weights  # (2, 5)
as_convolution = conv2d(features, weights.reshape(6, 8, 3, 5))  # (2, 1, 1, 5)
print(f"difference {np.abs(as_convolution[:, 0, 0] - dense_output).max():.5f}")

# %% [markdown] tags=["slide"]
# ## The backward pass
#
# Training needs the gradient of the loss $L$ for every weight. Say that the layers behind have handed us
# $g_{nijf} = \partial L / \partial y_{nijf}$, the gradient for each output. The chain rule asks one question of each
# number: which outputs did it touch, and times what? Take stride 1, no padding, and call a weight's place $(u, v)$ in
# the kernel a tap.
#
# - The bias $b_f$ was added to every output of filter $f$, times 1.
# - The weight $w_{uvcf}$ touched every output of its filter, each time through the pixel that lay under it.
# - The pixel $x_{nabc}$ lay under the tap $(u, v)$ when the kernel stood at $(a - u,\, b - v)$, and touched that output
#   times $w$.
#
# $$\frac{\partial L}{\partial b_f} = \sum_{n,i,j} g_{nijf} \qquad
# \frac{\partial L}{\partial w_{uvcf}} = \sum_{n,i,j} g_{nijf}\, x_{n,\,i+u,\,j+v,\,c} \qquad
# \frac{\partial L}{\partial x_{nabc}} = \sum_{u,v,f} g_{n,\,a-u,\,b-v,\,f}\, w_{uvcf}$$
#
# with $g = 0$ outside the output. In code it is one loop over the taps.


# %% tags=["nbval-check-output"]
def conv2d_backward(g, x, kernel):
    x_gradient, kernel_gradient = np.zeros_like(x), np.zeros_like(kernel)
    height, width = g.shape[1:3]
    for u, v in np.ndindex(kernel.shape[:2]):
        met = np.s_[:, u : u + height, v : v + width]  # the pixels that tap (u, v) met
        kernel_gradient[u, v] = np.tensordot(x[met], g, axes=([0, 1, 2], [0, 1, 2]))
        x_gradient[met] += g @ kernel[u, v].T  # summed over the filters
    return x_gradient, kernel_gradient, g.sum(axis=(0, 1, 2))


g = correlate(image, kernel)  # (3, 3), any numbers will do
batch, weights = image[np.newaxis, ..., np.newaxis], kernel[..., np.newaxis, np.newaxis]
to_image = conv2d_backward(g[np.newaxis, ..., np.newaxis], batch, weights)[0]
flipped = convolve2d(g, kernel, mode="full")  # every place at which the two touch
print(flipped.shape, f"difference {np.abs(to_image[0, ..., 0] - flipped).max():.5f}")

# %% [markdown]
# *What you see.* The last lines test what the minus signs in the third formula, $g_{a-u,\,b-v}$, promise: SciPy's
# convolution gives the same numbers. The flip that the forward pass does without comes back in the backward pass.
#
# Are the gradients right? A gradient check moves each number a little and measures the slope, as in lesson 02. The
# loss is half the sum of the squared outputs, so $g = y$. The package's `scratch.convolution.conv2d_backward` also
# knows stride, padding and dilation; it is checked in the same way.

# %%
x, weights, bias = rng.normal(size=(2, 6, 5, 3)), rng.normal(size=(3, 2, 3, 4)), rng.normal(size=4)  # fmt: skip
slope, distance = scratch.gradient_check.numerical_gradient, scratch.gradient_check.relative_error  # fmt: skip


def loss(x, weights, bias, **settings):
    return 0.5 * np.sum(conv2d(x, weights, bias, **settings) ** 2)


def errors_of(gradients, **settings):
    slopes = (
        slope(lambda moved: loss(moved, weights, bias, **settings), x),
        slope(lambda moved: loss(x, moved, bias, **settings), weights),
        slope(lambda moved: loss(x, weights, moved, **settings), bias),
    )
    return [distance(*pair) for pair in zip(gradients, slopes, strict=True)]


errors = errors_of(conv2d_backward(conv2d(x, weights, bias), x, weights))
for settings in ({"stride": 2, "padding": "same"}, {"dilation": 2, "padding": "same"}):
    y = conv2d(x, weights, bias, **settings)
    packaged = scratch.convolution.conv2d_backward(y, x, weights, **settings)
    errors += errors_of(packaged, **settings)
claims.claim(
    "03.c2",
    "The gradients of convolution, for input, kernel and bias, agree with measured slopes (relative error; the first "
    "three as written above, then the package's with a stride of 2 and with a dilation of 2).",
    measured=errors,
    at_most=1e-6,
)

# %% [markdown]
# Pooling has no weights, only a way back for the gradient. Average pooling hands each pixel an equal share. Max
# pooling hands everything to the pixel that was the largest; a small change of the others would change nothing.


# %%
def max_pool_backward(g, x):
    windows = windows_of_two(x)
    winner = windows == windows.max(axis=(2, 4), keepdims=True)
    return (winner * g[:, :, np.newaxis, :, np.newaxis]).reshape(x.shape)


def average_pool_backward(g, x):
    return np.ones_like(x) * g.repeat(2, axis=1).repeat(2, axis=2) / 4


x = rng.normal(size=(2, 4, 6, 3))
ways = {
    "max": (max_pool, max_pool_backward),
    "average": (lambda x: windows_of_two(x).mean(axis=(2, 4)), average_pool_backward),
}
errors = []
for forward, backward in ways.values():
    measured_slope = slope(lambda x, forward=forward: 0.5 * np.sum(forward(x) ** 2), x)
    errors.append(distance(backward(forward(x), x), measured_slope))
claims.claim(
    "03.c3",
    "The gradients of max pooling and of average pooling agree with measured slopes (relative error).",
    measured=errors,
    at_most=1e-6,
)

# %% [markdown]
# (Where two pixels tie, our version pays both; the package's, like TensorFlow's, pays the first.) Backward functions
# in a row, the last layer's first, are backpropagation. Here is a small network, convolution, ReLU and max pooling,
# with our three and with TensorFlow's automatic derivative.

# %% tags=["nbval-check-output"]
x, weights = rng.normal(size=(2, 8, 8, 3)), rng.normal(size=(3, 3, 3, 4))
before = conv2d(x, weights)  # (2, 6, 6, 4)
active = np.maximum(before, 0)
g = max_pool(active)  # (2, 3, 3, 4): the gradient of half the sum of squares
g = max_pool_backward(g, active) * (before > 0)
ours = conv2d_backward(g, x, weights)[:2]

with tf.GradientTape() as tape:
    tensors = [tf.Variable(x), tf.Variable(weights)]
    y = ops.max_pool(ops.relu(ops.conv(*tensors)), 2)
    half_squares = ops.sum(y**2) / 2
theirs = tape.gradient(half_squares, tensors)
for name, one, other in zip(("input", "kernel"), ours, theirs, strict=True):
    print(f"{name}: largest difference {np.abs(one - other).max():.5f}")

# %% [markdown]
# *Exercise 03.3: gradients by hand.* One dimension is enough. The signal is $x = (2, -1, 3, 1)$, the kernel
# $w = (1, -2)$, so $y_i = x_i w_0 + x_{i+1} w_1$ has three values. From behind comes $g = (1, 0, 2)$. Write down the
# gradients for both weights and for all four values of the signal.

# %% tags=["exercise"]
gradients = {"w": ..., "x": ...}  # two lists, of 2 and of 4 numbers
exercises.check("03.3", gradients)

# %% [markdown] tags=["slide"]
# Now use what you have. Somebody filtered pictures with a true convolution, flip and all. Our layer does not flip. Can
# it learn to do the same from examples alone, by gradient descent with our backward pass?
#
# *Predict first.* After training it holds (a) the kernel that was used, (b) that kernel after half a turn, (c) a
# compromise, and a loss that stays.

# %% tags=["slide"]
secret = np.array([[2.0, 1.0, 0.0], [1.0, 0.0, -1.0], [0.0, 0.0, -3.0]])


def learn(seed, steps=100, learning_rate=0.2):
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(4, 16, 16, 1))
    wanted = np.stack([convolve2d(n[:, :, 0], secret, mode="valid") for n in noise])
    learned = rng.normal(size=(3, 3, 1, 1))
    for _ in range(steps):
        difference = conv2d(noise, learned) - wanted[..., np.newaxis]
        g = 2 * difference / difference.size  # of the mean squared error
        learned = learned - learning_rate * conv2d_backward(g, noise, learned)[1]
    return learned[:, :, 0, 0]


learned = [learn(seed=current) for current in seeds]
figure, axes = plots.canvas(columns=4, width=8, height=2.4)
names = ["used to filter", *(f"learned, seed {current}" for current in seeds)]
for axis, name, weights in zip(axes, names, [secret, *learned], strict=True):
    axis.imshow(weights, cmap="PuOr_r", vmin=-3, vmax=3)
    for i, j in np.ndindex(3, 3):
        colour = "white" if weights[i, j] < -2 else "black"  # on the darkest squares
        axis.text(j, i, f"{weights[i, j]:.1f}".replace("-0.0", "0.0"), color=colour, ha="center")  # fmt: skip
    axis.set(title=name, xticks=[], yticks=[])
plots.picture(
    figure,
    alt="Four kernels of 3 by 3 with their weights: the one that was used, and three that were learned from different "
    "starts, equal to each other and to the first after half a turn.",
    caption="The layer has learned the flip: each kernel is the first one, turned by 180 degrees.",
)

# %%
claims.claim(
    "03.c4",
    "Trained on the output of a true convolution, the layer finds that kernel after half a turn (largest difference).",
    measured=[np.abs(found - secret[::-1, ::-1]).max() for found in learned],
    at_most=0.001,
)

# %% [markdown]
# So frameworks have no need to flip: a layer that learns its kernel learns it in whichever order it is read.

# %% [markdown] tags=["slide"]
# ## Count before you run
#
# Along one axis a window of span $(k-1)d + 1$ is put on $H$ pixels and $P$ zeros in all. Its first row can be
# $0, s, 2s, \dots$ as long as the last row is still inside:
#
# $$H' = \left\lfloor \frac{H + P - (k-1)\,d - 1}{s} \right\rfloor + 1 .$$
#
# Each of $F$ filters has a weight for each tap and each of $C$ channels, and one bias; each output value costs one
# **multiply-add** for each weight of its filter. The size of the picture enters the work but not the parameters:
#
# $$\text{parameters} = k_h k_w C F + F \qquad \text{multiply-adds} = H' W'\, k_h k_w C F .$$


# %%
def output_size(size, span, stride, padding):
    return (size + sum(zeros_for(size, span, stride, padding)) - span) // stride + 1


def parameters(kernel, channels, filters):
    return kernel[0] * kernel[1] * channels * filters + filters


def multiply_adds(output, kernel, channels, filters):
    return output[0] * output[1] * kernel[0] * kernel[1] * channels * filters


# %% [markdown]
# The package has them in `scratch.sizes`. Keras tells the shape of its output and counts its parameters. For the work
# we use a trick: with all weights and all pixels equal to 1, every product is 1, and the sum of the outputs *is* the
# number of products. (Without padding: products with a frame of zeros are work that the sum does not see.)

# %% tags=["nbval-check-output"]
drawn, worked, wrong = profiles.choose(profile, smoke=16, quick=64, full=256), 0, 0
for number in range(drawn):
    size, taps = rng.integers(11, 30, size=2), rng.integers(1, 6, size=2)
    channels, filters = rng.integers(1, 9, size=2).tolist()
    stride, dilation = [(1, 1), (2, 1), (3, 1), (1, 2)][number // 2 % 4]
    padding = ["valid", "same"][number % 2]
    layer = layers.Conv2D(
        filters, taps.tolist(), stride, padding, dilation_rate=dilation, kernel_initializer="ones",
    )  # fmt: skip
    y = layer(np.ones((1, *size, channels), dtype="float32"))
    spans = (taps - 1) * dilation + 1
    shape = [output_size(*pair, stride, padding) for pair in zip(size, spans, strict=True)]  # fmt: skip
    wrong += tuple(y.shape) != (1, *shape, filters)
    wrong += layer.count_params() != parameters(taps, channels, filters)
    if padding == "valid":
        worked += 1
        wrong += int(ops.sum(y)) != multiply_adds(shape, taps, channels, filters)
claims.claim(
    "03.c5", f"In {drawn} random settings, in {worked} of them with the work counted as well, formulas and Keras "
    "disagree nowhere (number of disagreements).", measured=[int(wrong)], at_most=0,
)  # fmt: skip

# %% [markdown]
# *Exercise 03.4: a layer by hand.* Pictures are 60 pixels high and 40 wide, with 3 channels. A layer has 8 filters
# that are 5 high and 3 wide, stride 2, no padding, biases. Give height and width of the output, the parameters,
# and the multiply-adds for one picture.

# %% tags=["exercise"]
layer_by_hand = {"height": ..., "width": ..., "parameters": ..., "multiply_adds": ...}
exercises.check("03.4", layer_by_hand)

# %% [markdown]
# How much of the picture does one output value see? Its **receptive field** starts as one pixel. Each layer adds $k -
# 1$ steps of $d$ of its own inputs. One such input lies $\prod s_i$ pixels of the picture from the next: the strides
# $s_i$ of all layers before it, multiplied (1 for the first layer).
#
# $$r_l = r_{l-1} + (k_l - 1)\,d_l \prod_{i<l} s_i, \qquad r_0 = 1 .$$
#
# Gradients check this formula: where all weights are 1, so that nothing cancels, a pixel counts if, and only if, a
# gradient reaches it. `influence` asks for the gradient of one output value, the one in the corner, for every pixel;
# the last row that it reaches tells the field.


# %% tags=["nbval-check-output"]
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field, jump = field + (kernel - 1) * dilation * jump, jump * stride
    return field


def influence(chain, size):
    picture = tf.Variable(tf.ones((1, size, size, 1)))
    with tf.GradientTape() as tape:
        y = picture
        for layer in chain:
            y = layer(y)
        corner = y[:, 0, 0]
    return np.abs(tape.gradient(corner, picture)[0, :, :, 0])


kinds = ((3, 1, 1), (3, 2, 1), (2, 2, 1), (3, 1, 2))  # kernel, stride, dilation
wrong = 0
for _ in range(profiles.choose(profile, smoke=5, quick=30, full=100)):
    stack = [kinds[kind] for kind in rng.integers(4, size=rng.integers(1, 5))]
    chain = [layers.Conv2D(1, k, s, dilation_rate=d, kernel_initializer="ones") for k, s, d in stack]  # fmt: skip
    reached = np.flatnonzero(influence(chain, size=64).any(axis=1))
    wrong += reached[-1] + 1 != receptive_field(stack)
print(f"stacks in which formula and gradient disagree: {wrong}")
print(f"the last one: {stack}, {receptive_field(stack)} pixels")

# %% [markdown] tags=["slide"]
# So ten layers of 3 by 3 see 21 by 21 pixels. Do all of them count alike?
#
# *Predict first.* The inner 11 by 11 pixels are 27 % of the field. They have (a) about 27 % of the influence, (b)
# about half, (c) more than two thirds?

# %% tags=["slide"]
equal = layers.Conv2D(1, 3, kernel_initializer="ones")
maps = {"all weights 1": influence([equal] * 10, size=21)}
for current in seeds:
    keras.utils.set_random_seed(current)
    chain = [layers.Conv2D(16, 3) for _ in range(9)] + [layers.Conv2D(1, 3)]
    maps[f"random, seed {current}"] = influence(chain, size=21)
inner = {name: found[5:16, 5:16].sum() / found.sum() for name, found in maps.items()}
claims.claim(
    "03.c6", "With ten layers of 3 by 3 and random weights, the inner 27 % of the field hold most of the influence.",
    measured=list(inner.values())[1:], at_least=0.65,
)  # fmt: skip
figure, axes = plots.canvas(columns=4, width=9, height=2.6)
for axis, (name, found) in zip(axes, maps.items(), strict=True):
    axis.imshow(found / found.max(), cmap="viridis")
    axis.plot(*(np.array([[0, 1, 1, 0, 0], [0, 0, 1, 1, 0]]) * 11 + 4.5), color="white")
    axis.set(title=f"{name}\ninner {100 * inner[name]:.0f} %", xticks=[], yticks=[])
plots.picture(
    figure,
    alt="Four maps of 21 by 21 pixels. With equal weights the influence is a smooth hill around the middle; with "
    f"random weights it is a ragged one. Inner share: {', '.join(f'{name} {v:.2f}' for name, v in inner.items())}.",
    caption="How much one output value changes with each pixel. White frame: the inner 11 by 11. With equal weights "
    f"there is one way from a corner, and {maps['all weights 1'].max() / 1e6:.0f} million ways from the middle.",
)  # fmt: skip

# %% [markdown]
# *What you see.* More than two thirds, (c), in all four maps. A corner pixel reaches the output by a single way, a
# middle one by millions. The receptive field says what a value *can* see; what it mostly looks at is smaller. These
# layers are new and without ReLU; training may change the map.

# %% [markdown]
# *Exercise 03.5: how far it sees.* Convolution 3 x 3, max pooling, convolution 3 x 3, max pooling, convolution 3 x 3.
# The convolutions have stride 1; the poolings are 2 x 2 with stride 2. A value of the last map sees 18 pixels along
# one axis. Somebody in a hurry gives the first convolution a stride of 2. How many pixels does it see now? Set
# `field` to that number.

# %% tags=["exercise"]
field = ...
exercises.check("03.5", field)

# %% [markdown] tags=["slide"]
# ## Four ways to the same numbers
#
# The loops above are easy to read and slow. **im2col** copies every window into a row of a matrix; then the whole
# layer is one matrix product, which processors do best. The **Fourier transform** takes another road: it turns a
# sliding sum into one product for each frequency, so the size of the kernel matters little. (The complex conjugate in
# it makes it a cross-correlation; without it the kernel would be flipped.)


# %% tags=["nbval-check-output"]
def im2col(x, kernel):
    sliding = np.lib.stride_tricks.sliding_window_view
    windows = sliding(x, kernel.shape[:2], axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    rows = windows.reshape(-1, np.prod(kernel.shape[:3]))  # one window a row
    product = rows @ kernel.reshape(-1, kernel.shape[3])
    return product.reshape(*windows.shape[:3], -1)


def fourier(x, kernel):
    pictures = np.fft.rfft2(x, axes=(1, 2))[:, :, :, np.newaxis, :]
    kernels = np.fft.rfft2(kernel, s=x.shape[1:3], axes=(0, 1)).conj()
    y = np.fft.irfft2((pictures @ kernels)[:, :, :, 0], s=x.shape[1:3], axes=(1, 2))
    return y[:, : x.shape[1] - len(kernel) + 1, : x.shape[2] - kernel.shape[1] + 1]


x, weights = rng.normal(size=(2, 12, 10, 3)), rng.normal(size=(3, 4, 3, 5))
for way in (im2col, fourier):
    gap = np.abs(way(x, weights) - conv2d(x, weights)).max()
    print(f"{way.__name__}: difference from the loops {gap:.5f}")

# %% [markdown] tags=["slide"]
# *Predict first.* For a kernel of 3 by 3, how many times faster than our loops is the matrix product: (a) twice, (b)
# five times, (c) more than ten times? And does the Fourier transform come in first, second or third of the four?


# %%
def milliseconds(call, calls=6, seconds=0.2):
    times = []
    while len(times) < calls or sum(times) < seconds:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)  # the fastest: a machine has other work to do as well


sizes = profiles.choose(profile, smoke=[3, 31], quick=[3, 5, 9, 15, 21, 31], full=range(3, 32, 4))  # fmt: skip
took = {"loops": [], "im2col": [], "Fourier": [], "Keras": []}
for size in sizes:
    x = rng.normal(size=(4, 47 + size, 47 + size, 4)).astype("float32")
    weights = rng.normal(size=(size, size, 4, 8)).astype("float32")  # 48 x 48 places
    tensors = [ops.convert_to_tensor(x), ops.convert_to_tensor(weights)]
    calls = [partial(way, x, weights) for way in (conv2d, im2col, fourier)]
    with threadpool_limits(limits=1):  # NumPy on one core: steadier figures
        for name, call in zip(took, [*calls, partial(ops.conv, *tensors)], strict=True):
            took[name].append(milliseconds(call))

# %% tags=["slide"]
loops, matrix, spectrum, library = took.values()
claims.claim(
    "03.c7", "At 3 by 3 the loops take at least 10 times as long as im2col.",
    measured=[loops[0] / matrix[0]], at_least=10, about_time=True, unit="times",
)  # fmt: skip
claims.claim(
    "03.c8", "At 3 by 3 the Fourier transform takes longer than Keras; at 31 by 31 it takes less time than im2col.",
    measured=[spectrum[0] / library[0], matrix[-1] / spectrum[-1]], at_least=1.2, about_time=True, unit="times",
)  # fmt: skip
claims.claim(
    "03.c9", "From 3 by 3 to 31 by 31 the multiply-adds grow 107-fold, the Fourier transform's time at most 20-fold.",
    measured=[spectrum[-1] / spectrum[0]], at_most=20, about_time=True, unit="times",
)  # fmt: skip
figure, axis = plots.canvas(width=7, height=3.6)
for mark, (name, values) in zip("os^D", took.items(), strict=True):
    axis.plot(sizes, values, f"{mark}-", label=name)
axis.set(xlabel="kernel size (pixels)", ylabel="time (ms)", yscale="log", xticks=sizes)  # fmt: skip
axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
words = "; ".join(f"{name} from {v[0]:.1f} to {v[-1]:.1f} ms" for name, v in took.items())  # fmt: skip
plots.picture(
    figure, alt=f"Time over kernel size. {words}.",
    caption="Four pictures, 4 channels in, 8 filters, 48 by 48 places. The time axis is logarithmic. "
    "NumPy works on one core, Keras on all that it is given.",
)  # fmt: skip

# %% [markdown]
# *What you see.* The loops pay a fixed price for each turn, whatever work it does, so they lose most at small
# kernels. im2col grows with the number of weights. The Fourier transform grows far less, but it begins high: at 3 by
# 3, the size that most networks use, it comes third. Beyond some size it overtakes im2col. It does not climb
# steadily, likely because it is quick only for sizes with small factors: 15 by 15 makes it transform 62 rows, and 62
# is 2 times 31. Whether it also catches up with Keras depends on the machine; a library's convolution is written for
# the processor at hand and uses all its cores.

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You computed cross-correlations by hand and found the half turn that separates them from convolution. You wrote the
# layer with all its settings and held it against Keras, number by number. You derived where each gradient comes from,
# checked it by slopes, met the flip again, and trained a kernel with it. You counted sizes, parameters, work and
# receptive fields before running anything, and saw four programs that agree in numbers and not in time, and what each
# of them pays for.

# %% [markdown]
# Three questions.

# %%
quizzes.ask("03.q1")
quizzes.answer("03.q1", ...)

# %% [markdown]
# More than one answer may be right here.

# %%
quizzes.ask("03.q2")
quizzes.answer("03.q2", ...)

# %% [markdown]
# And a number.

# %%
quizzes.ask("03.q3")
quizzes.answer("03.q3", ...)

# %% [markdown]
# What stays open: you know what a layer computes, and not yet what many of them learn together. [Lesson
# 04](04_keras_code.ipynb) builds, trains and uses whole networks. To read on: [A guide to convolution
# arithmetic](https://arxiv.org/abs/1603.07285) draws padding, stride and dilation one by one; [Understanding
# the effective receptive field](https://arxiv.org/abs/1701.04128) explains the hill that you saw;
# [`keras.ops.conv`](https://keras.io/api/ops/nn/) documents the function that was our reference.

# %% tags=["nbval-check-output"]
progress.show("03")
