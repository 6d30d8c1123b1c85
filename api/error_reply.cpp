// SPDX-License-Identifier: EUPL-1.2
#include "api/malformed.hpp"
#include "api/routes.hpp"
#include "model/error.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <string>
#include <typeinfo>

namespace relais::api {

namespace {

// The codes that have words of their own in templates/locales, under "error"; the others borrow those of their status.
constexpr std::array<std::string_view, 13> told = {
    "bad_request", "unauthorized", "forbidden",         "csrf", "other_site", "not_found", "method_not_allowed", "conflict",
    "too_large",   "invalid",      "too_many_requests", "busy", "fault"};

// The reasons of a conflict which say that the object is no longer the one that was seen: 412 to whoever named a version.
constexpr std::array<std::string_view, 6> changed_meanwhile = {"conflict.version", "conflict.rule",   "conflict.canned",
                                                               "conflict.dates",   "conflict.member", "conflict.view"};

std::string_view general_code(int status) {
    switch (status) {
    case 401:
        return "unauthorized";
    case 403:
        return "forbidden";
    case 404:
        return "not_found";
    case 405:
        return "method_not_allowed";
    case 409:
    case 412:
        return "conflict";
    case 413:
        return "too_large";
    case 422:
        return "invalid";
    case 429:
        return "too_many_requests";
    case 503:
        return "busy";
    default:
        return status >= 500 ? "fault" : "bad_request";
    }
}

// RFC 9457, and what the page "error" shows.
reply problem(const request& request, int status, std::string_view code) {
    auto known = std::find(told.begin(), told.end(), code) != told.end();
    auto key = "error." + std::string(known ? code : general_code(status));
    reply out;
    out.status = status;
    out.page = "error";
    out.data = {{"type", "urn:relais:error:" + std::string(code)},
                {"status", status},
                {"code", code},
                {"t:title", key + ".title"},
                {"t:detail", key + ".text"},
                {"request_id", request.id}};
    if (request.wants_json()) out.headers.emplace_back("Content-Type", "application/problem+json; charset=utf-8");
    return out;
}

// All the mistakes at once (contract.md).
reply unprocessable(const request& request, const model::invalid& error) {
    auto out = problem(request, 422, "invalid");
    auto& errors = out.data["errors"] = nlohmann::json::array();
    for (const auto& each : error.faults) {
        nlohmann::json one = {{"field", each.field}, {"code", each.code}, {"t:message", each.message}};
        if (!each.value.empty()) one["value"] = each.value;
        errors.push_back(std::move(one));
    }
    return out;
}

// The model's reason is a key of its own: what exactly was refused is said instead of the general sentence.
reply with_reason(reply out, const std::string& reason) {
    if (reason.find('.') != std::string::npos) out.data["t:detail"] = reason;
    out.data["reason"] = reason;
    return out;
}

reply unavailable(const request& request, int retry_after_s) {
    auto out = problem(request, 503, "busy");
    out.headers.emplace_back("Retry-After", std::to_string(retry_after_s));
    return out;
}

// What nobody foresaw. The text of a database's error holds the values of the statement: it is never written anywhere.
reply fault(const request& request, const char* type) {
    spdlog::error("request {} failed: {}", request.id, type);
    return problem(request, 500, "fault");
}

} // namespace

reply error_reply(const request& request, int status, std::string_view code) {
    constexpr int retry_after_s = 5;
    if (status == 503) return unavailable(request, retry_after_s);
    return problem(request, status, code);
}

reply error_reply(const request& request, const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const model::not_found&) {
        return problem(request, 404, "not_found");
    } catch (const model::conflict& known) {
        auto is_late = std::find(changed_meanwhile.begin(), changed_meanwhile.end(), known.what()) != changed_meanwhile.end();
        auto named_version = !request.header("if-match").empty();
        return with_reason(problem(request, is_late && named_version ? 412 : 409, "conflict"), known.what());
    } catch (const model::forbidden& known) {
        return with_reason(problem(request, 403, "forbidden"), known.what());
    } catch (const model::invalid& known) {
        return unprocessable(request, known);
    } catch (const model::busy& known) {
        return unavailable(request, known.retry_after_s);
    } catch (const malformed& known) {
        return problem(request, known.status, known.code);
    } catch (const std::exception& unknown) {
        return fault(request, typeid(unknown).name());
    } catch (...) {
        return fault(request, "something that is not an exception");
    }
}

} // namespace relais::api
