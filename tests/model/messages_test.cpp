// SPDX-License-Identifier: EUPL-1.2
#include "model/accreditation.hpp"
#include "model/birth_date.hpp"
#include "model/cause_owner.hpp"
#include "model/department.hpp"
#include "model/dossier_number.hpp"
#include "model/dossier_status.hpp"
#include "model/email_address.hpp"
#include "model/holidays.hpp"
#include "model/licence_number.hpp"
#include "model/neph.hpp"
#include "model/person_name.hpp"
#include "model/phone.hpp"
#include "model/photo_code.hpp"
#include "model/procedure.hpp"
#include "model/siret.hpp"
#include "model/text.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

using namespace relais;
using namespace date::literals;

namespace {

nlohmann::json texts(const std::string& language) {
    std::ifstream file("templates/locales/" + language + ".json");
    return nlohmann::json::parse(file);
}

// Fails unless both languages have something to say under this dotted key.
void check_said(std::string key) {
    static const auto french = texts("fr");
    static const auto english = texts("en");
    std::replace(key.begin(), key.end(), '.', '/');
    const nlohmann::json::json_pointer at("/" + key);
    INFO(key);
    REQUIRE(french.contains(at));
    REQUIRE(english.contains(at));
    CHECK(french[at].is_string());
    CHECK((french[at].get<std::string>().find("{value}") == std::string::npos) == !key.ends_with("_offer"));
    CHECK((english[at].get<std::string>().find("{value}") == std::string::npos) == !key.ends_with("_offer"));
}

// What people type: good, bad and hostile, for every check.
const std::string samples[] = {
    "",
    " ",
    "a",
    "1",
    "20",
    "96",
    "1234",
    "12345",
    "3400",
    "06 39 98 12",
    "O6 39 98 12 34",
    "639981234",
    "+33 06 39 98 12 34",
    "+33 692 12 34 56",
    "0899 12 34 56",
    "0800 00 00 00",
    "+999 123 456 789",
    "514 555 0199",
    "150833200",
    "15083320001",
    "151333200011",
    "190300200123",
    "300133200011",
    "15O833200011",
    "I50833200011",
    "13AA00001",
    "15083320001123456789",
    "je ne sais pas",
    "Dupont2",
    "a@b",
    "a b@example.test",
    "\"a\" b@example.test",
    "a.@example.test",
    "a..b@example.test",
    "é@example.test",
    "a@gmial.com",
    "a@example",
    "<a>@example.test",
    "03/05/84",
    "99/99/84",
    "31/04/1984",
    "05/25/1984",
    "25/25/1984",
    "01/01/2030",
    "01/01/1500",
    "01/01/1900",
    "01/01/2020",
    "mai 1984",
    "73282932000075",
    "13OO2526500013",
    "l3002526500013",
    "7328293200007",
    "732829320000741",
    "K8WDO3F0RT6YHBN2ME9QZ",
    "n° 1234",
    "75 / 1234-b",
    "a\nb",
    "a\xFF"
    "b",
    "\u0645\u062d\u0645\u062f@example.test",
    "-",
    std::string(70, 'a'),
    std::string(300, 'a'),
    std::string(300, '1'),
};

} // namespace

TEST_CASE("every fault that a check can find has its message in both languages", "[messages]") {
    using check = std::function<model::checked(std::string_view)>;
    const std::pair<const char*, check> checks[] = {
        {"text", [](std::string_view typed) { return model::text::check_line(typed, 200); }},
        {"text", [](std::string_view typed) { return model::text::check_message(typed, 200); }},
        {"neph", [](std::string_view typed) { return model::nephs::check(typed, 2026_y / 11); }},
        {"licence_number", model::licence_numbers::check},
        {"dossier_number", [](std::string_view typed) { return model::dossier_numbers::check(typed); }},
        {"photo_code", model::photo_codes::check},
        {"phone", [](std::string_view typed) { return model::phones::check(typed); }},
        {"phone", [](std::string_view typed) { return model::phones::check(typed, "", model::phones::purpose::callback); }},
        {"email_address", model::email_addresses::check},
        {"birth_date", [](std::string_view typed) { return model::birth_dates::check(typed, 2026_y / 11 / 15); }},
        {"person_name", model::person_names::check},
        {"siret", model::sirets::check},
        {"accreditation", model::accreditations::check},
        {"department", model::departments::check},
        {"procedure", model::procedures::check},
    };
    for (const auto& [noun, check_noun] : checks) {
        for (const auto& typed : samples) {
            INFO(noun << ": " << typed);
            const auto seen = check_noun(typed);
            CHECK(seen.code.empty() == (seen.result == model::verdict::valid));
            CHECK((seen.accepted() || seen.normalised.empty()));
            if (!seen.code.empty()) check_said(model::fault("field", noun, seen).message);
        }
    }
}

TEST_CASE("every code has its label in both languages", "[messages]") {
    for (auto code : model::procedures::all) check_said("procedure." + std::string(code));
    for (auto code : model::dossier_statuses::all) check_said("dossier_status." + std::string(code));
    for (auto code : model::cause_owners::all) check_said("cause_owner." + std::string(code));
    for (const auto& each : model::departments::all()) {
        check_said("department." + std::string(each.code));
        CHECK(texts("fr")["department"][std::string(each.code)] == each.name);
        for (const auto& holiday : model::holidays::of(2026_y, each.code)) check_said("holiday." + std::string(holiday.key));
    }
}

TEST_CASE("the lists of codes hold what they say", "[messages]") {
    CHECK(model::procedures::all.size() == 23);
    CHECK(model::procedures::check(" loss ").normalised == "LOSS");
    CHECK(model::procedures::check("LOST").code == "unknown");
    CHECK(model::dossier_statuses::all.size() == 16);
    CHECK(model::dossier_statuses::is_final("DELIVERED"));
    CHECK(!model::dossier_statuses::is_final("ACCEPTED"));
    CHECK(!model::dossier_statuses::is_known("delivered"));
    CHECK(model::dossier_statuses::waits_for_citizen("SUPPLEMENT_REQUESTED"));
    CHECK(!model::dossier_statuses::waits_for_citizen("UNDER_ASSESSMENT"));
    CHECK(model::cause_owners::all.size() == 13);
    CHECK(model::cause_owners::is_known("CERT"));
}
