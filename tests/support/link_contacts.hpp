// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_match.hpp"
#include "model/dossier_store.hpp"

#include <string>
#include <vector>

// Dossiers and contacts about them, from a seed, for measuring links. The truth comes from how a contact was made, never from the matcher.
namespace relais::tests {

// points: to one dossier. ambiguous: the contact cannot tell it from others, which an agent must see. nowhere: nobody we hold.
enum class link_truth { points, ambiguous, nowhere };

struct link_contact {
    std::string kind; // how it was made, for the figures
    model::dossier_evidence evidence = {};
    link_truth truth = link_truth::points;
    std::string number = {}; // of the dossier meant; empty when nowhere
};

struct link_world {
    std::vector<model::dossier_news> dossiers;
    std::vector<link_contact> contacts;
};

// At least 20,000 dossiers and 1,000 contacts; the same seed gives the same.
link_world make_link_world(unsigned seed);

} // namespace relais::tests
