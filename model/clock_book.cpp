// SPDX-License-Identifier: EUPL-1.2
#include "model/clock_book.hpp"

#include "model/procedure.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <stdexcept>

namespace relais::model::clock_books {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> clocks = {"acknowledgement", "answer", "announced"};
constexpr std::array<std::string_view, 4> reasons = {"citizen", "centre", "incident", "external_owner"};
constexpr int minutes_limit = 100'000, percent_limit = 1'000, reminders_limit = 20, days_limit = 365;

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error("config/clocks.json: " + what); }

template <class Names> std::string one_of(const json& from, const char* key, const Names& names) {
    auto text = from.at(key).get<std::string>();
    if (std::find(names.begin(), names.end(), text) == names.end()) refuse(text + " is no " + key);
    return text;
}

int number(const json& from, const char* key, int least, int most, int otherwise) {
    auto value = from.value(key, otherwise);
    if (value < least || value > most) refuse(std::string(key) + " lies between " + std::to_string(least) + " and " + std::to_string(most));
    return value;
}

clock_target read_target(const json& from) {
    clock_target out;
    out.clock = one_of(from, "clock", clocks);
    out.procedure = from.value("procedure", ""), out.channel = from.value("channel", "");
    if (!out.procedure.empty() && !procedures::is_known(out.procedure)) refuse(out.procedure + " is no procedure");
    auto is_day = out.clock == "announced";
    out.within = std::chrono::minutes(number(from, "minutes", is_day ? 0 : 1, is_day ? 0 : minutes_limit, 0));
    out.is_always = from.value("hours", "centre") == "always";
    return out;
}

clock_step read_step(const json& from) {
    clock_step out;
    out.clock = one_of(from, "clock", clocks);
    out.percent = number(from, "percent", 1, percent_limit, 100);
    out.by_mail = from.value("mail", false);
    for (const auto& each : from.at("tell")) {
        if (each != "assignee" && each != "supervisor") refuse(each.dump() + " is nobody to tell: assignee or supervisor");
        (each == "assignee" ? out.tells_assignee : out.tells_supervisor) = true;
    }
    return out;
}

waiting_rule read_waiting(const json& from) {
    static const std::map<std::string, waiting_rule::ending> endings = {
        {"close", waiting_rule::ending::close}, {"return", waiting_rule::ending::give_back}, {"stay", waiting_rule::ending::stay}};
    waiting_rule out;
    out.reason = one_of(from, "reason", reasons);
    out.pauses = from.value("pauses", false);
    out.reminders = number(from, "reminders", 0, reminders_limit, 0);
    auto then = endings.find(from.value("then", "stay"));
    if (then == endings.end()) refuse("then is close, return or stay");
    out.then = then->second;
    auto needs_days = out.reminders > 0 || out.then != waiting_rule::ending::stay;
    out.every_days = number(from, "every_days", needs_days ? 1 : 0, days_limit, 0);
    return out;
}

calendar every_hour() {
    calendar out;
    out.keeps_holidays = false;
    for (auto& day : out.week) day = {{std::chrono::minutes(0), std::chrono::hours(24)}};
    return out;
}

clock_book read(const json& root, const calendar& centre) {
    clock_book out;
    out.centre = centre, out.always = every_hour();
    for (const auto& each : root.at("targets")) out.targets.push_back(read_target(each));
    for (const auto& each : root.at("steps")) out.steps.push_back(read_step(each));
    for (const auto& each : root.at("waiting")) out.waiting.push_back(read_waiting(each));
    std::stable_sort(out.steps.begin(), out.steps.end(), [](const auto& a, const auto& b) { return a.percent < b.percent; });
    return out;
}

} // namespace

clock_book load(const std::string& file, const calendar& centre) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file);
    try {
        return read(json::parse(in), centre);
    } catch (const json::exception& error) {
        refuse(error.what());
    }
}

const clock_target* find_target(const clock_book& book, std::string_view clock, std::string_view procedure, std::string_view channel) {
    auto fits = [&](const clock_target& each) {
        return each.clock == clock && (each.procedure.empty() || each.procedure == procedure) &&
               (each.channel.empty() || each.channel == channel);
    };
    auto found = std::find_if(book.targets.begin(), book.targets.end(), fits);
    return found == book.targets.end() ? nullptr : &*found;
}

const waiting_rule* find_waiting(const clock_book& book, std::string_view reason) {
    auto found = std::find_if(book.waiting.begin(), book.waiting.end(), [&](const auto& each) { return each.reason == reason; });
    return found == book.waiting.end() ? nullptr : &*found;
}

} // namespace relais::model::clock_books
