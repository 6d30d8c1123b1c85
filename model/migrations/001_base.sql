-- The base: people, dossiers, tickets and what hangs on them; staff; jobs.
-- Read by SQLite and MariaDB alike (model/migrations.cpp). Times are seconds UTC; text compares byte for byte; *_folded is searched.

CREATE TABLE IF NOT EXISTS team (
  id INTEGER PRIMARY KEY,
  code VARCHAR(40) NOT NULL UNIQUE,
  name VARCHAR(200) NOT NULL
);

CREATE TABLE IF NOT EXISTS user_account (
  id INTEGER PRIMARY KEY,
  login VARCHAR(80) NOT NULL UNIQUE,
  name VARCHAR(200) NOT NULL,
  quality VARCHAR(200) NOT NULL DEFAULT '',
  role VARCHAR(20) NOT NULL,
  team_id BIGINT NULL,
  email VARCHAR(254) NOT NULL DEFAULT '',
  password_hash VARCHAR(200) NOT NULL,
  totp_sealed VARCHAR(200) NOT NULL DEFAULT '',
  totp_last_step BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT NULL,
  password_changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE IF NOT EXISTS recovery_code (
  id INTEGER PRIMARY KEY,
  user_id BIGINT NOT NULL,
  code_hash VARCHAR(64) NOT NULL,
  used_at BIGINT NULL,
  UNIQUE (user_id, code_hash)
);

CREATE TABLE IF NOT EXISTS login_session (
  hash VARCHAR(64) NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  address VARCHAR(64) NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS login_session_user ON login_session (user_id);

CREATE TABLE IF NOT EXISTS api_token (
  id INTEGER PRIMARY KEY,
  name VARCHAR(200) NOT NULL,
  hash VARCHAR(64) NOT NULL UNIQUE,
  role VARCHAR(20) NOT NULL,
  rate BIGINT NOT NULL DEFAULT 10,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NULL,
  revoked_at BIGINT NULL
);

CREATE TABLE IF NOT EXISTS citizen (
  id INTEGER PRIMARY KEY,
  name VARCHAR(256) NOT NULL,
  name_folded VARCHAR(256) NOT NULL,
  birth_name VARCHAR(256) NOT NULL DEFAULT '',
  birth_name_folded VARCHAR(256) NOT NULL DEFAULT '',
  first_names VARCHAR(256) NOT NULL DEFAULT '',
  first_names_folded VARCHAR(256) NOT NULL DEFAULT '',
  birth_date VARCHAR(10) NOT NULL DEFAULT '',
  birth_precision VARCHAR(5) NOT NULL DEFAULT '',
  email VARCHAR(254) NOT NULL DEFAULT '',
  email_folded VARCHAR(254) NOT NULL DEFAULT '',
  phone VARCHAR(20) NOT NULL DEFAULT '',
  phone_typed VARCHAR(40) NOT NULL DEFAULT '',
  postal_address VARCHAR(1000) NOT NULL DEFAULT '',
  language VARCHAR(5) NOT NULL DEFAULT 'fr',
  created_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS citizen_email ON citizen (email_folded);
CREATE INDEX IF NOT EXISTS citizen_phone ON citizen (phone);
CREATE INDEX IF NOT EXISTS citizen_name ON citizen (name_folded);
CREATE INDEX IF NOT EXISTS citizen_birth ON citizen (birth_date, birth_name_folded);

CREATE TABLE IF NOT EXISTS dossier (
  id INTEGER PRIMARY KEY,
  public_id VARCHAR(32) NOT NULL UNIQUE,
  number VARCHAR(40) NOT NULL,
  neph VARCHAR(20) NOT NULL DEFAULT '',
  birth_name VARCHAR(256) NOT NULL DEFAULT '',
  birth_name_folded VARCHAR(256) NOT NULL DEFAULT '',
  usual_name VARCHAR(256) NOT NULL DEFAULT '',
  usual_name_folded VARCHAR(256) NOT NULL DEFAULT '',
  first_names VARCHAR(256) NOT NULL DEFAULT '',
  first_names_folded VARCHAR(256) NOT NULL DEFAULT '',
  birth_date VARCHAR(10) NOT NULL DEFAULT '',
  procedure_code VARCHAR(40) NOT NULL DEFAULT '',
  status VARCHAR(40) NOT NULL DEFAULT '',
  status_since VARCHAR(10) NOT NULL DEFAULT '',
  step VARCHAR(80) NOT NULL DEFAULT '',
  error_code VARCHAR(80) NOT NULL DEFAULT '',
  portal_release VARCHAR(40) NOT NULL DEFAULT '',
  centre VARCHAR(120) NOT NULL DEFAULT '',
  department VARCHAR(3) NOT NULL DEFAULT '',
  email VARCHAR(254) NOT NULL DEFAULT '',
  phone VARCHAR(20) NOT NULL DEFAULT '',
  driving_school VARCHAR(200) NOT NULL DEFAULT '',
  source VARCHAR(20) NOT NULL DEFAULT 'import',
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS dossier_neph ON dossier (neph);
CREATE INDEX IF NOT EXISTS dossier_birth_name ON dossier (birth_name_folded, first_names_folded);

CREATE TABLE IF NOT EXISTS ticket (
  id INTEGER PRIMARY KEY,
  reference VARCHAR(12) NOT NULL UNIQUE,
  channel VARCHAR(20) NOT NULL,
  requester_id BIGINT NOT NULL,
  subject_person_id BIGINT NOT NULL,
  relation VARCHAR(20) NOT NULL DEFAULT 'self',
  partner_id BIGINT NULL,
  procedure_code VARCHAR(40) NOT NULL,
  department VARCHAR(3) NOT NULL,
  subject VARCHAR(400) NOT NULL,
  status VARCHAR(10) NOT NULL,
  waiting_reason VARCHAR(20) NOT NULL DEFAULT '',
  is_active INTEGER NOT NULL,
  category VARCHAR(10) NOT NULL DEFAULT '',
  category_state VARCHAR(10) NOT NULL DEFAULT '',
  category_reason VARCHAR(400) NOT NULL DEFAULT '',
  legal_nature VARCHAR(20) NOT NULL,
  team_id BIGINT NULL,
  assignee_id BIGINT NULL,
  dossier_id BIGINT NULL,
  dossier_link VARCHAR(10) NOT NULL,
  dossier_number_typed VARCHAR(60) NOT NULL DEFAULT '',
  neph_typed VARCHAR(60) NOT NULL DEFAULT '',
  portal_step VARCHAR(200) NOT NULL DEFAULT '',
  portal_error_code VARCHAR(200) NOT NULL DEFAULT '',
  portal_message VARCHAR(2000) NOT NULL DEFAULT '',
  portal_browser VARCHAR(200) NOT NULL DEFAULT '',
  portal_release VARCHAR(40) NOT NULL DEFAULT '',
  language VARCHAR(5) NOT NULL DEFAULT 'fr',
  received_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  answer_before VARCHAR(10) NOT NULL,
  implicit_on VARCHAR(10) NOT NULL DEFAULT '',
  first_reply_at BIGINT NULL,
  closed_at BIGINT NULL,
  closure_reason VARCHAR(40) NOT NULL DEFAULT '',
  closure_text VARCHAR(2000) NOT NULL DEFAULT '',
  forwarded_to VARCHAR(200) NOT NULL DEFAULT '',
  follow_up_hash VARCHAR(64) NOT NULL UNIQUE,
  follow_up_generation BIGINT NOT NULL DEFAULT 1,
  mail_state VARCHAR(20) NOT NULL DEFAULT '',
  flags VARCHAR(400) NOT NULL DEFAULT '',
  satisfaction BIGINT NULL,
  satisfaction_text VARCHAR(2000) NOT NULL DEFAULT '',
  satisfied_at BIGINT NULL,
  external_id VARCHAR(120) NULL UNIQUE,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS ticket_active ON ticket (is_active, due_at, id);
CREATE INDEX IF NOT EXISTS ticket_active_department ON ticket (is_active, department, due_at, id);
CREATE INDEX IF NOT EXISTS ticket_active_procedure ON ticket (is_active, procedure_code, due_at, id);
CREATE INDEX IF NOT EXISTS ticket_active_category ON ticket (is_active, category, due_at, id);
CREATE INDEX IF NOT EXISTS ticket_active_assignee ON ticket (is_active, assignee_id, due_at, id);
CREATE INDEX IF NOT EXISTS ticket_status ON ticket (status, due_at, id);
CREATE INDEX IF NOT EXISTS ticket_dossier_id ON ticket (dossier_id, received_at);
CREATE INDEX IF NOT EXISTS ticket_requester ON ticket (requester_id);
CREATE INDEX IF NOT EXISTS ticket_subject_person ON ticket (subject_person_id);
CREATE INDEX IF NOT EXISTS ticket_updated ON ticket (updated_at, id);
CREATE INDEX IF NOT EXISTS ticket_received ON ticket (received_at, id);

CREATE TABLE IF NOT EXISTS ticket_dossier (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  dossier_id BIGINT NOT NULL,
  role VARCHAR(20) NOT NULL,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  UNIQUE (ticket_id, dossier_id)
);
CREATE INDEX IF NOT EXISTS ticket_dossier_dossier ON ticket_dossier (dossier_id);

CREATE TABLE IF NOT EXISTS dossier_snapshot (
  id INTEGER PRIMARY KEY,
  dossier_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  taken_at BIGINT NOT NULL,
  source VARCHAR(20) NOT NULL,
  procedure_code VARCHAR(40) NOT NULL DEFAULT '',
  status VARCHAR(40) NOT NULL DEFAULT '',
  status_since VARCHAR(10) NOT NULL DEFAULT '',
  step VARCHAR(80) NOT NULL DEFAULT '',
  error_code VARCHAR(80) NOT NULL DEFAULT '',
  portal_release VARCHAR(40) NOT NULL DEFAULT '',
  centre VARCHAR(120) NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS dossier_snapshot_ticket ON dossier_snapshot (ticket_id, taken_at);
CREATE INDEX IF NOT EXISTS dossier_snapshot_dossier ON dossier_snapshot (dossier_id, taken_at);

CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  kind VARCHAR(10) NOT NULL,
  author_id BIGINT NULL,
  author_name VARCHAR(200) NOT NULL DEFAULT '',
  channel VARCHAR(20) NOT NULL,
  body TEXT(100000) /*! CHARACTER SET utf8mb4 */ NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS message_ticket ON message (ticket_id, id);

CREATE TABLE IF NOT EXISTS attachment (
  id INTEGER PRIMARY KEY,
  public_id VARCHAR(43) NOT NULL UNIQUE,
  ticket_id BIGINT NULL,
  message_id BIGINT NULL,
  draft_key VARCHAR(64) NOT NULL DEFAULT '',
  display_name VARCHAR(255) NOT NULL,
  media_type VARCHAR(100) NOT NULL,
  size_bytes BIGINT NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  storage_name VARCHAR(64) NOT NULL UNIQUE,
  scan_state VARCHAR(10) NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS attachment_ticket ON attachment (ticket_id, id);
CREATE INDEX IF NOT EXISTS attachment_draft ON attachment (draft_key);
CREATE INDEX IF NOT EXISTS attachment_scan ON attachment (scan_state, id);

-- Apart, so that destroying the row erases the file wherever copies of it lie.
CREATE TABLE IF NOT EXISTS attachment_key (
  attachment_id BIGINT NOT NULL PRIMARY KEY,
  key_sealed VARCHAR(200) NOT NULL
);

CREATE TABLE IF NOT EXISTS verification_code (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL,
  code_hash VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  used_at BIGINT NULL
);
CREATE INDEX IF NOT EXISTS verification_code_ticket ON verification_code (ticket_id, id);

CREATE TABLE IF NOT EXISTS event (
  id INTEGER PRIMARY KEY,
  at_us BIGINT NOT NULL,
  actor_kind VARCHAR(10) NOT NULL,
  actor_id BIGINT NULL,
  actor_name VARCHAR(200) NOT NULL DEFAULT '',
  action VARCHAR(60) NOT NULL,
  object_kind VARCHAR(20) NOT NULL,
  object_id BIGINT NOT NULL,
  data VARCHAR(4000) NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS event_object ON event (object_kind, object_id, id);

CREATE TABLE IF NOT EXISTS event_block (
  id INTEGER PRIMARY KEY,
  first_event_id BIGINT NOT NULL UNIQUE,
  last_event_id BIGINT NOT NULL UNIQUE,
  events BIGINT NOT NULL,
  previous_hash VARCHAR(64) NOT NULL UNIQUE,
  hash VARCHAR(64) NOT NULL,
  sealed_at BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY,
  unique_key VARCHAR(120) NOT NULL UNIQUE,
  kind VARCHAR(40) NOT NULL,
  medium VARCHAR(10) NOT NULL,
  ticket_id BIGINT NULL,
  message_id BIGINT NULL,
  recipient VARCHAR(254) NOT NULL,
  language VARCHAR(5) NOT NULL,
  payload TEXT NOT NULL,
  is_capped INTEGER NOT NULL DEFAULT 0,
  mail_message_id VARCHAR(200) NOT NULL UNIQUE,
  state VARCHAR(10) NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  lease_owner VARCHAR(64) NOT NULL DEFAULT '',
  lease_until BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  sent_at BIGINT NULL,
  sent_hash VARCHAR(64) NOT NULL DEFAULT '',
  sent_copy TEXT(1000000) /*! CHARACTER SET utf8mb4 */ NULL,
  error VARCHAR(400) NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (medium, state, next_at, id);
CREATE INDEX IF NOT EXISTS outbox_ticket ON outbox (ticket_id, id);
CREATE INDEX IF NOT EXISTS outbox_recipient ON outbox (recipient, sent_at);

-- When each mailbox was last written to because of an anonymous form (model/mail_cap.cpp). The key is a hash: no address.
CREATE TABLE IF NOT EXISTS mail_cap (
  recipient_key VARCHAR(64) NOT NULL PRIMARY KEY,
  mailings VARCHAR(400) NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS mail_cap_updated ON mail_cap (updated_at);

CREATE TABLE IF NOT EXISTS idempotency_key (
  key_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  route VARCHAR(80) NOT NULL,
  fingerprint VARCHAR(64) NOT NULL,
  status BIGINT NOT NULL,
  answer TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS idempotency_key_created ON idempotency_key (created_at);

CREATE TABLE IF NOT EXISTS registry_lookup (
  id INTEGER PRIMARY KEY,
  ticket_id BIGINT NOT NULL UNIQUE,
  state VARCHAR(10) NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  answered_at BIGINT NULL,
  outcome VARCHAR(20) NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS registry_lookup_due ON registry_lookup (state, next_at, id);

-- Tickets that the grouping leader has not read yet.
CREATE TABLE IF NOT EXISTS grouping_queue (
  ticket_id BIGINT NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS lease (
  name VARCHAR(60) NOT NULL PRIMARY KEY,
  owner VARCHAR(64) NOT NULL,
  token BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS setting (
  name VARCHAR(80) NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- Wrong passwords and codes of the last day (model/sign_in_failure.hpp).
CREATE TABLE IF NOT EXISTS sign_in_failure (
  id INTEGER PRIMARY KEY,
  login_hash VARCHAR(64) NOT NULL,
  address VARCHAR(64) NOT NULL,
  failed_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS sign_in_failure_account ON sign_in_failure (login_hash, address, failed_at);
CREATE INDEX IF NOT EXISTS sign_in_failure_address ON sign_in_failure (address, failed_at);
CREATE INDEX IF NOT EXISTS sign_in_failure_login ON sign_in_failure (login_hash, failed_at);
CREATE INDEX IF NOT EXISTS sign_in_failure_age ON sign_in_failure (failed_at);
