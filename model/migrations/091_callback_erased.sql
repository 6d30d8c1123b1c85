-- When the person of an ended callback was forgotten (model/callback_erasure.hpp).
ALTER TABLE callback ADD COLUMN /*! IF NOT EXISTS */ erased_at BIGINT NULL;
CREATE INDEX IF NOT EXISTS callback_erasure ON callback (erased_at, ended_at);
