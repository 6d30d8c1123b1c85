// SPDX-License-Identifier: EUPL-1.2
#include "server/http/chunked_decoder.hpp"

#include <catch2/catch.hpp>

#include <string>

using relais::server::chunked_decoder;
using state = chunked_decoder::state;

TEST_CASE("a chunked body is read whole, however it arrives, and the next request is left alone", "[chunked_decoder]") {
    const std::string next = "GET / HTTP/1.1\r\n";
    const std::string body = "5\r\nHello\r\n00A;name=value;x\r\n, citizens\r\n0\r\n\r\n";
    const auto sent = body + next;
    for (std::size_t cut = 0; cut <= sent.size(); ++cut) {
        chunked_decoder decoder(100);
        std::string out;
        auto used = decoder.feed(std::string_view{sent}.substr(0, cut), out);
        if (decoder.is() == state::need_more) used += decoder.feed(std::string_view{sent}.substr(cut), out);
        CHECK(decoder.is() == state::done);
        CHECK(used == body.size());
        CHECK(out == "Hello, citizens");
        CHECK(decoder.size_bytes() == 15);
    }
}

TEST_CASE("malformed chunks are refused", "[chunked_decoder]") {
    struct {
        std::string body;
        std::string code;
    } cases[] = {
        {"0\r\nX-Role: admin\r\n\r\n", "trailer_field"},
        {"0\r\n X: folded\r\n\r\n", "trailer_field"},
        {"\r\n", "chunk_size"},
        {"-1\r\n", "chunk_size"},
        {"0x5\r\n", "chunk_size"},
        {"5 \r\nHello\r\n", "chunk_size"},
        {" 5\r\nHello\r\n", "chunk_size"},
        {"000000005\r\nHello\r\n", "chunk_size"},
        {"5\nHello\r\n", "chunk_size"},
        {"5\r\rHello\r\n", "chunk_line_end"},
        {"5\r\nHelloX\r\n", "chunk_line_end"},
        {"5\r\nHello\n0\r\n\r\n", "chunk_line_end"},
        {"5\r\nHello\rX", "chunk_line_end"},
        {"0\r\n\rX", "chunk_line_end"},
        {"5;a=\"b\"\r\nHello\r\n", "chunk_extension"},
        {"5;a=\"\n\"\r\nHello\r\n", "chunk_extension"},
        {"5;a b\r\nHello\r\n", "chunk_extension"},
        {"5;" + std::string(65, 'a') + "\r\nHello\r\n", "chunk_extension_too_long"},
    };
    for (const auto& one : cases) {
        INFO(one.body);
        chunked_decoder decoder(100);
        std::string out;
        decoder.feed(one.body, out);
        CHECK(decoder.is() == state::bad);
        CHECK(decoder.status() == 400);
        CHECK(decoder.code() == one.code);
    }
}

TEST_CASE("the body limit counts all chunks, before their bytes arrive", "[chunked_decoder]") {
    chunked_decoder fits(10);
    std::string out;
    fits.feed("5\r\nHello\r\n5;" + std::string(64, 'a') + "\r\nHello\r\n0\r\n\r\n", out);
    CHECK(fits.is() == state::done);
    chunked_decoder over(10);
    over.feed("5\r\nHello\r\n6\r\n", out);
    CHECK(over.status() == 413);
    chunked_decoder huge(10);
    huge.feed("FFFFFFFF\r\n", out);
    CHECK(huge.status() == 413);
}

TEST_CASE("extensions are bounded over the whole body", "[chunked_decoder]") {
    chunked_decoder decoder(1 << 20);
    std::string out;
    auto chunk = "1;" + std::string(64, 'e') + "\r\nx\r\n";
    for (int i = 0; i < 64; ++i) decoder.feed(chunk, out);
    CHECK(decoder.is() == state::need_more);
    decoder.feed(chunk, out);
    CHECK(decoder.code() == "chunk_extension_too_long");
}
