// SPDX-License-Identifier: EUPL-1.2
#include "server/webhook_sender.hpp"

#include "api/view_text.hpp"
#include "server/http_post.hpp"

#include <nlohmann/json.hpp>

namespace relais::server {
namespace {

constexpr int batch = 20;

// Says that something happened and where to read it: no name, no word of anybody leaves by this way.
nlohmann::json body_of(const model::due_delivery& delivery) {
    const auto& about = delivery.about;
    constexpr std::int64_t us_in_s = 1'000'000;
    return {{"delivery", delivery.what.id},
            {"event", about.id},
            {"at", api::view_text::rfc3339(model::at_seconds(about.at_us / us_in_s))},
            {"action", about.action},
            {"object",
             {{"kind", about.object_kind},
              {"id", about.object_id},
              {"reference", delivery.reference.empty() ? nlohmann::json(nullptr) : nlohmann::json(delivery.reference)}}}};
}

} // namespace

int webhook_sender::step(model::sys_seconds now) {
    database_.write_now([now](soci::session& sql) { return model::webhooks::plan(sql, now); });
    auto due = database_.write_now([now](soci::session& sql) { return model::webhooks::take_due(sql, batch, now); });
    for (const auto& each : due) send(each, now);
    return static_cast<int>(due.size());
}

void webhook_sender::send(const model::due_delivery& delivery, model::sys_seconds now) {
    long status = 0;
    auto error = rules_.refusal(delivery.to.url); // the list of hosts may have changed since
    if (error.empty()) {
        auto body = body_of(delivery).dump();
        auto answer = post_json(delivery.to.url,
                                {"X-Relais-Delivery: " + std::to_string(delivery.what.id),
                                 "X-Relais-Signature: sha256=" + api::webhook_signature(api::webhook_secret(keys_, delivery.to.id), body)},
                                body, {.is_public_only = !rules_.private_addresses});
        status = answer.status, error = answer.error;
        if (error.empty() && (status < 200 || status > 299)) error = "answered " + std::to_string(status);
    }
    database_.write_now([&](soci::session& sql) { model::webhooks::settle(sql, delivery.what, status, error, now); });
}

} // namespace relais::server
