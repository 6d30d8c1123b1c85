// SPDX-License-Identifier: EUPL-1.2
#include "model/told_words.hpp"

#include "model/sensitive.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>

namespace relais::model {

namespace {

constexpr std::string_view name_mark = "[nom]", private_mark = "[donnée protégée]";
constexpr std::size_t shortest_name = 3; // bytes, folded: "le" and "de" are everybody's

// How words of illness and of offence begin, folded. Procedures keep their names: a medical opinion, a suspension, an ethylotest.
constexpr auto private_stems = std::to_array<std::string_view>(
    {"epilep",    "diabet",   "alcool",  "stupef",  "cannabis", "cocain",  "drogu",   "toxico",    "addict",
     "depress",   "bipolair", "schizo",  "psychi",  "parkinso", "alzheim", "cancer",  "tumeur",    "maladie",
     "malade",    "handica",  "infirm",  "aveugle", "amput",    "avc",     "infarct", "cardiaq",   "seropos",
     "ivress",    "recidiv",  "condamn", "delit",   "delinqu",  "prison",  "homicid", "violences", "infraction",
     "contraven", "tribun",   "exces ",  "flashe",  "radar",    "penal ",  "penale",  "penaux "}); // with its end: the word alone

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

// Names that begin with a word: "durand" and "durand luc", not "durandet".
std::string after(const std::string& word) { return word + "!"; }

} // namespace

std::string told_words::of(std::int64_t incident, std::string_view text) {
    auto masked = sensitive::mask_for_export(text);
    std::string_view from = masked;
    std::string out;
    for (std::size_t at = 0; at < from.size();) {
        auto end = end_of_word(from, at);
        if (end == at) {
            out += from[at++];
            if (auto gap = gap_size(from.substr(at - 1)); gap > 1) out += from.substr(at, gap - 1), at += gap - 1;
            continue;
        }
        auto word = from.substr(at, end - at);
        auto folded = text::fold(word);
        if (is_private(folded))
            out += private_mark;
        else if (folded.size() >= shortest_name && is_a_name(folded) && is_of(incident, folded))
            out += name_mark;
        else
            out += word;
        at = end;
    }
    return out;
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

} // namespace relais::model
