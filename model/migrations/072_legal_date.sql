-- Dates from which the law counts (model/legal_clock.hpp), as somebody established them for a dossier; and when the first deadline of a
-- ticket's dossier ends, for the queue: the year 3000 when there is none.
CREATE TABLE IF NOT EXISTS legal_date (
  id INTEGER PRIMARY KEY,
  dossier_id BIGINT NOT NULL,
  kind VARCHAR(30) NOT NULL,
  day VARCHAR(10) NOT NULL,
  noted_at BIGINT NOT NULL,
  UNIQUE (dossier_id, kind)
);
ALTER TABLE ticket ADD COLUMN legal_at BIGINT NOT NULL DEFAULT 32503680000;
CREATE INDEX IF NOT EXISTS ticket_active_legal ON ticket (is_active, legal_at, id);
