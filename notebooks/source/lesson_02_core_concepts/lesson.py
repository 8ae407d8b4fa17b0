# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 200
#       steps: 300
#     smoke:
#       epochs: 2
#       steps: 30
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
# # How does a network learn?
#
# Here are 120 points, in two rings. Can a network learn which ring a point belongs to, from nothing but its two
# coordinates? For us that is easy, because we see the rings. Watch where a network has trouble, and what helps it.

# %% tags=["parameters"]
epochs: int = 100  # how often Keras shows each point to a network
steps: int = 150  # how often the last network sees its photographs

# %% tags=["slide"]
import numpy as np

from course_utils import plots, startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

random = np.random.default_rng(0)
angle = random.uniform(0, 2 * np.pi, 120)
ring = np.repeat([0, 1], 60)  # 60 points of the inner ring, then 60 of the outer
radius = np.where(ring == 0, 0.5, 1.2) + random.normal(0, 0.1, 120)
x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)  # (120, 2)
y = ring.reshape(120, 1)  # one row for each point
plots.regions(x, ring, {"what belongs where?": None})

# %% [markdown] tags=["slide"]
# **After this notebook you can:** compute by hand what a small network says and how each of its weights should change,
# check such a gradient, and choose a loss, an optimiser and a learning rate with reasons.
#
# **Before you start:** [lesson 00](00_start_here.ipynb); Python lists, loops and functions; NumPy arrays, with `axis=`, `.T` and the matrix product `@`; what
# the slope of a curve and a logarithm are.
#
# **Time:** 1 minute to run, 85 minutes to study: 60 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* and
# *Further*, at the end, come on top.
#
# We try three networks. A layer of Keras called `Dense` computes **weighted sums**: it multiplies its inputs by numbers, the **weights**, and adds up
# the products. `sigmoid` then turns the sum into a probability between 0 and 1. The first network has one such layer and nothing else.

# %% tags=["slide"]
import keras
from keras import layers

keras.utils.set_random_seed(0)  # the same random weights to begin with, every time
one_layer = keras.Sequential([keras.Input((2,)), layers.Dense(1, "sigmoid")])

# %% [markdown]
# The second has three layers, so it computes sums of sums of sums.

# %%
stack = keras.Sequential([keras.Input((2,))])
stack.add(layers.Dense(8))  # eight weighted sums
stack.add(layers.Dense(8))
stack.add(layers.Dense(1, "sigmoid"))

# %% [markdown]
# The third has two layers, and between them a *bend*, called `relu`. It sets negative sums to zero. After your prediction all three are
# trained in the same way, as in lesson 00. (`binary_crossentropy` is the loss for two classes.)

# %%
bent = keras.Sequential([keras.Input((2,))])
bent.add(layers.Dense(8, "relu"))
bent.add(layers.Dense(1, "sigmoid"))

# %%
from course_utils import quizzes

quizzes.predict("02.p1", ...)

# %%
for model in (one_layer, stack, bent):
    model.compile(
        optimizer=keras.optimizers.Adam(0.05),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(x, y, epochs=epochs, verbose=0)

one_accuracy = one_layer.evaluate(x, y, verbose=0)[1]
stack_accuracy = stack.evaluate(x, y, verbose=0)[1]
bent_accuracy = bent.evaluate(x, y, verbose=0)[1]

# %% tags=["slide"]
plots.regions(
    x,
    ring,
    {
        "one layer": lambda points: one_layer.predict(points, verbose=0),
        "three layers": lambda points: stack.predict(points, verbose=0),
        "two layers and a bend": lambda points: bent.predict(points, verbose=0),
    },
    caption="Blue: the network says inner ring. Orange: it says outer ring.",
)

# %%
quizzes.verdict("02.p1")

# %% [markdown]
# *What you see.* One layer draws a straight line, and gets {{100 * one_accuracy:.0f}} % right. Three layers draw a straight line
# as well, with {{100 * stack_accuracy:.0f}} %. One bend between two layers, and the border goes round: {{100 * bent_accuracy:.0f}} %. (These are the points
# that they learned from. Here we ask what a network *can* learn. How it does on new pictures is the subject of lessons 04
# and 05.)
#
# In this notebook you build the third network yourself, without Keras: what it computes, how wrong it is, which weight
# is to blame, and how to change it. At the end your lines learn from photographs, and Keras has to get the same numbers.

# %% [markdown] tags=["slide"]
# ## A picture is a block of numbers
#
# A point of the rings comes as two numbers, and numbers are all that a network ever gets. What are the numbers of a photograph? Look into a cup of coffee.

# %% tags=["topic:02.arrays"]
from course_utils import datasets

photographs = datasets.load("photographs", quiet=True)
cup = photographs["coffee"]
print(cup.shape, "rows, columns, colours")
print("the point in row 160, column 300:", cup[160, 300])

# %% tags=["slide"]
plots.number_grids(
    {
        "red": cup[160:164, 300:304, 0],
        "green": cup[160:164, 300:304, 1],
        "blue": cup[160:164, 300:304, 2],
    },
    caption="Four rows and four columns of the coffee in the cup, each colour by itself.",
)

# %% [markdown] tags=["often-said:matrix-image", "slide"]
# *What you see.* Every point, or **pixel**, has three numbers from 0 to 255. This is a spot in the coffee: more red than
# green, and less blue still. The three colours are called **channels**, and their usual order is **RGB**, red first.
#
# > **Often said, not so:** *an image is a two-dimensional matrix.* Only a grey one can be. This one has the shape
# > {{cup.shape}}: height, width, and three channels.
#
# To begin with we take three numbers from each photograph: how red, how green and how blue it is on the whole, from 0 to 1.

# %% tags=["slide"]
names = ["coffee", "retina", "chelsea", "astronaut", "china", "rocket"]
colours = np.array([photographs[name].mean(axis=(0, 1)) / 255 for name in names])
print(colours.round(2))  # one row for each photograph: red, green, blue

# %% [markdown] tags=["topic:02.neurons-layers", "slide"]
# ## One neuron, then many
#
# What can one do with three numbers? The smallest part of a network does this. A **neuron** multiplies each input by a weight, adds up, and adds one number more, its **bias**. Take the weights 1, 0
# and -1 and the bias -0.1. The neuron is above zero if red
# exceeds blue by more than 0.1. For the cup of coffee:
#
# 1 · 0.62 + 0 · 0.34 − 1 · 0.20 − 0.1 = 0.32
#
# In NumPy, `colours @ weights` does this for every row at once.

# %%
weights = np.array([1.0, 0.0, -1.0])
bias = -0.1
neuron_sums = colours @ weights + bias  # one sum for each photograph

# %% tags=["slide"]
titles = [
    f"{name}\n{value:.2f}" for name, value in zip(names, neuron_sums, strict=True)
]
plots.image_grid(
    [photographs[name] for name in names],
    titles,
    columns=6,
    size=1.5,
    caption="Six photographs, and what the neuron says.",
)

# %% [markdown]
# *What you see.* The neuron gives {{neuron_sums[0]:.2f}} to the coffee and {{neuron_sums[1]:.2f}} to the back of an eye, and it gives
# {{neuron_sums[5]:.2f}} to the rocket. China has only a little more red than blue and stays below zero. A weighted sum can measure one property of its inputs, and the weights
# say which.
#
# **Change this.** Which weights make a neuron that is the larger the more green a photograph has beside its red and blue? Try them. (Here China, with its trees, should get the largest of the six sums. Several sums may be negative: what
# counts is their order.)
#
# Many neurons on the same inputs are a **layer**. Each has a column of weights, and a layer gives as many numbers as it
# has neurons. Here the first column is the neuron from above, and the second measures brightness.

# %%
weights = np.array([[1.0, 1.0], [0.0, 1.0], [-1.0, 1.0]])  # (3 inputs, 2 neurons)
biases = np.array([-0.1, -1.2])
layer_sums = colours @ weights + biases  # (6 photographs, 2 neurons)
print(layer_sums.round(2))

# %% [markdown] tags=["slide"]
# ### Why a bend is needed
#
# Feed the sums of one layer into another, and they are added up again. Two inputs a and b, and two layers of one neuron
# each: the first gives 2a + 3b, the second gives four times that, 8a + 12b. One neuron with the weights 8 and 12 does the same. With
# many neurons it is still so: the product of the layers' weights is one set of weights.

# %%
first = np.array([[1.0, -2.0], [3.0, 0.5]])
second = np.array([[2.0], [-1.0]])
both = first @ second  # the weights of one layer
print("two layers:", (x[:3] @ first @ second).ravel().round(3))
print("one layer: ", (x[:3] @ both).ravel().round(3))
print("with relu: ", (np.maximum(x[:3] @ first, 0) @ second).ravel().round(3))

# %% [markdown] tags=["often-said:linear-neurons", "slide"]
# > **Often said, not so:** *each neuron's output is a linear combination of the previous layer.* Then any stack of layers
# > would be one layer, as the first two lines show, and as the straight line of the three layers showed at the beginning. Between
# > the sums there has to be something that is not a straight line: the **activation function**.
#
# Three well-known ones follow. **ReLU** keeps positive sums and sets negative ones to zero. **Sigmoid** goes
# from 0 to 1, and **tanh** from -1 to 1. Newer networks often take smooth relatives of ReLU.

# %% tags=["topic:02.activations"]
z = np.linspace(-4, 4, 41)
activations = {
    "ReLU": np.maximum(z, 0),
    "sigmoid": 1 / (1 + np.exp(-z)),
    "tanh": np.tanh(z),
}

# %% tags=["slide"]
plots.lines(
    activations,
    x=z,
    x_label="the sum z",
    y_label="what comes out",
    caption="Three activation functions.",
)

# %% [markdown]
# A fourth, **softmax**, takes several sums at once, one for each class, and turns them into probabilities that add up to 1 (but for rounding).
# The networks of lesson 00 end with it. Sums of 2, 1 and -1 become $e^2 = 7.39$, $e^1 = 2.72$ and $e^{-1} = 0.37$. Divided by their total, 10.48, they are 0.71,
# 0.26 and 0.04. With two classes one sigmoid is enough: it gives the probability of the second class, and the first
# gets the rest.
#
# *Exercise 02.1: forward by hand.* Computing from the inputs to the output is called **forward propagation**. A network has two
# inputs, two hidden neurons with ReLU (*hidden*, since they are neither input nor output), and one output without an activation
# function. Each column of `first_weights` belongs to one hidden neuron. Compute the output for `inputs`, on paper first.

# %%
from course_utils import exercises

# %% tags=["exercise"]
inputs = np.array([1.0, 2.0])
first_weights = np.array([[1.0, -1.0], [1.0, -2.0]])
first_biases = np.array([-1.0, 1.0])
output_weights, output_bias = np.array([3.0, 5.0]), 0.5
output = ...
exercises.check("02.1", output)

# %% [markdown] tags=["topic:02.losses", "slide"]
# ## How wrong is it?
#
# So a network computes something, and with random weights it computes nonsense. To learn, it needs one number that says how wrong it is, the **loss**. If the wanted answer is a quantity, such as an
# age, take the difference and square it: 30 said and 33 wanted give 9. The mean over all examples is the **mean
# squared error**.
#
# If the answer is a probability, take **cross-entropy**: minus the logarithm of the probability that the *true* class
# got. (Logarithms here are natural ones.)

# %%
probability_of_the_truth = np.array([0.99, 0.8, 0.5, 0.1, 0.01, 0.0001])
print("squared error:", ((1 - probability_of_the_truth) ** 2).round(2))
print("cross-entropy:", (-np.log(probability_of_the_truth)).round(2))

# %% [markdown]
# *What you see.* If the truth gets `0.99`, both are near zero. If it gets `0.0001`, the squared error is close to 1, the most it can be, and cross-entropy
# has risen above 9. It punishes a network that is sure and wrong.

# %% [markdown] tags=["slide"]
# ## Downhill
#
# A network learns when its loss goes down. How does one find the way down? Take the smallest network there is: one weight, one input 2, no bias. It says 2w, and it should say 3. Its loss is $(2w - 3)^2$.
# At w = 0 that is 9. Is it better to make w larger or smaller? Try both.


# %%
def loss_of(w):
    return (2 * w - 3) ** 2


print(
    f"at -0.1: {loss_of(-0.1):.2f}, at 0: {loss_of(0):.2f}, at 0.1: {loss_of(0.1):.2f}"
)
print(f"slope, measured: {(loss_of(0.001) - loss_of(-0.001)) / 0.002:.3f}")


# %% [markdown] tags=["topic:02.learning-rate", "slide"]
# *What you see.* Larger is better. The **slope** says how fast: for a tiny step, the loss changes by twelve times the step, downwards. There is a rule for it
# as well, $4\,(2w - 3)$, and at w = 0 it gives the same -12.
#
# **Gradient descent** goes against the slope, again and again:
#
# new weight = old weight − **learning rate** · slope
#
# With a learning rate of 0.1 the first step leads from 0 to 0 − 0.1 · (−12) = 1.2.


# %%
def descend(learning_rate):
    w = 0.0
    visited = [w]
    for _ in range(10):
        w = w - learning_rate * 4 * (2 * w - 3)
        visited.append(w)
    return visited


print(np.round(descend(0.1), 3))

# %% [markdown]
# With 0.1 it is close to the best weight, 1.5, after a few steps. Would larger steps be faster?

# %%
quizzes.predict("02.p2", ...)

# %%
rates = [0.01, 0.1, 0.25, 0.26]
paths = {f"rate {rate}": descend(rate) for rate in rates}

# %% tags=["slide"]
plots.descent(
    loss_of,
    paths,
    caption="Ten steps each, from the blue square, on the same curve. Only the rate differs.",
)

# %%
quizzes.verdict("02.p2")

# %% [markdown]
# *What you see.* With the rate `0.01` it creeps: after ten steps the weight is {{paths["rate 0.01"][-1]:.2f}}. With `0.1` it
# arrives. With `0.25` every step jumps to the other side, to exactly the same height, and with `0.26` it climbs: after ten steps the weight is
# {{paths["rate 0.26"][-1]:.2f}}, further from `1.5` than at the beginning. The learning rate is the first number to try when something does not
# learn.
#
# Move the slider, if you read this in JupyterLab. Where is the fastest rate? There is one that needs a single step: then w is 1.5 after it, and stays there.


# %%
from course_utils import widgets


def draw(learning_rate):
    return plots.descent(loss_of, {f"rate {learning_rate}": descend(learning_rate)})


choices = [0.01, 0.03, 0.06, 0.1, 0.125, 0.15, 0.2, 0.24, 0.25, 0.255, 0.26]
widgets.slider(draw, still={"learning_rate": 0.2}, learning_rate=choices)

# %% [markdown]
# *Exercise 02.2: too fast.* Another loss is $3w^2$, and its slope is $6w$. At which learning rate does gradient descent jump
# to and fro between 1 and -1 for ever?

# %% tags=["exercise"]
learning_rate = ...
exercises.check("02.2", learning_rate)

# %% [markdown] tags=["topic:02.forward", "slide"]
# ## Which weight is to blame?
#
# A real network has many weights, and each has a slope of its own: how does the loss change if this one weight does? All
# slopes together are called the **gradient**. Here is a network that is small enough for a pencil. It sees one point, (1, 2), and the
# truth is 1.

# %%
point = np.array([1.0, 2.0])
w1 = np.array([[1.0, -1.0, 0.5], [0.5, 1.0, -1.0]])  # (2 inputs, 3 hidden)
b1 = np.array([0.0, 0.0, 0.0])
w2 = np.array([[1.0], [-2.0], [1.0]])  # (3 hidden, 1 output)
b2 = np.array([0.0])

hidden_sums = point @ w1 + b1
hidden = np.maximum(hidden_sums, 0)  # ReLU
probability = 1 / (1 + np.exp(-(hidden @ w2 + b2)))  # sigmoid
print("sums", hidden_sums, "after ReLU", hidden, "probability", probability)

# %% tags=["slide"]
plots.network(
    [point, hidden, probability],
    [w1, w2],
    [b1, b2],
    names=("input", "hidden, with ReLU", "output, with sigmoid"),
    caption="From left to right. Numbers on arrows are weights; b is a bias.",
)

# %% [markdown] tags=["slide"]
# Check one: the first hidden neuron gets 1 · 1 + 2 · 0.5 = 2. The third gets 1 · 0.5 + 2 · (−1) = −1.5, and ReLU makes it 0. The output's sum is
# 2 · 1 + 1 · (−2) + 0 · 1 = 0, and sigmoid of 0 is 0.5. The network cannot decide, and its loss is $-\log 0.5 = 0.69$.
#
# Now we go back, from right to left. That is **backpropagation**. It begins with a difference; after
# that, slopes are multiplied, copied or set to 0. (Where a neuron feeds several others, what comes back from each is added. Ours feeds one.)
#
# 1. For the output's sum the slope is *probability minus truth*: 0.5 − 1 = −0.5. (For the truth 1, cross-entropy
#    has the slope −1/p and sigmoid p (1 − p); their product is p − 1. For the truth 0 it is p in the same way.) It says: a larger sum would lower the loss.
# 2. For a weight, multiply *what came in through its arrow* by the slope at its end. The first hidden value is 2, so the weight behind it
#    gets 2 · (−0.5) = −1. A bias gets the slope itself.
# 3. For a hidden value, multiply *the weight* by the slope at its end: 1 · (−0.5), −2 · (−0.5) and 1 · (−0.5).
# 4. Through ReLU: where the sum was positive, the slope passes. Where it was negative, it is set to 0.
# 5. For the first weights, as in 2.
#
# The slope of a function of a function is the product of their slopes: the **chain rule**. If moving A by 1 moves B by 2, and moving B by
# 1 moves C by 3, then moving A by 1 moves C by 6.

# %% tags=["topic:02.backpropagation", "slide"]
truth = 1
for_output_sum = probability - truth  # 1
for_w2 = np.outer(hidden, for_output_sum)  # 2: each hidden value times the slope
for_b2 = for_output_sum
for_hidden = w2 @ for_output_sum  # 3: each weight times the slope
for_hidden_sums = for_hidden * (hidden_sums > 0)  # 4: True counts 1, False counts 0
for_w1 = np.outer(point, for_hidden_sums)  # 5
for_b1 = for_hidden_sums

# %% tags=["slide"]
plots.network(
    [point, hidden, probability],
    [w1, w2],
    [b1, b2],
    gradients=(
        [None, for_hidden, None],
        [for_w1, for_w2],
        [for_b1, for_b2],
    ),
    names=("input", "hidden, with ReLU", "output, with sigmoid"),
    caption="Blue: values and weights, forwards. Red, in brackets: how the loss changes with each, backwards.",
)

# %% [markdown] tags=["often-said:gradient-linear", "slide"]
# *What you see.* Follow one path. The output's bias shows the slope for the output's sum, `[-0.5]`. Through the weight −2 it comes to the
# second hidden neuron, which gets `[1]`; its sum was positive, so `[1]` goes on; the input 2 makes `[2]` of it. If that weight grows, the loss grows
# twice as fast, so we should make it smaller. Behind its ReLU the third hidden neuron has `[-0.5]`, but its bias and its weights get `[0]`: ReLU was closed.
#
# > **Often said, not so:** *each node's gradient is a linear combination of later gradients and weights.* That holds behind the ReLU of the third neuron: 1 · (−0.5) = −0.5.
# > For its *sum*, before ReLU, the slope of the activation function is a factor as well. It is 0, so the bias and both weights get {{for_b1[2] + 0.0:.0f}}.
#
# *Exercise 02.3: the other truth.* Suppose that the truth for this point were 0. What would the gradient be for the weight
# from the second input to the second hidden neuron, which is 2 in the figure?

# %% tags=["exercise"]
gradient_if_zero = ...
exercises.check("02.3", gradient_if_zero)

# %% [markdown]
# So which numbers has backpropagation changed? None. It has made a list of slopes. Now one step downhill.


# %%
def small_network_loss(parameters):
    w1, b1, w2, b2 = parameters
    hidden = np.maximum(point @ w1 + b1, 0)
    probability = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    return float(-np.log(probability[0] if truth == 1 else 1 - probability[0]))


parameters = [w1, b1, w2, b2]
gradients = [for_w1, for_b1, for_w2, for_b2]
moved = [p - 0.1 * g for p, g in zip(parameters, gradients, strict=True)]
loss_before, loss_after = small_network_loss(parameters), small_network_loss(moved)
print(f"loss before the step {loss_before:.3f}, after it {loss_after:.3f}")

# %% [markdown] tags=["often-said:backpropagation-updates", "slide"]
# *What you see.* One step with the rate `0.1` brings the loss from {{loss_before:.2f}} to {{loss_after:.2f}}.
#
# > **Often said, not so:** *backpropagation updates the parameters.* After it, `w1` was what it was before, and the loss was still {{loss_before:.2f}}. The
# > line with `0.1` makes the step, and what makes steps is called an **optimiser**.

# %% [markdown] tags=["slide"]
# ### Is the gradient right?
#
# A wrong gradient raises no error; the network only learns badly. So measure it: move one number a tiny bit up and a
# tiny bit down, and see what the loss does. Do it for all thirteen weights and biases. That is a **gradient check**.

# %%
measured = []
for k in range(4):  # w1, b1, w2, b2
    for spot in np.ndindex(parameters[k].shape):
        up = [p.copy() for p in parameters]
        down = [p.copy() for p in parameters]
        up[k][spot] += 0.0001
        down[k][spot] -= 0.0001
        slope = (small_network_loss(up) - small_network_loss(down)) / 0.0002
        measured.append(slope)

backwards = np.concatenate([g.ravel() for g in gradients])
print("backwards:", (backwards + 0.0).round(3))
print("measured: ", (np.array(measured) + 0.0).round(3))

# %% [markdown]
# *What you see.* The same thirteen numbers. Measuring cost 26 runs of the network, two for each weight; going backwards, one walk through
# its layers. With a million weights, measuring would take two million runs.
#
# *Exercise 02.4: another bend.* Write `tanh_backward(gradient, z)`, step 4 for tanh instead of ReLU. `gradient` is the loss's gradient
# for `tanh(z)`; return that for `z`. Both are arrays of the same shape. The slope of tanh at z is $1 - \tanh^2 z$.


# %% tags=["exercise"]
def tanh_backward(gradient, z):
    # replace the dots
    ...


exercises.check("02.4", tanh_backward)

# %% [markdown] tags=["slide"]
# ## It learns
#
# The same for many points at once: each point is a row, and the loss is the mean over all of them. So step 1 is
# divided by the number of points, and `x.T @ ...` adds up the products of step 5 over all rows: with 120 points `x.T` has the
# shape (2, 120), the slopes for the hidden sums have (120, 8), and their product has (2, 8), as `w1`. `backward` begins after step 1.


# %% tags=["slide"]
def forward(x, parameters):
    w1, b1, w2, b2 = parameters
    hidden = np.maximum(x @ w1 + b1, 0)  # (points, hidden)
    probability = 1 / (1 + np.exp(-(hidden @ w2 + b2)))  # (points, 1)
    return hidden, probability


# %% tags=["slide"]
def backward(x, for_output_sums, hidden, parameters):
    w2 = parameters[2]
    for_w2 = hidden.T @ for_output_sums  # step 2
    for_hidden = for_output_sums @ w2.T  # step 3: (points, hidden)
    for_hidden_sums = for_hidden * (hidden > 0)  # step 4: positive before ReLU as well
    for_w1 = x.T @ for_hidden_sums  # step 5
    return [for_w1, for_hidden_sums.sum(axis=0), for_w2, for_output_sums.sum(axis=0)]


# %% [markdown]
# Does it give for one point what we had? And then: random weights to begin with, a few hundred steps, and a look now and then.
# (The random weights are drawn smaller where a neuron has more inputs, so that its sums are neither tiny nor huge. That is **He
# initialisation**; its factor 2 makes up for ReLU, which sets about half of the sums to zero.)

# %%
one_point = point.reshape(1, 2)  # one row: one point
one_hidden, one_slope = hidden.reshape(1, 3), for_output_sum.reshape(1, 1)
again = backward(one_point, one_slope, one_hidden, parameters)
agree = all(np.allclose(a, g) for a, g in zip(again, gradients, strict=True))
print("the same as before:", agree)


# %%
def new_network(inputs, hidden, seed):
    random = np.random.default_rng(seed)
    w1 = random.normal(size=(inputs, hidden)) * np.sqrt(2 / inputs)
    w2 = random.normal(size=(hidden, 1)) * np.sqrt(2 / hidden)
    return [w1, np.zeros(hidden), w2, np.zeros(1)]


network = new_network(2, 8, seed=7)
snapshots = {}
for step in range(301):
    if step in (0, 20, 60, 300):
        snapshots[f"after {step} steps"] = network
    hidden, probability = forward(x, network)
    for_output_sums = (probability - y) / len(y)  # step 1: (points, 1)
    gradients = backward(x, for_output_sums, hidden, network)
    network = [p - 0.5 * g for p, g in zip(network, gradients, strict=True)]


# %%
def accuracy(x, y, network):
    probability = forward(x, network)[1]
    return float(np.mean((probability > 0.5) == y))


ours = {title: accuracy(x, y, found) for title, found in snapshots.items()}


# %% tags=["slide"]
def says(network):
    return lambda points: forward(points, network)[1]


plots.regions(
    x,
    ring,
    {title: says(found) for title, found in snapshots.items()},
    caption="Your own network while it learns, at a learning rate of 0.5.",
)

# %% [markdown]
# *What you see.* From {{100 * ours["after 0 steps"]:.0f}} % with random weights to {{100 * ours["after 300 steps"]:.0f}} % after three hundred steps. Each of the eight hidden neurons has one
# straight line where its ReLU opens (these lines are not drawn). The output puts the pieces together, and the border goes round: it has a corner where it crosses such a line.
#
# **Change this.** Give the network 3 hidden neurons instead of 8, and then 2. From how many on can it close the ring? It is a matter of luck, too, so try several
# seeds. (We tried the seeds 0 to 9: with 2 neurons none came to 99 %, with 3 five did, with 4 nine, with 5 all.)
#
# *Exercise 02.5: mend the way back.* Somebody wrote the way back with step 1 inside. It raises no error, and two of its lines are wrong. Mend
# them in the cell below. (A gradient check would tell you which of the four arrays to look at.)
#
# ```python
# def mended_backward(x, y, hidden, probability, parameters):
#     w2 = parameters[2]
#     for_output_sums = (probability - y) / len(y)
#     for_hidden = for_output_sums @ w2.T
#     for_hidden_sums = for_hidden * hidden
#     return [
#         x.T @ for_hidden_sums,
#         for_hidden_sums.sum(axis=0),
#         hidden.T @ for_output_sums,
#         for_output_sums.mean(axis=0),
#     ]
# ```


# %% tags=["exercise"]
def mended_backward(x, y, hidden, probability, parameters):
    # the mended lines, in the place of the dots
    ...


exercises.check("02.5", mended_backward)

# %% [markdown] tags=["topic:02.descent", "slide"]
# ## Better steps
#
# Your network has learned the rings. It took three hundred steps, each straight against the gradient. Can one do better? Three other rules are in wide use:
#
# - **Momentum** keeps 0.9 of its last step, like a ball that rolls.
# - **RMSprop** looks how large each weight's slope was of late, and divides by that: a steep direction takes no larger steps than a flat one.
# - **Adam** does both: it follows a running mean of the slope, and divides by the recent size.
#
# Each is a few lines of NumPy. *Further* writes them out and draws their paths; here we take them from this course's package. The loop that trained your network
# becomes a function, with the optimiser as one of its arguments: `optimiser.step` does what our line with `0.5` did.


# %%
def train(x, y, network, optimiser, steps):
    for _ in range(steps):
        hidden, probability = forward(x, network)
        for_output_sums = (probability - y) / len(y)
        gradients = backward(x, for_output_sums, hidden, network)
        network = optimiser.step(network, gradients)
    return network


def mean_loss(x, y, network):
    probability = forward(x, network)[1]
    of_the_truth = np.where(y == 1, probability, 1 - probability)
    return float(-np.log(np.maximum(of_the_truth, 1e-7)).mean())  # no logarithm of 0


# %% [markdown]
# A comparison at one rate would favour the rule that happens to like that rate. So each rule tries eight rates, 200 steps each, from three *starts*, that is, with three sets of random weights to begin with.

# %%
from course_utils.scratch import optimisers

makers = {
    "gradient descent": optimisers.SGD,
    "momentum": optimisers.Momentum,
    "RMSprop": optimisers.RMSprop,
    "Adam": optimisers.Adam,
}
ring_rates = [0.0001, 0.001, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0]
end_losses = {name: np.zeros((3, len(ring_rates))) for name in makers}
for name, maker in makers.items():
    for seed in range(3):
        for k, rate in enumerate(ring_rates):
            trained = train(x, y, new_network(2, 8, seed), maker(rate), 200)
            end_losses[name][seed, k] = mean_loss(x, y, trained)

# %% tags=["slide"]
plots.lines(
    end_losses,
    x=ring_rates,
    x_label="learning rate",
    y_label="loss after 200 steps",
    logarithmic="xy",
    caption="Lower is better. On both axes equal steps are equal factors; a band shows three starts.",
)

# %%
lowest = {}
for name, losses in end_losses.items():
    means = losses.mean(axis=0)  # over the three starts
    lowest[name] = means.min()
    good = [rate for rate, loss in zip(ring_rates, means, strict=True) if loss < 0.01]
    best_rate = ring_rates[int(means.argmin())]
    print(f"{name}: {lowest[name]:.5f} at {best_rate}; below 0.01 at {good}")

# %% [markdown] tags=["often-said:adam-rate", "slide"]
# *What you see.* Each line, the mean of three starts, falls, has its lowest point and climbs steeply: every rule has rates that are too small and rates that are too large. Each at its own best rate, all four get
# below a hundredth: gradient descent {{lowest["gradient descent"]:.4f}}, momentum {{lowest["momentum"]:.5f}}, RMSprop {{lowest["RMSprop"]:.5f}} and Adam
# {{lowest["Adam"]:.5f}}. The best rates are not the same. A rate that is right for one rule can be wrong for another.
# (Where a band is wide, as RMSprop's at the right, one start happened to go well and another badly.)
#
# > **Often said, not so:** *Adam adjusts the learning rate by itself.* It scales the step of each weight. The rate in front is
# > still yours: with 0.0001 Adam's loss is {{end_losses["Adam"][:, 0].mean():.2f}} after 200 steps, with 0.1 it is {{end_losses["Adam"][:, 3].mean():.4f}}.

# %% [markdown] tags=["slide"]
# ## The same network on photographs
#
# Back to photographs: the rings were two numbers a point, and nothing in your lines says that it must be two. Fruit or sea animal? Three hundred photographs, cut out and placed over others, to learn from. A picture of 32 x 32 pixels and three colours is a row of 3,072 numbers, so the
# network has 3,072 inputs instead of two. We also give it 16 hidden neurons. Everything else is the code from above.

# %%
data = datasets.load("cutouts", train=900, validation=900, test=60, size=32)
fruit = data.class_names.index("fruit")
sea_animal = data.class_names.index("sea_animal")


def two_classes(split):
    chosen = np.isin(split.y, [fruit, sea_animal])
    pictures = split.x[chosen]
    rows = pictures.reshape(len(pictures), 3072) / 255 - 0.5  # from -0.5 to 0.5
    return pictures, rows, (split.y[chosen] == fruit).reshape(-1, 1).astype(float)


pictures, x_photos, y_photos = two_classes(data.train)
new_pictures, x_new, y_new = two_classes(data.validation)

# %% tags=["slide"]
plots.image_grid(
    np.concatenate(
        [pictures[y_photos[:, 0] == 1][:6], pictures[y_photos[:, 0] == 0][:6]]
    ),
    columns=6,
    size=1.2,
    caption="Above: fruit. Below: sea animals.",
)

# %%
quizzes.predict("02.p4", ...)

# %% tags=["slide"]
start = new_network(3072, 16, seed=0)
plain = optimisers.SGD(0.03)  # gradient descent with the rate 0.03, as in our lines
network = train(x_photos, y_photos, start, plain, steps)
seen_accuracy = accuracy(x_photos, y_photos, network)
new_accuracy = accuracy(x_new, y_new, network)
print(f"photographs that it learned from: {100 * seen_accuracy:.0f} % right")
print(f"new photographs of other objects: {100 * new_accuracy:.0f} % right")

# %%
quizzes.verdict("02.p4")

# %% [markdown]
# *What you see.* {{100 * seen_accuracy:.0f}} % and {{100 * new_accuracy:.0f}} %, where guessing would get one in two. Your lines, written for two rings, tell fruit from sea
# animals. The fruits of the {{len(x_new)}} new photographs are other fruits than those it learned from, and it pays for that; lesson 05 is about this gap.
#
# And Keras? Build the same network, give it the same weights to begin with, let it take twenty steps with the same rate, and compare
# the losses. (`batch_size` is the number of photographs for one step. Here it is all of them. With fewer at a time, a **batch**, the steps
# are rougher and come more often; that is called **SGD**, and an **epoch** is over when every photograph has had its turn.)

# %% tags=["slide"]
keras_model = keras.Sequential(
    [keras.Input((3072,)), layers.Dense(16, "relu"), layers.Dense(1, "sigmoid")]
)
keras_model.set_weights(start)
keras_model.compile(keras.optimizers.SGD(0.03), "binary_crossentropy")
history = keras_model.fit(
    x_photos, y_photos, batch_size=len(x_photos), epochs=20, verbose=0
)
keras_losses = history.history["loss"]

# %%
network = start
our_losses = []
for _ in range(20):
    our_losses.append(mean_loss(x_photos, y_photos, network))
    network = train(x_photos, y_photos, network, optimisers.SGD(0.03), 1)

for step in (0, 1, 5, 19):
    print(f"step {step}: ours {our_losses[step]:.5f}, Keras {keras_losses[step]:.5f}")

# %% [markdown]
# *What you see.* The same losses, digit for digit but for rounding. On this network `fit` does what your lines do.
#
# **Change this.** Let the network see the photographs 600 times instead of {{steps}}. What happens to the two accuracies?

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Put an activation function between layers. Without one, more layers are one layer. ReLU is a good first choice.
# - Take cross-entropy for classes, squared error for quantities. (*Further* compares the two on the rings.)
# - When something does not learn, try the learning rate first: three times as large, three times as small, and look at the loss.
# - On the rings each of the four optimisers got there at a rate that suits it. Take one of them, such as Adam, and search for its rate: a few values, each ten times the last.
#   To compare two optimisers, give each its own best rate.
# - If you write a gradient yourself, compare it with measured slopes, as in *Is the gradient right?*

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("02.q1")
quizzes.answer("02.q1", ...)

# %%
quizzes.ask("02.q2")
quizzes.answer("02.q2", ...)

# %%
quizzes.ask("02.q3")
quizzes.answer("02.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what your own run has measured.

# %%
from course_utils import claims

claims.review("02")

# %% [markdown]
# ## To take home
#
# The whole network in NumPy, for two classes of your own. The next cell makes the folders that it reads, with the fruits and
# sea animals from above: `train` and `new`, and in each a folder for each class. For yours, make the same folders under another
# name, for exactly two classes. Files whose names begin with a dot are left out; convert photographs from a telephone to JPEG or PNG first. All photographs of one thing belong in the same part. If one cup is in both, the result looks better than it is;
# [lesson 04](04_keras_code.ipynb) shows how such leaks come about.

# %%
from pathlib import Path

from PIL import Image

for part, part_pictures, part_y in (
    ("train", pictures, y_photos),
    ("new", new_pictures, y_new),
):
    for number, picture in enumerate(part_pictures):
        name = "fruit" if part_y[number, 0] else "sea_animal"
        class_folder = Path("example_two_classes") / part / name
        class_folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(class_folder / f"{number}.png")

# %% tags=["take-home"]
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path("example_two_classes")  # the name of yours
class_0, class_1 = sorted(p.name for p in (folder / "train").iterdir() if p.is_dir())
parts = {}
for part in ("train", "new"):
    rows, classes = [], []
    for label, name in enumerate((class_0, class_1)):
        for file in (folder / part / name).glob("[!.]*"):
            small = Image.open(file).convert("RGB").resize((32, 32))
            rows.append(np.ravel(small) / 255 - 0.5)
            classes.append([label])
    parts[part] = np.array(rows), np.array(classes)
(x_own, y_own), (x_held_out, y_held_out) = parts["train"], parts["new"]
random = np.random.default_rng(0)
w1, b1 = random.normal(size=(3072, 16)) * np.sqrt(2 / 3072), np.zeros(16)
w2, b2 = random.normal(size=(16, 1)) * np.sqrt(2 / 16), np.zeros(1)
for _ in range(150):
    hidden = np.maximum(x_own @ w1 + b1, 0)
    for_output = (1 / (1 + np.exp(-(hidden @ w2 + b2))) - y_own) / len(x_own)
    for_hidden = for_output @ w2.T * (hidden > 0)
    w2, b2 = w2 - 0.03 * hidden.T @ for_output, b2 - 0.03 * for_output.sum(axis=0)
    w1, b1 = w1 - 0.03 * x_own.T @ for_hidden, b1 - 0.03 * for_hidden.sum(axis=0)
sums = np.maximum(x_held_out @ w1 + b1, 0) @ w2 + b2
held_out_accuracy = np.mean((sums > 0) == y_held_out)
guess = 100 * max(np.mean(y_held_out), np.mean(1 - y_held_out))  # the commoner class
print(f"{100 * held_out_accuracy:.0f} % of {len(sums)} right, guessing {guess:.0f} %")

# %% [markdown]
# *What you see.* {{100 * held_out_accuracy:.0f}} % are right, against {{100 * new_accuracy:.0f}} % above: the same photographs, with the numbers of the two classes swapped.

# %% [markdown]
# ## What stays open
#
# This network has a weight of its own for each pixel, colour and neuron, 49,152 of them in its first layer. [Lesson 03](03_cnn_math.ipynb) shares weights between places. The
# [paper on Adam](https://arxiv.org/abs/1412.6980) is short and readable; its algorithm 1 is the function `adam` in the next section.

# %% [markdown] tags=["slide"]
# ## Further: four ways down a valley
#
# How do the four rules move? Losses of networks can have long valleys: steep across, flat along. The next figure shows one from above. At equal distances from the lowest point it is 25 times as steep across as along.
# Plain gradient descent has one rate for both, and a rate that is fast enough along the valley is too fast across.


# %%
steepness = np.array([[1.0, 0.0], [0.0, 25.0]])  # 1 along, 25 across


def height(places):  # half of 1 * along² + 25 * across²
    return (places @ steepness * places).sum(axis=-1) / 2


def slope_at(place):
    return steepness @ place


def gradient_descent(place, steps, rate):
    path = [place]
    for _ in range(steps):
        place = place - rate * slope_at(place)
        path.append(place)
    return np.array(path)


# %% [markdown]
# Momentum adds nine tenths of the last step. RMSprop keeps a running mean of the squared slope, and divides by its root.


# %%
def momentum(place, steps, rate):
    path = [place]
    velocity = np.zeros(2)
    for _ in range(steps):
        velocity = 0.9 * velocity - rate * slope_at(place)
        place = place + velocity
        path.append(place)
    return np.array(path)


# %%
def rmsprop(place, steps, rate):
    path = [place]
    square = np.zeros(2)  # a running mean of the squared slope
    for _ in range(steps):
        square = 0.9 * square + 0.1 * slope_at(place) ** 2
        place = place - rate * slope_at(place) / np.sqrt(square + 1e-7)
        path.append(place)
    return np.array(path)


# %% [markdown]
# Adam keeps two running means, and both begin at 0 and are too small at first. After
# one step the mean is a tenth of the slope, so it is divided by 1 − 0.9 = 0.1; after two steps by 1 − 0.9² = 0.19, and so on. The mean of the squares changes more slowly, by a thousandth in each step, and the tiny
# 1e-7, which is 0.0000001, only prevents a division by 0.


# %%
def adam(place, steps, rate):
    path = [place]
    mean, square = np.zeros(2), np.zeros(2)
    for step in range(1, steps + 1):
        mean = 0.9 * mean + 0.1 * slope_at(place)
        square = 0.999 * square + 0.001 * slope_at(place) ** 2
        full_mean = mean / (1 - 0.9**step)
        full_square = square / (1 - 0.999**step)
        place = place - rate * full_mean / (np.sqrt(full_square) + 1e-7)
        path.append(place)
    return np.array(path)


# %% [markdown]
# Thirty steps for each, from the same place. Each gets the best of seven rates.

# %%
rules = {
    "gradient descent": gradient_descent,
    "momentum": momentum,
    "RMSprop": rmsprop,
    "Adam": adam,
}
tried_rates = [0.01, 0.03, 0.07, 0.1, 0.3, 0.5, 1.0]
best_paths = {}
for name, rule in rules.items():
    tried = [rule(np.array([-4.0, 1.0]), 30, rate) for rate in tried_rates]
    ends = [height(path[-1]) for path in tried]
    best = int(np.argmin(ends))
    best_paths[f"{name}, {tried_rates[best]}"] = tried[best]
ends = [height(path[-1]) for path in best_paths.values()]

# %% tags=["slide"]
plots.valley(
    height,
    best_paths,
    caption="From the blue square to the green star. The number after each name is its best rate.",
)

# %% [markdown]
# *What you see.* Gradient descent zigzags across the valley and creeps along it. Momentum rolls past and comes back. RMSprop turns straight into the
# valley, and Adam shoots past the lowest point and returns. (RMSprop is lucky with this valley, which lies along one of its two weights; the next section turns it.) Which is
# lowest in the end? Let them go on for longer, each again with the best of the seven rates.

# %%
first_after = {}
for stop in (25, 30, 40, 100):
    end_heights = {}
    for name, rule in rules.items():
        tried = [rule(np.array([-4.0, 1.0]), stop, rate) for rate in tried_rates]
        end_heights[name] = min(height(path[-1]) for path in tried)
    first_after[stop] = min(end_heights, key=end_heights.get)
    told = [f"{name} {value:.2g}" for name, value in end_heights.items()]
    print(f"after {stop} steps:", ", ".join(told))

# %% [markdown]
# *What you see.* After 25 steps {{first_after[25]}} is lowest, after 40 {{first_after[40]}}, and after 100 {{first_after[100]}}. So the figure shows how the four move. It does
# not say which is best: with another number of steps the order is another.

# %% [markdown] tags=["slide"]
# ## Further: a valley that is turned
#
# The same valley, turned by 45 degrees: its steep direction now lies between the two weights. `height` and `slope_at` use the
# numbers of `steepness`, so it is enough to change those. (To go back, run the cell that sets them at first.)

# %%
steepness = np.array([[13.0, 12.0], [12.0, 13.0]])
turned_start = np.array([-4.0 + 1.0, 4.0 + 1.0]) / np.sqrt(2)  # the old start, turned
turned_ends = {}
for name, rule in rules.items():
    tried = [rule(turned_start, 30, rate) for rate in tried_rates]
    turned_ends[name] = min(height(path[-1]) for path in tried)
    print(f"{name}: loss {turned_ends[name]:.3f}")

# %% [markdown]
# *What you see.* Gradient descent and momentum end where they did before. RMSprop, which had come down to less than a millionth in thirty steps, now ends at {{turned_ends["RMSprop"]:.2f}}: it can stretch
# and shrink the two weights, but not a direction between them.

# %% [markdown] tags=["slide"]
# ## Further: does the loss matter?
#
# For squared error the slope for the output's sum is another one: $2\,(p - y)\,p\,(1 - p)$, where $p$ is the probability and $y$ the truth, 0 or 1. Only step 1 depends on the loss, so one line more is all it takes. We start once
# as usual, and once so that the network is sure that every point belongs to the inner ring.

# %%
quizzes.predict("02.p3", ...)


# %%
def train_with(loss, network):  # at the rate 1, 300 steps
    for _ in range(300):
        hidden, probability = forward(x, network)
        for_output_sums = (probability - y) / len(y)
        if loss == "squared error":
            for_output_sums = for_output_sums * 2 * probability * (1 - probability)
        gradients = backward(x, for_output_sums, hidden, network)
        network = [p - g for p, g in zip(network, gradients, strict=True)]
    return network


# %% [markdown]
# Three random starts for each. A bias of -10 at the output makes a network that is sure of the inner ring.

# %%
from_usual = {"cross-entropy": [], "squared error": []}
from_sure = {"cross-entropy": [], "squared error": []}
for loss in ("cross-entropy", "squared error"):
    for seed in (0, 1, 2):
        start = new_network(2, 8, seed)
        from_usual[loss].append(accuracy(x, y, train_with(loss, start)))
        start[3] = np.array([-10.0])
        from_sure[loss].append(accuracy(x, y, train_with(loss, start)))

# %% tags=["slide"]
plots.bars(
    {
        "usual start": {name: np.mean(found) for name, found in from_usual.items()},
        "sure and wrong": {name: np.mean(found) for name, found in from_sure.items()},
    },
    chance=0.5,
    caption="Accuracy on the rings, mean of three starts.",
)

# %%
quizzes.verdict("02.p3")

# %% [markdown] tags=["often-said:squared-error", "slide"]
# *What you see.* From the usual start both learn the rings: {{100 * np.mean(from_usual["cross-entropy"]):.0f}} % and
# {{100 * np.mean(from_usual["squared error"]):.0f}} %. From the sure and wrong start cross-entropy reaches {{100 * np.mean(from_sure["cross-entropy"]):.0f}} %, and
# squared error stays at {{100 * np.mean(from_sure["squared error"]):.0f}} %: it gives every point the same answer. Sure and wrong means that p is near 0 although y is 1, and then the factor p makes its slope tiny.
#
# > **Often said, not so:** *the loss is the mean squared error*, beside a program that uses cross-entropy. For classes, a lower cross-entropy means that
# > the labels are more probable, and here it got out of confident mistakes. Squared error did as well where it started well.
#
# *Exercise 02.6: the loss that fits the labels.* With three classes the label "class 2" can be written as the whole number 2, or **one-hot**, as a row [0, 0, 1] with a 1 in place 2 (counted from 0). In
# the names of Keras, *binary* means two classes, *categorical* several, and *sparse* labels leave out the zeros. Give each form the loss that
# takes it, one of `"categorical_crossentropy"`, `"sparse_categorical_crossentropy"`, `"binary_crossentropy"` and
# `"mean_squared_error"`.

# %% tags=["exercise"]
loss_for = {
    "one-hot rows such as [0, 0, 1]": ...,
    "integers such as 2": ...,
    "0 or 1, and one sigmoid output": ...,
}
exercises.check("02.6", loss_for)

# %% [markdown] tags=["slide"]
# ## Further: when ReLU stays closed
#
# A neuron whose sum is negative for *every* point passes nothing on, and gets no gradient from any point. Let us start with a bias
# of -5 at each hidden neuron, and look at the gradients. To compare, a ReLU that lets a tenth through when it is closed, **leaky ReLU**.

# %%
start = new_network(2, 8, seed=0)
start[1] = np.full(8, -5.0)  # the biases of the hidden neurons
hidden_sums = x @ start[0] + start[1]
hidden, probability = forward(x, start)
dead_gradients = backward(x, (probability - y) / len(y), hidden, start)

slopes = np.where(hidden_sums > 0, 1.0, 0.1)  # the slope of leaky ReLU
leaky_probability = 1 / (1 + np.exp(-((hidden_sums * slopes) @ start[2])))
for_hidden_sums = (leaky_probability - y) / len(y) @ start[2].T * slopes
dead_largest = np.abs(dead_gradients[0]).max()
leaky_largest = np.abs(x.T @ for_hidden_sums).max()
print(f"largest gradient of w1: ReLU {dead_largest:.4f}, leaky {leaky_largest:.4f}")

# %% [markdown] tags=["often-said:relu-gradient", "slide"]
# > **Often said, not so:** *ReLU's gradient is 0, which helps against vanishing gradients.* It is 1 for positive sums, and that
# > helps: sigmoid's slope is at most 0.25, and through ten layers a product of ten such factors is below 0.000001. For negative
# > sums it is 0, and that can leave a neuron dead. Here all eight are: their largest gradient is {{dead_largest:.4f}}, so
# > gradient descent never moves their weights again. With leaky ReLU it is {{leaky_largest:.4f}}.
#
# It takes no strange start to get there. A learning rate that is too large can throw neurons so far that they close: write `p - 10 * g` into `train_with`, and
# look at the accuracies from the usual start.

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("02")
