-- What a merged ticket waited for, taken up again when it is parted (model/ticket_wait.hpp).
ALTER TABLE ticket_merge ADD COLUMN /*! IF NOT EXISTS */ wait_id BIGINT NULL;
ALTER TABLE ticket_merge ADD COLUMN /*! IF NOT EXISTS */ wait_next_at BIGINT NULL;
