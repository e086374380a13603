-- What the schema language can't say.

-- Lists show active keys first, newest first; without these indexes, revoked keys are read on the way. They contain what
-- tells active from expired keys, so that a page is found, and a list counted, without reading the table.
CREATE INDEX "api_keys_team_id_unrevoked_created_at_id_idx" ON "api_keys" ("team_id", "created_at" DESC, "id" DESC)
  INCLUDE ("kind", "expires_at") WHERE "revoked_at" IS NULL;
CREATE INDEX "api_keys_team_kind_unrevoked_created_at_id_idx" ON "api_keys" ("team_id", "created_at" DESC, "id" DESC)
  INCLUDE ("expires_at") WHERE "kind" = 'team' AND "revoked_at" IS NULL;
