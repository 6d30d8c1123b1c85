// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_search.hpp"

#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/workers.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/quick_find.hpp"
#include "model/reference.hpp"
#include "model/search_index.hpp"

#include <algorithm>

namespace relais::api::ticket_search {

namespace {

constexpr int offset_limit = 10'000, quick_limit = 20;
constexpr int looked_through = 1000; // hits, to fill a page with those that pass what no mark tells

// The facts that model/search_feed.cpp marks its documents with.
std::vector<std::string> marks_of(const model::queue_filter& filter) {
    std::vector<std::string> out;
    auto add = [&out](std::string_view name, const std::string& value) {
        if (!value.empty()) out.push_back(std::string(name) + ":" + value);
    };
    add("status", filter.status == "unclosed" ? std::string() : filter.status), add("department", filter.department),
        add("procedure", filter.procedure);
    add("category", filter.category), add("team", filter.team);
    if (filter.assignee) add("assignee", std::to_string(*filter.assignee));
    if (filter.unassigned) add("assignee", "none");
    if (filter.dossier_id) add("dossier", std::to_string(*filter.dossier_id));
    return out;
}

// What the index cannot tell is looked at in SQL, after it.
bool has_more_than_marks(const model::queue_filter& filter) {
    return filter.status == "unclosed" || !filter.waiting_reason.empty() || filter.incident || filter.due_before || filter.updated_since;
}

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct words_found {
    model::search_answer hits;
    bool has_more = false;
};

asio::awaitable<words_found> find_words(const wish& wanted, const sight& sees, app& app) {
    if (!sees.words || model::references::read(wanted.q)) co_return words_found{};
    model::search_request ask;
    ask.text = wanted.q, ask.newest_first = !wanted.by_relevance, ask.marks = marks_of(wanted.filter);
    auto limit = has_more_than_marks(wanted.filter) ? looked_through : wanted.limit;
    ask.offset = wanted.offset, ask.limit = limit + 1;
    auto look = [&index = app.search, ask] { return index.find(ask); };
    words_found out;
    out.hits = co_await run_on(app.workers, std::move(look));
    out.has_more = static_cast<int>(out.hits.ticket_ids.size()) > limit;
    if (out.has_more) out.hits.ticket_ids.pop_back();
    co_return out;
}

std::vector<std::int64_t> quick_ids(soci::session& sql, const std::string& q, const sight& sees) {
    auto reference = model::references::read(q);
    auto typed = sees.people && !reference ? q : reference.value_or("");
    std::vector<std::int64_t> out;
    for (const auto& each : model::quick_finds::find(sql, typed, quick_limit).tickets) out.push_back(each.id);
    return out;
}

// What SQL finds by a number is exact: tickets that have some of its digits among their words are then nobody's wish.
bool drops_words(const wish& wanted, const words_found& words, const std::vector<std::int64_t>& quick) {
    return has_digit(wanted.q) && !quick.empty() && words.hits.widened;
}

// Exact numbers come first. A name is a word too: SQL adds what the index has not read yet, or may not tell.
std::vector<std::int64_t> joined(const wish& wanted, const words_found& words, const std::vector<std::int64_t>& quick) {
    auto is_exact = has_digit(wanted.q);
    std::vector<std::int64_t> out;
    auto add = [&out](const std::vector<std::int64_t>& ids) {
        for (auto id : ids)
            if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    };
    if (wanted.offset == 0 && is_exact) add(quick);
    add(words.hits.ticket_ids);
    if (wanted.offset == 0 && !is_exact && !words.has_more) add(quick);
    if (wanted.offset > 0 && is_exact)
        std::erase_if(out, [&](auto id) { return std::find(quick.begin(), quick.end(), id) != quick.end(); });
    return out;
}

// Those that pass the whole filter, until there are so many.
std::vector<model::queue_line> passing(soci::session& sql, const model::queue_filter& filter, const std::vector<std::int64_t>& ids,
                                       std::size_t room) {
    std::vector<model::queue_line> out;
    for (std::size_t from = 0; from < ids.size() && out.size() < room; from += model::ticket_queue::page_limit) {
        auto end = std::min(ids.size(), from + model::ticket_queue::page_limit);
        std::vector<std::int64_t> some(ids.begin() + static_cast<std::ptrdiff_t>(from), ids.begin() + static_cast<std::ptrdiff_t>(end));
        for (auto& each : model::ticket_queue::among(sql, filter, some))
            if (out.size() < room) out.push_back(std::move(each));
    }
    return out;
}

// How many hits a full page took: all up to its last line. One that is not full took them all.
std::size_t taken(const std::vector<std::int64_t>& hits, const std::vector<model::queue_line>& lines, std::size_t room) {
    if (lines.size() < room || lines.empty()) return hits.size();
    auto last = std::find(hits.begin(), hits.end(), lines.back().id);
    return last == hits.end() ? hits.size() : static_cast<std::size_t>(last - hits.begin()) + 1;
}

} // namespace

asio::awaitable<answer> find(const wish& wanted, const sight& sees, app& app) {
    auto words = co_await find_words(wanted, sees, app);
    auto read = [wanted, words, sees](soci::session& sql) {
        auto kept = words;
        auto quick = quick_ids(sql, wanted.q, sees);
        if (drops_words(wanted, words, quick)) kept = {};
        answer out;
        const auto& hits = kept.hits.ticket_ids;
        auto adds_quick = wanted.offset == 0 && (has_digit(wanted.q) || !kept.has_more);
        auto room = static_cast<std::size_t>(wanted.limit) + (adds_quick ? quick.size() : 0);
        out.lines = passing(sql, wanted.filter, joined(wanted, kept, quick), room);
        auto read_until = wanted.offset + static_cast<std::int64_t>(taken(hits, out.lines, room));
        auto is_last = !kept.has_more && read_until == wanted.offset + static_cast<std::int64_t>(hits.size());
        out.is_cut = !is_last && read_until > offset_limit;
        if (!is_last && !out.is_cut) out.next = "s" + std::to_string(read_until);
        auto told = wanted.offset + static_cast<std::int64_t>(out.lines.size());
        auto is_counted = has_more_than_marks(wanted.filter) && wanted.offset == 0 && is_last;
        out.about = is_counted ? told : std::max<std::int64_t>(kept.hits.about, told);
        // What SQL found needs no excuse and no correction.
        out.widened = kept.hits.widened && quick.empty();
        out.ranked_among = kept.hits.ranked_among;
        if (quick.empty()) out.suggestion = kept.hits.suggestion;
        return out;
    };
    co_return co_await app.database.read(std::move(read));
}

int read_cursor(std::string_view after) {
    if (after.empty()) return 0;
    auto found = after[0] == 's' ? parameters::number_of(after.substr(1)) : std::nullopt;
    if (!found || *found < 0 || *found > offset_limit) throw model::invalid({{"after", "malformed", "fault.after.malformed"}});
    return static_cast<int>(*found);
}

nlohmann::json view(const answer& found) {
    nlohmann::json out = {
        {"about", found.about}, {"widened", found.widened}, {"suggestion", nullptr}, {"ranked_among", nullptr}, {"is_cut", found.is_cut}};
    if (found.ranked_among > 0) out["ranked_among"] = found.ranked_among;
    if (!found.suggestion.empty()) out["suggestion"] = found.suggestion;
    return out;
}

} // namespace relais::api::ticket_search
