// SPDX-License-Identifier: EUPL-1.2
#include "server/lmtp_session.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace relais::server {
namespace {

constexpr std::size_t address_limit = 320;

std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

// "<a@b> SIZE=12": the address and what follows; nothing when it is not written so.
std::optional<std::pair<std::string, std::string>> path_of(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    auto end = text.find('>');
    if (!text.starts_with('<') || end == std::string_view::npos || end > address_limit) return std::nullopt;
    std::string address(text.substr(1, end - 1));
    for (auto c : address)
        if (static_cast<unsigned char>(c) <= ' ' || c == '<' || c == 127) return std::nullopt;
    return std::pair(std::move(address), upper(text.substr(end + 1)));
}

std::size_t announced_size(std::string_view parameters) {
    auto at = parameters.find("SIZE=");
    std::size_t out = 0;
    if (at != std::string_view::npos) std::from_chars(parameters.data() + at + 5, parameters.data() + parameters.size(), out);
    return out;
}

} // namespace

lmtp_session::lmtp_session(std::string host, office with, limits within)
    : host_(std::move(host)), with_(std::move(with)), within_(within) {}

std::string lmtp_session::greeting() const { return "220 " + host_ + " LMTP Relais\r\n"; }

// Lines end with CRLF and with nothing else: what one reader takes for an end and another does not is how mails are smuggled in
// (CVE-2023-51764). A lone LF or CR ends the conversation.
std::string lmtp_session::feed(std::string_view bytes) {
    std::string out;
    pending_.append(bytes);
    std::size_t from = 0;
    while (!is_over_) {
        auto end = pending_.find('\n', from);
        auto longest = is_in_data_ ? within_.message_bytes : within_.line_bytes;
        if (std::min(end, pending_.size()) - from > longest) {
            is_over_ = true;
            out += "500 5.5.2 line too long\r\n";
        }
        if (is_over_ || end == std::string::npos) break;
        std::string line = pending_.substr(from, end - from);
        from = end + 1;
        if (!line.ends_with('\r') || line.find('\r') != line.size() - 1) {
            is_over_ = true;
            out += "500 5.5.2 lines end with CRLF\r\n";
            break;
        }
        line.pop_back();
        out += is_in_data_ ? data_line(line) : command(line);
    }
    pending_.erase(0, from);
    return out;
}

std::string lmtp_session::command(std::string_view line) {
    auto space = line.find(' ');
    auto verb = upper(line.substr(0, space));
    auto argument = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    if (verb == "LHLO") {
        reset();
        is_greeted_ = true;
        return "250-" + host_ + "\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SIZE " +
               std::to_string(within_.message_bytes) + "\r\n";
    }
    if (verb == "QUIT") return is_over_ = true, "221 2.0.0 bye\r\n";
    if (verb == "NOOP") return "250 2.0.0 here\r\n";
    if (verb == "RSET") return reset(), "250 2.0.0 forgotten\r\n";
    if (!is_greeted_) return wrong("503 5.5.1 LHLO first\r\n");
    if (verb == "MAIL" && upper(argument.substr(0, 5)) == "FROM:") return mail(argument.substr(5));
    if (verb == "RCPT" && upper(argument.substr(0, 3)) == "TO:") return recipient(argument.substr(3));
    if (verb != "DATA") return wrong("500 5.5.2 unknown command\r\n");
    if (recipients_.empty()) return wrong("503 5.5.1 no recipient\r\n");
    is_in_data_ = true;
    return "354 go on\r\n";
}

std::string lmtp_session::mail(std::string_view argument) {
    auto path = path_of(argument);
    if (!path) return wrong("501 5.5.4 not an address\r\n");
    if (announced_size(path->second) > within_.message_bytes) return "552 5.3.4 too big\r\n";
    reset();
    sender_ = path->first, has_sender_ = true;
    return "250 2.1.0 ok\r\n";
}

std::string lmtp_session::recipient(std::string_view argument) {
    if (!has_sender_) return wrong("503 5.5.1 MAIL first\r\n");
    auto path = path_of(argument);
    if (!path || path->first.empty()) return wrong("501 5.5.4 not an address\r\n");
    if (recipients_.size() >= within_.recipients) return "452 4.5.3 too many recipients\r\n";
    auto is_known = false;
    try {
        is_known = with_.is_known(path->first);
    } catch (const std::exception&) {
        return "451 4.3.0 try again later\r\n"; // the database is away: nothing was said about the address
    }
    if (!is_known) return wrong("550 5.1.1 no such address here\r\n");
    recipients_.push_back(path->first);
    return "250 2.1.5 ok\r\n";
}

std::string lmtp_session::data_line(std::string_view line) {
    if (line == ".") return deliver();
    if (line.starts_with('.')) line.remove_prefix(1);
    is_too_big_ = is_too_big_ || content_.size() + line.size() + 2 > within_.message_bytes;
    if (!is_too_big_) content_.append(line).append("\r\n");
    return {};
}

std::string lmtp_session::deliver() {
    std::string out;
    for (const auto& each : recipients_) {
        std::string answer = "552 5.3.4 too big";
        if (!is_too_big_) try {
                answer = with_.take({sender_, each, content_});
            } catch (const std::exception&) {
                answer = "451 4.3.0 try again later";
            }
        out += answer + "\r\n";
    }
    reset();
    return out;
}

// Somebody who guesses addresses, or does not speak our language, is let go.
std::string lmtp_session::wrong(const std::string& answer) {
    if (++wrong_ < within_.wrong_commands) return answer;
    is_over_ = true;
    return "421 4.7.0 too many errors\r\n";
}

void lmtp_session::reset() {
    sender_.clear(), content_.clear(), recipients_.clear();
    has_sender_ = is_in_data_ = is_too_big_ = false;
}

} // namespace relais::server
