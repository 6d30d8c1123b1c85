// SPDX-License-Identifier: EUPL-1.2
#include "api/console_menu.hpp"
#include "api/guards.hpp"
#include "api/routes.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"

namespace relais::api {

namespace {

constexpr int form_key_bytes = 16;

// The guards in order, then the handler: who, how often, whether a person meant it, whether they may.
asio::awaitable<reply> serve(request& request, app& app) {
    auto found = find_route(request.method, request.path);
    request.who = co_await identify(request, app);
    if (!found.found) {
        auto out = error_reply(request, found.allowed.empty() ? 404 : 405, found.allowed.empty() ? "not_found" : "method_not_allowed");
        if (!found.allowed.empty()) out.headers.emplace_back("Allow", found.allowed);
        co_return out;
    }
    request.captures = std::move(found.captures);
    if (auto refused = check_rate(request, app)) co_return std::move(*refused);
    if (auto refused = check_origin(request, app)) co_return std::move(*refused);
    if (auto refused = check_role(request, *found.found)) co_return std::move(*refused);
    if (!is_for_everyone(*found.found))
        if (auto refused = check_csrf(request, app)) co_return std::move(*refused);
    co_return co_await found.found->run(request, app);
}

// What every page of the layout shows, whatever the handler: who is signed in, the token and the key of its forms.
void dress(reply& out, const request& request, const app& app) {
    if (out.page.empty() || request.wants_json() || !out.data.is_object()) return;
    if (!out.data.contains("form_key")) out.data["form_key"] = random_token(form_key_bytes);
    if (request.who.is != audience::kind::staff) return;
    out.data["csrf"] = csrf_token(request.who, app);
    auto role = role_bit(request.who.role);
    out.data["me"] = {{"name", request.who.name},      {"role", request.who.role},        {"is_" + request.who.role, true},
                      {"is_desk", (role & desk) != 0}, {"is_staff", (role & staff) != 0}, {"oversees", (role & (supervisor | admin)) != 0}};
    if (out.page.starts_with("console/")) out.data["menu"] = console_menu::shown(request, out.data);
    if (request.path.starts_with("/console/")) keep_chosen_language(out, request, app);
}

} // namespace

asio::awaitable<reply> answer(request& request, app& app) {
    reply out;
    std::exception_ptr fault;
    try {
        out = co_await serve(request, app);
    } catch (const unauthenticated&) {
        out = error_reply(request, 401, "unauthorized");
        out.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    } catch (...) {
        fault = std::current_exception();
    }
    if (fault) out = error_reply(request, fault);
    dress(out, request, app);
    co_return out;
}

} // namespace relais::api
