// SPDX-License-Identifier: EUPL-1.2
#include "api/help_article.hpp"

#include "api/catalogue.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace relais::api {
namespace {

namespace fs = std::filesystem;

help_article read_article(const fs::path& file) {
    std::ifstream in(file);
    auto tree = nlohmann::json::parse(in, nullptr, false);
    auto refuse = [&file](const std::string& why) { throw std::runtime_error("The help article " + file.string() + " " + why); };
    if (!tree.is_object() || !tree.contains("order")) refuse("cannot be read.");
    help_article out{file.stem().string(), tree["order"].get<int>(), nlohmann::json::object()};
    for (auto language : languages) {
        auto found = tree.find(std::string(language));
        if (found == tree.end() || !found->contains("title") || !found->contains("summary") || !found->contains("sections"))
            refuse("has no title, summary and sections in " + std::string(language) + ".");
        for (auto& section : (*found)["sections"]) section["has_items"] = section.contains("items");
        out.content[std::string(language)] = *found;
    }
    return out;
}

} // namespace

std::vector<help_article> load_help(const std::string& folder) {
    std::vector<help_article> out;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(folder, absent))
        if (entry.path().extension() == ".json") out.push_back(read_article(entry.path()));
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.order < b.order; });
    return out;
}

} // namespace relais::api
