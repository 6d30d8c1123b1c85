-- Telling everyone an incident concerns, each in private (model/broadcast.hpp), and reading their dossiers again (model/verification.hpp).
CREATE TABLE IF NOT EXISTS broadcast (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  kind VARCHAR(20) NOT NULL,
  source_id BIGINT NULL,
  body TEXT NOT NULL,
  author VARCHAR(400) NOT NULL DEFAULT '',
  state VARCHAR(10) NOT NULL,
  phase VARCHAR(10) NOT NULL,
  after_id BIGINT NOT NULL DEFAULT 0,
  per_minute BIGINT NOT NULL,
  queued BIGINT NOT NULL DEFAULT 0,
  by_phone BIGINT NOT NULL DEFAULT 0,
  started_at BIGINT NOT NULL,
  stopped_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS broadcast_incident ON broadcast (incident_id, id);
CREATE INDEX IF NOT EXISTS broadcast_state ON broadcast (state, id);

-- Who asked to be told without opening a ticket ("me too"). token: of the link that ends it.
CREATE TABLE IF NOT EXISTS incident_follower (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL,
  email VARCHAR(254) NOT NULL,
  email_folded VARCHAR(254) NOT NULL,
  language VARCHAR(5) NOT NULL,
  token VARCHAR(64) NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  ended_at BIGINT NULL,
  UNIQUE (incident_id, email_folded)
);

CREATE TABLE IF NOT EXISTS verification_run (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  after_id BIGINT NOT NULL DEFAULT 0,
  body VARCHAR(4000) NOT NULL DEFAULT '',
  author VARCHAR(400) NOT NULL DEFAULT '',
  moved BIGINT NOT NULL DEFAULT 0,
  stuck BIGINT NOT NULL DEFAULT 0,
  no_dossier BIGINT NOT NULL DEFAULT 0,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS verification_run_incident ON verification_run (incident_id, id);
CREATE INDEX IF NOT EXISTS verification_run_state ON verification_run (state, id);
