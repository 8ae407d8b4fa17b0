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
# Here is a batch of 64 photographs, shared out: each of two **workers** gets half of it.

# %% tags=["parameters"]
steps: int = 20  # of training, 64 photographs each; at least 8
timed: int = 100  # how often we time a step

# %%
from course_utils import datasets, plots

data = datasets.load(
    "cutouts", train=64 * steps, validation=6, test=6, size=48, quiet=True
)
x, y = data.train.x, data.train.y  # (1280, 48, 48, 3) and (1280,)

# %% tags=["slide"]
plots.image_rows(
    {"worker 0": x[:10], "worker 1": x[32:42]},
    caption="The first ten of the 32 photographs of each worker.",
)

# %% [markdown]
# **After this notebook you can:** train one network in two processes, say beforehand whether a second machine will pay, and bring a training that was killed back to where it was.
#
# **Before you start:** lessons 04 and 05. [Lesson 15](15_speed.ipynb) makes one machine faster: do that first.
#
# **Time:** 2 minutes to run, 60 minutes to study, and 25 more if you do all five exercises.

# %% [markdown] tags=["topic:17.processes"]
# ## One network, two workers
#
# Both workers have a copy of the same network. In every step, each computes the gradients of its own 32 pictures. Then they exchange them, and both take the mean. That is **data parallelism**.
#
# What will the losses be after twenty steps, compared with one worker that sees all 64? Predict before you read on.

# %%
from course_utils import quizzes

quizzes.predict("17.p1", ...)  # put a letter, such as "a", in the place of the dots

# %% [markdown]
# The network is a small CNN. We save it once, with its optimiser, so that everybody can start from the same weights.

# %%
from course_utils import startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def new_network(batch_normalisation=False):  # what that is for comes later
    keras.utils.set_random_seed(0)
    extra = [layers.BatchNormalization()] if batch_normalisation else []
    network = keras.Sequential(
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
    optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
    network.compile(optimizer, "sparse_categorical_crossentropy")
    optimizer.build(network.trainable_variables)  # room for the momentum
    return network


folder = Path("example_machines")
folder.mkdir(exist_ok=True)
network = new_network()
network.save(folder / "start.keras")
np.savez(folder / "pictures.npz", x=x, y=y)
print(f"{network.count_params():,} weights")

# %% [markdown]
# The loss of a batch is the mean over its pictures, and so is its gradient.

# %%
mean_loss = keras.losses.SparseCategoricalCrossentropy()


def loss_and_gradients(network, x, y):
    with tf.GradientTape() as tape:
        loss = mean_loss(y, network(x, training=True))
    return loss, tape.gradient(loss, network.trainable_variables)


_, whole = loss_and_gradients(network, x[:64], y[:64])
_, of_worker_0 = loss_and_gradients(network, x[:32], y[:32])
_, of_worker_1 = loss_and_gradients(network, x[32:64], y[32:64])

# %% [markdown]
# Look at one weight, the first of the last layer's biases, with its three gradients:

# %%
print(f"all 64 pictures: {whole[-1][0]:+.6f}")
print(f"worker 0: {of_worker_0[-1][0]:+.6f}, worker 1: {of_worker_1[-1][0]:+.6f}")
print(f"the mean of the two: {(of_worker_0[-1][0] + of_worker_1[-1][0]) / 2:+.6f}")

# %% [markdown]
# The two workers see different pictures and disagree. Their mean is what all 64 say. Why? Take four pictures, whose gradients for one weight are 1, 2, 3 and 6. Their mean is 3.

# %% tags=["slide"]
plots.number_grids(
    {
        "worker 0": np.array([[1, 2]]),
        "worker 1": np.array([[3, 6]]),
        "their means": np.array([[1.5, 4.5]]),
        "mean of both": np.array([[3]]),
    },
    signs=" →→",
    caption="Each worker takes the mean of its own two, and both take the mean of the means.",
)

# %% [markdown]
# Does it hold for every weight?

# %%
furthest = 0.0
for all_64, one, other in zip(whole, of_worker_0, of_worker_1, strict=True):
    furthest = max(furthest, np.abs(all_64 - (one + other) / 2).max())
print(f"largest difference, over all weights: {furthest:.1e}")

# %% [markdown]
# For the first step it does, with everything in one program: the number above is tiny. What twenty steps make of it is what you predicted: will the two stay beside the one, or will small differences grow from step to step? We run it.
#
# ## Two real processes
#
# Now with two programs that know nothing of each other but what they send. The exchange comes first. Each sends its array as plain bytes and reads the other's. One of them has to speak first: if both wrote at once, both could
# wait for ever for the other to read.


# %%
def mean_of_both(line, worker, mine):  # a float32 array of any shape
    if worker == 0:
        line.write(mine.tobytes())
        line.flush()
    theirs = line.read(mine.nbytes)
    if len(theirs) < mine.nbytes:
        raise ConnectionError("The other worker has gone.")
    if worker == 1:
        line.write(mine.tobytes())
        line.flush()
    return (mine + np.frombuffer(theirs, "float32").reshape(mine.shape)) / 2


# %% [markdown]
# The training step is the one you know, with two things new: each worker takes its own share of the batch, and after the gradients comes the exchange.


# %%
def train(worker, workers, steps, line=None, start="start.keras"):
    network = keras.models.load_model(start)  # all start from the same weights
    with np.load("pictures.npz") as pictures:
        x, y = pictures["x"], pictures["y"]
    share = 64 // workers
    for step in range(steps):
        first = 64 * step + share * worker
        mine = slice(first, first + share)
        loss, gradients = loss_and_gradients(network, x[mine], y[mine])
        if workers == 2:
            loss = mean_of_both(line, worker, loss.numpy())
            gradients = [mean_of_both(line, worker, g.numpy()) for g in gradients]
        network.optimizer.apply(gradients)
        yield float(loss)


# %% [markdown]
# (`yield` hands out each loss as soon as it is there.) One worker alone needs no line:

# %%
import contextlib

with contextlib.chdir(folder):
    alone = list(train(0, 1, steps))
print("losses:", ", ".join(f"{loss:.4f}" for loss in alone[:3]), "...")

# %% [markdown]
# Two workers need a **socket**, a line between two programs. Worker 0 waits at its address, at a **port**, which is a number, and worker 1 calls there.

# %%
import socket
import time


def connect(worker, address, port):  # both are given worker 0's address
    if worker == 0:
        with socket.create_server((address, port)) as server:
            server.settimeout(120)
            connection, _ = server.accept()
    else:
        connection = call(address, port)
    connection.settimeout(120)  # a partner who is silent for so long has gone
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # send at once
    return connection.makefile("rwb")


def call(address, port):
    for _ in range(600):
        try:
            return socket.create_connection((address, port), timeout=60)
        except ConnectionRefusedError:  # worker 0 is not there yet
            time.sleep(0.2)
    raise ConnectionError("Worker 0 does not answer.")


# %% [markdown]
# These functions, and four lines to start them, are the whole program of a worker. We write it into a file.

# %%
import inspect

imports = """
import socket, sys, time
from pathlib import Path
import keras
import numpy as np
import tensorflow as tf

mean_loss = keras.losses.SparseCategoricalCrossentropy()

"""
worker_ending = """
worker, workers, port, steps = map(int, sys.argv[1:5])
line = connect(worker, sys.argv[5], port) if workers == 2 else None
for loss in train(worker, workers, steps, line):
    print(loss, time.perf_counter(), flush=True)
"""


def write_program(name, beginning, functions, ending):
    sources = "\n\n".join(inspect.getsource(function) for function in functions)
    (folder / name).write_text(beginning + sources + ending, encoding="utf-8")


exchange = [call, connect, mean_of_both]
write_program(
    "worker.py", imports, [*exchange, loss_and_gradients, train], worker_ending
)

# %% [markdown]
# On two machines, copy the folder `example_machines` to both. If the first has the address 192.168.1.5, type `python worker.py 0 2 5000 20 192.168.1.5` there, and the same with 1 in the place of the first 0 on the other. Do this only in a network that you trust: there is no password, and whoever reaches the port may be the partner.
#
# Here the notebook starts both on this machine, whose own address is always `127.0.0.1`. Before that it starts one worker alone, so that we can compare.

# %%
import subprocess
import sys


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def launch(program, worker, workers, port):
    numbers = [str(number) for number in (worker, workers, port, steps)]
    command = [sys.executable, program, *numbers, "127.0.0.1"]
    with (folder / f"worker_{worker}.log").open("w") as log:
        return subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True
        )


def losses_and_times(text):  # a line is a loss, and the clock when it was printed
    return np.array([line.split() for line in text.splitlines()], dtype=float).T


# %%
single = launch("worker.py", 0, 1, 0)
_, times_single = losses_and_times(single.communicate(timeout=300)[0])

port = free_port()
pair = [launch("worker.py", worker, 2, port) for worker in (0, 1)]
printed = [worker.communicate(timeout=300)[0] for worker in pair]
together, times_pair = losses_and_times(printed[0])
also_together, _ = losses_and_times(printed[1])

# %%
shown = [0, 1, steps // 2, steps - 1]
for step in shown:
    print(f"step {step + 1:2}: alone {alone[step]:.6f}, together {together[step]:.6f}")
apart = np.abs(np.subtract(alone, together)).max()
print(f"largest difference: {apart:.1e}")
print("both workers print the same losses:", np.array_equal(together, also_together))

# %%
quizzes.verdict("17.p1")

# %% tags=["slide"]
plots.lines(
    {"one worker": alone, "two workers": together},
    x_label="step",
    y_label="loss of the 64 photographs",
    caption="One line covers the other.",
)

# %% [markdown]
# *What you see.* The losses of two workers cover those of one: they differ by {{apart:.1e}} at most, in {{steps}} steps. Sums were taken in another order, so the last digits are rounded differently. And both workers print the same losses to the last digit:
# they add the same two numbers, and take the same step.
#
# And the time? Each worker printed its clock with each loss. We take the shortest step of each, since other programs can only make a step longer.

# %%
step_alone = 1000 * np.diff(times_single).min()
step_pair = 1000 * np.diff(times_pair).min()
print(f"a step of one worker: {step_alone:.1f} ms, of two: {step_pair:.1f} ms")
print(f"two are {step_alone / step_pair:.2f} times as fast as one")

# %% [markdown]
# So no half a week: {{step_alone / step_pair:.2f}} times as fast, in the stored run. But read this number with care. Both workers sit on one machine with two cores. One worker alone may already use both of them, and two have to share them, also with the other programs that were running. So it is not the pace that a second machine would bring, and on a machine of your own you will see another number: in one of our runs, beside other programs, two were slower than one. What has to be paid for with two machines is the question of a section below.
#
# **Change this.** Let the workers forget to exchange after five steps: in `train`, write `if workers == 2 and step < 5:`, and run the cells from there on. From the sixth step on, the two no longer print the same losses. Nobody complains: you now train two networks. (Then put the line back, and run these cells once more.)

# %% [markdown]
# ## The same with Keras
#
# You need not write the exchange yourself. Keras has it in `keras.distribution`, if it computes with JAX (an extra: `pip install jax`). What is new stands before the network is loaded: two lines, where there is more than one worker.

# %%
with_keras = """
import sys
import keras
import numpy as np

worker, workers, port, steps, start = *map(int, sys.argv[1:5]), sys.argv[5]
if workers > 1:
    keras.distribution.initialize(f"127.0.0.1:{port}", workers, worker)
    keras.distribution.set_distribution(keras.distribution.DataParallel())
pictures = np.load("pictures.npz")
x, y = pictures["x"], pictures["y"]
network = keras.models.load_model(start)
share = 64 // workers
for step in range(steps):
    first = 64 * step + share * worker
    mine = slice(first, first + share)
    print(float(network.train_on_batch(x[mine], y[mine])), flush=True)
"""
with (folder / "with_keras.py").open("w", encoding="utf-8") as file:
    file.write(with_keras)

# %% [markdown]
# In two windows, inside `example_machines`: `KERAS_BACKEND=jax python with_keras.py 0 2 5000 20 start.keras`, and the same with 1 in the place of 0. In the command prompt of Windows, type `set KERAS_BACKEND=jax` first, in both windows, and then the line from `python` on (we tried it on Linux only). On two machines, copy the folder to both, and write the address of the first in the place of `127.0.0.1`, in both copies of the program.
#
# Without JAX you can go on all the same: what the program printed here is recorded.

# %%
from course_utils import recorded

jax_losses = recorded.show("17_processes").figures["losses"]
for who, losses in jax_losses["plain"].items():
    print(f"{who:>20}: " + ", ".join(f"{losses[step]:.6f}" for step in (0, 1, 9, 19)))

# %% [markdown]
# *What you see.* Steps 1, 2, 10 and 20, from the same weights and with the same photographs as above. Another framework, one process or two, and the same losses up to rounding.
#
# And if one machine holds several GPUs? Then TensorFlow needs no second process. These lines make a copy of the network on each GPU, share out each batch of 64 and take the mean of the gradients:
#
# ```python
# strategy = tf.distribute.MirroredStrategy()  # all GPUs of this machine
# with strategy.scope():
#     network = new_network()
# network.fit(x, y, batch_size=64)  # 64 for all GPUs together
# ```
#
# (Not run here: this is one machine without a GPU.)

# %% [markdown] tags=["slide"]
# ## Four ways to get it wrong
#
# Nothing above raises an error when it is done wrongly. Here are four usual ways to train something else than you meant, each measured.
#
# **1. Unequal shares.** Say worker 0 is the faster machine and gets 48 of the 64 pictures. The plain mean then counts each picture of worker 1 three times as much as one of worker 0.

# %%
_, of_48 = loss_and_gradients(network, x[:48], y[:48])
_, of_16 = loss_and_gradients(network, x[48:64], y[48:64])


def relative_difference(found, right):  # two lists of arrays
    found, right = (
        np.concatenate([np.ravel(g) for g in row]) for row in (found, right)
    )
    return np.linalg.norm(found - right) / np.linalg.norm(right)


plain_mean = [(one + other) / 2 for one, other in zip(of_48, of_16, strict=True)]
unequal = relative_difference(plain_mean, whole)
print(f"plain mean: off by {100 * unequal:.0f} % of the gradient's length")

# %% [markdown]
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
# **2. The same pictures twice.** Each worker has all pictures on its disk, shuffles them, and takes half of a pass. Which pictures does the pair see?

# %%
n = len(x)


def half_of_a_pass(seed):
    return set(np.random.default_rng(seed).permutation(n)[: n // 2].tolist())


one_order = np.random.default_rng(0).permutation(n)
seen = {
    "both shuffle with seed 0": half_of_a_pass(0) | half_of_a_pass(0),
    "seed 0 and seed 1": half_of_a_pass(0) | half_of_a_pass(1),
    "one order, every second each": set(one_order[0::2]) | set(one_order[1::2]),
}
seen_share = {name: len(found) / n for name, found in seen.items()}

# %% tags=["slide"]
plots.bars(
    seen_share,
    label="share of the pictures that the pair has seen",
    caption="One pass over the pictures, by two workers.",
)

# %% [markdown]
# *What you see.* With the same seed both do the same work, and half of the pictures are never seen in this pass: two workers, the work of one. With two seeds about a quarter are still missed, and as many are seen twice. Only where both shuffle *alike* and take *different* places is each picture seen once. So: one seed for the order and the first
# weights, the worker's number for the share. (What should differ from worker to worker is the chance in augmentation and dropout.)
#
# *Exercise 17.2: your own part.* Write `my_part(order, worker, workers)`: of the array `order`, the entries that this worker takes. Together the workers take each entry once, and the longest part has at most one more than the shortest. *Example:* of `[7, 3, 5, 9]`, two workers may take `[7, 5]` and `[3, 9]`.


# %% tags=["exercise"]
def my_part(order, worker, workers):
    # your lines in the place of the dots
    ...


exercises.check("17.2", my_part)

# %% [markdown]
# **3. Layers that look at the whole batch.** Batch normalisation subtracts the mean of the batch and divides by its spread. Each worker only knows those of its own half. Does that matter?

# %%
quizzes.predict("17.p2", ...)

# %% [markdown]
# We put one such layer into the network, and let both workers run as threads of this notebook, joined by a pair of sockets. The function `train` stays as it is.

# %%
from concurrent.futures import ThreadPoolExecutor

new_network(batch_normalisation=True).save(folder / "normalised.keras")


def train_pair(start):
    ends = [end.makefile("rwb") for end in socket.socketpair()]

    def losses_of(worker):
        return list(train(worker, 2, steps, ends[worker], start))

    with ThreadPoolExecutor(2) as pool:
        losses, _ = pool.map(losses_of, (0, 1))
    return losses


with contextlib.chdir(folder):
    bn_alone = list(train(0, 1, steps, start="normalised.keras"))
    bn_together = train_pair("normalised.keras")
bn_differences = np.abs(np.subtract(bn_alone, bn_together))
print("difference of the first five losses:", bn_differences[:5].round(3))

# %% [markdown]
# Is that more than rounding? To know, we need a **control**: something that changes the rounding and nothing else. One worker gets the same 64 pictures in the opposite order. Every mean is the same, only summed up the other way round.


# %%
def train_here(network, first=0, order=range(64)):  # one worker, in this notebook
    for step in range(first, steps):
        mine = 64 * step + np.array(order)
        loss, gradients = loss_and_gradients(network, x[mine], y[mine])
        network.optimizer.apply(gradients)
        yield float(loss)


bn_reversed = list(train_here(new_network(True), order=range(63, -1, -1)))
control_differences = np.abs(np.subtract(bn_alone, bn_reversed))
print("difference of the first five losses:", control_differences[:5].round(6))

# %% tags=["slide"]
differences = {
    "batch normalisation, two workers": bn_differences,
    "batch normalisation, rounding only": control_differences,
    "without it, two workers": np.abs(np.subtract(alone, together)),
}
plots.lines(
    {name: np.maximum(row, 1e-8) for name, row in differences.items()},
    x_label="step",
    y_label="difference from one worker's loss",
    logarithmic="y",
    caption="What is below a hundred-millionth is drawn there.",
)

# %%
quizzes.verdict("17.p2")
jax_bn = jax_losses["batch normalisation"]
jax_differences = np.abs(np.subtract(*jax_bn.values()))
print(
    f"largest difference of the first five losses, by hand: {bn_differences[:5].max():.3f}"
)
print(f"with Keras on JAX (recorded): {jax_differences[:5].max():.0e}")

# %% [markdown]
# *What you see.* With batch normalisation, the losses of two workers differ from the first step on, by up to {{bn_differences[:5].max():.3f}} within five steps. Rounding alone makes {{control_differences[:5].max():.5f}} there. So the two compute something else. It need not be worse, but it is another training. (Each worker of ours also keeps running means for later, of its own pictures. So the two networks end up different, and it matters which of them saves.)
#
# Look at the line of rounding, too. It grows: after {{steps}} steps it is as large as {{control_differences[-5:].max():.2f}}, though nothing was wrong. Without the layer the difference stays tiny for most of the steps and rises late. So compare the *first* steps when you test, and do not wonder at the last.
#
# With Keras on JAX this does not happen: the first five losses of that program agree to {{jax_differences[:5].max():.0e}}. For JAX, the 64 pictures are one array, wherever its parts are, and the layer takes the mean of all. PyTorch's `DistributedDataParallel` stands between the two. In training, each process takes the mean and the spread of its own share, as ours do, unless you ask for `SyncBatchNorm`. But by default it sends the running means of worker 0 to all others, so those stay equal.
#
# Is a mean for each worker a fault? Not if you want it. [A well-known training on ImageNet](https://arxiv.org/abs/1706.02677) keeps it on purpose, with 32 pictures a worker, so that the loss stays the same function however many workers there are. It is a fault where you believe that two workers train what one would have trained.
#
# **4. More pictures a step.** Often one adds workers and keeps 64 pictures *each*. Then 32 workers make batches of 2,048. They take a 32nd of the steps, and a step in the old size is now too short a way. A usual rule is to multiply the learning rate by the number of workers. Does that help in a short training?

# %%
by_rule = recorded.show("17_batch").figures["accuracy"]
workers_tried = [int(number) for number in by_rule["rate kept"]]

# %% tags=["slide"]
plots.lines(
    {rule: np.transpose(list(found.values())) for rule, found in by_rule.items()},
    x=workers_tried,
    x_label="workers of 64 pictures each",
    y_label="accuracy on new photographs",
    logarithmic="x",
    chance=1 / 6,
    caption="Every network has seen each picture equally often. Lines: mean of three starts; bands: lowest to highest.",
)

# %% [markdown]
# *What you see.* First, what this figure can show. All trainings are short: 384 steps for one worker, 96 for 4, 24 for 16 and twelve for 32. And the rate has its full size from the first step, while those who made the rule known let it grow slowly, which is called *warm-up*. So it says nothing about the rule with many steps or with warm-up.
#
# Within these limits, one worker gets {{100 * np.mean(by_rule["rate kept"]["1"]):.0f}} % right. With the same rate and as many passes, 4 workers get {{100 * np.mean(by_rule["rate kept"]["4"]):.0f}} %, 16 get {{100 * np.mean(by_rule["rate kept"]["16"]):.0f}} % and 32 get {{100 * np.mean(by_rule["rate kept"]["32"]):.0f}} %, where guessing gives {{100 / 6:.0f}} %: they take a fourth, a 16th and a 32nd of the steps. The rule brings no gain here. With 4 workers it gets {{100 * np.mean(by_rule["rate times workers"]["4"]):.0f}} %. With 16 workers, and 16 times the rate at once, it gets {{100 * np.mean(by_rule["rate times workers"]["16"]):.0f}} %, hardly more than guessing.
#
# (The network of this lesson, 2,048 photographs, 12 passes, three starts, 600 new photographs. The rate of one worker, 0.025, was the best of four by validation. The [paper that made the rule known](https://arxiv.org/abs/1706.02677) used it on ImageNet, with warm-up and batches up to 8,192, without a loss. With 32 workers our batch is the whole training set: one step a pass.) So a larger batch is another training. Search for its rate anew, or share out the batch that you have.

# %% [markdown] tags=["slide"]
# ## When are two faster than one?
#
# Two workers compute half as long, and then they exchange. So there are two numbers to measure: how long a worker computes, and how long the exchange takes. First the gradients of this network, for the whole batch and for smaller shares of it. We take the shortest of many tries, as other programs on the machine can only make one longer.

# %%
sizes = [64, 32, 16, 8, 4, 2, 1]
step_ms = {size: [] for size in sizes}
for _ in range(max(5, timed // 5)):
    for size in sizes:
        began = time.perf_counter()
        loss_and_gradients(network, x[:size], y[:size])
        step_ms[size].append(1000 * (time.perf_counter() - began))
compute_ms = {size: min(step_ms[size]) for size in sizes}
print({size: f"{compute_ms[size]:.1f} ms" for size in sizes})

# %% [markdown]
# Half of the pictures is not half of the time: a step with a single picture still takes {{compute_ms[1]:.1f}} ms, {{100 * compute_ms[1] / compute_ms[64]:.0f}} % of the time for 64. Starting each layer costs something, however little there is to do. (Here a good part of it is Python, since our step is not compiled. [Lesson 15](15_speed.ipynb) has more on that.)
#
# Now the exchange: the same function `mean_of_both`, between this notebook and a second program, with arrays of different sizes; again the shortest counts, of eleven.

# %%
partner_ending = """
line = connect(1, "127.0.0.1", int(sys.argv[1]))
for size in map(int, sys.argv[2].split(",")):
    for _ in range(11):
        mean_of_both(line, 1, np.zeros(size, "float32"))
"""
array_sizes = [1, 1000, 10_000, 100_000, 1_000_000, 5_000_000]
few_imports = "import socket, sys, time\nimport numpy as np\n\n"
write_program("partner.py", few_imports, exchange, partner_ending)

# %%
port = free_port()
counts = ",".join(map(str, array_sizes))
partner = subprocess.Popen(
    [sys.executable, "partner.py", str(port), counts],
    cwd=folder,
    stderr=subprocess.DEVNULL,
)
line = connect(0, "127.0.0.1", port)
exchange_ms = {}
for size in array_sizes:
    taken = []
    for _ in range(11):
        began = time.perf_counter()
        mean_of_both(line, 0, np.zeros(size, "float32"))
        taken.append(1000 * (time.perf_counter() - began))
    exchange_ms[size] = min(taken)
print("partner ended with", partner.wait(timeout=60))
megabytes = [4 * size / 1e6 for size in array_sizes]  # four bytes a number

# %% tags=["slide"]
plots.lines(
    {"exchange": list(exchange_ms.values())},
    x=megabytes,
    x_label="megabytes in each direction",
    y_label="milliseconds",
    logarithmic="xy",
    caption="Time of one exchange between two programs on this machine.",
)

# %% [markdown]
# *What you see.* Two parts. On the left, the line is nearly flat: four bytes take as long as four thousand. That is the **latency**, the time of a message however short. On the right it rises with the size. For a cable one would call this the **bandwidth**, how many bytes pass in a second; ours also contains copying and averaging. There were two messages, one after the other, so:

# %%
latency_ms = exchange_ms[1] / 2
ms_a_megabyte = (exchange_ms[array_sizes[-1]] / 2 - latency_ms) / megabytes[-1]
print(f"latency: {1000 * latency_ms:.0f} microseconds a message")
print(f"{ms_a_megabyte:.2f} ms a megabyte, so {1000 / ms_a_megabyte:,.0f} MB a second")
gradient_mb = 4 * network.count_params() / 1e6
print(f"gradients of the small network: {gradient_mb:.3f} MB")

# %% [markdown]
# The milliseconds a megabyte rest on the largest array alone, 20 MB. But time does not grow evenly with size: in one run of ours a megabyte took about 3 ms in the array of 20 MB, 1.3 ms in that of 4 MB, and 0.7 ms in that of 0.4 MB. So for small arrays, and the gradients here are small, this number makes the exchange longer than it is.
#
# Now we can ask the sum what the two workers above should have reached. They exchanged seven arrays, the loss and six gradients, with two messages each. (Libraries pack many arrays into one message.)

# %%
arrays = 1 + len(network.trainable_variables)
pair_exchange = 2 * arrays * latency_ms + 2 * gradient_mb * ms_a_megabyte
expected = compute_ms[64] / (compute_ms[32] + pair_exchange)
print(
    f"half of the batch: {compute_ms[32]:.1f} ms, the exchange: {pair_exchange:.2f} ms"
)
print(f"so {expected:.2f} times as fast; measured above: {step_alone / step_pair:.2f}")

# %% [markdown]
# *What you see.* Half of the batch takes {{100 * compute_ms[32] / compute_ms[64]:.0f}} % of the time for all of it; the exchange between two programs on one machine comes on top. Compare the two *ratios* only, the sum's and the measured one. The milliseconds do not fit: a whole step of a worker takes longer than the gradients that were timed here.
#
# That is because the sum is not a whole step. It knows nothing of `optimizer.apply`, which each worker does in full; nothing of waiting, where one worker is late; and nothing of the two cores, which one worker alone could already use and two have to share. All three would make the measured ratio *smaller* than the sum's. (The exchange of the seven arrays is estimated, too, and was not timed in the training. But without any exchange the sum would be only a little larger.) In one run of ours it was larger all the same, so what is left out does not explain the difference. The two were measured at different moments of a busy machine, and we did not separate the causes. So take the sum as a rough guess, and neither number as the pace of two machines.
#
# More than two workers usually stand in a **ring**, and pass parts of their sums on to their neighbours, until everybody has every sum (*Further*, below, draws it). That is a form of **all-reduce**. With n workers, each sends 2 · (n - 1) messages, of 1/n of the gradients each. Four workers with 8 MB: 6 messages of 2 MB. With 1 ms a message and 10 ms a megabyte, that is 6 · 1 + 12 · 10 = 126 ms. As a function:


# %%
def exchange_time(n, mb, latency, ms_a_mb):  # milliseconds
    return 2 * (n - 1) * latency + 2 * (n - 1) / n * mb * ms_a_mb


def speed_up(n, compute, compute_alone, mb, latency, ms_a_mb):
    return compute_alone / (compute + exchange_time(n, mb, latency, ms_a_mb))


print(exchange_time(4, mb=8, latency=1, ms_a_mb=10))

# %% [markdown]
# *Exercise 17.3: will it pay?* A step takes 400 ms on one machine. Eight machines compute their eighths in 60 ms. The gradients are 100 MB, the line takes 8 ms a megabyte, a message 5 ms. How many times as fast as one are the eight? *Example:* with 340 ms for the exchange it would be 400 / (60 + 340) = 1.

# %% tags=["exercise"]
times_as_fast = ...
exercises.check("17.3", times_as_fast)

# %% [markdown]
# Now the small network: 64 photographs a step, shared out among more and more machines. Between them an ordinary network cable: 1 gigabit a second are 125 MB a second, so 8 ms a megabyte, and let a message take 0.05 ms. With 64 machines each has one photograph.

# %%
quizzes.predict("17.p3", ...)

# %%
machines = [1, 2, 4, 8, 16, 32, 64]
cable = {"latency": 0.05, "ms_a_mb": 8.0}  # change these to your own
small = [
    speed_up(n, compute_ms[64 // n], compute_ms[64], gradient_mb, **cable)
    for n in machines
]
print({n: round(times, 2) for n, times in zip(machines, small, strict=True)})

# %%
quizzes.verdict("17.p3")

# %% [markdown]
# *What you see.* The largest number in this row is that of {{machines[int(np.argmax(small))]}} machines; with 64 it is down to {{small[-1]:.1f}}. Each machine more computes a little less and adds two messages. Note what is in the sum and what is not: it knows nothing of machines that wait for each other. We come to that.
#
# Whoever has many machines does not share out 64 pictures. They keep the share and let the batch grow. Take ResNet-50, with 25.6 million weights. [A paper of 2017](https://arxiv.org/abs/1706.02677) trained it on ImageNet in one hour with 256 graphics cards; [one machine with 8 cards](https://developer.nvidia.com/facebook-trains-imagenet-1-hour) had taken 29 hours. Ninety passes over 1.28 million photographs in 29 hours on 8 cards are 138 photographs a second and card: 32 of them take 232 ms, with what the eight exchange inside their machine.

# %%
resnet = {"compute": 232, "compute_alone": 232, "mb": 4 * 25.6}
many = [1, 2, 4, 8, 16, 32, 64, 128, 256]
cables = {
    "1 gigabit a second": {"latency": 0.05, "ms_a_mb": 8.0},
    "10 gigabits a second": {"latency": 0.05, "ms_a_mb": 0.8},
    "50 gigabits a second": {"latency": 0.05, "ms_a_mb": 0.16},
}
efficiency = {
    name: [speed_up(n, **resnet, **numbers) for n in many]
    for name, numbers in cables.items()
}

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
# The formula is too strict there: that program exchanged the gradients of the last layers while it still computed those of the first, and eight cards sat in one machine, with faster lines between them. The formula tells the possible from the hopeless, no more.
#
# **Change this.** Put your own numbers into `resnet` and `cables`: milliseconds of a step, megabytes of gradients (four times the millions of weights), your cable.

# %% [markdown] tags=["slide"]
# ## A worker dies
#
# In data parallelism everybody waits for everybody. So what happens when one of two workers is killed?
#
# First, let the program save where it is. What has to be in this **checkpoint**? The weights; the optimiser, for it remembers its momentum; and the number of the step, which says which pictures come next. Keras writes all three into one file, since the optimiser counts its steps. New are the first two lines, which choose the newest file; the `for` line, which begins after the steps that are done; and the last three, which save.


# %%
def train_saving(worker, steps, line):
    saved = Path("checkpoint.keras")
    newest = saved if saved.exists() else "start.keras"  # new
    network = keras.models.load_model(newest)
    with np.load("pictures.npz") as pictures:
        x, y = pictures["x"], pictures["y"]
    for step in range(int(network.optimizer.iterations), steps):  # new
        mine = slice(64 * step + 32 * worker, 64 * step + 32 * worker + 32)
        loss, gradients = loss_and_gradients(network, x[mine], y[mine])
        loss = mean_of_both(line, worker, loss.numpy())
        gradients = [mean_of_both(line, worker, g.numpy()) for g in gradients]
        network.optimizer.apply(gradients)
        yield float(loss)
        if worker == 0 and step % 4 == 3:  # new: after every fourth step
            network.save("half_written.keras")
            Path("half_written.keras").replace(saved)  # new: whole, or not at all


# %% [markdown]
# One worker saves for both, as the copies are equal. And it writes beside the old file first: whoever is killed while writing must not leave half a checkpoint in the place of a whole one.
#
# That is enough here, where both workers read from the same disk. On two machines it is not. Worker 1 finds no checkpoint on its own disk, begins with `start.keras` at step 0, and sends gradients of other weights and other pictures; worker 0 adds them without complaint. So copy `checkpoint.keras` to the other machine before you start again, or use a folder that both see. Or let worker 0 load the file and send weights, optimiser and step to worker 1 before the first step.

# %%
saving_ending = """
worker, workers, port, steps = map(int, sys.argv[1:5])
for loss in train_saving(worker, steps, connect(worker, sys.argv[5], port)):
    print(loss, flush=True)
"""
write_program(
    "saving.py", imports, [*exchange, loss_and_gradients, train_saving], saving_ending
)

# %% [markdown]
# Start both, read the losses as they come, and kill worker 1 after three quarters of the way. `kill` is the hard way: it gets no chance to say good-bye.

# %%
import shutil

(folder / "checkpoint.keras").unlink(missing_ok=True)
port = free_port()
pair = [launch("saving.py", worker, 2, port) for worker in (0, 1)]
before = []
for text in pair[0].stdout:
    before.append(float(text))
    if len(before) == 3 * steps // 4:
        pair[1].kill()
ends = [worker.wait(timeout=90) for worker in pair]
shutil.copy(folder / "checkpoint.keras", folder / "middle.keras")  # for later
print(f"{len(before)} of {steps} steps; both have ended:", ends[0] != 0, ends[1] != 0)
print((folder / "worker_0.log").read_text().strip().splitlines()[-1])

# %% [markdown]
# Worker 1 was killed, and worker 0 cannot go on without it. Start both again.

# %%
shutil.copy(folder / "middle.keras", folder / "checkpoint.keras")  # if run twice
port = free_port()
pair = [launch("saving.py", worker, 2, port) for worker in (0, 1)]
printed = [worker.communicate(timeout=300)[0] for worker in pair]
after = [float(loss) for loss in printed[0].split()]
resumed_at = steps - len(after)
never_killed = together[resumed_at:]
killed_apart = np.abs(np.subtract(after, never_killed)).max()
print(f"went on after step {resumed_at}")
print(f"largest difference from the run that was never killed: {killed_apart:.1e}")

# %% tags=["slide"]
plots.lines(
    {
        "never killed": together,
        "until the kill": before + [np.nan] * (steps - len(before)),
        "started again": [np.nan] * resumed_at + after,
    },
    x_label="step",
    y_label="loss of the 64 photographs",
    caption="Worker 1 is killed, both are started again, and go on from the checkpoint.",
)

# %% [markdown]
# *What you see.* The run broke off after step {{len(before)}} and went on after step {{resumed_at}}. {{len(before) - resumed_at}} steps were computed twice: that is what the kill cost, beside the start. The losses are those of the run that was never killed (largest difference {{killed_apart:.1g}}).
#
# What if only the weights are kept? The next cell gives them to a new network with `set_weights`, so its optimiser begins anew. We need no second process to see that.

# %%
from_file = keras.models.load_model(folder / "middle.keras")
first = int(from_file.optimizer.iterations)
weights_alone = new_network()
weights_alone.set_weights(from_file.get_weights())
resumed = {
    "the whole checkpoint": list(train_here(from_file, first)),
    "weights alone": list(train_here(weights_alone, first)),
}
forgotten = {}
for name, losses in resumed.items():
    forgotten[name] = np.abs(np.subtract(losses, alone[first:])).max()
    print(f"{name}: the losses differ by up to {forgotten[name]:.0e}")

# %% [markdown]
# *What you see.* From the whole file the losses go on as if nothing had happened. From the weights alone they differ by up to {{forgotten["weights alone"]:.3f}}, though the weights are right and the pictures, too: the optimiser has forgotten its momentum. That may do little harm. But it is another training, and nothing tells you so. (This was tested with `set_weights`, which knows the weights only. `network.save` keeps the optimiser. So does `save_weights` for a compiled network in the Keras of the stored run: its `.weights.h5` holds the optimiser's variables as well. Other versions and libraries may write the weights alone, so look before you rely on it.)
#
# *Exercise 17.4: mend a resumption.* A weight is trained with momentum. `saved` holds `"weight"`, `"momentum"` and `"steps"`, the number of steps done; `gradients` holds those of all steps from the first. Return the weight at the end. Mend this.
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
# Most of the time you do not want one network sooner. You want twelve: four settings, three seeds. These do not wait for each other. **Dask** is a library that hands such jobs out: its **scheduler** waits at an address, and its workers, on as many machines as you like, fetch one job after the other.
#
# Here is a job, a classifier on pixels. It loads its own data, as it may run anywhere. And it can do something nasty: where `unplug` names a file that is not there yet, it makes the file and ends its worker on the spot, as if somebody had pulled the plug of that one process.


# %%
def accuracy_with(alpha, seed, unplug=None):
    import os
    from pathlib import Path

    from course_utils import datasets
    from sklearn.linear_model import RidgeClassifier

    if unplug and not Path(unplug).exists():
        Path(unplug).touch()
        os._exit(1)  # the whole process, without a word
    data = datasets.load("cutouts", train=300, test=150, size=32, seed=seed, quiet=True)
    x, x_new = data.train.x.reshape(300, -1), data.test.x.reshape(150, -1)
    return RidgeClassifier(alpha).fit(x, data.train.y).score(x_new, data.test.y)


# %%
from functools import partial

from course_utils import experiments

jobs = {f"alpha 1e{power}": partial(accuracy_with, 10**power) for power in (3, 5, 7, 9)}
here = experiments.compare(jobs, seeds=range(3))

# %% [markdown]
# And now on a cluster of two workers on this machine. On many machines you start `dask scheduler` on one, `dask worker ADDRESS` on each, and only the address is another. One of the jobs pulls the plug.

# %%
import logging

from distributed import LocalCluster

plug = folder.absolute() / "unplugged"
plug.unlink(missing_ok=True)
jobs["alpha 1e5"] = partial(accuracy_with, 10**5, unplug=str(plug))
with LocalCluster(
    n_workers=2,
    threads_per_worker=1,
    dashboard_address=None,
    silence_logs=logging.CRITICAL,
) as cluster:
    there = experiments.compare(jobs, seeds=range(3), cluster=cluster.scheduler_address)
print("a worker was ended:", plug.exists())
print("the same twelve figures:", there == here)

# %% tags=["slide"]
plots.comparison(
    there,
    label="accuracy on new photographs",
    chance=1 / 6,
    caption="Twelve experiments on two workers, of which one was ended in the middle.",
)

# %% [markdown]
# *What you see.* Four settings, three seeds each, and the same twelve figures as without the cluster, though one worker was ended in the middle of a job. So Dask gave that job out again, and we had to do nothing. What this cost, and whether other jobs had to wait, was not measured: what a dead worker has finished and nobody has fetched yet is computed again, too. (A job that kills every worker it meets is given up after a few tries.)
#
# Who starts a new worker? Not the scheduler. Beside each worker, on the same machine, Dask runs a watchman process, the *nanny*, which starts its worker again when it ends. A machine that is really unplugged takes its nanny along and does not come back; its jobs are left to the other machines.
#
# Whoever reaches the scheduler's address can run code on all workers. Keep it inside a network that you trust.

# %% [markdown] tags=["slide"]
# ## What changes at 64 machines?
#
# **All wait for the slowest.** Here are {{timed}} steps with 16 photographs, timed on this machine one after the other. Above, the shortest step was the best measure of the work. Here the others count.

# %%
step_times = []
for _ in range(timed):
    began = time.perf_counter()
    loss_and_gradients(network, x[:16], y[:16])
    step_times.append(1000 * (time.perf_counter() - began))
mean_ms = np.mean(step_times)
slowest = max(step_times) / mean_ms
print(f"shortest {min(step_times):.1f} ms, mean {mean_ms:.1f} ms")
print(f"the slowest takes {slowest:.1f} times as long as the mean")

# %% [markdown]
# Now 64 such machines. In every step each draws one of these times, and all wait for the longest.

# %%
quizzes.predict("17.p4", ...)

# %%
chance = np.random.default_rng(0)
waiting = {}
for n in machines:
    draws = chance.choice(step_times, size=(2000, n))  # a row is one step of n machines
    waiting[n] = draws.max(axis=1).mean() / mean_ms
print({n: round(float(times), 2) for n, times in waiting.items()})

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
# *What you see.* The mean step of 64 machines takes {{waiting[64]:.1f}} times the mean step of one, though no machine is slower than the others. The slowest of all that were measured takes {{slowest:.1f}}. If one step in a hundred is slow, a machine alone hardly notices. But that all 64 escape it happens only in {{100 * 0.99**64:.0f}} % of the steps: ninety-nine hundredths, multiplied by itself 64 times. (Other programs ran beside this notebook, which makes slow steps more frequent than on a machine of one's own. And that the 64 are slow independently of each other is an assumption.)
#
# **Something is always broken.** When Meta trained Llama 3 on 16,384 graphics cards, [419 unexpected interruptions](https://arxiv.org/abs/2407.21783) came in 54 days. That is one in 2,112 days for each card. With n cards there are n times as many:

# %%
days_a_card = 16_384 * 54 / 419
for n in (1, 64, 1024, 16_384):
    hours = 24 * days_a_card / n
    save_every = (2 * (1 / 60) * hours) ** 0.5  # if saving takes one minute
    print(
        f"{n:6} cards: one interruption in {hours:10,.1f} hours;",
        f"save every {save_every:5.1f} hours",
    )

# %% [markdown]
# How often should one save? Saving costs time, and so does what has to be computed again. [An old rule](https://doi.org/10.1145/361147.361115) balances the two: every √(2 · time to save · time between interruptions).
#
# *Exercise 17.5: a month with 256 machines.* Cheaper machines than Meta's: each stops once in 1,000 days. You train on 256 of them for 30 days. How many interruptions do you expect? *Example:* two machines in 500 days: one.

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
# - Many experiments: a Dask cluster. They exchange nothing, and when a worker was ended here, the twelve figures were the same.
# - One network on several machines: put seconds of a step, megabytes and cable into `speed_up` first. Expect little where the network is small or the cable slow.
# - Then compare the losses of two workers with those of one, over the first five steps. They must be equal but for rounding, or you know why not.
# - Save weights, optimiser and step, whole or not at all, and kill a worker once to see that it goes on.
#
# | you want | and | take |
# | --- | --- | --- |
# | one network sooner | the processor waits for pictures | another input pipeline (lesson 15) |
# | | you have few pictures | a trained network (lesson 06) |
# | | the step is long, the gradients small | data parallelism, several cards in one machine first |
# | | the formula says less than half of the pace | a better cable or larger shares; not more machines |
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
# The program uses names of this lesson, such as `folder`, `x`, `y` and `size`, for things of its own. So restart the kernel before you run earlier cells again.

# %%
from PIL import Image

for number in range(min(len(x), 240)):
    class_folder = Path("example_killed") / data.class_names[y[number]]
    class_folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(x[number]).save(class_folder / f"{number}.png")

# %% tags=["take-home"]
from pathlib import Path

import numpy as np
from keras import Sequential, models, utils
from keras.layers import Conv2D, Dense, GlobalMaxPool2D
from PIL import Image, ImageOps

saved, passes, size, found = Path("killed.keras"), 20, 48, {}
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
middle = [Conv2D(32, 5, 2, activation="relu"), GlobalMaxPool2D()]
model = Sequential([*middle, Dense(len(names), activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model = models.load_model(saved) if saved.exists() else model
for done in range(int(model.optimizer.iterations) // -(-sum(~new) // 32), passes):
    order = np.random.default_rng(done).permutation(np.flatnonzero(~new))
    fit = model.fit(x[order], y[order], batch_size=32, shuffle=False, verbose=0)
    model.save("half.keras")
    Path("half.keras").replace(saved)  # the whole file, or the old one
    print(f"pass {done + 1} of {passes}: loss {fit.history['loss'][0]:.4f}", flush=True)
right = model.predict(x[new], verbose=0).argmax(axis=1) == y[new]
print(f"{100 * right.mean():.0f} % ± {98 / sum(new) ** 0.5:.0f} points, {sum(new)} new")

# %% [markdown]
# Behind ± stands what chance may do to a share of so few new pictures, at most, in 19 cases of 20. To begin anew, or when the pictures have changed, delete `killed.keras`: the program would go on with what it learned from the old ones. Keras also has `callbacks.BackupAndRestore`, which goes on from the last whole epoch of one `fit`.

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
# To try JAX's many devices on one processor, set `XLA_FLAGS=--xla_force_host_platform_device_count=8`: it then pretends to have eight.

# %% [markdown]
# ## What stays open
#
# What if one network does not fit on one card? Then its weights have to be shared out, too: [Keras's guide](https://keras.io/guides/distribution/) calls that `ModelParallel`, and the [tutorials of Amsterdam](https://uvadlc-notebooks.readthedocs.io/en/latest/tutorial_notebooks/scaling/JAX/data_parallel_intro.html) write it out. Whether more machines and more data are worth it is the question of [lesson 20](20_words_and_scale.ipynb).

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("17")
