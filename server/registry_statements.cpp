// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_statements.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace relais::server {

namespace {

using model::dossiers::column;

constexpr std::size_t name_limit = 64, spellings = 3;

struct named_column {
    column which;
    std::string registry_options::*name;
};
constexpr std::array<named_column, 21> named_columns = {{{column::number, &registry_options::number},
                                                         {column::neph, &registry_options::neph},
                                                         {column::birth_name, &registry_options::birth_name},
                                                         {column::usual_name, &registry_options::usual_name},
                                                         {column::first_names, &registry_options::first_names},
                                                         {column::birth_date, &registry_options::birth_date},
                                                         {column::procedure_code, &registry_options::procedure},
                                                         {column::status, &registry_options::status},
                                                         {column::status_since, &registry_options::status_since},
                                                         {column::step, &registry_options::step},
                                                         {column::error_code, &registry_options::error_code},
                                                         {column::portal_release, &registry_options::release},
                                                         {column::centre, &registry_options::centre},
                                                         {column::department, &registry_options::department},
                                                         {column::email, &registry_options::email},
                                                         {column::phone, &registry_options::phone},
                                                         {column::driving_school, &registry_options::driving_school},
                                                         {column::exam_on, &registry_options::exam_on},
                                                         {column::filed_on, &registry_options::filed_on},
                                                         {column::medical_on, &registry_options::medical_on},
                                                         {column::suspension_end_on, &registry_options::suspension_end_on}}};

bool is_name(std::string_view name) {
    auto is_usual = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.size() <= name_limit && std::all_of(name.begin(), name.end(), is_usual);
}

// The only texts that are not bound: they come from the configuration and are checked all the same.
std::string quoted(const std::string& name) {
    if (!is_name(name))
        throw std::runtime_error("registry: the names of the view and of its columns are made of letters, digits and _; \"" + name +
                                 "\" is not");
    return "`" + name + "`";
}

std::string quoted_view(const std::string& view) {
    auto dot = view.find('.');
    if (dot == std::string::npos) return quoted(view);
    return quoted(view.substr(0, dot)) + "." + quoted(view.substr(dot + 1));
}

} // namespace

registry_statements::registry_statements(const registry_options& options) {
    if (options.number.empty()) throw std::runtime_error("registry.number_column must name the column of the dossier's number");
    std::string list;
    for (const auto& [which, name] : named_columns) {
        if ((options.*name).empty()) continue;
        columns.push_back(which);
        labels.push_back(options.*name);
        list += (list.empty() ? "" : ", ") + quoted(options.*name);
    }
    has_updated_at = !options.updated_at.empty();
    if (has_updated_at) list += ", " + quoted(options.updated_at), labels.push_back(options.updated_at);
    auto select = "SELECT " + list + " FROM " + quoted_view(options.view) + " WHERE ";
    auto limit = " LIMIT " + std::to_string(rows_limit);
    by_number = select + quoted(options.number) + " = ?" + limit;
    if (!options.neph.empty()) by_neph = select + quoted(options.neph) + " = ?" + limit;
    if (options.birth_date.empty() || options.birth_name.empty()) return;
    auto in_list = " IN (?, ?, ?)"; // spellings
    auto name = quoted(options.birth_name) + in_list;
    if (!options.usual_name.empty()) name = "(" + name + " OR " + quoted(options.usual_name) + in_list + ")";
    by_person = select + quoted(options.birth_date) + " = ? AND " + name + limit;
    names = options.usual_name.empty() ? spellings : 2 * spellings;
}

std::vector<std::string> name_spellings(const std::string& name) {
    constexpr std::string_view curly = "\u2019";
    auto typed = name;
    for (auto at = typed.find(curly); at != std::string::npos; at = typed.find(curly)) typed.replace(at, curly.size(), "'");
    auto capitals = model::text::fold(name);
    for (char& c : capitals)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    auto squeezed = capitals;
    std::erase(squeezed, ' ');
    return {typed, capitals, squeezed};
}

} // namespace relais::server
