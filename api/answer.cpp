// SPDX-License-Identifier: EUPL-1.2
#include "api/malformed.hpp"
#include "api/routes.hpp"
#include "model/error.hpp"

namespace relais::api {

asio::awaitable<reply> answer(request& request, app& app) {
    auto found = find_route(request.method, request.path);
    if (!found.found) {
        auto out = error_reply(request, found.allowed.empty() ? 404 : 405, found.allowed.empty() ? "not_found" : "method_not_allowed");
        if (!found.allowed.empty()) out.headers.emplace_back("Allow", found.allowed);
        co_return out;
    }
    request.captures = std::move(found.captures);
    co_return co_await found.found->run(request, app);
}

reply error_reply(const request& request, const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const malformed& bad) {
        return error_reply(request, bad.status, bad.code);
    } catch (const model::busy&) {
        return error_reply(request, 503, "busy");
    } catch (const std::exception&) {
        return error_reply(request, 500, "fault");
    }
}

reply error_reply(const request& request, int status, std::string_view code) {
    reply out;
    out.status = status;
    out.content_type = "application/problem+json; charset=utf-8";
    out.text = nlohmann::json{{"status", status}, {"title", code}, {"request_id", request.id}}.dump();
    return out;
}

} // namespace relais::api
