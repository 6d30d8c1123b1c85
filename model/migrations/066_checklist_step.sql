-- The steps of a checklist (config/checklists.json) that were done for a ticket, by whom and when.
CREATE TABLE IF NOT EXISTS checklist_step (
  ticket_id BIGINT NOT NULL,
  step VARCHAR(80) NOT NULL,
  done_by VARCHAR(200) NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (ticket_id, step)
);
