// SPDX-License-Identifier: EUPL-1.2
#include "model/review_grid.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace relais::model::review_grids {

namespace {

constexpr auto in_writing =
    std::to_array<std::string_view>({"greeting", "introduced", "in_time", "understood", "complete", "correct", "personal", "next_step",
                                     "delay_said", "plain_words", "spelling", "courteous", "documents", "recorded"});
constexpr auto on_the_phone =
    std::to_array<std::string_view>({"picked_up", "greeting", "introduced", "identity", "listening", "understood", "complete", "correct",
                                     "personal", "next_step", "delay_said", "plain_words", "courteous", "hold", "recorded"});
constexpr review_grid reply = {"reply", in_writing}, call = {"call", on_the_phone};

} // namespace

const review_grid& of_channel(std::string_view channel) { return channel == "phone" || channel == "callback" ? call : reply; }

const review_grid& get(std::string_view code) {
    if (code == reply.code) return reply;
    if (code == call.code) return call;
    throw std::out_of_range("no review grid " + std::string(code));
}

} // namespace relais::model::review_grids
