// SPDX-License-Identifier: EUPL-1.2
#include "model/saved_view.hpp"

#include "model/checked.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

namespace relais::model::saved_views {

namespace {

constexpr std::size_t name_limit = 80; // code points
const std::string columns = "SELECT id, owner_id, is_shared, name, query, version FROM saved_view ";

std::string checked_name(std::string_view typed) {
    auto name = text::check_line(typed, name_limit);
    if (!name.accepted()) throw invalid({fault("name", "text", name)});
    if (name.normalised.empty()) throw invalid({{"name", "missing", "fault.view.name_missing"}});
    return name.normalised;
}

} // namespace

std::vector<saved_view> of(soci::session& sql, std::int64_t user_id) {
    auto out = sql::all<saved_view>(sql, columns + "WHERE is_shared = 1 ORDER BY name LIMIT :limit", shared_limit);
    auto own =
        sql::all<saved_view>(sql, columns + "WHERE owner_id = :owner AND is_shared = 0 ORDER BY name LIMIT :limit", user_id, own_limit);
    out.insert(out.end(), own.begin(), own.end());
    return out;
}

saved_view get(soci::session& sql, std::int64_t id, std::int64_t user_id) {
    auto found = sql::first<saved_view>(sql, columns + "WHERE id = :id", id);
    if (!found || (!found->is_shared && found->owner_id != user_id)) throw not_found();
    return *found;
}

std::int64_t add(soci::session& sql, const saved_view& what, const actor& who, sys_seconds now) {
    auto name = checked_name(what.name);
    auto same = what.is_shared ? sql::all<saved_view>(sql, columns + "WHERE is_shared = 1 LIMIT 1000")
                               : sql::all<saved_view>(sql, columns + "WHERE owner_id = :owner AND is_shared = 0 LIMIT 1000", what.owner_id);
    for (const auto& each : same)
        if (each.name == name) {
            auto seen = what.id == each.id ? what.version : 0;
            auto taken = sql::change(sql,
                                     "UPDATE saved_view SET query = :query, version = version + 1 WHERE id = :id AND (is_shared = 0 OR "
                                     "version = :seen)",
                                     what.query, each.id, seen);
            if (taken == 0) throw conflict("conflict.view");
            return each.id;
        }
    if (same.size() >= static_cast<std::size_t>(what.is_shared ? shared_limit : own_limit))
        throw invalid({{"name", "too_many", "fault.view.too_many"}});
    auto id = sql::insert(sql,
                          "INSERT INTO saved_view (owner_id, is_shared, name, query, created_at) "
                          "VALUES (:owner, :shared, :name, :query, :now)",
                          what.owner_id, what.is_shared, name, what.query, now);
    if (what.is_shared) events::record(sql, who, "view.shared", "view", id, {{"name", name}}, now);
    return id;
}

void remove(soci::session& sql, std::int64_t id, std::int64_t seen, const actor& who, bool writes_shared, sys_seconds now) {
    auto found = get(sql, id, who.id.value_or(0));
    if (found.is_shared && !writes_shared) throw forbidden();
    auto gone = sql::change(sql, "DELETE FROM saved_view WHERE id = :id AND (is_shared = 0 OR version = :seen)", id, seen);
    if (gone == 0) throw conflict("conflict.view");
    if (found.is_shared) events::record(sql, who, "view.removed", "view", id, {{"name", found.name}}, now);
}

} // namespace relais::model::saved_views
