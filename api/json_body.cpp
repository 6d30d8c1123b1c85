// SPDX-License-Identifier: EUPL-1.2
#include "api/json_body.hpp"

#include "api/malformed.hpp"

#include <iterator>
#include <vector>

namespace relais::api::json_body {

namespace {

using nlohmann::json;

// Tells how far the parser has read, which SAX events do not.
struct cursor {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    const char* at;
    const char** furthest;
    reference operator*() const { return *at; }
    cursor& operator++() {
        *furthest = ++at;
        return *this;
    }
    cursor operator++(int) {
        auto before = *this;
        ++*this;
        return before;
    }
    bool operator==(const cursor& other) const { return at == other.at; }
    bool operator!=(const cursor& other) const { return at != other.at; }
};

// Builds the value while counting. Names of the functions are nlohmann's.
class filter : public nlohmann::json_sax<json> {
public:
    json root;
    std::string code; // why it stopped
    std::size_t syntax_position = 0;

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return value.find('\0') == string_t::npos ? add(std::move(value)) : stop("json_nul"); }
    bool binary(binary_t&) override { return stop("json_syntax"); }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        if (name.size() > key_limit_bytes) return stop("json_key_too_long");
        if (name.find('\0') != string_t::npos) return stop("json_nul");
        if (open_.back()->contains(name)) return stop("json_duplicate_key");
        key_ = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        syntax_position = position > 0 ? position - 1 : 0;
        return stop("json_syntax");
    }

private:
    bool stop(const char* why) {
        code = why;
        return false;
    }

    json* place(json value) {
        if (open_.empty()) return &(root = std::move(value));
        auto& parent = *open_.back();
        if (parent.is_object()) return &(parent[key_] = std::move(value));
        parent.push_back(std::move(value));
        return &parent.back();
    }

    bool add(json value) {
        if (++nodes_ > node_limit) return stop("json_too_many");
        place(std::move(value));
        return true;
    }

    bool open(json container) {
        if (open_.size() == depth_limit) return stop("json_depth");
        if (++nodes_ > node_limit) return stop("json_too_many");
        open_.push_back(place(std::move(container)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::vector<json*> open_;
    std::string key_;
    std::size_t nodes_ = 0;
};

} // namespace

json parse(std::string_view text) {
    const char* furthest = text.data();
    filter sax;
    cursor first{text.data(), &furthest};
    cursor last{text.data() + text.size(), &furthest};
    if (json::sax_parse(first, last, &sax)) return std::move(sax.root);
    auto read = static_cast<std::size_t>(furthest - text.data());
    auto at = sax.code == "json_syntax" ? std::min(sax.syntax_position, text.size()) : read;
    throw malformed(sax.code, at);
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

} // namespace relais::api::json_body
