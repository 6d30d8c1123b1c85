-- An incident followed in somebody else's tracker (model/tracker_link.hpp). outside_state: in the tracker's own words.
CREATE TABLE IF NOT EXISTS tracker_link (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL,
  tracker VARCHAR(40) NOT NULL,
  state VARCHAR(10) NOT NULL,
  reference VARCHAR(200) NOT NULL DEFAULT '',
  address VARCHAR(1000) NOT NULL DEFAULT '',
  outside_state VARCHAR(200) NOT NULL DEFAULT '',
  attempts BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  error VARCHAR(400) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (incident_id, tracker)
);
CREATE INDEX IF NOT EXISTS tracker_link_due ON tracker_link (state, next_at, id);
CREATE INDEX IF NOT EXISTS tracker_link_reference ON tracker_link (tracker, reference);
