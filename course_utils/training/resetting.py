"""Starting a compiled model afresh: new weights, a fresh optimiser, the same compiled step."""

import keras

__all__ = ["renew_optimizer", "reset"]


def reset(model: keras.Model, *, seed: int) -> None:
    """Give a compiled model new starting weights and a fresh optimiser.

    Building and compiling a model costs much more than refilling it, since the compiled training step is kept. An
    experiment over several seeds compiles once and calls this before each `fit`.

    Args:
        model: a built and compiled model.
        seed: fixes the new weights, the order in which `fit` shuffles, and what dropout drops. With TensorFlow that
            order is then the same in every epoch of `fit` on arrays; a `tf.data.Dataset` that shuffles has new ones.

    Raises:
        ValueError: the model is not compiled.
    """
    if getattr(model, "optimizer", None) is None:
        raise ValueError("Only a compiled model can be reset. Call model.compile(...) first.")
    keras.utils.set_random_seed(seed)
    fresh = keras.models.clone_model(model)
    for old, new in zip(model.variables, fresh.variables, strict=True):
        old.assign(new)
    renew_optimizer(model)


def renew_optimizer(model: keras.Model) -> None:
    """Start a compiled model's optimiser afresh; its learning rate stays."""
    model.optimizer.build(model.trainable_variables)
    for variable in model.optimizer.variables:
        if variable.name != "learning_rate":  # step count, momenta and the like all start at zero
            variable.assign(keras.ops.zeros_like(variable))
