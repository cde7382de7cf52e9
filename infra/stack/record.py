"""What a home's stack was started with: commands read it here, whatever variables their terminal has.

`up` writes the settings that somebody chose, by the names of their variables, to `<home>/run/settings.json`; never a
secret. A command takes from there what its own environment does not say, and refuses what the environment says
otherwise while the stack runs. The record outlives `down`: the next `up` finds the same ports and the same API.
`reset` removes it.
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

_NOT_RECORDED = frozenset({"home", "ticketmaster_api_key"})
"""The home is where the record is; the key is a secret."""

_ONE_STACK = frozenset({"today"})
"""Ends with the stack: nobody expects a pretended date to come back after `down`."""

SIMULATOR = "the simulator"
"""What a home's data comes from, unless that is the URL of the Discovery API."""


class UnreadableRecord(RuntimeError):
    """The record is damaged; the message says what to do."""


class HomeRecord:
    """The record of one home.

    Args:
        home: the home.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / "run" / "settings.json"
        self._api = home / "aws" / ".discovery-api"  # with the data, which is one API's and never another's
        self._home = home

    @property
    def api(self) -> str | None:
        """Which API the home's events come from: `SIMULATOR` or a URL; None before the first start."""
        return self._api.read_text() if self._api.is_file() else None

    def variables(self) -> dict[str, str]:
        """The recorded variables; empty when there is no record.

        Raises:
            UnreadableRecord: the file cannot be read.
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error
        if not isinstance(content, dict):
            raise self._unreadable("it holds no object")
        known = {Settings.variable(name) for name in Settings.model_fields}
        return {name: str(value) for name, value in content.items() if name in known}

    def write(self, settings: Settings, api: str) -> None:
        """Record what a stack is started with, whole or not at all."""
        chosen = sorted(settings.model_fields_set - _NOT_RECORDED)
        values = settings.model_dump(mode="json", include=set(chosen), exclude_none=True)
        variables = {Settings.variable(name): str(values[name]) for name in chosen if name in values}
        _replace(self.path, json.dumps(variables, indent=2) + "\n")
        _replace(self._api, api)

    def recall(self, environment: MutableMapping[str, str], *, is_running: bool) -> dict[str, str]:
        """Add to an environment what it does not say and the record does; returns what was added."""
        gone = set() if is_running else {Settings.variable(name) for name in _ONE_STACK}
        added = {
            name: value for name, value in self.variables().items() if name not in environment and name not in gone
        }
        environment.update(added)
        return added

    def contradictions(self, settings: Settings) -> list[str]:
        """What settings of the environment say otherwise than the record of a running stack, a line for each."""
        if not self.path.exists():
            return []  # nobody can tell how it was started
        recorded = self._recorded()
        return [
            f"{Settings.variable(name)} is {getattr(settings, name)}, but the stack runs with {_words(recorded, name)}"
            for name in sorted(settings.model_fields_set - _NOT_RECORDED)
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
            f"{self.path}, which tells what the stack of {self._home} was started with, cannot be read ({reason}); "
            "remove it, then './boxoffice down' and './boxoffice up' with the variables that you want"
        )


class _Recorded(Settings):
    """Settings of a record alone, whatever the environment says."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what is given."""
        return (init_settings,)


def _comparable(settings: Settings, name: str) -> object:
    """A setting's value; the stack's own local AWS is the same as none."""
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
    """Let this process work on the stack of its home as that was started; returns the variables that were added.

    Raises:
        UnreadableRecord: the record is damaged.
    """
    from infra.stack.processes import Processes

    home = home_of(environment)
    return HomeRecord(home).recall(environment, is_running=Processes(home).any_running())


def home_of(environment: Mapping[str, str]) -> Path:
    """The home that an environment names, or the default one."""
    default: Path = Settings.model_fields["home"].default
    return Path(environment.get(Settings.variable("home")) or default).resolve()
