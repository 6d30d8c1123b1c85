// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/catalogue.hpp"

#include "model/demo/lines.hpp"
#include "model/demo/texts.hpp"

#include <algorithm>
#include <tuple>

namespace relais::model::demo {

namespace {

std::vector<std::string> slot_names() {
    return {"tiers",  "e",         "msg",         "quand",      "echeance",   "duree",        "depuis",   "depuis_passe",
            "nfois",  "num",       "annee_naiss", "nom",        "dep",        "ephotoO",      "demarche", "annee_permis",
            "ville",  "nsem",      "neph",        "age",        "il",         "dom",          "tel",      "ne",
            "metier", "n",         "le",          "fin_tel",    "batiment",   "er",           "eur",      "inquiet",
            "prenom", "naissance", "code",        "ecole",      "agrement",   "civil",        "civilite", "NOM",
            "usager", "code_dep",  "date_depot",  "mon_enfant", "mon_parent", "mon_conjoint", "moitie",   "appareil"};
}

// One file of bugs, stories or contacts being read, a line at a time.
class topic_reader {
public:
    explicit topic_reader(catalogue& into) : into_(into) {}

    void read(std::string_view line) {
        auto [word, rest] = first_word(line);
        if (word == "bug") return open(topic_kind::bug, rest);
        if (word == "story") return open_story(rest);
        if (word == "contact") return open_contact(rest);
        if (into_.topics.empty()) throw std::runtime_error("a line before the first record");
        auto& now = into_.topics.back();
        if (word == "F") return open_family(now, rest.at(0));
        if (word == "s")
            now.families.back().subject = choices(rest);
        else if (word == "-")
            now.families.back().bodies.push_back(into_.words.compile(rest));
        else if (word == "+")
            now.families.back().details.push_back(into_.words.compile(rest));
        else if (word == "m")
            now.messages.emplace_back(rest);
        else if (word == "a")
            now.answers.push_back(into_.words.compile(rest));
        else
            field(now, word, rest);
    }

private:
    void open(topic_kind kind, std::string_view id) {
        topic made;
        made.kind = kind;
        made.id = id;
        into_.topics.push_back(std::move(made));
    }

    // story ID | procedure | category | voice
    void open_story(std::string_view rest) {
        auto parts = split(rest, '|');
        open(topic_kind::story, parts.at(0));
        auto& now = into_.topics.back();
        now.procedures = {{std::string(parts.at(1)), 1}};
        now.category = parts.at(2);
        now.weight = 2;
        open_family(now, parts.at(3).at(0));
        now.families.back().number = static_cast<std::uint8_t>(stories_++ % 8);
    }

    // contact ID | procedure or any | category | voice | weight
    void open_contact(std::string_view rest) {
        auto parts = split(rest, '|');
        open(topic_kind::contact, parts.at(0));
        auto& now = into_.topics.back();
        if (parts.at(1) != "any") now.procedures = {{std::string(parts.at(1)), 1}};
        now.category = parts.at(2);
        now.weight = number(parts.at(4)) * 9;
    }

    static void open_family(topic& now, char voice) {
        wording made;
        made.voice = voice;
        made.number = static_cast<std::uint8_t>(now.families.size() % 8);
        now.families.push_back(std::move(made));
    }

    program choices(std::string_view rest) { return into_.words.compile("[" + join(split(rest, '|')) + "]"); }

    void field(topic& now, std::string_view key, std::string_view value) {
        if (key == "title")
            now.title = value;
        else if (key == "category")
            now.category = value;
        else if (key == "nature")
            now.nature = value;
        else if (key == "owner")
            now.owner = value;
        else if (key == "cause")
            now.cause = value;
        else if (key == "workaround")
            now.workaround = value;
        else if (key == "article")
            now.law_article = value;
        else if (key == "persons")
            now.law_persons = value;
        else if (key == "weight")
            now.weight = number(value);
        else if (key == "procedures")
            now.procedures = weights(value);
        else if (key == "step")
            now.step = value;
        else if (key == "status")
            now.status = value;
        else if (key == "release")
            now.release = value;
        else if (key == "codes")
            now.codes = weights(value);
        else if (key == "channels")
            now.channels = weights(value);
        else if (key == "browsers")
            now.browsers = weights(value);
        else if (key == "people")
            now.people = value;
        else if (key == "names")
            now.names = value;
        else
            dates(now, key, value);
    }

    static void dates(topic& now, std::string_view key, std::string_view value) {
        if (key == "introduced")
            now.introduced_day = signed_number(value);
        else if (key == "fixed")
            now.fixed_day = signed_number(value);
        else if (key == "regressed")
            now.regressed_day = signed_number(value);
        else if (key == "delay")
            now.delay_days = signed_number(value);
        else if (key == "rhythm")
            now.growing = value == "growing";
        else if (key == "birth")
            now.birth_unknown = true;
        else if (key == "ages")
            std::tie(now.age_low, now.age_high) = ages(value);
        else if (key == "photo")
            now.photo_with_o = true;
        else if (key == "burst")
            burst(now, split(value, ' '));
        else if (key == "departments")
            departments(now, split(value, ';'));
        else
            throw std::runtime_error("unknown key " + std::string(key));
    }

    static std::pair<int, int> ages(std::string_view value) {
        auto parts = split(value, ' ');
        return {signed_number(parts.at(0)), signed_number(parts.at(1))};
    }

    static void burst(topic& now, const std::vector<std::string_view>& parts) {
        now.burst_factor = signed_number(parts.at(0));
        now.burst_day = signed_number(parts.at(1));
        now.burst_hours = signed_number(parts.at(2));
    }

    static void departments(topic& now, const std::vector<std::string_view>& parts) {
        if (parts.at(0) == "all") return;
        for (auto code : split(parts.at(0), ' ')) now.departments.emplace_back(code);
        now.departments_percent = number(parts.at(1));
    }

    catalogue& into_;
    unsigned stories_ = 0;
};

// code | within | weight | centre | zone | towns
place read_place(std::string_view line) {
    auto parts = split(line, '|');
    place made{std::string(parts.at(0)), std::string(parts.at(1)),   number(parts.at(2)),
               std::string(parts.at(3)), signed_number(parts.at(4)), {}};
    for (auto one : split(parts.at(5), ',')) {
        // The town is what follows the postcode; foreign postcodes may hold a space before an upper-case letter or digit.
        auto cut = one.find(' ');
        while (cut + 3 < one.size() && one[cut + 1] >= '0' && one[cut + 1] <= '9') cut = one.find(' ', cut + 1);
        made.towns.push_back({std::string(one.substr(0, cut)), std::string(one.substr(cut + 1))});
    }
    return made;
}

void read_origin(std::vector<origin>& origins, std::string_view line) {
    auto [word, rest] = first_word(line);
    if (word == "origin") {
        auto [name, weight] = first_word(rest);
        origins.push_back({std::string(name), number(weight), {}, {}, {}});
        return;
    }
    auto& now = origins.at(origins.size() - 1);
    if (word == "surnames") {
        for (auto one : split(rest, ',')) now.surnames.emplace_back(one);
        return;
    }
    auto& sex = word == "women" ? now.women : now.men;
    auto [age, names] = first_word(rest);
    auto band = age == "old" ? 0 : age == "middle" ? 1 : age == "young" ? 2 : -1;
    for (auto one : split(band < 0 ? rest : names, ','))
        for (int index = 0; index < 3; ++index)
            if (one != "-" && (band < 0 || band == index)) sex.at(static_cast<std::size_t>(index)).emplace_back(one);
}

void read_file(catalogue& into, topic_reader& topics, const text_file& file) {
    std::string rule;
    std::size_t count = 0;
    for (auto line : split_lines(file.text)) {
        ++count;
        if (line.empty() || line[0] == '#') continue;
        try {
            if (file.name == "places")
                into.places.push_back(read_place(line));
            else if (file.name == "people")
                read_origin(into.origins, line);
            else if (file.name != "common")
                topics.read(line);
            else if (line[0] == '@')
                rule = line.substr(1);
            else
                into.words.add_to_rule(rule, line);
        } catch (const std::exception& fault) {
            throw std::runtime_error("config/demo/" + std::string(file.name) + ".txt:" + std::to_string(count) + ": " + fault.what());
        }
    }
}

catalogue read_all() {
    catalogue made{grammar(slot_names()), {}, {}, {}, 0};
    topic_reader topics(made);
    for (const auto& file : text_files()) read_file(made, topics, file);
    made.words.link();
    std::stable_sort(made.topics.begin(), made.topics.end(), [](const topic& one, const topic& other) { return one.kind < other.kind; });
    made.bug_count = static_cast<std::size_t>(
        std::count_if(made.topics.begin(), made.topics.end(), [](const topic& one) { return one.kind == topic_kind::bug; }));
    return made;
}

} // namespace

const catalogue& the_catalogue() {
    static const catalogue all = read_all();
    return all;
}

const std::string& pick_weighted(const std::vector<weighted>& all, dice& roll) {
    std::uint32_t total = 0;
    for (const auto& one : all) total += one.weight;
    auto drawn = roll.below(total);
    for (const auto& one : all) {
        if (drawn < one.weight) return one.value;
        drawn -= one.weight;
    }
    return all.back().value;
}

bool topic::professional_only() const {
    return std::all_of(families.begin(), families.end(), [](const wording& one) { return one.voice == 'p'; });
}

} // namespace relais::model::demo
