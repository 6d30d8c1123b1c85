// SPDX-License-Identifier: EUPL-1.2
#include "server/http/chunked_decoder.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstdio>
#include <string>

using namespace relais;
using fuzz::require;
using server::chunked_decoder;

namespace {

constexpr std::uint64_t limit = 4096;

struct result {
    chunked_decoder decoder{limit};
    std::string body;
    std::size_t used = 0;
    void feed(std::string_view piece) {
        if (decoder.is() == chunked_decoder::state::need_more) used += decoder.feed(piece, body);
    }
};

void same(const result& a, const result& b) {
    require(a.decoder.is() == b.decoder.is(), "same state however it is cut");
    require(a.decoder.code() == b.decoder.code() && a.decoder.status() == b.decoder.status(), "same reason however it is cut");
    require(a.body == b.body && a.used == b.used, "same bytes however they are cut");
}

std::string encode(std::string_view body) {
    std::string out;
    fuzz::in_pieces(body, [&out](std::string_view piece) {
        char size[16];
        std::snprintf(size, sizeof size, "%zx;x=1\r\n", piece.size());
        out.append(size).append(piece).append("\r\n");
    });
    return out + "0\r\n\r\n";
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::view(data, size);
    result whole;
    result bytes;
    result pieces;
    whole.feed(input);
    fuzz::byte_by_byte(input, [&](std::string_view piece) { bytes.feed(piece); });
    fuzz::in_pieces(input, [&](std::string_view piece) { pieces.feed(piece); });
    same(whole, bytes);
    same(whole, pieces);
    require(whole.body.size() <= limit, "never more than the limit");
    require(whole.decoder.is() != chunked_decoder::state::done || input.substr(0, whole.used).ends_with("\r\n"), "ends with its last line");
    if (size > 1024) return 0;
    result again;
    auto encoded = encode(input);
    again.feed(encoded + "GET");
    require(again.decoder.is() == chunked_decoder::state::done && again.body == input, "what is encoded is decoded");
    require(again.used == encoded.size(), "the next request is left alone");
    return 0;
}
