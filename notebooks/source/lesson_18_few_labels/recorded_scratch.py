"""The rivals of learning from views, on the same shapes and labels: networks from scratch, and the ImageNet network."""

from course_utils import datasets, models
from course_utils.experiments.few_labels import from_scratch_scores, probe_scores, small_views

TINY = {"pictures": 300, "tests": 30, "seeds": 1, "most_batches": 2, "most": 5}
SIZE = 24  # for the ImageNet network each pixel is repeated four times in both directions, since it wants 96
FIRST_SEED = 30  # the data and the draws of labels are those of recorded_colour.py


def main(pictures: int = 2000, tests: int = 1000, seeds: int = 2, most_batches: int = 1000, most: int = 100) -> dict:
    """Figures: way to its accuracies, a row a start and a column an amount; how well the labelled are fitted."""
    amounts = [amount for amount in (1, 5, 20, 100) if amount <= most]
    network = models.imagenet(4 * SIZE, include_top=False, pooling="avg")
    found: dict[str, list] = {}
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        data = datasets.load(
            "shapes", train=pictures, validation=10, test=tests, size=SIZE, clutter=0, noise=0, seed=seed, quiet=True
        )
        x, y, new, y_new = data.train.x, data.train.y, data.test.x, data.test.y
        rows = {}
        for way, views in (("from scratch", None), ("from scratch, changed", small_views(colour=True))):
            rows[way], rows[f"{way}, fitted"] = from_scratch_scores(
                x, y, new, y_new, amounts, seed=seed, most_batches=most_batches, views=views
            )
        features, new_features = (
            network.predict(some.repeat(4, axis=1).repeat(4, axis=2), verbose=0) for some in (x, new)
        )
        rows["ImageNet"] = probe_scores(features, y, new_features, y_new, amounts)
        print(seed, rows, flush=True)
        for way, row in rows.items():
            found.setdefault(way, []).append(row)
    figures = {"amounts": amounts, "ways": found}
    return {"figures": figures, "data": data.card.label, "seeds": range(FIRST_SEED, FIRST_SEED + seeds)}
