// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace relais::api {

constexpr std::array<std::string_view, 2> languages = {"fr", "en"};

// The texts people read, by language and dotted key, from templates/locales/fr.json and en.json. A text may quote values: {name}.
// French typography is put in at loading: no-break spaces before ; : ! ? » and after «, so that translators type plain spaces.
class catalogue {
public:
    // Throws std::runtime_error, which names the file, when a file cannot be read, a key is in one language only, or a text does not
    // quote the same values in both.
    explicit catalogue(const std::string& folder);
    catalogue(const catalogue&) = delete;
    catalogue& operator=(const catalogue&) = delete;

    // The text; French for an unknown language. Throws std::runtime_error for a missing key.
    const std::string& get(std::string_view language, std::string_view key) const;
    // Nothing when the key is missing.
    const std::string* find(std::string_view language, std::string_view key) const;
    // The text with {name} replaced by values[name]: text and numbers. A missing key gives the key itself: seen, and never an error page.
    std::string say(std::string_view language, std::string_view key, const nlohmann::json& values = nlohmann::json::object()) const;
    // Every key, in order.
    const std::map<std::string, std::string, std::less<>>& texts(std::string_view language) const;

private:
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> texts_;
    // The same, found at once: a list of fifty tickets says six hundred texts.
    std::array<std::unordered_map<std::string_view, const std::string*>, languages.size()> by_key_;
};

} // namespace relais::api
