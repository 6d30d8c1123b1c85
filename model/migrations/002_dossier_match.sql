-- Finding the dossier of a contact (model/dossier_match.cpp). Each index costs every imported line, so there are few.
-- number_key: letters and digits of the number alone, as people type it; with the number itself it is the key of a dossier.
-- person_key: folded birth name, usual name and first names joined by "|": one range shows everybody born on a day without the table.
-- usual_key: folded usual name and first names joined by "|", empty without a usual name (empty keys are appended, and cost little).

ALTER TABLE dossier ADD COLUMN /*! IF NOT EXISTS */ number_key VARCHAR(40) NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN /*! IF NOT EXISTS */ person_key VARCHAR(240) NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN /*! IF NOT EXISTS */ usual_key VARCHAR(240) NOT NULL DEFAULT '';
CREATE UNIQUE INDEX IF NOT EXISTS dossier_number ON dossier (number_key, number);
CREATE INDEX IF NOT EXISTS dossier_person ON dossier (birth_date, person_key);
CREATE INDEX IF NOT EXISTS dossier_usual ON dossier (usual_key);
