// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_store.hpp"

#include "model/calendar.hpp"
#include "model/dossier_date.hpp"
#include "model/dossier_keys.hpp"
#include "model/dossier_move.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"
#include "model/sqlite_rows.hpp"
#include "model/text.hpp"

#include <date/date.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace relais::model::dossiers {

namespace {

constexpr std::size_t rows_a_statement = 128;

constexpr auto stored_columns =
    "public_id, number, number_key, neph, birth_name, birth_name_folded, usual_name, usual_name_folded, "
    "first_names, first_names_folded, person_key, usual_key, birth_date, procedure_code, status, status_since, step, "
    "error_code, portal_release, centre, department, email, phone, driving_school, source, updated_at";
constexpr std::size_t stored_columns_count = 26;

// Bytes that nobody can guess, drawn for many rows at once: the kernel is asked once in four hundred.
void put_random(unsigned char* to, std::size_t size) {
    static thread_local std::array<unsigned char, 4096> drawn;
    static thread_local std::size_t used = drawn.size();
    if (drawn.size() - used < size) randombytes_buf(drawn.data(), drawn.size()), used = 0;
    std::copy_n(drawn.begin() + static_cast<std::ptrdiff_t>(used), size, to);
    used += size;
}

constexpr std::size_t id_bytes = 16;

// Opaque, and in order of time so that the index grows at its end: milliseconds, then 80 bits that nobody can guess.
void draw_public_id(std::array<char, 2 * id_bytes + 1>& to) {
    using namespace std::chrono;
    auto at = static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
    unsigned char bytes[id_bytes];
    for (auto place = 0; place < 6; ++place) bytes[place] = static_cast<unsigned char>(at >> (40 - 8 * place));
    put_random(bytes + 6, sizeof bytes - 6);
    sodium_bin2hex(to.data(), to.size(), bytes, sizeof bytes);
}

void make_keys(dossier_keys& keys, const dossier& row) {
    keys.number = number_key(row.number);
    keys.birth_name = text::fold(row.birth_name);
    keys.usual_name = text::fold(row.usual_name);
    keys.first_names = text::fold(row.first_names);
    keys.person = person_key(keys.birth_name, keys.usual_name, keys.first_names);
    keys.usual = usual_key(keys.usual_name, keys.first_names);
}

struct addition {
    const dossier* row;
    const dossier_keys* keys;
};

// The values of stored_columns, in order, where they lie.
class row_texts {
public:
    explicit row_texts(const addition& of) {
        const auto& [row, keys] = of;
        draw_public_id(id_);
        values_[0] = {id_.data(), 2 * id_bytes};
        std::size_t at = 1;
        for (const auto* each :
             {&row->number,         &keys->number,     &row->neph,         &row->birth_name, &keys->birth_name,    &row->usual_name,
              &keys->usual_name,    &row->first_names, &keys->first_names, &keys->person,    &keys->usual,         &row->birth_date,
              &row->procedure_code, &row->status,      &row->status_since, &row->step,       &row->error_code,     &row->portal_release,
              &row->centre,         &row->department,  &row->email,        &row->phone,      &row->driving_school, &row->source})
            values_[at++] = *each;
        updated_at_ = std::to_string(seconds(row->updated_at));
        values_[at] = updated_at_;
    }
    row_texts(const row_texts&) = delete;
    row_texts& operator=(const row_texts&) = delete;
    std::span<const std::string_view> values() const { return values_; }

private:
    std::array<char, 2 * id_bytes + 1> id_;
    std::string updated_at_;
    std::array<std::string_view, stored_columns_count> values_;
};

std::string insert_text(std::size_t rows) {
    return std::string("INSERT INTO dossier (") + stored_columns + ") VALUES " + sql::placeholder_rows(rows, stored_columns_count);
}

// MariaDB is quickest with many rows a statement: a power of two, so that few texts stay prepared.
void insert_by_many(soci::session& sql, const std::vector<addition>& rows) {
    static thread_local std::vector<std::string> values;
    static thread_local std::unordered_map<std::size_t, std::string> texts;
    for (std::size_t from = 0; from < rows.size();) {
        auto size = rows_a_statement;
        while (size > rows.size() - from) size /= 2;
        values.resize(size * stored_columns_count);
        for (std::size_t i = 0, at = 0; i < size; ++i) {
            row_texts row(rows[from + i]);
            for (auto each : row.values()) values[at++] = each;
        }
        auto& text = texts[size];
        if (text.empty()) text = insert_text(size);
        sql::change_bulk(sql, text, values);
        from += size;
    }
}

void insert_rows(soci::session& sql, const std::vector<addition>& rows) {
    if (rows.empty()) return;
    if (sql.get_backend_name() == "mysql") return insert_by_many(sql, rows);
    static const auto text = insert_text(1);
    auto& one = sqlite::inserter_of(sql, text);
    for (const auto& each : rows) one.insert(row_texts(each).values());
}

using some_news = std::span<const dossier_news* const>;

std::unordered_map<std::string, dossier> known(soci::session& sql, some_news news) {
    std::unordered_map<std::string, dossier> out;
    static const auto text =
        std::string("SELECT ") + dossier::columns + " FROM dossier WHERE number_key IN (" + sql::placeholders(rows_a_statement) + ")";
    std::vector<std::string> keys(rows_a_statement);
    // Places left over ask for the first number again.
    for (std::size_t i = 0; i < rows_a_statement; ++i) {
        const auto& asked = *news[i < news.size() ? i : 0];
        keys[i] = asked.is_prepared ? asked.keys.number : number_key(asked.values.number);
    }
    for (auto& each : sql::all_bulk<dossier>(sql, text, keys)) {
        auto number = each.number;
        out.emplace(std::move(number), std::move(each));
    }
    return out;
}

constexpr std::array<std::string dossier::*, 17> told_members = {
    &dossier::number,     &dossier::neph,           &dossier::birth_name, &dossier::usual_name,   &dossier::first_names,
    &dossier::birth_date, &dossier::procedure_code, &dossier::status,     &dossier::status_since, &dossier::step,
    &dossier::error_code, &dossier::portal_release, &dossier::centre,     &dossier::department,   &dossier::email,
    &dossier::phone,      &dossier::driving_school};

bool is_old(const dossier& row, const dossier_news& news) { return news.is_dated && news.values.updated_at <= row.updated_at; }

// What news changes of a row: nothing, its date alone, or what it says.
enum class difference { none, date, content };

difference overlay(dossier& row, const dossier_news& news, sys_seconds now) {
    if (is_old(row, news)) return difference::none;
    auto out = news.is_dated ? difference::date : difference::none;
    for (std::size_t i = 0; i < told_members.size(); ++i) {
        if (!news.told[i] || row.*told_members[i] == news.values.*told_members[i]) continue;
        row.*told_members[i] = news.values.*told_members[i];
        out = difference::content;
    }
    row.source = news.values.source;
    row.updated_at = news.is_dated ? news.values.updated_at : std::max(now, row.updated_at);
    return out;
}

void update(soci::session& sql, const dossier& row) {
    dossier_keys keys;
    make_keys(keys, row);
    sql::change(
        sql,
        "UPDATE dossier SET neph = :neph, birth_name = :birth, birth_name_folded = :birth_folded, usual_name = :usual, "
        "usual_name_folded = :usual_folded, first_names = :first, first_names_folded = :first_folded, person_key = :person, "
        "usual_key = :usual_key, birth_date = :born, procedure_code = :procedure, status = :status, status_since = :since, step = :step, "
        "error_code = :error, portal_release = :release, centre = :centre, department = :department, email = :email, "
        "phone = :phone, driving_school = :school, source = :source, updated_at = :updated WHERE id = :id",
        row.neph, row.birth_name, keys.birth_name, row.usual_name, keys.usual_name, row.first_names, keys.first_names, keys.person,
        keys.usual, row.birth_date, row.procedure_code, row.status, row.status_since, row.step, row.error_code, row.portal_release,
        row.centre, row.department, row.email, row.phone, row.driving_school, row.source, row.updated_at, row.id);
}

// One dossier of a batch. What is new and said once stays where it lies; the rest is a row of its own.
struct arrival {
    const dossier_news* news = nullptr;
    std::optional<dossier> row;
    bool is_new = false;
    difference changes = difference::none;
    std::vector<dossier_move::past_state> left;
    dossier_dates_told dates;

    void hear_dates(const dossier_news& said) {
        for (std::size_t i = 0; i < dates.days.size(); ++i)
            if (said.told[first_date + i]) dates.days[i] = said.dates[i];
    }
};

// The state that the news ends, if it does. Where nobody told the day on which it began, it is the day of its news.
std::optional<dossier_move::past_state> state_left(const dossier& row, const dossier_news& news) {
    constexpr auto status_at = static_cast<std::size_t>(column::status);
    if (is_old(row, news) || row.status.empty() || !news.told[status_at] || news.values.status == row.status) return std::nullopt;
    auto known_on = date::format("%F", calendars::day_of("Europe/Paris", row.updated_at));
    return dossier_move::past_state{row.status, row.status_since.empty() ? known_on : row.status_since};
}

std::vector<arrival> arrange(some_news news, std::unordered_map<std::string, dossier> held, sys_seconds now) {
    std::unordered_map<std::string_view, std::size_t> places;
    places.reserve(news.size());
    std::vector<arrival> out;
    out.reserve(news.size());
    for (const auto* said : news) {
        const auto& each = *said;
        const auto& number = each.values.number;
        auto [place, is_first] = places.try_emplace(number, out.size());
        if (is_first) {
            auto& made = out.emplace_back();
            made.news = &each;
            auto found = held.find(number);
            made.is_new = found == held.end();
            if (!made.is_new)
                made.row = std::move(found->second);
            else if (!each.is_dated || !each.is_prepared)
                made.row = each.values;
            if (made.is_new && !each.is_dated) made.row->updated_at = now;
            if (made.is_new) made.hear_dates(each);
            if (made.is_new) continue;
        }
        auto& here = out[place->second];
        if (!here.row) here.row = here.news->values;
        if (auto left = state_left(*here.row, each); left && !here.is_new) here.left.push_back(std::move(*left));
        if (!is_old(*here.row, each)) here.hear_dates(each);
        here.changes = std::max(here.changes, overlay(*here.row, each, now));
    }
    return out;
}

// The rows of dossiers that were added just now, by number.
std::unordered_map<std::string, std::int64_t> ids_of(soci::session& sql, const std::vector<std::string>& number_keys) {
    static const auto text = "SELECT number, id FROM dossier WHERE number_key IN (" + sql::placeholders(rows_a_statement) + ")";
    std::unordered_map<std::string, std::int64_t> out;
    for (auto& [number, id] : sql::all_bulk<std::tuple<std::string, std::int64_t>>(sql, text, number_keys)) out.emplace(number, id);
    return out;
}

// Keeps the dates that were told. Returns the dossiers whose dates have changed; files without dates ask nothing.
std::set<std::int64_t> keep_dates(soci::session& sql, std::vector<arrival>& arrivals) {
    std::vector<std::string> added; // keys of new dossiers that have dates
    for (const auto& each : arrivals)
        if (each.is_new && !each.dates.is_empty()) added.push_back(number_key(each.news->values.number));
    std::unordered_map<std::string, std::int64_t> ids;
    if (!added.empty()) {
        added.resize(rows_a_statement, added.front());
        ids = ids_of(sql, added);
    }
    std::vector<dossier_dates_told> told;
    for (auto& each : arrivals) {
        if (each.is_new && each.dates.is_empty()) continue;
        if (!each.is_new && std::none_of(each.dates.days.begin(), each.dates.days.end(), [](const auto& day) { return day.has_value(); }))
            continue;
        each.dates.dossier_id = each.is_new ? ids.at(each.news->values.number) : each.row->id;
        told.push_back(std::move(each.dates));
    }
    return dossier_dates::keep(sql, told);
}

dossier_store_counts store_some(soci::session& sql, some_news news, sys_seconds now) {
    dossier_store_counts counts;
    auto arrivals = arrange(news, known(sql, news), now);
    std::vector<addition> added;
    std::deque<dossier_keys> made; // keys of rows that nobody prepared
    for (const auto& each : arrivals) {
        if (!each.is_new && each.changes != difference::none) update(sql, *each.row);
        if (!each.is_new) continue;
        if (each.row) make_keys(made.emplace_back(), *each.row);
        added.push_back(each.row ? addition{&*each.row, &made.back()} : addition{&each.news->values, &each.news->keys});
    }
    insert_rows(sql, added);
    auto redated = keep_dates(sql, arrivals);
    std::vector<dossier_move> moves;
    for (auto& each : arrivals) {
        if (each.is_new) continue;
        auto is_redated = redated.contains(each.row->id);
        if (is_redated || each.changes != difference::none) ++counts.updated;
        // A file that confirms what is known moves nobody.
        if (is_redated || each.changes == difference::content) moves.push_back({each.row->id, std::move(each.left)});
    }
    dossier_moves::follow(sql, moves, now);
    counts.added = static_cast<std::int64_t>(added.size());
    counts.unchanged = static_cast<std::int64_t>(news.size()) - counts.added - counts.updated;
    return counts;
}

} // namespace

void prepare(dossier_news& news) {
    make_keys(news.keys, news.values);
    news.is_prepared = true;
}

dossier_store_counts store(soci::session& sql, std::span<const dossier_news> news, sys_seconds now) {
    // In the order of their numbers: neighbours share a page of the index. What is said twice stays in the order in which it was said.
    std::vector<const dossier_news*> sorted;
    for (const auto& each : news) sorted.push_back(&each);
    auto before = [](const dossier_news* a, const dossier_news* b) { return a->values.number < b->values.number; };
    if (!std::is_sorted(sorted.begin(), sorted.end(), before)) std::stable_sort(sorted.begin(), sorted.end(), before);
    dossier_store_counts counts;
    for (std::size_t from = 0; from < sorted.size(); from += rows_a_statement)
        counts += store_some(sql, some_news(sorted).subspan(from, std::min(rows_a_statement, sorted.size() - from)), now);
    return counts;
}

} // namespace relais::model::dossiers
