// SPDX-License-Identifier: EUPL-1.2
#include "server/purge_command.hpp"

#include "model/retention.hpp"

#include <date/date.h>
#include <fmt/format.h>

namespace relais::server {

namespace {

std::string day(const std::optional<model::sys_seconds>& at) { return at ? date::format("%F", date::floor<date::days>(*at)) : "-"; }

} // namespace

int count_overdue(command_context& context) {
    auto visit = [days = context.on.config.retention](soci::session& sql) {
        return model::retention::find(sql, days, model::system_now());
    };
    for (const auto& each : context.on.database.read_now(visit))
        context.result(fmt::format("{}\t{}\t{}\t{}", each.what, each.count, day(each.oldest), day(each.newest)));
    context.progress("nothing was erased: these are public archives, whose elimination wants the visa of the archives service");
    return 0;
}

} // namespace relais::server
