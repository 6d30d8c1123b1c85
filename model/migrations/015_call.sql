-- Calls, what the telephone system said, who answers on which extension, and the numbers that are refused.
-- CALL is a word of MariaDB's own, hence phone_call. Times in _at_us are microseconds UTC.

CREATE TABLE IF NOT EXISTS phone_call (
  id INTEGER PRIMARY KEY,
  public_id VARCHAR(32) NOT NULL UNIQUE,
  system_key VARCHAR(64) NULL UNIQUE,
  direction VARCHAR(3) NOT NULL,
  phone VARCHAR(20) NOT NULL DEFAULT '',
  phone_given VARCHAR(40) NOT NULL DEFAULT '',
  phone_reversed VARCHAR(20) NOT NULL DEFAULT '',
  line VARCHAR(40) NOT NULL DEFAULT '',
  queue VARCHAR(120) NOT NULL DEFAULT '',
  state VARCHAR(10) NOT NULL,
  started_at_us BIGINT NOT NULL,
  answered_at_us BIGINT NULL,
  ended_at_us BIGINT NULL,
  wait_s BIGINT NULL,
  outcome VARCHAR(12) NOT NULL DEFAULT '',
  cause VARCHAR(20) NOT NULL DEFAULT '',
  ended_by VARCHAR(10) NOT NULL DEFAULT '',
  is_blocked INTEGER NOT NULL DEFAULT 0,
  rings_for VARCHAR(400) NOT NULL DEFAULT '',
  answered_by VARCHAR(400) NOT NULL DEFAULT '',
  agent_id BIGINT NULL,
  agent_name VARCHAR(200) NOT NULL DEFAULT '',
  team_id BIGINT NULL,
  transfers BIGINT NOT NULL DEFAULT 0,
  identity VARCHAR(10) NOT NULL DEFAULT '',
  citizen_id BIGINT NULL,
  dossier_id BIGINT NULL,
  ticket_id BIGINT NULL,
  message_id BIGINT NULL,
  note VARCHAR(2000) NOT NULL DEFAULT '',
  written_at BIGINT NULL,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS phone_call_started ON phone_call (started_at_us, id);
CREATE INDEX IF NOT EXISTS phone_call_phone ON phone_call (phone, started_at_us);
CREATE INDEX IF NOT EXISTS phone_call_ending ON phone_call (phone_reversed, started_at_us);
CREATE INDEX IF NOT EXISTS phone_call_state ON phone_call (state, started_at_us);
CREATE INDEX IF NOT EXISTS phone_call_agent ON phone_call (agent_id, state, started_at_us);
CREATE INDEX IF NOT EXISTS phone_call_ticket ON phone_call (ticket_id, started_at_us);
CREATE INDEX IF NOT EXISTS phone_call_figures ON phone_call (direction, started_at_us, outcome, team_id, wait_s, answered_at_us, ended_at_us);

-- What came from the telephone system, as it came, for a few days. key_hash: the same event twice is one.
CREATE TABLE IF NOT EXISTS cti_event (
  id INTEGER PRIMARY KEY,
  key_hash VARCHAR(64) NULL UNIQUE,
  received_at BIGINT NOT NULL,
  sender VARCHAR(200) NOT NULL,
  verdict VARCHAR(30) NOT NULL,
  kind VARCHAR(20) NOT NULL DEFAULT '',
  call_id BIGINT NULL,
  raw VARCHAR(2000) NOT NULL
);
CREATE INDEX IF NOT EXISTS cti_event_received ON cti_event (received_at);

CREATE TABLE IF NOT EXISTS extension (
  number VARCHAR(40) NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS extension_user ON extension (user_id);

-- The team a queue belongs to: whose calls the unanswered ones were.
CREATE TABLE IF NOT EXISTS phone_queue (
  name VARCHAR(120) NOT NULL PRIMARY KEY,
  team_id BIGINT NULL
);

CREATE TABLE IF NOT EXISTS blocked_number (
  phone VARCHAR(40) NOT NULL PRIMARY KEY,
  reason VARCHAR(200) NOT NULL,
  blocked_by VARCHAR(200) NOT NULL,
  created_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS user_account_name ON user_account (name);
CREATE INDEX IF NOT EXISTS dossier_phone ON dossier (phone);
