-- A look-up in the registry is worked under a lease on the database's clock; attempts is its fencing token.
ALTER TABLE registry_lookup ADD COLUMN /*! IF NOT EXISTS */ lease_until BIGINT NOT NULL DEFAULT 0;
