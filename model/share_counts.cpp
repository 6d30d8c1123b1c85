// SPDX-License-Identifier: EUPL-1.2
#include "model/share_counts.hpp"

#include "model/calendar_week.hpp"
#include "model/silent_dossier.hpp"
#include "model/small_cell.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace relais::model::share_counts {

namespace {

using json = nlohmann::json;
constexpr int trend_weeks = 4;
constexpr std::size_t stretches_kept = trend_weeks + 1;

struct totals {
    std::int64_t persons = 0, dossiers = 0, tickets = 0;
    auto fields() { return std::tie(persons, dossiers, tickets); }
};

// How many came for the first time: SQL, a sum over reports of one incident.
std::string firsts(const std::string& column) {
    return "SUM(CASE WHEN report." + column +
           " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM report other WHERE other.incident_id = " + "report.incident_id AND other." + column +
           " = report." + column + " AND (other.received_at + 0 < report.received_at OR " +
           "(other.received_at + 0 = report.received_at AND other.id < report.id))) THEN 1 ELSE 0 END)";
}

// What had been received at each of some instants, in order: the incident's own counters, less what came since, read once. It costs what
// came since the first, not what the incident is. A person and a dossier came with the first of their reports: the sum (+ 0) keeps the
// databases from looking for an earlier one by its time, through the whole incident, rather than by the person.
std::vector<totals> at_ends(soci::session& sql, const incident& of, const std::vector<sys_seconds>& ends) {
    std::vector<std::string> values;
    auto bound = [&values](std::int64_t value) {
        values.push_back(std::to_string(value));
        return ":v" + std::to_string(values.size() - 1);
    };
    std::string part = "0";
    for (std::size_t i = 1; i < ends.size(); ++i)
        part += " + CASE WHEN report.received_at >= " + bound(seconds(ends[i])) + " THEN 1 ELSE 0 END";
    using row = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
    auto query =
        "SELECT " + part + ", " + firsts("person_key") + ", " + firsts("dossier_id") + ", COUNT(*) FROM report WHERE incident_id = ";
    query += bound(of.id);
    query += " AND received_at >= " + bound(seconds(ends.front())) + " GROUP BY 1";
    std::vector<totals> out(ends.size(), {of.citizens, of.dossiers, of.tickets});
    for (const auto& [after, persons, dossiers, tickets] : sql::all_bulk<row>(sql, query, values))
        for (std::size_t i = 0; i <= static_cast<std::size_t>(after); ++i)
            out[i].persons -= persons, out[i].dossiers -= dossiers, out[i].tickets -= tickets;
    return out;
}

struct stretch_counts {
    std::int64_t persons = 0, tickets = 0;
    auto fields() { return std::tie(persons, tickets); }
};
stretch_counts between(soci::session& sql, const incident& of, sys_seconds from, sys_seconds to) {
    return *sql::first<stretch_counts>(sql,
                                       "SELECT COUNT(DISTINCT person_key), COUNT(*) FROM report WHERE incident_id = :incident AND "
                                       "received_at >= :from AND received_at < :to",
                                       of.id, from, to);
}

// Each person in one department alone, the first: rows that had people in common would tell how many.
json departments(soci::session& sql, const incident& of, sys_seconds from, sys_seconds to, json& rest) {
    using row = std::tuple<std::string, std::int64_t, std::int64_t>;
    std::vector<small_cells::cell> cells;
    for (auto& [code, persons, tickets] :
         sql::all<row>(sql,
                       "SELECT department, " + firsts("person_key") +
                           ", COUNT(*) FROM report WHERE incident_id = :incident AND received_at >= :from AND received_at < :to GROUP BY "
                           "department",
                       of.id, from, to))
        cells.push_back({std::move(code), persons, tickets});
    auto table = small_cells::protect(std::move(cells));
    auto out = json::array();
    for (const auto& each : table.shown) out.push_back({{"code", each.key}, {"persons", each.persons}, {"tickets", each.value}});
    rest = {{"departments", table.rest_rows}, {"tickets", table.rest_value}};
    return out;
}

bool is_small_move(std::int64_t by) { return small_cells::is_small(std::abs(by)); }

// The counts as they grow from share to share.
class account {
public:
    account(soci::session& sql, const incident& of, const json& before) : sql_(sql), of_(of) {
        told_ = {{"counted_until", nullptr},   {"persons", nullptr},           {"dossiers", nullptr},
                 {"tickets", nullptr},         {"contacts", nullptr},          {"silent", nullptr},
                 {"stretches", json::array()}, {"departments", json::array()}, {"rest", {{"departments", 0}, {"tickets", 0}}}};
        if (before.is_object()) told_.update(before);
        told_["is_regrouped"] = false;
        if (!told_["counted_until"].is_null()) {
            from_ = at_seconds(told_["counted_until"].get<std::int64_t>());
            before_ = last_ = {told_["persons"], told_["dossiers"], told_["tickets"]};
        }
    }
    std::optional<sys_seconds> counted_until() const { return from_; }

    // Those told before are not what is there of them now: some came late, left, or came from another incident, which told of so many.
    // Few of them, or few more than those, go untold, for ever or until they are more. there: what was received by the last end.
    void regroup(const totals& there, const joined_counts& joined) {
        there_ = there;
        auto moved = [](std::int64_t by, std::int64_t expected) { return is_small_move(by - expected) ? expected : by; };
        auto persons = moved(there.persons - last_.persons, joined.persons), tickets = moved(there.tickets - last_.tickets, joined.tickets);
        if (persons == 0 && tickets == 0) return;
        auto is_whole = last_.persons + persons >= 0 && last_.tickets + tickets >= last_.persons + persons;
        if (is_small_move(persons) || is_small_move(tickets) || small_cells::is_small(last_.persons + persons) || !is_whole) return;
        last_.persons += persons, last_.tickets += tickets;
        told_["persons"] = last_.persons, told_["tickets"] = last_.tickets;
        told_["is_regrouped"] = has_moved_ = true;
    }

    // Tells what came until then, when it is enough, also beside what was regrouped. now: what had been received at that end.
    void step(sys_seconds end, const totals& now) {
        if (from_ && *from_ >= end) return;
        auto active = from_ ? between(sql_, of_, *from_, end) : stretch_counts{now.persons, now.tickets};
        if (now.persons == 0 && !from_) return;   // nobody wrote yet
        auto news = now.persons - there_.persons; // those who wrote again are not told: they may be few
        totals next = {last_.persons + news, now.dossiers, last_.tickets + active.tickets};
        is_held_ = !small_cells::may_step(active.persons, last_.persons, next.persons) || is_small_move(next.dossiers - last_.dossiers) ||
                   is_small_move(next.persons - before_.persons) || is_small_move(next.tickets - before_.tickets);
        if (is_held_) return;
        auto begin = from_ ? seconds(*from_) : seconds(of_.first_ticket_at.value_or(of_.created_at));
        told_["stretches"].push_back({{"from_at", begin}, {"until_at", seconds(end)}, {"tickets", active.tickets}, {"persons", news}});
        if (active.persons > 0) to_map_ = time_span{at_seconds(begin), end};
        last_ = next;
        told_["counted_until"] = seconds(end);
        told_["persons"] = last_.persons, told_["dossiers"] = last_.dossiers, told_["tickets"] = last_.tickets;
        from_ = end, there_ = now, has_moved_ = true;
    }

    json again() {
        told_["is_held"] = true, told_["trend"] = "unknown";
        return std::move(told_);
    }

    // The map is of the last stretch in which anybody wrote: the others are not counted by department.
    json end() {
        if (to_map_) told_["departments"] = departments(sql_, of_, to_map_->from, to_map_->to, told_["rest"]);
        auto& all = told_["stretches"];
        while (all.size() > stretches_kept) all.erase(all.begin());
        auto silent = silent_dossiers::count(sql_, of_);
        auto before = told_["silent"].is_number() ? told_["silent"].get<std::int64_t>() : 0;
        if (small_cells::may_step(0, before, silent)) told_["silent"] = silent;
        if (has_moved_) told_["contacts"] = contacts();
        told_["is_held"] = is_held_, told_["trend"] = trend();
        return std::move(told_);
    }

private:
    // What people said beside the tickets' first words, which are counted with the tickets. Contacts move as they do: neither they nor what
    // they are more than the tickets change by one to four.
    std::int64_t contacts() const {
        auto told = told_["contacts"].is_number() ? told_["contacts"].get<std::int64_t>() : 0;
        auto others = std::max<std::int64_t>(0, told - before_.tickets), others_now = std::max<std::int64_t>(0, of_.contacts - of_.tickets);
        auto is_kept = is_small_move(others_now - others) || is_small_move(last_.tickets + others_now - told);
        return last_.tickets + (is_kept ? others : others_now);
    }

    // Tickets a week of the last stretch against those that begin in the four weeks before it.
    std::string trend() const {
        const auto& all = told_["stretches"];
        if (is_held_ || all.empty()) return "unknown";
        constexpr std::int64_t usual_s = (7 * trend_weeks + 1) * 86'400; // a day more: hours change
        auto began = all.back()["from_at"].get<std::int64_t>();
        std::size_t first = 0;
        while (all[first]["from_at"].get<std::int64_t>() < began - usual_s) ++first;
        if (first + 1 == all.size()) return "unknown";
        auto rate = [](std::int64_t tickets, std::int64_t span_s) {
            constexpr double week_s = 7 * 86'400;
            return static_cast<double>(tickets) * week_s / static_cast<double>(std::max<std::int64_t>(span_s, 1));
        };
        std::int64_t tickets = 0;
        for (auto i = first; i + 1 < all.size(); ++i) tickets += all[i]["tickets"].get<std::int64_t>();
        auto usual = rate(tickets, began - all[first]["from_at"].get<std::int64_t>());
        auto present = rate(all.back()["tickets"], all.back()["until_at"].get<std::int64_t>() - began);
        constexpr double notable = 1.25;
        return present > usual * notable ? "rising" : present * notable < usual ? "falling" : "steady";
    }

    soci::session& sql_;
    const incident& of_;
    json told_;
    std::optional<sys_seconds> from_;
    totals before_, last_, there_; // told by the last share, told, and what is there of these
    std::optional<time_span> to_map_;
    bool is_held_ = false, has_moved_ = false;
};

} // namespace

json tell(soci::session& sql, const incident& of, const time_span& week, const json& before, const joined_counts& joined) {
    account told(sql, of, before);
    std::vector<sys_seconds> ends;
    if (told.counted_until()) ends.push_back(*told.counted_until());
    if (!before.is_object()) {
        auto each = calendar_weeks::of(week.from);
        for (int i = 0; i <= trend_weeks; ++i, each = calendar_weeks::previous(each)) ends.push_back(calendar_weeks::span_of(each).from);
        std::reverse(ends.begin(), ends.end());
    }
    ends.push_back(week.to);
    auto received = at_ends(sql, of, ends);
    if (told.counted_until()) told.regroup(received.front(), joined);
    for (std::size_t i = 0; i < ends.size(); ++i) told.step(ends[i], received[i]);
    return told.end();
}

json tell_again(soci::session& sql, const incident& of, const json& before) { return account(sql, of, before).again(); }

} // namespace relais::model::share_counts
