-- People say their first name first; a colleague looks for the last: the folded name with its last word before the others.
ALTER TABLE citizen ADD COLUMN /*! IF NOT EXISTS */ name_turned VARCHAR(256) NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS citizen_name_turned ON citizen (name_turned);
