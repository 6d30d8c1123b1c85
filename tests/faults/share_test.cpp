// SPDX-License-Identifier: EUPL-1.2
// The weekly share of real servers that are killed around each Monday, by a clock of their own, with a real mail server beside them: one
// node on SQLite, two on a MariaDB that lives by the same clock.
#include "model/calendar_week.hpp"
#include "model/incident_actions.hpp"
#include "model/report.hpp"
#include "model/share_link.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/weekly_share.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/private_mariadb.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/smtp_sink.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <random>
#include <set>

using namespace relais;
using namespace relais::tests;
using namespace std::chrono_literals;
using model::sys_seconds;

namespace {

constexpr int weeks = 6;                // W48 of 2026 to W53, the year's last
constexpr std::size_t kills_a_week = 2; // twelve in all
constexpr auto longest_lease = 200s;    // the mailer's is the longest
const std::vector<std::string> owners = {"moa@example.test", "adjointe@example.test"};
const std::string defect = "software_defect", legal_case = "legal_case_not_covered";

std::string kind() {
    auto* chosen = std::getenv("RELAIS_TEST_DATABASE");
    return chosen ? chosen : "sqlite";
}

// The clock of the program (tests/preload/clock_shift.cpp): from a moment it goes on.
class simulated_clock {
public:
    explicit simulated_clock(std::string file) : file_(std::move(file)) { std::ofstream(file_, std::ios::binary) << std::string(8, '\0'); }
    void set(sys_seconds to) {
        shift_ = to - model::system_now();
        auto seconds = shift_.count();
        std::fstream out(file_, std::ios::binary | std::ios::in | std::ios::out); // in place: the program has it mapped
        out.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
    }
    sys_seconds now() const { return model::system_now() + shift_; }
    const std::string& file() const { return file_; }

private:
    std::string file_;
    std::chrono::seconds shift_{0};
};

// Servers that share their weeks, killed and started again.
struct centre {
    temporary_folder folder;
    simulated_clock clock{folder.path("clock")};
    smtp_sink sink{folder.path("mails")};
    std::unique_ptr<private_mariadb> mariadb;
    std::vector<std::unique_ptr<running_server>> nodes; // the first outlives the others
    std::string token;
    std::mt19937 random{48};

    centre() {
        clock.set(monday - 24h);
        std::map<std::string, std::string> by_this_clock = {{"LD_PRELOAD", built("tests/libclock_shift.so")},
                                                            {"RELAIS_CLOCK_SHIFT", clock.file()}};
        if (kind() == "mariadb") mariadb = std::make_unique<private_mariadb>(std::vector<std::string>{}, by_this_clock);
        auto settings = by_this_clock;
        settings.insert({{"RELAIS_SITE_BASE_URL", "https://relais.example.test"},
                         {"RELAIS_MAIL_HOST", "127.0.0.1"},
                         {"RELAIS_MAIL_PORT", std::to_string(sink.port())},
                         {"RELAIS_MAIL_SECURITY", "none"},
                         {"RELAIS_SHARE_RECIPIENTS", "Délégation <" + owners[0] + ">,Adjointe <" + owners[1] + ">"},
                         {"RELAIS_SHARE_CLOCK_HOLD_MINUTES", "0"}}); // this clock goes from week to week
        nodes.push_back(std::make_unique<running_server>(kind(), settings, mariadb ? mariadb->socket() : ""));
        start();
        token = nodes[0]->command("token add faults --role owner --rate 0");
        if (mariadb) nodes.push_back(nodes[0]->another_node());
        stop();
    }
    ~centre() {
        while (!nodes.empty()) nodes.pop_back();
    }
    void start() {
        for (auto& each : nodes)
            if (!each->is_running()) each->start();
    }
    void stop() {
        for (auto& each : nodes)
            if (each->is_running()) REQUIRE(each->stop() == 0);
    }
    // While no server runs.
    template <class Function> auto write(Function f) {
        auto database = model::open_database(nodes[0]->database());
        struct stopping {
            model::database& of;
            ~stopping() { of.stop(); }
        } last{*database};
        return database->write_now(f);
    }
    std::size_t shares() {
        auto found = http_client(nodes[0]->port()).get("/api/v1/weekly-shares", {{"Authorization", "Bearer " + token}});
        return found.status == 200 ? nlohmann::json::parse(found.body)["items"].size() : 0;
    }
    template <class Condition> void await(Condition is_true, std::chrono::seconds limit = 60s) {
        auto end = std::chrono::steady_clock::now() + limit;
        while (!is_true() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(20ms);
        REQUIRE(is_true());
    }
    // The first, and every other time the second with it; then the leases of the dead run out.
    void kill() {
        nodes[0]->kill();
        if (nodes.size() > 1 && random() % 2) nodes[1]->kill();
        clock.set(clock.now() + longest_lease);
    }
};

// What happens in W48, told to the model at its moments.
class story {
public:
    explicit story(soci::session& sql) : sql_(sql) {}

    void live() {
        auto legal = incident("Permis monégasque", legal_case), back = incident("Date refusée de nouveau", defect),
             handed = incident("Photo perdue", defect);
        for (auto each : {legal, back, handed})
            for (int i = 0; i < 5; ++i) ticket(each);
        model::incidents::escalate(sql_, by(back), "person", nlohmann::json::object());
        model::incidents::accept(sql_, by(back));
        model::incidents::fix(sql_, by(back), now_, "4.12");
        now_ = monday + 24h * 3; // Thursday
        model::incidents::escalate(sql_, by(handed), "person", nlohmann::json::object());
        model::incidents::regress(sql_, by(back), {{"tickets", 3}});
    }

private:
    std::int64_t incident(const std::string& title, const std::string& nature) {
        return model::incidents::open(sql_, {"confirmed", title, nature, "NATIONAL_SYSTEM", "", false}, agent_actor(), now_);
    }
    void ticket(std::int64_t incident) {
        auto contact = sample_contact(++made_);
        contact.requester.birth_name.clear(), contact.requester.birth_date.clear(), contact.requester.phone.clear();
        contact.requester.email.clear(); // their acknowledgements are not this test's mails
        contact.requester.name = "Personne " + std::to_string(made_);
        model::placement what;
        what.ticket_id = model::tickets::open(sql_, contact, citizen_actor(), now_).id, what.incident_id = incident, what.engine = "test";
        model::reports::place(sql_, what, {}, now_);
    }
    model::incidents::action by(std::int64_t number) const { return {number, 0, agent_actor(), now_}; }

    soci::session& sql_;
    sys_seconds now_ = monday;
    int made_ = 0;
};

// Each owner's mails about a week, by their identifiers: one whose receipt the dead server never noted comes again under the same one.
std::map<std::string, std::set<std::string>> mails_about(const smtp_sink& sink, const std::string& week) {
    std::map<std::string, std::set<std::string>> out;
    for (const auto& each : sink.mails())
        if (each["subject"].get<std::string>().find(week) != std::string::npos) out[each["envelope"]["to"][0]].insert(each["message_id"]);
    return out;
}

nlohmann::json mail_to(const smtp_sink& sink, const std::string& week, const std::string& owner) {
    for (const auto& each : sink.mails())
        if (each["subject"].get<std::string>().find(week) != std::string::npos && each["envelope"]["to"][0] == owner) return each;
    FAIL("no mail about " << week << " to " << owner);
    return {};
}

} // namespace

TEST_CASE("killed around six Mondays, one node or two write one share a week and mail it once to each owner, with all that happened",
          "[faults][share]") {
    centre office;
    office.write([](soci::session& sql) { story(sql).live(); });
    auto week = *model::calendar_weeks::parse("2026-W48");
    std::vector<std::string> names;
    for (int i = 0; i < weeks; ++i, week = model::calendar_weeks::next(week)) {
        names.push_back(model::calendar_weeks::text(week));
        auto hour = model::weekly_shares::published_at(week, model::weekly_shares::default_hour);
        office.clock.set(hour - 3s); // the hour comes while it runs
        for (std::size_t kill = 0; kill < kills_a_week; ++kill) {
            office.start();
            // At any moment, then as soon as there is a share that nobody may have received yet.
            if (kill == 0)
                std::this_thread::sleep_for(std::chrono::milliseconds(office.random() % 6000));
            else
                office.await([&] { return office.shares() >= names.size(); });
            office.kill();
        }
    }
    office.start();
    auto is_all_sent = [&] {
        return std::all_of(names.begin(), names.end(),
                           [&](const auto& name) { return mails_about(office.sink, name).size() == owners.size(); });
    };
    office.await(is_all_sent);
    office.clock.set(office.clock.now() + 24h); // and nothing more the day after
    std::this_thread::sleep_for(6s);            // the job looks every five seconds
    CHECK(office.shares() == names.size());

    // The mail of Monday 30 November holds the three, the hash, the workbook and a link for each reader alone.
    std::set<std::string> links;
    for (const auto& owner : owners) {
        auto mail = mail_to(office.sink, "2026-W48", owner);
        auto text = mail["text"].get<std::string>();
        for (const char* each : {"Permis monégasque", "Date refusée de nouveau", "Photo perdue"}) {
            INFO(each);
            CHECK(text.find(each) != std::string::npos);
        }
        REQUIRE(mail["attachments"].size() == 1);
        CHECK(mail["attachments"][0]["name"] == "partage-2026-W48.xlsx");
        auto at = text.find("https://relais.example.test/partage/");
        REQUIRE(at != std::string::npos);
        links.insert(text.substr(at, text.find_first_of(" \n", at) - at));
    }
    CHECK(links.size() == owners.size());
    for (const auto& name : names)
        for (const auto& [owner, ids] : mails_about(office.sink, name)) {
            INFO(name << " to " << owner);
            CHECK(ids.size() == 1);
        }

    // The same share on a disk: its map needs nothing beside it.
    auto written = office.nodes[0]->command("share --week 2026-W48 --out " + office.folder.path("share"));
    std::ifstream in(office.folder.path("share") + "/partage-2026-W48.html", std::ios::binary);
    std::string html(std::istreambuf_iterator<char>{in}, {});
    CHECK(html.find("href=\"#d-974\"") != std::string::npos); // where the fifteen wrote from
    for (const char* shape : {"id=\"d-974\"", "id=\"d-59\"", "id=\"d-2A\""}) CHECK(html.find(shape) != std::string::npos);
    CHECK(html.find("/assets/") == std::string::npos);

    office.stop();
    using row = std::tuple<std::string, sys_seconds, sys_seconds, std::int64_t>;
    auto rows = office.write([](soci::session& sql) {
        return model::sql::all<row>(sql, "SELECT week, from_at, until_at, (SELECT COUNT(*) FROM share_link WHERE share_id = "
                                         "weekly_share.id) FROM weekly_share ORDER BY from_at");
    });
    REQUIRE(rows.size() == names.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& [name, from, until, links_given] = rows[i];
        CHECK(name == names[i]);
        if (i > 0) CHECK(from == std::get<2>(rows[i - 1]));
        CHECK(links_given == static_cast<std::int64_t>(owners.size()));
    }
    auto sent = office.write([](soci::session& sql) {
        return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM outbox WHERE kind = 'weekly_share' AND state = 'sent'");
    });
    CHECK(sent == static_cast<std::int64_t>(names.size() * owners.size()));
    CHECK(names.back() == "2026-W53");
}
