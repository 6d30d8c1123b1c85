-- With the release, so that dossiers stuck the same way are counted in the index alone (model/silent_dossier.cpp).
CREATE INDEX IF NOT EXISTS dossier_stuck_release ON dossier (error_code, procedure_code, status, portal_release);
