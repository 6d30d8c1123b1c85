// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::share_office;

namespace {

// Weeks of tickets about one incident, the first with the first second of 2026-W48, each shared when it is over.
class weeks {
public:
    weeks() { office_.now = calendar_weeks::span_of(next_).from, number_ = office_.incident(); }
    // What the share of the next week says of the incident, in which so many people write.
    nlohmann::json counts_after(int tickets) {
        auto span = calendar_weeks::span_of(next_);
        office_.now = span.from;
        for (int i = 0; i < tickets; ++i) office_.link(office_.ticket(), number_);
        office_.now = span.to;
        auto share = office_.share(calendar_weeks::text(next_));
        next_ = calendar_weeks::next(next_);
        return share_office::incident_in(share, number_)["counts"];
    }

    // Weeks before the first share.
    void pass(int count, int tickets) {
        for (int i = 0; i < count; ++i, next_ = calendar_weeks::next(next_)) {
            office_.now = calendar_weeks::span_of(next_).from;
            for (int each = 0; each < tickets; ++each) office_.link(office_.ticket(), number_);
        }
    }

private:
    share_office office_;
    std::int64_t number_ = 0;
    calendar_week next_ = *calendar_weeks::parse("2026-W48");
};

} // namespace

TEST_CASE("an incident rises or falls by a quarter against the weeks before, and is steady between", "[share]") {
    struct limit {
        int usual, last;
        const char* trend;
    };
    for (const auto& [usual, last, trend] : {limit{8, 11, "rising"}, {8, 10, "steady"}, {10, 8, "steady"}, {10, 7, "falling"}}) {
        INFO(usual << " tickets a week, then " << last);
        weeks each;
        for (int i = 0; i < 4; ++i) each.counts_after(usual);
        CHECK(each.counts_after(last)["trend"] == trend);
    }
}

TEST_CASE("the first trend of an old incident is against the four weeks before, not its whole life", "[share]") {
    weeks steady, rising;
    for (auto* each : {&steady, &rising}) each->pass(10, 1);
    steady.pass(4, 10);
    CHECK(steady.counts_after(10)["trend"] == "steady");
    rising.pass(4, 6);
    CHECK(rising.counts_after(10)["trend"] == "rising");
}

TEST_CASE("from share to share the trend is the last week's against at most four before it", "[share]") {
    struct week {
        int tickets;
        const char* trend;
    };
    weeks year;
    for (const auto& [tickets, trend] : {week{10, "unknown"}, // nothing before it
                                         {10, "steady"},
                                         {13, "rising"},    // 10 a week: 12.5
                                         {13, "steady"},    // 11: 13.75
                                         {9, "falling"},    // 11.5: 9.2
                                         {14, "steady"},    // 11.25 without the first week: 14.06; with it 11, and 13.75
                                         {16, "rising"},    // 12.25: 15.3
                                         {0, "falling"},    // nobody
                                         {3, "unknown"},    // too few to tell
                                         {9, "falling"}}) { // with them 12 in two weeks, against 9.75 a week: 6, not 12
        INFO(tickets << " tickets");
        auto counts = year.counts_after(tickets);
        CHECK(counts["trend"] == trend);
        CHECK(counts["is_held"] == (tickets == 3));
        CHECK(counts["stretches"].size() <= 5);
    }
}
