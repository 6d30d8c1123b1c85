// SPDX-License-Identifier: EUPL-1.2
// How long a weekly share takes among many tickets, to compose, to read and as a workbook, and what each of its statements reads:
// bench_share [tickets [dossiers [weeks]]] fills a database of its own with the tickets of so many weeks (104), which RELAIS_TEST_DATABASE
// chooses; bench_share --data DATA reads a demonstration (`relais demo --data DATA`; RELAIS_DATABASE_... names MariaDB as for the program)
// and writes nothing in it. The status is 1 when one takes more than two seconds, or a statement reads a large table whole. Run from the
// root of the sources.
#include "api/pages.hpp"
#include "api/share_view.hpp"
#include "api/share_workbook.hpp"
#include "model/event.hpp"
#include "model/figure_fact.hpp"
#include "model/report.hpp"
#include "model/sql_bulk.hpp"
#include "model/weekly_share.hpp"
#include "server/run_command.hpp"
#include "tests/bench/examiner.hpp"
#include "tests/support/temporary_database.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <stdexcept>

namespace {

using namespace relais::model;
using namespace std::chrono_literals;

constexpr sys_seconds now{std::chrono::seconds{1'796'022'000}}; // a Monday morning
constexpr int usual_weeks = 104;
constexpr std::int64_t incidents = 300, a_statement = 500;
constexpr auto channels = std::to_array<const char*>({"web_form", "phone", "letter", "web_form", "web_form"});

std::string at(sys_seconds when) { return std::to_string(seconds(when)); }

// Tickets of some weeks: most are answered and closed, six in ten are of an incident.
struct maker {
    std::chrono::hours past{};
    std::mt19937 random{1};
    std::vector<std::string> tickets, reports;
    void add(std::int64_t id, std::int64_t of) {
        auto received = now - past + std::chrono::seconds(past / 1s * id / of);
        auto closed = received + std::chrono::hours(1 + random() % 300);
        auto is_closed = closed < now && random() % 50 != 0;
        auto department = fmt::format("{:02}", 1 + random() % 95);
        auto text = [this](std::string value) { tickets.push_back(std::move(value)); };
        text(std::to_string(id)), text(fmt::format("26-{:08}", id)), text(channels[random() % channels.size()]), text(std::to_string(id));
        text(std::to_string(id)), text("RENEWAL"), text(department), text("Photo"), text(is_closed ? "closed" : "open");
        text(is_closed ? "0" : "1"), text("PHO-01"), text("request"), text("none"), text(at(received)), text(at(received + 120h));
        text("2026-11-30"), text(at(std::min(received + 30h, now))), text(is_closed ? at(closed) : "0"), text(fmt::format("h{}", id));
        text(at(is_closed ? closed : received));
        if (random() % 10 >= 6) return;
        auto incident = std::to_string(1 + random() % incidents);
        auto put = [this](std::string value) { reports.push_back(std::move(value)); };
        put(std::to_string(id)), put(incident), put("[]"), put(R"({"category":"PHO-01"})"), put("engine"), put(at(received)),
            put(at(received));
        put(fmt::format("person{}", id)), put(department), put(at(received));
    }
};

void write(soci::session& sql, const std::vector<std::string>& values, std::size_t columns, const std::string& into) {
    for (std::size_t from = 0; from < values.size();) {
        auto count = std::min<std::size_t>(columns * 500, values.size() - from);
        sql::change_bulk(sql, into + sql::placeholder_rows(count / columns, columns), std::span(values).subspan(from, count));
        from += count;
    }
}

void fill(database& into, std::int64_t tickets, std::chrono::hours past) {
    for (std::int64_t first = 1; first <= tickets; first += a_statement * 20) {
        maker some;
        some.past = past;
        some.random.seed(static_cast<unsigned>(first));
        for (auto id = first; id < first + a_statement * 20 && id <= tickets; ++id) some.add(id, tickets);
        into.write_now([&](soci::session& sql) {
            write(
                sql, some.tickets, 20,
                "INSERT INTO ticket (id, reference, channel, requester_id, subject_person_id, procedure_code, department, subject, status, "
                "is_active, category, legal_nature, dossier_link, received_at, due_at, answer_before, first_reply_at, closed_at, "
                "follow_up_hash, updated_at) VALUES ");
            write(
                sql, some.reports, 10,
                "INSERT INTO report (ticket_id, incident_id, reasons, facts, decided_by, decided_at, received_at, person_key, department, "
                "updated_at) VALUES ");
        });
    }
    into.write_now([past](soci::session& sql) {
        sql::change(sql, "UPDATE ticket SET closed_at = NULL WHERE closed_at = 0");
        for (std::int64_t id = 1; id <= incidents; ++id) {
            sql::change(
                sql,
                "INSERT INTO incident (id, state, is_listed, title, description, cause_text, public_workaround, "
                "internal_workaround, law_procedure, created_at, proposed_at, updated_at) VALUES (:id, 'escalated', 1, 'Photo', '', "
                "'', '', '', '', :created, :proposed, :updated)",
                id, now - past, now - past, now - 24h);
            events::record(sql, {}, "incident.escalated", "incident", id, {{"rule", "person"}}, now - past + 72h);
            sql::change(sql,
                        "UPDATE incident SET tickets = (SELECT COUNT(*) FROM report WHERE incident_id = :one), citizens = (SELECT COUNT(*) "
                        "FROM report WHERE incident_id = :two) WHERE id = :three",
                        id, id, id);
        }
    });
}

// A mirror of the register beside the tickets: names that a share looks for, and nothing else.
void fill_dossiers(database& into, std::int64_t dossiers) {
    for (std::int64_t first = 1; first <= dossiers; first += a_statement * 20) {
        std::vector<std::string> values;
        for (auto id = first; id < first + a_statement * 20 && id <= dossiers; ++id)
            for (auto& each : {std::to_string(id), fmt::format("p{}", id), fmt::format("D{}", id), fmt::format("nom{}", id % 200'000)})
                values.push_back(each);
        into.write_now(
            [&](soci::session& sql) { write(sql, values, 4, "INSERT INTO dossier (id, public_id, number, birth_name_folded) VALUES "); });
    }
}

template <class Work> double took(const char* what, Work work) {
    auto clock = std::clock();
    auto start = std::chrono::steady_clock::now();
    work();
    auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    auto worked = static_cast<double>(std::clock() - clock) / CLOCKS_PER_SEC; // of this process: on a busy machine, what was waited for
    std::printf("%-40s %8.2f s, %8.2f s of work\n", what, seconds, worked);
    std::fflush(stdout);
    return seconds;
}

// Whether each of them took two seconds at most.
class budget {
public:
    void spend(double seconds) { longest_ = std::max(longest_, seconds); }
    bool is_kept() const { return longest_ <= 2; }

private:
    double longest_ = 0;
};

nlohmann::json composed(database& from, calendar_week week, sys_seconds when) {
    return from.read_now([&](soci::session& sql) { return weekly_shares::compose(sql, week, when); });
}

// The share of each week as its job would make it: read, then frozen where the data is ours.
void compose_weeks(database& from, calendar_week week, int count, sys_seconds when, bool is_ours, budget& of) {
    std::string body;
    for (int i = 0; i < count; ++i, week = calendar_weeks::next(week)) {
        auto name = "share of " + calendar_weeks::text(week);
        of.spend(took(name.c_str(), [&] { body = composed(from, week, when).dump(); }));
        if (is_ours) from.write_now([&](soci::session& sql) { weekly_shares::freeze(sql, week, body, "bench", when); });
    }
    std::printf("%zu bytes\n", body.size());
}

void read_forms(database& from, const std::string& week, sys_seconds when, budget& of) {
    relais::api::pages pages(".");
    relais::api::lens through;
    through.texts = &pages.texts(), through.language = "fr", through.for_people = true, through.now = when;
    std::size_t page_bytes = 0;
    of.spend(took("its page", [&] {
        auto sheet = from.read_now([&](soci::session& sql) { return relais::api::views::read_share(sql, week); });
        page_bytes = pages.render("print/share", "fr", relais::api::views::share(sheet, through)).size();
    }));
    auto share = from.read_now([&](soci::session& sql) { return weekly_shares::get(sql, week); });
    of.spend(took("its workbook", [&] { relais::api::share_workbook::make(share, pages.texts(), "fr"); }));
    std::printf("%zu bytes of page\n", page_bytes);
}

// A share may read every ticket of its week and of the eight that it may correct, and no more.
bool examine(database& from, const database_options& of, calendar_week week, sys_seconds when) {
    relais::bench::examiner look(of, {5'000'000, 500'000});
    return look.examine("the statements of a share", [&] { composed(from, week, when); });
}

int measure_own(std::int64_t tickets, std::int64_t dossiers, int weeks) {
    relais::tests::temporary_database database;
    took("filling", [&] { fill(*database, tickets, weeks * 24h * 7); });
    if (dossiers > 0) took("filling the register", [&] { fill_dossiers(*database, dossiers); });
    took("facts of every ticket", [&] {
        std::optional<std::int64_t> place = 0;
        while (place) place = database->write_now([&](soci::session& sql) { return figure_facts::rebuild_next(sql, *place, now); });
    });
    constexpr int shares = 10;
    auto week = calendar_weeks::of(now), last = calendar_weeks::previous(week);
    for (int i = 0; i < shares; ++i) week = calendar_weeks::previous(week);
    budget time;
    // Every incident is told for the first time, with its whole past.
    time.spend(took("the last week as a first share", [&] { composed(*database, last, now); }));
    compose_weeks(*database, week, shares, now, true, time);
    read_forms(*database, calendar_weeks::text(last), now, time);
    std::printf("%lld tickets, %lld dossiers, %lld incidents\n", static_cast<long long>(tickets), static_cast<long long>(dossiers),
                static_cast<long long>(incidents));
    return examine(*database, database.options(), last, now) && time.is_kept() ? 0 : 1;
}

int measure_demonstration(const std::string& data) {
    auto options = relais::server::configuration_of({"", data, "127.0.0.1:0"}).database;
    auto database = open_database(options);
    auto made = database->read_now([](soci::session& sql) { return weekly_shares::list(sql, "", 3); });
    if (made.empty()) throw std::runtime_error("no share in " + data);
    std::printf("%s\n", database->is_mariadb() ? "MariaDB" : "SQLite");
    budget time;
    for (const auto& each : made) compose_weeks(*database, *calendar_weeks::parse(each.week), 1, each.made_at, false, time);
    read_forms(*database, made.front().week, made.front().made_at, time);
    auto is_good = examine(*database, options, *calendar_weeks::parse(made.front().week), made.front().made_at);
    database->stop();
    return is_good && time.is_kept() ? 0 : 1;
}

} // namespace

int main(int count, char** words) {
    relais::tests::statement_log::watch();
    if (count == 3 && std::string(words[1]) == "--data") return measure_demonstration(words[2]);
    return measure_own(count > 1 ? std::atoll(words[1]) : 1'000'000, count > 2 ? std::atoll(words[2]) : 0,
                       count > 3 ? std::atoi(words[3]) : usual_weeks);
}
