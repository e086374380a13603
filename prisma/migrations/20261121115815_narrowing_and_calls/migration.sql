-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "allowed_ips" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "resource" TEXT;

-- CreateTable
CREATE TABLE "api_key_usage" (
    "key_id" UUID NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_ip" TEXT,
    "last_used_user_agent" TEXT,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "calls" INTEGER NOT NULL,

    CONSTRAINT "api_key_usage_pkey" PRIMARY KEY ("key_id")
);

-- CreateTable
CREATE TABLE "api_key_hours" (
    "key_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "code" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "last_ip" TEXT,

    CONSTRAINT "api_key_hours_pkey" PRIMARY KEY ("key_id","hour","code")
);

-- CreateIndex
CREATE INDEX "api_key_hours_hour_idx" ON "api_key_hours"("hour");

-- AddForeignKey
ALTER TABLE "api_key_usage" ADD CONSTRAINT "api_key_usage_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key_hours" ADD CONSTRAINT "api_key_hours_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Below: what the schema language can't say.

ALTER TABLE "api_keys" ALTER COLUMN "allowed_ips" SET NOT NULL;

ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_resource_has_type_and_id" CHECK ("resource" ~ '^[a-z][a-z0-9_]*:.+$');

-- Room in each page for the row's next version: with no index on what changes, the update stays in the page.
ALTER TABLE "api_key_usage" SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.1);

INSERT INTO "api_key_usage" ("key_id", "last_used_at", "last_used_ip", "last_used_user_agent", "hour", "calls")
SELECT "id", "last_used_at", "last_used_ip", "last_used_user_agent", date_trunc('hour', "last_used_at", 'UTC'), 0
FROM "api_keys" WHERE "last_used_at" IS NOT NULL;

ALTER TABLE "api_keys" DROP COLUMN "last_used_at", DROP COLUMN "last_used_ip", DROP COLUMN "last_used_user_agent";

-- Nothing is written to a key's row between its changes any more.
ALTER TABLE "api_keys" RESET (fillfactor);

-- A team's own keys are few beside its members': their list must not walk past those.
CREATE INDEX "api_keys_team_kind_created_at_id_idx" ON "api_keys"("team_id", "created_at" DESC, "id" DESC)
  WHERE "kind" = 'team';

-- The first call of a later hour ends the hour before: its count moves to where finished hours are kept.
CREATE FUNCTION "close_api_key_hour"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "api_key_hours" AS h ("key_id", "hour", "code", "calls", "last_at", "last_ip")
  VALUES (OLD."key_id", OLD."hour", 'valid', OLD."calls", OLD."last_used_at", OLD."last_used_ip")
  ON CONFLICT ("key_id", "hour", "code") DO UPDATE
  SET "calls" = h."calls" + EXCLUDED."calls", "last_at" = EXCLUDED."last_at", "last_ip" = EXCLUDED."last_ip";
  RETURN NULL;
END;
$$;

CREATE TRIGGER "api_key_usage_close_hour" AFTER UPDATE ON "api_key_usage"
  FOR EACH ROW WHEN (OLD."hour" < NEW."hour" AND OLD."calls" > 0) EXECUTE FUNCTION "close_api_key_hour"();
