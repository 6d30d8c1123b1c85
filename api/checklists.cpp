// SPDX-License-Identifier: EUPL-1.2
#include "api/checklists.hpp"

#include "api/form_fields.hpp"
#include "api/guards.hpp"
#include "api/settings.hpp"
#include "api/ticket_page.hpp"
#include "api/view_text.hpp"
#include "model/database.hpp"
#include "model/ticket_version.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace relais::api {

namespace checklists {

namespace {

// Read once a process, like the other data of config/.
const nlohmann::json& all(const std::string& share_dir) {
    static const auto lists = [&share_dir] {
        std::ifstream in(share_dir + "/config/checklists.json");
        auto read = nlohmann::json::parse(in, nullptr, false);
        if (!read.is_array()) throw std::runtime_error("The checklists " + share_dir + "/config/checklists.json cannot be read.");
        return read;
    }();
    return lists;
}

bool names(const nlohmann::json& list, const char* member, const std::string& code) {
    auto found = list.find(member);
    return found != list.end() && std::find(found->begin(), found->end(), code) != found->end();
}

std::string step_code(const nlohmann::json& list, const nlohmann::json& step) {
    return list.at("code").get<std::string>() + "." + step.at("code").get<std::string>();
}

} // namespace

nlohmann::json shown(const std::string& share_dir, const model::ticket& on, const std::vector<model::checklist_step>& done,
                     std::string_view language) {
    auto out = nlohmann::json::array();
    for (const auto& list : all(share_dir)) {
        if (!names(list, "channels", on.channel) && !names(list, "procedures", on.procedure_code)) continue;
        nlohmann::json one = {{"title", list.at("title").at(std::string(language))}, {"steps", nlohmann::json::array()}};
        for (const auto& step : list.at("steps")) {
            auto code = step_code(list, step);
            nlohmann::json line = {{"code", code}, {"label", step.at(std::string(language))}, {"is_done", false}};
            for (const auto& each : done)
                if (each.step == code)
                    line["is_done"] = true, line["by"] = each.done_by, line["at"] = view_text::short_moment(each.done_at);
            one["steps"].push_back(std::move(line));
        }
        out.push_back(std::move(one));
    }
    return out;
}

std::string label_of(const std::string& share_dir, std::string_view code, std::string_view language) {
    for (const auto& list : all(share_dir))
        for (const auto& step : list.at("steps"))
            if (step_code(list, step) == code) return step.at(std::string(language));
    return std::string(code);
}

} // namespace checklists

asio::awaitable<reply> post_steps(const request& request, app& app) {
    auto among = [&request](std::string_view name) {
        auto all = form_list(request.form, name);
        return std::set<std::string>(all.begin(), all.end());
    };
    auto change = [reference = ticket_reference(request), shown = among("shown[]"), done = among("steps[]"), who = actor_of(request),
                   now = request.now, share_dir = app.config.share_dir](soci::session& sql) {
        auto on = model::tickets::hold(sql, reference);
        model::checklist_steps::ticks what{{}, shown, done};
        for (const auto& list : checklists::shown(share_dir, on, {}, "fr"))
            for (const auto& step : list["steps"]) what.known.insert(step["code"].get<std::string>());
        model::checklist_steps::set(sql, on, what, who, now);
    };
    co_await app.database.write(std::move(change));
    co_return see_other("/console/tickets/" + ticket_reference(request) + "?done=steps");
}

} // namespace relais::api
