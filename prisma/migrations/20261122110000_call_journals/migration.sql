-- Where tens of thousands of keys are used within a second, their calls are written down here each second as they are, and
-- with their keys' rows only twice a minute. A journal is of one process at a time: whoever takes it over raises its epoch.
CREATE TABLE "call_journals" (
    "id" UUID NOT NULL,
    "layout" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "merged" INTEGER[],
    "kept_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "call_journals_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "call_journal_entries" (
    "journal_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "rows" BYTEA NOT NULL,
    "shared" TEXT NOT NULL,

    CONSTRAINT "call_journal_entries_pkey" PRIMARY KEY ("journal_id", "seq")
);

ALTER TABLE "call_journal_entries" ADD CONSTRAINT "call_journal_entries_journal_id_fkey"
  FOREIGN KEY ("journal_id") REFERENCES "call_journals"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Read once, if ever: compressing it would cost more than all the rest.
ALTER TABLE "call_journal_entries" ALTER COLUMN "rows" SET STORAGE EXTERNAL;
