// SPDX-License-Identifier: EUPL-1.2
#include "api/json_reader.hpp"

#include <catch2/catch.hpp>

using nlohmann::json;
using relais::api::json_reader;
using relais::model::field_fault;

namespace {

std::vector<std::string> written(const std::vector<field_fault>& faults) {
    std::vector<std::string> out;
    for (const auto& one : faults) {
        CHECK(one.message == "fault.json." + one.code);
        out.push_back(one.field + ":" + one.code);
    }
    return out;
}

} // namespace

TEST_CASE("a whole object is read without a fault", "[json_reader]") {
    auto body = json::parse(R"({"subject":"é😀","count":3,"urgent":true,"tags":["a","b"],"requester":{"email":"a@example.test"},
                               "messages":[{"body":"x"},{"body":"y"}],"nothing":null})");
    std::vector<field_fault> faults;
    json_reader reader(body, faults);
    CHECK(reader.text("subject", 2) == "é😀");
    CHECK(reader.number("count", 3, 3) == 3);
    CHECK(reader.flag("urgent"));
    CHECK(reader.texts("tags", 2, 1) == std::vector<std::string>{"a", "b"});
    auto requester = reader.object("requester");
    CHECK(requester.optional_text("email", 254) == "a@example.test");
    CHECK_FALSE(requester.optional_text("phone", 20).has_value());
    requester.finish();
    auto messages = reader.objects("messages", 2);
    REQUIRE(messages.size() == 2);
    for (auto& message : messages) {
        message.text("body", 1);
        message.finish();
    }
    CHECK_FALSE(reader.optional_text("nothing", 1).has_value());
    CHECK_FALSE(reader.has("nothing"));
    CHECK_FALSE(reader.optional_flag("absent").has_value());
    CHECK_FALSE(reader.optional_number("absent", 0, 1).has_value());
    CHECK_FALSE(reader.optional_object("absent").has_value());
    CHECK(reader.texts("absent", 1, 1).empty());
    reader.finish();
    CHECK(faults.empty());
}

TEST_CASE("every mistake is reported at once, with its path", "[json_reader]") {
    auto body = json::parse(R"({"subject":5,"long":"abc","count":"3","half":1.5,"far":11,"huge":18446744073709551615,"urgent":1,
                               "tags":["a",1],"many":[1,2],"list":{},"requester":[],"messages":[{"body":1},2],"empty":null})");
    std::vector<field_fault> faults;
    json_reader reader(body, faults);
    reader.text("subject", 10);
    reader.text("long", 2);
    reader.number("count", 0, 10);
    reader.number("half", 0, 10);
    CHECK(reader.number("far", 0, 10) == 0);
    reader.optional_number("huge", 0, INT64_MAX);
    reader.flag("urgent");
    reader.texts("tags", 2, 1);
    reader.objects("many", 1);
    reader.texts("list", 1, 1);
    reader.object("requester").finish();
    for (auto& message : reader.objects("messages", 2)) message.text("body", 10);
    reader.text("empty", 1);
    reader.object("absent");
    reader.finish();
    CHECK(written(faults) == std::vector<std::string>{"subject:type", "long:too_long", "count:type", "half:type", "far:range", "huge:range",
                                                      "urgent:type", "tags.1:type", "many:too_many", "list:type", "requester:type",
                                                      "messages.1:type", "messages.0.body:type", "messages.1.body:missing", "empty:missing",
                                                      "absent:missing"});
}

TEST_CASE("a member that was not asked for is a mistake, at every level", "[json_reader]") {
    auto body = json::parse(R"({"subject":"a","role":"admin","status":null,"requester":{"name":"b","id":1}})");
    std::vector<field_fault> faults;
    json_reader reader(body, faults);
    reader.text("subject", 10);
    auto requester = reader.object("requester");
    requester.text("name", 10);
    requester.finish();
    reader.finish();
    CHECK(written(faults) == std::vector<std::string>{"requester.id:unknown", "role:unknown", "status:unknown"});
}

TEST_CASE("a body that is not an object is one mistake", "[json_reader]") {
    for (auto text : {"[]", "1", "null", "\"a\""}) {
        std::vector<field_fault> faults;
        auto body = json::parse(text);
        json_reader reader(body, faults);
        CHECK_FALSE(reader.optional_text("a", 1).has_value());
        reader.finish();
        CHECK(written(faults) == std::vector<std::string>{":type"});
    }
}
