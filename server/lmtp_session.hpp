// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

// What a mail server says to us, and what we answer (RFC 2033). No sockets: bytes in, bytes out, so that it can be tested and fuzzed whole.
class lmtp_session {
public:
    struct message {
        std::string sender; // of the envelope; empty: "<>"
        std::string recipient, bytes;
    };
    struct office {
        // True when this address is one of ours: decided before anything is sent to it.
        std::function<bool(const std::string& recipient)> is_known;
        // Keeps the message, committed when this returns: "250 ...", or "451 ..." for another try, or "550 ...".
        std::function<std::string(const message&)> take;
    };
    struct limits {
        std::size_t line_bytes = 1024, message_bytes = 25 * 1024 * 1024, recipients = 10, wrong_commands = 10;
    };
    lmtp_session(std::string host, office with, limits within);

    std::string greeting() const;
    // Takes what has come; returns what to answer, perhaps nothing yet.
    std::string feed(std::string_view bytes);
    // The connection is to be closed once the answer has left.
    bool is_over() const { return is_over_; }

private:
    std::string command(std::string_view line);
    std::string mail(std::string_view argument);
    std::string recipient(std::string_view argument);
    std::string data_line(std::string_view line);
    std::string deliver();
    std::string wrong(const std::string& answer);
    void reset();

    std::string host_;
    office with_;
    limits within_;
    std::string pending_, sender_, content_;
    std::vector<std::string> recipients_;
    std::size_t wrong_ = 0;
    bool is_greeted_ = false, has_sender_ = false, is_in_data_ = false, is_too_big_ = false, is_over_ = false;
};

} // namespace relais::server
