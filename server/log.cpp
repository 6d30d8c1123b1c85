// SPDX-License-Identifier: EUPL-1.2
#include "server/log.hpp"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace relais::server {
namespace {

std::shared_ptr<spdlog::logger> access_journal;

// The message of a line as a JSON string: nothing a client sends can end the line or forge another one.
class quoted_message : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& line, const std::tm&, spdlog::memory_buf_t& out) override {
        auto text = json_quoted({line.payload.data(), line.payload.size()});
        out.append(text.data(), text.data() + text.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<quoted_message>(); }
};

constexpr auto time_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",)";

std::unique_ptr<spdlog::formatter> application_format() {
    auto format = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    format->add_flag<quoted_message>('*').set_pattern(std::string(time_pattern) + R"("level":"%l","message":%*})");
    return format;
}

std::unique_ptr<spdlog::formatter> access_format() {
    return std::make_unique<spdlog::pattern_formatter>(std::string(time_pattern) + "%v}", spdlog::pattern_time_type::utc);
}

std::shared_ptr<spdlog::logger> open_journal(const std::string& name, const std::string& file, const logging_options& options) {
    if (file.empty() || file == "-") return std::make_shared<spdlog::logger>(name, std::make_shared<spdlog::sinks::stderr_sink_mt>());
    auto size = static_cast<std::size_t>(options.rotate_bytes);
    auto files = static_cast<std::size_t>(options.rotate_files);
    try {
        auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file, size, files);
        return std::make_shared<spdlog::logger>(name, std::move(sink));
    } catch (const spdlog::spdlog_ex&) {
        throw std::runtime_error("cannot write the journal " + file + ": check the folder and its rights");
    }
}

std::string in_data_dir(const std::string& file, const std::string& data_dir) {
    if (file.empty() || file == "-") return file;
    return (std::filesystem::path(data_dir) / file).string();
}

} // namespace

void journals::open(const logging_options& options, const std::string& data_dir) {
    auto application = open_journal("relais", in_data_dir(options.application_file, data_dir), options);
    application->set_formatter(application_format());
    application->set_level(spdlog::level::from_str(options.level));
    application->flush_on(spdlog::level::info);
    spdlog::set_default_logger(application);
    access_journal.reset();
    if (!options.access_file.empty()) {
        access_journal = open_journal("access", in_data_dir(options.access_file, data_dir), options);
        access_journal->set_formatter(access_format());
    }
}

void journals::access(const access_entry& entry) {
    if (!access_journal) return;
    auto id = json_quoted(entry.request_id);
    access_journal->info(R"("request":{},"method":"{}","route":"{}","status":{},"bytes":{},"ms":{:.3f},"audience":"{}","id":{})", id,
                         entry.method, entry.route, entry.status, entry.sent_bytes, entry.duration_ms, entry.audience, entry.audience_id);
}

void journals::flush() {
    spdlog::default_logger()->flush();
    if (access_journal) access_journal->flush();
}

std::string json_quoted(std::string_view text) {
    std::string out = "\"";
    for (auto letter : text) {
        auto byte = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\')
            out += '\\', out += letter;
        else if (letter == '\n')
            out += "\\n";
        else if (byte < 0x20 || byte == 0x7F)
            out += fmt::format("\\u{:04x}", byte);
        else
            out += letter;
    }
    return out + '"';
}

} // namespace relais::server
