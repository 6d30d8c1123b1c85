// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

// What tickets are about: 13 families, 60 categories. The labels are the locale keys category.<code> and category_family.<family>.
namespace relais::model {

struct category {
    std::string_view code;
    std::string_view nature;      // of the incident it may be evidence of (contract.md); empty: not an anomaly
    std::string_view cause_owner; // usually; empty: it depends
    bool skips_queue;             // security or hardship

    constexpr std::string_view family() const { return code.substr(0, 3); }
};

namespace categories {

inline constexpr auto all = std::to_array<category>({
    {"ACC-01", "software_defect", "AGENCY_PORTAL", false},
    {"ACC-02", "software_defect", "AGENCY_PORTAL", false},
    {"ACC-03", "software_defect", "AGENCY_PORTAL", false},
    {"ACC-04", "software_defect", "AGENCY_PORTAL", false},
    {"CIV-01", "legal_case_not_covered", "THEORY_OPERATOR", false},
    {"CIV-02", "legal_case_not_covered", "NATIONAL_SYSTEM", false},
    {"CIV-03", "software_defect", "NATIONAL_SYSTEM", false},
    {"CIV-04", "legal_case_not_covered", "AGENCY_PORTAL", false},
    {"CIV-05", "data_error", "NATIONAL_SYSTEM", false},
    {"CIV-06", "software_defect", "", true},
    {"PHO-01", "software_defect", "PHOTO_PROVIDER", false},
    {"PHO-02", "process_delay", "CERT", false},
    {"PHO-03", "process_delay", "CERT", false},
    {"PHO-04", "data_error", "CARD_MANUFACTURER", true},
    {"DOC-01", "software_defect", "AGENCY_PORTAL", false},
    {"DOC-02", "process_delay", "CERT", false},
    {"DOC-03", "process_delay", "CERT", false},
    {"DOC-04", "legal_case_not_covered", "CERT", false},
    {"DOC-05", "legal_case_not_covered", "AGENCY_PORTAL", false},
    {"DOC-06", "legal_case_not_covered", "AGENCY_PORTAL", false},
    {"INS-01", "software_defect", "CERT", false},
    {"INS-02", "data_error", "NATIONAL_SYSTEM", false},
    {"INS-03", "software_defect", "THEORY_OPERATOR", false},
    {"INS-04", "software_defect", "NATIONAL_SYSTEM", false},
    {"INS-05", "software_defect", "AGENCY_PORTAL", false},
    {"INS-06", "software_defect", "AGENCY_PORTAL", false},
    {"INS-07", "legal_case_not_covered", "AGENCY_PORTAL", false},
    {"DRT-01", "software_defect", "NATIONAL_SYSTEM", true},
    {"DRT-02", "software_defect", "NATIONAL_SYSTEM", false},
    {"DRT-03", "data_error", "CERT", false},
    {"DRT-04", "data_error", "CERT", false},
    {"DRT-05", "data_error", "NATIONAL_SYSTEM", true},
    {"DRT-06", "software_defect", "AGENCY_PORTAL", false},
    {"MED-01", "software_defect", "CERT", false},
    {"MED-02", "process_delay", "CERT", true},
    {"MED-03", "legal_case_not_covered", "NATIONAL_SYSTEM", false},
    {"SAN-01", "software_defect", "PREFECTURE", true},
    {"SAN-02", "process_delay", "PREFECTURE", false},
    {"SAN-03", "data_error", "NATIONAL_SYSTEM", true},
    {"SAN-04", "process_delay", "PREFECTURE", false},
    {"ECH-01", "legal_case_not_covered", "AGENCY_PORTAL", false},
    {"ECH-02", "legal_case_not_covered", "CERT", false},
    {"ECH-03", "process_delay", "CERT", true},
    {"ECH-04", "process_delay", "FOREIGN_AUTHORITY", false},
    {"ECH-05", "legal_case_not_covered", "AGENCY_PORTAL", false},
    {"ECH-06", "software_defect", "AGENCY_PORTAL", false},
    {"PAY-01", "software_defect", "PAYMENT", false},
    {"PAY-02", "software_defect", "PAYMENT", false},
    {"PRO-01", "software_defect", "AGENCY_PORTAL", false},
    {"PRO-02", "software_defect", "AGENCY_PORTAL", false},
    {"PRO-03", "legal_case_not_covered", "AGENCY_PORTAL", false},
    {"PRO-04", "legal_case_not_covered", "PROXY", false},
    {"TIT-01", "software_defect", "CARD_MANUFACTURER", false},
    {"TIT-02", "process_delay", "CARRIER", false},
    {"TIT-03", "data_error", "CARD_MANUFACTURER", false},
    {"TIT-04", "process_delay", "CERT", true},
    {"GEN-01", "", "", false},
    {"GEN-02", "", "", false},
    {"GEN-03", "", "", false},
    {"GEN-04", "", "", false},
});

constexpr const category* find(std::string_view code) {
    auto found = std::find_if(all.begin(), all.end(), [code](const auto& each) { return each.code == code; });
    return found == all.end() ? nullptr : &*found;
}
constexpr bool is_known(std::string_view code) { return find(code) != nullptr; }

// Health and offences (GDPR, articles 9 and 10): read by those who treat tickets and by nobody else, never in a share.
constexpr bool is_restricted(std::string_view code) { return code.starts_with("MED") || code.starts_with("SAN"); }

// Questions and what is another service's: closed without a dossier.
constexpr bool needs_no_dossier(std::string_view code) { return code == "GEN-02" || code == "GEN-04"; }

} // namespace categories
} // namespace relais::model
