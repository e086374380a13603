-- AlterTable
ALTER TABLE "members" ADD COLUMN     "disabled_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "responsible_member_id" UUID,
ADD COLUMN     "rotated_from_id" UUID;

-- AlterTable
ALTER TABLE "api_key_usage" ADD COLUMN     "team_id" UUID;
UPDATE "api_key_usage" u SET "team_id" = k."team_id" FROM "api_keys" k WHERE k."id" = u."key_id";
ALTER TABLE "api_key_usage" ALTER COLUMN "team_id" SET NOT NULL;

-- AlterTable
ALTER TABLE "audit_entries" ADD COLUMN     "hash" BYTEA NOT NULL DEFAULT '\x'::bytea,
ADD COLUMN     "seq" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "session_tokens" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitations" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "email" TEXT,
    "code_hash" BYTEA NOT NULL,
    "invited_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "accepted_by_id" UUID,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_policies" (
    "team_id" UUID NOT NULL,
    "default_lifetime" TEXT NOT NULL DEFAULT '90d',
    "max_lifetime_days" INTEGER,
    "may_never_expire" BOOLEAN NOT NULL DEFAULT true,
    "requires_ips" BOOLEAN NOT NULL DEFAULT false,
    "max_active_keys" INTEGER NOT NULL DEFAULT 10,
    "default_overlap" TEXT NOT NULL DEFAULT '24h',
    "limits_scopes" BOOLEAN NOT NULL DEFAULT false,
    "member_scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_policies_pkey" PRIMARY KEY ("team_id")
);

-- CreateTable
CREATE TABLE "api_key_addresses" (
    "key_id" UUID NOT NULL,
    "ip" TEXT NOT NULL,
    "user_agent" TEXT,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "calls" INTEGER NOT NULL,

    CONSTRAINT "api_key_addresses_pkey" PRIMARY KEY ("key_id","ip")
);

-- CreateTable
CREATE TABLE "api_key_scope_uses" (
    "key_id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_key_scope_uses_pkey" PRIMARY KEY ("key_id","scope")
);

-- CreateTable
CREATE TABLE "api_key_refusals" (
    "id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "request_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "door" TEXT NOT NULL,
    "ip" TEXT,
    "user_agent" TEXT,
    "missing" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "api_key_refusals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key_reminders" (
    "key_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "days_before" INTEGER NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_reminders_pkey" PRIMARY KEY ("key_id","expires_at","days_before")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "member_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "api_key_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("member_id","key")
);

-- CreateTable
CREATE TABLE "audit_heads" (
    "team_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("team_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "session_tokens_token_hash_key" ON "session_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "session_tokens_session_id_idx" ON "session_tokens"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_code_hash_key" ON "invitations"("code_hash");

-- CreateIndex
CREATE INDEX "invitations_team_id_created_at_idx" ON "invitations"("team_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "api_key_refusals_request_id_idx" ON "api_key_refusals"("request_id");

-- CreateIndex
CREATE INDEX "api_key_refusals_key_id_at_idx" ON "api_key_refusals"("key_id", "at" DESC);

-- CreateIndex
CREATE INDEX "api_key_refusals_at_idx" ON "api_key_refusals"("at");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE INDEX "members_role_id_idx" ON "members"("role_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_rotated_from_id_key" ON "api_keys"("rotated_from_id");

-- CreateIndex
CREATE INDEX "api_keys_team_id_name_id_idx" ON "api_keys"("team_id", "name", "id");

-- CreateIndex
CREATE INDEX "api_keys_team_id_expires_at_id_idx" ON "api_keys"("team_id", "expires_at", "id");

-- CreateIndex
CREATE INDEX "api_keys_responsible_member_id_idx" ON "api_keys"("responsible_member_id");

-- CreateIndex
CREATE INDEX "api_key_usage_team_id_hour_key_id_idx" ON "api_key_usage"("team_id", "hour" DESC, "key_id" DESC);

-- AddForeignKey
ALTER TABLE "session_tokens" ADD CONSTRAINT "session_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_id_fkey" FOREIGN KEY ("invited_by_id") REFERENCES "members"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_id_fkey" FOREIGN KEY ("accepted_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_policies" ADD CONSTRAINT "team_policies_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_responsible_member_id_fkey" FOREIGN KEY ("responsible_member_id") REFERENCES "members"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_rotated_from_id_fkey" FOREIGN KEY ("rotated_from_id") REFERENCES "api_keys"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key_addresses" ADD CONSTRAINT "api_key_addresses_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key_scope_uses" ADD CONSTRAINT "api_key_scope_uses_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key_refusals" ADD CONSTRAINT "api_key_refusals_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key_reminders" ADD CONSTRAINT "api_key_reminders_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "members"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Below: what the schema language can't say.

ALTER TABLE "team_policies" ALTER COLUMN "member_scopes" SET NOT NULL;
ALTER TABLE "api_key_refusals" ALTER COLUMN "missing" SET NOT NULL;
ALTER TABLE "session_tokens" ADD CONSTRAINT "session_tokens_token_hash_is_sha256" CHECK (octet_length("token_hash") = 32);
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_code_hash_is_sha256" CHECK (octet_length("code_hash") = 32);

-- A key can't replace itself.
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_rotated_from_another" CHECK ("rotated_from_id" <> "id");

-- A team's demands count in verification: they are among what the version stands for.
CREATE TRIGGER "team_policies_inserted" AFTER INSERT ON "team_policies" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();
CREATE TRIGGER "team_policies_updated" AFTER UPDATE ON "team_policies" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();
CREATE TRIGGER "team_policies_deleted" AFTER DELETE ON "team_policies" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();

-- Parts of a name, and scopes, are found among a hundred thousand keys of one team without walking them all.
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
CREATE EXTENSION IF NOT EXISTS "btree_gin";
CREATE INDEX "api_keys_team_id_name_trgm_idx" ON "api_keys" USING gin ("team_id", "name" gin_trgm_ops);
CREATE INDEX "api_keys_team_id_scopes_idx" ON "api_keys" USING gin ("team_id", "scopes");
CREATE INDEX "api_keys_team_id_revoked_idx" ON "api_keys"("team_id", "created_at" DESC, "id" DESC)
  WHERE "revoked_at" IS NOT NULL;
CREATE INDEX "api_keys_team_id_token_start_idx" ON "api_keys"("team_id", "token_start" text_pattern_ops, "token_last_four");

ALTER TABLE "api_key_addresses" SET (fillfactor = 70);

-- The audit log as a chain: whoever changes, drops or inserts an entry past these triggers leaves a hash that no longer
-- fits. `scripts/audit-verify.ts` computes the same again.
CREATE FUNCTION "audit_entry_hash"(previous bytea, e "audit_entries") RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(previous || convert_to(jsonb_build_array(
    e."seq", e."id", e."team_id", round(extract(epoch from e."at") * 1000), e."action", e."actor_id", e."actor_name",
    e."target_type", e."target_id", e."target_label", e."ip", e."user_agent", e."details")::text, 'UTF8'))
$$;

-- Entries of a team wait for each other at its head: an entry is written last in its transaction.
CREATE FUNCTION "chain_audit_entry"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head "audit_heads";
BEGIN
  INSERT INTO "audit_heads" ("team_id", "seq", "hash") VALUES (NEW."team_id", 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM "audit_heads" WHERE "team_id" = NEW."team_id" FOR UPDATE;
  NEW."seq" := head."seq" + 1;
  NEW."hash" := "audit_entry_hash"(head."hash", NEW);
  UPDATE "audit_heads" SET "seq" = NEW."seq", "hash" = NEW."hash" WHERE "team_id" = NEW."team_id";
  RETURN NEW;
END;
$$;

-- What was written before the chain is its beginning, in the order of its time.
ALTER TABLE "audit_entries" DISABLE TRIGGER "audit_entries_refuse_update_or_delete";
DO $$
DECLARE entry "audit_entries"; head "audit_heads";
BEGIN
  FOR entry IN SELECT * FROM "audit_entries" ORDER BY "team_id", "at", "id" LOOP
    INSERT INTO "audit_heads" ("team_id", "seq", "hash") VALUES (entry."team_id", 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM "audit_heads" WHERE "team_id" = entry."team_id";
    entry."seq" := head."seq" + 1;
    entry."hash" := "audit_entry_hash"(head."hash", entry);
    UPDATE "audit_entries" SET "seq" = entry."seq", "hash" = entry."hash" WHERE "id" = entry."id";
    UPDATE "audit_heads" SET "seq" = entry."seq", "hash" = entry."hash" WHERE "team_id" = entry."team_id";
  END LOOP;
END;
$$;
ALTER TABLE "audit_entries" ENABLE TRIGGER "audit_entries_refuse_update_or_delete";

CREATE UNIQUE INDEX "audit_entries_team_id_seq_key" ON "audit_entries"("team_id", "seq");

CREATE TRIGGER "audit_entries_chain" BEFORE INSERT ON "audit_entries"
  FOR EACH ROW EXECUTE FUNCTION "chain_audit_entry"();
