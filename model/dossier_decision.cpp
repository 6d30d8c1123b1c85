// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_decision.hpp"

#include "model/dossier.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace relais::model::dossiers {

namespace {

using group = std::vector<const considered*>;

// --- the person -------------------------------------------------------------------------------------------------------------------

// 3: names and birth date are the same. 2: within the tolerance of the civil status. 1: one typing error. 0: no.
int resemblance(const dossier_facts& facts) {
    auto is_dated = facts.birth_date >= date_likeness::compatible;
    if (facts.same_person()) {
        if (facts.birth_date == date_likeness::equal) return 3;
        if (facts.birth_date == date_likeness::compatible) return 2;
        return facts.birth_date == date_likeness::swapped || facts.birth_date == date_likeness::near ? 1 : 0;
    }
    if (!is_dated) return 0;
    auto is_name_near = facts.name == likeness::typo || facts.name == likeness::part;
    auto is_first_near = facts.first_names == likeness::typo || facts.first_names == likeness::part || facts.first_names == likeness::pair;
    if (is_name_near && facts.first_names == likeness::same) return 1;
    if (facts.name == likeness::same && (is_first_near || facts.first_names == likeness::unknown)) return 1;
    return 0;
}

// Names and dates that are enough to link when nobody else resembles as much.
bool is_enough(const dossier_facts& facts) {
    if (facts.other_identifier() && !facts.near_identifier()) return false;
    auto any = facts.strong() || facts.weak() > 0;
    switch (resemblance(facts)) {
    case 3:
        return true;
    case 2:
        return !facts.is_vague_date || any;
    case 1:
        break;
    default: // no birth date: the same names and a way to reach the person
        return facts.same_person() && facts.birth_date == date_likeness::unknown && facts.strong() &&
               (facts.weak() > 0 || facts.near_identifier());
    }
    if (facts.birth_date == date_likeness::near) return facts.strong();
    if (facts.first_names == likeness::pair) return facts.near_identifier();
    if (facts.first_names == likeness::unknown) return facts.strong();
    if (facts.first_names == likeness::typo) return facts.strong() || facts.weak() == 2;
    return any;
}

bool is_contradicted_name(likeness how) { return how == likeness::other || how == likeness::pair; }

// A number or NEPH typed exactly: does the person plainly contradict it?
bool is_believed(const dossier_facts& facts) {
    auto by_number = facts.number == id_likeness::exact, by_neph = facts.neph == id_likeness::exact;
    if (!by_number && !by_neph) return false;
    auto name_differs = facts.name == likeness::other, first_differs = is_contradicted_name(facts.first_names);
    auto date_differs = facts.birth_date == date_likeness::other;
    if (by_number && by_neph) return !(name_differs && date_differs) && !(first_differs && date_differs);
    // The other identifier names something else: believed only for a person who agrees.
    if (by_number && facts.neph == id_likeness::other && facts.name < likeness::part) return false;
    if (by_neph && facts.number == id_likeness::other) return false;
    switch (int{name_differs} + int{first_differs} + int{date_differs}) {
    case 0:
        return true;
    case 1:
        if (date_differs) return facts.same_person();
        if (name_differs) return facts.birth_date == date_likeness::equal;
        // A parent who writes under the family's name; twins share an address, and are told apart by the date alone.
        return facts.first_names == likeness::other && facts.birth_date == date_likeness::unknown && (facts.email || facts.phone);
    default:
        return !date_differs && (facts.email || facts.phone);
    }
}

// --- the dossier among one person's -----------------------------------------------------------------------------------------------

const considered* only(const group& all, bool (*is_wanted)(const considered&)) {
    const considered* found = nullptr;
    for (const auto* each : all) {
        if (!is_wanted(*each)) continue;
        if (found) return nullptr;
        found = each;
    }
    return found;
}

// The number decides, else the open dossier of the ticket's procedure; nothing when that is not exactly one.
const considered* choose(const group& person) {
    if (person.size() == 1) return person.front();
    if (auto* exact = only(person, [](const considered& each) { return each.facts.number == id_likeness::exact; })) return exact;
    if (auto* near = only(person, [](const considered& each) { return each.facts.number >= id_likeness::part; })) return near;
    return only(person, [](const considered& each) { return each.facts.procedure && is_open(each.row.status); });
}

std::string person_of(const considered& each) { return each.row.neph.empty() ? "#" + std::to_string(each.row.id) : each.row.neph; }

// Also those that bear another name: a NEPH is for life.
group dossiers_of(const std::vector<considered>& all, const std::string& person) {
    group out;
    for (const auto& each : all)
        if (person_of(each) == person) out.push_back(&each);
    return out;
}

std::map<std::string, group> by_person(const group& all) {
    std::map<std::string, group> out;
    for (const auto* each : all) out[person_of(*each)].push_back(each);
    return out;
}

// --- the answer -------------------------------------------------------------------------------------------------------------------

int score(const dossier_facts& facts) {
    auto out = static_cast<int>(facts.number) * 4 + static_cast<int>(facts.neph) * 4 + static_cast<int>(facts.name) * 2 +
               static_cast<int>(facts.first_names) * 2 + static_cast<int>(facts.birth_date) * 2 + facts.weak();
    return out + (facts.email ? 4 : 0) + (facts.phone ? 4 : 0);
}

dossier_link linked(const considered& to) {
    dossier_link out;
    out.outcome = link_outcome::linked;
    out.dossier_id = to.row.id;
    out.reason = explain(to.facts);
    return out;
}

dossier_link left_to_the_agent(group all, link_outcome outcome, std::string reason) {
    auto better = [](const considered* a, const considered* b) {
        auto left = score(a->facts), right = score(b->facts);
        return left != right ? left > right : a->row.id < b->row.id;
    };
    std::sort(all.begin(), all.end(), better);
    if (all.size() > candidates_limit) all.resize(candidates_limit);
    dossier_link out;
    out.outcome = outcome;
    out.reason = std::move(reason);
    for (const auto* each : all) out.candidates.push_back({each->row.id, explain(each->facts)});
    return out;
}

// Worth an agent's look: an identifier typed exactly, a person who resembles, a namesake, or a near identifier with the name.
bool is_plausible(const dossier_facts& facts) {
    if (facts.number == id_likeness::exact || facts.neph == id_likeness::exact || resemblance(facts) > 0) return true;
    if (facts.same_person()) return facts.birth_date != date_likeness::other || facts.strong();
    return facts.near_identifier() && facts.name >= likeness::part;
}

} // namespace

std::optional<dossier_link> decide_by_identifier(const std::vector<considered>& all) {
    group believed;
    for (const auto& each : all)
        if (is_believed(each.facts)) believed.push_back(&each);
    if (believed.empty()) return {};
    auto* numbered = only(believed, [](const considered& each) { return each.facts.number == id_likeness::exact; });
    auto people = by_person(believed);
    if (people.size() == 1) {
        auto whole = dossiers_of(all, people.begin()->first);
        if (auto* chosen = choose(whole)) return linked(*chosen);
        return left_to_the_agent(whole, link_outcome::several, "several_dossiers");
    }
    // The number and the NEPH name two people: the number is believed when its person agrees by name.
    if (numbered && numbered->facts.name >= likeness::part) return linked(*numbered);
    return left_to_the_agent(believed, link_outcome::several, "identifiers_disagree");
}

person_decision decide_by_person(const std::vector<considered>& all, bool is_complete) {
    group plausible, alike;
    int best = 0;
    // Two typing errors contradict nothing, unless what was typed is the number of somebody else to the letter.
    std::set<std::string> named;
    for (const auto& each : all)
        if (each.facts.number == id_likeness::exact || each.facts.neph == id_likeness::exact) named.insert(person_of(each));
    auto is_somebody_elses = [&](const considered& each) { return !named.empty() && !named.contains(person_of(each)); };
    for (const auto& each : all) {
        if (is_plausible(each.facts)) plausible.push_back(&each);
        auto excluded = (each.facts.other_identifier() || is_somebody_elses(each)) && !each.facts.near_identifier();
        auto counts = resemblance(each.facts) > 0 || is_enough(each.facts);
        if (excluded || !counts) continue;
        alike.push_back(&each);
        best = std::max(best, resemblance(each.facts));
    }
    person_decision out;
    auto leave = [&](std::string reason) {
        out.link = left_to_the_agent(plausible, alike.size() > 1 ? link_outcome::several : link_outcome::none, std::move(reason));
        return out;
    };
    if (alike.empty()) return leave(plausible.empty() ? "unknown" : "weak");

    group first;
    for (const auto* each : alike)
        if (resemblance(each->facts) == best) first.push_back(each);
    auto is_strong = [](const considered* each) { return each->facts.strong(); };
    auto people = by_person(first);
    if (people.size() > 1) { // homonyms: a number, a NEPH or a way to reach the person decides, or nobody
        std::erase_if(people, [&](const auto& each) { return std::none_of(each.second.begin(), each.second.end(), is_strong); });
        if (people.size() != 1) return leave("homonyms");
    }
    auto& [name, person] = *people.begin();
    auto is_person_strong = std::any_of(person.begin(), person.end(), is_strong);
    if (!is_complete && !is_person_strong) return leave("too_many");
    // Somebody who resembles less but is reached the same way may be meant as well.
    for (const auto* each : alike)
        if (person_of(*each) != name && is_strong(each) && !is_person_strong) return leave("homonyms");
    if (std::none_of(person.begin(), person.end(), [](const considered* each) { return is_enough(each->facts); })) return leave("weak");

    auto whole = dossiers_of(all, name);
    if (auto* chosen = choose(whole))
        out.link = linked(*chosen);
    else
        out.link = left_to_the_agent(whole, link_outcome::several, "several_dossiers");
    if (!person.front()->row.neph.empty()) out.person_neph = name;
    return out;
}

std::array<std::string, 5> possible_birth_dates(const std::string& birth_date) {
    auto year = birth_date.substr(0, 4), month = birth_date.substr(5, 2), day = birth_date.substr(8, 2);
    auto is_stand_in = (month == "01" && day == "01") || (month == "12" && day == "31") || day == "00";
    std::array<std::string, 5> out = {birth_date, birth_date, year + "-00-00", year + "-" + month + "-00", birth_date};
    if (day != "00") out[1] = year + "-" + day + "-" + month;
    if (is_stand_in) out[1] = year + "-01-01", out[4] = year + "-12-31";
    return out;
}

} // namespace relais::model::dossiers
