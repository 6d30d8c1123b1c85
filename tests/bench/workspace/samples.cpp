// SPDX-License-Identifier: EUPL-1.2
#include "tests/bench/workspace/samples.hpp"

#include "api/url.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>

namespace relais::bench {

namespace {

using namespace model;
using texts = std::vector<std::string>;

constexpr double page_ms = 20, typing_ms = 30, words_ms = 100;
constexpr int drawn = 400;
constexpr int lines_a_page = 50;

std::int64_t number(soci::session& sql, const std::string& text) { return sql::first<std::int64_t>(sql, text).value_or(0); }

// Ids all over a table, the same each time.
std::vector<std::int64_t> ids_of(soci::session& sql, const std::string& table) {
    std::mt19937 random{7};
    std::uniform_int_distribution<std::int64_t> any(1, std::max<std::int64_t>(1, number(sql, "SELECT MAX(id) FROM " + table)));
    std::vector<std::int64_t> out;
    for (int i = 0; i < drawn; ++i) out.push_back(any(random));
    return out;
}

// So many bytes at most, and no half letter.
std::string cut(const std::string& text, std::size_t bytes) {
    auto end = std::min(bytes, text.size());
    while (end > 0 && end < text.size() && (text[end] & '\xc0') == '\x80') --end;
    return text.substr(0, end);
}

// One column of those rows.
texts values(soci::session& sql, const std::string& select, const std::vector<std::int64_t>& ids) {
    texts out;
    for (auto id : ids)
        if (auto found = sql::first<std::string>(sql, select + " = :id", id); found && !found->empty()) out.push_back(*found);
    return out;
}

texts prefixed(const std::string& before, const texts& values, std::size_t bytes = std::string::npos) {
    texts out;
    for (const auto& each : values) out.push_back(before + api::encode_component(cut(each, bytes)));
    return out;
}

void join(texts& to, const texts& more) { to.insert(to.end(), more.begin(), more.end()); }

// The address of a page of a list, by the cursor that its last page but one would give. A shorter list: its last whole page.
struct deep_page {
    std::int64_t page = 1;
    std::string address;
};
deep_page page_of(soci::session& sql, const std::string& query, const std::string& condition, char letter, const std::string& order) {
    constexpr std::int64_t wanted = 1000;
    auto lines = number(sql, "SELECT COUNT(*) FROM ticket WHERE " + condition);
    deep_page out{std::clamp<std::int64_t>(lines / lines_a_page, 1, wanted), "/console/tickets?status=" + query};
    if (out.page == 1) return out;
    auto column = order.substr(0, order.find(' '));
    auto direction = order.ends_with(" DESC") ? " DESC" : "";
    auto text = fmt::format("SELECT {}, id FROM ticket WHERE {} ORDER BY {}, id{} LIMIT 1 OFFSET {}", column, condition, order, direction,
                            (out.page - 1) * lines_a_page - 1);
    auto [key, id] = *sql::first<std::tuple<std::int64_t, std::int64_t>>(sql, text);
    out.address += fmt::format("&after={}{}.{}", letter, key, id);
    return out;
}

void add_list(std::vector<page_kind>& to, soci::session& sql, const std::string& name, const std::string& query,
              const std::string& condition, char letter, const std::string& order) {
    to.push_back({name + ", page 1", page_ms, {"/console/tickets?status=" + query}});
    auto deep = page_of(sql, query, condition, letter, order);
    to.push_back({fmt::format("{}, page {}", name, deep.page), page_ms, {deep.address}});
}

// Every filter with every order, and some together.
texts narrowed(soci::session& sql) {
    texts out;
    auto most = [&sql](const std::string& column) {
        return sql::all<std::string>(sql, "SELECT " + column + " FROM ticket WHERE is_active = 1 AND " + column + " <> '' GROUP BY " +
                                              column + " ORDER BY COUNT(*) DESC LIMIT 4");
    };
    texts filters = {"assignee=me", "assignee=none", "status=waiting", "status=new", "status=waiting&waiting_reason=citizen"};
    std::map<std::string, texts> by_name = {
        {"department", most("department")}, {"procedure", most("procedure_code")}, {"category", most("category")}};
    for (const auto& [name, codes] : by_name)
        for (const auto& code : codes) filters.push_back(name + "=" + code);
    for (std::size_t i = 0; i < std::min(by_name["department"].size(), by_name["category"].size()); ++i)
        filters.push_back("department=" + by_name["department"][i] + "&category=" + by_name["category"][i]);
    for (const auto& filter : filters)
        for (const auto* order : {"due", "legal", "oldest", "newest", "touched"})
            out.push_back("/console/tickets?" + filter + "&sort=" + order);
    return out;
}

// The words of some messages: how many of them hold each.
struct word_count {
    std::map<std::string, int> messages;
    texts common, middle, rare;
};
word_count count_words(soci::session& sql) {
    word_count out;
    for (const auto& body : values(sql, "SELECT body FROM message WHERE id", ids_of(sql, "message"))) {
        std::istringstream in(text::fold(body));
        std::set<std::string> seen;
        for (std::string word; in >> word;)
            if (word.size() > 4 && word.find_first_of("0123456789") == std::string::npos) seen.insert(word);
        for (const auto& each : seen) ++out.messages[each];
    }
    for (const auto& [word, count] : out.messages) {
        if (count > drawn / 5) out.common.push_back(word);
        if (count > drawn / 40 && count <= drawn / 5) out.middle.push_back(word);
        if (count == 1) out.rare.push_back(word);
    }
    return out;
}

void add_searches(std::vector<page_kind>& to, soci::session& sql) {
    auto words = count_words(sql);
    const std::string search = "/console/recherche?q=";
    to.push_back({"full text, a rare word", words_ms, prefixed(search, words.rare)});
    to.push_back({"full text, a common word", words_ms, prefixed(search, words.common)});
    texts pairs;
    for (const auto& one : words.common)
        for (const auto& other : words.middle) pairs.push_back(one + " " + other);
    for (std::size_t i = 0; i + 1 < words.common.size(); ++i) pairs.push_back(words.common[i] + " " + words.common[i + 1]);
    std::shuffle(pairs.begin(), pairs.end(), std::mt19937{7});
    pairs.resize(std::min<std::size_t>(pairs.size(), drawn));
    to.push_back({"full text, two words", words_ms, prefixed(search, pairs)});
    auto by_relevance = prefixed(search, pairs);
    for (auto& each : by_relevance) each += "&sort=relevance";
    to.push_back({"full text, two words by relevance", words_ms, by_relevance});
}

// What is typed into the command box, letter after letter: names, references, numbers, telephones, words of titles.
texts typed(soci::session& sql) {
    texts out;
    const std::string box = "/console/recherche/apercu?q=";
    auto people = ids_of(sql, "citizen"), dossiers = ids_of(sql, "dossier"), tickets = ids_of(sql, "ticket");
    auto names = values(sql, "SELECT name FROM citizen WHERE id", people);
    auto turned = values(sql, "SELECT name_turned FROM citizen WHERE id", people);
    for (std::size_t letters : {2U, 3U, 5U, 8U}) {
        join(out, prefixed(box, names, letters));
        join(out, prefixed(box, turned, letters));
    }
    join(out, prefixed(box, values(sql, "SELECT phone_typed FROM citizen WHERE id", people), 9));
    for (std::size_t letters : {4U, 6U, 9U}) {
        join(out, prefixed(box, values(sql, "SELECT number FROM dossier WHERE id", dossiers), letters));
        join(out, prefixed(box, values(sql, "SELECT neph FROM dossier WHERE id", dossiers), letters));
        join(out, prefixed(box, values(sql, "SELECT reference FROM ticket WHERE id", tickets), letters));
    }
    std::shuffle(out.begin(), out.end(), std::mt19937{7});
    return out;
}

} // namespace

std::vector<page_kind> draw_pages(database& from) {
    return from.read_now([](soci::session& sql) {
        std::vector<page_kind> out;
        add_list(out, sql, "queue", "active", "is_active = 1", 'u', "due_at");
        add_list(out, sql, "closed tickets", "closed", "status = 'closed'", 'n', "received_at DESC");
        add_list(out, sql, "all tickets", "all", "1 = 1", 'n', "received_at DESC");
        out.push_back({"queue, filtered and sorted", page_ms, narrowed(sql)});
        auto tickets = ids_of(sql, "ticket");
        out.push_back(
            {"ticket page", page_ms, prefixed("/console/tickets/", values(sql, "SELECT reference FROM ticket WHERE id", tickets))});
        auto known =
            values(sql, "SELECT dossier.public_id FROM ticket JOIN dossier ON dossier.id = ticket.dossier_id WHERE ticket.id", tickets);
        join(known, values(sql, "SELECT public_id FROM dossier WHERE id", ids_of(sql, "dossier")));
        out.push_back({"dossier page", page_ms, prefixed("/console/dossiers/", known)});
        texts incidents;
        for (auto id : sql::all<std::int64_t>(sql, "SELECT id FROM incident ORDER BY tickets DESC LIMIT 40"))
            incidents.push_back("/console/incidents/" + std::to_string(id));
        out.push_back({"incident page, the largest", page_ms, incidents});
        for (auto& each : incidents) each += "/tickets";
        out.push_back({"tickets of an incident", page_ms, incidents});
        out.push_back({"command box", typing_ms, typed(sql)});
        add_searches(out, sql);
        return out;
    });
}

} // namespace relais::bench
