-- Known problems (incident), the tickets that are evidence of them (report), and what people said about both.
-- Counters are kept by the one leader that groups and by corrections; they do not change the version that people compare.

CREATE TABLE IF NOT EXISTS incident (
  id INTEGER PRIMARY KEY,
  state VARCHAR(20) NOT NULL,
  is_listed INTEGER NOT NULL DEFAULT 0,
  merged_into BIGINT NULL,
  title VARCHAR(300) NOT NULL DEFAULT '',
  description TEXT NOT NULL,
  nature VARCHAR(40) NOT NULL DEFAULT '',
  cause_owner VARCHAR(40) NOT NULL DEFAULT '',
  cause_text TEXT NOT NULL,
  severity VARCHAR(10) NOT NULL DEFAULT 'normal',
  is_security INTEGER NOT NULL DEFAULT 0,
  is_hardship INTEGER NOT NULL DEFAULT 0,
  public_title VARCHAR(300) NOT NULL DEFAULT '',
  public_workaround TEXT NOT NULL,
  internal_workaround TEXT NOT NULL,
  law_article VARCHAR(400) NOT NULL DEFAULT '',
  law_persons VARCHAR(2000) NOT NULL DEFAULT '',
  law_procedure TEXT NOT NULL,
  stuck_procedure VARCHAR(40) NOT NULL DEFAULT '',
  stuck_status VARCHAR(40) NOT NULL DEFAULT '',
  stuck_error_code VARCHAR(80) NOT NULL DEFAULT '',
  stuck_release VARCHAR(40) NOT NULL DEFAULT '',
  is_stuck_chosen INTEGER NOT NULL DEFAULT 0,
  episode BIGINT NOT NULL DEFAULT 1,
  is_reviewed INTEGER NOT NULL DEFAULT 0,
  is_fix_incomplete INTEGER NOT NULL DEFAULT 0,
  returned BIGINT NOT NULL DEFAULT 0,
  tickets BIGINT NOT NULL DEFAULT 0,
  citizens BIGINT NOT NULL DEFAULT 0,
  dossiers BIGINT NOT NULL DEFAULT 0,
  contacts BIGINT NOT NULL DEFAULT 0,
  followers BIGINT NOT NULL DEFAULT 0,
  me_too BIGINT NOT NULL DEFAULT 0,
  legal_on VARCHAR(10) NOT NULL DEFAULT '',
  fix_release VARCHAR(40) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  first_ticket_at BIGINT NULL,
  last_ticket_at BIGINT NULL,
  proposed_at BIGINT NULL,
  confirmed_at BIGINT NULL,
  escalated_at BIGINT NULL,
  accepted_at BIGINT NULL,
  workaround_at BIGINT NULL,
  published_at BIGINT NULL,
  dated_at BIGINT NULL,
  fix_at BIGINT NULL,
  fixed_at BIGINT NULL,
  verified_at BIGINT NULL,
  closed_at BIGINT NULL,
  calm_until_at BIGINT NULL,
  burst_at BIGINT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS incident_listed ON incident (is_listed, state, id);
CREATE INDEX IF NOT EXISTS incident_state ON incident (state, updated_at, id);
CREATE INDEX IF NOT EXISTS incident_updated ON incident (updated_at, id);
CREATE INDEX IF NOT EXISTS incident_published ON incident (published_at, id);
CREATE INDEX IF NOT EXISTS incident_merged ON incident (merged_into);

-- One row a ticket that was read by the leader or by a person. incident_id: what it is evidence of; suggested_id: what it may be.
-- received_at, person_key, dossier_id and department are the ticket's, copied so that an incident is counted from this table alone.
-- facts: what was counted for it in incident_fact, so that the same can be counted out.
CREATE TABLE IF NOT EXISTS report (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL UNIQUE,
  incident_id BIGINT NULL,
  suggested_id BIGINT NULL,
  episode BIGINT NOT NULL DEFAULT 1,
  score DOUBLE NOT NULL DEFAULT 0,
  runner_up_id BIGINT NULL,
  runner_up_score DOUBLE NOT NULL DEFAULT 0,
  engine VARCHAR(40) NOT NULL DEFAULT '',
  reasons TEXT NOT NULL,
  facts TEXT NOT NULL,
  decided_by VARCHAR(10) NOT NULL,
  actor_name VARCHAR(200) NOT NULL DEFAULT '',
  decided_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  person_key VARCHAR(64) NOT NULL,
  dossier_id BIGINT NULL,
  department VARCHAR(3) NOT NULL,
  verification VARCHAR(10) NOT NULL DEFAULT '',
  verified_at BIGINT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS report_incident ON report (incident_id, received_at, ticket_id);
CREATE INDEX IF NOT EXISTS report_incident_ticket ON report (incident_id, ticket_id);
CREATE INDEX IF NOT EXISTS report_person ON report (incident_id, person_key);
CREATE INDEX IF NOT EXISTS report_dossier ON report (incident_id, dossier_id);
CREATE INDEX IF NOT EXISTS report_suggested ON report (suggested_id, received_at);
CREATE INDEX IF NOT EXISTS report_updated ON report (updated_at, id);
CREATE INDEX IF NOT EXISTS report_received ON report (received_at, incident_id);

-- How many tickets of an incident say each thing: hour, department, procedure, step, error_code, status, release, category, browser.
-- The sentence of the incident, its trend and its map are read from here, whatever its size.
CREATE TABLE IF NOT EXISTS incident_fact (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL,
  name VARCHAR(20) NOT NULL,
  value VARCHAR(200) NOT NULL,
  tickets BIGINT NOT NULL,
  UNIQUE (incident_id, name, value)
);

-- Each recurrence of an incident. reason: first, regression or reopening; evidence: JSON, the numbers that said so.
CREATE TABLE IF NOT EXISTS incident_episode (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  reason VARCHAR(20) NOT NULL,
  evidence VARCHAR(2000) NOT NULL DEFAULT '{}',
  started_at BIGINT NOT NULL,
  fixed_at BIGINT NULL,
  fix_release VARCHAR(40) NOT NULL DEFAULT '',
  UNIQUE (incident_id, number)
);

-- What people said about the grouping: remembered for ever, given to the engine in order, each can be undone.
CREATE TABLE IF NOT EXISTS correction (
  id INTEGER PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  incident_id BIGINT NOT NULL,
  other_id BIGINT NULL,
  state_before VARCHAR(20) NOT NULL DEFAULT '',
  undoes_id BIGINT NULL UNIQUE,
  actor_kind VARCHAR(10) NOT NULL,
  actor_id BIGINT NULL,
  actor_name VARCHAR(200) NOT NULL DEFAULT '',
  made_at BIGINT NOT NULL,
  undone_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS correction_incident ON correction (incident_id, id);
CREATE INDEX IF NOT EXISTS correction_made ON correction (made_at, id);

CREATE TABLE IF NOT EXISTS correction_ticket (
  id INTEGER PRIMARY KEY,
  correction_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  from_id BIGINT NULL,
  to_id BIGINT NULL,
  UNIQUE (correction_id, ticket_id)
);

-- A ticket that a person took out of an incident, or refused to put there: never attached or suggested to it again by the machine.
CREATE TABLE IF NOT EXISTS report_refusal (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  incident_id BIGINT NOT NULL,
  correction_id BIGINT NOT NULL,
  UNIQUE (ticket_id, incident_id)
);
CREATE INDEX IF NOT EXISTS report_refusal_incident ON report_refusal (incident_id);

-- Each hand-over to the resolution team, by a rule with its numbers (JSON) or by a person, and what became of it.
CREATE TABLE IF NOT EXISTS escalation (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL,
  episode BIGINT NOT NULL,
  rule VARCHAR(20) NOT NULL,
  numbers VARCHAR(2000) NOT NULL DEFAULT '{}',
  actor_name VARCHAR(200) NOT NULL DEFAULT '',
  escalated_at BIGINT NOT NULL,
  outcome VARCHAR(10) NOT NULL DEFAULT '',
  reason VARCHAR(2000) NOT NULL DEFAULT '',
  outcome_by VARCHAR(200) NOT NULL DEFAULT '',
  outcome_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS escalation_incident ON escalation (incident_id, id);
CREATE INDEX IF NOT EXISTS escalation_at ON escalation (escalated_at, id);

-- Hours in which an incident burst: the alarm is raised at the end of the hour.
CREATE TABLE IF NOT EXISTS incident_burst (
  id INTEGER PRIMARY KEY,
  incident_id BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  numbers VARCHAR(1000) NOT NULL DEFAULT '{}',
  UNIQUE (incident_id, hour)
);
CREATE INDEX IF NOT EXISTS incident_fact_value ON incident_fact (name, value, incident_id);
