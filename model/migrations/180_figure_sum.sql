-- What the facts of all tickets add up to, day by day of Paris (model/figure_sum.hpp): a week is seven days however many tickets it had.
-- day_at: the first second of the day.
CREATE TABLE IF NOT EXISTS figure_sum (
  id INTEGER PRIMARY KEY,
  name VARCHAR(40) NOT NULL,
  day_at BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  UNIQUE (day_at, name)
);
CREATE INDEX IF NOT EXISTS figure_sum_name ON figure_sum (name, day_at, counted);

-- When a ticket became old (K20), if it did: not merged, and open longer than thirty days.
ALTER TABLE figure_fact ADD COLUMN /*! IF NOT EXISTS */ old_at BIGINT NULL;
CREATE INDEX IF NOT EXISTS figure_fact_old ON figure_fact (old_at, closed_at, received_at);

-- Everything is counted again, with its sums.
DELETE FROM figure_fact;
DELETE FROM setting WHERE name = 'figures.place' OR name = 'figures.counted_until';
