// SPDX-License-Identifier: EUPL-1.2
#include "model/callback.hpp"

#include "model/callback_notice.hpp"
#include "model/callback_retry.hpp"
#include "model/callback_slot.hpp"
#include "model/callback_state.hpp"
#include "model/callback_word.hpp"
#include "model/random_id.hpp"
#include "model/sql_get.hpp"
#include "model/ticket.hpp"

namespace relais::model {

const std::string callback_columns =
    "id, public_id, ticket_id, origin, name, phone, email, language, zone, department, spoken, access_need, subject, code_word, state, "
    "slot_starts_at, slot_ends_at, due_at, expires_at, attempts, rings, first_dialled_at, reached_at, ended_at, end_reason, lease_owner, "
    "lease_name, lease_token, lease_until, created_at, updated_at, version";

namespace callbacks {
namespace {

std::optional<std::string> open_phone(const callback& of) {
    return callback_states::is_open(of.state) ? std::optional(of.phone) : std::nullopt;
}

// Throws: conflict, when the number has an open one: the UNIQUE key decides, whoever looked first.
void insert(soci::session& sql, callback& what) {
    what.public_id = random_id();
    try {
        what.id = sql::insert(
            sql,
            "INSERT INTO callback (public_id, ticket_id, origin, name, phone, open_phone, email, language, zone, department, spoken, "
            "access_need, subject, code_word, state, slot_starts_at, slot_ends_at, due_at, expires_at, rings, created_at, updated_at) "
            "VALUES (:public_id, :ticket_id, :origin, :name, :phone, :open_phone, :email, :language, :zone, :department, :spoken, "
            ":access_need, :subject, :code_word, :state, :slot_starts_at, :slot_ends_at, :due_at, :expires_at, :rings, :created_at, "
            ":updated_at)",
            what.public_id, what.ticket_id, what.origin, what.name, what.phone, open_phone(what), what.email, what.language, what.zone,
            what.department, what.spoken, what.access_need, what.subject, what.code_word, what.state, what.slot_starts_at,
            what.slot_ends_at, what.due_at, what.expires_at, what.rings, what.created_at, what.updated_at);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        throw conflict("conflict.callback_open");
    }
}

void refuse_many(soci::session& sql, const callback_rules& rules) {
    // Counting stops at the cap. One too many when two come together does no harm: seats are what is never promised twice.
    auto waiting = *sql::first<std::int64_t>(
        sql, "SELECT COUNT(*) FROM (SELECT id FROM callback WHERE state = 'scheduled' LIMIT :most) AS waiting", rules.pending_limit);
    if (waiting >= rules.pending_limit) throw conflict("conflict.callback_many");
}

callback promised(const callback_wish& wish, const callback_slot& slot, const callback_rules& rules, sys_seconds now) {
    callback out;
    out.ticket_id = wish.ticket_id;
    out.origin = "booked", out.state = "scheduled";
    out.name = wish.name, out.phone = wish.phone, out.email = wish.email, out.language = wish.language;
    out.zone = wish.place.zone, out.department = wish.place.department;
    out.spoken = wish.spoken, out.access_need = wish.access_need, out.subject = wish.subject;
    out.code_word = callback_words::draw();
    out.slot_starts_at = out.due_at = slot.starts_at;
    out.slot_ends_at = slot.ends_at;
    out.expires_at = callback_retries::last_moment(rules, wish.place, slot.starts_at);
    out.created_at = out.updated_at = now;
    return out;
}

} // namespace

callback book(soci::session& sql, const callback_wish& wish, const callback_rules& rules, const actor& who, sys_seconds now) {
    if (!rules.is_registering) throw conflict("conflict.callback_closed");
    if (auto open = find_open(sql, wish.phone); open && open->is_booked()) throw conflict("conflict.callback_open");
    refuse_many(sql, rules);
    auto slot = callback_slots::find(sql, rules, wish.place, wish.slot_starts_at, now);
    if (!slot) throw invalid({{"slot_start", "not_offered", "fault.callback.slot_not_offered"}});
    if (slot->left == 0) throw callback_slot_full(callback_slots::nearest(sql, rules, wish.place, wish.slot_starts_at, now));

    auto out = promised(wish, *slot, rules, now);
    if (wish.opens) {
        auto contact = *wish.opens;
        contact.is_silent = true; // its acknowledgement says the promise, which is not made yet
        out.ticket_id = tickets::open(sql, contact, who, now).id;
    }
    drop_for_answered_call(sql, wish.phone, now); // the promise takes the place of what a missed call had asked for
    insert(sql, out);
    if (!callback_slots::take(sql, *slot, out.id))
        throw callback_slot_full(callback_slots::nearest(sql, rules, wish.place, wish.slot_starts_at, now));
    if (wish.opens)
        callback_notices::acknowledge(sql, out, wish.is_anonymous, now);
    else if (out.ticket_id)
        callback_notices::promise(sql, out, now);
    tell(sql, out, who, "callback.booked", {{"slot", seconds(slot->starts_at)}, {"zone", out.zone}}, now);
    return out;
}

callback get(soci::session& sql, std::string_view public_id) {
    return sql::get<callback>(sql, "SELECT " + callback_columns + " FROM callback WHERE public_id = :public_id", public_id);
}

callback get(soci::session& sql, std::int64_t id) {
    return sql::get<callback>(sql, "SELECT " + callback_columns + " FROM callback WHERE id = :id", id);
}

std::optional<callback> find_open(soci::session& sql, std::string_view phone_e164) {
    return sql::first<callback>(sql, "SELECT " + callback_columns + " FROM callback WHERE open_phone = :phone", phone_e164);
}

std::optional<callback> find_of_ticket(soci::session& sql, std::int64_t ticket_id) {
    return sql::first<callback>(sql, "SELECT " + callback_columns + " FROM callback WHERE ticket_id = :ticket_id ORDER BY id DESC LIMIT 1",
                                ticket_id);
}

void advance(callback& of, std::string_view event, sys_seconds now) {
    auto to = callback_states::after(of.state, event);
    if (!to) throw conflict("conflict.callback_state");
    of.state = *to;
    if (callback_states::is_open(of.state)) return;
    of.ended_at = now;
    of.lease_owner.clear(), of.lease_name.clear(), of.lease_until = 0;
}

bool try_save(soci::session& sql, callback& what, sys_seconds now) {
    auto matched =
        sql::change(sql,
                    "UPDATE callback SET state = :state, open_phone = :open_phone, zone = :zone, slot_starts_at = :slot_starts_at, "
                    "slot_ends_at = :slot_ends_at, due_at = :due_at, expires_at = :expires_at, attempts = :attempts, "
                    "first_dialled_at = :first_dialled_at, reached_at = :reached_at, ended_at = :ended_at, end_reason = :end_reason, "
                    "lease_owner = :lease_owner, lease_name = :lease_name, lease_token = :lease_token, lease_until = :lease_until, "
                    "updated_at = :updated_at, version = version + 1 WHERE id = :id AND version = :version",
                    what.state, open_phone(what), what.zone, what.slot_starts_at, what.slot_ends_at, what.due_at, what.expires_at,
                    what.attempts, what.first_dialled_at, what.reached_at, what.ended_at, what.end_reason, what.lease_owner,
                    what.lease_name, what.lease_token, what.lease_until, now, what.id, what.version);
    if (matched != 1) return false;
    ++what.version;
    what.updated_at = now;
    return true;
}

void save(soci::session& sql, callback& what, sys_seconds now) {
    if (!try_save(sql, what, now)) throw conflict("conflict.callback_moved");
}

void tell(soci::session& sql, const callback& about, const actor& who, std::string_view action, nlohmann::json data, sys_seconds now) {
    events::record(sql, who, action, "callback", about.id, data, now);
    if (about.ticket_id) events::record(sql, who, action, "ticket", *about.ticket_id, data, now);
}

} // namespace callbacks
} // namespace relais::model
