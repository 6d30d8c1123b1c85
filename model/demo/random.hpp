// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace relais::model::demo {

// Whole-number randomness that gives the same draws on every machine and library: xoshiro256** (Blackman and Vigna, public
// domain), seeded by splitmix64. One dice a (seed, purpose, index): any dossier or ticket can be made again alone.
class dice {
public:
    dice(std::uint64_t seed, std::uint64_t purpose, std::uint64_t index) {
        std::uint64_t mixed = seed * 0x9e3779b97f4a7c15ULL ^ (purpose + 1) * 0xd1b54a32d192ed03ULL ^ (index + 1) * 0x8cb92ba72f3d8dd7ULL;
        for (auto& word : words_) word = split(mixed);
    }

    std::uint64_t next() {
        auto result = turn(words_[1] * 5, 7) * 9;
        auto shifted = words_[1] << 17;
        words_[2] ^= words_[0];
        words_[3] ^= words_[1];
        words_[1] ^= words_[2];
        words_[0] ^= words_[3];
        words_[2] ^= shifted;
        words_[3] = turn(words_[3], 45);
        return result;
    }

    // 0 to limit - 1; limit at least 1.
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(((next() >> 32) * limit) >> 32); }
    // low to high, both included.
    int between(int low, int high) { return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1))); }
    bool percent(std::uint32_t chance) { return below(100) < chance; }

    template <class list> const auto& pick(const list& from) { return from[below(static_cast<std::uint32_t>(from.size()))]; }

    // About exponential of the given mean, without floating point: -ln(u) by a table of quantiles, at most 4.6 means.
    std::int64_t wait(std::int64_t mean) {
        constexpr std::array<int, 20> percent_of_mean = {2,  8,  13, 19,  25,  32,  39,  47,  55,  64,
                                                         74, 85, 98, 112, 129, 149, 174, 208, 260, 370};
        auto at = below(20);
        return mean * (percent_of_mean[at] + between(-2, 5 + static_cast<int>(at) * 2)) / 100;
    }

private:
    static std::uint64_t turn(std::uint64_t value, int by) { return (value << by) | (value >> (64 - by)); }
    static std::uint64_t split(std::uint64_t& state) {
        state += 0x9e3779b97f4a7c15ULL;
        auto value = state;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
        return value ^ (value >> 31);
    }
    std::array<std::uint64_t, 4> words_{};
};

// What a dice is thrown for: the purposes keep draws independent.
enum purpose : std::uint64_t { for_slots, for_person, for_dossier, for_ticket, for_text, for_talk, for_rhythm };

} // namespace relais::model::demo
