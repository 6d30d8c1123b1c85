// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier.hpp"
#include "model/dossier_keys.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <map>

namespace relais::model::dossiers {

namespace {

constexpr std::size_t words_limit = 5, shortest_number = 3;
constexpr auto rows_limit = 200; // read for one index range, before the rest of the query sifts them

const auto select_dossier = std::string("SELECT ") + dossier::columns + " FROM dossier WHERE ";
const auto limited = " LIMIT " + std::to_string(rows_limit);

// Just above every text that begins so, on both databases.
std::string above(std::string_view beginning) { return std::string(beginning) + "\xF4\x8F\xBF\xBF"; }

std::string joined(std::vector<std::string>::const_iterator from, std::vector<std::string>::const_iterator to) {
    std::string out;
    for (; from != to; ++from) out += (out.empty() ? "" : " ") + *from;
    return out;
}

struct found_rows {
    std::map<std::int64_t, dossier> by_id;
    void add(std::vector<dossier> rows) {
        for (auto& each : rows) {
            auto id = each.id;
            by_id.emplace(id, std::move(each));
        }
    }
};

void add_named(soci::session& sql, found_rows& found, const std::string& name, const std::string& first_names) {
    auto usual = first_names.empty() ? name : usual_key(name, first_names);
    found.add(sql::all<dossier>(sql, select_dossier + "usual_key >= :key AND usual_key < :above" + limited, usual, above(usual)));
    if (first_names.empty()) {
        auto text = select_dossier + "birth_name_folded >= :name AND birth_name_folded < :above" + limited;
        found.add(sql::all<dossier>(sql, text, name, above(name)));
        return;
    }
    auto text = select_dossier + "birth_name_folded = :name AND first_names_folded >= :first AND first_names_folded < :above" + limited;
    found.add(sql::all<dossier>(sql, text, name, first_names, above(first_names)));
}

// "dupont", "dupont jean", "jean dupont", "de la tour jean": every place where the name may end.
void add_by_name(soci::session& sql, found_rows& found, std::string_view typed) {
    auto folded = text::fold(typed);
    auto words = name_words(folded);
    if (words.empty() || words.size() > words_limit) return;
    add_named(sql, found, joined(words.begin(), words.end()), "");
    for (auto at = std::next(words.cbegin()); at != words.cend(); ++at) {
        add_named(sql, found, joined(words.cbegin(), at), joined(at, words.cend()));
        add_named(sql, found, joined(at, words.cend()), joined(words.cbegin(), at));
    }
}

void add_by_number(soci::session& sql, found_rows& found, const std::string& key) {
    if (key.size() < shortest_number) return;
    found.add(sql::all<dossier>(sql, select_dossier + "number_key >= :key AND number_key < :above" + limited, key, above(key)));
    found.add(sql::all<dossier>(sql, select_dossier + "neph >= :key AND neph < :above" + limited, key, above(key)));
}

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The words of the name all begin a word of the dossier's names.
bool bears(const dossier& row, std::string_view name) {
    auto own = name_words(text::fold(row.birth_name + " " + row.usual_name + " " + row.first_names));
    auto is_own = [&own](const std::string& word) {
        return std::any_of(own.begin(), own.end(), [&word](const std::string& each) { return each.starts_with(word); });
    };
    auto words = name_words(text::fold(name));
    return std::all_of(words.begin(), words.end(), is_own);
}

bool agrees(const dossier& row, const dossier_query& query) {
    if (!query.number.empty() && !number_key(row.number).starts_with(number_key(query.number))) return false;
    if (!query.neph.empty() && !row.neph.starts_with(number_key(query.neph))) return false;
    if (!query.birth_date.empty() && row.birth_date != query.birth_date) return false;
    if (!query.name.empty() && !bears(row, query.name)) return false;
    if (query.q.empty()) return true;
    if (!has_digit(query.q)) return bears(row, query.q);
    auto key = number_key(query.q);
    return number_key(row.number).starts_with(key) || row.neph.starts_with(key);
}

// One index serves: the most precise thing given.
found_rows gather(soci::session& sql, const dossier_query& query) {
    found_rows found;
    if (!query.number.empty())
        add_by_number(sql, found, number_key(query.number));
    else if (!query.neph.empty())
        add_by_number(sql, found, number_key(query.neph));
    else if (!query.birth_date.empty() && query.name.empty())
        found.add(sql::all<dossier>(sql, select_dossier + "birth_date = :born ORDER BY person_key" + limited, query.birth_date));
    else if (!query.birth_date.empty()) {
        auto text = select_dossier + "birth_date = :born ORDER BY person_key LIMIT 1000";
        found.add(sql::all<dossier>(sql, text, query.birth_date));
    } else if (!query.name.empty())
        add_by_name(sql, found, query.name);
    else if (has_digit(query.q))
        add_by_number(sql, found, number_key(query.q));
    else if (!query.q.empty())
        add_by_name(sql, found, query.q);
    else
        throw invalid({{"q", "required", "fault.dossier_search.required"}});
    return found;
}

} // namespace

std::vector<dossier> search(soci::session& sql, const dossier_query& query, int limit) {
    auto found = gather(sql, query);
    std::vector<dossier> out;
    for (auto& [id, row] : found.by_id)
        if (agrees(row, query)) out.push_back(std::move(row));
    auto before = [](const dossier& a, const dossier& b) {
        return std::tie(a.birth_name, a.first_names, a.number) < std::tie(b.birth_name, b.first_names, b.number);
    };
    std::sort(out.begin(), out.end(), before);
    if (out.size() > static_cast<std::size_t>(std::min(limit, search_limit)))
        out.resize(static_cast<std::size_t>(std::min(limit, search_limit)));
    return out;
}

} // namespace relais::model::dossiers
