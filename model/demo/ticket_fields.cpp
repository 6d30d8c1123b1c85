// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/french.hpp"
#include "model/demo/ticket_maker.hpp"

#include <algorithm>

namespace relais::model::demo {

namespace {

std::string first_name(const person& who) { return who.first_names.substr(0, who.first_names.find(',')); }

std::string last_name(const person& who) { return who.usual_name.empty() ? who.birth_name : who.usual_name; }

// Jean-Luc Lévêque, LEVEQUE Jean-Luc, jean luc leveque...
std::string typed_name(std::string first, std::string last, dice& roll) {
    auto manner = roll.below(20);
    if (manner < 11) return first.empty() ? last : first + " " + last;
    if (manner < 14) return upper(last) + (first.empty() ? "" : " " + first);
    if (manner < 16) return first.empty() ? upper(last) : first + " " + upper(last);
    if (manner < 18) return plain(first.empty() ? last : last + " " + first, true);
    if (manner < 19) return plain(first.empty() ? last : first + " " + last, false);
    std::replace(first.begin(), first.end(), '-', ' ');
    std::replace(last.begin(), last.end(), '-', ' ');
    return first.empty() ? last : first + " " + last;
}

std::string other_first_name(const person& who, bool female, int band, dice& roll) {
    for (const auto& one : the_catalogue().origins)
        if (one.name == who.origin) {
            const auto& names = (female ? one.women : one.men)[static_cast<std::size_t>(std::clamp(band, 0, 2))];
            if (!names.empty()) return roll.pick(names);
        }
    return female ? "Anne" : "Paul";
}

std::string mailbox(std::string_view name) {
    std::string local;
    for (auto letter : plain(name, true)) {
        auto kept = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        if (kept)
            local += letter;
        else if (!local.empty() && local.back() != '.')
            local += '.';
    }
    while (local.ends_with('.')) local.pop_back();
    return local + "@example.test";
}

void fill_partner(demo_ticket& out, const scene& of, dice& roll) {
    static const std::vector<std::string> clerks = {"Sandra Ricci",  "M. Lagarde",     "Nadège Toussaint", "Chloé Vasseur",
                                                    "Yacine Ferhat", "Brigitte Hamon", "Loïc Perrot",      "Mme Descamps"};
    if (of.holder == pen::school)
        out.organisation = of.school;
    else if (of.holder == pen::hub)
        out.organisation = "France services " + of.subject.town;
    else
        out.organisation = "Préfecture - " + the_catalogue().places[of.subject.place].code;
    out.requester.name = of.holder == pen::school && roll.percent(50) ? of.school : roll.pick(clerks);
    out.requester.email = mailbox(out.organisation);
    if (roll.percent(60)) out.requester.phone = typed_phone(of.subject.phone.starts_with("+336") ? "+33353011240" : of.subject.phone, roll);
}

// The name as another person types it: folded, shouted, halves swapped, hyphens lost.
demo_subject typed_subject(const person& who, std::string relation, dice& roll) {
    demo_subject typed{who.birth_name, first_name(who), who.birth_date, std::move(relation)};
    if (!who.usual_name.empty() && roll.percent(35)) typed.birth_name = who.usual_name;
    auto both = [&typed](auto change) {
        typed.birth_name = change(typed.birth_name);
        typed.first_names = change(typed.first_names);
    };
    if (roll.percent(30)) both([](const std::string& text) { return plain(text, false); });
    if (roll.percent(22))
        both([](const std::string& text) { return upper(text); });
    else if (roll.percent(9))
        both([](const std::string& text) { return lower(text); });
    if (roll.percent(15))
        both([](std::string text) {
            std::replace(text.begin(), text.end(), '-', ' ');
            return text;
        });
    if (roll.percent(3) && !typed.first_names.empty()) std::swap(typed.birth_name, typed.first_names);
    return typed;
}

const char* relation_of(pen holder) {
    switch (holder) {
    case pen::parent:
        return "parent";
    case pen::spouse:
        return "spouse";
    case pen::school:
        return "driving_school";
    case pen::hub:
        return "adviser";
    case pen::child:
    case pen::prefecture:
        return "other";
    default:
        return "self";
    }
}

std::string spaced(const std::string& neph, dice& roll) {
    if (neph.size() < 12 || roll.percent(62)) return neph;
    auto manner = roll.below(3);
    if (manner == 0) return neph.substr(0, 6) + " " + neph.substr(6);
    if (manner == 1) return neph.substr(0, 4) + " " + neph.substr(4, 2) + " " + neph.substr(6, 3) + " " + neph.substr(9);
    return neph.substr(0, 2) + "-" + neph.substr(2, 2) + "-" + neph.substr(4, 2) + "-" + neph.substr(6);
}

std::string spelled(std::string number, dice& roll) {
    if (roll.percent(8)) return lower(number);
    if (roll.percent(6)) return "n° " + number;
    if (roll.percent(6)) return number.substr(0, 2) + " " + number.substr(2);
    return number;
}

// A digit lost, changed or swapped with its neighbour.
std::string slipped(std::string number, dice& roll) {
    auto at = 2 + roll.below(static_cast<std::uint32_t>(number.size() - 3));
    switch (roll.below(4)) {
    case 0:
        number.erase(at, 1);
        break;
    case 1:
        std::swap(number[at], number[at + 1]);
        break;
    case 2:
        number.resize(number.size() - 2 - roll.below(3));
        break;
    default:
        number[at] = number[at] == '7' ? '4' : '7';
    }
    return number;
}

} // namespace

void fill_requester(demo_ticket& out, const scene& of, dice& roll) {
    const auto& who = of.subject;
    auto partner = of.holder == pen::school || of.holder == pen::hub || of.holder == pen::prefecture;
    if (partner)
        fill_partner(out, of, roll);
    else {
        auto relative = of.holder == pen::parent || of.holder == pen::child || of.holder == pen::spouse;
        auto band = of.holder == pen::parent ? 1 : of.holder == pen::child ? 1 : who.birth_year < 1960 ? 0 : 1;
        auto first =
            relative ? other_first_name(who, of.holder == pen::spouse ? !who.female : roll.percent(60), band, roll) : first_name(who);
        out.requester.name = typed_name(first, last_name(who), roll);
        auto mail = out.channel == "phone" ? 45U : out.channel == "letter" ? 12U : of.age > 70 ? 72U : 96U;
        if (roll.percent(mail)) out.requester.email = relative ? mailbox(first + "." + last_name(who)) : who.email;
        if (out.channel == "phone" || out.channel == "callback" || out.requester.email.empty() || roll.percent(58))
            out.requester.phone = typed_phone(who.phone, roll);
        if (out.channel == "letter" || roll.percent(14)) out.requester.postal_address = postal_address(who);
        if (out.channel == "letter" && roll.percent(60)) out.requester.phone.clear();
    }
    if (of.holder != pen::self && of.holder != pen::agent && out.procedure != "NONE" && out.procedure != "ACCOUNT") {
        out.subject_person = typed_subject(who, relation_of(of.holder), roll);
        if (roll.percent(28)) out.subject_person->birth_date.clear();
    }
}

void fill_portal(demo_ticket& out, const scene& of, sys_seconds now, dice& roll) {
    struct shares {
        std::uint32_t step, code, message, browser;
    };
    auto shown = out.channel == "web_form" || out.channel == "callback" ? shares{72, 76, 46, 80}
                 : out.channel == "phone"                               ? shares{46, 26, 26, 8}
                 : out.channel == "letter"                              ? shares{0, 6, 5, 0}
                                                                        : shares{62, 66, 48, 40};
    const auto& about = of.about;
    if (!about.step.empty() && roll.percent(shown.step)) out.portal.step = about.step;
    if (!of.error_code.empty() && roll.percent(shown.code)) out.portal.error_code = of.error_code;
    if (!of.message.empty() && roll.percent(shown.message)) out.portal.message = of.message;
    static const std::vector<weighted> browsers = {{"Chrome (Windows)", 30},  {"Chrome (Android)", 24}, {"Safari (iPhone)", 18},
                                                   {"Firefox (Windows)", 10}, {"Edge (Windows)", 9},    {"Safari (Mac)", 4},
                                                   {"Samsung Internet", 5},   {"Firefox (Linux)", 1}};
    static const std::vector<weighted> apple = {
        {"Safari (iPhone)", 75}, {"Safari (iPad)", 18}, {"Safari (Mac)", 12}, {"Chrome (Android)", 2}};
    if (!roll.percent(shown.browser)) return;
    out.portal.browser = pick_weighted(about.browsers.empty() ? browsers : apple, roll);
    out.portal.release = release_at(std::max(of.hit_at, of.received_at - days{5}), now);
}

void fill_hint(demo_ticket& out, const scene& of, bool known, dice& roll) {
    auto& hint = out.truth.hint;
    auto drawn = roll.below(100);
    if (!known)
        hint = drawn < 12 ? dossier_hint::wrong : drawn < 30 ? dossier_hint::name_and_birth : dossier_hint::absent;
    else
        hint = drawn < 44   ? dossier_hint::number
               : drawn < 62 ? dossier_hint::neph
               : drawn < 67 ? dossier_hint::both
               : drawn < 83 ? dossier_hint::name_and_birth
               : drawn < 90 ? dossier_hint::wrong
                            : dossier_hint::absent;
    if (hint == dossier_hint::number || hint == dossier_hint::both) out.dossier_number = spelled(of.number, roll);
    if (hint == dossier_hint::neph || hint == dossier_hint::both) out.neph = spaced(of.neph, roll);
    if (hint == dossier_hint::wrong) {
        if (roll.percent(60))
            out.dossier_number = slipped(of.number, roll);
        else
            out.neph = slipped(of.neph, roll);
    }
    if (hint == dossier_hint::name_and_birth) out.subject_person = typed_subject(of.subject, relation_of(of.holder), roll);
}

} // namespace relais::model::demo
