-- dossier_stuck_release (150) begins with the columns of this index and serves what it served. MariaDB reads what SQLite takes for a comment.
DROP INDEX IF EXISTS dossier_stuck /*! ON dossier */;
