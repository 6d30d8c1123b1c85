// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/certificate.hpp"
#include "tests/support/process.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_site.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::tests;

namespace {

// What curl receives: the status, and the headers and body after it. It trusts nobody but the test's own authority.
std::string fetch(const certificate_files& files, std::uint16_t port, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"curl", "-si", "--max-time", "10", "--cacert", files.authority.string()};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back("https://127.0.0.1:" + std::to_string(port) + "/healthz");
    process curl(words);
    auto received = curl.read_all();
    curl.wait();
    return received;
}

} // namespace

TEST_CASE("under TLS the answer is the same, and says to come back that way", "[tls]") {
    temporary_folder folder;
    auto files = make_certificate(folder.path(), "127.0.0.1");
    test_site server({}, {}, {files.certificate.string(), files.key.string()});
    server.site.strict_transport = true;
    for (auto version : {"--tlsv1.2", "--tlsv1.3"}) {
        auto received = fetch(files, server.port(), {version});
        CHECK(received.starts_with("HTTP/1.1 200"));
        CHECK(received.find("Strict-Transport-Security: max-age=63072000; includeSubDomains") != std::string::npos);
        CHECK(received.ends_with("ok\n"));
    }
}

TEST_CASE("old TLS and clear text are refused, and a silent client is cut", "[tls]") {
    temporary_folder folder;
    auto files = make_certificate(folder.path(), "127.0.0.1");
    server::http_limits limits;
    limits.header_deadline_ms = 300;
    test_site server(limits, {}, {files.certificate.string(), files.key.string()});
    CHECK(fetch(files, server.port(), {"--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"}).empty());
    raw_client clear(server.port());
    clear.send(get("/healthz"));
    CHECK(count_answers(clear.read_to_end()) == 0);
    raw_client silent(server.port());
    CHECK(silent.wait_for_close() < std::chrono::milliseconds(1500));
    CHECK(fetch(files, server.port()).starts_with("HTTP/1.1 200"));
}

TEST_CASE("a key that is not the certificate's stops the start with a sentence", "[tls]") {
    temporary_folder folder, other;
    auto files = make_certificate(folder.path(), "127.0.0.1");
    auto stranger = make_certificate(other.path(), "127.0.0.1");
    CHECK_THROWS_WITH((test_site({}, {}, {files.certificate.string(), stranger.key.string()})),
                      Catch::Contains("cannot use the certificate"));
}
