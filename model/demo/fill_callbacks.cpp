// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill_callbacks.hpp"

#include "model/callback.hpp"
#include "model/callback_rate.hpp"
#include "model/callback_retry.hpp"
#include "model/callback_slot.hpp"
#include "model/callback_state.hpp"
#include "model/callback_word.hpp"
#include "model/demo/fill_calls.hpp"
#include "model/demo/random.hpp"
#include "model/numbering_plan.hpp"
#include "model/phone.hpp"
#include "model/random_id.hpp"
#include "model/roster.hpp"
#include "model/sql.hpp"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace relais::model::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::uint64_t purpose_of_callbacks = 101;
constexpr auto past = hours(24 * 70), ahead = hours(24 * 14);
constexpr std::int64_t promised = 480; // in ten weeks, about
constexpr std::int64_t missed = 7;
constexpr int calls_an_agent = 35;        // in a day
constexpr std::int64_t held_s = 8 * 3600; // long enough to be looked at
constexpr std::array<std::string_view, 5> agents = {"Amina Diallo", "Julien Morel", "Sarah Benoît", "Thomas Leroy", "Inès Garnier"};
constexpr std::array<std::string_view, 6> spoken = {"", "", "", "", "anglais", "arabe"};

// A ticket whose requester gave a telephone.
struct asker {
    std::int64_t ticket_id = 0;
    sys_seconds received_at;
    std::string department, subject, name, phone, email;
    auto fields() { return std::tie(ticket_id, received_at, department, subject, name, phone, email); }
};

class telephone {
public:
    telephone(const options& wanted, callback_rules rules)
        : rules_(std::move(rules)), now_(wanted.now), agents_(calls_a_day(wanted) / calls_an_agent),
          roll_(wanted.seed, purpose_of_callbacks, 0) {
        rules_.notice_minutes = 120;
    }

    void write(soci::session& sql) {
        plan(sql);
        auto all = askers(sql);
        for (std::size_t i = 0; i < all.size(); ++i) promise(sql, all[i], i);
        auto open = calendars::open_between(rules_.book().centre, now_ - past, now_);
        if (!open.empty()) last_open_ = open.back().to; // nobody's call is missed in the night
        for (std::int64_t i = 0; i < missed; ++i) miss(sql, i);
        hold(sql);
        callback_rates::publish(sql, now_);
    }

private:
    // About as many people as the calls keep busy, with some too few and some too many; the extended hours have two.
    void plan(soci::session& sql) {
        auto usual = 2 + agents_;
        for (const auto* calendar : {&rules_.book().centre, &rules_.book().extended})
            for (const auto& span : calendars::open_between(*calendar, now_ - past, now_ + ahead))
                for (sys_seconds at = date::ceil<hours>(span.from); at + rosters::half_hour <= span.to; at += rosters::half_hour) {
                    auto is_extended = calendar != &rules_.book().centre;
                    rosters::set(sql, {at, is_extended ? 2 : roll_.between(usual - 1, usual + 3), is_extended ? 1 : roll_.between(3, 6)},
                                 now_);
                }
    }

    std::vector<asker> askers(soci::session& sql) {
        constexpr std::string_view those = "FROM ticket JOIN citizen ON citizen.id = ticket.requester_id "
                                           "WHERE received_at >= :since AND citizen.phone <> ''";
        auto all = *sql::first<std::int64_t>(sql, "SELECT COUNT(*) " + std::string(those), now_ - past);
        return sql::all<asker>(
            sql,
            "SELECT ticket.id, received_at, ticket.department, ticket.subject, citizen.name, citizen.phone, citizen.email " +
                std::string(those) + " AND ticket.id % :every = 0 ORDER BY ticket.id",
            now_ - past, std::max<std::int64_t>(1, all / promised));
    }

    std::optional<callback_slot> slot_for(const callback_place& place, sys_seconds asked_at) {
        auto offered = callback_slots::grid(rules_, place, asked_at, asked_at + hours(24 * 12), asked_at);
        std::erase_if(offered, [&](const auto& each) { return taken_[each.starts_at] >= (each.is_extended ? 1 : 3); });
        if (offered.empty()) return std::nullopt;
        auto found = offered[roll_.below(static_cast<std::uint32_t>(std::min<std::size_t>(offered.size(), 40)))];
        return found;
    }

    callback asked(const asker& from, const callback_place& place, const callback_slot& slot) {
        callback out;
        out.ticket_id = from.ticket_id;
        out.origin = "booked", out.state = "scheduled";
        out.name = from.name, out.phone = from.phone, out.email = from.email;
        out.zone = place.zone, out.department = from.department, out.subject = from.subject;
        out.spoken = roll_.pick(spoken);
        out.code_word = callback_words::draw();
        out.slot_starts_at = out.due_at = slot.starts_at, out.slot_ends_at = slot.ends_at;
        out.expires_at = callback_retries::last_moment(rules_, place, slot.starts_at);
        out.created_at = out.updated_at = from.received_at;
        return out;
    }

    struct attempt {
        sys_seconds at;
        std::string outcome;
    };

    void promise(soci::session& sql, const asker& from, std::size_t number) {
        if (!phones::check(from.phone, {}, phones::purpose::callback).accepted()) return;
        callback_place place{calendar_books::zone_of_department(rules_.book(), from.department), from.department};
        auto slot = slot_for(place, from.received_at);
        if (!slot) return;
        auto made = asked(from, place, *slot);
        std::vector<attempt> attempts;
        if (slot->ends_at <= now_) live(made, place, attempts, number);
        if (callback_states::is_open(made.state) && !open_.insert(made.phone).second) return;
        keep(sql, made, attempts, taken_[slot->starts_at]++);
    }

    void end(callback& what, std::string_view state, sys_seconds at) {
        what.state = state;
        what.ended_at = what.updated_at = at;
    }

    // What became of a promise whose slot is over.
    void live(callback& what, const callback_place& place, std::vector<attempt>& attempts, std::size_t number) {
        auto fate = roll_.below(1000);
        auto rings_at = *what.slot_starts_at + minutes(roll_.between(0, 24));
        if (number % 23 == 0) {
            end(what, "cancelled", *what.slot_starts_at - hours(3));
            what.end_reason = "citizen";
            return;
        }
        if (fate < 8) return end(what, "expired", what.expires_at);
        what.first_dialled_at = rings_at;
        if (fate < 955) return reach(what, attempts, rings_at);
        if (fate < 968) return stop(what, attempts, rings_at, "voicemail");
        if (fate < 978) return stop(what, attempts, rings_at, "wrong_number");
        try_again(what, place, attempts, rings_at, fate < 990);
    }

    void reach(callback& what, std::vector<attempt>& attempts, sys_seconds at) {
        attempts.push_back({at, "reached"});
        what.reached_at = at;
        end(what, "reached", at + minutes(roll_.between(2, 14)));
    }

    void stop(callback& what, std::vector<attempt>& attempts, sys_seconds at, const std::string& outcome) {
        attempts.push_back({at, outcome});
        end(what, outcome, at + minutes(1));
    }

    // Nobody answered; later somebody may have.
    void try_again(callback& what, const callback_place& place, std::vector<attempt>& attempts, sys_seconds at, bool answers) {
        std::vector<sys_seconds> used;
        for (int i = 1; i <= callback_attempts; ++i) {
            if (answers && i == 2) return reach(what, attempts, at);
            attempts.push_back({at, roll_.percent(20) ? "busy" : "no_answer"});
            used.push_back(at);
            auto next = callback_retries::next(rules_, place, used, at + minutes(1));
            if (i == callback_attempts || !next) return end(what, "unreached", at + minutes(1));
            at = *next + minutes(roll_.between(0, 20));
            if (at > now_) {
                what.due_at = *next;
                return;
            }
        }
    }

    void keep(soci::session& sql, callback& what, const std::vector<attempt>& attempts, std::int64_t seat) {
        auto is_open = callback_states::is_open(what.state);
        what.id = sql::insert(
            sql,
            "INSERT INTO callback (public_id, ticket_id, origin, name, phone, open_phone, email, language, zone, department, spoken, "
            "subject, "
            "code_word, state, slot_starts_at, slot_ends_at, due_at, expires_at, attempts, first_dialled_at, reached_at, ended_at, "
            "end_reason, "
            "created_at, updated_at) VALUES (:public_id, :ticket_id, :origin, :name, :phone, :open_phone, :email, :language, :zone, "
            ":department, "
            ":spoken, :subject, :code_word, :state, :slot_starts_at, :slot_ends_at, :due_at, :expires_at, :attempts, :first_dialled_at, "
            ":reached_at, :ended_at, :end_reason, :created_at, :updated_at)",
            random_id(), what.ticket_id, what.origin, what.name, what.phone, is_open ? std::optional(what.phone) : std::nullopt, what.email,
            what.language, what.zone, what.department, what.spoken, what.subject, what.code_word, what.state, what.slot_starts_at,
            what.slot_ends_at, what.due_at, what.expires_at, static_cast<std::int64_t>(attempts.size()), what.first_dialled_at,
            what.reached_at, what.ended_at, what.end_reason, what.created_at, what.updated_at);
        if (what.state != "cancelled")
            sql::change(sql, "INSERT INTO callback_slot (starts_at, seat, callback_id) VALUES (:starts_at, :seat, :callback_id)",
                        *what.slot_starts_at, seat, what.id);
        callbacks::tell(sql, what, {"citizen", {}, what.name, {}}, "callback.booked", {{"slot", seconds(*what.slot_starts_at)}},
                        what.created_at);
        for (std::size_t i = 0; i < attempts.size(); ++i) try_row(sql, what, attempts[i], static_cast<std::int64_t>(i) + 1);
    }

    void try_row(soci::session& sql, const callback& what, const attempt& made, std::int64_t number) {
        auto rings = made.outcome.empty();
        auto agent = rings ? what.lease_name : std::string(roll_.pick(agents));
        auto ended_at = rings ? std::nullopt : std::optional(made.at + minutes(3));
        sql::change(sql,
                    "INSERT INTO callback_attempt (callback_id, number, agent_kind, agent_name, dialled_at, outcome, ended_at) "
                    "VALUES (:callback_id, :number, 'staff', :agent_name, :dialled_at, :outcome, :ended_at)",
                    what.id, number, agent, made.at, made.outcome, ended_at);
        callbacks::tell(sql, what, {"staff", {}, agent, {}}, rings ? "callback.dialled" : "callback.attempted",
                        {{"outcome", made.outcome}, {"attempt", number}}, made.at);
    }

    // Somebody rang in the last hours and nobody answered: a number of the range kept for fiction.
    void miss(soci::session& sql, std::int64_t number) {
        auto phone = "+3319900" + std::to_string(7000 + number * 131 + roll_.between(0, 99));
        auto rang_at = last_open_ - minutes(roll_.between(5, 170));
        if (!callbacks::want_for_missed_call(sql, phone, rang_at, "Europe/Paris")) return;
        for (int again = roll_.between(0, 3); again > 0; --again) callbacks::want_for_missed_call(sql, phone, rang_at, "Europe/Paris");
    }

    // Two colleagues are at it while somebody looks: one has claimed, the other's telephone rings.
    void hold(soci::session& sql) {
        auto due = sql::all<callback>(
            sql, "SELECT " + callback_columns + " FROM callback WHERE state = 'scheduled' AND due_at <= :now ORDER BY due_at DESC LIMIT 2",
            now_);
        for (std::size_t i = 0; i < due.size(); ++i) {
            auto& what = due[i];
            callbacks::advance(what, "claim", now_);
            what.lease_owner = "staff:0", what.lease_name = agents[i], what.lease_token = 1;
            what.lease_until = sql::lease_now(sql) + held_s;
            if (i == 1) {
                callbacks::advance(what, "dial", now_);
                what.first_dialled_at = now_, what.attempts = 1;
                try_row(sql, what, {now_, ""}, 1);
            }
            callbacks::save(sql, what, now_);
        }
    }

    callback_rules rules_;
    sys_seconds now_, last_open_{};
    int agents_; // whom an ordinary day of calls needs
    dice roll_;
    std::map<sys_seconds, std::int64_t> taken_;
    std::set<std::string> open_;
};

} // namespace

void fill_callbacks(database& into, const options& wanted, const callback_rules& rules) {
    // The whole again when the transaction is replayed: the same draws, on nothing.
    into.write_now([&](soci::session& sql) { telephone(wanted, rules).write(sql); });
}

} // namespace relais::model::demo
