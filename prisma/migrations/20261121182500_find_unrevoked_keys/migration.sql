-- What the schema language can't say.

-- Active is what is neither revoked nor past its expiry. With "never" as a time beyond all others that is one stretch of
-- an index, of a team's kind of keys and of a member's: read from its beginning as far as is wanted, among however many.
DROP INDEX "api_keys_member_id_unrevoked_expires_at_idx";
CREATE INDEX "api_keys_member_id_unrevoked_ends_at_idx" ON "api_keys" ("member_id", (coalesce("expires_at", 'infinity')))
  WHERE "revoked_at" IS NULL;
CREATE INDEX "api_keys_team_kind_unrevoked_ends_at_idx" ON "api_keys"
  ("team_id", "kind", (coalesce("expires_at", 'infinity'))) WHERE "revoked_at" IS NULL;

-- A kind's revoked keys, newest first.
DROP INDEX "api_keys_team_id_revoked_idx";
CREATE INDEX "api_keys_team_kind_revoked_idx" ON "api_keys" ("team_id", "kind", "created_at" DESC, "id" DESC)
  WHERE "revoked_at" IS NOT NULL;

-- The team's own keys in the orders of their list, beside however many personal ones.
CREATE INDEX "api_keys_team_kind_name_id_idx" ON "api_keys" ("team_id", "name", "id") WHERE "kind" = 'team';
CREATE INDEX "api_keys_team_kind_expires_at_id_idx" ON "api_keys" ("team_id", "expires_at", "id") WHERE "kind" = 'team';

-- CreateIndex
CREATE INDEX "api_key_addresses_first_at_idx" ON "api_key_addresses"("first_at");
