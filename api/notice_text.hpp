// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace relais::api {

class catalogue;

// What a colleague is told, in words: the same on the page of alerts and in the mail. about: the notice's data.
namespace notice_texts {

std::string say(const catalogue& texts, std::string_view language, std::string_view kind, const nlohmann::json& about);

} // namespace notice_texts

} // namespace relais::api
