// SPDX-License-Identifier: EUPL-1.2
#include "api/contact_steps.hpp"

#include "model/department.hpp"
#include "model/procedure.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace relais::api::contact_steps {
namespace {

using json = nlohmann::json;

constexpr std::array<std::string_view, 8> relations = {"self",    "parent",         "guardian", "spouse",
                                                       "adviser", "driving_school", "employer", "other"};
constexpr std::array<std::string_view, 3> natures = {"request", "information", "complaint"};

constexpr int message_limit = static_cast<int>(model::text::message_limit);
constexpr std::array<field, 16> table = {{
    {"subject_person.relation", 1, shape::radios, "", 20, true, false, relations},
    {"requester.name", 1, shape::line, "name", 256, true, false},
    {"subject_person.birth_name", 1, shape::line, "", 256, false, true},
    {"subject_person.first_names", 1, shape::line, "", 256, false, false},
    {"subject_person.birth_date", 1, shape::date, "", 20, false, true},
    {"procedure", 2, shape::procedures, "", 40, true, true},
    {"department", 2, shape::departments, "", 3, true, true},
    {"legal_nature", 2, shape::radios, "", 20, true, false, natures},
    {"subject", 2, shape::line, "", 200, true, true},
    {"body", 2, shape::long_text, "", message_limit, true, true},
    {"portal.message", 2, shape::long_text, "", 2000, false, true},
    {"dossier_number", 3, shape::line, "", 64, false, true},
    {"neph", 3, shape::line, "", 40, false, true},
    {"requester.email", 4, shape::email, "email", 254, false, true},
    {"requester.phone", 4, shape::phone, "tel", 40, false, true},
    {"requester.postal_address", 4, shape::long_text, "street-address", 1000, false, true},
}};

std::string value_of(const contact_forms::fields& given, std::string_view name) {
    auto found = given.find(name);
    return found == given.end() ? std::string{} : found->second;
}

const model::field_fault* fault_of(const std::vector<model::field_fault>& faults, std::string_view name) {
    auto found = std::find_if(faults.begin(), faults.end(), [name](const auto& each) { return each.field == name; });
    return found == faults.end() ? nullptr : &*found;
}

json option(std::string_view code, std::string label, std::string_view chosen) {
    return {{"code", code}, {"label", std::move(label)}, {"is_chosen", code == chosen}};
}

json options_of(const field& each, std::string_view chosen, const catalogue& texts, std::string_view language) {
    auto out = json::array();
    if (each.shown_as == shape::procedures)
        for (auto code : model::procedures::all) out.push_back(option(code, texts.say(language, "procedure." + std::string(code)), chosen));
    if (each.shown_as == shape::departments)
        for (const auto& found : model::departments::all()) {
            auto label = std::string(found.code) + " - " + texts.say(language, "department." + std::string(found.code));
            out.push_back(option(found.code, std::move(label), chosen));
        }
    for (auto code : each.choices) out.push_back(option(code, texts.say(language, "contact.choice." + std::string(code)), chosen));
    return out;
}

void add_shape(json& out, const field& each) {
    auto is = [&each](shape one) { return each.shown_as == one; };
    out["is_radios"] = is(shape::radios);
    out["is_long_text"] = is(shape::long_text);
    out["is_list"] = is(shape::procedures) || is(shape::departments);
    out["is_line"] = is(shape::line) || is(shape::date) || is(shape::email) || is(shape::phone);
    out["type"] = is(shape::email) ? "email" : is(shape::phone) ? "tel" : "text";
    out["is_numeric"] = is(shape::date);
    out["rows"] = each.name == "body" ? 8 : 3;
}

// "body-hint body-fault": what a screen reader says after the label.
std::string described_by(const json& of) {
    std::string out;
    for (auto part : {"hint", "fault", "advice"})
        if (of.contains(part) || of.contains(std::string("t:").append(part)))
            out.append(out.empty() ? "" : " ").append(of["id"].get<std::string>()).append("-").append(part);
    return out;
}

} // namespace

std::span<const field> fields() { return table; }

std::string id_of(std::string_view name) {
    std::string out(name);
    std::replace(out.begin(), out.end(), '.', '-');
    return out;
}

nlohmann::json shown_field(const field& each, const contact_forms::fields& given, const std::vector<model::field_fault>& faults,
                           const std::vector<model::field_fault>& hints, const catalogue& texts, std::string_view language) {
    auto key = "contact.field." + std::string(each.name);
    auto value = value_of(given, each.name);
    if (value.empty() && !each.choices.empty()) value = each.choices[0];
    json out = {{"name", each.name},
                {"id", id_of(each.name)},
                {"shown_value", value},
                {"limit", each.limit},
                {"autocomplete", each.autocomplete},
                {"is_required", each.is_required},
                {"t:label", key + ".label"}};
    if (each.has_hint) out["t:hint"] = key + ".hint";
    add_shape(out, each);
    if (const auto* found = fault_of(faults, each.name)) out["t:fault"] = found->message, out["value"] = found->value;
    if (const auto* found = fault_of(hints, each.name)) out["t:advice"] = found->message, out["value"] = found->value;
    out["described_by"] = described_by(out);
    out["options"] = options_of(each, value, texts, language);
    return out;
}

int step_of(std::string_view field_name) {
    auto found = std::find_if(table.begin(), table.end(), [field_name](const auto& each) { return each.name == field_name; });
    if (found != table.end()) return found->step;
    if (field_name.starts_with("requester")) return 4;
    return field_name.starts_with("files") ? files_step : 2;
}

nlohmann::json shown(int step, const contact_forms::fields& given, const std::vector<model::field_fault>& faults,
                     const std::vector<model::field_fault>& hints, const catalogue& texts, std::string_view language) {
    auto out = json::array();
    for (const auto& each : table)
        if (each.step == step) out.push_back(shown_field(each, given, faults, hints, texts, language));
    return out;
}

nlohmann::json summary(const std::vector<model::field_fault>& faults, int current_step) {
    auto out = json::array();
    for (const auto& each : faults) {
        auto step = step_of(each.field);
        auto target = each.field == "requester" ? std::string("requester-email") : id_of(each.field);
        auto page = step == current_step ? std::string{} : std::string(path(step));
        out.push_back({{"href", page + "#" + target},
                       {"field", each.field},
                       {"code", each.code},
                       {"t:message", each.message},
                       {"value", each.value}});
    }
    return out;
}

nlohmann::json recapitulation(const contact_forms::fields& given, const catalogue& texts, std::string_view language) {
    auto out = json::array();
    for (int step = 1; step < last; ++step) {
        auto facts = json::array();
        for (const auto& each : table) {
            if (each.step != step) continue;
            auto value = value_of(given, each.name);
            auto code = value.empty() && !each.choices.empty() ? std::string(each.choices[0]) : value;
            for (const auto& each_option : options_of(each, code, texts, language))
                if (each_option["is_chosen"]) value = each_option["label"];
            facts.push_back({{"t:label", "contact.field." + std::string(each.name) + ".label"}, {"shown_value", value}});
        }
        out.push_back({{"path", path(step)},
                       {"t:title", "contact.step." + std::to_string(step)},
                       {"is_files", step == files_step},
                       {"facts", std::move(facts)}});
    }
    return out;
}

} // namespace relais::api::contact_steps
