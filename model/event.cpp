// SPDX-License-Identifier: EUPL-1.2
#include "model/event.hpp"

#include "model/sql.hpp"
#include "model/ticket_facts.hpp"

#include <algorithm>

namespace relais::model::events {

namespace {

// What the ticket has become goes with the event, for those who read it later. Who just opened it knows, and says it.
nlohmann::json with_facts(soci::session& sql, std::int64_t ticket_id, nlohmann::json data) {
    if (!data.is_object()) data = nlohmann::json::object();
    if (data.contains(ticket_facts::key)) return data;
    if (auto facts = ticket_facts::of(sql, ticket_id)) data[ticket_facts::key] = ticket_facts::write(*facts);
    return data;
}

} // namespace

void record(soci::session& sql, const actor& who, std::string_view action, std::string_view object_kind, std::int64_t object_id,
            const nlohmann::json& data, sys_seconds now) {
    constexpr std::int64_t us_in_s = 1'000'000;
    const auto whole = ticket_facts::are_changed_by(action, object_kind) ? with_facts(sql, object_id, data) : data;
    sql::change(sql,
                "INSERT INTO event (at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data) "
                "VALUES (:at_us, :actor_kind, :actor_id, :actor_name, :action, :object_kind, :object_id, :data)",
                seconds(now) * us_in_s, who.kind, who.id, who.name, action, object_kind, object_id,
                whole.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// The last of them.
std::vector<event> of(soci::session& sql, std::string_view object_kind, std::int64_t object_id, int limit) {
    auto out = sql::all<event>(sql,
                               "SELECT id, at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data FROM event "
                               "WHERE object_kind = :object_kind AND object_id = :object_id ORDER BY id DESC LIMIT :limit",
                               object_kind, object_id, limit);
    std::reverse(out.begin(), out.end());
    return out;
}

} // namespace relais::model::events
