// SPDX-License-Identifier: EUPL-1.2
#include "server/config.hpp"

#include "server/config_checks.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace relais::server {
namespace {

using faults = std::vector<config_fault>;

std::string full_name(const config_key& key) { return std::string(key.section) + "." + std::string(key.name); }

std::string range_text(const config_key& key) { return "between " + std::to_string(key.least) + " and " + std::to_string(key.most); }

// The text of what went wrong, or nothing when the number was stored.
std::string store_number(const config_key& key, std::int64_t value) {
    if (value < key.least || value > key.most) return full_name(key) + " must be " + range_text(key);
    if (auto* to = std::get_if<int*>(&key.target))
        **to = static_cast<int>(value);
    else
        *std::get<std::int64_t*>(key.target) = value;
    return {};
}

bool is_number(const config_key& key) {
    return std::holds_alternative<int*>(key.target) || std::holds_alternative<std::int64_t*>(key.target);
}

std::string store_list(const config_key& key, const toml::node& node) {
    std::vector<std::string> values;
    auto wrong = full_name(key) + " must be a list of texts";
    if (!node.is_array()) return wrong;
    for (const auto& each : *node.as_array()) {
        if (!each.is_string()) return wrong;
        values.push_back(each.value_or(std::string{}));
    }
    *std::get<std::vector<std::string>*>(key.target) = std::move(values);
    return {};
}

std::string store_node(const config_key& key, const toml::node& node) {
    if (is_number(key))
        return node.is_integer() ? store_number(key, node.value_or(std::int64_t{})) : full_name(key) + " must be a whole number";
    if (auto* flag = std::get_if<bool*>(&key.target)) {
        if (!node.is_boolean()) return full_name(key) + " must be true or false";
        **flag = node.value_or(false);
        return {};
    }
    if (auto* text = std::get_if<std::string*>(&key.target)) {
        if (!node.is_string()) return full_name(key) + " must be a text between quotes";
        **text = node.value_or(std::string{});
        return {};
    }
    return store_list(key, node);
}

std::vector<std::string> comma_separated(const std::string& text) {
    std::vector<std::string> values;
    std::istringstream in(text);
    for (std::string each; std::getline(in, each, ',');)
        if (!each.empty()) values.push_back(each);
    return values;
}

std::string store_text(const config_key& key, const std::string& value) {
    if (auto* text = std::get_if<std::string*>(&key.target)) return **text = value, std::string{};
    if (auto* list = std::get_if<std::vector<std::string>*>(&key.target)) return **list = comma_separated(value), std::string{};
    if (auto* flag = std::get_if<bool*>(&key.target)) {
        if (value != "true" && value != "false") return full_name(key) + " must be true or false";
        **flag = value == "true";
        return {};
    }
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size()) return full_name(key) + " must be a whole number";
    return store_number(key, number);
}

std::string environment_name(const config_key& key) {
    auto name = "RELAIS_" + std::string(key.section) + "_" + std::string(key.name);
    for (auto& letter : name)
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    return name;
}

void read_environment(const std::vector<config_key>& keys, faults& found) {
    for (const auto& key : keys) {
        auto name = environment_name(key);
        const char* value = std::getenv(name.c_str());
        if (!value) continue;
        if (auto fault = store_text(key, value); !fault.empty()) found.push_back({0, name + ": " + fault});
    }
}

void read_section(std::string_view section, const toml::table& table, const std::vector<config_key>& keys, faults& found) {
    for (const auto& [name, node] : table) {
        const config_key* known = nullptr;
        for (const auto& key : keys)
            if (key.section == section && key.name == name.str()) known = &key;
        auto fault = known ? store_node(*known, node) : std::string(section) + "." + std::string(name.str()) + " is not a known key";
        if (!fault.empty()) found.push_back({static_cast<std::int64_t>(node.source().begin.line), fault});
    }
}

void read_table(const toml::table& root, const std::vector<config_key>& keys, faults& found) {
    for (const auto& [name, node] : root) {
        if (const auto* table = node.as_table()) {
            read_section(name.str(), *table, keys, found);
            continue;
        }
        found.push_back({static_cast<std::int64_t>(node.source().begin.line), std::string(name.str()) + " stands outside a section"});
    }
}

bool is_plain_loopback(std::string_view base_url) {
    constexpr std::array own = {"http://127.", "http://localhost", "http://[::1]"};
    return std::any_of(own.begin(), own.end(), [base_url](const char* start) { return base_url.starts_with(start); });
}

} // namespace

loaded_configuration read_configuration(std::string_view toml_text) {
    loaded_configuration out;
    auto keys = config_keys(out.config);
    try {
        auto root = toml::parse(toml_text);
        read_table(root, keys, out.faults);
    } catch (const toml::parse_error& error) {
        out.faults.push_back({static_cast<std::int64_t>(error.source().begin.line), std::string(error.description())});
    }
    read_environment(keys, out.faults);
    check_configuration(out.config, out.faults);
    auto by_line = [](const config_fault& a, const config_fault& b) { return a.line != 0 && (b.line == 0 || a.line < b.line); };
    std::stable_sort(out.faults.begin(), out.faults.end(), by_line);
    return out;
}

loaded_configuration load_configuration(const std::string& file) {
    if (file.empty()) return read_configuration({});
    std::ifstream in(file, std::ios::binary);
    if (!in) return {{}, {{0, "cannot read " + file}}};
    std::string text{std::istreambuf_iterator<char>(in), {}};
    return read_configuration(text);
}

std::string read_secret(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read the secret in " + file);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

std::string search_folder(const configuration& config) { return (std::filesystem::path(config.site.data_dir) / "search").string(); }

void complete_configuration(configuration& config) {
    namespace fs = std::filesystem;
    // Browsers keep __Host- cookies on https only; plain http is for one's own machine.
    if (is_plain_loopback(config.site.base_url)) config.site.secure_cookies = false;
    auto data = fs::path(config.site.data_dir);
    if (!config.database.is_mariadb() && config.database.sqlite_file.empty()) config.database.sqlite_file = data / "relais.db";
    if (config.master_key_file.empty()) config.master_key_file = data / "master.key";
    config.site.attachments_scanned = config.scanner.is_configured();
    if (config.site.share_dir.empty()) config.site.share_dir = default_share_dir();
    if (config.site.calendar_file.empty()) config.site.calendar_file = fs::path(config.site.share_dir) / "config" / "calendars.json";
    config.callback.calendars = std::make_shared<model::calendar_book>(model::calendar_books::load(config.site.calendar_file));
    if (config.clocks_file.empty()) config.clocks_file = fs::path(config.site.share_dir) / "config" / "clocks.json";
    config.clocks = std::make_shared<model::clock_book>(model::clock_books::load(config.clocks_file, config.callback.calendars->centre));
    config.site.callback = std::make_shared<model::callback_rules>(config.callback);
    if (!config.telephony_signature_file.empty()) config.site.telephony.signature_key = read_secret(config.telephony_signature_file);
    if (!config.originate_token_file.empty()) config.originate_token = read_secret(config.originate_token_file);
    if (!config.database_password_file.empty()) config.database.mariadb_password = read_secret(config.database_password_file);
    if (!config.registry.password_file.empty()) config.registry.password = read_secret(config.registry.password_file);
}

} // namespace relais::server
