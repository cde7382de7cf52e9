"""Functions of dates, times and texts, and the rows they give, in the form of `statements_that_work`."""

from __future__ import annotations

from .statements_that_work import Case, one

FUNCTIONS: list[Case] = [
    ("a year after 29 February is 1 March, and twelve months after it the 28th",
     *one("SELECT DATEADD(year, 1, '2020-02-29'), DATEADD(month, 12, '2020-02-29'), DATEADD(decade, 1, '2020-02-29'),"
          " DATEADD(year, 4, '2020-02-29'), DATEADD(year, -1, '2020-02-29')",
          "2021-03-01 00:00:00", "2021-02-28 00:00:00", "2030-03-01 00:00:00", "2024-02-29 00:00:00",
          "2019-03-01 00:00:00")),
    ("a short month ends dateadd on its last day",
     *one("SELECT DATEADD(month, 1, '2023-08-31')", "2023-09-30 00:00:00")),
    ("a time wraps at midnight", *one("SELECT DATEADD(hour, 3, TIME '22:30'), DATEADD(minute, -31, TIME '00:30')",
                                      "01:30:00", "23:59:00")),
    ("times with zones are compared in UTC",
     *one("SELECT DATEDIFF(hour, TIMETZ '22:00-02', TIMETZ '03:00+01'), DATEADD(hour, 1, TIMETZ '10:00-05')",
          "2", "16:00:00+00")),
    ("parts of a time", *one("SELECT EXTRACT(hour FROM TIME '21:05:09'), DATE_PART(min, TIME '21:05:09'),"
                             " EXTRACT(ms FROM TIME '21:05:09.25')", "21", "5", "250")),
    ("decades are counted from one, millennia and centuries end with their last year",
     *one("SELECT EXTRACT(decade FROM DATE '2024-05-01'), EXTRACT(mil FROM DATE '2001-01-01'),"
          " EXTRACT(century FROM DATE '1900-06-01')", "203", "3", "19")),
    ("months between count the time of the day, but not between equal days",
     *one("SELECT ROUND(MONTHS_BETWEEN('2024-03-16 12:00', '2024-02-01'), 4), MONTHS_BETWEEN('2024-03-01 18:00',"
          " '2024-02-01')", "1.5", "1")),
    ("comparisons", *one("SELECT DATE_CMP('2024-01-02', '2024-01-01'), TIMESTAMP_CMP_DATE('2024-01-01', '2024-01-01'),"
                         " INTERVAL_CMP('30 days', '1 month'), TIMESTAMPTZ_CMP('2024-01-01 00:00+01', '2024-01-01')",
                         "1", "0", "0", "-1")),
    ("to_date lets a day overflow unless it is strict",
     *one("SELECT TO_DATE('2023-02-30', 'YYYY-MM-DD'), TO_DATE('31/04/2023', 'DD/MM/YYYY', FALSE)",
          "2023-03-02", "2023-05-01")),
    ("to_timestamp lets a day overflow and keeps the time",
     *one("SELECT TO_TIMESTAMP('2023-02-29 13:45:10', 'YYYY-MM-DD HH24:MI:SS')", "2023-03-01 13:45:10+00")),
    ("date is a cast", *one("SELECT DATE('2024-02-10 13:00'), DATE_PART_YEAR(DATE '2024-02-10')", "2024-02-10",
                            "2024")),
    ("functions of text take numbers and dates",
     *one("SELECT UPPER(12.50), LEFT(DATE '2024-02-10', 4), REPEAT(7, 2), STRPOS(10.25, '.'), CHARINDEX('3', 123),"
          " REPLACE(2024, '0', '-')", "12.50", "2024", "77", "3", "3", "2-24")),
    ("soundex and difference", *one("SELECT SOUNDEX('Robert'), SOUNDEX('Tymczak'), SOUNDEX('7!'),"
                                    " DIFFERENCE('Robert', 'Rupert'), DIFFERENCE('Robert', '7!')",
                                    "R163", "T522", "", "4", "0")),
    ("octetindex counts bytes", *one("SELECT OCTETINDEX('d', 'äöüd'), OCTETINDEX('x', 'äöüd')", "7", "0")),
    ("bpcharcmp ignores trailing blanks",
     *one("SELECT BPCHARCMP('ab', 'ab  '), BTTEXT_PATTERN_CMP('b', 'a ')", "0", "1")),
    ("regexp_instr with an occurrence and the position after it",
     *one("SELECT REGEXP_INSTR('a1 b22 c333', '[0-9]+', 1, 2), REGEXP_INSTR('a1 b22 c333', '[0-9]+', 1, 2, 1),"
          " REGEXP_INSTR('A1 b2', '[a-z]', 1, 1, 0, 'i')", "5", "7", "1")),
    ("operators # and @", *one("SELECT 5 # 3, @ -7, @ (2 - 5) + 1", "6", "7", "4")),
    ("strtol reads 0x", *one("SELECT STRTOL('0xff', 16), STRTOL('-101', 2)", "255", "-5")),
]  # fmt: skip
