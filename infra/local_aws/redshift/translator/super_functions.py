"""Which functions return SUPER, and what the others take a SUPER argument for."""

from __future__ import annotations

RETURN_SUPER = frozenset(
    """
    json_parse array object array_concat array_flatten subarray split_to_array object_transform array_distinct
    array_except array_intersection array_union array_sort
    rs.super rs.super_get rs.super_calculate
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)
RETURN_AN_ARGUMENT = frozenset(
    """
    min max nvl coalesce isnull nullif greatest least lag lead first_value last_value nth_value any_value
    """.split()  # noqa: SIM905
)
OF_ONE_TYPE = frozenset("coalesce nvl isnull nullif greatest least".split())  # noqa: SIM905
TAKE_TEXT = frozenset(
    """
    upper lower initcap len length char_length character_length octet_length ltrim rtrim btrim left right split_part
    replace reverse strpos charindex concat lpad rpad repeat replicate translate ascii md5 func_sha1 sha2 strtol
    regexp_substr regexp_replace regexp_count regexp_instr substr to_date to_timestamp to_number listagg
    dateadd datediff date_part date_trunc last_day next_day add_months months_between convert_timezone
    json_extract_path_text json_extract_array_element_text json_array_length is_valid_json is_valid_json_array
    split_to_array
    """.split()  # noqa: SIM905
)
TAKE_NUMBERS = frozenset(
    """
    sum avg stddev stddev_samp stddev_pop variance var_samp var_pop median mod power sqrt exp ln log dlog10 sign trunc
    cbrt sin cos tan ratio_to_report
    """.split()  # noqa: SIM905
)
# Source: https://docs.aws.amazon.com/redshift/latest/dg/operators-functions.html#arithmetic-functions
NUMBERS_TO_SUPER = frozenset("abs floor ceil ceiling round".split())  # noqa: SIM905
