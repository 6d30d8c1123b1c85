-- The clocks of a ticket and what it waits for (model/ticket_clock.hpp, model/ticket_wait.hpp), and what colleagues are told.
-- spent: open seconds counted before since_at, from which the clock runs; without since_at it stands still. steps_done: the last percent told.
CREATE TABLE IF NOT EXISTS ticket_clock (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  clock VARCHAR(20) NOT NULL,
  target_s BIGINT NOT NULL,
  spent_s BIGINT NOT NULL,
  since_at BIGINT NULL,
  due_at BIGINT NULL,
  stopped_at BIGINT NULL,
  steps_done BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NULL,
  UNIQUE (ticket_id, clock)
);
CREATE INDEX IF NOT EXISTS ticket_clock_next ON ticket_clock (next_at, id);

-- reason: a waiting reason, or "closed": in both the clocks of our answers stand still. next_at: the next reminder, or the end.
CREATE TABLE IF NOT EXISTS ticket_wait (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  reason VARCHAR(20) NOT NULL,
  detail VARCHAR(200) NOT NULL DEFAULT '',
  began_at BIGINT NOT NULL,
  ended_at BIGINT NULL,
  reminders BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS ticket_wait_ticket ON ticket_wait (ticket_id, began_at);
CREATE INDEX IF NOT EXISTS ticket_wait_next ON ticket_wait (next_at, id);

CREATE TABLE IF NOT EXISTS staff_notice (
  id INTEGER PRIMARY KEY,
  unique_key VARCHAR(120) NOT NULL UNIQUE,
  user_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  data VARCHAR(400) NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  seen_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS staff_notice_user ON staff_notice (user_id, id);
CREATE INDEX IF NOT EXISTS staff_notice_age ON staff_notice (created_at);
CREATE INDEX IF NOT EXISTS staff_notice_unseen ON staff_notice (user_id, seen_at);
