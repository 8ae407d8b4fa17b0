# ---
# jupyter:
#   course_profiles:
#     full:
#       epochs: 12
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
# # Does it matter which framework I choose?
#
# You found a model that somebody wrote in PyTorch. Your own program is written in Keras. Will it compute the same there? And will it get the same pictures? We begin with the pictures.

# %% tags=["slide"]
import numpy as np

from course_utils import plots

across = np.arange(288) - 143.5  # 0 in the middle of the picture
radius = np.hypot(across, across[:, np.newaxis])
wave = 127.5 + 127.5 * np.cos(0.9 * np.pi * radius**2 / 288)
rings = np.stack([np.rint(wave).astype("uint8")] * 3, axis=-1)  # (288, 288, 3)
plots.image_grid([rings], size=3.2, caption="One picture, one centre.")

# %% [markdown]
# These rings get finer towards the edge. Nearly every program shrinks its pictures before a network sees them. So we shrink this one to a third, with calls that three well-known libraries offer. How many
# centres will there be?

# %%
import cv2
from PIL import Image

from course_utils import startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts
import keras


def keras_shrink(picture, side, antialias=False):
    small = keras.ops.image.resize(
        picture.astype("float32"),
        (side, side),
        interpolation="bilinear",
        antialias=antialias,
    )
    return np.rint(keras.ops.convert_to_numpy(small)).astype("uint8")


# %%
bilinear = Image.Resampling.BILINEAR
shrunk = {
    "Pillow\nBILINEAR": np.asarray(Image.fromarray(rings).resize((96, 96), bilinear)),
    "OpenCV\nINTER_AREA": cv2.resize(rings, (96, 96), interpolation=cv2.INTER_AREA),
    "OpenCV\nINTER_LINEAR": cv2.resize(rings, (96, 96), interpolation=cv2.INTER_LINEAR),
    "Keras\nbilinear": keras_shrink(rings, 96),
    "Keras bilinear,\nantialias=True": keras_shrink(rings, 96, antialias=True),
}

# %% tags=["slide"]
plots.image_grid(
    list(shrunk.values()),
    list(shrunk),
    size=1.75,
    caption="The same file, shrunk by five calls. Four of them are called bilinear or linear.",
)

# %% [markdown]
# *What you see.* In the third and the fourth picture one centre has gone in and nine have come out. Nobody got an error or a warning.
#
# **After this notebook you can:** read one training loop in four frameworks, move weights from one to another and test the move, and find the differences that raise no error.
#
# **Before you start:** lesson 04. Where another lesson's idea is used, a sentence says what it is. If you move nothing and only want to choose, read *Three readers of one photograph* and *How to choose*.
#
# **Time:** 2 minutes to run, 95 minutes to study: 70 to read, to run and to answer the questions, and 25 for the five exercises. JAX, which may be skipped at first, and *To take home* come on top.
#
# We come back to the rings. First the arithmetic: does a *network* come out the same?

# %% [markdown] tags=["topic:14.four", "slide"]
# ## One network, four programs
#
# To compare programs number by number, everything else must be equal: the pictures, their order, the first weights and the optimiser. The pictures are `cutouts`, 32 x 32 pixels: birds, mammals, sea animals, fruit, vegetables and flowers.

# %%
from course_utils import datasets

data = datasets.load("cutouts", train=1280, validation=10, test=300, size=32)
x = data.train.x.astype("float32") / 255 - 0.5  # (1280, 32, 32, 3), from -0.5 to 0.5
y = data.train.y.astype("int64")
x_new, y_new = data.test.x.astype("float32") / 255 - 0.5, data.test.y

# %% tags=["slide"]
plots.image_grid(
    data.train.x[:12],
    data.class_names,
    data.train.y[:12],
    columns=6,
    size=1.3,
    caption="Twelve of the 1,280.",
)

# %% [markdown]
# The network has two convolutions, each followed by pooling, and one dense layer. It gives **logits**: one sum for each class, before softmax (lesson 02) makes probabilities of them.

# %%
from keras import layers


def small_cnn():
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(6),
        ]
    )


# %%
keras.utils.set_random_seed(0)
start = small_cnn().get_weights()  # all four programs start from these
print([weights.shape for weights in start])

# %% [markdown]
# ### Keras
#
# `compile` says what to learn from, and `fit` learns.


# %%
def keras_model(weights, rate=0.02):
    model = small_cnn()
    model.set_weights(weights)
    model.compile(
        optimizer=keras.optimizers.SGD(rate, momentum=0.9),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


# %% tags=["parameters"]
epochs: int = 6  # passes over the pictures

# %%
model = keras_model(start)
model.fit(x, y, epochs=epochs, verbose=2)
trained = model.get_weights()

# %% [markdown]
# That is all. But `fit` shuffles the pictures and prints one mean for each pass. To compare programs, we want the loss of every single step, in a fixed order. `train_on_batch` does one step, here with 64 pictures at a time: twenty steps for one pass.


# %%
def keras_losses(start, x, y, rate=0.02):
    model, losses = keras_model(start, rate), []
    for first in range(0, len(x), 64):
        model.reset_metrics()  # else we get the mean of all steps so far
        batch = slice(first, first + 64)
        found = model.train_on_batch(x[batch], y[batch], return_dict=True)
        losses.append(float(found["loss"]))
    return losses


# %% [markdown]
# ### The same step by hand
#
# What does such a step do? The same five things in every framework:
#
# 1. *Predict.* The pictures of a batch go through the network.
# 2. *Measure the loss.* How wrong are the answers?
# 3. *Find the gradients.* How would the loss change if each weight grew a little?
# 4. *Move.* Each weight goes a small way against its gradient.
# 5. *Repeat* with the next batch.
#
# We build these one at a time in TensorFlow, without Keras. The layers become operations: a convolution plus a bias, negative numbers to zero, then the largest of each 2 x 2 field. A matrix product ends it.

# %%
import tensorflow as tf


# %%
def tensorflow_logits(weights, images):
    maps = images
    for kernel, bias in (weights[0:2], weights[2:4]):
        maps = tf.nn.relu(tf.nn.conv2d(maps, kernel, strides=1, padding="SAME") + bias)
        maps = tf.nn.max_pool2d(maps, ksize=2, strides=2, padding="VALID")
    return tf.reshape(maps, (-1, 8 * 8 * 32)) @ weights[4] + weights[5]


# %% [markdown]
# *1. Predict.* The first batch goes through, before any training. What does the network say about the first picture?

# %%
weights = [tf.Variable(array) for array in start]
images, labels = x[:64], y[:64]
first_logits = tensorflow_logits(weights, images)  # (64, 6)
print(tf.nn.softmax(first_logits[0]).numpy().round(2))

# %% [markdown]
# All six classes have nearly the same probability. It knows nothing yet.
#
# *2. Measure the loss.* The cross-entropy of each picture, then the mean of the batch.


# %%
def tensorflow_loss(weights, images, labels):
    logits = tensorflow_logits(weights, images)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    return tf.reduce_mean(losses)


# %%
loss_before = float(tensorflow_loss(weights, images, labels))
print(f"loss {loss_before:.4f}; six equal probabilities give {np.log(6):.4f}")

# %% [markdown]
# *3. Find the gradients.* A **gradient tape** records what is computed inside its `with` block, so that `tape.gradient` can go back through it: backpropagation. We look at the last six numbers, for the biases of the six classes.

# %%
with tf.GradientTape() as tape:
    loss = tensorflow_loss(weights, images, labels)
gradients = tape.gradient(loss, weights)
print(gradients[5].numpy().round(3))

# %% [markdown]
# A minus means: a larger bias lowers the loss. Here that holds for each class that has more pictures in this batch than the network expects.
#
# *4. Move.* Each weight goes against its gradient, by a fiftieth of it. Does the loss fall?

# %%
for weight, before, gradient in zip(weights, start, gradients, strict=True):
    weight.assign(before - 0.02 * gradient)
loss_after = float(tensorflow_loss(weights, images, labels))
print(f"the same batch: loss before {loss_before:.4f}, after {loss_after:.4f}")

# %% [markdown]
# A little. One addition to this step: momentum (lesson 02). Each weight gets a velocity, which keeps nine tenths of the move before.


# %%
def tensorflow_move(weights, velocities, gradients, rate):
    triples = zip(weights, velocities, gradients, strict=True)
    for weight, velocity, gradient in triples:
        velocity.assign(0.9 * velocity - rate * gradient)
        weight.assign_add(velocity)


# %% [markdown]
# *5. Repeat.* The loop puts the steps together.


# %%
def tensorflow_losses(start, x, y, rate=0.02):
    weights = [tf.Variable(array) for array in start]
    velocities = [tf.Variable(tf.zeros_like(array)) for array in start]
    losses = []
    for first in range(0, len(x), 64):  # 5. repeat
        batch = slice(first, first + 64)
        with tf.GradientTape() as tape:
            loss = tensorflow_loss(weights, x[batch], y[batch])  # 1. and 2.
        gradients = tape.gradient(loss, weights)  # 3.
        tensorflow_move(weights, velocities, gradients, rate)  # 4.
        losses.append(float(loss))
    return losses


# %% [markdown]
# Each operation runs when Python reaches it, which is called **eager execution**.
#
# You will rarely write a step with so little help. The loop that people write keeps Keras's layers, loss and optimiser, and opens only the step. `@tf.function` compiles it (lesson 15). Network and optimiser stand in the same cell as the loop, so that each run of the cell begins anew.

# %%
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
looped = small_cnn()
looped.set_weights(start)
optimizer = keras.optimizers.SGD(0.02, momentum=0.9)


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        loss = cross_entropy(labels, looped(images, training=True))
    gradients = tape.gradient(loss, looped.trainable_variables)
    optimizer.apply(gradients, looped.trainable_variables)
    return loss


for first in range(0, len(x), 64):
    loss = train_step(x[first : first + 64], y[first : first + 64])

# %%
looped_loss = float(loss)
print(f"loss of step 20: {looped_loss:.4f}")

# %% [markdown]
# We come back to this number.
#
# ### PyTorch
#
# PyTorch and JAX are large, so they are extras of this course. To get them, type `.venv/bin/python -m pip install ".[frameworks]"` in the course's folder (on Windows `.venv\Scripts\python`), then restart the kernel and run the notebook from the top. Without them it runs all the same: you read
# the code, and the numbers are those that the very same code gave beforehand.

# %%
from importlib.util import find_spec

if find_spec("torch"):
    import torch
if find_spec("jax"):
    import jax

# %% [markdown]
# Each layer wants to know how many channels come in, and activation and padding are spelled out. Pictures have their channels *first*: `(batch, channels, height, width)`.


# %%
def torch_cnn():
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(3, 16, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 8 * 8, 6),
    )


def torch_pictures(images):  # channels first
    return torch.from_numpy(images).permute(0, 3, 1, 2)


# %% [markdown]
# Find the five steps again. PyTorch keeps its tape out of sight: `loss.backward()` leaves a gradient with each weight, and `optimizer.step()` moves them all, momentum included. A `DataLoader` hands out the batches. `train()` and `eval()` switch layers that behave differently in training,
# such as dropout. This network has none, but the habit keeps you from forgetting it in one that does.


# %%
def torch_losses(model, x, y, rate=0.02):
    pairs = torch.utils.data.TensorDataset(torch_pictures(x), torch.from_numpy(y))
    batches = torch.utils.data.DataLoader(pairs, batch_size=64)  # shuffle=True, usually
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    losses = []
    model.train()
    for images, labels in batches:  # 5. repeat
        logits = model(images)  # 1. predict
        loss = torch.nn.functional.cross_entropy(logits, labels)  # 2. takes logits
        optimizer.zero_grad()  # backward adds to what is there
        loss.backward()  # 3. gradients
        optimizer.step()  # 4. move
        losses.append(loss.item())
    return losses


# %%
def torch_logits(model, images):
    model.eval()
    with torch.inference_mode():  # nothing is kept for gradients
        return model(torch_pictures(images)).numpy()


# %% [markdown]
# ### JAX, which you may skip at a first reading
#
# JAX has NumPy's functions, and functions that take a function and give another: `value_and_grad` also gives its gradient, `jit` compiles it. Layers come from other packages, such as Flax. We write two small ones. `jax_pool` gives each 2 x 2 field two axes of its own
# and takes the largest over them. In `jax_conv` letters say the order of the axes: N for the batch, H and W for height and width, C for channels, I and O for the channels that go into a kernel and come out.


# %%
def jax_conv(maps, kernel):
    axes = ("NHWC", "HWIO", "NHWC")  # pictures, kernel, result: as in Keras
    return jax.lax.conv_general_dilated(
        maps, kernel, window_strides=(1, 1), padding="SAME", dimension_numbers=axes
    )


# %%
def jax_pool(maps):
    count, height, width, channels = maps.shape
    fields = maps.reshape(count, height // 2, 2, width // 2, 2, channels)
    return fields.max(axis=(2, 4))


# %%
def jax_logits(weights, images):
    maps = images
    for kernel, bias in (weights[0:2], weights[2:4]):
        maps = jax_pool(jax.nn.relu(jax_conv(maps, kernel) + bias))
    return maps.reshape(len(images), -1) @ weights[4] + weights[5]


# %% [markdown]
# The loss is a function of the weights, so that JAX can find its gradients.


# %%
def jax_loss(weights, images, labels):
    log_probabilities = jax.nn.log_softmax(jax_logits(weights, images))
    return -log_probabilities[np.arange(len(labels)), labels].mean()


# %% [markdown]
# Nothing is changed in place: weights go in, new weights come out.


# %%
def jax_move(weights, velocities, gradients, rate):
    pairs = zip(velocities, gradients, strict=True)
    velocities = [0.9 * velocity - rate * gradient for velocity, gradient in pairs]
    pairs = zip(weights, velocities, strict=True)
    return [weight + velocity for weight, velocity in pairs], velocities


# %%
def jax_losses(start, x, y, rate=0.02):
    loss_and_gradients = jax.jit(jax.value_and_grad(jax_loss))
    weights, velocities = start, [np.zeros_like(array) for array in start]
    losses = []
    for first in range(0, len(x), 64):  # 5. repeat
        batch = slice(first, first + 64)
        loss, gradients = loss_and_gradients(weights, x[batch], y[batch])  # 1. to 3.
        weights, velocities = jax_move(weights, velocities, gradients, rate)  # 4.
        losses.append(float(loss))
    return losses


# %% [markdown] tags=["slide"]
# ## Move the weights
#
# TensorFlow's and JAX's programs take Keras's arrays as they are. PyTorch wants other axes. A kernel is `(height, width, in, out)` in Keras, `(out, in, height, width)` in PyTorch: so axis 3 comes first, then 2, then 0 and 1.
#
# The dense layer needs more. It stands behind `Flatten`, and the two frameworks flatten in another order. Here are two channels of 2 x 2 numbers.

# %%
red = np.array([[11, 12], [13, 14]])
blue = np.array([[21, 22], [23, 24]])
channels_last = np.stack([red, blue], axis=-1).ravel()  # as Keras does
channels_first = np.stack([red, blue]).ravel()  # as PyTorch does

# %% tags=["slide"]
plots.number_grids(
    {
        "red": red,
        "blue": blue,
        "Keras flattens": channels_last[:, np.newaxis],
        "PyTorch flattens": channels_first[:, np.newaxis],
    },
    signs=" → ",
    caption="Keras goes from place to place and takes all channels there. PyTorch takes one channel after the other.",
)

# %% [markdown]
# Each row of the dense kernel belongs to one of these numbers. So the rows have to change places, too. Then the whole table is turned over, because PyTorch keeps it as `(out, in)`.


# %%
def to_torch(weights):
    kernel_1, bias_1, kernel_2, bias_2, dense, bias_3 = weights
    dense = dense.reshape(8, 8, 32, 6)  # height, width, channels, classes
    dense = dense.transpose(3, 2, 0, 1)  # classes, channels, height, width
    return [
        kernel_1.transpose(3, 2, 0, 1),  # out, in, height, width
        bias_1,
        kernel_2.transpose(3, 2, 0, 1),
        bias_2,
        dense.reshape(6, 32 * 8 * 8),
        bias_3,
    ]


# %% [markdown]
# PyTorch keeps its weights under names. We put the arrays there, in the same order:


# %%
def torch_model(arrays):
    model = torch_cnn()
    names = model.state_dict()  # "0.weight", "0.bias", "3.weight" ...
    copies = [torch.from_numpy(array.copy()) for array in arrays]
    model.load_state_dict(dict(zip(names, copies, strict=True)))
    return model


# %% [markdown]
# In `load_state_dict` PyTorch compares the shapes. A wrong shape would raise an error. What if the shapes are right and the numbers are in the wrong places? Here are two careless moves.


# %%
def careless_dense(weights):  # only turned over, rows in Keras's order
    moved = to_torch(weights)
    moved[4] = weights[4].T  # (6, 2048), as it should be
    return moved


def careless_kernels(weights):  # .T reverses all axes, so rows become columns
    moved = to_torch(weights)
    moved[0], moved[2] = weights[0].T, weights[2].T  # (16, 3, 3, 3), (32, 16, 3, 3)
    return moved


# %% [markdown]
# Which of the two does more harm?

# %%
from course_utils import quizzes

quizzes.predict("14.p1", ...)

# %% [markdown]
# Weights that were never trained would not tell. So we take those that Keras has trained. The record comes from three **starts** (trainings from other random weights), with PyTorch and JAX installed: each other program got the trained weights and answered for 300 new pictures.

# %%
from course_utils import recorded

record = recorded.show("14_programs").figures
moved_accuracy = {way: np.mean(found) for way, found in record["accuracy"].items()}

# %% tags=["slide"]
plots.bars(
    {
        "Keras itself": moved_accuracy["Keras"],
        "PyTorch, to_torch": moved_accuracy["to_torch"],
        "PyTorch, careless_kernels": moved_accuracy["careless_kernels"],
        "PyTorch, careless_dense": moved_accuracy["careless_dense"],
    },
    label="accuracy on new pictures, mean of three starts",
    chance=1 / 6,
    caption="The same trained weights, moved in three ways. No way raises an error.",
)

# %%
quizzes.verdict("14.p1")

# %% [markdown]
# *What you see.* Moved correctly, PyTorch is as good as Keras: {{100 * moved_accuracy["to_torch"]:.1f}} %. With the dense rows in the old order it gets {{100 * moved_accuracy["careless_dense"]:.1f}} %, no better than guessing: each weight meets a number that it was not trained for. The second move is harder to notice. With kernels
# whose rows became columns, {{100 * moved_accuracy["careless_kernels"]:.1f}} % are left, so the accuracy alone may not tell you. (Keras itself gets only {{100 * moved_accuracy["Keras"]:.1f}} % right here. What a better network loses in this way was not measured.)
#
# So a move needs a sharper test: compare the **logits** on a few pictures. With the turned kernels some logit was {{max(record["furthest"]["PyTorch, careless_kernels"]):.1f}} away. And moved correctly? This cell asks TensorFlow now, and PyTorch and JAX where they are installed. Otherwise it shows the recorded difference.

# %%
logits = model.predict(x_new, verbose=0)
furthest = {name: max(record["furthest"][name]) for name in ("PyTorch", "JAX")}
furthest["TensorFlow"] = np.abs(tensorflow_logits(trained, x_new) - logits).max()
if find_spec("torch"):
    moved_model = torch_model(to_torch(trained))
    furthest["PyTorch"] = np.abs(torch_logits(moved_model, x_new) - logits).max()
if find_spec("jax"):
    furthest["JAX"] = np.abs(jax_logits(trained, x_new) - logits).max()

# %%
print(f"the logits go from {logits.min():.1f} to {logits.max():.1f}")
for name, gap in furthest.items():
    print(f"{name:10} furthest logit from Keras: {gap:.7f}")

# %% [markdown]
# *What you see.* The furthest of 1,800 logits is {{max(furthest.values()):.6f}} away. That is rounding: the same sums, added up in another order. (TensorFlow is exactly at 0: Keras calls the same operations.) A difference in the second digit would be a mistake in the move. (On a graphics card that computes with fewer digits, TF32 or bfloat16, expect more.)
#
# And a careless move? We need no PyTorch for it: here rows and columns of Keras's own kernels change places, as in `careless_kernels`.

# %%
turned = [w.transpose(1, 0, 2, 3) if w.ndim == 4 else w for w in trained]
turned_logits = tensorflow_logits(turned, x_new).numpy()
turned_gap = np.abs(turned_logits - logits).max()
for name, found in {"as trained": logits, "turned": turned_logits}.items():
    accuracy = (found.argmax(axis=1) == y_new).mean()
    print(f"{name}: {100 * accuracy:.1f} % right")
print(f"furthest logit: {turned_gap:.1f}")

# %% [markdown]
# The accuracy changes little, the logits say at once that something is wrong.
#
# **Change this.** Now the other careless move: put the rows of the dense kernel into a wrong order, `trained[:4] + [trained[4][::-1], trained[5]]` in the place of `turned`. How much accuracy is left?
#
# *Exercise 14.1: the way back.* A dense layer that stands behind flatten comes from PyTorch: `weight` has the shape `(units,
# channels * height * width)`, one channel after the other. Write `dense_to_keras(weight, height, width, channels)`. It returns
# the kernel for Keras, of shape `(height * width * channels, units)`. *Example:* with height 1 and width 1, it is `weight.T`.

# %%
from course_utils import exercises


# %% tags=["exercise"]
def dense_to_keras(weight, height, width, channels):
    # your lines in the place of the dots
    ...


exercises.check("14.1", dense_to_keras)

# %% [markdown] tags=["slide"]
# ## The same twenty steps
#
# The answers were equal up to rounding. To *learn* is another matter: each program works out its gradients for itself, twenty times, and each step builds on the one before. All four begin with the weights in `start` and see the same twenty batches.

# %%
quizzes.predict("14.p2", ...)

# %%
losses = {name: runs[0] for name, runs in record["losses"].items()}  # the first start
losses["Keras"] = keras_losses(start, x, y)
losses["TensorFlow"] = tensorflow_losses(start, x, y)
if find_spec("torch"):
    losses["PyTorch"] = torch_losses(torch_model(to_torch(start)), x, y)
if find_spec("jax"):
    losses["JAX"] = jax_losses(start, x, y)

# %% tags=["slide"]
plots.lines(
    losses,
    x_label="step",
    y_label="loss of the batch",
    caption="Four programs, one line. Keras and TensorFlow are of this run; PyTorch and JAX too, where they are installed.",
)

# %%
loss_differences = np.abs(np.subtract(list(losses.values()), losses["Keras"]))
recorded_losses = record["losses"]  # program to its losses from three starts
three_starts = np.subtract(list(recorded_losses.values()), recorded_losses["Keras"])
for step in (1, 10, 20):
    at_step = {name: round(values[step - 1], 6) for name, values in losses.items()}
    print(f"step {step}:", at_step)
print(f"furthest from Keras: {loss_differences.max():.6f} in this figure,", end=" ")
print(f"{np.abs(three_starts).max():.6f} in the record of three starts")

# %%
adam_epsilon = keras.optimizers.Adam().epsilon
print(f"epsilon of Adam in Keras: {adam_epsilon:.0e}")

# %%
quizzes.verdict("14.p2")

# %% [markdown]
# *What you see.* The four lines lie on each other. The losses of this figure differ by at most {{loss_differences.max():.6f}}, and over three recorded starts it is no more than {{np.abs(three_starts).max():.6f}}. The loop with Keras's layers, which we kept for now, ended at {{looped_loss:.4f}}: the same line.
#
# (For the curious, the rest may skip it: TensorFlow's own loop leaves Keras in the fifth digit, though Keras calls its operations. We looked at the gradients of
# four batches: all are equal to the last bit, except those of the two convolutions' biases. Keras adds a bias with `tf.nn.bias_add`, whose gradient sums the places of the maps in another order than that of our plus sign. With `bias_add` in our loop these gradients agree to the last bit, too.)
#
# So on this network, with all settings equal, twenty steps are the same in all four. With *default* settings they would not be: the frameworks draw first weights differently, and Adam's epsilon, the tiny number that prevents a division by 0 (lesson 02), is {{adam_epsilon:.0e}} in Keras and 1e-08 in PyTorch. If two programs that should be the same learn differently, look for what is unequal: the pictures and their order, the first weights, the settings of layers, loss or optimiser. The next section shows three.
#
# What differs is what you write:
#
# | | you write | it gives you |
# | --- | --- | --- |
# | Keras | layers, `compile`, `fit` | the loop, metrics, callbacks, saved files that open on three backends |
# | TensorFlow loop | the step, and here each operation | full control of a step, and a compiled one with `tf.function` |
# | PyTorch | layers, the loop | ordinary Python that you can stop and inspect at each line |
# | JAX | functions from weights to weights | functions of functions: gradient, compilation, the same for a whole batch (`vmap`) |
#
# How long do the losses of two frameworks stay equal? Rounding is small, but each step builds on the one before, and larger steps carry it further. With a learning rate of {{list(record["apart at rate"])[1]}} in the place of 0.02, PyTorch and Keras were up to {{max(record["apart at rate"]["0.1"]):.3f}} apart after the same twenty steps. Two such curves that part after hundreds of
# steps need not mean a mistake: compare the first steps.
#
# **Change this.** Give `tensorflow_move`, the step without Keras, the momentum 0.8 in the place of 0.9. Run its cell, and then again the cell that fills `losses` and the one that draws. At which step do you see it? (Put 0.9 back afterwards and run these cells once more: the claims at the end read the same losses.)

# %% [markdown] tags=["slide"]
# ## Three traps that raise no error
#
# All of our settings had the same meaning in the four frameworks. Not every setting has.
#
# *1. Padding with a stride.* Keras's `"same"` adds as few zeros as needed, and an odd one goes to the *end*. `padding=1` in PyTorch adds one on *each side*. A row of six numbers, a kernel of three ones, stride 2:

# %%
row = np.array([1, 2, 3, 4, 5, 6], dtype="float32")
ones = np.ones((3, 1, 1), dtype="float32")


def strided(numbers, padding):
    found = keras.ops.conv(numbers.reshape(1, -1, 1), ones, strides=2, padding=padding)
    return np.ravel(found)


keras_same = strided(row, "same")
torch_like = strided(np.pad(row, 1), "valid")  # what padding=1 does

# %% tags=["slide"]
plots.number_grids(
    {
        "row": row,
        "Keras, padding='same'": keras_same,
        "PyTorch, padding=1": torch_like,
    },
    caption="The same shape, three other numbers.",
)

# %% [markdown]
# *What you see.* Keras begins with 1 + 2 + 3 = 6, PyTorch with 0 + 1 + 2 = 3. The windows lie one pixel apart. With stride 1 both are the same, and so our networks agreed.
#
# *Exercise 14.2: what "same" adds.* Keras's `"same"` gives `ceil(size / stride)` outputs. For that it adds as many
# zeros as the last window needs, half of them before and half after the pixels; an odd one goes after. Write
# `same_padding(size, kernel_size, stride)`. It returns the pair `(before, after)`. *Example:* for the row above, `(0,
# 1)`: its six numbers have the places 0 to 5, the three windows begin at 0, 2 and 4, and the last one needs the places
# 4, 5 and 6.


# %% tags=["exercise"]
def same_padding(size, kernel_size, stride):
    # your lines in the place of the dots
    ...


exercises.check("14.2", same_padding)

# %% [markdown]
# *2. The small number in batch normalisation.* The layer subtracts a channel's mean and divides by the root of variance plus epsilon. Epsilon is 0.001 in Keras, 0.00001 in PyTorch. If a channel has the variance 0.001, how much larger is the result in PyTorch?

# %%
variance = 0.001
epsilon_factor = np.sqrt((variance + 0.001) / (variance + 0.00001))
print(f"{epsilon_factor:.2f} times as large")

# %% [markdown]
# So pass epsilon when you move such a layer: `BatchNormalization(epsilon=1e-5)`. (Their `momentum` also means opposite things: 0.99 in Keras is the share of the old mean that is *kept*, 0.1 in PyTorch the share of the new one that is *taken*.)
#
# *3. Logits or probabilities.* PyTorch's `cross_entropy` takes logits and does the softmax itself. Keras's loss takes probabilities unless you say `from_logits=True`. If probabilities go where logits are expected, everything runs. But what is the loss of a *perfect* answer then?

# %%
perfect = np.array([1, 0, 0, 0, 0, 0])  # all probability on the right class
twice = np.exp(perfect) / np.exp(perfect).sum()  # a softmax of probabilities
lowest_loss = -np.log(twice[0])
print(f"the lowest loss there is for six classes: {lowest_loss:.2f}")

# %% [markdown]
# With six classes it cannot fall below {{lowest_loss:.2f}}, however good the network. A loss that gets stuck at such a height, while the accuracy is high, is the sign of this mistake.
#
# The optimisers have traps, too. *Exercise 14.3: two momenta.* Keras puts the learning rate *into* the velocity: `velocity = momentum * velocity - learning_rate * gradient`, then `weight += velocity`. PyTorch leaves it outside: `buffer = momentum * buffer + gradient`, then
# `weight -= learning_rate * buffer`. As long as the rate stays the same, both do the same steps. Now it changes: the rates of three steps are 8, 8 and 2, the momentum is 0.5, the gradient always 1. The weight begins at 100, velocity and buffer at 0. Where is it after three steps?
# *Example:* after the first step both are at 92.

# %% tags=["exercise"]
weights_after = {"keras": ..., "pytorch": ...}
exercises.check("14.3", weights_after)

# %% [markdown] tags=["topic:14.readers", "slide"]
# ## Three readers of one photograph
#
# The network is the same. Are its pictures? Back to the rings: two things happen before a network sees a photograph. Somebody *decodes* the JPEG file into pixels, and somebody *shrinks* it.
#
# Decoding first: the same file, read by Pillow, OpenCV and TensorFlow.

# %%
import io

photographs = datasets.load("photographs", quiet=True)
cat = photographs["chelsea"][:, 75:375]  # 300 x 300
file = io.BytesIO()
Image.fromarray(cat).save(file, "jpeg", quality=90)
jpeg = file.getvalue()  # the bytes of the file

with_pillow = np.asarray(Image.open(file))
with_opencv = cv2.imdecode(np.frombuffer(jpeg, "uint8"), cv2.IMREAD_COLOR)
with_tensorflow = tf.io.decode_jpeg(jpeg).numpy()

# %% tags=["slide"]
plots.image_grid(
    [with_pillow, with_opencv, with_tensorflow],
    ["Pillow", "OpenCV, as it comes", "TensorFlow"],
    size=2.4,
    caption="One file, three readers.",
)

# %%
decoded = {
    "OpenCV, as it comes": with_opencv,
    "OpenCV, channels reversed": with_opencv[:, :, ::-1],
    "TensorFlow": with_tensorflow,
}
levels_apart = {
    name: np.abs(pixels.astype(int) - with_pillow).max()
    for name, pixels in decoded.items()
}
for name, levels in levels_apart.items():
    print(f"{name}: largest difference from Pillow {levels} of 255 levels")

# %% [markdown]
# *What you see.* A blue cat: OpenCV gives the channels in the order blue, green, red. Reversed with `[:, :, ::-1]`, the largest difference from Pillow's pixels is {{levels_apart["OpenCV, channels reversed"]}}. TensorFlow decodes with a quicker, coarser arithmetic, and is up to {{levels_apart["TensorFlow"]}} levels away. You cannot see that.
#
# A warning about telephones: a photograph may carry a note "turn me by a quarter". OpenCV turns it. Pillow and TensorFlow do not, so that a tall picture lies on its side. In Pillow, `ImageOps.exif_transpose` turns it.
#
# Now shrinking. Pillow's `BILINEAR` takes a mean over all pixels that are less than one new pixel away from the middle of the new one; the nearer, the more they count. `INTER_AREA` takes the plain mean of the pixels that fall into the new one, which smooths less: look closely, and faint ghosts of false centres are left, most clearly on the left and on the right. Both are **antialiasing**. OpenCV's `INTER_LINEAR` and Keras's default
# look only at the nearest four pixels, however far apart the new ones lie. At exactly a third it is even less: the middle of each new pixel falls on an old one, so that every third pixel is kept and the others are thrown away. Where detail is finer than the new pixels, they hit a bright ring here and a dark one there, and make patterns that do not exist: **aliasing**, the eight false centres. Keras's
# `image_dataset_from_directory`, with which earlier lessons read a folder, decodes with TensorFlow and shrinks *without* antialiasing.
#
# What does the ImageNet network make of it? Four photographs, each saved as a JPEG, then read and shrunk to 96 pixels by three programs.

# %%
squares = {
    "cat": cat,
    "cup": photographs["coffee"][:, 100:500],
    "temple": photographs["china"][:, 106:533],
    "flower": photographs["flower"][:, 106:533],
}


# %%
def three_readers(picture):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "jpeg", quality=90)
    jpeg = file.getvalue()
    blue_first = cv2.imdecode(np.frombuffer(jpeg, "uint8"), cv2.IMREAD_COLOR)
    return {
        "Pillow": np.asarray(Image.open(file).resize((96, 96), bilinear)),
        "Keras": keras_shrink(tf.io.decode_jpeg(jpeg).numpy(), 96),
        "OpenCV, blue first": cv2.resize(blue_first, (96, 96)),  # INTER_LINEAR
    }


read = {name: three_readers(picture) for name, picture in squares.items()}

# %%
from course_utils import models

network = models.imagenet(96)
best = {}  # photograph to reader to the network's first answer and its probability
for name, by_reader in read.items():
    probabilities = network.predict(np.stack(list(by_reader.values())), verbose=0)
    firsts = [answers[0] for answers in models.top(probabilities, 1)]
    best[name] = dict(zip(by_reader, firsts, strict=True))

# %% tags=["slide"]
plots.image_grid(
    [read[name][reader] for reader in read["cat"] for name in read],
    [
        f"{best[name][reader][0]} {100 * best[name][reader][1]:.0f} %"
        for reader in read["cat"]
        for name in read
    ],
    columns=4,
    size=2,
    caption="Rows: Pillow, Keras, OpenCV with blue first. Above each picture the network's first answer.",
)

# %% [markdown]
# *What you see.* The cat is *{{best["cat"]["Pillow"][0]}}* in all three rows, even in blue. The cup is *{{best["cup"]["Pillow"][0]}}* with Pillow and *{{best["cup"]["Keras"][0]}}* with Keras. The temple is *{{best["temple"]["Pillow"][0]}}* with Pillow, and *{{best["temple"]["Keras"][0]}}* at {{100 * best["temple"]["Keras"][1]:.0f}} % with Keras, from the
# same file. In the last row the cup becomes *{{best["cup"]["OpenCV, blue first"][0]}}*, and the flower *{{best["flower"]["OpenCV, blue first"][0]}}* at {{100 * best["flower"]["OpenCV, blue first"][1]:.0f}} %. Nor is the first row always right: what counts here is the change. Compare the first two rows: without antialiasing a picture looks sharper, and its edges are jagged.
#
# These four were picked because they show it. And from row to row two things change at once, the decoder or the channels, and the shrinking. How often an answer changes, and by which of these, is measured next.
#
# ### What it costs
#
# 900 `cutouts` of 224 pixels, saved as JPEG. One thing at a time is changed: the decoder, or the call that shrinks to 96 pixels, or the channels. The ImageNet network turns each picture into features, and a **linear probe**, one dense layer that learns on these features, answers with one of the six classes. It learned from 300 pictures, all read and shrunk with Pillow. Then it answers for 600 new ones, and the *same* 600 pictures are read in
# another way. How much accuracy does it lose with another way to shrink, such as `INTER_LINEAR`?

# %%
quizzes.predict("14.p3", ...)

# %%
readers = recorded.show("14_readers").figures
usual = readers["accuracy"]["Pillow, Pillow"]["learned with Pillow"]
points = {  # change of the accuracy, one for each of three draws of pictures
    way: 100 * np.subtract(found["learned with Pillow"], usual)
    for way, found in readers["accuracy"].items()
}
other_answers = {
    way: 100 * np.mean(shares) for way, shares in readers["other answers"].items()
}

# %% tags=["slide"]
plots.bars(
    {
        way: {
            "learned with Pillow": np.mean(found["learned with Pillow"]),
            "learned like this": np.mean(found["learned like this"]),
        }
        for way, found in readers["accuracy"].items()
    },
    chance=1 / 6,
    caption="Who decodes, who shrinks. Accuracy on the same 600 new pictures, mean of three draws.",
)

# %%
for way, changes in points.items():
    print(f"{way:30} probe, change in points: {changes.round(1)}", end=", ")
    print(f"network, other answers: {other_answers[way]:.0f} %")

# %%
quizzes.verdict("14.p3")

# %% [markdown]
# *What you see.* With another decoder or another way to shrink, the probe's accuracy changes by {{min(c.min() for way, c in points.items() if "blue" not in way):+.1f}} to {{max(c.max() for way, c in points.items() if "blue" not in way):+.1f}} points: up on one draw of pictures, down on another. The channels are another matter: blue first costs {{-points["OpenCV blue first, Pillow"].max():.1f}} to {{-points["OpenCV blue first, Pillow"].min():.1f}} points. Where the
# probe *learned* with blue first, too, a good part comes back. Not all on average: the ImageNet network below it still expects red first.
#
# The last column is about something else: not the probe with its six classes, but the ImageNet network itself, which chooses among a thousand. There {{other_answers["Pillow, OpenCV INTER_LINEAR"]:.0f}} % of the first answers are *other* answers with `INTER_LINEAR`, and {{other_answers["TensorFlow, Pillow"]:.0f}} % with TensorFlow's decoder. (How many answers of the probe change was not recorded.) So an accuracy that stays does not mean that every answer stays. If your program must give the same answer
# as another one, picture by picture, then the reader is part of the model.
#
# A limit: these pictures were shrunk to less than half. We have not measured what happens to photographs that are shrunk to a tenth.
#
# *Exercise 14.4: mend a reader.* A model has learned from RGB pictures that were shrunk by averaging. The function
# below gets a picture as OpenCV reads it, uint8 of shape `(height, width, 3)`, both divisible by `factor`. It has three
# faults: the channels, the aliasing, and what the last line does to numbers such as 2.9.
#
# ```python
# def shrink_picture(picture, factor):
#     rgb = picture[:, ::-1]
#     small = rgb[::factor, ::factor].astype("float32")
#     return small.astype("uint8")
# ```
#
# Write `shrink_picture(picture, factor)` so that each new pixel is the mean of a block of `factor` by `factor`, red
# first, rounded to the nearest whole number, uint8. (Pillow's `BOX` takes the same mean, and rounds on the way: it is
# accepted, though one level off here and there.) *Example:* a block with the blue values 1, 2, 3, 5 gives 3 in the
# last channel.


# %% tags=["exercise"]
def shrink_picture(picture, factor):
    # your lines in the place of the dots
    ...


exercises.check("14.4", shrink_picture)

# %% [markdown] tags=["topic:14.choose", "slide"]
# ## How to choose
#
# The numbers do not choose for you: with equal settings, all four computed the same. Facts do. The first question seldom leaves only one: each of these frameworks reaches a telephone, a web page or a server in some way, and the table names the way ([lesson 16](16_small_and_shipped.ipynb) ships a Keras network). What decides is usually the second and the third: whose model you start from, and who works on it. Where these leave you free, ask what is new.
#
# | question | if so | then |
# | --- | --- | --- |
# | **Where must it run?** | telephone, Android or iPhone | LiteRT reads models from [Keras and TensorFlow, PyTorch and JAX](https://ai.google.dev/edge/litert); [ExecuTorch](https://docs.pytorch.org/executorch/stable/index.html) those from PyTorch |
# | | a web page, in the browser | [LiteRT.js](https://ai.google.dev/edge/litert/web) reads the same file as LiteRT on the telephone; [ONNX Runtime Web](https://onnxruntime.ai/docs/get-started/with-javascript/web.html) reads ONNX files, a format for finished networks that [PyTorch](https://docs.pytorch.org/docs/stable/onnx.html) and [Keras](https://keras.io/api/models/model_saving_apis/export/) can write |
# | | a server that has no Python program of yours | an exported file: `model.export` (Keras), [`torch.export`](https://docs.pytorch.org/docs/stable/export.html), [`jax.export`](https://docs.jax.dev/en/latest/jax.export.html) |
# | **Whose model do you start from?** | published weights exist for one framework | that one. Hugging Face's Transformers, for instance, [has been PyTorch only since version 5](https://huggingface.co/blog/transformers-v5) |
# | **Who works on it?** | a group that knows one of them | that one. Moving is work, and equal settings gave equal answers here |
# | **What is new in it?** | nothing but layers and data | Keras: the least to write |
# | | the loop itself | PyTorch, or Keras with a step of your own |
# | | gradients of gradients, a whole program on many accelerators | JAX |

# %% [markdown] tags=["slide"]
# And Keras itself multiplies nothing. A **backend** does: to learn, TensorFlow, PyTorch or JAX. What does the package Keras bring along when pip installs it?

# %%
from importlib import metadata

required = [line for line in metadata.requires("keras") if "extra" not in line]
print(required)

# %% [markdown] tags=["often-said:keras-enough"]
# > **Often said, not so:** *`pip install keras` is enough.* The list above is what the package asks pip for, and none of the three backends is on it. Without one, `import keras` stops with a `ModuleNotFoundError`. Install `keras` and, beside it, one of `tensorflow`, `torch` and `jax`.

# %% [markdown]
# The environment variable `KERAS_BACKEND`, set before Python starts, says which one to use. We saved a trained network as `model.keras` and opened it on the two other backends.

# %%
for backend, gap in record["other backends"].items():
    print(f"{backend}: furthest logit from TensorFlow's {gap:.7f}")

# %% [markdown]
# *What you see.* The same file, the same answers: at most {{max(record["other backends"].values()):.6f}} apart. A model in plain Keras layers is bound to none of the three.
#
# *Exercise 14.5: find the cause.* Each of these happened after a network went from one program to another. Say what you would look at first: `"channel order"`, `"flatten order"`, `"rounding"` or `"logits or probabilities"`.

# %% tags=["exercise"]
causes = {
    "All shapes fit, the accuracy is that of guessing": ...,
    "New loss function, good accuracy, a loss that stays at 1.04": ...,
    "Ripe tomatoes are called plums, grey elephants are still elephants": ...,
    "Logits differ in the sixth digit": ...,
}
exercises.check("14.5", causes)

# %% [markdown] tags=["slide"]
# ## So do this
#
# - With equal weights, pictures and settings, four frameworks gave equal answers and equal losses. Default settings differ. Choose by where the network must run, whose weights you start from, and what you want to write yourself.
# - If you move weights, compare logits on a few real pictures. That the shapes fit is no proof.
# - When two programs disagree, compare in this order: pictures and their order, first weights, settings of the layers (padding, epsilon), loss (logits or probabilities), optimiser.
# - Read and shrink pictures in use exactly as in training, or put these two steps into the saved model. Look at one picture as the network gets it: a blue cat is found in a second.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("14.q1")
quizzes.answer("14.q1", ...)

# %%
quizzes.ask("14.q2")
quizzes.answer("14.q2", ...)

# %% [markdown]
# More than one answer may be right.

# %%
quizzes.ask("14.q3")
quizzes.answer("14.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("14")

# %% [markdown]
# ## To take home
#
# Does your saved network get the same pictures, and give the same answers, whoever reads them? This program reads each picture of a folder in two ways, as `image_dataset_from_directory` does and with OpenCV, and compares. Put your own model and folder in the two names at the top. The next cell writes an example of both.
#
# What it expects: JPEG, PNG, BMP or GIF files, in folders of classes or not, and a network that takes one picture with pixels from 0 to 255 and gives probabilities, one for each class or a single one. Our `model` above is no such network: it learned from pixels between -0.5 and 0.5, and gives logits. For one like it, write `both / 255 - 0.5` into the call of `predict`, and save `keras.Sequential([model, keras.layers.Softmax()])`. Where
# the answers are no probabilities, the program stops. Whether a network wants other pixels, it cannot know.

# %%
from pathlib import Path

models.imagenet().save("imagenet.keras")
Path("example_readers").mkdir(exist_ok=True)
for name in ("astronaut", "chelsea", "coffee", "flower", "motorcycle_left", "rocket"):
    Image.fromarray(photographs[name]).save(f"example_readers/{name}.jpg", quality=90)

# %% tags=["take-home"]
from pathlib import Path

import cv2
import keras
import numpy as np
import tensorflow as tf

folder, network = "example_readers", keras.models.load_model("imagenet.keras")
_, height, width, channels = (size or 224 for size in network.input_shape)  # 224: any
mode = cv2.IMREAD_GRAYSCALE if channels == 1 else cv2.IMREAD_COLOR
count = other = 0
for path in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
    try:
        found = cv2.imdecode(np.fromfile(path, "uint8"), mode)
        image = tf.io.decode_image(path.read_bytes(), channels, expand_animations=False)
        small = cv2.resize(found, (width, height), interpolation=cv2.INTER_AREA)
    except (cv2.error, OSError, tf.errors.OpError):
        print(f"{path}: cannot be read, left out")
        continue
    as_opencv = small.reshape(height, width, channels)[:, :, ::-1]
    both = np.stack([tf.image.resize(image, (height, width)), as_opencv])
    p = network.predict(both, verbose=0)
    p = np.hstack([1 - p, p]) if p.shape[1] == 1 else p  # one output: class 0 or 1
    if not np.allclose(np.abs(p).sum(axis=1), 1, atol=0.01):
        raise SystemExit("no probabilities: logits, or pixels not from 0 to 255?")
    apart, (first, second) = np.abs(both[0] - both[1]).mean(), p.argmax(axis=1)
    print(f"{path}: {apart:.1f} levels apart, {first} at {p[0, first]:.2f},", end=" ")
    print(f"{second} at {p[1, second]:.2f}", "ANOTHER ANSWER" * int(first != second))
    count, other = count + 1, other + (first != second)
print(f"{other} of {count} get another answer" if count else f"no picture in {folder}")

# %% [markdown]
# *What you see.* For each picture the mean difference of its pixels, then the answer of either reader: the number of a class, and its probability. {{other}} of {{count}} pictures gets another answer. That is a near tie: two classes had nearly the same probability, and a small change decided. An answer that was sure and becomes another is the one to look at. So is a difference of more than 30 levels: such
# a photograph most likely carries a note "turn me", which OpenCV follows and TensorFlow does not. Now put `INTER_LINEAR` in the place of `INTER_AREA`, or leave out `[:, :, ::-1]`.
#
# Outside the notebook TensorFlow first writes some lines of its own, such as "failed call to cuInit" on a machine without a graphics card. They are no failure of the program.
#
# ## What stays open
#
# We compared numbers, not seconds. How long a step takes, and what makes it shorter, is the subject of [lesson 15](15_speed.ipynb). To read on: [Keras's own page on its backends](https://keras.io/getting_started/), [PyTorch's start page, which names the line to install it on your machine](https://pytorch.org/get-started/locally/), and
# [the surprises that JAX itself lists](https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html).

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("14")
