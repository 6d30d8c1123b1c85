// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_state.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

using namespace relais::model;

namespace {

constexpr auto page = "docs/incident-states.md";

std::string who(unsigned by) {
    std::string out;
    auto add = [&out](bool yes, const char* name) {
        if (yes) out += (out.empty() ? "" : ", ") + std::string(name);
    };
    add(by & incident_states::machine, "Relais"), add(by & incident_states::agents, "agent");
    add(by & incident_states::resolvers, "resolver"), add(by & incident_states::supervisors, "supervisor");
    return out;
}

// The page as the table says it. RELAIS_WRITE_DOCS=1 writes it.
std::string printed() {
    std::string out =
        "# States of an incident\n\nPrinted from the table of `model/incident_state.hpp` by its test; do not edit by hand "
        "(`RELAIS_WRITE_DOCS=1 test_model \"*states*\"` writes it).\n\nA merged incident keeps its state and refuses every action "
        "but its unmerging. Undoing a dismissal, while it stands, "
        "leads from dismissed to the state before it; no other undo changes a state. A state that stays is `-`.\n\n"
        "| Action | From | To | By |\n| --- | --- | --- | --- |\n";
    for (const auto& each : incident_states::table)
        out += "| `" + std::string(each.action) + "` | " + std::string(each.from) + " | " + (each.to.empty() ? "-" : std::string(each.to)) +
               " | " + who(each.by) + " |\n";
    return out;
}

} // namespace

TEST_CASE("the page of the incident's states is the table of the code", "[incident]") {
    if (std::getenv("RELAIS_WRITE_DOCS")) std::ofstream(page) << printed();
    std::ifstream in(page);
    CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == printed());
}

TEST_CASE("every state is reached by an action and every line of the table names known states", "[incident]") {
    for (auto state : incident_states::all) {
        INFO(state);
        auto reaches = [state](const auto& each) { return each.to == state; };
        CHECK((state == "watched" || std::any_of(incident_states::table.begin(), incident_states::table.end(), reaches)));
    }
    for (const auto& each : incident_states::table) {
        INFO(each.action);
        CHECK((each.to.empty() || incident_states::is_known(each.to)));
        std::string word;
        for (char c : std::string(each.from) + " ") {
            if (c != ' ') {
                word += c;
                continue;
            }
            CHECK(incident_states::is_known(word));
            word.clear();
        }
    }
}

TEST_CASE("what the table does not say is refused", "[incident]") {
    CHECK(incident_states::allows("acceptance", "escalated"));
    CHECK(incident_states::allows("acceptance", "regressed"));
    CHECK_FALSE(incident_states::allows("acceptance", "confirmed"));
    CHECK_FALSE(incident_states::allows("closure", "fixed")); // only what was verified is closed
    CHECK_FALSE(incident_states::allows("escalation", "proposed"));
    CHECK_FALSE(incident_states::allows("confirmation", "confirme"));
}
