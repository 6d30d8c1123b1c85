// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// A text as HTML shows it: & < > " ' written as entities.
std::string html_escape(std::string_view text);

// A page in mustache, parsed once and written straight from the data of a reply, on any thread: {{name}}, {{a.b}} and {{.}}, always
// escaped; {{#name}}, {{^name}} and {{/name}}. A section that stands alone on its line leaves no line behind.
// In the data: empty texts, empty lists, null and false are false in a section; a number is true, 0 included.
// Source: https://mustache.github.io/mustache.5.html, docs/decisions/0150-pages-are-written-from-json.md
class page_template {
public:
    // Throws std::runtime_error with a sentence: a section or a tag that is not closed.
    explicit page_template(std::string_view source);
    void write(std::string& to, const nlohmann::json& data) const;

private:
    enum class kind { text, value, section, inverted };
    struct piece {
        kind is;
        std::string text;               // as it is, or the name
        std::vector<std::string> names; // "a.b" in parts; none for "."
        std::size_t end = 0;            // where a section's own pieces end
    };
    using context = std::vector<const nlohmann::json*>; // the innermost last

    void add_text(std::string_view text);
    void open_section(kind is, std::string_view name, std::vector<std::size_t>& open);
    static const nlohmann::json* find(const piece& wanted, const context& in);
    void write(std::string& to, std::size_t from, std::size_t end, context& in) const;
    void write_section(std::string& to, std::size_t at, const nlohmann::json* value, context& in) const;

    std::vector<piece> pieces_; // in the order of the page
};

} // namespace relais::api
