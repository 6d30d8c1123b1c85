// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_files.hpp"

#include "api/file_download.hpp"
#include "api/guards.hpp"
#include "api/ticket_page.hpp"
#include "model/attachment.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/ticket.hpp"

namespace relais::api {

namespace {

struct wanted_file {
    model::attachment file;
    std::string key_sealed;
};

// Refused before it is noted: what was held was not read.
wanted_file take_file(soci::session& sql, const std::string& reference, const std::string& id, const model::actor& who,
                      model::sys_seconds now) {
    auto ticket = model::tickets::get(sql, reference);
    wanted_file out;
    out.file = model::attachments::get(sql, ticket.id, id);
    if (out.file.scan_state == "pending" || out.file.scan_state == "infected") throw model::conflict("ticket.file_held");
    out.key_sealed = model::attachments::key_sealed(sql, out.file.id);
    model::events::record(sql, who, "ticket.file_read", "ticket", ticket.id, {{"file", out.file.id}}, now);
    return out;
}

} // namespace

asio::awaitable<reply> get_ticket_file(const request& request, app& app) {
    auto visit = [reference = ticket_reference(request), id = request.capture(1), who = actor_of(request),
                  now = request.now](soci::session& sql) { return take_file(sql, reference, id, who, now); };
    auto wanted = co_await app.database.write(std::move(visit));
    co_return co_await download(app, wanted.file, wanted.key_sealed);
}

} // namespace relais::api
