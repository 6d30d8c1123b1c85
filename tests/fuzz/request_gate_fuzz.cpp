// SPDX-License-Identifier: EUPL-1.2
#include "server/http/request_gate.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <string>

using namespace relais;
using fuzz::require;

namespace {

// Counts the fields of a name as a naive server would: each line that starts with it, whatever its case.
std::size_t count_fields(std::string_view head, std::string_view name) {
    std::string lower{head};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::size_t count = 0;
    for (auto at = lower.find('\n'); at != std::string::npos; at = lower.find('\n', at + 1)) {
        if (std::string_view{lower}.substr(at + 1).starts_with(name)) ++count;
    }
    return count;
}

bool is_within(std::string_view part, std::string_view whole) {
    return part == "/" || part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_accepted(std::string_view head, const server::gate_verdict& verdict) {
    require(count_fields(head, "host:") == 1, "one Host");
    require(count_fields(head, "content-length:") == (verdict.content_length ? 1U : 0U), "one Content-Length or none");
    require(count_fields(head, "transfer-encoding:") == (verdict.chunked ? 1U : 0U), "one Transfer-Encoding or none");
    require(count_fields(head, "content-encoding:") + count_fields(head, "upgrade:") == 0, "no Content-Encoding, no Upgrade");
    require(count_fields(head, " ") + count_fields(head, "\t") == 0, "no folded field");
    require(!(verdict.chunked && verdict.content_length), "one way to say where the body ends");
    require(head.find('\0') == std::string_view::npos, "no NUL");
    require(std::count(head.begin(), head.end(), '\r') == std::count(head.begin(), head.end(), '\n'), "every line end is CR LF");
    require(head.find("\r\n\r\n") == head.size() - 4, "one head");
    require(head.size() <= 8192 && verdict.target.size() <= 4096, "limits");
    require(!verdict.host.empty() && !verdict.target.empty(), "a host and a target");
    require(verdict.target.front() == '/' || (verdict.target == "*" && verdict.method == "OPTIONS"), "a path, or OPTIONS *");
    require(is_within(verdict.host, head) && is_within(verdict.method, head) && is_within(verdict.target, head), "views into the head");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto head = fuzz::view(data, size);
    server::gate_limits limits;
    auto verdict = server::check_head(head, limits);
    if (!verdict.accepted()) {
        require(!verdict.keep_alive && !verdict.code.empty(), "a refusal has a reason and closes");
        require(verdict.status >= 400 && verdict.status <= 505, "a refusal is an error");
        return 0;
    }
    check_accepted(head, verdict);
    require(!server::check_head(head.substr(0, size - 1), limits).accepted(), "a cut head is refused");
    require(!server::check_head(std::string{head} + "x", limits).accepted(), "bytes after the head are refused");
    limits.allowed_hosts = {std::string{verdict.host}};
    require(server::check_head(head, limits).accepted(), "a host of the list is taken");
    limits.allowed_hosts = {std::string{verdict.host} + "x"};
    require(server::check_head(head, limits).status == 421, "a host that is not of the list is sent elsewhere");
    return 0;
}
