// SPDX-License-Identifier: EUPL-1.2
#include "server/ticket_lines.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace relais::server {
namespace {

using model::grouping::correction;
using nlohmann::json;

constexpr double latest_seconds = 1e11; // the year 5138; more is milliseconds

json read_object(std::string_view line) {
    auto read = json::parse(line, nullptr, false);
    if (read.is_discarded()) throw std::runtime_error("it is not JSON");
    if (!read.is_object()) throw std::runtime_error("it is not a JSON object");
    return read;
}

// A text, or a number or a truth value written as one; nothing for null.
std::string as_text(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return {};
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text_of(const json& line, const char* name) { return line.contains(name) ? as_text(line[name]) : std::string{}; }

// A number of two or four digits, taken from the front of the text; nothing when they are not all digits.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    int value = 0;
    if (text.size() < count) return {};
    const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
    if (error != std::errc{} || end != text.data() + count || text.front() == '-') return {};
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

// ":45" or, after a sign, ":30": nothing when it is not there, and the text stays.
int take_part(std::string_view& text) {
    auto rest = text;
    if (!take(rest, ":")) return 0;
    const auto value = take_digits(rest, 2);
    if (!value) return 0;
    text = rest;
    return *value;
}

// "+01:00", "-0930", "Z" or nothing, in seconds east of Greenwich.
std::optional<std::int64_t> take_offset(std::string_view& text) {
    if (text.empty() || take(text, "Zz")) return 0;
    const auto is_west = text.front() == '-';
    if (!take(text, "+-")) return {};
    const auto hours = take_digits(text, 2);
    if (!hours) return {};
    take(text, ":");
    const auto minutes = take_digits(text, 2).value_or(0);
    return (is_west ? -1 : 1) * (*hours * 3'600LL + minutes * 60LL);
}

// "2026-11-23T10:15:00Z", "2026-11-23 10:15:00.250+01:00", "2026-11-23": the offset is UTC when none is given.
std::optional<std::int64_t> read_date(std::string_view text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, "-")) return {};
    const auto month = take_digits(text, 2);
    if (!month || !take(text, "-")) return {};
    const auto day = take_digits(text, 2);
    if (!day) return {};
    const auto date =
        std::chrono::year{*year} / std::chrono::month{static_cast<unsigned>(*month)} / std::chrono::day{static_cast<unsigned>(*day)};
    if (!date.ok()) return {};
    auto at = std::chrono::sys_days{date}.time_since_epoch().count() * 86'400LL;
    if (text.empty()) return at;
    if (!take(text, "T ")) return {};
    const auto hour = take_digits(text, 2);
    if (!hour || text.empty() || text.front() != ':') return {};
    at += *hour * 3'600LL;
    at += take_part(text) * 60LL;
    at += take_part(text);
    if (take(text, ".,"))
        while (take(text, "0123456789")) {
        }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return {};
    return at - *offset;
}

std::optional<std::int64_t> read_time(const json& value) {
    if (value.is_null()) return {};
    auto number = std::numeric_limits<double>::quiet_NaN();
    if (value.is_number()) number = value.get<double>();
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text.empty()) return {};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size()) {
            const auto date = read_date(text);
            if (!date) throw std::runtime_error("its ts is neither seconds nor a date");
            return date;
        }
    }
    if (!std::isfinite(number) || std::abs(number) > latest_seconds * 1000)
        throw std::runtime_error("its ts is neither seconds nor a date");
    return static_cast<std::int64_t>(std::abs(number) > latest_seconds ? number / 1000 : number);
}

} // namespace

std::pair<std::string, model::grouping::ticket> read_ticket_line(std::string_view line, const std::string& language) {
    const auto read = read_object(line);
    auto name = text_of(read, "id");
    if (name.empty()) throw std::runtime_error("it has no id");
    if (name.find_first_of("\t\n\r") != std::string::npos) throw std::runtime_error("its id holds a tabulation or a line break");
    model::grouping::ticket made;
    made.title = text_of(read, "title");
    made.text = text_of(read, "text");
    made.language = text_of(read, "lang");
    if (made.language.empty()) made.language = language;
    if (read.contains("ts"))
        if (const auto at = read_time(read["ts"])) made.at = model::at_seconds(*at);
    if (!read.contains("fields") || read["fields"].is_null()) return {std::move(name), std::move(made)};
    if (!read["fields"].is_object()) throw std::runtime_error("its fields are not an object");
    for (const auto& [field, value] : read["fields"].items())
        if (auto text = as_text(value); !text.empty()) made.fields.push_back({field, std::move(text)});
    return {std::move(name), std::move(made)};
}

namespace {

// Tickets named by a text, a list, or the values of an object in the order of `keys`.
std::vector<std::string> named(const json& value, std::initializer_list<const char*> keys) {
    std::vector<std::string> names;
    if (value.is_array())
        for (const auto& each : value) names.push_back(as_text(each));
    else if (value.is_object()) {
        for (const auto* key : keys) {
            if (!value.contains(key)) continue;
            const auto inside = named(value[key], {});
            names.insert(names.end(), inside.begin(), inside.end());
        }
    } else if (!value.is_null() && !value.is_boolean())
        names.push_back(as_text(value));
    return names;
}

} // namespace

std::pair<std::string, correction> read_feedback_line(std::string_view line) {
    const auto read = read_object(line);
    auto after = text_of(read, "after");
    if (after.empty()) throw std::runtime_error("it does not say after which ticket");
    correction said;
    const auto take = [&](const char* name, correction::kind what) {
        if (!read.contains(name)) return false;
        said.what = what;
        said.tickets = named(read[name], {"ticket", "tickets", "from", "to", "into", "with"});
        return true;
    };
    const bool is_known = take("attach", correction::kind::attach) || take("detach", correction::kind::detach) ||
                          take("merge", correction::kind::merge) || take("split", correction::kind::split);
    if (!is_known) throw std::runtime_error("it holds none of attach, detach, merge and split");
    const bool is_pair = said.what == correction::kind::attach || said.what == correction::kind::merge;
    if (is_pair && said.tickets.size() == 1) said.tickets.insert(said.tickets.begin(), after);
    if (said.tickets.empty()) said.tickets.push_back(after);
    return {std::move(after), std::move(said)};
}

} // namespace relais::server
