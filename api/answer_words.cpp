// SPDX-License-Identifier: EUPL-1.2
#include "api/answer_words.hpp"

#include "api/view_text.hpp"
#include "model/citizen.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"

namespace relais::api::answer_words {

namespace variables = model::answer_variables;

variables::values values_of(soci::session& sql, const model::ticket& on, const catalogue& texts) {
    variables::values out;
    out.name = model::citizens::get(sql, on.requester_id).name;
    out.reference = on.reference;
    if (!on.answer_before.empty()) out.announced_delay = view_text::day(texts, on.language, on.answer_before);
    if (auto dossier = on.dossier_id ? model::dossiers::find(sql, *on.dossier_id) : std::nullopt)
        if (const auto* label = texts.find(on.language, "dossier_status." + dossier->status)) out.dossier_status = *label;
    return out;
}

std::string filled(soci::session& sql, const model::ticket& on, std::string_view text, const catalogue& texts, std::string_view field) {
    if (variables::left(text).empty()) return std::string(text);
    auto out = variables::fill(text, values_of(sql, on, texts));
    std::vector<model::field_fault> faults;
    for (const auto& each : variables::left(out)) faults.push_back({std::string(field), "variable", "fault.reply.variable", each});
    if (!faults.empty()) throw model::invalid(std::move(faults));
    return out;
}

} // namespace relais::api::answer_words
