// SPDX-License-Identifier: EUPL-1.2
#include "api/figure_view.hpp"

#include "api/share_text.hpp"
#include "api/time_text.hpp"
#include "api/view_text.hpp"
#include "model/calendar.hpp"
#include "model/error.hpp"

#include <cmath>

namespace relais::api::views {

using nlohmann::json;
namespace figures = model::figures;

json figure(const model::figure_definition& of, const model::figure_measures& measured, const lens& through, bool is_told) {
    auto value = is_told ? figures::value(of, measured) : std::nullopt;
    auto met = figures::is_met(of, value);
    json out = {{"id", of.id},
                {"value", value ? json(std::round(*value * 100) / 100) : json()},
                {"part", value ? json(figures::part(of, measured)) : json()},
                {"whole", value && !of.whole.empty() ? json(figures::whole(of, measured)) : json()},
                {"target", of.target ? json(*of.target) : json()},
                {"is_met", met ? json(*met) : json()}};
    if (!through.for_people) return out;
    out["is_untold"] = !is_told;
    out["t:scope"] = "figures.scope." + std::string(figures::name_of(figures::scope_of(of)));
    out["code"] = share_text::code(of.id);
    out["t:name"] = share_text::key(of.id, "name"), out["t:formula"] = share_text::key(of.id, "formula");
    out["value_shown"] = share_text::value(of, value, through.language);
    out["target_shown"] = share_text::target(of, *through.texts, through.language);
    out["is_missed"] = met && !*met, out["is_reached"] = met && *met, out["is_alert"] = figures::is_alert(of, value);
    if (value && !of.whole.empty())
        out["detail"] = share_text::number(figures::part(of, measured), through.language) + " / " +
                        share_text::number(figures::whole(of, measured), through.language);
    return out;
}

std::chrono::sys_seconds start_of_day(const std::string& day, const char* field) {
    auto at = time_text::parse(day);
    if (!at || day.size() != 10) throw model::invalid({{field, "malformed", "fault.parameter.malformed"}});
    return model::calendars::instant(view_text::paris,
                                     date::local_seconds(date::local_days(date::floor<date::days>(*at).time_since_epoch())));
}

} // namespace relais::api::views
