-- One row for each process that verifies. While it can go on writing its row here, this server is the primary.
CREATE TABLE "heartbeats" (
    "id" UUID NOT NULL,
    "sent_ms" BIGINT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "heartbeats_pkey" PRIMARY KEY ("id")
);
