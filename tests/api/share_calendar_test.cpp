// SPDX-License-Identifier: EUPL-1.2
#include "api/share_calendar.hpp"

#include "model/weekly_share.hpp"
#include "tests/support/sharing.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::sharing;

TEST_CASE("the calendar shows every week of a year, with what became of its share", "[shares]") {
    sharing office; // the share of week 48 of 2026 is made
    auto state_of = [&](const nlohmann::json& calendar, const std::string& week) {
        for (const auto& each : calendar["weeks"])
            if (each["week"] == week) return each["state"].get<std::string>();
        return std::string("absent");
    };
    auto calendar = office.reader.get("/api/v1/weekly-shares").data["calendar"];
    CHECK(calendar["year"] == 2026);
    CHECK(calendar["weeks"].size() == 53); // 2026 has one more
    CHECK(state_of(calendar, "2026-W48") == "waiting");
    CHECK(state_of(calendar, "2026-W47") == "none");
    CHECK(state_of(calendar, "2026-W53") == "ahead");
    office.write([&](soci::session& sql) {
        auto share = model::weekly_shares::get(sql, "2026-W48");
        return model::weekly_shares::acknowledge(sql, share.id, {"staff", 11, "Hélène Blanc", "maîtrise d’ouvrage"}, office.app.now());
    });
    CHECK(state_of(office.reader.get("/api/v1/weekly-shares?year=2026").data["calendar"], "2026-W48") == "acknowledged");
    auto html = [&](const std::string& address) {
        CHECK(office.owner.get(address).status == 200);
        return office.app.html();
    };
    auto page = html("/console/shares");
    CHECK(page.find("href=\"/console/shares/2026-W48\" title=") != std::string::npos);
    CHECK(page.find("pris en compte</span>") != std::string::npos);
    CHECK(page.find("href=\"/console/shares/2026-W47\" title=") == std::string::npos); // nothing to open
    CHECK(page.find("Année") == std::string::npos);                                    // no other year has a share
    auto before = office.reader.get("/api/v1/weekly-shares?year=2025").data["calendar"];
    CHECK(before["weeks"].size() == 52);
    CHECK(state_of(before, "2025-W01") == "none");
    CHECK(html("/console/shares?year=2025").find("/console/shares?year=2026") != std::string::npos);
    for (const char* each : {"20a6", "-1", "99999"})
        CHECK(office.reader.get(std::string("/api/v1/weekly-shares?year=") + each).status == 422);
}

TEST_CASE("every week that was shared can be compared, from whatever page of the list", "[shares]") {
    sharing office;
    auto week = model::calendar_weeks::parse("2026-W48").value();
    auto body = office.body().dump();
    constexpr auto more = 70; // the list shows sixty
    for (int i = 0; i < more; ++i) {
        week = model::calendar_weeks::previous(week);
        office.write([&](soci::session& sql) { return model::weekly_shares::freeze(sql, week, body, "test", office.app.now()); });
    }
    auto first = model::calendar_weeks::text(week);
    auto chosen = [](const std::string& html) {
        auto begin = html.find("<select"), end = html.rfind("</select>");
        return begin == std::string::npos ? "" : html.substr(begin, end - begin);
    };
    CHECK(office.owner.get("/console/shares").status == 200);
    auto offered = chosen(office.app.html());
    auto option = "<option value=\"" + first + "\">";
    CHECK(offered.find(option) != offered.rfind(option)); // in both
    CHECK(offered.find("<option value=\"2026-W47\" selected>") != std::string::npos);
    CHECK(office.owner.get("/console/shares?after=2025-W40").status == 200);
    CHECK(chosen(office.app.html()) == offered);
    CHECK(office.owner.get("/console/shares/comparison?one=" + first + "&other=2026-W48").status == 200);
    CHECK_FALSE(office.reader.get("/api/v1/weekly-shares").data.contains("weeks"));
}
