// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_match.hpp"

#include "model/dossier.hpp"
#include "model/dossier_decision.hpp"
#include "model/dossier_keys.hpp"
#include "model/dossier_likeness.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace relais::model::dossiers {

namespace {

constexpr std::size_t born_limit = 2000;     // people born on the days looked at; more are not read, and then names alone link nobody
constexpr std::size_t namesakes_limit = 360; // people of the names looked at, three at once
constexpr std::size_t reread_limit = 40;     // rows of the table itself

constexpr auto above_all = "\xF4\x8F\xBF\xBF"; // after every character: [text, text + above_all) is what begins so

const auto select_identity = std::string("SELECT ") + dossier_identity::columns + " FROM dossier ";

// The dossiers looked at, each once, with what agrees.
class gathering {
public:
    gathering(soci::session& sql, const read_evidence& contact) : sql_(sql), contact_(contact) {}

    // All keys in one statement, each column by its index; a place left over asks for the first key again.
    void add_identified() {
        static const auto text = select_identity +
                                 "WHERE number_key IN (:a, :b, :c, :d, :e, :f) OR neph IN (:g, :h, :i, :j, :k, :l) LIMIT " +
                                 std::to_string(25 * most_identifiers);
        if (contact_.identifiers.empty()) return;
        std::array<std::string, most_identifiers> keys;
        keys.fill(contact_.identifiers.front());
        std::copy(contact_.identifiers.begin(), contact_.identifiers.end(), keys.begin());
        add(std::apply([&](const auto&... each) { return sql::all<dossier_identity>(sql_, text, each..., each...); }, keys));
    }

    // Everybody born on the day, or on a day it may stand for, is compared in the index; only look-alikes are read from the table.
    void add_born() {
        if (contact_.birth_date.empty() || contact_.names.empty()) return;
        using born = std::tuple<std::int64_t, std::string>;
        static const auto text =
            "SELECT id, person_key FROM dossier WHERE birth_date IN (:a, :b, :c, :d, :e) LIMIT " + std::to_string(born_limit);
        auto day = possible_birth_dates(contact_.birth_date);
        auto rows = sql::all<born>(sql_, text, day[0], day[1], day[2], day[3], day[4]);
        is_complete_ &= rows.size() < born_limit;
        std::size_t reread = 0;
        for (const auto& [id, person_key] : rows) {
            dossier_facts facts;
            compare_person(contact_, person_key, facts);
            auto resembles =
                facts.name >= likeness::part && (facts.first_names >= likeness::pair || facts.first_names == likeness::unknown);
            if (!resembles || places_.contains(id)) continue;
            if (++reread > reread_limit) {
                is_complete_ = false;
                return;
            }
            if (auto row = sql::first<dossier_identity>(sql_, select_identity + "WHERE id = :id", id)) add({*row});
        }
    }

    // Three readings of the names a statement; a place left over asks for the last again.
    void add_namesakes() {
        std::vector<namesake> all;
        for (const auto& each : contact_.names)
            if (!each.name.empty() && !each.first_names.empty()) all.emplace_back(joined(each.name), joined(each.first_names));
        for (std::size_t at = 0; at < all.size(); at += 3)
            add_namesakes(all[at], all[std::min(at + 1, all.size() - 1)], all[std::min(at + 2, all.size() - 1)]);
    }

    // All the dossiers of a person, whatever name each bears.
    void add_person(const std::string& neph) {
        add(sql::all<dossier_identity>(sql_, select_identity + "WHERE neph = :neph LIMIT 20", neph));
    }

    std::vector<considered>& rows() { return rows_; }
    bool is_complete() const { return is_complete_; }

private:
    using namesake = std::pair<std::string, std::string>; // name, first names

    void add_namesakes(const namesake& a, const namesake& b, const namesake& c) {
        auto named = [](const std::string& n) {
            return "(birth_name_folded = :name" + n + " AND first_names_folded >= :first" + n + " AND first_names_folded < :above" + n +
                   ")";
        };
        auto used = [](const std::string& n) { return "(usual_key >= :key" + n + " AND usual_key < :over" + n + ")"; };
        static const auto text = select_identity + "WHERE " + named("1") + " OR " + named("2") + " OR " + named("3") + " OR " + used("1") +
                                 " OR " + used("2") + " OR " + used("3") + " LIMIT " + std::to_string(namesakes_limit);
        auto x = usual_key(a.first, a.second), y = usual_key(b.first, b.second), z = usual_key(c.first, c.second);
        auto found =
            sql::all<dossier_identity>(sql_, text, a.first, a.second, a.second + above_all, b.first, b.second, b.second + above_all,
                                       c.first, c.second, c.second + above_all, x, x + above_all, y, y + above_all, z, z + above_all);
        is_complete_ &= found.size() < namesakes_limit;
        add(std::move(found));
    }
    static std::string joined(const words& all) {
        std::string out;
        for (const auto& each : all) out += (out.empty() ? "" : " ") + each;
        return out;
    }
    void add(std::vector<dossier_identity> found) {
        for (auto& each : found) {
            if (!places_.emplace(each.id, rows_.size()).second) continue;
            auto facts = compare(contact_, each);
            rows_.push_back({std::move(each), facts});
        }
    }

    soci::session& sql_;
    const read_evidence& contact_;
    std::vector<considered> rows_;
    std::unordered_map<std::int64_t, std::size_t> places_;
    bool is_complete_ = true;
};

} // namespace

std::string_view word(link_outcome outcome) {
    switch (outcome) {
    case link_outcome::linked:
        return "linked";
    case link_outcome::several:
        return "several";
    case link_outcome::none:
        return "none";
    }
    return "none";
}

dossier_link match(soci::session& sql, const dossier_evidence& evidence) {
    auto contact = read(evidence);
    gathering found(sql, contact);
    found.add_identified();
    if (auto link = decide_by_identifier(found.rows())) return *link;
    found.add_born();
    auto decision = decide_by_person(found.rows(), found.is_complete());
    if (!decision.person_neph.empty()) { // one person: which of all the dossiers?
        found.add_person(decision.person_neph);
        decision = decide_by_person(found.rows(), found.is_complete());
    }
    if (decision.link.outcome != link_outcome::none) return decision.link;
    found.add_namesakes();
    return decide_by_person(found.rows(), found.is_complete()).link;
}

void keep_link(soci::session& sql, std::int64_t ticket_id, const dossier_link& link, sys_seconds now) {
    keep_roles(sql, ticket_id, link);
    if (link.dossier_id) snapshot(sql, *link.dossier_id, ticket_id, "mirror", now);
}

void keep_roles(soci::session& sql, std::int64_t ticket_id, const dossier_link& link) {
    constexpr auto insert = "INSERT INTO ticket_dossier (ticket_id, dossier_id, role, reason) VALUES (:ticket, :dossier, :role, :reason)";
    if (link.dossier_id) {
        sql::change(sql, insert, ticket_id, *link.dossier_id, "subject", link.reason);
        return;
    }
    for (const auto& each : link.candidates) sql::change(sql, insert, ticket_id, each.dossier_id, "candidate", each.why);
}

} // namespace relais::model::dossiers
