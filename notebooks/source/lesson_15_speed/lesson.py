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
#
# (Ten times faster at what? That depends on how good the network has to be. On these pictures, all that this lesson puts together is about five times sooner at 80 % right than the usual program, and at least nineteen times sooner at 90 %.)

# %% tags=["parameters"]
images: int = 4000  # to train on
seconds: int = 6  # for training, from the call to the finished network
files: int = 96  # photographs that we read from files
rounds: int = 7  # of each thing that we time

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
# *What you see.* After {{fast_seconds:.1f}} seconds the network gets {{100 * fast_accuracy:.1f}} % of new pictures right. Of some in the grid it is far from sure. Everything is in these seconds: building the network, compiling it, and training. (The shapes are drawn by the course, over crops
# of photographs. They are small and easy, so that a lesson can train on them. Photographs come in the next part.)
#
# **After this notebook you can:** find out where the time of a training step goes, choose the remedy that fits, and say of each what it does to seconds *and* to accuracy.
#
# **Before you start:** lesson 04, and from lesson 02 what momentum is. A *start* is one training from other random weights. A *pass* is one epoch: every training picture once.
#
# **Time:** 2 minutes to run, 70 minutes to study.

# %% [markdown] tags=["slide"]
# ## The usual program, on the same pictures
#
# This is program C of lesson 04, as many tutorials print it: Adam, batches of 32. Five passes:

# %%
import keras

from course_utils import models

keras.utils.set_random_seed(0)
usual = models.program_c(x.shape[1:], 10)
usual.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
start = time.perf_counter()
history = usual.fit(x, y, batch_size=32, epochs=5, verbose=2)
usual_seconds = time.perf_counter() - start

# %%
_, usual_accuracy = usual.evaluate(x_new, y_new, verbose=0)
print(f"{usual_seconds:.1f} seconds: {100 * usual_accuracy:.1f} % of them")

# %% [markdown]
# *Predict first.* Now the usual program gets 24 passes, about 26 seconds of one processor core, on the same 4,000 pictures. Does it reach the {{100 * fast_accuracy:.0f}} % of the fast one: (a) yes, after about ten passes, (b) yes, near the end, or (c) no?

# %%
from course_utils import quizzes

quizzes.predict("15.p1", ...)

# %% [markdown]
# Here are three starts. The lesson has them recorded: they would take too long to wait for.

# %%
from course_utils import recorded

record = recorded.show("15_ladder").figures
runs = record["runs"]  # name -> a list a start: [passes, seconds, accuracy] each
usual_best = []
for run in runs["program C"]:
    usual_best.append(max(accuracy for _, _, accuracy in run))
    print(f"24 passes, {run[-1][1]:.0f} s: at best {100 * usual_best[-1]:.1f} %")

# %%
quizzes.verdict("15.p1")

# %% [markdown]
# *What you see.* It does not get there within 24 passes. Its best is {{100 * max(usual_best):.1f}} %, and we even took the best of all passes and starts, on the very pictures that we report. (What a hundred passes would do, we did not try.)
#
# So neither seconds nor accuracy alone says how fast a program learns. We need both in one figure. This lesson uses **time to accuracy**: how many seconds until 80 of 100 new pictures are right. Program C needs {{min(record["seconds to"]["0.8"]["program C"]):.1f}} to {{max(record["seconds to"]["0.8"]["program C"]):.1f}} s for that.
#
# (Two clocks: the six seconds at the top are seconds of the wall clock, compiling included. The recorded ones are seconds of one processor core at work, without compiling, and without the time that looking at the new pictures takes. Where a machine has other work to do as well, the wall clock counts that too.)
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
# Before you make a program faster, find out what it waits for. Take photographs, as JPEG files in a folder. We write some: cut-out things over crops of photographs. Those of a camera are larger, so we enlarge them to 672 by 672 pixels.

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
# A training step on 32 of them does four things: it reads and decodes the files, makes the pictures small, runs them through the network, and goes back to change the weights.

# %%
import tensorflow as tf


def decode(path):  # a file's name to (672, 672, 3) bytes
    return tf.io.decode_jpeg(tf.io.read_file(path), channels=3)


def shrink(photo):  # to (32, 32, 3)
    return tf.image.resize(photo, (32, 32), antialias=True)


keras.utils.set_random_seed(0)
model = models.program_c((32, 32, 3), 6)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
photos = [decode(path) for path in paths[:32]]
small = tf.stack([shrink(photo) for photo in photos])  # (32, 32, 32, 3)
labels = things.train.y[:32]

# %% [markdown]
# *Predict first.* What takes longest: (a) all that comes before the network, (b) the network's answers, or (c) the way back?

# %%
quizzes.predict("15.p2", ...)

# %% [markdown]
# Now the clock. Other programs on this machine can make any run slower. They cannot make it faster. So we let the candidates take turns, several rounds, leave the first round out (it compiles), and go by the shortest time of each. The longest stands beside it, so that you see how restless the machine was.
#
# Times jump all the same. The same step can take twice as long a minute later, and on your machine all of them will be others. So compare only what took turns in *one* table, and not a time of one section with that of another. That holds for every table of this lesson.


# %%
def milliseconds(jobs):  # name -> a function to call; gives name -> its times
    taken = {name: [] for name in jobs}
    for _ in range(rounds + 1):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            taken[name].append(1000 * (time.perf_counter() - start))
    return {name: times[1:] for name, times in taken.items()}


# %%
import numpy as np

taken = milliseconds(
    {
        "read and decode": lambda: [decode(path) for path in paths[:32]],
        "make small": lambda: [shrink(photo) for photo in photos],
        "forward": lambda: model.predict_on_batch(small),
        "whole step": lambda: model.train_on_batch(small, labels),
    }
)
for name, times in taken.items():
    print(f"{name:16} {min(times):6.1f} ms (at most {max(times):.1f})")

# %% [markdown]
# The way back is what the whole step takes beyond the way forward. One bar shows it all:

# %%
part = {name: min(times) for name, times in taken.items()}
part["way back"] = max(0.0, part.pop("whole step") - part["forward"])
blocks, end = [], 0.0
for name, length in part.items():
    blocks.append((name, end, length))
    end += length
reading = (part["read and decode"] + part["make small"]) / end

# %% tags=["slide"]
plots.time_line(
    {"one step": blocks}, caption="Where the time of one step on 32 photographs goes."
)

# %%
quizzes.verdict("15.p2")

# %% [markdown]
# *What you see.* The bar is one step with everything in turn: file after file, on one core, and the network only when the last file is there. {{100 * reading:.0f}} % of that step pass before the network sees anything. As long as things go in turn, nothing that you do to the network, the optimiser or the number format makes the step shorter than that part. (They need not go in turn: that is the next section.) And the photographs of a telephone are nearly thirty times as large as these.
#
# If the pictures are in memory, as the shapes of this lesson are, the same bar has two parts only, forward and back. So the first question is always: which of the two programs is yours?

# %% [markdown] tags=["topic:15.input", "slide"]
# ## Input: do not let the network wait
#
# `tf.data` describes how pictures arrive. The plain way is two lines. By default TensorFlow already does a little more than they say. So that you see strict turns once (one file after the other, and the network waits meanwhile), a second pipeline switches that off:

# %%
names_and_labels = tf.data.Dataset.from_tensor_slices((paths, things.train.y))


def prepare(path, label):
    return shrink(decode(path)), label


plain = names_and_labels.map(prepare).batch(32)

strict = tf.data.Options()
strict.experimental_optimization.apply_default_optimizations = False
in_turn = plain.with_options(strict)

# %% [markdown]
# There are four remedies:
#
# - `num_parallel_calls`: several files at once, if there are processor cores free.
# - `prefetch`: read the next batch *while* the network works on this one.
# - `ratio=4`: a JPEG file can be decoded at a quarter of its width and height at once.
# - `cache`: keep the small pictures in memory after the first pass.


# %%
def prepare_quarter(path, label):
    photo = tf.io.decode_jpeg(tf.io.read_file(path), channels=3, ratio=4)
    return shrink(photo), label  # from (168, 168, 3)


auto = tf.data.AUTOTUNE
ahead = names_and_labels.map(prepare, num_parallel_calls=auto).batch(32).prefetch(auto)
quarter = names_and_labels.map(prepare_quarter).batch(32)
kept = names_and_labels.map(prepare).cache().batch(32).prefetch(auto)

# %% [markdown]
# *Predict first.* How long does a pass take, compared with the plain way? Which saves most: (a) reading several files at once and ahead, (b) `cache`, from the second pass on, or (c) neither, since TensorFlow reads ahead by itself?

# %%
quizzes.predict("15.p3", ...)

# %% [markdown]
# We go through each pipeline batch by batch, as `fit` does, and write down when the network waits and when it trains:


# %%
def watch(arriving):  # one pass: what the network does, from when, and how long, in ms
    blocks, start = [], time.perf_counter()
    free = start
    for pictures, answers in arriving:
        ready = time.perf_counter()
        model.train_on_batch(pictures, answers)
        done = time.perf_counter()
        blocks.append(("wait", 1000 * (free - start), 1000 * (ready - free)))
        blocks.append(("train", 1000 * (ready - start), 1000 * (done - ready)))
        free = done
    return blocks


# %%
pipelines = {
    "in turn": in_turn,
    "plain": plain,
    "ahead": ahead,
    "quarter": quarter,
    "kept": kept,
}
watched = {name: [] for name in pipelines}
for _ in range(rounds + 1):
    for name, arriving in pipelines.items():
        watched[name].append(watch(arriving))

# %%
pass_ms, waited_ms, shortest = {}, {}, {}
for name, passes_seen in watched.items():
    lengths_ms = [blocks[-1][1] + blocks[-1][2] for blocks in passes_seen[1:]]
    pass_ms[name] = min(lengths_ms)
    shortest[name] = passes_seen[1 + int(np.argmin(lengths_ms))]
    waits = [length for kind, _, length in shortest[name] if kind == "wait"]
    waited_ms[name], longest = sum(waits), max(lengths_ms)
    print(f"{name:7} {pass_ms[name]:.0f} ms a pass (at most {longest:.0f})", end=", ")
    print(f"{waited_ms[name]:.0f} of them waiting")

# %% tags=["slide"]
plots.time_line(
    shortest,
    caption="The shortest pass of each, three batches, as the clock saw it: when the network waits, and when it trains.",
)

# %%
quizzes.verdict("15.p3")

# %% [markdown]
# *What you see.* In strict turns a pass takes {{pass_ms["in turn"]:.0f}} ms, and for {{waited_ms["in turn"]:.0f}} of them the network waits. The plain pipeline takes {{pass_ms["plain"]:.0f}} ms, with {{waited_ms["plain"]:.0f}} of waiting: [by default](https://www.tensorflow.org/api_docs/python/tf/data/experimental/OptimizationOptions) TensorFlow reads several files at once, and a little ahead. So `ahead`, which asks for that in words, has little to add: {{pass_ms["ahead"]:.0f}} ms. Decoding a quarter takes {{pass_ms["quarter"]:.0f}} ms, since it makes reading itself shorter. With `cache` it is {{pass_ms["kept"]:.0f}} ms: hardly any waiting is left. (In the rows of `plain`, `ahead` and `quarter` the first two blocks of training are longer than in strict turns: reading goes on meanwhile, on the same cores. During the third, nothing is left to read.)
#
# What is `prefetch` for, then? Our files were written a moment ago, so they probably lie in memory still: we measured decoding, but no disk. And decoding needs cores. From a slow disk or over a network, reading is *waiting*, which needs no core at all. Let us add such a wait, ten milliseconds a file, and see what reading ahead does with it:

# %%
from functools import partial


def far_away(path, label):
    tf.py_function(lambda: time.sleep(0.01), [], [])  # as if from far away
    return label


def every(pipeline):  # go through all batches
    for _ in pipeline:
        time.sleep(0.1)  # in the place of a training step


some = names_and_labels.take(64)
far = some.map(far_away).batch(32).with_options(strict)
far_ahead = some.map(far_away, num_parallel_calls=8).batch(32).prefetch(2)
threads = tf.data.Options()
threads.threading.private_threadpool_size = 8
eight = far_ahead.with_options(threads)

# %%
far_jobs = {"in turn": far, "ahead": far_ahead, "ahead, 8 threads": eight}
wait_ms = milliseconds({name: partial(every, job) for name, job in far_jobs.items()})
for name, times in wait_ms.items():
    print(f"{name:16} {min(times):5.0f} ms a pass (at most {max(times):.0f})")

# %% [markdown]
# *What you see.* {{min(wait_ms["in turn"]):.0f}} ms in strict turns: 64 waits of ten milliseconds, and two stops of a tenth of a second for training. Eight files at once and two batches ahead make {{min(wait_ms["ahead"]):.0f}} ms of it. Why not less? A file that waits needs no core, but it does need a thread, and TensorFlow gives a pipeline as many threads as the machine has cores: two here. With eight threads it is {{min(wait_ms["ahead, 8 threads"]):.0f}} ms. What is left are the two stops, and the wait for the first batch, which has nothing to hide behind. (`interleave` does the same for several large files.)
#
# *And the accuracy?* `ahead` and `kept` cannot change it: the same pixels arrive in the same order. (`quarter` gives slightly other pixels.) Make sure, once:

# %%
pipeline_losses = {}
for name, pictures in (("plain", plain), ("kept", kept)):
    training.reset(model, seed=0)
    course = model.fit(pictures, epochs=2, shuffle=False, verbose=0)
    pipeline_losses[name] = course.history["loss"]
    print(name, pipeline_losses[name])

# %% [markdown]
# Two cautions. Random changes of the pictures (lesson 05) belong *behind* `cache`, else every pass gets the same ones; and so does `shuffle`, else every pass has the same order. And what you keep has to fit into memory: here small pictures, not the photographs.
#
# *Exercise 15.2: mend a pipeline.* It should read each file only once, and show the pictures in a new order in each pass. As it stands, it does neither. Mend `pipeline`; `size` is the number of pictures in a batch, `count` that of all.
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
# Back to the shapes. They are in memory, so the step is all network. How long does it take for 1, 8, 32, 128 and 512 pictures?

# %%
jobs = {}
for size in (1, 8, 32, 128, 512):
    model = models.program_c(x.shape[1:], 10)
    model.compile("adam", "sparse_categorical_crossentropy")
    jobs[size] = partial(model.train_on_batch, x[:size], y[:size])

# %%
batch_ms = {size: min(times) for size, times in milliseconds(jobs).items()}
for size, ms in batch_ms.items():
    per_second = 1000 * size / ms
    print(f"batch {size:3}: {ms:5.1f} ms a step, {per_second:5.0f} pictures a second")

# %% [markdown]
# *What you see.* Eight pictures take {{batch_ms[8] / batch_ms[1]:.1f}} times as long as one: most of that step is paid once, whatever is in it (calling, starting each operation, changing the weights). In the stored run 32 pictures a step gave {{32_000 / batch_ms[32]:,.0f}} pictures a second, 128 gave {{128_000 / batch_ms[128]:,.0f}}, and 512 gave {{512_000 / batch_ms[512]:,.0f}}: what a larger batch brings beyond that depends on the machine.
#
# *Predict first.* Batches of 128 get through the pictures faster than batches of 32. The learning rate was chosen for each. Which reaches 80 % of new pictures sooner: (a) 128, by as much as it is faster a pass, (b) both at about the same time, or (c) 32, in half of the time?

# %%
quizzes.predict("15.p4", ...)

# %% [markdown]
# Three lines say what the recording holds about a way of training: its seconds a pass, when it got to 80 % (each of three starts), and its best accuracy.


# %%
def told(name, record=record, target="0.8"):
    arrived = [
        "never" if found is None else f"{found:.1f}"
        for found in record["seconds to"][target][name]
    ]
    best = [max(right for _, _, right in run) for run in record["runs"][name]]
    a_pass = np.mean([run[-1][1] / run[-1][0] for run in record["runs"][name]])
    print(f"{name}: {a_pass:.2f} s a pass")
    print(f"    seconds to {target}: {', '.join(arrived)}")
    most = record["runs"][name][0][-1][0]
    print(f"    best in {most} passes: {min(best):.3f} to {max(best):.3f}")


def median_seconds(name, target="0.8"):  # infinity where it never gets there
    times = record["seconds to"][target][name]
    return float(np.median([np.inf if one is None else one for one in times]))


told("program C")
told("batches of 128")

# %%
quizzes.verdict("15.p4")

# %% [markdown]
# *What you see.* A pass is shorter with 128. But it has a quarter of the steps, and more passes are needed: the target is reached after {{median_seconds("batches of 128"):.1f}} s, at the median, and with 32 after {{median_seconds("program C"):.1f}} s. What is won in one place is lost in the other. (Program C had 24 passes in the recording and the others fewer, so do not compare the best accuracies.)
#
# So "more pictures a second" is no aim in itself. Whether a larger batch would pay with the remedies that follow, we did not measure: from here on, all have 128. (`steps_per_execution=10` in `compile` saves calls in another way, without changing a step: ten steps are run in one.)

# %% [markdown] tags=["topic:15.compilation", "slide"]
# ## Compilation: let Python call less
#
# Keras can run the same step in three ways. **Eager**: Python calls one operation after the other. *Graph*, the usual way of `fit`: TensorFlow writes the operations down once, and runs them without Python. **XLA**: a compiler merges operations as well. For the last two the first step is the one that pays.

# %%
modes = {
    "eager": {"run_eagerly": True},
    "graph": {"jit_compile": False},
    "XLA": {"jit_compile": True},
}
jobs, first_ms, losses = {}, {}, {}
for name, options in modes.items():
    keras.utils.set_random_seed(0)
    model = models.program_c(x.shape[1:], 10)
    model.compile("adam", "sparse_categorical_crossentropy", **options)
    jobs[name] = partial(model.train_on_batch, x[:32], y[:32])
    start = time.perf_counter()
    with startup.messages_aside():  # XLA says hello
        losses[name] = float(jobs[name]())
    first_ms[name] = 1000 * (time.perf_counter() - start)

# %% [markdown]
# *Predict first.* Which takes longest by far, on this processor, in later steps: (a) XLA, (b) eager, or (c) none of the three: they are about equal?

# %%
quizzes.predict("15.p5", ...)

# %%
mode_ms = milliseconds(jobs)
for name, times in mode_ms.items():
    print(f"{name:5} first step {first_ms[name]:5.0f} ms", end=", ")
    print(f"later {min(times):5.1f} ms (at most {max(times):.1f})")

# %%
quizzes.verdict("15.p5")

# %% [markdown]
# *What you see.* Eager is the slowest by far. The graph saves what Python costs at each operation: a later eager step takes {{min(mode_ms["eager"]) / min(mode_ms["graph"]):.1f}} times as long. XLA took {{min(mode_ms["XLA"]) / min(mode_ms["graph"]):.1f}} times as long as the graph, and its first step is the longest by far. XLA's home is graphics cards and TPUs, and Keras, left to itself, does not use it on a processor. You get the good choice unless you write `run_eagerly=True` (for finding faults) and forget it.
#
# *And the accuracy?* All three compute the same, up to the last digits. The loss of the first step, from the same weights:

# %%
for name, loss in losses.items():
    print(f"{name:5} {loss:.6f}")
loss_apart = max(losses.values()) - min(losses.values())

# %% [markdown]
# *Exercise 15.3: when has it paid off?* On some machine the eager program takes 150 ms for its first step and 50 ms for each later one; the compiled program 600 ms and 10 ms. After how many *later* steps is the compiled one ahead for the first time? *Example:* with 90 ms and 20 ms, instead of 600 and 10, it would be ahead from the start: 0.

# %% tags=["exercise"]
later_steps = ...
exercises.check("15.3", later_steps)

# %% [markdown] tags=["topic:15.precision", "slide"]
# ## Precision: half the bits
#
# A number of the network takes 32 bits. Two formats take 16. **float16** has three digits and a small range. **bfloat16** has the range of float32, and only two digits. Four numbers, stored in each:

# %%
numbers = tf.constant([1.001, 0.1, 70000.0, 1e-8])
for kind in ("float32", "float16", "bfloat16"):
    print(f"{kind:9}", tf.cast(tf.cast(numbers, kind), "float32").numpy())

# %% [markdown]
# *What you see.* In float16 the third number becomes infinite, and the last one 0. Gradients are often that small: stored as 0, they teach nothing. bfloat16 keeps both, but the first number becomes 1.
#
# So float16 needs **loss scaling**: multiply the loss, and with it every gradient, by a large number before it goes into 16 bits. Divide in 32 bits afterwards.

# %%
gradient, scale = tf.constant(1e-8), 1024.0
as_it_is = tf.cast(gradient, "float16")
scaled = tf.cast(gradient * scale, "float16")
print("as it is:", as_it_is.numpy())
print("scaled and back:", tf.cast(scaled, "float32").numpy() / scale)

# %% [markdown]
# **Mixed precision** means: the weights are kept in 32 bits. What goes into the products, and what passes from layer to layer, has 16. (The products are usually added up in 32 again.) In Keras that is one line before the network is built. The last layer and the loss should stay in float32: give that layer `dtype="float32"`. For float16 Keras puts the loss scaling around the optimiser by itself; whoever writes the training loop by hand must do it (`optimizer.scale_loss`).

# %%
jobs = {}
for policy in ("float32", "mixed_bfloat16", "mixed_float16"):
    keras.config.set_dtype_policy(policy)
    model = models.program_c(x.shape[1:], 10)
    keras.config.set_dtype_policy("float32")
    model.compile("adam", "sparse_categorical_crossentropy")
    jobs[policy] = partial(model.train_on_batch, x[:128], y[:128])
    print(f"{policy:15} optimiser: {type(model.optimizer).__name__}")

# %% [markdown]
# *Predict first.* Half the bits: half the time? What does float16 do to a step on this processor: (a) it takes about half of the time, (b) it takes several times *longer*, or (c) hardly anything changes?

# %%
quizzes.predict("15.p6", ...)

# %%
with startup.messages_aside():  # a library regrets that it has no float16
    policy_ms = milliseconds(jobs)
for name, times in policy_ms.items():
    ratio = min(times) / min(policy_ms["float32"])
    print(f"{name:15} {min(times):6.1f} ms a step (at most {max(times):.1f})", end=", ")
    print(f"{ratio:.2f} of float32's")

# %%
quizzes.verdict("15.p6")

# %% [markdown]
# *What you see.* bfloat16 takes {{min(policy_ms["mixed_bfloat16"]) / min(policy_ms["float32"]):.2f}} of the time of float32, float16 {{min(policy_ms["mixed_float16"]) / min(policy_ms["float32"]):.1f}} times. What bfloat16 saves is small beside that. (The recording below counts processor seconds of whole passes, and shows it as well.) This processor has instructions for bfloat16 and none for float16, and TensorFlow reports that its fast library does not take float16 here. That is the likely cause; we did not test it. Yours may have neither. Many graphics cards have both: TensorFlow's [guide](https://www.tensorflow.org/guide/mixed_precision) speaks of more than three times on recent ones. We had no such card, so we did not measure that.
#
# *And the accuracy?*

# %%
told("batches of 128")
told("bfloat16")

# %% [markdown]
# *What you see.* A pass becomes shorter, and the target is reached after {{median_seconds("bfloat16"):.1f}} s in the place of {{median_seconds("batches of 128"):.1f}} s. The shorter pass is sure. By how much the target comes sooner is not: three starts are few, and they lie between {{min(record["seconds to"]["0.8"]["bfloat16"]):.1f}} and {{max(record["seconds to"]["0.8"]["bfloat16"]):.1f}} s with bfloat16, between {{min(record["seconds to"]["0.8"]["batches of 128"]):.1f}} and {{max(record["seconds to"]["0.8"]["batches of 128"]):.1f}} s without. The best accuracies of the two lie within the spread of the starts: two digits were enough here, even in the last layer.
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
# So far the learning rate stayed the same. A **schedule** changes it on the way. This one goes up in a straight line and then down to zero (Smith and Topin, 2017). The low start spares the random weights; the low end lets the weights settle. In between, the rate may be higher than any that could stay.


# %% tags=["defines:training.one_cycle"]
def one_cycle(progress, *, warm_up=0.25):
    if progress < warm_up:
        return progress / warm_up
    return max(0.0, (1 - progress) / (1 - warm_up))


# %% tags=["slide"]
share = np.linspace(0, 1, 41)  # of the training that is over
plots.lines(
    {"one cycle": [one_cycle(p) for p in share], "constant": np.full(41, 0.5)},
    x=share,
    x_label="share of the training that is over",
    y_label="learning rate, share of the highest",
    caption="The rate rises for a quarter of the time. (How high a constant rate may be is another question.)",
)

# %% [markdown]
# How to give it to Keras you will see below. The recording compares from three starts, in batches of 128, in bfloat16:

# %%
told("bfloat16")
told("schedule")

# %% [markdown]
# *What you see.* The target is reached after {{median_seconds("schedule"):.1f}} s in the place of {{median_seconds("bfloat16"):.1f}} s, at the median. A pass costs the same.
#
# A price: the schedule has to know the end. Stop it halfway, and you have a network whose rate was never low. That is why each point of the recording is a training of its own.
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
# The 3 x 3 kernels of a layer with 64 channels in and 64 out are a table of 576 rows and 64 columns. Its gradient is such a table as well, and usually a lopsided one: in a few directions it is long, in most it is short. A step along it changes much in the long directions, and in the others hardly anything.
#
# **Muon** (Jordan and others, 2024) keeps a momentum, as in lesson 02, and then makes the step about equally long in all directions. A small table, long in one direction and short in the other:

# %%
lopsided = np.array([[3, 0], [0, 0.2], [1, 0.1]], dtype="float32")  # (3, 2)
print("lengths in its two directions:", np.linalg.svd(lopsided)[1].round(2))

# %% [markdown]
# The lengths are called **singular values**. To compute them for every step would take too long. A few products of matrices come near enough:


# %% tags=["defines:training.orthogonalise", "nbval-check-output"]
from keras import ops


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


# %%
evened = ops.convert_to_numpy(orthogonalise(lopsided))
print("lengths after it:", np.linalg.svd(evened)[1].round(2))

# %% tags=["slide"]
plots.number_grids(
    {"the step": lopsided, "evened out": evened.round(2)},
    signs="→",
    caption="The same directions. Small entries have become large enough to matter.",
)

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
# (The three constants were found by search, so that small lengths grow fast. The lengths do not end at exactly 1, but most of them between about 0.7 and 1.2, as here; that is near enough.) The kernels get this step; biases and dense layers stay with Adam. The course has it as a Keras optimiser: `model.compile(training.muon.Muon(0.2), ...)`.
#
# Keras has an optimiser of the same name, `keras.optimizers.Muon`. It evens out tables only: a kernel with four axes, which every convolution has, it leaves to AdamW, a relative of Adam. What this lesson measures is ours; we did not compare the two.
#
# *Predict first.* The same network, batches, format and schedule as before. When does it reach 80 %, compared with Adam: (a) at about the same time, since the products of matrices cost what the better steps bring, (b) in about half of the time or less, or (c) later?

# %%
quizzes.predict("15.p7", ...)

# %%
told("schedule")
told("Muon")

# %%
quizzes.verdict("15.p7")

# %% [markdown]
# *What you see.* {{median_seconds("Muon"):.1f}} s in the place of {{median_seconds("schedule"):.1f}} s, and nine of ten right, which no rung before reached, after {{median_seconds("Muon", "0.9"):.1f}} s. The products of matrices can hardly be seen in the seconds of a pass: the tables are small beside the pictures.
#
# Why does it help so much? The usual explanation is the one above: small directions are learned as well. We did not test it, so take it as a guess.

# %% [markdown] tags=["topic:15.recipe", "slide"]
# ## Network: more learned from each picture
#
# Program C has no batch normalisation (lesson 05) and ends in a large dense layer. The network of `fit_fast` halves the picture in its first layer, and pools *before* it normalises, so that normalising costs a quarter. It ends in a mean. Counted as in lesson 03, it does 4.6 million multiplications a picture of 24 by 24 pixels; program C does 2.1 million.

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


def fast_network(classes):
    return keras.Sequential(
        [
            keras.Input(x.shape[1:]),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(24, 4, strides=2, padding="same", activation="relu"),
            *stage(48),  # (6, 6, 48)
            *stage(96),  # (3, 3, 96)
            layers.GlobalAveragePooling2D(),  # (96,)
            layers.Dense(classes, activation="softmax"),
        ]
    )


print(f"{fast_network(10).count_params():,} parameters")
print(f"{models.program_c(x.shape[1:], 10).count_params():,} in program C")

# %%
told("Muon")
told("network")

# %% [markdown]
# *What you see.* On these small pictures a pass takes *longer*: the new network does more, and it normalises. But it learns more in a pass. The target is reached after {{median_seconds("network"):.1f}} s at the median, with program C's network after {{median_seconds("Muon"):.1f}} s; from one of the three starts it comes later. And the best accuracy is higher.
#
# ### The rest of the recipe
#
# Two small things are left. The first filters need not be random: `fit_fast` takes the patterns in which small patches of the training pictures differ most (their principal directions), once as they are and once with the opposite sign.

# %%
keras.utils.set_random_seed(0)
stem = models.fast_cnn(x.shape[1:], 10).get_layer("stem")
random_kernel, bias = stem.get_weights()  # (4, 4, 3, 24)
kernel, _ = training.whitening.whitening_filters(
    x[:500], [random_kernel, bias], stride=2
)

# %% tags=["slide"]
plots.filters(
    kernel[..., :12],
    caption="Twelve of the first filters, made from 500 pictures without any training.",
)

# %% [markdown]
# And **label smoothing**: the right class is asked to reach 0.91, not 1, and the others share the rest.

# %%
told("network")
told("the rest")
sooner = median_seconds("program C") / median_seconds("the rest")

# %% [markdown] tags=["slide"]
# ## The ladder against the clock
#
# Now the rungs in one figure. Each keeps what the rungs above it brought. Every line is one start.

# %%
courses = {}
for name in ("program C", "batches of 128", "schedule", "Muon", "the rest"):
    courses[name] = [np.array(run)[:, 1:] for run in runs[name]]  # seconds, accuracy

# %% tags=["slide"]
plots.race(
    courses,
    target=0.8,
    caption="Five of the seven rungs on 4,000 pictures of shapes, one core. Further left and higher is better.",
)

# %% tags=["slide"]
plots.bars(
    {name: round(median_seconds(name), 2) for name in runs},
    label="seconds until 80 % of new pictures are right, median of three starts",
    caption="The ladder of one machine and one kind of pictures.",
)

# %% [markdown]
# *What you see.* Four of five right: after {{median_seconds("program C"):.1f}} s at the bottom of the ladder, and after {{median_seconds("the rest"):.1f}} s at the top. That is {{sooner:.0f}} times sooner, and not ten. We only look at the end of each pass, and the last two rungs are past the mark at their first or second look: their bars are too long if anything, and do not decide between the two.
#
# The higher the aim, the larger the difference. Nine of ten right: the whole ladder after {{median_seconds("the rest", "0.9"):.1f}} s, at the end of its *first* pass. Program C has had 24 passes and {{runs["program C"][0][-1][1]:.0f}} s, about {{runs["program C"][0][-1][1] / median_seconds("the rest", "0.9"):.0f}} times as long, and is still not there.
#
# The batch of 128 brings nothing when it comes. Which remedy brings how much depends on what is there already, and on the aim. We climbed in one order only; in another one the shares would be others. (The best accuracy of a line is the best of all its passes on these same pictures, so it flatters all of them a little.)

# %% [markdown]
# ### The whole ladder, typed out
#
# Here is nearly all of it, in plain Keras but for Muon, which is ours: the network, the optimiser, and the rate that rises and falls. Only the format, the first filters and the softer labels are left out. Two passes:


# %%
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, highest, steps):
        self.highest, self.steps = highest, steps

    def __call__(self, step):  # as `one_cycle` above, for Keras
        done = (ops.cast(step, "float32") + 1) / (self.steps + 1)
        return self.highest * ops.minimum(done / 0.25, (1 - done) / 0.75)


# %%
keras.utils.set_random_seed(0)
passes = 2
steps = passes * -(-len(x) // 128)  # rounded up
model = fast_network(10)
model.compile(
    training.muon.Muon(OneCycle(0.2, steps)),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
history = model.fit(x, y, batch_size=128, epochs=passes, verbose=2)

# %%
_, typed_accuracy = model.evaluate(x_new, y_new, verbose=0)
print(f"{100 * typed_accuracy:.1f} % of new pictures after two passes")

# %% [markdown]
# **Change this.** Write `training.muon.Muon(0.05)`, for a rate that stays: what is lost? Then put `models.program_c(x.shape[1:], 10)` in the place of the network.

# %% [markdown] tags=["slide"]
# ### Other pictures, another ladder
#
# Is it the same remedy that brings most elsewhere? An earlier ladder climbed in another order, on 12,000 small photographs of CIFAR-10, three passes for each rung, batches of 64. These are accuracies, not seconds.

# %%
earlier = recorded.show("15_recipe").figures
for name, accuracies in earlier.items():
    print(f"{name:20}", accuracies)

# %% tags=["slide"]
plots.bars(
    {name: float(np.mean(accuracies)) for name, accuracies in earlier.items()},
    label="accuracy on new photographs, mean of three starts",
    chance=0.1,
    caption="CIFAR-10 (JPEG copy): each row adds one thing to the row above it.",
)

# %% [markdown]
# *What you see.* Here the network brings most, {{100 * (np.mean(earlier["1 the network"]) - np.mean(earlier["program C"])):.0f}} points. First filters made from the pictures bring nothing clear: their three starts lie on both sides of the row above. Muon brings {{100 * (np.mean(earlier["3 Muon"]) - np.mean(earlier["2 whitened filters"])):.0f}} points at the mean. So do not take the ladder of one data set for that of another.

# %% [markdown] tags=["slide"]
# ## All of it in one call
#
# `training.fit_fast` puts the parts together, and asks for one thing only: how many seconds you have. It looks which number format this processor is fast in, plans the schedule by the clock, and finds out on pictures that it holds back whether mirrored ones help. With half as much time again:

# %%
start = time.perf_counter()
longer = training.fit_fast(x, y, seconds=1.5 * seconds)
longer_seconds = time.perf_counter() - start
longer_accuracy = (longer.predict(x_new, verbose=0).argmax(axis=1) == y_new).mean()
print(f"{fast_seconds:.1f} s: {100 * fast_accuracy:.1f} %")
print(f"{longer_seconds:.1f} s: {100 * longer_accuracy:.1f} %")

# %% [markdown]
# **Change this.** Write `seconds=12`, or 30, in the parameters at the top, and run the notebook again. With your own pictures: `data = datasets.load("folder:my_pictures", size=32)`; `fit_fast` takes up to 96 pixels and wants at least 100 pictures. For few photographs lesson 06 is the better way.
#
# And on real data sets, all training pictures, an idle machine with two cores? `course bench` has trained each in turn, three starts each: the usual program for ten passes, `fit_fast` for a small share of the time that took, and `fit_fast` for all of it.

# %%
benches = {}
for name, usual_name in (("cifar10", "program C"), ("fashion_mnist", "program A")):
    bench = benches[name] = recorded.show(f"bench_{name}").figures["summary"]
    for key, who in (
        ("reference", usual_name),
        ("share", "fit_fast"),
        ("full", "fit_fast"),
    ):
        spent, right = bench[f"{key}: seconds"], bench[f"{key}: accuracy"]
        print(f"{who:9} {spent['median']:6.1f} s", end=", ")
        print(f"{100 * right['min']:.1f} to {100 * right['max']:.1f} % right")

# %% [markdown]
# *What you see.* On the photographs of CIFAR-10, `fit_fast` is past program C in a twentieth of its time ({{100 * benches["cifar10"]["share: accuracy"]["median"]:.0f}} % against {{100 * benches["cifar10"]["reference: accuracy"]["median"]:.0f}} %, medians), and in the same time it gets {{100 * benches["cifar10"]["full: accuracy"]["median"]:.0f}} %. On the clothes of Fashion-MNIST a ninth of the time is enough to pass program A, and the same time gives {{100 * benches["fashion_mnist"]["full: accuracy"]["median"]:.1f}} %. So the whole recipe carries over to them, if not the share of each rung.

# %% [markdown] tags=["slide"]
# ## So do this
#
# 1. Measure one step, and draw it as a bar. If most of it is input, make the pictures small once, and keep them. Until then, a faster network saves little.
# 2. Compare programs by *time to accuracy*, in turn and from several starts. Seconds a pass and pictures a second mislead.
# 3. Leave `run_eagerly` off. Try XLA, 16 bits and larger batches on *your* machine, one at a time; here XLA was level with the graph or slower, bfloat16 saved processor time and float16 took several times longer, and larger batches brought nothing.
# 4. float16 only with loss scaling; on a processor rather bfloat16, or neither.
# 5. Then let each step learn more: a rate that ends at zero, normalisation, a better optimiser. Here that brought most.
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
    with Image.open(path) as photo:
        upright = ImageOps.exif_transpose(photo).convert("RGB")
    return ImageOps.fit(upright, (side, side))


times = []  # how many times as long as its copy a photograph takes
for path in sorted(large.glob("[!.]*/[!.]*")):
    copy = shrunk / path.parent.name / f"{path.name}.png"
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        read(path).save(copy)
    except Exception as error:
        print("left out:", path, type(error).__name__)
        continue
    slow, quick = (timeit.timeit(partial(read, one), number=1) for one in (path, copy))
    times.append(slow / quick)
assert times, f"No pictures in the folders of {large.resolve()}"
low, middle, high = np.quantile(times, (0.05, 0.5, 0.95))
print(f"{len(times)} copies: read {middle:.1f} times as fast ({low:.1f} to {high:.1f})")

# %% [markdown]
# The copies are PNG files, so that nothing is lost a second time. In brackets: from the photograph that gains least to the one that gains most, without the outermost five of a hundred on either side. What cannot be read is named and left out.
#
# ## What stays open
#
# One machine, however fast, has an end. What several can do together, and what that costs, is the subject of [lesson 17](17_many_machines.ipynb). How to make the *answers* fast, not the training, is that of [lesson 16](16_small_and_shipped.ipynb). To read on: [TensorFlow on input pipelines](https://www.tensorflow.org/guide/data_performance), [mixed precision](https://www.tensorflow.org/guide/mixed_precision), [super-convergence](https://arxiv.org/abs/1708.07120), [Muon](https://kellerjordan.github.io/posts/muon/).

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("15")
