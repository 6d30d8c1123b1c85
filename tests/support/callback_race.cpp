// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/callback_race.hpp"

#include "model/callback_slot.hpp"
#include "model/roster.hpp"
#include "tests/support/callback_office.hpp"

#include <atomic>
#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace relais::tests {

using namespace relais::model;

namespace {

constexpr std::int64_t seats = 1000;
constexpr int clients = 200;
const callback_place paris{"Europe/Paris", ""};

struct race {
    explicit race(const std::vector<database*>& all) : servers(all) {}

    const std::vector<database*>& servers;
    model::callback_rules rules = sample_rules();
    std::vector<callback_slot> slots;
    std::map<sys_seconds, std::int64_t> capacity;
    std::atomic<int> next_number = 1, refused = 0;
    std::mutex mutex;
    std::set<std::int64_t> confirmed; // callbacks that a client was told are theirs
    std::vector<std::string> faults;

    // Slots of 1, 2, 3, 4, 5, 1, 2... seats until there are a thousand.
    void prepare() {
        rules.days_ahead = 60;
        rules.pending_limit = 100'000;
        rules.seats_per_slot = 0;
        std::int64_t total = 0;
        auto all = callback_slots::grid(rules, paris, monday, monday + std::chrono::hours(24 * 60), monday);
        for (std::size_t i = 0; total < seats; ++i) {
            auto here = std::min<std::int64_t>(static_cast<std::int64_t>(i % 5) + 1, seats - total);
            slots.push_back(all.at(i));
            capacity[all[i].starts_at] = here;
            total += here;
        }
        servers.front()->write_now([this](soci::session& sql) {
            for (const auto& [starts_at, here] : capacity) rosters::set(sql, {starts_at, here, here}, monday);
        });
    }

    callback_wish wish_for(sys_seconds slot) {
        auto out = sample_wish(next_number++, slot);
        out.place = paris;
        return out;
    }

    // One client: books again and again, a slot at random and then what it is offered instead, until nothing is left anywhere.
    void run(int client) {
        std::mt19937_64 random(static_cast<std::uint64_t>(client));
        auto& server = *servers[static_cast<std::size_t>(client) % servers.size()];
        auto wanted = slots[random() % slots.size()].starts_at;
        for (;;) {
            auto wish = wish_for(wanted);
            try {
                auto made =
                    server.write_now([&](soci::session& sql) { return callbacks::book(sql, wish, rules, citizen_actor(), monday); });
                std::lock_guard lock(mutex);
                if (!confirmed.insert(made.id).second) faults.push_back("one callback confirmed twice");
                wanted = slots[random() % slots.size()].starts_at;
            } catch (const callback_slot_full& full) {
                ++refused;
                if (full.nearest.empty()) return;
                wanted = full.nearest[random() % full.nearest.size()].starts_at;
            } catch (const busy&) {
                continue; // nothing was written: the same again
            }
        }
    }

    void expect(std::int64_t wanted, std::int64_t found, const std::string& what) {
        if (wanted != found) faults.push_back(what + ": " + std::to_string(found) + " instead of " + std::to_string(wanted));
    }

    void check() {
        auto& server = *servers.back();
        auto expect_rows = [&](const std::string& from) {
            expect(seats,
                   server.read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + from); }),
                   from);
        };
        expect(seats, static_cast<std::int64_t>(confirmed.size()), "bookings confirmed");
        for (const auto* table : {"callback", "ticket", "callback_slot"}) expect_rows(table); // who was refused left nothing behind
        expect_rows("callback JOIN callback_slot ON callback_slot.callback_id = callback.id "
                    "AND callback_slot.starts_at = callback.slot_starts_at");
        expect_rows("outbox WHERE kind = 'acknowledgement'");
        using row = std::tuple<sys_seconds, std::int64_t>;
        auto taken = server.read_now(
            [](soci::session& sql) { return sql::all<row>(sql, "SELECT starts_at, COUNT(*) FROM callback_slot GROUP BY starts_at"); });
        expect(static_cast<std::int64_t>(capacity.size()), static_cast<std::int64_t>(taken.size()), "slots with a seat taken");
        for (const auto& [starts_at, here] : taken) expect(capacity[starts_at], here, "seats of one slot");
    }
};

} // namespace

std::vector<std::string> race_for_seats(const std::vector<database*>& servers) {
    race all(servers);
    all.prepare();
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client)
        threads.emplace_back([&all, client] {
            try {
                all.run(client);
            } catch (const std::exception& error) {
                std::lock_guard lock(all.mutex);
                all.faults.emplace_back(error.what());
            }
        });
    for (auto& each : threads) each.join();
    all.check();
    return all.faults;
}

} // namespace relais::tests
