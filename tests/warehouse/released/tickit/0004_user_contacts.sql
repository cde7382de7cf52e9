-- Personal data, apart from all else that is known of users: analysts have no right to it, and read v_users_masked.
CREATE TABLE tickit.user_contacts (
    user_id INTEGER NOT NULL ENCODE RAW,
    username VARCHAR(8) ENCODE ZSTD,
    first_name VARCHAR(30) ENCODE ZSTD,
    last_name VARCHAR(30) ENCODE ZSTD,
    email VARCHAR(100) ENCODE ZSTD,
    phone VARCHAR(14) ENCODE ZSTD,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (user_id)
)
DISTSTYLE KEY
DISTKEY (user_id)
SORTKEY (user_id);
