"""How many small faults in the pure modules the tests notice: a stage of make test-full, `tests/run.py --only mutants`.

mutmut changes one thing after another in a copy of the project (a number, a comparison, an argument) and runs the tests
that reach it; [tool.mutmut] in pyproject.toml names the modules and their tests. A fault that no test notices is a
test that is missing, or a change that changes nothing: those are described in equivalent_faults.toml, with the reason
why no input can tell. To see a fault: go to the folder that is printed and type `mutmut show NAME`.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "test" / "mutants" / "project"
LEAST = 0.9  # of a module's faults that are none of the equivalent ones
NOTICED = ("killed", "timeout")  # mutmut's words; an endless loop is noticed by its time limit


def main():
    prepare()
    quick = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with (PLACE / "log.txt").open("w", encoding="utf-8") as log:
        mutmut("run", "--max-children", str(os.cpu_count() or 1), env=quick, stdout=log, stderr=subprocess.STDOUT)
    sys.exit(0 if told() else 1)


def told():
    """Print what became of the faults of each module; whether enough were noticed, and every excuse is needed."""
    equivalent = tomllib.loads((ROOT / "tests" / "equivalent_faults.toml").read_text(encoding="utf-8"))["fault"]
    modules, used = defaultdict(list), set()
    for name, status in outcomes():
        known = [] if status in NOTICED else [n for n, entry in enumerate(equivalent) if fits(entry, name)]
        used.update(known)
        modules[name.rpartition(".")[0]].append("equivalent" if known else "noticed" if status in NOTICED else name)
    print(f"{'module':<36}{'faults':>8}{'noticed':>9}{'equivalent':>12}{'share':>8}")
    for module, ends in modules.items():
        noticed, same = ends.count("noticed"), ends.count("equivalent")
        print(f"{module:<36}{len(ends):>8}{noticed:>9}{same:>12}{share(ends):>8.1%}")
    print(
        "Not noticed:",
        *(end for ends in modules.values() for end in ends if end.startswith("course_utils")),
        sep="\n  ",
    )
    stale = [entry["why"] for n, entry in enumerate(equivalent) if n not in used]
    print("Equivalent faults that are none, or not there:", *stale, f"Folder: {PLACE}", sep="\n  ")
    return bool(modules) and not stale and min(map(share, modules.values())) >= LEAST


def prepare():
    """A copy of what mutmut needs."""
    shutil.rmtree(PLACE, ignore_errors=True)
    for name in ("course_utils", "tests"):
        shutil.copytree(ROOT / name, PLACE / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", PLACE)


def mutmut(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "mutmut", *arguments], cwd=PLACE, check=True, **options)


def outcomes():
    """Each fault's name and what became of it."""
    said = mutmut("results", "--all", "true", capture_output=True, text=True).stdout
    return re.findall(r"^ +(course_utils\S+): (.+)$", said, flags=re.MULTILINE)


def fits(entry, name):
    """Whether an entry describes a fault: the function, words of the changed line, and what was changed to what."""
    if not fnmatchcase(name, f"course_utils.{entry['where']}__mutmut_*"):
        return False
    old, new = changed(mutmut("show", name, capture_output=True, text=True).stdout)
    return entry["line"] in old and difference(old, new) in entry["change"]


def changed(diff):
    """The line before and after the fault, each on one line."""
    body = diff.partition("@@\n")[2].splitlines()
    return tuple(" ".join(line[1:].strip() for line in body if line.startswith(sign)) for sign in "-+")


def difference(old, new):
    """ "a = True", "a = None" -> "True -> None": the words in which two lines differ."""
    one, other = (re.findall(r"\w+|\s+|[^\w\s]+", line) for line in (old, new))
    front = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
    one, other = one[front:], other[front:]
    back = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one[::-1], other[::-1], strict=False))))
    return f"{''.join(one[: len(one) - back])} -> {''.join(other[: len(other) - back])}".strip()


def share(ends):
    """The noticed ones among those that are not equivalent; 1 where all are."""
    counted = len(ends) - ends.count("equivalent")
    return ends.count("noticed") / counted if counted else 1.0


if __name__ == "__main__":
    main()
