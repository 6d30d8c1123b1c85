// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace relais::fuzz {

// What must hold whatever the input: libFuzzer keeps the input that breaks it.
inline void require(bool holds, const char* sentence) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", sentence);
    std::abort();
}

inline std::string_view view(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

// Cuts an input in pieces whose sizes (1 to 16) come from the input itself.
template <class Take> void in_pieces(std::string_view input, Take take) {
    unsigned seed = static_cast<unsigned>(input.size());
    while (!input.empty()) {
        seed = seed * 31U + static_cast<unsigned char>(input.front());
        auto piece = input.substr(0, 1 + seed % 16U);
        input.remove_prefix(piece.size());
        take(piece);
    }
}

template <class Take> void byte_by_byte(std::string_view input, Take take) {
    for (; !input.empty(); input.remove_prefix(1)) take(input.substr(0, 1));
}

} // namespace relais::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
