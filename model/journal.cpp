// SPDX-License-Identifier: EUPL-1.2
#include "model/journal.hpp"

#include "model/error.hpp"
#include "model/event.hpp"
#include "model/event_mark.hpp"
#include "model/sql.hpp"

#include <sodium.h>

#include <array>
#include <optional>
#include <string>
#include <tuple>

namespace relais::model::journal {

namespace {

struct block {
    std::int64_t id = 0, first_event_id = 0, last_event_id = 0, events = 0;
    std::string previous_hash, hash;
    auto fields() { return std::tie(id, first_event_id, last_event_id, events, previous_hash, hash); }
};

const std::string block_columns = "id, first_event_id, last_event_id, events, previous_hash, hash";
const std::string nothing_before(64, '0');

class digest {
public:
    digest() { crypto_hash_sha256_init(&state_); }
    // Each text goes with its length: two neighbours cannot lend each other characters.
    void add(const std::string& text) {
        auto framed = std::to_string(text.size()) + ":" + text;
        crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(framed.data()), framed.size());
    }
    std::string hex() {
        std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
        crypto_hash_sha256_final(&state_, hash.data());
        std::array<char, crypto_hash_sha256_BYTES * 2 + 1> text{};
        return sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
    }

private:
    crypto_hash_sha256_state state_{};
};

std::string hash_of(const std::string& previous, const std::vector<event>& events) {
    digest out;
    out.add(previous);
    for (const auto& each : events) {
        out.add(std::to_string(each.id)), out.add(std::to_string(each.at_us));
        out.add(each.actor_kind), out.add(each.actor_id ? std::to_string(*each.actor_id) : std::string()), out.add(each.actor_name);
        out.add(each.action), out.add(each.object_kind), out.add(std::to_string(each.object_id)), out.add(each.data);
    }
    return out.hex();
}

std::optional<block> last_block(soci::session& sql) {
    return sql::first<block>(sql, "SELECT " + block_columns + " FROM event_block ORDER BY last_event_id DESC LIMIT 1");
}

std::vector<event> events_between(soci::session& sql, std::int64_t after, std::int64_t until, int limit) {
    return sql::all<event>(sql,
                           "SELECT id, at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data FROM event "
                           "WHERE id > :after AND id <= :until ORDER BY id LIMIT :limit",
                           after, until, limit);
}

// What is wrong with a block, or an empty text. Rows that came between it and the one before were sealed by nobody.
std::string fault_of(soci::session& sql, const block& checked, const std::string& previous_hash, std::int64_t previous_last) {
    if (checked.previous_hash != previous_hash) return "chain";
    auto rows = events_between(sql, checked.first_event_id - 1, checked.last_event_id, block_limit + 1);
    if (static_cast<std::int64_t>(rows.size()) != checked.events || hash_of(previous_hash, rows) != checked.hash) return "content";
    if (!events_between(sql, previous_last, checked.first_event_id - 1, 1).empty()) return "stray";
    return {};
}

} // namespace

std::int64_t seal(soci::session& sql, sys_seconds now) {
    auto before = last_block(sql);
    auto events = events_between(sql, before ? before->last_event_id : 0, event_marks::settled(sql), block_limit);
    if (events.empty()) return 0;
    auto previous = before ? before->hash : nothing_before;
    try {
        sql::change(sql,
                    "INSERT INTO event_block (first_event_id, last_event_id, events, previous_hash, hash, sealed_at) "
                    "VALUES (:first, :last, :events, :previous, :hash, :now)",
                    events.front().id, events.back().id, events.size(), previous, hash_of(previous, events), now);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        return 0; // the previous hash is unique: the chain has no branches
    }
    return static_cast<std::int64_t>(events.size());
}

findings verify(database& from) {
    findings out;
    out.last_hash = nothing_before;
    std::int64_t last_id = 0;
    for (;;) {
        std::string fault;
        auto look = [&](soci::session& sql) {
            auto next = sql::first<block>(
                sql, "SELECT " + block_columns + " FROM event_block WHERE last_event_id > :last ORDER BY last_event_id LIMIT 1", last_id);
            if (next) fault = fault_of(sql, *next, out.last_hash, last_id);
            return next;
        };
        auto found = from.read_now(look);
        if (!found) return out;
        if (!fault.empty()) {
            out.is_whole = false, out.broken_block = found->id, out.why = fault;
            return out;
        }
        ++out.blocks, out.events += found->events;
        out.last_hash = found->hash, last_id = found->last_event_id;
    }
}

} // namespace relais::model::journal
