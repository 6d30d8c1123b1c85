// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <unordered_map>
#include <vector>

// The only way the model speaks SQL: first, all, change and insert. They keep each statement prepared for the life of its session,
// keep bound values alive until the statement has run, and leave no statement stepped (a stepped statement freezes a reader's view).
// Placeholders (:name) are bound in the order in which they stand; each stands once. A record names its columns once:
//
//     struct team { std::int64_t id; std::string name;
//         static constexpr auto columns = "id, name";
//         auto fields() { return std::tie(id, name); } };
namespace relais::model::sql {

template <class T> struct column { // how a C++ type lies in a column
    using stored = T;
    static void read(T& to, stored& from, soci::indicator) { to = std::move(from); }
    static void write(stored& to, const T& from, soci::indicator&) { to = from; }
};
template <class T>
requires std::is_integral_v<T>
struct column<T> {
    using stored = long long;
    static void read(T& to, stored& from, soci::indicator) { to = static_cast<T>(from); }
    static void write(stored& to, const T& from, soci::indicator&) { to = static_cast<stored>(from); }
};
template <> struct column<sys_seconds> {
    using stored = long long;
    static void read(sys_seconds& to, stored& from, soci::indicator) { to = at_seconds(from); }
    static void write(stored& to, const sys_seconds& from, soci::indicator&) { to = seconds(from); }
};
template <class T> struct column<std::optional<T>> {
    using stored = typename column<T>::stored;
    static void read(std::optional<T>& to, stored& from, soci::indicator state) {
        if (state == soci::i_null) return to.reset();
        column<T>::read(to.emplace(), from, state);
    }
    static void write(stored& to, const std::optional<T>& from, soci::indicator& state) {
        if (from) column<T>::write(to, *from, state);
        state = from ? soci::i_ok : soci::i_null;
    }
};
template <> struct column<std::string_view> {
    using stored = std::string;
    static void write(stored& to, std::string_view from, soci::indicator&) { to = from; }
};
template <> struct column<const char*> : column<std::string_view> {};
template <> struct column<char*> : column<std::string_view> {}; // what a literal decays to

template <class T>
concept record = requires(T row) {
    row.fields();
};

namespace detail {

template <class T> struct slot {
    typename column<T>::stored value{};
    soci::indicator state = soci::i_ok;
};

template <class T> struct is_tuple : std::false_type {};
template <class... T> struct is_tuple<std::tuple<T...>> : std::true_type {};

// References to the members a row is read into, whatever the row is.
template <class Row> auto members(Row& row) {
    if constexpr (record<Row>)
        return row.fields();
    else if constexpr (is_tuple<Row>::value)
        return std::apply([](auto&... each) { return std::tie(each...); }, row);
    else
        return std::tie(row);
}

template <class Tuple> struct slots_of;
template <class... T> struct slots_of<std::tuple<T...>> { using type = std::tuple<slot<std::remove_cvref_t<T>>...>; };
template <class Row> using row_slots = typename slots_of<decltype(members(std::declval<Row&>()))>::type;

struct prepared_base {
    virtual ~prepared_base() = default;
};

template <class Out, class In> struct prepared;
template <class... Out, class... In> struct prepared<std::tuple<Out...>, std::tuple<In...>> : prepared_base {
    prepared(soci::session& session, const std::string& text) : statement(session) {
        std::apply([this](auto&... each) { (statement.exchange(soci::into(each.value, each.state)), ...); }, out);
        std::apply([this](auto&... each) { (statement.exchange(soci::use(each.value, each.state)), ...); }, in);
        statement.alloc();
        statement.prepare(text);
        statement.define_and_bind();
    }
    template <class... Values> void bind(const Values&... values) { bind_each(std::index_sequence_for<Values...>{}, values...); }
    template <class Row> void take(Row& row) {
        auto targets = members(row);
        take_each(targets, std::index_sequence_for<Out...>{});
    }

    std::tuple<Out...> out;
    std::tuple<In...> in;
    soci::statement statement;

private:
    template <std::size_t... I, class... Values> void bind_each(std::index_sequence<I...>, const Values&... values) {
        (bind_one(std::get<I>(in), values), ...);
    }
    template <class Slot, class Value> static void bind_one(Slot& to, const Value& value) {
        to.state = soci::i_ok;
        column<std::decay_t<Value>>::write(to.value, value, to.state);
    }
    template <class Targets, std::size_t... I> void take_each(Targets& targets, std::index_sequence<I...>) {
        (take_one(std::get<I>(targets), std::get<I>(out)), ...);
    }
    template <class Target, class Slot> static void take_one(Target& target, Slot& from) {
        if constexpr (requires { target.reset(); })
            column<Target>::read(target, from.value, from.state);
        else if (from.state == soci::i_null)
            target = Target{};
        else
            column<Target>::read(target, from.value, from.state);
    }
};

// The statements kept prepared for a session of this thread (a session lives on one thread).
class statements {
public:
    template <class Prepared> Prepared& get(soci::session& session, std::string_view text) {
        auto key = std::string(text);
        auto found = kept_.find(key);
        if (found != kept_.end() && found->second.type == std::type_index(typeid(Prepared)))
            return static_cast<Prepared&>(*found->second.statement);
        if (kept_.size() >= kept_limit) kept_.clear();
        auto made = std::make_unique<Prepared>(session, key);
        auto& out = *made;
        kept_.insert_or_assign(std::move(key), entry{std::type_index(typeid(Prepared)), std::move(made)});
        return out;
    }
    void forget(std::string_view text) { kept_.erase(std::string(text)); }

private:
    static constexpr std::size_t kept_limit = 512; // filters compose texts: bounded all the same
    struct entry {
        std::type_index type;
        std::unique_ptr<prepared_base> statement;
    };
    std::unordered_map<std::string, entry> kept_;
};

statements& of(soci::session& session);

// Runs body on the prepared statement; one that failed is prepared anew the next time, so that it never stays stepped.
template <class Row, class Body, class... Values>
void run(soci::session& session, std::string_view text, const Body& body, const Values&... values) {
    using prepared_type = prepared<row_slots<Row>, std::tuple<slot<std::decay_t<Values>>...>>;
    auto& kept = of(session);
    try {
        auto& ready = kept.template get<prepared_type>(session, text);
        ready.bind(values...);
        body(ready);
    } catch (...) {
        kept.forget(text);
        throw;
    }
}

} // namespace detail

// The first row, or nothing. The text should name one row (a unique key, or LIMIT 1): the rest is read to the end and dropped.
template <class Row, class... Values> std::optional<Row> first(soci::session& session, std::string_view text, const Values&... values) {
    std::optional<Row> found;
    auto body = [&found](auto& ready) {
        for (bool more = ready.statement.execute(true); more; more = ready.statement.fetch())
            if (!found) ready.take(found.emplace());
    };
    detail::run<Row>(session, text, body, values...);
    return found;
}

// Every row, in order. Lists are bounded by LIMIT in the text.
template <class Row, class... Values> std::vector<Row> all(soci::session& session, std::string_view text, const Values&... values) {
    std::vector<Row> rows;
    auto body = [&rows](auto& ready) {
        for (bool more = ready.statement.execute(true); more; more = ready.statement.fetch()) ready.take(rows.emplace_back());
    };
    detail::run<Row>(session, text, body, values...);
    return rows;
}

// Changes rows and returns how many were matched: what a compare-and-set decides on.
template <class... Values> std::int64_t change(soci::session& session, std::string_view text, const Values&... values) {
    std::int64_t matched = 0;
    auto body = [&matched](auto& ready) {
        ready.statement.execute(true);
        matched = ready.statement.get_affected_rows();
    };
    detail::run<std::tuple<>>(session, text, body, values...);
    return matched;
}

// Inserts one row and returns its id.
template <class... Values> std::int64_t insert(soci::session& session, std::string_view text, const Values&... values) {
    change(session, text, values...);
    long long id = 0;
    session.get_last_insert_id("", id);
    return id;
}

// True when the error is a second row for a UNIQUE key (SQLite 2067 and 1555, MariaDB 1062).
bool is_duplicate(const std::exception& error);

// Drops the prepared statements of a session: before it is closed or connected again, on its own thread.
void forget_statements(soci::session& session);

// Seconds UTC by the database's own clock, shared by every node: for leases only.
// Simulations replace it with set_lease_clock.
std::int64_t lease_now(soci::session& session);

} // namespace relais::model::sql
