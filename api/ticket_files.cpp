// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_files.hpp"

#include "api/content_disposition.hpp"
#include "api/guards.hpp"
#include "api/secrets.hpp"
#include "api/ticket_page.hpp"
#include "model/attachment.hpp"
#include "model/attachment_store.hpp"
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
    reply out;
    out.content_type = wanted.file.media_type;
    out.headers = {{"Content-Disposition", attachment_disposition(wanted.file.display_name)}};
    out.stream_size_bytes = wanted.file.size_bytes;
    auto key = app.keys.open("attachment", wanted.key_sealed);
    out.stream = [&store = app.attachments, name = wanted.file.storage_name, key](const auto& sink) { store.read(name, key, sink); };
    co_return out;
}

} // namespace relais::api
