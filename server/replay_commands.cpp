// SPDX-License-Identifier: EUPL-1.2
#include "server/replay_commands.hpp"

#include "model/grouping/burst.hpp"
#include "server/ticket_lines.hpp"

#include <charconv>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <stdexcept>

namespace relais::server {
namespace {

using namespace model::grouping;

constexpr std::size_t ranks_written = 20;
constexpr std::size_t said_every = 10'000;
constexpr std::int64_t hours_limit = 24 * 366 * 50; // fifty years
constexpr int faults_said = 100;                    // the others are counted

std::ifstream open_to_read(const std::string& file) {
    std::ifstream opened(file);
    if (!opened) throw std::runtime_error(file + " cannot be read");
    return opened;
}

std::ofstream open_to_write(const std::string& file) {
    std::ofstream opened(file, std::ios::trunc);
    if (!opened) throw std::runtime_error(file + " cannot be written");
    return opened;
}

void finish(std::ofstream& written, const std::string& file) {
    written.close();
    if (!written) throw std::runtime_error(file + " could not be written to its end: is the disk full?");
}

// Lines that could not be used, told as they come.
class fault_list {
public:
    void add(const std::string& file, std::size_t line, const std::string& reason) {
        if (++count_ <= faults_said) std::cerr << file << ":" << line << ": left out, since " << reason << '\n';
    }
    int finish() const {
        if (count_ > faults_said) std::cerr << "and " << count_ - faults_said << " more such lines\n";
        return count_ == 0 ? 0 : 1;
    }

private:
    int count_ = 0;
};

struct placed_correction {
    correction said;
    std::size_t line = 0;
    bool has_been_read = false;
};

std::multimap<std::string, placed_correction> read_feedback(const std::string& file, fault_list& faults) {
    std::multimap<std::string, placed_correction> found;
    if (file.empty()) return found;
    auto input = open_to_read(file);
    std::string line;
    for (std::size_t number = 1; std::getline(input, line); ++number) {
        if (line.find_first_not_of(" \r") == std::string::npos) continue;
        try {
            auto [after, said] = read_feedback_line(line);
            found.emplace(std::move(after), placed_correction{std::move(said), number, false});
        } catch (const std::runtime_error& error) {
            faults.add(file, number, error.what());
        }
    }
    return found;
}

void write_groups(const replay& run, const std::string& file) {
    auto output = open_to_write(file);
    run.groups([&](const std::string& ticket, const std::string& group) { output << ticket << '\t' << group << '\n'; });
    finish(output, file);
}

} // namespace

int run_replay(const replay_words& words) {
    fault_list faults;
    auto feedback = read_feedback(words.feedback, faults);
    auto input = open_to_read(words.tickets);
    std::ofstream ranks;
    if (!words.ranks.empty()) ranks = open_to_write(words.ranks);
    ranks << std::fixed << std::setprecision(6);
    options settings;
    settings.topics = words.topics;
    replay run(settings);
    std::vector<replay::rank> similar;
    std::string line;
    for (std::size_t number = 1; std::getline(input, line); ++number) {
        if (number % said_every == 0) std::cerr << number << " tickets\n";
        if (line.find_first_not_of(" \r") == std::string::npos) continue;
        try {
            auto [name, arrived] = read_ticket_line(line, words.language);
            if (!run.add(name, std::move(arrived), words.ranks.empty() ? 0 : ranks_written, similar))
                throw std::runtime_error("an earlier line has the same id, " + name);
            for (std::size_t at = 0; at < similar.size(); ++at)
                ranks << name << '\t' << at + 1 << '\t' << similar[at].ticket << '\t' << similar[at].score << '\n';
            for (auto [each, end] = feedback.equal_range(name); each != end; ++each) {
                each->second.has_been_read = true;
                if (const auto wrong = run.correct(each->second.said); !wrong.empty()) faults.add(words.feedback, each->second.line, wrong);
            }
        } catch (const std::runtime_error& error) {
            faults.add(words.tickets, number, error.what());
        }
    }
    for (const auto& [after, each] : feedback)
        if (!each.has_been_read) faults.add(words.feedback, each.line, "no ticket is called " + after);
    std::cerr << "consolidating\n";
    run.consolidate();
    write_groups(run, words.groups);
    if (ranks.is_open()) finish(ranks, words.ranks);
    return faults.finish();
}

namespace {

struct counted_hours {
    std::map<std::int64_t, std::vector<hour_count>> by_hour;
    std::vector<std::string> names;
};

// The three columns of a line, or a reason.
void read_count(const std::string& line, counted_hours& into, std::map<std::string, std::int64_t>& numbers) {
    const auto first = line.find('\t'), second = first == std::string::npos ? first : line.find('\t', first + 1);
    if (second == std::string::npos) throw std::runtime_error("it has not three columns");
    const auto number_of = [](std::string_view text, const char* what) {
        while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || value < 0)
            throw std::runtime_error(std::string("its ") + what + " is not a whole number");
        return value;
    };
    const auto hour = number_of(std::string_view(line).substr(first + 1, second - first - 1), "hour");
    const auto count = number_of(std::string_view(line).substr(second + 1), "count");
    if (hour > hours_limit) throw std::runtime_error("its hour is too far");
    if (count > std::numeric_limits<int>::max()) throw std::runtime_error("its count is too large");
    const auto [found, is_new] = numbers.emplace(line.substr(0, first), static_cast<std::int64_t>(into.names.size()));
    if (is_new) into.names.push_back(found->first);
    into.by_hour[hour].push_back({found->second, static_cast<int>(count)});
}

counted_hours read_counts(const std::string& file, fault_list& faults) {
    auto input = open_to_read(file);
    counted_hours found;
    std::map<std::string, std::int64_t> numbers;
    std::string line;
    std::getline(input, line); // the header
    for (std::size_t number = 2; std::getline(input, line); ++number) {
        if (line.find_first_not_of(" \r") == std::string::npos) continue;
        try {
            read_count(line, found, numbers);
        } catch (const std::runtime_error& error) {
            faults.add(file, number, error.what());
        }
    }
    return found;
}

} // namespace

int run_replay_bursts(const std::string& counts, const std::string& alarms) {
    fault_list faults;
    const auto read = read_counts(counts, faults);
    auto output = open_to_write(alarms);
    burst_watch watch;
    // Every incident is known from the first hour: "absent" means that it had no ticket.
    std::vector<hour_count> all;
    for (std::size_t at = 0; at < read.names.size(); ++at) all.push_back({static_cast<std::int64_t>(at), 0});
    const auto last = read.by_hour.empty() ? -1 : read.by_hour.rbegin()->first;
    for (std::int64_t hour = 0; hour <= last; ++hour) {
        const auto found = read.by_hour.find(hour);
        auto present = hour == 0 ? all : std::vector<hour_count>{};
        if (found != read.by_hour.end()) present.insert(present.end(), found->second.begin(), found->second.end());
        for (const auto& each : watch.close_hour(hour, present))
            output << read.names[static_cast<std::size_t>(each.incident)] << '\t' << hour << '\n';
    }
    finish(output, alarms);
    return faults.finish();
}

} // namespace relais::server
