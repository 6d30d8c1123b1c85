// SPDX-License-Identifier: EUPL-1.2
#include "server/commands.hpp"

#include "model/error.hpp"

#include <stdexcept>

namespace relais::server {

std::span<const command> commands() { return {}; }

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
