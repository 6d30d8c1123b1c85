// SPDX-License-Identifier: EUPL-1.2
#include "server/http/body.hpp"

#include "api/malformed.hpp"
#include "api/settings.hpp"
#include "api/urlencoded.hpp"
#include "api/workers.hpp"
#include "server/http/head_syntax.hpp"
#include "server/http/upload.hpp"

#include <spdlog/spdlog.h>

#include <stdexcept>

namespace relais::server {
namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view upload_type = "multipart/form-data";
constexpr std::string_view json_type = "application/json";

bool has_type(const api::request& request, std::string_view type) {
    auto given = request.header("content-type");
    return head_syntax::is_same(head_syntax::trim_spaces(given.substr(0, given.find(';'))), type);
}

body_fault fault_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const api::malformed& bad) {
        return {bad.status, bad.code};
    } catch (const std::runtime_error& bad) {
        // The store says nothing personal: a folder, an errno.
        spdlog::error("a file could not be kept: {}", bad.what());
        return {503, "storage"};
    }
}

asio::awaitable<body_fault> read_form(api::request& request, body_reader& body) {
    auto text = co_await body.all();
    if (body.refusal() != 0 || body.is_gone()) co_return body_fault{};
    try {
        request.form = api::parse_urlencoded(text);
    } catch (const api::malformed&) {
        co_return fault_of(std::current_exception());
    }
    co_return body_fault{};
}

api::multipart_limits limits_of(const api::settings& config) {
    api::multipart_limits limits;
    limits.files = static_cast<std::size_t>(config.attachments_count);
    limits.file_bytes = static_cast<std::uint64_t>(config.attachment_size_bytes);
    return limits;
}

// Bytes are gathered on the I/O thread and handed over by the block: encryption and the disk are a worker's affair.
asio::awaitable<void> feed_parts(upload& form, const api::request& request, body_reader& body, api::app& app) {
    constexpr std::size_t block_bytes = 64 * 1024;
    api::multipart_parser parser(request.header("content-type"), form, limits_of(app.config));
    std::string block;
    block.reserve(block_bytes);
    auto hand_over = [&parser, &block] {
        parser.feed(block);
        block.clear();
    };
    for (auto piece = co_await body.next(); !piece.empty(); piece = co_await body.next()) {
        block.append(piece);
        if (block.size() >= block_bytes / 2) co_await api::run_on(app.workers, hand_over);
    }
    if (body.refusal() != 0 || body.is_gone()) co_return;
    co_await api::run_on(app.workers, hand_over);
    parser.finish();
    form.keep();
}

asio::awaitable<body_fault> read_parts(api::request& request, body_reader& body, api::app& app) {
    upload form(request, app.attachments);
    std::exception_ptr error;
    try {
        co_await feed_parts(form, request, body, app);
    } catch (...) {
        error = std::current_exception();
    }
    if (error) co_return fault_of(error);
    co_return body_fault{};
}

} // namespace

asio::awaitable<body_fault> read_body(api::request& request, api::body_kind kind, body_reader& body, api::app& app) {
    using api::body_kind;
    if (kind == body_kind::event && (has_type(request, form_type) || has_type(request, json_type))) {
        request.body = co_await body.all();
        co_return body_fault{};
    }
    // A route without a body still takes the empty form of a button, or {}: body_limit_bytes keeps it small.
    auto takes_form = kind != body_kind::json;
    auto takes_json = kind == body_kind::json || kind == body_kind::none;
    if (takes_form && has_type(request, form_type)) co_return co_await read_form(request, body);
    if (kind == body_kind::upload && has_type(request, upload_type)) co_return co_await read_parts(request, body, app);
    if (takes_json && has_type(request, json_type)) {
        request.body = co_await body.all();
        co_return body_fault{};
    }
    co_return body_fault{415, "media_type"};
}

} // namespace relais::server
