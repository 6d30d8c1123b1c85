// SPDX-License-Identifier: EUPL-1.2
#include "model/attachment.hpp"
#include "model/sql.hpp"
#include "server/scanner.hpp"
#include "tests/support/process.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace relais;
using namespace relais::server;

namespace {

// The EICAR test file, cut in two so that no scanner takes this source for it.
const std::string eicar = std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-") + "ANTIVIRUS-TEST-FILE!$H+H*";

// A real clamd that knows one signature: that of the test file above, in a database of its own.
class clamd {
public:
    clamd() {
        write("signatures/test.ndb", "Relais.Test.Eicar:0:*:45494341522d5354414e444152442d414e544956495255532d544553542d46494c45\n");
        write("clamd.conf", "LocalSocket " + socket() + "\nDatabaseDirectory " + folder_.path("signatures") +
                                "\nForeground yes\nUser root\nStreamMaxLength 1M\nDisableCache yes\n");
        running_ = std::make_unique<tests::process>(std::vector<std::string>{"clamd", "-c", folder_.path("clamd.conf")});
        // clamd makes its socket once its signatures are loaded.
        auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!std::filesystem::exists(socket()) && running_->is_running() && std::chrono::steady_clock::now() < limit)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        REQUIRE(std::filesystem::exists(socket()));
    }
    std::string socket() const { return folder_.path("sock"); }
    scanner_options options() const { return {socket(), "", 0, 10}; }

private:
    void write(const std::string& name, const std::string& text) {
        std::filesystem::create_directories(std::filesystem::path(folder_.path(name)).parent_path());
        std::ofstream(folder_.path(name)) << text;
    }
    tests::temporary_folder folder_;
    std::unique_ptr<tests::process> running_;
};

std::function<void(const std::function<void(std::string_view)>&)> bytes(std::string text) {
    return [text](const auto& sink) {
        for (std::size_t at = 0; at < text.size(); at += 1000) sink(std::string_view(text).substr(at, 1000));
    };
}

std::int64_t add_file(tests::temporary_database& database, model::attachment_store& store, const api::secrets& keys,
                      const std::string& text) {
    auto writer = store.create();
    writer->write(text);
    auto file = writer->finish();
    model::attachment row;
    row.public_id = row.storage_name = file.storage_name;
    row.display_name = "lettre.txt", row.media_type = "text/plain", row.sha256 = file.sha256, row.size_bytes = file.size_bytes;
    row.scan_state = "pending", row.created_at = tests::monday;
    auto sealed = keys.seal("attachment", file.key);
    return database->write_now([&](soci::session& sql) { return model::attachments::add(sql, row, sealed); });
}

} // namespace

TEST_CASE("a scanner tells a clean file from an infected one, and its absence from both", "[scanner]") {
    scanner_options nowhere;
    nowhere.socket = "/nonexistent/clamd.sock";
    CHECK(scan(nowhere, bytes("bonjour")) == scan_verdict::unavailable);
    CHECK(first_scan_state(nowhere) == "pending");
    CHECK(first_scan_state(scanner_options{}) == "unscanned");

    clamd scanner;
    CHECK(scan(scanner.options(), bytes("bonjour")) == scan_verdict::clean);
    CHECK(scan(scanner.options(), bytes("")) == scan_verdict::clean);
    CHECK(scan(scanner.options(), bytes(eicar)) == scan_verdict::infected);
    // Larger than the scanner reads: held, never taken for clean.
    CHECK(scan(scanner.options(), bytes(std::string(3'000'000, 'x'))) == scan_verdict::unavailable);

    SECTION("files held while it was away get their verdict when it is back") {
        tests::temporary_database database;
        tests::temporary_folder folder;
        model::attachment_store store(folder.path("files"));
        api::secrets keys{std::string(32, 'k')};
        auto clean = add_file(database, store, keys, "une lettre"), infected = add_file(database, store, keys, eicar);
        CHECK(scan_pending(nowhere, *database, store, keys) == 0);
        CHECK(database->read_now([](soci::session& sql) { return model::attachments::pending(sql, 10).size(); }) == 2);
        CHECK(scan_pending(scanner.options(), *database, store, keys) == 2);
        auto state = [&](std::int64_t id) {
            return database->read_now([&](soci::session& sql) {
                return *model::sql::first<std::string>(sql, "SELECT scan_state FROM attachment WHERE id = :id", id);
            });
        };
        CHECK(state(clean) == "clean");
        CHECK(state(infected) == "infected");
    }
}
