// SPDX-License-Identifier: EUPL-1.2
#include "server/http/answer.hpp"

#include "server/http/head_syntax.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>

namespace relais::server {
namespace {

using field = std::pair<std::string_view, std::string_view>;

constexpr std::array<field, 8> security_fields = {{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
    {"X-Frame-Options", "DENY"},
    {"Cache-Control", "no-store"},
}};
constexpr field attachment_policy = {"Content-Security-Policy", "sandbox; default-src 'none'"};
constexpr field strict_transport = {"Strict-Transport-Security", "max-age=63072000; includeSubDomains"};

struct named_status {
    int status;
    std::string_view reason;
};
constexpr std::array<named_status, 27> reasons = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "No Length"},
    {412, "Changed Meanwhile"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Media Type"},
    {421, "Misdirected"},
    {422, "Unprocessable"},
    {429, "Too Many Requests"},
    {431, "Head Too Big"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
}};

std::string_view reason_of(int status) {
    auto found = std::find_if(reasons.begin(), reasons.end(), [status](const auto& each) { return each.status == status; });
    return found == reasons.end() ? std::string_view(status < 500 ? "Status" : "Error") : found->reason;
}

void add(std::string& head, std::string_view name, std::string_view value) { head.append(name).append(": ").append(value).append("\r\n"); }

bool gives(const api::reply& reply, std::string_view name) {
    return std::any_of(reply.headers.begin(), reply.headers.end(),
                       [name](const auto& each) { return head_syntax::is_same(each.first, name); });
}

bool is_attachment(const api::reply& reply) {
    return std::any_of(reply.headers.begin(), reply.headers.end(), [](const auto& each) {
        return head_syntax::is_same(each.first, "Content-Disposition") && each.second.starts_with("attachment");
    });
}

// The date changes once a second; composing it for every answer would cost more than the rest of the head.
const std::string& http_date() {
    thread_local std::time_t made_at = 0;
    thread_local std::string text;
    auto now = std::time(nullptr);
    if (now == made_at) return text;
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> buffer{};
    auto size = std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text.assign(buffer.data(), size);
    made_at = now;
    return text;
}

void add_security(std::string& head, const api::reply& reply, bool strict) {
    auto attachment = is_attachment(reply);
    for (const auto& each : security_fields) {
        const auto& [name, value] = attachment && each.first == attachment_policy.first ? attachment_policy : each;
        if (attachment && name == attachment_policy.first)
            add(head, name, value); // whatever the handler says
        else if (!gives(reply, name))
            add(head, name, value);
    }
    if (strict) add(head, strict_transport.first, strict_transport.second);
}

void add_own(std::string& head, const api::reply& reply) {
    for (const auto& [name, value] : reply.headers) {
        if (!head_syntax::is_token(name) || !head_syntax::is_field_value(value))
            throw std::invalid_argument("a reply's field cannot be sent");
        if (is_attachment(reply) && head_syntax::is_same(name, attachment_policy.first)) continue;
        add(head, name, value);
    }
}

void add_framing(std::string& head, int status, const answer_circumstances& circumstances) {
    if (has_body(status)) {
        if (circumstances.length_bytes)
            add(head, "Content-Length", std::to_string(*circumstances.length_bytes));
        else if (!circumstances.is_http_1_0)
            add(head, "Transfer-Encoding", "chunked");
    }
    if (!circumstances.keep_alive)
        add(head, "Connection", "close");
    else if (circumstances.is_http_1_0)
        add(head, "Connection", "keep-alive");
}

} // namespace

bool has_body(int status) { return status != 204 && status != 304; }

std::string answer_head(const api::reply& reply, std::string_view content_type, const answer_circumstances& circumstances) {
    std::string head;
    head.reserve(1024);
    head.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ").append(reason_of(reply.status)).append("\r\n");
    add(head, "Date", http_date());
    add(head, "X-Request-Id", circumstances.request_id);
    if (!content_type.empty() && has_body(reply.status) && !gives(reply, "Content-Type")) add(head, "Content-Type", content_type);
    add_security(head, reply, circumstances.strict_transport);
    add_own(head, reply);
    add_framing(head, reply.status, circumstances);
    return head.append("\r\n");
}

} // namespace relais::server
