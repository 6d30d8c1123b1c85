// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/test_site.hpp"

namespace relais::tests {
namespace {

// The listener's tests use none of these.
template <class Part> Part& unused() {
    static char place = 0;
    return reinterpret_cast<Part&>(place);
}

constexpr std::int64_t fixed_now_s = 1'795'000'000; // 2026-11-18

} // namespace

test_site::test_site(server::http_limits bounds, answer_function answer, server::tls_options tls, const std::string& assets_folder)
    : limits(bounds), keys{std::string(32, 'k')}, attachments(database.folder().path("attachments")),
      assets(assets_folder), app{settings,
                                 keys,
                                 *database,
                                 attachments,
                                 unused<model::search_index>(),
                                 unused<api::pages>(),
                                 unused<api::limits>(),
                                 counters,
                                 workers,
                                 [] { return model::at_seconds(fixed_now_s); },
                                 [] {},
                                 [] {},
                                 false},
      site(app, limits, assets) {
    site.administration = std::move(answer);
    listener = std::make_unique<server::http_listener>(site, server::http_listener::options{{"127.0.0.1:0"}, 1, std::move(tls)});
    listener->start();
}

test_site::~test_site() {
    listener.reset();
    workers.join();
}

} // namespace relais::tests
