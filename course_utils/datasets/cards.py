"""A data set's card: origin, licence, checksums, known flaws. The cards are the sections of data/README.md."""

from __future__ import annotations

import re
from dataclasses import dataclass

from course_utils import paths

__all__ = ["Card", "card_on_page"]


@dataclass(frozen=True)
class Card:
    """What one should know about a data set before using it.

    Attributes:
        name: the name given to `datasets.load`.
        title: the name people use.
        text: what the images show, origin, licence, known flaws, measured figures and published checksums, as Markdown.
        notes: what is special about the copy at hand, for example "JPEG copy".
        copy: how the copy at hand came to be; "" where nothing is stored.
    """

    name: str
    title: str
    text: str
    notes: tuple[str, ...] = ()
    copy: str = ""

    @property
    def label(self) -> str:
        """What to call the data wherever a result is quoted: "cifar10 (JPEG copy)"."""
        return f"{self.name} ({'; '.join(self.notes)})" if self.notes else self.name

    def __str__(self) -> str:
        about = "".join(f"\n\nThis copy: {text}" for text in (*self.notes, self.copy) if text)
        return f"### `{self.name}`: {self.title}\n\n{self.text}{about}"

    def _repr_markdown_(self) -> str:
        """JupyterLab shows the card as formatted text."""
        return str(self)


def card_on_page(name: str) -> Card | None:
    """The card that data/README.md has for a name; None where it has none."""
    page = (paths.data_folder() / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^<!-- card: {re.escape(name)} -->\n## `.+`: (.+)\n\n([\s\S]+?)\n+(?=<!--)", page, re.MULTILINE)
    return found and Card(name, found[1], found[2])
