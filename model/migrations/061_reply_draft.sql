-- What an agent is writing to the citizen of a ticket: one text an agent and ticket, gone when it is sent.
CREATE TABLE IF NOT EXISTS reply_draft (
  ticket_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  body TEXT /*! CHARACTER SET utf8mb4 */ NOT NULL,
  waits INTEGER NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (ticket_id, user_id)
);
CREATE INDEX IF NOT EXISTS reply_draft_updated ON reply_draft (updated_at);

-- An answer that its author may still take back, and how the ticket stood before it.
CREATE TABLE IF NOT EXISTS reply_recall (
  message_id BIGINT NOT NULL PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  status VARCHAR(10) NOT NULL,
  waiting_reason VARCHAR(20) NOT NULL,
  was_first INTEGER NOT NULL,
  waits INTEGER NOT NULL,
  version BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS reply_recall_ticket ON reply_recall (ticket_id, until_at);
CREATE INDEX IF NOT EXISTS reply_recall_until ON reply_recall (until_at);
