-- When each release of the portal came out: what the trend of an incident is read against.
CREATE TABLE IF NOT EXISTS portal_release (
  id INTEGER PRIMARY KEY,
  name VARCHAR(40) NOT NULL UNIQUE,
  released_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS portal_release_at ON portal_release (released_at);
