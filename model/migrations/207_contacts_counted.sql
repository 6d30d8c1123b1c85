-- What people said in an incident's tickets is counted as they say it (model/report.cpp): until now, when incidents were merged alone.
UPDATE incident SET contacts = (SELECT COUNT(*) FROM report JOIN message ON message.ticket_id = report.ticket_id AND message.kind = 'citizen' WHERE report.incident_id = incident.id);
