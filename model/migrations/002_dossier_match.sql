-- Finding the dossier of a contact (model/dossier_match.cpp). number_key: letters and digits of the number alone, as people type it.
-- person_key: folded birth name, usual name and first names joined by "|", so that one range of the index shows everybody born on a day
-- without touching the table. It replaces two indexes on (birth_date, a name).

ALTER TABLE dossier ADD COLUMN /*! IF NOT EXISTS */ number_key VARCHAR(40) NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN /*! IF NOT EXISTS */ person_key VARCHAR(240) NOT NULL DEFAULT '';
DROP INDEX IF EXISTS dossier_birth /*! ON dossier */;
DROP INDEX IF EXISTS dossier_birth_usual /*! ON dossier */;
CREATE INDEX IF NOT EXISTS dossier_number_key ON dossier (number_key);
CREATE INDEX IF NOT EXISTS dossier_person ON dossier (birth_date, person_key);
