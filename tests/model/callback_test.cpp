// SPDX-License-Identifier: EUPL-1.2
#include "model/callback.hpp"
#include "model/callback_change.hpp"
#include "model/callback_list.hpp"
#include "model/callback_slot.hpp"
#include "model/callback_state.hpp"
#include "model/lease_clock.hpp"
#include "model/letter.hpp"
#include "model/roster.hpp"
#include "model/ticket.hpp"
#include "tests/support/callback_office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::callback_office;
using tests::caller;
using tests::monday;
using tests::refusal;
using tests::sample_wish;
using tests::tuesday_slot;

TEST_CASE("a promise is a ticket, a seat, a code word, a mail now and a reminder the day before", "[callback]") {
    callback_office office;
    auto made = office.book(sample_wish());
    CHECK(made.state == "scheduled");
    CHECK(made.slot_starts_at == tuesday_slot);
    CHECK(made.slot_ends_at == tuesday_slot + 30min);
    CHECK(made.due_at == tuesday_slot);
    CHECK(made.code_word.find(' ') != std::string::npos);
    CHECK(made.public_id.size() == 32);
    CHECK(office.count("ticket") == 1);
    CHECK(office.count("callback_slot") == 1);
    CHECK(office.count("outbox WHERE kind = 'acknowledgement' AND payload LIKE '%code_word%' AND is_capped = 1 AND next_at = " +
                       std::to_string(seconds(monday))) == 1);
    CHECK(office.count("outbox WHERE kind = 'callback_reminder' AND next_at = " + std::to_string(seconds(tuesday_slot - 24h))) == 1);
    CHECK(office.count("event WHERE action = 'callback.booked'") == 2); // its own history, and its ticket's
}

TEST_CASE("a second callback about the same request is promised by a mail of its own", "[callback]") {
    callback_office office;
    auto made = office.book(sample_wish());
    office.act([&](soci::session& sql) { callback_changes::cancel(sql, office.get(made), "citizen", tests::citizen_actor(), monday); });
    auto again = sample_wish();
    again.opens.reset(), again.ticket_id = made.ticket_id;
    office.book(again);
    CHECK(office.count("ticket") == 1);
    CHECK(office.count("outbox WHERE kind = 'acknowledgement'") == 1);
    CHECK(office.count("outbox WHERE kind = 'callback_promise' AND is_capped = 0") == 1);
}

TEST_CASE("a slot of the same day has no reminder, and who has no address has no mail", "[callback]") {
    callback_office office;
    office.book(sample_wish(1, monday + 4h));
    CHECK(office.count("outbox WHERE kind = 'callback_reminder'") == 0);
    auto silent = sample_wish(2);
    silent.email.clear();
    office.book(silent);
    CHECK(office.count("outbox WHERE kind LIKE 'callback_%'") == 0);
    CHECK(office.count("outbox WHERE kind = 'acknowledgement' AND medium = 'phone'") == 1);
}

TEST_CASE("only slots that both sides can keep are taken", "[callback]") {
    callback_office office;
    struct refused {
        const char* why;
        callback_place place;
        sys_seconds at;
    };
    auto paris = callback_place{"Europe/Paris", "75"}, martinique = callback_place{"America/Martinique", "972"};
    for (const auto& [why, place, at] : {refused{"not on the grid", martinique, tuesday_slot + 10min},
                                         {"their night: 8:30 in Fort-de-France", martinique, tuesday_slot - 30min},
                                         {"their lunch", {"Indian/Reunion", "974"}, monday + 24h},
                                         {"past", paris, monday - 1h},
                                         {"too soon", paris, monday + 1h},
                                         {"after closing", paris, monday + 7h},
                                         {"Saturday", paris, monday + std::chrono::hours(24 * 5 + 1)},
                                         {"too far", paris, monday + std::chrono::hours(24 * 14)},
                                         {"the Pacific in Paris hours", {"Pacific/Wallis", "986"}, monday + 26h}}) {
        INFO(why);
        auto wish = sample_wish();
        wish.place = place, wish.slot_starts_at = at;
        CHECK(refusal([&] { office.book(wish); }) == "not_offered");
    }
    CHECK(office.count("callback") == 0);
    CHECK(office.count("ticket") == 0); // refused whole
    auto wallis = sample_wish();        // 7:45 in Paris is 18:45 in Mata-Utu: one quarter of an hour too short, 20:00 is the night
    wallis.place = {"Pacific/Noumea", "988"}, wallis.slot_starts_at = monday + 21h + 45min; // 7:45 in Paris, 17:45 in Nouméa
    CHECK(office.book(wallis).zone == "Pacific/Noumea");
}

TEST_CASE("holidays of both sides are kept", "[callback]") {
    auto rules = tests::sample_rules();
    rules.days_ahead = 400;
    auto slots_on = [&](callback_place place, date::year_month_day day) {
        sys_seconds from = date::sys_days(day);
        return callback_slots::grid(rules, place, from, from + 24h, from - 48h).size();
    };
    using namespace date::literals;
    callback_place paris{"Europe/Paris", "75"}, strasbourg{"Europe/Paris", "67"}, martinique{"America/Martinique", "972"};
    CHECK(slots_on(paris, 2026_y / 4 / 3) > 0);
    CHECK(slots_on(strasbourg, 2026_y / 4 / 3) == 0);  // Good Friday in Alsace
    CHECK(slots_on(martinique, 2026_y / 5 / 22) == 0); // abolition of slavery
    CHECK(slots_on(paris, 2026_y / 5 / 22) > 0);
    CHECK(slots_on(martinique, 2026_y / 7 / 14) == 0); // the centre's
    CHECK(slots_on(paris, 2026_y / 11 / 24) == 14);    // 9:00 to 12:30 and 13:30 to 17:00 in half hours, the last begins at 16:30
}

TEST_CASE("a number has one open callback, and may have another once it is over", "[callback]") {
    callback_office office;
    auto first = office.book(sample_wish());
    auto again = sample_wish(2);
    again.phone = first.phone;
    CHECK(refusal([&] { office.book(again); }) == "conflict.callback_open");
    office.act([&](soci::session& sql) { callback_changes::cancel(sql, office.get(first), "citizen", tests::citizen_actor(), monday); });
    CHECK(office.book(again).state == "scheduled");
    CHECK(office.count("callback_slot") == 1); // the first one's seat was given back
}

TEST_CASE("a full slot is refused with the nearest free ones, and follows the roster", "[callback]") {
    callback_office office;
    office.act([&](soci::session& sql) { rosters::set(sql, {tuesday_slot, 6, 2}, monday); });
    office.act([&](soci::session& sql) { rosters::set(sql, {tuesday_slot + 30min, 6, 0}, monday); });
    office.book(sample_wish(1)), office.book(sample_wish(2));
    try {
        office.book(sample_wish(3));
        FAIL("a third was taken");
    } catch (const callback_slot_full& full) {
        REQUIRE(full.nearest.size() == 5);
        CHECK(full.nearest[0].starts_at == tuesday_slot + 60min); // 30 minutes later nobody is on duty, 30 earlier they sleep
        CHECK(full.nearest[0].left == 4);
    }
    CHECK(office.count("callback") == 2);
    CHECK(refusal([&] { office.book(sample_wish(3, tuesday_slot + 30min)); }) == "not_offered");
}

TEST_CASE("registering may be switched off, and the open ones are capped", "[callback]") {
    callback_office office;
    office.rules.is_registering = false;
    CHECK(refusal([&] { office.book(sample_wish()); }) == "conflict.callback_closed");
    office.rules.is_registering = true, office.rules.pending_limit = 2;
    office.book(sample_wish(1)), office.book(sample_wish(2));
    CHECK(refusal([&] { office.book(sample_wish(3)); }) == "conflict.callback_many");
}

TEST_CASE("the citizen changes or gives up until the slot begins; the reminder follows", "[callback]") {
    callback_office office;
    auto made = office.book(sample_wish());
    auto later = tuesday_slot + 24h;
    auto moved = office.act([&](soci::session& sql) {
        return callback_changes::move(sql, office.get(made), later, made.place(), office.rules, tests::citizen_actor(), monday + 1h);
    });
    CHECK(moved.slot_starts_at == later);
    CHECK(office.count("callback_slot WHERE starts_at = " + std::to_string(seconds(later))) == 1);
    CHECK(office.count("callback_slot") == 1);
    CHECK(office.count("outbox WHERE kind = 'callback_reminder'") == 1);
    CHECK(office.count("outbox WHERE kind = 'callback_change'") == 1);
    auto move = [&](const actor& who, sys_seconds now) {
        return refusal([&] {
            office.act([&](soci::session& sql) {
                callback_changes::move(sql, office.get(made), tuesday_slot + 48h, made.place(), office.rules, who, now);
            });
        });
    };
    CHECK(move(tests::citizen_actor(), later + 1min) == "conflict.callback_begun");
    CHECK(move(tests::agent_actor(), later + 1min).empty());
    auto give_up = [&](sys_seconds now) {
        office.act([&](soci::session& sql) { callback_changes::cancel(sql, office.get(made), "citizen", tests::citizen_actor(), now); });
    };
    give_up(later), give_up(later + 1s); // cancelled twice is cancelled once
    CHECK(office.get(made).state == "cancelled");
    CHECK(office.count("outbox WHERE kind = 'callback_cancellation'") == 1);
    CHECK(office.count("outbox WHERE kind = 'callback_reminder' AND state = 'waiting'") == 0);
    CHECK(office.count("callback_slot") == 0);
    CHECK_FALSE(office.claim(caller(1), tuesday_slot + 48h));
}

TEST_CASE("missed calls make one callback a number, due at once, dropped when the person gets through", "[callback]") {
    callback_office office;
    auto want = [&](const std::string& phone, sys_seconds now) {
        return office.act([&](soci::session& sql) { return callbacks::want_for_missed_call(sql, phone, now); });
    };
    auto drop = [&](const std::string& phone) {
        return office.act([&](soci::session& sql) { return callbacks::drop_for_answered_call(sql, phone, monday + 1h); });
    };
    auto phone = tests::fictional_phone(7);
    auto first = want(phone, monday);
    REQUIRE(first);
    CHECK(want(phone, monday + 1min) == first);
    CHECK(want(phone, monday + 2min) == first);
    want(tests::fictional_phone(8), monday + 1min);
    CHECK_FALSE(want("3400", monday));
    CHECK_FALSE(want("+33892123456", monday)); // surcharged
    CHECK(office.count("callback WHERE rings = 3 AND origin = 'missed_call'") == 1);
    CHECK(office.claim(caller(1), monday + 3min)->phone == phone); // the one that has waited longest
    CHECK(drop(phone));
    CHECK_FALSE(drop(phone));
    CHECK(office.count("callback WHERE state = 'cancelled' AND end_reason = 'got_through'") == 1);
    CHECK(want(phone, monday + 2h) != first); // a new call, a new debt
}

TEST_CASE("a promise stands when the person rings meanwhile, and takes the place of a missed call", "[callback]") {
    callback_office office;
    auto made = office.book(sample_wish(1));
    office.act([&](soci::session& sql) { callbacks::want_for_missed_call(sql, made.phone, monday + 1h); });
    CHECK(office.get(made).rings == 1);
    CHECK_FALSE(office.act([&](soci::session& sql) { return callbacks::drop_for_answered_call(sql, made.phone, monday + 2h); }));
    CHECK(office.get(made).state == "scheduled");
    office.act([&](soci::session& sql) { callbacks::want_for_missed_call(sql, tests::fictional_phone(2), monday); });
    CHECK(office.book(sample_wish(2)).origin == "booked");
    CHECK(office.count("callback WHERE state = 'cancelled'") == 1);
}

TEST_CASE("who left only a telephone number is owed a call that a missed call or a promise never doubles", "[callback]") {
    callback_office office;
    auto write = [&](int number, sys_seconds now) {
        auto contact = tests::sample_contact(number);
        contact.requester.email.clear(), contact.requester.phone = tests::fictional_phone(1);
        return office.act([&](soci::session& sql) { return tickets::open(sql, contact, tests::citizen_actor(), now).id; });
    };
    auto missed = [&](sys_seconds now) {
        office.act([&](soci::session& sql) { callbacks::want_for_missed_call(sql, tests::fictional_phone(1), now); });
    };
    missed(monday);
    auto ticket = write(50, monday + 1min); // takes the place of the missed call: it says what it is about
    CHECK(office.count("callback WHERE state = 'cancelled' AND end_reason = 'written'") == 1);
    missed(monday + 2min);
    write(51, monday + 3min);
    auto open = office.database->read_now([&](soci::session& sql) { return *callbacks::find_open(sql, tests::fictional_phone(1)); });
    CHECK(open.origin == "contact");
    CHECK(open.ticket_id == ticket);
    CHECK(open.rings == 1);
    // 974 says more than a number of the mainland: at 17:00 UTC it is 21:00 there.
    CHECK_FALSE(office.claim(caller(1), monday + 8h));
    CHECK(office.claim(caller(1), monday + 2h)->zone == "Indian/Reunion");
    office.act([&](soci::session& sql) {
        callback_calling::release(sql, open.public_id, caller(1), monday + 2h);
        return 0;
    });
    auto wish = sample_wish(1);
    CHECK(office.book(wish, monday + 3h).is_booked()); // the person chooses a slot instead
    CHECK(office.count("callback WHERE state = 'scheduled'") == 1);
}

TEST_CASE("a call that reached them tells all that waited to be said", "[callback]") {
    callback_office office;
    auto contact = tests::sample_contact(60);
    contact.requester.email.clear();
    auto ticket = office.act([&](soci::session& sql) { return tickets::open(sql, contact, tests::citizen_actor(), monday).id; });
    CHECK(office.count("outbox WHERE medium = 'phone' AND state = 'waiting'") == 1);
    office.act([&](soci::session& sql) {
        letters::tell_of_ticket(sql, ticket, tests::agent_actor(), monday + 1h);
        return 0;
    });
    CHECK(office.count("outbox WHERE medium = 'phone' AND state = 'told'") == 1);
    CHECK(office.count("callback WHERE state = 'cancelled' AND end_reason = 'told'") == 1);
    CHECK(office.count("event WHERE action = 'ticket.told_by_phone'") == 1);
}

TEST_CASE("an agent sees the person's other tickets, the open ones first", "[callback]") {
    callback_office office;
    auto other = tests::sample_contact(50);
    other.requester.email = "zoe1@example.test", other.requester.birth_name.clear();
    office.act([&](soci::session& sql) { tickets::open(sql, other, tests::citizen_actor(), monday); });
    auto made = office.book(sample_wish(1));
    auto found = office.database->read_now([&](soci::session& sql) { return callback_lists::tickets_of(sql, made); });
    REQUIRE(found.size() == 1);
    CHECK(found[0].id != made.ticket_id);
    auto missed = office.act([&](soci::session& sql) {
        return callbacks::get(sql, *callbacks::want_for_missed_call(sql, "+33639981234", monday)); // the telephone of sample_contact
    });
    CHECK(office.database->read_now([&](soci::session& sql) { return callback_lists::tickets_of(sql, missed); }).size() == 2);
}

TEST_CASE("the list is in the order of what is due, page after page", "[callback]") {
    callback_office office;
    for (int i = 0; i < 7; ++i) office.book(sample_wish(i + 1, tuesday_slot + (i % 4) * 30min));
    std::string after;
    std::vector<std::int64_t> seen;
    sys_seconds last{};
    do {
        auto page = office.database->read_now([&](soci::session& sql) { return callback_lists::list(sql, {}, after, 2, monday); });
        for (const auto& each : page.items) {
            CHECK(each.due_at >= last);
            last = each.due_at;
            seen.push_back(each.id);
        }
        after = page.next;
    } while (!after.empty());
    std::sort(seen.begin(), seen.end());
    CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
    CHECK(seen.size() == 7);
    auto listed = [&](const std::string& state, sys_seconds now, std::optional<sys_seconds> before = {}) {
        return office.database->read_now([&](soci::session& sql) {
            return callback_lists::list(sql, {state, before}, "", 50, now).items.size();
        });
    };
    CHECK(listed("due", tuesday_slot) == 2);
    CHECK(listed("scheduled", monday, tuesday_slot + 30min) == 2);
    CHECK(listed("reached", monday) == 0);
    CHECK(refusal([&] { listed("asleep", monday); }) == "unknown");
    auto count = office.database->read_now([&](soci::session& sql) { return callback_lists::count(sql, tuesday_slot + 30min); });
    CHECK(count.due == 4);
    CHECK(count.later == 3);
    CHECK(count.oldest_due_at == tuesday_slot);
}

TEST_CASE("what the table of states does not know is refused", "[callback]") {
    CHECK(callback_states::after("dialling", "retry") == std::string_view("scheduled"));
    CHECK_FALSE(callback_states::after("scheduled", "dial")); // nobody is rung without a claim
    for (auto state : callback_states::ended)
        for (const auto& each : callback_states::table) CHECK_FALSE(callback_states::after(state, each.event)); // the end is the end
    callback over;
    over.state = "reached";
    CHECK(refusal([&] { callbacks::advance(over, "claim", monday); }) == "conflict.callback_state");
}

TEST_CASE("the guide prints the table of transitions as it is", "[callback]") {
    std::ifstream in("docs/guide-agent.md");
    std::string guide{std::istreambuf_iterator<char>{in}, {}};
    const std::regex row_of_table("\n\\| `[a-z_]*` \\| `[a-z_]*` \\| `[a-z_]*` \\|");
    auto rows = std::distance(std::sregex_iterator(guide.begin(), guide.end(), row_of_table), std::sregex_iterator());
    CHECK(rows == static_cast<std::ptrdiff_t>(callback_states::table.size()));
    for (const auto& each : callback_states::table) {
        auto row = "| `" + std::string(each.from) + "` | `" + std::string(each.event) + "` | `" + std::string(each.to) + "` |";
        INFO(row);
        CHECK(guide.find(row) != std::string::npos);
    }
}

TEST_CASE("a roster is of whole half hours and sensible numbers", "[callback]") {
    callback_office office;
    auto set = [&](roster_line line) { return refusal([&] { office.act([&](soci::session& sql) { rosters::set(sql, line, monday); }); }); };
    CHECK(set({monday + 7min, 1, {}}) == "malformed");
    CHECK(set({monday, -1, {}}) == "range");
    CHECK(set({monday, 12, 3}).empty());
    CHECK(set({monday, 10, {}}).empty());
    auto found = office.database->read_now([&](soci::session& sql) { return rosters::between(sql, monday, monday + 1h); });
    REQUIRE(found.size() == 1);
    CHECK(found[0].agents == 10);
    CHECK_FALSE(found[0].callback_seats);
    CHECK(office.act([&](soci::session& sql) { return rosters::remove(sql, monday); }));
    CHECK_FALSE(office.act([&](soci::session& sql) { return rosters::remove(sql, monday); }));
}
