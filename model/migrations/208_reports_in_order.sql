-- Every node reads all reports in the order in which their tickets came when it builds its index of the grouping (model/grouping_queue.cpp).
-- MariaDB sorted what was left of them for each page.
DROP INDEX IF EXISTS report_received /*! ON report */;
CREATE INDEX IF NOT EXISTS report_received ON report (received_at, ticket_id, incident_id, decided_at);
