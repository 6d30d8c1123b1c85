-- What a ticket waited for when it was answered, closed or forwarded: taken up again with the words (model/reply_recall.hpp).
ALTER TABLE reply_recall ADD COLUMN /*! IF NOT EXISTS */ wait_id BIGINT NULL;
ALTER TABLE reply_recall ADD COLUMN /*! IF NOT EXISTS */ wait_next_at BIGINT NULL;
-- Whether these words closed it.
ALTER TABLE reply_recall ADD COLUMN /*! IF NOT EXISTS */ closes INTEGER NOT NULL DEFAULT 0;
