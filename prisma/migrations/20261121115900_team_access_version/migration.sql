-- AlterTable
ALTER TABLE "teams" ADD COLUMN     "access_version" UUID NOT NULL DEFAULT gen_random_uuid();

-- Below: what the schema language can't say.

-- Verification keeps what it has read of members, users and roles only while this version stands. It is renewed here and
-- not by the code that changes them, so that no way of changing them, SQL by hand included, can forget it. Two changes
-- in one team wait for each other at the team's row: each version stands for one committed state. It is random and no
-- count, because a restored backup or a lost replica would count to the same number again with something else behind it.
CREATE FUNCTION "renew_access_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "teams" WHERE "id" IN (SELECT "team_id" FROM changed) ORDER BY "id" FOR NO KEY UPDATE;
  UPDATE "teams" SET "access_version" = gen_random_uuid() WHERE "id" IN (SELECT "team_id" FROM changed);
  RETURN NULL;
END;
$$;

-- Who changes a user doesn't see the member that is just being made of them, and would leave its team's version standing:
-- so a new member waits for changes of its user, and they for it.
CREATE FUNCTION "renew_access_version_of_joined"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "users" WHERE "id" IN (SELECT "user_id" FROM changed) ORDER BY "id" FOR SHARE;
  PERFORM 1 FROM "teams" WHERE "id" IN (SELECT "team_id" FROM changed) ORDER BY "id" FOR NO KEY UPDATE;
  UPDATE "teams" SET "access_version" = gen_random_uuid() WHERE "id" IN (SELECT "team_id" FROM changed);
  RETURN NULL;
END;
$$;

CREATE TRIGGER "members_inserted" AFTER INSERT ON "members" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version_of_joined"();
CREATE TRIGGER "members_updated" AFTER UPDATE ON "members" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();
CREATE TRIGGER "members_deleted" AFTER DELETE ON "members" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();

CREATE TRIGGER "roles_updated" AFTER UPDATE ON "roles" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();
CREATE TRIGGER "roles_deleted" AFTER DELETE ON "roles" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();

-- A user's own row counts in every team they belong to.
CREATE FUNCTION "renew_access_version_of_users"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "teams" WHERE "id" IN (SELECT m."team_id" FROM "members" m JOIN changed c ON c."id" = m."user_id")
  ORDER BY "id" FOR NO KEY UPDATE;
  UPDATE "teams" SET "access_version" = gen_random_uuid()
  WHERE "id" IN (SELECT m."team_id" FROM "members" m JOIN changed c ON c."id" = m."user_id");
  RETURN NULL;
END;
$$;

CREATE TRIGGER "users_updated" AFTER UPDATE ON "users" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version_of_users"();

CREATE FUNCTION "renew_own_access_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."access_version" := gen_random_uuid();
  RETURN NEW;
END;
$$;

CREATE TRIGGER "teams_renamed" BEFORE UPDATE ON "teams" FOR EACH ROW
  WHEN (OLD."slug" IS DISTINCT FROM NEW."slug" OR OLD."name" IS DISTINCT FROM NEW."name")
  EXECUTE FUNCTION "renew_own_access_version"();
