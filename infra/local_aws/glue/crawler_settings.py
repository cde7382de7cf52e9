"""The settings of a crawler: the ones that the local Glue supports, and a clear refusal of the others.

An unknown setting is refused, because a crawler that ignored it would write different tables than Glue's. The local
crawler always works by `CombineCompatibleSchemas` and `InheritFromTable`; you can set them or leave them out. A
security configuration encrypts a crawler's logs at rest, which no caller can see; it is stored without effect.

Source: https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html and
https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import JsonRESTError

from .trigger_settings import check_schedule

_UPDATE_BEHAVIOURS = ("LOG", "UPDATE_IN_DATABASE")
_DELETE_BEHAVIOURS = ("LOG", "DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE")
_MOST_SAMPLES = 249
_NOT_DONE = "The local Glue does not support this: "
_CONFIGURATION: dict[str, tuple[Any, ...]] = {
    "Version": (1.0,),
    "Grouping.TableGroupingPolicy": ("CombineCompatibleSchemas",),
    "CrawlerOutput.Partitions.AddOrUpdateBehavior": ("InheritFromTable",),
    "CrawlerOutput.Tables.AddOrUpdateBehavior": ("MergeNewColumns",),
    "CreatePartitionIndex": (False,),
}
"""Supported settings of a crawler's configuration: each path in its JSON, with its supported values."""


def check(request: Mapping[str, Any]) -> None:
    """Raises InvalidInputException for settings that Glue refuses, or that the local Glue does not support.

    Args:
        request: the parameters of CreateCrawler.
    """
    _check_targets(request.get("Targets") or {})
    _check_configuration(request.get("Configuration"))
    _check_policies(request.get("SchemaChangePolicy") or {}, request.get("RecrawlPolicy") or {})
    if request.get("Schedule"):
        check_schedule(request["Schedule"])
    if (request.get("LineageConfiguration") or {}).get("CrawlerLineageSettings") == "ENABLE":
        raise _invalid(f"{_NOT_DONE}CrawlerLineageSettings ENABLE")
    if (request.get("LakeFormationConfiguration") or {}).get("UseLakeFormationCredentials"):
        raise _invalid(f"{_NOT_DONE}UseLakeFormationCredentials; it has no Lake Formation")


def merges_new_columns(configuration: str | None) -> bool:
    """Whether the crawler keeps existing columns unchanged and adds new ones."""
    tables = (json.loads(configuration or "{}").get("CrawlerOutput") or {}).get("Tables") or {}
    return bool(tables.get("AddOrUpdateBehavior") == "MergeNewColumns")


def crawls_new_folders_only(recrawl_policy: Mapping[str, str] | None) -> bool:
    """Whether the crawler skips folders that it has crawled before."""
    return (recrawl_policy or {}).get("RecrawlBehavior") == "CRAWL_NEW_FOLDERS_ONLY"


def _invalid(reason: str) -> JsonRESTError:
    return JsonRESTError("InvalidInputException", reason)


def _check_targets(targets: Mapping[str, Any]) -> None:
    if other_kinds := [kind for kind, entries in targets.items() if entries and kind != "S3Targets"]:
        raise _invalid(f"The local Glue crawls S3 targets only, not {', '.join(other_kinds)}")
    if not targets.get("S3Targets"):
        raise _invalid(f"A crawler needs at least one S3 target: {dict(targets)}")
    for target in targets["S3Targets"]:
        if not re.fullmatch(r"s3://[^/]+(/.*)?", target.get("Path") or ""):
            raise _invalid(f"The path of an S3 target must look like s3://bucket/folder: {target.get('Path')!r}")
        if unknown := [name for name, value in target.items() if value and name not in _TARGET]:
            raise _invalid(f"{_NOT_DONE}{', '.join(unknown)} of an S3 target")
        size = target.get("SampleSize")
        if size is not None and not 1 <= size <= _MOST_SAMPLES:
            raise _invalid(f"SampleSize must be between 1 and {_MOST_SAMPLES}, not {size}")


_TARGET = ("Path", "Exclusions", "SampleSize")


def _check_configuration(configuration: str | None) -> None:
    if not configuration:
        return
    try:
        settings = json.loads(configuration)
        version = settings["Version"]
    except (ValueError, KeyError, TypeError):
        raise _invalid("Crawler configuration is not valid JSON with a Version") from None
    if version != 1.0:
        raise _invalid(f"Crawler configuration version {version} is not supported")
    for path, value in _leaves(settings):
        if path not in _CONFIGURATION:
            raise _invalid(f"{_NOT_DONE}{path} in a crawler's configuration")
        if value not in _CONFIGURATION[path]:
            raise _invalid(f"{_NOT_DONE}{path} {json.dumps(value)} in a crawler's configuration")


def _leaves(settings: Mapping[str, Any], path: str = "") -> list[tuple[str, Any]]:
    leaves: list[tuple[str, Any]] = []
    for name, value in settings.items():
        leaves += _leaves(value, f"{path}{name}.") if isinstance(value, dict) else [(f"{path}{name}", value)]
    return leaves


def _check_policies(change: Mapping[str, str], recrawl: Mapping[str, str]) -> None:
    for name, behaviours in (("UpdateBehavior", _UPDATE_BEHAVIOURS), ("DeleteBehavior", _DELETE_BEHAVIOURS)):
        if change.get(name) not in (None, *behaviours):
            raise _invalid(f"{name} must be one of {', '.join(behaviours)}, not {change[name]}")
    behaviour = recrawl.get("RecrawlBehavior", "CRAWL_EVERYTHING")
    if behaviour == "CRAWL_EVENT_MODE":
        raise _invalid(f"{_NOT_DONE}RecrawlBehavior CRAWL_EVENT_MODE; its S3 sends no events")
    if behaviour not in ("CRAWL_EVERYTHING", "CRAWL_NEW_FOLDERS_ONLY"):
        raise _invalid(f"RecrawlBehavior {behaviour} is not known")
    if behaviour == "CRAWL_NEW_FOLDERS_ONLY" and (change.get("UpdateBehavior"), change.get("DeleteBehavior")) != (
        "LOG",
        "LOG",
    ):
        raise _invalid(
            'The SchemaChangePolicy for "Crawl new folders only" Amazon S3 target can have only LOG DeleteBehavior '
            "value and LOG UpdateBehavior value."
        )
