-- A key may be called more often a day than an integer holds. PostgreSQL writes these tables anew for it, some seconds for
-- each ten million rows. Verification reads none of them, and calls wait in memory until they can be counted again.

-- It looks at the column in its condition.
DROP TRIGGER "api_key_usage_close_hour" ON "api_key_usage";

-- AlterTable
ALTER TABLE "api_key_usage" ALTER COLUMN "calls" SET DATA TYPE BIGINT;

-- AlterTable
ALTER TABLE "api_key_addresses" ALTER COLUMN "calls" SET DATA TYPE BIGINT;

-- AlterTable
ALTER TABLE "api_key_hours" ALTER COLUMN "calls" SET DATA TYPE BIGINT;

CREATE TRIGGER "api_key_usage_close_hour" AFTER UPDATE ON "api_key_usage"
  FOR EACH ROW WHEN (OLD."hour" < NEW."hour" AND OLD."calls" > 0) EXECUTE FUNCTION "close_api_key_hour"();
