"""Redshift SQL and the rows it gives: plain data, so that a statement is added in one line.

A case is (name, statements, rows): the statements run in order in a schema of their own that is the search path, with
the tables of `SETUP`; the last one's rows, as texts the way psql prints them (None is NULL), must be equal.
"""

from __future__ import annotations

SETUP = [
    "CREATE TABLE sales (sale_id BIGINT, customer_id INT, amount NUMERIC(12,2), qty INT, sold_at TIMESTAMP,"
    " note VARCHAR(20), payload SUPER)",
    "INSERT INTO sales SELECT 1, 1, 10.00, 1, TIMESTAMP '2024-01-31 10:00', 'a',"
    """ JSON_PARSE('{"items":[{"sku":"A1","price":5.5}],"tag":"t"}')""",
    "INSERT INTO sales SELECT 2, 1, 20.00, 2, TIMESTAMP '2024-02-29 11:30', 'b',"
    """ JSON_PARSE('{"items":[{"sku":"B1","price":7},{"sku":"B2","price":8}]}')""",
    "INSERT INTO sales SELECT 3, 2, 30.00, 4, TIMESTAMP '2024-03-31 23:59:59', NULL, NULL",
    "CREATE TABLE cust (id INT, email VARCHAR(100))",
    "INSERT INTO cust VALUES (1, 'a@x'), (2, 'b@x')",
    "CREATE TABLE stage (id INT, email VARCHAR(100))",
    "INSERT INTO stage VALUES (2, 'new@x'), (3, 'c@x')",
]

Row = tuple[str | None, ...]
Case = tuple[str, list[str], list[Row]]


def one(sql: str, *values: str | None) -> tuple[list[str], list[Row]]:
    """A SELECT of one row."""
    return [sql], [values]


QUERIES: list[Case] = [
    ("dateadd", *one("SELECT DATEADD(month, 1, DATE '2024-01-31'), DATEADD('day', -1, '2024-03-01')",
                     "2024-02-29 00:00:00", "2024-02-29 00:00:00")),
    ("dateadd of a timestamp keeps the time", *one("SELECT DATEADD(hr, 5, TIMESTAMP '2024-01-01 20:30')",
                                                   "2024-01-02 01:30:00")),
    ("datediff counts boundaries",
     *one("SELECT DATEDIFF(day, '2024-01-31 23:00'::timestamp, '2024-02-01 01:00'::timestamp),"
          " DATEDIFF(year, DATE '2023-12-31', DATE '2024-01-01'), DATEDIFF(month, '2024-01-31', '2024-02-01'),"
          " DATEDIFF(qtr, DATE '2024-03-31', DATE '2024-04-01')", "1", "1", "1", "1")),
    ("datediff week begins on Sunday",
     *one("SELECT DATEDIFF(week, DATE '2024-01-06', DATE '2024-01-07'), DATEDIFF(w, DATE '2024-01-07',"
          " DATE '2024-01-13')", "1", "0")),
    ("datediff goes backwards", *one("SELECT DATEDIFF(hour, '2024-01-01 11:01', '2024-01-01 09:59')", "-2")),
    ("date_part and extract",
     *one("SELECT DATE_PART(dow, DATE '2024-01-07'), EXTRACT(qtr FROM DATE '2024-05-01'),"
          " DATE_PART('epoch', TIMESTAMP '1970-01-02'), EXTRACT(week FROM DATE '2024-01-01')", "0", "2", "86400", "1")),
    ("date_trunc gives a timestamp", *one("SELECT DATE_TRUNC('month', DATE '2024-02-15')", "2024-02-01 00:00:00")),
    ("trunc of a timestamp is a date", *one("SELECT TRUNC(TIMESTAMP '2024-02-10 11:00'), TRUNC(2.7), TRUNC(2.789, 2)",
                                            "2024-02-10", "2", "2.78")),
    ("add_months keeps month ends", *one("SELECT ADD_MONTHS(DATE '2024-02-29', 1), ADD_MONTHS(DATE '2024-01-31', 1)",
                                         "2024-03-31 00:00:00", "2024-02-29 00:00:00")),
    ("months_between, last_day, next_day",
     *one("SELECT MONTHS_BETWEEN(DATE '2024-03-31', DATE '2024-02-29'), LAST_DAY(DATE '2024-02-10'),"
          " NEXT_DAY(DATE '2024-02-10', 'Tuesday')", "1", "2024-02-29", "2024-02-13")),
    ("convert_timezone",
     *one("SELECT CONVERT_TIMEZONE('UTC', 'America/New_York', TIMESTAMP '2024-07-01 12:00:00'),"
          " CONVERT_TIMEZONE('America/Chicago', TIMESTAMP '2024-01-01 12:00:00')",
          "2024-07-01 08:00:00", "2024-01-01 06:00:00")),
    ("getdate has no fraction and no zone", *one("SELECT GETDATE() = DATE_TRUNC('second', GETDATE()::TIMESTAMP),"
                                                 " DATEDIFF(minute, SYSDATE, GETDATE()) IN (0, 1)", "t", "t")),
    ("to_char, to_date", *one("SELECT TO_CHAR(TIMESTAMP '2024-02-01 13:05','YYYYMMDD HH24:MI'),"
                              " TO_DATE('20240201','YYYYMMDD'), TO_NUMBER('12.3','99D9')",
                              "20240201 13:05", "2024-02-01", "12.3")),
    ("interval and date arithmetic",
     *one("SELECT DATE '2024-01-31' + INTERVAL '1 month', TIMESTAMP '2024-01-01' - INTERVAL '36 hours',"
          " DATE '2024-03-05' - DATE '2024-03-01', DATE '2024-03-01' + 2",
          "2024-02-29 00:00:00", "2023-12-30 12:00:00", "4", "2024-03-03")),
    ("nvl, nvl2, isnull", *one("SELECT NVL(NULL, 1), NVL2(NULL, 1, 2), NVL2('x', 1, 2), ISNULL(NULL, 5)",
                               "1", "2", "1", "5")),
    ("decode knows NULL", *one("SELECT DECODE(2, 1, 'a', 2, 'b', 'c'), DECODE(NULL, NULL, 'n', 'x'), DECODE(9, 1, 'a')",
                               "b", "n", None)),
    ("greatest ignores NULL", *one("SELECT GREATEST(1, NULL, 3), LEAST(2, NULL)", "3", "2")),
    ("concat with NULL is NULL", *one("SELECT CONCAT('a', NULL), CONCAT('a', 'b'), 'a' || 1", None, "ab", "a1")),
    ("strings", *one("SELECT LEN('abc'), CHARINDEX('b', 'abc'), STRPOS('abc', 'c'), SPLIT_PART('a-b', '-', 2),"
                     " BTRIM(' x '), REPLICATE('a', 3), LEFT('abc', 2), STRTOL('ff', 16), INITCAP('ab cd')",
                     "3", "2", "3", "b", "x", "aaa", "ab", "255", "Ab Cd")),
    ("special forms of strings", *one("SELECT POSITION('b' IN 'abc'), SUBSTRING('abcd', 2, 2), TRIM('  x '),"
                                      " LTRIM('xxa', 'x'), REVERSE('ab')", "2", "bc", "x", "a", "ba")),
    ("hashes", *one("SELECT FUNC_SHA1('a'), SHA1('a'), MD5('a'), SHA2('a', 256)",
                    "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8",
                    "0cc175b9c0f1b6a831c399e269772661",
                    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")),
    ("regular expressions", *one("SELECT REGEXP_SUBSTR('ab12', '[0-9]+'), REGEXP_SUBSTR('ab', '[0-9]+'),"
                                 " REGEXP_COUNT('a1b2', '[0-9]'), REGEXP_REPLACE('a1b2', '[0-9]', '#'),"
                                 " REGEXP_REPLACE('ab', '(a)(b)', '$2$1'), REGEXP_INSTR('ab1', '[0-9]')",
                                 "12", "", "2", "a#b#", "ba", "3")),
    ("backslashes escape", *one(r"SELECT 'a\'b', 'it''s', 'a\\b'", "a'b", "it's", r"a\b")),
    ("like and posix", *one("SELECT 'AbC' ILIKE 'a%', 'abc' SIMILAR TO '(a|b)%', 'abc' !~ '^z', 'abc' ~ 'b'",
                            "t", "t", "t", "t")),
    ("char ignores trailing blanks", *one("SELECT 'a'::CHAR(3) = 'a', 'a'::CHAR(3) || 'b', LEN('a'::CHAR(3))",
                                          "t", "ab", "1")),
    ("varchar cast cuts bytes", *one("SELECT 'äöü'::VARCHAR(4), 'abc'::VARCHAR(2), 'abc'::VARCHAR", "äö", "ab", "abc")),
    ("try_cast", *one("SELECT TRY_CAST('x' AS INT), TRY_CAST('7' AS INT), TRY_CAST('2024-13-01' AS DATE)",
                      None, "7", None)),
    ("casts", *one("SELECT CONVERT(INTEGER, '12'), CAST('1' AS INT2), 2.5::DECIMAL, '2024-01-01'::DATE, TRUE::INT",
                   "12", "1", "3", "2024-01-01", "1")),
    ("integer division", *one("SELECT 7/2, 7%3, MOD(7, 3)", "3", "1", "1")),
    ("rounding of floats", *one("SELECT ROUND(2.5::FLOAT8), ROUND(0.125::FLOAT8, 2), ROUND(2.345, 2)",
                                "3", "0.13", "2.35")),
    ("avg of integers is an integer", ["SELECT AVG(qty), AVG(sale_id), SUM(amount), COUNT(*) FROM sales"],
     [("2", "2", "60.00", "3")]),
    ("listagg", ["SELECT customer_id, LISTAGG(note, ', ') WITHIN GROUP (ORDER BY sale_id DESC) FROM sales"
                 " GROUP BY 1 ORDER BY 1"], [("1", "b, a"), ("2", None)]),
    ("listagg distinct", ["SELECT LISTAGG(DISTINCT customer_id, '|') WITHIN GROUP (ORDER BY customer_id) FROM sales"],
     [("1|2",)]),
    ("listagg over a partition", ["SELECT sale_id, LISTAGG(note, ',') WITHIN GROUP (ORDER BY sale_id DESC)"
                                  " OVER (PARTITION BY customer_id) FROM sales ORDER BY 1"],
     [("1", "b,a"), ("2", "b,a"), ("3", None)]),
    ("median and percentile", ["SELECT MEDIAN(amount), PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY amount) FROM sales"],  # noqa: E501
     [("20.00", "15.00")]),
    ("percentile over a partition",
     ["SELECT sale_id, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY amount) OVER (PARTITION BY customer_id),"
      " MEDIAN(qty) OVER (PARTITION BY customer_id) FROM sales ORDER BY 1"],
     [("1", "15.00", "1.5"), ("2", "15.00", "1.5"), ("3", "30.00", "4.0")]),
    ("approximate count", ["SELECT APPROXIMATE COUNT(DISTINCT customer_id) FROM sales"], [("2",)]),
    ("ratio_to_report", ["SELECT sale_id, RATIO_TO_REPORT(amount) OVER (PARTITION BY customer_id) FROM sales"
                         " WHERE sale_id > 1 ORDER BY 1"], [("2", "1"), ("3", "1")]),
    ("qualify", ["SELECT customer_id, sale_id FROM sales QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id"
                 " ORDER BY sold_at DESC) = 1 ORDER BY 1"], [("1", "2"), ("2", "3")]),
    ("last_value ignore nulls", ["SELECT sale_id, LAST_VALUE(note IGNORE NULLS) OVER (ORDER BY sale_id"
                                 " ROWS UNBOUNDED PRECEDING) FROM sales ORDER BY 1"],
     [("1", "a"), ("2", "b"), ("3", "b")]),
    ("lag and lead ignore nulls",
     ["SELECT sale_id, LAG(note, 1) IGNORE NULLS OVER (ORDER BY sale_id), LEAD(note) IGNORE NULLS OVER"
      " (ORDER BY sale_id) FROM sales ORDER BY 1"],
     [("1", None, "b"), ("2", "a", None), ("3", "b", None)]),
    ("running sum", ["SELECT sale_id, SUM(qty) OVER (ORDER BY sale_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
                     " FROM sales ORDER BY 1"], [("1", "1"), ("2", "3"), ("3", "7")]),
    ("top and minus", ["SELECT TOP 1 sale_id FROM sales ORDER BY sale_id DESC"], [("3",)]),
    ("set operations", ["SELECT id FROM cust MINUS SELECT id FROM stage"], [("1",)]),
    ("nulls last", ["SELECT customer_id FROM (SELECT 1 AS customer_id UNION ALL SELECT NULL) AS c"
                    " ORDER BY customer_id ASC NULLS LAST"], [("1",), (None,)]),
    ("rollup", ["SELECT customer_id, SUM(amount) FROM sales GROUP BY ROLLUP(customer_id) ORDER BY 1 NULLS FIRST"],
     [(None, "60.00"), ("1", "30.00"), ("2", "30.00")]),
    ("recursive with a column list", ["WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 3)"
                                      " SELECT SUM(i) FROM n"], [("6",)]),
    ("correlated by equality", ["SELECT id, (SELECT COUNT(*) FROM sales s WHERE s.customer_id = c.id) FROM cust c"
                                " ORDER BY 1"], [("1", "2"), ("2", "1")]),
    ("exists with more conditions", ["SELECT id FROM cust c WHERE NOT EXISTS (SELECT 1 FROM sales s"
                                     " WHERE s.customer_id = c.id AND s.amount > 25) ORDER BY 1"], [("1",)]),
    ("names fold to lower case", ['SELECT "ID" AS "Mixed" FROM CUST WHERE "Email" = \'a@x\''], [("1",)]),
    ("keywords as names", ['CREATE TABLE kw ("order" INT, "user" INT)', 'INSERT INTO kw ("order", "user") VALUES (1, 2)',  # noqa: E501
                           'SELECT k."order", k."user" FROM kw k'], [("1", "2")]),
    ("json in text", *one("""SELECT JSON_EXTRACT_PATH_TEXT('{"a":{"b":"x"}}', 'a', 'b'),"""
                          """ JSON_EXTRACT_ARRAY_ELEMENT_TEXT('[10,20]', 1), IS_VALID_JSON('{bad'),"""
                          """ JSON_ARRAY_LENGTH('[1,2,3]'), JSON_EXTRACT_PATH_TEXT('bad', 'a', TRUE)""",
                          "x", "20", "f", "3", None)),
    ("super navigation", ["SELECT s.payload.items[0].sku::VARCHAR, s.payload.tag::VARCHAR, s.payload.nothing"
                          " FROM sales s WHERE s.sale_id = 1"], [("A1", "t", None)]),
    ("super unnesting", ["SELECT s.sale_id, i.sku::VARCHAR, i.price::DECIMAL(10,2) FROM sales s, s.payload.items i"
                         " ORDER BY 1, 2"], [("1", "A1", "5.50"), ("2", "B1", "7.00"), ("2", "B2", "8.00")]),
    ("super functions", *one("""SELECT JSON_SERIALIZE(OBJECT('k', 1, 'z', ARRAY(1, 'b'))),"""
                             """ JSON_TYPEOF(JSON_PARSE('[1]')), GET_ARRAY_LENGTH(JSON_PARSE('[1,2]')),"""
                             """ IS_ARRAY(JSON_PARSE('{}'))""", '{"k":1,"z":[1,"b"]}', "array", "2", "f")),
    ("system views", ["SELECT column_name, data_type, character_maximum_length FROM svv_columns WHERE table_name = 'cust'"  # noqa: E501
                      " AND table_schema = CURRENT_SCHEMA() ORDER BY ordinal_position"],
     [("id", "integer", None), ("email", "character varying", "100")]),
]  # fmt: skip

CHANGES: list[Case] = [
    ("merge", ["MERGE INTO cust USING stage s ON cust.id = s.id WHEN MATCHED THEN UPDATE SET email = s.email"
               " WHEN NOT MATCHED THEN INSERT (id, email) VALUES (s.id, s.email)", "SELECT * FROM cust ORDER BY id"],
     [("1", "a@x"), ("2", "new@x"), ("3", "c@x")]),
    ("merge delete, insert without columns",
     ["MERGE INTO cust USING stage ON cust.id = stage.id WHEN MATCHED THEN DELETE"
      " WHEN NOT MATCHED THEN INSERT VALUES (stage.id, stage.email)", "SELECT * FROM cust ORDER BY id"],
     [("1", "a@x"), ("3", "c@x")]),
    ("merge remove duplicates", ["INSERT INTO stage VALUES (2, 'new@x')",
                                 "MERGE INTO cust USING stage ON cust.id = stage.id REMOVE DUPLICATES",
                                 "SELECT * FROM cust ORDER BY id"], [("1", "a@x"), ("2", "new@x"), ("3", "c@x")]),
    ("delete using", ["DELETE FROM cust USING stage s WHERE cust.id = s.id", "SELECT id FROM cust"], [("1",)]),
    ("update from", ["UPDATE cust SET email = s.email FROM stage s WHERE cust.id = s.id",
                     "SELECT email FROM cust ORDER BY id"], [("a@x",), ("new@x",)]),
    ("insert default", ["CREATE TABLE d (a INT, b VARCHAR(5) DEFAULT 'x', c TIMESTAMP DEFAULT GETDATE())",
                        "INSERT INTO d VALUES (1, DEFAULT, DEFAULT)", "SELECT a, b, c IS NOT NULL FROM d"],
     [("1", "x", "t")]),
    ("keys are not enforced", ["CREATE TABLE k (id INT PRIMARY KEY, u INT UNIQUE, c INT REFERENCES cust (id))",
                               "INSERT INTO k VALUES (1, 1, 99), (1, 1, 99)", "SELECT COUNT(*) FROM k"], [("2",)]),
    ("identity by default takes a value",
     ["CREATE TABLE i (sk BIGINT GENERATED BY DEFAULT AS IDENTITY(1,1), n INT)", "INSERT INTO i (sk, n) VALUES (0, 1)",
      "INSERT INTO i (n) VALUES (2)", "SELECT n, sk > 0 FROM i ORDER BY n"], [("1", "f"), ("2", "t")]),
    ("distribution and sort keys are read",
     ["CREATE TABLE f (a BIGINT IDENTITY(1,1) NOT NULL ENCODE az64, b INT NOT NULL ENCODE az64 DISTKEY,"
      " c TIMESTAMP SORTKEY, e VARCHAR(MAX), PRIMARY KEY (a)) DISTSTYLE KEY", "INSERT INTO f (b) VALUES (5)",
      "SELECT b, c FROM f"], [("5", None)]),
    ("create table as", ["CREATE TABLE c1 DISTKEY(customer_id) SORTKEY(d) AS SELECT customer_id, MIN(TRUNC(sold_at)) d"
                         " FROM sales GROUP BY 1", "SELECT d FROM c1 ORDER BY 1"], [("2024-01-31",), ("2024-03-31",)]),
    ("like", ["CREATE TABLE l (LIKE cust INCLUDING DEFAULTS)", "INSERT INTO l SELECT * FROM cust",
              "SELECT COUNT(*) FROM l"], [("2",)]),
    ("like, and columns of its own", ["CREATE TEMP TABLE l2 (LIKE cust, was_there BOOLEAN NOT NULL, is_there BOOLEAN)",
     "INSERT INTO l2 SELECT c.*, TRUE FROM cust AS c", "SELECT COUNT(*) FROM l2 WHERE was_there AND is_there IS NULL"],
     [("2",)]),
    ("temporary tables", ["CREATE TEMP TABLE t1 (LIKE cust)", "CREATE TABLE #t2 AS SELECT * FROM cust",
                          "INSERT INTO t1 SELECT * FROM #t2", "SELECT COUNT(*) FROM t1"], [("2",)]),
    ("alter table", ["ALTER TABLE cust ADD COLUMN n INT DEFAULT 7", "ALTER TABLE cust RENAME COLUMN n TO m",
                     "ALTER TABLE cust ALTER COLUMN email TYPE VARCHAR(300)", "SELECT m FROM cust"], [("7",), ("7",)]),
    ("alter table append", ["ALTER TABLE cust APPEND FROM stage", "SELECT (SELECT COUNT(*) FROM cust),"
                            " (SELECT COUNT(*) FROM stage)"], [("4", "0")]),
    ("views", ["CREATE OR REPLACE VIEW v AS SELECT id FROM cust", "SELECT COUNT(*) FROM v"],
     [("2",)]),
    ("comments on views, materialized or not, and their columns",
     ["CREATE VIEW v AS SELECT id FROM cust", "CREATE MATERIALIZED VIEW mv AS SELECT id FROM cust",
      "COMMENT ON VIEW v IS 'it''s a view'", "COMMENT ON VIEW mv IS 'kept'", "COMMENT ON COLUMN mv.id IS 'whose'",
      "COMMENT ON COLUMN v.id IS NULL",
      "SELECT t.table_name, t.table_type, t.remarks, c.remarks FROM svv_tables t JOIN svv_columns c"
      " ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
      " WHERE t.table_schema = CURRENT_SCHEMA() AND t.table_name IN ('v', 'mv') ORDER BY 1"],
     [("mv", "VIEW", "kept", "whose"), ("v", "VIEW", "it's a view", None)]),
    ("materialized views",
     ["CREATE MATERIALIZED VIEW mv BACKUP NO DISTSTYLE KEY DISTKEY (customer_id) SORTKEY (d) AUTO REFRESH YES AS"
      " SELECT customer_id, TRUNC(sold_at) d, SUM(amount) a FROM sales GROUP BY 1, 2",
      "DELETE FROM sales WHERE customer_id = 1", "REFRESH MATERIALIZED VIEW mv", "SELECT a FROM mv"], [("30.00",)]),
    ("truncate", ["TRUNCATE TABLE cust", "SELECT COUNT(*) FROM cust"], [("0",)]),
    ("maintenance", ["ANALYZE cust PREDICATE COLUMNS", "VACUUM SORT ONLY cust TO 99 PERCENT",
                     "SET query_group TO 'etl'", "LOCK TABLE cust", "COMMENT ON TABLE cust IS 'it''s'", "SELECT 1"],
     [("1",)]),
    ("every vacuum", ["VACUUM", "VACUUM cust", "VACUUM FULL cust BOOST", "VACUUM DELETE ONLY cust TO 75 PERCENT",
                      "VACUUM SORT ONLY cust", "VACUUM REINDEX cust", "VACUUM RECLUSTER cust",
                      "SELECT COUNT(*) FROM cust"], [("2",)]),
    ("every analyze", ["ANALYZE", "ANALYZE cust", "ANALYZE cust (id, email)", "ANALYZE VERBOSE cust ALL COLUMNS",
                       "ANALYZE PREDICATE COLUMNS", "SELECT COUNT(*) FROM cust"], [("2",)]),
    ("sql functions", ["CREATE FUNCTION f_tax(NUMERIC(12,2), FLOAT) RETURNS FLOAT STABLE AS $$ SELECT $1 * $2 $$"
                       " LANGUAGE sql", "SELECT CURRENT_SCHEMA() = ''"], [("f",)]),
]  # fmt: skip

_LOG = """CREATE OR REPLACE PROCEDURE sp(p_min IN INT, p_rows INOUT INT) AS $$
DECLARE v_cnt INTEGER := 0; v_email VARCHAR(50); rec RECORD;
BEGIN
  %s
END;
$$ LANGUAGE plpgsql SECURITY INVOKER"""

PROCEDURES: list[Case] = [
    ("row count and INOUT", [_LOG % """DELETE FROM cust WHERE id >= p_min; GET DIAGNOSTICS v_cnt := ROW_COUNT;
       p_rows := NVL(v_cnt, 0);""", "CALL sp(2, 0)"], [("1",)]),
    ("select into, if, raise info", [_LOG % """SELECT INTO v_email email FROM cust WHERE id = p_min;
       IF v_email IS NULL THEN p_rows := -1; ELSIF LEN(v_email) = 3 THEN p_rows := 3; ELSE p_rows := 0; END IF;
       RAISE INFO 'found % at %', v_email, GETDATE();""", "CALL sp(1, 0)"], [("3",)]),
    ("loops", [_LOG % """p_rows := 0; FOR i IN 1..3 LOOP p_rows := p_rows + i; END LOOP;
       FOR rec IN SELECT id FROM cust ORDER BY id LOOP p_rows := p_rows + rec.id; END LOOP;
       WHILE p_rows < 20 LOOP p_rows := p_rows + 10; EXIT WHEN p_rows > 100; END LOOP;""", "CALL sp(1, 0)"], [("29",)]),
    ("merge through a temporary table", [_LOG % """DROP TABLE IF EXISTS tmp;
       CREATE TEMP TABLE tmp AS SELECT * FROM stage;
       MERGE INTO cust USING tmp ON cust.id = tmp.id WHEN MATCHED THEN UPDATE SET email = tmp.email
       WHEN NOT MATCHED THEN INSERT (id, email) VALUES (tmp.id, tmp.email); GET DIAGNOSTICS p_rows := ROW_COUNT;""",
                                         "CALL sp(1, 0)"], [("2",)]),
    ("argument names may change", [_LOG % "p_rows := 1;", (_LOG % "p_all := 2;").replace("p_rows", "p_all"),
                                   "CALL sp(1, 0)"], [("2",)]),
    ("a procedure calls another", [_LOG % "p_rows := p_min * 2;",
                                   "CREATE PROCEDURE outer_sp(p INOUT INT) AS $$ BEGIN CALL sp(21, p); END; $$"
                                   " LANGUAGE plpgsql", "CALL outer_sp(0)"], [("42",)]),
    ("the clock moves inside", [_LOG % """v_email := GETDATE()::VARCHAR; p_rows := 0;
       WHILE v_email = GETDATE()::VARCHAR AND p_rows < 100000000 LOOP p_rows := p_rows + 1; END LOOP;
       p_rows := DATEDIFF(second, v_email::TIMESTAMP, GETDATE());""", "CALL sp(1, 0)"], [("1",)]),
    ("a handler may raise again", [_LOG % """BEGIN p_rows := 1 / (p_min - 1); EXCEPTION WHEN OTHERS THEN
       RAISE EXCEPTION 'failed: %', SQLERRM; END;""", "CALL sp(2, 0)"], [("1",)]),
    ("truncate commits", [_LOG % "TRUNCATE cust; p_rows := 0;", "CALL sp(1, 0)"], [("0",)]),
    ("nonatomic", [(_LOG % "DELETE FROM cust; p_rows := 5;").replace(" AS $$", " NONATOMIC AS $$"), "CALL sp(1, 0)"],
     [("5",)]),
]  # fmt: skip

ALL = [*QUERIES, *CHANGES, *PROCEDURES]
