// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes the zones that are served from files and from the nodes' measurements. Slow: from the first
// load on, only the background thread uses it.

#include "dnsd/loading/loader.hpp"
#include "dnsd/steering/steering.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

#include <optional>
#include <vector>

namespace control {

class SteeredLoader {
 public:
    /// Without `steering`, zones are served as they are loaded.
    SteeredLoader(Loader loader, std::optional<Steering> steering)
        : loader_{std::move(loader)}, steering_{std::move(steering)} {}

    /// As Loader::load(), with the measurements brought in.
    [[nodiscard]] zones::Catalog load(geo::Problems& problems);
    [[nodiscard]] bool changed() { return loader_.changed(); }
    [[nodiscard]] std::shared_ptr<const LoadProgress> progress() const noexcept {
        return loader_.progress();
    }
    void forget_states() { loader_.forget_states(); }
    void keep_in(KeptZones& kept) { loader_.keep_in(kept); }
    [[nodiscard]] const std::vector<Alarm>& alarms() const noexcept { return loader_.alarms(); }

    /// Null if nothing is measured.
    [[nodiscard]] Steering* steering() noexcept { return steering_ ? &*steering_ : nullptr; }
    /// Returns the zones by the latest measurements; nothing while no new model is due.
    [[nodiscard]] std::optional<zones::Catalog> steer(geo::Problems& problems);

 private:
    void learn();
    [[nodiscard]] zones::Catalog serve(geo::Problems& problems);

    Loader loader_;
    std::optional<Steering> steering_;
    zones::Catalog loaded_;  // without the overlays
};

}  // namespace control
