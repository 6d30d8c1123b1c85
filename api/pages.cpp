// SPDX-License-Identifier: EUPL-1.2
#include "api/pages.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace relais::api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t usual_page_bytes = 64 * 1024;
constexpr int part_depth_limit = 8;
constexpr int section_depth_limit = 12; // writing a page goes as deep as its sections

[[noreturn]] void refuse(std::string_view where, std::string_view why) {
    throw std::runtime_error("The page " + std::string(where) + " cannot be used: " + std::string(why));
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) refuse(file.string(), "it cannot be read.");
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// Calls change(tag) for the inside of each {{tag}} and puts what it returns in the tag's place.
template <class Change> std::string each_tag(std::string_view where, std::string_view source, Change change) {
    std::string out;
    for (std::size_t at = 0; at < source.size();) {
        auto open = source.find("{{", at);
        out.append(source.substr(at, open - at));
        if (open == std::string_view::npos) break;
        auto close = source.find("}}", open);
        if (close == std::string_view::npos) refuse(where, "a tag is not closed.");
        auto tag = trimmed(source.substr(open + 2, close - open - 2));
        if (tag.empty() || tag.starts_with('{') || tag.starts_with('&') || tag.starts_with('='))
            refuse(where, "the tag {{" + std::string(tag) + "}} is not allowed; values are always escaped.");
        out += change(tag, source.substr(open, close + 2 - open));
        at = close + 2;
    }
    return out;
}

// A text of the catalogue as a piece of template: escaped, with {name} made a tag.
std::string text_as_template(std::string_view text) {
    auto out = html_escape(text);
    for (auto at = out.find_first_of("{}"); at != std::string::npos; at = out.find_first_of("{}", at + 2)) out.insert(at, 1, out[at]);
    return out;
}

void check_sections(std::string_view where, std::string_view source) {
    int depth = 0;
    each_tag(where, source, [&](std::string_view tag, std::string_view) {
        if (tag.starts_with('#') || tag.starts_with('^')) ++depth;
        if (tag.starts_with('/')) --depth;
        if (depth > section_depth_limit) refuse(where, "sections are nested too deep.");
        return std::string();
    });
}

std::string layout_of(std::string_view name) {
    if (name.starts_with("print/") || name.starts_with("fragment/")) return "";
    return name.starts_with("console/") ? "console" : "layout";
}

std::map<std::string, std::string, std::less<>> read_manifest(const std::string& folder) {
    std::ifstream in(folder + "/manifest.json");
    if (!in) return {};
    auto found = nlohmann::json::parse(in, nullptr, false);
    if (found.is_discarded()) refuse(folder + "/manifest.json", "it is not JSON.");
    return found.get<std::map<std::string, std::string, std::less<>>>();
}

} // namespace

pages::pages(const std::string& share_dir, const std::string& assets_folder)
    : templates_(share_dir + "/templates"), texts_(templates_ + "/locales"), articles_(load_help(share_dir + "/config/help")),
      assets_(read_manifest(assets_folder)) {
    for (const auto& entry : fs::recursive_directory_iterator(templates_)) {
        if (entry.path().extension() != ".html") continue;
        auto name = fs::relative(entry.path(), templates_).replace_extension().generic_string();
        if (name.starts_with("parts/") || name.starts_with("mail/")) continue;
        auto source = read_part(name, 0);
        auto layout = layout_of(name);
        if (!layout.empty()) {
            auto frame = read_part("parts/" + layout, 0);
            source = each_tag(layout, frame, [&source](std::string_view tag, std::string_view whole) {
                return tag == "> content" ? source : std::string(whole);
            });
        }
        compile(name, source);
    }
}

// A template with its parts put in.
std::string pages::read_part(const std::string& file, int depth) const {
    if (depth > part_depth_limit) refuse(file, "parts include one another without end.");
    return each_tag(file, read_file(templates_ + "/" + file + ".html"), [&](std::string_view tag, std::string_view whole) {
        if (!tag.starts_with('>') || tag == "> content") return std::string(whole);
        return read_part("parts/" + std::string(trimmed(tag.substr(1))), depth + 1);
    });
}

// A template in one language: texts, titles and addresses of assets put in.
std::string pages::resolve(std::string_view page, std::string_view language, std::string_view source) const {
    return each_tag(page, source, [&](std::string_view tag, std::string_view whole) {
        if (tag.starts_with('!')) return std::string();
        if (tag.starts_with("asset.")) return html_escape(asset(tag.substr(6)));
        auto key = tag.starts_with("t.") ? std::string(tag.substr(2)) : std::string();
        if (tag == "page_title") {
            key = "title." + std::string(page);
            std::replace(key.begin(), key.end(), '/', '.');
        }
        if (key.empty()) return std::string(whole);
        const auto* text = texts_.find(language, key);
        if (text == nullptr) refuse(page, "the text " + key + " is missing in templates/locales.");
        return text_as_template(*text);
    });
}

void pages::compile(const std::string& name, const std::string& source) {
    for (auto language : languages) {
        auto resolved = resolve(name, language, source);
        check_sections(name, resolved);
        try {
            pages_[name].emplace(language, resolved);
        } catch (const std::runtime_error& error) {
            refuse(name, error.what());
        }
    }
}

std::string pages::render(std::string_view page, std::string_view language, nlohmann::json data) const {
    auto found = pages_.find(page);
    if (found == pages_.end()) throw std::runtime_error("There is no page " + std::string(page));
    auto in_language = found->second.find(language);
    if (in_language == found->second.end()) in_language = found->second.find("fr");
    say_texts(data, texts_, language);
    std::string out;
    out.reserve(usual_page_bytes);
    in_language->second.write(out, data);
    return out;
}

bool pages::has(std::string_view page) const { return pages_.find(page) != pages_.end(); }

std::vector<std::string> pages::names() const {
    std::vector<std::string> out;
    for (const auto& [name, ignored] : pages_) out.push_back(name);
    return out;
}

std::string pages::asset(std::string_view name) const {
    auto found = assets_.find(name);
    if (found == assets_.end() && !assets_.empty()) refuse(name, "npm run build made no such asset.");
    return "/assets/" + (found == assets_.end() ? std::string(name) : found->second);
}

void say_texts(nlohmann::json& value, const catalogue& texts, std::string_view language) {
    if (value.is_array())
        for (auto& item : value) say_texts(item, texts, language);
    if (!value.is_object()) return;
    auto& members = value.get_ref<nlohmann::json::object_t&>();
    for (auto& [name, member] : members) say_texts(member, texts, language);
    // They stand side by side in the order of names; each keeps its place in memory under its new name.
    for (auto at = members.lower_bound("t:"); at != members.end() && at->first.starts_with("t:");) {
        auto taken = members.extract(at++);
        if (taken.mapped().is_string()) taken.mapped() = texts.say(language, taken.mapped().get_ref<const std::string&>(), value);
        taken.key().erase(0, 2);
        members.erase(taken.key());
        members.insert(std::move(taken));
    }
}

} // namespace relais::api
