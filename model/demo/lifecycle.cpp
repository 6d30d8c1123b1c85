// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/agency.hpp"

#include <algorithm>

namespace relais::model::demo {

namespace {

struct stage {
    const char* status;
    int mean_days;
};

// How long the assessment takes: short for simple replacements, months for exchanges.
int assessment_days(std::string_view procedure) {
    if (procedure.starts_with("EXCHANGE_NON")) return 190;
    if (procedure.starts_with("EXCHANGE")) return 75;
    if (procedure == "REGISTRATION") return 12;
    if (procedure.starts_with("POST_")) return 35;
    if (procedure == "MEDICAL_RENEWAL" || procedure == "MILITARY_CONVERSION" || procedure == "DIPLOMA_VALIDATION") return 24;
    return 9;
}

bool gives_card(std::string_view procedure) {
    return procedure != "REGISTRATION" && procedure != "REGISTRATION_CHANGE" && procedure != "DIGITAL_LICENCE" &&
           procedure != "INTERNATIONAL_PERMIT";
}

std::vector<stage> ordinary_stages(const std::string& procedure, dice& roll) {
    std::vector<stage> stages = {{"DRAFT", roll.percent(4) ? 400 : 1}};
    if (by_school(procedure) && roll.percent(50)) stages.push_back({"AWAITING_APPLICANT_VALIDATION", 3});
    stages.push_back({"SUBMITTED", 2});
    if (roll.percent(9)) stages.push_back({"AWAITING_PHOTO", 16});
    stages.push_back({"UNDER_ASSESSMENT", assessment_days(procedure)});
    if (roll.percent(16)) {
        stages.push_back({"SUPPLEMENT_REQUESTED", 8});
        stages.push_back({"SUPPLEMENT_RECEIVED", 7});
    }
    auto end = roll.below(100);
    if (end < 4)
        stages.push_back({"REFUSED", 9999});
    else if (end < 6)
        stages.push_back({"CLOSED_NO_ACTION", 9999});
    else if (end < 7)
        stages.push_back({"CANCELLED", 9999});
    if (end < 7) return stages;
    stages.push_back({"ACCEPTED", gives_card(procedure) ? 2 : 9999});
    if (!gives_card(procedure)) return stages;
    stages.push_back({"IN_PRODUCTION", 6});
    stages.push_back({"SHIPPED", 4});
    if (!roll.percent(4)) {
        stages.push_back({"DELIVERED", 9999});
        return stages;
    }
    stages.push_back({"RETURNED", 60});
    stages.push_back({"DESTROYED", 9999});
    return stages;
}

const char* step_of(std::string_view status) {
    if (status == "DRAFT" || status == "AWAITING_APPLICANT_VALIDATION") return "saisie";
    if (status == "AWAITING_PHOTO") return "photo-signature";
    if (status.starts_with("SUPPLEMENT")) return "complement";
    if (status == "IN_PRODUCTION") return "production";
    if (status == "SHIPPED" || status == "DELIVERED" || status == "RETURNED" || status == "DESTROYED") return "expedition";
    return "instruction";
}

} // namespace

dossier_state ordinary_state(const std::string& procedure, sys_seconds opened_at, sys_seconds at, dice roll) {
    dossier_state state{"DRAFT", opened_at, {}, {}, {}};
    for (const auto& one : ordinary_stages(procedure, roll)) {
        state.status = one.status;
        if (one.mean_days >= 9999) break;
        auto ends = state.since + std::chrono::seconds{std::max<std::int64_t>(roll.wait(one.mean_days * 86'400LL), 1800)};
        if (ends > at) break;
        state.since = ends;
    }
    state.step = step_of(state.status);
    return state;
}

const std::string& drawn_procedure(dice& roll) {
    static const std::vector<weighted> all = {{"REGISTRATION", 340},
                                              {"TITLE_AFTER_EXAM", 140},
                                              {"TITLE_AFTER_TRAINING", 30},
                                              {"RENEWAL", 105},
                                              {"LOSS", 105},
                                              {"THEFT", 45},
                                              {"DAMAGE", 38},
                                              {"MEDICAL_RENEWAL", 60},
                                              {"CIVIL_STATUS_CHANGE", 20},
                                              {"POST_SUSPENSION", 28},
                                              {"POST_CANCELLATION", 18},
                                              {"EXCHANGE_EU", 14},
                                              {"EXCHANGE_NON_EU", 30},
                                              {"EXCHANGE_COM", 3},
                                              {"MILITARY_CONVERSION", 3},
                                              {"DIPLOMA_VALIDATION", 3},
                                              {"RESTRICTION_CHANGE", 5},
                                              {"ERROR_REPORT", 7},
                                              {"REGISTRATION_CHANGE", 10},
                                              {"INTERNATIONAL_PERMIT", 8},
                                              {"DIGITAL_LICENCE", 8}};
    return pick_weighted(all, roll);
}

bool by_school(std::string_view procedure) {
    return procedure == "REGISTRATION" || procedure == "TITLE_AFTER_EXAM" || procedure == "TITLE_AFTER_TRAINING" ||
           procedure == "REGISTRATION_CHANGE";
}

} // namespace relais::model::demo
