// SPDX-License-Identifier: EUPL-1.2
#include "server/backup.hpp"

#include "api/secrets.hpp"
#include "model/clock.hpp"
#include "model/database_copy.hpp"
#include "server/backup_records.hpp"
#include "server/data_dir.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace relais::server {

namespace fs = std::filesystem;

namespace {

struct amounts {
    std::int64_t rows = 0, files = 0, missing = 0;
};

fs::path attachments_of(const configuration& config) { return fs::path(config.site.data_dir) / "attachments"; }

// Without the key nothing that was sealed could ever be opened again: none is made here.
api::secrets existing_keys(const configuration& config) {
    if (!fs::exists(config.master_key_file))
        throw std::runtime_error("the master key " + config.master_key_file +
                                 " is missing: put the one of the server that was backed up in its place");
    return api::load_secrets(config.master_key_file);
}

void write_rows(model::database_source& from, sealed_writer& to, amounts& done) {
    for (const auto& table : from.tables()) {
        backup_record head = {"table", table.name};
        head.insert(head.end(), table.columns.begin(), table.columns.end());
        write_record(to, head);
        auto before = done.rows;
        backup_record record;
        auto write_row = [&](const model::tables::row& row) {
            record.assign(1, "r");
            record.insert(record.end(), row.begin(), row.end());
            write_record(to, record);
            ++done.rows;
        };
        from.rows(table, write_row);
        if (done.rows > before) std::cerr << table.name << ": " << done.rows - before << " rows" << std::endl;
    }
}

// Encrypted already, each under a key that lies in its row: copied as they are.
bool write_file(const fs::path& path, sealed_writer& to) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return false;
    write_record(to, {"file", path.filename().string()});
    std::array<char, 64 * 1024> block;
    while (in.read(block.data(), block.size()) || in.gcount() > 0)
        write_record(to, {"b", std::string(block.data(), static_cast<std::size_t>(in.gcount()))});
    return true;
}

void write_files(model::database_source& from, const fs::path& folder, sealed_writer& to, amounts& done) {
    from.attachments([&](const std::string& name) { ++(write_file(folder / name, to) ? done.files : done.missing); });
    // Erased while we were reading, or lost: the person who restores should know.
    if (done.missing > 0) std::cerr << done.missing << " attachments have no file" << std::endl;
}

std::vector<int> numbers_of(const backup_record& record) {
    std::vector<int> out;
    for (std::size_t i = 1; i < record.size(); ++i) {
        auto text = record[i].value_or("");
        std::from_chars(text.data(), text.data() + text.size(), out.emplace_back());
    }
    return out;
}

const std::string& word(const backup_record& record, std::size_t at) {
    if (at >= record.size() || !record[at]) throw std::runtime_error("the backup is damaged: a record is too short");
    return *record[at];
}

// Reads a backup from its second record on.
class restoring {
public:
    restoring(sealed_reader& from, model::database_destination& into, fs::path folder)
        : from_(from), into_(into), folder_(std::move(folder)) {
        fs::create_directories(folder_);
        fs::permissions(folder_, fs::perms::owner_all);
    }

    amounts run() {
        backup_record record;
        while (read_record(from_, record)) {
            if (word(record, 0) == "end") return check_end(record);
            take(record);
        }
        throw std::runtime_error("the backup has no end");
    }

private:
    void take(backup_record& record) {
        const auto& kind = word(record, 0);
        if (kind == "r") {
            into_.row({std::make_move_iterator(record.begin() + 1), std::make_move_iterator(record.end())});
            ++done_.rows;
        } else if (kind == "b") {
            file_ << word(record, 1);
        } else if (kind == "table") {
            std::vector<std::string> columns;
            for (std::size_t i = 2; i < record.size(); ++i) columns.push_back(word(record, i));
            into_.table(word(record, 1), std::move(columns));
        } else if (kind == "file") {
            open_file(word(record, 1));
        } else {
            throw std::runtime_error("the backup holds something unknown: install the newer version of Relais");
        }
    }

    void open_file(const std::string& name) {
        close_file();
        if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.')) throw std::runtime_error("the backup is damaged");
        path_ = folder_ / name;
        file_.open(path_, std::ios::binary | std::ios::trunc);
        ++done_.files;
    }

    void close_file() {
        if (path_.empty()) return;
        file_.close();
        if (!file_) throw std::runtime_error("cannot write " + path_.string() + ": is the disk full?");
    }

    amounts check_end(const backup_record& record) {
        close_file();
        if (word(record, 1) != std::to_string(done_.rows) || word(record, 2) != std::to_string(done_.files))
            throw std::runtime_error("the backup does not hold what its end says");
        return done_;
    }

    sealed_reader& from_;
    model::database_destination& into_;
    fs::path folder_, path_;
    std::ofstream file_;
    amounts done_;
};

} // namespace

int back_up(const common_options& options, const std::string& file) {
    auto config = configuration_of(options);
    auto keys = existing_keys(config);
    model::database_source from(config.database);
    sealed_writer to(file, keys);
    write_record(to, {"begin", backup_format, RELAIS_VERSION, std::to_string(model::seconds(model::system_now()))});
    backup_record schema = {"schema"};
    for (auto each : from.versions()) schema.emplace_back(std::to_string(each));
    write_record(to, schema);
    amounts done;
    write_rows(from, to, done);
    write_files(from, attachments_of(config), to, done);
    write_record(to, {"end", std::to_string(done.rows), std::to_string(done.files)});
    to.finish();
    std::cout << fmt::format("{}: {} rows, {} attachments, {} bytes", file, done.rows, done.files, to.size_bytes()) << std::endl;
    return 0;
}

int restore(const common_options& options, const std::string& file) {
    auto config = configuration_of(options);
    prepare_data_dir(config.site.data_dir);
    directory_lock lock(config.site.data_dir);
    if (!lock.is_held()) throw std::runtime_error("a relais runs in " + config.site.data_dir + ": stop it first");
    sealed_reader from(file, existing_keys(config));
    backup_record begin, schema;
    if (!read_record(from, begin) || word(begin, 0) != "begin" || word(begin, 1) != backup_format || !read_record(from, schema))
        throw std::runtime_error(file + " was written by a newer version of Relais: install that one");
    model::database_destination into(config.database, numbers_of(schema));
    auto done = restoring(from, into, attachments_of(config)).run();
    ::sync(); // the attachments, before the database that names them
    into.finish();
    fs::remove_all(search_folder(config)); // it is of another database; the server fills it again
    std::cout << fmt::format("restored: {} rows, {} attachments", done.rows, done.files) << std::endl;
    return 0;
}

} // namespace relais::server
