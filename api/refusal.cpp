// SPDX-License-Identifier: EUPL-1.2
#include "api/refusal.hpp"

#include "model/error.hpp"

#include <utility>

namespace relais::api {

void put_refusal(reply& page, nlohmann::json typed, std::exception_ptr why) {
    page.data["typed"] = std::move(typed);
    page.data["has_faults"] = true;
    try {
        std::rethrow_exception(why);
    } catch (const model::conflict& known) {
        page.status = 409;
        page.data["t:problem"] = known.what();
    } catch (const model::invalid& known) {
        page.status = 422;
        for (const auto& each : known.faults)
            page.data["errors"].push_back({{"field", each.field}, {"t:message", each.message}, {"value", each.value}});
    }
}

} // namespace relais::api
