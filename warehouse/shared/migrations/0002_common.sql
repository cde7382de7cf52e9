-- Conformed dimensions, shared by all stars.
CREATE SCHEMA common;

-- Whole numbers from 0, used to split lists without a loop.
CREATE TABLE common.numbers (
    n INTEGER NOT NULL ENCODE RAW,
    PRIMARY KEY (n)
)
DISTSTYLE ALL
SORTKEY (n);

INSERT INTO common.numbers (n)
WITH digits AS (
    SELECT 0 AS d
    UNION ALL SELECT 1
    UNION ALL SELECT 2
    UNION ALL SELECT 3
    UNION ALL SELECT 4
    UNION ALL SELECT 5
    UNION ALL SELECT 6
    UNION ALL SELECT 7
    UNION ALL SELECT 8
    UNION ALL SELECT 9
)

SELECT ten_thousands.d * 10000 + thousands.d * 1000 + hundreds.d * 100 + tens.d * 10 + ones.d
FROM digits AS ten_thousands
CROSS JOIN digits AS thousands
CROSS JOIN digits AS hundreds
CROSS JOIN digits AS tens
CROSS JOIN digits AS ones
WHERE ten_thousands.d < 2;

-- Every day from 2000-01-01 to 2050-12-31, and key 0 for an unknown date.
CREATE TABLE common.dim_date (
    date_key INTEGER NOT NULL ENCODE RAW,
    date DATE ENCODE AZ64,
    year INTEGER ENCODE AZ64,
    quarter INTEGER ENCODE AZ64,
    month INTEGER ENCODE AZ64,
    month_name VARCHAR(9) ENCODE ZSTD,
    day_of_month INTEGER ENCODE AZ64,
    day_of_year INTEGER ENCODE AZ64,
    weekday VARCHAR(9) ENCODE ZSTD,
    weekday_sort INTEGER ENCODE AZ64,
    iso_week INTEGER ENCODE AZ64,
    is_weekend BOOLEAN ENCODE RAW,
    year_month CHAR(7) ENCODE ZSTD,
    PRIMARY KEY (date_key)
)
DISTSTYLE ALL
SORTKEY (date_key);

INSERT INTO common.dim_date (
    date_key,
    date,
    year,
    quarter,
    month,
    month_name,
    day_of_month,
    day_of_year,
    weekday,
    weekday_sort,
    iso_week,
    is_weekend,
    year_month
)
WITH days AS (
    SELECT CAST(DATEADD(DAY, n, CAST('2000-01-01' AS DATE)) AS DATE) AS day
    FROM common.numbers
)

SELECT
    CAST(TO_CHAR(day, 'YYYYMMDD') AS INTEGER),
    day,
    CAST(DATE_PART(YEAR, DAY) AS INTEGER),
    CAST(DATE_PART(QUARTER, DAY) AS INTEGER),
    CAST(DATE_PART(MONTH, DAY) AS INTEGER),
    TRIM(TO_CHAR(day, 'Month')),
    CAST(DATE_PART(DAY, DAY) AS INTEGER),
    CAST(DATE_PART(DOY, DAY) AS INTEGER),
    TRIM(TO_CHAR(day, 'Day')),
    CAST(CASE WHEN DATE_PART(DOW, DAY) = 0 THEN 7 ELSE DATE_PART(DOW, DAY) END AS INTEGER),
    CAST(TO_CHAR(day, 'IW') AS INTEGER),
    DATE_PART(DOW, DAY) IN (0, 6),
    TO_CHAR(day, 'YYYY-MM')
FROM days
WHERE day <= CAST('2050-12-31' AS DATE);

INSERT INTO common.dim_date (date_key, month_name, weekday, year_month)
VALUES (0, 'Unknown', 'Unknown', 'Unknown');

COMMENT ON TABLE common.dim_date IS 'One row per day, 2000 to 2050; date_key is YYYYMMDD, 0 for an unknown date';
COMMENT ON COLUMN common.dim_date.weekday_sort IS '1 is Monday, 7 is Sunday';

CREATE SCHEMA staging;
