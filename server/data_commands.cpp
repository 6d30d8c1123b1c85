// SPDX-License-Identifier: EUPL-1.2
#include "server/data_commands.hpp"

#include "api/ticket_import.hpp"
#include "model/dossier_import.hpp"
#include "model/journal.hpp"
#include "model/share_audit.hpp"

#include <fmt/format.h>

#include <chrono>

namespace relais::server {
namespace {

// Tells bad lines at once, and how far it is once a second.
model::import_report report_to(command_context& context) {
    model::import_report report;
    report.bad_line = [&context](std::uint64_t line, std::string_view field, std::string_view code) {
        context.progress(fmt::format("line {}: {}: {}", line, field, code));
    };
    report.progress = [&context, next = std::chrono::steady_clock::now()](const model::import_counts& counts) mutable {
        auto now = std::chrono::steady_clock::now();
        if (now < next) return;
        next = now + std::chrono::seconds(1);
        context.progress(fmt::format("{} lines", counts.lines));
    };
    return report;
}

int tell(command_context& context, const model::import_counts& counts) {
    context.result(fmt::format("{} lines: {} added, {} updated, {} unchanged, {} refused", counts.lines, counts.added, counts.updated,
                               counts.unchanged, counts.refused));
    return 0;
}

} // namespace

int import_dossiers(command_context& context) {
    return tell(context, model::dossiers::import_csv(context.on.database, context.input, model::system_now(), report_to(context)));
}

int import_tickets(command_context& context) {
    return tell(context, api::import_tickets(context.on.database, context.on.keys, context.on.config.site, context.input,
                                             model::system_now(), report_to(context)));
}

int verify_journal(command_context& context) {
    auto found = model::journal::verify(context.on.database);
    context.progress(fmt::format("{} blocks, {} events", found.blocks, found.events));
    if (!found.is_whole) {
        context.progress(fmt::format("block {} is wrong ({}): somebody changed the journal after it was sealed; keep the database as it is",
                                     found.broken_block, found.why));
        return 1;
    }
    auto changed = context.on.database.read_now(model::share_audits::differences);
    for (const auto& each : changed) context.progress(each + " after the journal saw it written");
    if (!changed.empty()) return 1;
    context.result(found.last_hash);
    return 0;
}

int rebuild_search(command_context& context) {
    constexpr std::int64_t said_every = 10'000;
    std::int64_t done = 0;
    auto progress = [&](std::int64_t tickets) {
        if (tickets / said_every != done / said_every) context.progress(fmt::format("{} tickets", tickets));
        done = tickets;
    };
    context.on.rebuild_search(progress);
    context.progress(fmt::format("search index rebuilt: {} tickets", done));
    return 0;
}

} // namespace relais::server
