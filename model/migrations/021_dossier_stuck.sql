-- Dossiers stuck the same way, whoever wrote about them (model/silent_dossier.cpp).
CREATE INDEX IF NOT EXISTS dossier_stuck ON dossier (error_code, procedure_code, status);
