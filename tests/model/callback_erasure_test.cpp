// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_erasure.hpp"

#include "model/callback_rate.hpp"
#include "tests/support/callback_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::callback_office;
using tests::caller;
using tests::sample_wish;
using tests::tuesday_slot;

TEST_CASE("thirty days after a callback ended its person is erased from it; what it counts for stays", "[callback]") {
    callback_office office;
    auto wish = sample_wish(1);
    wish.spoken = "créole", wish.access_need = "parlez lentement";
    auto ended = office.book(wish);
    auto open = office.book(sample_wish(2));
    auto at = tuesday_slot + 5min;
    office.finish(*office.claim(caller(1), at), "reached", caller(1), at);
    auto erase = [&](sys_seconds now) { return office.act([now](soci::session& sql) { return callback_erasures::erase(sql, 30, now); }); };
    CHECK(erase(at + 30 * 24h) == 0); // the limit itself
    CHECK(office.get(ended).phone == wish.phone);
    CHECK(erase(at + 30 * 24h + 1s) == 1);
    CHECK(erase(at + 60 * 24h) == 0); // once
    auto left = office.get(ended);
    CHECK(left.phone + left.name + left.email + left.spoken + left.access_need + left.code_word == "");
    CHECK(left.state == "reached");
    CHECK(left.ticket_id.has_value());
    CHECK(office.get(open).phone == sample_wish(2).phone); // whoever waits is not forgotten
    auto kept = office.database->read_now([&](soci::session& sql) {
        return callback_rates::between(sql, tuesday_slot - 24h, tuesday_slot + 24h, at + 60 * 24h).reached_in_slot;
    });
    CHECK(kept == 1);
    auto again = sample_wish(3, tuesday_slot + 24h);
    again.phone = wish.phone;
    CHECK(office.book(again).state == "scheduled"); // the number may ask again
}
