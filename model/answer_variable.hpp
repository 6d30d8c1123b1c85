// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

// The variables of an answer, written in braces in plain French: {nom}, {référence}, {statut du dossier}, {délai annoncé}. Accents and
// case do not matter. Other braces are left as they are, except in a canned answer, where an unknown variable is a mistake.
namespace relais::model::answer_variables {

inline constexpr std::array<std::string_view, 4> names = {"nom", "référence", "statut du dossier", "délai annoncé"};

// What each stands for, in the language of the citizen; empty: not known for this ticket.
struct values {
    std::string name, reference, dossier_status, announced_delay;
};

// Puts the known values in. A variable without a value stays as it is written: somebody must complete it.
std::string fill(std::string_view text, const values& known);

// Variables that stand in a text, as they are written; and what stands in braces and is none.
std::vector<std::string> left(std::string_view text);
std::vector<std::string> unknown(std::string_view text);

} // namespace relais::model::answer_variables
