"""The page data/licences.md: the licence of everything that the course installs.

Run `python -m course_utils.tooling.licences` after `make lock`.
"""

import re
from importlib import metadata

from course_utils import files, paths

__all__ = ["licence_of", "page", "pinned"]

# Packages for another system or Python version, and one that states nothing; from their own pages.
STATED_ELSEWHERE = {
    "aiohappyeyeballs": "PSF-2.0",
    "aiohttp": "Apache-2.0 AND MIT",
    "aiosignal": "Apache-2.0",
    "appnope": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "frozenlist": "Apache-2.0",
    "multidict": "Apache-2.0",
    "namex": "Apache-2.0",
    "propcache": "Apache-2.0",
    "pywinpty": "MIT",
    "yarl": "Apache-2.0",
}
OPENING = """# Licences of the packages

What `requirements.txt` installs, with the licence that each package states in its own metadata; the licences of the
data sets, and of the network trained on ImageNet, stand on their cards (`data/README.md`). Made by
`python -m course_utils.tooling.licences`. None of these packages is part of this project's files: pip fetches them from
their authors.

One part of this project's own files has another licence than the rest: the pictures of objects in `data/cutouts`, and
every picture made from them, are under the GNU General Public License, version 2 or later (`data/cutouts/COPYING`).

| package | licence |
| --- | --- |
"""


def pinned() -> list[str]:
    """The names in requirements.txt, in its order."""
    text = (paths.project_root() / "requirements.txt").read_text(encoding="utf-8")
    return list(dict.fromkeys(re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)))


def licence_of(package: str) -> str:
    """The licence a package states, in its own words; "not stated" where it states none."""
    if package in STATED_ELSEWHERE:
        return STATED_ELSEWHERE[package]
    about = metadata.metadata(package)
    classifiers = [line.split("::")[-1].strip() for line in about.get_all("Classifier") or [] if "License ::" in line]
    # Some packages put the whole text of their licence into the field; its first line names it.
    free_text = (about.get("License") or "").strip().splitlines()[:1]
    stated = [about.get("License-Expression") or "", ", ".join(classifiers), *free_text]
    return next((text for text in stated if text and text != "OSI Approved"), "not stated")


def page() -> str:
    """The whole page."""
    return OPENING + "".join(f"| {package} | {licence_of(package)} |\n" for package in pinned())


if __name__ == "__main__":
    files.write_text(paths.project_root() / "data" / "licences.md", page())
