// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/calibration.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace relais::model::grouping;

namespace {

// `count` decisions of one probability, the first `right` of which were confirmed.
void add(std::vector<reviewed_decision>& to, double probability, int count, int right) {
    for (int at = 0; at < count; ++at) to.push_back({probability, at < right});
}

} // namespace

TEST_CASE("tickets are attached from the lowest probability that was right 19 times in 20", "[grouping][calibration]") {
    std::vector<reviewed_decision> reviewed;
    add(reviewed, 0.95, 60, 60);
    add(reviewed, 0.8, 40, 36);
    CHECK(attach_threshold(reviewed, 0.9) == 0.8); // 96 of 100
    add(reviewed, 0.7, 40, 30);
    CHECK(attach_threshold(reviewed, 0.9) == 0.8); // 126 of 140 would be one wrong in ten
}

TEST_CASE("reviews of the surest links alone ask for no more than before", "[grouping][calibration]") {
    std::vector<reviewed_decision> reviewed;
    add(reviewed, 0.99, 60, 60);
    CHECK(attach_threshold(reviewed, 0.9) == 0.9);
    add(reviewed, 0.93, 60, 30); // but wrong ones between do
    CHECK(attach_threshold(reviewed, 0.9) == 0.99);
}

TEST_CASE("few reviews, or bad ones, change nothing", "[grouping][calibration]") {
    std::vector<reviewed_decision> reviewed;
    CHECK(attach_threshold(reviewed, 0.9) == 0.9);
    add(reviewed, 0.6, 49, 49);
    CHECK(attach_threshold(reviewed, 0.9) == 0.9);
    add(reviewed, 0.6, 1, 1);
    CHECK(attach_threshold(reviewed, 0.9) == 0.6);
    add(reviewed, 0.6, 50, 0);
    CHECK(attach_threshold(reviewed, 0.9) == 0.9);
}

TEST_CASE("only the last five hundred reviews count", "[grouping][calibration]") {
    std::vector<reviewed_decision> reviewed;
    add(reviewed, 0.6, 500, 500);
    add(reviewed, 0.6, 500, 0); // older
    CHECK(attach_threshold(reviewed, 0.9) == 0.6);
}
