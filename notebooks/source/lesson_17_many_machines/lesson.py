# ---
# jupyter:
#   course_profiles:
#     full:
#       steps: 20
#     smoke:
#       steps: 8
#       timed: 10
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
# # What if one machine is not enough?
#
# Your training takes a week, and there is a second computer in the corner. Will the two need half a week? And will they find the same network?
# Here is a batch of 64 photographs, shared out: each of two devices gets half of it.

# %% tags=["parameters"]
steps: int = 20  # of training, 64 photographs each; at least 8
timed: int = 60  # how often we time a step

# %%
from course_utils import datasets, plots

data = datasets.load(
    "cutouts", train=64 * steps, validation=6, test=6, size=48, quiet=True
)
x, y = data.train.x, data.train.y  # (1280, 48, 48, 3) and (1280,)

# %% tags=["slide"]
plots.image_rows(
    {"device 0": x[:10], "device 1": x[32:42]},
    caption="The first ten of the 32 photographs of each device.",
)

# %% [markdown]
# **After this notebook you can:** train one network on two devices and in two processes, say beforehand whether a second machine will pay, and bring a training that was killed back to where it was.
#
# **Before you start:** lessons 04 and 05. [Lesson 15](15_speed.ipynb) makes one machine faster: do that first.
#
# **Time:** 2 minutes to run, 100 minutes to study: 75 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* and *Further* come on top. A good place to stop for the day is before *A worker dies*.

# %% [markdown] tags=["topic:17.processes"]
# ## Two devices, two more lines
#
# First the network, a small CNN, trained as in lesson 04, on one device: four passes over five batches of 64 photographs, so twenty steps.
#
# (`devices=2` is there because this machine has no graphics card. It tells TensorFlow to see the processor as two devices, with about one core each. On a machine with two cards, leave it out: TensorFlow finds them by itself.)

# %%
from course_utils import startup

startup.load_keras(devices=2)

import keras
import tensorflow as tf
from keras import layers

print([device.name for device in tf.config.list_logical_devices()])


# %%
def small_cnn(*extra):  # layers to put into the middle; they come later
    return keras.Sequential(
        [
            keras.Input((48, 48, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu"),
            *extra,
            layers.MaxPooling2D(4),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(3),
            layers.Flatten(),
            layers.Dense(6, activation="softmax"),
        ]
    )


# %%
def new_network(*extra):
    keras.utils.set_random_seed(0)  # the same first weights each time
    network = small_cnn(*extra)
    sgd = keras.optimizers.SGD(0.05, momentum=0.9)
    network.compile(sgd, "sparse_categorical_crossentropy")
    sgd.build(network.trainable_variables)  # room for the momentum
    return network


# %%
x_few, y_few = x[:320], y[:320]
network = new_network()
on_one = network.fit(x_few, y_few, batch_size=64, epochs=4, shuffle=False, verbose=2)

# %% [markdown]
# Now two devices train one network together: of each batch, each of them gets 32 of the 64 photographs. What will the losses be, compared with those above? Predict before you run it.

# %%
from course_utils import quizzes

quizzes.predict("17.p1", ...)  # put a letter, such as "a", in the place of the dots

# %% [markdown]
# A `strategy` says which devices there are. Whatever is made inside `strategy.scope()` exists on each of them. `fit` shares out each batch by itself.

# %% tags=["slide"]
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    network_on_two = new_network()
on_two = network_on_two.fit(
    x_few, y_few, batch_size=64, epochs=4, shuffle=False, verbose=2
)

# %%
import numpy as np

losses_of_one, losses_of_two = on_one.history["loss"], on_two.history["loss"]
for one, two in zip(losses_of_one, losses_of_two, strict=True):
    print(f"one device {one:.6f}, two devices {two:.6f}")
passes_apart = np.abs(np.subtract(losses_of_one, losses_of_two)).max()
print(f"largest difference: {passes_apart:.0e}")

# %%
quizzes.verdict("17.p1")

# %% [markdown]
# *What you see.* Twenty steps, and the losses of two devices are those of one: they differ by {{passes_apart:.0e}} at most. Sums were taken in another order, so the last digits are rounded differently.
#
# Each step starts where the last one ended, so rounding grows. In a run of ours of sixty steps, the losses of the last passes differed by 0.001 to 0.002.
#
# That is all that a program needs for two graphics cards in one machine: `tf.distribute.MirroredStrategy()` without a list takes all there are. 64 is the batch of all devices together. (`fit` also printed milliseconds a step. They say nothing about two cards: ours are two halves of one processor. We come to the pace below.)

# %% [markdown]
# ## What do the two exchange?
#
# Both devices have a copy of the same network. In every step, each computes the gradients of its own 32 photographs. Then they exchange them, and both take the mean. That is **data parallelism**. Why is the mean right? Take four pictures, whose gradients for one weight are 1, 2, 3 and 6. Their mean is 3.

# %% tags=["slide"]
plots.number_grids(
    {
        "device 0": np.array([[1, 2]]),
        "device 1": np.array([[3, 6]]),
        "their means": np.array([[1.5, 4.5]]),
        "mean of both": np.array([[3]]),
    },
    signs=" →→",
    caption="Each takes the mean of its own two, and both take the mean of the means.",
)

# %% [markdown]
# The loss of a batch is the mean over its pictures, and so is its gradient. Here are the gradients of our network, for all 64 photographs and for the two halves:

# %%
mean_loss = keras.losses.SparseCategoricalCrossentropy()


def loss_and_gradients(network, x, y):
    with tf.GradientTape() as tape:
        loss = mean_loss(y, network(x, training=True))
    return loss, tape.gradient(loss, network.trainable_variables)


network = new_network()
_, whole = loss_and_gradients(network, x[:64], y[:64])
_, half_0 = loss_and_gradients(network, x[:32], y[:32])
_, half_1 = loss_and_gradients(network, x[32:64], y[32:64])

# %%
print(f"one weight, all 64 pictures: {whole[-1][0]:+.6f}")
print(f"device 0: {half_0[-1][0]:+.6f}, device 1: {half_1[-1][0]:+.6f}")
print(f"the mean of the two: {(half_0[-1][0] + half_1[-1][0]) / 2:+.6f}")

furthest = 0.0
for of_all, of_0, of_1 in zip(whole, half_0, half_1, strict=True):
    furthest = max(furthest, np.abs(of_all - (of_0 + of_1) / 2).max())
print(f"over all weights, the largest difference: {furthest:.0e}")

# %% [markdown]
# The two devices see different pictures and disagree. Their mean is what all 64 say, for every weight.

# %% [markdown] tags=["slide"]
# ## Two real processes
#
# Two devices share one program. Two machines do not: each runs a program of its own, and they know nothing of each other but what they send. We call such a program a **worker**. This notebook is worker 0, and it starts a second process, worker 1.
#
# Python has a line between two programs in `multiprocessing.connection`. What one of them gives to `line.send`, the other gets from `line.recv`. Here is the whole program of worker 1, in two parts. The first part calls worker 0, and gets from it the photographs and the network, as the bytes of a `.keras` file.

# %%
first_part = """
import sys
from multiprocessing.connection import Client

line = Client(sys.argv[1], authkey=b"lesson 17")

import keras
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)  # one core for each worker
x, y = line.recv()
with open("received.keras", "wb") as file:
    file.write(line.recv_bytes())
network = keras.models.load_model("received.keras")
"""

# %% [markdown]
# The second part is a training step that you know, with one line more for each direction. Worker 0 says which batch is next. Worker 1 takes the second half of it.

# %%
second_part = """
mean_loss = keras.losses.SparseCategoricalCrossentropy()
while (step := line.recv()) != "the end":
    assert step == int(network.optimizer.iterations), "We are not at the same step."
    half = slice(64 * step + 32, 64 * step + 64)
    with tf.GradientTape() as tape:
        loss = mean_loss(y[half], network(x[half], training=True))
    gradients = tape.gradient(loss, network.trainable_variables)
    mine = [array.numpy() for array in (loss, *gradients)]
    theirs = line.recv()
    line.send(mine)
    means = [(a + b) / 2 for a, b in zip(mine, theirs)]
    network.optimizer.apply(means[1:])  # all but the loss
line.send(network.get_weights())
"""

# %%
from pathlib import Path

folder = Path("example_machines")
folder.mkdir(exist_ok=True)
program = first_part + second_part
(folder / "worker_1.py").write_text(program, encoding="utf-8")
new_network().save(folder / "start.keras")
np.savez(folder / "pictures.npz", x=x, y=y)  # for a program in Further

# %% [markdown]
# To start a program, worker 0 first opens an address where it can be called, and then waits for the call:

# %%
import subprocess
import sys
from multiprocessing.connection import Listener


def start(program):
    listener = Listener(authkey=b"lesson 17")
    command = [sys.executable, program, listener.address]
    with (folder / "errors.txt").open("w") as errors:  # look here if it does not start
        process = subprocess.Popen(command, cwd=folder, stderr=errors)
    return process, listener.accept()


# %% [markdown]
# Worker 1 gets the photographs first, and then the network:


# %%
def start_worker_1(network_file):
    process, line = start("worker_1.py")
    line.send((x, y))
    line.send_bytes(network_file.read_bytes())
    return process, line


# %% [markdown]
# And this is a step of worker 0, beside a step of somebody who works alone. Worker 0 sends first and then listens; worker 1 does it the other way round. If both sent at once, both could wait for ever for the other to listen.


# %%
def step_alone(network, step):
    batch = slice(64 * step, 64 * step + 64)
    loss, gradients = loss_and_gradients(network, x[batch], y[batch])
    network.optimizer.apply(gradients)
    return float(loss)


# %%
def step_together(network, step, line):
    line.send(step)
    half = slice(64 * step, 64 * step + 32)
    loss, gradients = loss_and_gradients(network, x[half], y[half])
    mine = [array.numpy() for array in (loss, *gradients)]
    line.send(mine)
    theirs = line.recv()
    means = [(a + b) / 2 for a, b in zip(mine, theirs, strict=True)]
    network.optimizer.apply(means[1:])  # all but the loss
    return float(means[0])


# %% [markdown]
# Now we train two networks, step by step in turns: one alone, and one with worker 1. While the first takes its step, worker 1 waits. So the two can be timed side by side. We note two times: that by the clock, and the time in which this program computes, without its waiting.

# %%
import time


def now():  # in ms: by the clock, and of this program's computing alone
    return 1000 * np.array([time.perf_counter(), time.process_time()])


# %%
network_alone = keras.models.load_model(folder / "start.keras")
network_0 = keras.models.load_model(folder / "start.keras")
process, line = start_worker_1(folder / "start.keras")
alone, together = [], []  # losses
ms_alone, ms_together = [], []
for step in range(steps):
    started = now()
    alone.append(step_alone(network_alone, step))
    between = now()
    together.append(step_together(network_0, step, line))
    ms_alone.append(between - started)
    ms_together.append(now() - between)

# %%
line.send("the end")
weights_1 = line.recv()
print("worker 1 ended with", process.wait(timeout=60))

# %%
for step in (0, 1, steps // 2, steps - 1):
    print(f"step {step + 1:2}: alone {alone[step]:.6f}, together {together[step]:.6f}")
differences = np.abs(np.subtract(alone, together))
apart = differences.max()
print(f"largest difference of a loss: {apart:.0e}")

pairs = zip(network_0.get_weights(), weights_1, strict=True)
same_weights = all(np.array_equal(one, other) for one, other in pairs)
print("both workers end with the same weights, to the last digit:", same_weights)

# %% tags=["slide"]
plots.lines(
    {"two workers": np.maximum(differences, 1e-8)},
    x_label="step",
    y_label="difference from one worker's loss",
    logarithmic="y",
    caption="How far the losses of two are from those of one. The losses themselves are between 1 and 2.",
)

# %% [markdown]
# *What you see.* The losses of two processes are those of one, up to {{apart:.0e}} in {{steps}} steps. The difference is rounding. Each step starts where the last one ended, so it may grow; why it jumps where it does, we did not look. (A difference of 0 is drawn at a hundred-millionth.) Between the two workers there is none: they add the same two numbers and take the same step.
#
# ### And the time?
#
# The first step of each is left out, as things are set up in it.

# %%
of_one, of_two = np.array(ms_alone[1:]), np.array(ms_together[1:])  # (steps - 1, 2)
for who, taken in (("one worker", of_one), ("two workers", of_two)):
    by_clock, computing = np.median(taken, axis=0)
    print(f"{who}: a step takes {by_clock:.0f} ms, {computing:.0f} of them computing")

# %%
paces = of_one[:, 0] / of_two[:, 0]  # by the clock
low_pace, pace, high_pace = np.quantile(paces, (0.25, 0.5, 0.75))
print(f"by the clock, two are {pace:.2f} times as fast as one,")
print(f"in half of the steps between {low_pace:.2f} and {high_pace:.2f} times")
limit = np.median(of_one[:, 1]) / np.median(of_two[:, 1])  # computing only
print(f"if nobody ever waited: {limit:.2f} times")

# %% [markdown]
# By the clock, two workers were {{pace:.2f}} times as fast as one in the stored run, at the median, and between {{low_pace:.2f}} and {{high_pace:.2f}} times in half of the steps. That is less than twice as fast, for two reasons.
#
# First, worker 0 still computes about {{100 / limit:.0f}} % of the time that it computes alone, though it has half of the pictures. So even if nobody ever waited, two would be {{limit:.2f}} times as fast. We shall see why. The rest is waiting: for the other worker, and for a free core. For all this happened on one machine with two cores, which do whatever else the machine has to do, too. So it is not the pace of a second machine. Run these cells when nothing else runs, and you will find another number.
#
# **Change this.** Let worker 0 forget the exchange of gradients: in `step_together`, write `network.optimizer.apply(mine[1:])`. Run that cell and all after it, as far as the line that says whether both have the same weights. There is no error, and the losses look like losses. But the largest difference of a loss is no longer rounding, and the last printed line says `False`: you have trained two networks. (Then put the line back and run these cells once more.)
#
# How the same two programs run on two machines, and how Keras does it without a line of yours, stands in *Further*.

# %% [markdown] tags=["slide"]
# ## Is it still the same training?
#
# You want to share out your own training. Here are three things that people do. Which of them leave the training as it was?
#
# **1. The faster machine gets more.** Worker 0 gets 48 of the 64 pictures, worker 1 gets 16, and both take the mean of the two gradients.

# %%
_, of_48 = loss_and_gradients(network_alone, x[:48], y[:48])
_, of_16 = loss_and_gradients(network_alone, x[48:64], y[48:64])
_, of_64 = loss_and_gradients(network_alone, x[:64], y[:64])


def in_a_row(gradients):  # all weights of all layers
    return np.concatenate([np.ravel(gradient) for gradient in gradients])


plain_mean = (in_a_row(of_48) + in_a_row(of_16)) / 2
error = plain_mean - in_a_row(of_64)
unequal = np.linalg.norm(error) / np.linalg.norm(in_a_row(of_64))
print(f"plain mean: off by {100 * unequal:.0f} % of the gradient's length")

# %% [markdown]
# It does not: the plain mean counts each picture of worker 1 three times as much as one of worker 0.
#
# *Exercise 17.1: weigh the shares.* Compute `combined`, the mean gradient of the whole batch, from `means`: one row a worker, three weights each. Worker 0 has seen 48 pictures, worker 1 has seen 16.
# *Example:* if both rows were `[1, 2, 3]`, it would be `[1, 2, 3]`.

# %%
from course_utils import exercises

# %% tags=["exercise"]
pictures_seen = [48, 16]
means = np.array([[0.5, -1.0, 0.0], [1.5, 3.0, 4.0]])
combined = ...
exercises.check("17.1", combined)

# %% [markdown]
# **2. Each shuffles for itself.** Each worker has all pictures on its disk, shuffles them, and takes half of a pass. Which pictures does the pair see?

# %%
n = len(x)
order_0 = np.random.default_rng(0).permutation(n)  # shuffled with seed 0
order_1 = np.random.default_rng(1).permutation(n)
half = n // 2
pairs_of_halves = {
    "both shuffle with seed 0": [order_0[:half], order_0[:half]],
    "seed 0 and seed 1": [order_0[:half], order_1[:half]],
    "one order, every second each": [order_0[0::2], order_0[1::2]],
}
seen_share = {}
for name, halves in pairs_of_halves.items():
    seen_share[name] = len(np.unique(np.concatenate(halves))) / n

# %% tags=["slide"]
plots.bars(
    seen_share,
    label="share of the pictures that the pair has seen",
    caption="One pass over the pictures, by two workers.",
)

# %% [markdown]
# *What you see.* With the same seed both do the same work, and half of the pictures are never seen in this pass. With two seeds about a quarter are still missed, and as many are seen twice. Only where both shuffle *alike* and take *different* places is each picture seen once. So: one seed for the order, the worker's number for the share. (`fit` with a `MirroredStrategy` does this for you: one process shares out each batch. Where each process reads for itself, it is for you to do.)
#
# *Exercise 17.2: your own part.* Write `my_part(order, worker, workers)`: of the array `order`, the entries that this worker takes. Together the workers take each entry once, and the longest part has at most one more than the shortest. *Example:* of `[7, 3, 5, 9]`, two workers may take `[7, 5]` and `[3, 9]`. Any other fair split is as good.


# %% tags=["exercise"]
def my_part(order, worker, workers):
    # your lines in the place of the dots
    ...


exercises.check("17.2", my_part)

# %% [markdown]
# **3. The network has batch normalisation.** You know that layer from lesson 05. We put one into the network, and take five steps with one batch of 64, on one device and on two.

# %%
quizzes.predict("17.p2", ...)


# %%
def five_losses(network):  # five passes over one batch are five steps
    few = network.fit(x[:64], y[:64], batch_size=64, epochs=5, shuffle=False, verbose=0)
    return np.array(few.history["loss"])


bn_one = five_losses(new_network(layers.BatchNormalization()))
with strategy.scope():
    normalised = new_network(layers.BatchNormalization())
bn_two = five_losses(normalised)
print("one device: ", bn_one.round(4))
print("two devices:", bn_two.round(4))

# %%
quizzes.verdict("17.p2")

# %% [markdown]
# Is that more than rounding? Batch normalisation subtracts the mean of the batch and divides by its spread. On two devices, each takes them from its own 32 pictures. With `synchronized=True` the devices exchange these, too, so that both use the mean and the spread of all 64. If that is the cause, the losses must come back.

# %%
with strategy.scope():
    synchronized = new_network(layers.BatchNormalization(synchronized=True))
bn_synchronized = five_losses(synchronized)
print("synchronized:", bn_synchronized.round(4))
bn_differences = np.abs(bn_one - bn_two)
synchronized_differences = np.abs(bn_one - bn_synchronized)

# %% tags=["slide"]
plots.lines(
    {
        "each its own mean": np.maximum(bn_differences, 1e-8),
        "synchronized": np.maximum(synchronized_differences, 1e-8),
    },
    x_label="step",
    y_label="difference from one device's loss",
    logarithmic="y",
    caption="Two devices and a layer of batch normalisation. What is below a hundred-millionth is drawn there.",
)

# %% [markdown]
# *What you see.* With batch normalisation the losses of two devices differ from the first step on, by up to {{bn_differences.max():.3f}} within five steps. With `synchronized=True` they differ by {{synchronized_differences.max():.0e}} at most. So it was the mean and the spread of half a batch. (Compare early steps only: rounding grows, with such a layer most of all. The recording with JAX, in *Further*, shows it.)
#
# What do others do? Keras on JAX takes the mean of all 64 by default (measured in *Further*). PyTorch's `DistributedDataParallel` takes that of each share, unless you ask for `SyncBatchNorm`. (The running means, used after training, it copies from worker 0 to all.)
#
# A mean for each worker need not be a fault. [A well-known training on ImageNet](https://arxiv.org/abs/1706.02677) keeps it on purpose, with 32 pictures a worker. It is one where you believe that two workers train what one would have trained.
#
# Often one keeps 64 pictures *each*, so that more workers make larger batches. That is another training, too: search for the learning rate anew. *Further* shows what happened to ours.

# %% [markdown] tags=["slide"]
# ## When are two faster than one?
#
# Now the arithmetic, before you buy anything. Take our small network and 64 photographs a step, shared out among more and more machines, with an ordinary network cable between them.

# %%
quizzes.predict("17.p3", ...)

# %% [markdown]
# There are two numbers to measure: how long a worker computes, and how long the exchange takes. First the gradients, for the whole batch and for smaller shares. The sizes take turns. We count the time in which this program computes, and take the median.

# %%
sizes = [64, 32, 16, 8, 4, 2, 1]
times_of = {size: [] for size in sizes}
for _ in range(max(5, timed // 5)):
    for size in sizes:
        began = time.process_time()
        loss_and_gradients(network_alone, x[:size], y[:size])
        times_of[size].append(1000 * (time.process_time() - began))
compute_ms = {size: np.median(times_of[size]) for size in sizes}
for size, ms in compute_ms.items():
    print(f"photographs: {size:2}, {ms:.1f} ms of computing")

# %% [markdown]
# Half of the pictures is not half of the time: a single picture still takes {{100 * compute_ms[1] / compute_ms[64]:.0f}} % of the time for 64. Starting each layer costs something, however little there is to do. (Here a good part of it is Python, since our step is not compiled; [lesson 15](15_speed.ipynb) has more on that.)
#
# Now the exchange. A second program sends back whatever it gets:

# %%
echo = """
import sys
from multiprocessing.connection import Client

line = Client(sys.argv[1], authkey=b"lesson 17")
while message := line.recv_bytes():  # an empty message ends it
    line.send_bytes(message)
"""
(folder / "echo.py").write_text(echo, encoding="utf-8")
process, line = start("echo.py")

# %%
message_sizes = [1, 1000, 10_000, 100_000, 1_000_000, 10_000_000]  # bytes
exchange_ms = {}
for size in message_sizes:
    message, there_and_back = bytes(size), []
    for _ in range(11):
        began = time.perf_counter()
        line.send_bytes(message)
        line.recv_bytes()
        there_and_back.append(1000 * (time.perf_counter() - began))
    exchange_ms[size] = np.median(there_and_back)
line.send_bytes(b"")
print("echo ended with", process.wait(timeout=60))

# %% tags=["slide"]
plots.lines(
    {"there and back": list(exchange_ms.values())},
    x=[size / 1000 for size in message_sizes],
    x_label="kilobytes in each direction",
    y_label="milliseconds",
    logarithmic="xy",
    caption="Time of one exchange between two programs on this machine.",
)

# %%
latency_ms = exchange_ms[1] / 2  # two messages: there and back
ms_a_megabyte = (exchange_ms[10_000_000] / 2 - latency_ms) / 10
gradient_mb = 4 * network_alone.count_params() / 1e6  # four bytes a weight
print(f"latency: {1000 * latency_ms:.0f} microseconds a message")
print(f"{ms_a_megabyte:.2f} ms a megabyte, so {1000 / ms_a_megabyte:,.0f} MB a second")
print(f"gradients of the small network: {gradient_mb:.3f} MB")

# %% [markdown]
# For two workers like ours: each computes half of the pictures, and then two messages follow, one after the other.

# %%
our_exchange = 2 * (latency_ms + gradient_mb * ms_a_megabyte)
expected = compute_ms[64] / (compute_ms[32] + our_exchange)
print(f"two workers, by this sum: {expected:.2f} times as fast as one")

# %% [markdown]
# *What you see.* On the left the line is nearly flat: one byte and a thousand take about the same time. That is the **latency**, the time of a message however short. On the right the time grows with the size. For a cable one would speak of the **bandwidth**, how many bytes pass in a second. (Our milliseconds a megabyte rest on the largest message alone, with {{ms_a_megabyte:.2f}} for each. One of a single megabyte took {{exchange_ms[1_000_000] / 2:.2f}}.)
#
# For two workers like ours the sum says {{expected:.2f}}. Above, we found {{limit:.2f}} if nobody ever waited, and {{pace:.2f}} by the clock. The sum leaves things out: the optimiser's step, which each worker takes in full; packing the gradients for the line; and all waiting. So take it as an upper bound, and a rough one.
#
# With more than two workers, one would have to send to all. They usually stand in a **ring** instead: each cuts its gradients into n parts and passes them on to its neighbour, until everybody has the sum of all (*Further*, below, draws it). Such an exchange is called **all-reduce**. Each worker sends 2 · (n - 1) messages, of 1/n of the gradients each, and all send at the same time. So for two workers a ring needs half of the bytes' time of our two programs, which send one after the other. As a function:


# %%
def exchange_time(n, mb, latency, ms_a_mb):  # of a ring, in milliseconds
    return 2 * (n - 1) * latency + 2 * (n - 1) / n * mb * ms_a_mb


def speed_up(n, compute, compute_alone, mb, latency, ms_a_mb):
    return compute_alone / (compute + exchange_time(n, mb, latency, ms_a_mb))


print(exchange_time(4, mb=8, latency=1, ms_a_mb=10))  # 6 · 1 + 6 · 2 MB · 10

# %% [markdown]
# Now the small network with an ordinary cable: 1 gigabit a second are 125 MB a second, so 8 ms a megabyte, and let a message take 0.05 ms.

# %%
machines = [1, 2, 4, 8, 16, 32, 64]
cable = {"latency": 0.05, "ms_a_mb": 8.0}  # change these to your own
small = {}
for n in machines:
    small[n] = speed_up(n, compute_ms[64 // n], compute_ms[64], gradient_mb, **cable)
    print(f"{n:2} machines: {small[n]:.1f} times as fast as one")

# %%
quizzes.verdict("17.p3")

# %% [markdown]
# *What you see.* The best of this row is that of {{max(small, key=small.get)}} machines, {{max(small.values()):.1f}} times as fast; 64 machines are {{small[64]:.1f}} times as fast as one. With each further machine the shares get a little smaller, and a ring gets two messages longer. (For gradients as small as ours, libraries pass messages along a tree, where 64 machines need about 12 in the place of 126.) A large network with a fast cable is another matter: *Further* has ResNet-50 on 256 graphics cards, each of which keeps {{100 * efficiency["50 gigabits a second"][-1]:.0f}} % of its pace with the fastest of three cables, by the same formula.
#
# *Exercise 17.3: will it pay?* A step takes 400 ms on one machine. Eight machines compute their eighths in 60 ms. The gradients are 100 MB, the line takes 8 ms a megabyte, a message 5 ms. How many times as fast as one are the eight, in a ring? (Below 1 they are slower than one machine.) *Example:* with 340 ms for the exchange it would be 400 / (60 + 340) = 1.

# %% tags=["exercise"]
times_as_fast = ...
exercises.check("17.3", times_as_fast)

# %% [markdown] tags=["slide"]
# ## A worker dies
#
# In data parallelism as we have it, everybody waits for everybody. (There is an asynchronous kind, too.) So what happens when one of two workers is killed?
#
# First, save now and then where you are. What has to be in such a **checkpoint**? The weights; the optimiser, for it remembers its momentum; and the number of the step, which says which pictures come next. Keras writes all three into one file, since the optimiser counts its steps.


# %%
def save_whole(network):
    network.save(folder / "half_written.keras")
    (folder / "half_written.keras").replace(folder / "checkpoint.keras")


# %% [markdown]
# It writes beside the old file first: whoever is killed while writing must not leave half a checkpoint in the place of a whole one. Now train as above, save after every fourth step, and after three quarters of the way kill worker 1. `kill` is the hard way: it gets no chance to say good-bye.

# %%
network_0 = keras.models.load_model(folder / "start.keras")
process, line = start_worker_1(folder / "start.keras")
before = []
try:
    for step in range(steps):
        before.append(step_together(network_0, step, line))
        if step % 4 == 3:
            save_whole(network_0)
        if step + 1 == 3 * steps // 4:
            process.kill()
except (EOFError, ConnectionError):
    print(f"Worker 1 has gone, after {len(before)} of {steps} steps.")

# %% [markdown]
# Worker 0 cannot go on without it. Here it lives, so it could still save what it has. But if its own machine goes down, only the file is left, and so we use nothing else: worker 0 loads the file, and a new worker 1 gets the same file over the line.

# %%
process.wait(timeout=60)
network_0 = keras.models.load_model(folder / "checkpoint.keras")
resumed_at = int(network_0.optimizer.iterations)
process, line = start_worker_1(folder / "checkpoint.keras")
after = [step_together(network_0, step, line) for step in range(resumed_at, steps)]
line.send("the end")
killed_apart = np.abs(np.subtract(after, together[resumed_at:])).max()
print(f"went on after step {resumed_at}")
print(f"largest difference from the run that was never killed: {killed_apart:.0e}")

# %% tags=["slide"]
gap_before, gap_after = [np.nan] * resumed_at, [np.nan] * (steps - len(before))
plots.lines(
    {
        "never killed": together,
        "until the kill": before + gap_after,
        "started again": gap_before + after,
    },
    marks={"last checkpoint": resumed_at, "killed": len(before)},
    x_label="step",
    y_label="loss of the 64 photographs",
    caption="Between the two upright lines, steps are computed twice.",
)

# %% [markdown]
# *What you see.* The run broke off after step {{len(before)}} and went on after step {{resumed_at}}. The {{len(before) - resumed_at}} steps between were computed twice: that, and a new start, is what the kill cost. The losses are those of the run that was never killed (largest difference {{killed_apart:.1g}}).
#
# Suppose that each of your machines reads its checkpoint from its own disk, and one of them finds an old file. Then it sends gradients of other weights and other pictures, and nobody complains. In our program nothing is read from a second disk, and the `assert` in worker 1 compares the number of the step. Such a line costs nothing. (If it finds another number, worker 1 ends, and its sentence stands in `errors.txt`. To worker 0 it looks as if worker 1 had gone.)
#
# What if only the weights are kept? The next cell gives them to a new network with `set_weights`, so its optimiser begins anew. We need no second process to see that.

# %%
whole_file = keras.models.load_model(folder / "checkpoint.keras")
weights_alone = new_network()
weights_alone.set_weights(whole_file.get_weights())
forgotten = {}
for name, resumed in {"whole": whole_file, "weights alone": weights_alone}.items():
    losses = [step_alone(resumed, step) for step in range(resumed_at, steps)]
    forgotten[name] = np.abs(np.subtract(losses, alone[resumed_at:])).max()
    print(f"{name}: the losses differ by up to {forgotten[name]:.0e}")

# %% [markdown]
# *What you see.* From the whole file the losses go on as before. From the weights alone they differ by up to {{forgotten["weights alone"]:.3f}}, though the weights are right and the pictures, too: the optimiser has forgotten its momentum. That may do little harm. But it is another training, and nothing tells you so. (`network.save` keeps the optimiser. So does `save_weights` for a compiled network in the Keras of the stored run. Other versions and libraries may write the weights alone, so look before you rely on it.)
#
# *Exercise 17.4: mend a resumption.* A weight is trained with momentum. `saved` holds `"weight"`, `"momentum"` and `"steps"`, the number of steps done; `gradients` holds those of all steps from the first. Return the weight at the end, and leave both as they are. Mend this.
# *Example:* `go_on_from({"weight": 1.0, "momentum": 0.5, "steps": 1}, [9.0, 2.0])` gives 1.25.
#
# ```python
# def go_on_from(saved, gradients):
#     weight, momentum = saved["weight"], 0.0
#     for gradient in gradients:
#         momentum = 0.9 * momentum - 0.1 * gradient
#         weight = weight + momentum
#     return weight
# ```


# %% tags=["exercise"]
def go_on_from(saved, gradients):
    # your lines in the place of the dots
    ...


exercises.check("17.4", go_on_from)

# %% [markdown] tags=["topic:17.cluster", "slide"]
# ## Experiments need no exchange
#
# Most of the time you do not want one network sooner. You want nine: three settings, three seeds. These do not wait for each other. **Dask** is a library that hands such jobs out: its **scheduler** waits at an address, and its workers, on as many machines as you like, fetch one job after the other.
#
# Here is a job, a linear classifier on pixels. (`alpha` says how strongly it avoids large weights.) It loads its own data, as it may run anywhere; so on each machine this course has to be installed, with the versions that you have here.


# %%
def accuracy_with(alpha, seed):
    from course_utils import datasets
    from sklearn.linear_model import RidgeClassifier

    data = datasets.load("cutouts", train=300, test=150, size=32, seed=seed, quiet=True)
    train, test = data.train, data.test
    classifier = RidgeClassifier(alpha).fit(train.x.reshape(300, -1), train.y)
    return classifier.score(test.x.reshape(150, -1), test.y)


alphas = 3 * [1e3, 1e6, 1e9]
seeds = [0, 0, 0, 1, 1, 1, 2, 2, 2]
here = [accuracy_with(alpha, seed) for alpha, seed in zip(alphas, seeds, strict=True)]

# %% [markdown]
# And here is a nasty job. The first time it runs, it ends its worker on the spot, as if somebody had pulled the plug of that one process.


# %%
def pull_the_plug(file):
    import os
    from pathlib import Path

    if not Path(file).exists():
        Path(file).touch()
        os._exit(1)  # the whole process, without a word
    return "pulled once, and run again"


# %% [markdown]
# Now all ten on a cluster of two workers on this machine. On many machines you start `dask scheduler` on one and `dask worker ADDRESS` on each, and nothing changes here but the address.

# %%
import logging

from distributed import Client, LocalCluster

# %%
cluster = LocalCluster(
    n_workers=2,
    threads_per_worker=1,
    dashboard_address=None,
    silence_logs=logging.CRITICAL,
)
plug = folder.absolute() / "unplugged"
plug.unlink(missing_ok=True)
with cluster, Client(cluster.scheduler_address) as client:
    nasty = client.submit(pull_the_plug, str(plug))
    futures = client.map(accuracy_with, alphas, seeds)
    there = client.gather(futures)
    print(nasty.result())
print("the same nine figures:", there == here)

# %% tags=["slide"]
by_alpha = {f"alpha {alpha:.0e}": there[k::3] for k, alpha in enumerate(alphas[:3])}
plots.comparison(
    by_alpha,
    label="accuracy on new photographs",
    chance=1 / 6,
    caption="Nine experiments on two workers, of which one was ended in the middle.",
)

# %% [markdown]
# *What you see.* Three settings, three seeds each, and the same nine figures as without the cluster, though one worker was ended in the middle of a job. Dask gave that job out again, and we had to do nothing. (Which `alpha` is best, nine figures do not say: those of the three overlap.) What this cost was not measured: what a dead worker has finished and nobody has fetched yet is computed again, too.
#
# A new worker was started by the *nanny*, a watchman process beside each worker. A machine that is really unplugged takes its nanny along and does not come back; its jobs are left to the other machines.
#
# Whoever reaches the scheduler's address can run code on all workers. Keep it inside a network that you trust.

# %% [markdown] tags=["slide"]
# ## What changes at 64 machines?
#
# So far all machines were alike, and every step took as long as the last. Now 64 of them exchange gradients.

# %%
quizzes.predict("17.p4", ...)

# %% [markdown]
# Here are {{timed}} steps with 16 photographs, timed on this machine one after the other.

# %%
step_times = []
for _ in range(timed):
    began = time.perf_counter()
    loss_and_gradients(network_alone, x[:16], y[:16])
    step_times.append(1000 * (time.perf_counter() - began))
mean_ms = np.mean(step_times)
slowest = max(step_times) / mean_ms
print(f"shortest {min(step_times):.1f} ms, mean {mean_ms:.1f} ms")
print(f"the slowest takes {slowest:.1f} times as long as the mean")

# %% [markdown]
# In every step of n machines, each draws one of these times, and all wait for the longest. We draw 2,000 such steps.

# %%
chance = np.random.default_rng(0)
waiting = {}
for n in machines:
    draws = chance.choice(step_times, size=(2000, n))  # a row is one step of n machines
    waiting[n] = draws.max(axis=1).mean() / mean_ms
for n, times in waiting.items():
    print(f"machines: {n:2}, mean step {times:.2f} times as long as that of one")

# %% tags=["slide"]
plots.lines(
    {"step": list(waiting.values())},
    x=machines,
    x_label="machines that wait for each other",
    y_label="mean step, in mean steps of one",
    logarithmic="x",
    caption="Steps of many machines, drawn from the step times measured here.",
)

# %%
quizzes.verdict("17.p4")

# %% [markdown]
# *What you see.* The mean step of 64 machines takes {{waiting[64]:.1f}} times the mean step of one, though no machine is slower than the others. The slowest that was measured takes {{slowest:.1f}}. If one step in a hundred is slow, a machine alone hardly notices. But that all 64 escape it happens only in {{100 * 0.99**64:.0f}} % of the steps: ninety-nine hundredths, multiplied by itself 64 times.
#
# The figure says why many wait, and not for how long: other programs on the same machine make slow steps more frequent, and that the 64 are slow independently of each other is an assumption. Nor can a step drawn here be longer than the longest that was measured; real machines know worse ones.
#
# **Something is always broken.** A machine that stops once in 1,000 days hardly bothers its owner. With 64 of them, some machine stops every 16 days.
#
# *Exercise 17.5: a month with 256 machines.* Each stops once in 1,000 days. You train on 256 of them for 30 days. How many interruptions do you expect? *Example:* two machines in 500 days: one.

# %% tags=["exercise"]
interruptions = ...
exercises.check("17.5", interruptions)

# %% [markdown]
# And what else?
#
# | with one machine | with 64 |
# | --- | --- |
# | 64 photographs a step | 4,096 if each takes 64: search for the learning rate anew |
# | each picture is read once a pass | each machine reads its share only, or the disk that all read from becomes the slowest machine |
# | one seed | one for the order and the first weights, and for each machine another for augmentation and dropout |
# | batch normalisation over the batch | over each share, unless you ask for all |
# | a crash costs one run | a crash costs all: save, and start again without a person |

# %% [markdown] tags=["slide"]
# ## So do this
#
# - Do not begin with machines. Find out what one waits for (lesson 15) and whether somebody's trained network saves the training (lesson 06).
# - Many experiments: a Dask cluster. They exchange nothing, and when a worker was ended here, the nine figures were the same.
# - One network on several cards: `MirroredStrategy`, and the batch of all together. On several machines (`tf.distribute.MultiWorkerMirroredStrategy`, or `keras.distribution` with JAX): put seconds of a step, megabytes and cable into `speed_up` first. Expect little where the network is small or the cable slow.
# - Then compare the losses of two with those of one, over the first five steps. They must be equal but for rounding, or you know why not.
# - Save weights, optimiser and step, whole or not at all, and kill a worker once to see that it goes on.
#
# | you want | and | take |
# | --- | --- | --- |
# | one network sooner | the processor waits for pictures | another input pipeline (lesson 15) |
# | | you have few pictures | a trained network (lesson 06) |
# | | the step is long, the gradients small | data parallelism, several cards in one machine first |
# | | n machines, and `speed_up` says less than n / 2 | a better cable or larger shares; not more machines |
# | many networks | each fits on one machine | a cluster of experiments |
# | a network too large for one card | | its parts on several cards: model parallelism, not shown here |

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("17.q1")
quizzes.answer("17.q1", ...)

# %%
quizzes.ask("17.q2")
quizzes.answer("17.q2", ...)

# %%
quizzes.ask("17.q3")
quizzes.answer("17.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("17")

# %% [markdown]
# ## To take home
#
# A training on a folder of yours, one subfolder for each class, that you may kill whenever you like. Start it again, and it goes on from the last whole pass. Each pass has an order of its own that follows from its number, so the order is the same after a kill. The next cell writes a folder to try it on.
#
# The program uses names of this lesson, such as `x`, `y` and `order`, for things of its own. So restart the kernel before you run earlier cells again.

# %%
from PIL import Image

for number in range(min(len(x), 240)):
    class_folder = Path("example_killed") / data.class_names[y[number]]
    class_folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(x[number]).save(class_folder / f"{number}.png")

# %% tags=["take-home"]
from pathlib import Path
import numpy as np
from keras import Input, Sequential, layers, models, utils
from PIL import Image, ImageOps

passes, size, found, saved = 20, 48, {}, Path("killed.keras")
for place in sorted(Path("example_killed").glob("[!.]*/[!.]*")):  # your folder
    try:
        upright = ImageOps.exif_transpose(Image.open(place)).convert("RGB")
        found[place] = np.array(ImageOps.fit(upright, (size, size))) / 255
    except Exception as problem:  # damaged, or no picture: say so and go on
        print("left out:", place, problem)
names, y = np.unique([place.parent.name for place in found], return_inverse=True)
assert len(names) > 1, f"Two classes or more, one subfolder each. Found: {names}"
x, new = np.array(list(found.values())), np.random.default_rng(0).random(len(y)) < 0.3
utils.set_random_seed(0)
middle = [layers.Conv2D(32, 5, 2, activation="relu"), layers.GlobalMaxPool2D()]
fresh = Sequential([Input(x[0].shape), *middle, layers.Dense(len(names), "softmax")])
fresh.compile("adam", "sparse_categorical_crossentropy")
net = models.load_model(saved) if saved.exists() else fresh
assert net.count_params() == fresh.count_params(), f"Another network: delete {saved}"
print(f"{len(y)} pictures, {names}; steps done: {int(net.optimizer.iterations)}")
for done in range(int(net.optimizer.iterations) // -(-sum(~new) // 32), passes):
    order = np.random.default_rng(done).permutation(np.flatnonzero(~new))
    fit = net.fit(x[order], y[order], batch_size=32, shuffle=False, verbose=0)
    net.save("half.keras")
    Path("half.keras").replace(saved)  # the whole file, or the old one
    print(f"pass {done + 1} of {passes}: loss {fit.history['loss'][0]:.4f}", flush=True)
right = net.predict(x[new], verbose=0).argmax(axis=1) == y[new]
print(f"{100 * right.mean():.0f} % ± {98 / sum(new) ** 0.5:.0f} points, {sum(new)} new")

# %% [markdown]
# Behind ± stands what chance may do to a share of so few new pictures, at most, in 19 cases of 20. Compare with guessing: one in as many as there are classes. When all passes are done, the program trains no more and only prints the share. (In a terminal TensorFlow writes lines of its own first; with `TF_CPP_MIN_LOG_LEVEL=3` before `python` they are fewer.) To use the network elsewhere, load `killed.keras`; its outputs stand for the subfolders in the order of the alphabet.
#
# To begin anew, delete `killed.keras`: when the pictures have changed, or when you change the network, `size` or the batch of 32. The program notices another number of weights and says so. It does not notice another `size` or batch, nor new pictures: it would go on with what it learned from the old ones, and count some of those it has learned from as new. If it cannot open `killed.keras`, the file is damaged: delete it as well. Keras also has `callbacks.BackupAndRestore`, which by default goes on from the last whole epoch of one `fit`.

# %% [markdown]
# ## What stays open
#
# What if one network does not fit on one card? Then its weights have to be shared out, too: [Keras's guide](https://keras.io/guides/distribution/) calls that `ModelParallel`. The [tutorials of Amsterdam](https://uvadlc-notebooks.readthedocs.io/en/latest/tutorial_notebooks/scaling/JAX/data_parallel_intro.html) write out data parallelism in JAX, and go on from there. Whether more machines and more data are worth it is the question of [lesson 20](20_words_and_scale.ipynb).

# %% [markdown]
# ## Further: these cells on two machines
#
# The notebook stays on the first machine, as worker 0. The second machine gets one file, `worker_1.py`. Suppose that the first has the address 192.168.1.5 in your network. Take the cells apart like this:
#
# | cell | runs on | what you change |
# | --- | --- | --- |
# | `first_part` | the second | its line with `Client`: `line = Client(("192.168.1.5", 50170), authkey=b"your own key")` |
# | `second_part` | the second | nothing |
# | the cell that writes `worker_1.py` | the first | nothing; run it, and copy the file to the second machine |
# | `start` | the first | the whole function, see below |
# | `start_worker_1`, `step_together`, and the training itself | the first | nothing |
# | the cells with `process` | the first | leave out `process.wait(...)`; in the place of `process.kill()` write `input("Stop worker 1, then press Enter.")`, and stop it there with Ctrl-C |
# | `echo.py`, to measure your cable | the second | as `first_part` |
#
# ```python
# def start(program):
#     listener = Listener(("0.0.0.0", 50170), authkey=b"your own key")
#     print("Now type on the second machine: python", program)
#     return None, listener.accept()
# ```
#
# `"0.0.0.0"` stands for every way into this machine, and 50170 is the port, any number that nobody else uses there. Worker 0 has to listen before worker 1 calls: so run the cell, and type on the second machine when it tells you to. After the kill, type it once more.
#
# Both machines need the same versions of Python, NumPy, Keras and TensorFlow, and a firewall may ask you whether Python may be called. Do this only in a network that you trust: nothing is encrypted, and whoever knows the key can make `recv`, which reads a pickle, run code (lesson 11 shows how). (We tried these changes with two programs on one machine, which called each other by such an address.)

# %% [markdown]
# ## Further: two processes with Keras
#
# You need not write the exchange yourself. `keras.distribution` does it, on as many machines as you like, if Keras computes with JAX (an extra: `pip install jax`). What is new are the two lines with `keras.distribution`.

# %%
with_keras = """
import sys
import keras
import numpy as np

worker, workers, port, steps = map(int, sys.argv[1:])
if workers > 1:
    keras.distribution.initialize(f"127.0.0.1:{port}", workers, worker)
    keras.distribution.set_distribution(keras.distribution.DataParallel())
x, y = np.load("pictures.npz").values()
network = keras.models.load_model("start.keras")
share = 64 // workers
for step in range(steps):
    mine = slice(64 * step + share * worker, 64 * step + share * (worker + 1))
    print(float(network.train_on_batch(x[mine], y[mine])), flush=True)
"""

# %%
size = (folder / "with_keras.py").write_text(with_keras, encoding="utf-8")
print(f"with_keras.py: {size} characters")

# %% [markdown]
# In two windows, inside `example_machines`: `KERAS_BACKEND=jax python with_keras.py 0 2 50170 20`, and the same with 1 in the place of 0. In the command prompt of Windows, type `set KERAS_BACKEND=jax` first, in both windows, and then the line from `python` on (we tried it on Linux only). On two machines, copy the folder to both, and write the address of the first in the place of `127.0.0.1`, in both copies of the program.
#
# Without JAX you can go on all the same: what the program printed here is recorded.

# %%
from course_utils import recorded

jax_losses = recorded.show("17_processes").figures["losses"]
for who, losses in jax_losses["plain"].items():
    print(f"{who:>20}: " + ", ".join(f"{losses[step]:.6f}" for step in (0, 1, 9, 19)))
jax_bn = jax_losses["batch normalisation"]
jax_bn_differences = np.abs(np.subtract(*jax_bn.values()))

# %% [markdown]
# *What you see.* Steps 1, 2, 10 and 20, from the same weights and with the same photographs as above. Another framework, one process or two, and the same losses up to rounding. With a layer of batch normalisation the first five losses of one process and two differ by {{jax_bn_differences[:5].max():.0e}}: for JAX the 64 pictures are one array, and the layer takes the mean of all. (Within twenty steps, rounding has grown to {{jax_bn_differences.max():.2f}} there.)

# %% [markdown]
# ## Further: more workers, larger batches
#
# Each worker keeps 64 pictures. Then 32 workers make batches of 2,048, and take a 32nd of the steps. A usual rule is to multiply the learning rate by the number of workers. Does it help? We trained the network of this lesson on 2,048 photographs, twelve passes each time, three starts.

# %%
by_rule = recorded.show("17_batch").figures["accuracy"]
print("workers  steps  rate kept  rate times workers")
for workers in by_rule["rate kept"]:
    kept = 100 * np.mean(by_rule["rate kept"][workers])
    multiplied = 100 * np.mean(by_rule["rate times workers"][workers])
    print(f"{workers:>7}  {384 // int(workers):5}  {kept:7.0f} %  {multiplied:16.0f} %")

# %% tags=["slide"]
plots.lines(
    {rule: np.transpose(list(found.values())) for rule, found in by_rule.items()},
    x=[int(number) for number in by_rule["rate kept"]],
    x_label="workers of 64 pictures each",
    y_label="accuracy on 600 new photographs",
    logarithmic="x",
    chance=1 / 6,
    caption="Every network has seen each picture equally often. Lines: mean of three starts; bands: lowest to highest.",
)

# %% [markdown]
# *What you see.* From one worker to 32 the accuracy falls, and the rule brings no gain here: at 4 workers the two bands overlap, and with 16 times the rate at once the network is hardly better than guessing.
#
# This says nothing about long trainings. Twelve or 24 steps are few. And those who made the rule known, [on ImageNet with batches up to 8,192](https://arxiv.org/abs/1706.02677), let the rate grow slowly at first (*warm-up*) and lost nothing. (The rate of one worker, 0.025, was the best of four by validation. With 32 workers our batch is the whole training set.) So a larger batch is another training: search for its rate anew, or share out the batch that you have.

# %% [markdown]
# ## Further: a large network and a fast cable
#
# Whoever has many machines does not share out 64 pictures. They keep the share and let the batch grow. Take ResNet-50, with 25.6 million weights. [A paper of 2017](https://arxiv.org/abs/1706.02677) trained it on ImageNet in one hour with 256 graphics cards; [one machine with 8 cards](https://developer.nvidia.com/facebook-trains-imagenet-1-hour) had taken 29 hours. That was 138 photographs a second and card, so 232 ms for 32 of them.

# %%
resnet = {"compute": 232, "compute_alone": 232, "mb": 4 * 25.6}
many = [1, 2, 4, 8, 16, 32, 64, 128, 256]
cables = {  # ms a megabyte
    "1 gigabit a second": 8.0,
    "10 gigabits a second": 0.8,
    "50 gigabits a second": 0.16,
}
efficiency = {}
for name, ms in cables.items():
    efficiency[name] = [speed_up(n, **resnet, latency=0.05, ms_a_mb=ms) for n in many]

# %% tags=["slide"]
plots.lines(
    efficiency,
    x=many,
    x_label="graphics cards, 32 photographs each",
    y_label="pictures a second and card, 1 = no exchange",
    logarithmic="x",
    caption="What the formula says of ResNet-50. The latency, 0.05 ms, is a guess; put in your own.",
)

# %% [markdown]
# *What you see.* The same network with three cables. With 1 gigabit, each card of {{many[1]}} works at {{100 * efficiency["1 gigabit a second"][1]:.0f}} % of its pace, and with 256 at {{100 * efficiency["1 gigabit a second"][-1]:.0f}} %: mostly they wait. With 50 gigabits, the cable of that paper, it is {{100 * efficiency["50 gigabits a second"][-1]:.0f}} %. The paper measured nine tenths, of the pace with 8 cards.
# The formula is too strict there: that program exchanged the gradients of the last layers while it still computed those of the first, and eight cards sat in one machine. It tells the possible from the hopeless, no more.
#
# **Change this.** Put your own numbers into `resnet` and `cables`: milliseconds of a step, megabytes of gradients (four times the millions of weights), your cable.

# %% [markdown]
# ## Further: the exchange in a ring
#
# Each worker cuts its row of gradients into as many parts as there are workers. In each turn, each sends one part to the next worker, which adds it to its own. Worker 0 begins with part 0, worker 1 with part 1; a turn later each passes on what it has just added up. When the sums are complete, they go round once more. Here are three workers; the digits show who is in a sum.

# %%
rows = np.array([[1, 2, 3], [40, 50, 60], [700, 800, 900]])  # a row a worker
complete = rows.sum(axis=0)
ring = {"at first": rows.copy()}
for turn in (0, 1):
    before_turn = rows.copy()  # all send at the same time
    for worker in (0, 1, 2):
        part = (worker - turn) % 3  # % 3: after the last part comes the first
        rows[(worker + 1) % 3, part] += before_turn[worker, part]
    ring[f"turn {turn + 1}: add"] = rows.copy()

# %%
for turn in (0, 1):
    before_turn = rows.copy()
    for worker in (0, 1, 2):
        part = (worker + 1 - turn) % 3  # the complete one that came last
        rows[(worker + 1) % 3, part] = before_turn[worker, part]
    ring[f"turn {turn + 3}: pass on"] = rows.copy()

# %% tags=["slide"]
plots.number_grids(
    ring,
    signs="→→→→",
    row_names=["worker 0", "worker 1", "worker 2"],
    marked={name: np.argwhere(grid == complete) for name, grid in ring.items()},
    caption="Rows are workers, columns parts. Marked: the sum of all three.",
)

# %% [markdown]
# What workers may do together has names, which you meet in every library:
#
# | name | what each has afterwards |
# | --- | --- |
# | broadcast | what one of them had |
# | all-gather | what all of them had, side by side |
# | reduce-scatter | one part of the sum: the first two turns above |
# | all-reduce | the whole sum: all four turns |
#
# To try JAX's many devices on one processor, set `XLA_FLAGS=--xla_force_host_platform_device_count=8`: it then sees eight.
#
# ## Further: how often should one save?
#
# When Meta trained Llama 3 on 16,384 graphics cards, [419 unexpected interruptions](https://arxiv.org/abs/2407.21783) came in 54 days. That is one in 2,112 days for each card. Saving costs time, and so does what has to be computed again. [An old rule](https://doi.org/10.1145/361147.361115) balances the two: every √(2 · time to save · time between interruptions).

# %%
days_a_card = 16_384 * 54 / 419
for n in (1, 64, 1024, 16_384):
    hours = 24 * days_a_card / n
    save_every = (2 * (1 / 60) * hours) ** 0.5  # if saving takes one minute
    print(
        f"{n:6} cards: one interruption in {hours:10,.1f} hours;",
        f"save every {save_every:5.1f} hours",
    )

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("17")
