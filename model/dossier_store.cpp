// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_store.hpp"

#include "model/dossier_keys.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"
#include "model/text.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

namespace relais::model::dossiers {

namespace {

constexpr std::size_t rows_a_statement = 128;

constexpr auto stored_columns = "public_id, number, number_key, neph, birth_name, birth_name_folded, usual_name, usual_name_folded, "
                                "first_names, first_names_folded, person_key, birth_date, procedure_code, status, status_since, step, "
                                "error_code, portal_release, centre, department, email, phone, driving_school, source, updated_at";
constexpr std::size_t stored_columns_count = 25;

std::string draw_public_id() {
    unsigned char bytes[16];
    randombytes_buf(bytes, sizeof bytes);
    char text[33];
    return sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
}

// The values of stored_columns, in order.
void add_values(std::vector<std::string>& out, const dossier& row) {
    auto birth = text::fold(row.birth_name), usual = text::fold(row.usual_name), first = text::fold(row.first_names);
    auto person = person_key(birth, usual, first);
    out.push_back(draw_public_id());
    out.push_back(row.number);
    out.push_back(number_key(row.number));
    out.push_back(row.neph);
    out.push_back(row.birth_name), out.push_back(std::move(birth));
    out.push_back(row.usual_name), out.push_back(std::move(usual));
    out.push_back(row.first_names), out.push_back(std::move(first));
    out.push_back(std::move(person));
    for (auto* each : {&row.birth_date, &row.procedure_code, &row.status, &row.status_since, &row.step, &row.error_code,
                       &row.portal_release, &row.centre, &row.department, &row.email, &row.phone, &row.driving_school, &row.source})
        out.push_back(*each);
    out.push_back(std::to_string(seconds(row.updated_at)));
}

// One INSERT for a power of two of rows, so that few texts stay prepared.
void insert_rows(soci::session& sql, const std::vector<const dossier*>& rows) {
    std::vector<std::string> values;
    for (std::size_t from = 0; from < rows.size();) {
        auto size = rows_a_statement;
        while (size > rows.size() - from) size /= 2;
        values.clear();
        for (std::size_t i = from; i < from + size; ++i) add_values(values, *rows[i]);
        static thread_local std::unordered_map<std::size_t, std::string> texts;
        auto& text = texts[size];
        if (text.empty())
            text = std::string("INSERT INTO dossier (") + stored_columns + ") VALUES " + sql::placeholder_rows(size, stored_columns_count);
        sql::change_bulk(sql, text, values);
        from += size;
    }
}

std::unordered_map<std::string, dossier> known(soci::session& sql, std::span<const dossier_news> news) {
    std::unordered_map<std::string, dossier> out;
    static const auto text =
        std::string("SELECT ") + dossier::columns + " FROM dossier WHERE number IN (" + sql::placeholders(rows_a_statement) + ")";
    std::vector<std::string> numbers(rows_a_statement);
    // Places left over ask for the first number again.
    for (std::size_t i = 0; i < rows_a_statement; ++i) numbers[i] = news[i < news.size() ? i : 0].values.number;
    for (auto& each : sql::all_bulk<dossier>(sql, text, numbers)) {
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

// What the row becomes; false when the news says nothing new.
bool overlay(dossier& row, const dossier_news& news, sys_seconds now) {
    if (news.is_dated && news.values.updated_at <= row.updated_at) return false;
    bool differs = news.is_dated;
    for (std::size_t i = 0; i < told_members.size(); ++i) {
        if (!news.told[i] || row.*told_members[i] == news.values.*told_members[i]) continue;
        row.*told_members[i] = news.values.*told_members[i];
        differs = true;
    }
    row.source = news.values.source;
    row.updated_at = news.is_dated ? news.values.updated_at : std::max(now, row.updated_at);
    return differs;
}

void update(soci::session& sql, const dossier& row) {
    auto birth = text::fold(row.birth_name), usual = text::fold(row.usual_name), first = text::fold(row.first_names);
    sql::change(sql,
                "UPDATE dossier SET neph = :neph, birth_name = :birth, birth_name_folded = :birth_folded, usual_name = :usual, "
                "usual_name_folded = :usual_folded, first_names = :first, first_names_folded = :first_folded, person_key = :person, "
                "birth_date = :born, procedure_code = :procedure, status = :status, status_since = :since, step = :step, "
                "error_code = :error, portal_release = :release, centre = :centre, department = :department, email = :email, "
                "phone = :phone, driving_school = :school, source = :source, updated_at = :updated WHERE id = :id",
                row.neph, row.birth_name, birth, row.usual_name, usual, row.first_names, first, person_key(birth, usual, first),
                row.birth_date, row.procedure_code, row.status, row.status_since, row.step, row.error_code, row.portal_release, row.centre,
                row.department, row.email, row.phone, row.driving_school, row.source, row.updated_at, row.id);
}

// The news of one number said twice: the second is an update of what the first brings.
struct arrival {
    dossier row;
    bool is_new = false, is_changed = false;
};

dossier_store_counts store_some(soci::session& sql, std::span<const dossier_news> news, sys_seconds now) {
    auto held = known(sql, news);
    dossier_store_counts counts;
    std::unordered_map<std::string_view, std::size_t> places;
    std::vector<arrival> arrivals;
    arrivals.reserve(news.size());
    for (const auto& each : news) {
        const auto& number = each.values.number;
        auto [place, is_first] = places.try_emplace(number, arrivals.size());
        if (is_first) {
            auto found = held.find(number);
            auto& made = arrivals.emplace_back();
            made.is_new = found == held.end();
            if (made.is_new) {
                made.row = each.values;
                if (!each.is_dated) made.row.updated_at = now;
                continue;
            }
            made.row = std::move(found->second);
        }
        auto& here = arrivals[place->second];
        if (overlay(here.row, each, now)) here.is_changed = true;
    }
    std::vector<const dossier*> added;
    for (const auto& each : arrivals) {
        if (each.is_new)
            added.push_back(&each.row);
        else if (each.is_changed)
            update(sql, each.row), ++counts.updated;
    }
    insert_rows(sql, added);
    counts.added = static_cast<std::int64_t>(added.size());
    counts.unchanged = static_cast<std::int64_t>(news.size()) - counts.added - counts.updated;
    return counts;
}

} // namespace

dossier_store_counts store(soci::session& sql, std::span<const dossier_news> news, sys_seconds now) {
    dossier_store_counts counts;
    for (std::size_t from = 0; from < news.size(); from += rows_a_statement)
        counts += store_some(sql, news.subspan(from, std::min(rows_a_statement, news.size() - from)), now);
    return counts;
}

} // namespace relais::model::dossiers
