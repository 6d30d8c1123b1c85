-- The weekly share with the product owner: what was frozen, who may open it, what was decided; and the facts that the figures count.

-- One row a week, for ever the same bytes. sha256: of body.
CREATE TABLE IF NOT EXISTS weekly_share (
  id INTEGER PRIMARY KEY,
  week VARCHAR(8) NOT NULL UNIQUE,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by VARCHAR(64) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  body TEXT(8000000) /*! CHARACTER SET utf8mb4 */ NOT NULL
);
CREATE INDEX IF NOT EXISTS weekly_share_made ON weekly_share (made_at);

-- Who received it, each with a link of their own. Only the hash of the token is kept.
CREATE TABLE IF NOT EXISTS share_link (
  id INTEGER PRIMARY KEY,
  share_id BIGINT NOT NULL,
  recipient VARCHAR(254) NOT NULL,
  name VARCHAR(200) NOT NULL DEFAULT '',
  token_hash VARCHAR(64) NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  opened_at BIGINT NULL,
  revoked_at BIGINT NULL,
  UNIQUE (share_id, recipient)
);

CREATE TABLE IF NOT EXISTS share_acknowledgement (
  id INTEGER PRIMARY KEY,
  share_id BIGINT NOT NULL,
  actor_kind VARCHAR(10) NOT NULL,
  actor_id BIGINT NULL,
  actor_name VARCHAR(200) NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (share_id, actor_name)
);

-- Append-only. amends_id: the decision that this one replaces, which stays readable.
CREATE TABLE IF NOT EXISTS decision (
  id INTEGER PRIMARY KEY,
  share_id BIGINT NOT NULL,
  incident_id BIGINT NOT NULL,
  kind VARCHAR(12) NOT NULL,
  text VARCHAR(4000) NOT NULL DEFAULT '',
  due VARCHAR(10) NOT NULL DEFAULT '',
  amends_id BIGINT NULL UNIQUE,
  actor_kind VARCHAR(10) NOT NULL,
  actor_id BIGINT NULL,
  actor_name VARCHAR(200) NOT NULL,
  decided_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS decision_incident ON decision (incident_id, id);
CREATE INDEX IF NOT EXISTS decision_share ON decision (share_id, id);
CREATE INDEX IF NOT EXISTS decision_decided ON decision (decided_at, id);

-- What was said about a decision, append-only too. kind: comment, answer, carried_out or resumed.
CREATE TABLE IF NOT EXISTS decision_step (
  id INTEGER PRIMARY KEY,
  decision_id BIGINT NOT NULL,
  kind VARCHAR(12) NOT NULL,
  text VARCHAR(4000) NOT NULL DEFAULT '',
  actor_kind VARCHAR(10) NOT NULL,
  actor_id BIGINT NULL,
  actor_name VARCHAR(200) NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS decision_step_decision ON decision_step (decision_id, id);
