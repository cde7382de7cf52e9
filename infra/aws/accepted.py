"""Accepts findings of cdk-nag, checkov and cfn-lint, each at its resource and with a reason.

The reasons are in the template, for the tools and for reviewers.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnResource, Validations
from constructs import Construct


def accept(construct: Construct, why: str, *rules: str) -> None:
    """Accept findings on one resource.

    Args:
        construct: the resource, or the construct around it.
        why: the reason, for reviewers of the template.
        *rules: the tools' names of the rules: `AwsSolutions-S1` for cdk-nag, `CKV_AWS_18` for checkov, `W3005` for
            cfn-lint.
    """
    resource: Any = construct if isinstance(construct, CfnResource) else construct.node.default_child
    for rule in rules:
        if rule.startswith("CKV"):
            skipped = (resource.get_metadata("checkov") or {}).get("skip", [])
            resource.add_metadata("checkov", {"skip": [*skipped, {"id": rule, "comment": why}]})
        elif rule.startswith("AwsSolutions"):
            known = (resource.get_metadata("cdk_nag") or {}).get("rules_to_suppress", [])
            resource.add_metadata("cdk_nag", {"rules_to_suppress": [*known, {"id": rule, "reason": why}]})
            # `Validations.acknowledge` refuses ids with '::', but all findings about one resource or action have it.
            resource.node.add_metadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, {rule: why})
        else:
            resource.add_metadata("cfn-lint", {"config": {"ignore_checks": [rule]}, "comment": why})
