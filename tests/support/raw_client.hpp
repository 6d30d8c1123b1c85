// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace relais::tests {

struct raw_answer {
    int status = 0;
    std::map<std::string, std::string> headers; // names in lower case
    std::string body;                           // chunks put together
    std::string header(const std::string& name) const;
};

// A client that sends exactly the bytes it is told, over a real socket: what a browser would never send.
// Every wait is bounded; throws std::runtime_error when it lasted too long.
class raw_client {
public:
    explicit raw_client(std::uint16_t port, std::chrono::milliseconds patience = std::chrono::seconds{10});
    ~raw_client();
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;

    // False when the server closed the connection meanwhile.
    bool send(std::string_view bytes);
    // The next whole answer. has_body: false for the answer to HEAD. Throws std::runtime_error when the server closes first.
    raw_answer read_answer(bool has_body = true);
    // Everything up to and with this text, which comes while the answer is still being sent. Throws when the server closes first.
    std::string read_until(std::string_view text);
    // Everything until the server closes.
    std::string read_to_end();
    // Waits until the server closes; how long that took.
    std::chrono::milliseconds wait_for_close();
    // Says that no more bytes will come.
    void stop_sending();

private:
    bool receive();
    std::string take_line();
    std::string take(std::size_t size);

    int socket_ = -1;
    std::string received_;
};

// One request on a connection of its own.
raw_answer ask(std::uint16_t port, std::string_view request);
// "GET path HTTP/1.1", Host, and the fields given ("Name: value\r\n"), with the empty line.
std::string get(std::string_view path, std::string_view fields = "");
// The number of status lines in what a server sent.
int count_answers(std::string_view received);

} // namespace relais::tests
