"""What authors, instructors and the command line use; no notebook imports it."""

import sys

__all__: list[str] = []

# nbformat and JupyterLab import jsonschema, which imports a grammar for addresses in other scripts (IRIs) where that is
# installed; to build it takes two seconds, in every process. No notebook is checked for such addresses. A module that
# is None here is not found, and jsonschema does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
