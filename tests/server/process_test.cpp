// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>
#include <stdexcept>

using relais::tests::process;
using namespace std::chrono_literals;

namespace {

// A killed program whose parent has not asked for it yet still has an id: it is no longer alive.
bool is_alive(pid_t id) {
    std::ifstream in{"/proc/" + std::to_string(id) + "/stat"};
    std::string number, name, state;
    return in >> number >> name >> state && state != "Z" && state != "X";
}

} // namespace

TEST_CASE("a program started by a test speaks, ends and tells how", "[process]") {
    process program{{"sh", "-c", "echo one; echo two; printf three; exit 7"}};
    CHECK(program.read_line() == "one");
    CHECK(program.read_line() == "two");
    CHECK(program.read_all() == "three");
    CHECK(program.wait() == 7);
    CHECK_FALSE(program.is_running());
    CHECK_THROWS_AS(program.read_line(), std::runtime_error);
}

TEST_CASE("a program that says nothing does not hold the test", "[process]") {
    process program{{"sleep", "60"}};
    CHECK_THROWS_AS(program.read_line(50ms), std::runtime_error);
    CHECK_THROWS_AS(program.wait(50ms), std::runtime_error);
    CHECK(program.is_running());
    CHECK(program.stop() == 128 + SIGTERM);
}

TEST_CASE("a program that refuses to end is killed, and its children with it", "[process]") {
    process stubborn{{"sh", "-c", "trap '' TERM; echo ready; while true; do sleep 1; done"}};
    REQUIRE(stubborn.read_line() == "ready");
    CHECK(stubborn.stop(100ms) == 128 + SIGKILL);
    pid_t child = 0;
    {
        process parent{{"sh", "-c", "sleep 60 & echo $!; wait"}};
        child = static_cast<pid_t>(std::stoi(parent.read_line()));
        CHECK(is_alive(child));
    }
    for (int i = 0; i < 200 && is_alive(child); ++i) std::this_thread::sleep_for(5ms);
    CHECK_FALSE(is_alive(child));
}

TEST_CASE("a program gets its own environment and folder", "[process]") {
    process program{{"sh", "-c", "echo $RELAIS_WORD; pwd"}, {.environment = {{"RELAIS_WORD", "bonjour"}}, .directory = "/"}};
    CHECK(program.read_line() == "bonjour");
    CHECK(program.read_line() == "/");
    CHECK(process{{"/does/not/exist"}}.wait() == 127);
}
