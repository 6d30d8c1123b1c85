// SPDX-License-Identifier: EUPL-1.2
#include "model/outgoing_mail.hpp"

#include "model/outbox.hpp"
#include "model/sql.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

const auto monday = at_seconds(1'790'000'000);

struct post_office {
    tests::temporary_database database;

    template <class Function> auto write(Function function) { return database->write_now(std::move(function)); }

    std::int64_t add(const std::string& key, const std::string& recipient = "zoe@example.test", bool capped = false,
                     sys_seconds now = monday) {
        outbox_entry entry;
        entry.unique_key = key;
        entry.kind = "acknowledgement";
        entry.recipient = recipient;
        entry.is_capped = capped;
        return write([=](soci::session& sql) { return outbox::add(sql, entry, now); });
    }
    outgoing_mails::claimed claim(sys_seconds now, const std::string& owner = "a", int limit = 20) {
        outgoing_mails::claim_terms terms;
        terms.owner = owner;
        terms.limit = limit;
        return write([=](soci::session& sql) { return outgoing_mails::claim(sql, terms, now); });
    }
    std::string state(std::int64_t id) {
        return database->read_now(
            [=](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT state FROM outbox WHERE id = :id", id); });
    }
};

} // namespace

TEST_CASE("a mail is taken by one worker, the longest due first", "[outgoing_mail]") {
    post_office office;
    auto late = office.add("b", "b@example.test", false, monday + 1min);
    auto early = office.add("a", "a@example.test", false, monday);
    CHECK(office.claim(monday - 1s).groups.empty());
    CHECK_FALSE(office.database->read_now([](soci::session& sql) { return outgoing_mails::has_due(sql, monday - 1s); }));
    CHECK(office.database->read_now([](soci::session& sql) { return outgoing_mails::has_due(sql, monday); }));
    auto first = office.claim(monday + 1min, "a", 1);
    REQUIRE(first.groups.size() == 1);
    CHECK(first.groups[0].front().id == early);
    CHECK(first.groups[0].front().attempts == 1);
    auto second = office.claim(monday + 1min, "b");
    REQUIRE(second.groups.size() == 1);
    CHECK(second.groups[0].front().id == late);
    CHECK(office.claim(monday + 1min, "c").groups.empty());
}

TEST_CASE("a mail whose worker died is taken again, and the dead worker decides no more", "[outgoing_mail]") {
    post_office office;
    auto id = office.add("a");
    auto dead = office.claim(monday, "dead").groups.at(0);
    office.write([=](soci::session& sql) { return sql::change(sql, "UPDATE outbox SET lease_until = 1 WHERE id = :id", id); });
    auto alive = office.claim(monday, "alive").groups.at(0);
    CHECK(alive.front().mail_message_id == dead.front().mail_message_id);
    CHECK(alive.front().attempts == 2);
    CHECK_FALSE(office.write([=](soci::session& sql) { return outgoing_mails::mark_sent(sql, dead, "dead", "h", "c", monday); }));
    CHECK_FALSE(office.write([=](soci::session& sql) { return outgoing_mails::give_up(sql, dead, "dead", "550", monday); }));
    CHECK(office.state(id) == "waiting");
    CHECK(office.write([=](soci::session& sql) { return outgoing_mails::mark_sent(sql, alive, "alive", "h", "c", monday); }));
    CHECK(office.state(id) == "sent");
    CHECK_FALSE(office.write([=](soci::session& sql) { return outgoing_mails::mark_sent(sql, alive, "alive", "h", "c", monday); }));
}

TEST_CASE("a mail put off comes back at its hour, a mail given back comes back at once", "[outgoing_mail]") {
    post_office office;
    office.add("a");
    auto group = office.claim(monday).groups.at(0);
    office.write([=](soci::session& sql) { return outgoing_mails::postpone(sql, group, "a", "451 later", monday + 1min); });
    CHECK(office.claim(monday + 1min - 1s).groups.empty());
    auto again = office.claim(monday + 1min).groups.at(0);
    CHECK(again.front().attempts == 2);
    office.write([=](soci::session& sql) { outgoing_mails::release(sql, again, "a"); });
    CHECK(office.claim(monday + 1min).groups.at(0).front().attempts == 2);
}

TEST_CASE("a hundred forms naming one stranger give one mail in ten minutes, five a day, and none is lost", "[outgoing_mail]") {
    post_office office;
    for (int i = 0; i < 100; ++i) office.add("acknowledgement:" + std::to_string(i), "victim@example.test", true);
    auto other = office.add("other", "other@example.test", true);
    std::int64_t mails = 0, rows = 0, others = 0;
    for (auto now = monday; now < monday + 24h; now += 5min) {
        auto claimed = office.claim(now, "a", 200);
        for (const auto& group : claimed.groups) {
            if (group.front().id == other)
                ++others;
            else
                ++mails, rows += static_cast<std::int64_t>(group.size());
            office.write([=](soci::session& sql) { return outgoing_mails::mark_sent(sql, group, "a", "h", "c", now); });
        }
        if (now == monday) CHECK(mails == 1);
        if (now == monday + 10min) CHECK(mails == 2);
    }
    CHECK(others == 1);
    CHECK(mails == 5);
    CHECK(rows == 100);
}

TEST_CASE("a group tried again keeps its first mail, and with it its Message-ID", "[outgoing_mail]") {
    post_office office;
    for (int i = 0; i < 3; ++i) office.add(std::to_string(i), "victim@example.test", true);
    auto group = office.claim(monday).groups.at(0);
    CHECK(group.size() == 3);
    office.write([=](soci::session& sql) { return outgoing_mails::postpone(sql, group, "a", "", monday + 1min); });
    auto again = office.claim(monday + 2min);
    REQUIRE(again.groups.size() == 1);
    CHECK(again.groups[0].front().id == group.front().id);
    CHECK(again.groups[0].size() == 3);
}

TEST_CASE("four workers that look at the same moment take each mail once, and write to a stranger once", "[outgoing_mail]") {
    post_office office;
    auto is_one_stranger = GENERATE(false, true);
    for (int i = 0; i < 60; ++i)
        office.add(std::to_string(i), is_one_stranger ? "victim@example.test" : "p" + std::to_string(i) + "@example.test", is_one_stranger);
    std::vector<std::thread> workers;
    std::mutex mutex;
    std::multiset<std::int64_t> taken;
    std::size_t groups = 0;
    for (int worker = 0; worker < 4; ++worker)
        workers.emplace_back([&, worker] {
            for (int i = 0; i < 10; ++i) {
                auto claimed = office.claim(monday, "worker" + std::to_string(worker), 7);
                std::lock_guard lock{mutex};
                groups += claimed.groups.size();
                for (const auto& group : claimed.groups)
                    for (const auto& mail : group) taken.insert(mail.id);
            }
        });
    for (auto& worker : workers) worker.join();
    CHECK(std::set<std::int64_t>{taken.begin(), taken.end()}.size() == taken.size());
    if (is_one_stranger)
        CHECK(groups == 1);
    else
        CHECK(taken.size() == 60);
}

TEST_CASE("the acknowledgements of known people are not limited", "[outgoing_mail]") {
    post_office office;
    for (int i = 0; i < 3; ++i) office.add(std::to_string(i), "zoe@example.test", false);
    CHECK(office.claim(monday).groups.size() == 3);
}

TEST_CASE("a code is not kept once it has left or will never leave", "[outgoing_mail]") {
    post_office office;
    outbox_entry entry;
    entry.unique_key = "code:1", entry.kind = "code", entry.recipient = "zoe@example.test", entry.payload = {{"code", "123456"}};
    auto id = office.write([=](soci::session& sql) { return outbox::add(sql, entry, monday); });
    auto group = office.claim(monday).groups.at(0);
    CHECK(group.front().payload.find("123456") != std::string::npos);
    auto is_sent = GENERATE(true, false);
    if (is_sent)
        office.write([=](soci::session& sql) { return outgoing_mails::mark_sent(sql, group, "a", "h", "c", monday); });
    else
        office.write([=](soci::session& sql) { return outgoing_mails::give_up(sql, group, "a", "550", monday); });
    auto kept = office.database->read_now(
        [=](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT payload FROM outbox WHERE id = :id", id); });
    CHECK(kept == "{}");
    CHECK(office.state(id) == (is_sent ? "sent" : "failed"));
}

TEST_CASE("a mail is tried after 1, 5, 15 and 60 minutes, then every 4 hours for 5 days", "[outgoing_mail]") {
    using outgoing_mails::retry_delay;
    CHECK(retry_delay(1) == 1min);
    CHECK(retry_delay(2) == 5min);
    CHECK(retry_delay(3) == 15min);
    CHECK(retry_delay(4) == 60min);
    CHECK(retry_delay(5) == 4h);
    std::chrono::seconds total{0};
    std::int64_t attempts = 1;
    for (; auto delay = retry_delay(attempts); ++attempts) total += *delay;
    CHECK(total <= 24h * 5);
    CHECK(total > 24h * 5 - 4h);
    CHECK_FALSE(retry_delay(attempts + 1));
    CHECK_FALSE(retry_delay(0));
}

TEST_CASE("the copy of a long answer is kept whole", "[outgoing_mail]") {
    post_office office;
    auto id = office.add("a");
    auto group = office.claim(monday).groups.at(0);
    std::string copy(300'000, 'x');
    office.write([=](soci::session& sql) { return outgoing_mails::mark_sent(sql, group, "a", "h", copy, monday); });
    auto kept = office.database->read_now(
        [=](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT sent_copy FROM outbox WHERE id = :id", id); });
    CHECK(kept == copy);
}
