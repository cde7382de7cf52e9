"""SQL about values, types and comparisons, and what Redshift answers: plain data, as in `statements_that_work`.

A case is (name, statements, rows); `TYPES` gives the type name, precision and scale of a query's columns instead.
"""

from __future__ import annotations

from .statements_that_work import Case

SETUP = [
    "CREATE TABLE pairs (id INT, word VARCHAR(10), code CHAR(4), price DECIMAL(8,2), rate DECIMAL(8,4), big BIGINT,"
    " part SMALLINT, ratio FLOAT, day DATE, moment TIMESTAMP, flag BOOLEAN)",
    "INSERT INTO pairs VALUES"
    " (1, 'a', 'a', 10.00, 2.5, 7, 3, 1.5, '2024-01-31', '2024-01-31 10:00', true),"
    " (2, 'a  ', 'a', 0.07, 1.1, 8, 4, 2.5, '2024-02-29', '2024-02-29 11:00', false),"
    " (3, 'b', 'b', 3.33, 0.3333, 9, NULL, 0.5, '2024-03-02', '2024-03-02 12:00', NULL),"
    " (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
]

BLANKS: list[Case] = [
    ("blanks in = and <>", ["SELECT 'x' = 'x  ', 'x' <> 'x ', 'x  ' < 'x', '' = '  '"], [("t", "f", "f", "t")]),
    ("blanks are kept", ["SELECT word || '|', LENGTH(word), word LIKE 'a', word LIKE 'a%' FROM pairs WHERE id = 2"],
     [("a  |", "3", "f", "t")]),
    ("blanks in IN and BETWEEN",
     ["SELECT COUNT(*) FROM pairs WHERE word IN ('a ', 'c') AND word BETWEEN 'a    ' AND 'a'"], [("2",)]),
    ("blanks in a long IN list",
     ["SELECT COUNT(*) FROM pairs WHERE word IN ('a','c','d','e','f','g','h','i','j','k','l','m')"], [("2",)]),
    ("blanks in joins", ["SELECT COUNT(*) FROM pairs x JOIN pairs y ON x.word = y.word"], [("5",)]),
    ("blanks in USING", ["SELECT COUNT(*) FROM pairs x JOIN pairs y USING (word)"], [("5",)]),
    ("blanks in NATURAL JOIN",
     ["SELECT COUNT(*) FROM (SELECT word FROM pairs) x NATURAL JOIN (SELECT 'a   ' AS word) y"], [("2",)]),
    ("blanks in a FULL JOIN",
     ["SELECT COUNT(*) FROM pairs x FULL JOIN (SELECT 'a ' AS word) y ON x.word = y.word"], [("4",)]),
    ("blanks of CHAR against VARCHAR", ["SELECT COUNT(*) FROM pairs WHERE code = word"], [("3",)]),
    ("blanks in GROUP BY", ["SELECT COUNT(*) AS n FROM pairs GROUP BY word ORDER BY n"], [("1",), ("1",), ("2",)]),
    ("blanks in DISTINCT", ["SELECT COUNT(*) FROM (SELECT DISTINCT word FROM pairs)"], [("3",)]),
    ("blanks in COUNT(DISTINCT)", ["SELECT COUNT(DISTINCT word) FROM pairs"], [("2",)]),
    ("blanks in LISTAGG(DISTINCT)",
     ["SELECT REPLACE(LISTAGG(DISTINCT word, '-') WITHIN GROUP (ORDER BY word), ' ', '') FROM pairs"], [("a-b",)]),
    ("blanks in set operations",
     ["SELECT COUNT(*) FROM (SELECT word FROM pairs WHERE id < 3 UNION SELECT 'a ') x",], [("1",)]),
    ("blanks in INTERSECT and EXCEPT",
     ["SELECT (SELECT COUNT(*) FROM (SELECT word FROM pairs INTERSECT SELECT 'b  ') x),"
      " (SELECT COUNT(*) FROM (SELECT word FROM pairs EXCEPT SELECT 'b  ') y)"], [("1", "2")]),
    ("blanks in NULLIF, DECODE and CASE",
     ["SELECT NULLIF(word, 'a'), DECODE(word, 'a', 1, 2), CASE word WHEN 'a' THEN 1 ELSE 2 END FROM pairs WHERE"
       " id = 2"],
     [(None, "1", "1")]),
    ("blanks in PARTITION BY",
     ["SELECT id, ROW_NUMBER() OVER (PARTITION BY word ORDER BY id) FROM pairs WHERE word IS NOT NULL ORDER BY id"],
     [("1", "1"), ("2", "2"), ("3", "1")]),
    ("blanks in ORDER BY", ["SELECT id FROM pairs WHERE id < 4 ORDER BY word, id DESC"], [("2",), ("1",), ("3",)]),
    ("blanks in RANK", ["SELECT RANK() OVER (ORDER BY word) FROM pairs WHERE id < 3"], [("1",), ("1",)]),
    ("blanks in UPDATE", ["UPDATE pairs SET price = 0 WHERE word = 'a '", "SELECT SUM(price) FROM pairs"], [("3.33",)]),
    ("blanks in DELETE", ["DELETE FROM pairs WHERE word = 'a  '", "SELECT COUNT(*) FROM pairs"], [("2",)]),
    ("blanks in MERGE",
     ["CREATE TABLE fresh (word VARCHAR(10), price DECIMAL(8,2))", "INSERT INTO fresh VALUES ('b   ', 9), ('c', 1)",
      "MERGE INTO pairs USING fresh ON pairs.word = fresh.word WHEN MATCHED THEN UPDATE SET price = fresh.price"
      " WHEN NOT MATCHED THEN INSERT (word, price) VALUES (fresh.word, fresh.price)",
      "SELECT COUNT(*), SUM(price) FROM pairs WHERE word IN ('b', 'c')"], [("2", "10.00")]),
    ("blanks on a sort key",
     ["CREATE TABLE sorted (word VARCHAR(10) SORTKEY)", "INSERT INTO sorted VALUES ('a'), ('a '), ('b')",
      "SELECT COUNT(*) FROM sorted WHERE word = 'a  '"], [("2",)]),
    ("LIKE on a sort key sees blanks",
     ["CREATE TABLE sorted (word VARCHAR(10) SORTKEY)", "INSERT INTO sorted SELECT 'k' || id FROM pairs",
      "INSERT INTO sorted VALUES ('a'), ('a ')", "SELECT COUNT(*) FROM sorted WHERE word LIKE 'a'"], [("1",)]),
]  # fmt: skip

DECIMALS: list[Case] = [
    ("division of columns", ["SELECT price / rate, price / part, price / 3 FROM pairs WHERE id = 1"],
     [("4.0000000", "3.33333333", "3.3333333333333")]),
    ("division cuts digits off", ["SELECT CAST(2 AS DECIMAL(4,0)) / 3, CAST(-2 AS DECIMAL(4,0)) / 3"],
     [("0.66666666666", "-0.66666666666")]),
    ("division of integers", ["SELECT 7 / 2, -7 / 2, big / part FROM pairs WHERE id = 1"], [("3", "-3", "2")]),
    ("division of a subquery's column", ["SELECT q.total / 4 FROM (SELECT price + rate AS total FROM pairs"
      " WHERE id = 1) q"],
     [("3.125000000000000",)]),
    ("division of a common table's column",
     ["WITH q AS (SELECT price FROM pairs WHERE id = 1) SELECT price / 3 FROM q"], [("3.3333333333333",)]),
    ("division in WHERE", ["SELECT id FROM pairs WHERE price / 3 = 3.3333333333333"], [("1",)]),
    ("a wide quotient keeps 4 digits", ["SELECT SUM(price) / COUNT(*) FROM pairs"], [("3.3500",)]),
    ("a float makes a float", ["SELECT price / ratio FROM pairs WHERE id = 1"], [("6.666666666666667",)]),
    ("sums and products", ["SELECT price + rate, price - 1, price * rate, price % rate FROM pairs WHERE id = 1"],
     [("12.5000", "9.00", "25.000000", "0.0000")]),
    ("avg keeps the scale", ["SELECT AVG(price), AVG(rate), AVG(price * rate) FROM pairs"],
     [("4.46", "1.3111", "8.728963")]),
    ("avg of integers and floats", ["SELECT AVG(id), AVG(part), AVG(big), AVG(ratio) FROM pairs"],
     [("2", "3", "8", "1.5")]),
    ("avg over a window", ["SELECT AVG(price) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) FROM pairs ORDER BY"
      " id LIMIT 2"],
     [("10.00",), ("5.03",)]),
    ("avg of distinct values", ["SELECT AVG(DISTINCT price) FROM pairs"], [("4.46",)]),
    ("branches get one scale",
     ["SELECT COALESCE(price, 0), NVL(price, rate), CASE WHEN id = 1 THEN price ELSE 0 END, DECODE(id, 1, price, rate),"
      " GREATEST(price, rate, 1), NVL2(price, 1, rate) FROM pairs WHERE id IN (1, 4) ORDER BY id"],
     [("10.00", "10.0000", "10.00", "10.0000", "10.0000", "1.0000"), ("0.00", None, "0.00", None, "1.0000", None)]),
    ("set operations get one scale",
     ["SELECT price FROM pairs WHERE id = 1 UNION ALL SELECT rate FROM pairs WHERE id = 1 UNION ALL SELECT 3"],
     [("10.0000",), ("2.5000",), ("3.0000",)]),
    ("set operations of stars",
     ["CREATE TABLE one_place (n DECIMAL(5,1))", "INSERT INTO one_place VALUES (1.5)",
      "SELECT * FROM one_place UNION ALL SELECT price FROM pairs WHERE id = 1"], [("1.50",), ("10.00",)]),
    ("updates round to the column", ["UPDATE pairs SET price = price / 3 WHERE id = 1", "SELECT price FROM"
      " pairs WHERE id = 1"],
     [("3.33",)]),
    ("median of numbers",
     ["SELECT (SELECT MEDIAN(id) FROM pairs), (SELECT MEDIAN(price) FROM pairs)"], [("2.5", "3.33")]),
    ("median of dates and times", ["SELECT (SELECT MEDIAN(day) FROM pairs), (SELECT MEDIAN(moment) FROM pairs)"],
     [("2024-02-29", "2024-02-29 11:00:00")]),
    ("percentile from the other end",
     ["SELECT PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY id DESC) FROM pairs"], [("3.25",)]),
]  # fmt: skip

COERCIONS: list[Case] = [
    ("a text and a decimal", ["SELECT COUNT(*) FROM (SELECT '1.50' || '' AS v) x WHERE v = 1.5"], [("1",)]),
    ("a text and an integer are compared as texts",
     ["CREATE TABLE numbers (v VARCHAR(5))", "INSERT INTO numbers VALUES ('7'), ('07'), ('10')",
      "SELECT v = 7, v < 9 FROM numbers ORDER BY v"], [("f", "t"), ("f", "t"), ("t", "t")]),
    ("a text and a date",
     ["CREATE TABLE days (v VARCHAR(20))", "INSERT INTO days VALUES ('2024-01-31')",
      "SELECT id FROM pairs, days WHERE day = v"], [("1",)]),
    ("a boolean and an integer", ["SELECT id, flag = 1, id = flag FROM pairs WHERE id < 3 ORDER BY id"],
     [("1", "t", "t"), ("2", "f", "f")]),
    ("an integer as a condition", ["SELECT id FROM pairs WHERE 1 AND id = 1"], [("1",)]),
    ("joining numbers", ["SELECT id || big, price || '', 'n' || NULL FROM pairs WHERE id ="
      " 1"], [("17", "10.00", None)]),
    ("texts to numbers", ["SELECT TEXT_TO_INT_ALT('12-'), TEXT_TO_INT_ALT(' '), TEXT_TO_NUMERIC_ALT('0.125', 5, 2),"
                          " TEXT_TO_NUMERIC_ALT('3.5')"], [("-12", "0", "0.12", "4")]),
]  # fmt: skip

AGGREGATES: list[Case] = [
    ("listagg leaves empty texts out",
     ["SELECT LISTAGG(CASE id WHEN 1 THEN 'x' WHEN 2 THEN '' WHEN 3 THEN 'z' END, ',') WITHIN GROUP (ORDER BY"
       " id) FROM pairs"],
     [("x,z",)]),
    ("any_value and bits",
     ["SELECT ANY_VALUE(code), BIT_AND(id), BIT_OR(part), BIT_AND(flag), BIT_OR(flag) FROM pairs WHERE id < 3"],
     [("a   ", "0", "7", "f", "t")]),
    ("deviations are floats", ["SELECT STDDEV(id), VAR_POP(DISTINCT id) FROM pairs"], [("1.2909944487358056", "1.25")]),
    ("approximate percentile",
     ["SELECT APPROXIMATE PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY id) FROM pairs"], [("2",)]),
]  # fmt: skip

BYTES: list[Case] = [
    ("varbyte casts", ["SELECT TO_HEX('ä'::VARBYTE), 'hey'::VARBYTE::VARCHAR, TO_HEX(258::VARBYTE),"
      " TO_HEX(code::VARBYTE)"
                       " FROM pairs WHERE id = 1"], [("c3a4", "hey", "00000102", "61202020")]),
    ("varbyte formats",
     ["SELECT FROM_VARBYTE(TO_VARBYTE('6869', 'hex'), 'utf8'), FROM_VARBYTE(TO_VARBYTE('aGk=', 'base64'), 'hex'),"
      " FROM_VARBYTE(FROM_HEX('05'), 'binary'), FROM_VARBYTE(TO_VARBYTE('0000000100000010', 'binary'), 'hex')"],
     [("hi", "6869", "00000101", "0102")]),
    ("varbyte operators",
     ["SELECT TO_HEX(FROM_HEX('0f') & FROM_HEX('35')), TO_HEX(FROM_HEX('0f') | FROM_HEX('30')),"
      " TO_HEX(~ FROM_HEX('0f')), TO_HEX(FROM_HEX('01') + FROM_HEX('02')),"
      " TO_HEX(CONCAT(FROM_HEX('01'), FROM_HEX('02')))"],
     [("05", "3f", "f0", "0102", "0102")]),
    ("varbyte lengths and bits", ["SELECT LEN('äb'::VARBYTE), GETBIT(FROM_HEX('0102'), 1),"
      " GETBIT(FROM_HEX('0102'), 8)"],
     [("3", "1", "1")]),
    ("sha2 of bytes", ["SELECT SHA2('ab'::VARBYTE, 224) = SHA2('ab', 224)"], [("t",)]),
    ("hashes", ["SELECT FNV_HASH(1), FNV_HASH(1::BIGINT), FNV_HASH('ab', FNV_HASH('')) = FNV_HASH('ab'), CRC32('abc')"],
     [("-5968735742475085980", "-8517097267634966620", "t", "364b3fb7")]),
]  # fmt: skip

ALL = [*BLANKS, *DECIMALS, *COERCIONS, *AGGREGATES, *BYTES]

TYPES: list[tuple[str, list[tuple[str, int, int]]]] = [
    ("SELECT price / rate, price * big, SUM(price) OVER (), AVG(price) OVER () FROM pairs",
     [("numeric", 17, 7), ("numeric", 28, 2), ("numeric", 38, 2), ("numeric", 38, 2)]),
    ("SELECT SUM(id), SUM(big), AVG(id), COUNT(*), SUM(ratio), MAX(part) FROM pairs",
     [("int8", 19, 0), ("numeric", 38, 0), ("int8", 19, 0), ("int8", 19, 0), ("float8", 17, 17), ("int2", 5, 0)]),
    ("SELECT ROW_NUMBER() OVER (ORDER BY id), RANK() OVER (ORDER BY id), NTILE(2) OVER (ORDER BY id) FROM pairs",
     [("int8", 19, 0), ("int4", 10, 0), ("int8", 19, 0)]),
    ("SELECT UPPER(code), word, EXTRACT(year FROM day), EXTRACT(epoch FROM moment), SQRT(price), MEDIAN(id)"
      " OVER () FROM pairs",
     [("bpchar", 4, 0), ("varchar", 10, 0), ("int4", 10, 0), ("int8", 19, 0), ("float8", 17, 17), ("numeric", 0, 0)]),
    ("SELECT price FROM pairs UNION ALL SELECT rate FROM pairs", [("numeric", 10, 4)]),
    ("SELECT day, moment, flag, 'x'::VARBYTE FROM pairs",
     [("date", 13, 0), ("timestamp", 29, 6), ("bool", 1, 0), ("varbyte", 0, 0)]),
]  # fmt: skip

NAMES: list[tuple[str, list[str]]] = [
    ("SELECT DATEADD(day, 1, day), DATEDIFF(day, day, day), DATE_PART(year, day), EXTRACT(year FROM day) FROM pairs",
     ["date_add", "date_diff", "pgdate_part", "date_part"]),
    ("SELECT SYSDATE, CURRENT_DATE, GETDATE(), CURRENT_USER", ["timestamp", "date", "getdate", "current_user"]),
    ("SELECT 1, 'x', id + 1, id = 1, NOT flag, word || 'x', (SELECT 1) FROM pairs", ["?column?"] * 7),
    ("SELECT '1'::INT, 1.5::DECIMAL(3,1), CONVERT(VARCHAR(5), 'x'), 'x'::CHAR(2), id::BIGINT,"
      " UPPER(word)::CHAR(3) FROM pairs",
     ["int4", "numeric", "varchar", "bpchar", "id", "upper"]),
    ("SELECT NVL(id, 1), ISNULL(id, 1), NVL2(id, 1, 2), DECODE(id, 1, 2), CASE WHEN flag THEN 1 END,"
     " CASE WHEN flag THEN 1 ELSE id END FROM pairs", ["coalesce", "coalesce", "case", "case", "case", "id"]),
    ("SELECT MEDIAN(id), LISTAGG(word), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY id), APPROXIMATE"
      " COUNT(DISTINCT id),"
     " AVG(price) FROM pairs", ["median", "listagg", "percentile_cont", "count", "avg"]),
    ("SELECT TRIM(word), TRIM(LEADING 'x' FROM word), SUBSTRING(word FROM 1 FOR 1), RATIO_TO_REPORT(id) OVER ()"
      " FROM pairs",
     ["btrim", "ltrim", "substring", "ratio_to_report"]),
    ("SELECT q.lower FROM (SELECT LOWER(word) FROM pairs) q", ["lower"]),
]  # fmt: skip
