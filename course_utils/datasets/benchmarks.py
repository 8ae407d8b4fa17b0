"""The benchmarks: their original files, published checksums, sizes and classes."""

from dataclasses import dataclass

__all__ = ["BENCHMARKS", "Benchmark"]


@dataclass(frozen=True)
class Benchmark:
    """What is needed to fetch a benchmark and to recognise it.

    Attributes:
        name: the name given to `datasets.load`.
        form: how the originals are written: "idx" (MNIST's), "cifar" (binary records in a tar archive) or "flowers"
            (photographs in a tar archive, labels and splits in MATLAB files).
        files: name of an original file -> its published SHA-256. For "idx": training images, training labels, test
            images, test labels, in this order; for "flowers": photographs, labels, splits.
        addresses: where the files are, tried in this order; each ends with a slash.
        shape: one image as it is stored: height, width, channels.
        n_train: number of training images.
        n_test: number of test images.
        class_names: class_names[label].
        n_validation: number of validation images; 0 where the makers held none out.
        label_bytes: for "cifar": bytes before the pixels; the last one is the label.
    """

    name: str
    form: str
    files: dict[str, str]
    addresses: tuple[str, ...]
    shape: tuple[int, int, int]
    n_train: int
    n_test: int
    class_names: tuple[str, ...]
    n_validation: int = 0
    label_bytes: int = 1


_CIFAR10_NAMES = "airplane automobile bird cat deer dog frog horse ship truck"
_CIFAR100_NAMES = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
willow_tree wolf woman worm
"""
_FLOWERS_NAMES = """
pink primrose, hard-leaved pocket orchid, canterbury bells, sweet pea, english marigold, tiger lily, moon orchid, bird
of paradise, monkshood, globe thistle, snapdragon, colt's foot, king protea, spear thistle, yellow iris, globe-flower,
purple coneflower, peruvian lily, balloon flower, giant white arum lily, fire lily, pincushion flower, fritillary, red
ginger, grape hyacinth, corn poppy, prince of wales feathers, stemless gentian, artichoke, sweet william, carnation,
garden phlox, love in the mist, mexican aster, alpine sea holly, ruby-lipped cattleya, cape flower, great masterwort,
siam tulip, lenten rose, barbeton daisy, daffodil, sword lily, poinsettia, bolero deep blue, wallflower, marigold,
buttercup, oxeye daisy, common dandelion, petunia, wild pansy, primula, sunflower, pelargonium, bishop of llandaff,
gaura, geranium, orange dahlia, pink-yellow dahlia?, cautleya spicata, japanese anemone, black-eyed susan, silverbush,
californian poppy, osteospermum, spring crocus, bearded iris, windflower, tree poppy, gazania, azalea, water lily,
rose, thorn apple, morning glory, passion flower, lotus, toad lily, anthurium, frangipani, clematis, hibiscus,
columbine, desert-rose, tree mallow, magnolia, cyclamen, watercress, canna lily, hippeastrum, bee balm, ball moss,
foxglove, bougainvillea, camellia, mallow, mexican petunia, bromelia, blanket flower, trumpet creeper, blackberry lily
"""

_ALL = (
    Benchmark(
        name="mnist",
        form="idx",
        files={
            "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        },
        addresses=(
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ),
        shape=(28, 28, 1),
        n_train=60_000,
        n_test=10_000,
        class_names=tuple("0123456789"),
    ),
    Benchmark(
        name="fashion_mnist",
        form="idx",
        files={
            "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        },
        addresses=(
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        shape=(28, 28, 1),
        n_train=60_000,
        n_test=10_000,
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
    ),
    Benchmark(
        name="cifar10",
        form="cifar",
        files={"cifar-10-binary.tar.gz": "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"},
        addresses=("https://www.cs.toronto.edu/~kriz/",),
        shape=(32, 32, 3),
        n_train=50_000,
        n_test=10_000,
        class_names=tuple(_CIFAR10_NAMES.split()),
    ),
    Benchmark(
        name="cifar100",
        form="cifar",
        files={"cifar-100-binary.tar.gz": "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"},
        addresses=("https://www.cs.toronto.edu/~kriz/",),
        shape=(32, 32, 3),
        n_train=50_000,
        n_test=10_000,
        class_names=tuple(_CIFAR100_NAMES.split()),
        label_bytes=2,  # the first is the coarse label, one of 20
    ),
    Benchmark(
        name="flowers",
        form="flowers",
        files={
            "102flowers.tgz": "2d01ecc807db462958cfe3d92f57a8c252b4abd240eb955770201e45f783b246",
            "imagelabels.mat": "4903e94206bac23bf772aadf06451916df56b58fc483a62db32a97b82656651d",
            "setid.mat": "46b8678f91fd95d3c8f4feab80d271a6c834a1dd896fe29fd3e6ad9ce5c8dccd",
        },
        addresses=("https://www.robots.ox.ac.uk/~vgg/data/flowers/102/",),
        shape=(224, 224, 3),  # the largest size that lessons ask for; 1.2 GB for all 8,189
        n_train=1_020,
        n_test=6_149,
        class_names=tuple(" ".join(_FLOWERS_NAMES.split()).split(", ")),
        n_validation=1_020,
    ),
)

BENCHMARKS = {benchmark.name: benchmark for benchmark in _ALL}
