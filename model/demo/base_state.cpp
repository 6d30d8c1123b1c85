// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/base_state.hpp"

#include "model/clock.hpp"
#include "model/setting.hpp"
#include "model/sql.hpp"

namespace relais::model::demo {
namespace {

constexpr auto started_setting = "demonstration_started";
constexpr auto filled_setting = "demonstration_filled";

bool holds_something(soci::session& sql) {
    return sql::first<std::int64_t>(sql, "SELECT id FROM ticket LIMIT 1") ||
           sql::first<std::int64_t>(sql, "SELECT id FROM dossier LIMIT 1") ||
           sql::first<std::int64_t>(sql, "SELECT id FROM user_account LIMIT 1");
}

} // namespace

base_state state_of(database& base) {
    return base.read_now([](soci::session& sql) {
        if (settings::find(sql, filled_setting)) return base_state::filled;
        if (settings::find(sql, started_setting)) return base_state::interrupted;
        return holds_something(sql) ? base_state::foreign : base_state::empty;
    });
}

void mark_started(database& base, sys_seconds now) {
    base.write_now([now](soci::session& sql) { settings::set(sql, started_setting, std::to_string(seconds(now))); });
}

} // namespace relais::model::demo
