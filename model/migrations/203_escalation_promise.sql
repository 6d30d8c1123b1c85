-- Each hand-over is judged by its own workaround and date of correction (K15), and an episode remembers when its workaround was first given.
ALTER TABLE incident_episode ADD COLUMN /*! IF NOT EXISTS */ workaround_at BIGINT NULL;
ALTER TABLE escalation ADD COLUMN /*! IF NOT EXISTS */ workaround_at BIGINT NULL;
ALTER TABLE escalation ADD COLUMN /*! IF NOT EXISTS */ dated_at BIGINT NULL;

-- An incident kept one of each. Its workaround is that of the episode in which it was given.
UPDATE incident_episode SET workaround_at = (SELECT incident.workaround_at FROM incident WHERE incident.id = incident_episode.incident_id)
  WHERE number = (SELECT MAX(begun.number) FROM (SELECT incident_id, number, started_at FROM incident_episode) begun
    JOIN incident ON incident.id = begun.incident_id
    WHERE begun.incident_id = incident_episode.incident_id AND begun.started_at <= incident.workaround_at);

-- It came after a hand-over, or with it when the episode had one; not after the next one.
UPDATE escalation SET workaround_at = (SELECT CASE WHEN given.workaround_at < escalation.escalated_at THEN escalation.escalated_at
    ELSE given.workaround_at END FROM incident_episode given
    WHERE given.incident_id = escalation.incident_id AND given.number = escalation.episode)
  WHERE NOT EXISTS (SELECT 1 FROM (SELECT id, incident_id, escalated_at FROM escalation) later
    JOIN incident ON incident.id = later.incident_id
    WHERE later.incident_id = escalation.incident_id AND later.id > escalation.id AND later.escalated_at <= incident.workaround_at);

-- Its date of correction is that of its last hand-over.
UPDATE escalation SET dated_at = (SELECT incident.dated_at FROM incident WHERE incident.id = escalation.incident_id)
  WHERE id = (SELECT MAX(last.id) FROM (SELECT id, incident_id FROM escalation) last WHERE last.incident_id = escalation.incident_id);
