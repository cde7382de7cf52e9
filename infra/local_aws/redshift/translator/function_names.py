"""The supported functions and their PostgreSQL equivalents. A function that is not listed is an error.

There are three kinds: functions that are the same in both databases; functions with a twin in schema `rs`, because
PostgreSQL's own returns something else or does not exist; and PostgreSQL's functions that Redshift refuses.
"""

from __future__ import annotations

SAME = frozenset(
    """
    abs ceil ceiling floor mod pi random sign
    grouping count sum min max bool_and bool_or any_value
    percentile_cont percentile_disc
    row_number rank dense_rank percent_rank cume_dist ntile first_value last_value nth_value lag lead
    coalesce nullif greatest least
    ascii btrim char_length character_length chr initcap left length lower lpad md5 octet_length
    quote_ident quote_literal repeat replace reverse right rpad strpos substr substring translate
    upper
    to_char to_number age timezone
    current_database current_schema current_user session_user version pg_backend_pid has_table_privilege
    has_schema_privilege user
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)

FLOATING = frozenset(
    """
    acos asin atan atan2 cbrt cos cot degrees exp ln log power radians sin sqrt tan
    stddev stddev_samp stddev_pop variance var_samp var_pop
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)
"""Functions of PostgreSQL's that return DOUBLE PRECISION in Redshift, whatever number they get."""

TWIN = frozenset(
    """
    getdate sysdate last_day next_day add_months months_between trunc convert_timezone timeofday to_date to_timestamp
    date date_part_year interval_cmp date_cmp date_cmp_timestamp date_cmp_timestamptz timestamp_cmp timestamp_cmp_date
    timestamp_cmp_timestamptz timestamptz_cmp timestamptz_cmp_date timestamptz_cmp_timestamp
    bpcharcmp bttext_pattern_cmp octetindex soundex difference dlog1
    concat len charindex replicate strtol func_sha1 sha2 regexp_replace regexp_substr regexp_count regexp_instr
    split_part ltrim rtrim round dlog10 avg
    json_extract_array_element_text json_array_length is_valid_json is_valid_json_array
    json_parse can_json_parse json_serialize json_typeof is_array is_object is_scalar is_varchar get_array_length
    is_smallint is_integer is_bigint is_decimal is_float is_boolean is_char decimal_precision decimal_scale json_size
    array_concat array_flatten subarray split_to_array
    pg_last_copy_count pg_last_copy_id pg_last_unload_count pg_last_unload_id pg_last_query_id
    bit_and bit_or from_hex to_hex from_varbyte to_varbyte getbit fnv_hash crc32
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)

# Functions of text that take a value of any type, cast to VARCHAR: how many of their first arguments are texts.
# Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html#r_Type_conversion
TEXT_ARGUMENTS = {
    "btrim": 2, "charindex": 2, "initcap": 1, "left": 1, "lower": 1, "lpad": 1, "ltrim": 2, "regexp_count": 2,
    "regexp_instr": 2, "regexp_replace": 3, "regexp_substr": 2, "repeat": 1, "replace": 3, "replicate": 1, "reverse": 1,
    "right": 1, "rpad": 1, "rtrim": 2, "soundex": 1, "split_part": 2, "strpos": 2, "strtol": 1, "translate": 3,
    "upper": 1,
}  # fmt: skip

ALIASES = {
    "sha": "func_sha1", "sha1": "func_sha1", "textlen": "len", "dexp": "exp", "dsqrt": "sqrt", "date_add": "dateadd",
    "date_diff": "datediff", "pgdate_part": "date_part", "pow": "power", "dpow": "power",
    "grouping_id": "grouping",
}  # fmt: skip

# Functions that depend on the time or are random: Redshift refuses them in a materialized view with AUTO REFRESH.
MUTABLE = frozenset({"getdate", "sysdate", "current_date", "current_timestamp", "timeofday", "random", "now", "age"})

REFUSED = {
    "string_agg": "use LISTAGG",
    "array_agg": "use LISTAGG or SPLIT_TO_ARRAY",
    "array_to_string": "arrays are not supported",
    "string_to_array": "arrays are not supported",
    "unnest": "arrays are not supported",
    "generate_series": "it runs on the leader node only and cannot be joined to tables; use a numbers table",
    "generate_subscripts": "it does not exist",
    "json_agg": "it does not exist", "jsonb_agg": "it does not exist", "json_build_object": "it does not exist",
    "jsonb_build_object": "it does not exist", "row_to_json": "it does not exist", "to_json": "it does not exist",
    "to_jsonb": "it does not exist", "json_object_agg": "it does not exist",
    "every": "use BOOL_AND", "make_date": "use TO_DATE", "make_timestamp": "use TO_TIMESTAMP",
    "make_interval": "it does not exist", "date_bin": "use DATE_TRUNC", "justify_days": "it does not exist",
    "clock_timestamp": "use GETDATE", "statement_timestamp": "use SYSDATE", "transaction_timestamp": "use SYSDATE",
    "now": "use GETDATE or SYSDATE", "gen_random_uuid": "it does not exist", "uuid_generate_v4": "it does not exist",
    "format": "it does not exist; concatenate with ||", "concat_ws": "it does not exist; concatenate with ||",
    "regexp_matches": "use REGEXP_SUBSTR", "regexp_split_to_table": "it does not exist",
    "regexp_split_to_array": "it does not exist", "regexp_match": "use REGEXP_SUBSTR", "mode": "it does not exist",
    "width_bucket": "it does not exist", "bit_length": "use OCTET_LENGTH",
    "nextval": "sequences are not supported", "currval": "sequences are not supported",
    "setval": "sequences are not supported", "lastval": "sequences are not supported", "encode": "use TO_HEX",
    "ifnull": "use NVL", "if": "use CASE", "iif": "use CASE", "pg_sleep": "it does not exist",
    "digest": "use SHA2", "position_in": "use POSITION",
}  # fmt: skip

_UNITS = {
    "microsecond": "us microsec microsecs microsecond microseconds usec usecond",
    "millisecond": "ms msec msecs msecond mseconds millisec millisecs millisecond milliseconds millisecon",
    "second": "s sec secs second seconds",
    "minute": "m min mins minute minutes",
    "hour": "h hr hrs hour hours",
    "day": "d day days",
    "week": "w week weeks",
    "month": "mon mons month months",
    "quarter": "q qtr qtrs quarter quarters",
    "year": "y yr yrs year years",
    "decade": "dec decs decade decades",
    "century": "c cent cents century centuries",
    "millennium": "mil mils millennium millennia",
}
UNITS = {word: unit for unit, words in _UNITS.items() for word in words.split()}
PARTS = UNITS | {
    "dow": "dow", "dw": "dow", "weekday": "dow", "dayofweek": "dow", "doy": "doy", "dayofyear": "doy", "yearday": "doy",
    "epoch": "epoch", "timezone": "timezone", "timezone_hour": "timezone_hour", "timezone_minute": "timezone_minute",
}  # fmt: skip
