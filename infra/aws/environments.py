"""In what the environments differ: sizes, limits, money, and how precious the data is. Nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Environment:
    """One installation of Boxoffice in an account.

    Attributes:
        name: suffix of every resource's name; `BOXOFFICE_ENVIRONMENT` of whatever runs there.
        network: IPv4 range of the warehouse's private network.
        analysts: IPv4 ranges, outside that network, from which BI tools may reach the warehouse: a VPN, a peering.
        base_capacity: RPUs that the warehouse starts with.
        max_capacity: the most RPUs that a busy hour may take.
        daily_rpu_hours: what a day may take; with it used up, the warehouse stops until midnight UTC and tells people.
        monthly_dollars: the account's budget.
        log_days: days that logs are kept.
        keep_data: whether buckets, warehouse and key outlive the stack.
    """

    name: str
    network: str
    base_capacity: int
    max_capacity: int
    daily_rpu_hours: int
    monthly_dollars: int
    log_days: int
    keep_data: bool
    analysts: tuple[str, ...] = ()


DEV = Environment(
    name="dev",
    network="10.40.0.0/24",
    base_capacity=8,
    max_capacity=16,
    daily_rpu_hours=24,
    monthly_dollars=200,
    log_days=30,
    keep_data=False,
)
PROD = Environment(
    name="prod",
    network="10.41.0.0/24",
    base_capacity=32,
    max_capacity=128,
    daily_rpu_hours=256,
    monthly_dollars=2000,
    log_days=365,
    keep_data=True,
)
ENVIRONMENTS = {environment.name: environment for environment in (DEV, PROD)}
