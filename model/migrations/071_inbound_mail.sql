-- Answers to our mails (model/inbound_receipt.hpp): what became of each, so that one delivered twice is kept once; and what a message quotes.
CREATE TABLE IF NOT EXISTS inbound_receipt (
  id INTEGER PRIMARY KEY,
  mail_key VARCHAR(64) NOT NULL UNIQUE,
  ticket_id BIGINT NOT NULL,
  outcome VARCHAR(20) NOT NULL,
  message_id BIGINT NULL,
  received_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS inbound_receipt_ticket ON inbound_receipt (ticket_id, received_at);
CREATE TABLE IF NOT EXISTS message_quote (
  message_id BIGINT NOT NULL PRIMARY KEY,
  quoted TEXT(100000) /*! CHARACTER SET utf8mb4 */ NOT NULL
);
