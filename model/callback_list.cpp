// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_list.hpp"

#include "model/callback_state.hpp"
#include "model/digits.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace relais::model::callback_lists {
namespace {

constexpr std::int64_t count_limit = 1000;
constexpr auto always = std::numeric_limits<std::int64_t>::max();

// A place in a list: "<time>.<id>".
struct place {
    std::int64_t at = 0, id = 0;
};

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || !digits::all(text)) return std::nullopt;
    return out;
}

place read_place(std::string_view text, place otherwise) {
    if (text.empty()) return otherwise;
    auto dot = text.find('.');
    auto at = number_of(text.substr(0, dot)), id = dot == std::string_view::npos ? std::nullopt : number_of(text.substr(dot + 1));
    if (!at || !id) throw invalid({{"after", "malformed", "fault.after.malformed"}});
    return {*at, *id};
}

callback_page page_of(std::vector<callback> items, int limit, sys_seconds callback::*key) {
    callback_page out;
    if (items.size() > static_cast<std::size_t>(limit)) {
        items.resize(static_cast<std::size_t>(limit));
        out.next = std::to_string(seconds(items.back().*key)) + "." + std::to_string(items.back().id);
    }
    out.items = std::move(items);
    return out;
}

// by_due: the condition on the state; the rest is the same for all of them.
callback_page by_due(soci::session& sql, const std::string& states, std::string_view after, std::int64_t before, int limit) {
    auto from = read_place(after, {-1, 0});
    return page_of(sql::all<callback>(sql,
                                      "SELECT " + callback_columns + " FROM callback WHERE " + states +
                                          " AND due_at < :before AND due_at >= :at AND (due_at > :same OR id > :id) "
                                          "ORDER BY due_at, id LIMIT :limit",
                                      before, from.at, from.at, from.id, limit + 1),
                   limit, &callback::due_at);
}

callback_page by_end(soci::session& sql, std::string_view state, std::string_view after, std::int64_t before, int limit) {
    auto from = read_place(after, {always, 0});
    return page_of(sql::all<callback>(sql,
                                      "SELECT " + callback_columns +
                                          " FROM callback WHERE state = :state AND due_at < :before AND due_at <= :at "
                                          "AND (due_at < :same OR id < :id) ORDER BY due_at DESC, id DESC LIMIT :limit",
                                      state, before, from.at, from.at, from.id, limit + 1),
                   limit, &callback::due_at);
}

} // namespace

callback_page list(soci::session& sql, const callback_filter& filter, std::string_view after, int limit, sys_seconds now) {
    auto before = filter.due_before ? seconds(*filter.due_before) : always;
    auto is = [&](std::string_view word) { return filter.state == word; };
    if (filter.state.empty() || is("open")) return by_due(sql, "state IN ('scheduled', 'claimed', 'dialling')", after, before, limit);
    if (is("due")) return by_due(sql, "state = 'scheduled'", after, std::min(before, seconds(now) + 1), limit);
    if (is("scheduled") || is("claimed") || is("dialling")) return by_due(sql, "state = '" + filter.state + "'", after, before, limit);
    const auto& ended = callback_states::ended;
    if (std::find(ended.begin(), ended.end(), filter.state) == ended.end()) throw invalid({{"state", "unknown", "fault.callback.state"}});
    return by_end(sql, filter.state, after, before, limit);
}

callback_counts count(soci::session& sql, sys_seconds now) {
    auto bounded = [&](const std::string& where, std::int64_t at) {
        return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM (SELECT id FROM callback WHERE " + where + " LIMIT :limit) AS counted",
                                         at, count_limit);
    };
    callback_counts out;
    out.due = bounded("state = 'scheduled' AND due_at <= :at", seconds(now));
    out.later = bounded("state = 'scheduled' AND due_at > :at", seconds(now));
    out.claimed = bounded("state IN ('claimed', 'dialling') AND id > :at", 0);
    out.oldest_due_at = sql::first<sys_seconds>(
        sql, "SELECT due_at FROM callback WHERE state = 'scheduled' AND due_at <= :now ORDER BY due_at, id LIMIT 1", now);
    return out;
}

std::string reference_of(soci::session& sql, const callback& of) {
    if (!of.ticket_id) return {};
    return sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", *of.ticket_id).value_or("");
}

std::vector<ticket> tickets_of(soci::session& sql, const callback& of, int limit) {
    std::vector<ticket> out;
    if (of.ticket_id) {
        out = tickets::previous(sql, tickets::get(sql, *of.ticket_id), limit);
    } else {
        auto ids = sql::all<std::int64_t>(sql,
                                          "SELECT ticket.id FROM citizen JOIN ticket ON ticket.requester_id = citizen.id "
                                          "WHERE citizen.phone = :phone ORDER BY ticket.id DESC LIMIT :limit",
                                          of.phone, limit);
        for (auto each : ids) out.push_back(tickets::get(sql, each));
    }
    auto is_over = [](const ticket& each) { return each.status == "closed" || each.status == "merged"; };
    std::stable_sort(out.begin(), out.end(), [&](const ticket& a, const ticket& b) { return !is_over(a) && is_over(b); });
    return out;
}

} // namespace relais::model::callback_lists
