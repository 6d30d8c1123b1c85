-- What people said of links that the engine made or suggested, with its probability at the time (model/reviewed_link.hpp).
CREATE TABLE IF NOT EXISTS reviewed_link (
  id INTEGER PRIMARY KEY,
  correction_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  probability DOUBLE NOT NULL,
  was_right INTEGER NOT NULL,
  UNIQUE (correction_id, ticket_id)
);
