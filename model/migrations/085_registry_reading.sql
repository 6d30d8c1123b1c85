-- The dossiers with an open ticket, in the order in which the registry is to be asked about them again (model/registry_reading.hpp).
CREATE TABLE IF NOT EXISTS registry_reading (
  dossier_id BIGINT NOT NULL PRIMARY KEY,
  queued_at BIGINT NOT NULL,
  read_at BIGINT NULL,
  failures BIGINT NOT NULL DEFAULT 0,
  outcome VARCHAR(20) NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS registry_reading_queue ON registry_reading (queued_at, dossier_id);
CREATE INDEX IF NOT EXISTS registry_reading_failures ON registry_reading (failures);

-- Wrong values that the registry gave: which column, why, how many in a day; nothing of whom.
CREATE TABLE IF NOT EXISTS registry_refusal (
  id INTEGER PRIMARY KEY,
  day VARCHAR(10) NOT NULL,
  column_name VARCHAR(64) NOT NULL,
  reason VARCHAR(20) NOT NULL,
  times BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  UNIQUE (day, column_name, reason)
);
CREATE INDEX IF NOT EXISTS registry_refusal_last ON registry_refusal (last_at);

-- How each node finds the registry, written every few seconds for the administrators' page.
CREATE TABLE IF NOT EXISTS registry_node (
  node VARCHAR(80) NOT NULL PRIMARY KEY,
  seen_at BIGINT NOT NULL,
  health TEXT NOT NULL
);
