// SPDX-License-Identifier: EUPL-1.2
#include "server/replay_commands.hpp"

#include "server/ticket_lines.hpp"

#include <catch2/catch.hpp>

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

using namespace relais::server;

namespace {

// A folder of its own, gone at the end.
struct folder {
    folder() {
        std::string made = std::filesystem::temp_directory_path() / "relais-replay-XXXXXX";
        path = ::mkdtemp(made.data());
    }
    ~folder() { std::filesystem::remove_all(path); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path / name) << text;
        return path / name;
    }
    std::string read(const std::string& name) const {
        std::ostringstream all;
        all << std::ifstream(path / name).rdbuf();
        return all.str();
    }
    std::filesystem::path path;
};

constexpr auto four_tickets =
    R"({"id":"a","title":"timbre refusé","text":"Le timbre fiscal acheté hier est refusé au paiement, erreur inconnue"}
{"id":"b","text":"Où trouver la permanence de la préfecture le samedi matin ?"}
{"id":"c","title":"timbre refusé au paiement","text":"mon timbre fiscal acheté lundi est refusé, erreur inconnue au paiement","fields":{"code":77,"empty":null}}
{"id":4,"text":"Je déménage, comment changer mon adresse postale","ts":"2026-11-23T10:15:00+01:00"}
)";

std::map<std::string, std::string> groups_in(const std::string& text) {
    std::map<std::string, std::string> found;
    std::istringstream lines(text);
    std::string ticket, group;
    while (lines >> ticket >> group) found[ticket] = group;
    return found;
}

} // namespace

TEST_CASE("a replay writes the group of every ticket and the ranks of the earlier ones", "[grouping]") {
    const folder here;
    replay_words words;
    words.tickets = here.write("tickets.jsonl", four_tickets);
    words.groups = here.path / "groups.tsv";
    words.ranks = here.path / "ranks.tsv";
    CHECK(run_replay(words) == 0);
    const auto groups = groups_in(here.read("groups.tsv"));
    REQUIRE(groups.size() == 4);
    CHECK(groups.at("c") == groups.at("a"));
    CHECK(groups.at("b") == "b");
    CHECK(groups.at("4") == "4");
    CHECK(here.read("ranks.tsv").find("c\t1\ta\t") != std::string::npos);
}

TEST_CASE("a line that cannot be used is left out of a replay, and the others are kept", "[grouping]") {
    const folder here;
    replay_words words;
    words.tickets = here.write("tickets.jsonl",
                               std::string("not json\n[]\n{\"text\":\"no id\"}\n") + four_tickets + "{\"id\":\"a\",\"text\":\"again\"}\n");
    words.groups = here.path / "groups.tsv";
    CHECK(run_replay(words) == 1);
    CHECK(groups_in(here.read("groups.tsv")).size() == 4);
}

TEST_CASE("a correction takes effect at its place in the replay", "[grouping]") {
    const folder here;
    replay_words words;
    words.tickets = here.write("tickets.jsonl", four_tickets);
    words.groups = here.path / "groups.tsv";
    words.feedback = here.write("feedback.jsonl", "{\"after\":\"c\",\"detach\":\"c\"}\n{\"after\":4,\"attach\":\"b\"}\n");
    CHECK(run_replay(words) == 0);
    const auto groups = groups_in(here.read("groups.tsv"));
    CHECK(groups.at("c") != groups.at("a"));
    CHECK(groups.at("4") == groups.at("b"));
}

TEST_CASE("a correction that cannot be carried out is told, and the others are", "[grouping]") {
    const folder here;
    replay_words words;
    words.tickets = here.write("tickets.jsonl", four_tickets);
    words.groups = here.path / "groups.tsv";
    for (const auto* wrong : {R"({"after":"nobody","detach":"a"})", R"({"after":"a","attach":["a","c"]})", R"({"after":"a","split":[]})"}) {
        words.feedback = here.write("feedback.jsonl", wrong + std::string("\n{\"after\":4,\"attach\":\"b\"}\n"));
        CHECK(run_replay(words) == (std::string_view(wrong).find("split") == std::string_view::npos ? 1 : 0)); // of the ticket of "after"
        const auto groups = groups_in(here.read("groups.tsv"));
        CHECK(groups.at("4") == groups.at("b"));
    }
}

namespace {

// What people said, kept apart from the program: tickets that words link, and pairs that words part. A later word replaces an earlier
// one that it contradicts.
class said_words {
public:
    explicit said_words(int tickets) {
        for (int one = 0; one < tickets; ++one) bunch_.push_back(one);
    }
    void together(int one, int other) {
        const auto from = bunch_[index(one)], into = bunch_[index(other)];
        if (from == into) return;
        std::erase_if(apart_, [&](const auto& pair) {
            const auto first = bunch_[index(pair.first)], second = bunch_[index(pair.second)];
            return (first == from && second == into) || (first == into && second == from);
        });
        std::replace(bunch_.begin(), bunch_.end(), from, into);
    }
    void apart(int one, int other) {
        if (bunch_[index(one)] == bunch_[index(other)]) leave({one});
        apart_.insert(std::minmax(one, other));
    }
    void leave(const std::vector<int>& some) {
        const auto is_leaving = [&](int one) { return std::find(some.begin(), some.end(), one) != some.end(); };
        const auto next = next_bunch_++;
        for (auto each : some)
            for (int other = 0; other < static_cast<int>(bunch_.size()); ++other)
                if (!is_leaving(other) && bunch_[index(other)] == bunch_[index(each)]) apart_.insert(std::minmax(each, other));
        for (auto each : some) {
            bunch_[index(each)] = next;
            for (auto other : some) apart_.erase(std::minmax(each, other));
        }
    }
    // How many words the groups break: links lost, pairs together.
    int lost_links(const std::vector<std::string>& groups) const {
        int lost = 0;
        for (std::size_t one = 0; one < bunch_.size(); ++one)
            for (std::size_t other = 0; other < one; ++other) lost += bunch_[one] == bunch_[other] && groups[one] != groups[other];
        return lost;
    }
    int met_pairs(const std::vector<std::string>& groups) const {
        return static_cast<int>(std::count_if(apart_.begin(), apart_.end(),
                                              [&](const auto& pair) { return groups[index(pair.first)] == groups[index(pair.second)]; }));
    }
    std::size_t pairs() const { return apart_.size(); }
    std::size_t links() const { return bunch_.size() - std::set(bunch_.begin(), bunch_.end()).size(); }

private:
    static std::size_t index(int ticket) { return static_cast<std::size_t>(ticket); }
    std::vector<int> bunch_;
    int next_bunch_ = 1'000'000;
    std::set<std::pair<int, int>> apart_;
};

std::string named(int ticket) { return "t" + std::to_string(ticket); }

// A random correction about the first tickets of a stream, as a line of the file.
std::string random_correction(int arrived, std::mt19937_64& random, said_words& said) {
    const auto any = [&] { return static_cast<int>(random() % static_cast<unsigned>(arrived)); };
    const auto one = any(), other = any();
    const auto pair = "[\"" + named(one) + "\",\"" + named(other) + "\"]";
    const auto line = [&](const std::string& what) { return "{\"after\":\"" + named(arrived - 1) + "\"," + what + "}\n"; };
    switch (random() % 8) {
    case 0:
    case 1:
        said.together(one, other);
        return line("\"attach\":" + pair);
    case 2:
        said.together(one, other);
        return line("\"merge\":{\"from\":\"" + named(one) + "\",\"into\":\"" + named(other) + "\"}");
    case 3:
    case 4:
        said.leave({one});
        return line("\"detach\":\"" + named(one) + "\"");
    case 5:
    case 6:
        if (one != other)
            said.apart(one, other);
        else
            said.leave({one});
        return line("\"detach\":{\"ticket\":\"" + named(one) + "\",\"from\":\"" + named(other) + "\"}");
    default:
        said.leave({one, other});
        return line("\"split\":" + pair);
    }
}

} // namespace

TEST_CASE("a replay breaks none of ten thousand random corrections: no link is lost, nobody meets whom people parted",
          "[grouping][corrections]") {
    constexpr const char* subjects[] = {"timbre fiscal refusé au paiement", "photo numérique inconnue du site", "visite médicale non reçue",
                                        "téléversement du justificatif bloqué", "suspension toujours affichée"};
    constexpr const char* details[] = {"depuis mardi", "écran blanc", "aucun courriel", "message rouge", "sur mon ordinateur"};
    constexpr int tickets = 250, corrections = 10'000;
    for (unsigned seed : {1U, 2U}) {
        std::mt19937_64 random(seed);
        said_words said(tickets);
        std::ostringstream stream, feedback;
        for (int one = 0; one < tickets; ++one) {
            stream << R"({"id":")" << named(one) << R"(","text":")" << subjects[random() % 5] << ' ' << details[random() % 5] << "\"}\n";
            for (int word = 0; one > 0 && word < corrections / (tickets - 1) + 1; ++word)
                feedback << random_correction(one + 1, random, said);
        }
        const folder here;
        replay_words words;
        words.tickets = here.write("tickets.jsonl", stream.str());
        words.feedback = here.write("feedback.jsonl", feedback.str());
        words.groups = here.path / "groups.tsv";
        CHECK(run_replay(words) == 0);
        const auto found = groups_in(here.read("groups.tsv"));
        std::vector<std::string> groups;
        for (int one = 0; one < tickets; ++one) groups.push_back(found.at(named(one)));
        CHECK(said.lost_links(groups) == 0);
        CHECK(said.met_pairs(groups) == 0);
        CHECK(said.links() > 30); // else the test says nothing
        CHECK(said.pairs() > 300);
        CHECK(std::set(groups.begin(), groups.end()).size() > 5);
    }
}

TEST_CASE("the time of a ticket is seconds, milliseconds or a date", "[grouping]") {
    const auto time_of = [](const std::string& ts) {
        return relais::model::seconds(*read_ticket_line("{\"id\":1,\"ts\":" + ts + "}", "fr").second.at);
    };
    CHECK(time_of("1795425300") == 1795425300);
    CHECK(time_of("1795425300000") == 1795425300);
    CHECK(time_of("\"1795425300\"") == 1795425300);
    CHECK(time_of("\"2026-11-23T09:15:00Z\"") == 1795425300);
    CHECK(time_of("\"2026-11-23 10:15:00+01:00\"") == 1795425300);
    CHECK(time_of("\"2026-11-23T04:45:00.250-0430\"") == 1795425300);
    CHECK(time_of("\"2026-11-23T09:15\"") == 1795425300);
    CHECK(time_of("\"2026-11-23\"") == 1795392000);
    CHECK_FALSE(read_ticket_line("{\"id\":1,\"ts\":null}", "fr").second.at);
    for (const auto* wrong : {"yesterday", "2026-13-01", "2026-02-30", "26-11-23", "2026-11-23T", "2026-11-23T09", "2026-11-23T09:15:00+1",
                              "2026-11-23T09:15:00Z and more"})
        CHECK_THROWS(read_ticket_line(std::string("{\"id\":1,\"ts\":\"") + wrong + "\"}", "fr"));
}

TEST_CASE("a burst is written with the hour at whose end it is raised", "[grouping]") {
    const folder here;
    std::ostringstream counts;
    counts << "incident\thour\tcount\n";
    for (int hour = 0; hour < 6 * 168; ++hour) {
        if (hour % 4 == 0) counts << "quiet\t" << hour << "\t1\n";
        counts << "loud\t" << hour << '\t' << (hour >= 900 && hour < 912 ? 12 : hour % 2) << '\n';
    }
    const auto alarms = here.path / "alarms.tsv";
    CHECK(run_replay_bursts(here.write("counts.tsv", counts.str()), alarms) == 0);
    std::istringstream lines(here.read("alarms.tsv"));
    std::string incident;
    int hour = 0;
    REQUIRE((lines >> incident >> hour));
    CHECK(incident == "loud");
    CHECK(hour >= 900);
    CHECK(hour < 906);
    CHECK_FALSE((lines >> incident >> hour));
}

TEST_CASE("counts that are not numbers are left out of a replay of bursts", "[grouping]") {
    const folder here;
    CHECK(run_replay_bursts(here.write("counts.tsv", "incident\thour\tcount\nx\t-1\t2\nx\t1\nx\t1\tmany\nx\t1\t1\n"),
                            here.path / "alarms.tsv") == 1);
}
