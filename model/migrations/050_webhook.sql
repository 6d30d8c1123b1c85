-- Programs that are told what changes (model/webhook.hpp). fed: where the change feed was read up to, written as its cursor.
CREATE TABLE IF NOT EXISTS webhook (
  id INTEGER PRIMARY KEY,
  url VARCHAR(1000) NOT NULL,
  actions VARCHAR(400) NOT NULL DEFAULT '',
  fed VARCHAR(50) NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE TABLE IF NOT EXISTS webhook_delivery (
  id INTEGER PRIMARY KEY,
  webhook_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  status BIGINT NOT NULL DEFAULT 0,
  error VARCHAR(400) NOT NULL DEFAULT '',
  updated_at BIGINT NOT NULL,
  UNIQUE (webhook_id, event_id)
);
CREATE INDEX IF NOT EXISTS webhook_delivery_due ON webhook_delivery (state, next_at, id);
