// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/sql.hpp"
#include "tests/support/test_app.hpp"

#include <string>

namespace relais::tests {

// The clock of test_app: Wednesday 25 November 2026, 10:46 in Paris, 5:46 in Fort-de-France.
constexpr auto thursday_nine_there = "2026-11-26T13:00:00Z";

// A contact centre in which a citizen books and an agent calls.
struct callback_site {
    test_app app;
    browser citizen{app, "192.0.2.30"}, agent{app};
    std::int64_t anne = app.add_user("anne", "agent");

    callback_site() { agent.enter_as(anne); }

    std::int64_t count(const std::string& what) {
        return app.database().read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    // The first page of /rappel, filled.
    std::map<std::string, std::string, std::less<>> person(const std::string& phone = "0639981201") {
        return {{"requester.name", "Zoé N’Diaye"},
                {"phone", phone},
                {"department", "972"},
                {"requester.email", "zoe@example.test"},
                {"procedure", "REGISTRATION"},
                {"subject", "Date de naissance refusée"}};
    }
    // Sends the form of the page shown, with its hidden fields.
    api::reply post(browser& by, const std::string& path, std::map<std::string, std::string, std::less<>> form) {
        auto shown = by.get(path);
        for (auto name : {"form_token", "form_id"})
            if (shown.data.contains(name)) form[name] = shown.data[name].get<std::string>();
        return by.post(path, form);
    }
    api::reply book(const std::string& slot = thursday_nine_there) {
        post(citizen, "/rappel", person());
        app.pass(std::chrono::seconds(5)); // nobody fills two pages faster
        return post(citizen, "/rappel/creneau", {{"go", "book"}, {"slot_start", slot}});
    }
    // The moment of the slot, a day later: the agent signs in again.
    void thursday() {
        app.pass(std::chrono::hours(27) + std::chrono::minutes(14));
        agent.enter_as(anne);
    }
};

inline std::string location(const api::reply& reply) { return header_of(reply, "Location"); }

inline nlohmann::json booking(const std::string& slot, const std::string& phone = "0639981234") {
    return {{"phone", phone},
            {"slot_start", slot},
            {"zone", "America/Martinique"},
            {"requester", {{"name", "Zoé N’Diaye"}, {"email", "zoe@example.test"}}},
            {"procedure", "REGISTRATION"},
            {"subject", "Date de naissance refusée"}};
}

} // namespace relais::tests
