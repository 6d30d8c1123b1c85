// SPDX-License-Identifier: EUPL-1.2
#include "model/refiling.hpp"

#include "model/capital.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"
#include "model/ticket_merge.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace relais::model::refilings {

namespace {

using words = std::vector<std::string>;

// Verbs that say "again" by themselves, and verbs of filing: the beginnings of their folded forms.
constexpr std::array<std::string_view, 12> again_verbs = {"refair",    "refait",    "refai",  "refass",   "refer",    "redepos",
                                                          "resoumett", "recommenc", "reiter", "renouvel", "resubmit", "refile"};
constexpr std::array<std::string_view, 30> filing_verbs = {
    "depos",  "faire",  "faite",    "fass",   "ferez",  "soumett", "soumiss", "effectu", "introdui", "present",
    "envoy",  "renvoy", "transme",  "adress", "rempli", "commenc", "lanc",    "ouvr",    "creer",    "creez",
    "formul", "saisi",  "constitu", "etabli", "submit", "file",    "make",    "start",   "open",     "create"};
constexpr std::array<std::string_view, 22> things = {
    "demande",     "demandes",   "dossier",   "dossiers",    "demarche",    "demarches",    "teledemarche", "teleprocedure",
    "teleservice", "formulaire", "procedure", "inscription", "application", "applications", "request",      "requests",
    "form",        "procedures", "file",      "formulaires", "requete",     "candidature"};
constexpr std::array<std::string_view, 10> new_words = {"nouvelle", "nouvelles", "nouveau", "nouveaux", "autre",
                                                        "seconde",  "deuxieme",  "new",     "another",  "second"};
// A thing behind one of these is not what is done again: "refaire la photo de votre dossier".
constexpr std::array<std::string_view, 9> turns = {"dans", "de", "du", "des", "depuis", "pour", "of", "in", "from"};
// Between a negation and the verb nothing but small words stands; one of these says that another clause began.
constexpr std::array<std::string_view, 22> clause_words = {
    ",",      "et",       "mais",   "donc",   "alors",    "car",   "devez",  "doit", "doivent", "devrez", "faut",
    "faudra", "veuillez", "prions", "invite", "invitons", "merci", "pouvez", "must", "should",  "please", "but"};
constexpr std::array<std::string_view, 16> negations = {"ne", "n",    "pas",    "inutile", "sans", "jamais",  "aucun", "aucune",
                                                        "ni", "rien", "eviter", "evitez",  "not",  "without", "never", "t"};
// Denied, these ask for what follows: "n'oubliez pas de", "n'hésitez pas à", "do not forget to".
constexpr std::array<std::string_view, 7> urging_verbs = {"oubli", "hesit", "manqu", "tard", "forget", "fail", "delay"};
constexpr std::array<std::string_view, 7> past_words = {"avez", "aviez", "ayez", "avons", "ont", "avait", "have"};

constexpr std::size_t reach = 7; // words between a verb and its thing

bool among(const auto& list, std::string_view word) { return std::find(list.begin(), list.end(), word) != list.end(); }
bool begins(const auto& list, std::string_view word) {
    return std::any_of(list.begin(), list.end(), [word](auto each) { return word.starts_with(each); });
}

// The folded words of a sentence, a comma being one of them.
words words_of(std::string_view sentence) {
    words out(1);
    for (char each : text::fold(sentence)) {
        auto is_letter = (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
        if (is_letter)
            out.back() += each;
        else if (!out.back().empty())
            out.emplace_back();
        if (each == ',') out.back() = ",", out.emplace_back();
    }
    if (out.back().empty()) out.pop_back();
    return out;
}

bool urges(const words& in, std::size_t negation) {
    auto first = in.begin() + static_cast<std::ptrdiff_t>(negation - std::min<std::size_t>(negation, 2));
    auto last = in.begin() + static_cast<std::ptrdiff_t>(std::min(negation + 2, in.size()));
    return std::any_of(first, last, [](const auto& each) { return begins(urging_verbs, each); });
}

// "n'avez pas à déposer", "sans refaire": the words before the verb, up to the beginning of its clause.
bool is_denied(const words& in, std::size_t verb) {
    auto first = verb > reach ? verb - reach : 0;
    for (auto at = verb; at-- > first;) {
        if (among(negations, in[at])) return !urges(in, at);
        if (among(clause_words, in[at])) return false;
    }
    return false;
}

// What was done already, and what would happen if: "vous avez déposé", "si vous déposez".
bool is_told(const words& in, std::size_t verb) {
    if (verb > 0 && among(past_words, in[verb - 1])) return true;
    for (std::size_t back = 1; back <= 2 && back <= verb; ++back)
        if (in[verb - back] == "si" || in[verb - back] == "if" || in[verb - back] == "lorsque") return true;
    return false;
}

bool says_again_near(const words& in, std::size_t from, std::size_t to) {
    for (auto at = from; at < to && at < in.size(); ++at) {
        if (in[at] == "again" || in[at] == "derechef") return true;
        if (at + 1 >= in.size()) continue;
        const auto& next = in[at + 1];
        if ((in[at] == "a" || in[at] == "de") && next == "nouveau") return true;
        if ((in[at] == "une" || in[at] == "encore") && at + 2 < in.size() && in[at + 2] == "fois") return true;
    }
    return false;
}

// "une nouvelle demande", "une demande nouvelle", "une nouvelle et complète demande".
bool is_new_thing(const words& in, std::size_t at) {
    if (!among(new_words, in[at])) return false;
    if (at > 0 && in[at] == "nouveau" && (in[at - 1] == "a" || in[at - 1] == "de")) return false; // à nouveau
    if (at > 0 && among(things, in[at - 1])) return true;
    return at + 1 < in.size() && (among(things, in[at + 1]) ||
                                  (at + 2 < in.size() && in[at + 1].size() > 3 && in[at + 1] != "dans" && among(things, in[at + 2])));
}

// The place of the thing that the verb acts on, or the number of words.
std::size_t object_of(const words& in, std::size_t verb) {
    for (auto at = verb + 1; at < in.size() && at <= verb + reach; ++at) {
        if (among(things, in[at])) return at;
        auto is_whole = at > 0 && (in[at - 1] == "ensemble" || in[at - 1] == "totalite" || in[at - 1] == "integralite");
        auto is_again = at + 1 < in.size() && in[at] == "de" && in[at + 1] == "nouveau";
        if (among(turns, in[at]) && !is_whole && !is_again) break;
    }
    return in.size();
}

bool says_from_zero(const words& in, std::size_t at) {
    if (!in[at].starts_with("repart") && !in[at].starts_with("recommenc") && !in[at].starts_with("reprend") &&
        !in[at].starts_with("repren") && in[at] != "start")
        return false;
    for (auto next = at + 1; next < in.size() && next <= at + reach; ++next)
        if (in[next] == "zero" || in[next] == "debut" || in[next] == "scratch") return true;
    return in[at] != "start" && at > 0 && in[at - 1] == "tout";
}

// A verb at this place that tells the reader to file again.
bool tells(const words& in, std::size_t at) {
    auto says = [&] {
        if (in[at] == "reapply" || (in[at] == "apply" && says_again_near(in, at, at + 3))) return true;
        if (says_from_zero(in, at)) return true;
        if (begins(again_verbs, in[at]) && object_of(in, at) < in.size()) return true;
        if (!begins(filing_verbs, in[at])) return false;
        for (auto next = at + 1; next < in.size() && next <= at + reach; ++next)
            if (is_new_thing(in, next)) return true;
        auto object = object_of(in, at);
        return object < in.size() && says_again_near(in, at > 3 ? at - 3 : 0, object + 5);
    };
    return says() && !is_denied(in, at) && !is_told(in, at);
}

// "Une nouvelle demande est nécessaire": the thing first.
bool is_wanted(const words& in, std::size_t at) {
    constexpr std::array<std::string_view, 10> wanted = {"necessaire", "requise", "requis", "obligatoire", "indispensable",
                                                         "impose",     "doit",    "devra",  "required",    "needed"};
    if (!is_new_thing(in, at)) return false;
    for (auto next = at + 1; next < in.size() && next <= at + reach; ++next) {
        if (in[next] == "ne" || in[next] == "n" || in[next] == "pas" || in[next] == "not") return false;
        if (among(wanted, in[next])) return !is_denied(in, at);
    }
    return false;
}

// Its own, or that of a ticket that is read with it.
bool has_dossier(soci::session& sql, const ticket& on) {
    auto thread = tickets::merged_into(sql, on.id);
    thread.push_back(on.id);
    return on.dossier_id || std::any_of(thread.begin(), thread.end(), [&](auto id) {
               auto theirs = "SELECT id FROM ticket_dossier WHERE ticket_id = :ticket AND role <> 'homonym' LIMIT 1";
               return sql::first<std::int64_t>(sql, theirs, id).has_value();
           });
}

// Of those who reported an incident: somebody whom a message to all would tell to file again has a dossier.
bool has_dossiers(soci::session& sql, std::int64_t incident_id) {
    return sql::first<std::int64_t>(sql,
                                    "SELECT ticket.id FROM report JOIN ticket ON ticket.id = report.ticket_id "
                                    "WHERE report.incident_id = :incident AND ticket.dossier_id IS NOT NULL LIMIT 1",
                                    incident_id)
        .has_value();
}

void require_reason(const std::string& sentence, std::string_view why) {
    if (why.find_first_not_of(" \n\t") == std::string_view::npos)
        throw invalid({{"new_request_reason", "files_again", "fault.reply.files_again", sentence}});
}

// A line of a list, or an empty one: what stands above is over.
bool begins_anew(std::string_view line) {
    auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '\n') return true;
    line.remove_prefix(first);
    for (std::string_view mark : {"-", "*", "+", "•", "–", "—", "·"})
        if (line.starts_with(mark)) return true;
    return false;
}

std::size_t end_of_sentence(std::string_view text, std::size_t from) {
    for (auto at = text.find_first_of(".!?;:\n", from); at < text.size(); at = text.find_first_of(".!?;:\n", at + 1))
        if (text[at] != '\n' || begins_anew(text.substr(at + 1))) return at;
    return text.size();
}

// Text is wrapped anywhere; a line that begins with a capital is another clause at least.
std::string unwrapped(std::string_view sentence) {
    std::string out;
    for (std::size_t at = 0; at < sentence.size(); ++at) {
        auto is_clause = sentence[at] == '\n' && begins_with_capital(sentence.substr(at + 1));
        out += is_clause ? ',' : sentence[at];
    }
    return out;
}

bool tells_to_file_again(std::string_view sentence) {
    auto in = words_of(unwrapped(sentence));
    for (std::size_t at = 0; at < in.size(); ++at)
        if (tells(in, at) || is_wanted(in, at)) return true;
    return false;
}

} // namespace

std::optional<std::string> find(std::string_view text) {
    for (std::size_t from = 0; from < text.size();) {
        auto end = end_of_sentence(text, from);
        auto sentence = text.substr(from, end - from);
        if (tells_to_file_again(sentence)) {
            auto first = sentence.find_first_not_of(" \t\n");
            return std::string(sentence.substr(first == std::string_view::npos ? 0 : first));
        }
        from = end + 1;
    }
    return std::nullopt;
}

std::optional<std::string> stopped(soci::session& sql, const ticket& on, std::string_view text) {
    auto found = find(text);
    return found && has_dossier(sql, on) ? found : std::nullopt;
}

void check(soci::session& sql, const ticket& on, std::string_view text, std::string_view why, const actor& who, sys_seconds now) {
    auto found = stopped(sql, on, text);
    if (!found) return;
    require_reason(*found, why);
    events::record(sql, who, "ticket.refiling_told", "ticket", on.id, {{"reason", why}}, now);
}

std::optional<std::string> stopped(soci::session& sql, std::int64_t incident_id, std::string_view text) {
    auto found = find(text);
    return found && has_dossiers(sql, incident_id) ? found : std::nullopt;
}

void check(soci::session& sql, std::int64_t incident_id, std::string_view text, std::string_view why, const actor& who, sys_seconds now) {
    if (has_dossiers(sql, incident_id)) check_holders(sql, incident_id, text, why, who, now);
}

void check_holders(soci::session& sql, std::int64_t incident_id, std::string_view text, std::string_view why, const actor& who,
                   sys_seconds now) {
    auto found = find(text);
    if (!found) return;
    require_reason(*found, why);
    events::record(sql, who, "incident.refiling_told", "incident", incident_id, {{"reason", why}}, now);
}

} // namespace relais::model::refilings
