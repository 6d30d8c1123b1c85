-- Callbacks: one row a promise or a missed call, one row a seat taken in a slot, one row an attempt.
-- open_phone: the number while the callback is open, null afterwards: one open callback a number, whatever two servers do at once.
CREATE TABLE IF NOT EXISTS callback (
  id INTEGER PRIMARY KEY,
  public_id VARCHAR(32) NOT NULL UNIQUE,
  ticket_id BIGINT NULL,
  origin VARCHAR(20) NOT NULL,
  name VARCHAR(256) NOT NULL DEFAULT '',
  phone VARCHAR(20) NOT NULL,
  open_phone VARCHAR(20) NULL UNIQUE,
  email VARCHAR(254) NOT NULL DEFAULT '',
  language VARCHAR(5) NOT NULL DEFAULT 'fr',
  zone VARCHAR(40) NOT NULL DEFAULT '',
  department VARCHAR(3) NOT NULL DEFAULT '',
  spoken VARCHAR(100) NOT NULL DEFAULT '',
  access_need VARCHAR(400) NOT NULL DEFAULT '',
  subject VARCHAR(400) NOT NULL DEFAULT '',
  code_word VARCHAR(40) NOT NULL DEFAULT '',
  state VARCHAR(20) NOT NULL,
  slot_starts_at BIGINT NULL,
  slot_ends_at BIGINT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  rings BIGINT NOT NULL DEFAULT 0,
  first_dialled_at BIGINT NULL,
  reached_at BIGINT NULL,
  ended_at BIGINT NULL,
  end_reason VARCHAR(40) NOT NULL DEFAULT '',
  lease_owner VARCHAR(80) NOT NULL DEFAULT '',
  lease_name VARCHAR(200) NOT NULL DEFAULT '',
  lease_token BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS callback_due ON callback (state, due_at, id);
CREATE INDEX IF NOT EXISTS callback_lease ON callback (state, lease_until);
CREATE INDEX IF NOT EXISTS callback_expiry ON callback (state, expires_at);
CREATE INDEX IF NOT EXISTS callback_slot_start ON callback (slot_starts_at);
CREATE INDEX IF NOT EXISTS callback_ticket ON callback (ticket_id, id);
CREATE INDEX IF NOT EXISTS callback_phone ON callback (phone, id);

-- A seat is taken by the row that holds its number: two bookings of one seat are one booking and one refusal, on every database.
CREATE TABLE IF NOT EXISTS callback_slot (
  id INTEGER PRIMARY KEY,
  starts_at BIGINT NOT NULL,
  seat BIGINT NOT NULL,
  callback_id BIGINT NOT NULL UNIQUE,
  UNIQUE (starts_at, seat)
);

-- number: 1 to 3, so that nobody is ever rung a fourth time.
CREATE TABLE IF NOT EXISTS callback_attempt (
  id INTEGER PRIMARY KEY,
  callback_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  agent_kind VARCHAR(10) NOT NULL DEFAULT '',
  agent_id BIGINT NULL,
  agent_name VARCHAR(200) NOT NULL DEFAULT '',
  dialled_at BIGINT NOT NULL,
  outcome VARCHAR(20) NOT NULL DEFAULT '',
  ended_at BIGINT NULL,
  UNIQUE (callback_id, number)
);

-- Who is on duty in each half hour, and how many callbacks they can make in it.
CREATE TABLE IF NOT EXISTS roster (
  id INTEGER PRIMARY KEY,
  starts_at BIGINT NOT NULL UNIQUE,
  agents BIGINT NOT NULL,
  callback_seats BIGINT NULL,
  updated_at BIGINT NOT NULL
);
