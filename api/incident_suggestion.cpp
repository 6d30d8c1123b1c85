// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_suggestion.hpp"

#include "api/workers.hpp"
#include "model/database.hpp"
#include "model/incident_grouper.hpp"
#include "model/incident_state.hpp"

namespace relais::api::incident_suggestions {

namespace {

constexpr std::size_t candidates = 10, alike = 5;

void add(model::grouping::ticket& to, const char* name, const std::string& value) {
    if (!value.empty()) to.fields.push_back({name, value});
}

bool is_shown(const model::incident& of, bool for_everybody) {
    if (of.merged_into || of.state == "dismissed") return false;
    return !for_everybody || (of.is_published() && !model::incident_states::is_fixed(of.state));
}

} // namespace

model::grouping::ticket of_contact(const model::contact& from) {
    model::grouping::ticket out;
    out.language = from.language, out.title = from.subject, out.text = from.body;
    if (!from.portal.message.empty()) out.text += "\n" + from.portal.message;
    add(out, "procedure", from.procedure), add(out, "step", from.portal.step), add(out, "error_code", from.portal.error_code);
    add(out, "release", from.portal.release), add(out, "department", from.department);
    return out;
}

model::grouping::ticket of_fields(const contact_forms::fields& typed, const std::string& language) {
    auto value = [&](std::string_view name) {
        auto found = typed.find(name);
        return found == typed.end() ? std::string{} : found->second;
    };
    model::contact from;
    from.language = language, from.subject = value("subject"), from.body = value("body");
    from.procedure = value("procedure"), from.department = value("department");
    from.portal.step = value("portal.step"), from.portal.error_code = value("portal.error_code");
    from.portal.message = value("portal.message"), from.portal.release = value("portal.release");
    return of_contact(from);
}

asio::awaitable<std::vector<model::incident>> find(app& app, model::grouping::ticket asked, bool for_everybody, std::size_t limit) {
    std::vector<model::incident> out;
    if (!app.grouper) co_return out;
    auto compare = [grouper = app.grouper, asked = std::move(asked)] { return grouper->suggest(asked, candidates); };
    auto matches = co_await run_on(app.workers, std::move(compare));
    auto look = [matches, least = app.suggest_from, for_everybody, limit](soci::session& sql) {
        std::vector<model::incident> found;
        for (const auto& each : matches) {
            if (!each.group || each.probability < least || found.size() >= limit) continue;
            auto one = model::incidents::find(sql, *each.group);
            if (one && is_shown(*one, for_everybody)) found.push_back(std::move(*one));
        }
        return found;
    };
    out = co_await app.database.read(std::move(look));
    co_return out;
}

asio::awaitable<std::vector<std::int64_t>> find_alike(app& app, model::grouping::ticket asked) {
    std::vector<std::int64_t> out;
    if (!app.grouper) co_return out;
    auto compare = [grouper = app.grouper, asked = std::move(asked)] { return grouper->similar(asked, candidates); };
    auto found = co_await run_on(app.workers, std::move(compare));
    for (const auto& each : found)
        if (each.probability >= app.suggest_from && out.size() < alike) out.push_back(each.id);
    co_return out;
}

} // namespace relais::api::incident_suggestions
