// SPDX-License-Identifier: EUPL-1.2
// How fast an agent's pages are over the data of a demonstration of any size, by HTTP, and what each costs in statements:
// bench_workspace DATA [seconds [clients [words|nowords [PAGE]]]], 0 seconds for the statements alone; nowords leaves the full text out,
// which a node needs minutes to read; PAGE: only the pages whose name begins so. DATA is the folder of `relais demo --data DATA`;
// RELAIS_DATABASE_... names MariaDB as for the program. The status is 1 when a page is over its budget or a statement reads a large table
// without an index.
#include "api/guards.hpp"
#include "api/secrets.hpp"
#include "model/login_session.hpp"
#include "model/search_index.hpp"
#include "model/sql.hpp"
#include "server/application.hpp"
#include "server/run_command.hpp"
#include "tests/bench/examiner.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/workspace/samples.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/statement_log.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

using namespace relais;

namespace {

using headers = std::map<std::string, std::string>;
using namespace std::chrono_literals;

// One statement of a page may touch so much: 201 lines of a list with what is shown beside them are a twentieth of it.
constexpr bench::reading_limit page_limit = {200'000, 20'000};

double cpu_seconds(int of = RUSAGE_SELF) {
    rusage used{};
    ::getrusage(of, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

void say_load(const char* when) {
    std::array<double, 3> load{};
    ::getloadavg(load.data(), 3);
    std::printf("%s: load %.1f of the last minute\n", when, load[0]);
}

// A node that starts reads its index, its incidents and its facts: what is measured is the day after. On a machine that others keep busy
// these jobs, which give way to everybody, hardly begin: then they are let be, and what they take is counted in the pages' processor time.
void settle(server::application& site, std::int64_t words) {
    auto start = std::chrono::steady_clock::now();
    while (site.app().search.size() < words) std::this_thread::sleep_for(200ms);
    constexpr double idle = 0.05; // of a core
    constexpr double patience_s = 240;
    auto waited = [start] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
    auto is_at_work = true;
    while (is_at_work && waited() < patience_s) {
        auto before = cpu_seconds();
        std::this_thread::sleep_for(1s);
        is_at_work = cpu_seconds() - before > idle;
    }
    std::printf("%s after %.0f s\n", is_at_work ? "not settled" : "settled", waited());
}

headers sign_in(server::application& site) {
    auto cookie = api::random_token();
    site.database().write_now([&](soci::session& sql) {
        auto agent = model::sql::first<std::int64_t>(sql, "SELECT id FROM user_account WHERE role = 'agent' ORDER BY id LIMIT 1");
        if (!agent) throw std::runtime_error("this data has no agent: make it with `relais demo`");
        model::login_sessions::open(sql, api::sha256_hex(cookie), *agent, "full", "127.0.0.1", model::system_now());
    });
    return {{"Cookie", api::session_cookie_name(site.config().site) + "=" + cookie}, {"Accept", "text/html"}};
}

class visitors {
public:
    visitors(std::uint16_t port, int clients, double seconds, headers as) : clients_(clients), seconds_(seconds), as_(std::move(as)) {
        for (int i = 0; i < clients; ++i) connections_.push_back(std::make_unique<tests::http_client>(port, 120));
    }
    void open(int client, const std::string& address) {
        auto before = cpu_seconds(RUSAGE_THREAD);
        auto answer = connections_[static_cast<std::size_t>(client)]->get(address, as_);
        clients_cpu_us_ += static_cast<std::int64_t>((cpu_seconds(RUSAGE_THREAD) - before) * 1e6);
        if (answer.status != 200) throw std::runtime_error(fmt::format("{}: {} {}", address, answer.status, answer.body.substr(0, 200)));
    }
    struct found {
        bench::rate rate;
        double cpu_ms = 0; // of the server's threads, for one page
    };
    found measure(const std::vector<std::string>& addresses) {
        constexpr std::size_t apart = 37; // each client begins elsewhere
        auto once = [&](int client, std::int64_t n) {
            open(client, addresses[(static_cast<std::size_t>(client) * apart + static_cast<std::size_t>(n)) % addresses.size()]);
        };
        clients_cpu_us_ = 0;
        auto before = cpu_seconds();
        auto rate = bench::measure(clients_, seconds_, once);
        auto of_server = cpu_seconds() - before - static_cast<double>(clients_cpu_us_) / 1e6;
        return {rate, of_server * 1000 / static_cast<double>(std::max<std::int64_t>(1, rate.done))};
    }

private:
    int clients_;
    double seconds_;
    headers as_;
    std::atomic<std::int64_t> clients_cpu_us_ = 0;
    std::vector<std::unique_ptr<tests::http_client>> connections_;
};

bool time_pages(visitors& by, const std::vector<bench::page_kind>& pages) {
    auto is_good = true;
    auto empty = by.measure({"/healthz"});
    std::printf("%-36s %9s %9s %9s %9s %9s %10s\n", "page", "a second", "cpu ms", "p50 ms", "p99 ms", "budget", "of ceiling");
    auto say = [](const char* name, const visitors::found& of) {
        std::printf("%-36s %9.0f %9.2f %9.2f %9.2f", name, of.rate.per_second, of.cpu_ms, of.rate.p50_ms, of.rate.p99_ms);
    };
    say("an empty answer: the ceiling", empty);
    std::printf("\n");
    for (const auto& page : pages) {
        if (page.addresses.empty()) continue;
        for (std::size_t i = 0; i < std::min<std::size_t>(20, page.addresses.size()); ++i) by.open(0, page.addresses[i]);
        auto found = by.measure(page.addresses);
        auto is_over = found.rate.p99_ms > page.budget_ms;
        is_good = is_good && !is_over;
        say(page.name.c_str(), found);
        std::printf(" %9.0f %10.3f%s\n", page.budget_ms, found.rate.per_second / empty.rate.per_second, is_over ? "  OVER" : "");
        std::fflush(stdout);
    }
    return is_good;
}

bool examine_pages(const model::database_options& of, visitors& by, const std::vector<bench::page_kind>& pages) {
    bench::examiner look(of, page_limit);
    // What jobs ask meanwhile is told apart, and is not the pages' fault.
    look.examine("the jobs of two seconds", [] { std::this_thread::sleep_for(2s); });
    auto is_good = true;
    for (const auto& page : pages) {
        auto open_some = [&] {
            auto some = std::min<std::size_t>(page.addresses.size(), 150);
            for (std::size_t i = 0; i < some; ++i) by.open(0, page.addresses[i]);
        };
        is_good = look.examine(page.name, open_some) && is_good;
    }
    return is_good;
}

// As if every ticket had been read: the node begins with what comes next.
void leave_words_out(const server::configuration& config) {
    auto database = model::open_database(config.database);
    auto last = database->read_now(
        [](soci::session& sql) { return model::sql::first<std::int64_t>(sql, "SELECT COALESCE(MAX(id), 0) FROM event").value_or(0); });
    model::search_index index(server::search_folder(config));
    index.clear();
    index.commit(last);
}

server::configuration configuration_for(const std::string& data) {
    auto config = server::configuration_of({"", data, "127.0.0.1:0"});
    config.administration_listen.clear();
    config.limits.drain_delay_ms = 0;
    config.site.limits_enabled = false;
    return config;
}

} // namespace

int main(int count, char** words) {
    if (count < 2) return std::fprintf(stderr, "bench_workspace DATA [seconds [clients [words|nowords [PAGE]]]]\n"), 2;
    auto seconds = count > 2 ? std::atof(words[2]) : 5;
    auto clients = count > 3 ? std::atoi(words[3]) : 8;
    auto has_words = count <= 4 || std::string(words[4]) != "nowords";
    auto config = configuration_for(words[1]);
    tests::statement_log::watch();
    if (!has_words) leave_words_out(config);
    server::application site(config, {});
    site.start();
    auto sizes = site.database().read_now([](soci::session& sql) {
        auto rows = [&sql](const char* text) { return model::sql::first<std::int64_t>(sql, text).value_or(0); };
        return std::pair(rows("SELECT COUNT(*) FROM ticket"), rows("SELECT COUNT(*) FROM dossier"));
    });
    std::printf("%s, %lld tickets, %lld dossiers, %d clients\n", site.database().is_mariadb() ? "MariaDB" : "SQLite",
                static_cast<long long>(sizes.first), static_cast<long long>(sizes.second), clients);
    std::fflush(stdout);
    settle(site, has_words ? sizes.first : 0);
    visitors by(site.ports().front(), clients, seconds, sign_in(site));
    auto pages = bench::draw_pages(site.database());
    if (!has_words) std::erase_if(pages, [](const auto& each) { return each.name.starts_with("full text"); });
    if (count > 5) std::erase_if(pages, [only = words[5]](const auto& each) { return !each.name.starts_with(only); });
    say_load("before");
    auto is_fast = seconds <= 0 || time_pages(by, pages);
    say_load("after");
    auto is_by_index = examine_pages(site.config().database, by, pages);
    std::printf("%s\n", is_fast && is_by_index ? "within the budgets, by indexes" : "over a budget, or a table read whole: see above");
    return is_fast && is_by_index ? 0 : 1;
}
