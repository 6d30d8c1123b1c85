// SPDX-License-Identifier: EUPL-1.2
#include "api/file_download.hpp"

#include "api/content_disposition.hpp"
#include "api/secrets.hpp"
#include "api/workers.hpp"
#include "model/attachment_store.hpp"

namespace relais::api {

boost::asio::awaitable<reply> download(const app& app, const model::attachment& file, const std::string& key_sealed) {
    auto open = [&store = app.attachments, name = file.storage_name, key = app.keys.open("attachment", key_sealed)] {
        return std::shared_ptr<model::attachment_store::reader>(store.open(name, key));
    };
    auto opened = co_await run_on(app.workers, std::move(open));
    reply out;
    out.content_type = file.media_type;
    out.headers = {{"Content-Disposition", attachment_disposition(file.display_name)}};
    out.stream_size_bytes = file.size_bytes;
    out.stream = [opened] { return opened->next(); };
    co_return out;
}

} // namespace relais::api
