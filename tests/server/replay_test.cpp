// SPDX-License-Identifier: EUPL-1.2
#include "server/replay_commands.hpp"

#include "server/ticket_lines.hpp"

#include <catch2/catch.hpp>

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
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
