// SPDX-License-Identifier: EUPL-1.2
#include "model/share_volume.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::next_monday;
using tests::share_office;

namespace {

using rows = std::map<std::string, std::int64_t>;

nlohmann::json table(const rows& shown, std::int64_t rest = 0) {
    nlohmann::json out = {{"rows", nlohmann::json::array()}, {"rest", {{"rows", rest > 0 ? 1 : 0}, {"tickets", rest}}}};
    for (const auto& [code, tickets] : shown) out["rows"].push_back({{"code", code}, {"tickets", tickets}});
    return out;
}

// What is corrected of a table, by row: the steps. told: what was last said of its rows, and of the total.
rows corrected(const rows& told, std::int64_t total, const rows& now, std::int64_t rest) {
    nlohmann::json is = {{"channels", table(now, rest)}, {"procedures", table({}, total)}};
    auto last = [&](const std::string& id) {
        if (id == "received") return nlohmann::json(total);
        auto found = told.find(id.substr(id.find('.') + 1));
        return found == told.end() ? nlohmann::json() : nlohmann::json(found->second);
    };
    rows out;
    for (const auto& each : share_volumes::moves(is, last)) {
        CHECK(each.is == now.at(each.id.substr(each.id.find('.') + 1)));
        out[each.id] = each.step();
    }
    return out;
}

} // namespace

TEST_CASE("a row of the volumes is corrected when neither its step nor what the others gained is of one to four", "[share]") {
    const rows told = {{"a", 20}, {"b", 30}};
    CHECK(corrected(told, 50, {{"a", 20}, {"b", 30}}, 0).empty());
    CHECK(corrected(told, 50, {{"a", 26}, {"b", 24}}, 0) == rows{{"channels.a", 6}, {"channels.b", -6}});
    CHECK(corrected(told, 50, {{"a", 23}, {"b", 27}}, 0).empty());
    CHECK(corrected(told, 50, {{"a", 22}, {"b", 30}}, 0).empty()); // two people
    CHECK(corrected(told, 50, {{"a", 27}, {"b", 32}}, 0).empty()); // the two would be left by subtraction
    CHECK(corrected(told, 59, {{"a", 27}, {"b", 30}}, 8).empty());
    CHECK(corrected(told, 59, {{"a", 27}, {"b", 30}}, 9) == rows{{"channels.a", 7}});
    CHECK(corrected(told, 59, {{"a", 20}, {"b", 30}, {"c", 8}}, 9).empty()); // it was in no share
    // What others gained is since the total was last told, not since the week was frozen.
    CHECK(corrected(told, 65, {{"a", 26}, {"b", 30}}, 18).empty());
    CHECK(corrected(told, 65, {{"a", 26}, {"b", 30}}, 15) == rows{{"channels.a", 6}});
    // Steps of four and of one against it leave three.
    CHECK(corrected({{"a", 20}, {"b", 30}, {"c", 40}}, 90, {{"a", 40}, {"b", 34}, {"c", 39}}, 0).empty());
}

TEST_CASE("requests that change procedure after their week correct its volumes in the next share, once", "[share]") {
    share_office office;
    std::vector<std::int64_t> tickets;
    auto number = office.incident();
    for (int i = 0; i < 20; ++i) office.link(tickets.emplace_back(office.ticket()), number); // whose persons are known
    auto set = [&](std::size_t from, std::size_t to, const char* procedure) {
        office.write([&](soci::session& sql) {
            for (auto i = from; i < to; ++i)
                sql::change(sql, "UPDATE ticket SET procedure_code = :code WHERE id = :id", procedure, tickets[i]);
        });
    };
    set(0, 12, "LOSS"), set(12, 20, "THEFT");
    office.now = next_monday;
    office.share("2026-W48");
    set(0, 6, "THEFT");
    auto told = [&](const char* week) {
        office.now += 24h * 7;
        rows out;
        auto share = office.share(week);
        for (const auto& each : share["corrections"])
            if (each["id"].get<std::string>().starts_with("procedures.")) {
                CHECK(each["week"] == "2026-W48");
                CHECK(each["was"]["value"] == (each["id"] == "procedures.LOSS" ? 12 : 8));
                out[each["id"]] = each["is"]["value"];
            }
        return out;
    };
    CHECK(told("2026-W49") == rows{{"procedures.LOSS", 6}, {"procedures.THEFT", 14}});
    CHECK(told("2026-W50").empty());
}
