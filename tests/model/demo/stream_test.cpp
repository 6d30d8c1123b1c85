// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <map>
#include <set>

using namespace relais::model;
using namespace relais::model::demo;

namespace {

// Monday 23 November 2026, 12:00 UTC.
constexpr auto monday_noon = sys_seconds{std::chrono::seconds{1'795'435'200}};

struct agency_made {
    std::vector<demo_dossier> dossiers;
    std::vector<demo_ticket> tickets;
};

agency_made make(options wanted) {
    agency_made made;
    stream(
        wanted, [&](const demo_dossier& one) { made.dossiers.push_back(one); },
        [&](const demo_ticket& one) { made.tickets.push_back(one); });
    return made;
}

// The usual demonstration, made once for all the tests that only look at it.
const agency_made& usual() {
    static const auto made = make({1, 20'000, 3'000, monday_noon, 0xff});
    return made;
}

struct fingerprint {
    std::uint64_t value = 1469598103934665603ULL; // FNV-1a
    void add(std::string_view text) {
        for (auto letter : text) value = (value ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
        value = (value ^ 0x1f) * 1099511628211ULL;
    }
    void add(sys_seconds at) { add(std::to_string(seconds(at))); }
};

std::uint64_t fingerprint_of(const options& wanted) {
    fingerprint print;
    stream(
        wanted,
        [&](const demo_dossier& one) {
            for (const auto* text : {&one.number, &one.neph, &one.birth_name, &one.usual_name, &one.first_names, &one.birth_date,
                                     &one.procedure, &one.state.status, &one.state.step, &one.state.error_code, &one.state.release,
                                     &one.department, &one.email, &one.phone, &one.driving_school, &one.bug})
                print.add(*text);
            print.add(one.state.since);
        },
        [&](const demo_ticket& one) {
            for (const auto* text :
                 {&one.channel, &one.requester.name, &one.requester.email, &one.requester.phone, &one.dossier_number, &one.neph,
                  &one.procedure, &one.subject, &one.body, &one.portal.error_code, &one.status, &one.category, &one.truth.bug})
                print.add(*text);
            print.add(one.received_at);
            for (const auto& message : one.messages) print.add(message.body);
        });
    return print.value;
}

std::string digits(std::string_view text) {
    std::string kept;
    for (auto letter : text)
        if (std::isdigit(static_cast<unsigned char>(letter)) != 0) kept += letter;
    if (kept.starts_with("33")) kept = "0" + kept.substr(2);
    return kept;
}

bool is_kept_for_fiction(std::string_view phone) {
    constexpr std::array<std::string_view, 6> ranges = {"019900", "026191", "035301", "046571", "053649", "063998"};
    auto number = digits(phone);
    return number.size() == 10 && std::any_of(ranges.begin(), ranges.end(), [&](auto range) { return number.starts_with(range); });
}

} // namespace

TEST_CASE("the same options give the same agency, other seeds another one", "[demo]") {
    options wanted{7, 500, 300, monday_noon, 0xff};
    auto first = fingerprint_of(wanted);
    CHECK(fingerprint_of(wanted) == first);
    wanted.seed = 8;
    CHECK(fingerprint_of(wanted) != first);
}

TEST_CASE("every planted bug and every one of the sixty categories is met", "[demo]") {
    std::map<std::string, int> by_bug, by_category;
    int ordinary = 0;
    for (const auto& ticket : usual().tickets) {
        ++by_category[ticket.category];
        if (ticket.truth.bug.empty())
            ++ordinary;
        else
            ++by_bug[ticket.truth.bug];
        CHECK(ticket.truth.bug.empty() != ticket.truth.story.empty());
    }
    auto planted = bugs({1, 20'000, 3'000, monday_noon, 0xff});
    CHECK(planted.size() >= 40);
    std::set<std::string> groups;
    for (const auto& bug : planted) {
        INFO(bug.id);
        CHECK(by_bug[bug.id] >= 3);
        groups.insert(bug.category.substr(0, 3));
    }
    CHECK(groups.size() == 13);
    CHECK(by_category.size() == 60);
    CHECK(ordinary > 600);
    CHECK(ordinary < 1'400);
}

TEST_CASE("dossiers are everywhere, with an anomaly for one in five", "[demo]") {
    std::map<std::string, int> by_department, by_status;
    std::set<std::string> numbers;
    int anomalies = 0;
    for (const auto& dossier : usual().dossiers) {
        ++by_department[dossier.department];
        ++by_status[dossier.state.status];
        numbers.insert(dossier.number);
        if (!dossier.bug.empty() || !dossier.state.error_code.empty()) ++anomalies;
        CHECK(dossier.state.since <= monday_noon);
        CHECK(dossier.updated_at <= monday_noon);
        CHECK(dossier.updated_at >= dossier.state.since);
        CHECK((dossier.neph.empty() || dossier.neph.substr(4, 2) == "00"));
        CHECK((dossier.email.empty() || dossier.email.ends_with("@example.test")));
        CHECK((dossier.phone.empty() || is_kept_for_fiction(dossier.phone)));
        CHECK(dossier.birth_date.size() == 10);
        CHECK_FALSE(dossier.birth_name.empty());
    }
    CHECK(numbers.size() == 20'000);
    CHECK(by_department.size() == 110);
    for (const char* code : {"01", "2A", "2B", "48", "75", "90", "95", "971", "975", "976", "978", "986", "988", "99"})
        CHECK(by_department[code] > 0);
    CHECK(by_department["20"] == 0);
    CHECK(anomalies > 3'600);
    CHECK(anomalies < 4'400);
    for (const char* status : {"DRAFT", "AWAITING_APPLICANT_VALIDATION", "SUBMITTED", "AWAITING_PHOTO", "UNDER_ASSESSMENT",
                               "SUPPLEMENT_REQUESTED", "SUPPLEMENT_RECEIVED", "ACCEPTED", "REFUSED", "CLOSED_NO_ACTION", "CANCELLED",
                               "IN_PRODUCTION", "SHIPPED", "DELIVERED", "RETURNED", "DESTROYED"}) {
        INFO(status);
        CHECK(by_status[status] > 20);
    }
    CHECK(by_status.size() == 16);
}

TEST_CASE("tickets arrive in order over the last ten weeks and can all be answered", "[demo]") {
    auto before = monday_noon - std::chrono::days{70};
    for (const auto& ticket : usual().tickets) {
        CHECK(ticket.received_at >= before);
        CHECK(ticket.received_at <= monday_noon);
        before = ticket.received_at;
        CHECK_FALSE(ticket.body.empty());
        CHECK_FALSE(ticket.subject.empty());
        CHECK((!ticket.requester.email.empty() || !ticket.requester.phone.empty() || !ticket.requester.postal_address.empty()));
        CHECK((ticket.requester.phone.empty() || is_kept_for_fiction(ticket.requester.phone)));
        CHECK((ticket.requester.email.empty() || ticket.requester.email.ends_with("@example.test")));
        CHECK((ticket.status == "closed") == ticket.closed_at.has_value());
        CHECK((ticket.status == "waiting") == !ticket.waiting_reason.empty());
        auto last = ticket.received_at;
        for (const auto& message : ticket.messages) {
            CHECK(message.at >= last);
            CHECK(message.at <= monday_noon);
            CHECK_FALSE(message.body.empty());
            last = message.at;
        }
        if (ticket.closed_at) CHECK(*ticket.closed_at >= last);
    }
}

TEST_CASE("a ticket about a bug points to a dossier which that bug struck before", "[demo]") {
    int pointed = 0;
    for (const auto& ticket : usual().tickets) {
        if (!ticket.truth.dossier) continue;
        const auto& dossier = usual().dossiers.at(*ticket.truth.dossier);
        CHECK(ticket.procedure == dossier.procedure);
        CHECK(ticket.truth.bug == dossier.bug);
        REQUIRE(ticket.state_at_contact);
        CHECK(ticket.state_at_contact->since <= ticket.received_at);
        if (ticket.truth.hint == dossier_hint::neph) {
            CHECK(digits(ticket.neph) == dossier.neph);
        }
        ++pointed;
    }
    CHECK(pointed > 1'800);
}

TEST_CASE("the two halves of the families share no family", "[demo]") {
    for (auto mask : {std::uint8_t{0x0f}, std::uint8_t{0xf0}}) {
        std::set<std::string> seen;
        for (const auto& ticket : make({3, 2'000, 2'000, monday_noon, mask}).tickets) {
            CHECK((mask >> ticket.truth.family & 1) == 1);
            if (!ticket.truth.bug.empty()) seen.insert(ticket.truth.bug);
        }
        CHECK(seen.size() >= 60);
    }
}

TEST_CASE("bursts, fixes and regressions are in the rhythm", "[demo]") {
    options wanted{5, 0, 25'000, monday_noon, 0xff};
    std::map<std::string, std::vector<sys_seconds>> arrivals;
    stream(wanted, nullptr, [&](const demo_ticket& ticket) { arrivals[ticket.truth.bug].push_back(ticket.received_at); });
    auto between = [&](const std::string& bug, sys_seconds from, sys_seconds until) {
        const auto& all = arrivals[bug];
        return std::count_if(all.begin(), all.end(), [&](auto at) { return at >= from && at < until; });
    };
    int bursts = 0;
    for (const auto& bug : bugs(wanted)) {
        INFO(bug.id);
        if (bug.introduced_at) CHECK(between(bug.id, monday_noon - std::chrono::days{71}, *bug.introduced_at) == 0);
        if (bug.regressed_at) {
            auto quiet = *bug.regressed_at - std::chrono::days{3};
            CHECK(between(bug.id, quiet, *bug.regressed_at) < between(bug.id, *bug.regressed_at, *bug.regressed_at + std::chrono::days{3}));
        }
        if (bug.burst_factor == 1) continue;
        ++bursts;
        CHECK((bug.burst_factor == 3 || bug.burst_factor == 5));
        auto length = *bug.burst_until - *bug.burst_from;
        auto inside = between(bug.id, *bug.burst_from, *bug.burst_until);
        auto after = between(bug.id, *bug.burst_from + std::chrono::days{7}, *bug.burst_until + std::chrono::days{7});
        auto before = between(bug.id, *bug.burst_from - std::chrono::days{7}, *bug.burst_until - std::chrono::days{7});
        auto usual_count = std::max(after, before);
        CHECK(length.count() > 0);
        CHECK(inside * 2 > usual_count * bug.burst_factor);
    }
    CHECK(bursts >= 6);
}

TEST_CASE("a small or an empty agency is made too", "[demo]") {
    CHECK(make({1, 0, 50, monday_noon, 0}).tickets.size() == 50);
    auto few = make({1, 30, 60, monday_noon, 0xff});
    CHECK(few.dossiers.size() == 30);
    CHECK(few.tickets.size() == 60);
    CHECK(make({1, 10, 0, monday_noon, 0xff}).tickets.empty());
}

// Not a test: prints a hundred contacts for a French reader (test_model "[.samples]").
TEST_CASE("samples to read", "[.samples]") {
    for (const auto& ticket : usual().tickets)
        if (ticket.index % 30 == 0)
            std::cout << "\n[" << ticket.channel << ", " << ticket.truth.manner << ", " << ticket.truth.bug << ticket.truth.story << ", "
                      << ticket.department << "] " << ticket.requester.name << "\n"
                      << ticket.subject << "\n"
                      << ticket.body << "\n";
}
