-- What people said in an incident's tickets is counted soon after they said it (model/report.cpp): until now, when incidents were merged
-- alone. contacts of a report: what its incident counts of it.
ALTER TABLE report ADD COLUMN /*! IF NOT EXISTS */ contacts BIGINT NOT NULL DEFAULT 0;
UPDATE report SET contacts = (SELECT COUNT(*) FROM message WHERE message.ticket_id = report.ticket_id AND message.kind = 'citizen');
UPDATE incident SET contacts = (SELECT COALESCE(SUM(report.contacts), 0) FROM report WHERE report.incident_id = incident.id);

-- Who calls about a ticket again (K8) is counted whether the agent wrote down their words or not; where that was judged, it is judged again.
UPDATE figure_fact SET again_at = 0 WHERE settled_at IS NOT NULL AND ticket_id IN (SELECT ticket_id FROM phone_call WHERE direction = 'in' AND ticket_id IS NOT NULL);
