// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/form_fields.hpp"
#include "api/multipart.hpp"
#include "api/request.hpp"
#include "model/attachment_store.hpp"
#include "model/file_type.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace relais::server {

// Takes the parts of a multipart form as they arrive: fields go to the request, files go to the store, encrypted, without ever being whole
// in memory. Unless keep() is called, the files already written are removed. Runs on a worker: files are synced before part_end returns.
class upload final : public api::multipart_sink {
public:
    upload(api::request& request, model::attachment_store& store) : request_(request), store_(store) {}
    ~upload() override;

    void part_begin(const api::part_head& head) override;
    void part_data(std::string_view data) override;
    void part_end() override;
    // The form was read whole: the files stay.
    void keep() { is_kept_ = true; }

private:
    api::request& request_;
    model::attachment_store& store_;
    api::part_head head_;
    std::string value_;
    std::unique_ptr<model::attachment_store::writer> writer_;
    model::file_type_detector type_;
    bool is_kept_ = false;
};

} // namespace relais::server
