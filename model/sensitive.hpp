// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

// What citizens write in free text and nobody here needs to read. Takes time linear in the text, whatever the text;
// what comes back is no longer than what was given, in code points.
namespace relais::model::sensitive {

// Masks social security numbers, IBANs, payment card numbers (the last four digits stay), e-photo codes ("AB..............34") and
// passwords given after "mot de passe :". NEPH, telephones, dossier numbers and references are left as they are.
// Source: domain rules on free text; RGPD art. 5 (data minimisation)
std::string mask(std::string_view text);

// mask(), and NEPH, telephone numbers and e-mail addresses too: for what leaves the contact centre, e.g. the weekly share.
std::string mask_for_export(std::string_view text);

} // namespace relais::model::sensitive
