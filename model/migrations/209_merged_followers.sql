-- Who follows an incident that became part of another is counted with the one that is left, and so are its "me too".
UPDATE incident SET followers = (SELECT COUNT(DISTINCT follower.email_folded) FROM incident_follower follower
    JOIN (SELECT id, merged_into FROM incident) one ON one.id = follower.incident_id
    LEFT JOIN (SELECT id, merged_into FROM incident) two ON two.id = one.merged_into
    LEFT JOIN (SELECT id, merged_into FROM incident) three ON three.id = two.merged_into
    WHERE follower.ended_at IS NULL AND incident.id IN (one.id, two.id, three.id, three.merged_into))
  WHERE id IN (SELECT merged_into FROM (SELECT merged_into FROM incident WHERE merged_into > 0) merged);

-- Those that are left first, then those merged into them: each adds up what no earlier statement changed.
UPDATE incident SET me_too = me_too + (SELECT COALESCE(SUM(one.me_too), 0) FROM (SELECT id, merged_into, me_too FROM incident
    WHERE merged_into > 0 AND me_too > 0) one
    LEFT JOIN (SELECT id, merged_into FROM incident) two ON two.id = one.merged_into
    LEFT JOIN (SELECT id, merged_into FROM incident) three ON three.id = two.merged_into
    WHERE incident.id IN (two.id, three.id, three.merged_into))
  WHERE merged_into IS NULL AND id IN (SELECT merged_into FROM (SELECT merged_into FROM incident WHERE merged_into > 0) merged);
UPDATE incident SET me_too = me_too + (SELECT COALESCE(SUM(one.me_too), 0) FROM (SELECT id, merged_into, me_too FROM incident
    WHERE merged_into > 0 AND me_too > 0) one
    LEFT JOIN (SELECT id, merged_into FROM incident) two ON two.id = one.merged_into
    LEFT JOIN (SELECT id, merged_into FROM incident) three ON three.id = two.merged_into
    WHERE incident.id IN (two.id, three.id, three.merged_into))
  WHERE merged_into IN (SELECT id FROM (SELECT id FROM incident WHERE merged_into IS NULL) remaining)
    AND id IN (SELECT merged_into FROM (SELECT merged_into FROM incident WHERE merged_into > 0) merged);
