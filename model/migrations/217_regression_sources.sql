-- The fixes that a regression takes back, of its incident and of those that were merged into it (model/broadcast.cpp). broadcast.source_id
-- is not written any more.
CREATE TABLE IF NOT EXISTS broadcast_source (
  broadcast_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  PRIMARY KEY (broadcast_id, source_id)
);
CREATE INDEX IF NOT EXISTS broadcast_source_fix ON broadcast_source (source_id);
INSERT INTO broadcast_source (broadcast_id, source_id) SELECT id, source_id FROM broadcast WHERE source_id IS NOT NULL AND NOT EXISTS (SELECT 1
    FROM broadcast_source kept WHERE kept.broadcast_id = broadcast.id);
