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
# # Speed and scale
#
# A network that learns in one minute instead of ten lets you try ten ideas instead of one. This lesson makes training
# faster, a trained network smaller and useful for a new task, and spreads the work over several processes. Nearly all
# is measured on your machine; some of what is said about speed turns out to be true elsewhere only.
#
# **After this notebook you can**
#
# - *measure* where a training step spends its time, and *tell* which remedy fits;
# - *build* a recipe for fast training step by step, and *say* what each step brings;
# - *prune* and *quantise* a network, and *compare* size, time and accuracy before and after;
# - *carry* a trained network over to a task with few images, and *teach* it new classes from five examples each;
# - *train* one network in two processes, and *hand* experiments to a cluster.
#
# **What to know first:** lesson 04; for the recipe, the optimisers of lesson 02 and the batch normalisation of lesson
# 05.
#
# **Minutes:** to run, 1 in the smoke profile, 2 in quick, 8 in full. To study, 100; to teach, 130.

# %%
import gzip
import timeit
from collections import defaultdict
from functools import partial
from course_utils import startup

startup.load_keras()

# %%
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from course_utils import claims, datasets, exercises, experiments, models, paths
from course_utils import plots, profiles, progress, quizzes, recorded, training

# %% [markdown]
# The parameters; the three seeds of all comparisons; the difference of two variants, seed by seed.

# %% tags=["parameters"]
profile: str = "quick"  # smoke, quick or full
seed: int = 0  # the first of three seeds

# %%
keras.utils.set_random_seed(seed)
claims.begin("15", profile=profile, defaults=seed == 0)
seeds = [seed, seed + 1, seed + 2][: profiles.choose(profile, smoke=1, quick=3, full=3)]


def differences(above, below):
    return [a - b for a, b in zip(above, below, strict=True)]


# %% [markdown] tags=["slide"]
# ## Where a step spends its time
#
# Before you make a program faster, find out what it waits for. First a clock: other programs can only make a run
# longer, so we take the shortest of several. The pictures: `shapes` of 24 by 24 pixels; in the full profile, CIFAR-10.


# %%
def milliseconds(run, *arguments, times=5):
    return 1000 * min(timeit.repeat(lambda: run(*arguments), number=1, repeat=times))


amount = profiles.choose(profile, smoke=256, quick=1500, full=12_000)
source, knobs = ("cifar10", {}) if profile == "full" else ("shapes", {"size": 24})
data = datasets.load(source, train=amount, validation=1000, test=1000, **knobs)
x, y, shape = data.train.x, data.train.y, data.train.x.shape[1:]

# %% [markdown] tags=["slide"]
# What does one step on 64 pictures take? Keras can run it in three ways. In eager execution, as in lesson 14, Python
# calls each operation in turn. By default Keras traces the step once into a graph, which runs without Python. **XLA**
# also merges operations. The last two are **compilation**: the first step pays for all the others.
#
# *Predict first.* Which order do you expect on this processor, from slow to fast: (a) eager, graph, XLA, (b) eager,
# XLA, graph, or (c) all about equal?

# %%
modes = {
    "eager": {"run_eagerly": True},
    "graph": {"jit_compile": False},
    "XLA": {"jit_compile": True},
}
step_ms, loss = {}, "sparse_categorical_crossentropy"
for name, options in modes.items():
    model = models.small_cnn(shape, 10)
    model.compile("adam", loss, **options)
    first = milliseconds(model.train_on_batch, x[:64], y[:64], times=1)
    step_ms[name] = milliseconds(model.train_on_batch, x[:64], y[:64])
    print(f"{name:5} first step {first:6.0f} ms, later steps {step_ms[name]:6.1f} ms")
claims.claim(
    "15.c1", "A step in eager execution takes longer than a step of the graph.",
    measured=[step_ms["eager"] / step_ms["graph"]], at_least=1.1, about_time=True, unit="times",
)  # fmt: skip

# %% [markdown]
# *What you see.* The graph saves what Python costs at each operation. XLA pays in the first step, and on a processor
# even its later steps may be slower; Keras itself takes it on graphics cards only. In a larger network Python's share
# is smaller.
#
# How much of a step belongs to the images, and how much is paid once a step?

# %%
model = models.small_cnn(shape, 10)
model.compile("adam", loss)
for size in (1, 8, 64, 256):
    ms = milliseconds(model.train_on_batch, x[:size], y[:size])
    print(f"batch {size:3}: {ms:6.1f} ms a step, {1000 * size / ms:6.0f} images/s")

# %% [markdown]
# *What you see.* A step on one image costs far more than a 64th of a step on 64. With large batches nothing is left
# to save; but fewer steps usually learn less from the same images. (`steps_per_execution` in `compile` runs several
# small steps in one call.)
#
# Images also have to arrive. An **input pipeline** reads and prepares them. Here the same pixels are scaled in three
# places.

# %%
arrays, scale = tf.data.Dataset.from_tensor_slices(x), layers.Rescaling(1 / 255)
pipelines = {
    "one image at a time": arrays.map(scale).batch(64),
    "a batch at a time": arrays.batch(64).map(scale),
    "bytes, scaled in the model": arrays.batch(64),
}
for name, pipeline in pipelines.items():
    size = next(iter(pipeline)).numpy().nbytes
    ms = milliseconds(list, pipeline, times=10) / len(pipeline)
    print(f"{name:27} {ms:5.2f} ms and {size:7,} bytes a batch of 64")

# %% [markdown] tags=["slide"]
# *What you see.* Work on whole batches, and keep bytes until the step: a quarter of the memory moves. Beside a step
# all three are small, since the images are in memory. Decoding files costs more; then parallel `map` and `prefetch`
# (working ahead) decide.
#
# **Mixed precision** computes in 16 bits and keeps the weights in 32. There are two such formats. float16 has a small
# range; **bfloat16** has the range of float32 and two to three digits.
#
# *Predict first.* Half the bits, so half the time? (a) In both formats, (b) in one, or (c) in neither, and one of
# them is several times slower.

# %%
for policy in ("float32", "mixed_bfloat16", "mixed_float16"):
    keras.config.set_dtype_policy(policy)
    model = models.small_cnn(shape, 10)
    keras.config.set_dtype_policy("float32")
    model.compile("adam", loss)
    model.train_on_batch(x[:16], y[:16])  # compiles
    ms = milliseconds(model.train_on_batch, x[:16], y[:16], times=2)
    print(f"{policy:15} {ms / 16:6.2f} ms an image")

# %% [markdown]
# *What you see.* Here nothing is halved, and float16 is far behind. A format is fast where the hardware has
# instructions for it: graphics cards for both, newer processors for one or both. Else numbers are converted back and
# forth. Measure before you switch.

# %% [markdown] tags=["slide"]
# ## The fast recipe, one step at a time
#
# The recipe behind `training.fit_fast` has five parts, which we put in one after another. First the network: it
# halves the picture in its first layer, pools *before* it normalises, and does most of its work where the picture is
# small.

# %% tags=["defines:models.fast_cnn"]
from course_utils.models.fast import stem_stride  # 1, 2 or 4 pixels, by image size


def fast_cnn(input_shape, classes, *, widths=(24, 48, 96)):
    stride = stem_stride(input_shape)
    patch = 2 * stride if stride > 1 else 3
    images = keras.Input(input_shape, dtype="uint8", name="images")
    x = layers.Rescaling(1 / 127.5, offset=-1)(images)
    x = layers.Conv2D(
        widths[0], patch, strides=stride, padding="same", activation="relu", name="stem"
    )(x)
    for number, channels in enumerate(widths[1:], start=1):
        x = layers.Conv2D(
            channels, 3, padding="same", use_bias=False, name=f"stage_{number}_first"
        )(x)
        x = layers.MaxPooling2D(padding="same")(x)
        x = layers.BatchNormalization(scale=False, momentum=0.8)(x)
        x = layers.ReLU()(x)
        x = layers.Conv2D(
            channels, 3, padding="same", use_bias=False, name=f"stage_{number}_second"
        )(x)
        x = layers.BatchNormalization(scale=False, momentum=0.8)(x)
        x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    probabilities = layers.Softmax(dtype="float32", name="probabilities")(logits)
    return keras.Model(images, probabilities, name="fast_cnn")


# %% [markdown]
# Second, the first filters: not random, but the main patterns by which small patches of the pictures differ, scaled
# to answer about equally (`training.whitening`). Third, the optimiser. **Muon** (Jordan and others, 2024)
# keeps a momentum, as in lesson 02. Then it reads a convolution kernel's step as a matrix, and makes it about
# equally long in all directions: those with small gradients are to be learned as well. A few products of matrices do
# it; Adam takes the other weights. Here a step is long in one direction and short in the other.


# %% tags=["defines:training.orthogonalise", "nbval-check-output"]
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


long_and_short = np.array([[3, 0], [0, 0.2], [1, 0.1]], dtype="float32")
for name, matrix in {"before": long_and_short, "after": orthogonalise(long_and_short)}.items():  # fmt: skip
    print(f"{name:6} lengths in its two directions:", np.linalg.svd(matrix)[1].round(1))

# %% [markdown]
# Fourth, a learning rate schedule as in lesson 05, `one_cycle`: up in a straight line, then down to zero. The low
# start spares the random weights, and the low end lets them settle; between, steps may be larger than a constant
# rate could afford. Fifth, **label smoothing**: the right class is asked to reach 0.91, not 1, and the rest is shared
# out. One function trains any variant:


# %% tags=["defines:training.one_cycle"]
def one_cycle(progress, *, warm_up=0.25):
    if progress < warm_up:
        return progress / warm_up
    return max(0.0, (1 - progress) / (1 - warm_up))


def train(name, model, seed, *, peak, cycle=False, smoothing=0.0, whitened=False):
    def set_rate(batch, logs):
        done = int(model.optimizer.iterations) / steps
        model.optimizer.learning_rate = peak * (one_cycle(done) if cycle else 1)

    training.reset(model, seed=seed)
    labels = (1 - smoothing) * np.eye(10)[y] + smoothing / 10  # (images, 10)
    rate = keras.callbacks.LambdaCallback(on_train_batch_begin=set_rate)
    start = timeit.default_timer()
    if whitened:
        stem = model.get_layer("stem")
        filters = training.whitening.whitening_filters
        stem.set_weights(filters(x[:2000], stem.get_weights(), stride=2))
    model.fit(x, labels, batch_size=64, epochs=epochs, callbacks=[rate], verbose=0)
    took[name].append(timeit.default_timer() - start)
    answers = model.predict(data.validation.x, verbose=0).argmax(axis=1)
    return np.mean(answers == data.validation.y)


took = defaultdict(list)  # seconds of each run
epochs = profiles.choose(profile, smoke=1, quick=2, full=3)
steps = epochs * -(-len(x) // 64)

# %% [markdown]
# *Exercise 15.1: a learning rate that falls along a cosine.* Write `learning_rate(step, steps, peak)`: from 0 at step
# 0 it rises in a straight line to `peak` at `steps / 5`, then falls along half a cosine, from its top to its bottom,
# to 0 at `steps`. `np.cos` and `np.pi` help. *Example:* `learning_rate(30, 50, 0.02)` is
# 0.01.


# %% tags=["exercise"]
def learning_rate(step, steps, peak):
    # your lines in the place of the dots
    ...


exercises.check("15.1", learning_rate)

# %% [markdown] tags=["slide"]
# Now all of it, one step more in each row, with equal epochs; the learning rates were chosen on other
# seeds. Flips are no part of it: a mirrored left arrow is a right arrow.
#
# *Predict first.* Which of the five steps brings most?

# %% tags=["slide"]
adam, muon = (models.fast_cnn(shape, 10, widths=(16, 32, 64)) for _ in range(2))
program_c = models.program_c(shape, 10)
for model, optimizer in ((program_c, "adam"), (adam, "adam"), (muon, training.muon.Muon())):  # fmt: skip
    model.compile(optimizer, "categorical_crossentropy")
    model.fit(x[:64], np.eye(10)[y[:64]], batch_size=64, verbose=0)  # compiles
rest = {"whitened": True, "cycle": True}
rungs = {
    "program C": (program_c, {"peak": 0.001}),
    "1 the network": (adam, {"peak": 0.003}),
    "2 whitened filters": (adam, {"peak": 0.003, "whitened": True}),
    "3 Muon": (muon, {"peak": 0.1, "whitened": True}),
    "4 the schedule": (muon, {"peak": 0.3, **rest}),
    "5 smooth labels": (muon, {"peak": 0.3, "smoothing": 0.1, **rest}),
}
variants = {name: partial(train, name, model, **how) for name, (model, how) in rungs.items()}  # fmt: skip
ladder = experiments.compare(variants, seeds=seeds)
for name, seconds in took.items():
    print(f"{name:22} {np.mean(seconds):5.1f} s")
claims.claim(
    "15.c2", "With equal epochs, the whole recipe is at least 10 points above program C.",
    measured=differences(ladder["5 smooth labels"], ladder["program C"]), at_least=0.10)  # fmt: skip
plots.comparison(
    ladder, label="validation accuracy", chance=0.1,
    caption="The same images and epochs. Each row adds one step to the row above.",
)  # fmt: skip

# %% [markdown]
# *What you see.* At this small budget every step but the last adds something clear. But equal epochs are not equal
# seconds, and what comes late may have less left to bring. Now CIFAR-10: is the largest step the same?

# %%
if profile == "full":
    note = f"12,000 images of {data.card.label}, 3 epochs, validation accuracy"
    recorded.save("15_recipe", ladder, data=note, seeds=seeds)
print(recorded.load("15_recipe"))
for name, values in recorded.load("15_recipe").figures.items():
    print(f"{name:23}", [f"{100 * value:.1f} %" for value in values])

# %% [markdown]
# It is not. There the network brings most, and the filters nothing clear: it depends on data and budget.
#
# In one call, you say how long training may take, compiling included.

# %%
seconds = profiles.choose(profile, smoke=2, quick=6, full=60)
start = timeit.default_timer()
fast = training.fit_fast(x, y, seconds=seconds, seed=seed)
print(f"asked for {seconds} s, took {timeit.default_timer() - start:.1f} s")
answers = fast.predict(data.validation.x, verbose=0).argmax(axis=1)
print(f"{100 * np.mean(answers == data.validation.y):.1f} % of the validation images")

# %% [markdown] tags=["slide"]
# ## Smaller
#
# From here on we use a trained `fast_cnn` for pictures of 32 by 32 pixels. `course backbone` has taught it
# five of the ten shapes; its weights come with the course.


# %%
def only(split, classes):  # the images of some classes, labels counted anew from 0
    chosen = np.isin(split.y, classes)
    return split.x[chosen], np.searchsorted(classes, split.y[chosen])


shapes = datasets.load("shapes", train=4000, validation=2000, test=2000)
old, new = [0, 3, 5, 6, 8], [1, 2, 4, 7, 9]  # circle, triangle, heart ... and the rest

(x_old, y_old), (x_check, y_check) = only(shapes.train, old), only(shapes.validation, old)  # fmt: skip
network = models.fast_cnn((32, 32, 3), 5, widths=(16, 32, 64))
network.load_weights(paths.data_folder() / "shapes_backbone.weights.h5")
network.compile("adam", loss, metrics=["accuracy"])
trained = network.get_weights()
print(f"{network.count_params():,} parameters")

# %% [markdown]
# **Pruning** sets a given share of each kernel's weights to zero, those nearest to zero. Training then goes on for a
# moment with the zeros held in place. The share of zeros is called **sparsity**.
#
# *Exercise 15.2: prune the smallest weights.* The function below should turn the share `share` of the weights,
# those nearest to zero, into 0, and return a new array of the same shape. Mend its two faults. *Example:*
# `prune(np.array([[0.5, -0.1], [-0.9, 0.3]]), 0.5)` gives `[[0.5, 0], [-0.9, 0]]`.
#
# ```python
# def prune(kernel, share):
#     limit = np.quantile(kernel, share)
#     kernel[kernel < limit] = 0
#     return kernel
# ```


# %% tags=["exercise"]
def prune(kernel, share):
    # your lines in the place of the dots
    ...


exercises.check("15.2", prune)

# %% [markdown] tags=["slide"]
# In the network: a mask of ones and zeros for each kernel, applied after every step.
#
# *Predict first.* Up to which sparsity does accuracy last without further training: 40 %, 70 % or 90 %? And with it?


# %%
def hold_zeros(share):
    masks = []
    for kernel in [one.kernel for one in network.layers if hasattr(one, "kernel")]:
        sizes = np.abs(ops.convert_to_numpy(kernel))
        masks.append((kernel, sizes >= np.quantile(sizes, share)))

    def apply(batch=None, logs=None):
        for kernel, mask in masks:
            kernel.assign(kernel * mask)

    apply()
    return keras.callbacks.LambdaCallback(on_train_batch_end=apply)


shares = profiles.choose(
    profile, smoke=[0.7], quick=[0.4, 0.7, 0.9], full=[0.3, 0.5, 0.6, 0.7, 0.8, 0.9]
)
used = profiles.choose(profile, smoke=128, quick=1000, full=None)
cut, tuned, pruned = {}, {share: [] for share in shares}, None
for share in shares:
    for current in seeds:
        training.reset(network, seed=current)
        network.set_weights(trained)
        zeros = hold_zeros(share)
        if current == seed:
            cut[share] = [network.evaluate(x_check, y_check, verbose=0)[1]]
        network.fit(x_old[:used], y_old[:used], batch_size=64, callbacks=[zeros], verbose=0)  # fmt: skip
        tuned[share].append(network.evaluate(x_check, y_check, verbose=0)[1])
    pruned = network.get_weights() if share == 0.7 else pruned

# %% tags=["slide"]
figure, axis = plots.canvas(height=3)
for values, mark, name in ((cut, "o--", "cut"), (tuned, "s-", "cut, then trained on")):
    axis.plot(shares, [np.mean(values[share]) for share in shares], mark, label=name)
    print(f"{name:20}", {share: [f"{value:.2f}" for value in values[share]] for share in shares})  # fmt: skip
axis.set(xlabel="sparsity", ylabel="validation accuracy", ylim=(0, 1.03))
axis.legend()
claims.claim(
    "15.c3", "At 70 % sparsity, training on brings back at least 8 points.",
    measured=[value - cut[0.7][0] for value in tuned[0.7]], at_least=0.08,
)  # fmt: skip
plots.picture(
    figure, caption="Where do the curves part?",
    alt="Accuracy over sparsity, once cut alone and once trained on after the cut.",
)  # fmt: skip

# %% [markdown]
# *What you see.* Two fifths of the weights go unnoticed. Then accuracy falls, and a moment of training brings it back,
# but not at 90 %: likely too few are left, or the moment is too short.
#
# Is the pruned network smaller, and faster?

# %%
for name, weights in {"as trained": trained, "70 % zeros": pruned}.items():
    content = b"".join(array.tobytes() for array in weights)
    network.set_weights(weights)
    ms = milliseconds(network.predict_on_batch, x_check[:256])
    sizes = f"{len(content):,} bytes, {len(gzip.compress(content)):,} compressed"
    print(f"{name}: {sizes}, {ms:.0f} ms for 256 images")

# %% [markdown]
# > **Often said, not so:** *a pruned network is small and fast.* A zero takes four bytes, and a convolution multiplies
# > by it as by any number. Compression makes the file smaller. To save time, remove whole channels, or use software
# > made for sparse kernels.
#
# In **quantisation** each number becomes one byte: `round(value / scale) + zero_point`, held between -128 and 127.
# The scale fits the range of the values; the **zero point** is the byte that stands for 0.0.
#
# *Exercise 15.3: numbers in one byte.* Write `quantise(values, scale, zero_point)`. It takes an array of floats of
# any shape and returns int8 of the same shape, by the rule above; what is beyond the range of int8 becomes its
# nearest end. *Example:* `quantise(np.array([0.1, -9.0]), 0.05, 3)` gives `[5, -128]`.


# %% tags=["exercise"]
def quantise(values, scale, zero_point):
    # your lines in the place of the dots
    ...


exercises.check("15.3", quantise)

# %% [markdown]
# Keras has `model.quantize("int8")`. Which layers does it reach?

# %% tags=["nbval-check-output"]
copy = models.fast_cnn((32, 32, 3), 5, widths=(16, 32, 64))
with startup.messages_aside():  # Keras warns about each layer that it leaves
    copy.quantize("int8")
for layer in copy.layers:
    if hasattr(layer, "kernel"):
        print(f"{layer.name:15} {layer.kernel.dtype:8} {layer.kernel.shape}")

# %% [markdown]
# *What you see.* Only the last layer, which holds almost nothing: Keras leaves convolutions alone. LiteRT, formerly
# TensorFlow Lite and made for telephones, converts them too. From **representative data**, some typical images, it
# takes the range of every activation. An interpreter then runs the file, one image at a time.


# %%
import tempfile
from pathlib import Path

tf.get_logger().setLevel("WARNING")  # no notes about temporary files


def to_litert(model, images=None):
    int8 = {
        "optimizations": [tf.lite.Optimize.DEFAULT],
        "representative_dataset": lambda: ([image[None]] for image in images),
        "target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]},
        "inference_input_type": tf.uint8,
        "inference_output_type": tf.uint8,
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.tflite"
        options = {} if images is None else int8
        model.export(file, format="litert", verbose=False, **options)
        return file.read_bytes()


def answers_and_ms(content, images):
    runner = tf.lite.Interpreter(model_content=content, num_threads=1)
    runner.allocate_tensors()
    [source], [result] = runner.get_input_details(), runner.get_output_details()
    answers, start = [], timeit.default_timer()
    for image in images:
        runner.set_tensor(source["index"], image[None])  # (1, 32, 32, 3), uint8
        runner.invoke()
        answers.append(runner.get_tensor(result["index"]).argmax())
    return np.array(answers), 1000 * (timeit.default_timer() - start) / len(images)


# %% [markdown] tags=["slide"]
# *Predict first.* Does one byte instead of four cost (a) less than 3 points, (b) about 10, or (c) nearly all? The
# test images are opened, once, for the three files.

# %%
x_test, y_test = only(shapes.test, old)
sample = x_old[:200]
forms = {"float32": (trained, None), "int8": (trained, sample)}
forms["int8, 70 % zeros"] = pruned, sample
kilobytes, right = {}, {}
for name, (weights, images) in forms.items():
    network.set_weights(weights)
    with startup.messages_aside():  # both write while they work
        content = to_litert(network, images)
        answers, ms = answers_and_ms(content, x_test)
    kilobytes[name], right[name] = len(content) / 1000, np.mean(answers == y_test)
    packed = len(gzip.compress(content)) / 1000
    sizes = f"{kilobytes[name]:4.0f} KB, {packed:4.0f} KB compressed"
    print(f"{name:16} {sizes}, {ms:.3f} ms an image, accuracy {right[name]:.3f}")
claims.claim(
    "15.c4", "The int8 file is at most 0.4 of the size of the float32 file.",
    measured=[kilobytes["int8"] / kilobytes["float32"]], at_most=0.4,
)  # fmt: skip
claims.claim(
    "15.c5", "Quantising to int8 costs at most 3 points of test accuracy.",
    measured=[right["float32"] - right["int8"]], at_most=0.03,
)  # fmt: skip

# %% [markdown]
# *What you see.* Less than a third of the file, and hardly an error more. Zeros pay once the file is compressed, at
# some cost in accuracy. How much faster int8 runs depends on the processor; the smallest have whole numbers only.

# %% [markdown] tags=["slide"]
# ## Adapt
#
# The other five shapes, such as the star and the cross, our network has never seen. To use what it learned for them
# is **transfer learning**. Its part without the last layer is a **backbone**: it turns a picture into 64 features.

# %%
(x_new, y_new), (x_val, y_val) = only(shapes.train, new), only(shapes.validation, new)
network.set_weights(trained)
backbone = keras.Model(network.input, network.layers[-3].output)
features, features_val = (backbone.predict(images, verbose=0) for images in (x_new, x_val))  # fmt: skip
print("features of the training images:", features.shape)

# %% [markdown] tags=["slide"]
# Three ways to learn them from 10, 50 and 250 images in all. *From nothing*; by **fine-tuning**, that is, training
# all weights further from where they are; and with a **linear probe**, a linear model on the features of the
# unchanged (frozen) backbone. All see the same images; the first two take the same number of steps.
#
# *Predict first.* Which comes out highest with 10 images, and which with 250?


# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def draw(labels, amount, seed):  # the numbers of some images, as many of each class
    rng, classes = np.random.default_rng(seed), np.unique(labels)
    share = amount // len(classes)
    each = [
        rng.choice(np.flatnonzero(labels == k), share, replace=False) for k in classes
    ]
    return np.concatenate(each)


def probe(chosen, x, y, x_val, y_val):
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    return linear.fit(x[chosen], y[chosen]).score(x_val, y_val)


def fit_steps(chosen, seed, start=None):
    training.reset(learner, seed=seed)
    if start is not None:  # all but the last layer
        learner.set_weights(start[:-2] + learner.get_weights()[-2:])
    batch = min(len(chosen), 32)
    order = np.random.default_rng(seed).choice(chosen, size=few_steps * batch)
    learner.fit(x_new[order], y_new[order], batch_size=batch, shuffle=False, verbose=0)
    return learner.evaluate(x_val, y_val, verbose=0)[1]


learner = models.fast_cnn((32, 32, 3), 5, widths=(16, 32, 64))
few_steps = profiles.choose(profile, smoke=4, quick=50, full=200)
rate = keras.optimizers.schedules.CosineDecay(0.005, few_steps)
learner.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])

# %% tags=["slide"]
few = {"from nothing": {}, "fine-tuning": {}, "linear probe": {}}
known = features, y_new, features_val, y_val
for amount in (10, 50, 250):
    picks = {s: draw(y_new, amount, s) for s in seeds}
    few["from nothing"][amount] = [fit_steps(picks[s], s) for s in seeds]
    few["fine-tuning"][amount] = [fit_steps(picks[s], s, trained) for s in seeds]
    few["linear probe"][amount] = [probe(picks[s], *known) for s in seeds]
figure, axis = plots.canvas(height=3)
for (name, by_amount), mark in zip(few.items(), ("o--", "s-", "^:"), strict=True):
    means = [np.mean(values) for values in by_amount.values()]
    axis.plot([10, 50, 250], means, mark, label=name)
    print(f"{name:13}", *(np.round(values, 2) for values in by_amount.values()))
axis.axhline(0.2, linestyle=":", color="black", label="chance")
axis.set(xscale="log", xticks=[10, 50, 250], xticklabels=[10, 50, 250], ylim=(0, 1))
axis.set(xlabel="training images of five new shapes", ylabel="validation accuracy")
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
claims.claim(
    "15.c6", "With 10 images, a linear probe is at least 20 points above training from nothing.",
    measured=differences(few["linear probe"][10], few["from nothing"][10]), at_least=0.2,
)  # fmt: skip
claims.claim(
    "15.c7", "With 250 images, fine-tuning is at least 3 points above the linear probe.",
    measured=differences(few["fine-tuning"][250], few["linear probe"][250]), at_least=0.03,
)  # fmt: skip
plots.picture(figure, caption="Means of three seeds.", alt="Accuracy of three ways over the number of images.")  # fmt: skip

# %% [markdown]
# *What you see.* With two images a class the probe leads, likely since it has few weights to set. With fifty,
# changing the features pays. From nothing, as many steps are not enough. The limit: these pictures are like the first
# ones.
#
# Handwritten digits, enlarged, are a task farther away. The same linear model gets the backbone's features, those of
# the same network with *random* weights, or the bare pixels.


# %% tags=["slide"]
def enlarged(images):  # (n, 8, 8, 1) to (n, 32, 32, 3)
    return images.repeat(4, axis=1).repeat(4, axis=2).repeat(3, axis=3)


digits = datasets.load("digits")
training.reset(learner, seed=seed)
untrained = keras.Model(learner.input, learner.layers[-3].output)
views = {
    "trained on shapes": lambda images: backbone.predict(enlarged(images), verbose=0),
    "random weights": lambda images: untrained.predict(enlarged(images), verbose=0),
    "bare pixels": lambda images: images.reshape(-1, 64),
}
far = {}
for name, view in views.items():
    seen, seen_val = view(digits.train.x), view(digits.validation.x)
    known = seen, digits.train.y, seen_val, digits.validation.y
    far[name] = [probe(draw(digits.train.y, 50, s), *known) for s in seeds]
claims.claim(
    "15.c10", "On digits, features learned on shapes are at least 10 points below bare pixels.",
    measured=differences(far["bare pixels"], far["trained on shapes"]), at_least=0.1,
)  # fmt: skip
plots.comparison(
    far, label="validation accuracy", chance=0.1,
    caption="The same 50 digits, seen in three ways.",
)  # fmt: skip

# %% [markdown] tags=["slide"]
# *What you see.* The trained features are the worst of the three, below random ones: likely the backbone has learned
# to ignore what tells digits apart. A backbone helps where its task was like yours. Keep a baseline without it.
#
# **One user, five examples each.** A user has five pictures of each new shape and wants all ten. Either all weights
# are trained on these 25 pictures; or the network stays, the features of each class are averaged, and the nearest
# average answers. The averages of the old classes come from the old training images.
#
# *Predict first.* What happens to the five *old* classes in each case?

# %% tags=["slide"]
all_ten = models.fast_cnn((32, 32, 3), 10, widths=(16, 32, 64))
all_ten.compile(keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
features_old = backbone.predict(x_old, verbose=0)
features_check = backbone.predict(x_check, verbose=0)
views = {"old": (features_check, y_check), "new": (features_val, y_val + 5)}
user = defaultdict(list)
for current in seeds:
    chosen = draw(y_new, 25, current)
    training.reset(all_ten, seed=current)
    last = all_ten.get_weights()[-2:]
    last[0][:, :5], last[1][:5] = trained[-2:]  # the old classes keep theirs
    all_ten.set_weights(trained[:-2] + last)
    all_ten.fit(x_new[chosen], y_new[chosen] + 5, batch_size=5, epochs=20, verbose=0)
    user["training: old"].append(all_ten.evaluate(x_check, y_check, verbose=0)[1])
    user["training: new"].append(all_ten.evaluate(x_val, y_val + 5, verbose=0)[1])
    averages = [features_old[y_old == k].mean(axis=0) for k in range(5)]
    averages += [features[chosen][y_new[chosen] == k].mean(axis=0) for k in range(5)]
    for name, (points, labels) in views.items():
        distances = np.square(points[:, None] - np.stack(averages)).sum(axis=2)
        user[f"averages: {name}"].append(np.mean(distances.argmin(axis=1) == labels))
claims.claim(
    "15.c11", "Averages keep at least 20 points more of the old classes than training on the new pictures.",
    measured=differences(user["averages: old"], user["training: old"]), at_least=0.2,
)  # fmt: skip
plots.comparison(user, chance=0.1, caption="Validation images; all ten classes are possible answers.")  # fmt: skip

# %% [markdown]
# *What you see.* Training on the new pictures loses most of the old classes: **catastrophic forgetting**. Nothing in
# the 25 pictures speaks for them. (Add 25 old pictures, and look again.) The averages, which also use the old images,
# keep most of the old and learn the new as well or better, without training.
#
# A backbone for photographs needs more data. `keras.applications` has networks with weights from ImageNet. The cell
# takes them if they are here, else random ones (expect about chance), and downloads nothing. (To fetch them, call
# `MobileNetV2(input_shape=(96, 96, 3), alpha=0.35, include_top=False)` once.)

# %%
import os

home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
file = home / "models" / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5"  # fmt: skip
large = keras.applications.MobileNetV2(
    input_shape=(96, 96, 3), alpha=0.35, include_top=False, pooling="avg",
    weights=file if file.is_file() else None,
)  # fmt: skip
some, some_val = (draw(labels, 50, seed) for labels in (y_new, y_val))
seen, seen_val = (
    large.predict(images.repeat(3, 1).repeat(3, 2) / np.float32(127.5) - 1, verbose=0)
    for images in (x_new[some], x_val[some_val])
)
score = probe(np.arange(50), seen, y_new[some], seen_val, y_val[some_val])
origin = "ImageNet" if file.is_file() else "chance"
print(f"{large.count_params():,} parameters, weights from {origin}:", end=" ")
print(f"{score:.2f} of the 50 validation images")

# %% [markdown] tags=["slide"]
# ## Scale
#
# When one process is too slow, several share the work. In **data parallelism** each has a copy of the network and a
# share of each batch; in each step all copies get the average of their gradients, by an exchange called
# **all-reduce**. Keras's distribution API does it on the JAX backend, an extra (`pip install jax`); you see recorded
# figures. `train_share` is what every process runs, and `experiments.train_in_processes` starts them.
#
# *Predict first.* One process with 64 images a step, or two with 32 each: do the losses differ (a) not at all, (b) by
# what rounding explains, or (c) clearly, since each process sees other images?


# %% tags=["defines:experiments.train_share"]
def train_share(process, processes, address, seed, steps):
    if processes > 1:
        keras.distribution.initialize(address, processes, process)
        keras.distribution.set_distribution(keras.distribution.DataParallel())
    keras.utils.set_random_seed(seed)
    data = datasets.load("shapes", train=64 * steps, seed=seed, quiet=True)
    model = models.small_cnn((32, 32, 3), 10)
    # Not Adam: it divides by the size of the gradients, and so makes the rounding of small ones large.
    model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    share = 64 // processes
    losses = []
    for step in range(steps):
        first = 64 * step + share * process
        x, y = data.train.x[first : first + share], data.train.y[first : first + share]
        losses.append(float(model.train_on_batch(x, y)))
    return losses


if experiments.python_with_jax() and profile == "full":
    runs = {str(n): experiments.train_in_processes(n, seed=seed) for n in (1, 2)}
    recorded.save("15_processes", runs, data="shapes", seeds=[seed])
earlier = recorded.load("15_processes")
print(f"{earlier}, JAX {earlier.figures['1']['jax']}")
for number, run in earlier.figures.items():
    some = ", ".join(f"{run['losses'][step]:.6f}" for step in (0, 1, 9, 19))
    print(f"processes: {number}, {run['seconds']:.0f} s; losses 1, 2, 10, 20: {some}")
alone, together = (np.array(earlier.figures[n]["losses"]) for n in "12")
claims.claim(
    "15.c8", "Two processes have the losses of one, over 20 steps.",
    measured=[float(np.abs(alone - together).max())], at_most=1e-4,
)  # fmt: skip

# %% [markdown]
# *What you see.* Splitting a batch changes who computes, not what; sums are taken in another order, so last digits
# differ. Such differences can grow from step to step. The processes shared one
# machine's cores: this shows that it is right, not fast.
#
# *Exercise 15.4: gradients from two processes.* Shares need not be equal. One process has seen 48 images of a batch,
# the other 16; `gradients` holds the mean gradient of each, for three weights. Compute `combined`, the mean gradient
# of the whole batch of 64, shape `(3,)`. *Example:* if both were `[1, 2, 3]`, it would be `[1, 2, 3]`.

# %% tags=["exercise"]
images = [48, 16]
gradients = np.array([[0.5, -1.0, 0.0], [1.5, 3.0, 4.0]])
combined = ...
exercises.check("15.4", combined)

# %% [markdown]
# Experiments are easier to spread: they do not wait for each other. `experiments.compare` takes the address of a Dask
# **cluster**, whose **scheduler** hands each run to a worker that is free. Here the workers are two processes on this
# machine; elsewhere only the address differs. A run travels with all that it uses, so it makes its data where it
# runs. Whoever reaches the address can run code on the workers: keep it inside a network that you trust.


# %% tags=["slide"]
def accuracy_with(alpha, seed):
    from course_utils import datasets
    from sklearn.linear_model import RidgeClassifier

    data = datasets.load("digits", train=300, seed=seed, quiet=True)
    x, x_val = data.train.x.reshape(300, 64), data.validation.x.reshape(-1, 64)
    return RidgeClassifier(alpha).fit(x, data.train.y).score(x_val, data.validation.y)


from distributed import LocalCluster

runs = {f"alpha 1e{n}": partial(accuracy_with, 10**n) for n in (0, 3, 5, 7)}
with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
    there = experiments.compare(runs, seeds=seeds, cluster=cluster.scheduler_address)
here = experiments.compare(runs, seeds=seeds)
if profile == "full":
    recorded.save("15_cluster", there, data="digits", seeds=seeds)
gaps = [abs(gap) for name in runs for gap in differences(here[name], there[name])]
claims.claim("15.c9", "The cluster gives the figures of this process.", measured=gaps, at_most=1e-9)  # fmt: skip
plots.comparison(
    there, label="validation accuracy", chance=0.1, caption="Twelve runs, two workers."
)

# %% [markdown]
# **Many machines.** What changes when two processes become 64 machines? First, the exchange: in a ring, each machine
# sends at most twice the bytes of all gradients a step, however many there are. Beside the step measured above:

# %%
print(f"small_cnn, 64 images: {step_ms['graph']:.1f} ms to compute a step")
for name, weights in {"small_cnn": 56_970, "ResNet-50": 25_600_000}.items():
    for link, bytes_a_second in {"1 Gbit/s": 125e6, "100 Gbit/s": 12.5e9}.items():
        exchange = 2 * 4 * weights / bytes_a_second  # two times four bytes a weight
        print(f"{name:9} {link:>10}: {1000 * exchange:8.2f} ms to exchange gradients")

# %% [markdown]
# *What you see.* The exchange depends on weights and cables, the computing on images: large shares and fast links
# pay. Four more things change.
#
# - *The batch.* 64 machines with 64 images each make a batch of 4,096. The learning rate has to be set anew, and beyond
#   some size more images no longer help a step.
# - *The pace.* Every step waits for the slowest machine; experiments on Dask do not.
# - *Data.* Each of our processes makes all images and takes its share. From files, each reads its own.
# - *Failures.* A process that dies stops the others. Save a checkpoint every few minutes; any of the equal copies can.
#
# Hence the order of remedies: first the waiting, then the recipe, then a backbone; machines last.
#
# *Exercise 15.5: a plan for a telephone.* You have 150 labelled photographs of six plants. The classifier has to run
# on a telephone, from a file of at most 300 KB. Write in `plan`, in a few sentences, what you would do first, what
# next and what not at all, and on which photographs you would measure.

# %% tags=["exercise"]
plan = ...
exercises.check("15.5", plan)

# %% [markdown] tags=["slide"]
# ## Summary and self-check
#
# You measured a step by mode, batch size, pipeline and number format: a remedy only helps where the time goes. You
# built the fast recipe in five steps. You pruned and quantised a network: zeros save nothing by themselves, bytes do.
# You carried a backbone over to new shapes, and taught it new classes from five pictures each. And you trained in two
# processes with the losses of one, and handed experiments to a cluster.

# %% [markdown]
# First, a step.

# %%
quizzes.ask("15.q1")
quizzes.answer("15.q1", ...)

# %% [markdown]
# More than one may be right.

# %%
quizzes.ask("15.q2")
quizzes.answer("15.q2", ...)

# %% [markdown]
# One on adapting.

# %%
quizzes.ask("15.q3")
quizzes.answer("15.q3", ...)

# %% [markdown]
# What stays open: of the answers, only accuracy was judged. How sure a network may be is the subject of
# [lesson 10](10_trust.ipynb), and why it answers as it does that of lesson 09. The [Keras guide to distributed
# training](https://keras.io/guides/distribution/) shows the same API on accelerators.

# %% tags=["nbval-check-output"]
progress.show("15")
