// SPDX-License-Identifier: EUPL-1.2
// Backup and restore as people type them, on the database of this run.
#include "model/attachment.hpp"
#include "model/attachment_store.hpp"
#include "model/backend.hpp"
#include "model/journal.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/process.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/samples.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace relais;
using tests::process;
namespace fs = std::filesystem;

namespace {

std::string kind() {
    auto* value = std::getenv("RELAIS_TEST_DATABASE");
    return value ? value : "sqlite";
}

std::string text_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct finished {
    int status = 0;
    std::string output, errors;
};

// A host of its own, nothing on it but the program: a data directory, and on MariaDB an empty database.
struct host {
    host() {
        if (kind() != "mariadb") return;
        options.mariadb_socket = std::getenv("RELAIS_TEST_MARIADB_SOCKET");
        options.mariadb_user = "root";
        options.mariadb_database =
            "relais_restored_" + std::to_string(::getpid()) + "_" + std::to_string(reinterpret_cast<std::uintptr_t>(this));
        administer("CREATE DATABASE " + options.mariadb_database);
    }
    ~host() {
        if (options.is_mariadb()) administer("DROP DATABASE " + options.mariadb_database);
    }
    host(const host&) = delete;
    host& operator=(const host&) = delete;

    void administer(const std::string& statement) const {
        auto root = options;
        root.mariadb_database = "mysql";
        soci::session session;
        model::mariadb::open_session(session, root);
        session << statement;
    }
    std::string data() const { return folder.path("data"); }
    finished run(std::vector<std::string> words) const {
        words.insert(words.begin(), tests::built("relais"));
        words.insert(words.end(), {"--data", data()});
        process::options how;
        how.error_file = folder.path("errors.txt");
        if (options.is_mariadb())
            how.environment = {{"RELAIS_DATABASE_SOCKET", options.mariadb_socket},
                               {"RELAIS_DATABASE_NAME", options.mariadb_database},
                               {"RELAIS_DATABASE_USER", options.mariadb_user}};
        fs::remove(how.error_file);
        process child(words, how);
        auto output = child.read_all();
        return {child.wait(), output, text_of(how.error_file)};
    }
    model::database_options database() const {
        auto out = options;
        if (!out.is_mariadb()) out.sqlite_file = data() + "/relais.db";
        return out;
    }
    void take_key(const std::string& from) const {
        fs::create_directories(data());
        fs::copy_file(from + "/master.key", data() + "/master.key");
    }

    tests::temporary_folder folder;
    model::database_options options;
};

// A server that has lived a little: three tickets and a file.
struct lived : tests::running_server {
    lived() : running_server(kind()) {
        auto open = model::open_database(database());
        for (int number = 1; number <= 3; ++number) add_ticket(*open, number);
        model::attachment_store store(data_dir() + "/attachments");
        auto writing = store.create();
        writing->write(std::string(300'000, 'x'));
        file = writing->finish();
        auto add = [this](soci::session& sql) {
            model::attachment row;
            row.public_id = "public", row.ticket_id = 1, row.display_name = "photo.jpg", row.media_type = "image/jpeg";
            row.sha256 = file.sha256, row.storage_name = file.storage_name, row.scan_state = "clean", row.created_at = tests::monday;
            model::attachments::add(sql, row, "sealed");
        };
        open->write_now(add);
        open->stop();
        start();
    }
    static void add_ticket(model::database& into, int number) {
        into.write_now([number](soci::session& sql) {
            model::tickets::open(sql, tests::sample_contact(number), tests::citizen_actor(), tests::monday);
        });
    }
    model::attachment_store::stored file;
};

} // namespace

TEST_CASE("a backup taken beside the server is restored on an empty host, files and all", "[backup]") {
    lived server;
    tests::temporary_folder safe;
    auto file = safe.path("relais.backup");
    auto said = server.command("backup " + file);
    CHECK(said.find(" rows, 1 attachments, ") != std::string::npos);
    CHECK(text_of(file).find("Zoé") == std::string::npos); // sealed
    CHECK((fs::status(file).permissions() & fs::perms::group_all) == fs::perms::none);

    host elsewhere;
    auto too_early = elsewhere.run({"restore", file});
    CHECK(too_early.status == 1);
    CHECK(too_early.errors.find("the master key") != std::string::npos);
    elsewhere.take_key(server.data_dir());
    auto restored = elsewhere.run({"restore", file});
    INFO(restored.errors);
    REQUIRE(restored.status == 0);
    CHECK(restored.output.find("1 attachments") != std::string::npos);
    CHECK(text_of(elsewhere.data() + "/attachments/" + server.file.storage_name) ==
          text_of(server.data_dir() + "/attachments/" + server.file.storage_name));
    auto open = model::open_database(elsewhere.database());
    auto count = [](soci::session& sql) { return *model::sql::first<int>(sql, "SELECT COUNT(*) FROM ticket"); };
    CHECK(open->read_now(count) == 3);
    CHECK(model::journal::verify(*open).is_whole);
    open->stop();
    auto again = elsewhere.run({"restore", file});
    CHECK(again.status == 1);
    CHECK((again.errors.find("there is a database already") != std::string::npos || again.errors.find("has tables") != std::string::npos));
}

TEST_CASE("a backup is not opened with another key, nor when a byte was changed or its end is missing", "[backup]") {
    lived server;
    tests::temporary_folder safe;
    auto file = safe.path("relais.backup");
    server.command("backup " + file);
    auto refused = [&](const std::string& content, const host& place) {
        auto other = safe.path("other.backup");
        std::ofstream(other, std::ios::binary | std::ios::trunc) << content;
        auto out = place.run({"restore", other});
        CHECK(out.status == 1);
        if (!place.options.is_mariadb()) CHECK_FALSE(fs::exists(place.data() + "/relais.db"));
        return out.errors;
    };
    auto whole = text_of(file);
    host stranger;
    CHECK(stranger.run({"token", "add", "essai", "--role", "agent"}).status == (kind() == "mariadb" ? 1 : 0)); // makes a key of its own
    fs::remove(stranger.data() + "/relais.db");
    CHECK(refused(whole, stranger).find("another master key") != std::string::npos);
    host first, second, third;
    for (auto* each : {&first, &second, &third}) each->take_key(server.data_dir());
    CHECK(refused(whole.substr(0, whole.size() - 10), first).find("damaged or cut short") != std::string::npos);
    auto altered = whole;
    altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
    CHECK(refused(altered, second).find("damaged") != std::string::npos);
    CHECK(refused("number;neph\n", third).find("is not a backup") != std::string::npos);
}

TEST_CASE("a backup never writes over another, and a restore never under a running server", "[backup]") {
    lived server;
    tests::temporary_folder safe;
    auto file = safe.path("relais.backup");
    server.command("backup " + file);
    CHECK_THROWS(server.command("backup " + file));
    CHECK_THROWS(server.command("restore " + file));
    CHECK(fs::directory_iterator(safe.path("")) != fs::directory_iterator()); // nothing else was left there
    CHECK(std::distance(fs::directory_iterator(safe.path("")), fs::directory_iterator()) == 1);
}

TEST_CASE("purge counts and erases nothing, and does nothing else", "[backup]") {
    lived server;
    auto said = server.command("purge --dry-run");
    for (const auto* kind : {"tickets", "messages", "attachments", "calls"}) {
        INFO(said);
        CHECK(("\n" + said).find(std::string("\n") + kind + "\t0\t-\t-\n") != std::string::npos);
    }
    CHECK(said.find("\nevents\t") != std::string::npos);
    CHECK_THROWS(server.command("purge"));
}
