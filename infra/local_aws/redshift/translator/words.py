"""Words of Redshift's SQL: those that are reserved, and those of other databases that sqlglot would read as keywords.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html
"""

from __future__ import annotations

RESERVED = frozenset(
    """
    aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 between binary
    blanksasnull both bytedict case cast check collate column constraint create credentials cross current_date
    current_time current_timestamp current_user current_user_id default deferrable defrag delta delta32k desc
    disable distinct do else emptyasnull enable encrypt encryption end except false for foreign freeze
    from full globaldict256 globaldict64k grant group having identity ignore ilike in initially inner intersect
    interval into is isnull join leading left like limit localtime localtimestamp lun luns lzo minus mostly16
    mostly32 mostly8 natural new not notnull null nulls off offset oid old on only open or order outer overlaps
    parallel partition percent permissions pivot placing primary raw readratio recover references rejectlog resort
    respect restore right select session_user similar snapshot some sysdate system table tag tdes text255 text32k then
    timestamp to top trailing true truncatecolumns union unique unnest unpivot user using verbose when where with
    without
    """.split()  # noqa: SIM905 - a page of words reads better than a page of quotes
)
"""A name that is one of these must be in double quotation marks.

AWS's page has nine more (BACKUP, BZIP2, DEFLATE, ENCODE, EXPLICIT, GZIP, LZOP, OFFLINE, WALLET). A cluster takes them
as names, as sqlfluff's own list of Redshift's words shows.
"""

# sqlglot's PostgreSQL tokenizer reads these as keywords or operators, and the parser turns them into something that
# PostgreSQL runs. As plain names, they are what they are to Redshift: a syntax error or an unknown type.
FOREIGN = frozenset(
    """
    {% {%+ {%- %} +%} -%} {{+ {{- +}} -}} == <=> ?:: |> := <-> <<->> ?? &< &> -|- ^@ @@ @? ?& ?| #-
    ANTI SEMI ASOF STRAIGHT_JOIN APPLY GLOB REGEXP RLIKE XOR SETTINGS
    BYTE INT1 TINYINT INT16 SHORT MEDIUMINT HUGEINT UHUGEINT INT32 INT64 INT128 INT256 LONG UINT UINT128 UINT256
    DECIMAL32 DECIMAL64 DECIMAL128 DECIMAL256 DECFLOAT BIGDECIMAL BIGNUMERIC BIGNUM NUMBER FIXED DOUBLE STR STRING
    LONGTEXT MEDIUMTEXT TINYTEXT CLOB LONGVARCHAR BLOB LONGBLOB MEDIUMBLOB TINYBLOB VARCHAR2 NVARCHAR2 TIME_NS
    TIMESTAMPLTZ TIMESTAMP_LTZ TIMESTAMPNTZ TIMESTAMP_NTZ LIST MAP NULLABLE STRUCT VARIANT VECTOR ENUM UUID XML JSON
    JSONB INET MONEY HSTORE POINT SERIAL BIGSERIAL SMALLSERIAL BYTEA BIT NAME USER-DEFINED
    INT4RANGE INT4MULTIRANGE INT8RANGE INT8MULTIRANGE NUMRANGE NUMMULTIRANGE TSRANGE TSMULTIRANGE TSTZRANGE
    TSTZMULTIRANGE DATERANGE DATEMULTIRANGE
    """.split()  # noqa: SIM905 - a page of words reads better than a page of quotes
) | {"CLUSTER BY", "DISTRIBUTE BY", "SORT BY", "PARTITIONED BY", "PARTITIONED_BY", "SQL SECURITY"}
