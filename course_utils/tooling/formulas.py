"""Formulas as MathML, which browsers draw by themselves: no script, no font, no network."""

import re

__all__ = ["in_markdown", "to_mathml"]

# Code, in which a dollar is a dollar; then a displayed formula; then one within a line, as JupyterLab reads them.
PIECES = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)|\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?=\S)(?P<inline>[^$\n]+(?:\n[^$\n]+)?)(?<=\S)\$",
    re.DOTALL,
)


def to_mathml(formula: str, *, block: bool) -> str:
    """One formula as a `math` element on one line.

    Args:
        formula: LaTeX, without the dollars.
        block: whether it stands on a line of its own.

    Raises:
        ImportError: docutils is not installed; the extra `site` brings it.
        ValueError: the formula holds something that cannot be translated; the message names it.
    """
    from docutils.utils.math import MathError, latex2mathml

    try:
        # docutils knows the dots by the name that says where they stand, and not by the general one.
        element = latex2mathml.tex2mathml(re.sub(r"\\dots\b", r"\\ldots", formula.strip()), as_block=block)
    except MathError as error:
        raise ValueError(f"The formula {formula.strip()!r} cannot be translated: {error}") from error
    return re.sub(r">\s+<", "><", element.replace("\n", ""))


def in_markdown(text: str) -> str:
    """Markdown with every formula in dollars replaced by MathML; code is left alone."""

    def replaced(match: re.Match[str]) -> str:
        if match["code"]:
            return match["code"]
        block = match["block"] is not None
        return to_mathml(match["block"] if block else match["inline"], block=block)

    # A quotation's mark inside a formula that runs over two lines is not part of the formula.
    return PIECES.sub(replaced, re.sub(r"(\$[^$\n]*)\n> ", r"\1\n", text) if "$" in text else text)
