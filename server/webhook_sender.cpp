// SPDX-License-Identifier: EUPL-1.2
#include "server/webhook_sender.hpp"

#include "api/view_text.hpp"
#include "server/http_post.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

namespace relais::server {
namespace {

constexpr int batch = 20; // deliveries to one webhook in a step

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
    auto due = database_.read_now([now](soci::session& sql) { return model::webhooks::due(sql, now); });
    int begun = 0;
    std::exception_ptr failed;
    for (auto hook : due) {
        auto& told = told_[hook];
        if (told.valid() && told.wait_for(std::chrono::seconds(0)) != std::future_status::ready) continue;
        auto before = std::move(told);
        told = std::async(std::launch::async, [this, hook, now] { tell(hook, now); });
        ++begun;
        if (!before.valid()) continue;
        try {
            before.get();
        } catch (...) { // said once all have had their turn
            failed = std::current_exception();
        }
    }
    if (failed) std::rethrow_exception(failed);
    return begun;
}

void webhook_sender::wait() {
    for (auto& [hook, told] : told_)
        if (told.valid()) told.get();
    told_.clear();
}

void webhook_sender::stop() {
    is_stopping_ = true;
    told_.clear(); // waits
}

// A host that did not answer is left alone until the next step, with what else it was to be told.
void webhook_sender::tell(std::int64_t hook, model::sys_seconds now) {
    auto clock = [now, began = std::chrono::steady_clock::now()] {
        return now + std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began);
    };
    for (int i = 0; i < batch && !is_stopping_; ++i) {
        auto take = [hook, at = clock()](soci::session& sql) { return model::webhooks::take_next(sql, hook, at); };
        auto next = database_.write_now(take);
        if (!next || !send(*next, clock)) return;
    }
}

// False when nothing came back.
bool webhook_sender::send(const model::due_delivery& delivery, const model::clock_function& now) {
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
    database_.write_now([&](soci::session& sql) { model::webhooks::settle(sql, delivery.what, status, error, now()); });
    return status != 0;
}

} // namespace relais::server
