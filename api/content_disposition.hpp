// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

namespace relais::api {

// The Content-Disposition of a download: always an attachment, with an ASCII name for old programs and the true one beside it.
// The name is made safe again: what is stored is not trusted to be so for ever.
// Source: RFC 6266 4, RFC 8187; security.md 4.12.
std::string attachment_disposition(std::string_view display_name);

} // namespace relais::api
