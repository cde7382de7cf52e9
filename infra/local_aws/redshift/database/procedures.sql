-- Functions that translated procedures call.
-- NONATOMIC procedures commit each statement, unless they run inside a caller's transaction or block.
CREATE OR REPLACE FUNCTION rs.commits_each_statement() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('rs.top_level_call', true), '') = 'on'
  AND coalesce(current_setting('rs.is_guarded', true), '') <> 'on' $$;

-- Shows the session that the call has committed something, so it can't be begun again.
CREATE OR REPLACE FUNCTION rs.note_commit() RETURNS void LANGUAGE plpgsql AS
$$ BEGIN PERFORM set_config('rs.has_committed', 'on', false); END $$;

-- The translation of dynamic SQL. PostgreSQL can't translate: if the session has not prepared a translation, the call
-- ends with an error that has the text, and the session translates it and calls again (infra/local_aws/redshift/calls.py).
CREATE OR REPLACE FUNCTION rs.translated(statement text) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE known text := current_setting('rs.sql_' || md5(statement), true); BEGIN
  IF coalesce(known, '') = '' AND statement IS NOT NULL THEN
    RAISE EXCEPTION 'dynamic SQL cannot be translated on this connection' USING ERRCODE = 'RS001', DETAIL = statement; END IF;
  RETURN known; END $$;
