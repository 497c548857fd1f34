"""run.py under a Python that is too old or too new: it looks for a supported one."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import interpreters

ROOT = Path(__file__).resolve().parents[3]


def fake(folder: Path, name: str, answers: str) -> None:
    """A Python on PATH: to -I -c it gives its version, else it shows what it was started with."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / name
    script.write_text(f'#!/bin/sh\nif [ "$1" = -I ]; then {answers}; else echo "{name} runs: $*"; fi\n')
    script.chmod(0o755)


def run_py(version: tuple[int, ...], path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`run.py --help` as if this Python were of that version, on a machine with these programs."""
    pretend = f"""
import runpy, sys
sys.version_info = {version}
sys.argv = [{str(ROOT / "run.py")!r}, "--help"]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
    command = [sys.executable, "-c", pretend]
    surroundings = {"PATH": str(path), "HOME": str(path.parent)} | environment
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", [(3, 8, 10), (3, 10, 1), (3, 14, 0), (3, 15, 0)])
def test_the_newest_supported_one_on_path_takes_over(tmp_path: Path, version: tuple[int, ...]) -> None:
    fake(tmp_path / "bin", "python3.12", "echo 3.12")
    fake(tmp_path / "bin", "python3.11", "echo 3.11")
    done = run_py(version, tmp_path / "bin")
    assert done.stdout == f"python3.12 runs: {ROOT / 'run.py'} --help\n"
    this = "{}.{}".format(*version[:2])
    assert done.stderr == f"run.py: going on with {tmp_path}/bin/python3.12, since this Python is {this}\n"


def test_one_that_does_not_start_or_is_another_version_is_passed_over(tmp_path: Path) -> None:
    """pyenv puts a shim on PATH for versions that are not chosen; it ends with 127."""
    fake(tmp_path / "bin", "python3.13", "exit 127")
    fake(tmp_path / "bin", "python3.12", "echo 2.7")
    fake(tmp_path / "bin", "python3.11", "echo 3.11")
    assert run_py((3, 14, 0), tmp_path / "bin").stdout.startswith("python3.11 runs:")


@pytest.mark.parametrize("home", [".pyenv", "elsewhere"])
def test_a_version_of_pyenv_is_found_without_its_shim(tmp_path: Path, home: str) -> None:
    fake(tmp_path / home / "versions" / "3.12.1" / "bin", "python", "echo 3.12")
    chosen = {"PYENV_ROOT": str(tmp_path / home)} if home == "elsewhere" else {}
    done = run_py((3, 9, 0), tmp_path / "bin", **chosen)
    assert done.stdout.startswith("python runs:")


def test_what_uv_has_installed_is_found(tmp_path: Path) -> None:
    fake(tmp_path / "managed", "python", "echo 3.13")
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(f'#!/bin/sh\n[ "$*" = "python find --system --no-project 3.13" ] && echo {tmp_path}/managed/python\n')
    uv.chmod(0o755)
    assert run_py((3, 14, 0), uv.parent).stdout.startswith("python runs:")


def test_without_another_python_3_14_goes_on_and_names_what_it_lacks(tmp_path: Path) -> None:
    done = run_py((3, 14, 0), tmp_path / "bin")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: python run.py COMMAND")
    assert done.stderr == (
        "run.py: Python 3.14 serves everything but the simulated site, which needs mongod or Python 3.11, 3.12 or "
        "3.13.\n"
    )


@pytest.mark.parametrize("version", [(3, 8, 10), (3, 15, 0)])
def test_without_a_supported_python_one_sentence_names_what_to_install(
    tmp_path: Path, version: tuple[int, ...]
) -> None:
    done = run_py(version, tmp_path / "bin")
    assert done.returncode == 1
    assert done.stdout == ""
    this = "{}.{}".format(*version[:2])
    assert done.stderr == (
        f"This project needs Python 3.11, 3.12 or 3.13 (or 3.14, without the simulated site), this one is {this} and "
        "no other was found: install one of them and start run.py again.\n"
    )


def test_python_2_is_sent_to_python3(tmp_path: Path) -> None:
    done = run_py((2, 7, 18), tmp_path / "bin")
    assert done.returncode == 1
    assert done.stderr == "This project needs Python 3.11, 3.12 or 3.13: start run.py with 'python3'.\n"


@pytest.mark.parametrize("name", ["run.py", "pipeline/__init__.py", "pipeline/interpreters.py"])
def test_an_old_python_can_read_what_comes_before_the_search(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    # Python 3.6 evaluates annotations, where `list[str]` fails.
    assert not any(isinstance(node, ast.Subscript) for node in annotations(ast.parse(source)))


def annotations(tree: ast.Module) -> list[ast.expr | None]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [part for node in functions for part in (node.returns, *(arg.annotation for arg in node.args.args))]


def test_the_supported_versions_are_those_of_the_project() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11,<3.15"' in text
    assert 'python_version < "3.14"' in text
    assert (*interpreters.SUPPORTED, interpreters.WITHOUT_SITE) == ("3.13", "3.12", "3.11", "3.14")
