"""The script ./boxoffice before there is an environment: its immediate answers, its refusals, and how it installs."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from infra.launcher import help as help_texts

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = sorted(path.stem for path in help_texts.FOLDER.glob("*.txt") if path.stem != "boxoffice")
RIGHT_PYTHON = 'case "$*" in *version_info\\[:2\\]\\)*) echo 3.11 ;; *venv*) {venv} ;; esac\n'


def call(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Call the script in a terminal that has nothing but a home."""
    own = {"BOXOFFICE_HOME": str(home), "PATH": os.environ["PATH"], **variables}
    return subprocess.run([ROOT / "boxoffice", *arguments], env=own, capture_output=True, text=True, timeout=60)


def program(folder: Path, name: str, body: str) -> str:
    path = folder / name
    path.write_text(f"#!/usr/bin/env bash\n{body}")
    path.chmod(0o755)
    return str(path)


def test_the_help_texts_are_those_of_the_command_line() -> None:
    there = {path.name: path.read_text() for path in help_texts.FOLDER.iterdir()}
    assert there == help_texts.texts(), help_texts.COMMAND


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"]])
def test_help_is_there_before_anything_is_installed(tmp_path: Path, arguments: list[str]) -> None:
    done = call(tmp_path / "home", *arguments, BOXOFFICE_PYTHON="/no/python")
    assert (done.returncode, done.stdout) == (0, (help_texts.FOLDER / "boxoffice.txt").read_text())
    assert not (tmp_path / "home").exists()


def test_a_call_without_a_command_shows_what_there_is(tmp_path: Path) -> None:
    done = call(tmp_path / "home")
    assert done.returncode == 2
    assert "./boxoffice run" in done.stdout
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_installs_nothing(tmp_path: Path, command: str) -> None:
    done = call(tmp_path / "home", command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: ./boxoffice {command}")
    assert not (tmp_path / "home").exists()


def test_help_is_instant_wherever_it_is_asked_for(tmp_path: Path) -> None:
    began = time.monotonic()
    done = call(tmp_path / "home", "trigger", "tickit_load", "--full", "-h")
    assert done.stdout == (help_texts.FOLDER / "trigger.txt").read_text()
    assert time.monotonic() - began < 2, "no Python was started; 0.03 s on a machine that is idle"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with one commit, no tag, the script and the project's file."""
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("boxoffice", "pyproject.toml"):
        shutil.copy(ROOT / name, clone)
    git(clone, "init", "--quiet")
    commit(clone, "The first")
    return clone


def git(folder: Path, *arguments: str) -> str:
    author = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com")
    result = subprocess.run(["git", "-C", folder, *author, *arguments], capture_output=True, text=True, check=True)
    return result.stdout.strip()


def commit(folder: Path, title: str) -> None:
    git(folder, "commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message", title)


def version(folder: Path) -> str:
    result = subprocess.run([folder / "boxoffice", "--version"], capture_output=True, text=True, check=True, timeout=60)
    return result.stdout


def test_the_version_is_that_of_the_newest_tag_and_counts_the_commits_since(clone: Path) -> None:
    git(clone, "tag", "v1.2.0")
    git(clone, "tag", "not-a-version")
    assert version(clone) == "boxoffice 1.2.0\n"
    commit(clone, "The second")
    commit(clone, "The third")
    assert version(clone) == f"boxoffice 1.2.0+2.g{git(clone, 'rev-parse', '--short', 'HEAD')}\n"
    git(clone, "tag", "v1.3.0rc1")
    assert version(clone) == "boxoffice 1.3.0rc1\n"


def test_without_tags_the_version_is_the_projects(clone: Path) -> None:
    number = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert version(clone) == f"boxoffice {number} ({git(clone, 'rev-parse', '--short', 'HEAD')})\n"
    shutil.rmtree(clone / ".git")
    git(clone.parent, "init", "--quiet")  # another project's repository is around it
    commit(clone.parent, "Nothing of ours")
    assert version(clone) == f"boxoffice {number}\n"


def test_the_version_needs_no_environment(tmp_path: Path) -> None:
    result = call(tmp_path / "home", "--version")
    assert result.returncode == 0
    assert result.stdout.startswith("boxoffice ")
    assert not (tmp_path / "home").exists()


def test_the_module_has_the_version_of_the_script() -> None:
    command = [sys.executable, "-m", "infra.launcher", "--version"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == version(ROOT)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["./boxoffice", "tr"], {"trigger"}),
        (["./boxoffice", "sql", "--"], {"--as", "--csv", "--file", "--help", "--json"}),
        (["./boxoffice", "sql", "--as", "a"], {"analyst"}),
    ],
)
def test_bash_completes_commands_and_options(tmp_path: Path, typed: list[str], offered: set[str]) -> None:
    words = " ".join(f"'{word}'" for word in typed)
    script = f"source <(./boxoffice completion bash); COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; _boxoffice"
    own = {"BOXOFFICE_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    command = ["bash", "-c", f'{script}; printf "%s\\n" "${{COMPREPLY[@]}}"']
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=60)
    assert set(done.stdout.split()) == offered, done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_installs_nothing(tmp_path: Path, shell: str) -> None:
    done = call(tmp_path / "home", "completion", shell)
    assert (done.returncode, "boxoffice" in done.stdout) == (0, True)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rnu"], "there is no command 'rnu'; './boxoffice --help' lists the commands"),
        (["--json"], "there is no option --json"),
        (["completion"], "completion for which shell?"),
        (["completion", "../../x"], "completion for which shell?"),
    ],
)
def test_a_call_that_is_wrong_is_refused_before_anything_is_installed(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = call(tmp_path / "home", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "home").exists()


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    for home in (tmp_path / "home", tmp_path / "home" / "below"):
        done = call(home, "status")
        assert done.returncode == 2
        assert str(home) in done.stderr
        assert "BOXOFFICE_HOME" in done.stderr
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_nobody_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    for home in (tmp_path / "home", tmp_path / "home" / "below"):
        done = call(home, "status")
        assert done.returncode == 2
        assert "that you may write to" in done.stderr


def test_a_python_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    old = program(tmp_path, "old", 'case "$*" in *exit*) exit 1 ;; *) echo 3.9 ;; esac\n')
    silent = program(tmp_path, "silent", "exit 0\n")
    for named, words in (
        ("/no/python", "there is no such program"),
        (silent, "which is no Python"),
        (old, "which is Python 3.9; Boxoffice needs 3.11 or 3.12"),
    ):
        done = call(tmp_path / "home", "status", BOXOFFICE_PYTHON=named)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert f"BOXOFFICE_PYTHON is {named}" in done.stderr
        assert words in done.stderr
    assert not (tmp_path / "home" / "venv").exists()


def test_a_python_that_the_environment_was_not_made_with_is_refused(tmp_path: Path) -> None:
    other = "3.12" if sys.version_info[:2] == (3, 11) else "3.11"
    (tmp_path / "home" / "venv").mkdir(parents=True)
    (tmp_path / "home" / "venv" / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {other}.4\n")
    done = call(tmp_path / "home", "status", BOXOFFICE_PYTHON=sys.executable)
    assert done.returncode == 2
    assert f"was made with Python {other}" in done.stderr


def test_an_installation_that_is_interrupted_says_so_and_marks_nothing_as_done(tmp_path: Path) -> None:
    python = program(tmp_path, "python", RIGHT_PYTHON.format(venv="sleep 60"))
    own = {"BOXOFFICE_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "BOXOFFICE_PYTHON": python}
    process = subprocess.Popen(
        [ROOT / "boxoffice", "status"],
        env=own,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - as in a terminal
    )
    assert process.stderr
    with process.stderr:
        assert "Making the environment" in process.stderr.readline()
        os.killpg(process.pid, signal.SIGINT)
        errors = process.stderr.read()
    assert process.wait(timeout=30) == 130
    assert "interrupted while installing; the same command goes on from there" in errors
    assert list((tmp_path / "home").glob("venv/.installed-*")) == []


MAKE_VENV = (
    'mkdir -p "$4/bin"; for name in python uv; do printf "#!/bin/sh\\nexit 0\\n" >"$4/bin/$name"; '
    'chmod +x "$4/bin/$name"; done'
)


@pytest.mark.parametrize(
    ("arguments", "locks"),
    [
        (["test", "--quick"], {"requirements.txt", "requirements-dev.txt"}),
        (["test"], {"requirements.txt", "requirements-dev.txt", "requirements-cdk.txt"}),
        (["status"], {"requirements.txt"}),
    ],
)
def test_a_command_installs_what_it_needs(arguments: list[str], locks: set[str], tmp_path: Path) -> None:
    python = program(tmp_path, "python", RIGHT_PYTHON.format(venv=MAKE_VENV))

    printed = call(tmp_path / "home", *arguments, BOXOFFICE_PYTHON=python).stderr

    assert set(re.findall(r"packages of (\S+)", printed)) == locks


def test_each_step_of_an_installation_is_told(tmp_path: Path) -> None:
    python = program(tmp_path, "python", RIGHT_PYTHON.format(venv=MAKE_VENV))
    done = call(tmp_path / "home", "status", BOXOFFICE_PYTHON=python)
    assert done.returncode == 0, done.stderr
    error_lines = done.stderr.splitlines()
    assert [line.split()[0] for line in error_lines] == ["Making", "done", "Installing", "done", "Installing", "done"]
    assert "packages of requirements.txt" in error_lines[4]
    again = call(tmp_path / "home", "status")
    assert (again.returncode, again.stderr) == (0, ""), "what is installed is not installed again"


def test_another_installation_is_waited_for_in_words(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    own = {"BOXOFFICE_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    with (tmp_path / "home" / ".install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen([ROOT / "boxoffice", "status"], env=own, stderr=subprocess.PIPE, text=True)
        assert process.stderr
        with process.stderr:
            first_line = process.stderr.readline()
        process.terminate()
        process.wait(timeout=30)
    assert "Another ./boxoffice is installing" in first_line
