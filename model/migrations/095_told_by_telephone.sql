-- Outbox rows for people without a mail or postal address: medium 'phone', state 'told' once somebody has told them (model/letter.cpp).
UPDATE outbox SET medium = 'phone' WHERE medium = 'letter' AND state = 'waiting' AND ticket_id IN
  (SELECT ticket.id FROM ticket JOIN citizen ON citizen.id = ticket.requester_id WHERE citizen.postal_address = '');
