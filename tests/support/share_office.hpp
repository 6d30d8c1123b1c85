// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar_week.hpp"
#include "model/figure_fact.hpp"
#include "model/lease_clock.hpp"
#include "model/share_job.hpp"
#include "model/ticket_actions.hpp"
#include "model/weekly_share.hpp"
#include "tests/support/incident_office.hpp"

#include <nlohmann/json.hpp>

namespace relais::tests {

// The Monday of 2026-W49, 8:00 in Paris: when the share of W48 is written. tests::monday is the Monday of W48, 10:00.
constexpr auto next_monday = monday + std::chrono::hours(24 * 7 - 2);

inline model::actor owner_actor(const std::string& name = "Hélène Blanc") { return {"staff", 11, name, "maîtrise d’ouvrage"}; }

// An office whose weeks are shared.
struct share_office : incident_office {
    share_office() { use_clock(); }
    ~share_office() { model::sql::set_lease_clock({}); }

    // Leases live by the test's clock.
    void use_clock() {
        model::sql::set_lease_clock([this] { return model::seconds(now); });
    }
    model::share_job job(const std::string& name, const std::vector<std::string>& recipients = {"moa@example.test"}) {
        model::share_job::options wanted;
        wanted.owner = name;
        for (const auto& each : recipients) wanted.recipients.push_back({each, "Destinataire " + each.substr(0, each.find('@')), true});
        wanted.token_hash = [](const std::string& week, const std::string& to) { return "hash-" + week + "-" + to; };
        return model::share_job(*database, wanted);
    }
    void run(model::share_job& job) {
        while (job.step(now)) {
        }
    }
    void count_facts() {
        while (write([this](soci::session& sql) { return model::figure_facts::follow(sql, now); }) > 0) {
        }
    }
    // The share of a week, written now.
    nlohmann::json share(const std::string& week) {
        count_facts();
        auto written =
            write([&](soci::session& sql) { return model::weekly_shares::make(sql, *model::calendar_weeks::parse(week), "test", now); });
        return nlohmann::json::parse(written.body);
    }
    // The person of a ticket writes once more.
    void write_again(std::int64_t ticket) {
        write([&](soci::session& sql) {
            auto on = model::tickets::get(sql, ticket).reference;
            model::tickets::write_back(sql, {on, 0, citizen_actor(), now}, "Toujours rien", "");
        });
    }
    std::int64_t id_of(const std::string& week) {
        return read([&](soci::session& sql) { return model::weekly_shares::get(sql, week).id; });
    }
    static const nlohmann::json& incident_in(const nlohmann::json& share, std::int64_t number) {
        for (const auto& each : share["incidents"])
            if (each["number"] == number) return each;
        throw std::runtime_error("no incident " + std::to_string(number) + " in this share");
    }
    static const nlohmann::json& figure_in(const nlohmann::json& share, const std::string& id) {
        for (const auto& each : share["figures"])
            if (each["id"] == id) return each;
        throw std::runtime_error("no figure " + id + " in this share");
    }
    static bool has(const nlohmann::json& list, const nlohmann::json& wanted) {
        return std::find(list.begin(), list.end(), wanted) != list.end();
    }
};

} // namespace relais::tests
