// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier.hpp"
#include "model/dossier_match.hpp"
#include "model/sql.hpp"
#include "tests/support/link_contacts.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>

using namespace relais;
using namespace relais::model;

namespace {

const auto noon = at_seconds(1'795'000'000);

struct figures {
    int all = 0, linked = 0, wrong = 0, lost = 0; // lost: left to the agent without the true one among the candidates
};

void fill(database& database, const std::vector<dossier_news>& dossiers) {
    for (std::size_t from = 0; from < dossiers.size(); from += 2000) {
        auto some = std::span(dossiers).subspan(from, std::min<std::size_t>(2000, dossiers.size() - from));
        database.write_now([some](soci::session& sql) { dossiers::store(sql, some, noon); });
    }
}

bool has_candidate(const dossier_link& link, std::int64_t id) {
    return std::any_of(link.candidates.begin(), link.candidates.end(), [id](const auto& each) { return each.dossier_id == id; });
}

void tell(const tests::link_contact& contact, const dossier_link& link) {
    const auto& typed = contact.evidence;
    UNSCOPED_INFO(contact.kind << ": " << typed.name << " | " << typed.birth_name << " | " << typed.first_names << " | " << typed.birth_date
                               << " | number " << typed.number << " | NEPH " << typed.neph << " -> " << dossiers::word(link.outcome) << " "
                               << link.reason << ", meant " << contact.number);
}

} // namespace

TEST_CASE("a thousand contacts find their dossier, or are left to an agent, and none finds another's", "[dossier_link]") {
    tests::temporary_database database;
    auto seed = GENERATE(1U, 2U);
    auto world = tests::make_link_world(seed);
    REQUIRE(world.dossiers.size() >= 20'000);
    REQUIRE(world.contacts.size() >= 1'000);
    fill(*database, world.dossiers);

    std::map<std::string, figures> by_kind;
    std::map<tests::link_truth, figures> by_truth;
    std::vector<double> spent_us;
    for (const auto& contact : world.contacts) {
        auto visit = [&](soci::session& sql) {
            auto meant = contact.number.empty() ? std::nullopt : dossiers::find_by_number(sql, contact.number);
            auto start = std::chrono::steady_clock::now();
            auto link = dossiers::match(sql, contact.evidence);
            spent_us.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
            return std::pair(meant ? meant->id : 0, link);
        };
        auto [meant, link] = database->read_now(visit);
        auto is_wrong = link.dossier_id && *link.dossier_id != meant;
        auto is_lost = !link.dossier_id && contact.truth == tests::link_truth::ambiguous && !has_candidate(link, meant);
        auto is_unsure = contact.truth == tests::link_truth::ambiguous && link.dossier_id;
        if (is_wrong || is_lost || is_unsure || (contact.truth == tests::link_truth::points && !link.dossier_id)) tell(contact, link);
        for (auto* each : {&by_kind[contact.kind], &by_truth[contact.truth]}) {
            ++each->all;
            each->linked += link.dossier_id ? 1 : 0, each->wrong += is_wrong ? 1 : 0, each->lost += is_lost ? 1 : 0;
        }
    }

    std::sort(spent_us.begin(), spent_us.end());
    std::cout << "link to the dossier, seed " << seed << ": " << world.contacts.size() << " contacts, " << world.dossiers.size()
              << " dossiers, p50 " << spent_us[spent_us.size() / 2] << " us, p99 " << spent_us[spent_us.size() * 99 / 100] << " us\n";
    for (const auto& [kind, count] : by_kind)
        std::cout << "  " << kind << ": " << count.all << ", linked " << count.linked << ", wrong " << count.wrong << ", lost "
                  << count.lost << "\n";
    const auto &points = by_truth[tests::link_truth::points], &ambiguous = by_truth[tests::link_truth::ambiguous];
    std::cout << "  point to one dossier: " << points.all << ", linked " << points.linked << " (" << 100.0 * points.linked / points.all
              << " %)\n"
              << "  ambiguous: " << ambiguous.all << ", left with the true one " << ambiguous.all - ambiguous.linked - ambiguous.lost
              << "\n";
    int wrong = 0;
    for (const auto& [truth, count] : by_truth) wrong += count.wrong;
    CHECK(wrong == 0);
    CHECK(points.linked * 100 >= points.all * 95);
    CHECK(ambiguous.linked == 0);
    CHECK(ambiguous.lost == 0);
    CHECK(by_truth[tests::link_truth::nowhere].linked == 0);
}
