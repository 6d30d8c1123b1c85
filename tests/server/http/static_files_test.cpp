// SPDX-License-Identifier: EUPL-1.2
#include "server/http/static_files.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_site.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace relais;
using namespace relais::tests;

namespace {

void write(const std::string& file, std::string_view bytes) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

void make_assets(const temporary_folder& folder) {
    write(folder.path("assets/relais-1f3a.css"), "body { color: black }");
    write(folder.path("assets/relais-1f3a.css.gz"), "not really gzip");
    write(folder.path("assets/icons/logo-77.svg"), "<svg/>");
    write(folder.path("assets/notes.md"), "of no known type");
    write(folder.path("secret.txt"), "outside");
}

} // namespace

TEST_CASE("an asset is served for a year, with its type, and compressed for those who take it", "[assets]") {
    temporary_folder folder;
    make_assets(folder);
    test_site server({}, {}, {}, folder.path("assets"));
    auto plain = ask(server.port(), get("/assets/relais-1f3a.css"));
    CHECK(plain.status == 200);
    CHECK(plain.body == "body { color: black }");
    CHECK(plain.header("content-type") == "text/css; charset=utf-8");
    CHECK(plain.header("cache-control") == "public, max-age=31536000, immutable");
    CHECK(plain.header("vary") == "Accept-Encoding");
    CHECK(plain.header("content-encoding").empty());
    auto packed = ask(server.port(), get("/assets/relais-1f3a.css", "Accept-Encoding: br, gzip\r\n"));
    CHECK(packed.body == "not really gzip");
    CHECK(packed.header("content-encoding") == "gzip");
    CHECK(packed.header("etag") != plain.header("etag"));
    CHECK(ask(server.port(), get("/assets/relais-1f3a.css", "Accept-Encoding: gzip;q=0, br\r\n")).header("content-encoding").empty());
    CHECK(ask(server.port(), get("/assets/icons/logo-77.svg")).header("content-type") == "image/svg+xml; charset=utf-8");
}

TEST_CASE("an asset the browser already holds is not sent again", "[assets]") {
    temporary_folder folder;
    make_assets(folder);
    test_site server({}, {}, {}, folder.path("assets"));
    auto etag = ask(server.port(), get("/assets/icons/logo-77.svg")).header("etag");
    auto again = ask(server.port(), get("/assets/icons/logo-77.svg", "If-None-Match: " + etag + "\r\n"));
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.header("etag") == etag);
    CHECK(ask(server.port(), get("/assets/icons/logo-77.svg", "If-None-Match: \"other\"\r\n")).status == 200);
    auto head = ask(server.port(), "HEAD /assets/icons/logo-77.svg HTTP/1.1\r\nHost: a.test\r\n\r\n");
    CHECK(head.header("content-length") == "6");
}

TEST_CASE("nothing else of the disk can be had", "[assets]") {
    temporary_folder folder;
    make_assets(folder);
    test_site server({}, {}, {}, folder.path("assets"));
    for (auto path :
         {"/assets/", "/assets/notes.md", "/assets/icons", "/assets/icons/", "/assets/absent.css", "/assets/relais-1f3a.css.gz"})
        CHECK(ask(server.port(), get(path)).status == 404);
    for (auto path : {"/assets/../secret.txt", "/assets/%2e%2e/secret.txt", "/assets/..%2fsecret.txt", "/assets//etc/passwd"})
        CHECK(ask(server.port(), get(path)).status >= 400);
    auto posted = ask(server.port(), "POST /assets/icons/logo-77.svg HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
    CHECK(posted.status == 405);
    CHECK(posted.header("allow") == "GET, HEAD");
}
