// SPDX-License-Identifier: EUPL-1.2
#include "server/tracker_sender.hpp"

#include "api/incident_view.hpp"
#include "model/escalation_pack.hpp"
#include "server/http_post.hpp"

#include <algorithm>

namespace relais::server {
namespace {

constexpr int batch = 5;

// The pack in plain words: what anybody may read.
std::string description(const model::escalation_pack& pack, const api::lens& through) {
    auto say = [&](const char* key) { return through.texts->say(through.language, key, {}); };
    const auto& of = pack.sheet.incident;
    auto out = api::views::incident_sentence(pack.sheet.facts, through) + "\n\n";
    out += std::to_string(of.citizens) + " " + say("incident.people") + ", " + std::to_string(of.dossiers) + " " +
           say("incident.dossiers") + ", " + std::to_string(of.tickets) + " " + say("incident.tickets") + ", " +
           std::to_string(pack.sheet.silent) + " " + say("incident.silent") + "\n";
    for (const auto& each : pack.samples)
        out += "\n" + say("pack.sample") + " " + each.name + " (" + each.received_on + ", " + each.department + ", " + each.error_code +
               ") : " + each.text + "\n";
    return out;
}

// Into the answer, or made from the reference.
std::string text_at(const nlohmann::json& answer, const std::string& pointer) {
    if (!pointer.starts_with('/')) return {};
    nlohmann::json::json_pointer at(pointer);
    if (!answer.contains(at)) return {};
    const auto& found = answer.at(at);
    return found.is_string() ? found.get<std::string>() : found.dump();
}

} // namespace

int tracker_sender::step(model::sys_seconds now) {
    if (trackers_.empty()) return 0;
    auto take = [now](soci::session& sql) { return model::tracker_links::take_due(sql, batch, now); };
    auto due = database_.write_now(take);
    for (const auto& each : due) send(each, now);
    return static_cast<int>(due.size());
}

void tracker_sender::send(const model::tracker_link& link, model::sys_seconds now) {
    auto to = std::find_if(trackers_.begin(), trackers_.end(), [&](const auto& each) { return each.name == link.tracker; });
    auto fail = [&](const std::string& why) {
        database_.write_now([&](soci::session& sql) { model::tracker_links::failed(sql, link, why, now); });
    };
    if (to == trackers_.end()) return fail("no tracker of this name is configured any more");
    auto pack = database_.read_now([&](soci::session& sql) { return model::escalation_packs::make(sql, link.incident_id, now); });
    api::lens through{{true, false, false}, false, &texts_, "fr", now};
    nlohmann::json values = {{"number", link.incident_id},
                             {"title", api::views::incident_title(pack.sheet.incident, pack.sheet.facts, through)},
                             {"description", description(pack, through)},
                             {"link", base_url_ + "/console/incidents/" + std::to_string(link.incident_id)}};
    std::vector<std::string> headers;
    for (const auto& [name, value] : to->headers.items())
        headers.push_back(name + ": " + api::fill_places(value.get<std::string>(), {{"token", to->token}}));
    auto answer =
        post_json(to->url, headers, api::tracker_body(*to, values).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    if (answer.status < 200 || answer.status > 299)
        return fail(answer.status == 0 ? answer.error : "the tracker answered " + std::to_string(answer.status));
    auto body = nlohmann::json::parse(answer.body, nullptr, false);
    auto reference = body.is_discarded() ? std::string{} : text_at(body, to->reference_at);
    if (reference.empty()) return fail("the tracker's answer holds no reference");
    auto address = text_at(body, to->address_at);
    if (address.empty()) address = api::fill_places(to->address_at, {{"reference", reference}});
    if (!address.starts_with("https://") && !address.starts_with("http://")) address.clear();
    database_.write_now([&](soci::session& sql) { model::tracker_links::opened(sql, link, reference, address, now); });
}

} // namespace relais::server
