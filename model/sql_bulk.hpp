// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/sql.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// Statements with as many values as there are rows at hand, for imports and lists. Every value is bound as text: both databases turn it
// into the column's type. As in model/sql.hpp, a statement stays prepared for the life of its session.
namespace relais::model::sql {

constexpr std::size_t bulk_values_limit = 30000; // SQLite takes 32,766

namespace detail {

// One placeholder ":v" a value.
template <class Row> struct bulk_prepared : prepared_base {
    bulk_prepared(soci::session& session, const std::string& text) : statement(session) {
        std::size_t count = 0;
        for (auto at = text.find(":v"); at != std::string::npos; at = text.find(":v", at + 2)) ++count;
        in.resize(count);
        std::apply([this](auto&... each) { (statement.exchange(soci::into(each.value, each.state)), ...); }, out);
        for (auto& each : in) statement.exchange(soci::use(each));
        statement.alloc();
        statement.prepare(text);
        statement.define_and_bind();
    }
    void bind(std::span<const std::string> values) {
        if (values.size() != in.size()) throw std::logic_error("sql: another number of values than of placeholders");
        std::copy(values.begin(), values.end(), in.begin());
    }
    row_slots<Row> out;
    std::vector<std::string> in;
    soci::statement statement;
};

template <class Row, class Body>
void run_bulk(soci::session& session, const std::string& text, std::span<const std::string> values, const Body& body) {
    auto& kept = of(session);
    try {
        auto& ready = kept.template get<bulk_prepared<Row>>(session, text);
        ready.bind(values);
        body(ready);
    } catch (...) {
        kept.forget(text);
        throw;
    }
}

template <class Row, std::size_t... I> void take_bulk(Row& row, row_slots<Row>& from, std::index_sequence<I...>) {
    auto targets = members(row);
    (column<std::remove_cvref_t<decltype(std::get<I>(targets))>>::read(std::get<I>(targets), std::get<I>(from).value,
                                                                       std::get<I>(from).state),
     ...);
}

} // namespace detail

// ":v0, :v1, ..." for count values, from number first on.
inline std::string placeholders(std::size_t count, std::size_t first = 0) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += (i ? ", :v" : ":v") + std::to_string(first + i);
    return out;
}

// "(:v0, :v1), (:v2, :v3)": rows of columns values each, for INSERT ... VALUES.
inline std::string placeholder_rows(std::size_t rows, std::size_t columns) {
    std::string out;
    for (std::size_t i = 0; i < rows; ++i) out += (i ? ", (" : "(") + placeholders(columns, i * columns) + ")";
    return out;
}

// Runs a statement whose placeholders are those of placeholders() or placeholder_rows(), and returns how many rows it matched.
inline std::int64_t change_bulk(soci::session& session, const std::string& text, std::span<const std::string> values) {
    std::int64_t matched = 0;
    auto body = [&matched](auto& ready) {
        ready.statement.execute(true);
        matched = ready.statement.get_affected_rows();
    };
    detail::run_bulk<std::tuple<>>(session, text, values, body);
    return matched;
}

// Every row of such a statement, in order.
template <class Row> std::vector<Row> all_bulk(soci::session& session, const std::string& text, std::span<const std::string> values) {
    std::vector<Row> rows;
    auto body = [&rows](auto& ready) {
        for (bool more = ready.statement.execute(true); more; more = ready.statement.fetch()) {
            auto& row = rows.emplace_back();
            detail::take_bulk(row, ready.out, std::make_index_sequence<std::tuple_size_v<detail::row_slots<Row>>>{});
        }
    };
    detail::run_bulk<Row>(session, text, values, body);
    return rows;
}

} // namespace relais::model::sql
