// SPDX-License-Identifier: EUPL-1.2
#include "api/malformed.hpp"
#include "api/url.hpp"
#include "api/urlencoded.hpp"
#include "model/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace relais;
using fuzz::require;

namespace {

std::string encode(const api::form_fields& form) {
    std::string out;
    for (const auto& [name, value] : form) {
        auto add = [&out, &field = name](const std::string& one) {
            out += api::encode_component(field) + "=" + api::encode_component(one) + "&";
        };
        if (!name.ends_with("[]")) {
            add(value);
        } else {
            for (const auto& one : api::form_list(form, name)) add(one);
        }
    }
    return out;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    api::form_limits limits;
    limits.fields = 12;
    limits.value_bytes = 256;
    api::form_fields form;
    try {
        form = api::parse_urlencoded(fuzz::view(data, size), limits);
    } catch (const api::malformed& why) {
        require(!why.code.empty() && (why.status == 400 || why.status == 413), "a refusal has a reason");
        return 0;
    }
    require(form.size() <= limits.fields, "bounded");
    for (const auto& [name, value] : form) {
        require(api::is_field_name(name, limits.name_bytes), "a plain name");
        require(model::utf8::is_valid(value) && value.find('\0') == std::string::npos, "UTF-8 without NUL");
    }
    require(api::parse_urlencoded(encode(form), limits) == form, "what is encoded is read back");
    return 0;
}
