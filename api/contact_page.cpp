// SPDX-License-Identifier: EUPL-1.2
#include "api/contact_page.hpp"

#include "api/contact_files.hpp"
#include "api/contact_pressure.hpp"
#include "api/contact_steps.hpp"
#include "api/pages.hpp"
#include "api/proof_of_work.hpp"
#include "api/routes.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"

#include <algorithm>

namespace relais::api::contact_pages {
namespace {

using json = nlohmann::json;
using model::field_fault;

std::vector<field_fault> of_step(const std::vector<field_fault>& all, int step) {
    std::vector<field_fault> out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out),
                 [step](const auto& each) { return contact_steps::step_of(each.field) == step; });
    return out;
}

json refused_files(const form_draft& draft) {
    auto out = json::array();
    for (const auto& each : draft.refused_files) {
        auto cut = each.find('\n');
        out.push_back({{"href", "#files"}, {"field", "files"}, {"t:message", each.substr(0, cut)}, {"value", each.substr(cut + 1)}});
    }
    return out;
}

json frame(int step, const secrets& keys, const form_draft& draft) {
    auto number = std::to_string(step);
    json out = {{"step", step},
                {"steps", contact_steps::count},
                {"t:step_title", "contact.step." + number},
                {"t:step_lead", "contact.lead." + number},
                {"action", contact_steps::path(step)},
                {"is_first", step == 1},
                {"is_last", step == contact_steps::last},
                {"is_files", step == contact_steps::files_step},
                {"is_person", step == 1},
                {"has_draft", draft.exists},
                {"form_id", draft.id},
                {"form_token", form_drafts::token(keys, draft.key)}};
    if (step < contact_steps::last) out["t:next_title"] = "contact.step." + std::to_string(step + 1);
    return out;
}

} // namespace

int step_of_path(std::string_view path) {
    auto found = std::find(contact_steps::paths.begin(), contact_steps::paths.end(), path);
    return found == contact_steps::paths.end() ? 1 : static_cast<int>(found - contact_steps::paths.begin()) + 1;
}

contact_forms::terms terms_of(const request& request, const app& app) {
    contact_forms::terms out;
    out.now = request.now;
    out.language = request.language;
    out.answer_working_days = app.config.answer_working_days;
    out.implicit_rejection_months = app.config.implicit_rejection_months;
    return out;
}

bool is_ours(const request& request, const app& app, std::string_view key) {
    return key.empty() || app.keys.verify("form", key, request.field("form_token"));
}

reply step(const request& request, const app& app, const form_draft& draft) {
    auto step = step_of_path(request.path);
    if (step > 1 && !draft.exists) return public_page(request, app, "contact_lost", {{"kept_minutes", 60}});
    const auto& texts = app.templates.texts();
    auto data = frame(step, app.keys, draft);
    auto found = contact_forms::check(draft.fields, terms_of(request, app));
    auto is_last = step == contact_steps::last;
    auto faults = is_last ? found.faults : of_step(found.faults, step);
    auto hints = of_step(found.hints, step);
    if (!draft.was_visited(step)) faults.clear(), hints.clear();
    if (step == contact_steps::files_step) data["faults"] = refused_files(draft);
    auto summary = contact_steps::summary(faults, step);
    for (auto& each : data["faults"]) summary.push_back(each);
    data["has_faults"] = !summary.empty();
    data["faults"] = std::move(summary);
    data["has_hints"] = !hints.empty() && !data["has_faults"].get<bool>();
    data["advices"] = contact_steps::summary(hints, step);
    data["fields"] = contact_steps::shown(step, draft.fields, faults, hints, texts, request.language);
    data["files"] = contact_files::shown(draft.files, texts, request.language);
    data["has_files"] = !draft.files.empty();
    if (!is_last) return public_page(request, app, "contact", std::move(data));
    data["recapitulation"] = contact_steps::recapitulation(draft.fields, texts, request.language);
    data["pressure"] = pressure(request, app, draft);
    return public_page(request, app, "contact", std::move(data));
}

nlohmann::json pressure(const request& request, const app& app, const form_draft& draft) {
    if (draft.wait_until == 0) return false;
    return json{{"challenge", proofs::challenge(app.keys, draft.id, request.now).dump()},
                {"worker", app.templates.asset("proof_worker.js")},
                {"script", app.templates.asset("proof.js")},
                {"wait_s", std::max<std::int64_t>(0, draft.wait_until - model::seconds(request.now))}};
}

reply too_many(const request& request, int wait_s) {
    auto out = error_reply(request, 429, "too_many_requests");
    out.headers.emplace_back("Retry-After", std::to_string(wait_s));
    return out;
}

} // namespace relais::api::contact_pages
