-- A report follows its ticket (model/report.cpp): legal_on is the implicit decision that its incident counts of it, while the ticket is open.
ALTER TABLE report ADD COLUMN /*! IF NOT EXISTS */ legal_on VARCHAR(10) NOT NULL DEFAULT '';
UPDATE report SET legal_on = COALESCE((SELECT ticket.implicit_on FROM ticket WHERE ticket.id = report.ticket_id AND ticket.status <> 'closed' AND ticket.status <> 'merged'), '');
CREATE INDEX IF NOT EXISTS report_legal ON report (incident_id, legal_on);
UPDATE incident SET legal_on = COALESCE((SELECT MIN(report.legal_on) FROM report WHERE report.incident_id = incident.id AND report.legal_on > ''), '');
-- Tickets that were linked to a dossier, or whose category was corrected, after they were placed are read again.
UPDATE figure_fact SET again_at = 0 WHERE EXISTS (SELECT 1 FROM report JOIN ticket ON ticket.id = report.ticket_id
  WHERE report.ticket_id = figure_fact.ticket_id
    AND (COALESCE(report.dossier_id, 0) <> COALESCE(ticket.dossier_id, 0) OR INSTR(report.facts, ticket.category) = 0));
