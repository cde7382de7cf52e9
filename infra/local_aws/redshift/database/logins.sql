-- Who may log in, and with what. Only the administrator reads these tables, as in Redshift.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html

-- A user without a row, or without a verifier, has no password: only temporary passwords open sessions.
-- `verifier` is `sha256|<digest>|<salt>` or `md5<digest>`, as Redshift keeps it; the clear text is nowhere.
CREATE TABLE IF NOT EXISTS rs.logins (
  user_id oid PRIMARY KEY, verifier text, valid_until timestamptz, syslog_access text,
  external_id text UNIQUE);
-- Temporary passwords of IAM: bound to a login name, and to a database unless that is NULL.
CREATE TABLE IF NOT EXISTS rs.temporary_passwords (
  login text NOT NULL, digest bytea NOT NULL, database text, user_name text NOT NULL, creates_user boolean NOT NULL,
  groups text[] NOT NULL, expires_at timestamptz NOT NULL, PRIMARY KEY (login, digest));
-- Groups that a user joined by a temporary password, until that expires.
CREATE TABLE IF NOT EXISTS rs.temporary_members (
  user_name text NOT NULL, group_name text NOT NULL, expires_at timestamptz NOT NULL, PRIMARY KEY (user_name, group_name));
-- System permissions of roles: https://docs.aws.amazon.com/redshift/latest/dg/r_roles-system-privileges.html
CREATE TABLE IF NOT EXISTS rs.system_permissions (role_id oid, permission text, PRIMARY KEY (role_id, permission));
-- Users, groups and roles are all roles of PostgreSQL. This distinguishes groups from roles.
CREATE TABLE IF NOT EXISTS rs.principals (role_id oid PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('group', 'role')));
REVOKE ALL ON rs.logins, rs.temporary_passwords, rs.temporary_members FROM PUBLIC;
-- A user with a password may change it, and nothing else of it.
GRANT SELECT (user_id), UPDATE (verifier) ON rs.logins TO PUBLIC;
ALTER TABLE rs.logins ENABLE ROW LEVEL SECURITY;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_policies WHERE schemaname = 'rs' AND policyname = 'own_login') THEN
  CREATE POLICY own_login ON rs.logins USING (user_id = current_user::regrole::oid AND verifier IS NOT NULL); END IF; END $$;

GRANT SELECT ON rs.principals, rs.system_permissions TO PUBLIC;

CREATE OR REPLACE FUNCTION rs.is_superuser(who text DEFAULT current_user) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = who), false) $$;
-- Whether a user is a superuser, or has a role with a system permission.
CREATE OR REPLACE FUNCTION rs.has_system_permission(wanted text, who text DEFAULT current_user) RETURNS boolean
LANGUAGE sql STABLE AS
$$ SELECT rs.is_superuser(who) OR EXISTS (SELECT FROM rs.system_permissions p JOIN pg_roles r ON r.oid = p.role_id
  WHERE p.permission = wanted AND pg_has_role(who, r.oid, 'USAGE')) $$;
CREATE OR REPLACE FUNCTION rs.require_permission(wanted text, act text, who text DEFAULT current_user) RETURNS void
LANGUAGE plpgsql STABLE AS $$ BEGIN IF NOT rs.has_system_permission(wanted, who) THEN
  RAISE EXCEPTION 'must be superuser to %', act USING ERRCODE = '42501'; END IF; END $$;

-- What kind of principal a role of PostgreSQL is; NULL if there is none.
CREATE OR REPLACE FUNCTION rs.kind_of(wanted text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN r.rolcanlogin THEN 'user' ELSE coalesce(p.kind, 'role') END
  FROM pg_roles r LEFT JOIN rs.principals p ON p.role_id = r.oid WHERE r.rolname = wanted $$;
CREATE OR REPLACE FUNCTION rs.require_principal(wanted text, kind text) RETURNS void LANGUAGE plpgsql STABLE AS
$$ BEGIN IF rs.kind_of(wanted) IS DISTINCT FROM kind THEN
  RAISE EXCEPTION '% "%" does not exist', kind, wanted USING ERRCODE = '42704'; END IF; END $$;
CREATE OR REPLACE FUNCTION rs.require_new_name(wanted text) RETURNS void LANGUAGE plpgsql STABLE AS
$$ BEGIN IF rs.kind_of(wanted) IS NOT NULL THEN
  RAISE EXCEPTION '% "%" already exists', rs.kind_of(wanted), wanted USING ERRCODE = '42710'; END IF; END $$;

-- The options of CREATE and ALTER USER, as an object: superuser, createdb (booleans), connections, session_timeout,
-- verifier (text, or null to disable the password), valid_until, syslog_access, external_id.
CREATE OR REPLACE FUNCTION rs._set_user(name text, options jsonb) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE id oid := name::regrole::oid; BEGIN
  IF options ? 'superuser' THEN
    EXECUTE format('ALTER ROLE %I %s', name, CASE WHEN (options ->> 'superuser')::boolean THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END);
  END IF;
  IF options ? 'createdb' THEN
    EXECUTE format('ALTER ROLE %I %s', name, CASE WHEN (options ->> 'createdb')::boolean THEN 'CREATEDB' ELSE 'NOCREATEDB' END);
  END IF;
  IF options ? 'connections' THEN
    EXECUTE format('ALTER ROLE %I CONNECTION LIMIT %s', name, (options ->> 'connections')::int);
  END IF;
  IF options ? 'session_timeout' THEN  -- in seconds
    EXECUTE format('ALTER ROLE %I SET idle_session_timeout = %L', name, coalesce(options ->> 'session_timeout', '0') || 's');
  END IF;
  IF options ? 'verifier' AND options ->> 'verifier' IS NULL AND rs.is_superuser(name) THEN
    RAISE EXCEPTION 'cannot disable the password of superuser "%"', name USING ERRCODE = '0LP01'; END IF;
  INSERT INTO rs.logins (user_id) VALUES (id) ON CONFLICT DO NOTHING;
  UPDATE rs.logins SET
    verifier = CASE WHEN options ? 'verifier' THEN options ->> 'verifier' ELSE verifier END,
    valid_until = CASE WHEN options ? 'valid_until' THEN (options ->> 'valid_until')::timestamptz ELSE valid_until END,
    syslog_access = CASE WHEN options ? 'syslog_access' THEN options ->> 'syslog_access' ELSE syslog_access END,
    external_id = CASE WHEN options ? 'external_id' THEN options ->> 'external_id' ELSE external_id END
  WHERE user_id = id; END $$;
CREATE OR REPLACE FUNCTION rs._create_user(name text, options jsonb) RETURNS void LANGUAGE plpgsql AS
$$ BEGIN EXECUTE format('CREATE ROLE %I LOGIN', name); PERFORM rs._set_user(name, options); END $$;

-- A user with the system permission CREATE USER or ALTER USER is no superuser, and can't make one: these run as the
-- administrator, after they have checked the session's user.
CREATE OR REPLACE FUNCTION rs._create_user_by_permission(name text, options jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN
  PERFORM rs.require_permission('CREATE USER', 'create users', session_user);
  IF (options ->> 'superuser')::boolean THEN PERFORM rs.require_permission('', 'create superusers', session_user); END IF;
  PERFORM rs._create_user(name, options); END $$;
CREATE OR REPLACE FUNCTION rs._alter_user_by_permission(name text, options jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN
  PERFORM rs.require_permission('ALTER USER', 'alter users', session_user);
  IF rs.is_superuser(name) OR options ? 'superuser' THEN
    PERFORM rs.require_permission('', 'alter superusers', session_user); END IF;
  PERFORM rs._set_user(name, options); END $$;
CREATE OR REPLACE FUNCTION rs._drop_user_by_permission(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN
  PERFORM rs.require_permission('DROP USER', 'drop users', session_user);
  IF rs.is_superuser(name) THEN PERFORM rs.require_permission('', 'drop superusers', session_user); END IF;
  PERFORM rs.require_principal(name, 'user');
  EXECUTE format('DROP ROLE %I', name); DELETE FROM rs.logins WHERE user_id NOT IN (SELECT oid FROM pg_roles); END $$;

CREATE OR REPLACE FUNCTION rs.create_user(name text, options jsonb) RETURNS void LANGUAGE plpgsql AS
$$ BEGIN
  PERFORM rs.require_permission('CREATE USER', 'create users'), rs.require_new_name(name);
  IF rs.is_superuser() THEN PERFORM rs._create_user(name, options);
  ELSE PERFORM rs._create_user_by_permission(name, options); END IF; END $$;
-- Everyone may change the own password, unless it is disabled.
CREATE OR REPLACE FUNCTION rs.alter_user(name text, options jsonb) RETURNS void LANGUAGE plpgsql AS
$$ BEGIN
  PERFORM rs.require_principal(name, 'user');
  IF rs.is_superuser() THEN PERFORM rs._set_user(name, options);
  ELSIF rs.has_system_permission('ALTER USER') THEN PERFORM rs._alter_user_by_permission(name, options);
  ELSIF name = current_user AND options - 'verifier' = '{}' AND options ->> 'verifier' IS NOT NULL THEN
    UPDATE rs.logins SET verifier = options ->> 'verifier' WHERE user_id = name::regrole::oid;
    IF NOT FOUND THEN RAISE EXCEPTION 'the password of user "%" is disabled', name USING ERRCODE = '42501'; END IF;
  ELSE PERFORM rs.require_permission('ALTER USER', 'alter users'); END IF; END $$;
CREATE OR REPLACE FUNCTION rs.drop_user(name text, if_exists boolean) RETURNS void LANGUAGE plpgsql AS
$$ BEGIN
  PERFORM rs.require_permission('DROP USER', 'drop users');
  IF if_exists AND rs.kind_of(name) IS DISTINCT FROM 'user' THEN RETURN; END IF;
  PERFORM rs.require_principal(name, 'user');
  IF name = session_user THEN RAISE EXCEPTION 'current user cannot be dropped' USING ERRCODE = '55006'; END IF;
  IF rs.is_superuser() THEN EXECUTE format('DROP ROLE %I', name);
    DELETE FROM rs.logins WHERE user_id NOT IN (SELECT oid FROM pg_roles);
  ELSE PERFORM rs._drop_user_by_permission(name); END IF;
EXCEPTION WHEN dependent_objects_still_exist THEN
  RAISE EXCEPTION 'user "%" cannot be dropped because some objects depend on it', name USING ERRCODE = '2BP01'; END $$;

-- Groups and roles: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_GROUP.html, r_CREATE_ROLE.html
CREATE OR REPLACE FUNCTION rs._create_principal(name text, kind text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN
  PERFORM rs.require_permission(CASE kind WHEN 'role' THEN 'CREATE ROLE' ELSE '' END, 'create ' || kind || 's', session_user);
  EXECUTE format('CREATE ROLE %I NOLOGIN', name);
  IF NOT rs.is_superuser(session_user) THEN EXECUTE format('GRANT %I TO %I WITH ADMIN OPTION, INHERIT FALSE, SET FALSE', name, session_user); END IF;
  INSERT INTO rs.principals VALUES (name::regrole::oid, kind); END $$;
CREATE OR REPLACE FUNCTION rs._drop_principal(name text, kind text, force boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$ DECLARE member text; BEGIN
  PERFORM rs.require_permission(CASE kind WHEN 'role' THEN 'DROP ROLE' ELSE '' END, 'drop ' || kind || 's', session_user);
  PERFORM rs.require_principal(name, kind);
  FOR member IN SELECT m.member::regrole FROM pg_auth_members m WHERE m.roleid = name::regrole AND kind = 'role' LOOP
    IF NOT force THEN RAISE EXCEPTION 'cannot drop role "%" because it is granted to %; use FORCE', name, member USING ERRCODE = '2BP01'; END IF;
  END LOOP;
  IF force THEN EXECUTE format('DROP OWNED BY %I', name); END IF;
  DELETE FROM rs.principals WHERE role_id = name::regrole::oid;
  DELETE FROM rs.system_permissions WHERE role_id = name::regrole::oid;
  BEGIN EXECUTE format('DROP ROLE %I', name);
  EXCEPTION WHEN dependent_objects_still_exist THEN RAISE EXCEPTION
    '% "%" cannot be dropped because the % has a privilege on some object', kind, name, kind USING ERRCODE = '2BP01'; END; END $$;
CREATE OR REPLACE FUNCTION rs.create_principal(name text, kind text) RETURNS void LANGUAGE sql AS
$$ SELECT rs.require_permission(CASE kind WHEN 'role' THEN 'CREATE ROLE' ELSE '' END, 'create ' || kind || 's'),
  rs.require_new_name(name), rs._create_principal(name, kind) $$;
CREATE OR REPLACE FUNCTION rs.drop_principal(name text, kind text, force boolean) RETURNS void LANGUAGE sql AS
$$ SELECT rs.require_permission(CASE kind WHEN 'role' THEN 'DROP ROLE' ELSE '' END, 'drop ' || kind || 's'),
  rs._drop_principal(name, kind, force) $$;

-- System permissions. Those that PostgreSQL knows are granted there too.
CREATE OR REPLACE FUNCTION rs.set_system_permission(name text, permissions text[], is_granted boolean) RETURNS void
LANGUAGE plpgsql AS $$ DECLARE id oid; BEGIN
  PERFORM rs.require_permission('', 'grant or revoke system permissions'), rs.require_principal(name, 'role');
  id := name::regrole::oid;
  IF is_granted THEN INSERT INTO rs.system_permissions SELECT id, unnest(permissions) ON CONFLICT DO NOTHING;
  ELSE DELETE FROM rs.system_permissions WHERE role_id = id AND permission = ANY(permissions); END IF;
  IF EXISTS (SELECT FROM rs.system_permissions WHERE role_id = id AND permission IN ('ANALYZE', 'VACUUM')) THEN
    EXECUTE format('GRANT pg_maintain TO %I', name); ELSE EXECUTE format('REVOKE pg_maintain FROM %I', name); END IF;
  EXECUTE format('%s CREATE ON DATABASE %I %s %I', CASE WHEN EXISTS (SELECT FROM rs.system_permissions
    WHERE role_id = id AND permission = 'CREATE SCHEMA') THEN 'GRANT' ELSE 'REVOKE' END, current_database(),
    CASE WHEN EXISTS (SELECT FROM rs.system_permissions WHERE role_id = id AND permission = 'CREATE SCHEMA') THEN 'TO' ELSE 'FROM' END, name);
END $$;

-- ALTER … RENAME TO. An MD5 digest has the old name in it, so the password must be set again.
CREATE OR REPLACE FUNCTION rs.rename_principal(name text, new_name text, kind text) RETURNS void LANGUAGE plpgsql AS
$$ BEGIN
  PERFORM rs.require_permission('', 'rename ' || kind || 's'), rs.require_principal(name, kind), rs.require_new_name(new_name);
  EXECUTE format('ALTER ROLE %I RENAME TO %I', name, new_name);
  UPDATE rs.logins SET verifier = NULL WHERE user_id = new_name::regrole::oid AND verifier LIKE 'md5%'; END $$;

-- SYSLOG ACCESS UNRESTRICTED and ACCESS SYSTEM TABLE show the rows of all users in the system tables.
CREATE OR REPLACE FUNCTION rs.sees_all_rows() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT rs.has_system_permission('ACCESS SYSTEM TABLE', session_user) OR EXISTS (SELECT FROM rs.logins
  WHERE user_id = session_user::regrole::oid AND syslog_access = 'UNRESTRICTED') $$;
DO $$ DECLARE tab text; BEGIN FOREACH tab IN ARRAY ARRAY['sys_query_history', 'load_errors', 'loads', 'unloads'] LOOP
  IF NOT EXISTS (SELECT FROM pg_policies WHERE schemaname = 'rs' AND tablename = tab AND policyname = 'all_rows') THEN
    EXECUTE format('CREATE POLICY all_rows ON rs.%I FOR SELECT USING (rs.sees_all_rows())', tab); END IF; END LOOP; END $$;
CREATE OR REPLACE FUNCTION rs.current_user_id() RETURNS int LANGUAGE sql STABLE AS
$$ SELECT current_user::regrole::oid::int $$;
