// SPDX-License-Identifier: EUPL-1.2
#include "model/visit_queue.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

// Who sent a visit is told by what it does.
struct counter {
    std::string served;
    visit of(char who) {
        return {[this, who](soci::session&) { served += who; }, [](std::exception_ptr) {}};
    }
    void put(visit_queue& into, char who) { into.put(of(who)); }
    // As a job's thread sends it.
    void put_in_background(visit_queue& into, char who) {
        std::thread([&, who] {
            thread_role::name_background("test");
            into.put(of(who));
        }).join();
    }
    void serve(std::optional<visit> work) {
        soci::session none;
        REQUIRE(work);
        work->run(none);
    }
};

} // namespace

TEST_CASE("work that nobody waits for gives way to people, who are served in order", "[visit_queue]") {
    visit_queue queue{database_options{}};
    counter all;
    all.put_in_background(queue, 'j');
    for (auto who : {'a', 'b', 'c'}) all.put(queue, who);
    for (int i = 0; i < 4; ++i) all.serve(queue.take());
    CHECK(all.served == "abcj");
}

TEST_CASE("a commit for people leaves the jobs to a quieter moment", "[visit_queue]") {
    visit_queue queue{database_options{}};
    counter all;
    all.put_in_background(queue, 'j');
    all.put(queue, 'a'), all.put(queue, 'b');
    CHECK(queue.take_group(64).size() == 2);
    CHECK(queue.take_group(64).size() == 1);
    CHECK(queue.size() == 0);
}

TEST_CASE("people who never stop asking do not keep a job waiting for ever", "[visit_queue]") {
    visit_queue queue{database_options{}};
    counter all;
    all.put_in_background(queue, 'j');
    auto start = std::chrono::steady_clock::now();
    while (all.served.find('j') == std::string::npos) {
        REQUIRE(std::chrono::steady_clock::now() - start < 2s);
        all.put(queue, 'p');
        for (auto& each : queue.take_group(1)) all.serve(std::move(each));
    }
    CHECK(all.served.starts_with("p"));
}

TEST_CASE("a closed queue gives out what waits, then nothing", "[visit_queue]") {
    visit_queue queue{database_options{}};
    counter all;
    all.put(queue, 'a');
    all.put_in_background(queue, 'j');
    queue.close();
    all.serve(queue.take()), all.serve(queue.take());
    CHECK(all.served == "aj");
    CHECK_FALSE(queue.take());
    CHECK(queue.take_group(64).empty());
}

TEST_CASE("a visit that waited too long, or finds the queue full, is told busy", "[visit_queue]") {
    database_options options;
    options.queue_limit = 1, options.queue_age_ms = 1;
    visit_queue queue{options};
    int refused = 0;
    auto counted = [&refused] { return visit{[](soci::session&) {}, [&refused](std::exception_ptr error) { refused += error ? 1 : 0; }}; };
    queue.put(counted());
    queue.put(counted());
    CHECK(refused == 1);
    auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - start < 3ms) {
    }
    CHECK_FALSE(queue.take_for(0ms));
    CHECK(refused == 2);
    CHECK(queue.refused() == 2);
}
