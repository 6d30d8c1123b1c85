-- What K1 to K3 and the forecast count of the calls, by half hour and team (model/call_count.hpp): they outlive the calls, which are
-- forgotten. team_id 0: nobody's. waits: answered calls by seconds waited, "0:12 5:3".
CREATE TABLE IF NOT EXISTS call_count (
  starts_at BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  offered BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  fast BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  brief BIGINT NOT NULL,
  talk_s BIGINT NOT NULL,
  waits VARCHAR(2000) NOT NULL,
  PRIMARY KEY (starts_at, team_id)
);

-- One row. Half hours before counted_to are read from call_count, later ones from the calls; calls before forgotten_to may be gone.
CREATE TABLE IF NOT EXISTS call_count_progress (
  id INTEGER PRIMARY KEY,
  counted_to BIGINT NOT NULL,
  forgotten_to BIGINT NOT NULL,
  rounds BIGINT NOT NULL
);
INSERT INTO call_count_progress (id, counted_to, forgotten_to, rounds) SELECT 1, 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM call_count_progress);

-- Half hours in which a call changed after it was counted. changes: a new one meanwhile is not lost.
CREATE TABLE IF NOT EXISTS call_count_again (
  starts_at BIGINT NOT NULL PRIMARY KEY,
  changes BIGINT NOT NULL
);
