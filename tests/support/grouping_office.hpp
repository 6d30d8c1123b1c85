// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident_grouper.hpp"
#include "tests/support/incident_office.hpp"

#include <optional>
#include <string>

namespace relais::tests {

using namespace relais::model;

// Words that say one bug in different ways, among others that do not.
inline constexpr const char* photo_words[] = {
    "Le site refuse mon code photo de 22 caractères et affiche code photo inconnu, la photo est neuve",
    "mon code photo de 22 caractères est refusé, le site affiche code photo inconnu, pourtant photo neuve",
    "code photo inconnu affiché par le site, mon code photo de 22 caractères est neuf et refusé",
    "le site affiche code photo inconnu et refuse mon code photo neuf de 22 caractères",
};
inline constexpr const char* other_words[] = {
    "Quels papiers faut-il pour refaire un permis rose tout abîmé ?",
    "Ma carte grise n'arrive pas, qui contacter pour le véhicule",
    "Je voudrais savoir où en est ma demande déposée en avril",
    "Le rendez-vous chez le médecin agréé est-il remboursé par la mutuelle",
    "Comment changer l'adresse postale de mon dossier avant l'envoi du titre",
    "Le centre d'examen de ma ville est fermé pour travaux, où passer le code",
};

struct grouping_office : incident_office {
    incident_grouper leader{*database, {.engine = {}, .terms = {}, .owner = "one"}};

    std::int64_t say(const std::string& words, const std::string& code = "") {
        return ticket([&](contact& from) { from.subject = "Problème", from.body = words, from.portal.error_code = code; });
    }
    void background() {
        for (const auto* words : other_words) say(words);
    }
    int run() { return leader.step(now); }
    std::optional<std::int64_t> incident_of(std::int64_t id) { return report(id).incident_id; }
};

} // namespace relais::tests
