// SPDX-License-Identifier: EUPL-1.2
#include "api/page_template.hpp"

#include <algorithm>
#include <stdexcept>

namespace relais::api {

namespace {

using nlohmann::json;

std::string_view entity_of(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return "&apos;";
    }
}

void add_escaped(std::string& to, std::string_view text) {
    for (std::size_t at = 0;;) {
        auto special = text.find_first_of("&<>\"'", at);
        to.append(text.substr(at, special - at));
        if (special == std::string_view::npos) return;
        to += entity_of(text[special]);
        at = special + 1;
    }
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

// The start of the last line of a text.
std::size_t last_line(std::string_view text) {
    auto end = text.rfind('\n');
    return end == std::string_view::npos ? 0 : end + 1;
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::vector<std::string> split(std::string_view name) {
    std::vector<std::string> out;
    if (name == ".") return out;
    for (std::size_t at = 0; at <= name.size();) {
        auto end = std::min(name.find('.', at), name.size());
        out.emplace_back(name.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

const json* member_of(const json& object, const std::string& name) {
    if (!object.is_object()) return nullptr;
    auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

bool is_true(const json* value) {
    if (value == nullptr || value->is_null()) return false;
    if (value->is_boolean()) return value->get<bool>();
    if (value->is_string()) return !value->get_ref<const std::string&>().empty();
    return !value->is_array() || !value->empty();
}

} // namespace

std::string html_escape(std::string_view text) {
    std::string out;
    add_escaped(out, text);
    return out;
}

page_template::page_template(std::string_view source) {
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < source.size();) {
        auto tag = std::min(source.find("{{", at), source.size());
        add_text(source.substr(at, tag - at));
        if (tag == source.size()) break;
        auto close = source.find("}}", tag);
        if (close == std::string_view::npos) throw std::runtime_error("a tag is not closed.");
        auto name = trimmed(source.substr(tag + 2, close - tag - 2));
        at = close + 2;
        auto sign = name.empty() ? ' ' : name.front();
        if (sign != '#' && sign != '^' && sign != '/') {
            pieces_.push_back({kind::value, std::string(name), split(name)});
            continue;
        }
        // Alone on its line: the line goes, with what stands before the tag.
        auto line = last_line(source.substr(0, tag)), next = source.find('\n', at);
        auto rest = source.substr(at, next == std::string_view::npos ? next : next - at);
        if (is_blank(source.substr(line, tag - line)) && is_blank(rest)) {
            if (tag > line) pieces_.back().text.resize(last_line(pieces_.back().text));
            at = next == std::string_view::npos ? source.size() : next + 1;
        }
        name = trimmed(name.substr(1));
        if (sign != '/')
            open_section(sign == '#' ? kind::section : kind::inverted, name, open);
        else if (open.empty() || pieces_[open.back()].text != name)
            throw std::runtime_error("the section " + std::string(name) + " is closed where it is not open.");
        else
            pieces_[open.back()].end = pieces_.size(), open.pop_back();
    }
    if (!open.empty()) throw std::runtime_error("the section " + pieces_[open.back()].text + " is not closed.");
}

void page_template::add_text(std::string_view text) {
    if (!text.empty()) pieces_.push_back({kind::text, std::string(text), {}});
}

void page_template::open_section(kind is, std::string_view name, std::vector<std::size_t>& open) {
    open.push_back(pieces_.size());
    pieces_.push_back({is, std::string(name), split(name)});
}

void page_template::write(std::string& to, const json& data) const {
    context in{&data};
    write(to, 0, pieces_.size(), in);
}

// The innermost object that has all of "a.b".
const json* page_template::find(const piece& wanted, const context& in) {
    if (wanted.names.empty()) return in.back();
    for (auto each = in.rbegin(); each != in.rend(); ++each) {
        const auto* value = *each;
        for (const auto& name : wanted.names)
            if (value != nullptr) value = member_of(*value, name);
        if (value != nullptr) return value;
    }
    return nullptr;
}

void page_template::write(std::string& to, std::size_t from, std::size_t end, context& in) const {
    for (auto at = from; at < end; ++at) {
        const auto& each = pieces_[at];
        if (each.is == kind::text) {
            to += each.text;
            continue;
        }
        const auto* value = find(each, in);
        if (each.is == kind::value) {
            if (value != nullptr && value->is_string()) add_escaped(to, value->get_ref<const std::string&>());
            if (value != nullptr && value->is_number()) to += value->dump();
            continue;
        }
        if (is_true(value) == (each.is == kind::section)) write_section(to, at, value, in);
        at = each.end - 1;
    }
}

void page_template::write_section(std::string& to, std::size_t at, const json* value, context& in) const {
    const auto& section = pieces_[at];
    if (section.is == kind::inverted) return write(to, at + 1, section.end, in);
    auto write_with = [&](const json& inner) {
        in.push_back(&inner);
        write(to, at + 1, section.end, in);
        in.pop_back();
    };
    if (!value->is_array()) return write_with(*value);
    for (const auto& each : *value) write_with(each);
}

} // namespace relais::api
