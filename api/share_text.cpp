// SPDX-License-Identifier: EUPL-1.2
#include "api/share_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace relais::api::share_text {

namespace {

constexpr std::string_view narrow_space = "\u202f", space = "\u00a0";

std::string decimal(double value, std::string_view language) {
    auto out = std::abs(value - std::round(value)) < 0.05 ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
    if (language == "fr") std::replace(out.begin(), out.end(), '.', ',');
    return out;
}

// The two largest units, as people say them.
std::string duration(double seconds, std::string_view language) {
    auto total = static_cast<std::int64_t>(std::llround(seconds));
    auto day = language == "fr" ? "j" : "d";
    auto days = total / 86'400, hours = total % 86'400 / 3600, minutes = total % 3600 / 60;
    auto join = [&](std::int64_t one, const char* of_one, std::int64_t two, const char* of_two) {
        auto out = fmt::format("{}{}{}", one, space, of_one);
        return two == 0 ? out : out + fmt::format("{}{}{}{}", space, two, space, of_two);
    };
    if (days > 0) return join(days, day, hours, "h");
    if (hours > 0) return join(hours, "h", minutes, "min");
    return minutes > 0 ? join(minutes, "min", total % 60, "s") : fmt::format("{}{}s", total, space);
}

} // namespace

std::string number(std::int64_t value, std::string_view language) {
    auto digits = std::to_string(std::abs(value));
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), language == "fr" ? narrow_space : ",");
    return (value < 0 ? "-" : "") + digits;
}

std::string count(const nlohmann::json& value, const catalogue& texts, std::string_view language) {
    return value.is_null() ? texts.say(language, "share.few") : number(value.get<std::int64_t>(), language);
}

std::string value(const model::figure_definition& of, std::optional<double> value, std::string_view language) {
    if (!value) return "-";
    using enum model::figure_definition::unit;
    switch (of.in) {
    case percent:
        return decimal(*value, language) + std::string(space) + "%";
    case seconds:
        return duration(*value, language);
    case days:
        return number(std::llround(*value), language) + std::string(space) + (language == "fr" ? "j" : "d");
    case marks:
        return decimal(*value, language) + (of.id == "K19" ? "/20" : "/10");
    case count:
        return number(std::llround(*value), language);
    }
    return "-";
}

std::string difference(const model::figure_definition& of, double by, std::string_view language) {
    auto size = [&](double moved) {
        auto is_percent = of.in == model::figure_definition::unit::percent;
        return is_percent ? decimal(moved, language) + std::string(space) + "pt" : value(of, moved, language);
    };
    auto shown = size(std::abs(by));
    if (shown == size(0)) return shown;
    return (by < 0 ? "\u2212" : "+") + shown;
}

std::string_view unit(std::string_view id) {
    const auto* known = model::figures::find(id);
    if (!known) return id.starts_with('K') ? "" : "count";
    using enum model::figure_definition::unit;
    switch (known->in) {
    case percent:
        return "percent";
    case seconds:
        return "seconds";
    case days:
        return "days";
    case marks:
        return id == "K19" ? "of_20" : "of_10";
    case count:
        return "count";
    }
    return "";
}

std::string_view part_unit(std::string_view id) {
    const auto* known = model::figures::find(id);
    if (!known || known->whole.empty()) return unit(id);
    return known->in == model::figure_definition::unit::marks ? "marks" : "count";
}

std::string note(const nlohmann::json& figure, const catalogue& texts, std::string_view language) {
    if (figure["is_hidden"] == true) return texts.say(language, "share.few");
    return figure["value"].is_null() ? texts.say(language, "share.none." + code(figure["id"].get<std::string>())) : std::string();
}

nlohmann::json last_moment(const nlohmann::json& until) {
    return until.is_null() ? nlohmann::json() : nlohmann::json(until.get<std::int64_t>() - 1);
}

std::string article(const nlohmann::json& law, const catalogue& texts, std::string_view language) {
    auto written = law["article"].get<std::string>();
    return written.empty() ? texts.say(language, "share.to_specify") : written;
}

std::vector<const nlohmann::json*> oldest(const nlohmann::json& body) {
    std::vector<const nlohmann::json*> out;
    for (const auto& number : body["sections"]["oldest"])
        for (const auto& each : body["incidents"])
            if (each["number"] == number) out.push_back(&each);
    return out;
}

std::string target(const model::figure_definition& of, const catalogue& texts, std::string_view language) {
    if (!of.target) return {};
    return texts.say(language, of.at_least ? "figures.at_least" : "figures.at_most", {{"value", value(of, of.target, language)}});
}

std::string code(std::string_view id) { return std::string(id.substr(0, id.find('.'))); }

std::string key(std::string_view id, std::string_view part) {
    std::string out = "figure." + std::string(id) + "." + std::string(part);
    if (auto dot = id.find('.'); dot != std::string_view::npos) out[7 + dot] = '_';
    return out;
}

std::string name(std::string_view id, const catalogue& texts, std::string_view language) { return texts.say(language, key(id, "name")); }

std::string corrected_name(const std::string& id, const catalogue& texts, std::string_view language) {
    if (model::figures::find(id)) return name(id, texts, language);
    for (const auto& [table, family] : {std::pair{"channels", "channel_name"}, {"procedures", "procedure"}}) {
        if (!id.starts_with(std::string(table) + ".")) continue;
        auto code = id.substr(id.find('.') + 1), key = std::string(family) + "." + code;
        return texts.say(language, std::string("share.corrected.") + table,
                         {{"name", texts.find(language, key) ? texts.say(language, key) : code}});
    }
    return texts.say(language, "share.corrected." + id);
}

} // namespace relais::api::share_text
