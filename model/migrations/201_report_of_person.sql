-- Whether a person wrote again (K8) is found by the person, whatever the incident; where that was judged, it is judged again.
CREATE INDEX IF NOT EXISTS report_of_person ON report (person_key, received_at, ticket_id);
UPDATE figure_fact SET again_at = 0 WHERE settled_at IS NOT NULL;
