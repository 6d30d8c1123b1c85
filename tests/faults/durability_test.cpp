// SPDX-License-Identifier: EUPL-1.2
// A killed process proves nothing about power: the page cache survives it. So the system calls themselves are watched.
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <utility>

using namespace relais;

namespace {

constexpr int requests = 1000, forms = 50;

struct order {
    int answers = 0, undurable = 0, with_file = 0;
};

// Calls that strace -f shows in two halves, since another thread's came between, made whole again.
class whole_lines {
public:
    explicit whole_lines(std::istream& trace) : trace_(trace) {}
    bool next(std::string& line) {
        while (std::getline(trace_, line)) {
            auto thread = line.substr(0, line.find(' '));
            if (auto cut = line.find(" <unfinished ..."); cut != std::string::npos) {
                begun_[thread] = line.substr(0, cut);
                continue;
            }
            if (auto resumed = line.find(" resumed>"); resumed != std::string::npos)
                line = std::exchange(begun_[thread], thread) + line.substr(resumed + 9);
            return true;
        }
        return false;
    }

private:
    std::istream& trace_;
    std::map<std::string, std::string> begun_;
};

// Reads a trace (strace -f -y): every answer 201 or 303 must come after a write to the log file and a sync of it that returned 0, both
// later than the request it answers. Of a request that brought a file, the file and then its folder are synced before that sync of the
// log. One client sends one request at a time.
order read_trace(std::istream& trace) {
    order out;
    bool written = false, synced = false, has_file = false, file_synced = false, folder_synced = false;
    whole_lines lines(trace);
    for (std::string line; lines.next(line);) {
        auto has = [&line](std::string_view text) { return line.find(text) != std::string::npos; };
        auto is_sync = (has("fdatasync(") || has("fsync(")) && has("= 0");
        if (has("\"POST "))
            written = synced = has_file = file_synced = folder_synced = false;
        else if (has(" write(") && has("/attachments/"))
            has_file = true, written = synced = file_synced = folder_synced = false;
        else if (is_sync && has("/attachments/"))
            file_synced = has_file;
        else if (is_sync && has("/attachments>"))
            folder_synced = file_synced;
        else if (has("pwrite64(") && has(".db-wal>"))
            written = true;
        else if (is_sync && has("-wal>"))
            synced = written && has_file == folder_synced;
        else if (has("\"HTTP/1.1 201") || has("\"HTTP/1.1 303")) {
            ++out.answers, out.with_file += has_file;
            if (!synced) ++out.undurable;
        }
    }
    return out;
}

// A citizen's browser without scripts, as far as the forms go: it keeps its cookies and the hidden fields of the page it is on.
class citizen {
public:
    explicit citizen(std::uint16_t port) : client_(port) {}

    void open(const std::string& path) {
        auto shown = client_.get(path, with_cookies());
        keep_cookies(shown);
        REQUIRE(shown.status == 200);
        page_ = shown.body;
    }
    // Sends the form of this page with its hidden fields; with a file when the form takes one.
    void send(const std::string& path, std::map<std::string, std::string> fields, const std::string& file = "") {
        for (auto name : {"form_token", "form_id"})
            if (auto value = hidden(name); !value.empty()) fields[name] = value;
        auto headers = with_cookies();
        headers["Content-Type"] = file.empty() ? "application/x-www-form-urlencoded" : "multipart/form-data; boundary=relais";
        headers["Sec-Fetch-Site"] = "same-origin";
        auto answer = client_.post(path, file.empty() ? encoded(fields) : in_parts(fields, file), headers);
        keep_cookies(answer);
        INFO(path << ": " << answer.body);
        REQUIRE(answer.status == 303);
        went_to_ = answer.headers["location"];
    }
    const std::string& went_to() const { return went_to_; }

private:
    static std::string encoded(const std::map<std::string, std::string>& fields) {
        std::string out;
        for (const auto& [name, value] : fields) {
            out += (out.empty() ? "" : "&") + name + "=";
            for (char each : value) out += fmt::format("%{:02X}", static_cast<unsigned char>(each));
        }
        return out;
    }
    static std::string in_parts(const std::map<std::string, std::string>& fields, const std::string& file) {
        std::string out;
        auto part = [&out](const std::string& name, const std::string& more, const std::string& value) {
            out += "--relais\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value + "\r\n";
        };
        for (const auto& [name, value] : fields) part(name, "", value);
        part("files[]", "; filename=\"" + file + "\"\r\nContent-Type: text/plain", "Bonjour à tous");
        return out + "--relais--\r\n";
    }
    std::string hidden(const std::string& name) const {
        std::smatch found;
        return std::regex_search(page_, found, std::regex("name=\"" + name + "\" value=\"([^\"]*)\"")) ? found[1].str() : std::string();
    }
    std::map<std::string, std::string> with_cookies() const {
        std::string line;
        for (const auto& [name, value] : cookies_)
            if (!value.empty()) line += (line.empty() ? "" : "; ") + name + "=" + value;
        if (line.empty()) return {};
        return {{"Cookie", line}};
    }
    void keep_cookies(const tests::http_reply& from) {
        auto given = from.headers.find("set-cookie");
        if (given == from.headers.end()) return;
        std::istringstream lines(given->second);
        for (std::string line; std::getline(lines, line);) {
            auto equals = line.find('=');
            cookies_[line.substr(0, equals)] = line.substr(equals + 1, line.find(';') - equals - 1);
        }
    }

    tests::http_client client_;
    std::string page_, went_to_;
    std::map<std::string, std::string> cookies_;
};

// The contact form with a file, then a message with a file on the page of its follow-up. Returns the number of answers 303.
int write_and_write_back(std::uint16_t port) {
    citizen person(port);
    auto step = [&person](const std::string& path, std::map<std::string, std::string> fields, const std::string& next,
                          const std::string& file = "") {
        person.open(path);
        fields.emplace("go", "next");
        person.send(path, fields, file);
        REQUIRE(person.went_to() == next);
    };
    step("/contact", {{"requester.name", "Camille Essai"}, {"subject_person.relation", "self"}}, "/contact/probleme");
    step("/contact/probleme", {{"procedure", "LOSS"}, {"department", "08"}, {"subject", "Perte"}, {"body", "J’ai perdu mon permis."}},
         "/contact/pieces");
    step("/contact/pieces", {}, "/contact/reponse", "lettre.txt");
    step("/contact/reponse", {{"requester.email", "camille@example.test"}}, "/contact/envoi");
    step("/contact/envoi", {{"go", "send"}}, "/contact/recu");
    person.open("/suivi");
    person.send("/suivi/messages", {{"body", "Voici la suite."}}, "suite.txt");
    return 6;
}

// Waits until the tracer is attached: a request shows in its file.
void wait_for_tracer(tests::process& tracer, std::uint16_t port, const std::string& file) {
    tests::http_client client(port);
    for (std::string seen; seen.find("HTTP/1.1 200") == std::string::npos;) {
        REQUIRE(tracer.is_running());
        client.get("/healthz");
        std::ifstream in(file);
        seen.assign(std::istreambuf_iterator<char>(in), {});
    }
}

} // namespace

TEST_CASE("the reading of a trace tells a durable answer from one that is not", "[faults]") {
    std::string request = "7 recvmsg(9, \"POST /api\")\n", write = "8 pwrite64(5</d/relais.db-wal>, \"x\") = 1\n",
                sync = "8 fdatasync(5</d/relais.db-wal>) = 0\n", failed = "8 fdatasync(5</d/relais.db-wal>) = -1 EIO\n",
                answer = "7 sendmsg(9, \"HTTP/1.1 201 Created\")\n", file = "7 write(6</d/attachments/x>, \"x\") = 1\n",
                file_sync = "7 fsync(6</d/attachments/x>) = 0\n", folder_sync = "7 fsync(6</d/attachments>) = 0\n";
    auto undurable = [](const std::string& text) {
        std::istringstream in(text);
        return read_trace(in).undurable;
    };
    CHECK(undurable(request + write + sync + answer) == 0);
    CHECK(undurable(request + answer) == 1);
    CHECK(undurable(request + write + answer + sync) == 1);
    CHECK(undurable(request + sync + write + answer) == 1);
    CHECK(undurable(request + write + failed + answer) == 1);
    CHECK(undurable(request + write + sync + answer + request + answer) == 1);
    CHECK(undurable(request + file + file_sync + folder_sync + write + sync + answer) == 0);
    CHECK(undurable(request + file + file_sync + write + sync + answer) == 1);
    CHECK(undurable(request + file + folder_sync + write + sync + answer) == 1);
    CHECK(undurable(request + file + folder_sync + file_sync + write + sync + answer) == 1);
    CHECK(undurable(request + write + sync + file + file_sync + folder_sync + answer) == 1);
    CHECK(undurable(request + file + file_sync + write + sync + folder_sync + answer) == 1);
    auto halves = "8 fdatasync(5</d/relais.db-wal> <unfinished ...>\n7 read(9, \"\") = 0\n8 <... fdatasync resumed>) = 0\n";
    CHECK(undurable(request + write + halves + answer) == 0);
}

TEST_CASE("every accepted contact was on the disk before its answer left", "[faults]") {
    // Traced, a slow machine is not an overload.
    tests::running_server server("sqlite", {{"RELAIS_FORMS_LIMITS_ENABLED", "false"}, {"RELAIS_DATABASE_QUEUE_AGE_MS", "600000"}});
    server.start();
    auto token = server.command("token add durability --role agent --rate 0");
    auto file = server.data_dir() + "/trace.txt";
    tests::process tracer({"strace", "-f", "-y", "-s", "24", "-e",
                           "trace=pwrite64,fdatasync,fsync,recvmsg,recvfrom,read,sendmsg,sendto,writev,write", "-o", file, "-p",
                           std::to_string(server.child().id())});
    wait_for_tracer(tracer, server.port(), file);
    tests::http_client client(server.port());
    for (int i = 0; i < requests; ++i) {
        nlohmann::json body = {
            {"channel", "phone"},
            {"requester", {{"name", "Camille Essai"}, {"phone", "0639981234"}, {"postal_address", "1 rue de l'Essai, 08000 Charleville"}}},
            {"procedure", "LOSS"},
            {"department", "08"},
            {"subject", "Perte"},
            {"body", "J'ai perdu mon permis."}};
        auto answer =
            client.post("/api/v1/tickets", body.dump(), {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token}});
        REQUIRE(answer.status == 201);
    }
    int sent = requests;
    for (int i = 0; i < forms; ++i) sent += write_and_write_back(server.port());
    tracer.send(SIGINT);
    tracer.wait();
    std::ifstream trace(file);
    auto seen = read_trace(trace);
    CHECK(seen.answers == sent);
    CHECK(seen.with_file == 2 * forms);
    CHECK(seen.undurable == 0);
}
