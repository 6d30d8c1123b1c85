-- How many persons, dossiers and departments an incident concerns is counted in these indexes alone, without reading the reports.
DROP INDEX IF EXISTS report_person /*! ON report */;
CREATE INDEX IF NOT EXISTS report_person ON report (incident_id, person_key, received_at);
DROP INDEX IF EXISTS report_dossier /*! ON report */;
CREATE INDEX IF NOT EXISTS report_dossier ON report (incident_id, dossier_id, received_at);
CREATE INDEX IF NOT EXISTS report_counted ON report (incident_id, received_at, person_key, dossier_id, department);

-- How soon reports were attached (K14), likewise.
DROP INDEX IF EXISTS report_received /*! ON report */;
CREATE INDEX IF NOT EXISTS report_received ON report (received_at, incident_id, decided_at);
