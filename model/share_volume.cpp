// SPDX-License-Identifier: EUPL-1.2
#include "model/share_volume.hpp"

#include "model/small_cell.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <map>
#include <unordered_map>

namespace relais::model::share_volumes {

namespace {

using json = nlohmann::json;
constexpr auto tables = std::to_array<const char*>({"channels", "procedures"});

// Tickets by what they have, small rows gone into a rest. Each person counts in one row alone: rows that had people in common would look
// like more than they are.
class volume {
public:
    void add(const std::string& key, const std::string& person) {
        ++tickets_[key];
        auto& first = persons_.try_emplace(person, key).first->second;
        first = std::min(first, key);
    }
    json told() const {
        std::map<std::string, std::int64_t> persons;
        for (const auto& [person, key] : persons_) ++persons[key];
        std::vector<small_cells::cell> cells;
        for (const auto& [key, tickets] : tickets_) cells.push_back({key, persons[key], tickets});
        auto table = small_cells::protect(std::move(cells));
        json out = {{"rows", json::array()}, {"rest", {{"rows", table.rest_rows}, {"tickets", table.rest_value}}}};
        for (const auto& each : table.shown) out["rows"].push_back({{"code", each.key}, {"tickets", each.value}});
        return out;
    }

private:
    std::map<std::string, std::int64_t> tickets_;
    std::unordered_map<std::string, std::string> persons_; // the first of a person's keys, by name
};

std::int64_t total(const json& table) {
    auto out = table["rest"]["tickets"].get<std::int64_t>();
    for (const auto& each : table["rows"]) out += each["tickets"].get<std::int64_t>();
    return out;
}

} // namespace

// Persons are told apart here: neither database counts them in one reading for two tables, nor fast.
json tell(soci::session& sql, const time_span& week) {
    using row = std::tuple<std::string, std::string, std::string>;
    volume channels, procedures;
    for (const auto& [channel, procedure, person] : sql::all<row>(
             sql,
             "SELECT ticket.channel, ticket.procedure_code, COALESCE(report.person_key, 'unread') FROM ticket LEFT JOIN report ON "
             "report.ticket_id = ticket.id WHERE ticket.received_at >= :from AND ticket.received_at < :to",
             week.from, week.to))
        channels.add(channel, person), procedures.add(procedure, person);
    return {{"channels", channels.told()}, {"procedures", procedures.told()}};
}

std::vector<moved_row> moves(const json& now, const std::function<json(const std::string& id)>& last) {
    std::vector<moved_row> out;
    auto received = last("received");
    if (!received.is_number()) return out;
    for (const auto* table : tables) {
        std::vector<moved_row> steps;
        auto others = total(now[table]) - received.get<std::int64_t>(); // what the rows that are not told gain together
        for (const auto& each : now[table]["rows"]) {
            auto id = std::string(table) + "." + each["code"].get<std::string>();
            auto was = last(id);
            if (!was.is_number()) continue;
            moved_row row{id, was, each["tickets"]};
            if (std::abs(row.step()) < small_cells::least) continue;
            others -= row.step();
            steps.push_back(std::move(row));
        }
        std::stable_sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return std::abs(a.step()) > std::abs(b.step()); });
        for (; !steps.empty() && small_cells::is_small(std::abs(others)); steps.pop_back()) others += steps.back().step();
        std::move(steps.begin(), steps.end(), std::back_inserter(out));
    }
    return out;
}

} // namespace relais::model::share_volumes
