-- A view of the queue under a name: its filters, order and columns, as they stand in its address.
CREATE TABLE IF NOT EXISTS saved_view (
  id INTEGER PRIMARY KEY,
  owner_id BIGINT NOT NULL,
  is_shared INTEGER NOT NULL,
  name VARCHAR(200) NOT NULL,
  query VARCHAR(1000) NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS saved_view_owner ON saved_view (owner_id, is_shared, name);
CREATE INDEX IF NOT EXISTS saved_view_shared ON saved_view (is_shared, name);
