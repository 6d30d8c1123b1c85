-- The "me too" of an incident that became part of another are counted with the one that is left (see 209). The sums are kept before any is
-- written, so that a migration that was interrupted adds nothing twice.
CREATE TABLE IF NOT EXISTS merged_me_too (incident_id BIGINT NOT NULL PRIMARY KEY, me_too BIGINT NOT NULL);
INSERT INTO merged_me_too (incident_id, me_too) SELECT heir.id, MAX(heir.me_too) + SUM(one.me_too) FROM incident one
    JOIN incident two ON two.id = one.merged_into
    LEFT JOIN incident three ON three.id = two.merged_into
    JOIN incident heir ON heir.id IN (two.id, three.id, three.merged_into)
  WHERE one.me_too > 0 AND NOT EXISTS (SELECT 1 FROM merged_me_too kept) GROUP BY heir.id;
UPDATE incident SET me_too = (SELECT kept.me_too FROM merged_me_too kept WHERE kept.incident_id = incident.id)
  WHERE id IN (SELECT incident_id FROM merged_me_too);
DROP TABLE merged_me_too;
