-- Dates from which the law counts, as the agency tells them in a file of dossiers or in its registry (model/dossier_date.hpp). What somebody
-- noted by hand (legal_date) goes before.
CREATE TABLE IF NOT EXISTS dossier_date (
  id INTEGER PRIMARY KEY,
  dossier_id BIGINT NOT NULL,
  kind VARCHAR(30) NOT NULL,
  day VARCHAR(10) NOT NULL,
  UNIQUE (dossier_id, kind)
);
