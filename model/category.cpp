// SPDX-License-Identifier: EUPL-1.2
#include "model/category.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace relais::model::categories {

namespace {

category one(const nlohmann::json& from) {
    category out;
    for (const auto& [name, value] : from.items()) {
        if (name == "code")
            out.code = value;
        else if (name == "nature")
            out.nature = value;
        else if (name == "cause_owner")
            out.cause_owner = value;
        else if (name == "skips_queue")
            out.skips_queue = value;
        else if (name == "is_restricted")
            out.is_restricted = value;
        else if (name == "needs_no_dossier")
            out.needs_no_dossier = value;
        else
            throw std::runtime_error("config/categories.json: a category has no \"" + name + "\".");
    }
    constexpr std::size_t code_size = 6; // ACC-01
    if (out.code.size() != code_size) throw std::runtime_error("config/categories.json: \"" + out.code + "\" is no code of a category.");
    return out;
}

} // namespace

std::vector<category> read(std::string_view text) {
    std::vector<category> out;
    for (const auto& each : nlohmann::json::parse(text)) out.push_back(one(each));
    return out;
}

const std::vector<category>& all() {
    static const auto read_once = read(text());
    return read_once;
}

const category* find(std::string_view code) {
    auto found = std::find_if(all().begin(), all().end(), [code](const auto& each) { return each.code == code; });
    return found == all().end() ? nullptr : &*found;
}

bool is_known(std::string_view code) { return find(code) != nullptr; }

bool is_restricted(std::string_view code) {
    const auto* found = find(code);
    return found && found->is_restricted;
}

bool needs_no_dossier(std::string_view code) {
    const auto* found = find(code);
    return found && found->needs_no_dossier;
}

} // namespace relais::model::categories
