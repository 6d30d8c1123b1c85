// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/contact_form.hpp"
#include "model/error.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The contact form as pages: which field is asked at which step, and how it is shown. What is right or wrong is contact_form's business.
namespace relais::api::contact_steps {

constexpr int count = 5;
constexpr int files_step = 3; // the only one sent as multipart
constexpr int last = 5;       // check and send: no field of its own

// The address of a step: /contact, /contact/probleme...
constexpr std::array<std::string_view, count> paths = {"/contact", "/contact/probleme", "/contact/pieces", "/contact/reponse",
                                                       "/contact/envoi"};
constexpr std::string_view path(int step) { return paths[static_cast<std::size_t>(step - 1)]; }

enum class shape { line, date, email, phone, long_text, radios, procedures, departments };

struct field {
    std::string_view name;
    int step;
    shape shown_as;
    std::string_view autocomplete; // WCAG 1.3.5, RGAA 11.13
    int limit;                     // code points
    bool is_required = false;
    bool has_hint = false;                          // contact.field.<name>.hint
    std::span<const std::string_view> choices = {}; // of radios: contact.choice.<code>
};

std::span<const field> fields();
// The step that asks for a field; "requester" and what is not asked belong to the step where it can be put right.
int step_of(std::string_view field_name);

// Data for templates/parts/field.html: one object a field of the step, with its value, its fault or its hint.
nlohmann::json shown(int step, const contact_forms::fields& given, const std::vector<model::field_fault>& faults,
                     const std::vector<model::field_fault>& hints, const catalogue& texts, std::string_view language);
// One field of such a form, whichever form asks for it; its texts are contact.field.<name>.
nlohmann::json shown_field(const field& each, const contact_forms::fields& given, const std::vector<model::field_fault>& faults,
                           const std::vector<model::field_fault>& hints, const catalogue& texts, std::string_view language);
// The id of a field in the page: letters, digits, - and _ only, so that style sheets and tests can name it.
std::string id_of(std::string_view name);
// The list at the top of a page: one link a fault, to the field, on the page of its step when it is another.
nlohmann::json summary(const std::vector<model::field_fault>& faults, int current_step);
// The summary of what was typed, by step, for the last page.
nlohmann::json recapitulation(const contact_forms::fields& given, const catalogue& texts, std::string_view language);

} // namespace relais::api::contact_steps
