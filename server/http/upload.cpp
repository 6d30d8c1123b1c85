// SPDX-License-Identifier: EUPL-1.2
#include "server/http/upload.hpp"

namespace relais::server {

upload::~upload() {
    if (is_kept_) return;
    for (const auto& file : request_.files) store_.remove(file.storage_name);
    request_.files.clear();
}

void upload::part_begin(const api::part_head& head) {
    head_ = head;
    value_.clear();
    // A file input left empty is a part with an empty name and no bytes.
    if (head_.is_file && !head_.filename.empty()) {
        writer_ = store_.create();
        type_ = {};
    }
}

void upload::part_data(std::string_view data) {
    if (!head_.is_file) value_.append(data);
    if (!writer_) return;
    writer_->write(data);
    type_.feed(data);
}

void upload::part_end() {
    if (!head_.is_file) return api::add_field(request_.form, request_.form.size(), head_.name, value_, {});
    if (!writer_) return;
    auto stored = writer_->finish();
    writer_.reset();
    api::uploaded_file file;
    file.field = head_.name;
    file.display_name = head_.filename;
    file.storage_name = std::move(stored.storage_name);
    file.key = std::move(stored.key);
    file.media_type = type_.media_type().value_or("");
    file.sha256 = std::move(stored.sha256);
    file.size_bytes = stored.size_bytes;
    request_.files.push_back(std::move(file));
}

} // namespace relais::server
