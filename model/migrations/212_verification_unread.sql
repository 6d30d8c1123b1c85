-- Dossiers that the registry did not tell of in time are counted apart, and each page has its own patience (model/verification.cpp).
ALTER TABLE verification_run ADD COLUMN /*! IF NOT EXISTS */ unread BIGINT NOT NULL DEFAULT 0;
ALTER TABLE verification_run ADD COLUMN /*! IF NOT EXISTS */ page_at BIGINT NULL;
