-- What the schema language can't say.

-- Which keys of a team are alive, and how many: few of very many, or very many, found without reading the others.
CREATE INDEX "api_keys_team_kind_unrevoked_expires_at_idx" ON "api_keys" ("team_id", "kind", "expires_at")
  WHERE "revoked_at" IS NULL;

-- CreateIndex
CREATE INDEX "api_key_addresses_first_at_idx" ON "api_key_addresses"("first_at");
