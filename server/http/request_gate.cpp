// SPDX-License-Identifier: EUPL-1.2
#include "server/http/request_gate.hpp"

#include "server/http/head_syntax.hpp"

#include <algorithm>
#include <array>

namespace relais::server {

namespace {

using namespace head_syntax;

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::array<std::string_view, 7> methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
// Fields of which a second one would leave two readings of the request: the gate, a proxy and a handler could each take another.
constexpr std::array<std::string_view, 10> singular_fields = {
    "host",   "content-length", "content-type", "authorization",   "cookie",
    "expect", "origin",         "referer",      "idempotency-key", "sec-fetch-site"};

struct refusal {
    int status;
    std::string_view code;
};

// Walks one head and fills the verdict. Any refusal is thrown to check_head: the checks then read as plain sentences.
class head_reader {
public:
    head_reader(std::string_view head, const gate_limits& limits) : rest_(head), limits_(limits) {}

    gate_verdict read() {
        check_bytes();
        read_request_line(next_line());
        for (auto line = next_line(); !line.empty(); line = next_line()) read_field(line);
        require(rest_.empty(), 400, "bytes_after_head");
        check_host();
        check_body();
        return verdict_;
    }

private:
    static void require(bool good, int status, std::string_view code) {
        if (!good) throw refusal{status, code};
    }

    // The end of the head is known to be there, so a line always has its CRLF.
    std::string_view next_line() {
        auto end = rest_.find(line_end);
        require(end != std::string_view::npos, 400, "head_incomplete");
        auto line = rest_.substr(0, end);
        rest_.remove_prefix(end + line_end.size());
        return line;
    }

    void check_bytes() const {
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            require(rest_[i] != '\0', 400, "nul_byte");
            if (rest_[i] == '\r') require(i + 1 < rest_.size() && rest_[i + 1] == '\n', 400, "bare_cr");
            if (rest_[i] != '\n') continue;
            require(i > 0 && rest_[i - 1] == '\r', 400, "bare_lf");
            require(i + 1 == rest_.size() || (rest_[i + 1] != ' ' && rest_[i + 1] != '\t'), 400, "folded_field");
        }
    }

    void read_request_line(std::string_view line) {
        auto first = line.find(' ');
        auto last = line.rfind(' ');
        require(first != std::string_view::npos && first != last, 400, "request_line");
        verdict_.method = line.substr(0, first);
        require(is_token(verdict_.method), 400, "method_syntax");
        read_version(line.substr(last + 1));
        require(std::find(methods.begin(), methods.end(), verdict_.method) != methods.end(), 501, "method_unknown");
        read_target(line.substr(first + 1, last - first - 1));
    }

    void read_version(std::string_view version) {
        require(version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.', 400, "version_syntax");
        require(to_number(version.substr(5, 1)) && to_number(version.substr(7, 1)), 400, "version_syntax");
        verdict_.http_1_0 = version == "HTTP/1.0";
        require(verdict_.http_1_0 || version == "HTTP/1.1", 505, "version_unknown");
        verdict_.keep_alive = !verdict_.http_1_0;
    }

    void read_target(std::string_view target) {
        require(target.size() <= limits_.target_bytes, 414, "target_too_long");
        auto printable = [](char c) { return c >= 0x21 && c <= 0x7E; };
        require(!target.empty() && std::all_of(target.begin(), target.end(), printable), 400, "target_bytes");
        verdict_.target = target;
        if (target.front() == '/') return;
        if (target == "*") return require(verdict_.method == "OPTIONS", 400, "target_form");
        read_absolute_target(target);
    }

    // RFC 9112 3.2.2: only proxies are meant to send it, yet a server must take it. Its authority is compared with Host later.
    void read_absolute_target(std::string_view target) {
        auto colon = target.find("://");
        require(colon != std::string_view::npos, 400, "target_form");
        auto scheme = target.substr(0, colon);
        require(is_same(scheme, "http") || is_same(scheme, "https"), 400, "target_form");
        auto rest = target.substr(colon + 3);
        auto slash = rest.find('/');
        target_authority_ = rest.substr(0, slash);
        require(is_authority(target_authority_), 400, "target_authority");
        verdict_.target = slash == std::string_view::npos ? std::string_view{"/"} : rest.substr(slash);
    }

    void read_field(std::string_view line) {
        require(++field_count_ <= limits_.field_count, 431, "too_many_fields");
        auto colon = line.find(':');
        require(colon != std::string_view::npos, 400, "field_without_colon");
        auto name = line.substr(0, colon);
        require(is_token(name), 400, "field_name");
        auto value = line.substr(colon + 1);
        require(is_field_value(value), 400, "field_value");
        check_singular(name);
        // A tabulation around a framing value is legal and useless: trimming spaces only leaves it there, to be refused below.
        read_known_field(name, trim_spaces(value));
    }

    void check_singular(std::string_view name) {
        for (std::size_t i = 0; i < singular_fields.size(); ++i) {
            if (!is_same(name, singular_fields[i])) continue;
            require(!seen_[i], 400, i == 0 ? "host_repeated" : i == 1 ? "content_length_repeated" : "field_repeated");
            seen_[i] = true;
        }
    }

    void read_known_field(std::string_view name, std::string_view value) {
        if (is_same(name, "host")) verdict_.host = value;
        if (is_same(name, "content-length")) read_content_length(value);
        if (is_same(name, "transfer-encoding")) read_transfer_encoding(value);
        if (is_same(name, "content-encoding")) throw refusal{400, "content_encoding"};
        if (is_same(name, "upgrade")) throw refusal{400, "upgrade"};
        if (is_same(name, "cookie")) check_cookies(value);
        if (is_same(name, "connection")) read_connection(value);
        if (is_same(name, "expect")) {
            require(is_same(value, "100-continue"), 400, "expectation_unknown");
            verdict_.expects_continue = !verdict_.http_1_0;
        }
    }

    void read_content_length(std::string_view value) {
        verdict_.content_length = to_number(value);
        require(verdict_.content_length.has_value(), 400, "content_length");
    }

    void read_transfer_encoding(std::string_view value) {
        require(!verdict_.chunked, 400, "transfer_encoding_repeated");
        require(!verdict_.http_1_0, 400, "transfer_encoding_in_1_0");
        require(value == "chunked", 501, "transfer_encoding");
        verdict_.chunked = true;
    }

    void read_connection(std::string_view value) {
        require(is_token_list(value), 400, "connection");
        if (list_has(value, "close")) closing_ = true;
        if (list_has(value, "keep-alive")) verdict_.keep_alive = true;
    }

    // Two session cookies are a fixation attempt: the browser of an honest person sends one (security.md 4.6).
    void check_cookies(std::string_view value) {
        for (const auto& name : limits_.single_cookies) {
            std::size_t count = 0;
            for (std::size_t at = 0; at < value.size();) {
                auto end = std::min(value.find(';', at), value.size());
                auto pair = value.substr(at, end - at);
                pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
                if (trim_spaces(pair.substr(0, pair.find('='))) == name) ++count;
                at = end + 1;
            }
            require(count <= 1, 400, "session_cookie_repeated");
        }
    }

    void check_host() const {
        require(seen_[0], 400, "host_missing");
        require(is_authority(verdict_.host), 400, "host");
        require(target_authority_.empty() || is_same(target_authority_, verdict_.host), 400, "target_authority");
        auto allowed = [this](const std::string& name) {
            return is_same(name, verdict_.host) || is_same(name, without_port(verdict_.host));
        };
        const auto& hosts = limits_.allowed_hosts;
        require(hosts.empty() || std::any_of(hosts.begin(), hosts.end(), allowed), 421, "host_unknown");
    }

    void check_body() {
        require(!(verdict_.chunked && verdict_.content_length), 400, "length_and_encoding");
        require(verdict_.content_length.value_or(0) <= limits_.body_bytes, 413, "body_too_large");
        if (closing_) verdict_.keep_alive = false;
    }

    std::string_view rest_;
    const gate_limits& limits_;
    gate_verdict verdict_;
    std::string_view target_authority_;
    std::size_t field_count_ = 0;
    std::array<bool, singular_fields.size()> seen_{};
    bool closing_ = false;
};

gate_verdict refused(int status, std::string_view code) {
    gate_verdict out;
    out.status = status;
    out.code = code;
    out.keep_alive = false;
    return out;
}

} // namespace

gate_verdict check_head(std::string_view raw_head, const gate_limits& limits) {
    bool complete = raw_head.ends_with(head_end);
    if (raw_head.size() > limits.head_bytes || (!complete && raw_head.size() == limits.head_bytes)) {
        bool in_first_line = raw_head.substr(0, limits.head_bytes).find(line_end) == std::string_view::npos;
        return in_first_line ? refused(414, "target_too_long") : refused(431, "head_too_large");
    }
    if (!complete) return refused(400, "head_incomplete");
    try {
        return head_reader(raw_head, limits).read();
    } catch (const refusal& why) {
        return refused(why.status, why.code);
    }
}

} // namespace relais::server
