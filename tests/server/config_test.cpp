// SPDX-License-Identifier: EUPL-1.2
#include "server/config.hpp"

#include <catch2/catch.hpp>
#include <toml++/toml.h>

#include <cstdlib>
#include <set>

using namespace relais::server;

namespace {

// A variable of the environment for the length of a test.
struct environment {
    environment(const char* variable, const char* value) : name(variable) { ::setenv(name, value, 1); }
    ~environment() { ::unsetenv(name); }
    const char* name;
};

std::vector<std::string> texts(const loaded_configuration& loaded) {
    std::vector<std::string> out;
    for (const auto& each : loaded.faults) out.push_back(std::to_string(each.line) + ": " + each.text);
    return out;
}

} // namespace

TEST_CASE("an empty configuration is the built-in one, without a fault", "[config]") {
    auto loaded = read_configuration("");
    CHECK(texts(loaded).empty());
    CHECK(loaded.config.listen == std::vector<std::string>{"127.0.0.1:8080"});
    CHECK(loaded.config.limits.header_deadline_ms == 10'000);
}

TEST_CASE("a value of the file goes to its place, and the environment wins over it", "[config]") {
    auto text = "[site]\nbase_url = \"https://relais.example.test\"\n[http]\nconnections = 50\nlisten = [\"[::1]:81\", \"127.0.0.1:81\"]\n";
    CHECK(read_configuration(text).config.limits.connections == 50);
    CHECK(read_configuration(text).config.listen.size() == 2);
    environment fewer("RELAIS_HTTP_CONNECTIONS", "7");
    environment elsewhere("RELAIS_HTTP_LISTEN", "127.0.0.1:1,127.0.0.1:2,127.0.0.1:3");
    auto loaded = read_configuration(text);
    CHECK(texts(loaded).empty());
    CHECK(loaded.config.limits.connections == 7);
    CHECK(loaded.config.listen.size() == 3);
    CHECK(loaded.config.site.base_url == "https://relais.example.test");
}

TEST_CASE("a recipient of the share has a name, under which is told what it decides", "[config]") {
    auto faults_of = [](const std::string& recipient) {
        return texts(read_configuration("[share]\nrecipients = [\"" + recipient + "\"]\n"));
    };
    CHECK(faults_of("Bureau du permis <bureau@example.test>").empty());
    for (const char* each : {"bureau@example.test", "<bureau@example.test>", "Bureau <bureau>", "Bureau <bureau@example.test", ""}) {
        INFO(each);
        REQUIRE(faults_of(each).size() == 1);
        CHECK(faults_of(each)[0].find("share.recipients: " + std::string(each) + " is not") != std::string::npos);
    }
}

TEST_CASE("every fault is told at once, with its line", "[config]") {
    auto loaded =
        read_configuration("[site]\nbase_url = \"relais.example.test\"\nbase_ulr = \"x\"\n\n[http]\nconnections = \"many\"\nin_flight = 4\n"
                           "listen = [\"here\"]\n[secrets]\nkey = \"x\"\n");
    auto found = texts(loaded);
    auto has = [&](const std::string& start) {
        return std::any_of(found.begin(), found.end(), [&](const auto& each) { return each.starts_with(start); });
    };
    CHECK(has("3: site.base_ulr is not a known key"));
    CHECK(has("6: http.connections must be a whole number"));
    CHECK(has("7: http.in_flight must be between 5"));
    CHECK(has("10: secrets.key is not a known key"));
    CHECK(has("0: site.base_url must be"));
    CHECK(has("0: http.listen: here"));
    CHECK(found.size() == 6);
}

TEST_CASE("a text that is not TOML is one fault, at its line", "[config]") {
    auto loaded = read_configuration("[site]\nbase_url = \"x\n");
    REQUIRE_FALSE(loaded.faults.empty());
    CHECK(loaded.faults.front().line == 2);
}

TEST_CASE("a wrong variable of the environment is a fault that names it", "[config]") {
    environment wrong("RELAIS_SITE_STATE_IDENTITY", "yes");
    auto found = texts(read_configuration(""));
    REQUIRE(found.size() == 1);
    CHECK(found.front() == "0: RELAIS_SITE_STATE_IDENTITY: site.state_identity must be true or false");
}

TEST_CASE("limits hold on both sides", "[config]") {
    CHECK(read_configuration("[database]\nport = 1\n").faults.empty());
    CHECK(read_configuration("[database]\nport = 65535\n").faults.empty());
    CHECK(read_configuration("[database]\nport = 0\n").faults.size() == 1);
    CHECK(read_configuration("[database]\nport = 65536\n").faults.size() == 1);
}

TEST_CASE("no limit of attachments promises more than a form may carry", "[config]") {
    CHECK(read_configuration("[attachments]\ntotal_bytes = 26214400\n").faults.empty());
    auto found = texts(read_configuration("[attachments]\ntotal_bytes = 26214401\n"));
    REQUIRE(found.size() == 1);
    CHECK(found.front().starts_with("2: attachments.total_bytes must be between 1 and 26214400"));
}

TEST_CASE("no secret is a key of its own: only the name of its file is", "[config]") {
    configuration config;
    for (const auto& key : config_keys(config)) {
        auto name = std::string(key.name);
        auto is_secret = name.find("password") != std::string::npos || name.find("secret") != std::string::npos;
        CHECK((!is_secret || name.ends_with("_file")));
    }
}

// The example is what people read: it must say every key, with the value it has when it is left out.
TEST_CASE("config/relais.toml holds every key of the program, with its default, and nothing else", "[config]") {
    auto example = toml::parse_file("config/relais.toml");
    configuration defaults;
    std::set<std::string> expected, found;
    for (const auto& key : config_keys(defaults)) expected.insert(std::string(key.section) + "." + std::string(key.name));
    for (const auto& [section, node] : example)
        for (const auto& [name, value] : *node.as_table()) found.insert(std::string(section.str()) + "." + std::string(name.str()));
    CHECK(found == expected);
    auto from_example = load_configuration("config/relais.toml");
    CHECK(texts(from_example).empty());
    auto theirs = config_keys(from_example.config);
    auto ours = config_keys(defaults);
    for (std::size_t i = 0; i < ours.size(); ++i) {
        INFO(ours[i].section << "." << ours[i].name);
        auto same = std::visit([&](auto* value) { return *value == *std::get<decltype(value)>(theirs[i].target); }, ours[i].target);
        CHECK(same);
    }
}

TEST_CASE("a mail server that cannot work is told before the start", "[config]") {
    auto fault_of = [](const std::string& mail) {
        auto loaded = read_configuration("[mail]\n" + mail);
        return loaded.faults.empty() ? std::string() : loaded.faults.front().text;
    };
    CHECK(fault_of("host = \"mail.example.test\"\n").empty());
    CHECK(fault_of("host = \"127.0.0.1\"\nsecurity = \"none\"\n").empty());
    CHECK(fault_of("host = \"a b\"\n") == "mail: not a host name");
    CHECK(fault_of("host = \"mail.example.test\"\nsecurity = \"maybe\"\n") == "mail: security is none, starttls or tls");
    CHECK(fault_of("host = \"mail.example.test\"\nuser = \"relais\"\n") == "mail.user and mail.password_file go together");
    CHECK(fault_of("from_address = \"nobody\"\n").starts_with("mail.from_address"));
    CHECK(fault_of("message_id_host = \"a b\"\n").starts_with("mail.message_id_host"));
}
