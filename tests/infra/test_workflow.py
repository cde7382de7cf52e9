"""The workflow and the hooks for users: they call what guards main, by pinned means, with no needless rights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from infra.launcher import app, containers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    return yaml.safe_load((ROOT / ".github/workflows/ci.yaml").read_text())


@pytest.fixture(scope="module")
def hooks() -> dict[str, dict[str, Any]]:
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    return {hook["id"]: hook | {"rev": repo.get("rev")} for repo in repositories for hook in repo["hooks"]}


def commands(workflow: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"])


def test_it_runs_what_guards_main_the_audit_and_the_search_for_secrets(workflow: dict[str, Any]) -> None:
    guards = re.findall(r"^\./boxoffice .+$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    workflow_commands = commands(workflow)
    assert guards
    for command in [*guards, "pip-audit", "detect-secrets-hook", "docker compose config"]:
        assert command in workflow_commands
    assert (ROOT / ".secrets.baseline").is_file()


def test_its_commands_are_known(workflow: dict[str, Any]) -> None:
    known = {"./boxoffice": app.app, "infra.launcher.containers": containers.app}
    called = re.findall(rf"({'|'.join(map(re.escape, known))}) ([\w-]+)", commands(workflow))
    assert len(called) >= 3
    for program, command in called:
        assert command in get_command(known[program]).commands  # type: ignore[attr-defined]


def test_what_runs_on_aws_reads_it_or_deploys_to_it_is_audited_and_nothing_left_out(workflow: dict[str, Any]) -> None:
    """Without --strict, pip-audit ends green when the service of advisories answers for no package at all."""
    audits = re.findall(r"^pip-audit (.+) --requirement (\S+)$", commands(workflow), re.MULTILINE)
    assert {lock for _, lock in audits} == {"requirements.txt", "requirements-cdk.txt", "requirements-superset.txt"}
    for options, lock in audits:
        assert "--strict" in options.split()
        assert (ROOT / lock).is_file()


def test_it_may_only_read_and_has_no_secret(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 60
    assert not re.search(r"\$\{\{\s*secrets\.", (ROOT / ".github/workflows/ci.yaml").read_text())


def test_whatever_it_uses_is_pinned(workflow: dict[str, Any]) -> None:
    for job in workflow["jobs"].values():
        assert re.fullmatch(r"ubuntu-\d+\.\d+", job["runs-on"])
        for step in job["steps"]:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step.get("uses", f"none@{'0' * 40}"))
            for package in re.findall(r"pip install (.+)", step.get("run", "")):
                assert re.fullmatch(r"[\w-]+==[\d.]+", package)


def test_it_tests_each_python_that_the_launcher_takes(workflow: dict[str, Any]) -> None:
    bounds = re.search(r"\((\d), (\d+)\) <= sys\.version_info\[:2\] <= \(\d, (\d+)\)", (ROOT / "boxoffice").read_text())
    assert bounds
    major, first, last = map(int, bounds.groups())
    taken = [f"{major}.{minor}" for minor in range(first, last + 1)]
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == taken


def test_hooks_have_the_versions_that_guard_main(workflow: dict[str, Any], hooks: dict[str, dict[str, Any]]) -> None:
    lock = (ROOT / "requirements-dev.txt").read_text()
    assert f"ruff=={hooks['ruff-check']['rev'].removeprefix('v')}\n" in lock
    assert f"detect-secrets=={hooks['detect-secrets']['rev'].removeprefix('v')}" in commands(workflow)
    assert hooks["boxoffice-lint"]["entry"] == "./boxoffice lint"


def test_forms_for_issues_are_what_github_accepts() -> None:
    forms = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yaml")}
    assert forms.keys() == {"bug", "feature", "new-source"}
    for form in forms.values():
        assert {"name", "description", "body"} <= form.keys()
        questions = [element for element in form["body"] if element["type"] != "markdown"]
        assert any(element.get("validations", {}).get("required") for element in questions)
        assert len({element["id"] for element in questions}) == len(questions)
        assert {element["type"] for element in questions} <= {"input", "textarea", "dropdown", "checkboxes"}
        assert all(element["attributes"]["label"] for element in questions)


def test_pages_that_the_templates_name_exist() -> None:
    templates = [*(ROOT / ".github/ISSUE_TEMPLATE").iterdir(), ROOT / ".github/pull_request_template.md"]
    named = {page for path in templates for page in re.findall(r"(?:docs/)?[\w-]+\.md", path.read_text())}
    assert named == {"CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/add-a-source.md"}
    assert all((ROOT / page).is_file() for page in named)
