// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_plausible.hpp"

#include <date/date.h>

namespace relais::model::dossiers {

std::optional<impossible_value> impossible_in(const dossier_news& told, sys_seconds now) {
    auto is_told = [&told](column which) { return told.told[static_cast<std::size_t>(which)]; };
    const auto& values = told.values;
    if (is_told(column::birth_name) && values.birth_name.empty()) return impossible_value{"birth_name", "empty"};
    if (is_told(column::status) && values.status.empty()) return impossible_value{"status", "empty"};
    auto latest = now + std::chrono::hours(24);
    auto last_day = date::format("%F", date::floor<date::days>(latest));
    if (values.birth_date > last_day) return impossible_value{"birth_date", "future"};
    if (values.status_since > last_day) return impossible_value{"status_since", "future"};
    if (told.is_dated && values.updated_at > latest) return impossible_value{"updated_at", "future"};
    return std::nullopt;
}

} // namespace relais::model::dossiers
