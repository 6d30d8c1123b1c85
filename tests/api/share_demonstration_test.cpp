// SPDX-License-Identifier: EUPL-1.2
// The last share of a demonstration, with all that ten weeks bring: its frozen numbers against SQL of this file alone, and its page,
// workbook and CSV against its frozen numbers.
#include "api/pages.hpp"
#include "api/share_table.hpp"
#include "api/share_text.hpp"
#include "api/share_view.hpp"
#include "api/share_workbook.hpp"
#include "model/calendar_week.hpp"
#include "model/figure.hpp"
#include "model/sql.hpp"
#include "tests/support/shared_demonstration.hpp"
#include "tests/support/workbook_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace relais;
using namespace relais::model;
using nlohmann::json;

namespace {

// A demonstration on a Monday at noon, which shared the week that ended.
struct demonstration : tests::shared_demonstration {
    const api::pages pages{"."};
    weekly_share share;
    json body;

    demonstration() : shared_demonstration(3'000, 1'200, true) {
        share = read([](soci::session& sql) { return weekly_shares::get(sql, weekly_shares::list(sql, "", 1).front().id); });
        body = json::parse(share.body);
    }
    json number(const std::string& select) {
        auto found = on->read_now([&](soci::session& sql) { return sql::first<std::optional<std::int64_t>>(sql, select); });
        return found && *found ? json(**found) : json();
    }
    json counted(const std::string& from) { return number("SELECT COUNT(*) FROM " + from); }
    std::vector<std::int64_t> numbers(const std::string& select) {
        return on->read_now([&](soci::session& sql) { return sql::all<std::int64_t>(sql, select); });
    }
    std::string in_week(const std::string& column) const { return between(column, body["from_at"], body["until_at"]); }
    static std::string between(const std::string& column, const json& from, const json& until) {
        return "(" + column + " >= " + from.dump() + " AND " + column + " < " + until.dump() + ")";
    }
};

// One table of volumes: each row shown is the rows' count and of five persons at least, and what is left is the rest.
void check_volume(demonstration& office, const char* name, const std::string& column) {
    const auto& of = office.body["volumes"][name];
    auto received = office.counted("ticket WHERE " + office.in_week("received_at")).get<std::int64_t>();
    std::int64_t shown = 0;
    for (const auto& row : of["rows"]) {
        INFO(name << " " << row);
        auto where = "ticket WHERE " + column + " = '" + row["code"].get<std::string>() + "' AND " + office.in_week("received_at");
        CHECK(row["tickets"] == office.counted(where));
        shown += row["tickets"].get<std::int64_t>();
    }
    CHECK(of["rest"]["tickets"] == received - shown);
    CHECK(of["rows"].size() > 3);
}

// Numbers of a sheet, column by column, without its heads.
std::vector<std::vector<json>> numbers_of(const std::vector<tests::workbook_row>& sheet, std::initializer_list<std::size_t> columns) {
    std::vector<std::vector<json>> out;
    for (std::size_t i = 1; i < sheet.size(); ++i) {
        auto& row = out.emplace_back();
        for (auto column : columns) {
            const auto is_number = column < sheet[i].size() && sheet[i][column].is == tests::workbook_cell::kind::number;
            row.push_back(is_number ? json(std::stod(sheet[i][column].value)) : json());
        }
    }
    return out;
}

json decimal(const json& value) { return value.is_null() ? json() : json(value.get<double>()); }

// The week as a whole.
void check_week(demonstration& office) {
    const auto& body = office.body;
    CHECK(body["volumes"]["received"] == office.counted("ticket WHERE " + office.in_week("received_at")));
    CHECK(body["volumes"]["closed"] == office.counted("ticket WHERE status <> 'merged' AND " + office.in_week("closed_at")));
    check_volume(office, "channels", "channel"), check_volume(office, "procedures", "procedure_code");
}

// Every incident that was open when the week ended is in it, by the last thing that happened to each.
void check_open(demonstration& office) {
    const auto& body = office.body;
    auto until_us = body["until_at"].dump() + "000000";
    auto open = office.numbers("SELECT e.object_id FROM event e JOIN incident i ON i.id = e.object_id WHERE e.object_kind = 'incident' AND "
                               "(i.merged_into IS NULL OR EXISTS (SELECT 1 FROM event m WHERE m.object_kind = 'incident' AND m.object_id = "
                               "i.id AND m.action IN ('incident.merged', 'incident.joined_to') AND m.at_us >= " +
                               until_us +
                               ")) AND e.id = (SELECT MAX(l.id) FROM event l WHERE l.object_kind = 'incident' AND "
                               "l.object_id = e.object_id AND l.at_us < " +
                               until_us +
                               " AND l.action IN ('incident.proposed', 'incident.confirmed', 'incident.escalated', 'incident.accepted', "
                               "'incident.returned', 'incident.scheduled', 'incident.fixed', 'incident.verified', 'incident.closed', "
                               "'incident.reopened', 'incident.regressed', 'incident.dismissed')) AND e.action NOT IN "
                               "('incident.closed', 'incident.dismissed') ORDER BY e.object_id");
    std::vector<std::int64_t> told;
    for (const auto& each : body["incidents"])
        if (each["is_open"] == true) told.push_back(each["number"]);
    std::sort(told.begin(), told.end());
    CHECK(told == open);
    CHECK(body["sections"]["open"] == open.size());
    for (const auto& [section, action] : {std::pair{"escalated", "escalated"},
                                          {"fixed", "fixed"},
                                          {"closed", "closed"},
                                          {"verified", "verified"},
                                          {"worked_around", "workaround"},
                                          {"regressed", "regressed"}}) {
        INFO(section);
        auto found = office.numbers("SELECT DISTINCT object_id FROM event JOIN incident ON incident.id = object_id WHERE object_kind = "
                                    "'incident' AND merged_into IS NULL AND action = 'incident." +
                                    std::string(action) + "' AND at_us >= " + body["from_at"].dump() + "000000 AND at_us < " + until_us +
                                    " ORDER BY object_id");
        CHECK(body["sections"][section] == json(found));
    }
}

// The counts of each, its stretches and its departments.
void check_counts(demonstration& office) {
    const auto& body = office.body;
    auto shown_stretches = 0;
    for (const auto& each : body["incidents"]) {
        const auto& counts = each["counts"];
        INFO(each["number"] << " " << counts);
        auto of = " FROM report WHERE incident_id = " + each["number"].dump();
        auto in = [&](const std::string& what, const json& from, const json& until, const std::string& which = "") {
            auto found = office.number("SELECT " + what + of + which + " AND " + demonstration::between("received_at", from, until));
            return found.get<std::int64_t>();
        };
        const std::string again = " AND EXISTS (SELECT 1 FROM report e WHERE e.incident_id = report.incident_id AND e.person_key = "
                                  "report.person_key AND (e.received_at < report.received_at OR (e.received_at = report.received_at "
                                  "AND e.id < report.id)))";
        if (counts["counted_until"].is_null()) {
            CHECK((counts["persons"].is_null() && counts["tickets"].is_null() && counts["departments"].empty()));
            continue;
        }
        CHECK(counts["persons"] == in("COUNT(DISTINCT person_key)", 0, counts["counted_until"]));
        CHECK(counts["tickets"] == in("COUNT(*)", 0, counts["counted_until"]));
        CHECK(counts["dossiers"] == in("COUNT(DISTINCT dossier_id)", 0, counts["counted_until"]));
        const json* active = nullptr;
        for (const auto& stretch : counts["stretches"]) {
            CHECK(stretch["tickets"] == in("COUNT(*)", stretch["from_at"], stretch["until_at"]));
            CHECK(stretch["persons"] ==
                  in("COUNT(*)", stretch["from_at"], stretch["until_at"]) - in("COUNT(*)", stretch["from_at"], stretch["until_at"], again));
            ++shown_stretches;
            if (stretch["tickets"] > 0) active = &stretch;
        }
        if (active == nullptr) continue;
        std::int64_t shown = 0;
        for (const auto& one : counts["departments"]) {
            auto where = " AND department = '" + one["code"].get<std::string>() + "' AND " +
                         demonstration::between("received_at", (*active)["from_at"], (*active)["until_at"]);
            CHECK(one["tickets"] == office.number("SELECT COUNT(*)" + of + where));
            CHECK(one["persons"].get<std::int64_t>() == office.number("SELECT COUNT(*)" + of + where).get<std::int64_t>() -
                                                            office.number("SELECT COUNT(*)" + of + where + again).get<std::int64_t>());
            shown += one["tickets"].get<std::int64_t>();
        }
        if (!counts["departments"].empty() || counts["rest"]["departments"] != 0)
            CHECK(counts["rest"]["tickets"] == (*active)["tickets"].get<std::int64_t>() - shown);
    }
    CHECK(shown_stretches > 20);
}

// Figures whose question is one line; the others are asked in tests/model/figure_course_test.cpp.
void check_figures(demonstration& office) {
    const auto& body = office.body;
    std::map<std::string, std::pair<std::string, std::string>> questions = {
        {"K10",
         {"ticket WHERE satisfaction BETWEEN 8 AND 10 AND " + office.in_week("satisfied_at"),
          "ticket WHERE satisfaction IS NOT NULL AND " + office.in_week("satisfied_at")}},
        {"K11",
         {"ticket WHERE status <> 'merged' AND dossier_id IS NOT NULL AND category NOT IN ('GEN-02', 'GEN-04') AND " +
              office.in_week("closed_at"),
          "ticket WHERE status <> 'merged' AND category NOT IN ('GEN-02', 'GEN-04') AND " + office.in_week("closed_at")}},
        {"K20",
         {"ticket WHERE status <> 'merged' AND received_at < " + body["until_at"].dump() +
              " - 2592000 AND (closed_at IS NULL OR closed_at >= " + body["until_at"].dump() + ")",
          ""}}};
    for (const auto& each : body["figures"])
        if (auto known = questions.find(each["id"]); known != questions.end() && each["is_hidden"] == false) {
            INFO(each);
            CHECK(each["part"] == office.counted(known->second.first));
            if (!known->second.second.empty()) CHECK(each["whole"] == office.counted(known->second.second));
        }
}

// The workbook, number by number.
void check_workbook(demonstration& office) {
    const auto& body = office.body;
    auto sheets = tests::read_workbook(api::share_workbook::make(office.share, office.pages.texts(), "fr"));
    REQUIRE(sheets.size() == 10);
    std::vector<std::vector<json>> incidents, departments, stretches, figures, volumes;
    for (const auto& each : body["incidents"]) {
        const auto& counts = each["counts"];
        incidents.push_back({});
        for (const auto& value : {each["number"], each["age_days"], counts["persons"], counts["dossiers"], counts["silent"],
                                  counts["tickets"], counts["contacts"]})
            incidents.back().push_back(decimal(value));
        for (const auto& one : counts["departments"])
            departments.push_back({decimal(each["number"]), decimal(one["persons"]), decimal(one["tickets"])});
        if (counts["rest"]["departments"] != 0)
            departments.push_back({decimal(each["number"]), json(), decimal(counts["rest"]["tickets"])});
        for (const auto& one : counts["stretches"])
            stretches.push_back({decimal(each["number"]), decimal(one["tickets"]), decimal(one["persons"])});
    }
    for (const auto& each : body["figures"])
        figures.push_back(
            {decimal(each["value"]), decimal(each["part"]), decimal(each["whole"]), decimal(each["target"]), decimal(each["before"])});
    for (const char* name : {"channels", "procedures"}) {
        for (const auto& row : body["volumes"][name]["rows"]) volumes.push_back({decimal(row["tickets"])});
        if (body["volumes"][name]["rest"]["rows"] != 0) volumes.push_back({decimal(body["volumes"][name]["rest"]["tickets"])});
    }
    CHECK(numbers_of(sheets["Incidents"], {0, 8, 9, 10, 11, 12, 13}) == incidents);
    CHECK(numbers_of(sheets["Départements"], {0, 3, 4}) == departments);
    CHECK(numbers_of(sheets["Indicateurs"], {2, 4, 5, 6, 8}) == figures);
    CHECK(numbers_of(sheets["Volumes"], {2}) == volumes);
    auto trends = numbers_of(sheets["Tendances"], {0, 3, 4});
    CHECK(std::multiset<std::vector<json>>(trends.begin(), trends.end()) ==
          std::multiset<std::vector<json>>(stretches.begin(), stretches.end()));
    CHECK(sheets["Décisions"].size() == body["decisions"].size() + 1);
    CHECK(sheets["Cas légaux"].size() == body["sections"]["legal"].size() + 1);
    CHECK(sheets["Corrections"].size() == body["corrections"].size() + 1);
}

// The CSV: a line for each number of an incident and of a figure.
void check_csv(demonstration& office) {
    const auto& body = office.body;
    auto csv = api::share_table::csv(office.share, office.pages.texts(), "fr");
    auto has_line = [&](const std::string& begin, const std::string& measure, const json& value) {
        auto end = ";" + measure + ";" + (value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump()) + ";";
        for (auto at = csv.find("\r\n" + begin); at != std::string::npos; at = csv.find("\r\n" + begin, at + 1)) {
            auto line = csv.substr(at + 2, csv.find("\r\n", at + 2) - at);
            if (line.substr(0, line.rfind(';') + 1).ends_with(end)) return true; // then its unit
        }
        return false;
    };
    for (const auto& each : body["incidents"])
        for (const char* measure : {"persons", "dossiers", "silent", "tickets", "contacts", "trend"}) {
            INFO(each["number"] << " " << measure);
            CHECK(has_line("incident;" + each["number"].dump() + ";", measure, each["counts"][measure]));
        }
    for (const auto& each : body["figures"])
        for (const char* measure : {"value", "part", "whole"}) {
            INFO(each["id"] << " " << measure);
            CHECK(has_line("figure;" + each["id"].get<std::string>() + ";", measure, each[measure]));
        }
}

// The page: a row for each incident, department, stretch and volume.
void check_page(demonstration& office) {
    const auto& body = office.body;
    auto sheet = office.on->read_now([&](soci::session& sql) { return api::views::read_share(sql, office.share.week); });
    api::lens through;
    through.texts = &office.pages.texts(), through.language = "fr", through.for_people = true;
    auto data = api::views::share(sheet, through);
    data["previous"] = "", data["next"] = "", data["files_url"] = "x", data["has_map"] = false;
    auto html = office.pages.render("print/share", "fr", data);
    std::multiset<std::vector<std::string>> rows;
    for (const auto& table : tests::read_tables(html))
        for (const auto& row : table) rows.insert(row);
    auto count = [&](const json& value) { return api::share_text::count(value, office.pages.texts(), "fr"); };
    for (const auto& each : body["incidents"]) {
        const auto& counts = each["counts"];
        INFO(each["number"]);
        CHECK(html.find("id=\"incident-" + each["number"].dump() + "\"") != std::string::npos);
        CHECK(html.find("<strong>" + count(counts["persons"]) + "</strong> personnes") != std::string::npos);
        for (const auto& one : counts["departments"]) {
            auto code = one["code"].get<std::string>();
            auto name = code + " " + office.pages.texts().get("fr", "department." + code);
            CHECK(rows.contains({name, one["persons"].dump(), one["tickets"].dump()}));
        }
        if (counts["stretches"].size() < 2) continue;
        for (const auto& one : counts["stretches"])
            CHECK(std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
                return row.size() == 4 && row[2] == one["tickets"].dump() && row[3] == one["persons"].dump();
            }));
    }
    for (const auto& row : body["volumes"]["channels"]["rows"])
        CHECK(rows.contains({office.pages.texts().get("fr", "channel_name." + row["code"].get<std::string>()), count(row["tickets"])}));
}

} // namespace

TEST_CASE("the numbers of a demonstration's share are what its rows say, and its forms say the same", "[shares][demonstration]") {
    demonstration office;
    REQUIRE(office.body["incidents"].size() > 10);
    check_week(office), check_open(office), check_counts(office), check_figures(office);
    check_workbook(office), check_csv(office), check_page(office);
}
