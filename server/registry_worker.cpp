// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_worker.hpp"

#include "model/database.hpp"
#include "model/dossier_number.hpp"
#include "model/text.hpp"
#include "model/thread_role.hpp"
#include "server/registry_asking.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <vector>

namespace relais::server {

namespace {

using news = model::registry_news;
namespace lookups = model::registry_lookups;

constexpr int lookups_a_turn = 16;

// "Jean Dupont" has no birth name of its own: the last word is tried.
std::string last_word(const std::string& name) {
    auto end = name.find_last_not_of(' ');
    if (end == std::string::npos) return "";
    auto space = name.find_last_of(' ', end);
    return space == std::string::npos ? name.substr(0, end + 1) : name.substr(space + 1, end - space);
}

registry_query query_of(const model::registry_lookup& what) {
    registry_query out;
    if (!what.dossier_number.empty()) {
        out.number = what.dossier_number, out.is_known = true;
        return out;
    }
    out.number = model::dossier_numbers::check(what.evidence.number).normalised;
    out.neph = model::text::compact(what.evidence.neph);
    out.birth_name = what.evidence.birth_name.empty() ? last_word(what.evidence.name) : what.evidence.birth_name;
    out.birth_date = what.evidence.birth_date;
    return out;
}

} // namespace

registry_worker::registry_worker(model::database& database, registry& asked, model::clock_function now, registry_worker_options options)
    : database_(database), registry_(asked), now_(std::move(now)), options_(options) {}

registry_worker::~registry_worker() { stop(); }

void registry_worker::start() {
    thread_ = std::thread([this] { model::thread_role::name_background("registry"), run(); });
}

void registry_worker::wake() {
    {
        std::lock_guard lock(mutex_);
        woken_ = true;
    }
    changed_.notify_one();
}

void registry_worker::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void registry_worker::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        woken_ = false;
        lock.unlock();
        int taken = 0;
        try {
            taken = turn();
            count();
        } catch (const std::exception&) { // the rows fall due again when their claim ends; what() may hold bound values
            spdlog::warn("registry look-ups wait: the database did not take them");
        }
        lock.lock();
        if (was_unavailable_)
            changed_.wait_for(lock, options_.pause, [this] { return stopping_; });
        else if (taken == 0)
            changed_.wait_for(lock, options_.poll, [this] { return stopping_ || woken_; });
    }
}

void registry_worker::count() {
    constexpr auto every = std::chrono::seconds(10);
    auto now = std::chrono::steady_clock::now();
    if (now - counted_at_ < every) return;
    counted_at_ = now;
    waiting_ = database_.read_now([](soci::session& sql) { return lookups::count_waiting(sql); });
}

int registry_worker::turn() {
    if (!registry_.is_ready()) return 0;
    auto limit = was_unavailable_ ? 1 : lookups_a_turn; // while it does not answer one question is enough to know
    auto due = now_() - options_.rest;
    if (!database_.read_now([due](soci::session& sql) { return lookups::has_due(sql, due); })) return 0;
    auto taken = database_.write_now([limit, due](soci::session& sql) { return lookups::take(sql, limit, due); });
    if (taken.empty()) return 0;
    auto answers = ask_all(taken);
    for (std::size_t i = 0; i < taken.size(); ++i) write(taken[i], answers[i]);

    auto is_unavailable = [](const news& each) { return each.what == news::outcome::unavailable; };
    auto is_back = was_unavailable_ && std::none_of(answers.begin(), answers.end(), is_unavailable);
    was_unavailable_ = std::all_of(answers.begin(), answers.end(), is_unavailable);
    auto hasten = [now = now_()](soci::session& sql) { return lookups::hasten(sql, now); };
    while (is_back && database_.write_now(hasten) == lookups::hasten_limit) {
    } // one visit for some hundreds: others pass in between
    return static_cast<int>(taken.size());
}

std::vector<news> registry_worker::ask_all(const std::vector<lookup>& taken) {
    std::vector<news> answers(taken.size());
    in_lanes(registry_, taken.size(), [&](std::size_t i) { answers[i] = ask_registry(registry_, query_of(taken[i]), now_); });
    return answers;
}

// Each by itself: one that the database refuses keeps no other from its answer, and falls due again when its lease ends.
void registry_worker::write(const lookup& what, const news& answer) {
    try {
        database_.write_now([&, now = now_()](soci::session& sql) { return lookups::finish(sql, what, answer, now); });
    } catch (const std::exception&) { // what() may hold bound values
        spdlog::warn("registry: the answer about ticket {} could not be written", what.ticket_id);
    }
}

} // namespace relais::server
