"""The configuration parameters of a session: their defaults, and which of their values have an effect here.

Source: https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html
"""

from __future__ import annotations

PREFIX = "redshift."
"""PostgreSQL keeps a parameter that it does not know under this prefix."""

OWN = ("redshift.", "rs.")
"""Prefixes of the stand-in's own settings, which no statement may change."""

POSTGRES = frozenset(
    {
        "application_name",
        "client_encoding",
        "client_min_messages",
        "datestyle",
        "extra_float_digits",
        "search_path",
        "statement_timeout",
        "timezone",
    }
)
"""Parameters that PostgreSQL has as well."""

WITHOUT_EFFECT = {
    "analyze_threshold_percent": "10",
    "auto_analyze": "on",
    "enable_numeric_rounding": "on",
    "enable_result_cache_for_session": "on",
    "enable_vacuum_boost": "off",
    "max_concurrency_scaling_clusters": "1",
    "max_cursor_result_set_size": "0",
    "mv_enable_aqmv_for_session": "on",
    "pg_federation_repeatable_read": "on",
    "query_group": "unset",
    "spectrum_query_maxerror": "-1",
    "statement_timeout_ms": "0",
    "stored_proc_log_min_messages": "LOG",
    "use_fips_ssl": "off",
    "wlm_query_slot_count": "1",
}
"""Labels, and parameters about speed and resources: any value is accepted and shown. By name, with the default."""

FIXED = {
    "cast_super_null_on_error": "on",
    "default_geometry_encoding": "1",
    "describe_field_name_in_uppercase": "off",
    "downcase_delimited_identifier": "on",
    "enable_case_sensitive_identifier": "off",
    "error_on_nondeterministic_update": "off",
    "interval_forbid_composite_literals": "off",
    "json_serialization_enable": "off",
    "json_serialization_parse_nested_strings": "off",
    "navigate_super_null_on_error": "on",
    "parse_super_null_on_error": "off",
    "spectrum_enable_pseudo_columns": "on",
}
"""Parameters that change results. Only their defaults are supported. By name, with the default."""

WITH_EFFECT = {"enable_case_sensitive_super_attribute": "off"}
"""Parameters that functions of the warehouse read. By name, with the default."""

DEFAULTS = WITHOUT_EFFECT | FIXED | WITH_EFFECT

SHOWN = {
    "integer_datetimes": "on",
    "is_superuser": "",
    "max_identifier_length": "127",
    "server_encoding": "UNICODE",
    "server_version": "8.0.2",
    "session_authorization": "",
    "standard_conforming_strings": "off",
    "transaction_isolation": "serializable",
    "transaction_read_only": "",
}
"""Parameters that drivers ask for and never set. By name, with the value; empty for PostgreSQL's own."""

_BOOLEANS = {"true": "on", "yes": "on", "1": "on", "false": "off", "no": "off", "0": "off"}


def is_default(name: str, value: str) -> bool:
    """Whether a value of a fixed parameter is its default."""
    default = FIXED[name]
    plain = value.lower()
    return plain == default or (default in ("on", "off") and _BOOLEANS.get(plain) == default)
