-- Who has which ticket on their screen. seen_at: by the database's clock; a row that is not renewed means nobody.
CREATE TABLE IF NOT EXISTS ticket_presence (
  ticket_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  is_writing INTEGER NOT NULL DEFAULT 0,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (ticket_id, user_id)
);
CREATE INDEX IF NOT EXISTS ticket_presence_seen ON ticket_presence (seen_at);
