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

-- Merges and dismissals answer the hand-over that waited for an answer, from before they did too. K15 counted it as late for ever.
UPDATE escalation SET outcome_by = (SELECT said.actor_name FROM correction said WHERE said.id = (SELECT MAX(last.id) FROM correction last
      WHERE last.incident_id = escalation.incident_id AND last.kind IN ('merge', 'dismiss') AND last.undone_at IS NULL)),
    outcome_at = (SELECT said.made_at FROM correction said WHERE said.id = (SELECT MAX(last.id) FROM correction last
      WHERE last.incident_id = escalation.incident_id AND last.kind IN ('merge', 'dismiss') AND last.undone_at IS NULL)),
    outcome = (SELECT CASE WHEN said.kind = 'merge' THEN 'merged' ELSE 'dismissed' END FROM correction said WHERE said.id = (SELECT MAX(last.id)
      FROM correction last WHERE last.incident_id = escalation.incident_id AND last.kind IN ('merge', 'dismiss') AND last.undone_at IS NULL))
  WHERE outcome = '' AND incident_id IN (SELECT id FROM incident WHERE merged_into IS NOT NULL OR state = 'dismissed')
    AND incident_id IN (SELECT incident_id FROM correction WHERE kind IN ('merge', 'dismiss') AND undone_at IS NULL)
    AND id IN (SELECT last.id FROM (SELECT MAX(id) AS id FROM escalation GROUP BY incident_id) last);
