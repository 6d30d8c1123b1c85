// SPDX-License-Identifier: EUPL-1.2
#include "api/history_words.hpp"

#include "api/checklists.hpp"
#include "model/ticket_facts.hpp"

#include <optional>

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

std::optional<model::rule_facts> facts_of(const json& data) {
    if (!data.is_object() || !data.contains(model::ticket_facts::key)) return std::nullopt;
    return model::ticket_facts::read(data[model::ticket_facts::key]);
}

// "État : Nouvelle → En cours", for each field that the words of the action do not tell already.
std::string changes(const model::rule_facts& before, const model::rule_facts& now, std::string_view action,
                    const std::vector<model::user>& colleagues, const catalogue& texts, std::string_view language) {
    auto status = [&](const model::rule_facts& of) {
        auto reason = label(texts, language, "waiting_reason", of.waiting_reason, "");
        return label(texts, language, "ticket_status", of.status, "-") + (reason.empty() ? "" : " (" + reason + ")");
    };
    auto assignee = [&](const model::rule_facts& of) {
        return name_of({{"id", of.assignee}}, "id", colleagues, texts.get(language, "queue.assignee.nobody"));
    };
    auto code = [&](const std::string& family, const std::string& of) { return label(texts, language, family, of, "-"); };
    std::string out;
    auto add = [&](const char* field, const std::string& from, const std::string& to) {
        if (from != to) out += (out.empty() ? "" : " ; ") + texts.get(language, field) + " : " + from + " → " + to;
    };
    add("queue.column.status", status(before), status(now));
    if (action != "ticket.categorised") add("queue.column.category", code("category", before.category), code("category", now.category));
    if (action != "ticket.assigned") add("queue.column.assignee", assignee(before), assignee(now));
    if (action != "ticket.entrusted") add("live.team", code("", before.team), code("", now.team));
    add("queue.column.dossier", code("dossier_status", before.dossier_status), code("dossier_status", now.dossier_status));
    return out;
}

// What the action says of itself.
std::string told(const model::event& of, const json& data, const std::vector<model::user>& colleagues, const catalogue& texts,
                 const std::string& share_dir, std::string_view language);

} // namespace

std::string history_detail(const model::event& of, const model::event* before, const std::vector<model::user>& colleagues,
                           const catalogue& texts, const std::string& share_dir, std::string_view language) {
    auto data = json::parse(of.data, nullptr, false);
    if (!data.is_object()) return {};
    auto out = told(of, data, colleagues, texts, share_dir, language);
    auto now = facts_of(data), then = before ? facts_of(json::parse(before->data, nullptr, false)) : std::nullopt;
    if (!now || !then) return out;
    if (of.action == "ticket.entrusted") out = (then->team.empty() ? "-" : then->team) + " → " + (out.empty() ? "-" : out);
    auto more = changes(*then, *now, of.action, colleagues, texts, language);
    return out.empty() || more.empty() ? out + more : out + " ; " + more;
}

namespace {

std::string told(const model::event& of, const json& data, const std::vector<model::user>& colleagues, const catalogue& texts,
                 const std::string& share_dir, std::string_view language) {
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

} // namespace

} // namespace relais::api
