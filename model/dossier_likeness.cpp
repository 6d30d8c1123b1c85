// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_likeness.hpp"

#include "model/birth_date.hpp"
#include "model/dossier_keys.hpp"
#include "model/licence_number.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>

namespace relais::model {

namespace {

constexpr std::size_t shortest_identifier = 5, most_name_words = 6;
constexpr std::size_t missing_characters = 4; // a part may leave out at most these at its end
constexpr std::size_t neph_digits = 12, phone_digits = 9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

void add_identifier(std::vector<std::string>& to, std::string key) {
    if (key.size() < shortest_identifier || to.size() >= most_identifiers) return;
    if (std::none_of(key.begin(), key.end(), is_digit)) return;
    if (std::find(to.begin(), to.end(), key) == to.end()) to.push_back(std::move(key));
}

// "n° 190300200123 / ANTS-2026-1": each run of letters, digits and hyphens may be a number.
void add_inner_identifiers(std::vector<std::string>& to, std::string_view typed) {
    std::string run;
    auto end_run = [&] {
        add_identifier(to, dossiers::number_key(run));
        run.clear();
    };
    for (char c : typed) {
        auto lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
        if (lower || upper || is_digit(c) || c == '-')
            run += c;
        else
            end_run();
    }
    end_run();
}

// A NEPH typed with the letter O or I for a digit.
void add_lookalike(std::vector<std::string>& to, std::string key) {
    for (char& c : key) c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    if (all_digits(key)) add_identifier(to, std::move(key));
}

words without(const words& all, const words& some) {
    words out;
    for (const auto& each : all)
        if (std::find(some.begin(), some.end(), each) == some.end()) out.push_back(each);
    return out;
}

// "Jean Dupont", "DUPONT Jean", "Jean de la Tour": every place where the name may begin or end.
void add_full_name(std::vector<name_reading>& to, const words& full) {
    if (full.size() == 1) to.push_back({full, {}, false});
    for (std::size_t at = 1; at < full.size() && at < most_name_words; ++at) {
        auto middle = full.begin() + static_cast<std::ptrdiff_t>(at);
        words before(full.begin(), middle), after(middle, full.end());
        to.push_back({after, before, false});
        to.push_back({before, after, false});
    }
}

std::vector<name_reading> read_names(const words& full, const words& birth_name, const words& first_names) {
    std::vector<name_reading> out;
    if (birth_name.empty() && first_names.empty()) {
        add_full_name(out, full);
        return out;
    }
    if (birth_name.empty()) { // the first names and a full or usual name
        out.push_back({without(full, first_names), first_names, false});
        out.push_back({first_names, without(full, first_names), false});
        add_full_name(out, first_names);
        return out;
    }
    if (first_names.empty()) {
        out.push_back({birth_name, without(full, birth_name), false});
        add_full_name(out, birth_name);
        return out;
    }
    out.push_back({birth_name, first_names, false});
    out.push_back({first_names, birth_name, false});
    auto usual = without(full, first_names);
    if (!usual.empty() && usual != birth_name) out.push_back({usual, first_names, true});
    return out;
}

id_likeness compare_identifier(std::string_view typed, std::string_view held) {
    if (held.empty()) return id_likeness::unknown;
    if (typed == held) return id_likeness::exact;
    if (std::min(typed.size(), held.size()) > shortest_identifier && typing_errors(typed, held, 1) == 1) return id_likeness::near;
    if (typed.size() >= held.size()) return id_likeness::unknown;
    if (held.ends_with(typed)) return id_likeness::part;
    if (typed.size() + missing_characters >= held.size() && held.find(typed) != std::string_view::npos) return id_likeness::part;
    return id_likeness::unknown;
}

// True when the typed text is written like the held one, so that it names another of the same kind.
bool is_same_shape(std::string_view typed, std::string_view held) {
    if (typed.size() != held.size()) return false;
    auto alike = [](char a, char b) { return is_digit(a) == is_digit(b); };
    return std::equal(typed.begin(), typed.end(), held.begin(), alike) || typed.substr(0, 3) == held.substr(0, 3);
}

void compare_identifiers(const read_evidence& contact, const dossier_identity& dossier, dossier_facts& facts) {
    bool other_number = false, other_neph = false;
    for (std::size_t i = 0; i < contact.identifiers.size(); ++i) {
        const auto& typed = contact.identifiers[i];
        auto number = compare_identifier(typed, dossier.number_key), neph = compare_identifier(typed, dossier.neph);
        facts.number = std::max(facts.number, number);
        facts.neph = std::max(facts.neph, neph);
        if (number > id_likeness::unknown || neph > id_likeness::unknown || i >= contact.fields) continue;
        // Two typing errors are not support, and not a contradiction either.
        if (typing_errors(typed, dossier.number_key, 2) <= 2 || typing_errors(typed, dossier.neph, 2) <= 2) continue;
        auto is_neph = typed.size() == neph_digits && all_digits(typed);
        if (is_neph && dossier.neph.size() == neph_digits)
            other_neph = true;
        else if (is_same_shape(typed, dossier.number_key))
            other_number = true;
    }
    if (facts.number == id_likeness::unknown && other_number) facts.number = id_likeness::other;
    if (facts.neph == id_likeness::unknown && other_neph) facts.neph = id_likeness::other;
}

struct key_words {
    words birth_name, usual_name, first_names;
};

key_words split(std::string_view person_key) {
    auto first = person_key.find('|'), second = person_key.find('|', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return {};
    auto part = [&](std::size_t from, std::size_t to) {
        auto text = person_key.substr(from, to - from);
        return text.empty() ? words{} : dossiers::name_words(text);
    };
    return {part(0, first), part(first + 1, second), part(second + 1, person_key.size())};
}

std::string without_hyphens(std::string_view date) {
    std::string out;
    for (char c : date)
        if (c != '-') out += c;
    return out;
}

bool is_full(std::string_view date) { return birth_dates::precision(date) == birth_precision::day; }

bool same_ending(std::string_view a, std::string_view b) {
    auto left = without_hyphens(a), right = without_hyphens(b);
    if (left.size() < phone_digits || right.size() < phone_digits) return false;
    return left.substr(left.size() - phone_digits) == right.substr(right.size() - phone_digits);
}

std::string lower(std::string_view address) {
    std::string out(address);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

} // namespace

read_evidence read(const dossier_evidence& typed) {
    read_evidence out;
    for (const auto* field : {&typed.number, &typed.neph}) {
        auto key = dossiers::number_key(*field);
        if (!licence_numbers::is_card_number(key)) add_identifier(out.identifiers, key);
    }
    out.fields = out.identifiers.size();
    for (const auto* field : {&typed.number, &typed.neph}) {
        add_lookalike(out.identifiers, dossiers::number_key(*field));
        add_inner_identifiers(out.identifiers, *field);
    }
    auto full = dossiers::name_words(text::fold(typed.name)), first = dossiers::name_words(text::fold(typed.first_names));
    out.birth_name = dossiers::name_words(text::fold(typed.birth_name));
    if (full.size() <= most_name_words) out.names = read_names(full, out.birth_name, first);
    if (birth_dates::precision(typed.birth_date)) out.birth_date = typed.birth_date;
    out.email = lower(typed.email);
    out.phone = typed.phone;
    out.department = typed.department;
    out.procedure_code = typed.procedure_code;
    return out;
}

void compare_person(const read_evidence& contact, std::string_view person_key, dossier_facts& facts) {
    auto held = split(person_key);
    auto worth = [](likeness name, likeness first) { return static_cast<int>(name) + static_cast<int>(first); };
    auto best = -1;
    for (const auto& each : contact.names) {
        auto name = compare_names(each.name, held.birth_name, held.usual_name);
        // A usual name that agrees does not wash away a birth name that differs.
        if (each.is_usual && compare_name(contact.birth_name, held.birth_name) == likeness::other) name = std::min(name, likeness::part);
        auto first = compare_first_names(each.first_names, held.first_names);
        if (worth(name, first) <= best) continue;
        best = worth(name, first);
        facts.name = name, facts.first_names = first;
    }
}

date_likeness compare_birth_dates(std::string_view typed, std::string_view held, bool& is_vague) {
    is_vague = false;
    if (typed.empty() || !birth_dates::precision(held)) return date_likeness::unknown;
    if (typed == held) return date_likeness::equal;
    if (birth_dates::compatible(typed, held)) {
        auto day = [](std::string_view date) { return date.substr(5); };
        auto is_stand_in = [&](std::string_view date) { return day(date) == "01-01" || day(date) == "12-31" || day(date) == "00-00"; };
        is_vague = !(is_stand_in(typed) && is_stand_in(held));
        return date_likeness::compatible;
    }
    if (is_full(typed) && is_full(held) && typed.substr(0, 4) == held.substr(0, 4) && typed.substr(5, 2) == held.substr(8, 2) &&
        typed.substr(8, 2) == held.substr(5, 2))
        return date_likeness::swapped;
    return typing_errors(without_hyphens(typed), without_hyphens(held), 1) == 1 ? date_likeness::near : date_likeness::other;
}

dossier_facts compare(const read_evidence& contact, const dossier_identity& dossier) {
    dossier_facts facts;
    compare_identifiers(contact, dossier, facts);
    compare_person(contact, dossier.person_key, facts);
    facts.birth_date = compare_birth_dates(contact.birth_date, dossier.birth_date, facts.is_vague_date);
    facts.email = !contact.email.empty() && contact.email == lower(dossier.email);
    facts.phone = !contact.phone.empty() && same_ending(contact.phone, dossier.phone);
    facts.department = !contact.department.empty() && contact.department == dossier.department;
    facts.procedure = !contact.procedure_code.empty() && contact.procedure_code == dossier.procedure_code;
    return facts;
}

std::string explain(const dossier_facts& facts) {
    std::string out;
    auto say = [&out](std::string_view fact, char sign = '+') {
        if (!out.empty() || sign == '-') out += sign;
        out += fact;
    };
    constexpr std::array<std::string_view, 3> nearness = {"_part", "_near", ""};
    auto say_id = [&](std::string_view fact, id_likeness how) {
        if (how == id_likeness::other) say(fact, '-');
        if (how > id_likeness::unknown) say(std::string(fact) + std::string(nearness[static_cast<std::size_t>(how) - 2]));
    };
    auto say_name = [&](std::string_view fact, likeness how) {
        if (how == likeness::same)
            say(fact);
        else if (how == likeness::typo || how == likeness::part)
            say(std::string(fact) + "_near");
        else if (how != likeness::unknown)
            say(fact, '-');
    };
    say_id("number", facts.number), say_id("neph", facts.neph);
    say_name("name", facts.name), say_name("first_names", facts.first_names);
    if (facts.birth_date >= date_likeness::compatible)
        say("birth_date");
    else if (facts.birth_date > date_likeness::unknown)
        say("birth_date_near");
    else if (facts.birth_date == date_likeness::other)
        say("birth_date", '-');
    if (facts.email) say("email");
    if (facts.phone) say("phone");
    if (facts.department) say("department");
    if (facts.procedure) say("procedure");
    return out;
}

} // namespace relais::model
