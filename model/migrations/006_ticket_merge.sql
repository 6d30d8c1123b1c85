-- A ticket that says the same as another of the same person is read with it. The row goes when they are parted again.
CREATE TABLE IF NOT EXISTS ticket_merge (
  ticket_id BIGINT NOT NULL PRIMARY KEY,
  into_id BIGINT NOT NULL,
  status_before VARCHAR(10) NOT NULL,
  waiting_reason_before VARCHAR(20) NOT NULL DEFAULT '',
  merged_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS ticket_merge_into ON ticket_merge (into_id);
