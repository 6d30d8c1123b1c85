// SPDX-License-Identifier: EUPL-1.2
#include "model/first_answer.hpp"

#include "model/message.hpp"
#include "tests/support/clock_centre.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::clock_centre;
using tests::monday;

namespace {

void read_again(clock_centre& centre) {
    for (std::optional<std::int64_t> at = 0; at;)
        at = centre.database->write_now(
            [&](soci::session& sql) { return first_answers::find_again(sql, *at, *centre.clocks, centre.now, 1); });
}

} // namespace

TEST_CASE("words of a closing that had not counted are the first answer once read again, and stop its clock", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.run();
    centre.pass(1h);
    centre.act([](soci::session& sql, const auto& act) { tickets::close(sql, act, "answered", "Votre dossier est débloqué."); });
    centre.pass(1h);
    centre.act([](soci::session& sql, const auto& act) { tickets::reopen(sql, act, "erreur"); });
    centre.database->write_now([](soci::session& sql) { sql::change(sql, "UPDATE ticket SET first_reply_at = NULL"); });
    centre.run();
    REQUIRE_FALSE(centre.clock("answer")->stopped_at);
    read_again(centre);
    CHECK(centre.seen().first_reply_at == monday + 1h);
    CHECK(centre.clock("answer")->stopped_at == monday + 1h);
}

TEST_CASE("what answered nobody is no first answer when it is read again", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.act([](soci::session& sql, const auto& act) { tickets::note(sql, act, "À voir"); });
    centre.database->write_now([](soci::session& sql) {
        message told;
        told.ticket_id = 1, told.kind = "reply", told.channel = "console", told.body = "Le site est réparé.", told.created_at = monday;
        messages::add(sql, told);
    });
    read_again(centre);
    CHECK_FALSE(centre.seen().first_reply_at);
}
