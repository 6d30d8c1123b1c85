// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

namespace relais::server::mails {

// One line of valid UTF-8: controls and line ends become spaces, invisible direction marks go, invalid bytes become U+FFFD.
// "=?" is broken up, so that nothing typed is read as an encoded word. limit: code points kept.
std::string clean_line(std::string_view text, std::size_t limit);

// Several lines of valid UTF-8 ended by LF alone; tabs stay, other controls go.
std::string clean_text(std::string_view text);

// "type/subtype" in lower case, or "application/octet-stream" when it is anything else.
std::string clean_media_type(std::string_view text);

// The ids of a Message-ID, In-Reply-To or References value as "<a@b> <c@d>".
// Throws: std::invalid_argument, when one is not an id.
std::string bracket_ids(std::string_view ids);

} // namespace relais::server::mails
