-- One row per user, for analysts: where users live, what they like, and whether they can be contacted.
-- Values that identify a person are masked completely, so that no initial, digit, domain or length remains. A missing
-- value is null.
-- user_label: Number, city and state of the user
-- username: ***** if there is one
-- first_name: ***** if there is one
-- last_name: ***** if there is one
-- email: ***** if there is one
-- phone: ***** if there is one
CREATE VIEW tickit.v_users_masked AS
SELECT
    u.user_id,
    u.city,
    u.state,
    u.likes_sports,
    u.likes_theatre,
    u.likes_concerts,
    u.likes_jazz,
    u.likes_classical,
    u.likes_opera,
    u.likes_rock,
    u.likes_vegas,
    u.likes_broadway,
    u.likes_musicals,
    CASE WHEN p.username <> '' THEN CAST('*****' AS VARCHAR(5)) END AS username,
    CASE WHEN p.first_name <> '' THEN CAST('*****' AS VARCHAR(5)) END AS first_name,
    CASE WHEN p.last_name <> '' THEN CAST('*****' AS VARCHAR(5)) END AS last_name,
    CASE WHEN p.email <> '' THEN CAST('*****' AS VARCHAR(5)) END AS email,
    CASE WHEN p.phone <> '' THEN CAST('*****' AS VARCHAR(5)) END AS phone,
    {{ user_label("User", "u.user_id", "u") }} AS user_label
FROM tickit.dim_user AS u
LEFT JOIN tickit.user_contacts AS p ON u.user_id = p.user_id
WHERE u.user_sk <> 0;
