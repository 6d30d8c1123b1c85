-- A contact form begun and not yet sent: sealed by the server's key, named by the hash of the browser's cookie, gone an hour after the last step.
CREATE TABLE IF NOT EXISTS contact_draft (
  key_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  sealed MEDIUMTEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS contact_draft_updated ON contact_draft (updated_at);
