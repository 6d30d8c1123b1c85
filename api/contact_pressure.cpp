// SPDX-License-Identifier: EUPL-1.2
#include "api/contact_pressure.hpp"

#include "api/limits.hpp"
#include "api/proof_of_work.hpp"
#include "api/settings.hpp"
#include "model/citizen.hpp"

namespace relais::api::contact_pressure {
namespace {

constexpr allowance steps = {200, 600, 200};
constexpr allowance uploads = {20, 600, 20};
constexpr int day_s = 24 * 3600;

allowance by_address(const settings& config) { return {config.form_per_address, config.form_window_s, config.form_burst}; }
allowance by_recipient(const settings& config) { return {config.form_per_recipient_day, day_s, config.form_per_recipient_day}; }
allowance in_all(const settings& config) { return {config.form_total_minute, 60, config.form_total_minute}; }

std::string address_bucket(const request& request) { return "form:" + limited_address(request.remote_address); }
std::string upload_bucket(const request& request) { return "form-files:" + limited_address(request.remote_address); }
// Buckets live in memory only, and still hold no address in clear.
std::string recipient_bucket(std::string_view email) { return "form-to:" + sha256_hex(model::citizens::lower_ascii(email)); }

} // namespace

need asked(const request& request, const app& app, const form_draft& draft, bool trap) {
    if (trap) return need::proof;
    if (!app.config.limits_enabled) return need::nothing;
    auto is_quick = request.now - draft.begun_at < std::chrono::seconds(shortest_s);
    auto from_address = app.rates.taken(address_bucket(request), by_address(app.config)) + (is_quick ? 1 : 0);
    if (from_address >= app.config.proof_of_work_from) return need::proof;
    auto email = draft.fields.find("requester.email");
    if (email == draft.fields.end() || email->second.empty()) return need::nothing;
    auto to = app.rates.taken(recipient_bucket(email->second), by_recipient(app.config));
    return to >= app.config.form_per_recipient_day ? need::proof : need::nothing;
}

bool is_met(const request& request, const app& app, const form_draft& draft) {
    if (proofs::verify(app.keys, draft.id, request.field("proof"), request.now)) return true;
    return draft.wait_until > 0 && model::seconds(request.now) >= draft.wait_until;
}

int take(const request& request, app& app) {
    if (!app.config.limits_enabled) return 0;
    if (auto wait = app.rates.take(address_bucket(request), by_address(app.config)); wait > 0) return wait;
    return app.rates.take("form-all", in_all(app.config));
}

int take_step(const request& request, app& app, bool with_files) {
    if (!app.config.limits_enabled) return 0;
    if (auto wait = app.rates.take("form-step:" + limited_address(request.remote_address), steps); wait > 0) return wait;
    return with_files ? app.rates.take(upload_bucket(request), uploads) : 0;
}

int upload_wait(const request& request, const app& app) {
    if (!app.config.limits_enabled) return 0;
    auto is_over = app.rates.taken(upload_bucket(request), uploads) >= uploads.burst;
    return is_over ? uploads.window_s / uploads.count : 0;
}

recipient_turn::recipient_turn(app& app, std::string_view email) : app_(app) {
    if (!app.config.limits_enabled || email.empty()) return;
    bucket_ = recipient_bucket(email);
    wait_ = app.rates.take(bucket_, by_recipient(app.config));
    is_held_ = wait_ == 0;
}

recipient_turn::~recipient_turn() {
    if (is_held_) app_.rates.give_back(bucket_);
}

void count_recipient(app& app, std::string_view email) {
    if (app.config.limits_enabled && !email.empty()) app.rates.take(recipient_bucket(email), by_recipient(app.config));
}

} // namespace relais::api::contact_pressure
