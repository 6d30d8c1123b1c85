// SPDX-License-Identifier: EUPL-1.2
#include "api/catalogue.hpp"

#include <fstream>
#include <set>
#include <stdexcept>

namespace relais::api {
namespace {

constexpr std::string_view no_break = "\u00a0";
constexpr std::string_view narrow_no_break = "\u202f";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

// Source: Lexique des règles typographiques en usage à l'Imprimerie nationale.
std::string french_typography(std::string text) {
    for (std::string_view sign : {";", "!", "?"})
        replace_all(text, std::string(" ").append(sign), std::string(narrow_no_break).append(sign));
    for (std::string_view sign : {":", "»"}) replace_all(text, std::string(" ").append(sign), std::string(no_break).append(sign));
    replace_all(text, "« ", std::string("«").append(no_break));
    return text;
}

void flatten(const nlohmann::json& tree, const std::string& prefix, std::map<std::string, std::string, std::less<>>& out) {
    for (const auto& [name, value] : tree.items()) {
        auto key = prefix.empty() ? name : prefix + "." + name;
        if (value.is_object())
            flatten(value, key, out);
        else
            out.emplace(key, value.get<std::string>());
    }
}

std::set<std::string> quoted_names(std::string_view text) {
    std::set<std::string> names;
    for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1))
        names.emplace(text.substr(at + 1, text.find('}', at) - at - 1));
    return names;
}

nlohmann::json read(const std::string& file) {
    std::ifstream in(file);
    auto tree = nlohmann::json::parse(in, nullptr, false);
    if (tree.is_discarded() || !tree.is_object()) throw std::runtime_error("The texts of " + file + " cannot be read as JSON.");
    return tree;
}

} // namespace

catalogue::catalogue(const std::string& folder) {
    for (auto language : languages) {
        auto file = folder + "/" + std::string(language) + ".json";
        auto& texts = texts_[std::string(language)];
        flatten(read(file), "", texts);
        if (language == "fr")
            for (auto& [key, text] : texts) text = french_typography(std::move(text));
    }
    const auto& french = texts_.at("fr");
    const auto& english = texts_.at("en");
    for (const auto& [key, text] : french) {
        auto other = english.find(key);
        if (other == english.end()) throw std::runtime_error("The text " + key + " is missing in " + folder + "/en.json.");
        if (quoted_names(text) != quoted_names(other->second))
            throw std::runtime_error("The text " + key + " does not quote the same values in both languages of " + folder + ".");
    }
    for (const auto& [key, text] : english)
        if (!french.contains(key)) throw std::runtime_error("The text " + key + " is missing in " + folder + "/fr.json.");
    for (std::size_t i = 0; i < languages.size(); ++i)
        for (const auto& [key, text] : texts(languages[i])) by_key_[i].emplace(key, &text);
}

const std::map<std::string, std::string, std::less<>>& catalogue::texts(std::string_view language) const {
    auto found = texts_.find(language);
    return found == texts_.end() ? texts_.at("fr") : found->second;
}

const std::string* catalogue::find(std::string_view language, std::string_view key) const {
    const auto& all = by_key_[language == languages[1] ? 1 : 0];
    auto found = all.find(key);
    return found == all.end() ? nullptr : found->second;
}

const std::string& catalogue::get(std::string_view language, std::string_view key) const {
    if (const auto* text = find(language, key)) return *text;
    throw std::runtime_error("The text " + std::string(key) + " is missing in templates/locales.");
}

std::string catalogue::say(std::string_view language, std::string_view key, const nlohmann::json& values) const {
    const auto* text = find(language, key);
    if (text == nullptr) return std::string(key);
    std::string out;
    for (std::size_t at = 0; at < text->size();) {
        auto open = text->find('{', at);
        auto close = open == std::string::npos ? std::string::npos : text->find('}', open);
        out.append(*text, at, (close == std::string::npos ? text->size() : open) - at);
        if (close == std::string::npos) break;
        auto value = values.find(text->substr(open + 1, close - open - 1));
        if (value != values.end()) out += value->is_string() ? value->get<std::string>() : value->dump();
        at = close + 1;
    }
    return out;
}

} // namespace relais::api
