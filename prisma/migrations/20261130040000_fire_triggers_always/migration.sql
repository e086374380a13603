-- What the schema language can't say.

-- Logical replication's apply, and restore scripts, set `session_replication_role` to `replica`, where ordinary triggers
-- don't fire: a key revoked in such a session stayed good, because its team's version stood. So every trigger that renews
-- a version, or guards or chains the audit log, fires always. The two that count calls don't: their rows are replicated.

-- Apply fires triggers for each row and none for each statement. Where it updates a team many times over, once is enough:
-- a team's row that this transaction has written already has a new version, by "teams_updated".
CREATE FUNCTION "renew_access_version_of_row"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "teams" SET "access_version" = gen_random_uuid()
  WHERE "id" IN (OLD."team_id", NEW."team_id") AND xmin <> pg_current_xact_id()::xid;
  RETURN NULL;
END;
$$;

CREATE FUNCTION "renew_access_version_of_user_row"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "teams" SET "access_version" = gen_random_uuid()
  WHERE "id" IN (SELECT "team_id" FROM "members" WHERE "user_id" = NEW."id") AND xmin <> pg_current_xact_id()::xid;
  RETURN NULL;
END;
$$;

CREATE TRIGGER "members_replicated" AFTER INSERT OR UPDATE OR DELETE ON "members" FOR EACH ROW
  WHEN (current_setting('session_replication_role') = 'replica') EXECUTE FUNCTION "renew_access_version_of_row"();
CREATE TRIGGER "roles_replicated" AFTER UPDATE OR DELETE ON "roles" FOR EACH ROW
  WHEN (current_setting('session_replication_role') = 'replica') EXECUTE FUNCTION "renew_access_version_of_row"();
CREATE TRIGGER "api_keys_replicated" AFTER UPDATE OR DELETE ON "api_keys" FOR EACH ROW
  WHEN (current_setting('session_replication_role') = 'replica') EXECUTE FUNCTION "renew_access_version_of_row"();
CREATE TRIGGER "team_policies_replicated" AFTER INSERT OR UPDATE OR DELETE ON "team_policies" FOR EACH ROW
  WHEN (current_setting('session_replication_role') = 'replica') EXECUTE FUNCTION "renew_access_version_of_row"();
CREATE TRIGGER "users_replicated" AFTER UPDATE ON "users" FOR EACH ROW
  WHEN (current_setting('session_replication_role') = 'replica') EXECUTE FUNCTION "renew_access_version_of_user_row"();

-- Whatever changes in a team's own row renews its version.
DROP TRIGGER "teams_renamed" ON "teams";
CREATE TRIGGER "teams_updated" BEFORE UPDATE ON "teams" FOR EACH ROW
  WHEN (OLD."access_version" = NEW."access_version") EXECUTE FUNCTION "renew_own_access_version"();

-- A replicated or restored entry has its number and hash, and the team's head arrives as a row of its own: chaining it
-- again would break the chain. Whether such an entry fits is for `scripts/audit-verify.ts` to say.
CREATE OR REPLACE FUNCTION "chain_audit_entry"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head "audit_heads";
BEGIN
  IF current_setting('session_replication_role') = 'replica' AND NEW."hash" <> ''::bytea THEN
    RETURN NEW;
  END IF;
  INSERT INTO "audit_heads" ("team_id", "seq", "hash") VALUES (NEW."team_id", 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM "audit_heads" WHERE "team_id" = NEW."team_id" FOR UPDATE;
  NEW."seq" := head."seq" + 1;
  NEW."hash" := "audit_entry_hash"(head."hash", NEW);
  UPDATE "audit_heads" SET "seq" = NEW."seq", "hash" = NEW."hash" WHERE "team_id" = NEW."team_id";
  RETURN NEW;
END;
$$;

-- Apply and pg_restore run with an empty search path: each function finds the tables of the schema that it is in.
DO $$
DECLARE found regprocedure;
BEGIN
  FOR found IN
    SELECT DISTINCT p.oid FROM pg_proc p LEFT JOIN pg_trigger t ON t.tgfoid = p.oid
    WHERE p.pronamespace = current_schema()::regnamespace
      AND (p.proname = 'audit_entry_hash' OR t.tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = p.pronamespace))
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', found, current_schema());
  END LOOP;
END;
$$;

DO $$
DECLARE trigger_of record;
BEGIN
  FOR trigger_of IN
    SELECT t.tgname AS name, t.tgrelid::regclass AS relation
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
      AND p.pronamespace = c.relnamespace
      AND p.proname NOT IN ('close_api_key_hour', 'delete_calls_of_api_keys')
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', trigger_of.relation, trigger_of.name);
  END LOOP;
END;
$$;
