// SPDX-License-Identifier: EUPL-1.2
#include "model/attachment.hpp"
#include "model/sql.hpp"
#include "server/scanner.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <cstdlib>
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

// What a page holds between these two texts; empty when it does not.
std::string between(const std::string& page, const std::string& before, const std::string& after) {
    auto from = page.find(before);
    if (from == std::string::npos) return {};
    from += before.size();
    return page.substr(from, page.find(after, from) - from);
}

std::string file_part(const std::string& name, const std::string& text) {
    return "--b\r\nContent-Disposition: form-data; name=\"files[]\"; filename=\"" + name + "\"\r\nContent-Type: text/plain\r\n\r\n" + text +
           "\r\n";
}

std::string field_part(const std::string& name, const std::string& value) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

} // namespace

TEST_CASE("the program holds a file until clamd has spoken, then gives the clean one and never the other", "[scanner][running]") {
    clamd scanner;
    auto* kind = std::getenv("RELAIS_TEST_DATABASE");
    tests::running_server server(kind ? kind : "sqlite", {{"RELAIS_SCANNER_SOCKET", scanner.socket()}});
    server.start();
    tests::http_client person(server.port());
    nlohmann::json contact = {{"requester", {{"name", "Zoé"}, {"phone", "06 39 98 12 34"}}}, // without a mail address no code is asked
                              {"procedure", "RENEWAL"},
                              {"department", "33"},
                              {"subject", "Photo refusée"},
                              {"body", "Ma photo est refusée."}};
    auto opened = person.post("/api/v1/tickets", contact.dump(), {{"Content-Type", "application/json"}});
    REQUIRE(opened.status == 201);
    auto link = nlohmann::json::parse(opened.body)["follow_up_url"].get<std::string>();
    auto entered = person.get(link.substr(link.find("/suivi/")));
    const std::string cookie = entered.headers["set-cookie"].substr(0, entered.headers["set-cookie"].find(';'));
    auto page = [&] { return person.get("/suivi", {{"Cookie", cookie}}).body; };

    auto token = between(page(), "name=\"form_token\" value=\"", "\"");
    auto sent = person.post("/suivi/messages",
                            field_part("form_token", token) + field_part("form_id", "m1") + field_part("body", "Voici") +
                                file_part("lettre.txt", "Bonjour") + file_part("virus.txt", eicar) + "--b--\r\n",
                            {{"Cookie", cookie}, {"Content-Type", "multipart/form-data; boundary=b"}, {"Sec-Fetch-Site", "same-origin"}});
    REQUIRE(sent.headers["location"] == "/suivi?fait=message#fil");
    auto shown = page();
    const std::string refused = "refusé par l’antivirus", held = "en cours de vérification";
    auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while ((shown.find(held) != std::string::npos || shown.find(refused) == std::string::npos) &&
           std::chrono::steady_clock::now() < limit) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        shown = page();
    }
    CHECK(shown.find(refused) != std::string::npos);
    CHECK(shown.find(held) == std::string::npos);
    auto first = between(shown, "/suivi/pieces/", "\"");
    auto given = person.get("/suivi/pieces/" + first, {{"Cookie", cookie}});
    CHECK(given.status == 200);
    CHECK(given.body == "Bonjour");
    auto after = shown.substr(shown.find(first) + first.size());
    CHECK(after.find("/suivi/pieces/") == std::string::npos); // no link to the infected one
}

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
