// SPDX-License-Identifier: EUPL-1.2
#include "model/attachment_store.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace relais;
using model::attachment_store;

namespace {

std::string content(std::size_t size) {
    std::string out(size, 'x');
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + i % 26);
    return out;
}

std::string read_all(const attachment_store& store, const attachment_store::stored& file) {
    std::string out;
    store.read(file.storage_name, file.key, [&](std::string_view piece) { out += piece; });
    return out;
}

} // namespace

TEST_CASE("a file comes back as it was sent, whatever its size", "[attachment_store]") {
    tests::temporary_folder folder;
    attachment_store store(folder.path("files"));
    for (std::size_t size : {0UL, 1UL, 65535UL, 65536UL, 65537UL, 300000UL}) {
        auto sent = content(size);
        auto writer = store.create();
        for (std::size_t at = 0; at < size; at += 7001) writer->write(std::string_view(sent).substr(at, 7001));
        auto file = writer->finish();
        CHECK(file.size_bytes == static_cast<std::int64_t>(size));
        CHECK(file.head == sent.substr(0, 4096));
        CHECK(read_all(store, file) == sent);
    }
}

TEST_CASE("nothing of a file can be read on the disk, and no other account may try", "[attachment_store]") {
    tests::temporary_folder folder;
    attachment_store store(folder.path("files"));
    auto writer = store.create();
    writer->write("certificat médical confidentiel");
    auto file = writer->finish();
    auto path = folder.path("files/" + file.storage_name);
    std::ifstream in(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    CHECK(bytes.find("confidentiel") == std::string::npos);
    using std::filesystem::perms;
    CHECK(std::filesystem::status(path).permissions() == (perms::owner_read | perms::owner_write));
    CHECK(std::filesystem::status(folder.path("files")).permissions() == perms::owner_all);
}

TEST_CASE("an altered, truncated or foreign file is refused", "[attachment_store]") {
    tests::temporary_folder folder;
    attachment_store store(folder.path("files"));
    auto make = [&] {
        auto writer = store.create();
        writer->write(content(200000));
        return writer->finish();
    };
    auto altered = make(), truncated = make(), other = make();
    {
        std::fstream file(folder.path("files/" + altered.storage_name), std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(70000);
        file.put('!');
    }
    std::filesystem::resize_file(folder.path("files/" + truncated.storage_name), 66000);
    CHECK_THROWS(read_all(store, altered));
    CHECK_THROWS(read_all(store, truncated));
    auto wrong_key = other;
    wrong_key.key = altered.key;
    CHECK_THROWS(read_all(store, wrong_key));
    other.storage_name = "../" + other.storage_name;
    CHECK_THROWS(read_all(store, other));
}

TEST_CASE("an upload given up halfway leaves nothing", "[attachment_store]") {
    tests::temporary_folder folder;
    attachment_store store(folder.path("files"));
    store.create()->write("half");
    CHECK(std::filesystem::is_empty(folder.path("files")));
    auto writer = store.create();
    auto file = writer->finish();
    store.remove(file.storage_name);
    store.remove(file.storage_name);
    CHECK(std::filesystem::is_empty(folder.path("files")));
}
