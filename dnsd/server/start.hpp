// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server reads before its first answer: the keys of its nodes, what cookies are made with, and
// zones. What is faulty stops the first start alone, when somebody is there to see it. Later ones, that
// of a machine in the night, say, serve what the server before them has served.

#include "dnsd/config/config.hpp"
#include "dnsd/health/health.hpp"
#include "dnsd/loading/cookie_secrets.hpp"
#include "dnsd/loading/kept_zones.hpp"
#include "dnsd/loading/snapshot_maker.hpp"
#include "dnsd/loading/steered_loader.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/server/service.hpp"

namespace control {

class Start {
 public:
    /// Who gets what is read. `kept` has been opened.
    struct Receivers {
        const KeptZones& kept;
        NodeLink& link;
        Health& health;
        SnapshotMaker& maker;
        Service& service;
        SteeredLoader& loader;
        CookieSecretFile& cookie_file;
    };
    Start(const Config& config, Receivers receivers) : config_{config}, receivers_{receivers} {}

    /// False, and logged, when the server is not to start.
    [[nodiscard]] bool read_all() { return read_keys() && read_secrets() && load_zones(); }

 private:
    [[nodiscard]] bool goes_on() const;
    [[nodiscard]] bool read_keys();
    [[nodiscard]] bool read_secrets();
    [[nodiscard]] zones::Catalog load(geo::Problems& problems);
    [[nodiscard]] bool load_zones();

    const Config& config_;
    Receivers receivers_;
};

}  // namespace control
