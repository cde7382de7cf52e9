"""Records the settings that a home's stack was started with, so that commands in any terminal use the same ones.

`up` writes the chosen settings to `<home>/run/settings.json`, by the names of their variables and without secrets. A
command reads the settings from there that its own environment doesn't set. While the stack runs, the command refuses
an environment that contradicts them. The record survives `down`, so that the next `up` uses the same ports and the same
API. `reset` removes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import pydantic
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from settings import Settings

_NOT_RECORDED = frozenset({"home", "ticketmaster_api_key", "dashboards_warehouse"})
"""The home is where the record is; the others have secrets."""

_CHANGEABLE = frozenset({"dashboards_port"})
"""Settings that may change while the stack runs: the dashboards start and stop by themselves."""

_ONE_STACK = frozenset({"today"})
"""Settings that end with the stack. A pretended date shouldn't come back after `down`."""

SIMULATOR = "the simulator"
"""The name of the simulator as the source of a home's data, instead of the Discovery API's URL."""


class UnreadableRecord(RuntimeError):
    """The record is damaged. The message has the remedy."""


class HomeRecord:
    """The record of one home.

    Args:
        home: the home.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / "run" / "settings.json"
        self._api = (
            home / "aws" / ".discovery-api"
        )  # in the data's folder, because the data of a home comes from only one API
        self._home = home

    @property
    def api(self) -> str | None:
        """The API that the home's events come from: `SIMULATOR` or a URL. None before the first start."""
        return self._api.read_text() if self._api.is_file() else None

    def variables(self) -> dict[str, str]:
        """The recorded variables. Empty if there is no record.

        Raises:
            UnreadableRecord: the file can't be read.
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error
        if not isinstance(content, dict):
            raise self._unreadable("it isn't a JSON object")
        known = {Settings.variable(name) for name in Settings.model_fields}
        return {name: str(value) for name, value in content.items() if name in known}

    def write(self, settings: Settings, api: str) -> None:
        """Record the settings that a stack is started with. Each file is replaced in one step."""
        self.write_settings(settings)
        _replace(self._api, api)

    def write_settings(self, settings: Settings) -> None:
        """Record settings, without the API that the home's data come from."""
        chosen = sorted(settings.model_fields_set - _NOT_RECORDED)
        values = settings.model_dump(mode="json", include=set(chosen), exclude_none=True)
        variables = {Settings.variable(name): str(values[name]) for name in chosen if name in values}
        _replace(self.path, json.dumps(variables, indent=2) + "\n")

    def recall(self, environment: MutableMapping[str, str], *, is_running: bool) -> dict[str, str]:
        """Add the recorded variables that an environment doesn't set. Returns the added ones."""
        expired = set() if is_running else {Settings.variable(name) for name in _ONE_STACK}
        additions = {
            name: value for name, value in self.variables().items() if name not in environment and name not in expired
        }
        environment.update(additions)
        return additions

    def contradictions(self, settings: Settings) -> list[str]:
        """One line for each setting of the environment that contradicts the record of a running stack."""
        if not self.path.exists():
            return []  # the settings that it was started with are unknown
        recorded = self._recorded()
        return [
            f"{Settings.variable(name)} is {getattr(settings, name)}, but the stack runs with {_words(recorded, name)}"
            for name in sorted(settings.model_fields_set - _NOT_RECORDED - _CHANGEABLE)
            if _comparable(settings, name) != _comparable(recorded, name)
        ] + self._other_api(settings)

    def _other_api(self, settings: Settings) -> list[str]:
        if settings.ticketmaster_api_key and self.api == SIMULATOR:
            return [f"{Settings.variable('ticketmaster_api_key')} is set, but the stack runs with {SIMULATOR}"]
        return []

    def _recorded(self) -> Settings:
        fields = {Settings.variable(name): name for name in Settings.model_fields}
        recorded: dict[str, Any] = {fields[variable]: value for variable, value in self.variables().items()}
        try:
            return _Recorded(**recorded)
        except pydantic.ValidationError as error:
            raise self._unreadable(error.errors()[0]["msg"]) from error

    def _unreadable(self, reason: object) -> UnreadableRecord:
        return UnreadableRecord(
            f"{self.path}, the record of how the stack of {self._home} was started, cannot be read ({reason}); "
            "remove it, then run './boxoffice down' and './boxoffice up' with the variables that you want"
        )


class _Recorded(Settings):
    """Settings from a record alone. They ignore the environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the arguments of the constructor."""
        return (init_settings,)


def _comparable(settings: Settings, name: str) -> object:
    """A setting's value to compare. The URL of the stack's own local AWS equals no URL."""
    value = getattr(settings, name)
    if name == "aws_endpoint_url" and value in settings.own_aws_urls:
        return None
    return value


def _words(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    is_default = name not in settings.model_fields_set
    return "none" if value is None else f"the default, {value}" if is_default else str(value)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def follow(environment: MutableMapping[str, str] = os.environ) -> dict[str, str]:
    """Add the recorded settings of the home's stack to the environment. Returns the added variables.

    Raises:
        UnreadableRecord: the record is damaged.
    """
    from infra.stack.processes import Processes

    home = home_of(environment)
    return HomeRecord(home).recall(environment, is_running=Processes(home).any_running())


def home_of(environment: Mapping[str, str]) -> Path:
    """The home that an environment sets, or the default home."""
    default: Path = Settings.model_fields["home"].default
    return Path(environment.get(Settings.variable("home")) or default).resolve()
