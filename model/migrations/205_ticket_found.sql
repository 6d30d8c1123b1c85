-- Active tickets are found by what they have, and put in any order, in these indexes alone: the tickets themselves are read for the lines
-- that are shown (model/ticket_queue.cpp).
DROP INDEX IF EXISTS ticket_active_department /*! ON ticket */;
CREATE INDEX IF NOT EXISTS ticket_active_department ON ticket (is_active, department, due_at, id, category, procedure_code, received_at, legal_at);
DROP INDEX IF EXISTS ticket_active_category /*! ON ticket */;
CREATE INDEX IF NOT EXISTS ticket_active_category ON ticket (is_active, category, due_at, id, department, procedure_code, received_at, legal_at);
DROP INDEX IF EXISTS ticket_active_procedure /*! ON ticket */;
CREATE INDEX IF NOT EXISTS ticket_active_procedure ON ticket (is_active, procedure_code, due_at, id, department, category, received_at, legal_at);
DROP INDEX IF EXISTS ticket_active_legal /*! ON ticket */;
CREATE INDEX IF NOT EXISTS ticket_active_legal ON ticket (is_active, legal_at, id, department, procedure_code, category);
DROP INDEX IF EXISTS ticket_active_received /*! ON ticket */;
CREATE INDEX IF NOT EXISTS ticket_active_received ON ticket (is_active, received_at, id, department, procedure_code, category);
