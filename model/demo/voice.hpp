// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/scene.hpp"

namespace relais::model::demo {

// How somebody writes.
enum class manner { neutral, formal, angry, texted, brief, learner, story, school, hub, prefecture, log };

const char* manner_name(manner how);

// The manner of this person, by age, origin and who holds the pen.
manner pick_manner(const scene& of, bool by_letter, dice& roll);

struct wording_result {
    std::string subject, body;
};

// The subject and the body: one wording of the family in this manner, with greetings, context, what was tried, needs,
// requests, formulas and slips. mentions: whether the text may give the dossier's number.
wording_result write(scene& of, const wording& family, manner how, bool mentions, dice& roll);

// A short later message of the citizen, from a rule, in the same manner.
std::string write_rule(scene& of, std::uint32_t rule, manner how, dice& roll);

} // namespace relais::model::demo
