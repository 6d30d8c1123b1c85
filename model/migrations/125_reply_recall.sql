-- Who answered first is read from the answers that stay (model/reply_recall.cpp).
ALTER TABLE reply_recall DROP COLUMN /*! IF EXISTS */ was_first;
