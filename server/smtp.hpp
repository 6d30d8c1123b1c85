// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace relais::server {

struct smtp_settings {
    std::string host;
    int port = 25;
    std::string security = "starttls"; // "none", "starttls" (refused when the server offers none) or "tls" (from the first byte)
    std::string user;                  // empty: no authentication
    std::string password_file;         // its first line
    std::string ca_file;               // empty: the system's authorities. Certificate and host name are always verified
    std::string local_name;            // said in EHLO; empty: the machine's name
    int connect_timeout_s = 5;
    int total_timeout_s = 60;
};

// Why these settings cannot work, in a few words; empty when they can.
std::string smtp_fault(const smtp_settings& settings);

// What became of one message.
struct delivery {
    enum class outcome {
        sent,
        temporary, // try again later: the network, a 4xx, or a refusal that is about us and not about the recipient
        permanent, // this recipient or this message will never pass: a 5xx after RCPT or after the message
    };
    outcome is = outcome::temporary;
    int code = 0;     // the server's last reply, 0 when there was none
    std::string text; // for people who operate the server: at most 200 bytes, addresses left out
};

// Sends messages one at a time over one connection, kept open between messages. Used from one thread.
class smtp_client {
public:
    // Throws: std::invalid_argument, for a setting that cannot work; std::runtime_error, when the password file cannot be read.
    // abandoned: when given, a message under way is dropped within a second of its becoming true (a stop that cannot wait).
    explicit smtp_client(smtp_settings settings, const std::atomic<bool>* abandoned = nullptr);
    ~smtp_client();
    smtp_client(smtp_client&&) noexcept;
    smtp_client& operator=(smtp_client&&) noexcept;

    // sender: empty for acknowledgements ("<>", so that nothing ever comes back: RFC 3834). message: the bytes of mails::write.
    // Never throws for what the server says or does.
    delivery send(const std::string& sender, const std::string& recipient, std::string_view message);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace relais::server
