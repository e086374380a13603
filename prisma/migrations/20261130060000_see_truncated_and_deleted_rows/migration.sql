-- What the schema language can't say.

-- TRUNCATE fires the triggers of no row, and logical replication passes it on: the keys of truncated tables stayed good at
-- every verifier that had read them before.
CREATE FUNCTION "renew_every_access_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "teams" SET "access_version" = gen_random_uuid();
  RETURN NULL;
END;
$$;

CREATE TRIGGER "users_truncated" AFTER TRUNCATE ON "users" FOR EACH STATEMENT EXECUTE FUNCTION "renew_every_access_version"();
CREATE TRIGGER "members_truncated" AFTER TRUNCATE ON "members" FOR EACH STATEMENT EXECUTE FUNCTION "renew_every_access_version"();
CREATE TRIGGER "roles_truncated" AFTER TRUNCATE ON "roles" FOR EACH STATEMENT EXECUTE FUNCTION "renew_every_access_version"();
CREATE TRIGGER "api_keys_truncated" AFTER TRUNCATE ON "api_keys" FOR EACH STATEMENT EXECUTE FUNCTION "renew_every_access_version"();
CREATE TRIGGER "team_policies_truncated" AFTER TRUNCATE ON "team_policies" FOR EACH STATEMENT EXECUTE FUNCTION "renew_every_access_version"();

-- Foreign keys are triggers, too, and are off where `session_replication_role` is `replica`: there a member's user can be
-- deleted, and their user or role can arrive after them, with verifications in between that find the member without it.
CREATE OR REPLACE FUNCTION "renew_access_version_of_user_row"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "teams" SET "access_version" = gen_random_uuid()
  WHERE "id" IN (SELECT "team_id" FROM "members" WHERE "user_id" IN (OLD."id", NEW."id"))
    AND xmin <> pg_current_xact_id()::xid;
  RETURN NULL;
END;
$$;

DROP TRIGGER "users_replicated" ON "users";
CREATE TRIGGER "users_replicated" AFTER INSERT OR UPDATE OR DELETE ON "users" FOR EACH ROW
  WHEN (current_setting('session_replication_role') = 'replica') EXECUTE FUNCTION "renew_access_version_of_user_row"();
DROP TRIGGER "roles_replicated" ON "roles";
CREATE TRIGGER "roles_replicated" AFTER INSERT OR UPDATE OR DELETE ON "roles" FOR EACH ROW
  WHEN (current_setting('session_replication_role') = 'replica') EXECUTE FUNCTION "renew_access_version_of_row"();

ALTER TABLE "roles" ENABLE ALWAYS TRIGGER "roles_replicated";
ALTER TABLE "users" ENABLE ALWAYS TRIGGER "users_replicated";
ALTER TABLE "users" ENABLE ALWAYS TRIGGER "users_truncated";
ALTER TABLE "members" ENABLE ALWAYS TRIGGER "members_truncated";
ALTER TABLE "roles" ENABLE ALWAYS TRIGGER "roles_truncated";
ALTER TABLE "api_keys" ENABLE ALWAYS TRIGGER "api_keys_truncated";
ALTER TABLE "team_policies" ENABLE ALWAYS TRIGGER "team_policies_truncated";

-- Apply runs with an empty search path.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['renew_every_access_version', 'renew_access_version_of_user_row'] LOOP
    EXECUTE format('ALTER FUNCTION %I() SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END;
$$;
