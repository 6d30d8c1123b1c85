-- Which version of a dossier's noted dates, and of a shared view, somebody saw when changing it (model/legal_clock.hpp, model/saved_view.hpp);
-- and why those told by a verification should file again although they have a dossier (model/refiling.hpp).
ALTER TABLE dossier ADD COLUMN /*! IF NOT EXISTS */ dates_version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE saved_view ADD COLUMN /*! IF NOT EXISTS */ version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE verification_run ADD COLUMN /*! IF NOT EXISTS */ why_file_again VARCHAR(200) NOT NULL DEFAULT '';
