// SPDX-License-Identifier: EUPL-1.2
#include "model/callback.hpp"
#include "model/callback_state.hpp"
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
    if (!found || found->origin != "missed_call" || !callback_states::after(found->state, "cancel")) return false;
    advance(*found, "cancel", now);
    found->end_reason = "got_through";
    save(sql, *found, now);
    tell(sql, *found, {}, "callback.dropped", {}, now);
    return true;
}

} // namespace relais::model::callbacks
