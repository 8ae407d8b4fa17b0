"""Pictures that are in two splits at once: the same file, or the same pixels in another kind of file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from course_utils.datasets.pictures import Picture

__all__ = ["describe_copies"]


def describe_copies(
    splits: Mapping[str, Sequence[str]],
    pictures: Mapping[str, Picture],
    sums_in_full: Callable[[set[str]], Mapping[str, bytes]],
) -> str:
    """Count the validation and test pictures that are copies of training pictures.

    Args:
        splits: split -> the names of its pictures; "train" is one.
        pictures: name -> the picture.
        sums_in_full: given names, decodes these pictures whole and returns the sum of each. It is asked about what
            was decoded at a fraction while something of the same full size was not: their sums cannot be compared.

    Returns:
        Such as "3 of 40 test pictures are copies of training pictures"; "" where none are.
    """
    sums = {name: {(picture.reduced, picture.sum)} for name, picture in pictures.items()}
    sizes_in_full = {picture.full_size for picture in pictures.values() if not picture.reduced}
    undecided = {name for name, one in pictures.items() if one.reduced and one.full_size in sizes_in_full}
    for name, content in sums_in_full(undecided).items():
        sums[name].add((False, content))
    trained = set().union(*(sums[name] for name in splits["train"]))
    counts = {
        split: sum(not trained.isdisjoint(sums[name]) for name in names)
        for split, names in splits.items()
        if split != "train"
    }
    return "; ".join(
        f"{count} of {len(splits[split])} {split} pictures {'is a copy' if count == 1 else 'are copies'} of training "
        "pictures"
        for split, count in counts.items()
        if count
    )
