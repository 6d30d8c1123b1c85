// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident_actions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// One message to everyone whom an incident concerns. Each mailbox has one row of the outbox, whatever stops and starts again; nobody sees
// anybody else. Those who gave no mail address get a letter; those who gave only a telephone come back to the queue to be called.
struct broadcast {
    std::int64_t id = 0, incident_id = 0, episode = 1;
    std::string kind; // fix, news, regression (those who were told "fixed"), silent (stuck dossiers nobody wrote about)
    std::string body, author;
    std::string state; // queueing, sending (everything is in the outbox), stopped, sent (nothing waits any more), withdrawn
    std::string phase; // whose turn it is: tickets, parted (what a merge had brought, and is elsewhere now), followers, dossiers, end
    std::int64_t after_id = 0, per_minute = 0, queued = 0, by_phone = 0;
    sys_seconds started_at;
    std::optional<sys_seconds> stopped_at;
    std::int64_t sent = 0, failed = 0, letters = 0; // of one that is sent
    static constexpr auto columns = "id, incident_id, episode, kind, body, author, state, phase, after_id, per_minute, queued, "
                                    "by_phone, started_at, stopped_at, sent, failed, letters";
    auto fields() {
        return std::tie(id, incident_id, episode, kind, body, author, state, phase, after_id, per_minute, queued, by_phone, started_at,
                        stopped_at, sent, failed, letters);
    }
};

namespace broadcasts {

constexpr std::int64_t default_per_minute = 600;

// Begins one; the rows follow by queue_next. Throws: invalid on "message" when it is empty.
std::int64_t start(soci::session& sql, const incidents::action& act, std::string_view kind, std::string_view body,
                   std::int64_t per_minute = default_per_minute);

// True when a broadcast told people that the incident, or one that was merged into it, was fixed, and none since that it is not.
bool has_told_fixed(soci::session& sql, std::int64_t incident_id);

// Puts the next recipients into the outbox, at most limit, spaced by per_minute. False when nobody is left.
bool queue_next(soci::session& sql, std::int64_t id, int limit, sys_seconds now);
// Broadcasts that still have recipients to queue.
std::vector<std::int64_t> unfinished(soci::session& sql);

// What has not left stays; what is on its way arrives, or stays when it does not get through. Throws: conflict("conflict.broadcast") when
// it is stopped already, or sent.
void stop(soci::session& sql, const incidents::action& act, std::int64_t id);
// Goes on where it stopped, at the same pace. Throws: conflict("conflict.broadcast") when it is not stopped.
void resume(soci::session& sql, const incidents::action& act, std::int64_t id);

// It is not fixed after all: a fix that is still being told is told to nobody else, and does not go on.
void withdraw_fix(soci::session& sql, const incidents::action& act);

// Those whose incident `home` is no longer part of `from` are not told any more that from is fixed: what waits for their tickets does not
// leave, unless the same mailbox has a ticket in from too.
void withdraw_fix_from(soci::session& sql, std::int64_t home, std::int64_t from);
// True while a regression of the incident has people that are still to be queued, be it stopped.
bool is_regression_queueing(soci::session& sql, std::int64_t incident_id);

struct progress {
    std::int64_t waiting = 0, sent = 0, failed = 0, stopped = 0, letters = 0;
};
// Counted in the outbox, row by row, unless it is sent.
progress progress_of(soci::session& sql, const broadcast& of);
// Those that are sending and of which no mail waits any more, and how far each came.
struct arrival {
    std::int64_t id = 0;
    progress reached;
};
std::vector<arrival> arrived(soci::session& sql);
// Keeps the progress of such a one, which is sent from now on.
void close(soci::session& sql, const arrival& of);
std::vector<broadcast> of_incident(soci::session& sql, std::int64_t incident_id);
broadcast get(soci::session& sql, std::int64_t id);

// Recipients drawn at random, each with the same chance, to see what they will read before it leaves.
struct recipient {
    std::optional<std::int64_t> ticket_id; // nothing: the owner of a silent dossier
    std::string reference;                 // of the ticket, or the number of the dossier
    std::string name, email, postal_address, language;
    auto fields() { return std::tie(ticket_id, reference, name, email, postal_address, language); }
};
std::vector<recipient> sample(soci::session& sql, std::int64_t incident_id, int count);
// Among those whose dossier is stuck and who never wrote: of very many, the first thousand.
std::vector<recipient> sample_silent(soci::session& sql, std::int64_t incident_id, int count);

} // namespace broadcasts

} // namespace relais::model
