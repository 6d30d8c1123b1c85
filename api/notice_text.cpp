// SPDX-License-Identifier: EUPL-1.2
#include "api/notice_text.hpp"

#include "api/catalogue.hpp"

namespace relais::api::notice_texts {

namespace {

using nlohmann::json;

std::string word(const json& about, const char* name) { return about.is_object() ? about.value(name, std::string{}) : std::string{}; }

std::string label(const catalogue& texts, std::string_view language, const std::string& family, const std::string& code) {
    return code.empty() ? code : texts.say(language, family + "." + code, json::object());
}

} // namespace

std::string say(const catalogue& texts, std::string_view language, std::string_view kind, const json& about) {
    auto detail = word(about, "detail");
    return texts.say(language, "notice.kind." + std::string(kind),
                     {{"clock", label(texts, language, "clock", word(about, "clock"))},
                      {"percent", about.is_object() ? about.value("percent", 0) : 0},
                      {"reason", label(texts, language, "waiting_reason", word(about, "reason"))},
                      {"detail", detail.empty() ? detail : " (" + detail + ")"},
                      {"rule", word(about, "rule")}});
}

} // namespace relais::api::notice_texts
