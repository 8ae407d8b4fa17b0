"""Which code of a cell people should see: the lines that say something, and not what only draws."""

import ast
import builtins
import re

__all__ = ["LINES", "excerpt", "only_draws"]

LINES = 10  # what fits on a slide and can be read from the back of a room
DRAWING = ("plots", "plt", "display")
SEED = "keras.utils.set_random_seed"  # needed to repeat a run, not to understand it


def only_draws(source: str) -> bool:
    """Whether a cell does nothing but draw what earlier cells have computed.

    It calls a plot, and otherwise only built-in functions and the methods of what it has made itself; it does no
    sums of its own outside a text or a call that draws.

    Example:
        >>> only_draws("titles = [f'{p:.0%}' for p in best]\nplots.image_grid(pictures, titles)")
        True
        >>> only_draws("answers = model.predict(pictures)\nplots.image_grid(pictures, answers)")
        False
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= set(dir(builtins))
    drew = False

    def fine(node: ast.AST) -> bool:
        nonlocal drew
        if isinstance(node, ast.JoinedStr):
            return True
        if isinstance(node, ast.Call):
            root = _root(node.func)
            drew = drew or root in DRAWING
            if root in ("plots", "plt"):
                return True  # what is computed for a plot inside its call serves the plot
            if root not in (*own, *DRAWING, ""):
                return False
        if isinstance(node, ast.BinOp):
            return False
        return all(fine(child) for child in ast.iter_child_nodes(node))

    return fine(tree) and drew


def _root(node: ast.expr) -> str:
    """The name at the left of `a.b(c)[d].e`; "" where there is something else."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def excerpt(source: str) -> str:
    """The code of a cell that goes on a slide: at most ten lines, whole statements, without imports, seeds, claims
    and calls that draw.

    Brackets that stand alone on a line do not count. Of a longer cell it is the longest run of whole statements that
    fits; "" where there is none.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    lines = source.splitlines()
    ends = [0, *(statement.end_lineno or 0 for statement in tree.body)]
    drawing = set(DRAWING)  # and the names that a statement with one of these makes
    texts = []
    for before, statement in zip(ends, tree.body, strict=False):
        names = {node for node in ast.walk(statement) if isinstance(node, ast.Name)}
        draws = not isinstance(statement, ast.FunctionDef) and bool({name.id for name in names} & drawing)
        if draws:
            drawing |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
        beside_the_point = isinstance(statement, (ast.Import, ast.ImportFrom)) or _called(statement) == SEED
        if not (draws or beside_the_point):
            texts.append("\n".join(lines[before : statement.end_lineno]).strip("\n"))
    best: list[str] = []
    for first in range(len(texts)):
        for last in range(first + 1, len(texts) + 1):
            if _weight(best) < _weight(texts[first:last]) <= LINES:
                best = texts[first:last]
    kept = [line.rstrip() for line in "\n".join(best).splitlines() if line.strip()]
    return "\n".join(kept)


def _called(statement: ast.stmt) -> str:
    """The function of a statement that is nothing but a call; "" for any other."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return ast.unparse(call.func) if isinstance(call, ast.Call) else ""


def _weight(texts: list[str]) -> int:
    """Lines that hold more than brackets."""
    return sum(bool(re.search(r"\w", line)) for line in "\n".join(texts).splitlines())
