-- What the schema language can't say.

-- Review reads a team's live keys: their ids, ends and ages from the index alone, without the table. Those with the same
-- end, "never" above all, are in the order of their ids. PostgreSQL takes an index of an expression for enough only when
-- the column in it is there too.
DROP INDEX "api_keys_team_kind_unrevoked_ends_at_idx";
CREATE INDEX "api_keys_team_kind_unrevoked_ends_at_idx" ON "api_keys"
  ("team_id", "kind", (coalesce("expires_at", 'infinity')), "id") INCLUDE ("expires_at", "created_at")
  WHERE "revoked_at" IS NULL;
