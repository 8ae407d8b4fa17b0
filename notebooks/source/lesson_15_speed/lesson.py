# ---
# jupyter:
#   course_profiles:
#     full:
#       rounds: 15
#     smoke:
#       images: 400
#       seconds: 2
#       files: 24
#       rounds: 2
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
# # Why does training take so long, and what makes it ten times faster?
#
# You have six seconds. Here are 4,000 small pictures of ten kinds of shapes, and a network that knows nothing. How far can it get?

# %% tags=["parameters"]
images: int = 4000  # to train on
seconds: int = 6  # for training, from the call to the finished network
files: int = 96  # photographs that we read from files
rounds: int = 5  # of each thing that we time

# %%
import time

from course_utils import datasets, plots, startup

startup.load_keras()  # without the lines that TensorFlow writes meanwhile
from course_utils import training

data = datasets.load("shapes", train=images, validation=1000, test=10, size=24)
x, y = data.train.x, data.train.y  # (4000, 24, 24, 3) bytes, and (4000,)
x_new, y_new = data.validation.x, data.validation.y

start = time.perf_counter()
fast = training.fit_fast(x, y, seconds=seconds)
fast_seconds = time.perf_counter() - start

# %% tags=["slide"]
probabilities = fast.predict(x_new, verbose=0)  # (1000, 10)
fast_accuracy = (probabilities.argmax(axis=1) == y_new).mean()
print(f"{fast_seconds:.1f} seconds: {100 * fast_accuracy:.1f} % of 1,000 new pictures")
plots.predictions(
    x_new[:18],
    y_new[:18],
    probabilities[:18],
    data.class_names,
    caption="Pictures that it has not seen, and what it says.",
)

# %% [markdown]
# *What you see.* After {{fast_seconds:.1f}} seconds the network gets {{100 * fast_accuracy:.1f}} % of new pictures right. Everything is in these seconds: building the network, compiling it, and training. (The course draws the shapes, over crops of photographs.)
#
# What can be done about time? This lesson has seven remedies, and most of them are in this one call. Each gets a section in four steps: what it is, its code, seconds and accuracy before and after, and what to do.
#
# **After this notebook you can:** find out where the time of a training step goes, choose the remedy that fits, and say of each what it does to seconds *and* to accuracy.
#
# **Before you start:** lesson 04, and from lesson 02 what momentum is. A *start* is one training from other random weights. A *pass* is one epoch: every training picture once.
#
# **Time:** 2 minutes to run, 90 minutes to study: 65 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* and *Further*, at the end, come on top.

# %% [markdown] tags=["slide"]
# ## The usual program, on the same pictures
#
# This is program C of lesson 04, as many tutorials print it: Adam, batches of 32. Four passes:

# %%
import keras

from course_utils import models

keras.utils.set_random_seed(0)
usual = models.program_c(x.shape[1:], 10)
usual.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
start = time.perf_counter()
history = usual.fit(x, y, batch_size=32, epochs=4, verbose=2)
usual_seconds = time.perf_counter() - start

_, usual_accuracy = usual.evaluate(x_new, y_new, verbose=0)
print(f"{usual_seconds:.1f} seconds: {100 * usual_accuracy:.1f} % of new pictures")

# %% [markdown]
# *Predict first.* Now the usual program gets 24 passes. Does it reach the {{100 * fast_accuracy:.0f}} % of the fast one?

# %%
from course_utils import quizzes

quizzes.predict("15.p1", ...)

# %% [markdown]
# Three starts, recorded, since they take too long to wait for:

# %%
from course_utils import recorded
from course_utils.training import rungs

ladder = recorded.show("15_ladder").figures
print(rungs.table(ladder, "program C", passes=24))

# %%
quizzes.verdict("15.p1")

# %% [markdown]
# *What you see.* It does not get there within 24 passes. The best of all passes and starts is {{100 * max(right for run in ladder["runs"]["program C"] for _, _, right in run):.1f}} %.
#
# So neither seconds nor accuracy alone says how fast a program learns. We use **time to accuracy**: how many seconds until 80 of 100 new pictures are right. The last column of the table shows it, start by start.
#
# (The recording counts seconds of one core at work, without compiling; the six seconds above are wall clock, with it.)
#
# *Exercise 15.1: time to accuracy.* Write `time_to(seconds, accuracies, target, limit)`: the first of the seconds at which the accuracy is at least `target`. If it never is, the run counts with `limit`. Both lists are in the order of time. *Example:* `time_to([2, 4, 6], [0.5, 0.8, 0.7], 0.8, 60)` gives `4`.

# %%
from course_utils import exercises


# %% tags=["exercise"]
def time_to(seconds, accuracies, target, limit):
    # your lines in the place of the dots
    ...


exercises.check("15.1", time_to)

# %% [markdown] tags=["slide"]
# ## Where does a step's time go?
#
# Before you make a program faster, find out what it waits for. Take photographs, as JPEG files in a folder: cut-out things over crops of photographs, made 672 by 672 pixels large.

# %%
from pathlib import Path

from PIL import Image

things = datasets.load(
    "cutouts", train=files, validation=6, test=6, size=224, quiet=True
)
paths = []
for number, label in enumerate(things.train.y):
    folder = Path("example_speed") / things.class_names[label]
    folder.mkdir(parents=True, exist_ok=True)
    paths.append(str(folder / f"{number}.jpg"))
    photo = Image.fromarray(things.train.x[number])
    photo.resize((672, 672)).save(paths[-1])

# %% tags=["slide"]
plots.image_grid(
    things.train.x[:6],
    [things.class_names[label] for label in things.train.y[:6]],
    columns=6,
    caption="Six of the files.",
)

# %% [markdown]
# A training step on 32 of them does four things: read and decode the files, make the pictures small, run them through the network, and go back to change the weights.

# %%
import tensorflow as tf


def decode(path):  # a file's name to (672, 672, 3) bytes
    return tf.io.decode_jpeg(tf.io.read_file(path), channels=3)


def shrink(photo):  # to (32, 32, 3)
    return tf.image.resize(photo, (32, 32), antialias=True)


# %%
photos = [decode(path) for path in paths[:32]]
small = tf.stack([shrink(photo) for photo in photos])  # (32, 32, 32, 3)
labels = things.train.y[:32]

keras.utils.set_random_seed(0)
model = models.program_c((32, 32, 3), 6)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

# %%
quizzes.predict("15.p2", ...)

# %% [markdown]
# Now the clock. Other programs on this machine can make a run slower, never faster. So we go by the shortest of several runs.


# %%
from timeit import repeat


def milliseconds(job, *inputs, **options):  # the shortest of several runs
    return 1000 * min(repeat(lambda: job(*inputs, **options), number=1, repeat=rounds))


# %%
step_ms = {
    "read and decode": milliseconds(lambda: [decode(path) for path in paths[:32]]),
    "make small": milliseconds(lambda: [shrink(photo) for photo in photos]),
    "forward": milliseconds(model.predict_on_batch, small),
}
whole_step = milliseconds(model.train_on_batch, small, labels)
step_ms["way back"] = max(0.0, whole_step - step_ms["forward"])
for name, ms in step_ms.items():
    print(f"{name:16} {ms:6.1f} ms")

# %% tags=["slide"]
import numpy as np

begins = np.cumsum([0, *step_ms.values()])[:-1]  # each part begins where the last ends
blocks = list(zip(step_ms, begins, step_ms.values(), strict=True))
plots.time_line(
    {"one step": blocks}, caption="Where the time of one step on 32 photographs goes."
)

# %%
quizzes.verdict("15.p2")

# %% [markdown]
# *What you see.* {{100 * (step_ms["read and decode"] + step_ms["make small"]) / sum(step_ms.values()):.0f}} % of this step pass before the network sees anything. As long as things go in turn, as here, nothing that you do to the network makes that part shorter. (The photographs of a telephone are nearly thirty times as large.)
#
# If the pictures are in memory, as the shapes are, the bar has two parts only, forward and back. So ask first: which of the two programs is yours?
#
# **Change this.** In `decode`, write `channels=3, ratio=4`: a JPEG file can be decoded at a quarter of its width and height at once. Run this section again: the first two parts become clearly shorter, though by far less than sixteen times, as each of the 64 calls costs something, too.
#
# (Times jump from one minute to the next. So compare within a table, not between two. The way back is what the whole step takes beyond the forward part: a difference of two times, so it jumps most. It usually takes longer than the way forward.)

# %% [markdown] tags=["topic:15.input", "slide"]
# ## Input: do not let the network wait
#
# **What it is.** The network waits for its pictures. Either keep the small pictures in memory after the first pass, or read several files at once and the next batch while the network works on this one.
#
# **In code.** `cache` keeps. `num_parallel_calls` and `prefetch` read at once and ahead.

# %%
auto = tf.data.AUTOTUNE  # TensorFlow chooses how many
names_and_labels = tf.data.Dataset.from_tensor_slices((paths, things.train.y))


def prepare(path, label):
    return shrink(decode(path)), label


plain = names_and_labels.map(prepare).batch(32)  # read, make small, 32 at a time
ahead = names_and_labels.map(prepare, num_parallel_calls=auto).batch(32).prefetch(auto)
kept = names_and_labels.map(prepare).cache().batch(32).prefetch(auto)

# %%
quizzes.predict("15.p3", ...)

# %% [markdown]
# **Before and after.** We time a pass of `fit`. Then we train two passes from the same first weights: does the network learn the same?

# %%
pass_ms, pipeline_losses = {}, {}
for name, pictures in (("plain", plain), ("ahead", ahead), ("kept", kept)):
    pass_ms[name] = milliseconds(model.fit, pictures, shuffle=False, verbose=0)
    training.reset(model, seed=0)  # the same first weights for each
    course = model.fit(pictures, epochs=2, shuffle=False, verbose=0)
    losses = pipeline_losses[name] = course.history["loss"]
    print(f"{name:6} {pass_ms[name]:4.0f} ms, losses {losses[0]:.4f}, {losses[1]:.4f}")

# %%
quizzes.verdict("15.p3")

# %% [markdown]
# *What you see.* {{pass_ms["plain"]:.0f}} ms a pass in the plain way, {{pass_ms["ahead"]:.0f}} ms with reading ahead, {{pass_ms["kept"]:.0f}} ms once the small pictures are kept. The losses are the same, so the accuracy is, too. Reading ahead is less sure: TensorFlow [does some of it by default](https://www.tensorflow.org/api_docs/python/tf/data/experimental/OptimizationOptions), and decoding needs the same two cores as the network. In some runs of ours it was much faster than the plain way, in others slower. From a slow disk or over a network it is another matter: *Further* shows one.
#
# **So do this.** If the small pictures fit into memory, `.cache()` them; if not, write small copies once (the take-home program does). Files from far away: `num_parallel_calls` and `prefetch`. Shuffling and random changes of the pictures (lesson 05) belong *behind* `cache`, else every pass gets the same ones.
#
# *Exercise 15.2: mend a pipeline.* It should read each file only once, and show the pictures in a new order in each pass. As it stands, it does neither. Mend `pipeline`. `read` makes a picture of one file; `size` is the number of pictures in a batch, `count` that of all.
#
# ```python
# def pipeline(files, read, count, size):
#     files = files.shuffle(count).cache()
#     return files.map(read).batch(size).prefetch(1)
# ```


# %% tags=["exercise"]
def pipeline(files, read, count, size):
    # your lines in the place of the dots
    ...


exercises.check("15.2", pipeline)

# %% [markdown] tags=["topic:15.batch", "slide"]
# ## Batch: more pictures a second, fewer steps
#
# Back to the shapes. They are in memory, so the step is all network.
#
# **What it is.** Some costs are paid once a step, however many pictures are in it: calling, starting each operation, changing the weights. Larger batches pay them less often.
#
# **In code.** `model.fit(x, y, batch_size=128)` in the place of 32. How long is a step?

# %%
model = models.program_c(x.shape[1:], 10)
model.compile("adam", "sparse_categorical_crossentropy")
batch_ms = {}
for size in (8, 32, 128):
    ms = batch_ms[size] = milliseconds(model.train_on_batch, x[:size], y[:size])
    print(f"batch {size:3}: {ms:3.0f} ms, {1000 * size / ms:5.0f} pictures a second")

# %% [markdown]
# (If a line does not fit in with the others, another program was busy just then: run the cell once more.)

# %%
quizzes.predict("15.p4", ...)

# %% [markdown]
# **Before and after.** From the recording: medians of three starts, and in the last column each start.

# %%
print(rungs.table(ladder, "program C", "batches of 128"))

# %%
quizzes.verdict("15.p4")

# %% [markdown]
# *What you see.* Eight passes take less time with 128. But they have a quarter of the steps and bring less, and the target is reached no sooner.
#
# **So do this.** "More pictures a second" is no aim in itself. If you change the batch, choose the learning rate anew. (From here on all have batches of 128.)

# %% [markdown] tags=["topic:15.compilation", "slide"]
# ## Compilation: let Python call less
#
# **What it is.** The same step can run in three ways. **Eager**: Python calls one operation after the other. *Graph*, the usual way of `fit` on a processor: TensorFlow writes the operations down once, and runs them without Python. **XLA**: a compiler merges operations as well.
#
# **In code.** One argument of `compile`:

# %%
modes = {
    "eager": {"run_eagerly": True},
    "graph": {"jit_compile": False},
    "XLA": {"jit_compile": True},
}

# %% [markdown]
# **Before and after.** The first step is timed by itself, since it compiles. Its loss, from the same weights, says whether all three compute the same.

# %%
later_ms, first_losses = {}, {}
for name, options in modes.items():
    keras.utils.set_random_seed(0)
    model = models.program_c(x.shape[1:], 10)
    model.compile("adam", "sparse_categorical_crossentropy", **options)
    start = time.perf_counter()
    with startup.messages_aside():  # XLA says hello
        loss = first_losses[name] = float(model.train_on_batch(x[:32], y[:32]))
    first = 1000 * (time.perf_counter() - start)
    later_ms[name] = milliseconds(model.train_on_batch, x[:32], y[:32])
    print(f"{name:5} first {first:4.0f} ms, then {later_ms[name]:.1f}, loss {loss:.6f}")
loss_apart = max(first_losses.values()) - min(first_losses.values())

# %% [markdown]
# *What you see.* A later step takes {{later_ms["eager"] / later_ms["graph"]:.1f}} times as long in eager mode as in the graph. XLA takes {{later_ms["XLA"] / later_ms["graph"]:.1f}} times as long as the graph, and its first step is the longest by far. The losses agree up to the last digits: the accuracy stays.
#
# **So do this.** Leave the default (`jit_compile="auto"`: graphs on a processor, often XLA on a graphics card), and use `run_eagerly=True` only to find a fault. (`steps_per_execution=8`, another argument, does eight steps in one call.) XLA's home is graphics cards and TPUs; on a processor measure first.
#
# *Exercise 15.3: when has it paid off?* On some machine the eager program takes 150 ms for its first step and 50 ms for each later one; the compiled program 600 ms and 10 ms. After how many *later* steps is the compiled one ahead for the first time? *Example:* with 90 ms and 20 ms, instead of 600 and 10, it would be ahead from the start: 0.

# %% tags=["exercise"]
later_steps = ...
exercises.check("15.3", later_steps)

# %% [markdown] tags=["topic:15.precision", "slide"]
# ## Precision: half the bits
#
# **What it is.** A number of the network takes 32 bits. Two formats take 16. **float16** has three digits and a small range; **bfloat16** has the range of float32, and only two digits. Four numbers, stored in each:

# %%
numbers = tf.constant([1.001, 0.1, 70000.0, 1e-8])
for kind in ("float32", "float16", "bfloat16"):
    print(f"{kind:9}", tf.cast(tf.cast(numbers, kind), "float32").numpy())

# %% [markdown]
# *What you see.* In float16 the third number becomes infinite, and the last one 0. Gradients are often that small: stored as 0, they teach nothing. bfloat16 keeps both, but the first number becomes 1.
#
# **In code.** **Mixed precision** keeps the weights in 32 bits, and computes in 16. One line before the network is built; the last layer should stay in 32:
#
# ```python
# keras.mixed_precision.set_global_policy("mixed_bfloat16")
# ...
# layers.Dense(10, activation="softmax", dtype="float32")
# ```
#
# (We time program C as it is, its last layer in 16 bits, too.)

# %%
quizzes.predict("15.p5", ...)

# %% [markdown]
# **Before and after.** The step, measured here:

# %%
policy_ms = {}
for policy in ("float32", "mixed_bfloat16", "mixed_float16"):
    keras.mixed_precision.set_global_policy(policy)
    model = models.program_c(x.shape[1:], 10)
    model.compile("adam", "sparse_categorical_crossentropy")
    with startup.messages_aside():  # a library regrets that it has no float16
        policy_ms[policy] = milliseconds(model.train_on_batch, x[:128], y[:128])
    print(f"{policy:15} {policy_ms[policy]:6.1f} ms a step")
keras.mixed_precision.set_global_policy("float32")

# %%
quizzes.verdict("15.p5")

# %% [markdown]
# And whole trainings, from the recording:

# %%
print(rungs.table(ladder, "batches of 128", "bfloat16"))

# %% [markdown]
# *What you see.* float16 takes {{policy_ms["mixed_float16"] / policy_ms["float32"]:.1f}} times as long as float32, bfloat16 {{policy_ms["mixed_bfloat16"] / policy_ms["float32"]:.1f}} times. The processor of the stored run has instructions for bfloat16, and none for float16. (That is the likely cause; we did not test it.)
#
# A single step of bfloat16 jumps from run to run; on this machine it took between half and twice as long as one of float32. In the recording a pass is shorter with bfloat16, and as accurate within the spread of the starts. Three starts are too few to say by how much the target comes sooner.
#
# **So do this.** On a processor try bfloat16, and measure. On a graphics card try both: TensorFlow's [guide](https://www.tensorflow.org/guide/mixed_precision) speaks of more than three times on recent ones (not measured here). float16 needs *loss scaling*; Keras adds it by itself, and *Further* shows how.
#
# *Exercise 15.4: what survives float16?* Write the dictionary's values: `"kept"`, `"zero"` or `"infinite"`, for each number stored in float16. Its largest number is 65,504, and what is below about 0.00000003 becomes 0. *Example:* 0.1 is kept (to three digits).

# %% tags=["exercise"]
in_float16 = {
    "a pixel of 255": ...,
    "255 squared": ...,
    "a gradient of 2e-9": ...,
    "the same gradient times 1024": ...,
    "a loss of 2.3 times 65,536": ...,
}
exercises.check("15.4", in_float16)

# %% [markdown] tags=["topic:15.schedules", "slide"]
# ## Schedule: large steps, then small ones
#
# **What it is.** So far the learning rate stayed the same. A **schedule** lets it rise at first and then fall to zero (Smith and Topin, 2017). The low start spares the random weights, and the low end lets the weights settle. In between, the rate may be higher than any that could stay.
#
# **In code.** Keras has several. This one rises in a straight line and falls along half a cosine. Give it to the optimiser in the place of a number: `keras.optimizers.Adam(rate)`.

# %%
steps = 8 * -(-len(x) // 128)  # eight passes, the last batch of each counted too
rate = keras.optimizers.schedules.CosineDecay(
    0.0, decay_steps=3 * steps // 4, warmup_target=0.008, warmup_steps=steps // 4
)

# %% tags=["slide"]
shown = range(0, steps + 1, 4)
plots.lines(
    {"learning rate": [float(rate(step)) for step in shown]},
    x=shown,
    x_label="step",
    y_label="learning rate",
    caption="Up for a quarter of the steps, then down to zero.",
)

# %% [markdown]
# **Before and after.** The recording's rate rises in the same way, and falls in a straight line (*Further* has it; we did not compare the two):

# %%
print(rungs.table(ladder, "bfloat16", "schedule"))
until_80 = {}
for name, times in ladder["seconds to"]["0.8"].items():
    until_80[name] = float(np.median(times))  # of the three starts

# %% [markdown]
# *What you see.* The target is reached after {{until_80["schedule"]:.1f}} s in the place of {{until_80["bfloat16"]:.1f}} s, at the median, and a pass costs the same.
#
# **So do this.** Use one. Its price: it has to know the end. Stop it halfway, and the rate was never low. So decide first how long to train. (In the recording each number of passes is a training of its own, and we picked the shortest that arrived: with hindsight.)
#
# *Exercise 15.5: a rate that falls along a cosine.* Write `learning_rate(step, steps, peak)`: from 0 at step
# 0 it rises in a straight line to `peak` at `steps / 5`, then falls along half a cosine, from its top to its bottom,
# to 0 at `steps`. `np.cos` and `np.pi` help. *Example:* `learning_rate(30, 50, 0.02)` is
# 0.01.


# %% tags=["exercise"]
def learning_rate(step, steps, peak):
    # your lines in the place of the dots
    ...


exercises.check("15.5", learning_rate)

# %% [markdown] tags=["slide"]
# ## Optimiser: Muon
#
# **What it is.** The gradient of a layer's kernels is a table of numbers, and usually a lopsided one: long in a few directions, short in the others. **Muon** (Keller Jordan and others, 2024) keeps a momentum and then makes the step about equally long in all directions. Here is a small table, and what Muon makes of it:

# %%
lopsided = np.array([[3, 0], [0, 0.2], [1, 0.1]], dtype="float32")  # (3, 2)
evened = keras.ops.convert_to_numpy(training.muon.orthogonalise(lopsided))
print("lengths before:", np.linalg.svd(lopsided)[1].round(2))
print("lengths after: ", np.linalg.svd(evened)[1].round(2))

# %% tags=["slide"]
plots.number_grids(
    {"the step": lopsided, "evened out": evened.round(2)},
    signs="→",
    caption="The same directions. Small entries have become large enough to matter.",
)

# %% [markdown]
# (The lengths are printed in order of size. Muon evens out and does not keep the order: it is the long direction that is now the shorter one.)
#
# **In code.** `model.compile(training.muon.Muon(0.2), ...)`. (Keras has `keras.optimizers.Muon`, but it leaves every convolution to AdamW, a relative of Adam. In the course's own, convolutions get Muon, but for a first layer with the name `stem`; all else gets Adam. We did not compare the two.)

# %%
quizzes.predict("15.p6", ...)

# %% [markdown]
# **Before and after.** From the recording:

# %%
print(rungs.table(ladder, "schedule", "Muon"))

# %%
quizzes.verdict("15.p6")

# %% [markdown]
# *What you see.* {{until_80["Muon"]:.1f}} s in the place of {{until_80["schedule"]:.1f}} s, and nine of ten right, which no row of the tables before reached. Eight passes take hardly longer: the tables are small beside the pictures.
#
# **So do this.** Try it for convolutions that learn from scratch, with a rate chosen anew: 0.2 here, and 0.008 for Adam. (The usual explanation is that small directions are learned as well. We did not test it.)

# %% [markdown] tags=["topic:15.recipe", "slide"]
# ## Network: more learned from each picture
#
# **What it is.** Program C has no batch normalisation (lesson 05) and ends in a large dense layer. The network of `fit_fast` normalises, halves the picture in its first layer, and ends in a mean. It pools *before* it normalises, so that normalising costs a quarter. (That order is taken from Keller Jordan's speed runs on CIFAR-10, [airbench](https://arxiv.org/abs/2404.00498).)
#
# **In code.** A stage of two convolutions, and the network:

# %%
from keras import layers


def stage(channels):  # (height, width, before) to (height / 2, width / 2, channels)
    return [
        layers.Conv2D(channels, 3, padding="same", use_bias=False),
        layers.MaxPooling2D(padding="same"),
        layers.BatchNormalization(scale=False, momentum=0.8),
        layers.ReLU(),
        layers.Conv2D(channels, 3, padding="same", use_bias=False),
        layers.BatchNormalization(scale=False, momentum=0.8),
        layers.ReLU(),
    ]


# %%
def fast_network(classes):
    return keras.Sequential(
        [
            keras.Input(x.shape[1:]),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(24, 4, 2, padding="same", activation="relu", name="stem"),
            *stage(48),  # (6, 6, 48)
            *stage(96),  # (3, 3, 96)
            layers.GlobalAveragePooling2D(),  # (96,)
            layers.Dense(classes, activation="softmax"),
        ]
    )


# %% [markdown]
# Two small things complete the recipe, both from airbench as well. The first filters are made from the training pictures (*Further* shows them). And **label smoothing** asks of the right class 0.91, not 1: `keras.losses.CategoricalCrossentropy(label_smoothing=0.1)`, which wants its labels one-hot: `keras.utils.to_categorical(y)`.
#
# **Before and after.** From the recording. *The rest* is these two, with a learning rate chosen anew ({{ladder["rates"]["the rest"]}} in the place of {{ladder["rates"]["network"]}}):

# %%
print(rungs.table(ladder, "Muon", "network", "the rest"))

# %% [markdown]
# *What you see.* On these small pictures a pass takes *longer*: the new network does more. But it learns more in a pass, and after eight passes more pictures are right. Two of its three starts reach the target sooner, the third later. With the rest, all three are there at the end of their first pass.
#
# **So do this.** Normalise, and end in a mean. Do not choose a network by its seconds a pass.

# %% [markdown] tags=["slide"]
# ## The ladder against the clock
#
# All rungs in one table. Each keeps what the rungs above it brought:

# %%
print(rungs.table(ladder, *ladder["runs"]))
courses = {}
for name in ("program C", "batches of 128", "schedule", "Muon", "the rest"):
    courses[name] = [np.array(run)[:, 1:] for run in ladder["runs"][name]]

# %% tags=["slide"]
plots.race(
    courses,
    target=0.8,
    caption="Five of the seven rungs on 4,000 shapes, three starts each. Further left and higher is better.",
)

# %% [markdown]
# *What you see.* Four of five right: after {{until_80["program C"]:.1f}} s at the bottom of the ladder, after {{until_80["the rest"]:.1f}} s at the top, {{until_80["program C"] / until_80["the rest"]:.0f}} times sooner.
#
# And the ten times of the title? They depend on the aim. Nine of ten right: the top rung is there at the end of its first pass. Program C has had more than eighteen times as long when its 24 passes are over, and is still not there.
#
# **How far to trust this table.** One machine, one kind of pictures, three starts, one order of the rungs. Program C kept the rate of Keras; the others had theirs chosen from three or four, by starts that are not shown. From the schedule on, each point is a training of its own, and the shortest that arrived counts. On other pictures the shares may be others.
#
# ### All of it, typed out
#
# The network, the optimiser and the rate, without the format, the first filters and the softer labels. Two passes:

# %%
passes = 2
steps = passes * -(-len(x) // 128)
rate = keras.optimizers.schedules.CosineDecay(
    0.0, decay_steps=3 * steps // 4, warmup_target=0.2, warmup_steps=steps // 4
)
keras.utils.set_random_seed(0)
model = fast_network(10)
model.compile(
    training.muon.Muon(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
)
history = model.fit(x, y, batch_size=128, epochs=passes, verbose=2)
_, typed_accuracy = model.evaluate(x_new, y_new, verbose=0)
print(f"{100 * typed_accuracy:.1f} % of new pictures after two passes")

# %% [markdown]
# **Change this.** Write `training.muon.Muon(0.05)`, for a rate that stays: what is lost? Then put `models.program_c(x.shape[1:], 10)` in the place of the network, too. (We got 82 %, and 79 with both. With the schedule and the old network it was 85.)

# %% [markdown] tags=["slide"]
# ## All of it in one call
#
# `training.fit_fast` asks for one thing only: how many seconds you have. It looks which number format this processor is fast in, plans the schedule by the clock, and finds out whether mirrored pictures help. You saw it at the top:
#
# ```python
# model = training.fit_fast(x, y, seconds=6)
# ```
#
# **Change this.** Write `seconds=12`, or 30, in the parameters at the top, and run the notebook again. (Below four seconds most of the time goes into compiling.) With your own pictures: `data = datasets.load("folder:my_pictures", size=32)`; `fit_fast` takes up to 96 pixels and wants at least 100 pictures.
#
# And on real data sets? `course bench` has trained each in turn on an idle machine with two cores, three starts each. Medians:

# %%
benches = {}
for name, usual_name in (("cifar10", "program C"), ("fashion_mnist", "program A")):
    bench = benches[name] = recorded.show(f"bench_{name}").figures["summary"]
    names = {"reference": usual_name, "share": "fit_fast", "full": "fit_fast"}
    for key, who in names.items():
        spent, right = bench[f"{key}: seconds"], bench[f"{key}: accuracy"]
        print(f"{who:9} {spent['median']:6.1f} s, {100 * right['median']:.1f} % right")

# %% [markdown]
# *What you see.* On the photographs of CIFAR-10, `fit_fast` is past program C in a twentieth of its time, and on the clothes of Fashion-MNIST past program A in a ninth. With as much time as the usual programs it gets {{100 * benches["cifar10"]["full: accuracy"]["median"]:.0f}} % and {{100 * benches["fashion_mnist"]["full: accuracy"]["median"]:.1f}} %. So the whole recipe carries over to them. Whether the share of each rung does was not measured.

# %% [markdown] tags=["slide"]
# ## Photographs: begin with a trained network
#
# **What it is.** All remedies so far learn from scratch. The ImageNet network of lesson 06 has seen 1.28 million photographs already. Let it turn yours into numbers, its **features**, and train only a linear classifier on them.
#
# **In code.** Keras and scikit-learn:
#
# ```python
# network = models.imagenet(160, include_top=False, pooling="avg")
# features = network.predict(photographs)  # (number of photographs, 1280)
# classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
# classifier.fit(features, labels)
# ```
#
# **Before and after.** Twelve kinds of flowers (Oxford), recorded by `course bench`: seconds from the folder until 0.85 and 0.9 of the held-out photographs are right.

# %%
flowers = recorded.show("bench_flowers").figures
for way, found in flowers["ways"].items():
    for target, times in found["seconds"].items():
        arrived = ["never" if one is None else f"{one:.0f} s" for one in times]
        print(f"{way:24} {target:4}  {', '.join(arrived)}")

# %% [markdown]
# *What you see.* With the features, nine of ten are right after {{min(flowers["ways"]["features"]["seconds"]["0.9"]):.0f}} seconds, in each of three runs. Fine-tuning needs {{flowers["sooner"]["0.9: fine-tuning"]["min"]:.0f}} to {{flowers["sooner"]["0.9: fine-tuning"]["max"]:.0f}} times as long, with the better of two rates. From scratch, ten minutes are not enough. (480 photographs to learn from, 240 held out; each run holds out others. Each stops when it is there: this does not say what fine-tuning would reach in the end.)
#
# **So do this.** Is there a network that was trained on photographs like yours? Begin with its features: of all remedies in this lesson this is the largest gain by far. [Lesson 06](06_transfer_learning.ipynb) shows how, when fine-tuning adds to it, and where it does not help.

# %% [markdown] tags=["slide"]
# ## So do this
#
# 1. Photographs? Begin with the features of a trained network. Only then ask how to train from scratch faster.
# 2. Measure one step, and draw it as a bar. If most of it is input, make the pictures small once, and keep them. Until then, a faster network saves little.
# 3. Compare programs by *time to accuracy*, from several starts. Seconds a pass and pictures a second mislead.
# 4. Leave `run_eagerly` off. Try XLA, 16 bits and larger batches on *your* machine, one at a time; here none of them brought much, and float16 took several times longer.
# 5. Then let each step learn more: a rate that ends at zero, a better optimiser, normalisation. Here that brought most.
#
# | what the clock says | what to try | can the accuracy change? |
# | --- | --- | --- |
# | reading files is most of the step | small copies, `cache`; then `ratio`, reading in parallel and ahead | no (`ratio`: the pixels change a little) |
# | a step takes as long with 8 pictures as with 64 | a larger batch; `steps_per_execution` | batch: yes; several steps in a call: no |
# | Python calls each operation (`run_eagerly`) | the graph | no |
# | the network itself is most of the step | 16 bits, where the hardware has them; a smaller network | hardly; yes |
# | it needs many passes | a schedule, another optimiser, another network | yes: that is the aim |

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("15.q1")
quizzes.answer("15.q1", ...)

# %%
quizzes.ask("15.q2")
quizzes.answer("15.q2", ...)

# %%
quizzes.ask("15.q3")
quizzes.answer("15.q3", ...)

# %%
quizzes.ask("15.q4")
quizzes.answer("15.q4", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("15")

# %% [markdown]
# ## To take home
#
# For photographs in files, the first remedy is to make them small *once*. This program does that for a folder with a folder a class: it turns each photograph upright, cuts the middle square, writes a small copy, and says how much faster the copies are read. Train on the copies from then on. Put `large = Path("my_pictures")`, and say in `side` how many pixels your network takes.

# %% tags=["take-home"]
import timeit
from functools import partial
from pathlib import Path
import numpy as np
from PIL import Image, ImageOps

large, shrunk, side = Path("example_speed"), Path("example_speed_small"), 96


def read(path):
    upright = ImageOps.exif_transpose(Image.open(path))
    if upright.mode.startswith("I"):  # grey with 16 bits: keep the upper eight
        upright = Image.fromarray((np.asarray(upright) // 256).astype("uint8"))
    return ImageOps.fit(upright.convert("RGB"), (side, side))


times = []  # how many times as long as its copy a photograph takes
for path in sorted(large.glob("[!.]*/[!.]*")):
    copy = shrunk / path.parent.name / f"{path.name}.png"
    try:
        picture = read(path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        picture.save(copy)
        both = [timeit.timeit(partial(read, one), number=3) for one in (path, copy)]
        times.append(both[0] / both[1])
    except Exception as error:  # damaged, or no picture: say so and go on
        print("left out:", path, type(error).__name__)
assert times, f"{large.resolve()} has no pictures in folders, one for each class"
low, middle, high = np.quantile(times, (0.05, 0.5, 0.95))
print(f"{len(times)} copies: read {middle:.1f} times as fast ({low:.1f} to {high:.1f})")

# %% [markdown]
# The copies are PNG files, so that nothing is lost a second time. Each is read three times. In brackets: from the photograph that gains least to the one that gains most, without the outermost five of a hundred on either side; with files as alike as ours, this is mostly the clock's jitter. What cannot be read is named and left out. Grey pictures get three equal channels. Of 16 bits the upper eight are kept; if your camera uses only 12 of the 16, divide by 16 in the place of 256. Transparent parts show the colour that is stored under them.
#
# ## What stays open
#
# One machine, however fast, has an end. What several can do together, and what that costs, is the subject of [lesson 17](17_many_machines.ipynb). How to make the *answers* fast, not the training, is that of [lesson 16](16_small_and_shipped.ipynb). To read on: [TensorFlow on input pipelines](https://www.tensorflow.org/guide/data_performance), [mixed precision](https://www.tensorflow.org/guide/mixed_precision), [super-convergence](https://arxiv.org/abs/1708.07120), [airbench](https://arxiv.org/abs/2404.00498), [Muon](https://kellerjordan.github.io/posts/muon/).

# %% [markdown]
# ## Further
#
# Nobody needs these parts later. Each looks inside one remedy.
#
# ### A slow disk: what reading ahead is for
#
# Our files were written a moment ago, so they probably lie in memory still: we measured decoding, but no disk. From a slow disk or over a network, reading is *waiting*, which needs no core. Let us add such a wait, ten milliseconds a file, and put a pause in the place of a training step:


# %%
def from_far_away(path, label):
    tf.py_function(lambda: time.sleep(0.01), [], [])
    return path, label


def go_through(pipeline):
    for _ in pipeline:
        time.sleep(0.1)  # in the place of a training step


some = names_and_labels.take(64)
waits = some.map(from_far_away).batch(32)
reads_ahead = some.map(from_far_away, num_parallel_calls=8).batch(32).prefetch(2)

# %%
waits_ms = milliseconds(go_through, waits)
ahead_ms = milliseconds(go_through, reads_ahead)
print(f"plain {waits_ms:.0f} ms a pass, at once and ahead {ahead_ms:.0f} ms")

# %% [markdown]
# *What you see.* {{waits_ms:.0f}} ms in the plain way: 64 waits of ten milliseconds, one after the other, and two stops of a tenth of a second, during which TensorFlow may wait for the next files already. Read at once and ahead it is {{ahead_ms:.0f}} ms. Not an eighth of the waiting: a file that waits needs no core, but it does need a thread, and TensorFlow gives a pipeline as many as the machine has cores. (`interleave` does the same for several large files.)
#
# ### Loss scaling
#
# A gradient of 0.00000001 becomes 0 in float16. Multiply the loss, and with it every gradient, by a large number before it goes into 16 bits, and divide in 32 bits afterwards:

# %%
gradient, scale = tf.constant(1e-8), 1024.0
as_it_is = tf.cast(gradient, "float16")
scaled = tf.cast(gradient * scale, "float16")
print("as it is:", as_it_is.numpy())
print("scaled and back:", tf.cast(scaled, "float32").numpy() / scale)

# %% [markdown]
# Keras wraps the optimiser in one that does this, as soon as the policy is `mixed_float16`. Whoever writes the training loop by hand must do it (`optimizer.scale_loss`).
#
# ### A schedule of your own
#
# The recording's rate falls in a straight line. A schedule is a class with `__call__`; `get_config` is there so that a compiled model with it can be saved.

# %%
from keras import ops


@keras.saving.register_keras_serializable("lesson_15")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, highest, steps):
        self.highest, self.steps = highest, steps

    def __call__(self, step):
        done = (ops.cast(step, "float32") + 1) / (self.steps + 1)
        return self.highest * ops.minimum(done / 0.25, (1 - done) / 0.75)

    def get_config(self):
        return {"highest": self.highest, "steps": self.steps}


# %%
model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
model.compile(keras.optimizers.Adam(OneCycle(0.008, 100)), "mse")
model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
model.save("example_speed/one_cycle.keras")
loaded = keras.models.load_model("example_speed/one_cycle.keras")
print("after loading:", loaded.optimizer.get_config()["learning_rate"]["config"])

# %% [markdown]
# ### Muon from inside
#
# The lengths of a table's directions are called **singular values**. To compute them for every step would take too long. A few products of matrices come near enough:


# %% tags=["defines:training.orthogonalise"]
def orthogonalise(matrix, *, rounds=3):
    tall = matrix.shape[0] > matrix.shape[1]
    x = ops.transpose(matrix) if tall else matrix
    x = x / (ops.norm(x) + 1e-7)
    for _ in range(rounds):
        square = ops.matmul(x, ops.transpose(x))
        x = 3.4445 * x + ops.matmul(
            -4.7750 * square + 2.0315 * ops.matmul(square, square), x
        )
    return ops.transpose(x) if tall else x


# %% [markdown]
# With it, a whole step of Muon for one kernel is short:


# %%
def muon_step(kernel, gradient, momentum, rate):  # kernels: (3, 3, before, after)
    momentum = 0.6 * momentum + gradient
    direction = gradient + 0.6 * momentum  # one step ahead (Nesterov)
    table = ops.reshape(direction, (-1, kernel.shape[-1]))  # (9 * before, after)
    step = ops.reshape(orthogonalise(table), kernel.shape)
    return kernel - rate * step, momentum


nothing = ops.zeros((3, 3, 64, 64))
some_gradient = keras.random.normal((3, 3, 64, 64), seed=0)
moved, _ = muon_step(nothing, some_gradient, nothing, rate=1.0)
lengths = np.linalg.svd(ops.convert_to_numpy(moved).reshape(576, 64))[1]
print(f"64 lengths, from {lengths.min():.2f} to {lengths.max():.2f}")

# %% [markdown]
# (The three constants are Jordan's, found by search: they make small lengths grow fast, and let the lengths end between about 0.7 and 1.2 in the place of exactly 1. Three rounds and a momentum of 0.6 are from airbench; Muon's usual ones are five and 0.95.)
#
# ### First filters from the pictures
#
# The recipe's first filters are not random. They are the patterns in which small patches of the training pictures differ most (their principal directions), once as they are and once with the opposite sign. Each is divided by how much the patches vary in it, so that all answer about equally strongly; that is what *whitened* means:

# %%
keras.utils.set_random_seed(0)
stem = models.fast_cnn(x.shape[1:], 10).get_layer("stem")
kernel, _ = training.whitening.whitening_filters(x[:500], stem.get_weights(), stride=2)
print(kernel.shape)  # twelve patterns, and their opposites

# %% tags=["slide"]
plots.filters(
    kernel[..., :12],
    caption="Twelve of the first filters, made from 500 pictures without any training.",
)

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("15")
