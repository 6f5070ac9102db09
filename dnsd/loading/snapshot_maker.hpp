// SPDX-License-Identifier: Apache-2.0
#pragma once
// From zones to the snapshot that workers answer with: what the settings, the machine's own addresses
// and the keys of the nodes say of all answers is added to them. Control thread only.

#include "dnsd/config/config.hpp"
#include "dnsd/engine/respond.hpp"
#include "dnsd/engine/snapshots.hpp"
#include "dnsd/loading/cookie_secrets.hpp"
#include "dnsd/sockets/own_addresses.hpp"
#include "dnsd/threads/loads.hpp"
#include "geo/base/clock.hpp"
#include "zones/zone/catalog.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace control {

class SnapshotMaker {
 public:
    /// `config` outlives this. So many workers share what is permitted of answers.
    SnapshotMaker(const Config& config, unsigned workers) : config_{config}, workers_{workers} {}

    /// Before the first zones they are empty.
    [[nodiscard]] engine::Snapshots& snapshots() noexcept { return snapshots_; }
    [[nodiscard]] std::shared_ptr<const engine::Snapshot> current() const {
        return snapshots_.current();
    }

    /// Both hold from the next snapshot on.
    void set_cookie_secrets(CookieSecrets secrets) { cookie_secrets_ = std::move(secrets); }
    void set_signatures(std::shared_ptr<const engine::Signatures> signatures) {
        signatures_ = std::move(signatures);
    }

    /// Zones of a new generation, which is counted.
    void publish(zones::Catalog catalog);
    /// The zones of the latest generation, as workers are to answer them.
    void show(zones::Catalog catalog);
    /// The same zones with what else holds by now.
    void show_again();
    /// Shows them again when the machine has other addresses. To be called now and then.
    void look_at_addresses();

    /// Has the thread of loads free what no worker has any more, as that takes long. To be called now
    /// and then.
    void free_old(Loads& loads);

    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
    /// "1 zone", "2 zones".
    [[nodiscard]] std::string zone_count() const;

 private:
    [[nodiscard]] std::vector<geo::Prefix> with_own(std::vector<geo::Prefix> prefixes,
                                                    bool own) const;

    const Config& config_;
    unsigned workers_;
    engine::Snapshots snapshots_{std::make_shared<const engine::Snapshot>()};
    std::uint64_t generation_ = 0;
    CookieSecrets cookie_secrets_;
    std::shared_ptr<const engine::Signatures> signatures_;
    std::vector<geo::Prefix> own_addresses_ = net::own_addresses();
    probes::Time next_addresses_{};
};

}  // namespace control
