// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_notice.hpp"

#include "model/outbox.hpp"
#include "model/sql.hpp"

namespace relais::model::callback_notices {
namespace {

constexpr auto a_day = std::chrono::hours(24);
constexpr auto soon = std::chrono::hours(4); // a reminder right after the promise would say it twice

std::string key(std::string_view kind, const callback& about, sys_seconds slot) {
    return std::string(kind) + ":" + std::to_string(about.id) + ":" + std::to_string(seconds(slot));
}

// Two digits tell which telephone; more would outlive the callback's own erasure.
std::string ending_of(const std::string& phone) { return phone.size() < 2 ? phone : phone.substr(phone.size() - 2); }

outbox_entry entry(const callback& about, std::string_view kind, sys_seconds slot) {
    outbox_entry out;
    out.unique_key = key(kind, about, slot);
    out.kind = kind;
    out.recipient = about.email;
    out.language = about.language;
    out.ticket_id = about.ticket_id;
    out.payload = {{"callback",
                    {{"id", about.public_id},
                     {"name", about.name},
                     {"phone", ending_of(about.phone)},
                     {"zone", about.zone},
                     {"code_word", about.code_word},
                     {"starts_at", about.slot_starts_at ? seconds(*about.slot_starts_at) : 0},
                     {"ends_at", about.slot_ends_at ? seconds(*about.slot_ends_at) : 0},
                     {"sequence", about.version},
                     {"attempts", about.attempts},
                     {"why", about.state}}}};
    return out;
}

void remind(soci::session& sql, const callback& about, sys_seconds now) {
    auto at = *about.slot_starts_at - a_day;
    if (about.email.empty() || at < now + soon) return;
    auto what = entry(about, "callback_reminder", *about.slot_starts_at);
    what.not_before = at;
    outbox::add(sql, what, now);
}

bool has_postal_address(soci::session& sql, const callback& about) {
    if (!about.ticket_id) return false;
    return sql::first<std::int64_t>(sql,
                                    "SELECT citizen.id FROM ticket JOIN citizen ON citizen.id = ticket.requester_id "
                                    "WHERE ticket.id = :ticket_id AND citizen.postal_address <> ''",
                                    *about.ticket_id)
        .has_value();
}

} // namespace

void acknowledge(soci::session& sql, const callback& about, bool is_capped, sys_seconds now) {
    auto what = entry(about, "acknowledgement", *about.slot_starts_at);
    what.unique_key = "acknowledgement:" + std::to_string(about.ticket_id.value());
    what.is_capped = is_capped;
    outbox::add(sql, what, now);
    remind(sql, about, now);
}

void promise(soci::session& sql, const callback& about, sys_seconds now) {
    if (about.email.empty()) return;
    outbox::add(sql, entry(about, "callback_promise", *about.slot_starts_at), now);
    remind(sql, about, now);
}

void change(soci::session& sql, const callback& about, sys_seconds old_slot, sys_seconds now) {
    if (about.email.empty()) return;
    outbox::withdraw(sql, key("callback_reminder", about, old_slot));
    auto what = entry(about, "callback_change", *about.slot_starts_at);
    what.unique_key += ":" + std::to_string(about.version); // one may come back to a slot one had left
    outbox::add(sql, what, now);
    remind(sql, about, now);
}

void cancel(soci::session& sql, const callback& about, sys_seconds now) {
    if (!about.is_booked() || about.email.empty()) return;
    outbox::withdraw(sql, key("callback_reminder", about, *about.slot_starts_at));
    outbox::add(sql, entry(about, "callback_cancellation", *about.slot_starts_at), now);
}

void miss(soci::session& sql, const callback& about, sys_seconds now) {
    if (!about.is_booked()) return; // a missed call: they asked for nothing, and have no link
    if (about.email.empty() && !has_postal_address(sql, about)) return;
    outbox::add(sql, entry(about, "callback_missed", *about.slot_starts_at), now);
}

} // namespace relais::model::callback_notices
