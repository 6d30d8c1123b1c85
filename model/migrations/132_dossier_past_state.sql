-- The states that dossiers with a ticket have left (model/dossier_move.hpp): the mirror holds the present one alone. left_at: when we learned
-- of the next. since: the day on which the dossier came into that state.
CREATE TABLE IF NOT EXISTS dossier_past_state (
  id INTEGER PRIMARY KEY,
  dossier_id BIGINT NOT NULL,
  status VARCHAR(40) NOT NULL,
  since VARCHAR(10) NOT NULL,
  left_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS dossier_past_state_dossier ON dossier_past_state (dossier_id, since);
