// SPDX-License-Identifier: EUPL-1.2
#include "model/file_type.hpp"
#include "model/zip_directory.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <set>
#include <string>

using namespace relais;
using fuzz::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto bytes = fuzz::view(data, size);
    auto whole = model::media_type_of(bytes);
    model::file_type_detector one;
    model::file_type_detector many;
    fuzz::byte_by_byte(bytes, [&](std::string_view piece) { one.feed(piece); });
    fuzz::in_pieces(bytes, [&](std::string_view piece) { many.feed(piece); });
    require(one.media_type() == whole && many.media_type() == whole, "same type however it arrives");
    if (whole) {
        static const std::set<std::string_view> known = {"application/pdf",
                                                         "image/jpeg",
                                                         "image/png",
                                                         "image/heic",
                                                         "image/webp",
                                                         "text/plain",
                                                         "application/vnd.oasis.opendocument.text",
                                                         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"};
        require(known.contains(*whole), "a type of the list");
        require(*whole != "text/plain" || bytes.find('\0') == std::string_view::npos, "no NUL in a text");
    }
    if (auto names = model::zip_entry_names(bytes, size)) {
        std::set<std::string> once(names->begin(), names->end());
        require(once.size() == names->size() && !once.contains(""), "names come once");
        for (const auto& name : once)
            require(name.front() != '/' && ("/" + name + "/").find("/../") == std::string::npos, "a name that stays inside");
    }
    return 0;
}
