-- Answers that a team keeps ready. Each change adds a text and keeps the earlier ones: what was said to whom, when, stays known.
CREATE TABLE IF NOT EXISTS canned_answer (
  id INTEGER PRIMARY KEY,
  team_id BIGINT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  retired_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS canned_answer_team ON canned_answer (team_id, retired_at);

CREATE TABLE IF NOT EXISTS canned_answer_text (
  id INTEGER PRIMARY KEY,
  answer_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  title VARCHAR(200) NOT NULL,
  body TEXT /*! CHARACTER SET utf8mb4 */ NOT NULL,
  written_by VARCHAR(200) NOT NULL DEFAULT '',
  written_at BIGINT NOT NULL,
  UNIQUE (answer_id, version)
);
