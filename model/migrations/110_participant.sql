-- People beside the requester on a ticket (model/participant.hpp). The requester stays in the ticket's own columns.
-- ends_at: when the link opens nothing any more, agreed beforehand or the moment of a removal, which ended_by then tells (staff, citizen).
CREATE TABLE IF NOT EXISTS participant (
  id INTEGER PRIMARY KEY,
  code VARCHAR(13) NOT NULL UNIQUE,
  ticket_id BIGINT NOT NULL,
  role VARCHAR(10) NOT NULL,
  name VARCHAR(256) NOT NULL,
  email VARCHAR(254) NOT NULL DEFAULT '',
  phone VARCHAR(20) NOT NULL DEFAULT '',
  language VARCHAR(5) NOT NULL DEFAULT 'fr',
  link_hash VARCHAR(64) NOT NULL UNIQUE,
  link_generation BIGINT NOT NULL DEFAULT 1,
  added_at BIGINT NOT NULL,
  added_by VARCHAR(200) NOT NULL DEFAULT '',
  ends_at BIGINT NULL,
  ended_by VARCHAR(10) NOT NULL DEFAULT '',
  mail_state VARCHAR(20) NOT NULL DEFAULT '',
  erased_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS participant_ticket ON participant (ticket_id, id);
CREATE INDEX IF NOT EXISTS participant_erasure ON participant (erased_at, ends_at);

-- Who reads a message beside the desk (model/message_reader.hpp). No row: the requester alone. Otherwise those named, 0 being the requester.
CREATE TABLE IF NOT EXISTS message_reader (
  message_id BIGINT NOT NULL,
  participant_id BIGINT NOT NULL,
  is_author INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (message_id, participant_id)
);
CREATE INDEX IF NOT EXISTS message_reader_participant ON message_reader (participant_id, message_id);

-- To which of them a mail goes, for which a code was made, and to whom a draft will be addressed ("0 12").
ALTER TABLE outbox ADD COLUMN /*! IF NOT EXISTS */ participant_id BIGINT NULL;
ALTER TABLE verification_code ADD COLUMN /*! IF NOT EXISTS */ participant_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reply_draft ADD COLUMN /*! IF NOT EXISTS */ readers VARCHAR(400) NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS outbox_participant ON outbox (participant_id, id);
