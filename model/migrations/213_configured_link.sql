-- The link of a share whose recipient the configuration names: good whoever had an account of that address.
ALTER TABLE share_link ADD COLUMN /*! IF NOT EXISTS */ is_configured BIGINT NOT NULL DEFAULT 0;
