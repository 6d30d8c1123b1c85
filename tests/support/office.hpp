// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier.hpp"
#include "model/dossier_store.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/test_app.hpp"

#include <map>
#include <string>

namespace relais::tests {

// An office with an agent, a colleague, and a ticket.
struct office {
    test_app app;
    std::int64_t anne = app.add_user("anne", "agent"), paul = app.add_user("paul", "resolver");
    browser agent{app}, colleague{app, "192.0.2.11"};
    std::string reference = open(1);

    office() { agent.enter_as(anne), colleague.enter_as(paul); }

    std::string open(int number, const std::string& category = "", const std::string& email = "zoe@example.test",
                     const std::string& postal_address = "") {
        auto contact = sample_contact(number);
        contact.category = category, contact.category_reason = "les mots « 00/00 »";
        contact.requester.email = email, contact.requester.postal_address = postal_address;
        return app.database().write_now(
            [&](soci::session& sql) { return model::tickets::open(sql, contact, citizen_actor(), app.now()).reference; });
    }
    std::string path(const std::string& rest = "") const { return "/console/tickets/" + reference + rest; }
    // Posts one of the forms of the page that the browser shows now.
    api::reply act(browser& by, const std::string& noun, std::map<std::string, std::string, std::less<>> answers) {
        auto shown = by.get(path());
        answers["version"] = std::to_string(shown.data["version"].get<std::int64_t>());
        answers["seen"] = std::to_string(shown.data["last_event"].get<std::int64_t>());
        return by.post(path("/" + noun), answers);
    }
    std::int64_t count(const std::string& what) {
        return app.database().read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    std::string add_dossier(const std::string& number) {
        return app.database().write_now([&](soci::session& sql) {
            auto news = some_dossier(number, "Durand", "Luc", "1980-05-04");
            model::dossiers::store(sql, std::span(&news, 1), app.now());
            return model::dossiers::find_by_number(sql, number)->public_id;
        });
    }
};

} // namespace relais::tests
