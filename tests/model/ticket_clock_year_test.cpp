// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/incident.hpp"
#include "model/reply_recall.hpp"
#include "model/sql.hpp"
#include "model/ticket_clock.hpp"
#include "model/ticket_merge.hpp"
#include "tests/support/clock_centre.hpp"

#include <catch2/catch.hpp>
#include <date/tz.h>

#include <array>
#include <functional>
#include <map>
#include <random>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::clock_centre;

namespace {

// The slow and obvious model: minute after minute through the year, with the holidays written out.
constexpr auto year_start = std::chrono::sys_seconds(std::chrono::seconds(1767222000)); // 1 January 2026, 0 h in Paris
constexpr int year_minutes = 366 * 24 * 60;

std::vector<bool> open_minutes() {
    const std::set<std::string> holidays = {"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25",
                                            "2026-07-14", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25", "2027-01-01"};
    std::vector<bool> out;
    const auto* paris = date::locate_zone("Europe/Paris");
    for (int minute = 0; minute < year_minutes; ++minute) {
        auto local = paris->to_local(year_start + std::chrono::minutes(minute));
        auto day = date::floor<date::days>(local);
        auto hour = date::floor<std::chrono::hours>(local - day).count();
        auto weekday = date::weekday(day).iso_encoding();
        out.push_back(weekday <= 5 && hour >= 9 && hour < 17 && !holidays.contains(date::format("%F", day)));
    }
    return out;
}

enum class deed {
    reply,
    ask,
    write_back,
    close,
    reopen,
    await_centre,
    await_owner,
    await_incident,
    resume,
    merge,
    unmerge,
    mistaken_reply
};
constexpr int deeds_known = 12;
struct event_of_life {
    int minute;
    deed what;
};
struct life {
    int opened = 0, announced_end = 0, answer_minutes = 0, acknowledged = 0;
    std::string channel, procedure, reference;
    std::vector<event_of_life> deeds;
};
// What a ticket waits for, as config/clocks.json says.
struct wait_rule {
    int reminders, every_days;
    bool pauses;
    std::string then; // the status after the last; empty: it stays
};
const std::map<std::string, wait_rule>& wait_rules() {
    static const std::map<std::string, wait_rule> all = {{"citizen", {2, 7, true, "closed"}},
                                                         {"centre", {3, 5, false, "open"}},
                                                         {"external_owner", {2, 10, false, "open"}},
                                                         {"incident", {0, 0, false, ""}}};
    return all;
}
struct slow_result {
    std::set<std::string> told; // "answer 75 @123456"
    std::optional<int> answer_due;
    std::string status;
    int reminders = 0;
};

// A ticket lived minute by minute.
class slow_life {
public:
    slow_life(const life& of, const std::vector<bool>& open) : of_(of), open_(open) {
        for (int t = of.opened; t < of.announced_end; ++t) day_within_ += is_open(t);
    }
    slow_result until(int end) {
        auto next = of_.deeds.begin();
        for (int t = of_.opened; t <= end; ++t) {
            for (; next != of_.deeds.end() && next->minute == t; ++next) act(next->what, t);
            wait(t);
            read(t);
        }
        out_.status = status_;
        return out_;
    }

private:
    bool is_open(int minute) const { return open_[static_cast<std::size_t>(minute)]; }
    void become(std::string status, std::string reason, int t) {
        status_ = std::move(status), reason_ = std::move(reason), since_ = t, reminders_ = 0;
    }
    void act(deed what, int t) {
        auto is_closed = status_ == "closed";
        if (status_ == "merged") {
            if (what != deed::unmerge) return;
            part(t);
            is_told_ = false; // what passed meanwhile is told to nobody
            return;
        }
        if (what == deed::reply && !is_closed) become("open", "", t), is_answered_ = true;
        if (what == deed::ask && !is_closed) become("waiting", "citizen", t), is_answered_ = true;
        if (what == deed::write_back && status_ != "new") become("open", "", t);
        if (what == deed::close && !is_closed) become("closed", "", t);
        if (what == deed::reopen && is_closed) become("open", "", t);
        if (what == deed::await_centre && !is_closed) become("waiting", "centre", t);
        if (what == deed::await_owner && !is_closed) become("waiting", "external_owner", t);
        if (what == deed::await_incident && !is_closed) become("waiting", "incident", t);
        if (what == deed::resume && status_ == "waiting") become("open", "", t);
        if (what == deed::merge && !is_closed) before_merge_ = {status_, reason_, since_, reminders_}, become("merged", "", t);
        // Taken back at once: as if nothing had been sent.
        if (what == deed::mistaken_reply && status_ == "waiting") before_merge_ = {status_, reason_, since_, reminders_}, part(t);
    }
    // A wait is taken up where it was; what fell due meanwhile begins anew, with its reminders.
    void part(int t) {
        auto [status, reason, since, reminders] = before_merge_;
        auto fell_due = false;
        if (status == "waiting") {
            const auto& rule = wait_rules().at(reason);
            auto goes_on = reminders < rule.reminders || !rule.then.empty();
            for (int at = since + rule.every_days * 24 * 60 * (reminders + 1); goes_on && at <= t; ++at) fell_due |= is_open(at);
        }
        become(status, reason, fell_due ? t : since);
        reminders_ = reminders;
    }
    void wait(int t) {
        if (status_ != "waiting" || !is_open(t)) return;
        const auto& rule = wait_rules().at(reason_);
        if (t < since_ + rule.every_days * 24 * 60 * (reminders_ + 1)) return;
        if (reminders_ < rule.reminders)
            ++reminders_, ++out_.reminders;
        else if (!rule.then.empty())
            become(rule.then, "", t);
    }
    void tell(const std::string& clock, bool runs, int spent, int within, int t, std::initializer_list<int> steps) {
        for (auto percent : steps)
            if (runs && within > 0 && spent * 100 >= within * percent && done_[clock].insert(percent).second && is_told_)
                out_.told.insert(clock + " " + std::to_string(percent) + " @" + std::to_string(t));
    }
    void read(int t) {
        auto answer_runs = !is_answered_ && status_ != "closed" && !(status_ == "waiting" && wait_rules().at(reason_).pauses);
        auto acknowledgement_runs = t < of_.acknowledged;
        auto is_letter = of_.channel == "letter";
        if (status_ != "merged") {
            // What was reached before a separation is passed over; what is reached in this very minute is told.
            if (!is_told_) {
                tell("answer", answer_runs, answer_before_, of_.answer_minutes, t, {75, 100, 200});
                tell("announced", status_ != "closed", day_before_, day_within_, t, {80, 100, 120});
                tell("acknowledgement", acknowledgement_runs, is_letter ? day_before_ : t - of_.opened - 1, is_letter ? 4800 : 60, t,
                     {75, 100});
                is_told_ = true;
            }
            tell("answer", answer_runs, answer_spent_, of_.answer_minutes, t, {75, 100, 200});
            tell("announced", status_ != "closed", day_spent_, day_within_, t, {80, 100, 120});
            tell("acknowledgement", acknowledgement_runs, is_letter ? day_spent_ : t - of_.opened, is_letter ? 4800 : 60, t, {75, 100});
        }
        if (answer_runs && answer_spent_ >= of_.answer_minutes && !out_.answer_due) out_.answer_due = t;
        answer_before_ = answer_spent_, day_before_ = day_spent_;
        answer_spent_ += answer_runs && is_open(t), day_spent_ += is_open(t);
    }

    const life& of_;
    const std::vector<bool>& open_;
    slow_result out_;
    std::string status_ = "new", reason_;
    std::tuple<std::string, std::string, int, int> before_merge_;
    int since_ = 0, reminders_ = 0, answer_spent_ = 0, day_spent_ = 0, day_within_ = 0, answer_before_ = 0, day_before_ = 0;
    bool is_answered_ = false, is_told_ = true;
    std::map<std::string, std::set<int>> done_;
};

} // namespace

TEST_CASE("clocks agree with a slow obvious model over a simulated year", "[clock][slow]") {
    clock_centre centre;
    auto open = open_minutes();
    auto at = [](int minute) { return year_start + std::chrono::minutes(minute); };
    constexpr int lives = 60, last_opening = 300 * 24 * 60, end = 364 * 24 * 60;
    std::mt19937 random(2026);
    auto draw = [&random](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    std::vector<life> all;
    // Another ticket of the same person, into which others are merged, and an incident that is awaited.
    centre.now = year_start;
    auto other = clock_centre::silent();
    other.name = [] { return ticket_name{"26-ZZZZ-ZZZZ", "hash-other"}; };
    const auto elsewhere = centre.open(other);
    centre.database->write_now([](soci::session& sql) {
        incidents::draft known;
        known.title = "Photo refusée";
        return incidents::open(sql, known, tests::agent_actor(), year_start);
    });
    std::multimap<int, std::function<void()>> agenda;
    for (int i = 0; i < lives; ++i) all.emplace_back();
    for (int i = 0; i < lives; ++i) {
        auto& each = all[static_cast<std::size_t>(i)];
        each.opened = draw(last_opening);
        each.channel = std::array{"web_form", "letter", "driving_school"}[static_cast<std::size_t>(draw(3))];
        each.procedure = std::array{"RENEWAL", "MEDICAL_RENEWAL", "POST_SUSPENSION"}[static_cast<std::size_t>(draw(3))];
        each.answer_minutes = each.channel == "letter" ? 4800 : each.procedure == "RENEWAL" ? 960 : 480;
        auto day = each.opened / 1440 + 3 + draw(20);
        auto local_day = date::floor<date::days>(date::locate_zone("Europe/Paris")->to_local(at(day * 1440 + 720)));
        auto day_end = calendars::instant("Europe/Paris", date::local_seconds(local_day + date::days(1)));
        each.announced_end = static_cast<int>((day_end - year_start) / 1min);
        for (auto minute = each.opened + 1 + draw(8000); minute < end && each.deeds.size() < 8; minute += 1 + draw(30'000))
            each.deeds.push_back({minute, static_cast<deed>(draw(deeds_known))});
        // Most acknowledgements leave at once, some after their hour, some after days.
        each.acknowledged = each.opened + std::array{1, 50, 60, 61, 300, 6000}[static_cast<std::size_t>(draw(6))];
        agenda.emplace(each.acknowledged, [&centre, &each] {
            centre.database->write_now([&](soci::session& sql) {
                auto id = tickets::get(sql, each.reference).id;
                sql::change(sql, "UPDATE outbox SET state = 'sent', sent_at = :now WHERE unique_key = :key", centre.now,
                            "acknowledgement:" + std::to_string(id));
            });
        });
        agenda.emplace(each.opened, [&centre, &each, i, local_day] {
            auto from = tests::sample_contact(i);
            from.channel = each.channel, from.procedure = each.procedure, from.answer_before = date::format("%F", local_day);
            each.reference = centre.open(from);
        });
        for (const auto& one : each.deeds)
            agenda.emplace(one.minute, [&centre, &each, &elsewhere, what = one.what] {
                centre.reference = each.reference;
                auto status = centre.seen().status;
                if (status == "merged") {
                    if (what == deed::unmerge) centre.act([](auto& sql, const auto& act) { tickets::unmerge(sql, act); });
                    return;
                }
                auto is_closed = status == "closed";
                if (what == deed::reply && !is_closed) centre.act([](auto& sql, const auto& act) { tickets::reply(sql, act, "Bonjour"); });
                if (what == deed::ask && !is_closed) centre.act([](auto& sql, const auto& act) { tickets::reply(sql, act, "Où ?", true); });
                if (what == deed::write_back && status != "new")
                    centre.act([](auto& sql, const auto& act) { tickets::write_back(sql, act, "Ici", ""); });
                if (what == deed::close && !is_closed)
                    centre.act([](auto& sql, const auto& act) { tickets::close(sql, act, "answered", ""); });
                if (what == deed::reopen && is_closed) centre.act([](auto& sql, const auto& act) { tickets::reopen(sql, act, "encore"); });
                auto await = [&](const char* reason, const char* detail) {
                    centre.act([=](auto& sql, const auto& act) { ticket_waits::begin(sql, act, reason, detail); });
                };
                if (what == deed::await_centre && !is_closed) await("centre", "");
                if (what == deed::await_owner && !is_closed) await("external_owner", "Préfecture du Rhône");
                if (what == deed::await_incident && !is_closed) await("incident", "1");
                if (what == deed::resume && status == "waiting")
                    centre.act([](auto& sql, const auto& act) { ticket_waits::end(sql, act); });
                if (what == deed::merge && !is_closed) centre.act([&](auto& sql, const auto& act) { tickets::merge(sql, act, elsewhere); });
                if (what == deed::mistaken_reply && !is_closed)
                    centre.act(
                        [](auto& sql, const auto& act) { reply_recalls::take_back(sql, act, tickets::reply(sql, act, "Pardon", true)); });
            });
    }
    auto next_due = [&] {
        return centre.database->read_now([](soci::session& sql) {
            auto clock = sql::first<sys_seconds>(sql, "SELECT next_at FROM ticket_clock WHERE next_at > 0 ORDER BY next_at LIMIT 1");
            auto wait = sql::first<sys_seconds>(sql, "SELECT next_at FROM ticket_wait WHERE next_at > 0 ORDER BY next_at LIMIT 1");
            return std::min(clock.value_or(sys_seconds::max()), wait.value_or(sys_seconds::max()));
        });
    };
    // From one thing that happens to the next, as the task would be there every second.
    for (centre.now = year_start; centre.now < at(end);) {
        auto act = agenda.empty() ? sys_seconds::max() : at(agenda.begin()->first);
        centre.now = std::min({act, next_due(), at(end)});
        for (; !agenda.empty() && at(agenda.begin()->first) <= centre.now; agenda.erase(agenda.begin())) agenda.begin()->second();
        centre.run();
    }
    std::map<std::string, std::set<std::string>> told;
    using row = std::tuple<std::string, std::int64_t, std::string>;
    auto events = centre.database->read_now([](soci::session& sql) {
        return sql::all<row>(sql, "SELECT ticket.reference, event.at_us, event.data FROM event JOIN ticket ON ticket.id = event.object_id "
                                  "WHERE event.action LIKE 'ticket.clock_%'");
    });
    for (const auto& [reference, at_us, data] : events) {
        auto said = nlohmann::json::parse(data);
        auto minute = (at_us / 1'000'000 - seconds(year_start) + 59) / 60; // the slow model looks at whole minutes
        told[reference].insert(said["clock"].get<std::string>() + " " + std::to_string(said["percent"].get<int>()) + " @" +
                               std::to_string(minute));
    }
    std::size_t said = 0;
    for (const auto& each : all) {
        INFO(each.reference << " opened at minute " << each.opened << ", " << each.channel << ", " << each.procedure);
        auto slow = slow_life(each, open).until(end);
        centre.reference = each.reference;
        CHECK(centre.seen().status == slow.status);
        CHECK(told[each.reference] == slow.told);
        said += slow.told.size();
        if (slow.status == "merged") {
            CHECK_FALSE(centre.clock("answer"));
            continue;
        }
        auto fast_due = centre.clock("answer")->due_at;
        if (slow.answer_due) CHECK(fast_due == at(*slow.answer_due));
        if (!slow.answer_due) CHECK((!fast_due || *fast_due > at(end)));
        CHECK(centre.count("event WHERE action = 'ticket.reminded' AND object_id = " + std::to_string(centre.seen().id)) == slow.reminders);
    }
    CHECK(said > 60); // the year was not a quiet one
}
