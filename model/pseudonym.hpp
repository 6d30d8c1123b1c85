// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

// A citizen's words without the citizen: what leaves for the resolution team and its suppliers.
namespace relais::model::pseudonyms {

// Takes out of a text: everything sensitive::mask_for_export() does; every number of four digits or more; telephones and NEPH cut in any
// way or spoken digit by digit; birth dates and other dates; postal addresses as people write them (a number and the kind of street, or
// a street and its name, to the end of the line; the town after its code); what follows Monsieur, Madame, a relative and their like; the
// signature after a closing formula; and the words given, whatever their case and accents, together or apart ("N'Diaye" hides n diaye
// and ndiaye). Error codes such as E-17 stay. known: names, towns, numbers of the people concerned; words of one letter are ignored.
std::string hide(std::string_view text, const std::vector<std::string>& known);

// The same for a code, a browser or a release, which people may type themselves: one that tells nobody stays as it is ("ERR-1234").
std::string hide_code(std::string_view code, const std::vector<std::string>& known);

} // namespace relais::model::pseudonyms
