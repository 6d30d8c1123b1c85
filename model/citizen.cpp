// SPDX-License-Identifier: EUPL-1.2
#include "model/citizen.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

namespace relais::model::citizens {

std::string lower_ascii(std::string_view address) {
    std::string out(address);
    for (auto& each : out)
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    return out;
}

std::string turned(std::string_view folded_name) {
    auto space = folded_name.rfind(' ');
    if (space == std::string_view::npos) return {};
    return std::string(folded_name.substr(space + 1)).append(" ").append(folded_name.substr(0, space));
}

std::int64_t add(soci::session& sql, const person& who, sys_seconds now) {
    return sql::insert(
        sql,
        "INSERT INTO citizen (name, name_folded, birth_name, birth_name_folded, first_names, first_names_folded, birth_date, "
        "birth_precision, email, email_folded, phone, phone_typed, postal_address, language, created_at, name_turned) "
        "VALUES (:name, :name_folded, :birth_name, :birth_name_folded, :first_names, :first_names_folded, :birth_date, "
        ":birth_precision, :email, :email_folded, :phone, :phone_typed, :postal_address, :language, :created_at, :name_turned)",
        who.name, text::fold(who.name), who.birth_name, text::fold(who.birth_name), who.first_names, text::fold(who.first_names),
        who.birth_date, who.birth_precision, who.email, lower_ascii(who.email), who.phone, who.phone_typed, who.postal_address,
        who.language, now, turned(text::fold(who.name)));
}

std::vector<std::int64_t> same_birth(soci::session& sql, const person& who) {
    return sql::all<std::int64_t>(
        sql, "SELECT id FROM citizen WHERE birth_date = :birth_date AND birth_name_folded = :name ORDER BY id DESC LIMIT 50",
        who.birth_date, text::fold(who.birth_name));
}

person get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<person>(sql,
                                    "SELECT id, name, birth_name, first_names, birth_date, birth_precision, email, phone, phone_typed, "
                                    "postal_address, language FROM citizen WHERE id = :id",
                                    id);
    if (!found) throw not_found();
    return *found;
}

} // namespace relais::model::citizens
