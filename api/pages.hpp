// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/help_article.hpp"
#include "api/page_template.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// The pages: templates/**/*.html compiled once per language, rendered with the data of a reply on any thread.
//
// In a template: {{value}} (escaped; three braces and & are refused), {{#section}} and {{^section}} (nested at most 12 deep),
// {{> part}} from templates/parts, {{t.some.key}} from templates/locales (a {name} in the text quotes the value of that name),
// {{asset.relais.css}}, {{page_title}} (the text title.<page>). Pages stand in parts/layout.html, those of console/ in
// parts/console.html, at its {{> content}}; those of print/ and fragment/ stand alone. templates/mail is the mailer's and is left alone.
//
// In the data: empty texts, empty lists, null and false are false in a section; a number is true, 0 included. A member "t:name" holds a
// text's key: the page (and the JSON answer) then has `name`, in the person's language, quoting the other members of its object.
// Help articles are data beside the templates: config/help.
class pages {
public:
    // Throws std::runtime_error with a sentence: a missing text, part or asset, a forbidden or unbalanced tag, in which file.
    // assets_folder: holds manifest.json (npm run build). Absent: addresses of assets are their plain names.
    pages(const std::string& share_dir, const std::string& assets_folder);
    explicit pages(const std::string& share_dir) : pages(share_dir, share_dir + "/build/assets") {}
    pages(const pages&) = delete;
    pages& operator=(const pages&) = delete;

    // Throws std::runtime_error for a page that does not exist.
    std::string render(std::string_view page, std::string_view language, nlohmann::json data) const;
    bool has(std::string_view page) const;
    std::vector<std::string> names() const;
    // The address of an asset: "/assets/relais-1f3a….css".
    std::string asset(std::string_view name) const;
    bool has_asset(std::string_view name) const { return assets_.contains(name); }
    const std::vector<help_article>& articles() const { return articles_; }
    const catalogue& texts() const { return texts_; }

private:
    std::string read_part(const std::string& file, int depth) const;
    std::string resolve(std::string_view page, std::string_view language, std::string_view source) const;
    void compile(const std::string& name, const std::string& source);

    std::string templates_;
    catalogue texts_;
    std::vector<help_article> articles_;
    std::map<std::string, std::string, std::less<>> assets_;
    std::map<std::string, std::map<std::string, page_template, std::less<>>, std::less<>> pages_; // by name, by language
};

// Replaces every "t:name": key by "name": text, throughout the value.
void say_texts(nlohmann::json& data, const catalogue& texts, std::string_view language);

} // namespace relais::api
