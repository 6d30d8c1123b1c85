-- A regression is told by ticket and follower, like the fix was; one that was being told starts again, and nobody is written to twice.
UPDATE broadcast SET phase = 'tickets', after_id = 0 WHERE phase = 'told';
