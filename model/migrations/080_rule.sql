-- Rules that act on tickets by themselves (model/rule.hpp), what happened to tickets as rules saw it, and what each rule did.
-- body: conditions and actions, JSON. on_since: what happened before is left alone. looked_since, looked_ticket: up to which stay in a
-- status a rule on time has looked.
CREATE TABLE IF NOT EXISTS rule (
  id INTEGER PRIMARY KEY,
  title VARCHAR(200) NOT NULL,
  place BIGINT NOT NULL,
  is_on INTEGER NOT NULL,
  event VARCHAR(20) NOT NULL,
  after_hours BIGINT NOT NULL DEFAULT 0,
  body TEXT(20000) /*! CHARACTER SET utf8mb4 */ NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  on_since BIGINT NOT NULL,
  looked_since BIGINT NOT NULL DEFAULT 0,
  looked_ticket BIGINT NOT NULL DEFAULT 0,
  fired BIGINT NOT NULL DEFAULT 0,
  fired_at BIGINT NULL,
  changed_by VARCHAR(200) NOT NULL,
  changed_at BIGINT NOT NULL,
  removed_at BIGINT NULL
);

-- A stretch of a ticket's life, from one event to the next (until_at), with the facts that rules read; kept for the trial of a rule over the
-- last week. since_at: in this status since. cause_id: the last event of a person. No word of anybody.
CREATE TABLE IF NOT EXISTS rule_occasion (
  event_id BIGINT NOT NULL PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  happened_at BIGINT NOT NULL,
  since_at BIGINT NOT NULL,
  until_at BIGINT NULL,
  is_over INTEGER NOT NULL,
  cause_id BIGINT NOT NULL,
  action VARCHAR(60) NOT NULL,
  actor_kind VARCHAR(10) NOT NULL,
  clock VARCHAR(20) NOT NULL DEFAULT '',
  message_id BIGINT NOT NULL DEFAULT 0,
  facts VARCHAR(2000) NOT NULL
);
CREATE INDEX IF NOT EXISTS rule_occasion_ticket ON rule_occasion (ticket_id, event_id);
CREATE INDEX IF NOT EXISTS rule_occasion_stay ON rule_occasion (is_over, until_at, since_at, ticket_id);
CREATE INDEX IF NOT EXISTS rule_occasion_until ON rule_occasion (until_at);

-- What a rule did to a ticket: once for a cause. state: done, or refused with a reason (a key of templates/locales).
CREATE TABLE IF NOT EXISTS rule_firing (
  id INTEGER PRIMARY KEY,
  rule_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  cause VARCHAR(60) NOT NULL,
  happened_at BIGINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  effect VARCHAR(2000) NOT NULL,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  UNIQUE (rule_id, ticket_id, cause)
);
CREATE INDEX IF NOT EXISTS rule_firing_ticket ON rule_firing (ticket_id, cause);
CREATE INDEX IF NOT EXISTS rule_firing_rule ON rule_firing (rule_id, id);
