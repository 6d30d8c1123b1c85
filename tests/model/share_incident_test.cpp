// SPDX-License-Identifier: EUPL-1.2
// Which incidents a share tells of, and in what state.
#include "model/share_incident.hpp"

#include "model/incident_grouper.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::next_monday;
using tests::share_office;

namespace {

constexpr auto week = 24h * 7;

bool is_in(const nlohmann::json& share, std::int64_t number) {
    const auto& all = share["incidents"];
    return std::any_of(all.begin(), all.end(), [number](const auto& each) { return each["number"] == number; });
}

// The machine's own merge, as the grouping does each hour.
void join(share_office& office, std::int64_t from, std::int64_t into) {
    grouping::engine engine;
    grouping::proposal change;
    change.from = from, change.into = into;
    auto done = office.write([&](soci::session& sql) { return grouping_batch::consolidate(sql, engine, {change}, {}, office.now); });
    REQUIRE(done == 1);
}

std::int64_t proposed_with(share_office& office, int tickets) {
    auto number = office.write([&](soci::session& sql) { return incidents::open(sql, {}, {}, office.now); });
    for (int i = 0; i < tickets; ++i) office.link(office.ticket(), number);
    office.write([&](soci::session& sql) { incidents::propose(sql, {number, 0, {}, office.now}); });
    return number;
}

} // namespace

TEST_CASE("an incident that the machine joined to another after the week is in its share", "[share]") {
    auto is_late = GENERATE(false, true);
    share_office office;
    auto from = proposed_with(office, 6), into = proposed_with(office, 6);
    office.now = next_monday - 6h;
    join(office, from, into);
    office.now = is_late ? next_monday + 2 * week : next_monday;
    auto share = office.share("2026-W48");
    CHECK(share["sections"]["open"] == 2);
    CHECK(share_office::incident_in(share, from)["state"] == "proposed");
    office.now += week;
    CHECK_FALSE(is_in(office.share("2026-W49"), from));
}

TEST_CASE("an incident that the machine joined to another within the week is told by that one", "[share]") {
    share_office office;
    auto from = proposed_with(office, 6), into = proposed_with(office, 6);
    office.now += 24h;
    join(office, from, into);
    office.now = next_monday;
    auto share = office.share("2026-W48");
    CHECK_FALSE(is_in(share, from));
    CHECK(is_in(share, into));
}

TEST_CASE("a merge that the journal tells at the incident that remains only has its date there", "[share]") {
    auto [joined_at, is_told] = GENERATE(table<std::chrono::hours, bool>({{-48h, false}, {-6h, true}}));
    share_office office;
    auto from = proposed_with(office, 6), into = proposed_with(office, 6);
    office.now = next_monday + joined_at;
    join(office, from, into);
    office.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE incident SET updated_at = :now WHERE id = :id", next_monday - 1h, from);
        sql::change(sql, "DELETE FROM event WHERE object_kind = 'incident' AND object_id = :id AND action = 'incident.joined_to'", from);
    });
    office.now = next_monday;
    CHECK(is_in(office.share("2026-W48"), from) == is_told);
}

TEST_CASE("a dismissal that was undone within the week leaves the incident open, whatever follows", "[share]") {
    share_office office;
    auto number = office.incident_with(6);
    office.now += 1h;
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    office.now += 1h;
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.dismissed")); });
    office.now = next_monday - 2h;
    office.write([&](soci::session& sql) { incidents::escalate(sql, office.by(number), "person", nlohmann::json::object()); });
    office.now = next_monday;
    CHECK(share_office::incident_in(office.share("2026-W48"), number)["state"] == "confirmed");
}

TEST_CASE("an incident that was dismissed in the week is not open because somebody undid it on Monday", "[share]") {
    share_office office;
    auto number = office.incident_with(6);
    office.now += 24h;
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    office.now = next_monday - 2h;
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.dismissed")); });
    office.now = next_monday;
    CHECK_FALSE(is_in(office.share("2026-W48"), number));
    office.now += week;
    CHECK(share_office::incident_in(office.share("2026-W49"), number)["state"] == "confirmed");
}
