-- How far the events reached at some moments (model/event_mark.hpp): what tells which of them nothing can precede any more.
CREATE TABLE IF NOT EXISTS event_mark (
  event_id BIGINT NOT NULL PRIMARY KEY,
  seen_at BIGINT NOT NULL
);
