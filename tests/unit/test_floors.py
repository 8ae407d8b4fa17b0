"""The floors of the package are held by import-linter, circles inside functions included."""

import subprocess
import sys
import textwrap

import pytest

from course_utils import paths

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder):
    return subprocess.run([sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True)


def test_the_package_keeps_its_floors_and_goes_in_no_circle():
    ended = lint(paths.project_root())
    assert ended.returncode == 0, ended.stdout
    assert "3 kept, 0 broken" in ended.stdout


@pytest.mark.parametrize(
    ("module", "code", "contract"),
    [
        ("paths", "from course_utils import tooling", "lower never imports higher"),
        ("metrics", "def inside():\n    from course_utils import plots", "lower never imports higher"),
        ("state", "def inside():\n    from course_utils import progress", "lower never imports higher"),
        ("glossary", "def inside():\n    from course_utils import startup", "without Keras's floor"),
        ("files", "def inside():\n    from course_utils import paths", "in a circle"),
        ("stranger", "", "lower never imports higher"),
    ],
)
def test_each_contract_notices_what_breaks_it(tmp_path, module, code, contract):
    """A package of the same names, empty but for one import that is not allowed."""
    settings = (paths.project_root() / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    package = tmp_path / "course_utils"
    package.mkdir()
    for path in (paths.project_root() / "course_utils").iterdir():
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            (package / f"{path.stem}.py").touch()
    (package / "paths.py").write_text("from course_utils import files\n", encoding="utf-8")
    (package / f"{module}.py").write_text(f"{textwrap.dedent(code)}\n", encoding="utf-8")
    ended = lint(tmp_path)
    assert ended.returncode == 1, ended.stdout
    assert any(contract in line and "BROKEN" in line for line in ended.stdout.splitlines()), ended.stdout
