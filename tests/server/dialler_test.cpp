// SPDX-License-Identifier: EUPL-1.2
#include "model/call.hpp"
#include "model/sql.hpp"
#include "server/dialler.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <future>
#include <thread>

using namespace relais;
using namespace relais::server;
namespace asio = boost::asio;

namespace {

// A telephone system that takes one request and answers what it is told to.
class telephone_system {
public:
    explicit telephone_system(std::string answer) : answer_(std::move(answer)) {
        received = std::async(std::launch::async, [this] {
            asio::ip::tcp::socket peer(context_);
            acceptor_.accept(peer);
            std::string text;
            while (text.find("\r\n\r\n") == std::string::npos || text.back() != '}') {
                char piece[4096];
                boost::system::error_code error;
                auto got = peer.read_some(asio::buffer(piece), error);
                if (error) break;
                text.append(piece, got);
            }
            asio::write(peer, asio::buffer(answer_));
            return text;
        });
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/dial"; }
    std::future<std::string> received;

private:
    std::string answer_;
    asio::io_context context_;
    asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::make_address("127.0.0.1"), 0}};
};

model::call outgoing(tests::temporary_database& database) {
    model::call what;
    what.direction = "out", what.phone = "+33639981234", what.agent_id = 7, what.agent_name = "Camille Martin";
    what.started_at_us = model::seconds(tests::monday) * 1'000'000;
    return database->write_now([&](soci::session& sql) { return model::calls::add(sql, what, {}, tests::monday); });
}

std::int64_t failures(tests::temporary_database& database) {
    return database->read_now([](soci::session& sql) {
        return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM event WHERE action = 'call.dial_failed'");
    });
}

// The state of a call, once the dialler has had its say.
std::string state_after(tests::temporary_database& database, const std::string& id) {
    return database->read_now([&](soci::session& sql) { return model::calls::get(sql, id).state; });
}

} // namespace

TEST_CASE("a request to dial is posted once, with the number, the extension and the token", "[dialler]") {
    tests::temporary_database database;
    auto call = outgoing(database);
    telephone_system pbx("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    dialler dial({pbx.url(), "jeton"}, *database);
    dial.dial({{"call", call.public_id}, {"number", call.phone}, {"user", "Camille Martin"}, {"extension", "201"}});
    auto text = pbx.received.get();
    CHECK(text.starts_with("POST /dial HTTP/1.1\r\n"));
    CHECK(text.find("Authorization: Bearer jeton\r\n") != std::string::npos);
    auto body = nlohmann::json::parse(text.substr(text.find("\r\n\r\n") + 4));
    CHECK(body == nlohmann::json{{"call", call.public_id}, {"number", "+33639981234"}, {"user", "Camille Martin"}, {"extension", "201"}});
    dial.stop();
    CHECK(failures(database) == 0);
    CHECK(state_after(database, call.public_id) == "ringing");
}

TEST_CASE("a telephone system that refuses or is away ends the call, and the screen is told", "[dialler]") {
    tests::temporary_database database;
    auto refused = outgoing(database);
    {
        telephone_system pbx("HTTP/1.1 500 Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        dialler dial({pbx.url(), ""}, *database);
        dial.dial({{"call", refused.public_id}, {"number", refused.phone}});
        pbx.received.get();
        while (failures(database) == 0) std::this_thread::yield();
    }
    CHECK(state_after(database, refused.public_id) == "ended");
    auto away = outgoing(database);
    dialler dial({"http://127.0.0.1:1/dial", ""}, *database);
    dial.dial({{"call", away.public_id}, {"number", away.phone}});
    while (failures(database) == 1) std::this_thread::yield();
    CHECK(state_after(database, away.public_id) == "ended");
}
