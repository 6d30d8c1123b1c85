// SPDX-License-Identifier: EUPL-1.2
#include "api/malformed.hpp"
#include "api/multipart.hpp"
#include "model/file_name.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace relais;
using fuzz::require;

namespace {

struct recorder : api::multipart_sink {
    struct part {
        api::part_head head;
        std::string data;
    };
    std::vector<part> parts;
    bool open = false;
    void part_begin(const api::part_head& head) override {
        require(!open, "parts follow one another");
        open = true;
        parts.push_back({head, ""});
    }
    void part_data(std::string_view data) override {
        require(open && !data.empty(), "data inside a part");
        parts.back().data += data;
    }
    void part_end() override {
        require(open, "a part ends once");
        open = false;
    }
};

struct outcome {
    recorder read;
    std::string code; // empty: accepted
};

api::multipart_limits small_limits() {
    api::multipart_limits limits;
    limits.parts = 8;
    limits.files = 3;
    limits.field_bytes = 64;
    limits.file_bytes = 256;
    limits.head_bytes = 512;
    return limits;
}

template <class Cut> outcome run(std::string_view content_type, std::string_view body, Cut cut) {
    outcome out;
    try {
        api::multipart_parser parser(content_type, out.read, small_limits());
        cut(body, [&parser](std::string_view piece) { parser.feed(piece); });
        parser.finish();
    } catch (const api::malformed& why) {
        out.code = why.code;
    }
    return out;
}

void same(const outcome& a, const outcome& b) {
    require(a.code == b.code, "same verdict however it is cut");
    if (!a.code.empty()) return;
    require(a.read.parts.size() == b.read.parts.size(), "same parts however it is cut");
    for (std::size_t i = 0; i < a.read.parts.size(); ++i) {
        const auto& x = a.read.parts[i];
        const auto& y = b.read.parts[i];
        require(x.head.name == y.head.name && x.head.filename == y.head.filename && x.data == y.data, "same data however it is cut");
    }
}

void check_accepted(std::string_view body, const std::string& boundary, const recorder& read) {
    require(!read.open, "every part ended");
    std::set<std::string> names;
    for (const auto& one : read.parts) {
        auto lines = "\n" + one.data;
        std::replace(lines.begin(), lines.end(), '\r', '\n');
        require(lines.find("\n--" + boundary) == std::string::npos, "no line of the data starts with the boundary");
        require(body.find(one.data) != std::string_view::npos, "data is a piece of the body");
        require(!one.head.name.empty() && one.head.name.size() <= 64, "a bounded name");
        require(names.insert(one.head.name).second || one.head.name.ends_with("[]"), "a name comes once");
        require(model::file_names::safe(one.head.filename) == one.head.filename, "a safe file name");
        require(one.data.size() <= (one.head.is_file ? 256U : 64U), "bounded data");
    }
}

} // namespace

// The first line is the Content-Type, the rest is the body.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::view(data, size);
    auto line = input.find('\n');
    if (line == std::string_view::npos) return 0;
    auto content_type = input.substr(0, line);
    auto body = input.substr(line + 1);
    auto whole = run(content_type, body, [](std::string_view all, auto feed) { feed(all); });
    auto bytes = run(content_type, body, [](std::string_view all, auto feed) { fuzz::byte_by_byte(all, feed); });
    auto pieces = run(content_type, body, [](std::string_view all, auto feed) { fuzz::in_pieces(all, feed); });
    same(whole, bytes);
    same(whole, pieces);
    if (whole.code.empty()) check_accepted(body, api::multipart_boundary(content_type), whole.read);
    return 0;
}
