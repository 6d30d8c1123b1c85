-- Whose ticket the figures count: who it was given to or, when nobody, who answered it first; 0: nobody yet.
ALTER TABLE figure_fact ADD COLUMN /*! IF NOT EXISTS */ agent_id BIGINT NOT NULL DEFAULT 0;
UPDATE figure_fact SET agent_id = COALESCE((SELECT assignee_id FROM ticket WHERE ticket.id = figure_fact.ticket_id),
  (SELECT author_id FROM message WHERE message.ticket_id = figure_fact.ticket_id AND message.kind = 'reply' AND message.author_id IS NOT NULL
   ORDER BY message.id LIMIT 1), 0);

-- A ticket that joined another is no old ticket (K20).
ALTER TABLE figure_fact ADD COLUMN /*! IF NOT EXISTS */ is_merged INTEGER NOT NULL DEFAULT 0;
UPDATE figure_fact SET is_merged = 1 WHERE ticket_id IN (SELECT id FROM ticket WHERE status = 'merged');
