// SPDX-License-Identifier: EUPL-1.2
// soci-sqlite3.h wraps sqlite3.h in a namespace of its own: it must come first and alone.
#include <soci/sqlite3/soci-sqlite3.h>

#include "model/sqlite_rows.hpp"

namespace relais::model::sqlite {

struct row_inserter::prepared {
    sqlite_api::sqlite3* connection = nullptr;
    sqlite_api::sqlite3_stmt* statement = nullptr;

    [[noreturn]] void fail(int code) const { throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(connection), code); }
};

row_inserter::row_inserter(soci::session& session, const std::string& text) : prepared_(std::make_unique<prepared>()) {
    prepared_->connection = static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
    auto size = static_cast<int>(text.size());
    auto code =
        sqlite_api::sqlite3_prepare_v3(prepared_->connection, text.data(), size, SQLITE_PREPARE_PERSISTENT, &prepared_->statement, nullptr);
    if (code != SQLITE_OK) prepared_->fail(code);
}

row_inserter::~row_inserter() { sqlite_api::sqlite3_finalize(prepared_->statement); }

void row_inserter::insert(std::span<const std::string_view> values) {
    auto* on = prepared_->statement;
    if (static_cast<std::size_t>(sqlite_api::sqlite3_bind_parameter_count(on)) != values.size())
        throw soci::soci_error("sql: another number of values than of placeholders");
    for (std::size_t i = 0; i < values.size(); ++i) {
        // The values outlive the step; an empty one is a text all the same, not a NULL.
        const auto* data = values[i].data() ? values[i].data() : "";
        auto code = sqlite_api::sqlite3_bind_text(on, static_cast<int>(i) + 1, data, static_cast<int>(values[i].size()), nullptr);
        if (code != SQLITE_OK) prepared_->fail(code);
    }
    auto code = sqlite_api::sqlite3_step(on);
    auto again = sqlite_api::sqlite3_reset(on); // the same code, and what sqlite3_errmsg tells of
    if (code != SQLITE_DONE) prepared_->fail(again);
}

row_inserter& inserter_of(soci::session& session, std::string_view text) {
    return sql::detail::of(session).get<row_inserter>(session, text);
}

} // namespace relais::model::sqlite
