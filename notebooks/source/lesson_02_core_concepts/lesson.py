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
# # Core concepts: a network by hand
#
# Keras trains a network in one line. Here you write that line out: a neuron, a layer, a network, its gradients and
# its training loop, in NumPy, about fifty lines in all. Then you use it to test what is said about losses,
# optimisers, depth and test sets. Half of it turns out otherwise.
#
# **After this notebook you can**
#
# - *describe* an image as an array, and *preprocess* it without changing its label;
# - *compute* the forward pass of a small network and its gradients by hand, and *check* gradients by machine;
# - *train* a network with a loop that you wrote, through the five steps from preprocessing to test;
# - *compare* losses and optimisers fairly, each with a learning rate of its own;
# - *find* leakage between splits, and *choose* a metric that fits the question.
#
# **What to know first:** lesson 00; matrix products; what a derivative is.
#
# **Minutes:** to run, 1 in the smoke profile, 1 in quick, 2 in full. To study, 120; to teach, 150.

# %%
import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from course_utils import claims, datasets, exercises, metrics, plots, profiles
from course_utils import progress, quizzes, startup
from course_utils.scratch import gradient_check, optimisers

startup.load_keras()

# %% [markdown]
# The parameters. Networks that are compared are trained from five seeds in quick, ten in full.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of the seeds

# %%
import keras

keras.utils.set_random_seed(seed)
claims.begin("02", profile=profile, defaults=seed == 0)
seeds = range(seed, seed + profiles.choose(profile, smoke=1, quick=5, full=10))
share = profiles.choose(profile, smoke=0.1, quick=1, full=1)  # of the epochs

# %% [markdown] tags=["slide"]
# ## Images are arrays
#
# A network never sees a picture, it sees numbers. How many, and in which order?

# %% tags=["nbval-check-output"]
digits = datasets.load("digits", quiet=True)
shapes = datasets.load("shapes", train=20, validation=10, test=10, quiet=True)
print("one digit:", digits.train.x[0].shape, "  one shape:", shapes.train.x[0].shape)
print(digits.train.x[0, :, :, 0])  # channel 0 of the first digit

# %% [markdown] tags=["slide"]
# *What you see.* Each number is the brightness of one pixel, from 0 to 255. Hold the page away from you, and the
# printed numbers form a nought.
#
# > **Often said, not so:** *an image is a two-dimensional matrix.* Only a grey one can be. A colour image is height x
# > width x 3: three channels, red, green and blue (**RGB**). Frameworks give grey images a third axis as well, of
# > length 1.
#
# **Preprocessing** brings pictures into the form that a model expects. Three operations are on every list: crop,
# scale (the size), rotate.
#
# *Predict first.* Which of them can make a label wrong: (a) none, they only move pixels, (b) some of them, for some
# classes, or (c) all of them, always?

# %% tags=["slide"]
picture = shapes.train.x[3]  # (32, 32, 3), uint8
steps = {
    shapes.class_names[shapes.train.y[3]]: picture,
    "cropped": picture[4:28, 4:28],  # (24, 24, 3)
    "scaled to half": picture[::2, ::2],  # (16, 16, 3)
    "turned by 180°": np.rot90(picture, 2),
    "values 0 to 1": picture / np.float32(255),
}
figure, axes = plots.canvas(1, len(steps), height=1.9)
for axis, (name, image) in zip(axes, steps.items(), strict=True):
    axis.imshow(image)
    axis.set(title=name, xticks=[], yticks=[], xlabel=f"{image.shape}\n{image.dtype}")
    axis.title.set_fontsize(9)
plots.picture(
    figure, caption="Preprocessing is slicing, indexing and dividing. Read what changed below each picture.",
    alt=f"One picture five times: {', '.join(steps)}. The turned arrow points to the other side.",
)  # fmt: skip

# %% [markdown]
# *What you see.* Scaling size or values keeps the label, and so does this crop; a tighter one could lose the arrow.
# Turning changes the class: a left arrow has become a right arrow, and its label is now wrong. A digit 6 would be
# a 9. Which changes keep the label is knowledge about the task; lesson 05 builds on that.

# %% [markdown] tags=["slide"]
# ## Neuron, layer, network
#
# A **neuron**, or unit, multiplies its inputs by weights, adds a **bias**, and sends the sum through an **activation
# function**: $a = f(w_1 x_1 + \dots + w_n x_n + b)$.

# %% tags=["nbval-check-output"]
x = np.array([0.5, 2.0, -1.0])  # three inputs
w, b = np.array([1.0, 0.5, 2.0]), 0.25
z = x @ w + b  # 0.5 * 1 + 2 * 0.5 - 1 * 2 + 0.25
print("weighted sum:", z, "  after ReLU:", max(z, 0.0))

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *deep learning works like the brain.* The sum with a threshold was modelled on a nerve cell
# > (lesson 01), and there the likeness ends: a cell fires in time, and how a brain might compute the backward pass
# > below is an open question. Take it as an analogy for this one line.
#
# Which function $f$? Three are common. With each we note its *slope*, which training will need.


# %% tags=["slide"]
def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2  # the same as 1 / (1 + exp(-z)), without overflow


functions = {  # name: (the function, its slope)
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(z.dtype)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}
z = np.linspace(-4, 4, 201)
figure, axes = plots.canvas(1, 3, height=2.4, sharey=True)
for axis, (name, (function, slope)) in zip(axes, functions.items(), strict=True):
    axis.plot(z, function(z), label="function")
    axis.plot(z, slope(z), "--", label=f"slope, at most {slope(z).max():.2f}")
    axis.set(title=name, xlabel="weighted sum z", ylim=(-1.1, 2))
    axis.legend(loc="upper left", fontsize=8)
plots.picture(
    figure, caption="Three activation functions and their slopes. Look at the heights of the dashed lines.",
    alt="ReLU is 0 left of 0 and rises with slope 1 right of it. Sigmoid rises from 0 to 1, tanh from -1 to 1; "
    "their slopes are bells around 0, with heights 0.25 and 1.",
)  # fmt: skip

# %% [markdown]
# A **layer** is many neurons on the same inputs: a matrix product. Is the activation function needed at all? Here are
# three layers without one (and without biases, which change nothing about the answer).

# %% tags=["nbval-check-output"]
x = digits.train.x[:5].reshape(5, 64) / 255  # (5, 64): five images as rows
draw = np.random.default_rng(0).normal
first, second, third = draw(size=(64, 32)), draw(size=(32, 16)), draw(size=(16, 10))
one, relu = x @ (first @ second @ third), functions["ReLU"][0]  # one matrix, (64, 10)
print("three layers are one:", np.allclose(x @ first @ second @ third, one))
print("with ReLU between:", np.allclose(relu(relu(x @ first) @ second) @ third, one))

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *each neuron's output is a linear combination of the layer before.* If it were, any stack of
# > layers would be one matrix, as the first line shows. The activation function is what makes a second layer worth its
# > cost.
#
# For ten classes the last layer gives ten sums, the **logits**. **Softmax** turns them into probabilities, and
# **cross-entropy** is the loss function: minus the natural logarithm of the probability of the right class. For
# later, our function also returns the loss's gradient for the logits, which is short: probabilities minus truth (a
# row with 1 for the right class, else 0), over the number of images.


# %% tags=["nbval-check-output"]
def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))  # no overflow
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(logits, y):
    p = softmax(logits)  # (batch, classes)
    truth = np.eye(p.shape[1], dtype=p.dtype)[y]  # one-hot rows
    loss = -np.log(np.maximum((p * truth).sum(axis=1), 1e-30)).mean()
    return loss, (p - truth) / len(y)


logits = np.array([[2.0, 1.0, -1.0]])  # one image, three classes
print("probabilities:", softmax(logits).round(3))
for right in (0, 1, 2):
    print(f"loss if class {right} is right: {cross_entropy(logits, [right])[0]:.3f}")

# %% [markdown]
# *What you see.* The less probability the right class gets, the higher the loss, without a limit.

# %% [markdown]
# *Exercise 02.1: forward by hand.* A network has two inputs, two hidden neurons with ReLU, and one output without an
# activation function. Each column of `w1` belongs to one hidden neuron. Compute the output for `x`, on paper first.
# *Example:* with all weights and biases 0 it is 0.

# %% tags=["exercise"]
x = np.array([1.0, 2.0])
w1, b1 = np.array([[1.0, -1.0], [1.0, -2.0]]), np.array([-1.0, 1.0])
w2, b2 = np.array([3.0, 5.0]), 0.5
output = ...
exercises.check("02.1", output)

# %% [markdown] tags=["slide"]
# ## Backpropagation
#
# To learn, a network needs the **gradient**: for each parameter, how much the loss changes when the parameter does.
# Take a graph small enough for a pencil: $z = w_1 x + b$, $h = \mathrm{ReLU}(z)$, $o = w_2 h$, $L = (o - y)^2$.
#
# The **chain rule** goes through it from the end. Each step multiplies what arrives by one local derivative. The last
# lines check the result in the other direction: move $w_1$ a little and see what the loss does.


# %% tags=["nbval-check-output"]
def small_graph(w1, b, w2, x=2.0, y=5.0):
    z = w1 * x + b
    h = max(z, 0.0)
    o = w2 * h
    return (o - y) ** 2, z, h, o


loss, z, h, o = small_graph(w1=1.5, b=-1.0, w2=3.0)
d_o = 2 * (o - 5.0)  # L = (o - y)^2, and y = 5
d_w2, d_h = d_o * h, d_o * 3.0  # o = w2 * h, and w2 = 3
d_z = d_h * (z > 0)  # the slope of ReLU: 1 or 0
d_w1, d_b = d_z * 2.0, d_z  # z = w1 * x + b, and x = 2
print(f"forward:  z {z}, h {h}, o {o}, loss {loss}")
print(f"backward: o {d_o}, w2 {d_w2}, h {d_h}, z {d_z}, w1 {d_w1}, b {d_b}")
higher, lower = (small_graph(1.5 + step, -1.0, 3.0)[0] for step in (1e-5, -1e-5))
print(f"measured: w1 {(higher - lower) / 2e-5:.4f}")

# %% [markdown]
# The same as a picture. Follow the values from left to right, then the gradients back.

# %% tags=["slide"]
boxes = ["x", "z = w₁x + b", "h = ReLU(z)", "o = w₂h", "L = (o - y)²"]
values, backwards = [2, z, h, o, loss], [None, d_z, d_h, d_o, 1]
given = {1: "w₁ = 1.5, b = -1", 3: "w₂ = 3", 4: "y = 5"}
found = {1: f"for w₁: {d_w1:g}, for b: {d_b:g}", 3: f"for w₂: {d_w2:g}"}
blue, red = {"ha": "center", "color": "#0072B2"}, {"ha": "center", "color": "#B34700"}
figure, axis = plots.canvas(width=7.5, height=2.3)
axis.set(xlim=(-0.2, 4.45), ylim=(-1.2, 1.3))
axis.axis("off")
for k, box in enumerate(boxes):
    axis.text(k, 0, box, ha="center", va="center", size=12, bbox={"fc": "#eeeeee"})
    axis.text(k, 0.4, f"{values[k]:g}", weight="bold", size=13, **blue)
    axis.text(k, 1, given.get(k, ""), size=12, **blue)
    axis.text(k, -0.7, f"{backwards[k]:g}" if k else "", weight="bold", size=13, **red)
    axis.text(k, -1.2, found.get(k, ""), size=12, **red)
plots.picture(
    figure, caption="Blue, above: values, computed from left to right. Red, below: gradients, from right to left.",
    alt=f"Five boxes in a row: {', '.join(boxes)}. Values {values}, gradients {backwards[1:]} for all but x; "
    f"{found[1]}, {found[3]}.",
)  # fmt: skip

# %% [markdown]
# > **Often said, not so:** *a node's gradient is a linear combination of later gradients and weights.* One factor is
# > missing: the local derivative of the activation function, here `(z > 0)`.
#
# *Exercise 02.2: one number changed.* In the graph above, set the bias to -4 instead of -1. What is the gradient of
# the loss for $w_1$ now? Work it out, then check it with two calls of `small_graph`, as above.

# %% tags=["exercise"]
gradient_w1 = ...
exercises.check("02.2", gradient_w1)

# %% [markdown]
# A real network is the same with matrices in the place of numbers: `parameters` alternates weights and biases, and
# the two loops below are all there is. The starting weights are drawn so that, with ReLU, sums neither
# grow nor shrink from layer to layer (**He initialisation**).


# %% tags=["nbval-check-output"]
def new_network(sizes, seed, dtype="float32"):
    rng, parameters = np.random.default_rng(seed), []
    for k in range(len(sizes) - 1):
        weights = rng.normal(size=sizes[k : k + 2]) * np.sqrt(2 / sizes[k])
        parameters += [weights.astype(dtype), np.zeros(sizes[k + 1], dtype)]
    return parameters


def forward(parameters, x, activation="ReLU"):
    values, sums = [x], []  # what goes into each layer, and its weighted sums
    for weights, bias in zip(parameters[0::2], parameters[1::2], strict=True):
        sums.append(values[-1] @ weights + bias)  # (batch, units)
        values.append(functions[activation][0](sums[-1]))
    return values[:-1], sums  # sums[-1] are the logits


def backward(parameters, values, sums, gradient, activation="ReLU"):
    gradients = []
    for layer in reversed(range(len(sums))):
        gradients = [values[layer].T @ gradient, gradient.sum(axis=0), *gradients]
        if layer > 0:  # on to the layer before: weights, then the local slope
            slope = functions[activation][1](sums[layer - 1])
            gradient = gradient @ parameters[2 * layer].T * slope
    return gradients


def mean_loss(network, x, y):
    return cross_entropy(forward(network, x)[1][-1], y)[0]


network = new_network((64, 32, 10), seed=0)
print([p.shape for p in network], sum(p.size for p in network), "parameters")

# %% [markdown]
# Indices are easy to get wrong, and a network with a wrong gradient often still trains, only worse. So measure it as
# above, for every parameter, in `float64`: a **gradient check**.


# %%
def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(6, 5)), rng.integers(0, 3, size=6)
    network = new_network((5, 4, 3), seed, "float64")
    values, sums = forward(network, x)
    gradients = backward(network, values, sums, cross_entropy(sums[-1], y)[1])
    errors = []
    for k, gradient in enumerate(gradients):

        def loss_of(p, k=k):  # the loss, with array number k replaced by p
            return cross_entropy(
                forward([*network[:k], p, *network[k + 1 :]], x)[1][-1], y
            )[0]

        measured = gradient_check.numerical_gradient(loss_of, network[k])
        errors.append(gradient_check.relative_error(gradient, measured))
    return max(errors)


claims.claim(
    "02.c1", "The gradients of five two-layer networks agree with measured slopes to a relative error of 1e-6.",
    measured=[check_gradients(current) for current in range(5)], at_most=1e-6,
)  # fmt: skip

# %% [markdown]
# Now the gradients are right. Has the network learned anything? Compare its parameters before, after the backward
# pass, and after one line of **gradient descent** with the **learning rate** 0.1.

# %% tags=["nbval-check-output"]
x, y = digits.train.x.reshape(-1, 64) / np.float32(255), digits.train.y
before, (values, sums) = [p.copy() for p in network], forward(network, x)
gradients = backward(network, values, sums, cross_entropy(sums[-1], y)[1])
moved = [p - 0.1 * g for p, g in zip(network, gradients, strict=True)]
print("parameters unchanged:", all(map(np.array_equal, network, before)))
print("step lowers the loss:", bool(mean_loss(moved, x, y) < mean_loss(network, x, y)))

# %% [markdown]
# > **Often said, not so:** *backpropagation updates the parameters.* It computes gradients. The update is the
# > optimiser's, and there are several.
#
# *Exercise 02.3: backward through tanh.* Write `tanh_backward(gradient, z)`. `gradient` is the loss's gradient for
# `tanh(z)`; return the gradient for `z`. Both are arrays of the same shape. *Example:* at `z = 0` the slope is 1, so
# a gradient of 3 stays 3.


# %% tags=["exercise"]
def tanh_backward(gradient, z):
    # your lines in the place of the dots
    ...


exercises.check("02.3", tanh_backward)

# %% [markdown] tags=["slide"]
# ## Train and validate
#
# Every project takes five steps: preprocess, design, train, validate, test. The test images stay closed until the
# last section. The rest we split ourselves: 1,000 to train on, the others the validation set. Here are the
# remaining pieces: the data and the loop.

# %% tags=["nbval-check-output"]
pool_x = np.concatenate([digits.train.x, digits.validation.x])
pool_y = np.concatenate([digits.train.y, digits.validation.y])
order = np.random.default_rng(0).permutation(len(pool_x))  # shuffled
pool_x = pool_x[order].reshape(-1, 64) / np.float32(255)  # (images, 64), from 0 to 1
x_train, x_validation = pool_x[:1000], pool_x[1000:]
y_train, y_validation = pool_y[order][:1000], pool_y[order][1000:]
print("train", len(x_train), "validate", len(x_validation), "test", len(digits.test.x))


# %% tags=["slide"]
def train(
    network, x, y, optimiser, *, epochs, seed, loss=cross_entropy, activation="ReLU"
):
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 32):
            rows = order[start : start + 32]  # one batch
            values, sums = forward(network, x[rows], activation)
            gradient = loss(sums[-1], y[rows])[1]
            gradients = backward(network, values, sums, gradient, activation)
            network = optimiser.step(network, gradients)
    return network  # fmt: skip


def accuracy(network, x, y, activation="ReLU"):
    return float((forward(network, x, activation)[1][-1].argmax(axis=1) == y).mean())


network, history = new_network((64, 32, 10), seed), {}
for epoch in range(max(2, int(20 * share))):
    network = train(
        network, x_train, y_train, optimisers.SGD(0.3), epochs=1, seed=epoch
    )
    for key, x, y in (("", x_train, y_train), ("val_", x_validation, y_validation)):
        history.setdefault(key + "loss", []).append(mean_loss(network, x, y))
        history.setdefault(key + "accuracy", []).append(accuracy(network, x, y))
plots.learning_curves(
    history, caption="Your own network learns digits. Watch the two losses part."
)

# %% [markdown] tags=["slide"]
# *What you see.* It works: a loop, two matrix products, and most of the digits that it was not trained on are right.
# The training loss goes on falling when the validation loss hardly does (lesson 05).
#
# Does the activation function earn its place? Digits are too easy to show it well (try `run`, below, with
# `sizes=(64, 10)`). Two rings of points, one inside the other, are not.
#
# *Predict first.* How often will three linear layers be right on the rings: (a) about half the time, (b) about 75 %,
# (c) nearly always?


# %% tags=["slide"]
def rings(seed, n=400):
    rng = np.random.default_rng(seed)
    y, angle = rng.integers(0, 2, n), rng.uniform(0, 2 * np.pi, n)
    radius = np.where(y == 0, 0.5, 1.2) + rng.normal(size=n) * 0.12
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y


functions["none"] = (lambda z: z, np.ones_like)
variants = {"1 linear layer": ("none", 2, 2), "3 linear layers": ("none", 2, 16, 16, 2)}
variants["1 hidden ReLU layer"] = ("ReLU", 2, 16, 2)
right = {name: [] for name in variants}
for current in seeds:
    for name, (kind, *sizes) in variants.items():
        network, adam = new_network(sizes, current), optimisers.Adam(0.01)
        network = train(
            network, *rings(current), adam, epochs=40, seed=current, activation=kind
        )
        right[name].append(accuracy(network, *rings(current + 99), kind))
claims.claim(
    "02.c2", "On two rings, one hidden ReLU layer beats three linear layers by at least 20 points.",
    measured=np.subtract(right["1 hidden ReLU layer"], right["3 linear layers"]), at_least=0.2,
)  # fmt: skip
plots.comparison(
    right,
    chance=0.5,
    label="accuracy on new points",
    caption="Only the nonlinearity helps.",
)

# %% [markdown]
# *What you see.* Three linear layers draw one straight line, and no line parts one ring from the other. They do no
# better than guessing.
#
# Now the learning rate, and the weak point of ReLU. A hidden neuron whose sum is negative for *every* image has slope
# 0 everywhere: no gradient reaches it, and in this network it never changes again. It is dead. One large step can be
# enough. As a test of that explanation, the same runs with a small slope of 0.1 on the left (*leaky* ReLU), and
# nothing else changed.


# %%
def run(optimiser, current, *, epochs=15, sizes=(64, 32, 10), **choices):
    start, epochs = new_network(sizes, current), max(1, int(epochs * share))
    return train(
        start, x_train, y_train, optimiser, epochs=epochs, seed=current, **choices
    )


def validated(networks, activation="ReLU"):
    return [
        accuracy(network, x_validation, y_validation, activation)
        for network in networks
    ]


functions["leaky"] = (lambda z: np.where(z > 0, z, z / 10),
                      lambda z: np.where(z > 0, 1, 0.1).astype(z.dtype))  # fmt: skip
for rate in (0.3, 1.5):
    reached = {}
    for name in ("ReLU", "leaky"):
        networks = [run(optimisers.SGD(rate), s, activation=name) for s in seeds]
        reached[name] = validated(networks, name)
        hidden = [forward(network, x_train)[1][0] for network in networks]  # the sums
        dead = [int((sums.max(axis=0) <= 0).sum()) for sums in hidden]
        print(
            rate,
            f"{name:5} never positive:",
            dead,
            "accuracy:",
            np.round(reached[name], 2),
        )
claims.claim(
    "02.c3", "At the learning rate 1.5, a slope of 0.1 in the place of 0 raises accuracy by at least 40 points.",
    measured=np.subtract(reached["leaky"], reached["ReLU"]), at_least=0.4,
)  # fmt: skip

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *ReLU's gradient is 0, which helps against vanishing gradients.* It is 1 for positive sums,
# > and that helps; it is 0 for negative ones, and that can leave neurons dead.
#
# One limit: a few dead neurons do no harm, as the first line shows. Training stops when nearly all have died.

# %% [markdown] tags=["slide"]
# ## Squared error or cross-entropy?
#
# Many texts give the **mean squared error** as *the* loss, next to a program that uses cross-entropy. For quantities,
# such as ages, it is the natural choice. For classes? Same network, same start, several rates.
#
# *Predict first.* Each loss at its best learning rate: does cross-entropy (a) win clearly, (b) tie, or (c) lose?


# %%
def squared_error(logits, y):
    p = softmax(logits)
    error = p - np.eye(p.shape[1], dtype=p.dtype)[y]
    gradient = 2 * error / p.size  # for the probabilities; and now through softmax
    gradient = p * (gradient - (gradient * p).sum(axis=1, keepdims=True))
    return (error**2).mean(), gradient


def over_rates(results, caption):
    figure, axis = plots.canvas(height=3.2)
    peaks, styles = [], zip("osD^", ("-", "--", "-.", ":"), strict=True)
    for (mark, style), (name, by_rate) in zip(styles, results.items(), strict=False):
        rates, values = (
            list(by_rate),
            np.array(list(by_rate.values())),
        )  # (rates, seeds)
        means = values.mean(axis=1)
        (line,) = axis.plot(rates, means, style, marker=mark, label=name)
        axis.plot(rates, values, mark, color=line.get_color(), alpha=0.4, markersize=4)
        peaks.append(f"{name} {means.max():.3f} at {rates[means.argmax()]}")
    axis.set(xscale="log", xlabel="learning rate", ylabel="validation accuracy")
    axis.set_ylim(0, 1.02)
    axis.legend(title="line: mean of the seeds", fontsize=8)
    alt = f"Accuracy by learning rate. Peaks of the means: {'; '.join(peaks)}."
    return plots.picture(figure, caption=caption, alt=alt)


# %% [markdown]
# The first function is the other loss, with its gradient; the second draws accuracy over learning rates.

# %% tags=["slide"]
by_loss = {"cross-entropy": {}, "squared error": {}}
for name, loss in zip(by_loss, (cross_entropy, squared_error), strict=True):
    for rate in (0.03, 0.1, 0.3, 1.0, 3.0):
        networks = [run(optimisers.SGD(rate), current, loss=loss) for current in seeds]
        by_loss[name][rate] = validated(networks)
over_rates(by_loss, "Two losses. Compare the peaks, then any one vertical line.")

# %% [markdown]
# *What you see.* Each at the best rate tried, the two losses tie. At a shared rate either can look hopeless: squared
# error at 0.1, cross-entropy at 3. The gradients of squared error start some fifty times smaller (first line of the
# table below), so it wants a larger rate, perhaps larger than any here. Whoever compares two methods at the rate
# tuned for one of them measures the rate.
#
# There is a real difference, though. Take ten logits, all 0 except a wrong one at $m$: a network that is wrong, and
# the surer the larger $m$ is. How long is the gradient that tells it so?

# %% tags=["nbval-check-output"]
for m in (0, 2, 5, 10):
    logits = np.array([[0.0] * 9 + [m]])  # the right class is 0, the surest is 9
    lengths = [
        np.linalg.norm(f(logits, [0])[1]) for f in (cross_entropy, squared_error)
    ]
    print(f"m = {m:2}: cross-entropy {lengths[0]:.3f}, squared error {lengths[1]:.1e}")

# %% [markdown]
# *What you see.* Sure and wrong, cross-entropy pushes hardest and squared error hardly at all: the slope of softmax,
# $p(1 - p)$, has gone to 0. To see whether that matters in training, start a network with a bias of 20 for class 0.


# %%
def sure_start(current, loss, rate):
    start = new_network((64, 32, 10), current)
    start[-1][0] = 20  # sure that everything is a nought
    epochs, sgd = max(1, int(15 * share)), optimisers.SGD(rate)
    return train(start, x_train, y_train, sgd, epochs=epochs, seed=current, loss=loss)


peaks = [
    max(np.mean(values) for values in by_rate.values()) for by_rate in by_loss.values()
]
claims.claim(
    "02.c4", "Each at its best rate, the mean accuracies with the two losses differ by at most 4 points.",
    measured=[abs(peaks[0] - peaks[1])], at_most=0.04,
)  # fmt: skip
entropy_ends = validated([sure_start(current, cross_entropy, 0.3) for current in seeds])
squared_ends = validated([sure_start(current, squared_error, 3.0) for current in seeds])
claims.claim(
    "02.c5", "From a sure and wrong start, cross-entropy ends at least 50 points above squared error.",
    measured=np.subtract(entropy_ends, squared_ends), at_least=0.5,
)  # fmt: skip

# %% [markdown]
# > **Often said, not so:** *the loss is the mean squared error.* With classes, less cross-entropy means that the labels
# > are more likely, and it gets out of confident mistakes. Squared error can tie with it, when it is tuned and starts
# > well.
#
# *Exercise 02.4: the loss that fits the labels.* Keras names cross-entropy by the form of the labels. Give each form
# the loss that takes it, one of `"categorical_crossentropy"`, `"sparse_categorical_crossentropy"`,
# `"binary_crossentropy"` and `"mean_squared_error"`. *Example of an entry:*
# `"integers such as 2": "mean_squared_error"` (which would be wrong).

# %% tags=["exercise"]
loss_for = {
    "one-hot rows such as [0, 0, 1]": ...,
    "integers such as 2": ...,
    "0 or 1, and one sigmoid output": ...,
}
exercises.check("02.4", loss_for)

# %% [markdown] tags=["slide"]
# ## Optimisers and depth
#
# An optimiser is what to do with a gradient. Plain gradient descent (on batches: **SGD**) steps against it.
# **Momentum** keeps part of the last step. **RMSprop** divides each parameter's step by the recent size of that
# parameter's gradient. **Adam** does both; its averages start from 0, which the divisions by 0.1 and 0.001 make good.
# Here is each one's first step, for a parameter with a small gradient and one with a large one.

# %% tags=["nbval-check-output"]
rate, g = 0.1, np.array([1.0, 100.0])
print("gradient descent:", -rate * g)
print("momentum:        ", 0.9 * 0 - rate * g)  # 0.9 of the last step, here 0
print("RMSprop:         ", (-rate * g / np.sqrt(0.9 * 0 + 0.1 * g**2)).round(3))
mean, square = (0.9 * 0 + 0.1 * g) / 0.1, (0.999 * 0 + 0.001 * g**2) / 0.001
print("Adam:            ", (-rate * mean / np.sqrt(square)).round(3))

# %% [markdown] tags=["slide"]
# *What you see.* The last two begin equally far in both directions, whatever the gradient. That should help in a
# ravine: a loss a hundred times steeper across than along. Each optimiser gets 50 steps and the best of 81 rates. The
# second ravine is the first one turned by 45 degrees.
#
# *Predict first.* Which optimiser will suffer from the turn: (a) none, (b) gradient descent, (c) RMSprop?


# %% tags=["nbval-check-output"]
def height(points, turn):
    u, v = (points @ turn).T
    return (u**2 + 100 * v**2) / 2  # a hundred times steeper across than along


def descend(optimiser, turn):
    path = [turn @ [-4.0, 1.0]]
    for _ in range(50):
        gradient = turn @ (np.array([1.0, 100.0]) * (path[-1] @ turn))
        path += optimiser.step([path[-1]], [gradient])
    return np.array(path)


turns = {
    "along an axis": np.eye(2),
    "turned by 45°": np.array([[1, -1], [1, 1]]) / np.sqrt(2),
}
makers = {"gradient descent": optimisers.SGD, "momentum": optimisers.Momentum,
          "RMSprop": optimisers.RMSprop, "Adam": optimisers.Adam}  # fmt: skip
best = {}
for place, turn in turns.items():
    for name, make in makers.items():
        tried = [descend(make(rate), turn) for rate in np.logspace(-3, 0.6, 81)]
        best[place, name] = min(tried, key=lambda path: height(path, turn)[-1])
        print(f"{place}, {name:16}: {height(best[place, name], turn)[-1]:.2f}")

# %% tags=["slide"]
ticks = np.linspace(-4.5, 4.5, 120)
grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)  # (120, 120, 2)
figure, axes = plots.canvas(2, 4, width=8, height=4.6, sharex=True, sharey=True)
ends = {key: height(path, turns[key[0]])[-1] for key, path in best.items()}
for axis, (key, path) in zip(axes.flat, best.items(), strict=True):
    levels = height(grid.reshape(-1, 2), turns[key[0]]).reshape(120, 120)
    axis.contour(
        ticks, ticks, levels, [0.5, 5, 50, 500], colors="#999999", linewidths=0.8
    )
    axis.plot(path[:, 0], path[:, 1], "o-", markersize=3, linewidth=1, label="steps")
    axis.plot(0, 0, "*", markersize=9, label="lowest point")
    axis.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), aspect="equal")
    axis.set_title(f"{key[1]}\nloss {ends[key]:.2f}", fontsize=9)
axes[0, 0].legend(fontsize=7)
for row, place in enumerate(turns):
    axes[row, 0].set_ylabel(place)
claims.claim(
    "02.c6", "Turning the ravine by 45 degrees raises RMSprop's tuned loss after 50 steps by at least 0.2.",
    measured=[ends["turned by 45°", "RMSprop"] - ends["along an axis", "RMSprop"]], at_least=0.2,
)  # fmt: skip
plots.picture(
    figure, caption="Fifty steps at each one's best rate. Above, the ravine lies along an axis; below, turned.",
    alt="; ".join(f"{name}, ravine {place}: loss {end:.2g}" for (place, name), end in ends.items()),
)  # fmt: skip

# %% [markdown]
# *What you see.* Gradient descent crawls, since a rate above 2 / 100 would make it bounce ever higher across the
# ravine. Momentum does not notice the turn. RMSprop does: it can scale axes, and a turned ravine lies along none.
# Adam comes through, likely by its momentum.
#
# That was a drawing. On the digits, with rates for each, does one win?

# %% tags=["slide"]
rates = {"gradient descent": (0.03, 0.1, 0.3, 1.0), "momentum": (0.01, 0.03, 0.1, 0.3),
         "RMSprop": (0.0001, 0.001, 0.003, 0.01), "Adam": (0.0001, 0.001, 0.003, 0.01)}  # fmt: skip
reached = {name: {} for name in rates}
for name, tried in rates.items():
    for rate in tried:
        networks = [run(makers[name](rate), current) for current in seeds]
        reached[name][rate] = validated(networks)
means = {(n, r): np.mean(v) for n, by_rate in reached.items() for r, v in by_rate.items()}  # fmt: skip
choice = max(means, key=means.get)  # for the test, at the end
tops = [max(means[name, rate] for rate in rates[name]) for name in rates]
claims.claim(
    "02.c7", "With tuned rates, the mean accuracies of the four optimisers lie within 4 points.",
    measured=[max(tops) - min(tops)], at_most=0.04,
)  # fmt: skip
claims.claim(
    "02.c8", "Adam with the rate 0.01 is at least 30 points better than Adam with the rate 0.0001.",
    measured=np.subtract(reached["Adam"][0.01], reached["Adam"][0.0001]), at_least=0.3,
)  # fmt: skip
over_rates(
    reached, "Four optimisers on one task. Compare the peaks, then the place of each."
)

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *Adam adjusts the learning rate by itself.* It scales the step of each parameter. The base
# > rate is still yours to choose. Here no optimiser wins, at rates up to a hundred times apart, and a badly chosen
# > rate costs more than any choice of optimiser.

# %% [markdown]
# ### Is deeper better?
#
# Backpropagation multiplies by weights and one slope a layer. Sigmoid's slope is at most 0.25. What remains of the
# gradient after eight layers?

# %% tags=["nbval-check-output"]
for activation in ("sigmoid", "ReLU"):
    for hidden in (1, 8):
        deep = new_network([64] + [32] * hidden + [10], seed=0, dtype="float64")
        values, sums = forward(deep, x_train[:256].astype("float64"), activation)
        gradient = cross_entropy(sums[-1], y_train[:256])[1]
        length = np.linalg.norm(backward(deep, values, sums, gradient, activation)[0])
        print(
            f"{activation:7}, {hidden} hidden: gradient of the first weights {length:.0e}"
        )

# %% [markdown]
# *What you see.* A **vanishing gradient**: the first layer of the deep sigmoid network is told next to nothing. ReLU
# passes it on. And what does the depth buy?

# %% tags=["slide"]
by_depth = {}
for activation in ("sigmoid", "ReLU"):
    for hidden in (1, 8):
        how = {
            "epochs": 20,
            "sizes": [64] + [32] * hidden + [10],
            "activation": activation,
        }
        networks = [run(optimisers.Momentum(0.03), current, **how) for current in seeds]
        by_depth[f"{activation}, {hidden} hidden"] = validated(networks, activation)
claims.claim(
    "02.c9", "With sigmoid, momentum 0.9 and the rate 0.03, eight hidden layers are at least 50 points worse than one.",
    measured=np.subtract(by_depth["sigmoid, 1 hidden"], by_depth["sigmoid, 8 hidden"]), at_least=0.5,
)  # fmt: skip
plots.comparison(
    by_depth, chance=0.1, label="validation accuracy", caption="Same rate, same epochs."
)

# %% [markdown] tags=["slide"]
# > **Often said, not so:** *a deeper network is more accurate.* At this one rate, depth ruins one network and costs
# > the other a few points; a rate for each might be kinder. Elsewhere depth pays: with more data, and with
# > connections that carry gradients past layers (lesson 13).

# %% [markdown] tags=["slide"]
# ## Leakage, metrics, and the test
#
# The test set says how good a model is on pictures that it has not seen. What if it has? Take 200 digits and give
# each a *random* label, so that there is nothing to learn. Make ten slightly shifted, noisy copies of each, shuffle
# all 2,000, and split.
#
# *Predict first.* How often can a model be right on the test part: (a) 10 %, (b) 20 % to 40 %, (c) more than 50 %?


# %% tags=["slide"]
def copies(images, source, rng):
    moves = rng.integers(-1, 2, size=(len(source), 2))
    pairs = zip(source, moves, strict=True)
    moved = np.stack([np.roll(images[k], move, axis=(0, 1)) for k, move in pairs])
    return (moved + rng.normal(size=moved.shape) * 0.1).clip(0, 1).reshape(-1, 64)


reported = {"split by row": [], "split by original": []}
for current in seeds:
    rng = np.random.default_rng(current)
    images, label = (
        rng.permutation(pool_x)[:200].reshape(-1, 8, 8),
        rng.integers(0, 10, size=200),
    )
    source = rng.permutation(
        np.arange(2000) % 200
    )  # which original each row comes from
    x, y = copies(images, source, rng), label[source]  # (2000, 64), (2000,)
    for name, first in zip(
        reported, (np.arange(2000) < 1600, source < 160), strict=True
    ):
        model = KNeighborsClassifier(1).fit(x[first], y[first])
        reported[name].append(model.score(x[~first], y[~first]))
claims.claim(
    "02.c10", "With random labels, a split by row reports at least 30 points more than a split by original.",
    measured=np.subtract(*reported.values()), at_least=0.3,
)  # fmt: skip
plots.comparison(
    reported, chance=0.1, label="accuracy", caption="Random labels, two ways to split."
)

# %% [markdown]
# *What you see.* **Data leakage**: almost every test row has a sibling in the training part, and the nearest
# neighbour finds it. The model knows nothing, and reports several times what guessing gives. Split *first*, by
# whatever rows have in common: the original, the photograph, the person, the day. Then copy and scale by the training
# part, and choose by the validation part.

# %% [markdown]
# *Exercise 02.5: which of these leak?* Three procedures, each ending with an accuracy on the test images. Put
# `"leaks"` or `"clean"` behind each.

# %% tags=["exercise"]
verdicts = {
    "subtract the mean of all images, then split": ...,
    "split, then turn and copy the training images": ...,
    "keep the learning rate with the best test accuracy": ...,
}
exercises.check("02.5", verdicts)

# %% [markdown]
# Even an honest accuracy can mislead. A hundred apples, five of them rotten, and two sorters:

# %% tags=["nbval-check-output"]
rotten = np.array([1] * 5 + [0] * 95)
sorters = {"never says rotten": [0] * 100, "finds four": [1] * 4 + [0] * 90 + [1] * 6}
for name, said in sorters.items():
    right = metrics.accuracy(rotten, np.array(said))
    recall = metrics.per_class_recall(rotten, np.array(said))[1]
    print(f"{name}: accuracy {right:.2f}, share of the rotten found {recall:.2f}")

# %% [markdown]
# *What you see.* The useless sorter is the more accurate one. **Recall** says what share of a class was found;
# **precision**, what share of its alarms were right (the second sorter: 4 of 10). Which one counts depends on
# what a mistake costs.
#
# Now the fifth step. The optimiser and rate with the best mean on the validation images is our choice. We train it
# from each seed and open the test set once.

# %% tags=["slide"]
x_test, y_test = digits.test.x.reshape(-1, 64) / np.float32(255), digits.test.y
finished = [run(makers[choice[0]](choice[1]), current) for current in seeds]
print(*choice, "test:", [round(accuracy(n, x_test, y_test), 3) for n in finished])
said = forward(finished[0], x_test)[1][-1].argmax(axis=1)
table = metrics.confusion_matrix(y_test, said, classes=10)
plots.confusion_matrix(table, digits.class_names, caption="The first of the networks.")

# %% [markdown]
# *What you see.* Nearly all are right. The seeds differ by about a point, so a difference of a point between two
# methods, one run each, would mean nothing. Beside the diagonal stands which digit is taken for which.

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You read images as arrays and saw a turn falsify a label. You worked through a graph by hand, wrote a network and
# its gradients, and checked them against measured slopes. You trained it through five steps. Compared fairly, two
# losses tied and so did four optimisers; a wrong rate, a sure start, dead neurons and a deep sigmoid stack did the
# harm. Random labels were "recognised" through a leak, and accuracy praised a useless sorter.

# %% [markdown]
# Three questions. The first is about who does what.

# %%
quizzes.ask("02.q1")
quizzes.answer("02.q1", ...)

# %% [markdown]
# Several answers may be right in the next one, and the last asks for a number.

# %%
quizzes.ask("02.q2")
quizzes.answer("02.q2", ...)

# %%
quizzes.ask("02.q3")
quizzes.answer("02.q3", ...)

# %% [markdown]
# What stays open: this network has one weight for each pixel of each neuron. Shift the picture, and all that it
# learned sits in the wrong place. Lesson 03, [the mathematics of convolution](03_cnn_math.ipynb), shares weights
# between places. The [original paper on Adam](https://arxiv.org/abs/1412.6980) is short and readable: its section 2
# is the rule above.

# %% tags=["nbval-check-output"]
progress.show("02")
