// SPDX-License-Identifier: EUPL-1.2
#include "server/commands.hpp"

#include "api/catalogue.hpp"
#include "model/error.hpp"
#include "server/account_commands.hpp"
#include "server/data_commands.hpp"
#include "server/purge_command.hpp"
#include "server/share_commands.hpp"

#include <stdexcept>

namespace relais::server {

namespace {

// Commands speak English; the texts are those of the pages.
void say_faults(const model::invalid& error, command_context& context) {
    api::catalogue texts(context.on.config.site.share_dir + "/templates/locales");
    for (const auto& fault : error.faults) context.progress(fault.field + ": " + texts.say("en", fault.message, {{"value", fault.value}}));
}

constexpr command table[] = {
    {"figures rebuild", rebuild_figures},
    {"import dossiers", import_dossiers},
    {"import tickets", import_tickets},
    {"journal verify", verify_journal},
    {"purge", count_overdue},
    {"search rebuild", rebuild_search},
    {"share", write_share},
    {"token add", add_token},
    {"user add", add_user},
};

} // namespace

std::span<const command> commands() { return table; }

int run_command(std::string_view name, command_context& context) {
    for (const auto& each : commands()) {
        if (each.name != name) continue;
        try {
            return each.run(context);
        } catch (const model::invalid& error) {
            say_faults(error, context);
        } catch (const model::conflict& error) {
            context.progress(api::catalogue(context.on.config.site.share_dir + "/templates/locales").say("en", error.what()));
        } catch (const soci::soci_error&) {
            context.progress(std::string(name) + ": the database refused; its own journal says why"); // ours would quote people's data
        } catch (const std::exception& error) {
            context.progress(std::string(name) + ": " + error.what());
        }
        return 1;
    }
    context.progress("this relais has no command " + std::string(name));
    return 2;
}

} // namespace relais::server
