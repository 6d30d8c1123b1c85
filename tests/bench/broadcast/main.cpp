// SPDX-License-Identifier: EUPL-1.2
// How long it takes until everybody of an incident has a row in the outbox: bench_broadcast [recipients]. The leader of the server queues
// them, a step every 300 ms. The status is 1 when it takes more than ten seconds, or when a mailbox has no row or two.
// RELAIS_TEST_DATABASE chooses the database.
#include "model/broadcast.hpp"
#include "model/incident_grouper.hpp"
#include "model/sql_bulk.hpp"
#include "tests/support/incident_office.hpp"

#include <fmt/format.h>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <thread>

using namespace relais;
using namespace relais::model;

namespace {

constexpr std::size_t rows_a_statement = 500, statements_a_visit = 20;
constexpr auto between_steps = std::chrono::milliseconds{300}; // as server/application.cpp
constexpr double limit_s = 10;                                 // design: telling 100,000 citizens

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Rows for one table, written in large statements.
struct table {
    std::string into;
    std::size_t columns;
    std::vector<std::string> values = {};

    void write(database& to) {
        constexpr auto step = rows_a_statement * statements_a_visit;
        for (std::size_t from = 0; from < values.size(); from += step * columns) {
            auto some = std::span(values).subspan(from, std::min(step * columns, values.size() - from));
            to.write_now([&](soci::session& sql) {
                for (; !some.empty(); some = some.subspan(std::min(some.size(), rows_a_statement * columns))) {
                    auto rows = std::min(rows_a_statement, some.size() / columns);
                    sql::change_bulk(sql, into + sql::placeholder_rows(rows, columns), some.first(rows * columns));
                }
            });
        }
    }
};

// Everybody the incident concerns: most by mail, one in 20 by letter, one in 33 by telephone alone, one in 25 with a second ticket from
// the same mailbox typed in capitals, one in 50 who only follows. Until there are as many rows of the outbox to come as wanted.
struct crowd {
    std::int64_t incident = 0;
    std::size_t wanted = 0;
    std::int64_t tickets = 0, by_phone = 0, followers = 0;
    std::set<std::string> mailboxes = {};
    std::size_t letters = 0;
    table citizens{"INSERT INTO citizen (id, name, name_folded, email, email_folded, postal_address, created_at) VALUES ", 7};
    table rows{"INSERT INTO ticket (id, reference, channel, requester_id, subject_person_id, procedure_code, department, subject, status, "
               "is_active, legal_nature, dossier_link, received_at, due_at, answer_before, follow_up_hash, updated_at) VALUES ",
               17};
    table reports{
        "INSERT INTO report (ticket_id, incident_id, reasons, facts, decided_by, decided_at, received_at, person_key, department, "
        "updated_at) VALUES ",
        10};
    table following{"INSERT INTO incident_follower (incident_id, email, email_folded, language, token, created_at) VALUES ", 6};

    void add(const std::string& email, const std::string& address) {
        auto id = std::to_string(++tickets), at = std::to_string(seconds(tests::monday)), of = std::to_string(incident);
        auto put = [](table& to, std::initializer_list<std::string> row) { to.values.insert(to.values.end(), row); };
        put(citizens, {id, "Zoé Martin", "zoe martin", email, email, address, at});
        put(rows, {id, fmt::format("26-{:08}", tickets), "web_form", id, id, "RENEWAL", "75", "", "waiting", "0", "request", "none", at, at,
                   "2026-11-30", "h" + id, at});
        put(reports, {id, of, "[]", "{}", "engine", at, at, "person" + id, "75", at});
    }
    void fill(database& to) {
        for (std::size_t person = 0; mailboxes.size() + letters < wanted; ++person) {
            auto email = fmt::format("citizen{}@example.test", person);
            if (person % 20 == 3)
                add("", fmt::format("{} rue des Lilas, 08000 Charleville", person)), ++letters;
            else if (person % 33 == 4)
                add("", ""), ++by_phone;
            else if (mailboxes.insert(email); person % 50 == 5) {
                auto number = std::to_string(++followers), at = std::to_string(seconds(tests::monday));
                for (auto& each : {std::to_string(incident), email, email, std::string("fr"), "token" + number, at})
                    following.values.push_back(each);
            } else {
                add(email, "");
                if (person % 25 == 6) add("C" + email.substr(1), "");
            }
        }
        for (auto* each : {&citizens, &rows, &reports, &following}) each->write(to);
    }
};

// Seconds of the processors since the program began, and the most memory it held.
std::pair<double, long> used_so_far() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto seconds = [](const timeval& each) { return static_cast<double>(each.tv_sec) + static_cast<double>(each.tv_usec) / 1e6; };
    return {seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss / 1024};
}

struct result {
    double longest_s = 0, total_s = 0; // of one step, of all
    double processor_s = 0;            // without what MariaDB's server took
    long memory_mib = 0;
};

// As the server does once somebody pressed the button.
result queue_all(database& in, incident_grouper& leader, std::int64_t incident, sys_seconds now) {
    result out;
    auto start = std::chrono::steady_clock::now();
    auto used_before = used_so_far().first;
    in.write_now([&](soci::session& sql) {
        broadcasts::start(sql, {incident, 0, tests::resolver_actor(), now}, "fix", "C’est corrigé : vous pouvez reprendre votre demande.");
    });
    auto is_over = [&] { return in.read_now([](soci::session& sql) { return broadcasts::unfinished(sql).empty(); }); };
    while (!is_over()) {
        auto step_start = std::chrono::steady_clock::now();
        leader.step(now);
        out.longest_s = std::max(out.longest_s, seconds_since(step_start));
        if (!is_over()) std::this_thread::sleep_for(between_steps);
    }
    out.total_s = seconds_since(start);
    std::tie(out.processor_s, out.memory_mib) = used_so_far();
    out.processor_s -= used_before;
    return out;
}

// How many rows are not as they must be: missing, or a second one of a mailbox.
std::size_t wrong_rows(database& in, const crowd& told) {
    using row = std::tuple<std::string, std::string>;
    auto all = in.read_now([](soci::session& sql) { return sql::all<row>(sql, "SELECT medium, recipient FROM outbox"); });
    std::size_t letters = 0, wrong = 0;
    std::set<std::string> seen;
    for (auto& [medium, recipient] : all) {
        if (medium == "letter") {
            ++letters;
            continue;
        }
        recipient.front() = 'c';
        wrong += !told.mailboxes.contains(recipient) || !seen.insert(recipient).second;
    }
    return wrong + (told.mailboxes.size() - seen.size()) + (letters > told.letters ? letters - told.letters : told.letters - letters);
}

} // namespace

int main(int count, char** words) {
    tests::incident_office office;
    crowd told{office.incident(), count > 1 ? std::strtoull(words[1], nullptr, 10) : 100'000};
    told.fill(*office.database);
    incident_grouper leader(*office.database, {.engine = {}, .terms = {}, .owner = "bench"});
    leader.step(office.now); // a server that has been running
    auto done = queue_all(*office.database, leader, told.incident, office.now);
    auto wrong = wrong_rows(*office.database, told);
    std::printf("%zu rows (%zu mails, %zu letters) of %lld tickets and %lld followers, %lld to be called\n", told.wanted,
                told.mailboxes.size(), told.letters, static_cast<long long>(told.tickets), static_cast<long long>(told.followers),
                static_cast<long long>(told.by_phone));
    std::printf("queued in %.2f s (budget %.0f; %.2f s of the processor), longest step %.2f s, %ld MiB; rows missing or twice: %zu\n",
                done.total_s, limit_s, done.processor_s, done.longest_s, done.memory_mib, wrong);
    return done.total_s > limit_s || wrong > 0 ? 1 : 0;
}
