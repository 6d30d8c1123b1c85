// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace relais::model {

// What colleagues and owners wrote about an incident, as it may leave the centre: without numbers, addresses and telephones
// (sensitive::mask_for_export), without the names of the incident's own citizens nor of anybody who is addressed ("Mme Dupont"), without
// words of illness or of offence. Over-hiding costs a word; the contrary costs somebody. Source: domain.md 5.3, RGPD art. 9 and 10;
// docs/decisions/0209-which-words-leave.md
class told_words {
public:
    explicit told_words(soci::session& sql) : sql_(sql) {}
    std::string of(std::int64_t incident, std::string_view text);

private:
    // Whether it is a name of somebody of the incident. looks_like_one: by its capital letter.
    bool bears(std::int64_t incident, const std::string& folded, bool looks_like_one);
    bool is_a_name(const std::string& folded);
    bool is_of(std::int64_t incident, const std::string& folded);
    bool is_inside_name(std::int64_t incident, const std::string& folded);

    soci::session& sql_;
    std::map<std::string, bool> names_;                                 // by word: whether anybody bears it
    std::map<std::int64_t, std::set<std::string, std::less<>>> inside_; // by incident: the words of its people's longer names
};

} // namespace relais::model
