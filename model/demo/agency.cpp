// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/agency.hpp"

#include "model/demo/french.hpp"

#include <algorithm>

namespace relais::model::demo {

namespace {

// One dossier in five has an anomaly, and most come from the planted bugs.
constexpr std::size_t block_size = 1000;
constexpr std::uint64_t bug_slots = 168;
constexpr std::uint64_t odd_slots = 32;
constexpr int no_anomaly = -1;
constexpr int odd_anomaly = -2;
constexpr std::uint64_t moved_after_fix_percent = 82;

bool has_dossiers(const topic& about) {
    return about.kind == topic_kind::bug && about.status != "NONE" &&
           std::any_of(about.procedures.begin(), about.procedures.end(),
                       [](const weighted& one) { return one.value != "ACCOUNT" && one.value != "NONE"; });
}

// Out of the bug: decided, or made and delivered within twelve days.
dossier_state after_the_bug(const dossier_plan& plan, const topic& about, sys_seconds at) {
    if (by_school(plan.procedure) && !plan.procedure.starts_with("TITLE")) return {"ACCEPTED", *plan.moved_at, "instruction", {}, {}};
    if (about.status == "DELIVERED" || about.status == "RETURNED") return {"DELIVERED", *plan.moved_at, "expedition", {}, {}};
    auto delivered_at = *plan.moved_at + days{12};
    if (at >= delivered_at) return {"DELIVERED", delivered_at, "expedition", {}, {}};
    return {"IN_PRODUCTION", *plan.moved_at, "production", {}, {}};
}

std::vector<weighted> with_dossiers(const topic& about) {
    std::vector<weighted> kept;
    for (const auto& one : about.procedures)
        if (one.value != "ACCOUNT" && one.value != "NONE") kept.push_back(one);
    return kept;
}

} // namespace

agency::agency(const options& wanted) : wanted_(wanted), times_(wanted), slots_(block_size, no_anomaly) {
    const auto& topics = the_catalogue().topics;
    std::uint64_t all = 0;
    for (const auto& about : topics)
        if (has_dossiers(about)) all += about.weight;
    std::size_t next = 0;
    for (std::size_t topic = 0; topic < topics.size(); ++topic) {
        if (!has_dossiers(topics[topic])) continue;
        auto share = std::max<std::uint64_t>(1, (topics[topic].weight * bug_slots + all / 2) / all);
        for (; share > 0 && next < block_size; --share) slots_[next++] = static_cast<int>(topic);
    }
    for (std::uint64_t odd = 0; odd < odd_slots; ++odd) slots_[next++] = odd_anomaly;
    dice roll(wanted.seed, for_slots, 0);
    for (auto at = slots_.size() - 1; at > 0; --at) std::swap(slots_[at], slots_[roll.below(static_cast<std::uint32_t>(at + 1))]);
    slots_of_.resize(topics.size());
    for (std::size_t at = 0; at < slots_.size(); ++at)
        if (slots_[at] >= 0) slots_of_[static_cast<std::size_t>(slots_[at])].push_back(at);
}

std::uint64_t agency::blocks() const { return std::max<std::uint64_t>(wanted_.dossiers / block_size, 1); }

// How many dossiers of a block the bug struck: fewer when there is less than a block in all.
std::uint64_t agency::places_of(std::size_t bug) const {
    const auto& mine = slots_of_[bug];
    return static_cast<std::uint64_t>(std::count_if(mine.begin(), mine.end(), [this](auto at) { return at < wanted_.dossiers; }));
}

dossier_plan agency::plan(std::uint64_t index) const {
    dice roll(wanted_.seed, for_dossier, index);
    dossier_plan made;
    made.index = made.owner = index;
    auto slot = index % block_size;
    auto block = index / block_size;
    auto mark = block < blocks() ? slots_[slot] : no_anomaly;
    made.odd = mark == odd_anomaly;
    if (mark >= 0) {
        made.bug = static_cast<std::size_t>(mark);
        const auto& mine = slots_of_[*made.bug];
        auto inside = static_cast<std::uint64_t>(std::lower_bound(mine.begin(), mine.end(), slot) - mine.begin());
        auto each = places_of(*made.bug);
        strike(made, block * each + inside, blocks() * each, roll);
        return made;
    }
    made.procedure = drawn_procedure(roll);
    made.place = pick_place(nullptr, roll);
    // More dossiers are recent than old: the older ones are over.
    auto long_ago = roll.between(0, 420), lately = roll.between(0, 260);
    made.opened_at = wanted_.now - days{std::min(lately, long_ago)} - std::chrono::seconds{roll.between(600, 86'000)};
    if (made.odd) made.error_code = "PGA-9" + std::to_string(roll.between(101, 189));
    auto again =
        made.procedure == "LOSS" || made.procedure == "THEFT" || made.procedure == "DIGITAL_LICENCE" || made.procedure == "ERROR_REPORT";
    if (again && index > 60 && roll.percent(30)) made.owner = index - 1 - roll.below(50);
    return made;
}

void agency::strike(dossier_plan& made, std::uint64_t rank, std::uint64_t ranks, dice& roll) const {
    const auto& about = the_catalogue().topics[*made.bug];
    made.procedure = pick_weighted(with_dossiers(about), roll);
    made.place = pick_place(&about, roll);
    auto delay = roll.wait(static_cast<std::int64_t>(about.delay_days) * 86'400 + 7'200);
    made.hit_at = times_.moment_of(*made.bug, rank, ranks) - std::chrono::seconds{delay};
    auto before = about.status == "DRAFT" ? roll.between(1, 50) * 60 : roll.between(4, 55) * 86'400;
    made.opened_at = made.hit_at - std::chrono::seconds{before};
    auto drawn = roll.below(100);
    for (const auto& code : about.codes) {
        if (drawn < code.weight) {
            made.error_code = code.value;
            break;
        }
        drawn -= code.weight;
    }
    auto lucky = roll.percent(moved_after_fix_percent);
    auto after_fix = roll.between(2, 140) * 3600;
    auto by_hand = roll.percent(22);
    auto by_hand_after = roll.between(12, 40) * 86'400;
    auto regressed = about.regressed_day && made.hit_at >= times_.day(*about.regressed_day);
    if (about.fixed_day && made.hit_at < times_.day(*about.fixed_day) && lucky)
        made.moved_at = times_.day(*about.fixed_day) + std::chrono::seconds{after_fix};
    else if (!about.fixed_day && !regressed && by_hand)
        made.moved_at = made.hit_at + std::chrono::seconds{by_hand_after};
    if (made.moved_at && *made.moved_at > wanted_.now) made.moved_at.reset();
}

person_wish agency::wish(const dossier_plan& plan) const {
    return {plan.procedure, plan.bug ? &the_catalogue().topics[*plan.bug] : nullptr, plan.place};
}

person agency::owner(const dossier_plan& mine) const {
    dice roll(wanted_.seed, for_person, mine.owner);
    if (mine.owner == mine.index) return make_person(wish(mine), wanted_.now, roll);
    auto first = plan(mine.owner);
    return make_person(wish(first), wanted_.now, roll);
}

std::optional<dossier_state> agency::state_at(const dossier_plan& plan, sys_seconds at) const {
    if (at < plan.opened_at) return std::nullopt;
    dossier_state state;
    if (!plan.bug) {
        state = ordinary_state(plan.procedure, plan.opened_at, at, dice(wanted_.seed, for_dossier, ~plan.index));
        if (plan.odd) state.error_code = plan.error_code;
    } else {
        const auto& about = the_catalogue().topics[*plan.bug];
        auto moved = plan.moved_at && at >= *plan.moved_at;
        if (at < plan.hit_at) {
            state.status = about.status == "DRAFT" ? "DRAFT" : "UNDER_ASSESSMENT";
            state.since = plan.opened_at;
        } else if (moved) {
            state = after_the_bug(plan, about, at);
        } else {
            state = {about.status, plan.hit_at, about.step, plan.error_code, {}};
        }
    }
    state.release = release_at(state.since, wanted_.now);
    return state;
}

demo_dossier agency::dossier(std::uint64_t index) const {
    auto mine = plan(index);
    auto who = owner(mine);
    dice roll(wanted_.seed, for_slots, index + 1);
    demo_dossier made;
    made.index = index;
    made.number = dossier_number(wanted_.seed, index);
    made.procedure = mine.procedure;
    made.state = *state_at(mine, wanted_.now);
    auto learner = by_school(made.procedure);
    std::chrono::year_month_day opened{std::chrono::floor<days>(mine.opened_at)};
    auto year = learner ? static_cast<int>(opened.year()) : who.birth_year + 18;
    auto waiting = made.procedure == "REGISTRATION" && made.state.status != "ACCEPTED" &&
                   !(mine.bug && made.state.status != "DRAFT" && roll.percent(30));
    auto legacy = who.birth_year < 1978 && roll.percent(5);
    if (!waiting) made.neph = made_up_neph(year, static_cast<int>(static_cast<unsigned>(opened.month())), mine.owner, legacy);
    made.birth_name = who.birth_name;
    made.usual_name = who.usual_name;
    made.first_names = who.first_names;
    made.birth_date = who.birth_date;
    const auto& home = the_catalogue().places[mine.place];
    made.department = home.code;
    made.centre = made.procedure.starts_with("EXCHANGE") ? "CERT Nantes (échanges)" : home.centre;
    if (!roll.percent(9)) made.email = who.email;
    if (!roll.percent(7)) made.phone = who.phone;
    struct nothing : slot_filler {
        void fill(std::uint16_t, std::string&) override {}
    } empty;
    static const auto schools = the_catalogue().words.rule("school.name");
    // Two requests in three come through a school where a school may ask.
    if (learner && (made.procedure == "TITLE_AFTER_TRAINING" || roll.percent(66))) {
        the_catalogue().words.expand_rule(schools, roll, empty, made.driving_school);
        made.driving_school += " - " + who.town;
    }
    made.updated_at = std::min(made.state.since + std::chrono::seconds{roll.between(0, 9000)}, wanted_.now);
    if (mine.bug) made.bug = the_catalogue().topics[*mine.bug].id;
    return made;
}

std::optional<dossier_plan> agency::struck_by(std::size_t bug, const timeline::moment& when, dice& roll) const {
    if (slots_of_[bug].empty() || wanted_.dossiers == 0) return std::nullopt;
    auto each = places_of(bug);
    if (each == 0) return std::nullopt;
    auto so_far = times_.progress(bug, when.hour, blocks() * each);
    for (int tries = 0; tries < 6; ++tries) {
        auto back = static_cast<std::uint64_t>(roll.wait(3 + static_cast<std::int64_t>(so_far) / 12));
        if (so_far < back + 1) continue;
        auto rank = so_far - back - 1;
        auto found = plan(rank / each * block_size + slots_of_[bug][rank % each]);
        if (found.hit_at <= when.at && (!found.moved_at || *found.moved_at > when.at)) return found;
    }
    return std::nullopt;
}

std::optional<dossier_plan> agency::ordinary(const std::string& procedure, bool recent, sys_seconds at, dice& roll) const {
    if (wanted_.dossiers == 0) return std::nullopt;
    for (int tries = 0; tries < (procedure.empty() ? 10 : 24); ++tries) {
        auto found = plan(roll.next() % wanted_.dossiers);
        if (!found.bug && found.opened_at < at && (!recent || found.opened_at > at - days{70}) &&
            (procedure.empty() || procedure == found.procedure))
            return found;
    }
    return std::nullopt;
}

std::string dossier_number(std::uint64_t seed, std::uint64_t index) {
    constexpr std::uint64_t mask = (1ULL << 40) - 1;
    constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    // Odd multipliers and right shifts are one to one on 40 bits, so two dossiers never share a number.
    auto mixed = (index + seed * 977 + 1) & mask;
    mixed = (mixed * 0x5DEECE66DULL) & mask;
    mixed ^= mixed >> 17;
    mixed = (mixed * 0x27BB2EE687ULL) & mask;
    mixed ^= mixed >> 19;
    std::string number = "PC";
    for (int shift = 35; shift >= 0; shift -= 5) number += letters[(mixed >> shift) & 31];
    return number;
}

std::string made_up_neph(int year, int month, std::uint64_t index, bool legacy) {
    std::string neph;
    append_number(neph, year % 100, 2);
    append_number(neph, month, 2);
    neph += "00";
    // 7919 is coprime with a million: each run of a million dossiers uses every ending once.
    append_number(neph, static_cast<std::int64_t>((index * 7919 + 12'345) % 1'000'000), 6);
    return legacy ? neph.substr(0, 10) : neph;
}

} // namespace relais::model::demo
