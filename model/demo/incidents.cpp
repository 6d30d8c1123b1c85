// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/incidents.hpp"

#include "model/broadcast.hpp"
#include "model/demo/stream.hpp"
#include "model/incident.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_grouper.hpp"
#include "model/portal_release.hpp"
#include "model/sql.hpp"

#include <date/date.h>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace relais::model::demo {

namespace {

using namespace std::chrono_literals;
constexpr auto day = 24h;
constexpr int page = 500; // recipients at once

// What happened to an incident so far, beside its state: when its people may act again.
struct story {
    sys_seconds changed_at;
    bool was_returned = false;
};

class past {
public:
    past(database& into, const options& wanted, const ticket_truths& truths, const incident_ways& ways)
        : into_(into), wanted_(wanted), truths_(truths), ways_(ways), bugs_(bugs(wanted)) {}

    std::uint64_t live() {
        auto queued = into_.write_now([this](soci::session& sql) {
            for (const auto& each : releases(wanted_)) portal_releases::set(sql, each.name, each.at);
            return sql::all<arrival>(sql, "SELECT ticket.received_at, ticket.id FROM grouping_queue JOIN ticket ON ticket.id = "
                                          "grouping_queue.ticket_id ORDER BY ticket.received_at, ticket.id");
        });
        std::size_t next = 0;
        while (next < queued.size()) {
            auto evening = sys_seconds(std::chrono::floor<std::chrono::days>(queued[next].received_at) + std::chrono::days(1));
            std::vector<std::int64_t> today;
            for (; next < queued.size() && queued[next].received_at < evening; ++next) today.push_back(queued[next].ticket_id);
            // The engine is told inside the visit: one that is run again would tell it twice, which changes nothing, since nobody else
            // writes while the demonstration fills.
            into_.write_now([&](soci::session& sql) { grouping_batch::run(sql, engine_, today, ways_.terms); });
            end_day(std::min(evening, wanted_.now));
            if (ways_.progress) ways_.progress(next, queued.size());
        }
        return next;
    }

private:
    // What the leader does by itself, then what people did that day.
    void end_day(sys_seconds evening) {
        auto hours = into_.read_now([&](soci::session& sql) { return bursts_.due(sql, evening); });
        auto alarms = bursts_.watch(hours);
        auto changes = is_sunday(evening) ? engine_.consolidate(evening) : std::vector<grouping::proposal>{};
        into_.write_now([&](soci::session& sql) {
            incident_bursts::record(sql, alarms, evening);
            grouping_batch::consolidate(sql, engine_, changes, ways_.terms, evening);
            act(sql, evening - 1h);
        });
    }
    static bool is_sunday(sys_seconds at) { return date::weekday(date::floor<date::days>(at)) == date::Sunday; }

    struct arrival {
        sys_seconds received_at;
        std::int64_t ticket_id = 0;
        auto fields() { return std::tie(received_at, ticket_id); }
    };

    actor resolver() const { return {"staff", {}, ways_.resolver, ways_.resolver_quality}; }
    actor supervisor() const { return {"staff", {}, ways_.supervisor, {}}; }
    static bool is_every(std::int64_t number, std::int64_t nth) { return number % nth == nth - 1; }

    // The bug that most of an incident's first tickets have; nothing when they are a mixture.
    const demo_bug* bug_of(soci::session& sql, std::int64_t number) const {
        std::map<std::string, int> counted;
        auto tickets =
            sql::all<std::int64_t>(sql, "SELECT ticket_id FROM report WHERE incident_id = :incident ORDER BY ticket_id LIMIT 200", number);
        for (auto ticket : tickets)
            if (const auto* bug = truths_.bug_of(ticket)) ++counted[*bug];
        auto most =
            std::max_element(counted.begin(), counted.end(), [](const auto& one, const auto& other) { return one.second < other.second; });
        if (most == counted.end() || most->first.empty() || most->second * 2 < static_cast<int>(tickets.size())) return nullptr;
        auto found = std::find_if(bugs_.begin(), bugs_.end(), [&](const auto& each) { return each.id == most->first; });
        return found == bugs_.end() ? nullptr : &*found;
    }

    // By state and number: the demonstration's people act in this order.
    static std::vector<incident> on_board(soci::session& sql) {
        constexpr int all_of_them = 10'000;
        auto out = incidents::board(sql, all_of_them);
        std::sort(out.begin(), out.end(),
                  [](const auto& one, const auto& other) { return std::tie(one.state, one.id) < std::tie(other.state, other.id); });
        return out;
    }

    void act(soci::session& sql, sys_seconds now) {
        for (const auto& each : on_board(sql)) {
            auto& told = stories_[each.id];
            if (told.changed_at == sys_seconds{}) told.changed_at = each.proposed_at.value_or(now);
            if (step(sql, each, told, now)) told.changed_at = now;
        }
        for (auto each : broadcasts::unfinished(sql)) deliver(sql, each, now);
    }

    // What the server would have sent by now: mails at their turn, letters the next day.
    void deliver(soci::session& sql, std::int64_t broadcast, sys_seconds now) const {
        while (broadcasts::queue_next(sql, broadcast, page, now)) {
        }
        auto key = "broadcast:" + std::to_string(broadcast);
        for (const auto& [medium, later] : {std::pair{"mail", 0h}, {"letter", 16h}})
            sql::change(
                sql,
                "UPDATE outbox SET state = 'sent', attempts = 1, sent_at = next_at + :later WHERE unique_key >= :key AND unique_key "
                "< :end AND medium = :medium AND next_at + :again <= :now",
                std::chrono::seconds(later).count(), key + ":", key + ";", medium, std::chrono::seconds(later).count(),
                seconds(wanted_.now));
    }

    // One thing a day at most; each takes the time it takes people.
    bool step(soci::session& sql, const incident& of, story& told, sys_seconds now) {
        auto waited = now - told.changed_at;
        incidents::action by{of.id, 0, resolver(), now}, by_supervisor{of.id, 0, supervisor(), now};
        if (of.state == "proposed") return waited >= day && judge(sql, of, bug_of(sql, of.id), by_supervisor);
        const auto* bug = bug_of(sql, of.id);
        if (!bug) return false;
        auto is_fixed = bug->fixed_at && *bug->fixed_at <= now && (!bug->regressed_at || now < *bug->regressed_at);
        if (of.state == "confirmed" && waited >= 3 * day && !is_every(of.id, 4))
            return incidents::escalate(sql, by_supervisor, "person", nlohmann::json::object()), true;
        auto patience = is_every(of.id, 4) ? 21 * day : day; // some wait for long
        if ((of.state == "escalated" || of.state == "regressed") && waited >= patience) return answer(sql, of, told, by);
        if (of.state == "accepted" && !of.workaround_at && waited >= 2 * day) return write_workaround(sql, of, *bug, by);
        if (of.state == "accepted" && waited >= 3 * day && !is_every(of.id, 3)) {
            auto at = std::max(bug->fixed_at.value_or(wanted_.now + 9 * day), now + 2 * day);
            return incidents::schedule(sql, by, at, ""), true;
        }
        if (of.state == "fix_scheduled" && is_fixed && waited >= day) return fix(sql, of, *bug, by), true;
        if (of.state == "fixed" && waited >= 3 * day + patience) return incidents::verify(sql, by), true;
        if (of.state == "verified" && waited >= 5 * day) return incidents::close(sql, by), true;
        return false;
    }

    // What a supervisor makes of a proposal: a bug is confirmed in its own words, or merged into the incident that it has already; a
    // mixture is left to be looked at, some are dismissed.
    bool judge(soci::session& sql, const incident& of, const demo_bug* bug, const incidents::action& by) {
        if (!bug && !is_every(of.id, 3)) return false;
        engine_.set_reviewed(of.id);
        if (!bug) return incidents::dismiss(sql, by), true;
        if (auto [known, is_first] = confirmed_.emplace(bug->id, of.id); !is_first) {
            incidents::merge(sql, by, known->second);
            engine_.merge(of.id, known->second);
            return true;
        }
        incidents::confirm(sql, by,
                           {bug->title, bug->nature, bug->cause_owner,
                            of.is_security    ? "critical"
                            : of.tickets > 20 ? "major"
                                              : "normal"});
        if (!bug->law_article.empty()) write_law(sql, of.id, *bug, by);
        return true;
    }

    // The line of the register of legal cases.
    static void write_law(soci::session& sql, std::int64_t id, const demo_bug& bug, const incidents::action& by) {
        auto of = incidents::get(sql, id);
        incidents::describe(sql, {id, 0, by.who, by.now},
                            {of.title, of.description, of.nature, of.severity, bug.law_article, bug.law_persons, bug.workaround,
                             of.is_security, of.is_hardship});
    }

    static bool answer(soci::session& sql, const incident& of, story& told, const incidents::action& by) {
        if (is_every(of.id, 6) && !std::exchange(told.was_returned, true))
            return incidents::send_back(sql, by, "Préciser le navigateur et joindre une capture d’écran."), true;
        incidents::accept(sql, by);
        return true;
    }

    // Fixed, and told to everybody who wrote.
    static void fix(soci::session& sql, const incident& of, const demo_bug& bug, const incidents::action& by) {
        incidents::fix(sql, by, std::min(*bug.fixed_at, by.now), "");
        broadcasts::start(sql, {of.id, 0, by.who, by.now}, "fix",
                          "L’anomalie que vous aviez signalée est corrigée : " + bug.title +
                              ". Vous pouvez reprendre votre démarche. Si elle bloque encore, répondez à ce message.");
    }

    static bool write_workaround(soci::session& sql, const incident& of, const demo_bug& bug, const incidents::action& by) {
        incidents::set_cause(sql, by, bug.cause_owner, bug.cause);
        incidents::set_workaround(sql, {of.id, 0, by.who, by.now}, {bug.title, bug.workaround, bug.workaround, !bug.workaround.empty()});
        return true;
    }

    database& into_;
    const options& wanted_;
    const ticket_truths& truths_;
    const incident_ways& ways_;
    std::vector<demo_bug> bugs_;
    std::map<std::int64_t, story> stories_;
    std::map<std::string, std::int64_t> confirmed_; // bug -> its incident
    grouping::engine engine_;
    incident_bursts bursts_;
};

} // namespace

void ticket_truths::note(std::int64_t ticket, const std::string& bug) {
    if (of_ticket_.empty()) first_ = ticket;
    if (ticket < first_) throw std::logic_error("the tickets of a demonstration are told in their order");
    auto place = static_cast<std::size_t>(ticket - first_);
    if (place >= of_ticket_.size()) of_ticket_.resize(place + 1);
    auto known = std::find(bugs_.begin(), bugs_.end(), bug);
    of_ticket_[place] = static_cast<std::uint16_t>(known - bugs_.begin() + 1);
    if (known == bugs_.end()) bugs_.push_back(bug);
}

const std::string* ticket_truths::bug_of(std::int64_t ticket) const {
    auto place = static_cast<std::size_t>(ticket - first_);
    if (ticket < first_ || place >= of_ticket_.size() || of_ticket_[place] == 0) return nullptr;
    return &bugs_[of_ticket_[place] - 1U];
}

std::uint64_t fill_incidents(database& into, const options& wanted, const ticket_truths& truths, const incident_ways& ways) {
    return past(into, wanted, truths, ways).live();
}

} // namespace relais::model::demo
