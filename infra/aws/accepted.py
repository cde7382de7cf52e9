"""Findings of cdk-nag, checkov and cfn-lint that are accepted, each where it arises and with its reason.

The reasons go into the template, where the tools, and whoever reviews it, read them.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnResource, Validations
from constructs import Construct


def accept(construct: Construct, why: str, *rules: str) -> None:
    """Accept findings on one resource.

    Args:
        construct: the resource, or the construct around it.
        why: the reason, for whoever reviews the template.
        *rules: as the tool names them: `AwsSolutions-S1` of cdk-nag, `CKV_AWS_18` of checkov, `W3005` of cfn-lint.
    """
    resource: Any = construct if isinstance(construct, CfnResource) else construct.node.default_child
    for rule in rules:
        if rule.startswith("CKV"):
            skipped = (resource.get_metadata("checkov") or {}).get("skip", [])
            resource.add_metadata("checkov", {"skip": [*skipped, {"id": rule, "comment": why}]})
        elif rule.startswith("AwsSolutions"):
            known = (resource.get_metadata("cdk_nag") or {}).get("rules_to_suppress", [])
            resource.add_metadata("cdk_nag", {"rules_to_suppress": [*known, {"id": rule, "reason": why}]})
            # `Validations.acknowledge` refuses ids with '::', which all findings on one resource or action have.
            resource.node.add_metadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, {rule: why})
        else:
            resource.add_metadata("cfn-lint", {"config": {"ignore_checks": [rule]}, "comment": why})
