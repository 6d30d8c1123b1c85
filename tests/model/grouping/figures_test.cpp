// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/stream.hpp"
#include "model/grouping/burst.hpp"
#include "model/grouping/hash.hpp"
#include "model/grouping/reading.hpp"
#include "model/grouping/replay.hpp"
#include "server/ticket_lines.hpp"
#include "tests/model/grouping/measures.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace relais;
using namespace relais::model::grouping;
using tests::agreement;
using tests::agreement_of;

namespace {

struct labelled {
    std::string name, truth; // truth: empty for a ticket that reports no bug
    ticket words;
};

std::map<std::string, std::string> grouped(const std::vector<labelled>& tickets) {
    replay run{options{}};
    std::vector<replay::rank> similar;
    for (const auto& each : tickets) run.add(each.name, each.words, 0, similar);
    run.consolidate();
    std::map<std::string, std::string> groups;
    run.groups([&](const std::string& name, const std::string& group) { groups[name] = group; });
    return groups;
}

// Of the tickets that have a truth.
agreement measured(const std::vector<labelled>& tickets, const std::map<std::string, std::string>& groups) {
    std::vector<std::pair<std::string, std::string>> both;
    for (const auto& each : tickets)
        if (!each.truth.empty()) both.emplace_back(groups.at(each.name), each.truth);
    return agreement_of(both);
}

std::string said(const agreement& one) {
    std::ostringstream text;
    text.precision(3);
    text << "B-cubed F1 " << one.f1 << " (precision " << one.precision << ", recall " << one.recall << "), adjusted Rand " << one.rand
         << ", mutual information " << one.information;
    return text.str();
}

// The sentence families of the demonstration that no tuning ever saw.
constexpr std::uint8_t unseen_families = 0xf0;

model::demo::options demonstration_of(std::uint64_t seed) {
    model::demo::options wanted;
    wanted.seed = seed;
    wanted.families = unseen_families;
    wanted.now = model::at_seconds(1'795'435'200); // 2026-11-23
    return wanted;
}

std::vector<labelled> demonstration(const model::demo::options& wanted) {
    std::vector<labelled> made;
    const auto take = [&](const model::demo::demo_ticket& one) {
        labelled next{std::to_string(one.index), one.truth.bug, {}};
        next.words.at = one.received_at;
        next.words.title = one.subject;
        next.words.text = one.body;
        const auto put = [&](const char* name, const std::string& value) {
            if (!value.empty()) next.words.fields.push_back({name, value});
        };
        put("procedure", one.procedure), put("department", one.department), put("channel", one.channel);
        put("step", one.portal.step), put("error_code", one.portal.error_code), put("message", one.portal.message);
        put("browser", one.portal.browser), put("release", one.portal.release);
        if (one.state_at_contact) put("status", one.state_at_contact->status);
        made.push_back(std::move(next));
    };
    model::demo::stream(
        wanted, [](const model::demo::demo_dossier&) {}, take);
    return made;
}

std::uint64_t hash_of_all(const std::vector<labelled>& tickets) {
    auto hash = hash_on("");
    for (const auto& each : tickets) {
        hash = hash_on(each.truth, hash_on(each.words.text, hash_on(each.words.title, hash)));
        for (const auto& field : each.words.fields) hash = hash_on(field.value, hash_on(field.name, hash));
    }
    return hash;
}

// The share of tickets without a bug that stand in a group of mostly one bug's tickets.
double attached_wrongly(const std::vector<labelled>& tickets, const std::map<std::string, std::string>& groups) {
    std::map<std::string, int> with, without;
    for (const auto& each : tickets) ++(each.truth.empty() ? without : with)[groups.at(each.name)];
    double wrong = 0, all = 0;
    for (const auto& [group, count] : without) {
        all += count;
        if (with[group] > count) wrong += count;
    }
    return wrong / all;
}

// The measure of old: each ticket joins the earlier one whose words are nearest (cosine of TF-IDF over the same words), if it is near
// enough. At the threshold that suits it best, which an engine in production could not know.
agreement nearest_neighbour(const std::vector<labelled>& tickets) {
    ticket_reader reader{weights{}};
    std::vector<term_vector> texts;
    for (const auto& each : tickets) texts.push_back(reader.learn(each.words).terms);
    std::map<std::uint32_t, double> held;
    for (const auto& text : texts)
        for (const auto& [term, weight] : text) ++held[term];
    std::map<std::uint32_t, std::vector<std::pair<std::size_t, double>>> postings;
    std::vector<std::pair<double, std::size_t>> nearest;
    for (std::size_t at = 0; at < texts.size(); ++at) {
        double squares = 0;
        const auto worth = [&](const auto& one) {
            return static_cast<double>(one.second) * std::log(static_cast<double>(texts.size()) / held[one.first]);
        };
        for (const auto& one : texts[at]) squares += worth(one) * worth(one);
        std::map<std::size_t, double> cosines;
        for (const auto& one : texts[at]) {
            const auto share = worth(one) / std::sqrt(squares);
            auto& earlier = postings[one.first];
            if (share > 0.05) // the others change nothing, and are on every list
                for (const auto& [other, theirs] : earlier) cosines[other] += share * theirs;
            earlier.emplace_back(at, share);
        }
        std::pair<double, std::size_t> best{-1, at};
        for (const auto& [other, cosine] : cosines)
            if (cosine > best.first) best = {cosine, other};
        nearest.push_back(best);
    }
    agreement best;
    for (double threshold = 0.1; threshold < 0.95; threshold += 0.05) {
        std::vector<std::size_t> group(texts.size());
        std::map<std::string, std::string> groups;
        for (std::size_t at = 0; at < texts.size(); ++at) {
            group[at] = nearest[at].first >= threshold ? group[nearest[at].second] : at;
            groups[tickets[at].name] = std::to_string(group[at]);
        }
        const auto now = measured(tickets, groups);
        if (now.f1 > best.f1) best = now;
    }
    return best;
}

std::vector<labelled> file(const std::string& name, const std::string& language) {
    std::vector<labelled> all;
    std::map<std::string, std::string> truths;
    std::ifstream truth("tests/data/" + name + "/truth.tsv"), input("tests/data/" + name + "/tickets.jsonl");
    REQUIRE(truth);
    REQUIRE(input);
    for (std::string id, label; truth >> id >> label;) truths[id] = label;
    for (std::string line; std::getline(input, line);) {
        auto [id, words] = server::read_ticket_line(line, language);
        all.push_back({id, truths[id], std::move(words)});
    }
    return all;
}

// The messages have their bug beside them; whoever sorts tickets sees their category and procedure.
std::vector<labelled> messages() {
    std::vector<labelled> all;
    std::ifstream input("tests/data/messages-fr.jsonl");
    REQUIRE(input);
    for (std::string line; std::getline(input, line);) {
        const auto one = nlohmann::json::parse(line);
        labelled next{one["id"], one["bug_id"].is_null() ? "" : one["bug_id"].get<std::string>(), {}};
        next.words.title = one["subject"], next.words.text = one["body"];
        for (const auto* name : {"category", "channel", "department", "procedure"}) next.words.fields.push_back({name, one[name]});
        all.push_back(std::move(next));
    }
    return all;
}

} // namespace

TEST_CASE("the demonstration's bugs are found again in sentences never seen", "[grouping][figures]") {
    const auto [seed, hash] = GENERATE(std::pair{31, 12297102573892643447U}, std::pair{32, 10849918644064132906U});
    const auto tickets = demonstration(demonstration_of(static_cast<std::uint64_t>(seed)));
    // The generator is frozen: a change of it asks for new seeds, not for new thresholds.
    CHECK(hash_of_all(tickets) == hash);
    const auto groups = grouped(tickets);
    const auto found = measured(tickets, groups), old = nearest_neighbour(tickets);
    const auto wrong = attached_wrongly(tickets, groups);
    WARN("demonstration " << seed << ": " << said(found) << "; attached wrongly " << wrong << "\nnearest neighbour: " << said(old));
    CHECK(found.f1 >= 0.85);
    CHECK(found.rand >= 0.80);
    CHECK(wrong <= 0.05);
    CHECK(old.f1 <= found.f1 - 0.15);
}

TEST_CASE("the questions of a bank's customers are told apart by the default English settings", "[grouping][figures]") {
    const auto tickets = file("banking77", "en");
    const auto found = measured(tickets, grouped(tickets));
    WARN("banking77: " << said(found));
    CHECK(found.information >= 0.62);
    CHECK(found.rand >= 0.30);
    CHECK(found.f1 >= 0.35);
}

TEST_CASE("among twenty messages no two bugs meet, and half of the pairs of one bug do", "[grouping][figures]") {
    const auto tickets = messages();
    const auto groups = grouped(tickets);
    int pairs = 0, together = 0;
    for (std::size_t one = 0; one < tickets.size(); ++one)
        for (std::size_t other = 0; other < one; ++other) {
            const auto &left = tickets[one], &right = tickets[other];
            if (left.truth.empty() || right.truth.empty()) continue;
            const bool is_together = groups.at(left.name) == groups.at(right.name);
            pairs += left.truth == right.truth;
            together += is_together && left.truth == right.truth;
            CHECK_FALSE((is_together && left.truth != right.truth));
        }
    WARN("messages: " << together << " of " << pairs << " pairs");
    CHECK(together * 2 >= pairs);
}

namespace {

// The bug of most tickets of each group; groups of fewer than three tickets are no incidents.
std::map<std::string, std::string> bugs_of_groups(const std::vector<labelled>& tickets, const std::map<std::string, std::string>& groups) {
    std::map<std::string, std::map<std::string, int>> held;
    for (const auto& each : tickets) ++held[groups.at(each.name)][each.truth];
    std::map<std::string, std::string> bugs;
    for (const auto& [group, counts] : held) {
        int all = 0;
        for (const auto& [bug, count] : counts) all += count;
        const auto by_count = [](const auto& one, const auto& other) { return one.second < other.second; };
        if (all >= 3) bugs[group] = std::max_element(counts.begin(), counts.end(), by_count)->first;
    }
    return bugs;
}

struct burst_tally {
    std::set<std::string> found[6]; // bugs, by how many times their rhythm
    int began = 0, false_alarms = 0;
};

// What an alarm about a bug's group is: of its planted burst, of its beginning or its return after the fix in the ten days before, or
// false.
void tell(burst_tally& all, const std::vector<model::demo::demo_bug>& bugs, const std::string& name, model::sys_seconds at) {
    const auto bug = std::find_if(bugs.begin(), bugs.end(), [&](const auto& one) { return one.id == name; });
    if (bug != bugs.end() && bug->burst_from && at >= *bug->burst_from && at < *bug->burst_until + std::chrono::hours(1)) {
        if (at <= *bug->burst_from + std::chrono::hours(25)) all.found[bug->burst_factor].insert(name);
        return;
    }
    const auto is_since = [&](const auto& moment) { return moment && at >= *moment && at < *moment + std::chrono::days(10); };
    ++(bug != bugs.end() && (is_since(bug->introduced_at) || is_since(bug->regressed_at)) ? all.began : all.false_alarms);
}

} // namespace

TEST_CASE("the demonstration's bursts are found within a day in the groups that the engine made", "[grouping][figures][bursts]") {
    auto wanted = demonstration_of(31);
    wanted.tickets = 30'000; // three thousand are a ticket a day and bug: three of them more are nobody's burst
    const auto tickets = demonstration(wanted);
    const auto groups = grouped(tickets);
    const auto bugs_of = bugs_of_groups(tickets, groups);
    const auto bugs = model::demo::bugs(wanted);
    const auto first_hour = model::seconds(*tickets.front().words.at) / 3600;
    std::map<std::int64_t, std::map<std::string, int>> by_hour;
    for (const auto& each : tickets)
        if (bugs_of.contains(groups.at(each.name))) ++by_hour[model::seconds(*each.words.at) / 3600 - first_hour][groups.at(each.name)];
    burst_watch watch({.quiet_hours = 2 * week_hours});
    burst_tally all;
    const auto hours = by_hour.rbegin()->first;
    for (std::int64_t hour = 0; hour <= hours; ++hour) {
        std::vector<hour_count> counts;
        for (const auto& [group, count] : by_hour[hour]) counts.push_back({std::distance(bugs_of.begin(), bugs_of.find(group)), count});
        for (const auto& alarm : watch.close_hour(hour, counts))
            tell(all, bugs, std::next(bugs_of.begin(), alarm.incident)->second, model::at_seconds((first_hour + hour + 1) * 3600));
    }
    const auto weeks = static_cast<double>(bugs_of.size()) * (static_cast<double>(hours) / week_hours - 2);
    WARN("bursts of the demonstration: of 3 times " << all.found[3].size() << " of 3, of 5 times " << all.found[5].size()
                                                    << " of 5; of bugs that began or came back " << all.began << ", false "
                                                    << all.false_alarms << " in " << weeks << " incident-weeks");
    CHECK(all.found[5].size() >= 4);
    CHECK(all.found[3].size() >= 2); // the third begins three days before it bursts, and has no rhythm yet
    CHECK(all.false_alarms * 1000 <= 5 * weeks);
}
