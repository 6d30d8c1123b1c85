-- Each webhook has a queue of its own: what is due to one is found without passing by what is due to the others.
CREATE INDEX IF NOT EXISTS webhook_delivery_turn ON webhook_delivery (webhook_id, state, next_at, id);
