"""The cards of the real data sets that the course knows by name."""

from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.cards import Card, Checksum
from course_utils.datasets.generated.photographs import PHOTOGRAPHS

__all__ = ["CARDS"]

_TFDS = "TensorFlow Datasets"
# Sums that the projects themselves publish; the SHA-256 sums of TensorFlow Datasets are the ones that are compared.
_MD5 = {
    "fashion_mnist": (
        "the project's README",
        {
            "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
            "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
            "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
        },
    ),
    "flowers": (
        "torchvision",
        {
            "102flowers.tgz": "52808999861908f626f3c1f4e79d11fa",
            "imagelabels.mat": "e0620be6f572b9609742df49c70aed4d",
            "setid.mat": "a5357ecc9cb78c4bef273ce3793fc85c",
        },
    ),
    "cifar10": ("the project's page", {"cifar-10-binary.tar.gz": "c32a1d4ab5d03f1284b67883e8d87530"}),
    "cifar100": ("the project's page", {"cifar-100-binary.tar.gz": "03b5dce01913d631647c71ecec9e9cb8"}),
}


def _checksums(name: str) -> tuple[Checksum, ...]:
    sha256 = (Checksum(file, "sha256", value, _TFDS) for file, value in BENCHMARKS[name].files.items())
    by, md5 = _MD5.get(name, ("", {}))
    return (*sha256, *(Checksum(file, "md5", value, by) for file, value in md5.items()))


_CIFAR_ORIGIN = (
    "collected by Alex Krizhevsky, Vinod Nair and Geoffrey Hinton from the 80 Million Tiny Images collection, "
    'described in Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.'
)
_CIFAR_LICENCE = "none stated; the page asks to cite the report. The pictures come from the web, their owners unknown."
_TINY_IMAGES = (
    "The parent collection, 80 Million Tiny Images, was withdrawn by its makers in 2020 because of offensive labels; "
    "the CIFAR labels were made anew, by paid students."
)


def _photographs_by(attribute: str) -> str:
    """ "value: name, name; value: name": the photographs that share a value."""
    values = dict.fromkeys(getattr(photograph, attribute) for photograph in PHOTOGRAPHS)
    named = {v: ", ".join(p.file for p in PHOTOGRAPHS if getattr(p, attribute) == v) for v in values}
    return "; ".join(f"{value}: {names}" for value, names in named.items())


CARDS = {
    "digits": Card(
        name="digits",
        title="Optical recognition of handwritten digits (test part)",
        description="1,797 real handwritten digits, 8x8 grey, ten classes. The 17 grey levels 0 to 16 are spread over "
        "0 to 255. 360 images are the test split; of the others a tenth is held out for validation.",
        origin="E. Alpaydin and C. Kaynak, Bogazici University, 1998; the copy inside scikit-learn.",
        licence="CC BY 4.0 (UCI Machine Learning Repository).",
        source="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
        known_flaws=(
            "The 13 writers are not named, so each of them is in every split: accuracy on a new writer is lower.",
            "8x8 pixels are a block count of 32x32 scans, not a photograph.",
        ),
        figures={
            "mean and standard deviation of the training pixels, 0 to 1": "0.306, 0.376",
            "test images that are also training images, pixel for pixel": "0 of 360",
        },
    ),
    "photographs": Card(
        name="photographs",
        title="Photographs inside scikit-image and scikit-learn",
        description=f"{len(PHOTOGRAPHS)} whole photographs by name, RGB, from 172 to 1,411 pixels high: no labels, no "
        "splits, nothing to download. Drawings, and pictures of less than 100 pixels, are left out.",
        origin="; ".join(f"{p.file}: {p.shows} ({p.folder.split('/')[0]})" for p in PHOTOGRAPHS) + ".",
        licence=_photographs_by("licence") + ".",
        source="https://scikit-image.org/docs/stable/api/skimage.data.html",
        known_flaws=(
            "One picture of each thing: good to look at, too few to train or to measure with.",
            f"{sum(not p.colour for p in PHOTOGRAPHS)} of them are grey and come with three equal channels.",
            "Much used in examples everywhere: a trained network may have met some of them.",
        ),
    ),
    "mnist": Card(
        name="mnist",
        title="MNIST handwritten digits",
        description="70,000 handwritten digits, 28x28 grey, ten classes: 60,000 to train with, of which 5,000 "
        "(500 or so a class) are held out for validation, and 10,000 to test.",
        origin="Y. LeCun, C. Cortes and C. Burges, 1998, from digits collected by the US institute NIST.",
        licence="CC BY-SA 3.0 (as Keras states it; the original page states none).",
        source="https://yann.lecun.com/exdb/mnist/",
        checksums=_checksums("mnist"),
        known_flaws=(
            "Too easy to tell good models apart: a linear model reaches about 92 %.",
            "15 of the 10,000 test labels are wrong (Northcutt, Athalye, Mueller 2021).",
        ),
    ),
    "fashion_mnist": Card(
        name="fashion_mnist",
        title="Fashion-MNIST",
        description="70,000 pictures of clothes, 28x28 grey, ten classes: 60,000 to train with, of which 5,000 are "
        "held out for validation, and 10,000 to test.",
        origin='H. Xiao, K. Rasul, R. Vollgraf (Zalando Research), "Fashion-MNIST: a Novel Image Dataset for '
        'Benchmarking Machine Learning Algorithms", 2017.',
        licence="MIT; copyright Zalando SE.",
        source="https://github.com/zalandoresearch/fashion-mnist",
        checksums=_checksums("fashion_mnist"),
        known_flaws=(
            "The classes T-shirt/top, Pullover, Coat and Shirt overlap: people disagree about them too.",
            "Catalogue photographs, centred on a black ground: nothing is learned about clutter or other poses.",
        ),
        figures={
            "mean and standard deviation of the training pixels, 0 to 1": "0.286, 0.353",
            "test images that are also training images, pixel for pixel": "0 of 10,000",
        },
    ),
    "cifar10": Card(
        name="cifar10",
        title="CIFAR-10",
        description="60,000 small colour photographs, 32x32 RGB, ten classes of animals and vehicles: 50,000 to train "
        "with, of which 5,000 are held out for validation, and 10,000 to test.",
        origin=_CIFAR_ORIGIN,
        licence=_CIFAR_LICENCE,
        source="https://www.cs.toronto.edu/~kriz/cifar.html",
        checksums=_checksums("cifar10"),
        known_flaws=(
            "3.3 % of the test images have a near duplicate among the training images (Barz, Denzler 2020).",
            "54 of the 10,000 test labels are wrong (Northcutt, Athalye, Mueller 2021).",
            _TINY_IMAGES,
        ),
    ),
    "cifar100": Card(
        name="cifar100",
        title="CIFAR-100",
        description="60,000 small colour photographs, 32x32 RGB, 100 classes (the fine labels): 50,000 to train with, "
        "of which 5,000 are held out for validation, and 10,000 to test.",
        origin=_CIFAR_ORIGIN,
        licence=_CIFAR_LICENCE,
        source="https://www.cs.toronto.edu/~kriz/cifar.html",
        checksums=_checksums("cifar100"),
        known_flaws=(
            "10 % of the test images have a near duplicate among the training images (Barz, Denzler 2020).",
            "585 of the 10,000 test labels are wrong (Northcutt, Athalye, Mueller 2021).",
            _TINY_IMAGES,
        ),
    ),
    "flowers": Card(
        name="flowers",
        title="Oxford 102 Flowers",
        description="8,189 colour photographs of 102 kinds of flowers that grow in the United Kingdom: 1,020 to train "
        "with and 1,020 for validation (ten a kind each), 6,149 to test. Kept as the middle square of each, 224x224 "
        "pixels; `size` (32 to 224) brings them to a smaller one.",
        origin='M.-E. Nilsback and A. Zisserman, University of Oxford, "Automated Flower Classification over a Large '
        'Number of Classes", 2008.',
        licence="none stated. The photographs come from the web and from the makers' own cameras.",
        source="https://www.robots.ox.ac.uk/~vgg/data/flowers/102/",
        checksums=_checksums("flowers"),
        known_flaws=(
            "The test set is six times as large as the training set, and its kinds are not in equal parts: 20 to 238 "
            "photographs a kind.",
            "Several kinds can hardly be told apart, and the name of one ends in a question mark (pink-yellow "
            "dahlia?); labels are by kind, not by flower: photographs of one plant may lie in two splits.",
            "Our middle square cuts off what a photograph shows at its long edges.",
        ),
    ),
}
