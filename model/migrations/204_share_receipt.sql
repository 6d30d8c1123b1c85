-- Who acknowledged a share: a person once, whatever the door; two who share a name are two (model/weekly_share.hpp).
CREATE TABLE IF NOT EXISTS share_receipt (
  id INTEGER PRIMARY KEY,
  share_id BIGINT NOT NULL,
  person VARCHAR(254) NOT NULL,
  actor_kind VARCHAR(10) NOT NULL,
  actor_id BIGINT NULL,
  actor_name VARCHAR(200) NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (share_id, person)
);

-- It was by the name alone. The table is made again so that this may be run twice.
CREATE TABLE IF NOT EXISTS share_acknowledgement (
  id INTEGER PRIMARY KEY, share_id BIGINT, actor_kind VARCHAR(10), actor_id BIGINT NULL, actor_name VARCHAR(200), made_at BIGINT
);
INSERT INTO share_receipt (id, share_id, person, actor_kind, actor_id, actor_name, made_at)
  SELECT old.id, old.share_id, old.actor_name, old.actor_kind, old.actor_id, old.actor_name, old.made_at FROM share_acknowledgement old
  WHERE NOT EXISTS (SELECT 1 FROM (SELECT id FROM share_receipt) kept WHERE kept.id = old.id);
DROP TABLE IF EXISTS share_acknowledgement;

-- Links to an address of the configuration had no name, under which what is decided by them is told.
UPDATE share_link SET name = 'Destinataire du partage' WHERE name = '';
