// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_mirror.hpp"

#include "model/database.hpp"
#include "model/dossier.hpp"

namespace relais::server {

namespace {

class own_mirror final : public registry {
public:
    explicit own_mirror(model::database& database) : database_(database) {}
    bool is_breaker_open() const override { return false; }
    bool is_ready() const override { return true; }
    bool is_mirror() const override { return true; }
    int lanes() const override { return 1; }

    registry_answer look_up(const registry_query& query) override {
        ++counters_.asked;
        registry_answer out;
        try {
            auto rows = database_.read_now([&query](soci::session& sql) { return find(sql, query); });
            for (auto& each : rows) {
                model::dossier_news news;
                news.values = std::move(each);
                out.dossiers.push_back(std::move(news));
            }
        } catch (const std::exception&) { // the database is away: as a registry that is
            ++counters_.failed;
            return out;
        }
        out.outcome = out.dossiers.empty()       ? registry_outcome::not_found
                      : out.dossiers.size() == 1 ? registry_outcome::found
                                                 : registry_outcome::several;
        ++(out.dossiers.empty() ? counters_.not_found : counters_.found);
        return out;
    }

private:
    static std::vector<model::dossier> find(soci::session& sql, const registry_query& query) {
        for (const auto* key : {&query.number, &query.neph}) {
            if (key->empty()) continue;
            if (auto found = model::dossiers::find_by_number(sql, *key)) return {*found};
            if (auto found = model::dossiers::find_by_neph(sql, *key); !found.empty()) return found;
        }
        if (query.birth_name.empty() || query.birth_date.empty()) return {};
        return model::dossiers::search(sql, {.name = query.birth_name, .birth_date = query.birth_date}, 20);
    }
    model::database& database_;
};

} // namespace

std::unique_ptr<registry> mirror_registry(model::database& mirror) { return std::make_unique<own_mirror>(mirror); }

} // namespace relais::server
