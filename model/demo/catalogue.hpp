// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/grammar.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace relais::model::demo {

struct weighted {
    std::string value;
    std::uint32_t weight = 1;
};

// One by its weight. Throws nothing; all must not be empty nor all of weight 0.
const std::string& pick_weighted(const std::vector<weighted>& all, dice& roll);

// A family of wordings: the ways one group of people would say it. voice: c (the person), t (about the person), p (a professional).
struct wording {
    char voice = 'c';
    std::uint8_t number = 0; // 0 to 7: its bit in options.families
    program subject;
    std::vector<program> bodies;
    std::vector<program> details;
};

enum class topic_kind { bug, story, contact };

// A planted bug, a one-off story or an ordinary contact, as config/demo/README.md describes. Days count from the end (now).
struct topic {
    topic_kind kind = topic_kind::bug;
    std::string id, title, category, nature, owner, cause, workaround, law_article, law_persons;
    std::uint32_t weight = 1;
    std::vector<weighted> procedures; // empty: any
    std::string step, status, release;
    std::vector<weighted> codes; // weight = percent of the dossiers hit; the rest shows none
    std::vector<weighted> channels, browsers;
    std::vector<std::string> departments;
    std::uint32_t departments_percent = 0;
    std::optional<int> introduced_day, fixed_day, regressed_day;
    int burst_factor = 1, burst_day = 0, burst_hours = 0;
    int delay_days = 2;            // between being hit and writing, on average
    int age_low = 0, age_high = 0; // 0: as usual for the procedure
    bool growing = false, birth_unknown = false, photo_with_o = false;
    std::string names;  // apostrophe, mononym
    std::string people; // british, world
    std::vector<std::string> messages;
    std::vector<program> answers;
    std::vector<wording> families;

    bool professional_only() const; // nobody but schools or hubs writes about it
};

struct town {
    std::string postcode, name;
};

struct place {
    std::string code, within; // "dans le Nord"
    std::uint32_t weight = 1;
    std::string centre;
    int zone = 1; // 1 to 5: landline prefix; 6: overseas and abroad
    std::vector<town> towns;
};

struct origin {
    std::string name;
    std::uint32_t weight = 1;
    std::vector<std::string> surnames;
    std::array<std::vector<std::string>, 3> women, men; // old, middle, young
};

// The slots a text may use; their order is grammar's numbering.
enum slot : std::uint16_t {
    slot_tiers,
    slot_e,
    slot_msg,
    slot_quand,
    slot_echeance,
    slot_duree,
    slot_depuis,
    slot_depuis_passe,
    slot_nfois,
    slot_num,
    slot_annee_naiss,
    slot_nom,
    slot_dep,
    slot_ephoto_o,
    slot_demarche,
    slot_annee_permis,
    slot_ville,
    slot_nsem,
    slot_neph,
    slot_age,
    slot_il,
    slot_dom,
    slot_tel,
    slot_ne,
    slot_metier,
    slot_n,
    slot_le,
    slot_fin_tel,
    slot_batiment,
    slot_er,
    slot_eur,
    slot_inquiet,
    slot_prenom,
    slot_naissance,
    slot_code,
    slot_ecole,
    slot_agrement,
    slot_civil,
    slot_civilite,
    slot_nom_upper,
    slot_usager,
    slot_code_dep,
    slot_date_depot,
    slot_mon_enfant,
    slot_mon_parent,
    slot_mon_conjoint,
    slot_moitie,
    slot_appareil,
    slot_count
};

struct catalogue {
    grammar words;
    std::vector<place> places;
    std::vector<origin> origins;
    std::vector<topic> topics; // bugs first, then stories, then contacts
    std::size_t bug_count = 0;
};

// The files of config/demo, read once. Throws std::runtime_error with the file and line when one is wrong.
const catalogue& the_catalogue();

} // namespace relais::model::demo
