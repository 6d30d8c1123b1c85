-- What became of a broadcast's mails, kept once none of them waits: an incident's page does not count the outbox again.
ALTER TABLE broadcast ADD COLUMN sent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE broadcast ADD COLUMN failed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE broadcast ADD COLUMN letters BIGINT NOT NULL DEFAULT 0;
