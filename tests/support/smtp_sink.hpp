// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "tests/support/process.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace relais::tests {

// tests/support/smtp_sink.mjs running beside the test: a real SMTP server that keeps what it receives. Options: see that file.
class smtp_sink {
public:
    explicit smtp_sink(const std::filesystem::path& directory, std::vector<std::string> options = {});

    int port() const { return port_; }
    // The mails received so far, oldest first: envelope {from, to}, subject, text, headers, message_id, file...
    std::vector<nlohmann::json> mails() const;
    // The same, once there are `count`. Throws std::runtime_error at the limit.
    std::vector<nlohmann::json> wait_for(std::size_t count, std::chrono::milliseconds limit = std::chrono::seconds{10}) const;
    // Whether a client has named a recipient yet: it is in the middle of a mail.
    bool was_asked() const { return std::filesystem::exists(directory_ / "asked"); }
    // The bytes of one mail as they came.
    std::string bytes(const nlohmann::json& mail) const;
    void stop() { program_.stop(); }

private:
    std::filesystem::path directory_;
    process program_;
    int port_ = 0;
};

} // namespace relais::tests
