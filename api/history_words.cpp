// SPDX-License-Identifier: EUPL-1.2
#include "api/history_words.hpp"

#include "api/checklists.hpp"

namespace relais::api {

namespace {

using nlohmann::json;

std::string text_in(const json& data, const char* name) {
    auto found = data.find(name);
    return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string name_of(const json& data, const char* member, const std::vector<model::user>& colleagues, const std::string& nobody) {
    auto id = data.value(member, std::int64_t{0});
    if (id == 0) return nobody;
    for (const auto& each : colleagues)
        if (each.id == id) return each.name;
    return "n° " + std::to_string(id);
}

std::string label(const catalogue& texts, std::string_view language, const std::string& family, const std::string& code,
                  const std::string& none) {
    if (code.empty()) return none;
    const auto* found = texts.find(language, family + "." + code);
    return found ? *found : code;
}

} // namespace

std::string history_detail(const model::event& of, const std::vector<model::user>& colleagues, const catalogue& texts,
                           const std::string& share_dir, std::string_view language) {
    auto data = json::parse(of.data, nullptr, false);
    if (!data.is_object()) return {};
    auto nobody = texts.get(language, "queue.assignee.nobody");
    if (of.action == "ticket.assigned") return name_of(data, "from", colleagues, nobody) + " → " + name_of(data, "to", colleagues, nobody);
    if (of.action == "ticket.categorised")
        return label(texts, language, "category", text_in(data, "from"), "-") + " → " +
               label(texts, language, "category", text_in(data, "to"), "-");
    if (of.action == "ticket.entrusted") return text_in(data, "team");
    if (of.action == "ticket.closed") return label(texts, language, "closure_reason", text_in(data, "reason"), "");
    if (of.action == "ticket.forwarded") return text_in(data, "service");
    if (of.action == "ticket.rated") return std::to_string(data.value("score", 0)) + "/10";
    if (of.action == "ticket.step_done" || of.action == "ticket.step_undone")
        return checklists::label_of(share_dir, text_in(data, "step"), language);
    if (of.action == "ticket.replied" && data.value("waits", false)) return texts.get(language, "waiting_reason.citizen");
    return text_in(data, "reason");
}

} // namespace relais::api
