-- What a data product and its columns mean, for BI tools.
-- Written from ../products/20_v_users_masked.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW tickit.v_users_masked
IS 'One row per user, for analysts: where they live, what they like, and whether there is a way to reach them. What would name a person is masked as a whole: no initial, digit, domain or length of it is left. Null when there is none.';
COMMENT ON COLUMN tickit.v_users_masked.user_id
IS 'Number at the source; null for the unknown user';
COMMENT ON COLUMN tickit.v_users_masked.city
IS 'City as sent; does not match the state';
COMMENT ON COLUMN tickit.v_users_masked.state
IS 'State or province, postal code; does not match the city';
COMMENT ON COLUMN tickit.v_users_masked.likes_sports
IS 'Likes sports; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_theatre
IS 'Likes theatre; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_concerts
IS 'Likes concerts; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_jazz
IS 'Likes jazz; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_classical
IS 'Likes classical music; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_opera
IS 'Likes opera; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_rock
IS 'Likes rock; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_vegas
IS 'Likes Las Vegas shows; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_broadway
IS 'Likes Broadway shows; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.likes_musicals
IS 'Likes musicals; null when not said';
COMMENT ON COLUMN tickit.v_users_masked.username
IS '***** when there is one';
COMMENT ON COLUMN tickit.v_users_masked.first_name
IS '***** when there is one';
COMMENT ON COLUMN tickit.v_users_masked.last_name
IS '***** when there is one';
COMMENT ON COLUMN tickit.v_users_masked.email
IS '***** when there is one';
COMMENT ON COLUMN tickit.v_users_masked.phone
IS '***** when there is one';
