"""What `course doctor` says about one thing."""

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        topic: what was looked at.
        state: "ok", "warning" (the course runs, something may not) or "problem".
        detail: what was found.
        mend: what to do about it; "" where nothing has to be done.
    """

    topic: str
    state: str
    detail: str
    mend: str = ""

    def text(self) -> str:
        """The finding on one line, its mend on a second."""
        sign = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}[self.state]
        return f"{sign}  {self.topic}: {self.detail}" + (f"\n         Mend: {self.mend}" if self.mend else "")
