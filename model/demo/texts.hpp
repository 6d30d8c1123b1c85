// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <span>
#include <string_view>

namespace relais::model::demo {

// A file of config/demo, compiled in by config/demo/embed.cmake.
struct text_file {
    std::string_view name;
    std::string_view text;
};

// Every .txt of config/demo, in order of name.
std::span<const text_file> text_files();

} // namespace relais::model::demo
