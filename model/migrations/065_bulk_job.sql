-- One action on many tickets, done one ticket at a time. A ticket's row is marked in the transaction that acts on it: exactly once, whatever
-- stops and starts again.
CREATE TABLE IF NOT EXISTS bulk_job (
  id INTEGER PRIMARY KEY,
  form_key VARCHAR(64) NOT NULL UNIQUE,
  action VARCHAR(20) NOT NULL,
  argument TEXT /*! CHARACTER SET utf8mb4 */ NOT NULL,
  state VARCHAR(10) NOT NULL,
  owner_id BIGINT NOT NULL,
  owner_name VARCHAR(200) NOT NULL,
  owner_quality VARCHAR(200) NOT NULL DEFAULT '',
  total BIGINT NOT NULL,
  done BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  ended_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS bulk_job_state ON bulk_job (state, id);
CREATE INDEX IF NOT EXISTS bulk_job_owner ON bulk_job (owner_id, id);

CREATE TABLE IF NOT EXISTS bulk_job_ticket (
  job_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  reason VARCHAR(400) NOT NULL DEFAULT '',
  PRIMARY KEY (job_id, ticket_id)
);
CREATE INDEX IF NOT EXISTS bulk_job_ticket_state ON bulk_job_ticket (job_id, state, ticket_id);
