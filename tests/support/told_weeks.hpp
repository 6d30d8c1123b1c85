// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/pages.hpp"
#include "api/share_view.hpp"
#include "api/share_workbook.hpp"
#include "model/decision.hpp"
#include "model/quality_review.hpp"
#include "model/review_grid.hpp"
#include "tests/support/share_office.hpp"
#include "tests/support/workbook_reader.hpp"

namespace relais::tests {

using namespace std::chrono_literals;

const model::time_span w48 = model::calendar_weeks::span_of({2026, 48}), w49 = model::calendar_weeks::span_of({2026, 49});

inline std::string at_text(model::sys_seconds at) { return std::to_string(model::seconds(at)); }
inline std::string within(const std::string& column, const model::time_span& week) {
    return "(" + column + " >= " + at_text(week.from) + " AND " + column + " < " + at_text(week.to) + ")";
}

// Two weeks in which most of what a share tells of has happened, told in the share of the second.
struct told_weeks : share_office {
    std::int64_t photo = 0, legal = 0, held = 0;
    const api::pages pages{"."};

    told_weeks() {
        first_week();
        now = w49.from + 8h;
        auto monday_job = job("test");
        run(monday_job);
        second_week();
        now = w49.to + 8h;
        run(monday_job);
    }
    std::int64_t named(const std::string& title, const std::string& nature) {
        return write([&](soci::session& sql) {
            return model::incidents::open(sql, {"confirmed", title, nature, "NATIONAL_SYSTEM", "", false}, resolver_actor(), now);
        });
    }
    // Somebody's ticket, read by the engine and alone unless it is an incident's.
    std::int64_t one(const std::string& channel, const std::string& department, const std::string& procedure, std::int64_t incident = 0) {
        auto id = ticket([&](model::contact& from) { from.channel = channel, from.department = department, from.procedure = procedure; });
        model::placement what;
        what.ticket_id = id, what.engine = "test";
        if (incident) what.incident_id = incident;
        write([&](soci::session& sql) {
            model::reports::place(sql, what, {}, now);
            model::sql::change(sql, "UPDATE outbox SET sent_at = created_at + 10, state = 'sent' WHERE ticket_id = :id", id);
        });
        return id;
    }
    void some(int count, const std::string& channel, const std::string& department, const std::string& procedure,
              std::int64_t incident = 0) {
        for (int i = 0; i < count; ++i) one(channel, department, procedure, incident);
    }
    void set(const std::string& which, const std::string& what) {
        write(
            [&](soci::session& sql) { model::sql::change(sql, "UPDATE ticket SET " + what + ", updated_at = :now WHERE " + which, now); });
    }
    void close(const std::string& which) { set(which, "status = 'closed', is_active = 0, closed_at = " + at_text(now)); }

    void first_week() {
        now = monday - 24h * 40;
        some(6, "web_form", "33", "RENEWAL");
        now = monday;
        photo = named("=HYPERLINK(\"Photo\")", "software_defect");
        legal = named("Permis monégasque", "legal_case_not_covered");
        held = named("Trois personnes", "software_defect");
        for (const auto& [department, count] : std::map<std::string, int>{{"59", 6}, {"974", 6}, {"08", 5}, {"75", 3}, {"2A", 2}})
            some(count, "web_form", department, "REGISTRATION", photo);
        some(5, "web_form", "06", "EXCHANGE", legal);
        some(3, "web_form", "59", "LOSS", held);
        some(10, "letter", "62", "LOSS");
        some(10, "phone", "62", "RENEWAL");
        write([&](soci::session& sql) {
            model::incidents::describe(sql, by(legal),
                                       {"Permis monégasque", "", "legal_case_not_covered", "normal", "R. 222-3 du code de la route",
                                        "Résidents de Monaco", "Papier"});
        });
    }
    void second_week() {
        now = w49.from + 12h; // Monday
        close("channel = 'phone' AND department = '62'");
        set("channel = 'phone' AND department = '62'", "satisfaction = 4 + 5 * (id % 2), satisfied_at = " + at_text(now));
        decide(photo, "prioritise", "Avant la rentrée", "2026-12-04");
        decide(legal, "ask", "=1+1", "");
        write([&](soci::session& sql) {
            auto share = model::weekly_shares::get(sql, "2026-W48").id;
            model::share_links::send(sql, share, "2026-W48", {"moa@example.test", "Bureau du permis"}, "hash", 90, now);
            model::sql::change(sql, "UPDATE outbox SET state = 'sent', sent_at = :now WHERE kind = 'weekly_share'", now);
            model::weekly_shares::acknowledge(sql, share, owner_actor(), now + 1h);
        });
        now += 24h * 2; // Wednesday
        set("channel = 'letter'", "first_reply_at = " + at_text(now));
        close("channel = 'letter'");
        now += 24h; // Thursday
        some(7, "web_form", "59", "REGISTRATION", photo);
        some(6, "phone", "62", "LOSS");
        some(2, "email", "62", "LOSS");
        write([&](soci::session& sql) { model::incidents::escalate(sql, by(photo), "person", nlohmann::json::object()); });
        now += 24h; // Friday
        set("channel IN ('web_form', 'email') AND received_at >= " + at_text(w49.from), "first_reply_at = " + at_text(now));
        write([&](soci::session& sql) { model::incidents::set_workaround(sql, by(photo), {"Photo", "Une autre photo", "", true}); });
        read_again();
        auto friday = now;
        now = monday + 1h; // what arrives late, of the week that is frozen
        some(6, "web_form", "13", "RENEWAL");
        now = friday;
        set("department = '13'", "flags = ''");
    }
    void decide(std::int64_t incident, const std::string& kind, const std::string& words, const std::string& due) {
        model::decisions::draft what{kind, words, due};
        what.incident_id = incident;
        auto share = id_of("2026-W48");
        write([&](soci::session& sql) { model::decisions::decide(sql, share, what, owner_actor(), now); });
    }
    void read_again() {
        auto closed = read([](soci::session& sql) {
            return model::sql::all<std::string>(sql, "SELECT reference FROM ticket WHERE channel = 'letter' ORDER BY id LIMIT 6");
        });
        for (std::size_t i = 0; i < closed.size(); ++i) {
            model::quality_reviews::draft what;
            for (auto each : model::review_grids::get("reply").criteria) what.answers.emplace(each, "yes");
            if (i < 3) what.answers["correct"] = "no";
            write([&](soci::session& sql) { model::quality_reviews::add(sql, closed[i], what, {"staff", 31, "Sylvie Petit", {}}, now); });
        }
    }

    model::weekly_share frozen(const std::string& week) {
        return read([&](soci::session& sql) { return model::weekly_shares::get(sql, week); });
    }
    nlohmann::json number(const std::string& select) {
        auto found = read([&](soci::session& sql) { return model::sql::first<std::optional<std::int64_t>>(sql, select); });
        return found && *found ? nlohmann::json(**found) : nlohmann::json();
    }
    nlohmann::json counted(const std::string& from) { return number("SELECT COUNT(*) FROM " + from); }
    std::string word(const std::string& select) {
        return read([&](soci::session& sql) { return *model::sql::first<std::string>(sql, select); });
    }
    std::string say(const std::string& key) const { return pages.texts().get("fr", key); }
    // What a row of the volumes is called where it is corrected.
    std::string corrected(const std::string& table, const std::string& name) const {
        auto out = say("share.corrected." + table);
        return out.replace(out.find("{name}"), std::string("{name}").size(), name);
    }
    std::map<std::string, std::vector<workbook_row>> workbook() {
        return read_workbook(api::share_workbook::make(frozen("2026-W49"), pages.texts(), "fr"));
    }
    std::vector<std::vector<std::vector<std::string>>> tables() {
        auto sheet = read([](soci::session& sql) { return api::views::read_share(sql, "2026-W49"); });
        api::lens through;
        through.texts = &pages.texts(), through.language = "fr", through.for_people = true;
        auto data = api::views::share(sheet, through);
        data["previous"] = "", data["next"] = "", data["files_url"] = "x", data["has_map"] = false;
        return read_tables(pages.render("print/share", "fr", data));
    }
};

} // namespace relais::tests
