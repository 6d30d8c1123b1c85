-- The page of an incident draws its hours: from the index alone, without a look at each row.
CREATE INDEX IF NOT EXISTS incident_fact_counted ON incident_fact (incident_id, name, value, tickets);
