// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/records.hpp"

namespace relais::model::demo {

// Makes the agency: every dossier in order of index, then every ticket in order of arrival over the ten weeks before
// options.now. Memory does not grow with the counts. What the callbacks throw goes through.
void stream(const options& wanted, const std::function<void(const demo_dossier&)>& on_dossier,
            const std::function<void(const demo_ticket&)>& on_ticket);

// The planted bugs with their dates for these options, in the order of the data files.
std::vector<demo_bug> bugs(const options& wanted);

// The portal's releases over the ten weeks and before, oldest first.
std::vector<demo_release> releases(const options& wanted);

} // namespace relais::model::demo
