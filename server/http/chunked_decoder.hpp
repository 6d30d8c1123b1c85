// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace relais::server {

// Decodes a chunked body piece by piece. Ours because Beast 1.74 merges trailers into the header fields and never bounds them:
// here any trailer field is an error, so are chunk extensions that hold a quote or more than 64 bytes.
// Source: RFC 9112 7.1, security.md findings 7 and 8.
class chunked_decoder {
public:
    enum class state { need_more, done, bad };
    // One step: how much of the input was used, and the body bytes it held (a view into the input, maybe empty).
    struct step {
        std::size_t consumed = 0;
        std::string_view data;
    };

    explicit chunked_decoder(std::uint64_t body_limit_bytes) : body_limit_bytes_(body_limit_bytes) {}

    // Reads up to the end of one run of body bytes. Call it with what is left until the input is empty or the state is not need_more;
    // what follows a finished body (the next request) is never consumed.
    step next(std::string_view input);
    // All the steps at once; body bytes are appended to `out`. Returns the number of bytes used.
    std::size_t feed(std::string_view input, std::string& out);

    state is() const { return state_; }
    // When bad: 400, or 413 when the body is larger than the limit; and why.
    int status() const { return status_; }
    std::string_view code() const { return code_; }
    std::uint64_t size_bytes() const { return total_; }

private:
    enum class place { size, extension, size_lf, data, data_cr, data_lf, last_cr, last_lf };
    void read_byte(char c);
    void read_size_byte(char c);
    void end_size_line();
    void expect(char c, char wanted, place next_place);
    void fail(int status, std::string_view code);

    std::uint64_t body_limit_bytes_;
    std::uint64_t total_ = 0;
    std::uint64_t left_ = 0;
    std::size_t digits_ = 0;
    std::size_t extension_bytes_ = 0;
    std::size_t all_extension_bytes_ = 0;
    place place_ = place::size;
    state state_ = state::need_more;
    int status_ = 0;
    std::string_view code_;
};

} // namespace relais::server
