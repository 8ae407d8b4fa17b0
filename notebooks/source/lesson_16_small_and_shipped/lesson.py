# ---
# jupyter:
#   course_profiles:
#     full:
#       requests: 100
#     smoke:
#       requests: 3
#       photographs: 6
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
# # How do I get it onto a telephone, or behind a web address?
#
# Your network answers in a notebook. Nobody else can ask it yet. Two things stand in the way: the file is large, and somebody has to wait for
# pictures and answer them. Here is what the ImageNet network says today.

# %% tags=["parameters"]
photographs: int = 60  # that the converter looks at, and that we time
requests: int = 20  # that we send to the service

# %%
from course_utils import datasets, models, plots

everyday = datasets.load("photographs", quiet=True)
photo = everyday["coffee"]
network = models.imagenet()
picture = models.prepare(photo)  # (1, 224, 224, 3), bytes
probabilities = network.predict(picture, verbose=0)[0]

# %% tags=["slide"]
plots.answers(
    picture[0],
    dict(models.top(probabilities)),
    caption="The network as you know it, four bytes a weight.",
)

# %% [markdown]
# **After this notebook you can:** turn a Keras model into a file of a quarter of the size, say what that costs, and put a model behind a web address where strangers
# send what they like.
#
# **Before you start:** lesson 04. Lesson 06 helps, on a layer of one's own on a finished network. A **start** is one training from other random weights.
#
# **Time:** 2 minutes to run, 80 minutes to study: 55 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* comes on top.

# %% [markdown] tags=["topic:16.export", "topic:16.int8"]
# ## A quarter of the size
#
# **LiteRT**, formerly TensorFlow Lite, is made for telephones: one file with the network, and a small program, the **interpreter**, that runs it. Keras
# writes such a file with `export`. Once as it is, in **float32**, four bytes a number:

# %%
from pathlib import Path

import numpy as np
import tensorflow as tf

from course_utils import startup

folder = Path("example_small")
folder.mkdir(exist_ok=True)
with startup.messages_aside():  # the converter writes a lot while it works
    network.export(folder / "float32.tflite", format="litert", verbose=False)

# %% [markdown]
# And once in **int8**, one byte a number. To change numbers into bytes, the converter has to know how large they become inside the network.
# It finds out from some typical pictures, the **representative data**. Only these ranges come from them: each weight is known already.
# Take them from your training set. We do not have ImageNet's photographs, so other photographs of things stand in: the `cutouts`.

# %%
typical = datasets.load(
    "cutouts", train=photographs, validation=6, test=6, size=224, quiet=True
).train.x  # (photographs, 224, 224, 3)
one_byte_a_number = [tf.lite.Optimize.DEFAULT]

# %% [markdown]
# `export` asks for them one at a time, so we give it a function that hands them out.


# %%
def write_int8(name, pictures):
    def one_by_one():
        for picture in pictures:
            yield [picture[None].astype("float32")]

    with startup.messages_aside():
        network.export(
            folder / f"{name}.tflite",
            format="litert",
            verbose=False,
            optimizations=one_byte_a_number,
            representative_dataset=one_by_one,
        )


write_int8("int8", typical)

# %%
sizes = {
    name: (folder / f"{name}.tflite").stat().st_size for name in ("float32", "int8")
}
print({name: f"{size / 1e6:.1f} MB" for name, size in sizes.items()})
print(f"{sizes['int8'] / sizes['float32']:.2f} of the size")

# %% [markdown] tags=["topic:16.telephone"]
# The interpreter opens the file. It wants one picture at a time, gives it to the network, and hands out what comes. This interpreter comes with TensorFlow. In an app for Android or iOS it is the LiteRT
# library that opens the same file. We have no telephone here, so what follows was run on this computer. (For a computer without TensorFlow there is the package `ai-edge-litert`.)


# %%
def opened(name):
    with startup.messages_aside():
        interpreter = tf.lite.Interpreter(str(folder / f"{name}.tflite"), num_threads=1)
        interpreter.allocate_tensors()
    return interpreter


def answer(interpreter, picture):  # (1, 224, 224, 3) to (1000,)
    goes_in = interpreter.get_input_details()[0]["index"]
    comes_out = interpreter.get_output_details()[0]["index"]
    interpreter.set_tensor(goes_in, picture.astype("float32"))
    interpreter.invoke()
    return interpreter.get_tensor(comes_out)[0]


interpreters = {name: opened(name) for name in sizes}
said = {name: answer(interpreters[name], picture) for name in interpreters}

# %% tags=["slide"]
class_names = models.imagenet_names()
plots.bars(
    {
        class_names[k]: {name: round(float(said[name][k]), 3) for name in said}
        for k in said["float32"].argsort()[:-6:-1]
    },
    label="probability",
    caption="The first five answers of the float32 file, and what the int8 file says of the same five.",
)

# %%
apart = 100 * np.abs(said["float32"] - said["int8"]).max()
print(
    f"For this cup, no probability of the 1,000 differs by more than {apart:.1f} points."
)
steps = 256 * said["int8"]
print("all int8 probabilities whole 256ths:", bool((steps == steps.round()).all()))
print(f"not 0: {np.count_nonzero(steps)} of 1,000; their sum: {said['int8'].sum():.3f}")

# %% [markdown]
# *What you see.* The float32 file says *{{models.top(said["float32"])[0][0]}}* with {{100 * said["float32"].max():.0f}} %, as Keras does. The int8 file says *{{models.top(said["int8"])[0][0]}}* with
# {{100 * said["int8"].max():.0f}} %, from {{sizes["int8"] / sizes["float32"]:.2f}} of the bytes. The other four get little from either.
#
# The int8 file's probabilities are themselves made of bytes: they go in steps of 1/256. Whatever is nearer to 0 than to one such step becomes 0, so the sum need not be 1. And names often share a
# probability: which of them then stands first is left to the sorting.
#
# This cup is an easy picture. Now ask both about pictures of your own: put some into a folder `my_pictures` beside this notebook. What cannot be read is named and left out. Without such a folder, we take the photographs of this course.

# %%
photos = {}
for path in sorted(Path("my_pictures").glob("*")):
    try:
        photos[path.name] = datasets.read_picture(path)
    except datasets.DataError as error:
        print("left out:", error)
photos = photos or everyday
print(len(photos), "pictures")

# %%
unlike = []  # how sure the float32 file was where the two part
each_apart = []  # of the 1,000 probabilities of a picture, the largest difference
for title, image in photos.items():
    prepared = models.prepare(image)
    whole = answer(interpreters["float32"], prepared)
    small = answer(interpreters["int8"], prepared)
    name, sure = models.top(whole)[0]
    small_name, small_sure = models.top(small)[0]
    each_apart.append(100 * np.abs(whole - small).max())
    if name != small_name:
        unlike.append(sure)
    print(f"{title}; float32: {name} {100 * sure:.0f} %", end="; ")
    print(f"int8: {small_name} {100 * small_sure:.0f} %")

# %%
print(f"another first answer: {len(unlike)} of {len(photos)}")
print(f"a probability differs by up to {max(each_apart):.0f} points")

# %% [markdown]
# On {{len(unlike)}} of {{len(photos)}} the two say something else first. There the float32 file was unsure itself: it gave its first answer {{100 * max(unlike, default=0):.0f}} % at most. And the cup was the easy case: over all pictures a probability differs by up to {{max(each_apart):.0f}} points, half of them by more than {{np.median(each_apart):.0f}}. Many photographs of the course,
# a retina or a page of text, show nothing that ImageNet has a name for. Whether int8 makes more answers *wrong* we ask below, on many more photographs and with fewer classes, whose right names we know.
#
# What does the file expect, and is everything in it a byte? The interpreter knows.

# %%
int8 = interpreters["int8"]
for end in (*int8.get_input_details(), *int8.get_output_details()):
    print(end["name"], end["shape"], end["dtype"].__name__)
kinds = [one["dtype"].__name__ for one in int8.get_tensor_details()]
print({kind: kinds.count(kind) for kind in sorted(set(kinds))})

# %% [markdown]
# One picture of 224 x 224 in RGB goes in, as float32 from 0 to 255; 1,000 probabilities come out. No other array holds floats ({{kinds.count("float32")}} in all): what is between is int8, and int32 for biases
# and shapes. The converter keeps floats where it has no int8 form for an operation, so count this for a network of your own.

# %% [markdown] tags=["slide"]
# ## One byte a number
#
# A byte knows 256 whole numbers, from -128 to 127. To store 0.1 in one, we agree on a **scale**, how much one step is worth, and on a **zero point**, the
# byte that stands for 0.0. That is **quantisation**. With a scale of 0.05 and a zero point of 3:
#
# 0.1 / 0.05 + 3 = 5
#
# And the way back: (5 - 3) · 0.05 = 0.1. What lies between two steps is rounded, and what lies beyond the range becomes the nearest end.

# %%
scale, zero_point = 0.05, 3
values = np.array([[0.1, 0.0, -0.22, 9.0]])
as_bytes = np.clip(np.round(values / scale) + zero_point, -128, 127).astype("int8")
back = (as_bytes.astype("float32") - zero_point) * scale

# %% tags=["slide"]
plots.number_grids(
    {"values": values, "bytes": as_bytes, "back": back.round(2)},
    signs="→→",
    marked={"values": [(0, 3)], "back": [(0, 3)]},
    caption="Within the range, rounding costs at most half a step. What is out of range costs more: look at the last number.",
)

# %% [markdown]
# *What you see.* `0.1` and `0` come back whole. `-0.22` comes back as {{back[0, 2]:.2f}}: the nearest step, and no value within the range is further from its nearest step than half of `0.05`. But `9.0` becomes {{back[0, 3]:.1f}}, the largest number
# that this scale can say. This is why the typical pictures matter: they set the ranges of what passes through the network. (A weight
# is known, so its range is. Weights have the zero point 0, and one of less than half a step becomes 0.)
#
# *Exercise 16.1: into bytes by hand.* The scale is 0.2 and the zero point is -10. Which bytes do 1.0, 0.0, -0.4 and 40.0 become?
# *Example:* 0.4 becomes -8.

# %%
from course_utils import exercises

# %% tags=["exercise"]
four_bytes = ...
exercises.check("16.1", four_bytes)

# %% [markdown]
# *Exercise 16.2: and back.* Write `dequantise(whole, scale, zero_point)`. It takes int8 of any shape and returns the floats that the bytes stand for.
# Beware: in int8, 100 - (-100) is not 200. *Example:* `dequantise(np.array([5, 3], "int8"), 0.05, 3)` gives `[0.1, 0.0]`.


# %% tags=["exercise"]
def dequantise(whole, scale, zero_point):
    # your lines in the place of the dots
    ...


exercises.check("16.2", dequantise)

# %% [markdown]
# In the file, each filter has a scale of its own, so that one large weight does not make all others coarse. Biases keep four bytes, and so do the
# scales. The file also stores a zero point for each scale, though for weights all are 0. These and the description of the network are why it is a little more than a quarter.
#
# *Exercise 16.3: how many bytes?* A convolution has 64 filters of 3 x 3 on 32 channels. Each weight takes one byte. Each filter also has a bias and a scale,
# four bytes each. How many bytes are these three together, without zero points? *Example:* one filter of 1 x 1 on 10 channels takes 18.

# %% tags=["exercise"]
convolution_bytes = ...
exercises.check("16.3", convolution_bytes)

# %% [markdown]
# ### What does it cost?
#
# One photograph proves nothing. So we put a layer for twelve kinds of flowers on the network, trained it on photographs of them, and asked both forms about
# the same 240 new ones. For the six kinds of `cutouts` there were 300 new ones, 224 pixels wide and high. (Lessons 08 and 10 use pictures of 96, and their accuracies are lower.)
#
# Beside each difference stands a 95 % interval. It comes from drawing as many photographs again, with repetition, from the ones we have: so it says what other *photographs* might have given. Several of the cutouts show the same thing, and what fails on one
# photograph of a pear may well fail on the next. An interval over *things* is usually wider. The record cannot give it, since it does not say which photograph shows which thing.

# %%
from course_utils import quizzes

quizzes.predict("16.p1", ...)

# %%
from course_utils import recorded

record = recorded.show("16_int8").figures
accuracy = {
    task: {form: np.mean(record[task][form]) for form in ("float32", "int8")}
    for task in ("flowers", "cutouts")
}
for task in accuracy:
    print(f"{task}, int8 minus float32 in points, one line a start")
    print("  (in brackets the 95 % interval over photographs)")
    for lost, low, high in record[task]["lost"]:
        print(f"  {-lost:+.1f} ({-high:+.1f} to {-low:+.1f})")

# %% tags=["slide"]
plots.bars(
    accuracy,
    label="accuracy on new photographs",
    caption="Four bytes a weight, and one. Mean of three starts.",
)

# %%
quizzes.verdict("16.p1")

# %% [markdown]
# *What you see.* Flowers: {{100 * accuracy["flowers"]["float32"]:.1f}} % in float32 and {{100 * accuracy["flowers"]["int8"]:.1f}} % in int8. Cutouts: {{100 * accuracy["cutouts"]["float32"]:.1f}} % and {{100 * accuracy["cutouts"]["int8"]:.1f}} %. So one byte cost nothing here. (A `-0.0` is plain zero.) On cutouts
# it even got about two points *more*, and one of the three intervals leaves out zero. Over things none of them might. We would not count on a gain: with other pictures it may be two points fewer.
#
# **Change this.** Let the converter look at plain grey in the place of photographs. In a new cell, write `write_int8("grey", 128 + 0 * typical)` and, below it, `print(models.top(answer(opened("grey"), picture)))`. What does this file say
# about the cup? (It has a name of its own, so the good file stays.)
#
# You will see nothing but zeros, and names in an order that means nothing. The ranges of a grey picture are narrower in most places inside the network, and nowhere wider. Larger values, which the cup brings about, are cut. Nothing complains:
# only a test on real photographs shows it.

# %% [markdown] tags=["topic:16.latency", "slide"]
# ### Is it faster?
#
# We time each file on the same pictures, one thread, and take the median: half of the pictures took less.

# %%
import time


def times_of(interpreter):  # in ms, one for each typical picture
    taken = []
    for number in range(len(typical)):
        start = time.perf_counter()
        answer(interpreter, typical[number : number + 1])
        taken.append(1000 * (time.perf_counter() - start))
    return taken


milliseconds = {name: np.median(times_of(interpreters[name])) for name in interpreters}
for name, middle in milliseconds.items():
    print(f"{name}: {middle:.1f} ms an image, at the median, on this machine")

# %% [markdown]
# Measured here: {{milliseconds["float32"]:.1f}} ms against {{milliseconds["int8"]:.1f}} ms, while other programs ran. On your machine, and on a telephone, it will be something else: chips differ in how well they compute with bytes. So
# measure where the network is going to run.

# %% [markdown] tags=["topic:16.pruning", "slide"]
# ## Setting small weights to zero
#
# **Pruning** sets the weights nearest to zero to zero. Let us do that with 70 % of every convolution's weights.

# %%
quizzes.predict("16.p2", ...)


# %%
def without_the_smallest(weights, share):
    limit = np.quantile(np.abs(weights), share)
    return np.where(np.abs(weights) < limit, 0, weights)


kept = network.get_weights()
pruned = []
for array in kept:
    of_convolution = array.ndim == 4
    pruned.append(without_the_smallest(array, 0.7) if of_convolution else array)
forms = {"as trained": kept, "70 % zeros": pruned}

# %%
import gzip

megabytes, packed = {}, {}
for name, weights in forms.items():
    content = b"".join(array.tobytes() for array in weights)
    megabytes[name] = len(content) / 1e6
    packed[name] = len(gzip.compress(content, compresslevel=1)) / 1e6
    print(f"{name}: {megabytes[name]:.1f} MB, {packed[name]:.1f} MB compressed")

# %% [markdown]
# And the time, and the answer? The two take turns, so that another program on the machine disturbs both alike.

# %%
answer_times, cup = {name: [] for name in forms}, {}
network.predict_on_batch(picture)  # the first answer takes longer: not counted
for _ in range(20):
    for name, weights in forms.items():
        network.set_weights(weights)
        start = time.perf_counter()
        found = network.predict_on_batch(picture)[0]
        answer_times[name].append(1000 * (time.perf_counter() - start))
        cup[name] = models.top(found)[0]
network.set_weights(kept)

# %%
for name, times in answer_times.items():
    quarter, middle, three_quarters = np.quantile(times, (0.25, 0.5, 0.75))
    print(f"{name}: median {middle:.0f} ms, half of the answers", end=" ")
    print(f"between {quarter:.0f} and {three_quarters:.0f} ms;", end=" ")
    print(f"the cup is called {cup[name][0]}, with {100 * cup[name][1]:.0f} %")

# %%
quizzes.verdict("16.p2")

# %% [markdown]
# *What you see.* The same {{megabytes["as trained"]:.1f}} MB before and after: a zero takes four bytes, like any number. It is multiplied by like any number, too: {{np.median(answer_times["as trained"]):.0f}} and {{np.median(answer_times["70 % zeros"]):.0f}} ms at the median, and single answers differ by more than that. Only the compressed file becomes
# smaller, {{packed["70 % zeros"]:.1f}} MB in the place of {{packed["as trained"]:.1f}}. (That the network as trained can be compressed at all has a reason: nearly all weights of this one were rounded to two bytes before we got them, so the last
# digits of the four are zeros.)
#
# And look at the price: the cup is now called *{{cup["70 % zeros"][0]}}*. Whoever prunes so much has to train the network again afterwards, to win its answers back; we do not do that here. To gain time, whole filters have to go, or the software has to skip zeros.

# %% [markdown] tags=["topic:16.service", "slide"]
# ## Behind a web address
#
# A web service is a program that waits. Somebody sends a picture, it sends back an answer. We write it into a file of its own, with **Tornado**, a library that has served web
# pages for many years and runs inside Jupyter, too. Its address is open, so anything may come. What should it do with that?

# %%
quizzes.predict("16.p3", ...)

# %% [markdown]
# The first file, `answering.py`, turns the bytes that a visitor sends into an answer. It is a program of its own, so it opens the network itself, as we did above. We write it as text, in three parts.

# %%
opening_part = """
import io
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

NAMES = Path("names.txt").read_text(encoding="utf-8").splitlines()
interpreter = tf.lite.Interpreter("int8.tflite", num_threads=1)
interpreter.allocate_tensors()
goes_in = interpreter.get_input_details()[0]["index"]
comes_out = interpreter.get_output_details()[0]["index"]
"""

# %% [markdown]
# Two functions take a picture that could be read: one turns it upright, the other gives the names that got anything at all.

# %%
naming_part = """

def upright(picture):
    if picture.mode.startswith("I"):  # 16 bits a pixel: keep the upper eight
        picture = Image.fromarray((np.array(picture) // 256).astype("uint8"))
    return ImageOps.exif_transpose(picture).convert("RGB")


def names_of(picture):  # at most five, with their probabilities
    picture = ImageOps.fit(picture, (224, 224), Image.Resampling.LANCZOS)
    interpreter.set_tensor(goes_in, np.array(picture, dtype="float32")[None])
    interpreter.invoke()
    found = interpreter.get_tensor(comes_out)[0]
    best = [k for k in found.argsort()[:-6:-1] if found[k] > 0]
    return {NAMES[k]: round(float(found[k]), 3) for k in best}
"""

# %% [markdown]
# And the part that matters: what comes from a stranger. In this order: count the bytes, read what the file says of its size, only then unpack it, turn it upright, and answer. `200` means *well*; `400` and `413` we meet below.

# %%
stranger_part = """
MOST_BYTES, MOST_PIXELS = 5_000_000, 25_000_000


def reply_to(body):  # what was sent, to a status and what to say
    if len(body) > MOST_BYTES:
        return 413, f"Too large. Send at most {MOST_BYTES:,} bytes."
    try:
        picture = Image.open(io.BytesIO(body), formats=["JPEG", "PNG"])
        if picture.width * picture.height > MOST_PIXELS:
            return 413, f"Send at most {MOST_PIXELS:,} pixels."
        picture = upright(picture)
    except Exception:  # whatever a stranger's file does to the reader
        return 400, "This is no picture that I can read. Send JPEG or PNG."
    return 200, names_of(picture)
"""

# %% [markdown]
# The second file, `service.py`, waits for visitors. `get` is called when somebody opens the address, `post` when somebody sends something.
# Some programs, `curl` among them, call all that they send a form. Tornado would take it apart, and refuse a photograph as a form of too many fields. So `initialize`, which comes before, says that it is a picture.

# %%
visitor_part = """
from pathlib import Path

import tornado.web
from answering import MOST_BYTES, reply_to


class Answer(tornado.web.RequestHandler):
    def initialize(self):  # whatever comes is no form
        self.request.headers["Content-Type"] = "image/*"

    def get(self):
        self.write(Path("page.html").read_text(encoding="utf-8"))

    def post(self):
        status, reply = reply_to(self.request.body)
        self.set_status(status)
        self.write(reply)
"""

# %% [markdown]
# `127.0.0.1` is the **loopback** address: only programs on this machine can reach it. The first thing that the service says is its port, the number behind that address.
#
# Pictures are answered one after another: while `post` computes, all others wait. For a few visitors that is enough.

# %%
waiting_part = """
import asyncio

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets


async def serve():
    sockets = bind_sockets(0, "127.0.0.1")  # 0: any port that is free
    application = tornado.web.Application([("/", Answer)])
    HTTPServer(application, max_body_size=10 * MOST_BYTES).add_sockets(sockets)
    print(sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()
"""

# %% [markdown]
# It should not outlive this notebook. So a second thread reads its input, and ends it when the notebook closes that input, or has died.

# %%
ending_part = """
import os
import sys
import threading


def end_with_the_notebook():
    sys.stdin.read()  # returns when the input is closed
    os._exit(0)


threading.Thread(target=end_with_the_notebook, daemon=True).start()
asyncio.run(serve())
"""

# %% [markdown]
# For a visitor there is a page, a few lines of HTML and JavaScript. (Nothing below depends on reading them.) Whoever chooses a picture or drops one on it sends
# it to the same address, and sees the reply.

# %%
page_part = """<!doctype html>
<meta charset="utf-8"><title>What is it?</title>
<h1>Drop a picture here</h1>
<input type="file" id="chosen"><pre id="said"></pre>
"""
dropping_part = """
document.getElementById("chosen").onchange = event => ask(event.target.files[0]);
document.ondragover = event => event.preventDefault();
document.ondrop = event => { event.preventDefault(); ask(event.dataTransfer.files[0]); };
"""

# %%
asking_part = """
async function ask(picture) {
  const said = document.getElementById("said");
  said.textContent = "One moment ...";
  try {
    const reply = await fetch("/", {method: "POST", body: picture});
    said.textContent = await reply.text() || "Refused: " + reply.status;
  } catch {
    said.textContent = "No answer. Is the file very large, or has the service ended?";
  }
}
"""

# %%
files = {
    "answering.py": opening_part + naming_part + stranger_part,
    "service.py": visitor_part + waiting_part + ending_part,
    "page.html": f"{page_part}<script>{asking_part}{dropping_part}</script>\n",
    "names.txt": "\n".join(class_names),  # in the order of the outputs
}
for file_name, text in files.items():
    (folder / file_name).write_text(text, encoding="utf-8")

# %% [markdown]
# Now the service starts, as a process of its own. Its first line tells the port.

# %%
import subprocess
import sys

with (folder / "service.log").open("w") as log:  # where to look when it does not start
    service = subprocess.Popen(
        [sys.executable, "service.py"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
port = int(service.stdout.readline())

# %% [markdown]
# We ask as a browser would, with the photograph as a JPEG file.

# %%
from http.client import HTTPConnection


def ask(body, way="POST"):
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(way, "/", body)
    reply = connection.getresponse()
    text = reply.read().decode("utf-8")
    connection.close()
    return reply.status, text


# %%
import io

from PIL import Image


def as_file(image, kind="JPEG"):
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


jpeg = as_file(Image.fromarray(photo))
print(*ask(jpeg))

# %%
taken = []
for _ in range(requests):
    start = time.perf_counter()
    ask(jpeg)
    taken.append(1000 * (time.perf_counter() - start))
request_ms = np.median(taken)
print(f"{request_ms:.0f} ms a request at the median, {requests} requests")
print("the page:", ask(None, way="GET")[1].splitlines()[2])

# %% [markdown]
# The names come from the small file, over the web address. (We sent a JPEG of the whole photograph, so not quite the same pixels as above: here *tray* is among the five names, and *coffee mug* is not. One step of 1/256 each is all that the last ones have, and more names have it than there is room for: which of them come is left to the sorting.) Reading it, making it small and answering take {{request_ms:.0f}} ms together, at the median, here and now.
#
# **Change this.** Before the service is stopped, print `f"http://127.0.0.1:{port}/"` and open that address in a browser on this machine. Drop a photograph of your own.
#
# ### And if somebody sends rubbish?

# %%
rubbish = {
    "nothing": b"",
    "a text": b"hello",
    "half a photograph": jpeg[: len(jpeg) // 2],
    "six million bytes": bytes(6_000_000),
    "a small file of 36 million pixels": as_file(Image.new("1", (6000, 6000)), "PNG"),
}
replies = {}
for what, body in rubbish.items():
    replies[what] = ask(body)
    print(f"{what}, {len(body):,} bytes:", *replies[what])

# %% [markdown]
# And what is larger still, say sixty million bytes? Nobody has to send them: we announce them, and wait for the answer.

# %%
connection = HTTPConnection("127.0.0.1", port, timeout=60)
connection.putrequest("POST", "/")
connection.putheader("Content-Length", "60000000")
connection.endheaders()
reply = connection.getresponse()
replies["sixty million bytes, announced"] = reply.status, reply.read().decode()
connection.close()
print(replies["sixty million bytes, announced"])

# %%
refused = all(status in (400, 413) for status, _ in replies.values())
answered_after = ask(jpeg)[0] == 200
print("answers a picture afterwards:", answered_after)

# %%
quizzes.verdict("16.p3")

# %% [markdown]
# *What you see.* A text and half a photograph get 400, which means *your request is wrong*. Six million bytes get 413, *too large*. Each comes with a line that says what to do, and the service lives on.
# The last of the five is a trap: a small file that unfolds to 36 million pixels. Its *header* says how large it is, so the service asks before it unpacks.
#
# Beyond `max_body_size`, fifty million bytes, Tornado itself refuses before it has read them: a 400 without a line, and it hangs up. `post` is never called. (A browser that was still sending then gets no answer, and the page says so.) So our 413 with its
# line holds between five and fifty million, where the large photographs of telephones lie, and above it one visitor cannot fill the memory. (Many at once still could: that is the work of the server in front, which a public service needs.)
#
# *Exercise 16.4: mend a trusting handler.* `length` is the number of bytes that came. `size` is `(width, height)`, or `None` where it is no picture. Return 413 for more than 5,000,000 bytes,
# whatever they are; 400 for no picture; 413 for more than 25,000,000 pixels; else 200. Mend this. *Example:* `status_of(800, None)` gives 400.
#
# ```python
# def status_of(length, size):
#     width, height = size
#     if width > 25_000_000 or length > 5_000_000:
#         return 400
#     return 200
# ```


# %% tags=["exercise"]
def status_of(length, size):
    # your lines in the place of the dots
    ...


exercises.check("16.4", status_of)

# %% [markdown]
# Now stop it.

# %%
service.stdin.close()
print("ended with", service.wait(timeout=60))

# %% [markdown]
# To be reached from outside, such a program stands behind a web server that encrypts, limits how often somebody asks, and starts it anew when it dies. Nothing of this is in ours: keep it on the loopback address.

# %% [markdown] tags=["topic:16.safe-files", "slide"]
# ## Which model files run code?
#
# You will also load files of other people. Many models are passed on as a **pickle**, Python's own format, and loading a pickle calls whatever its maker wrote into it: the end of
# [lesson 11](11_attacks.ipynb) makes one that prints a line, and it might as well delete your photographs.
# A `.keras` file can carry code as well, in a `Lambda` layer. But Keras refuses to load that unless you say that you trust it.

# %%
import keras

doubling = keras.layers.Lambda(lambda x: 2 * x)
keras.Sequential([keras.Input((2,)), doubling]).save(folder / "lambda.keras")
try:
    keras.models.load_model(folder / "lambda.keras")
except ValueError as error:
    print(str(error).split(".")[0])

# %% [markdown]
# | file | what is in it | runs code of its maker on loading? |
# | --- | --- | --- |
# | `.pkl`, `.joblib`, a whole model of `torch.save` | calls and arrays | yes: only from people whom you trust (since version 2.6 PyTorch wants `weights_only=False` for it) |
# | `.keras` | layers by name, and arrays | `safe_mode` refuses; it is on unless you turn it off, but in older Keras it was got round ([CVE-2025-1550](https://nvd.nist.gov/vuln/detail/CVE-2025-1550)) |
# | an older whole model in `.h5` | layers by name, and arrays | it may, in a `Lambda` layer: treat it like a pickle |
# | a folder, *SavedModel* | a program of TensorFlow operations, and arrays | it may, on loading and on running: some operations read and write files |
# | `.weights.h5`, `.npz` (`allow_pickle=False`), `.safetensors` | arrays | no |
# | `.tflite` | a list of known operations, and arrays | no, as long as your program adds no operations to the known ones |
#
# Even a file without code can hurt a reader with a fault in it. So keep the libraries up to date, and open a stranger's file of any kind only where it can do little harm.
#
# *Exercise 16.5: which file?* Choose for each task `".tflite"`, `".keras"`, `".weights.h5"` or `"refuse"`.

# %% tags=["exercise"]
file_forms = {
    "an app for a telephone, without Python": ...,
    "a colleague wants to train your model further, and has only Keras": ...,
    "your program builds the network itself, and needs the numbers": ...,
    "a model.pkl from a forum, by somebody unknown": ...,
}
exercises.check("16.5", file_forms)

# %% [markdown] tags=["slide"]
# ## So do this
#
# - For a telephone (we had none here): `model.export(..., format="litert")` with representative data from your training set. Expect a little more than a quarter of the size.
# - Compare both files on the *same* new photographs, and measure the time on the device itself.
# - Do not expect a smaller file or a faster network from zeros alone. Zeros help where the file is sent compressed, or where the software skips them. And train again after pruning: without it, the answers are lost.
# - For a web address: a library that is maintained, limits for bytes and pixels, a status and a line for each refusal. Send it rubbish before others do.
# - Pass models on as `.keras`, `.weights.h5` or `.tflite`. Load no pickle of a stranger.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("16.q1")
quizzes.answer("16.q1", ...)

# %%
quizzes.ask("16.q2")
quizzes.answer("16.q2", ...)

# %%
quizzes.ask("16.q3")
quizzes.answer("16.q3", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("16")

# %% [markdown]
# ## To take home
#
# The service in one file, around the small file and the names that this notebook wrote into `example_small`. To be short, it answers all that it cannot read, or that has too many pixels, with the same line and 400. It calls the network by the name of its input,
# which the file knows:

# %%
print(opened("int8").get_signature_list()["serving_default"]["inputs"])

# %% tags=["take-home"]
from io import BytesIO

import tensorflow as tf
from PIL import Image, ImageOps
from tornado import httpserver, ioloop, netutil, web

Image.MAX_IMAGE_PIXELS = 12_500_000  # Pillow refuses more than twice as many
names = tf.io.read_file("example_small/names.txt").numpy().decode().splitlines()
classify = tf.lite.Interpreter("example_small/int8.tflite").get_signature_runner()


class Answer(web.RequestHandler):
    def initialize(self):  # whatever comes is no form
        self.request.headers["Content-Type"] = "image/*"

    def post(self):
        try:
            im = Image.open(BytesIO(self.request.body), formats=["JPEG", "PNG"])
            im = ImageOps.fit(ImageOps.exif_transpose(im).convert("RGB"), (224, 224))
        except Exception:  # whatever a stranger's file does to the reader
            raise web.HTTPError(400, reason="Send JPEG or PNG, 25 MP at most") from None
        [[p]] = classify(images=tf.keras.utils.img_to_array(im)[None]).values()
        self.write({names[k]: float(p[k]) for k in p.argsort()[:-6:-1] if p[k] > 0})


[socket] = netutil.bind_sockets(0, "127.0.0.1")  # 0: any port that is free
httpserver.HTTPServer(web.Application([("/", Answer)])).add_socket(socket)
print(f"POST a picture to http://127.0.0.1:{socket.getsockname()[1]}/", flush=True)
if not ioloop.IOLoop.current().asyncio_loop.is_running():  # a notebook's loop does
    ioloop.IOLoop.current().start()

# %% [markdown]
# In the notebook it answers between two cells, until the kernel ends. Save it as a file beside `example_small`, `serve.py` say, and `python serve.py`, in that folder, serves until you press Ctrl-C (Python then prints where it was: that is no fault). To ask it from another window:
# `curl -H "Content-Type: image/jpeg" --data-binary @photo.jpg` and the address. Telephones take photographs of 48 or 50 million pixels, too: make these smaller first, to 25 million. More than a hundred million bytes Tornado refuses by itself, with a bare 400.
# A PNG with 16 bits a pixel comes out white here: save it with 8.
# For a file of your own, change 224 and `images`: `classify.get_input_details()` knows both (the key is the name), and write your classes into `names.txt`, one a line. The file has to prepare its pixels itself and to end in probabilities.
# (When it starts, TensorFlow writes some lines, among them that its interpreter will move to `ai-edge-litert`.)
#
# ## What stays open
#
# The network is small now, and it answers strangers. Who watches whether the pictures they send are still like yours? [Lesson 10](10_trust.ipynb) says when a machine should keep silent. How to make a program faster is the subject of
# [lesson 15](15_speed.ipynb). To read on: [LiteRT](https://ai.google.dev/edge/litert), [the paper on networks in whole numbers](https://arxiv.org/abs/1712.05877), and [Tornado](https://www.tornadoweb.org).

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("16")
