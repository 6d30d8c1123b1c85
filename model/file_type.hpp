// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace relais::model {

// Tells what a file is by its bytes, as it arrives; what the sender claims is never asked. Only these are taken: pdf, jpg, png, heic,
// webp, odt, docx and plain text. Nothing is inflated: of an odt or a docx the first entry and the directory at the end are read.
// Memory: 128 bytes of the head, and for archives up to 1 MiB of the end.
// Source: security.md 2 line 28, 1.4 and 4.12.
class file_type_detector {
public:
    void feed(std::string_view data);

    // The media type of all that was fed, or nothing when it is not one of the list. An empty file is nothing.
    std::optional<std::string_view> media_type() const;

private:
    void check_text(std::string_view data);
    bool is_archive() const;

    std::string head_;
    std::string tail_;
    std::uint64_t size_bytes_ = 0;
    std::string pending_; // an unfinished UTF-8 character
    bool may_be_utf8_ = true;
    bool may_be_latin_ = true;
};

// The same, of a whole file in memory.
std::optional<std::string_view> media_type_of(std::string_view whole);

} // namespace relais::model
