-- The calls of who was identified by a dossier stand in its timeline, with a ticket or without (model/dossier_timeline.cpp).
CREATE INDEX IF NOT EXISTS phone_call_dossier ON phone_call (dossier_id, started_at_us);
