// SPDX-License-Identifier: EUPL-1.2
#include "model/mariadb_session.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace relais::model::mariadb {

namespace {

using soci::details::exchange_type;

constexpr std::size_t first_text_bytes = 256; // longer texts make their buffer grow
// Each placeholder takes room on the server while its statement is kept; many rows at once are read from a text as fast.
constexpr std::size_t values_limit = 256;
// What the server will not prepare: more statements than its max_prepared_stmt_count, or values than it counts; other kinds of statement.
constexpr std::array<unsigned, 3> unprepared = {1461, 1390, 1295};

struct close_statement {
    void operator()(MYSQL_STMT* what) const { mysql_stmt_close(what); }
};

// What the server sends of one column.
struct cell {
    enum_field_types type = MYSQL_TYPE_NULL;
    long long number = 0;
    double real = 0;
    std::vector<char> text;
    unsigned long length = 0;
    my_bool is_null = 0, is_cut = 0;

    void bind(MYSQL_BIND& to) {
        to = MYSQL_BIND{};
        to.buffer_type = type;
        to.length = &length, to.is_null = &is_null, to.error = &is_cut;
        if (type == MYSQL_TYPE_LONGLONG)
            to.buffer = &number;
        else if (type == MYSQL_TYPE_DOUBLE)
            to.buffer = &real;
        else
            to.buffer = text.data(), to.buffer_length = text.size();
    }
};

class prepared_statement;

// A member that a column is read into.
class target final : public soci::details::standard_into_type_backend {
public:
    explicit target(prepared_statement& of) : of_(of) {}
    void define_by_pos(int& position, void* data, exchange_type type) override;
    void pre_fetch() override {}
    void post_fetch(bool got_data, bool called_from_fetch, soci::indicator* state) override;
    void clean_up() override {}

private:
    prepared_statement& of_;
    void* data_ = nullptr;
    std::size_t place_ = 0;
};

// A value that is bound.
class source final : public soci::details::standard_use_type_backend {
public:
    explicit source(prepared_statement& of) : of_(of) {}
    void bind_by_pos(int& position, void* data, exchange_type type, bool read_only) override;
    void bind_by_name(const std::string&, void*, exchange_type, bool) override { throw soci::soci_error("sql: values are bound in order"); }
    void pre_use(const soci::indicator* state) override;
    void post_use(bool, soci::indicator*) override {}
    void clean_up() override {}

private:
    prepared_statement& of_;
    void* data_ = nullptr;
    exchange_type type_{};
    std::size_t place_ = 0;
};

class prepared_statement final : public soci::details::statement_backend {
public:
    explicit prepared_statement(soci::mysql_session_backend& session)
        : connection_(session.conn_), plain_(session.make_statement_backend()) {}

    void alloc() override { plain_->alloc(); }
    void prepare(const std::string& query, soci::details::statement_type type) override {
        plain_->prepare(query, type);
        const auto& names = plain_->names_;
        const auto& pieces = plain_->queryChunks_; // the text around the names
        if (type != soci::details::st_repeatable_query || names.empty() || names.size() > values_limit) return;
        std::string text;
        for (std::size_t i = 0; i < pieces.size(); ++i) text.append(pieces[i]).append(i < names.size() ? "?" : "");
        statement_.reset(mysql_stmt_init(connection_));
        if (!statement_) throw soci::soci_error("out of memory");
        if (mysql_stmt_prepare(statement_.get(), text.data(), text.size()) == 0) {
            values_.resize(mysql_stmt_param_count(statement_.get()));
            return;
        }
        auto code = mysql_stmt_errno(statement_.get());
        if (std::find(unprepared.begin(), unprepared.end(), code) == unprepared.end()) fail();
        statement_.reset();
    }
    void clean_up() override {
        statement_.reset();
        plain_->clean_up();
    }

    exec_fetch_result execute(int number) override {
        if (!statement_) return plain_->execute(number);
        if (bound_ != values_.size()) throw soci::soci_error("sql: fewer values than placeholders");
        auto* on = statement_.get();
        mysql_stmt_free_result(on); // of a run that nobody read to its end
        if (mysql_stmt_bind_param(on, values_.data()) != 0 || mysql_stmt_execute(on) != 0) fail();
        if (mysql_stmt_field_count(on) == 0) return ef_no_data;
        if (mysql_stmt_field_count(on) != cells_.size()) throw soci::soci_error("sql: another number of columns than of members");
        for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i].bind(columns_[i]);
        if (mysql_stmt_bind_result(on, columns_.data()) != 0 || mysql_stmt_store_result(on) != 0) fail();
        return number > 0 ? fetch(number) : ef_success;
    }
    exec_fetch_result fetch(int number) override {
        if (!statement_) return plain_->fetch(number);
        auto* on = statement_.get();
        for (auto& each : cells_) each.is_cut = 0;
        auto code = mysql_stmt_fetch(on);
        if (code == 1) fail();
        if (code == MYSQL_NO_DATA) {
            mysql_stmt_free_result(on);
            return ef_no_data;
        }
        if (code == MYSQL_DATA_TRUNCATED) read_cut();
        return ef_success;
    }

    long long get_affected_rows() override {
        return statement_ ? static_cast<long long>(mysql_stmt_affected_rows(statement_.get())) : plain_->get_affected_rows();
    }
    int get_number_of_rows() override {
        return statement_ ? static_cast<int>(mysql_stmt_num_rows(statement_.get())) : plain_->get_number_of_rows();
    }
    std::string get_parameter_name(int index) const override { return plain_->get_parameter_name(index); }
    std::string rewrite_for_procedure_call(const std::string& query) override { return plain_->rewrite_for_procedure_call(query); }
    int prepare_for_describe() override { return plain_->prepare_for_describe(); }
    void describe_column(int column, soci::data_type& type, std::string& name) override { plain_->describe_column(column, type, name); }

    // SOCI asks for these once the statement is prepared.
    soci::details::standard_into_type_backend* make_into_type_backend() override {
        if (statement_) return new target(*this);
        return plain_->make_into_type_backend();
    }
    soci::details::standard_use_type_backend* make_use_type_backend() override {
        if (statement_) return new source(*this);
        return plain_->make_use_type_backend();
    }
    soci::details::vector_into_type_backend* make_vector_into_type_backend() override { return plain_->make_vector_into_type_backend(); }
    soci::details::vector_use_type_backend* make_vector_use_type_backend() override { return plain_->make_vector_use_type_backend(); }

    std::size_t add_column(enum_field_types type) {
        auto& made = cells_.emplace_back();
        made.type = type;
        if (type == MYSQL_TYPE_STRING) made.text.resize(first_text_bytes);
        columns_.resize(cells_.size());
        return cells_.size() - 1;
    }
    const cell& column(std::size_t place) const { return cells_[place]; }
    void add_value(std::size_t place) {
        if (place >= values_.size()) throw soci::soci_error("sql: more values than placeholders");
        ++bound_;
    }
    MYSQL_BIND& value(std::size_t place) { return values_[place]; }

private:
    [[noreturn]] void fail() {
        auto code = mysql_stmt_errno(statement_.get());
        if (code != 0) throw soci::mysql_soci_error(mysql_stmt_error(statement_.get()), static_cast<int>(code));
        throw soci::mysql_soci_error(mysql_error(connection_), static_cast<int>(mysql_errno(connection_)));
    }
    // What did not fit: texts are read once more into a larger buffer, which the next rows find. All of them before any is bound again,
    // since libmariadb forgets with that where the row's columns lie.
    void read_cut() {
        auto* on = statement_.get();
        for (std::size_t i = 0; i < cells_.size(); ++i) {
            auto& one = cells_[i];
            if (one.is_null || !one.is_cut) continue;
            if (one.type != MYSQL_TYPE_STRING) throw soci::soci_error("Cannot convert data.");
            one.text.resize(one.length);
            one.bind(columns_[i]);
            if (mysql_stmt_fetch_column(on, &columns_[i], static_cast<unsigned>(i), 0) != 0) fail();
        }
        if (mysql_stmt_bind_result(on, columns_.data()) != 0) fail();
    }

    MYSQL* connection_;
    std::unique_ptr<soci::mysql_statement_backend> plain_; // runs what is not prepared
    std::unique_ptr<MYSQL_STMT, close_statement> statement_;
    std::vector<MYSQL_BIND> values_, columns_;
    std::size_t bound_ = 0;
    std::deque<cell> cells_; // their addresses are bound
};

enum_field_types type_of(exchange_type type) {
    switch (type) {
    case soci::details::x_long_long:
        return MYSQL_TYPE_LONGLONG;
    case soci::details::x_double:
        return MYSQL_TYPE_DOUBLE;
    case soci::details::x_stdstring:
        return MYSQL_TYPE_STRING;
    default:
        throw soci::soci_error("sql: values are bound as texts, whole numbers or real ones");
    }
}

void target::define_by_pos(int& position, void* data, exchange_type type) {
    data_ = data, ++position;
    place_ = of_.add_column(type_of(type));
}

void target::post_fetch(bool got_data, bool, soci::indicator* state) {
    if (!got_data) return;
    const auto& from = of_.column(place_);
    if (from.is_null) {
        if (!state) throw soci::soci_error("Null value fetched and no indicator defined.");
        *state = soci::i_null;
        return;
    }
    if (state) *state = soci::i_ok;
    if (from.type == MYSQL_TYPE_LONGLONG)
        *static_cast<long long*>(data_) = from.number;
    else if (from.type == MYSQL_TYPE_DOUBLE)
        *static_cast<double*>(data_) = from.real;
    else
        static_cast<std::string*>(data_)->assign(from.text.data(), from.length);
}

void source::bind_by_pos(int& position, void* data, exchange_type type, bool) {
    data_ = data, type_ = type;
    place_ = static_cast<std::size_t>(position++) - 1;
    type_of(type); // refuses the others
    of_.add_value(place_);
}

void source::pre_use(const soci::indicator* state) {
    auto& to = of_.value(place_);
    to.buffer_type = state && *state == soci::i_null ? MYSQL_TYPE_NULL : type_of(type_);
    to.buffer = data_;
    if (type_ != soci::details::x_stdstring) return;
    auto& text = *static_cast<std::string*>(data_);
    to.buffer = text.data();
    to.buffer_length = text.size();
}

class prepared_session final : public soci::details::session_backend {
public:
    // SOCI's library shows the maker of its sessions, not their classes: they are spoken to through their bases.
    explicit prepared_session(const soci::connection_parameters& given)
        : plain_(static_cast<soci::mysql_session_backend*>(soci::factory_mysql()->make_session(given))) {}

    bool is_connected() override { return plain_->is_connected(); }
    void begin() override { plain_->begin(); }
    void commit() override { plain_->commit(); }
    void rollback() override { plain_->rollback(); }
    bool get_last_insert_id(soci::session& session, const std::string& table, long long& id) override {
        return plain_->get_last_insert_id(session, table, id);
    }
    std::string get_dummy_from_table() const override { return plain_->get_dummy_from_table(); }
    std::string get_backend_name() const override { return plain_->get_backend_name(); }
    soci::details::statement_backend* make_statement_backend() override { return new prepared_statement(*plain_); }
    soci::details::rowid_backend* make_rowid_backend() override { return plain_->make_rowid_backend(); }
    soci::details::blob_backend* make_blob_backend() override { return plain_->make_blob_backend(); }

private:
    std::unique_ptr<soci::mysql_session_backend> plain_;
};

struct prepared_factory final : soci::backend_factory {
    soci::details::session_backend* make_session(const soci::connection_parameters& given) const override {
        return new prepared_session(given);
    }
};

const prepared_factory factory;

} // namespace

const soci::backend_factory& prepared_sessions = factory;

} // namespace relais::model::mariadb
