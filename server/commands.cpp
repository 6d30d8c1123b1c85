// SPDX-License-Identifier: EUPL-1.2
#include "server/commands.hpp"

#include "model/error.hpp"

#include <stdexcept>

namespace relais::server {

namespace {

int rebuild_search(command_context& context) {
    constexpr std::int64_t said_every = 10'000;
    std::int64_t done = 0;
    auto progress = [&](std::int64_t tickets) {
        if (tickets / said_every != done / said_every) context.progress(std::to_string(tickets) + " tickets");
        done = tickets;
    };
    context.on.rebuild_search(progress);
    context.progress("search index rebuilt: " + std::to_string(done) + " tickets");
    return 0;
}

constexpr command table[] = {
    {"search rebuild", rebuild_search},
};

} // namespace

std::span<const command> commands() { return table; }

int run_command(std::string_view name, command_context& context) {
    for (const auto& each : commands()) {
        if (each.name != name) continue;
        try {
            return each.run(context);
        } catch (const model::invalid& error) {
            for (const auto& fault : error.faults) context.progress(fault.field + ": " + fault.code);
        } catch (const std::exception& error) {
            context.progress(std::string(name) + ": " + error.what());
        }
        return 1;
    }
    context.progress("this relais has no command " + std::string(name));
    return 2;
}

} // namespace relais::server
