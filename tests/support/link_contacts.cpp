// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/link_contacts.hpp"

#include "tests/support/link_people.hpp"

#include <functional>

namespace relais::tests {

namespace {

constexpr std::size_t ordinary_people = 19'000, special_groups = 150;
const std::string open_status = "UNDER_ASSESSMENT", closed_status = "DELIVERED";

std::string first_word(const std::string& names) { return names.substr(0, names.find(' ')); }

// One typing error: a letter wrong, missing, doubled, or two neighbours swapped. Only ASCII letters and digits are touched.
std::string mistyped(link_people& from, std::string text) {
    auto is_usual = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    for (;;) {
        auto at = from.below(text.size());
        auto out = text;
        if (!is_usual(text[at])) continue;
        auto other = text[at] <= '9' ? from.digits(1)[0] : static_cast<char>('a' + from.below(26));
        switch (from.below(4)) {
        case 0:
            out[at] = other;
            break;
        case 1:
            out.erase(at, 1);
            break;
        case 2:
            out.insert(at, 1, other);
            break;
        default:
            if (at + 1 >= text.size() || !is_usual(text[at + 1])) continue;
            std::swap(out[at], out[at + 1]);
        }
        // Case is no mistake, and a letter changed for the same one is none either.
        if (link_people::capitals(out) != link_people::capitals(text)) return out;
    }
}

// The same name as another hand writes it.
std::string rewritten(link_people& from, const std::string& name) {
    auto out = from.one_in(2) ? link_people::without_accents(name) : name;
    if (from.one_in(3)) out = link_people::capitals(out);
    for (char& c : out)
        if (c == '-' && from.one_in(2)) c = ' ';
    return from.one_in(6) ? " " + out + "  " : out;
}

std::string respaced(link_people& from, const std::string& number) {
    std::string out;
    for (char c : number) {
        if (c == '-' && from.one_in(2)) continue;
        out += c >= 'A' && c <= 'Z' && from.one_in(2) ? static_cast<char>(c - 'A' + 'a') : c;
        if (from.one_in(5)) out += ' ';
    }
    return out;
}

std::string swapped_day(const std::string& date) { return date.substr(0, 5) + date.substr(8, 2) + date.substr(4, 1) + date.substr(5, 2); }

class contact_maker {
public:
    explicit contact_maker(unsigned seed) : from_(seed) {
        for (std::size_t i = 0; i < ordinary_people; ++i) {
            auto who = from_.somebody();
            from_.settle(who, {{from_.one_of(link_people::procedures), from_.one_in(3) ? closed_status : open_status}});
        }
        for (std::size_t i = 0; i < special_groups; ++i) settle_special();
    }

    link_world make() {
        link_world out;
        auto add = [&](const std::string& kind, int count, const std::function<void(link_contact&)>& make_one) {
            for (int i = 0; i < count; ++i) {
                link_contact made{.kind = kind};
                make_one(made);
                out.contacts.push_back(std::move(made));
            }
        };
        add_identified(add), add_named(add), add_told_apart(add), add_ambiguous(add), add_strangers(add);
        out.dossiers = from_.dossiers;
        return out;
    }

private:
    using adder = std::function<void(const std::string&, int, const std::function<void(link_contact&)>&)>;

    void settle_special() {
        auto any = [this] { return from_.one_of(link_people::procedures); };
        auto one = from_.somebody(), homonym = one;
        homonym.neph = from_.neph(), homonym.email = "h." + one.email, homonym.phone = "+33639980000", homonym.department = "2A";
        homonyms_.push_back({from_.settle(one, {{any(), open_status}}), from_.settle(homonym, {{any(), open_status}})});

        auto twin = from_.somebody(), other = twin;
        const std::vector<std::pair<std::string, std::string>> names = {{"Marine", "Martine"},   {"Louis", "Louise"}, {"Hugo", "Enzo"},
                                                                        {"Mathieu", "Matthieu"}, {"Paul", "Paule"},   {"Léa", "Théo"}};
        std::tie(twin.first_names, other.first_names) = from_.one_of(names);
        other.neph = from_.neph();
        twins_.push_back({from_.settle(twin, {{any(), open_status}}), from_.settle(other, {{any(), open_status}})});

        auto lone = from_.somebody();
        lone.first_names = from_.one_in(2) ? "Martine" : "Stéphane";
        lone_twins_.push_back(from_.settle(lone, {{any(), open_status}}));

        auto father = from_.somebody(), son = father; // one address for both
        son.birth_date = std::to_string(std::stoi(father.birth_date.substr(0, 4)) + 27) + "-05-17", son.neph = from_.neph();
        from_.settle(father, {{any(), open_status}}), from_.settle(son, {{any(), open_status}});

        auto busy = from_.somebody();
        busy_.push_back(from_.settle(busy, {{"RENEWAL", open_status}, {"LOSS", closed_status}, {"THEFT", open_status}}));
        auto doubled = from_.somebody();
        doubled_.push_back(from_.settle(doubled, {{"RENEWAL", open_status}, {"RENEWAL", open_status}}));

        for (int pupil = 0; pupil < 2; ++pupil) { // two homonyms of one school, which gave its own address
            auto who = pupil == 0 ? from_.somebody() : from_.people.back();
            who.email = "ecole" + std::to_string(schooled_.size() / 2) + "@example.test", who.phone = "", who.neph = from_.neph(),
            who.dossiers.clear();
            schooled_.push_back(from_.settle(who, {{"REGISTRATION", open_status}}));
        }
    }

    const link_person& ordinary() { return from_.people[from_.below(ordinary_people)]; }
    // Somebody whose whole name and birth date lend themselves to the mistake.
    const link_person& ordinary(const std::function<bool(const link_person&)>& is_wanted) {
        for (;;)
            if (const auto& who = ordinary(); is_wanted(who)) return who;
    }
    const model::dossier& dossier_of(const link_person& who, std::size_t which = 0) { return from_.dossiers[who.dossiers[which]].values; }

    void mean(link_contact& to, const link_person& who, std::size_t which = 0) { to.number = dossier_of(who, which).number; }
    void say_names(link_contact& to, const link_person& who) {
        auto name = !who.usual_name.empty() && from_.one_in(3) ? who.usual_name : who.birth_name;
        if (from_.one_in(4)) { // one field, in either order
            auto first = first_word(who.first_names);
            to.evidence.name = rewritten(from_, from_.one_in(2) ? first + " " + name : name + " " + first);
            return;
        }
        to.evidence.birth_name = rewritten(from_, name);
        to.evidence.first_names = rewritten(from_, from_.one_in(3) ? who.first_names : first_word(who.first_names));
    }
    void say_person(link_contact& to, const link_person& who) {
        say_names(to, who);
        to.evidence.birth_date = who.birth_date;
    }
    void say_place(link_contact& to, const link_person& who) {
        to.evidence.department = who.department;
        to.evidence.procedure_code = dossier_of(who).procedure_code;
    }

    void add_identified(const adder& add) {
        add("number alone", 30, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), to.evidence.number = respaced(from_, to.number);
        });
        add("number and name", 60, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_names(to, who), to.evidence.number = respaced(from_, to.number);
        });
        add("NEPH and person", 60, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_person(to, who), to.evidence.neph = respaced(from_, who.neph);
        });
        add("number and NEPH swapped", 60, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_person(to, who), to.evidence.number = who.neph;
            if (from_.one_in(2)) to.evidence.neph = to.number;
        });
        add("number mistyped", 70, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_person(to, who), to.evidence.number = mistyped(from_, to.number);
        });
        add("NEPH mistyped", 50, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_person(to, who), to.evidence.neph = mistyped(from_, who.neph);
        });
        add("number in part", 30, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_person(to, who), to.evidence.number = to.number.substr(to.number.size() - 6);
        });
        add("legacy or card number", 50, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_person(to, who);
            to.evidence.number = from_.one_in(2) ? "13AA" + from_.digits(5) : from_.digits(6) + "A";
            if (from_.one_in(2)) to.evidence.neph = from_.digits(10);
        });
        add("number and birth date mistyped", 20, [this](link_contact& to) {
            const auto& who = ordinary([](const link_person& each) { return !each.birth_date.ends_with("00"); });
            mean(to, who), say_person(to, who), to.evidence.number = to.number;
            to.evidence.birth_date[3] = to.evidence.birth_date[3] == '9' ? '8' : '9';
        });
    }

    void add_named(const adder& add) {
        add("name and birth date", 120, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_person(to, who);
        });
        add("particle left out or run together", 20, [this](link_contact& to) {
            const auto& who = ordinary([](const link_person& each) {
                return each.birth_name.starts_with("de ") || each.birth_name.starts_with("du ") || each.birth_name.starts_with("Le ");
            });
            mean(to, who), to.evidence.birth_date = who.birth_date, to.evidence.first_names = first_word(who.first_names);
            auto space = who.birth_name.rfind(' ');
            if (who.birth_name.starts_with("Le "))
                to.evidence.birth_name = "Le" + who.birth_name.substr(space + 1);
            else
                to.evidence.birth_name =
                    from_.one_in(2) ? who.birth_name.substr(space + 1) : "DU" + link_people::capitals(who.birth_name.substr(3));
            if (!who.birth_name.starts_with("du ") && to.evidence.birth_name.starts_with("DU")) to.evidence.birth_name = who.birth_name;
        });
        add("birth and usual names together", 20, [this](link_contact& to) {
            const auto& who = ordinary([](const link_person& each) { return !each.usual_name.empty(); });
            mean(to, who), to.evidence.birth_date = who.birth_date, to.evidence.first_names = first_word(who.first_names);
            to.evidence.birth_name = from_.one_in(2) ? who.birth_name + "-" + who.usual_name : who.usual_name + " née " + who.birth_name;
        });
        auto is_long = [](const link_person& each) { return each.birth_name.size() >= 6; };
        add("name mistyped", 90, [this, is_long](link_contact& to) {
            const auto& who = ordinary(is_long);
            mean(to, who), say_place(to, who), to.evidence.birth_date = who.birth_date;
            to.evidence.birth_name = mistyped(from_, rewritten(from_, who.birth_name)),
            to.evidence.first_names = first_word(who.first_names);
        });
        add("first name mistyped", 30, [this](link_contact& to) {
            const auto& who = ordinary([](const link_person& each) { return first_word(each.first_names).size() >= 7; });
            mean(to, who), say_place(to, who), to.evidence.birth_date = who.birth_date;
            auto first = link_people::without_accents(first_word(who.first_names));
            to.evidence.first_names = mistyped(from_, first.substr(0, first.size() - 1)) + first.back();
            to.evidence.birth_name = who.birth_name;
        });
        add("name for first name", 40, [this](link_contact& to) {
            const auto& who = ordinary();
            mean(to, who), say_place(to, who), to.evidence.birth_date = who.birth_date;
            to.evidence.birth_name = rewritten(from_, first_word(who.first_names)),
            to.evidence.first_names = rewritten(from_, who.birth_name);
        });
        add("day for month", 30, [this](link_contact& to) {
            const auto& who = ordinary([](const link_person& each) {
                auto month = each.birth_date.substr(5, 2), day = each.birth_date.substr(8, 2);
                return month != "00" && day != "00" && day <= "12" && day != month;
            });
            mean(to, who), say_person(to, who), say_place(to, who), to.evidence.birth_date = swapped_day(who.birth_date);
        });
        add("birth date unknown in part", 40, [this](link_contact& to) {
            const auto& who = ordinary([](const link_person& each) { return each.birth_date.ends_with("00-00"); });
            mean(to, who), say_person(to, who), say_place(to, who);
            auto year = who.birth_date.substr(0, 4);
            if (from_.one_in(2)) to.evidence.birth_date = year + (from_.one_in(2) ? "-12-31" : "-01-01");
        });
        add("birth date known in part", 20, [this](link_contact& to) {
            const auto& who = ordinary([](const link_person& each) { return !each.birth_date.ends_with("00"); });
            mean(to, who), say_person(to, who), say_place(to, who);
            to.evidence.birth_date = who.birth_date.substr(0, 8) + "00";
        });
    }

    void add_told_apart(const adder& add) {
        add("homonym told apart", 40, [this](link_contact& to) {
            const auto& pair = from_.one_of(homonyms_);
            const auto& who = from_.people[from_.one_in(2) ? pair.first : pair.second];
            mean(to, who), say_person(to, who);
            switch (from_.below(4)) {
            case 0:
                to.evidence.number = mistyped(from_, to.number.substr(3)), to.evidence.neph = who.neph;
                break;
            case 1:
                to.evidence.neph = who.neph;
                break;
            case 2:
                to.evidence.email = link_people::capitals(who.email);
                break;
            default:
                to.evidence.phone = who.phone;
            }
        });
        add("twin", 30, [this](link_contact& to) {
            const auto& pair = from_.one_of(twins_);
            const auto& who = from_.people[from_.one_in(2) ? pair.first : pair.second];
            mean(to, who), to.evidence.birth_name = who.birth_name, to.evidence.first_names = rewritten(from_, who.first_names);
            to.evidence.birth_date = who.birth_date, to.evidence.email = who.email;
        });
        add("one open dossier of this procedure", 40, [this](link_contact& to) {
            const auto& who = from_.people[from_.one_of(busy_)];
            mean(to, who, 2), say_person(to, who), to.evidence.procedure_code = "THEFT";
            if (from_.one_in(2)) to.evidence.neph = who.neph;
        });
    }

    void add_ambiguous(const adder& add) {
        auto ambiguous = [&add](const std::string& kind, int count, const std::function<void(link_contact&)>& make_one) {
            add(kind, count, [make_one](link_contact& to) { to.truth = link_truth::ambiguous, make_one(to); });
        };
        ambiguous("homonyms", 60, [this](link_contact& to) {
            const auto& pair = from_.one_of(homonyms_);
            const auto& who = from_.people[from_.one_in(2) ? pair.first : pair.second];
            mean(to, who), say_person(to, who);
            if (from_.one_in(2)) say_place(to, who);
        });
        ambiguous("several dossiers", 40, [this](link_contact& to) {
            const auto& who = from_.people[from_.one_of(from_.one_in(2) ? busy_ : doubled_)];
            mean(to, who), say_person(to, who);
            if (from_.one_in(2)) to.evidence.neph = who.neph;
            to.evidence.procedure_code = who.dossiers.size() == 2 ? "RENEWAL" : from_.one_in(2) ? "LOSS" : "";
        });
        ambiguous("somebody else's number", 40, [this](link_contact& to) {
            const auto& who = ordinary();
            const auto& other = ordinary();
            mean(to, who), say_person(to, who);
            if (from_.one_in(2))
                to.evidence.number = dossier_of(other).number;
            else
                to.evidence.neph = other.neph;
        });
        ambiguous("a school's address", 30, [this](link_contact& to) {
            const auto& who = from_.people[from_.one_of(schooled_)];
            mean(to, who), say_person(to, who), to.evidence.email = who.email;
        });
    }

    void add_strangers(const adder& add) {
        auto nowhere = [&add](const std::string& kind, int count, const std::function<void(link_contact&)>& make_one) {
            add(kind, count, [make_one](link_contact& to) { make_one(to), to.truth = link_truth::nowhere, to.number = ""; });
        };
        nowhere("stranger", 60, [this](link_contact& to) {
            auto who = from_.somebody();
            say_names(to, who), to.evidence.birth_date = who.birth_date, to.evidence.department = who.department;
            to.evidence.neph = from_.one_in(2) ? who.neph : "", to.evidence.number = from_.one_in(2) ? from_.number() : "";
        });
        nowhere("homonym we do not hold, with a NEPH", 30,
                [this](link_contact& to) { say_person(to, ordinary()), to.evidence.neph = from_.neph(); });
        nowhere("homonym born another day", 30, [this](link_contact& to) {
            say_person(to, ordinary()), to.evidence.birth_date = "1977-11-" + std::to_string(10 + from_.below(19));
        });
        nowhere("twin we do not hold", 30, [this](link_contact& to) {
            const auto& who = from_.people[lone_twins_[from_.below(lone_twins_.size())]];
            to.evidence.birth_name = who.birth_name, to.evidence.birth_date = who.birth_date, to.evidence.email = who.email;
            to.evidence.first_names = who.first_names == "Martine" ? "Marine" : "Stéphanie";
            say_place(to, who);
        });
        nowhere("sister or brother we do not hold", 30, [this](link_contact& to) {
            const auto& who = ordinary();
            to.evidence.birth_name = who.birth_name, to.evidence.birth_date = who.birth_date, to.evidence.email = who.email;
            to.evidence.first_names = "Philibert", to.evidence.department = who.department;
        });
    }

    link_people from_;
    std::vector<std::pair<std::size_t, std::size_t>> homonyms_, twins_;
    std::vector<std::size_t> busy_, doubled_, schooled_, lone_twins_;
};

} // namespace

link_world make_link_world(unsigned seed) { return contact_maker(seed).make(); }

} // namespace relais::tests
