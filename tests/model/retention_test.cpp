// SPDX-License-Identifier: EUPL-1.2
#include "model/retention.hpp"

#include "model/attachment.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

constexpr auto day = std::chrono::hours(24);

const overdue& of(const std::vector<overdue>& all, std::string_view what) {
    for (const auto& each : all)
        if (each.what == what) return each;
    throw std::runtime_error("no such line");
}

std::vector<overdue> find(tests::temporary_database& database, sys_seconds now) {
    return database->read_now([now](soci::session& sql) { return retention::find(sql, {}, now); });
}

// A ticket opened on a Monday, and closed then unless it stays open.
void add_ticket(tests::temporary_database& database, int number, bool is_closed) {
    database->write_now([=](soci::session& sql) {
        auto opened = tickets::open(sql, tests::sample_contact(number), tests::citizen_actor(), monday);
        attachment file;
        file.public_id = file.storage_name = std::to_string(number), file.ticket_id = opened.id, file.created_at = monday;
        attachments::add(sql, file, "sealed");
        if (is_closed) sql::change(sql, "UPDATE ticket SET status = 'closed', closed_at = :at WHERE id = :id", monday, opened.id);
    });
}

} // namespace

TEST_CASE("a ticket is overdue a year after it was closed, its files after six months, an open one never", "[retention]") {
    tests::temporary_database database;
    add_ticket(database, 1, true);
    add_ticket(database, 2, true);
    add_ticket(database, 3, false);
    auto on_the_day = find(database, monday + 365 * day);
    CHECK(of(on_the_day, "tickets").count == 0);
    CHECK_FALSE(of(on_the_day, "tickets").oldest);
    CHECK(of(find(database, monday + 180 * day), "attachments").count == 0);
    auto after = find(database, monday + 365 * day + std::chrono::seconds(1));
    CHECK(of(after, "tickets").count == 2);
    CHECK(of(after, "tickets").oldest == monday);
    CHECK(of(after, "messages").count == 2);
    CHECK(of(after, "attachments").count == 2);
    CHECK(of(after, "events").newest == monday);
}

TEST_CASE("a dossier that ended is overdue when no ticket is about it", "[retention]") {
    tests::temporary_database database;
    auto add = [](soci::session& sql) {
        for (std::string status : {"DELIVERED", "ACCEPTED"})
            for (std::string number : {"1", "2"})
                sql::change(
                    sql,
                    "INSERT INTO dossier (public_id, number, number_key, status, updated_at) VALUES (:id, :number, :key, :status, :at)",
                    status + number, status + number, status + number, status, monday);
        sql::change(
            sql,
            "INSERT INTO ticket_dossier (ticket_id, dossier_id, role) SELECT 1, id, 'subject' FROM dossier WHERE number = 'DELIVERED1'");
    };
    database->write_now(add);
    CHECK(of(find(database, monday + 366 * day), "dossiers").count == 1);
    CHECK(of(find(database, monday + 365 * day), "dossiers").count == 0);
}
