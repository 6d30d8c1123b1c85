// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/smtp_sink.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace relais::tests {
namespace {

std::string content(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> words(const std::filesystem::path& directory, std::vector<std::string> options) {
    std::vector<std::string> out{"node", "tests/support/smtp_sink.mjs", "--out", directory.string()};
    std::move(options.begin(), options.end(), std::back_inserter(out));
    return out;
}

} // namespace

smtp_sink::smtp_sink(const std::filesystem::path& directory, std::vector<std::string> options)
    : directory_{directory}, program_{words(directory, std::move(options))}, port_{std::stoi(program_.read_line())} {}

std::vector<nlohmann::json> smtp_sink::mails() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{directory_})
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<nlohmann::json> out;
    for (const auto& file : files) out.push_back(nlohmann::json::parse(content(file)));
    return out;
}

std::vector<nlohmann::json> smtp_sink::wait_for(std::size_t count, std::chrono::milliseconds limit) const {
    auto deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        auto found = mails();
        if (found.size() >= count) return found;
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("the sink has " + std::to_string(found.size()) + " mails, not " + std::to_string(count));
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

std::string smtp_sink::bytes(const nlohmann::json& mail) const { return content(directory_ / mail.at("file").get<std::string>()); }

} // namespace relais::tests
