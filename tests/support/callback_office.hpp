// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback.hpp"
#include "model/callback_calling.hpp"
#include "model/sql.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <memory>
#include <string>

namespace relais::tests {

// The agency's own calendars and the default rules.
inline model::callback_rules sample_rules() {
    model::callback_rules out;
    out.calendars = std::make_shared<model::calendar_book>(model::calendar_books::load("config/calendars.json"));
    return out;
}

// Numbers of the range kept for fiction.
inline std::string fictional_phone(int number) {
    auto text = std::to_string(number);
    return "+3363998" + std::string(4 - std::min<std::size_t>(4, text.size()), '0') + text;
}

// Tuesday 24 November 2026, 9:00 in Fort-de-France, 14:00 in Paris.
constexpr model::sys_seconds tuesday_slot = monday + std::chrono::hours(28);

inline model::callback_wish sample_wish(int number = 1, model::sys_seconds slot = tuesday_slot) {
    model::callback_wish out;
    out.name = "Zoé N’Diaye-Lefèvre", out.phone = fictional_phone(number), out.email = "zoe" + std::to_string(number) + "@example.test";
    out.place = {"America/Martinique", "972"};
    out.subject = "Date de naissance refusée";
    out.slot_starts_at = slot;
    out.opens = sample_contact(number);
    return out;
}

inline model::callback_caller caller(std::int64_t id, std::string name = "Camille Martin") {
    return {{"staff", id, std::move(name), {}}, {}};
}

// What is refused, in a word: the first fault's code, or the error's name. Nothing when it was not.
template <class Act> std::string refusal(Act act) {
    try {
        act();
    } catch (const model::invalid& error) {
        return error.faults.front().code;
    } catch (const model::error& known) {
        return known.what();
    }
    return {};
}

// A database, the rules, and short words for what is done.
struct callback_office {
    temporary_database database;
    model::callback_rules rules = sample_rules();

    template <class Act> auto act(Act what) { return database->write_now(std::move(what)); }
    model::callback book(const model::callback_wish& wish, model::sys_seconds now = monday) {
        return act([&](soci::session& sql) { return model::callbacks::book(sql, wish, rules, citizen_actor(), now); });
    }
    std::optional<model::callback> claim(const model::callback_caller& by, model::sys_seconds now) {
        return act([&](soci::session& sql) { return model::callback_calling::claim_next(sql, rules, by, now); });
    }
    model::callback finish(const model::callback& what, const std::string& outcome, const model::callback_caller& by,
                           model::sys_seconds now) {
        auto with_token = by;
        if (!with_token.token) with_token.token = what.lease_token;
        return act(
            [&](soci::session& sql) { return model::callback_calling::finish(sql, what.public_id, outcome, rules, with_token, now); });
    }
    model::callback get(const model::callback& what) {
        return database->read_now([&](soci::session& sql) { return model::callbacks::get(sql, what.id); });
    }
    std::int64_t count(const std::string& what) {
        return database->read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
};

} // namespace relais::tests
