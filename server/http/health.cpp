// SPDX-License-Identifier: EUPL-1.2
#include "api/metrics.hpp"
#include "model/database.hpp"
#include "server/http/site.hpp"

namespace relais::server {
namespace {

api::reply text_reply(int status, std::string text) {
    api::reply out;
    out.status = status;
    out.content_type = "text/plain; charset=utf-8";
    out.text = std::move(text);
    return out;
}

nlohmann::json detail(const http_site& site) {
    auto state = site.app.database.state();
    return {{"version", RELAIS_VERSION},
            {"draining", site.is_draining.load()},
            {"requests_in_flight", site.lanes.in_flight()},
            {"database",
             {{"ready", state.ready},
              {"reason", state.reason},
              {"waiting", state.waiting},
              {"visits", state.visits},
              {"commits", state.commits},
              {"replays", state.replays},
              {"refused", state.refused}}}};
}

void refresh(const http_site& site) {
    auto state = site.app.database.state();
    auto& counters = site.app.counters;
    counters.set(api::gauge::visits_waiting, static_cast<double>(state.waiting));
    counters.set(api::gauge::visits_done, static_cast<double>(state.visits));
    counters.set(api::gauge::commits_done, static_cast<double>(state.commits));
    counters.set(api::gauge::visits_replayed, static_cast<double>(state.replays));
    counters.set(api::gauge::visits_refused, static_cast<double>(state.refused));
}

} // namespace

std::optional<api::reply> health(const api::request& request, const http_site& site) {
    auto is_live = request.path == "/healthz";
    if (!is_live && request.path != "/readyz") return std::nullopt;
    if (request.method != "GET" && request.method != "HEAD") {
        auto refused = text_reply(405, "");
        refused.headers.emplace_back("Allow", "GET, HEAD");
        return refused;
    }
    if (is_live) return text_reply(200, "ok\n");
    if (site.is_draining) return text_reply(503, "draining\n");
    return site.app.database.state().ready ? text_reply(200, "ready\n") : text_reply(503, "database\n");
}

api::reply administration(const api::request& request, const http_site& site) {
    if (request.method != "GET" && request.method != "HEAD") return text_reply(405, "");
    if (request.path == "/healthz/detail") return api::json(detail(site));
    if (request.path != "/metrics") return text_reply(404, "");
    refresh(site);
    auto out = text_reply(200, site.app.counters.text());
    out.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return out;
}

} // namespace relais::server
