// SPDX-License-Identifier: EUPL-1.2
#include "model/told_words.hpp"

#include "model/capital.hpp"
#include "model/sensitive.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

namespace relais::model {

namespace {

constexpr std::string_view name_mark = "[nom]", private_mark = "[donnée protégée]";
constexpr std::size_t shortest_name = 3;   // bytes, folded: "le" and "de" are everybody's
constexpr std::size_t shortest_inside = 4; // "van" and "des" too

// How words of illness and of offence begin, folded; with its end: the word alone. Procedures keep their names: a medical opinion, a
// suspension, an ethylotest, a psychotechnical examination. Source: the arrêté of 28 March 2022, which lists what medical opinions look at
constexpr auto private_stems = std::to_array<std::string_view>(
    {"epilep",     "narcolep",  "apnee",     "syncop",  "scleros",   "parkinso",  "alzheim",  "demence",  "migrain",   "paraly",
     "hemipl",     "parapl",    "tetrapl",   "myopath", "trisom",    "autis",     "asperger", "tdah ",    "dyslex",    "dysprax",
     "depress",    "bipolair",  "schizo",    "psychi",  "psychos",   "psychotiq", "nevros",   "anorex",   "boulim",    "suicid",
     "anxie",      "burnout",   "diabet",    "insulin", "hypoglyc",  "dialys",    "renal ",   "renale ",  "greff",     "transplant",
     "cardiaq",    "cardiop",   "cardiov",   "infarct", "pacemaker", "avc",       "cancer",   "tumeur",   "chimio",    "leucem",
     "vih ",       "hiv ",      "sida ",     "seropos", "hepatit",   "covid",     "asthm",    "maladie",  "malade",    "patholog",
     "handica",    "infirm",    "invalidit", "amput",   "prothes",   "fauteuil",  "sourd",    "surdit",   "malenten",  "appareillage",
     "aveugl",     "cecite",    "malvoyan",  "monocul", "borgne",    "glaucom",   "cataract", "diplop",   "hospitali", "chirurg",
     "medicament", "enceint",   "grossess",  "tutelle", "curatell",  "alcool",    "stupef",   "cannabis", "cocain",    "drogu",
     "toxico",     "addict",    "ivress",    "recidiv", "condamn",   "delit",     "delinqu",  "prison",   "homicid",   "violences",
     "infraction", "contraven", "tribun",    "exces ",  "flashe",    "radar",     "penal ",   "penale ",  "penaux "});

// Words of every sentence and of our own subject that people and driving schools bear as names too: they stay, unless somebody is
// addressed by them. Each that is missing here is looked for among all the people of an incident.
constexpr auto common_words = std::to_array<std::string_view>(
    {"adresse",  "agence",       "agent",     "algerie",   "ancien",    "annee",  "ants",          "auto",       "avec",
     "bloquee",  "caledonie",    "carte",     "categorie", "centre",    "code",   "compte",        "conduite",   "dans",
     "date",     "demande",      "demarche",  "depot",     "des",       "deux",   "dossier",       "droit",      "ecole",
     "erreur",   "est",          "etape",     "examen",    "fichier",   "france", "franceconnect", "guadeloupe", "guyane",
     "identite", "invalidation", "jour",      "jpeg",      "juste",     "les",    "lettre",        "mairie",     "martinique",
     "mayotte",  "mois",         "naissance", "neph",      "nouvelle",  "par",    "paris",         "pas",        "payement",
     "permis",   "photo",        "piece",     "plus",      "polynesie", "porte",  "pour",          "prefecture", "que",
     "question", "qui",          "refus",     "releve",    "reunion",   "route",  "saisir",        "sans",       "service",
     "services", "signature",    "site",      "sur",       "titre",     "titres", "trois",         "une",        "ville"});
constexpr auto courtesies =
    std::to_array<std::string_view>({"m", "mr", "mrs", "mme", "mlle", "monsieur", "madame", "mademoiselle", "messieurs", "mesdames"});

template <class List> bool holds(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_private(std::string_view folded) {
    auto ended = std::string(folded) + " ";
    return std::any_of(private_stems.begin(), private_stems.end(), [&ended](auto stem) { return ended.starts_with(stem); });
}

bool is_letter(char c) { return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Typographic apostrophes, spaces, dashes and quotation marks part words, though they are no ASCII.
std::size_t gap_size(std::string_view at) {
    for (std::string_view gap : {"\xc2\xa0", "\xc2\xab", "\xc2\xbb"})
        if (at.starts_with(gap)) return gap.size();
    return at.starts_with("\xe2\x80") ? std::min<std::size_t>(3, at.size()) : 0;
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
    while (at < text.size() && is_letter(text[at]) && gap_size(text.substr(at)) == 0) ++at;
    return at;
}

// Ends a sentence, or a line: what follows is a capital letter whoever it is.
bool ends_sentence(char c) { return c == '.' || c == '!' || c == '?' || c == ':' || c == '\n'; }

// The words of a text in order, and where each stands.
struct text_word {
    std::size_t at = 0, size = 0;
    std::string folded;
    bool is_first = true; // of a sentence
    bool is_capitalised = false;
};
std::vector<text_word> words_in(std::string_view text) {
    std::vector<text_word> out;
    auto is_first = true;
    for (std::size_t at = 0; at < text.size();) {
        auto end = end_of_word(text, at);
        if (end > at) {
            auto word = text.substr(at, end - at);
            out.push_back({at, end - at, text::fold(word), is_first, begins_with_capital(word)});
            is_first = false, at = end;
        } else {
            constexpr std::size_t longest_short_form = 4; // "Mlle. Durand" is one sentence
            auto is_short_form = !out.empty() && out.back().size <= longest_short_form && holds(courtesies, out.back().folded);
            if (ends_sentence(text[at]) && !is_short_form) is_first = true;
            at += std::max<std::size_t>(1, gap_size(text.substr(at)));
        }
    }
    return out;
}

// Names that begin with a word: "durand" and "durand luc", not "durandet".
std::string after(const std::string& word) { return word + "!"; }

} // namespace

std::string told_words::of(std::int64_t incident, std::string_view text) {
    auto masked = sensitive::mask_for_export(text);
    auto words = words_in(masked);
    std::string out;
    std::size_t from = 0;
    auto is_addressed = false; // "Mme Dupont Martin": whoever that is
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        is_addressed = word.is_capitalised && !word.is_first && (is_addressed || (i > 0 && holds(courtesies, words[i - 1].folded)));
        // A capital letter tells a name, unless it begins the sentence alone.
        auto looks_like_one = word.is_capitalised && (!word.is_first || (i + 1 < words.size() && words[i + 1].is_capitalised));
        auto is_name = is_addressed || bears(incident, word.folded, looks_like_one);
        if (holds(courtesies, word.folded)) is_name = false;
        out += std::string_view(masked).substr(from, word.at - from);
        out += is_private(word.folded) ? private_mark : is_name ? name_mark : std::string_view(masked).substr(word.at, word.size);
        from = word.at + word.size;
    }
    return out += std::string_view(masked).substr(from);
}

bool told_words::bears(std::int64_t incident, const std::string& folded, bool looks_like_one) {
    if (folded.size() < shortest_name || holds(common_words, folded)) return false;
    return (is_a_name(folded) && is_of(incident, folded)) || (looks_like_one && is_inside_name(incident, folded));
}

// Few words of a title are anybody's name, and that is an index away: only these are looked for among the incident's people.
bool told_words::is_a_name(const std::string& folded) {
    auto known = names_.find(folded);
    if (known != names_.end()) return known->second;
    auto end = after(folded);
    auto found = false;
    for (const char* query : {"SELECT id FROM citizen WHERE name_folded >= :from AND name_folded < :to LIMIT 1",
                              "SELECT id FROM citizen WHERE name_turned >= :from AND name_turned < :to LIMIT 1",
                              "SELECT id FROM dossier WHERE birth_name_folded >= :from AND birth_name_folded < :to LIMIT 1"})
        found = found || sql::first<std::int64_t>(sql_, query, folded, end).has_value();
    names_[folded] = found;
    return found;
}

bool told_words::is_of(std::int64_t incident, const std::string& folded) {
    auto end = after(folded);
    for (const char* who : {"requester_id", "subject_person_id"}) {
        auto query =
            std::string("SELECT report.id FROM report JOIN ticket ON ticket.id = report.ticket_id JOIN citizen ON citizen.id = ticket.") +
            who +
            " WHERE report.incident_id = :incident AND ((name_folded >= :a AND name_folded < :b) OR (name_turned >= :c AND "
            "name_turned < :d) OR (birth_name_folded >= :e AND birth_name_folded < :f)) LIMIT 1";
        if (sql::first<std::int64_t>(sql_, query, incident, folded, end, folded, end, folded, end)) return true;
    }
    return sql::first<std::int64_t>(
               sql_,
               "SELECT report.id FROM report JOIN dossier ON dossier.id = report.dossier_id WHERE report.incident_id = "
               ":incident AND ((birth_name_folded >= :a AND birth_name_folded < :b) OR (usual_name_folded >= :c AND "
               "usual_name_folded < :d)) LIMIT 1",
               incident, folded, end, folded, end)
        .has_value();
}

// Names of several words begin and end in an index; the words between are read with the incident, once.
bool told_words::is_inside_name(std::int64_t incident, const std::string& folded) {
    if (folded.size() < shortest_inside) return false;
    auto [known, is_new] = inside_.try_emplace(incident);
    if (is_new) {
        const std::string people = "SELECT name_folded, birth_name_folded FROM report JOIN ticket ON ticket.id = report.ticket_id JOIN "
                                   "citizen ON citizen.id = ticket.";
        const std::string which = " WHERE report.incident_id = :incident AND (";
        const std::string two = "name_folded LIKE '% % %' OR birth_name_folded LIKE '% %')";
        for (const auto& query : {people + "requester_id" + which + two, people + "subject_person_id" + which + two,
                                  "SELECT birth_name_folded, usual_name_folded FROM report JOIN dossier ON dossier.id = report.dossier_id" +
                                      which + "birth_name_folded LIKE '% %' OR usual_name_folded LIKE '% %')"})
            for (const auto& [one, other] : sql::all<std::tuple<std::string, std::string>>(sql_, query, incident))
                for (const auto* name : {&one, &other})
                    for (const auto& word : words_in(*name)) known->second.insert(word.folded);
    }
    return known->second.contains(folded);
}

} // namespace relais::model
