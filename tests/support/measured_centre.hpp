// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/broadcast.hpp"
#include "model/call.hpp"
#include "model/dossier_store.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/callback_office.hpp"
#include "tests/support/share_office.hpp"

#include <functional>

namespace relais::tests {

using namespace std::chrono_literals;

// The midnight in Paris that begins a day of the winter of 2026.
inline model::sys_seconds midnight(unsigned month, unsigned day) {
    return model::sys_seconds(date::sys_days(date::year{2026} / date::month{month} / date::day{day})) - 1h;
}

// A centre in which things happen each at its moment, by the model's own functions, and facts are counted every night.
struct measured_centre : share_office {
    using deed = std::function<void()>;

    measured_centre() {
        for (int day = 0; day < 45; ++day) at(midnight(10, 26) + 24h * day + 3h, [this] { count_facts(); });
    }
    void at(model::sys_seconds when, deed what) { plan_.emplace(when, std::move(what)); }
    // Until an instant; what happens may plan what follows it.
    void live(model::sys_seconds until) {
        for (; !plan_.empty() && plan_.begin()->first < until; plan_.erase(plan_.begin())) {
            now = plan_.begin()->first;
            plan_.begin()->second();
        }
        now = until;
    }

    // Tickets of a channel and a category that are answered then, or never.
    void answered(int count, const std::string& channel, const std::string& category, model::sys_seconds received,
                  std::optional<model::sys_seconds> reply = {}) {
        for (int i = 0; i < count; ++i)
            at(received, [=, this] {
                auto id = one(channel, category);
                if (reply) at(*reply, [=, this] { act(id, [](auto& sql, auto& on) { model::tickets::reply(sql, on, "Voici."); }); });
            });
    }
    // Tickets about a dossier each, closed then; what follows for each, from its reception on.
    void closed(int count, model::sys_seconds closed_at, const std::function<void(std::int64_t ticket, std::int64_t dossier)>& then = {}) {
        for (int i = 0; i < count; ++i)
            at(closed_at - 24h, [=, this, dossier = add_dossier()] {
                auto id = one("web_form", "", dossier);
                if (then) then(id, dossier);
                at(closed_at, [=, this] { act(id, [](auto& sql, auto& on) { model::tickets::close(sql, on, "answered", ""); }); });
            });
    }
    // Two tickets about one dossier.
    void twice(int count, model::sys_seconds first, const std::string& category, model::sys_seconds again,
               const std::string& other_category) {
        for (int i = 0; i < count; ++i) {
            auto dossier = add_dossier();
            at(first, [=, this] { one("web_form", category, dossier); });
            at(again, [=, this] { one("web_form", other_category, dossier); });
        }
    }
    void call(model::sys_seconds when, const std::string& outcome, int wait_s) {
        at(when, [=, this] {
            model::call what;
            what.outcome = outcome, what.state = "ended", what.started_at_us = model::seconds(now) * 1'000'000, what.wait_s = wait_s;
            auto over = what.started_at_us + wait_s * 1'000'000LL;
            if (outcome == "answered") what.answered_at_us = over;
            what.ended_at_us = over + 60'000'000;
            write([&](soci::session& sql) { model::calls::add(sql, what, {}, now); });
        });
    }
    // Calls promised in a half hour: reached in its first second, tried in vain in its last, or reached as soon as it is over.
    void promised(model::sys_seconds slot, int reached, int unanswered, int late) {
        at(slot - 24h, [=, this] {
            for (int i = 0; i < reached + unanswered + late; ++i) {
                auto wish = sample_wish(++made, slot);
                wish.place = {"Europe/Paris", "75"};
                write([&](soci::session& sql) { model::callbacks::book(sql, wish, rules_, citizen_actor(), now); });
            }
        });
        at(slot, [=, this] { dial(reached, "reached"); });
        at(slot + 30min - 1s, [=, this] { dial(unanswered, "no_answer"); });
        at(slot + 30min, [=, this] { dial(late, "reached"); });
        at(slot + 5h, [=, this] { dial(unanswered, "voicemail"); });
    }
    // A group of one ticket, in which somebody sees an incident later.
    void found(model::sys_seconds proposed, std::chrono::seconds lead) {
        at(proposed - lead, [=, this] {
            auto number = incident("watched");
            link(one("web_form", ""), number);
            at(proposed, [=, this] { write([&](soci::session& sql) { model::incidents::propose(sql, by(number)); }); });
        });
    }
    // Tickets that the engine attaches to an incident some time after they came.
    void attached(int count, std::int64_t number, model::sys_seconds received, std::chrono::seconds after = 0s) {
        for (int i = 0; i < count; ++i)
            at(received, [=, this] {
                auto id = one("web_form", "");
                at(now + after, [=, this] { link(id, number); });
            });
    }
    // The fix of an incident, and the mails about it, of which some leave at each of two instants.
    void fixed(std::int64_t number, model::sys_seconds released, int first, model::sys_seconds leave, int then = 0,
               model::sys_seconds leave_then = {}) {
        at(released, [=, this] {
            auto id = write([&](soci::session& sql) {
                model::incidents::fix(sql, by(number), now, "4.12");
                return model::broadcasts::start(sql, by(number), "fix", "C'est corrigé.");
            });
            while (write([&](soci::session& sql) { return model::broadcasts::queue_next(sql, id, 10, now); })) {
            }
            at(leave, [=, this] { mails_leave(id, first); });
            if (then > 0) at(leave_then, [=, this] { mails_leave(id, then); });
        });
    }
    std::int64_t one(const std::string& channel, const std::string& category, std::int64_t dossier = 0) {
        auto id = ticket([&](model::contact& from) { from.channel = channel, from.category = category; });
        if (dossier) act(id, [&](auto& sql, auto& on) { model::tickets::link_dossier(sql, on, dossier, ""); });
        return id;
    }
    template <class Act> void act(std::int64_t id, Act what) {
        write([&](soci::session& sql) {
            auto reference = *model::sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", id);
            model::tickets::action on{reference, 0, agent_actor(), now};
            what(sql, on);
        });
    }

private:
    void dial(int count, const std::string& outcome) {
        for (int i = 0; i < count; ++i)
            write([&](soci::session& sql) {
                auto by = caller(7);
                auto held = model::callback_calling::claim_next(sql, rules_, by, now);
                if (!held) throw std::runtime_error("no callback is due");
                by.token = held->lease_token;
                model::callback_calling::finish(sql, held->public_id, outcome, rules_, by, now);
            });
    }
    void mails_leave(std::int64_t broadcast, int count) {
        auto key = "broadcast:" + std::to_string(broadcast) + ":%";
        write([&](soci::session& sql) {
            for (auto id : model::sql::all<std::int64_t>(
                     sql, "SELECT id FROM outbox WHERE unique_key LIKE :key AND sent_at IS NULL ORDER BY id LIMIT :count", key, count))
                model::sql::change(sql, "UPDATE outbox SET state = 'sent', sent_at = :now WHERE id = :id", now, id);
        });
    }
    std::int64_t add_dossier() {
        auto number = "D-" + std::to_string(++dossiers_);
        return write([&](soci::session& sql) {
            auto news = some_dossier(number, "Durand", "Luc", "1980-05-04");
            model::dossiers::store(sql, std::span(&news, 1), now);
            return *model::sql::first<std::int64_t>(sql, "SELECT id FROM dossier WHERE number = :number", number);
        });
    }

    std::multimap<model::sys_seconds, deed> plan_;
    model::callback_rules rules_ = sample_rules();
    int dossiers_ = 0;
};

} // namespace relais::tests
