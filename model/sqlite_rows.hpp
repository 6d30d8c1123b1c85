// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/sql.hpp"

#include <span>
#include <string>
#include <string_view>

namespace relais::model::sqlite {

// An INSERT of one row whose texts are bound where they lie. SOCI copies each of them twice, which an import of many rows feels: a tenth of
// its time. It is kept with the session's other statements (model/sql.hpp).
class row_inserter final : public sql::detail::prepared_base {
public:
    row_inserter(soci::session& session, const std::string& text);
    ~row_inserter() override;
    row_inserter(const row_inserter&) = delete;
    row_inserter& operator=(const row_inserter&) = delete;

    // Throws soci::soci_error, which sql::is_duplicate understands.
    void insert(std::span<const std::string_view> values);

private:
    struct prepared;
    std::unique_ptr<prepared> prepared_;
};

// That of a text, prepared when it is asked for the first time. The session is one of SQLite.
row_inserter& inserter_of(soci::session& session, std::string_view text);

} // namespace relais::model::sqlite
