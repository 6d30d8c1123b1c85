// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

constexpr auto week = 24h * 7;

// Incidents that live at random, with a diary of when each was open.
class incident_lives {
public:
    explicit incident_lives(share_office& office) : office_(office) {}

    // The next thing that happens: another incident, or one more day in the life of one.
    void step(std::mt19937& random) {
        if (lives_.size() < 3 || random() % 4 == 0) return begin(random() % 3 == 0 ? "proposed" : "confirmed");
        auto& one = lives_[random() % lives_.size()];
        auto happened = random() % 3;
        if (one.state == "proposed") return happened ? act(one, "confirmed") : act(one, "dismissed");
        if (one.state == "confirmed") return happened ? act(one, "fixed") : act(one, "escalated");
        if (one.state == "escalated") return happened ? act(one, "fixed") : act(one, "returned");
        if (one.state == "fixed") return happened ? act(one, "verified") : act(one, "regressed");
        if (one.state == "verified") return act(one, "closed");
        if (one.state == "regressed") return act(one, "fixed");
        if (happened == 0) act(one, one.state == "closed" ? "regressed" : "reopened"); // it was over
    }
    // Those that were open just before an instant.
    std::set<std::int64_t> open_at(sys_seconds when) const {
        std::set<std::int64_t> out;
        for (const auto& one : lives_)
            for (const auto& [from, until] : one.open)
                if (from < when && (!until || *until >= when)) out.insert(one.number);
        return out;
    }
    // How often one that was over began again.
    std::size_t returns() const {
        std::size_t out = 0;
        for (const auto& one : lives_) out += one.open.size() - 1;
        return out;
    }

private:
    struct life {
        std::int64_t number = 0;
        std::string state;
        std::vector<std::pair<sys_seconds, std::optional<sys_seconds>>> open;
    };
    void begin(const std::string& state) { lives_.push_back({office_.incident(state), state, {{office_.now, std::nullopt}}}); }
    void act(life& one, const std::string& what) {
        auto by = office_.by(one.number);
        office_.write([&](soci::session& sql) {
            if (what == "confirmed") incidents::confirm(sql, by, {});
            if (what == "dismissed") incidents::dismiss(sql, by);
            if (what == "escalated") incidents::escalate(sql, by, "person", nlohmann::json::object());
            if (what == "returned") incidents::send_back(sql, by, "Il manque une capture");
            if (what == "fixed") incidents::fix(sql, by, office_.now, "4.12");
            if (what == "verified") incidents::verify(sql, by);
            if (what == "closed") incidents::close(sql, by);
            if (what == "regressed") incidents::regress(sql, by, {{"tickets", 3}});
            if (what == "reopened") incidents::reopen(sql, by, "Ce n'est pas fini");
        });
        auto is_over = what == "closed" || what == "dismissed";
        if (is_over) one.open.back().second = office_.now;
        if (!is_over && one.open.back().second) one.open.emplace_back(office_.now, std::nullopt);
        one.state = what == "returned" || what == "reopened" ? "confirmed" : what;
    }

    share_office& office_;
    std::vector<life> lives_;
};

std::set<std::int64_t> open_in(const nlohmann::json& share) {
    std::set<std::int64_t> out;
    for (const auto& each : share["incidents"])
        if (each["is_open"] == true) out.insert(each["number"].get<std::int64_t>());
    return out;
}

} // namespace

TEST_CASE("two years, whatever is killed: one share a week, every ticket in one, every open incident in each, weeks that add up",
          "[share][years]") {
    share_office office;
    std::mt19937 random(26);
    office.now = at_seconds(1'767'582'000); // Monday 5 January 2026, 4:00 in Paris
    auto begin = office.now;
    auto number = office.incident();
    incident_lives lives(office);
    office.write([&](soci::session& sql) { weekly_shares::make(sql, {2026, 1}, "test", office.now); });
    std::vector<std::unique_ptr<share_job>> jobs(3);
    auto tickets = 0;
    while (office.now < begin + week * 105) {
        office.now += std::chrono::minutes(random() % 900);
        if (random() % 3 == 0) {
            office.link(office.ticket(), number);
            ++tickets;
        }
        if (random() % 12 == 0) lives.step(random);
        auto& job = jobs[random() % jobs.size()];
        // Killed without a word, its lease still held; born again under another name.
        if (!job || random() % 5 == 0) job = std::make_unique<share_job>(office.job("node " + std::to_string(random())));
        auto steps = random() % 3;
        for (unsigned i = 0; i < steps && job->step(office.now); ++i) {
        }
    }
    office.now = begin + week * 107 + 8h; // a Monday at noon
    auto job = office.job("last");
    office.run(job);
    auto all = office.read([](soci::session& sql) {
        return sql::all<weekly_share>(sql, std::string("SELECT ") + weekly_share::columns + " FROM weekly_share ORDER BY from_at");
    });
    REQUIRE(all.size() == 108); // W01 of 2026 to the last that ended
    std::int64_t received = 0, in_2026 = 0;
    std::size_t fewest = 100, most = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto body = nlohmann::json::parse(all[i].body);
        auto counted = office.count("ticket WHERE received_at >= " + std::to_string(seconds(all[i].from_at)) + " AND received_at < " +
                                    std::to_string(seconds(all[i].until_at)));
        received += counted;
        if (all[i].week.starts_with("2026")) in_2026 += counted;
        if (i > 0) CHECK(all[i].from_at == all[i - 1].until_at); // half-open: nothing twice, nothing between
        const auto& told = body["volumes"]["received"];
        CHECK((counted > 0 && counted < 5 ? told.is_null() : told == counted));
        auto open = lives.open_at(all[i].until_at);
        if (all[i].until_at > begin) open.insert(number); // which nobody ever closes
        INFO(all[i].week);
        CHECK(open_in(body) == open);
        CHECK(body["sections"]["open"] == open.size());
        fewest = std::min(fewest, open.size()), most = std::max(most, open.size());
    }
    CHECK(most > fewest + 5);
    CHECK(lives.returns() > 5);
    CHECK(received == tickets);
    auto year = calendar_weeks::span_of({2026, 1}).from;
    auto next_year = calendar_weeks::span_of({2027, 1}).from;
    CHECK(in_2026 == office.count("ticket WHERE received_at >= " + std::to_string(seconds(year)) + " AND received_at < " +
                                  std::to_string(seconds(next_year))));
    CHECK(office.id_of("2026-W53") > 0);
    // One mail a share and a recipient, whoever died in between.
    CHECK(office.count("outbox WHERE kind = 'weekly_share'") == static_cast<std::int64_t>(all.size()));
}
