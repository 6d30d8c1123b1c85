// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

namespace relais::model {

// Someone who writes, or whom a ticket is about; checked and normalised before it comes here. Column `citizen`.
struct person {
    std::int64_t id = 0;
    std::string name; // as the person wrote it
    std::string birth_name;
    std::string first_names;
    std::string birth_date;      // YYYY-MM-DD, 00 for an unknown day or month (domain.md 2.9)
    std::string birth_precision; // day, month, year or nothing
    std::string email;
    std::string phone; // E.164
    std::string phone_typed;
    std::string postal_address;
    std::string language = "fr";

    static constexpr auto columns =
        "id, name, birth_name, first_names, birth_date, birth_precision, email, phone, phone_typed, postal_address, language";
    auto fields() {
        return std::tie(id, name, birth_name, first_names, birth_date, birth_precision, email, phone, phone_typed, postal_address,
                        language);
    }
};

} // namespace relais::model
