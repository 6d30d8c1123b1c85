// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill_rules.hpp"

namespace relais::model::demo {

namespace {

rule_text urgent() {
    rule_text out;
    out.title = "Sécurité ou détresse : à l’équipe du centre, et prévenir";
    out.event = "opened";
    out.when.is_urgent = true;
    out.then.team = "charleville", out.then.alerts = true;
    return out;
}

rule_text forgotten() {
    rule_text out;
    out.title = "Échange étranger sans réponse depuis deux jours";
    out.event = "waited", out.after_hours = 16;
    out.when.procedures = {"EXCHANGE_NON_EU", "EXCHANGE_EU", "EXCHANGE_COM"}, out.when.statuses = {"new", "open"};
    out.then.note = "Sans réponse depuis deux jours d’ouverture : l’attestation de dépôt a une fin, vérifier l’échéance.";
    out.then.alerts = true;
    return out;
}

rule_text photos() {
    rule_text out;
    out.title = "Photo refusée : proposer la catégorie";
    out.event = "opened", out.is_on = false;
    out.when.words = {"photo refusée", "photo rejetée", "photo non conforme"};
    out.then.category = "PHO-02";
    return out;
}

} // namespace

void fill_rules(soci::session& sql, const std::string& author, sys_seconds now) {
    if (!rules::all(sql).empty()) return;
    actor who{"staff", {}, author, {}};
    for (const auto& each : {urgent(), forgotten(), photos()}) rules::add(sql, each, who, now);
}

} // namespace relais::model::demo
