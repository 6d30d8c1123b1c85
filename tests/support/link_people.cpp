// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/link_people.hpp"

#include <cctype>

namespace relais::tests {

const std::vector<std::string> link_people::surnames = {
    "Martin",   "Bernard",       "Thomas",         "Petit",         "Robert",     "Richard",   "Durand",     "Dubois",
    "Moreau",   "Laurent",       "Simon",          "Michel",        "Lefèvre",    "Leroy",     "Roux",       "David",
    "Bertrand", "Morel",         "Fournier",       "Girard",        "Bonnet",     "Dupont",    "Dupond",     "Lambert",
    "Fontaine", "Rousseau",      "Vincent",        "Muller",        "Müller",     "Lefebvre",  "Faure",      "André",
    "Mercier",  "Blanc",         "Guérin",         "Boyer",         "Garnier",    "Chevalier", "François",   "Legrand",
    "Gauthier", "Gautier",       "Garcia",         "Perrin",        "Robin",      "Clément",   "Morin",      "Nicolas",
    "Henry",    "Roussel",       "Mathieu",        "Masson",        "Marchand",   "Duval",     "Denis",      "Dumont",
    "Marie",    "Lemaire",       "Noël",           "Meyer",         "Dufour",     "Meunier",   "Brun",       "Blanchard",
    "Giraud",   "Joly",          "Rivière",        "Lucas",         "Brunet",     "Gaillard",  "Barbier",    "Arnaud",
    "Martinez", "Gérard",        "Roche",          "Renard",        "Schmitt",    "Roy",       "Leroux",     "Colin",
    "Vidal",    "Caron",         "Picard",         "Roger",         "Fabre",      "Aubert",    "Lemoine",    "Renaud",
    "Dumas",    "Lacroix",       "Olivier",        "Philippe",      "Bourgeois",  "Pierre",    "Benoît",     "Rey",
    "Leclerc",  "Payet",         "Rolland",        "Leclercq",      "Guillaume",  "Lecomte",   "Lopez",      "Jean",
    "Dupuy",    "Guillot",       "Hubert",         "Berger",        "Carpentier", "Sanchez",   "Dupuis",     "Moulin",
    "Louis",    "Deschamps",     "Huet",           "Vasseur",       "Perez",      "Boucher",   "Fleury",     "Royer",
    "Klein",    "Jacquet",       "Adam",           "Paris",         "Poirier",    "Marty",     "Aubry",      "Guyot",
    "Carré",    "Charles",       "Renault",        "Charpentier",   "Ménard",     "Maillard",  "Baron",      "Bertin",
    "Bailly",   "Hervé",         "Schneider",      "Fernandez",     "Le Gall",    "Collet",    "Léger",      "Bouvier",
    "Julien",   "Prévost",       "Millet",         "Perrot",        "Daniel",     "Le Roux",   "Cousin",     "Germain",
    "Breton",   "Besson",        "Langlois",       "Rémy",          "de la Tour", "du Pré",    "d'Artagnan", "de Saint-Exupéry",
    "N'Diaye",  "Benali",        "El Amrani",      "Ben Youssef",   "Traoré",     "Diallo",    "Nguyen",     "Tran",
    "O'Brien",  "Martin-Dubois", "Lopes da Silva", "Saint-Étienne", "Hoarau",     "Taïeb",     "Œuvrard",    "L'Hostis"};

const std::vector<std::string> link_people::first_names = {
    "Jean",          "Marie",        "Pierre",      "Michel",    "André",     "Philippe", "Nathalie",   "Isabelle",  "Alain",
    "Sylvie",        "Catherine",    "Martine",     "Marine",    "Jacques",   "Bernard",  "Christophe", "Christine", "Nicolas",
    "Nicole",        "Patrick",      "Stéphane",    "Stéphanie", "Julien",    "Julienne", "Sandrine",   "Valérie",   "Frédéric",
    "Frédérique",    "Sébastien",    "Véronique",   "Laurent",   "Laurence",  "Daniel",   "Danièle",    "Éric",      "David",
    "Céline",        "Thomas",       "Aurélie",     "Émilie",    "Élodie",    "Camille",  "Claude",     "Dominique", "Jean-Pierre",
    "Jean-François", "Marie-Claire", "Anne-Sophie", "Louis",     "Louise",    "Lucas",    "Léa",        "Chloé",     "Manon",
    "Inès",          "Hugo",         "Enzo",        "Mathis",    "Mathieu",   "Matthieu", "Théo",       "Raphaël",   "Raphaëlle",
    "Gabriel",       "Gabrielle",    "Arthur",      "Jules",     "Adam",      "Mohamed",  "Mehdi",      "Karim",     "Fatima",
    "Aïcha",         "Fatoumata",    "Ibrahima",    "Moussa",    "Maël",      "Maëlle",   "Noé",        "Noémie",    "Zoé",
    "Clémence",      "Clément",      "Solène",      "Loïc",      "Gwenaëlle", "Yann",     "Erwan",      "Yannick",   "Joël",
    "Joëlle",        "Henri",        "Georges",     "Paul",      "Paule",     "Paulette", "René",       "Renée",     "Marcel",
    "Marcelle",      "Simone",       "Suzanne",     "Yvonne",    "Denise",    "Denis"};

const std::vector<std::string> link_people::procedures = {"REGISTRATION", "TITLE_AFTER_EXAM", "RENEWAL",         "LOSS",
                                                          "THEFT",        "EXCHANGE_EU",      "POST_SUSPENSION", "MEDICAL_RENEWAL"};

std::string link_people::without_accents(const std::string& name) {
    static const std::vector<std::pair<std::string, std::string>> plain = {{"è", "e"},  {"é", "e"},  {"ë", "e"}, {"ê", "e"}, {"É", "E"},
                                                                           {"Œ", "OE"}, {"œ", "oe"}, {"ç", "c"}, {"ï", "i"}, {"î", "i"},
                                                                           {"ü", "u"},  {"ô", "o"},  {"ö", "o"}, {"à", "a"}, {"Aï", "Ai"}};
    auto out = name;
    for (const auto& [from, to] : plain)
        for (auto at = out.find(from); at != std::string::npos; at = out.find(from)) out.replace(at, from.size(), to);
    return out;
}

std::string link_people::capitals(const std::string& name) {
    auto out = without_accents(name);
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

std::string link_people::digits(std::size_t count) {
    std::string out;
    while (out.size() < count) out += static_cast<char>('0' + below(10));
    return out;
}

std::string link_people::birth_date() {
    auto two = [](std::size_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    auto year = std::to_string(1938 + below(70));
    if (one_in(60)) return year + "-00-00";
    if (one_in(120)) return year + "-" + two(1 + below(12)) + "-00";
    if (one_in(120)) return year + (one_in(2) ? "-12-31" : "-01-01");
    auto month = two(1 + below(12)), day = two(1 + below(28)); // each draw a statement: one world, whoever compiles
    return year + "-" + month + "-" + day;
}

// Department 00: the right shape, and it cannot belong to anybody.
std::string link_people::neph() {
    for (;;) {
        auto month = std::to_string(1 + below(12));
        auto out = digits(2) + (month.size() < 2 ? "0" : "") + month + "00" + digits(6);
        if (identifiers_.insert(out).second) return out;
    }
}

// Sequences as an office draws them: neighbours are other people's.
std::string link_people::number() {
    for (;;) {
        auto out = "PC-2026-" + std::to_string(1'000'000 + below(60'000));
        if (identifiers_.insert(out).second) return out;
    }
}

link_person link_people::somebody() {
    for (;;) {
        link_person out;
        out.birth_name = one_of(surnames), out.first_names = one_of(first_names), out.birth_date = birth_date();
        auto day = out.birth_date.substr(5);
        auto is_stand_in = day == "12-31" || day == "01-01" || day.ends_with("00");
        if (!taken_.emplace(is_stand_in ? out.birth_date.substr(0, 4) : out.birth_date, out.birth_name.substr(0, 1)).second) continue;
        if (one_in(3)) out.first_names += " " + one_of(first_names);
        if (one_in(6)) out.usual_name = one_of(surnames);
        out.neph = neph();
        out.email = "p" + std::to_string(people.size()) + "." + digits(4) + "@example.test";
        out.phone = "+336399" + std::string("8") + digits(4);
        out.department = std::to_string(10 + below(80));
        return out;
    }
}

std::size_t link_people::settle(link_person who, const std::vector<std::pair<std::string, std::string>>& procedures_and_statuses) {
    auto national = one_in(2); // the national system writes capitals without accents; the portal writes names as they are
    for (const auto& [procedure, status] : procedures_and_statuses) {
        model::dossier_news news;
        auto& row = news.values;
        row.number = number(), row.neph = who.neph;
        row.birth_name = who.birth_name, row.usual_name = who.usual_name, row.first_names = who.first_names;
        if (national)
            for (auto* each : {&row.birth_name, &row.usual_name, &row.first_names}) *each = capitals(*each);
        row.birth_date = who.birth_date, row.procedure_code = procedure, row.status = status;
        row.department = who.department, row.email = who.email, row.phone = who.phone;
        row.source = "import", row.updated_at = model::at_seconds(1'790'000'000);
        who.dossiers.push_back(dossiers.size());
        dossiers.push_back(std::move(news));
    }
    people.push_back(std::move(who));
    return people.size() - 1;
}

} // namespace relais::tests
