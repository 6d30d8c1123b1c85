// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/error.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace relais::model {

// valid: nothing to say. suspect: accepted, with a hint to the person and a flag for the agent. invalid: refused, with how to put it right.
enum class verdict { valid, suspect, invalid };

// What became of something a person typed. The caller stores the raw text beside it.
struct checked {
    verdict result = verdict::invalid;
    std::string normalised = {}; // what to store and compare; empty when there is nothing worth storing
    std::string code = {};       // why it is not valid, e.g. "letter_o"; empty when it is
    std::string suggestion = {}; // what the person probably meant, offered and never applied silently

    bool accepted() const { return result != verdict::invalid; }
};

inline checked valid(std::string normalised) { return {verdict::valid, std::move(normalised)}; }

inline checked suspect(std::string normalised, std::string code, std::string suggestion = {}) {
    return {verdict::suspect, std::move(normalised), std::move(code), std::move(suggestion)};
}

inline checked refused(std::string code, std::string suggestion = {}) {
    return {verdict::invalid, {}, std::move(code), std::move(suggestion)};
}

// The fault to send back for what is not valid, or the hint for what is suspect. Its message is the locale key fault.<noun>.<code>,
// or fault.<noun>.<code>_offer, which quotes {value}, when there is a suggestion.
inline field_fault fault(std::string field, std::string_view noun, const checked& value) {
    auto message = "fault." + std::string(noun) + "." + value.code + (value.suggestion.empty() ? "" : "_offer");
    return {std::move(field), value.code, std::move(message), value.suggestion};
}

} // namespace relais::model
