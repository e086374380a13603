-- The cookie carries a secret of which only the SHA-256 is stored, so that a session's id can stand in audit logs and
-- their exports. Until now the id was that secret: the logs may be in many hands, so sessions from before end here.
ALTER TABLE "sessions" ADD COLUMN "secret_hash" BYTEA;
UPDATE "sessions" SET
  "secret_hash" = sha256(gen_random_uuid()::text::bytea),
  "ended_at" = COALESCE("ended_at", CURRENT_TIMESTAMP);
ALTER TABLE "sessions" ALTER COLUMN "secret_hash" SET NOT NULL;
CREATE UNIQUE INDEX "sessions_secret_hash_key" ON "sessions"("secret_hash");
