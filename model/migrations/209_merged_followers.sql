-- Who follows an incident that became part of another is counted with the one that is left: where one that has followers was merged.
UPDATE incident SET followers = (SELECT COUNT(DISTINCT follower.email_folded) FROM incident_follower follower
    JOIN (SELECT id, merged_into FROM incident) one ON one.id = follower.incident_id
    LEFT JOIN (SELECT id, merged_into FROM incident) two ON two.id = one.merged_into
    LEFT JOIN (SELECT id, merged_into FROM incident) three ON three.id = two.merged_into
    WHERE follower.ended_at IS NULL AND incident.id IN (one.id, two.id, three.id, three.merged_into))
  WHERE id IN (SELECT id FROM (SELECT DISTINCT heir.id FROM incident_follower follower
    JOIN incident one ON one.id = follower.incident_id
    JOIN incident two ON two.id = one.merged_into
    LEFT JOIN incident three ON three.id = two.merged_into
    JOIN incident heir ON heir.id IN (two.id, three.id, three.merged_into)
    WHERE follower.ended_at IS NULL) followed);
