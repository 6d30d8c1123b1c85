// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_state.hpp"
#include "model/callback_wanted.hpp"
#include "model/callback_word.hpp"
#include "model/phone.hpp"
#include "model/random_id.hpp"
#include "model/sql.hpp"

namespace relais::model::callbacks {
namespace {

constexpr auto kept = std::chrono::hours(24 * 4); // a weekend and a day

// Another ring of a number that is already waiting: its callback. The version stays: an agent may be holding it.
std::optional<std::int64_t> count_ring(soci::session& sql, std::string_view phone, sys_seconds now) {
    if (sql::change(sql, "UPDATE callback SET rings = rings + 1 WHERE open_phone = :phone", phone) == 0) return std::nullopt;
    auto found = find_open(sql, phone);
    if (found) tell(sql, *found, {}, "callback.rang", {{"rings", found->rings}}, now);
    return found ? std::optional(found->id) : std::nullopt;
}

bool may_be_called(std::string_view phone) {
    return phone.starts_with('+') && phones::check(phone, {}, phones::purpose::callback).accepted();
}

// What nobody promised. False for a promise, and for what is ended or rings now.
bool drop(soci::session& sql, callback& what, std::string_view reason, sys_seconds now) {
    if (what.is_booked() || !callback_states::after(what.state, "cancel")) return false;
    advance(what, "cancel", now);
    what.end_reason = reason;
    save(sql, what, now);
    tell(sql, what, {}, "callback.dropped", {}, now);
    return true;
}

} // namespace

std::optional<std::int64_t> want_for_missed_call(soci::session& sql, std::string_view phone_e164, sys_seconds now, std::string_view zone) {
    if (!may_be_called(phone_e164)) return std::nullopt;
    if (auto known = count_ring(sql, phone_e164, now)) return known;
    try {
        auto id =
            sql::insert(sql,
                        "INSERT INTO callback (public_id, origin, phone, open_phone, zone, state, due_at, expires_at, rings, "
                        "created_at, updated_at) VALUES (:public_id, 'missed_call', :phone, :open_phone, :zone, 'scheduled', :due_at, "
                        ":expires_at, 1, :created_at, :updated_at)",
                        random_id(), phone_e164, phone_e164, zone, now, now + kept, now, now);
        tell(sql, get(sql, id), {}, "callback.wanted", {}, now);
        return id;
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
    }
    // Somebody else wrote the same number down since we looked.
    if (auto known = count_ring(sql, phone_e164, now)) return known;
    throw conflict("conflict.callback_moved");
}

bool drop_for_answered_call(soci::session& sql, std::string_view phone_e164, sys_seconds now) {
    auto found = find_open(sql, phone_e164);
    return found && drop(sql, *found, "got_through", now);
}

void want_for_contact(soci::session& sql, const contact& from, std::int64_t ticket_id, sys_seconds now) {
    const auto& who = from.requester;
    auto has_other_way = !who.email.empty() || !who.postal_address.empty();
    if (has_other_way || from.channel == "phone" || !may_be_called(who.phone)) return;
    auto open = find_open(sql, who.phone);
    if (open && open->ticket_id) return;
    try {
        if (open && !drop(sql, *open, "written", now)) return; // it rings there now
        auto id =
            sql::insert(sql,
                        "INSERT INTO callback (public_id, ticket_id, origin, name, phone, open_phone, language, department, subject, "
                        "code_word, state, due_at, expires_at, created_at, updated_at) VALUES (:public_id, :ticket_id, 'contact', :name, "
                        ":phone, :open_phone, :language, :department, :subject, :code_word, 'scheduled', :due_at, :expires_at, "
                        ":created_at, :updated_at)",
                        random_id(), ticket_id, who.name, who.phone, who.phone, from.language, from.department, from.subject,
                        callback_words::draw(), now, now + kept, now, now);
        tell(sql, get(sql, id), {}, "callback.asked", {}, now);
    } catch (const conflict&) {
        // An agent takes the earlier one in the same instant: the person is called all the same.
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw; // so is it when somebody else wrote the same number down since we looked
    }
}

void drop_for_told(soci::session& sql, std::int64_t ticket_id, sys_seconds now) {
    if (auto found = find_of_ticket(sql, ticket_id)) drop(sql, *found, "told", now);
}

} // namespace relais::model::callbacks
