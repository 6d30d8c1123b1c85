// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/people.hpp"

#include "model/demo/french.hpp"

#include <algorithm>

namespace relais::model::demo {

namespace {

struct no_slots : slot_filler {
    void fill(std::uint16_t, std::string&) override {}
};

// Where a name is more common than elsewhere: origin and chance in a hundred.
std::pair<std::string_view, std::uint32_t> local_origin(std::string_view department) {
    auto one_of = [department](std::initializer_list<std::string_view> all) {
        return std::find(all.begin(), all.end(), department) != all.end();
    };
    if (one_of({"2A", "2B"})) return {"corsican", 55};
    if (one_of({"22", "29", "35", "56"})) return {"breton", 35};
    if (one_of({"67", "68", "57"})) return {"alsatian", 35};
    if (department == "64") return {"basque", 30};
    if (one_of({"971", "972", "973", "977", "978"})) return {"antilles", 75};
    if (department == "974") return {"reunion", 75};
    if (department == "976") return {"comoros", 85};
    if (one_of({"986", "987", "988"})) return {"pacific", 70};
    return {"", 0};
}

bool from_far(std::string_view origin) {
    static const std::vector<std::string_view> far = {"maghreb", "west-africa", "central-africa", "malagasy", "turkey", "vietnam",
                                                      "china",   "levant",      "afghan",         "horn",     "tamil",  "balkan"};
    return std::find(far.begin(), far.end(), origin) != far.end();
}

bool from_union(std::string_view origin) {
    return origin == "portugal" || origin == "spain" || origin == "italy" || origin == "poland" || origin == "balkan";
}

const origin& drawn_origin(const person_wish& wish, dice& roll) {
    const auto& all = the_catalogue().origins;
    auto suits = [&wish](const origin& one) {
        if (one.name == "mononym") return wish.about != nullptr && wish.about->names == "mononym";
        if (wish.about != nullptr && wish.about->names == "mononym") return false;
        if (wish.about != nullptr && wish.about->people == "british") return one.name == "british";
        if (wish.procedure == "EXCHANGE_NON_EU" || (wish.about != nullptr && wish.about->birth_unknown)) return from_far(one.name);
        if (wish.procedure == "EXCHANGE_EU") return from_union(one.name);
        return true;
    };
    auto [local, chance] = local_origin(the_catalogue().places[wish.place].code);
    if (chance > 0 && roll.percent(chance))
        for (const auto& one : all)
            if (one.name == local && suits(one)) return one;
    std::uint32_t total = 0;
    for (const auto& one : all)
        if (suits(one)) total += one.weight;
    auto drawn = roll.below(total);
    for (const auto& one : all) {
        if (!suits(one)) continue;
        if (drawn < one.weight) return one;
        drawn -= one.weight;
    }
    return all.front();
}

// Every origin and surname with an apostrophe: those the national file cuts.
const std::vector<std::pair<const origin*, const std::string*>>& apostrophe_names() {
    static const auto found = [] {
        std::vector<std::pair<const origin*, const std::string*>> names;
        for (const auto& from : the_catalogue().origins)
            for (const auto& surname : from.surnames)
                if (surname.find('\'') != surname.npos) names.emplace_back(&from, &surname);
        return names;
    }();
    return found;
}

int drawn_age(const person_wish& wish, dice& roll) {
    if (wish.about != nullptr && wish.about->age_low > 0) return roll.between(wish.about->age_low, wish.about->age_high);
    auto procedure = wish.procedure;
    if (procedure == "REGISTRATION" || procedure == "REGISTRATION_CHANGE" || procedure == "TITLE_AFTER_EXAM") {
        auto kind = roll.below(100);
        return kind < 62 ? roll.between(17, 20) : kind < 86 ? roll.between(21, 27) : roll.between(28, 58);
    }
    if (procedure == "TITLE_AFTER_TRAINING") return roll.percent(50) ? roll.between(14, 17) : roll.between(20, 45);
    if (procedure == "RENEWAL") return roll.between(34, 86);
    if (procedure == "LOSS" || procedure == "THEFT" || procedure == "DAMAGE" || procedure == "NONE" || procedure == "ERROR_REPORT")
        return roll.percent(30) ? roll.between(66, 87) : roll.between(20, 65);
    if (procedure == "MEDICAL_RENEWAL") return roll.between(25, 70);
    return roll.between(21, 64);
}

std::string drawn_birth_date(int year, bool unknown, dice& roll) {
    std::string iso = std::to_string(year) + '-';
    auto kind = unknown ? roll.below(3) : roll.below(600);
    if (unknown ? kind < 2 : kind == 0) return iso + "00-00";
    append_number(iso, roll.between(1, 12), 2);
    iso += '-';
    if (unknown || kind == 1) return iso + "00";
    append_number(iso, roll.between(1, 28), 2);
    return iso;
}

void name(person& who, const person_wish& wish, const origin& from, dice& roll) {
    auto band = static_cast<std::size_t>(who.birth_year < 1960 ? 0 : who.birth_year < 1990 ? 1 : 2);
    const auto& firsts = who.female ? from.women[band] : from.men[band];
    if (!firsts.empty()) who.first_names = roll.pick(firsts);
    if (!firsts.empty() && roll.percent(30)) {
        const auto& second = roll.pick(firsts);
        if (second != who.first_names) who.first_names += ", " + second;
    }
    if (who.birth_name.empty()) who.birth_name = roll.pick(from.surnames);
    if (from.name == "french" && roll.percent(4)) who.birth_name += "-" + roll.pick(from.surnames);
    auto married = who.female && who.birth_year < 1996 && roll.percent(who.birth_year < 1965 ? 70 : 35);
    if (married || (wish.about != nullptr && wish.about->id == "usual-name")) who.usual_name = roll.pick(drawn_origin(wish, roll).surnames);
    if (who.usual_name == who.birth_name) who.usual_name.clear();
}

std::string letters_only(std::string_view text) {
    std::string kept;
    for (auto letter : plain(text, true))
        if ((letter >= 'a' && letter <= 'z') || letter == '-') kept += letter;
    return kept;
}

std::string drawn_email(const person& who, dice& roll) {
    auto first = letters_only(who.first_names.substr(0, who.first_names.find(',')));
    auto last = letters_only(who.usual_name.empty() ? who.birth_name : who.usual_name);
    std::string local;
    switch (first.empty() ? 3 : roll.below(4)) {
    case 0:
        local = first + "." + last;
        break;
    case 1:
        local = first.substr(0, 1) + "." + last;
        break;
    case 2:
        local = last + first;
        break;
    default:
        local = last + std::to_string(roll.between(1, 99));
        break;
    }
    if (roll.percent(45)) local += std::to_string(roll.percent(50) ? who.birth_year % 100 : roll.between(1, 999));
    return local + "@example.test";
}

// ARCEP decision 2018-0881: numbers kept for fiction, a landline range for each zone and one of mobiles.
std::string drawn_phone(int zone, bool landline, dice& roll) {
    constexpr std::array<std::string_view, 6> ranges = {"19900", "26191", "35301", "46571", "53649", "63998"};
    std::string phone = "+33" + std::string(ranges[static_cast<std::size_t>(landline ? zone - 1 : 5)]);
    append_number(phone, roll.between(0, 9999), 4);
    return phone;
}

void settle(person& who, dice& roll) {
    static const auto streets = the_catalogue().words.rule("street");
    no_slots nothing;
    const auto& home = the_catalogue().places[who.place];
    const auto& chosen = roll.pick(home.towns);
    who.town = chosen.name;
    who.postcode = chosen.postcode;
    append_number(who.street, roll.between(1, 140));
    if (roll.percent(8)) who.street += " bis";
    who.street += ' ';
    the_catalogue().words.expand_rule(streets, roll, nothing, who.street);
    if (roll.percent(28)) {
        who.building = (roll.percent(50) ? "Bât. " : "Esc. ") + std::string(1, static_cast<char>('A' + roll.below(6))) + ", appt ";
        append_number(who.building, roll.between(1, 214));
    }
}

} // namespace

std::size_t pick_place(const topic* about, dice& roll) {
    const auto& all = the_catalogue().places;
    auto weight = [&](const place& one, bool only) {
        return !only || std::find(about->departments.begin(), about->departments.end(), one.code) != about->departments.end() ? one.weight
                                                                                                                              : 0;
    };
    auto only = about != nullptr && !about->departments.empty() && roll.percent(about->departments_percent);
    std::uint32_t total = 0;
    for (const auto& one : all) total += weight(one, only);
    auto drawn = roll.below(total);
    for (std::size_t at = 0; at < all.size(); ++at) {
        if (drawn < weight(all[at], only)) return at;
        drawn -= weight(all[at], only);
    }
    return 0;
}

person make_person(const person_wish& wish, sys_seconds now, dice& roll) {
    person who;
    who.place = wish.place;
    who.female = roll.percent(wish.about != nullptr && wish.about->id == "usual-name" ? 90 : 48);
    who.birth_year = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<days>(now)}.year()) - drawn_age(wish, roll);
    const auto* from = &drawn_origin(wish, roll);
    if (wish.about != nullptr && wish.about->names == "apostrophe") {
        const auto& [origin_of, surname] = roll.pick(apostrophe_names());
        from = origin_of;
        who.birth_name = *surname;
    }
    who.origin = from->name;
    name(who, wish, *from, roll);
    who.birth_date = drawn_birth_date(who.birth_year, wish.about != nullptr && wish.about->birth_unknown, roll);
    settle(who, roll);
    who.email = drawn_email(who, roll);
    auto zone = the_catalogue().places[who.place].zone;
    who.phone = drawn_phone(zone, zone < 6 && roll.percent(who.birth_year < 1960 ? 45 : 6), roll);
    return who;
}

std::string typed_phone(std::string_view e164, dice& roll) {
    auto national = "0" + std::string(e164.substr(3));
    auto manner = roll.below(10);
    if (manner < 4) return national;
    if (manner == 4) return std::string(e164);
    if (manner == 5)
        return "+33 " + national.substr(1, 1) + " " + national.substr(2, 2) + " " + national.substr(4, 2) + " " + national.substr(6, 2) +
               " " + national.substr(8);
    auto mark = manner < 8 ? ' ' : manner == 8 ? '.' : '-';
    std::string typed;
    for (std::size_t at = 0; at < national.size(); at += 2) {
        if (at > 0) typed += mark;
        typed.append(national, at, 2);
    }
    return typed;
}

std::string postal_address(const person& who) {
    auto lines = who.building.empty() ? who.street : who.building + ", " + who.street;
    return lines + ", " + who.postcode + " " + who.town;
}

} // namespace relais::model::demo
