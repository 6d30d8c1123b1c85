// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/scene.hpp"

#include "model/demo/french.hpp"

#include <algorithm>

namespace relais::model::demo {

scene::scene(const topic& what, const person& who, pen pen_holder, dice& dice_used)
    : about(what), subject(who), holder(pen_holder), roll(dice_used), style_(dice_used.below(6)) {}

// One line a slot reads better than the formatter's three.
// clang-format off
void scene::fill(std::uint16_t which, std::string& out) {
    switch (which) {
    case slot_tiers: return third_person(out);
    case slot_e: case slot_ne: case slot_er: case slot_eur: case slot_il: case slot_le: case slot_inquiet: case slot_usager:
    case slot_mon_enfant: case slot_mon_parent: case slot_mon_conjoint: case slot_civilite: case slot_moitie: return fill_agreement(which, out);
    case slot_quand: case slot_echeance: case slot_duree: case slot_depuis: case slot_depuis_passe: case slot_nsem: case slot_date_depot:
    case slot_annee_permis: return fill_time(which, out);
    default: return fill_reference(which, out);
    }
}

void scene::fill_agreement(std::uint16_t which, std::string& out) {
    auto her = subject.female;
    switch (which) {
    case slot_e: out += her ? "e" : ""; break;
    case slot_ne: out += her ? "ne" : ""; break;
    case slot_er: out += her ? "ère" : "er"; break;
    case slot_eur: out += her ? "euse" : "eur"; break;
    case slot_il: out += her ? "elle" : "il"; break;
    case slot_le: out += her ? "la" : "le"; break;
    case slot_inquiet: out += her ? "inquiète" : "inquiet"; break;
    case slot_usager: out += her ? "usagère" : "usager"; break;
    case slot_mon_enfant: out += her ? "ma fille" : "mon fils"; break;
    case slot_mon_parent: out += her ? (style_ < 4 ? "ma mère" : "maman") : (style_ < 4 ? "mon père" : "mon papa"); break;
    case slot_mon_conjoint: out += her ? (style_ < 3 ? "ma femme" : "mon épouse") : (style_ < 3 ? "mon mari" : "mon conjoint"); break;
    case slot_moitie: out += her ? "mon mari" : style_ < 4 ? "ma femme" : "mon épouse"; break;
    default: out += her ? "Madame" : "Monsieur"; break;
    }
}

void scene::fill_time(std::uint16_t which, std::string& out) {
    if (deadline_ == sys_seconds{}) deadline_ = received_at + days{roll.between(3, 40)};
    switch (which) {
    case slot_quand: return append_past_day(out, hit_at, received_at, roll);
    case slot_echeance: return append_coming_day(out, deadline_, received_at, roll);
    case slot_duree: return append_duration(out, hit_at, received_at, roll);
    case slot_nsem: return append_count(out, std::max(2, static_cast<int>((received_at - hit_at) / days{7})), roll);
    case slot_depuis:
        out += "depuis ";
        if (received_at - hit_at < hours{40}) return append_past_day(out, hit_at, received_at, roll);
        return append_duration(out, hit_at, received_at, roll);
    case slot_depuis_passe:
        if (received_at - hit_at < days{3} || roll.percent(35)) return append_past_day(out, hit_at, received_at, roll);
        out += "il y a ";
        return append_duration(out, hit_at, received_at, roll);
    case slot_date_depot: {
        auto start = out.size();
        append_past_day(out, received_at - days{roll.between(21, 90)}, received_at, roll);
        if (out.compare(start, 3, "le ") == 0) out.erase(start, 3);
        return;
    }
    default: {
        auto year = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<days>(received_at)}.year());
        append_number(out, std::min(subject.birth_year + 18 + static_cast<int>(style_), year - 1));
    }
    }
}

void scene::fill_reference(std::uint16_t which, std::string& out) {
    static const auto demands = [] {
        std::map<std::string, std::uint32_t, std::less<>> all;
        for (const char* code : {"REGISTRATION", "TITLE_AFTER_EXAM", "TITLE_AFTER_TRAINING", "RENEWAL", "LOSS", "THEFT", "DAMAGE", "MEDICAL_RENEWAL",
                                 "CIVIL_STATUS_CHANGE", "POST_SUSPENSION", "POST_CANCELLATION", "EXCHANGE_EU", "EXCHANGE_NON_EU", "EXCHANGE_COM",
                                 "MILITARY_CONVERSION", "DIPLOMA_VALIDATION", "RESTRICTION_CHANGE", "ERROR_REPORT", "REGISTRATION_CHANGE",
                                 "INTERNATIONAL_PERMIT", "DIGITAL_LICENCE", "ACCOUNT", "NONE"})
            all[code] = the_catalogue().words.rule(std::string("procedure.") + code);
        return all;
    }();
    const auto& home = the_catalogue().places[subject.place];
    switch (which) {
    case slot_msg: out += message; break;
    case slot_nfois: append_count(out, roll.between(2, 6), roll); break;
    case slot_n: append_number(out, roll.between(3, 7)); break;
    case slot_num: out += number; break;
    case slot_neph: out += neph; break;
    case slot_annee_naiss: append_number(out, subject.birth_year); break;
    case slot_nom: out += subject.birth_name; break;
    case slot_prenom: out += subject.first_names.substr(0, subject.first_names.find(',')); break;
    case slot_nom_upper: out += upper(subject.usual_name.empty() ? subject.birth_name : subject.usual_name); break;
    case slot_naissance: out += slashed(subject.birth_date); break;
    case slot_dep: out += home.within; break;
    case slot_code_dep: out += home.code; break;
    case slot_ville: out += subject.town; break;
    case slot_demarche: the_catalogue().words.expand_rule(demands.find(procedure)->second, roll, *this, out); break;
    case slot_age: append_number(out, age); break;
    case slot_dom: out += std::array<const char*, 6>{"à La Réunion", "en Corse", "en Guyane", "en Martinique", "à Mayotte", "à La Réunion"}[style_]; break;
    case slot_tel: out += typed_phone(neighbour_phone, roll); break;
    case slot_appareil: out += neighbour_phone.starts_with("+336") ? "portable" : "fixe"; break;
    case slot_fin_tel: append_number(out, roll.between(10, 99)); out += ' '; append_number(out, roll.between(10, 99)); break;
    case slot_metier: job(out); break;
    case slot_batiment: out += subject.building.empty() ? "Bât. B, appt 12" : subject.building; break;
    case slot_ephoto_o: photo_code(out); break;
    case slot_code: out += error_code; break;
    case slot_ecole: out += school; break;
    case slot_agrement: // order 99nn: not delivered
        out += "E " + std::to_string(15 + style_ * 2) + " 0" + home.code.substr(0, 2) + " 99";
        append_number(out, roll.between(10, 99));
        out += " 0";
        break;
    case slot_civil: civil(out, roll.percent(50)); break;
    default: break;
    }
}

// clang-format on

// "M. B." or "Mme Kowalski".
void scene::civil(std::string& out, bool whole) {
    const auto& last = subject.usual_name.empty() ? subject.birth_name : subject.usual_name;
    out += subject.female ? "Mme " : "M. ";
    if (whole)
        out += last;
    else {
        auto first = static_cast<unsigned char>(last[0]);
        out.append(last, 0, first < 0x80 ? 1 : first < 0xE0 ? 2 : 3);
        out += '.';
        capitalise(out, out.size() - (first < 0x80 ? 2U : 3U));
    }
}

void scene::third_person(std::string& out) {
    auto first = mentions_++ == 0;
    auto her = subject.female;
    switch (holder) {
    case pen::school:
        if (!first)
            out += "l'élève";
        else if (style_ < 2)
            out += "notre élève";
        else if (style_ == 2) {
            out += "notre élève ";
            fill_reference(slot_prenom, out);
        } else if (style_ == 3) {
            out += "l'élève ";
            fill_reference(slot_nom_upper, out);
            out += ' ';
            fill_reference(slot_prenom, out);
        } else
            out += her ? "notre candidate" : "notre candidat";
        return;
    case pen::hub:
        if (style_ < 2 && first)
            out += her ? "l'usagère que j'accompagne" : "l'usager que j'accompagne";
        else if (style_ < 4)
            civil(out, style_ == 3);
        else
            out += her ? "l'usagère" : "l'usager";
        return;
    case pen::prefecture:
        if (style_ < 2)
            out += her ? "l'intéressée" : "l'intéressé";
        else if (style_ < 4)
            civil(out, true);
        else
            out += her ? "l'usagère" : "l'usager";
        return;
    default:
        if (style_ < 3 || first)
            civil(out, style_ % 2 == 0);
        else
            out += her ? "l'usagère" : "l'usager";
    }
}

void scene::photo_code(std::string& out) {
    constexpr std::string_view letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    auto start = out.size();
    for (int at = 0; at < 22; ++at) out += letters[roll.below(static_cast<std::uint32_t>(letters.size()))];
    for (int many = roll.between(1, 3); many > 0; --many) out[start + roll.below(22)] = 'O';
    if (roll.percent(25)) out = out.substr(0, start) + lower(out.substr(start));
}

void scene::job(std::string& out) {
    static const auto adult = the_catalogue().words.rule("job.adult");
    static const auto driver = the_catalogue().words.rule("job.driver");
    static const auto foreign = the_catalogue().words.rule("job.foreign");
    auto which = procedure == "MEDICAL_RENEWAL" ? driver : procedure == "EXCHANGE_NON_EU" ? foreign : adult;
    the_catalogue().words.expand_rule(which, roll, *this, out);
}

} // namespace relais::model::demo
