-- How long dossiers stay in each state, by procedure and centre (model/dossier_pace.hpp): counted again each night.
CREATE TABLE IF NOT EXISTS dossier_pace (
  procedure_code VARCHAR(40) NOT NULL,
  centre VARCHAR(120) NOT NULL,
  status VARCHAR(40) NOT NULL,
  median_days BIGINT NOT NULL,
  dossiers BIGINT NOT NULL,
  PRIMARY KEY (procedure_code, centre, status)
);
