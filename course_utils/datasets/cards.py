"""The type of a data set's card: origin, licence, checksums, known flaws, measured figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Card", "Checksum"]


@dataclass(frozen=True)
class Checksum:
    """The published sum of one original file.

    Attributes:
        file: the file's name, as published.
        algorithm: "sha256" or "md5".
        value: the sum in hexadecimal digits.
        published_by: who publishes this sum.
    """

    file: str
    algorithm: str
    value: str
    published_by: str


@dataclass(frozen=True)
class Card:
    """What one should know about a data set before using it.

    Attributes:
        name: the name given to `datasets.load`.
        title: the name people use.
        description: one or two sentences: what the images show, how many, how large.
        origin: who made it, when, from what; with the paper.
        licence: the terms of use, or that none is stated.
        source: the address of the project's page or files; "" where there is none.
        checksums: the published sums of the original files.
        known_flaws: what a user has to know, one sentence each.
        figures: measured figures: what was measured -> its value as text, with the unit.
        notes: what is special about the copy at hand, for example "JPEG copy".
        copy: how the copy at hand came to be; "" where nothing is stored.
    """

    name: str
    title: str
    description: str
    origin: str
    licence: str
    source: str = ""
    checksums: tuple[Checksum, ...] = ()
    known_flaws: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    copy: str = ""

    @property
    def label(self) -> str:
        """What to call the data wherever a result is quoted: "cifar10 (JPEG copy)"."""
        return f"{self.name} ({'; '.join(self.notes)})" if self.notes else self.name

    def markdown(self, level: int = 2) -> str:
        """The card as Markdown; level is the depth of its heading."""
        lines = [f"{'#' * level} `{self.name}`: {self.title}", "", self.description, ""]
        lines += [f"- Origin: {self.origin}", f"- Licence: {self.licence}"]
        if self.source:
            lines.append(f"- Source: <{self.source}>")
        lines += [f"- This copy: {text}" for text in (*self.notes, self.copy) if text]
        if self.known_flaws:
            lines += ["- Known flaws:", *(f"  - {flaw}" for flaw in self.known_flaws)]
        if self.figures:
            lines += ["", "| measured | value |", "| --- | --- |"]
            lines += [f"| {what} | {value} |" for what, value in self.figures.items()]
        if self.checksums:
            lines += ["", "| original file | checksum | published by |", "| --- | --- | --- |"]
            lines += [f"| `{c.file}` | {c.algorithm} `{c.value}` | {c.published_by} |" for c in self.checksums]
        return "\n".join(lines) + "\n"

    def __str__(self) -> str:
        lines = [f"{self.title} ({self.name})", self.description, f"Origin: {self.origin}", f"Licence: {self.licence}"]
        if self.source:
            lines.append(f"Source: {self.source}")
        lines += [f"This copy: {text}" for text in (*self.notes, self.copy) if text]
        lines += [f"Known flaw: {flaw}" for flaw in self.known_flaws]
        lines += [f"Measured: {what}: {value}" for what, value in self.figures.items()]
        lines += [f"Checksum of {c.file}: {c.algorithm} {c.value} ({c.published_by})" for c in self.checksums]
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        """JupyterLab shows the card as formatted text."""
        return self.markdown(level=3)
