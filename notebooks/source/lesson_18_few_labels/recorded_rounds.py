"""Which pictures to label next: at random, by margin, by entropy, one of each group, and groups first, margin later.

The pool of 600 pictures has no labels until they are asked for, twelve a round. Each round trains a linear model on the
ImageNet network's features of all pictures labelled so far, and asks it about the same new pictures. Penalty, size and
the rules were chosen on other deals. `flowers12.tar` lies in the data home.
"""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from course_utils import datasets, models, paths

TINY = {"tasks": "cutouts", "deals": 1, "pool": 40, "tests": 12, "rounds": 2}
SIZE = 96  # pixels
STEP = 12  # labels a round
RULES = ("random", "margin", "entropy", "groups", "groups, then margin")
FIRST_DEAL = 50  # the deals before were used to choose


def by_margin(probabilities: np.ndarray) -> np.ndarray:
    """Places from the smallest difference between first and second answer on."""
    ordered = np.sort(probabilities, axis=1)
    return np.argsort(ordered[:, -1] - ordered[:, -2])


def by_entropy(probabilities: np.ndarray) -> np.ndarray:
    """Places from the largest entropy on."""
    return np.argsort(np.sum(probabilities * np.log(probabilities + 1e-12), axis=1))


def of_new_groups(features: np.ndarray, labelled: np.ndarray, seed: int) -> np.ndarray:
    """One picture from each of the largest groups without a label, the one nearest to the centre."""
    count = len(labelled) + STEP
    groups = KMeans(count, n_init=1, random_state=seed).fit(features)
    distances = groups.transform(features)
    largest_first = np.argsort(-np.bincount(groups.labels_, minlength=count))
    free = [group for group in largest_first if group not in groups.labels_[labelled]]
    return np.array([_nearest_member(distances, groups.labels_, group) for group in free[:STEP]])


def _nearest_member(distances: np.ndarray, members: np.ndarray, group: int) -> int:
    """Of the members of a group the one that is nearest to its centre."""
    inside = np.flatnonzero(members == group)
    return int(inside[distances[inside, group].argmin()])


class Deal:
    """A pool without labels and new pictures, as features of equal scale."""

    def __init__(self, features: np.ndarray, y: np.ndarray, new: np.ndarray, y_new: np.ndarray, seed: int) -> None:
        scaler = StandardScaler().fit(features)  # needs no labels
        self.features, self.new = scaler.transform(features), scaler.transform(new)
        self.y, self.y_new, self.seed = y, y_new, seed

    def next(self, rule: str, labelled: np.ndarray, model: LogisticRegression | None) -> np.ndarray:
        """The pictures that a rule wants labelled now."""
        random = np.random.default_rng([self.seed, len(labelled)])
        rest = np.setdiff1d(np.arange(len(self.y)), labelled)
        groups_now = rule == "groups" or (rule == "groups, then margin" and model is None)
        if groups_now:
            return of_new_groups(self.features, labelled, self.seed)
        if model is None or rule == "random":  # the first round of margin and entropy is that of random
            return random.permutation(rest)[:STEP]
        order = by_entropy if rule == "entropy" else by_margin
        return rest[order(model.predict_proba(self.features[rest]))[:STEP]]

    def run(self, rule: str, rounds: int) -> tuple[list[float], list[int]]:
        """After each round the accuracy on new pictures, and how many kinds have been labelled."""
        labelled, model = np.array([], dtype=int), None
        accuracy, kinds = [], []
        for _ in range(rounds):
            labelled = np.concatenate([labelled, self.next(rule, labelled, model)])
            model = LogisticRegression(max_iter=500).fit(self.features[labelled], self.y[labelled])
            accuracy.append(round(model.score(self.new, self.y_new), 4))
            kinds.append(len(np.unique(self.y[labelled])))
        return accuracy, kinds


def deals_of(task: str, numbers: range, pool: int, tests: int) -> list[Deal]:
    """Flowers are dealt anew by picture; cutouts by object, so new pictures show new things."""
    network = models.imagenet(SIZE, include_top=False, pooling="avg")
    if task == "flowers":
        data = datasets.load(f"folder:{paths.data_home() / 'flowers12'}.tar", size=SIZE, quiet=True)
        splits = (data.train, data.validation, data.test)
        features = network.predict(np.concatenate([split.x for split in splits]), verbose=0)
        y = np.concatenate([split.y for split in splits])
        orders = [np.random.default_rng(number).permutation(len(y)) for number in numbers]
        parts = [(order[:pool], order[pool:], number) for order, number in zip(orders, numbers, strict=True)]
        return [Deal(features[a], y[a], features[b], y[b], number) for a, b, number in parts]
    deals = []
    for number in numbers:
        data = datasets.load(
            task, train=pool, validation=6, test=tests, size=SIZE, seed=number, split_seed=number, quiet=True
        )
        features, new = (network.predict(split.x, verbose=0) for split in (data.train, data.test))
        deals.append(Deal(features, data.train.y, new, data.test.y, number))
    return deals


def main(
    tasks: str = "flowers cutouts",
    deals: int = 20,
    deals_of_cutouts: int = 6,
    pool: int = 600,
    tests: int = 300,
    rounds: int = 12,
) -> dict:
    """Figures: task to rule to its accuracies, a row a deal and a column a round; the kinds labelled at first."""
    figures: dict = {"labels": [STEP * (k + 1) for k in range(rounds)]}
    numbers = range(FIRST_DEAL, FIRST_DEAL + deals)
    for task in tasks.split():
        dealt = numbers if task == "flowers" else numbers[:deals_of_cutouts]  # each needs pictures of its own
        found = {rule: [] for rule in RULES}
        kinds = {rule: [] for rule in RULES}
        for deal in deals_of(task, dealt, pool, tests):
            for rule in RULES:
                accuracy, seen = deal.run(rule, rounds)
                found[rule].append(accuracy)
                kinds[rule].append(seen[0])
            print(task, deal.seed, {rule: rows[-1][-1] for rule, rows in found.items()}, flush=True)
        figures[task] = {"accuracy": found, "kinds after the first round": kinds}
    data = "12 kinds of Oxford Flowers; cutouts" if "flowers" in tasks else tasks
    return {"figures": figures, "data": data, "seeds": numbers}
