"""The only differences between environments: sizes, limits, budget, and whether data is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Environment:
    """One installation of Boxoffice in an account.

    Attributes:
        name: the suffix of all resource names, and the value of `BOXOFFICE_ENVIRONMENT` for programs that use it.
        network: the IPv4 range of the warehouse's private network.
        analysts: IPv4 ranges outside that network that BI tools may connect from, such as a VPN or a peered network.
        base_capacity: the warehouse's base capacity in RPUs.
        max_capacity: the warehouse's maximum capacity in RPUs.
        daily_rpu_hours: the limit per day. After that the warehouse stops until midnight UTC and sends an alert.
        monthly_dollars: the account's budget.
        log_days: the number of days that logs are kept.
        keep_data: whether the buckets, the warehouse and the key are kept when the stack is deleted.
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
