// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "model/bulk_job.hpp"

namespace relais::api {

// Many tickets at once: a preview, then a job with its progress.
asio::awaitable<reply> preview_bulk(const request& request, app& app); // POST /console/bulk/preview {scope, refs[], view, action, ...}
asio::awaitable<reply> post_bulk(const request& request, app& app); // POST /console/bulk {tickets: those previewed, form_key, action, ...}
asio::awaitable<reply> list_bulk(const request& request, app& app); // GET /console/bulk
asio::awaitable<reply> show_bulk(const request& request, app& app); // GET /console/bulk/{id}
asio::awaitable<reply> stop_bulk(const request& request, app& app); // POST /console/bulk/{id}/stop: its owner, or a supervisor
asio::awaitable<reply> resume_bulk(const request& request, app& app); // POST /console/bulk/{id}/resumption

// Does what waits of the jobs that run, until none is left or `stops` says so. True when an answer was written to the outbox.
bool run_bulk_jobs(app& app, const std::function<bool()>& stops);

} // namespace relais::api
