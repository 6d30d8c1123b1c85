-- Every list of the queue in every order, by an index that has it: closed tickets were sorted anew for each page. The last two are for a
-- colleague's and a department's closed tickets, which are few among many.
CREATE INDEX IF NOT EXISTS ticket_status_received ON ticket (status, received_at, id);
CREATE INDEX IF NOT EXISTS ticket_status_updated ON ticket (status, updated_at, id);
CREATE INDEX IF NOT EXISTS ticket_status_legal ON ticket (status, legal_at, id);
CREATE INDEX IF NOT EXISTS ticket_active_updated ON ticket (is_active, updated_at, id);
CREATE INDEX IF NOT EXISTS ticket_assignee_received ON ticket (assignee_id, status, received_at, id);
CREATE INDEX IF NOT EXISTS ticket_department_received ON ticket (department, status, received_at, id);
