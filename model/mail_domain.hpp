// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>

// The part of an address after the @.
namespace relais::model::mail_domains {

// Lower case, ASCII ("xn--..." for international names), with at least one dot, labels of 1 to 63 characters; nothing otherwise.
// Source: RFC 1035 2.3.4, UTS 46
std::optional<std::string> canonical(std::string_view typed);

// The well-known domain from which this one differs by one mistake: a letter too many, missing, wrong, or two swapped; ".con" for
// ".com". Nothing when the domain is itself well known or resembles none.
std::optional<std::string> probably_meant(std::string_view canonical);

} // namespace relais::model::mail_domains
