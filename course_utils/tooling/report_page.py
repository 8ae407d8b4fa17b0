"""The report as one HTML page."""

from pathlib import Path
from typing import Any

__all__ = ["render"]

TEMPLATE = Path(__file__).with_name("report_page.html")
# Verdicts in the order in which a reader asks for them.
VERDICTS = ("correct", "wrong", "cannot be checked", "not attempted")


def render(report: dict[str, Any]) -> str:
    """The page of a report that follows `report_schema.json`: no script, nothing loaded from elsewhere."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        duration=_duration, megabytes=_megabytes, figure=_figure, signed=_signed, instant=_instant
    )
    claims = [{**claim, "notebook": book["name"]} for book in report["notebooks"] for claim in book["claims"]]
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        report=report,
        claims=[{**claim, "picture": _strip(claim)} for claim in claims],
        longest=max([book["seconds"] for book in report["notebooks"]], default=0) or 1,
        largest=max([book["peak_memory"] for book in report["notebooks"]], default=0) or 1,
        data=sorted({line for book in report["notebooks"] for line in book["data"]}),
        drifted=[book for book in report["notebooks"] if book["drift"]],
        compared=any(book["drift"] is not None for book in report["notebooks"]),
        verdicts={
            book["name"]: {verdict: _count(book["verdicts"], verdict) for verdict in VERDICTS}
            for book in report["notebooks"]
        },
        verdict_names=VERDICTS,
    )


def _count(verdicts: list[dict[str, Any]], wanted: str) -> int:
    return sum(verdict.get("status") == wanted for verdict in verdicts)


def _strip(claim: dict[str, Any]) -> dict[str, Any]:
    """Where bound and figures lie on a strip, in per cent of its width; the holding side is shaded."""
    known = [figure for figure in claim["measured"] if figure is not None]
    # In units of the largest: differences of numbers at the end of what a float holds are beyond it.
    unit = max(map(abs, [*known, claim["bound"]])) or 1.0
    *figures, bound = values = [value / unit for value in [*known, claim["bound"]]]
    low, high = min(values), max(values)
    room = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    low, high = low - room, high + room

    def place(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    place_of_bound = place(bound)
    start, width = (place_of_bound, 100 - place_of_bound) if claim["direction"] == "at_least" else (0, place_of_bound)
    return {"bound": place_of_bound, "start": start, "width": width, "figures": [place(figure) for figure in figures]}


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def _megabytes(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def _figure(value: float | None) -> str:
    return "no number" if value is None else f"{value:.4g}"


def _signed(value: float | None) -> str:
    return "no number" if value is None else f"{'−' if value < 0 else '+'}{abs(value):.4g}"


def _instant(text: str) -> str:
    return text.replace("T", " ").replace("+00:00", " UTC")
