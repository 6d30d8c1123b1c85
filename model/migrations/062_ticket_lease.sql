-- Who has just been given which ticket, so that two colleagues are never given the same. until_at: by the database's clock.
CREATE TABLE IF NOT EXISTS ticket_lease (
  ticket_id BIGINT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  view VARCHAR(1000) NOT NULL DEFAULT '',
  until_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS ticket_lease_until ON ticket_lease (until_at);

-- Filters by team and by waiting reason, and the order of age.
CREATE INDEX IF NOT EXISTS ticket_active_team ON ticket (is_active, team_id, due_at, id);
CREATE INDEX IF NOT EXISTS ticket_active_received ON ticket (is_active, received_at, id);
CREATE INDEX IF NOT EXISTS ticket_waiting_reason ON ticket (status, waiting_reason, due_at, id);
