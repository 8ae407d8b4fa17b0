"""All checks, one stage after the other: `make test`, and with --full `make test-full`.

A stage that fails does not stop those after it. The exit status is 0 where every stage passed, otherwise 1.
"""

import argparse
import sys
import time
import traceback
from dataclasses import dataclass

from stages import STAGES, Context, Outcome


@dataclass
class Entry:
    """A line of the table at the end."""

    name: str
    outcome: Outcome
    seconds: float


def main():
    options = read_options()
    context = Context(full=options.full)
    context.prepare()
    entries = []
    for stage in STAGES:
        if stage.slow and not options.full and stage.name not in options.only:
            continue
        if options.only and stage.name not in options.only:
            continue
        print(f"\n=== {stage.name}: {stage.title}", flush=True)
        entries.append(run_stage(stage, context))
    print_table(entries, context.coverage)
    sys.exit(0 if all(entry.outcome.status != "failed" for entry in entries) else 1)


def read_options():
    names = [stage.name for stage in STAGES]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="the slow stages and tests too")
    parser.add_argument("--only", nargs="+", choices=names, default=[], metavar="STAGE", help=f"of: {', '.join(names)}")
    return parser.parse_args()


def run_stage(stage, context):
    began = time.monotonic()
    try:
        outcome = stage.run(context)
    except Exception as error:  # whatever breaks in one stage, the others still tell their part
        traceback.print_exc()
        outcome = Outcome("failed", failed=1, note=f"{type(error).__name__}: {error}".splitlines()[0])
    return Entry(stage.name, outcome, time.monotonic() - began)


def print_table(entries, coverage):
    print(f"\n{'stage':<12}{'outcome':<15}{'time':>9}{'passed':>9}{'failed':>8}{'skipped':>9}  note")
    for entry in entries:
        made = entry.outcome
        counts = f"{made.passed:>9}{made.failed:>8}{made.skipped:>9}"
        print(f"{entry.name:<12}{made.status:<15}{entry.seconds:>7.1f} s{counts}  {made.note}")
    print(f"{'':<12}{'':<15}{sum(entry.seconds for entry in entries):>7.1f} s")
    print(f"Coverage of course_utils by the unit stage: {coverage or 'measured with --full'}")
    passed, failed = (sum(getattr(entry.outcome, kind) for entry in entries) for kind in ("passed", "failed"))
    for entry in entries:
        for line in entry.outcome.failures:
            print(f"{entry.name}: {line}")
    print(f"{passed} passed, {failed} failed", flush=True)


if __name__ == "__main__":
    main()
