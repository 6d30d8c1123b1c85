// SPDX-License-Identifier: EUPL-1.2
#include "api/view_parts.hpp"

#include "api/pages.hpp"
#include "api/view_text.hpp"

#include <algorithm>

namespace relais::api::views {

using json = nlohmann::json;

void add_code(json& to, const lens& through, const std::string& name, std::string_view family, const std::string& code) {
    to[name] = code;
    if (!through.for_people || code.empty()) return;
    const auto* label = through.texts->find(through.language, std::string(family) + "." + code);
    to[name + "_label"] = label ? *label : code;
}

void add_moment(json& to, const lens& through, const std::string& name, std::optional<std::chrono::sys_seconds> at) {
    to[name] = at ? json(view_text::rfc3339(*at)) : json(nullptr);
    if (through.for_people && at) to[name + "_shown"] = view_text::short_moment(*at);
}

std::string duration(std::chrono::seconds time, const lens& through) {
    using namespace std::chrono;
    auto whole_minutes = std::max<std::int64_t>(duration_cast<minutes>(time).count(), 0);
    auto say = [&](const char* key, std::int64_t n) { return through.texts->say(through.language, key, {{"n", n}}); };
    constexpr std::int64_t hour = 60, day = 24 * hour;
    if (whole_minutes >= 2 * day) return say("duration.days", whole_minutes / day);
    return whole_minutes >= hour ? say("duration.hours", whole_minutes / hour) : say("duration.minutes", whole_minutes);
}

void add_age_and_due(json& to, const lens& through, std::string_view status, std::chrono::sys_seconds received_at,
                     std::chrono::sys_seconds due_at) {
    if (!through.for_people) return;
    to["age"] = duration(through.now - received_at, through);
    if (status != "new" && status != "open" && status != "waiting") return; // a date given in writing runs while somebody is awaited
    auto late = due_at < through.now;
    auto time = duration(late ? through.now - due_at : due_at - through.now, through);
    to["due"] = through.texts->say(through.language, late ? "queue.late" : "queue.due_in", {{"time", time}});
    to["is_late"] = late;
    to["is_soon"] = !late && due_at - through.now < std::chrono::hours(24);
}

json flags(const std::string& text, const lens& through) {
    auto out = json::array();
    for (std::size_t at = 0; at < text.size();) {
        auto end = std::min(text.find(' ', at), text.size());
        auto flag = text.substr(at, end - at);
        at = end + 1;
        if (flag.empty()) continue;
        json one;
        add_code(one, through, "code", "flag", flag);
        out.push_back(through.for_people ? std::move(one) : json(flag));
    }
    return out;
}

} // namespace relais::api::views
