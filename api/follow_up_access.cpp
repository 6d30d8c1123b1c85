// SPDX-License-Identifier: EUPL-1.2
#include "api/follow_up_access.hpp"

#include "api/follow_up_token.hpp"
#include "api/private_cookie.hpp"
#include "model/error.hpp"

namespace relais::api::follow_ups {

std::string token_of(const request& request, const app& app) { return private_cookies::get(request, app.config, cookie); }

model::ticket ticket_of(soci::session& sql, std::string_view token, int follow_up_days, std::chrono::sys_seconds now) {
    if (token.empty()) throw model::not_found();
    auto found = model::tickets::find_by_follow_up(sql, follow_up_tokens::hash(token), follow_up_days, now);
    if (!found) throw model::not_found();
    return std::move(*found);
}

std::string form_token(const secrets& keys, std::string_view token) { return keys.sign("follow_up_form", token); }

void check_form(const request& request, const app& app, std::string_view token) {
    if (!app.keys.verify("follow_up_form", token, request.field("form_token"))) throw model::forbidden("error.form_expired.text");
}

model::actor citizen() {
    model::actor out;
    out.kind = "citizen";
    return out;
}

} // namespace relais::api::follow_ups
