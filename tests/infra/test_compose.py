"""The containers' files, without an engine: what they name exists, no port is open to others, no secret is in them."""

from __future__ import annotations

import re
import shutil
import subprocess
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from typer.main import get_command

from aws_services import resources
from infra.checks import runner as checks
from infra.launcher import containers
from infra.stack.stack import Stack
from settings import Settings

ROOT = Path(__file__).resolve().parents[2]
AIRFLOW = {"api-server", "scheduler", "dag-processor", "triggerer"}
LOCAL = {"local-aws", "simulator"}
ONCE = {"secrets", "migrate", "provision"}

_OTHERS = {"NO_PROXY", "no_proxy", "PGPASSFILE", "AWS_DEFAULT_REGION"}
_CREDENTIALS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
_SECRET = re.compile(r"key|secret|password|token|conn", re.IGNORECASE)
_REFERENCE = re.compile(r"\$\{(\w+)(?:(:?-)([^}]*))?\}")


@cache
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yaml").read_text())


def services() -> dict[str, dict[str, Any]]:
    return compose()["services"]


def environments() -> list[tuple[str, str, str | None]]:
    """Service, name and value of every variable."""
    return [(name, *item) for name, service in services().items() for item in service.get("environment", {}).items()]


def resolved(text: str, **variables: str) -> str:
    """What compose makes of references to variables, when only these are set."""

    def value(match: re.Match[str]) -> str:
        name, operator, default = match.groups()
        is_taken = variables.get(name) if operator == ":-" else name in variables
        return variables.get(name, "") if is_taken else default or ""

    return _REFERENCE.sub(value, text)


def started_with(*names: str) -> set[str]:
    """The services that compose starts when these are named."""
    started: set[str] = set()
    waiting = list(names)
    while waiting:
        if (name := waiting.pop()) not in started:
            started.add(name)
            waiting += services()[name].get("depends_on", {})
    return started


def known_variables() -> set[str]:
    fields = Settings.model_fields.items()
    ours = {
        info.validation_alias if isinstance(info.validation_alias, str) else f"BOXOFFICE_{name}".upper()
        for name, info in fields
    }
    return ours | _OTHERS | _CREDENTIALS


each_service = pytest.mark.parametrize("name", sorted(AIRFLOW | LOCAL | ONCE | {"postgres"}))


def test_it_is_airflow_its_database_the_local_aws_and_the_simulator() -> None:
    assert set(services()) == AIRFLOW | LOCAL | ONCE | {"postgres"}
    assert {services()[name]["command"][1] for name in AIRFLOW} == AIRFLOW
    assert {services()[name]["image"] for name in set(services()) - {"postgres"}} == {"boxoffice:local"}


def test_the_image_is_built_once_and_for_whatever_is_started() -> None:
    """A service with `build` gets a separate build, of gigabytes; a service without it would be pulled."""
    builders = [name for name, service in services().items() if "build" in service]
    assert builders == ["secrets"]
    assert services()["secrets"]["build"] == "."
    for name in services():
        assert "secrets" in started_with(name), name


@each_service
def test_a_service_is_watched_or_ends_and_is_waited_for(name: str) -> None:
    service = services()[name]
    if name in ONCE:
        assert service["restart"] == "no"
        assert "healthcheck" not in service
        conditions = [other.get("depends_on", {}).get(name, {}).get("condition") for other in services().values()]
        assert set(conditions) - {None} == {"service_completed_successfully"}
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] == "CMD"
        assert {"interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])


@each_service
def test_a_service_is_limited_and_has_no_rights(name: str) -> None:
    service = services()[name]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["cpus"] <= 2
    assert service["pids_limit"] > 0
    assert service["user"] == ("postgres" if name == "postgres" else "10001:10001")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "network_mode", "cap_add", "pid", "devices"} & set(service)


@each_service
def test_the_lines_of_a_log_do_not_pile_up(name: str) -> None:
    assert services()[name]["logging"] == {"driver": "local", "options": {"max-size": "10m", "max-file": "3"}}


@pytest.mark.parametrize("name", sorted(AIRFLOW))
def test_airflow_stops_before_what_it_needs_to_stop_well(name: str) -> None:
    """Compose stops what runs in the opposite order, and sees only what a service itself names.

    That the database is needed through `migrate`, which has ended long ago, it does not see.
    """
    needed = {other for other in services()[name]["depends_on"] if other not in ONCE}
    assert needed == ({"postgres", "api-server"} if name == "scheduler" else {"postgres"})
    assert services()[name]["stop_grace_period"] == "30s"  # compose gives 10, after which it kills


@each_service
def test_ports_are_open_to_this_machine_only(name: str) -> None:
    for port in services()[name].get("ports", []):
        assert port.startswith("127.0.0.1:"), port
        host, inside = resolved(port.removeprefix("127.0.0.1:")).split(":")
        assert host == inside


def test_the_ports_are_those_of_the_settings() -> None:
    published = {name: services()[name]["ports"] for name in services() if "ports" in services()[name]}
    fields = {
        "api-server": ["airflow_port"],
        "local-aws": ["aws_port", "warehouse_port"],
        "simulator": ["simulator_port"],
    }
    assert set(published) == set(fields)
    for name, ports in published.items():
        for port, field in zip(ports, fields[name], strict=True):
            default = Settings.model_fields[field].default
            assert port == f"127.0.0.1:${{BOXOFFICE_{field.upper()}:-{default}}}:{default}"


def test_every_image_is_pinned() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for image in {*bases, services()["postgres"]["image"]}:
        name, _, tag = image.partition(":")
        assert name, image
        assert re.match(r"\d", tag), image


def test_no_secret_stands_in_the_file() -> None:
    for service, name, value in environments():
        if name in _CREDENTIALS:
            assert value is None or re.fullmatch(rf"\$\{{{name}-(local)?\}}", value), (service, name)
        elif name.endswith("_CMD") or name.endswith("_FILE") or name == "PGPASSFILE":
            assert value is not None
            assert "/run/boxoffice/" in value
        elif "_CONN" in name:
            assert urlsplit(str(value)).password is None
        elif _SECRET.search(name):
            assert value is None, (service, name)


def test_secrets_are_made_where_they_are_read() -> None:
    text = (ROOT / "docker-compose.yaml").read_text()
    read = set(re.findall(r"/run/boxoffice/([\w-]+)", text))
    made_secrets = set(re.findall(r'folder / "([\w-]+)"', Path(containers.__file__).read_text()))
    assert read == made_secrets
    host, port, database, user = containers.DATABASE.split(":")
    environment = services()["scheduler"]["environment"]
    for name, driver in (("SQL_ALCHEMY_CONN", "psycopg"), ("SQL_ALCHEMY_CONN_ASYNC", "psycopg_async")):
        assert environment[f"AIRFLOW__DATABASE__{name}"] == f"postgresql+{driver}://{user}@{host}:{port}/{database}"
    postgres = services()["postgres"]["environment"]
    assert (postgres["POSTGRES_USER"], postgres["POSTGRES_DB"]) == (user, database)
    for name, service in services().items():
        mounts = [mount for mount in service.get("volumes", []) if mount.startswith("secrets:")]
        expected = {"secrets": ["secrets:/run/boxoffice"]}.get(name, ["secrets:/run/boxoffice:ro"])
        assert mounts == (expected if name in AIRFLOW | {"migrate", "secrets", "postgres"} else []), name


def test_every_variable_means_something() -> None:
    known = known_variables()
    for service, name, _ in environments():
        assert name in known or name.startswith(("AIRFLOW__", "POSTGRES_")), (service, name)
    text = (ROOT / "docker-compose.yaml").read_text() + (ROOT / ".env.example").read_text()
    for name in [*_REFERENCE.findall(text), *re.findall(r"^#(\w+)=", text, re.MULTILINE)]:
        variable = name[0] if isinstance(name, tuple) else name
        assert variable in known or variable.startswith("AIRFLOW__CORE__"), variable


def test_a_setting_reaches_the_tasks_whatever_it_is() -> None:
    """What `.env` may say of a pipeline is handed on; ports, home and the key have their own ways.

    Only Superset may know the password of the dashboards' warehouse, and no container has Superset.
    """
    elsewhere = {
        "BOXOFFICE_DASHBOARDS_WAREHOUSE",
        "BOXOFFICE_HOME",
        "BOXOFFICE_SIMULATED_EVENTS",
        "TICKETMASTER_API_KEY",
    }
    settings = {name for name in known_variables() if not name.endswith("_PORT")} - elsewhere
    assert settings <= set(services()["scheduler"]["environment"])
    assert "TICKETMASTER_API_KEY" in services()["provision"]["environment"]
    holders = {service for service, name, _ in environments() if name == "TICKETMASTER_API_KEY"}
    assert holders == {"provision"}


def test_here_everything_speaks_to_the_local_aws_and_the_simulator() -> None:
    environment = services()["scheduler"]["environment"]
    assert resolved(environment["AWS_ENDPOINT_URL"]) == "http://local-aws:4566"
    url = urlsplit(resolved(environment["TICKETMASTER_API_URL"]))
    assert (url.hostname, url.port) == (containers.SIMULATOR_HOST, Settings.model_fields["simulator_port"].default)
    assert resolved(environment["BOXOFFICE_ENVIRONMENT"]) == Settings.model_fields["environment"].default
    assert resolved(environment["BOXOFFICE_AWS_ACCOUNT"]) == Settings.model_fields["aws_account"].default
    assert environment["AWS_DEFAULT_REGION"] == resources.REGION
    for host in ("local-aws", "simulator", "api-server"):
        assert host in services()
        assert host in environment["NO_PROXY"].split(",")


def test_airflow_is_set_as_the_launcher_sets_it(tmp_path: Path) -> None:
    """But for where it lies, and for what serves whoever edits DAGs or runs two stacks on one machine."""
    its_own = re.compile(
        r"AIRFLOW__(API__(HOST|BASE_URL)|LOGGING__|DAG_PROCESSOR__|DATABASE__)|.*(_URL|_SECRET|_SECRET_KEY)$"
    )
    its_own_too = {
        "AIRFLOW__CORE__DAGS_FOLDER",
        "AIRFLOW__CORE__PLUGINS_FOLDER",
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC",
    }
    launched = Stack(Settings(home=tmp_path)).airflow_environment()
    shared = {
        name: value
        for name, value in launched.items()
        if name.startswith("AIRFLOW__") and not its_own.match(name) and name not in its_own_too
    }
    assert len(shared) >= 9
    environment = services()["scheduler"]["environment"]
    assert {name: resolved(str(environment.get(name))) for name in shared} == shared


def test_on_aws_the_local_services_are_neither_started_nor_waited_for() -> None:
    assert started_with(*AIRFLOW) == AIRFLOW | ONCE | {"postgres"}
    environment = services()["scheduler"]["environment"]
    account = {"AWS_ENDPOINT_URL": "", "AWS_ACCESS_KEY_ID": "AKIA", "BOXOFFICE_ENVIRONMENT": "dev"}
    assert resolved(environment["AWS_ENDPOINT_URL"], **account) == ""
    assert resolved(environment["AWS_ACCESS_KEY_ID"], **account) == "AKIA"
    assert resolved(environment["BOXOFFICE_ENVIRONMENT"], **account) == "dev"
    page = (ROOT / "docs" / "containers.md").read_text()
    command = re.search(r"^docker compose up --detach --build (api-server .*)$", page, re.MULTILINE)
    assert command
    assert set(command[1].split()) == AIRFLOW


def test_commands_and_health_checks_exist() -> None:
    known = set(get_command(containers.app).commands)  # type: ignore[attr-defined]
    for name, service in services().items():
        for command in (service.get("command"), service.get("healthcheck", {}).get("test", [])[1:]):
            match command:
                case ["python", "-m", "infra.launcher.containers", subcommand, *_]:
                    assert subcommand in known, name
                case ["python", "-m", module, url, *_]:
                    assert (ROOT / f"{module.replace('.', '/')}.py").is_file()
                    assert urlsplit(url).hostname in ("127.0.0.1", "api-server")
                case None | [] | ["airflow", *_] | ["pg_isready", *_]:
                    pass
                case _:
                    pytest.fail(f"{name} runs what nobody knows: {command}")


def test_what_must_last_lies_in_volumes() -> None:
    used = {mount.partition(":")[0] for service in services().values() for mount in service.get("volumes", [])}
    assert used == set(compose()["volumes"])
    image = (ROOT / "Dockerfile").read_text()
    for name, service in services().items():
        for mount in service.get("volumes", []) if name != "postgres" else []:
            folder = mount.split(":")[1]
            assert re.search(rf"{folder}(\s|$)", image), f"{folder} of {name} must be made for its user"


def test_the_image_holds_the_product_and_nothing_else() -> None:
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert ignored[0] == "*"
    taken = {line[1:] for line in ignored if line.startswith("!")}
    assert taken == {*checks.PACKAGES, "requirements.txt"}
    assert not any(fnmatch(name, pattern) for name in (".env", ".git", ".boxoffice", "tests") for pattern in taken)


def test_the_image_runs_as_nobody_in_particular() -> None:
    image = (ROOT / "Dockerfile").read_text()
    users = re.findall(r"^USER (\S+)$", image, re.MULTILINE)
    assert users[-1] == services()["scheduler"]["user"]
    uid, gid = users[-1].split(":")
    assert f"--uid {uid}" in image
    assert f"--gid {gid}" in image
    assert services()["postgres"]["group_add"] == [gid]
    assert not re.search(r"^(ARG|ENV).*(KEY|SECRET|PASSWORD|TOKEN)", image, re.MULTILINE)


@pytest.mark.parametrize("environment", [{}, {"AWS_ENDPOINT_URL": "", "BOXOFFICE_ENVIRONMENT": "dev"}])
def test_compose_understands_the_file(environment: dict[str, str], tmp_path: Path) -> None:
    command = next((candidate for candidate in _compose_commands() if candidate), None)
    if command is None:
        pytest.skip("no docker compose here")
    shutil.copy(ROOT / "docker-compose.yaml", tmp_path)
    done = subprocess.run(
        [*command, "config", "--quiet"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def _compose_commands() -> list[list[str]]:
    """How compose is called here: as docker's plugin, or as a program of its own."""
    docker, standalone = shutil.which("docker"), shutil.which("docker-compose")
    has_plugin = docker and subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0
    return [[docker, "compose"] if docker and has_plugin else [], [standalone] if standalone else []]
