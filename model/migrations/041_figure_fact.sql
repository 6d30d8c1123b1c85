-- What the key figures count of each ticket (model/figure_fact.hpp): kept up by a job, made again from the rows at will.
-- again_at: when time alone will have changed the facts.
CREATE TABLE IF NOT EXISTS figure_fact (
  ticket_id BIGINT NOT NULL PRIMARY KEY,
  team_id BIGINT NOT NULL,
  department VARCHAR(3) NOT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  channel VARCHAR(20) NOT NULL,
  dossier_id BIGINT NULL,
  received_at BIGINT NOT NULL,
  is_repeat INTEGER NOT NULL,
  is_acknowledged INTEGER NOT NULL,
  is_acknowledged_fast INTEGER NOT NULL,
  is_acknowledged_late INTEGER NOT NULL,
  judged_at BIGINT NULL,
  is_fast INTEGER NOT NULL,
  is_in_time INTEGER NOT NULL,
  closed_at BIGINT NULL,
  is_announced INTEGER NOT NULL,
  is_kept INTEGER NOT NULL,
  is_linkable INTEGER NOT NULL,
  is_linked INTEGER NOT NULL,
  settled_at BIGINT NULL,
  is_first_contact INTEGER NOT NULL,
  rated_at BIGINT NULL,
  rating BIGINT NOT NULL,
  access_at BIGINT NULL,
  is_access_kept INTEGER NOT NULL,
  again_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS figure_fact_received ON figure_fact (received_at, ticket_id);
CREATE INDEX IF NOT EXISTS figure_fact_judged ON figure_fact (judged_at);
CREATE INDEX IF NOT EXISTS figure_fact_closed ON figure_fact (closed_at, received_at);
CREATE INDEX IF NOT EXISTS figure_fact_settled ON figure_fact (settled_at);
CREATE INDEX IF NOT EXISTS figure_fact_rated ON figure_fact (rated_at);
CREATE INDEX IF NOT EXISTS figure_fact_access ON figure_fact (access_at);
CREATE INDEX IF NOT EXISTS figure_fact_again ON figure_fact (again_at);
