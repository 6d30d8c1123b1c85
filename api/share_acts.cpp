// SPDX-License-Identifier: EUPL-1.2
#include "api/share_acts.hpp"

#include "api/action_fields.hpp"
#include "api/content_disposition.hpp"
#include "api/pages.hpp"
#include "api/share_table.hpp"
#include "api/share_workbook.hpp"
#include "model/error.hpp"
#include "model/text.hpp"

#include <charconv>

namespace relais::api::share_acts {

namespace {

std::int64_t whole_number(const std::string& text, std::string_view field) {
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size())
        throw model::invalid({{std::string(field), "malformed", "fault.parameter.malformed"}});
    return out;
}

} // namespace

model::decisions::draft read_decision(const request& request) {
    action_fields given(request, {"incident", "decision", "text", "due", "amends"});
    model::decisions::draft out;
    out.kind = given.text("decision");
    out.due = given.text("due");
    out.incident_id = whole_number(given.text("incident"), "incident");
    if (!given.text("amends").empty()) out.amends = whole_number(given.text("amends"), "amends");
    auto checked = model::text::check_message(given.text("text"), model::decisions::text_limit);
    if (!given.text("text").empty() && !checked.accepted()) throw model::invalid({model::fault("text", "text", checked)});
    out.text = checked.normalised;
    return out;
}

wanted_form form_of(std::string_view name) {
    auto dot = name.find('.');
    wanted_form out{std::string(name.substr(0, dot)), dot == std::string_view::npos ? "" : std::string(name.substr(dot + 1))};
    if (!out.ending.empty() && out.ending != "xlsx" && out.ending != "csv" && out.ending != "json") throw model::not_found();
    return out;
}

reply file_of(const model::weekly_share& share, std::string_view ending, const app& app, std::string_view language) {
    reply out;
    const auto& texts = app.templates.texts();
    if (ending == "json") {
        out.content_type = "application/json", out.text = share.body;
    } else if (ending == "csv") {
        out.content_type = "text/csv; charset=utf-8", out.text = share_table::csv(share, texts, language);
    } else {
        out.content_type = share_workbook::media_type, out.text = share_workbook::make(share, texts, language);
    }
    out.headers.emplace_back("Content-Disposition", attachment_disposition("partage-" + share.week + "." + std::string(ending)));
    out.headers.emplace_back("X-Share-SHA256", share.sha256);
    return out;
}

} // namespace relais::api::share_acts
