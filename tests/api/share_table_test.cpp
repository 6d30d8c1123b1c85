// SPDX-License-Identifier: EUPL-1.2
// Every line of a share's CSV, and with it the frozen JSON, against the same questions put to the rows in SQL of this file alone.
#include "api/share_table.hpp"
#include "model/sha256.hpp"
#include "tests/support/told_figures.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <sstream>

using namespace relais;
using namespace relais::model;
using namespace relais::tests;
using nlohmann::json;

namespace {

using line = std::vector<std::string>;

// The cells of a line; a quoted one holds its separator.
line cells_of(const std::string& text) {
    line out(1);
    auto is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' && is_quoted && i + 1 < text.size() && text[i + 1] == '"')
            out.back() += text[++i];
        else if (text[i] == '"')
            is_quoted = !is_quoted;
        else if (text[i] == ';' && !is_quoted)
            out.emplace_back();
        else
            out.back() += text[i];
    }
    return out;
}

// A day of Paris in winter.
std::string day(sys_seconds at) { return date::format("%F", date::floor<date::days>(at + 1h)); }

// The lines of a CSV beneath its heads.
std::multiset<line> lines_of(const std::string& csv) {
    std::multiset<line> out;
    std::istringstream in(csv);
    std::string each;
    std::getline(in, each);
    CHECK(each == "\xEF\xBB\xBFsection;code;label;measure;value;unit\r");
    while (std::getline(in, each)) {
        REQUIRE(each.ends_with('\r'));
        out.insert(cells_of(each.substr(0, each.size() - 1)));
    }
    return out;
}

std::string text(const json& value) { return value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump(); }

// The lines that the rows of the told weeks give.
struct expected {
    told_weeks& office;
    std::multiset<line> lines = {};

    void add(const char* section, const json& code, const std::string& label, const std::string& measure, const json& value,
             const std::string& unit = "") {
        lines.insert({section, text(code), label, measure, text(value), unit});
    }
    std::string of(std::int64_t id) const { return " FROM report WHERE incident_id = " + std::to_string(id); }
    std::string word(std::int64_t id, const std::string& column) {
        return office.word("SELECT " + column + " FROM incident WHERE id = " + std::to_string(id));
    }

    void decisions() {
        for (auto id : {1, 2}) {
            auto at = " FROM decision WHERE id = " + std::to_string(id);
            auto title = id == 1 ? "'=HYPERLINK(\"Photo\")" : "Permis monégasque";
            add("decision", id, title, office.word("SELECT kind" + at), id == 1 ? "Avant la rentrée" : "'=1+1");
            auto decided = office.number("SELECT decided_at" + at).get<std::int64_t>();
            add("decision", id, title, "age_days", (seconds(w49.to) - decided) / 86'400);
            add("decision", id, title, "decided_on", day(at_seconds(decided)));
            auto due = office.word("SELECT due" + at), by = office.word("SELECT actor_name" + at);
            add("decision", id, title, "due", due), add("decision", id, title, "by", by);
            add("decision", id, title, "is_late", !due.empty() && due < day(w49.to));
            auto of = office.number("SELECT incident_id" + at);
            add("decision", id, title, "incident", of);
            add("decision", id, title, "state", word(of.get<std::int64_t>(), "state"));
        }
    }
    void incident(std::int64_t id, const std::string& title, const std::string& trend) {
        for (const char* each : {"state", "nature", "cause_owner", "severity"}) add("incident", id, title, each, word(id, each));
        add("incident", id, title, "fix_release", ""), add("incident", id, title, "first_release", ""); // no ticket names one
        auto code = office.word("SELECT MIN(procedure_code) FROM ticket, report WHERE report.ticket_id = ticket.id AND incident_id = " +
                                std::to_string(id));
        auto procedure = code == "EXCHANGE" ? code : office.say("procedure." + code); // it has no words
        add("incident", id, title, "what_happens", "Pour la démarche «\u00a0" + procedure + "\u00a0».");
        auto opened = office.number("SELECT MIN(at_us) FROM event WHERE action = 'incident.opened' AND object_id = " + std::to_string(id));
        add("incident", id, title, "age_days", (seconds(w49.to) - opened.get<std::int64_t>() / 1'000'000) / 86'400);
        auto implicit = "SELECT MIN(ticket.implicit_on) FROM ticket, report WHERE report.ticket_id = ticket.id AND report.incident_id = ";
        add("incident", id, title, "legal_on", office.word(implicit + std::to_string(id)));
        auto is_held = office.number("SELECT COUNT(DISTINCT person_key)" + of(id)) < 5;
        auto told = [&](const std::string& what) { return is_held ? json() : office.number("SELECT " + what + of(id)); };
        add("incident", id, title, "persons", told("COUNT(DISTINCT person_key)"));
        add("incident", id, title, "dossiers", told("COUNT(DISTINCT dossier_id)"));
        add("incident", id, title, "tickets", told("COUNT(*)"));
        add("incident", id, title, "contacts", told("COUNT(*)")); // everybody here wrote once
        add("incident", id, title, "silent", 0);
        add("incident", id, title, "trend", trend);
        add("incident", id, title, "is_held", is_held), add("incident", id, title, "counted_until", is_held ? "" : day(w49.to - 1s));
        add("incident", id, title, "workaround", word(id, "public_workaround"));
        add("incident", id, title, "fix_on", ""); // no date is known
    }
    void stretches(std::int64_t id, const std::string& title) {
        for (const auto& week : {w48, w49}) {
            auto days = day(std::max(week.from, tests::monday)) + "/" + day(week.to - 1s),
                 in = of(id) + " AND " + within("received_at", week);
            add("incident.stretch.tickets", id, title, days, office.number("SELECT COUNT(*)" + in));
            add("incident.stretch.persons", id, title, days, office.number("SELECT COUNT(DISTINCT person_key)" + in));
        }
    }
    void departments(std::int64_t id, const std::string& title, const time_span& week) {
        using row = std::tuple<std::string, std::int64_t, std::int64_t>;
        auto all = office.read([&](soci::session& sql) {
            return sql::all<row>(sql, "SELECT department, COUNT(*), COUNT(DISTINCT person_key)" + of(id) + " AND " +
                                          within("received_at", week) + " GROUP BY department HAVING COUNT(DISTINCT person_key) >= 5");
        });
        for (const auto& [code, tickets, persons] : all) {
            add("incident.department", id, title, code, tickets);
            add("incident.department.persons", id, title, code, persons);
        }
        add("incident.department.period", id, title, "from", day(std::max(week.from, tests::monday)));
        add("incident.department.period", id, title, "until", day(week.to - 1s));
    }
    void figures() {
        auto last_week = json::parse(office.frozen("2026-W48").body);
        for (const auto& each : figures_by_sql(office)) {
            const auto& definition = *model::figures::find(each[0].get<std::string>());
            auto key = std::string(definition.id), code = key.substr(0, key.find('.'));
            std::replace(key.begin(), key.end(), '.', '_');
            auto name = office.say("figure." + key + ".name");
            auto unit = unit_of(each[0]);
            auto put = [&](const char* measure, const json& value, const std::string& in = "") {
                add("figure", each[0], name, measure, value, in);
            };
            auto has_value = !each[1].is_null();
            put("value", has_value ? json(each[1].get<double>()) : json(), unit);
            put("part", each[2], unit == "percent" ? "count" : unit.starts_with("of_") ? "marks" : unit);
            put("whole", each[3], each[3].is_null() ? "" : "count");
            put("before", share_office::figure_in(last_week, each[0])["value"], unit);
            put("target", definition.target ? json(*definition.target) : json(), unit);
            auto is_met = [&] {
                return definition.at_least ? each[1].get<double>() >= *definition.target : each[1].get<double>() <= *definition.target;
            };
            put("is_met", has_value && definition.target ? json(is_met()) : json());
            if (!has_value) put("note", office.say("share.none." + code));
        }
    }
    void volumes() {
        auto received = [&](const std::string& where) {
            return office.counted("ticket WHERE " + where + " AND " + within("received_at", w49));
        };
        add("volume", "", "", "received", received("1 = 1"));
        add("volume", "", "", "closed", office.counted("ticket WHERE " + within("closed_at", w49)));
        add("channel", "web_form", "", "tickets", received("channel = 'web_form'"));
        add("channel", "rest", "", "tickets", received("channel <> 'web_form'"));
        for (const char* each : {"LOSS", "REGISTRATION"})
            add("procedure", each, "", "tickets", received("procedure_code = '" + std::string(each) + "'"));
        for (const char* each : {"called", "kept", "promised", "reached"}) add("callback", "", "", each, office.counted("callback"));
    }
    void corrections() {
        auto was = office.counted("ticket WHERE department <> '13' AND " + within("received_at", w48));
        add("correction", "2026-W48", "received", "was", was, "count");
        add("correction", "2026-W48", "received", "is", office.counted("ticket WHERE " + within("received_at", w48)), "count");
        for (const auto& [id, column] : {std::pair{"channels.web_form", "channel"}, {"procedures.RENEWAL", "procedure_code"}}) {
            auto code = std::string(id).substr(std::string(id).find('.') + 1);
            auto told = std::string("ticket WHERE ") + column + " = '" + code + "' AND " + within("received_at", w48);
            add("correction", "2026-W48", id, "was", office.counted(told + " AND department <> '13'"), "count");
            add("correction", "2026-W48", id, "is", office.counted(told), "count");
        }
        for (const auto& [id, value] : {std::pair{"K4", 100.0}, {"K9", 0.0}})
            for (const char* each : {"was", "is"}) add("correction", "2026-W48", id, each, value, "percent");
    }
};

} // namespace

TEST_CASE("every line of the CSV is what the rows say, and none is more", "[shares][workbook]") {
    told_weeks office;
    expected wanted{office};
    auto share = office.frozen("2026-W49");
    wanted.add("share", "2026-W49", "", "sha256", share.sha256);
    wanted.add("share", "2026-W49", "", "hours", (w49.to - w49.from) / 1h);
    wanted.add("share", "2026-W49", "", "from", day(w49.from)), wanted.add("share", "2026-W49", "", "until", day(w49.to - 1s));
    wanted.add("share", "2026-W49", "", "open", office.counted("incident WHERE state IN ('confirmed', 'escalated')"));
    wanted.decisions(), wanted.figures(), wanted.volumes(), wanted.corrections();
    auto photo = std::string("'=HYPERLINK(\"Photo\")"), legal = std::string("Permis monégasque");
    wanted.incident(office.photo, photo, "falling"), wanted.incident(office.legal, legal, "falling");
    wanted.incident(office.held, "Trois personnes", "unknown");
    for (const char* each : {"escalated", "worked_around"}) wanted.add("incident", office.photo, photo, "happened", each);
    wanted.add("incident", office.photo, photo, "asked", "arbitration"); // handed over after what was decided on it
    // Handed over on a Thursday: not accepted by Friday, worked around that day, and a date is due later.
    for (const auto& [what, state] : {std::pair{"acceptance", "missed"}, {"workaround", "kept"}, {"date", "waiting"}})
        wanted.add("incident.commitment", office.photo, photo, what, state);
    for (const auto& [what, due] : {std::pair{"acceptance", "2026-12-04"}, {"workaround", "2026-12-10"}, {"date", "2026-12-17"}})
        wanted.add("incident.commitment.due", office.photo, photo, what, due);
    wanted.stretches(office.photo, photo), wanted.stretches(office.legal, legal);
    auto rank = 0; // they came the same day
    for (const auto& [id, title] : {std::pair{office.photo, photo}, {office.legal, legal}, {office.held, std::string("Trois personnes")}})
        wanted.add("oldest", id, title, "rank", ++rank);
    wanted.departments(office.photo, photo, w49), wanted.departments(office.legal, legal, w48);
    for (const char* each : {"article", "persons", "procedure"})
        wanted.add("legal_case", office.legal, legal, each, wanted.word(office.legal, "law_" + std::string(each)));

    auto found = lines_of(api::share_table::csv(share, office.pages.texts(), "fr"));
    for (const auto& [name, one, other] : {std::tuple{"missing", &wanted.lines, &found}, {"too much", &found, &wanted.lines}})
        for (const auto& cells : *one) {
            INFO(name << ": " << json(cells));
            CHECK(other->contains(cells));
        }
    CHECK(found.size() == wanted.lines.size());
}

TEST_CASE("the CSV tells the departments that were put together, the date of a fix, and that an article is still to be written",
          "[shares][workbook]") {
    told_weeks office;
    auto share = office.frozen("2026-W49");
    auto body = json::parse(share.body);
    for (auto& each : body["incidents"])
        if (each.contains("law")) {
            each["law"]["article"] = "", each["fix_at"] = seconds(w49.to);
            each["counts"]["rest"] = {{"departments", 3}, {"tickets", 12}};
        }
    share.body = body.dump();
    auto id = std::to_string(office.legal);
    for (const auto& [language, words] : {std::pair{"fr", "à préciser"}, {"en", "to be specified"}}) {
        auto found = lines_of(api::share_table::csv(share, office.pages.texts(), language));
        CHECK(found.contains({"legal_case", id, "Permis monégasque", "article", words, ""}));
        CHECK(found.contains({"incident", id, "Permis monégasque", "fix_on", "2026-12-07", ""}));
        CHECK(found.contains({"incident.department.rest", id, "Permis monégasque", "departments", "3", ""}));
        CHECK(found.contains({"incident.department.rest", id, "Permis monégasque", "tickets", "12", ""}));
    }
}

TEST_CASE("the frozen JSON holds what the CSV tells, and each trend and department is what the rows say", "[shares][workbook]") {
    told_weeks office;
    auto share = office.frozen("2026-W49");
    auto body = json::parse(share.body);
    CHECK(sha256::hex(share.body) == share.sha256);
    CHECK(body["from_at"] == seconds(w49.from));
    CHECK(body["until_at"] == seconds(w49.to));
    CHECK(body["made_at"] == seconds(w49.to + 8h));
    CHECK(body["least_persons"] == 5);
    auto wanted = figures_by_sql(office);
    REQUIRE(body["figures"].size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto& figure = body["figures"][i];
        INFO(figure);
        CHECK(figure["id"] == wanted[i][0]);
        CHECK(figure["value"] == wanted[i][1]);
        CHECK(figure["part"] == wanted[i][2]);
        CHECK(figure["whole"] == wanted[i][3]);
    }
    REQUIRE(body["incidents"].size() == 3);
    for (const auto& each : body["incidents"]) {
        auto id = each["number"].get<std::int64_t>();
        INFO(each);
        auto in = [&](const std::string& what, const json& from, const json& until) {
            return office.number("SELECT " + what + " FROM report WHERE incident_id = " + std::to_string(id) +
                                 " AND received_at >= " + from.dump() + " AND received_at < " + until.dump());
        };
        const auto& counts = each["counts"];
        std::int64_t tickets = 0;
        for (const auto& stretch : counts["stretches"]) {
            CHECK(stretch["tickets"] == in("COUNT(*)", stretch["from_at"], stretch["until_at"]));
            CHECK(stretch["persons"] == in("COUNT(DISTINCT person_key)", stretch["from_at"], stretch["until_at"]));
            tickets += stretch["tickets"].get<std::int64_t>();
        }
        CHECK(counts["stretches"].empty() == (id == office.held));
        CHECK(counts["tickets"] == (id == office.held ? json() : json(tickets)));
        CHECK(counts["is_held"] == (id == office.held));
    }
    auto numbers = [](std::initializer_list<std::int64_t> ids) { return json(std::vector<std::int64_t>(ids)); };
    CHECK(body["sections"]["escalated"] == numbers({office.photo}));
    CHECK(body["sections"]["worked_around"] == numbers({office.photo}));
    CHECK(body["sections"]["legal"] == numbers({office.legal}));
    CHECK(body["sections"]["oldest"] == numbers({office.photo, office.legal, office.held}));
    CHECK(body["sections"]["open"] == office.counted("incident WHERE state IN ('confirmed', 'escalated')"));
    for (const char* each : {"new", "regressed", "bursting", "fixed", "verified", "closed"}) CHECK(body["sections"][each].empty());
    REQUIRE(body["decisions"].size() == 2);
    for (const auto& each : body["decisions"]) {
        auto at = " FROM decision WHERE id = " + each["id"].dump();
        CHECK(each["decided_at"] == office.number("SELECT decided_at" + at));
        CHECK(each["incident"] == office.number("SELECT incident_id" + at));
        CHECK(each["by"] == office.word("SELECT actor_name" + at));
        CHECK(each["text"] == office.word("SELECT text" + at));
        CHECK(each["week"] == "2026-W48");
    }
}
