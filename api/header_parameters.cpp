// SPDX-License-Identifier: EUPL-1.2
#include "api/header_parameters.hpp"

#include "api/malformed.hpp"
#include "model/utf8.hpp"

#include <algorithm>

namespace relais::api {

namespace {

bool is_token_byte(char c) {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return out;
}

class reader {
public:
    explicit reader(std::string_view text) : text_(text) {}

    header_value read() {
        header_value out;
        skip_blanks();
        out.value = lower(take_while([](char c) { return is_token_byte(c) || c == '/'; }));
        require(!out.value.empty(), "parameter_syntax");
        for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
            expect(';');
            skip_blanks();
            auto name = lower(take_while(is_token_byte));
            require(!name.empty(), "parameter_syntax");
            require(out.find(name) == nullptr, "parameter_repeated");
            expect('=');
            auto value = at_ < text_.size() && text_[at_] == '"' ? read_quoted() : read_token();
            out.parameters.emplace_back(std::move(name), std::move(value));
        }
        return out;
    }

private:
    void require(bool good, const char* code) const {
        if (!good) throw malformed(code, at_);
    }

    void expect(char wanted) {
        require(at_ < text_.size() && text_[at_] == wanted, "parameter_syntax");
        ++at_;
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }

    template <class Predicate> std::string_view take_while(Predicate wanted) {
        auto start = at_;
        while (at_ < text_.size() && wanted(text_[at_])) ++at_;
        return text_.substr(start, at_ - start);
    }

    std::string read_token() {
        auto token = take_while(is_token_byte);
        require(!token.empty(), "parameter_syntax");
        return std::string{token};
    }

    std::string read_quoted() {
        std::string out;
        for (++at_;; ++at_) {
            require(at_ < text_.size(), "parameter_syntax");
            if (text_[at_] == '"') break;
            bool escapes = text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
            if (escapes) ++at_;
            auto byte = static_cast<unsigned char>(text_[at_]);
            require(byte == '\t' || (byte >= 0x20 && byte != 0x7F), "parameter_syntax");
            out += text_[at_];
        }
        ++at_;
        return out;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string from_latin_1(std::string_view text) {
    std::string out;
    for (char c : text) model::utf8::append(out, static_cast<unsigned char>(c));
    return out;
}

std::optional<std::string> decode_escapes(std::string_view text) {
    std::string out;
    auto hex = [&](std::size_t at) {
        auto c = at < text.size() ? text[at] : '\0';
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        if (hex(at + 1) < 0 || hex(at + 2) < 0) return {};
        out += static_cast<char>(hex(at + 1) * 16 + hex(at + 2));
        at += 2;
    }
    return out;
}

} // namespace

const std::string* header_value::find(std::string_view name) const {
    auto found = std::find_if(parameters.begin(), parameters.end(), [name](const auto& one) { return one.first == name; });
    return found == parameters.end() ? nullptr : &found->second;
}

header_value parse_header_value(std::string_view text) { return reader(text).read(); }

std::optional<std::string> decode_extended_value(std::string_view text) {
    auto first = text.find('\'');
    auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
    if (second == std::string_view::npos) return {};
    auto charset = lower(text.substr(0, first));
    auto bytes = decode_escapes(text.substr(second + 1));
    if (!bytes) return {};
    if (charset == "iso-8859-1") return from_latin_1(*bytes);
    if (charset != "utf-8" || !model::utf8::is_valid(*bytes)) return {};
    return bytes;
}

} // namespace relais::api
