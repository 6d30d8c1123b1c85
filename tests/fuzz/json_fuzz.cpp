// SPDX-License-Identifier: EUPL-1.2
#include "api/json_body.hpp"
#include "api/json_reader.hpp"
#include "api/malformed.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace relais;
using fuzz::require;
using nlohmann::json;

namespace {

std::size_t depth(const json& value) {
    std::size_t deepest = 0;
    if (!value.is_structured()) return 0;
    for (const auto& child : value) deepest = std::max(deepest, depth(child));
    return deepest + 1;
}

void check_reader(const json& value) {
    std::vector<model::field_fault> faults;
    api::json_reader reader(value, faults);
    reader.text("subject", 10);
    reader.optional_number("count", 0, 10);
    reader.texts("tags", 3, 5);
    auto requester = reader.object("requester");
    requester.optional_text("email", 5);
    requester.finish();
    reader.finish();
    // Everything beyond these members must have been told.
    std::size_t members = value.is_object() ? value.size() : 0;
    std::size_t known = 0;
    for (auto name : {"subject", "count", "tags", "requester"}) known += value.is_object() && value.contains(name) ? 1 : 0;
    auto is_unknown = [](const model::field_fault& one) { return one.code == "unknown"; };
    auto told = static_cast<std::size_t>(std::count_if(faults.begin(), faults.end(), is_unknown));
    require(told >= members - known, "an unknown member is a fault");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = fuzz::view(data, size);
    json value;
    try {
        value = api::json_body::parse(text);
    } catch (const api::malformed& why) {
        require(!why.code.empty() && why.position <= size, "a refusal has a reason and a position inside the text");
        return 0;
    }
    require(depth(value) <= api::json_body::depth_limit, "bounded depth");
    require(json::accept(text) && json::parse(text) == value, "the library reads the same");
    require(api::json_body::parse(api::json_body::dump(value)) == value, "what is written is read back");
    check_reader(value);
    return 0;
}
