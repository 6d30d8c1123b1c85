// SPDX-License-Identifier: EUPL-1.2
#include "model/accreditation.hpp"
#include "model/department.hpp"
#include "model/dossier_number.hpp"
#include "model/email_address.hpp"
#include "model/licence_number.hpp"
#include "model/neph.hpp"
#include "model/person_name.hpp"
#include "model/photo_code.hpp"
#include "model/reference.hpp"
#include "model/siret.hpp"
#include "model/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace relais;
using namespace date::literals;
using fuzz::require;

namespace {

model::checked neph(std::string_view typed) { return model::nephs::check(typed, 2026_y / 11); }
model::checked dossier_number(std::string_view typed) { return model::dossier_numbers::check(typed); }

// What every check promises, whatever was typed.
template <class Check> void check_promises(std::string_view input, Check check) {
    const auto seen = check(input);
    require(seen.code.empty() == (seen.result == model::verdict::valid), "a code unless valid");
    require(seen.accepted() != seen.normalised.empty(), "a value when accepted, and only then");
    require(model::utf8::is_valid(seen.normalised), "what is kept is UTF-8");
    if (seen.accepted()) require(check(seen.normalised).normalised == seen.normalised, "what is kept is read again");
    if (!seen.suggestion.empty()) require(check(seen.suggestion).accepted(), "what is proposed is accepted");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::view(data, size);
    check_promises(input, neph);
    check_promises(input, model::licence_numbers::check);
    check_promises(input, dossier_number);
    check_promises(input, model::photo_codes::check);
    check_promises(input, model::accreditations::check);
    check_promises(input, model::departments::check);
    check_promises(input, model::person_names::check);
    check_promises(input, model::email_addresses::check);
    check_promises(input, model::sirets::check);
    if (const auto reference = model::references::read(input))
        require(model::references::read(*reference) == reference, "a reference is read again");
    const auto address = model::email_addresses::check(input);
    require(address.normalised.find_first_of("\r\n <>\",;") == std::string::npos, "no address breaks a mail command");
    if (const auto pattern = model::dossier_number_pattern::parse(input.substr(0, size / 2))) pattern->matches(input.substr(size / 2));
    model::departments::from_postal_code(input);
    return 0;
}
