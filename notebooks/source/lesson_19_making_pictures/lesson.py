# ---
# jupyter:
#   course_profiles:
#     full:
#       steps: 6000
#     smoke:
#       steps: 8
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
# # Can a network draw what it has seen?
#
# Here are six rows of clothes. One row was photographed. The other five were drawn by programs that had looked at 20,000 such photographs for a few seconds. None was picked out: they are
# the first ten of each.

# %% tags=["parameters"]
steps: int = 2500  # of training; the autoencoder takes about half as many

# %%
import numpy as np

from course_utils import plots, recorded

record = recorded.show("19_clothes")
clothes = {  # each a strip of ten pictures
    name: np.split(strip, 10, axis=1) for name, strip in record.pictures.items()
}

# %% tags=["slide"]
who = record.figures["rows"]  # letter to name
plots.image_rows(
    {letter: clothes[name] for letter, name in who.items()},
    size=0.7,
    caption="Which row is real? Decide before you read on.",
)

# %%
from course_utils import quizzes

quizzes.predict("19.p1", ...)

# %%
quizzes.verdict("19.p1")

# %% [markdown]
# The other five rows come from an autoencoder that was given random numbers, a variational autoencoder, a GAN, diffusion in the codes of an autoencoder, and a program that has learned no more than means and covariances. You need not know these names: each is built below. You are going to run all five on small pictures, in a few short cells each,
# and to change them. At the end you get this figure again, with names and with a score.
#
# **After this notebook you can:** read and change the training step of each, draw new pictures with it, and say whether they are good, varied, and new.
#
# **Before you start:** lessons 04 and 05. Lesson 02 helps, on losses and slopes. From the VAE on, the training steps are written with TensorFlow's `GradientTape`
# (lesson 14); the one sentence that you need about it stands where it first occurs. A *start* is one training from other random weights.
#
# **Time:** 2 minutes to run, 105 minutes to study: 80 to read, to run and to answer the questions, and 25 for the five exercises. *To take home* comes on top. A good place to stop for the day is after the GAN.

# %% [markdown] tags=["topic:19.autoencoder", "slide"]
# ## Sixteen numbers for a picture
#
# The clothes, 28 x 28 pixels, come back at the end. To build with, we take something smaller: handwritten digits of 8 x 8 pixels, each a row of 64 numbers from 0 to 1. (For our eyes we
# enlarge them smoothly, and what a program draws below 0 or above 1 is shown as 0 or 1. Black is 0 and white is 1 in every picture of digits. The networks get the 64 numbers.)

# %%
from course_utils import datasets

digits = datasets.load("digits", quiet=True)
x_train = digits.train.x.reshape(-1, 64).astype("float32") / 255
x_test = digits.test.x.reshape(-1, 64).astype("float32") / 255
y_test = digits.test.y
print(x_train.shape, x_test.shape)

# %%
from course_utils import startup

startup.load_keras()  # without the lines that TensorFlow writes when it starts
import keras
import tensorflow as tf
from keras import layers


def enlarged(rows):  # (n, 64) to (n, 24, 24, 1), for our eyes
    small = tf.reshape(tf.cast(rows, tf.float32), (-1, 8, 8, 1))
    return tf.clip_by_value(tf.image.resize(small, (24, 24), "bicubic"), 0, 1).numpy()


# %% [markdown]
# An **autoencoder** is two networks. The **encoder** turns the 64 numbers into 16, the *code*. The **decoder** turns the 16 back into 64. Nobody says what the 16 should
# mean. The task is: let what comes out be what went in.

# %%
keras.utils.set_random_seed(0)
encoder = keras.Sequential(
    [
        keras.Input((64,)),
        layers.Dense(128, activation="leaky_relu"),
        layers.Dense(16),  # the code
    ]
)

# %%
decoder = keras.Sequential(
    [
        keras.Input((16,)),
        layers.Dense(128, activation="leaky_relu"),
        layers.Dense(64, activation="sigmoid"),  # pixels from 0 to 1
    ]
)

# %%
autoencoder = keras.Sequential([encoder, decoder])
autoencoder.compile(optimizer="adam", loss="mse")

# %% [markdown]
# In `fit`, the pictures stand where the labels used to stand.

# %%
epochs = steps // 40  # passes over the pictures, 21 steps of 64 each
autoencoder.fit(x_train, x_train, batch_size=64, epochs=epochs, verbose=0)
codes = encoder.predict(x_test, verbose=0)  # (360, 16)
rebuilt = decoder.predict(codes, verbose=0)  # (360, 64)
print("the first new digit as 16 numbers:")
print(codes[0].round(1))

# %% [markdown]
# The plain rival is **PCA**: the best 16 numbers that a straight, linear map can give. It takes no training steps.

# %%
from sklearn.decomposition import PCA

pca = PCA(16).fit(x_train)
rebuilt_pca = pca.inverse_transform(pca.transform(x_test))
error = np.mean((rebuilt - x_test) ** 2)
error_pca = np.mean((rebuilt_pca - x_test) ** 2)
print(f"mean squared error: autoencoder {error:.4f}, PCA {error_pca:.4f}")

# %% tags=["slide"]
plots.image_rows(
    {
        "new digits": enlarged(x_test[:10]),
        "from 16 numbers": enlarged(rebuilt[:10]),
        "from 16, by PCA": enlarged(rebuilt_pca[:10]),
    },
    size=0.65,
    caption="Digits that neither of the two has seen before, and what comes back from 16 numbers.",
)

# %% [markdown]
# *What you see.* Sixteen numbers are enough to bring back a digit that was not in the training set. The autoencoder's error is {{error / error_pca:.2f}} of that of PCA.
#
# What are such codes good for? Things with similar codes look alike, though nobody gave the encoder a label. So you can search a pile of pictures for those that are like one you have.

# %%
train_codes = encoder.predict(x_train, verbose=0)  # (1294, 16)

# %% tags=["slide"]
plots.nearest_neighbours(
    enlarged(x_test[1:4]),
    codes[1:4],
    enlarged(x_train),
    train_codes,
    caption="Left: a new digit. Right: the three training digits with the most similar codes.",
)

# %% [markdown]
# *What you see.* The neighbours look like the digit on the left, in form and slant.
#
# ### A walk
#
# What lies between two codes? We take two digits, go from one code to the other in a straight line, and decode on the way. Beside it, the same walk with pixels: a fading picture.

# %%
start, end = np.argmax(y_test == 4), np.argmax(y_test == 9)  # the first 4, the first 9
shares = np.linspace(0, 1, 9)[:, None]  # (9, 1): 0, 1/8, 2/8 and so on
way_of_codes = (1 - shares) * codes[start] + shares * codes[end]  # (9, 16)
way_of_pixels = (1 - shares) * x_test[start] + shares * x_test[end]  # (9, 64)

# %% tags=["slide"]
plots.image_rows(
    {
        "through the codes": enlarged(decoder.predict(way_of_codes, verbose=0)),
        "through the pixels": enlarged(way_of_pixels),
    },
    size=0.7,
    caption="From a 4 to a 9, in eight steps.",
)

# %% [markdown]
# *What you see.* Through the pixels, the 4 fades out and the 9 fades in. Half-way there are two grey ghosts. Through the codes there is one bright stroke that bends: the arms of the 4 close at the top, and its stem moves.
# Half-way it is neither a 4 nor a 9.
#
# **Change this.** Take 1 and 7 in the place of 4 and 9, or 5 and 3. From 1 to 7 the walk through the codes passes a blurred stub, from 5 to 3 it is smooth.
#
# *Exercise 19.1: a round trip.* Write `round_trip(codes, between)`. `codes` has shape `(n, numbers)`. The walk goes from the first code to the second and so on, and from the last
# back to the first, with `between` places on each straight way: the code itself and the evenly spaced ones after it, without the next code. It returns `(n * between, numbers)`. *Example:* for
# `[[0.0], [4.0]]` and 2 it is `[[0], [2], [4], [2]]`.

# %%
from course_utils import exercises


# %% tags=["exercise"]
def round_trip(codes, between):
    # your lines in the place of the dots
    ...


exercises.check("19.1", round_trip)

# %% [markdown] tags=["slide"]
# ## Draw new ones
#
# The decoder turns any 16 numbers into a picture. So let us give it 16 random ones: draws of the standard normal distribution, with mean 0 and variance 1.

# %%
quizzes.predict("19.p2", ...)

# %%
rng = np.random.default_rng(0)
numbers = rng.normal(size=(1000, 16)).astype("float32")
from_random = decoder.predict(numbers, verbose=0)

# %% tags=["slide"]
plots.image_grid(
    enlarged(from_random[:10]),
    size=0.65,
    caption="Ten times 16 random numbers, decoded.",
)

# %%
quizzes.verdict("19.p2")

# %% [markdown]
# *What you see.* Grey spots. Where do the codes of digits lie, then, and where our random numbers? We look at the one of the 16 numbers whose mean is furthest from 0.

# %%
furthest = np.abs(train_codes.mean(axis=0)).argmax()

# %% tags=["slide"]
plots.histograms(
    {
        "codes of 1,000 digits": train_codes[:1000, furthest],
        "1,000 random numbers": numbers[:, furthest],
    },
    x_label=f"number {furthest + 1} of the 16",
    caption="The encoder puts the codes where it likes.",
)

# %% [markdown]
# *What you see.* The codes lie around another middle than our numbers, and spread over a wider range. This is the most extreme of the 16 numbers; the means of the others lie nearer to 0. Nobody has told the decoder what to do elsewhere.
#
# So let us draw numbers like the codes: from the normal distribution that has the codes' means and *covariances* (how two numbers go up and down together). And the plain rival does the same with the
# 64 pixels, without any network.


# %%
def normal_draws(rows, count=1000):
    mean, covariance = rows.mean(axis=0), np.cov(rows.T)
    return rng.multivariate_normal(mean, covariance, count).astype("float32")


from_normal = decoder.predict(normal_draws(train_codes), verbose=0)
rival = normal_draws(x_train)

# %% tags=["slide"]
plots.image_rows(
    {
        "random numbers": enlarged(from_random[:10]),
        "numbers like codes": enlarged(from_normal[:10]),
        "pixels, no network": enlarged(rival[:10]),
    },
    size=0.65,
    caption="Above: random numbers, decoded. Middle: draws of a normal distribution fitted to the codes, decoded. Below: draws of one fitted to the pixels.",
)

# %% [markdown]
# *What you see.* With numbers like codes the decoder draws strokes, and some digits. The rival, which knows means and covariances of pixels and nothing else, gives blots.
#
# So the trouble was not the decoder. It needs numbers that lie where codes lie. There are two ways out: choose the numbers better, as we did, or make the codes lie where we want them.

# %% [markdown] tags=["topic:19.vae", "slide"]
# ## Make the codes lie where we draw: the VAE
#
# A **variational autoencoder** (VAE) changes two things.
#
# 1. In the place of a point, the encoder gives a small cloud: a mean and a variance for each of the 16 numbers. The decoder gets a random point of the cloud. So neighbours of a code must decode well, too.
# 2. The loss gets a second part that pulls each cloud towards the standard normal distribution, with mean 0 and variance 1, from which we are going to draw. This is the **Kullback-Leibler divergence**:
#
# (mean² + variance - 1 - log(variance)) / 2
#
# In numbers: a cloud with mean 0 and variance 1 costs (0 + 1 - 1 - 0) / 2 = 0. With mean 2 it costs (4 + 1 - 1 - 0) / 2 = 2. With mean 0 and variance 0.01, nearly a point, it costs
# (0 + 0.01 - 1 + 4.61) / 2 = 1.81. So it costs something to know a code exactly.
#
# *Exercise 19.2: mend the pull.* `mean` and `log_variance` have shape `(pictures, numbers)`; the encoder says the logarithm, since that may have any sign. The function is to return the divergence of
# each picture, as above, summed over its numbers: shape `(pictures,)`. It has two faults. *Example:* for `[[2.0, 0.0]]` and `[[0.0, 0.0]]` it is `[2.0]`.
#
# ```python
# def pull(mean, log_variance):
#     each = (mean + np.exp(log_variance) - 1 - log_variance) / 2
#     return each.sum(axis=0)
# ```


# %% tags=["exercise"]
def pull(mean, log_variance):
    # your lines in the place of the dots
    ...


exercises.check("19.2", pull)

# %% [markdown]
# The two networks are those of before, but the encoder says 32 numbers: 16 means and 16 logarithms of variances.


# %%
def network(inputs, outputs, last=None, hidden=1):
    model = keras.Sequential([keras.Input((inputs,))])
    for _ in range(hidden):
        model.add(layers.Dense(128, activation="leaky_relu"))
    model.add(layers.Dense(outputs, activation=last))
    return model


keras.utils.set_random_seed(0)
vae_encoder = network(64, 32)
vae_decoder = network(16, 64, "sigmoid")
weights = vae_encoder.trainable_variables + vae_decoder.trainable_variables
vae_adam = keras.optimizers.Adam(0.001)

# %% [markdown]
# The loss has two parts now, so we write the training step ourselves. `GradientTape` records what is computed, and then gives the slope of the loss for each weight (lesson 14 has more of it). `@tf.function` makes
# the step fast. The 0.1 weighs the pull against the error.


# %%
@tf.function
def vae_step(pictures):  # (64, 64): 64 pictures of 64 pixels
    with tf.GradientTape() as tape:
        mean, log_variance = tf.split(vae_encoder(pictures), 2, axis=1)  # (64, 16) each
        cloud = tf.exp(log_variance / 2) * tf.random.normal(tf.shape(mean))
        wrong = tf.reduce_sum((vae_decoder(mean + cloud) - pictures) ** 2, axis=1)
        pulls = (mean**2 + tf.exp(log_variance) - 1 - log_variance) / 2
        loss = tf.reduce_mean(wrong + 0.1 * tf.reduce_sum(pulls, axis=1))
    vae_adam.apply(tape.gradient(loss, weights), weights)
    return loss


# %%
def train(step, rows=x_train, turns=steps):
    for number in range(1, turns + 1):
        batch = rows[rng.integers(len(rows), size=64)]
        loss = step(tf.constant(batch))
        if number % (turns // 4) == 0:
            print("step", number, "loss", np.round(loss, 2))


train(vae_step)
from_vae = vae_decoder.predict(numbers, verbose=0)  # the same random numbers

# %% tags=["slide"]
plots.image_rows(
    {
        "autoencoder": enlarged(from_random[:10]),
        "VAE": enlarged(from_vae[:10]),
    },
    size=0.65,
    caption="The same random numbers, decoded by both.",
)

# %% [markdown]
# *What you see.* From the same random numbers the autoencoder draws grey spots and the VAE draws strokes, some of them digits. They are soft: where several pictures are possible, the squared error asks for their mean.
#
# Three names for those who read papers; nothing below needs them. The weight 0.1 is called β (beta). Error and pull together are, but for constants and the weight, the negative of the *evidence lower bound*, ELBO: making the loss small makes the bound large. And how does a slope get through
# a random point? The chance comes from outside, from `tf.random.normal`, and the encoder's mean and deviation only shift and stretch it. So the loss has a slope for both. This is the *reparameterisation trick*.
#
# **Change this.** Put 0 in the place of 0.1 in `vae_step`, and run the cells from the two networks on. Nothing pulls, and you get spots as from the autoencoder. With 3 the pull has won: you get the same blot ten times.

# %% [markdown] tags=["topic:19.gan", "slide"]
# ## Two networks against each other: the GAN
#
# Squared error asks pixel by pixel, and a blurred picture is a safe answer. What if a network judged the picture instead?
#
# In a **generative adversarial network** (GAN) the **generator** turns 16 random numbers into a picture. The **discriminator** gets real and generated pictures and says which are real. It
# learns to be right. The generator learns to have its pictures called real. There is no encoder.

# %%
keras.utils.set_random_seed(0)
generator = network(16, 64, "sigmoid", hidden=2)
discriminator = network(64, 1, hidden=2)  # one logit: above 0 means real
for player in (generator, discriminator):
    player.compile(keras.optimizers.Adam(0.001, beta_1=0.5))  # forgets sooner
crossentropy = keras.losses.BinaryCrossentropy(from_logits=True)

# %% [markdown]
# One step of the discriminator: 1 for real, 0 for generated.


# %%
@tf.function
def discriminator_step(real):
    generated = generator(tf.random.normal((64, 16)))
    mine = discriminator.trainable_variables
    with tf.GradientTape() as tape:
        of_real, of_generated = discriminator(real), discriminator(generated)
        loss = crossentropy(tf.ones((64, 1)), of_real)
        loss += crossentropy(tf.zeros((64, 1)), of_generated)
    discriminator.optimizer.apply(tape.gradient(loss, mine), mine)
    return loss


# %% [markdown]
# One step of the generator: the same question, and it wants the answer 1. Only its own weights move.


# %%
@tf.function
def generator_step():
    mine = generator.trainable_variables
    with tf.GradientTape() as tape:
        of_generated = discriminator(generator(tf.random.normal((64, 16))))
        loss = crossentropy(tf.ones((64, 1)), of_generated)
    generator.optimizer.apply(tape.gradient(loss, mine), mine)
    return loss


# %% [markdown]
# They take turns, one step each. `training.reset` gives both their first weights, so that we can begin again later.

# %%
from course_utils import training


def new_game():
    training.reset(generator, seed=0)
    training.reset(discriminator, seed=1)


def one_turn(real):
    return discriminator_step(real), generator_step()


new_game()
train(one_turn)
from_gan = generator.predict(numbers, verbose=0)

# %% tags=["slide"]
plots.image_rows(
    {
        "real": enlarged(x_test[:10]),
        "VAE": enlarged(from_vae[:10]),
        "GAN": enlarged(from_gan[:10]),
    },
    size=0.65,
    caption="Ten real digits, ten of the VAE, ten of the GAN.",
)

# %% [markdown]
# *What you see.* The GAN's strokes are as bright as those of real digits. A blurred picture would be found out. But some of its pictures are no digits.
#
# Many who train a GAN see its generator fall behind. Why not let it take five steps a turn?

# %%
quizzes.predict("19.p3", ...)

# %% [markdown]
# Both networks start anew, from the same first weights. What we change is the number of the generator's steps. Such a turn takes three times as long, so we stop after half as many turns. (The batches and the noise are others than in the first game, too: the random numbers go on from where they were.)


# %%
def one_turn_of_five(real):
    of_discriminator = discriminator_step(real)
    for _ in range(5):
        of_generator = generator_step()
    return of_discriminator, of_generator


new_game()
train(one_turn_of_five, turns=steps // 2)
from_five = generator.predict(numbers, verbose=0)

# %% tags=["slide"]
plots.image_rows(
    {
        "one step a turn": enlarged(from_gan[:10]),
        "five steps a turn": enlarged(from_five[:10]),
        "five, ten more": enlarged(from_five[10:20]),
        "and ten more": enlarged(from_five[20:30]),
    },
    size=0.65,
    caption="The same random numbers, given to the generators of two games; below, the next twenty of the second game.",
)

# %% [markdown]
# Thirty pictures may mislead. We have a thousand of each, and a classifier that we train with labels can count what is on them.

# %%
keras.utils.set_random_seed(0)
judge = network(64, 10, "softmax")
judge.compile(
    optimizer=keras.optimizers.Adam(0.003),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
judge.fit(x_train, digits.train.y, batch_size=64, epochs=30, verbose=0)
judge_accuracy = judge.evaluate(x_test, y_test, verbose=0)[1]
print(f"the judge is right on {100 * judge_accuracy:.1f} % of new digits")


# %%
def how_often(rows):  # the judge gives each of the ten names
    named = judge.predict(rows, verbose=0).argmax(axis=1)
    return np.bincount(named, minlength=10) / len(rows)


of_one, of_five = how_often(from_gan), how_often(from_five)
table = np.array([np.arange(10), 100 * of_one, 100 * of_five]).round(1)
missing = int((of_five < 0.02).sum())  # kinds with less than 2 per cent
print(f"kinds with less than 2 %: {int((of_one < 0.02).sum())} and {missing} of ten")

# %% tags=["slide"]
plots.number_grids(
    {"of a thousand pictures": table},
    row_names=["named", "one step a turn, %", "five steps a turn, %"],
    caption="What the judge names the pictures of the two generators.",
)

# %%
quizzes.verdict("19.p3")

# %% [markdown]
# *What you see.* With one step a turn all ten digits occur. With five, two kinds of pictures are left, with some between them: a bar that stands on a line, with a dot at its left, and a loop. The judge has learned digits only and must name everything: {{100 * of_five.max():.0f}} % of these get one name, and {{missing}} names are hardly used or not at all. That is **mode collapse**. (This
# is one start. In half the turns the generator has still made two and a half times as many steps, and the discriminator half as many.)
#
# The losses do not tell. In the second game they stand near `2 ln 2 = 1.39` and `ln 2 = 0.69`. A discriminator that answers one half to everything would have these losses. (Two means do not prove that it does.) That describes the game. How many kinds of pictures there are, it does not say.

# %% [markdown] tags=["topic:19.diffusion", "slide"]
# ## Out of noise, step by step: diffusion
#
# The fourth idea needs no second network and no code. Cover a picture with noise, a little more at each step, until nothing is left of it. Then learn the way back.
#
# How much noise there is, we count with `t` from 0 (the clean picture) to 1 (noise alone). In between we mix, with weights whose squares add up to 1, so that the numbers stay of the same size:
#
# noisy = cos(t · 90°) · clean + sin(t · 90°) · noise
#
# At t = 1/3, 30 degrees, that is 0.87 · clean + 0.5 · noise. Pixels go from -1 to 1 here, so that grey is 0, like the mean of the noise.


# %%
def of_picture(t):
    return tf.cos(t * np.pi / 2)  # 90 degrees are half of pi


def of_noise(t):
    return tf.sin(t * np.pi / 2)


clean_digits = 2 * x_train - 1  # from -1 to 1
noise = rng.normal(size=(1000, 64)).astype("float32")
covered = {}
for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
    noisy = of_picture(t) * clean_digits[:8] + of_noise(t) * noise[:8]
    covered[f"t = {t}"] = enlarged((noisy + 1) / 2)

# %% tags=["slide"]
plots.image_rows(covered, size=0.65, caption="Eight digits disappear in noise.")

# %% [markdown]
# The network gets a noisy picture and `t`, and guesses the clean picture. That is all that it learns. The loss is the squared error.


# %%
def new_guesser(count):  # of numbers: 64 pixels, later 16 of a code
    model = keras.Sequential(
        [
            keras.Input((count + 1,)),  # the numbers and t
            layers.Dense(256, activation="leaky_relu"),
            layers.Dense(256, activation="leaky_relu"),
            layers.Dense(count),
        ]
    )
    model.compile(keras.optimizers.Adam(0.001))
    model.optimizer.build(model.trainable_variables)
    return model


# %% [markdown]
# It has to guess well at every `t`, so each picture of a batch gets a random one, and fresh noise.


# %%
@tf.function
def diffusion_step(model, clean):  # clean: (64, count)
    t = tf.random.uniform((64, 1))  # another share for each picture
    noisy = of_picture(t) * clean + of_noise(t) * tf.random.normal(tf.shape(clean))
    with tf.GradientTape() as tape:
        guess = model(tf.concat([noisy, t], axis=1))
        loss = tf.reduce_mean((guess - clean) ** 2)
    mine = model.trainable_variables
    model.optimizer.apply(tape.gradient(loss, mine), mine)
    return loss


# %%
keras.utils.set_random_seed(0)
guesser = new_guesser(64)
train(lambda clean: diffusion_step(guesser, clean), rows=clean_digits)

# %% [markdown]
# What does it guess of digits that it has never seen, under more and more noise?


# %%
def guess_clean(model, noisy, t):  # t: one number for all rows
    column = tf.fill((len(noisy), 1), float(t))
    return model(tf.concat([noisy, column], axis=1))


guessed = {}
for t in (0.2, 0.4, 0.6, 0.8, 1.0):
    noisy = of_picture(t) * (2 * x_test[:8] - 1) + of_noise(t) * noise[:8]
    guessed[f"t = {t}"] = enlarged((guess_clean(guesser, noisy, t) + 1) / 2)

# %% tags=["slide"]
plots.image_rows(
    {"new digits": enlarged(x_test[:8])} | guessed,
    size=0.65,
    caption="Above, eight new digits. Below, what is guessed when they are covered with more and more noise.",
)

# %% [markdown]
# *What you see.* With little noise, the guess is right. With much, it is a blurred mean of what the picture could be. At t = 1 nothing is left of the digit, and the soft blots below have nothing to do with it.
#
# So one guess from noise makes no picture. But it says in which direction the pictures lie. To draw, we start with noise alone and go back in 40 small steps. At each one:
#
# 1. Guess the clean picture.
# 2. What the guess does not explain is noise: noise = (noisy - cos · guess) / sin, with cosine and sine at `t`.
# 3. Mix guess and noise again, with cosine and sine a little below `t`: there is less noise than before.


# %%
def draw(model, noisy, levels=40):
    states = [noisy]
    for level in range(levels, 0, -1):
        t, less = level / levels, (level - 1) / levels
        guess = guess_clean(model, noisy, t)
        left = (noisy - of_picture(t) * guess) / of_noise(t)
        noisy = of_picture(less) * guess + of_noise(less) * left
        states.append(noisy)
    return states  # from noise alone to a picture, 41 of them


# %%
states = draw(guesser, noise)
from_diffusion = ((states[-1] + 1) / 2).numpy()  # back to 0 to 1

# %% tags=["slide"]
plots.image_rows(
    {
        f"t = {1 - at / 40:.1f}": enlarged((states[at][:10] + 1) / 2)
        for at in (0, 16, 24, 32, 36, 40)
    },
    size=0.65,
    caption="From noise, above, to ten drawings, below.",
)

# %% [markdown]
# *What you see.* Down to `t = 0.4` there is hardly anything but noise, with a ring in the third and the fifth. Then strokes appear, and the last steps make them clean. Not all ten can be read: the fourth and the last two are no digits for us.
#
# **Change this.** Draw with `levels=1` in a new cell: `plots.image_grid(enlarged((draw(guesser, noise[:10], levels=1)[-1] + 1) / 2))`. You get soft blots, the guesses from t = 1. With `levels=3` about half of the ten can be read, with soft strokes. And 200 change little.
#
# *Exercise 19.3: one step back.* Write `step_back(noisy, guess, t, less)`: from a noisy picture at `t` and the guess of the clean one to the picture at a smaller share `less`, as in points 2 and 3. Write it with
# NumPy: `np.cos`, `np.sin`, `np.pi`. *Example:* at `less` = 0 nothing but the guess is left.


# %% tags=["exercise"]
def step_back(noisy, guess, t, less):
    # your lines in the place of the dots
    ...


exercises.check("19.3", step_back)

# %% [markdown]
# ### Diffusion in the codes
#
# Nothing in these lines says that the numbers are pixels. So let us take the autoencoder's 16 numbers instead, each shifted and scaled to mean 0 and variance 1. The decoder makes pictures of them at the end. This is **latent
# diffusion**. Many programs that draw large photographs work in codes as well: there are far fewer numbers to go through.

# %%
middle, spread = train_codes.mean(axis=0), train_codes.std(axis=0)
clean_codes = (train_codes - middle) / spread  # (n, 16)
keras.utils.set_random_seed(0)
code_guesser = new_guesser(16)
train(lambda clean: diffusion_step(code_guesser, clean), rows=clean_codes)

# %%
drawn_codes = draw(code_guesser, numbers)[-1].numpy() * spread + middle
from_code_diffusion = decoder.predict(drawn_codes, verbose=0)

# %% [markdown] tags=["slide"]
# ## Side by side
#
# The first ten digits of each. All learned for a few seconds.

# %% tags=["slide"]
plots.image_rows(
    {
        "real": enlarged(x_test[:10]),
        "normal, pixels": enlarged(rival[:10]),
        "normal, codes": enlarged(from_normal[:10]),
        "VAE": enlarged(from_vae[:10]),
        "GAN": enlarged(from_gan[:10]),
        "diffusion, pixels": enlarged(from_diffusion[:10]),
        "diffusion, codes": enlarged(from_code_diffusion[:10]),
    },
    size=0.65,
    caption="Real digits, and the first ten of each kind.",
)

# %% [markdown]
# *What you see.* The rival without a network gives blots. Normal codes and the VAE draw soft strokes, and some digits. The GAN draws bright strokes, and some digits. Of the drawings of diffusion in pixels about seven can be read, and of those in the codes nearly all.
#
# Seconds are not the same for all here. So now the clothes, where they are: the same programs with 256 units in the place of 128, each after the same {{record.figures["seconds"]:.0f}} seconds of one processor core. All codes have 16 numbers. What else was set, with another start than the three shown:
#
# | program | setting |
# | --- | --- |
# | VAE | the pull has the weight 0.25 |
# | GAN | batch normalisation in the generator (without it there were nothing but dots), dropout in the discriminator |
# | diffusion, codes | half of the time for the autoencoder, half for the diffusion |
# | diffusion, pixels | left out |

# %% tags=["slide"]
shown = [
    "real",
    "one normal distribution",
    "autoencoder, random numbers",
    "autoencoder, normal codes",
    "VAE",
    "GAN",
    "diffusion, codes",
]
plots.image_rows(
    {name: clothes[name] for name in shown},
    size=0.65,
    caption="The first start of three. The first ten of each kind.",
)

# %% [markdown]
# *What you see.* One normal distribution gives light and dark patches where clothes have them, and no clothes. Random numbers give grey ghosts. Normal codes and the VAE give soft shapes, some of them between two kinds. The GAN's pictures
# are full of dots. Perhaps {{record.figures["seconds"]:.0f}} seconds are too few for two networks that learn from each other, or layers that are all dense do not suit a GAN: we have tested neither. Diffusion in the codes draws sneakers and tops that you can name. They have no pattern and no print, and these ten are of few kinds.
#
# This says what {{record.figures["seconds"]:.0f}} seconds of one core give with these small networks. Large programs of these kinds, trained for days on many graphics cards, draw photographs.

# %% [markdown] tags=["slide"]
# ## How good are they? One figure, and what it does not see
#
# Eyes tire, and they see ten pictures of ten thousand. The usual figure compares two *sets*, real and drawn. A classifier turns each picture into features (here 64, of a network that names clothes). The **Fréchet
# distance** then compares the two clouds of features by their means m and covariances C, as if both were normal distributions:
#
# |m₁ - m₂|² + trace(C₁ + C₂ - 2 (C₁C₂)^½)
#
# (The *trace* is the sum of the diagonal. The root of a matrix is the matrix that gives it when multiplied by itself.)
#
# With one feature, C is the variance, the square of the standard deviation s, and this is (m₁ - m₂)² + (s₁ - s₂)². If the real ones have mean 1 and deviation 2, and the drawn ones mean 4 and deviation 1, it is 9 + 1 = 10. Small is good.
# With the features of a large ImageNet network it is called FID.
#
# *Exercise 19.4: a Fréchet distance by hand.* Two sets have one feature. Its mean is 2 in the first and 5 in the second; its *standard deviation* is 1 and 3. Compute `distance`. *Example:* with means 0 and 1
# and equal deviations it is 1.

# %% tags=["exercise"]
distance = ...
exercises.check("19.4", distance)

# %%
quizzes.predict("19.p4", ...)

# %% [markdown]
# As code to copy, for two tables of features. The trace of a matrix is also the sum of its eigenvalues, and those of its root are their roots. So no root of a matrix has to be computed. (Rounding may leave an eigenvalue a little below 0, or with a tiny imaginary part: hence `real` and `clip`.)


# %%
def frechet(a, b):  # (pictures, features) each
    cov_a, cov_b = np.cov(a.T), np.cov(b.T)
    common = np.linalg.eigvals(cov_a @ cov_b).real.clip(min=0)
    between = np.sum((a.mean(axis=0) - b.mean(axis=0)) ** 2)
    return between + np.trace(cov_a + cov_b) - 2 * np.sqrt(common).sum()


# %% [markdown]
# On our digits, the features are the 128 numbers inside the judge, just before it answers.

# %%
inside = keras.Model(judge.inputs[0], judge.layers[-2].output)
real_features = inside.predict(x_test, verbose=0)  # (360, 128)
drawn_digits = {
    "normal, pixels": rival,
    "normal, codes": from_normal,
    "VAE": from_vae,
    "GAN": from_gan,
    "GAN, five steps a turn": from_five,
    "diffusion, pixels": from_diffusion,
    "diffusion, codes": from_code_diffusion,
}
features = {"training digits": inside.predict(x_train[:1000], verbose=0)}
for name, rows_of in drawn_digits.items():  # cut at 0 and 1, as you saw them
    features[name] = inside.predict(rows_of.clip(0, 1), verbose=0)

# %%
from_real = {name: frechet(features[name], real_features) for name in features}
for name, distance_of in from_real.items():
    print(f"{name:24}{distance_of:7.1f}")

# %% [markdown]
# The collapsed game is seen at once. But look at the rest: the normal distribution of the pixels, whose row above shows blots, gets {{from_real["normal, pixels"]:.1f}} and is nearer than the VAE, the GAN and diffusion in pixels ({{from_real["diffusion, pixels"]:.1f}}). (Diffusion in the codes gets {{from_real["diffusion, codes"]:.1f}} here. Trained on other batches it got 3.2: one training is one draw.) These features are one dense layer away from the pixels. Whoever has the means and covariances of the pixels comes near
# those of such features. So a distance is no wiser than the network behind it.
#
# There are a thousand pictures of each kind here, and 360 real ones. The distance depends on how many there are: with fewer it is larger. So compare distances of equally many pictures, and give the floor for as many.
#
# For the clothes, the network is a deeper one. The same is done with 2,000 pictures of each kind, on three starts, and the 64 features of program A, which has two convolutions and was trained to name clothes.

# %%
sets = record.figures["sets"]  # name to one entry a start


def figures(name, what):  # one a start
    return [start[what] for start in sets[name]]


def mean_of(name, what="distance"):
    return np.mean(figures(name, what))


programs = [
    "diffusion, codes",
    "autoencoder, normal codes",
    "GAN",
    "VAE",
    "one normal distribution",
]

# %% tags=["slide"]
with_copies = ["other real ones", "copies of training pictures", *programs]
plots.comparison(
    {name: figures(name, "distance") for name in with_copies},
    label="Fréchet distance to real pictures",
    caption="2,000 pictures of each kind. Left is better.",
)

# %%
quizzes.verdict("19.p4")

# %% [markdown]
# *What you see.* Other real photographs have a distance of {{mean_of("other real ones"):.1f}}: that is the *floor*, for between real and real it is not quite 0 either. Copies of training pictures get {{mean_of("copies of training pictures"):.1f}}, and the best program is far from both.
# So the distance has a *blind spot*: it does not ask whether a picture is new.
#
# (Rounded to one digit, copies look a little worse than other real ones. With two digits it is 0.37 to 0.35: they are as good as level.)
#
# The distance has another blind spot. One normal distribution, without any network, gets {{mean_of("one normal distribution"):.0f}}, the GAN {{mean_of("GAN"):.0f}} and the VAE {{mean_of("VAE"):.0f}}. Look at their rows again: would you have said so? The distance compares nothing but means and covariances of
# features. The rival has nothing but means and covariances of pixels, and that brings it nearer than its pictures deserve.
#
# ### Two more figures
#
# *How many real ones are reached?* Around each real photograph lies a neighbourhood that ends at its fifth nearest real one (by features). We count the real ones that have at least one drawn picture in theirs. A program
# that never draws sandals reaches no sandals. One that draws things between a shirt and a bag reaches neither.
#
# *How near is the nearest training picture?* Here in pixels, the median of 300 pictures. A copy has 0.


# %%
def reached(drawn, real):  # two tables of features: the share of real ones reached
    hits = 0
    for one in real:
        to_real = np.sort(np.linalg.norm(real - one, axis=1))  # 0 to itself first
        to_drawn = np.linalg.norm(drawn - one, axis=1)
        hits += to_drawn.min() <= to_real[5]  # within its neighbourhood
    return hits / len(real)


share_reached = {}
for name in features:
    share_reached[name] = 100 * reached(features[name], real_features)
    print(f"{name:24}{share_reached[name]:5.0f} %")

# %% [markdown]
# *What you see.* Both kinds of diffusion reach nearly all real digits, {{share_reached["diffusion, pixels"]:.0f}} and {{share_reached["diffusion, codes"]:.0f}} %. The normal distribution of the pixels, which by the distance was nearer than diffusion in pixels, reaches {{share_reached["normal, pixels"]:.0f}} %, and normal codes {{share_reached["normal, codes"]:.0f}} %. This agrees better with our eyes. The collapsed game is last in both.
#
# There are a thousand pictures of each kind here for the 360 real digits of the test. With more drawings it is easier to reach a real one, so these shares are for comparing the programs with each other. With the clothes, both sides have 2,000.
#
# And for the clothes:

# %%
print(f"{'':30}distance  reached  nearest")
for name in sets:
    share = 100 * mean_of(name, "real ones reached")
    nearest = mean_of(name, "to the nearest training picture")
    print(f"{name:30}{mean_of(name):8.1f}{share:7.0f} %{nearest:9.1f}")

# %% tags=["slide"]
plots.comparison(
    {
        name: figures(name, "real ones reached")
        for name in ["other real ones", *programs]
    },
    label="share of real photographs that are reached",
    caption="2,000 real photographs, 2,000 pictures of each kind. Right is better.",
)

# %% [markdown]
# *What you see.* By the distance, diffusion and normal codes are close together: {{mean_of("diffusion, codes"):.0f}} and {{mean_of("autoencoder, normal codes"):.0f}}. But diffusion reaches {{100 * mean_of("diffusion, codes", "real ones reached"):.0f}} % of the real photographs, normal codes {{100 * mean_of("autoencoder, normal codes", "real ones reached"):.0f}} %, and
# everybody else at most {{100 * max(mean_of(name, "real ones reached") for name in programs[2:]):.0f}} %. Other real ones reach {{100 * mean_of("other real ones", "real ones reached"):.0f}} %.
#
# In the table, *new ones, rebuilt* are real photographs that went through the autoencoder: {{mean_of("new ones, rebuilt"):.0f}} and {{100 * mean_of("new ones, rebuilt", "real ones reached"):.0f}} %. Whoever draws through such a decoder can hardly hope for more, since it leaves out pattern and print.
#
# Are the drawings of diffusion copies, then?

# %% tags=["slide"]
plots.image_rows(
    {
        "diffusion, codes": clothes["diffusion, codes"],
        "nearest training picture": clothes["nearest to diffusion, codes"],
    },
    size=0.65,
    caption="Above, the first ten drawings. Below, for each the nearest of the 20,000 photographs.",
)

# %% [markdown]
# *What you see.* The nearest photographs have a similar outline, and they are not the same: the second is cut in another way, and below the ninth drawing, a closed shoe, stands a sandal with straps. In the table, drawings of diffusion are {{mean_of("diffusion, codes", "to the nearest training picture"):.1f}} from the nearest training picture. That is nearer than new photographs, with
# {{mean_of("other real ones", "to the nearest training picture"):.1f}}, and would be suspicious. But new photographs that the autoencoder has rebuilt, and these are no copies, have {{mean_of("new ones, rebuilt", "to the nearest training picture"):.1f}}: without their pattern, pictures are nearer to each other. So compare like with like.
#
# *Exercise 19.5: twenty beautiful shoes.* Somebody shows you twenty beautiful pictures of shoes, all drawn by a program, and a Fréchet distance of 31. Write two or three sentences in `further_questions`: what do you ask
# before you believe that the program is good? You get another answer to compare with.

# %% tags=["exercise"]
further_questions = ...
exercises.check("19.5", further_questions)

# %% [markdown] tags=["slide"]
# ## Does it help a classifier?
#
# Labelled photographs are few, and drawings cost nothing but time. Let us try. There are 10 labelled photographs of each kind of clothes, or 50. A diffusion model (in pixels, and it is told the kind) learns from these few and draws ten times as many.
# Program A of lesson 04 learns from photographs and drawings together. The plain rival has equally many copies of the photographs, each moved by up to two pixels (lesson 05).

# %%
quizzes.predict("19.p5", ...)

# %%
labels = recorded.show("19_labels").figures  # labels a kind, way, one a start


def per_cent(each, way):
    return 100 * np.mean(labels[each][way])


for each in labels:
    for way, found in labels[each].items():
        print(f"{each} of each kind, {way:18}", found)

# %% tags=["slide"]
plots.bars(
    {
        f"{each} of each kind": {way: per_cent(each, way) for way in labels[each]}
        for each in labels
    },
    label="per cent right of 2,000 new photographs",
    caption="Mean of three starts. Each classifier takes equally many steps.",
)

# %%
quizzes.verdict("19.p5")

# %% [markdown]
# *What you see.* With 10 of each kind: {{per_cent("10", "labelled alone"):.1f}} % from the photographs alone, {{per_cent("10", "with drawings"):.1f}} % with drawings, {{per_cent("10", "with moved copies"):.1f}} % with moved copies. With 50: {{per_cent("50", "labelled alone"):.1f}}, {{per_cent("50", "with drawings"):.1f}} and {{per_cent("50", "with moved copies"):.1f}} %.
#
# So drawings do not help here. With 10 of each kind they change little: the three starts with photographs alone differ by more among themselves ({{100 * np.ptp(labels["10"]["labelled alone"]):.0f}} points). With 50 they cost more than {{per_cent("50", "labelled alone") - per_cent("50", "with drawings"):.0f}} points. With equally many steps, ten of eleven pictures that
# the classifier gets are drawings, all learned from the same photographs. But as many moved copies come from the same photographs too, and with 50 they cost much less. So it may be faults of the drawings that harm; we have not tested it. Moved copies, which cost nothing to make, bring little in so few steps. What helps with few labels is the subject of lesson 18.

# %% [markdown] tags=["slide"]
# ## So do this
#
# | | learns by | draws | what you saw |
# | --- | --- | --- | --- |
# | autoencoder | squared error, plain `fit` | from a normal distribution fitted to its codes, in one pass | compresses, and walks; random numbers give spots |
# | VAE | squared error and a pull | from standard normal numbers, in one pass | codes lie where you draw; soft pictures |
# | GAN | two losses against each other | from standard normal numbers, in one pass | bright pictures; kinds go missing, and the losses do not tell |
# | diffusion | squared error, in the codes of an autoencoder or in pixels | from noise, in 40 passes | the pictures that look most real |
#
# - To draw with little computing: first an autoencoder, then diffusion in its codes.
# - Feed a decoder numbers from where its codes lie: fit a normal distribution to them, pull them there (VAE), or learn the way (diffusion).
# - Look at the first ten, not at the best ten, beside real ones and beside draws of one normal distribution.
# - Give a distance with its floor, as many other real pictures, and never alone: how many real ones are reached, and how near is the nearest training picture?
# - Count the kinds with a classifier. A game with steady losses may have lost half of them.
# - Do not expect a classifier to learn from drawings what its few photographs do not show.
#
# A word of caution. In the first figure it was not hard to say which row was real. With more computing it becomes hard, and a picture alone is no proof any more that something happened. And whoever gives away drawings should first look
# how near they are to the pictures they were learned from, which may be somebody else's. The program at the end does that.

# %% [markdown]
# Check yourself.

# %%
quizzes.ask("19.q1")
quizzes.answer("19.q1", ...)

# %%
quizzes.ask("19.q2")
quizzes.answer("19.q2", ...)

# %%
quizzes.ask("19.q3")
quizzes.answer("19.q3", ...)

# %%
quizzes.ask("19.q4")
quizzes.answer("19.q4", ...)

# %% [markdown]
# What this lesson asserts, beside what was measured.

# %%
from course_utils import claims

claims.review("19")

# %% [markdown]
# ## To take home
#
# A program for two folders: `real`, and `drawn`, with pictures that a program drew, or that somebody sells you as new. It looks for each drawn picture's nearest real one, and asks whether they are as near
# as only 1 % of the real ones are to another real one. Pictures are made small, grey and equally bright, so that a copy in another size or light is found. One that was cut, turned, mirrored, stretched or given a border is not.
#
# First two folders to try it on: 200 digits, and 44 pictures that pass as drawn: 40 are drawings, and four are brightened copies that we hide among them. (The programs learned from all 1,294 digits. A copy of one that is not among the 200 would not be found: so put everything that a program learned from into your folder `real`.)

# %%
from pathlib import Path

from PIL import Image

hidden = np.clip(1.2 * x_train[:4] + 0.1, 0, 1)
for kind, images in {
    "real": x_train[:200],
    "drawn": np.concatenate([hidden, from_diffusion[:40]]),
}.items():
    folder = Path("example_drawn") / kind
    folder.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(enlarged(images)):
        pixels = (255 * picture[..., 0]).astype("uint8")
        Image.fromarray(pixels).save(folder / f"{number:03}.png")

# %% tags=["take-home"]
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from scipy.stats import binomtest
from sklearn.neighbors import NearestNeighbors

folder = Path("example_drawn")  # with the folders real and drawn
pictures = {"real": {}, "drawn": {}}
for kind, rows in pictures.items():
    for path in sorted(filter(Path.is_file, (folder / kind).rglob("[!.]*"))):
        try:
            grey = ImageOps.exif_transpose(Image.open(path)).convert("L")
            row = np.asarray(ImageOps.fit(grey, (32, 32)), float).ravel()
            assert row.std() > 1, "all of one grey, or of 16 bits"
            rows[path] = (row - row.mean()) / (row.std() + 1)  # equally bright
        except Exception as error:  # no picture, or a broken one
            print("left out:", path, error)
    assert len(rows) > 1, f"Fewer than two pictures in {folder / kind}"
real, drawn = pictures.values()
index = NearestNeighbors(n_neighbors=1).fit(list(real.values()))
limit = np.quantile(index.kneighbors()[0], 0.01)  # how near real ones are at times
apart, which = index.kneighbors(list(drawn.values()))
near = np.flatnonzero(apart[:, 0] <= max(limit, 1e-3))  # exact copies in any case
for k in near:
    print(list(drawn)[k], "is nearly", list(real)[which[k, 0]])
low, high = binomtest(len(near), len(drawn)).proportion_ci(method="wilson")
print(f"{len(near)} of {len(drawn)} ({low:.0%} to {high:.0%} of many) nearly copies")
if len(real) < 100:
    print(f"Only {len(real)} real pictures: what counts as near is almost a guess")

# %% [markdown]
# *What you see.* It finds the hidden copies. If it also names others, look at them: among small digits, a new one can be as near to an old one as two old ones are at times. The interval says how many of *many* drawings by the same program would be named, if these were a random sample of them.
#
# With what should you compare? By construction about one in a hundred *new* real pictures would be named, too. So one in a hundred is no sign of copying, and ten in a hundred would be. From fewer than a hundred real pictures the limit can hardly be told: it is the distance of the two that are most alike, or nearly so. The program says so, and then trust your eyes. If more than one in a hundred of your real pictures have an exact double in their folder, the limit becomes 0, and only exact copies are named: take doubles out first.
#
# For pictures of your own, put them into two folders and change the first line below the imports.
#
# ## What stays open
#
# These pictures are small and grey, and nobody could say *what* is to be drawn. [Lesson 20](20_words_and_scale.ipynb) brings words and pictures together, and asks what more computing buys. What else can be learned without labels is the subject of lesson 18. To read on:
# [the variational autoencoder](https://arxiv.org/abs/1312.6114), [the GAN](https://arxiv.org/abs/1406.2661), [diffusion](https://arxiv.org/abs/2006.11239), [the way of drawing used here](https://arxiv.org/abs/2010.02502), in which chance comes in only at the start, [the weights by a cosine](https://arxiv.org/abs/2102.09672), [diffusion in codes](https://arxiv.org/abs/2112.10752), [the
# distance](https://arxiv.org/abs/1706.08500), and [the share that is reached](https://arxiv.org/abs/2002.09797).

# %% tags=["nbval-check-output"]
from course_utils import progress

progress.show("19")
