// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstring>
#include <string_view>

namespace relais::server {

// What a connection has received and nobody has read yet: never more than a head may hold, so pipelining is bounded by it.
class receive_buffer {
public:
    std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
    bool is_empty() const { return begin_ == end_; }
    bool is_full() const { return end_ - begin_ == bytes_.size(); }
    void consume(std::size_t size) {
        begin_ += size;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    // Where the next bytes go; what is waiting is moved to the front first.
    boost::asio::mutable_buffer room() {
        if (begin_ > 0) std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
        return {bytes_.data() + end_, bytes_.size() - end_};
    }
    void received(std::size_t size) { end_ += size; }

private:
    std::array<char, std::size_t{8} * 1024> bytes_;
    std::size_t begin_ = 0, end_ = 0;
};

} // namespace relais::server
