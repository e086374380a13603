-- CreateTable
CREATE TABLE "notices" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "member_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "key_id" UUID,
    "data" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(3),
    "mailed_at" TIMESTAMPTZ(3),

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "notices_member_id_at_id_idx" ON "notices"("member_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "notices_at_idx" ON "notices"("at");

-- CreateIndex
CREATE UNIQUE INDEX "notices_member_id_kind_subject_key" ON "notices"("member_id", "kind", "subject");

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "members"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Reminders that were already mailed, so that they aren't mailed again: the latest of each key, for its current expiry.
INSERT INTO "notices" ("member_id", "kind", "subject", "key_id", "data", "at", "mailed_at")
SELECT coalesce(k."member_id", k."responsible_member_id"), 'key_expiring', k."id"::text, k."id",
  jsonb_build_object('days', min(r."days_before"), 'expires_at', (extract(epoch FROM k."expires_at") * 1000)::bigint),
  max(r."sent_at"), max(r."sent_at")
FROM "api_key_reminders" r JOIN "api_keys" k ON k."id" = r."key_id" AND k."expires_at" = r."expires_at"
WHERE k."expires_at" > now() AND coalesce(k."member_id", k."responsible_member_id") IS NOT NULL
GROUP BY k."id";

-- DropTable
-- A console of the version before that is still running logs that it can't send reminders; this version sends them.
DROP TABLE "api_key_reminders";
