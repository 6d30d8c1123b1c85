-- Answers read again by a supervisor (K19), once a ticket and reviewer. answers: JSON, criterion -> yes, no or none; asked: the criteria that
-- applied, met: those that were met. Nothing is changed afterwards.
CREATE TABLE IF NOT EXISTS quality_review (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  grid VARCHAR(10) NOT NULL,
  reviewer VARCHAR(40) NOT NULL,
  reviewer_name VARCHAR(200) NOT NULL,
  answers TEXT NOT NULL,
  remark TEXT /*! CHARACTER SET utf8mb4 */ NOT NULL,
  met BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  reviewed_at BIGINT NOT NULL,
  UNIQUE (ticket_id, reviewer)
);
CREATE INDEX IF NOT EXISTS quality_review_reviewed ON quality_review (reviewed_at);
