-- AlterTable
ALTER TABLE "users" ADD COLUMN     "confirmed_email" TEXT;

-- AlterTable
ALTER TABLE "members" ADD COLUMN     "confirmed_email" TEXT;

-- AlterTable
ALTER TABLE "invitations" ADD COLUMN     "mailed_hash" BYTEA;

-- CreateTable
CREATE TABLE "email_confirmations" (
    "user_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "email_confirmations_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "refusal_counts" (
    "member_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "more" INTEGER NOT NULL DEFAULT 0,
    "ip" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "refusal_counts_pkey" PRIMARY KEY ("member_id","reason")
);

-- CreateIndex
CREATE INDEX "refusal_counts_since_idx" ON "refusal_counts"("since");

-- AddForeignKey
ALTER TABLE "email_confirmations" ADD CONSTRAINT "email_confirmations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The operator vouches for the first user. A manager of a team has named the address of whoever was invited by it, which
-- counts in that team. All other addresses were typed by the people themselves and are unconfirmed from now on.
UPDATE "users" SET "confirmed_email" = "email"
WHERE "id" = (SELECT "id" FROM "users" ORDER BY "created_at", "id" LIMIT 1);
UPDATE "members" m SET "confirmed_email" = u."email"
FROM "invitations" i JOIN "users" u ON u."id" = i."accepted_by_id" AND u."email" = i."email"
WHERE i."team_id" = m."team_id" AND i."accepted_by_id" = m."user_id";
