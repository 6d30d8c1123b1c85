// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

// A citizen's words without the citizen: what leaves for the resolution team and its suppliers.
namespace relais::model::pseudonyms {

// Takes out of a text: everything sensitive::mask_for_export() does; every number of four digits or more; birth dates and other dates;
// postal addresses as people write them (a number and the kind of street, to the end of the line); what follows Monsieur, Madame and
// their like; the signature after a closing formula; and the words given, whatever their case and accents ("N'Diaye" hides n diaye).
// Error codes such as E-17 stay. known: names, towns, numbers of the people concerned; words of one letter are ignored.
std::string hide(std::string_view text, const std::vector<std::string>& known);

} // namespace relais::model::pseudonyms
