"""What a run prints while it goes on."""

import sys
from types import TracebackType

from tqdm import tqdm

from course_utils.tooling.run_results import NotebookResult, RunResult

__all__ = ["RunDisplay"]


class RunDisplay:
    """A line for each finished notebook and one at the end; on a terminal a bar below them names what is running.

    Args:
        total: number of notebooks.
        show: False prints nothing.
    """

    def __init__(self, total: int, show: bool) -> None:
        self._total, self._show, self._done = total, show, 0
        self._running: list[str] = []
        # `leave=False`: the closing line says what a full bar would.
        hidden = not (show and sys.stdout.isatty())
        self._bar = tqdm(total=total, unit="notebook", file=sys.stdout, disable=hidden, leave=False)

    def __enter__(self) -> "RunDisplay":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def start(self, name: str) -> None:
        """A notebook starts."""
        self._running.append(name)
        self._bar.set_postfix_str(", ".join(self._running))

    def done(self, record: NotebookResult) -> None:
        """A notebook has ended, or was finished before."""
        self._done += 1
        if record.name in self._running:
            self._running.remove(record.name)
        self._say(f"[{self._done}/{self._total}] {record.line()}")
        self._bar.set_postfix_str(", ".join(self._running), refresh=False)
        self._bar.update()

    def close(self, result: RunResult) -> None:
        """The run is over."""
        self._bar.close()
        self._say(f"{result.summary()}\n{result.unwritten or f'Report: {result.report_page}'}")

    def _say(self, text: str) -> None:
        if self._show:
            tqdm.write(text, file=sys.stdout)
            sys.stdout.flush()
